//! The `kiosk` program. Everything is in the library.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    kiosk::commands::main(kiosk::commands::Cli::parse())
}
