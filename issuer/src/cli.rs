//! The command line: what may be typed. What it does is in [`crate::commands`]; what its help says, in [`crate::words`].

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use clap::{Args, Command, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use telemetry::Format;
use wording::command_line;

use crate::settings::File;
use crate::words::{self, Language};

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "issuer", version, disable_help_subcommand = true, disable_help_flag = true)]
#[command(disable_version_flag = true)]
pub struct Cli {
    #[arg(long, global = true, env = "SANSE_ISSUER_DATA", default_value_os_t = default_data())]
    pub(crate) data: PathBuf,
    #[arg(long, global = true, env = "SANSE_DATABASE", hide_env_values = true, value_name = "URL")]
    pub(crate) database: Option<String>,
    #[arg(long, global = true, env = "SANSE_LANG")]
    pub(crate) lang: Option<String>,
    #[arg(long, global = true, env = "SANSE_LOG", value_name = "text|json")]
    pub(crate) log: Option<Format>,
    #[arg(long, global = true, env = "RUST_LOG", value_name = "LEVEL")]
    pub(crate) log_level: Option<String>,
    #[command(subcommand)]
    pub(crate) task: Task,
}

/// A command.
#[derive(Debug, Subcommand)]
pub(crate) enum Task {
    Keygen(Keygen),
    Import {
        roster: PathBuf,
        #[arg(long)]
        dry_run: bool,
    },
    #[command(hide = true)]
    XlsRows,
    Export(Export),
    Purge(Purge),
    Template {
        #[arg(long)]
        out: PathBuf,
    },
    Sign(Sign),
    Print(Print),
    #[command(subcommand)]
    Sheet(SheetTask),
    #[command(subcommand)]
    Notice(NoticeTask),
    Specimen(Specimen),
    #[command(subcommand)]
    Office(OfficeTask),
    Keys,
    Bundle(Bundle),
    #[command(subcommand)]
    Gate(GateTask),
    Gates {
        #[arg(long)]
        troubles: bool,
    },
    #[command(subcommand)]
    Account(AccountTask),
    #[command(subcommand)]
    Staff(StaffTask),
    #[command(subcommand)]
    Duty(DutyTask),
    #[command(subcommand)]
    Closure(ClosureTask),
    #[command(subcommand)]
    Exempt(ExemptTask),
    #[command(subcommand)]
    Rules(Rules),
    #[command(subcommand)]
    Pass(PassTask),
    Colour(ColourTask),
    Health(HealthTask),
    Passes(Passes),
    #[command(subcommand)]
    Passages(Passages),
    Backup {
        file: PathBuf,
    },
    Restore {
        file: PathBuf,
    },
    #[command(subcommand)]
    Simulate(SimulateTask),
    #[command(subcommand)]
    Trust(TrustTask),
    #[command(subcommand)]
    StatusList(StatusListTask),
    #[command(subcommand)]
    Stick(StickTask),
    #[command(subcommand)]
    Update(UpdateTask),
    Serve(Serve),
}

#[derive(Debug, Args)]
pub(crate) struct Keygen {
    #[arg(long, default_value_t = 1)]
    pub(crate) office: u32,
    #[arg(long, default_value = "1-999", value_parser = parse_range)]
    pub(crate) compounds: RangeInclusive<u32>,
    #[arg(long, default_value_t = 730)]
    pub(crate) days: u32,
}

#[derive(Debug, Args)]
pub(crate) struct Purge {
    #[arg(long)]
    pub(crate) show: bool,
    #[arg(long)]
    pub(crate) certificates: bool,
    #[arg(long, value_name = "KIND=DAYS")]
    pub(crate) keep: Vec<String>,
    #[arg(long, env = "SANSE_WORKER")]
    pub(crate) by: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    #[arg(long)]
    pub(crate) out: PathBuf,
    #[arg(long)]
    pub(crate) compound: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Sign {
    #[arg(long)]
    pub(crate) lifetime: Option<u32>,
    #[arg(long)]
    pub(crate) renew: Option<u32>,
}

#[derive(Debug, Args)]
pub(crate) struct Print {
    #[arg(long)]
    pub(crate) out: PathBuf,
    #[arg(long, value_enum, default_value_t = Size::Ten)]
    pub(crate) size: Size,
    #[arg(long, value_enum, default_value_t = Set::All)]
    pub(crate) set: Set,
    #[arg(long)]
    pub(crate) compound: Option<String>,
    #[arg(long, requires = "compound")]
    pub(crate) building: Option<String>,
    #[arg(long, requires = "building")]
    pub(crate) unit: Option<String>,
    #[arg(long = "card", value_name = "CODE", conflicts_with_all = ["set", "compound", "building", "unit"])]
    pub(crate) cards: Vec<String>,
    #[arg(long, value_enum, default_value_t = PerSheet::Compound)]
    pub(crate) new_sheet: PerSheet,
    #[arg(long)]
    pub(crate) backs: bool,
    #[arg(long, env = "SANSE_FONT")]
    pub(crate) font: Option<PathBuf>,
}

/// What a sheet holds no more than one of.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum PerSheet {
    Compound,
    Building,
    Unit,
}

/// What becomes of printed sheets.
#[derive(Debug, Subcommand)]
pub(crate) enum SheetTask {
    List {
        #[arg(long)]
        compound: String,
        #[arg(long)]
        handed: bool,
    },
    Hand {
        #[arg(required = true)]
        numbers: Vec<u32>,
        #[arg(long)]
        to: String,
        #[arg(long, env = "SANSE_WORKER")]
        by: Option<String>,
    },
    Back {
        #[arg(required = true)]
        numbers: Vec<u32>,
        #[arg(long, env = "SANSE_WORKER")]
        by: Option<String>,
    },
}

/// Notices of a page.
#[derive(Debug, Subcommand)]
pub(crate) enum NoticeTask {
    Poster {
        #[arg(value_enum)]
        spot: SpotName,
        #[command(flatten)]
        sheet: NoticeSheet,
    },
    DoorSign {
        home: String,
        #[arg(long)]
        first_day: jiff::civil::Date,
        #[arg(long)]
        last_day: jiff::civil::Date,
        #[command(flatten)]
        sheet: NoticeSheet,
    },
    Guidance {
        who: String,
        #[arg(long)]
        first_day: jiff::civil::Date,
        #[arg(long)]
        last_day: jiff::civil::Date,
        #[arg(long)]
        contact: String,
        #[arg(long)]
        telephone: String,
        #[command(flatten)]
        sheet: NoticeSheet,
    },
    Closed {
        #[arg(long)]
        building: String,
        #[arg(long, default_value = "")]
        unit: String,
        #[arg(long = "from")]
        starts: jiff::civil::DateTime,
        #[arg(long)]
        last_day: Option<jiff::civil::Date>,
        #[arg(long = "because", default_value = "")]
        because: String,
        #[command(flatten)]
        sheet: NoticeSheet,
    },
}

#[derive(Debug, Args)]
pub(crate) struct NoticeSheet {
    #[arg(long)]
    pub(crate) compound: String,
    #[arg(long)]
    pub(crate) out: PathBuf,
    #[arg(long, env = "SANSE_FONT")]
    pub(crate) font: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum SpotName {
    Gate,
    Lift,
    Door,
}

#[derive(Debug, Args)]
pub(crate) struct Specimen {
    #[arg(long)]
    pub(crate) compound: String,
    #[arg(long)]
    pub(crate) out: PathBuf,
    #[arg(long, value_enum, default_value_t = Size::Ten)]
    pub(crate) size: Size,
    #[arg(long, env = "SANSE_FONT")]
    pub(crate) font: Option<PathBuf>,
}

/// What the office says of itself.
#[derive(Debug, Subcommand)]
pub(crate) enum OfficeTask {
    Show,
    Set {
        #[arg(long = "name")]
        office_name: Option<String>,
        #[arg(long)]
        telephone: Option<String>,
        #[arg(long)]
        public_address: Option<String>,
        #[arg(long)]
        lifetime: Option<u32>,
        #[arg(long)]
        renew: Option<u32>,
        #[arg(long, env = "SANSE_WORKER")]
        by: Option<String>,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Size {
    Ten,
    Eight,
    One,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Set {
    All,
    New,
}

#[derive(Debug, Args)]
pub(crate) struct Bundle {
    #[arg(long, required_unless_present = "gates")]
    pub(crate) compound: Option<String>,
    #[arg(long = "gate", value_name = "GATE")]
    pub(crate) gates: Vec<String>,
    #[arg(long)]
    pub(crate) out: PathBuf,
    #[arg(long, default_value_t = crate::bundles::USUAL_HOURS)]
    pub(crate) hours: u32,
}

#[derive(Debug, Subcommand)]
pub(crate) enum GateTask {
    Add {
        name: String,
        #[arg(long)]
        compound: String,
        #[arg(long)]
        key: String,
    },
    Invite {
        name: String,
        #[arg(long)]
        compound: String,
        #[arg(long)]
        address: String,
    },
    Remove {
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum SimulateTask {
    Roster {
        #[arg(id = "compound_count", long = "compounds", value_name = "COUNT", default_value_t = 351)]
        compounds: u32,
        #[arg(long, default_value_t = 110_375)]
        households: u32,
        #[arg(long)]
        out: PathBuf,
    },
    Day {
        #[arg(long, required = true)]
        issuer: Vec<String>,
        #[arg(long, default_value_t = 749)]
        gate_count: usize,
        #[arg(long, default_value_t = 220_750)]
        passages: u64,
        #[arg(long, default_value_t = 16)]
        at_once: usize,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum TrustTask {
    List,
    Rotate {
        #[arg(long, default_value_t = 730)]
        days: u32,
        #[arg(long, value_name = "FILE")]
        root: Option<PathBuf>,
    },
    Pull {
        id: String,
        #[arg(long, value_name = "FILE")]
        root: Option<PathBuf>,
    },
    Add {
        keys: PathBuf,
        #[arg(long)]
        office: u32,
        #[arg(long, value_parser = parse_range)]
        compounds: RangeInclusive<u32>,
        #[arg(long, value_name = "FILE")]
        root: Option<PathBuf>,
    },
    Take {
        list: PathBuf,
        #[arg(long, value_name = "KEYS")]
        root: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum StickTask {
    Prepare { folder: PathBuf },
    Visit { folder: PathBuf },
}

#[derive(Debug, Subcommand)]
pub(crate) enum StatusListTask {
    Export {
        #[arg(long)]
        out: PathBuf,
        #[arg(long, default_value_t = crate::bundles::USUAL_HOURS, value_parser = clap::value_parser!(u32).range(1..=8760))]
        hours: u32,
    },
    Take {
        #[arg(id = "status_list", value_name = "FILE", required = true)]
        lists: Vec<PathBuf>,
    },
    List,
}

#[derive(Debug, Subcommand)]
pub(crate) enum UpdateTask {
    Sign {
        program: PathBuf,
        #[arg(id = "program_version", long = "version", value_name = "1.2.3")]
        version: protocol::Version,
        #[arg(long)]
        target: String,
        #[arg(long, value_name = "FILE")]
        root: Option<PathBuf>,
        #[arg(long)]
        out: PathBuf,
    },
    Add {
        #[arg(id = "update_file", value_name = "FILE")]
        file: PathBuf,
    },
    List,
}

#[derive(Debug, Subcommand)]
pub(crate) enum StaffTask {
    Add {
        name: String,
        #[arg(long)]
        compound: String,
        #[arg(long, value_enum, default_value_t = RoleName::Guard)]
        role: RoleName,
        #[arg(long)]
        make_pin: bool,
    },
    List {
        #[arg(long)]
        compound: String,
    },
    Remove {
        name: String,
        #[arg(long)]
        compound: String,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum RoleName {
    Guard,
    Supervisor,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DutyTask {
    Add {
        name: String,
        #[arg(long)]
        compound: String,
        #[arg(long = "from")]
        starts: jiff::civil::DateTime,
        #[arg(long = "until")]
        ends: jiff::civil::DateTime,
        #[arg(long, default_value = "")]
        at_gate: String,
        #[arg(long = "repeat", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=i64::from(crate::duty::MOST_DAYS)))]
        repeat: u16,
    },
    List {
        #[arg(long)]
        compound: String,
    },
    Clear {
        name: String,
        #[arg(long)]
        compound: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ClosureTask {
    Add {
        #[command(flatten)]
        homes: Homes,
        #[arg(long = "last-day")]
        last_day: Option<jiff::civil::Date>,
        #[arg(long)]
        lets_exempt: bool,
        #[command(flatten)]
        why: Why,
    },
    List {
        #[arg(long)]
        compound: String,
    },
    End {
        #[command(flatten)]
        homes: Homes,
    },
}

/// A building, or one of its stairwells.
#[derive(Debug, Args)]
pub(crate) struct Homes {
    #[arg(long)]
    pub(crate) compound: String,
    #[arg(long)]
    pub(crate) building: String,
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) unit: String,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ExemptTask {
    Add {
        who: String,
        #[arg(long)]
        compound: String,
        #[arg(long, value_enum)]
        kind: KindName,
        #[arg(long)]
        quota: bool,
        #[arg(long)]
        hours_rule: bool,
        #[arg(long = "last-day")]
        last_day: Option<jiff::civil::Date>,
    },
    List {
        #[arg(long)]
        compound: String,
    },
    End {
        who: String,
        #[arg(long)]
        compound: String,
        #[arg(long, value_enum)]
        kind: KindName,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum KindName {
    Commuter,
    Medical,
}

/// What can be done with rules.
#[derive(Debug, Subcommand)]
pub(crate) enum Rules {
    Show {
        #[arg(long)]
        compound: String,
    },
    Explain {
        #[arg(long)]
        compound: String,
    },
    Set {
        #[arg(long)]
        compound: String,
        rules: PathBuf,
        #[command(flatten)]
        said: Said,
    },
    History {
        #[arg(long)]
        compound: String,
    },
    Back {
        #[arg(long)]
        compound: String,
        #[arg(value_name = "N")]
        number: u32,
        #[command(flatten)]
        said: Said,
    },
    Try(Try),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Passages {
    Import {
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[arg(long)]
        compound: Option<String>,
        #[arg(long, env = "SANSE_WORKER")]
        by: Option<String>,
    },
    Journals,
    Export {
        #[arg(long)]
        compound: String,
        #[arg(long)]
        out: PathBuf,
    },
}

/// As [`Why`], where nobody needs to say why.
#[derive(Debug, Args)]
pub(crate) struct Said {
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) why: String,
    #[arg(long, env = "SANSE_WORKER")]
    pub(crate) by: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Try {
    pub(crate) rules: PathBuf,
    pub(crate) journal: PathBuf,
    #[arg(long)]
    pub(crate) compound: Option<String>,
    #[arg(long)]
    pub(crate) since: Option<String>,
    #[arg(long)]
    pub(crate) until: Option<String>,
    #[arg(long = "format", value_enum, default_value_t = Form::Text)]
    pub(crate) form: Form,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Form {
    Text,
    Json,
    Csv,
}

/// What can be done with one card.
#[derive(Debug, Subcommand)]
pub(crate) enum PassTask {
    Show {
        code: String,
    },
    Withdraw {
        code: String,
        #[command(flatten)]
        why: Why,
    },
    Suspend {
        code: String,
        #[command(flatten)]
        why: Why,
    },
    Reinstate {
        code: String,
        #[command(flatten)]
        why: Why,
    },
    Replace {
        code: String,
        #[command(flatten)]
        why: Why,
        #[arg(long)]
        lifetime: Option<u32>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ColourTask {
    pub(crate) who: String,
    #[arg(value_enum)]
    pub(crate) colour: ColourName,
    #[arg(long)]
    pub(crate) compound: String,
    #[command(flatten)]
    pub(crate) why: Why,
    #[arg(long)]
    pub(crate) signed_off: bool,
    #[arg(long, conflicts_with = "signed_off")]
    pub(crate) mistaken: bool,
}

#[derive(Debug, Args)]
pub(crate) struct HealthTask {
    pub(crate) who: String,
    #[arg(long)]
    pub(crate) compound: String,
    #[arg(long)]
    pub(crate) temperature: String,
    #[arg(long)]
    pub(crate) symptoms: bool,
    #[arg(long, env = "SANSE_WORKER")]
    pub(crate) by: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ColourName {
    Red,
    Yellow,
    Green,
}

/// Why something is decided, and by whom.
#[derive(Debug, Args)]
pub(crate) struct Why {
    #[arg(long)]
    pub(crate) why: String,
    #[arg(long, env = "SANSE_WORKER")]
    pub(crate) by: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Passes {
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[arg(long, env = "SANSE_ISSUER_LISTEN", value_name = "ADDRESS")]
    pub(crate) listen: Option<SocketAddr>,
    #[arg(long = "host", env = "SANSE_ISSUER_HOSTS", value_name = "NAME", value_delimiter = ',')]
    pub(crate) hosts: Vec<String>,
    #[arg(long, env = "SANSE_BEHIND_TLS")]
    pub(crate) behind_tls: bool,
    #[arg(long, env = "SANSE_TLS_CERTIFICATE", value_name = "PEM")]
    pub(crate) tls_certificate: Option<PathBuf>,
    #[arg(long, env = "SANSE_TLS_KEY", value_name = "PEM")]
    pub(crate) tls_key: Option<PathBuf>,
    #[arg(long, env = "SANSE_METRICS_LISTEN", value_name = "ADDRESS")]
    pub(crate) metrics_listen: Option<SocketAddr>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AccountTask {
    Add {
        name: String,
        #[arg(long, value_enum)]
        role: OfficeRole,
        #[arg(long, value_name = "NAME")]
        compound: Vec<String>,
    },
    Password {
        name: String,
    },
    NoSecond {
        name: String,
    },
    Close {
        name: String,
    },
    List,
}

/// [`registry::Role`] as it is typed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum OfficeRole {
    Administrator,
    CommunityWorker,
    HealthWorker,
    PropertyManager,
}

impl Cli {
    /// Writes log lines from now on, as was asked for: by flag, by the environment, or by the file of the data folder.
    ///
    /// # Errors
    /// When the file can't be read, or asks for what there isn't.
    pub fn start_logs(&self) -> std::io::Result<()> {
        let file = File::read(&self.data)?;
        let format = file
            .log
            .map(|log| log.parse().map_err(|why| std::io::Error::other(format!("log = {log:?}: {why}"))));
        let format = self.log.map(Ok).or(format).transpose()?.unwrap_or_default();
        telemetry::start(format, self.log_level.as_deref().or(file.log_level.as_deref()), true);
        Ok(())
    }

    /// Reads the process's arguments. Ends the process when they can't be understood, or when help was asked for.
    #[must_use]
    pub fn from_process() -> (Self, Language) {
        let spoken = std::env::args_os().skip_while(|argument| argument != "--lang").nth(1);
        let language = language(spoken.as_deref().and_then(|tag| tag.to_str()));
        let matches = localised(Self::command(), language).try_get_matches();
        let cli = matches.and_then(|matches| Self::from_arg_matches(&matches));
        (cli.unwrap_or_else(|error| command_line::end(&error, language)), language)
    }
}

/// The language of a flag, else of the environment, else Chinese.
fn language(flag: Option<&str>) -> Language {
    let variables = ["SANSE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"].map(|name| std::env::var(name).ok());
    let environment = variables.iter().flatten().find(|value| !value.is_empty());
    flag.or(environment.map(String::as_str)).and_then(Language::of_tag).unwrap_or_default()
}

/// The words of this program's commands.
struct Words(Language);

impl command_line::Words for Words {
    fn about(&self, path: &str) -> Option<&'static str> {
        Some(words::cli::about(path, self.0))
    }

    fn argument(&self, _: &str, id: &str) -> Option<&'static str> {
        Some(words::cli::option(id, self.0)).filter(|help| !help.is_empty())
    }
}

/// The program, its help in a language.
fn localised(command: Command, language: Language) -> Command {
    command_line::in_words(command, &Words(language), language)
}

/// `$XDG_DATA_HOME/sanse-gate/issuer`, or the same below the home folder.
fn default_data() -> PathBuf {
    let home = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".local/share"));
    let base = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from).or_else(home);
    base.unwrap_or_else(|| PathBuf::from(".")).join("sanse-gate/issuer")
}

fn parse_range(text: &str) -> Result<RangeInclusive<u32>, String> {
    let range = text.split_once('-').and_then(|(first, last)| Some(first.parse().ok()?..=last.parse().ok()?));
    range.filter(|range: &RangeInclusive<u32>| !range.is_empty()).ok_or_else(|| "1-999".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_and_option_has_its_words() {
        fn demand_words(command: &Command, of_all: &str) {
            for sub in command.get_subcommands() {
                let about = sub.get_about().map(ToString::to_string).unwrap_or_default();
                assert_ne!(about, of_all, "{}", sub.get_name());
                for argument in sub.get_arguments() {
                    assert!(argument.get_help().is_some(), "{} {}", sub.get_name(), argument.get_id());
                }
                demand_words(sub, of_all);
            }
        }
        for language in [Language::Zh, Language::En] {
            let command = localised(Cli::command(), language);
            demand_words(&command, words::cli::about("", language));
            command.debug_assert();
        }
    }
}
