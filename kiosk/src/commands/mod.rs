//! The command line: what can be asked for, and how each command ends.
//!
//! Exit codes: 0 fine, 1 failed, 2 asked for wrongly or something must be done first (the message says what).

mod cameras;
mod check;
mod enrol;
mod eyes;
mod log;
mod rules;
mod run;
mod scan;
mod stick;
mod sync;
mod trust;
mod update;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use wording::command_line;

use crate::held::Held;
use crate::program::Programs;
use crate::settings::{self, File};
use crate::words::{self, Language, Tell, tell};

/// What was typed. What each command and argument is for stands in [`words::argument`].
#[derive(Debug, Parser)]
#[command(name = "kiosk", version, disable_help_subcommand = true, disable_help_flag = true)]
#[command(disable_version_flag = true)]
pub struct Cli {
    #[arg(long, global = true, env = "SANSE_KIOSK_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    #[arg(long, global = true, env = "SANSE_LANG", value_name = "zh|en")]
    lang: Option<Language>,
    #[arg(long, global = true, env = "SANSE_LOG", value_name = "text|json")]
    log: Option<telemetry::Format>,
    #[arg(long, global = true, env = "RUST_LOG", value_name = "LEVEL")]
    log_level: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Trust(trust::Trust),
    Load {
        bundle: PathBuf,
    },
    Key(trust::Key),
    Enrol(enrol::Enrol),
    Stick(stick::Stick),
    Update(update::Update),
    Sync,
    Run(Box<run::Run>),
    #[command(subcommand)]
    Log(log::Log),
    #[command(subcommand)]
    Rules(rules::Rules),
    Scan,
    Check(check::Check),
    Cameras,
    Eyes,
    #[command(hide = true)]
    Barrier,
    #[command(hide = true)]
    CameraFrames(cameras::Frames),
}

/// How a lane knows which way people go, as an argument.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Used {
    In,
    Out,
    Switch,
    Auto,
}

/// A direction, as an argument.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Way {
    In,
    Out,
}

impl From<Way> for gate::Direction {
    fn from(way: Way) -> Self {
        match way {
            Way::In => Self::In,
            Way::Out => Self::Out,
        }
    }
}

/// A root key, as an argument.
#[derive(Debug, Args)]
struct Root {
    #[arg(value_name = "ROOT")]
    root: String,
}

/// What every command knows.
struct Context {
    data: PathBuf,
    file: File,
    lang: Language,
}

/// How a command ended.
enum End {
    /// It did what was asked.
    Fine,
    /// It did not, and has said why.
    Failed,
    /// Something must be done first; it has said what.
    DoFirst,
}

impl Context {
    /// Tells whoever runs the command, on standard error.
    fn tell(&self, what: &Tell<'_>) {
        eprintln!("{}", tell(what, self.lang));
    }

    /// Tells what went wrong, with the evidence below it.
    fn failed(&self, what: &Tell<'_>, evidence: &dyn std::error::Error) -> anyhow::Result<End> {
        self.tell(what);
        eprintln!("  {evidence}");
        Ok(End::Failed)
    }

    /// Tells what must be done first.
    fn first(&self, what: &Tell<'_>) -> anyhow::Result<End> {
        self.tell(what);
        Ok(End::DoFirst)
    }
}

impl Cli {
    /// Reads the process's arguments. Ends the process when they can't be understood, or when help was asked for.
    #[must_use]
    pub fn from_process() -> Self {
        let mut typed = std::env::args_os().skip_while(|argument| argument != "--lang").skip(1);
        let lang = typed.next().or_else(|| std::env::var_os("SANSE_LANG"));
        let lang = lang.and_then(|lang| lang.to_str()?.parse().ok()).unwrap_or_default();
        let matches = in_words(Self::command(), lang).try_get_matches();
        let cli = matches.and_then(|matches| Self::from_arg_matches(&matches));
        cli.unwrap_or_else(|why| command_line::end(&why, lang))
    }
}

/// The words of this program's commands.
struct Words(Language);

impl command_line::Words for Words {
    fn about(&self, path: &str) -> Option<&'static str> {
        words::about(path, self.0)
    }

    fn argument(&self, path: &str, id: &str) -> Option<&'static str> {
        words::argument(path, id, self.0)
    }
}

/// The program, its help in a language.
fn in_words(command: clap::Command, lang: Language) -> clap::Command {
    command_line::in_words(command, &Words(lang), lang)
}

/// Runs a command.
#[must_use]
pub fn main(cli: Cli) -> ExitCode {
    let end = match &cli.command {
        // Nothing but frames may stand on this one's standard output, and nothing else is of use to its reader.
        Command::CameraFrames(frames) => log(&cli, &File::default()).map(|()| frames.run()),
        Command::Barrier => keep_barrier(),
        _ => {
            let ready = ready(&cli);
            if let Command::Run(_) = cli.command {
                // Also where the settings can't be read: they may be those of the newer program.
                Programs::start(&Held::in_folder(&data(&cli)));
            }
            ready.and_then(|context| command(cli.command, &context))
        }
    };
    match end {
        Ok(End::Fine) => ExitCode::SUCCESS,
        Ok(End::Failed) => ExitCode::from(1),
        Ok(End::DoFirst) => ExitCode::from(2),
        Err(why) => {
            eprintln!("{why:#}");
            ExitCode::from(1)
        }
    }
}

/// What goes wrong is said on standard error.
fn log(cli: &Cli, file: &File) -> anyhow::Result<()> {
    let unknown =
        |log: &String| log.parse().map_err(|why| anyhow::anyhow!("kiosk.toml: log = {log:?}: {why}"));
    let format = cli.log.map(Ok).or(file.log.as_ref().map(unknown)).transpose()?.unwrap_or_default();
    telemetry::start(format, cli.log_level.as_deref().or(file.log_level.as_deref()), false);
    Ok(())
}

fn data(cli: &Cli) -> PathBuf {
    cli.data.clone().unwrap_or_else(settings::default_data)
}

fn ready(cli: &Cli) -> anyhow::Result<Context> {
    let data = data(cli);
    let file = File::read(&data)?;
    log(cli, &file)?;
    let lang = cli.lang.or(file.lang).unwrap_or_default();
    Ok(Context { data, file, lang })
}

fn command(command: Command, context: &Context) -> anyhow::Result<End> {
    match command {
        Command::Trust(trust) => trust.run(context),
        Command::Load { bundle } => trust::load(&bundle, context),
        Command::Key(key) => key.run(context),
        Command::Enrol(enrol) => enrol.run(context),
        Command::Stick(stick) => stick.run(context),
        Command::Update(update) => update.run(context),
        Command::Sync => sync::run(context),
        Command::Run(run) => run.run(context),
        Command::Log(log) => log.run(context),
        Command::Rules(rules) => rules.run(context),
        Command::Scan => scan::run(context),
        Command::Check(check) => check.run(context),
        Command::Cameras => cameras::run(context),
        Command::Eyes => eyes::run(context),
        Command::CameraFrames(frames) => Ok(frames.run()),
        Command::Barrier => keep_barrier(),
    }
}

#[cfg(unix)]
fn keep_barrier() -> anyhow::Result<End> {
    crate::devices::barrier::keep()?;
    Ok(End::Fine)
}

#[cfg(not(unix))]
fn keep_barrier() -> anyhow::Result<End> {
    Ok(End::Failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_and_argument_is_explained_in_both_languages() {
        fn demand(command: &clap::Command, path: &str, chinese: bool) {
            let told = |help: Option<&clap::builder::StyledStr>, what: &str| {
                let help = help.map(ToString::to_string).unwrap_or_default();
                let in_chinese = help.chars().any(|c| ('一'..='龥').contains(&c));
                assert!(!help.is_empty() && in_chinese == chinese, "{path} {what}: {help:?}");
            };
            told(command.get_about(), "");
            for argument in command.get_arguments() {
                told(argument.get_help(), argument.get_id().as_str());
                for value in argument.get_possible_values() {
                    assert_eq!(value.get_help(), None, "{path}: values are explained with their argument");
                }
            }
            for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
                demand(sub, format!("{path} {}", sub.get_name()).trim_start(), chinese);
            }
        }
        for lang in Language::ALL {
            let command = in_words(Cli::command(), lang);
            demand(&command, "", lang == Language::Zh);
            command.debug_assert();
        }
    }
}
