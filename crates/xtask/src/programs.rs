//! Running programs: cargo's and the two that it builds.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, bail};

/// The workspace's folder.
pub(crate) fn workspace() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.ancestors().nth(2).expect("xtask lies in crates/xtask").to_owned()
}

/// Where cargo puts what it builds.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace().join("target"), PathBuf::from)
}

/// The cargo that runs this.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(workspace());
    command
}

/// Runs to the end, and fails when the program does.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let shown = format!("{} {}", command.get_program().display(), arguments(command));
    eprintln!("▸ {shown}");
    let status = command.status().with_context(|| format!("can't start {shown}"))?;
    if !status.success() {
        bail!("{shown}: {status}");
    }
    Ok(())
}

/// Runs to the end, and returns what it printed.
pub(crate) fn output(command: &mut Command) -> anyhow::Result<String> {
    let shown = format!("{} {}", command.get_program().display(), arguments(command));
    eprintln!("▸ {shown}");
    let output = command.stderr(Stdio::inherit()).output().with_context(|| format!("can't start {shown}"))?;
    if !output.status.success() {
        bail!("{shown}: {}", output.status);
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn arguments(command: &Command) -> String {
    let shown = |path: &std::ffi::OsStr| {
        let path = Path::new(path);
        path.strip_prefix(workspace()).unwrap_or(path).display().to_string()
    };
    command.get_args().map(shown).collect::<Vec<_>>().join(" ")
}

/// A program that is stopped when it is no longer held.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
