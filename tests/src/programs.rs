//! Starting the two programs, and others, as a person would: by their names, with arguments, in processes of their own.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// The path of a program of this workspace. `cargo xtask test` builds it; a bare `cargo test` of one package does not.
#[must_use]
pub fn program(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a running test knows its own path");
    let folder = test.ancestors().nth(2).expect("cargo puts tests two folders below the programs");
    let path = folder.join(name);
    assert!(path.exists(), "{} is missing: run cargo build --workspace --bins", path.display());
    path
}

/// Runs to the end.
///
/// # Panics
/// When the program can't be started or fails; with all it printed.
#[must_use]
pub fn run(command: &mut Command) -> Output {
    let output = command.stdin(Stdio::null()).output();
    succeeded(command, output.unwrap_or_else(|why| panic!("can't start {command:?}: {why}")))
}

/// Runs to the end with `input` on its standard input.
///
/// # Panics
/// As [`run`].
#[must_use]
pub fn run_with_input(command: &mut Command, input: &[u8]) -> Output {
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.unwrap_or_else(|why| panic!("can't start {command:?}: {why}"));
    let mut stdin = child.stdin.take().expect("it was piped");
    let output = std::thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(input));
        child.wait_with_output().expect("a child can be waited for")
    });
    succeeded(command, output)
}

fn succeeded(command: &Command, output: Output) -> Output {
    let (printed, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {}\n{printed}\n{complained}", output.status);
    output
}

/// The lines that a program printed.
///
/// # Panics
/// When they are no UTF-8.
#[must_use]
pub fn lines(output: &Output) -> Vec<String> {
    let text = std::str::from_utf8(&output.stdout).expect("our programs print UTF-8");
    text.lines().map(str::to_owned).collect()
}
