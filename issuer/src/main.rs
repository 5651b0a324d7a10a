//! The program `issuer`: reads its arguments and runs the library.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use issuer::cli::Cli;
use pass::SystemClock;

/// What computes when the program ends (sheets being drawn, a workbook being read) is waited for so long; nobody reads it any more.
const LAST_COMPUTING: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    let (cli, language) = Cli::from_process();
    if let Err(why) = cli.start_logs() {
        eprintln!("{why}");
        return ExitCode::FAILURE;
    }
    let runtime =
        tokio::runtime::Runtime::new().expect("a system that starts programs lets them have threads");
    let end = runtime.block_on(issuer::commands::run(cli, language, Arc::new(SystemClock)));
    runtime.shutdown_timeout(LAST_COMPUTING);
    match end {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{}", problem.text(language));
            ExitCode::FAILURE
        }
    }
}
