//! A script that runs in a machine.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use super::Machine;

/// How many characters of what a script has printed are told when it fails.
const LAST: usize = 3000;

/// A script that was started. It goes on when this is dropped.
#[derive(Debug)]
pub struct Job<'a> {
    machine: &'a Machine,
    folder: PathBuf,
}

/// How a script has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Its exit code; 128 and more for signals, as a shell has it.
    pub code: i32,
    /// What it printed.
    pub stdout: String,
    /// What it complained about.
    pub stderr: String,
}

impl<'a> Job<'a> {
    pub(super) fn new(machine: &'a Machine, folder: PathBuf) -> Self {
        Self { machine, folder }
    }

    /// What it has printed so far. It is out of the machine, and stays when the plug is pulled.
    #[must_use]
    pub fn stdout(&self) -> String {
        self.read("stdout")
    }

    /// What it has complained about so far.
    #[must_use]
    pub fn stderr(&self) -> String {
        self.read("stderr")
    }

    /// Its exit code, when it has ended.
    #[must_use]
    pub fn code(&self) -> Option<i32> {
        self.read("code").trim().parse().ok()
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// When it doesn't end within `limit`; with what it has printed and the machine's console.
    pub fn wait(&self, limit: Duration) -> Ended {
        self.wait_for("its end", limit, |job| job.code().is_some());
        let code = self.code().expect("it was just there");
        Ended { code, stdout: self.stdout(), stderr: self.stderr() }
    }

    /// Waits until it has printed something.
    ///
    /// # Panics
    /// As [`Job::wait`].
    pub fn wait_for(&self, what: &str, limit: Duration, happened: impl Fn(&Self) -> bool) {
        let end = |text: String| -> String {
            let start = text.char_indices().rev().nth(LAST).map_or(0, |(at, _)| at);
            text[start..].to_owned()
        };
        let seen =
            || format!("{what}\n{}\n{}\n{}", self.read("script"), end(self.stdout()), end(self.stderr()));
        self.machine.wait(&seen, limit, || happened(self));
    }

    /// Sends a signal (`KILL`, `STOP`, …) to it and to all it has started.
    ///
    /// # Panics
    /// When the machine has stopped.
    pub fn signal(&self, name: &str) {
        self.wait_for("its start", Duration::from_secs(60), |job| !job.read("pid").is_empty());
        let kill = format!("kill -{name} -{}", self.read("pid").trim());
        let sent = self.machine.start(&kill).wait(Duration::from_secs(60));
        assert!(sent.code == 0 || self.code().is_some(), "{kill}: {}", sent.stderr);
    }

    fn read(&self, name: &str) -> String {
        String::from_utf8_lossy(&fs::read(self.folder.join(name)).unwrap_or_default()).into_owned()
    }
}
