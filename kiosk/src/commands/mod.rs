//! The command line: what can be asked for, and how each command ends.
//!
//! Exit codes: 0 fine, 1 failed, 2 asked for wrongly or something must be done first (the message says what).

mod cameras;
mod check;
mod eyes;
mod log;
mod rules;
mod run;
mod scan;
mod trust;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::settings::{self, File};
use crate::words::{Language, Tell, tell};

/// Scans passes at a compound's gate, judges them without a network, logs every verdict, and shows it.
#[derive(Debug, Parser)]
#[command(name = "kiosk", version, disable_help_subcommand = true)]
pub struct Cli {
    /// The folder with root key, bundle, journal and kiosk.toml [default: the XDG data folder]
    #[arg(long, global = true, env = "SANSE_KIOSK_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    /// The language of messages
    #[arg(long, global = true, env = "SANSE_LANG", value_name = "zh|en")]
    lang: Option<Language>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Pin the root key: without one, nothing is judged
    Trust(trust::Trust),
    /// Check a bundle whole and keep it as the current one, never an older one
    Load {
        /// The bundle's file
        bundle: PathBuf,
    },
    /// Print this gate's public key, by which the office seals for it; made at first use
    Key(trust::Key),
    /// Run the gate
    Run(Box<run::Run>),
    /// Read, check or export the journal
    #[command(subcommand)]
    Log(log::Log),
    /// Explain the rules, or try other ones on the journal
    #[command(subcommand)]
    Rules(rules::Rules),
    /// Scan pictures named on standard input, a line of result each
    Scan,
    /// Judge texts of passes on standard input, a line of JSON each; logs nothing
    Check(check::Check),
    /// List cameras, the format in which each would be used, and what its lens can be asked for
    Cameras,
    /// List everything that a gate could see with: cameras, hand scanners, serial ports
    Eyes,
    /// Keep the barrier of a running gate
    #[command(hide = true)]
    Barrier,
    /// Read a camera for a running gate
    #[command(hide = true)]
    CameraFrames(cameras::Frames),
}

/// How a lane knows which way people go, as an argument.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Used {
    /// Into the compound, home
    In,
    /// Out of it
    Out,
    /// As a button of the screen says
    Switch,
    /// By everybody's last passage
    Auto,
}

/// A direction, as an argument.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Way {
    /// Into the compound, home
    In,
    /// Out of it
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
    /// A file or the text itself: a COSE_Key in base64, a JWK, or a JWK Set with one key of the role root
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

/// Runs a command.
#[must_use]
pub fn main(cli: Cli) -> ExitCode {
    let end = match &cli.command {
        // Nothing but frames may stand on this one's standard output, and nothing else is of use to its reader.
        Command::CameraFrames(frames) => {
            log();
            Ok(frames.run())
        }
        Command::Barrier => keep_barrier(),
        _ => ready(&cli).and_then(|context| command(cli.command, &context)),
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
fn log() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).without_time().init();
}

fn ready(cli: &Cli) -> anyhow::Result<Context> {
    log();
    let data = cli.data.clone().unwrap_or_else(settings::default_data);
    let file = File::read(&data)?;
    let lang = cli.lang.or(file.lang).unwrap_or_default();
    Ok(Context { data, file, lang })
}

fn command(command: Command, context: &Context) -> anyhow::Result<End> {
    match command {
        Command::Trust(trust) => trust.run(context),
        Command::Load { bundle } => trust::load(&bundle, context),
        Command::Key(key) => key.run(context),
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
