//! `cargo xtask demo` and `cargo xtask test`: everything a fresh machine with Rust needs, in two commands.
//!
//! Stands alone: depends on no crate of the house and on no system package, since it installs those.

mod deb;
mod demo;
mod endurance;
mod house;
mod packages;
mod programs;
mod sample;
mod suite;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Sanse Gate's two commands, and the long runs")]
struct Cli {
    #[command(subcommand)]
    task: Task,
    /// Install missing system packages without asking.
    #[arg(long, global = true)]
    yes: bool,
}

#[derive(Subcommand)]
enum Task {
    /// Build both programs and run them with a sample compound: from the roster to the printed card to the gate's log.
    Demo {
        /// Wait for nobody: end when all cards have been shown, with the counts as JSON on the last line.
        #[arg(long)]
        once: bool,
    },
    /// Formatting, lints, licences, the house's arrows, and all tests.
    Test,
    /// What takes longer than the test suite may: kills and soaks by the thousand.
    Endurance {
        /// Only these parts.
        #[arg(value_enum)]
        parts: Vec<endurance::Part>,
    },
    /// A Debian package of each program.
    Deb {
        /// Where they are written.
        #[arg(long, value_name = "DIR", default_value = "target/deb")]
        out: PathBuf,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.task {
        Task::Demo { once } => demo::run_demo(once, cli.yes),
        Task::Test => suite::run_suite(cli.yes),
        Task::Endurance { parts } => endurance::run_endurance(&parts, cli.yes),
        Task::Deb { out } => deb::run_deb(&out, cli.yes),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
