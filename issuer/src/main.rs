//! The program `issuer`: reads its arguments and runs the library.

use std::process::ExitCode;
use std::sync::Arc;

use issuer::cli::Cli;
use pass::SystemClock;

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into()),
        )
        .init();
    let (cli, language) = Cli::from_process();
    match issuer::commands::run(cli, language, Arc::new(SystemClock)).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{}", problem.text(language));
            ExitCode::FAILURE
        }
    }
}
