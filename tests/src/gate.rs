//! A gate in a folder of its own, run through the kiosk's command line.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tempfile::TempDir;

use crate::office::{COMPOUND, Office, text};
use crate::programs::{lines, program, run, run_with_input};

/// A gate; its files go when it is dropped.
#[derive(Debug)]
pub struct Gate {
    folder: TempDir,
}

/// A line of `kiosk scan`.
#[derive(Clone, Debug)]
pub struct Scanned {
    /// The picture.
    pub path: String,
    /// What the codes in it say.
    pub texts: Vec<String>,
}

impl Gate {
    /// A gate that knows nothing yet.
    ///
    /// # Panics
    /// When there is no room for temporary files.
    #[must_use]
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("there is room for temporary files") }
    }

    /// A gate that has pinned the office's root and loaded its bundle.
    ///
    /// # Panics
    /// When a program fails.
    #[must_use]
    pub fn of(office: &Office) -> Self {
        let gate = Self::without_bundle(office);
        let _ = run(&mut gate.kiosk(&["load", text(&office.bundle())]));
        gate
    }

    /// A gate that has pinned the office's root, and nothing to judge by.
    ///
    /// # Panics
    /// When a program fails.
    #[must_use]
    pub fn without_bundle(office: &Office) -> Self {
        let gate = Self::new();
        let _ = run(&mut gate.kiosk(&["trust", text(&office.keys())]));
        gate
    }

    /// Has the office make staff and seal its people for this gate under a name, and loads them. Returns the PINs of a guard,
    /// 李师傅, who is on duty, and of a supervisor, 王主管.
    ///
    /// # Panics
    /// When a program fails.
    #[must_use]
    pub fn with_people(&self, office: &Office, name: &str) -> [String; 2] {
        let issue = |arguments: &[&str]| said(office.issuer(arguments).stdin(Stdio::null()));
        let key = said(&mut self.kiosk(&["key"]));
        issue(&["gate", "add", name, "--compound", COMPOUND, "--key", &key]);
        let pins = [("李师傅", "guard"), ("王主管", "supervisor")].map(|(name, role)| {
            let told = issue(&["staff", "add", name, "--compound", COMPOUND, "--role", role, "--make-pin"]);
            told.rsplit('\t').next().expect("name, role and PIN").to_owned()
        });
        let always = ["--from", "2020-01-01T00:00", "--until", "2099-12-31T00:00"];
        issue(&[&["duty", "add", "李师傅", "--compound", COMPOUND], &always[..]].concat());
        let bundle = office.path("gate.bundle");
        issue(&["bundle", "--gate", name, "--out", text(&bundle)]);
        let _ = run(&mut self.kiosk(&["trust", text(&office.keys())]));
        let _ = run(&mut self.kiosk(&["load", text(&bundle)]));
        pins
    }

    /// The same gate once more, as a copy of its files is; while no program is at work there.
    ///
    /// # Panics
    /// When there is no room.
    #[must_use]
    pub fn copy(&self) -> Self {
        let gate = Self::new();
        crate::office::copy_folder(self.folder.path(), gate.folder.path());
        gate
    }

    /// A path in the gate's folder.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A command of the kiosk, not yet run.
    #[must_use]
    pub fn kiosk(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program("kiosk"));
        command.args(arguments).arg("--data").arg(self.path("data")).env("SANSE_LANG", "en");
        command
    }

    /// As [`Gate::kiosk`], in a network namespace with nothing but its own loopback, where this system allows that.
    #[must_use]
    pub fn kiosk_without_network(&self, arguments: &[&str]) -> Command {
        let alone =
            ["--net", "--map-root-user", "sh", "-c", "ip link set lo up 2>/dev/null; exec \"$@\"", "sh"];
        let possible = Command::new("unshare").args(["--net", "--map-root-user", "true"]).output();
        if !possible.is_ok_and(|output| output.status.success()) {
            eprintln!(
                "no network namespace can be made here: the kiosk runs with the network of this machine"
            );
            return self.kiosk(arguments);
        }
        let kiosk = self.kiosk(arguments);
        let mut command = Command::new("unshare");
        command.args(alone).arg(kiosk.get_program()).args(kiosk.get_args()).env("SANSE_LANG", "en");
        command
    }

    /// As [`Gate::kiosk`], so many seconds after now by the machine's running time, and with a clock that is `off` by so many besides;
    /// none where this system allows no time namespaces.
    ///
    /// # Panics
    /// Without Debian's `faketime`.
    #[must_use]
    pub fn kiosk_later(&self, seconds: i64, off: i64, arguments: &[&str]) -> Option<Command> {
        let namespace = ["--map-root-user", "--time", "--fork", "--kill-child"];
        let possible = Command::new("unshare").args(namespace).arg("true").output();
        if !possible.is_ok_and(|output| output.status.success()) {
            eprintln!("no time namespace can be made here");
            return None;
        }
        let kiosk = self.kiosk(arguments);
        let mut command = Command::new("unshare");
        let later = seconds.to_string();
        command.args(namespace).args(["--boottime", &later, "--monotonic", &later]);
        // By its library, not by its program, which would stay between and not fall with the gate.
        command.arg("env").arg(format!("LD_PRELOAD={}", faketime().display()));
        command.args(["FAKETIME_DONT_FAKE_MONOTONIC=1", &format!("FAKETIME={:+}", seconds + off)]);
        command.arg(kiosk.get_program()).args(kiosk.get_args()).env("SANSE_LANG", "en");
        Some(command)
    }

    /// Scans pictures, one line for each.
    ///
    /// # Panics
    /// When the kiosk fails or prints anything else.
    #[must_use]
    pub fn scan(&self, paths: &[PathBuf]) -> Vec<Scanned> {
        let input: String = paths.iter().map(|path| format!("{}\n", path.display())).collect();
        let output = run_with_input(&mut self.kiosk(&["scan"]), input.as_bytes());
        lines(&output).iter().map(|line| scanned(line)).collect()
    }

    /// Judges texts by a bundle, one answer for each.
    ///
    /// # Panics
    /// When the kiosk fails or prints anything else.
    #[must_use]
    pub fn check(&self, bundle: &Path, direction: &str, texts: &[&str]) -> Vec<Value> {
        let arguments = ["check", "--bundle", text(bundle), "--direction", direction];
        let output = run_with_input(&mut self.kiosk(&arguments), (texts.join("\n") + "\n").as_bytes());
        lines(&output).iter().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
    }

    /// The events of the journal.
    ///
    /// # Panics
    /// When the kiosk fails or prints anything else.
    #[must_use]
    pub fn events(&self) -> Vec<Value> {
        let output = run(&mut self.kiosk(&["log", "list"]));
        lines(&output).iter().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
    }

    /// Verifies the journal.
    ///
    /// # Panics
    /// When the chain does not hold.
    pub fn verify_journal(&self) {
        let _ = run(&mut self.kiosk(&["log", "verify"]));
    }
}

impl Default for Gate {
    fn default() -> Self {
        Self::new()
    }
}

/// The library that sets clocks for one program.
fn faketime() -> PathBuf {
    let folders = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    let mut paths = folders.map(|folder| folder.path().join("faketime/libfaketime.so.1"));
    paths.find(|path| path.exists()).expect("faketime is missing: run cargo xtask test, or install it")
}

/// The first line that a program prints.
fn said(command: &mut Command) -> String {
    lines(&run(command)).into_iter().next().unwrap_or_default()
}

fn scanned(line: &str) -> Scanned {
    let fields: Vec<&str> = line.split('\t').collect();
    let [path, milliseconds, texts] = fields[..] else { panic!("not three fields: {line}") };
    assert!(milliseconds.parse::<f64>().is_ok(), "no time: {line}");
    let decoded = |text| String::from_utf8(STANDARD.decode(text).expect("base64")).expect("a pass is UTF-8");
    let texts = if texts == "-" { Vec::new() } else { texts.split(',').map(decoded).collect() };
    Scanned { path: path.to_owned(), texts }
}
