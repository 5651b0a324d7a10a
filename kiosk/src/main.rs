//! The `kiosk` program. Everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    kiosk::commands::main(kiosk::commands::Cli::from_process())
}
