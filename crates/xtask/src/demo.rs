//! `cargo xtask demo`: the main job, end to end, on one machine: roster in, cards on paper, cards at the gate, a log.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::programs::{Running, cargo, output, run, target};
use crate::{packages, sample};

const ISSUER_ADDRESS: &str = "127.0.0.1:7380";
const KIOSK_ADDRESS: &str = "127.0.0.1:7381";
/// The gate's name.
const GATE: &str = "东门";
/// Where nobody looks, any free port will do.
const ANY_PORT: &str = "127.0.0.1:0";

/// Builds, prepares an office and a gate, and runs both.
pub(crate) fn run_demo(once: bool, yes: bool) -> anyhow::Result<()> {
    packages::ensure(&[packages::DEMO], yes)?;
    // The whole workspace: building parts of it would choose other features, and build much of it again.
    run(cargo(&["build", "--release", "--workspace", "--bins", "--locked"]).stdout(std::io::stderr()))?;
    let office = Office::prepare(&target().join(if once { "demo-once" } else { "demo" }))?;
    if once { office.walk_once() } else { office.serve() }
}

/// An office and a gate with the sample compound, ready to run.
struct Office {
    folder: PathBuf,
    issued: usize,
    /// Printed sheets, in the order in which their cards come to the gate.
    sheets: Vec<PathBuf>,
}

impl Office {
    fn prepare(folder: &Path) -> anyhow::Result<Self> {
        if folder.exists() {
            std::fs::remove_dir_all(folder).with_context(|| folder.display().to_string())?;
        }
        std::fs::create_dir_all(folder)?;
        let mut office = Self { folder: folder.to_owned(), issued: 0, sheets: Vec::new() };
        office.issue("keygen", &[])?;
        office.import("roster-day-1.csv", &sample::first_day())?;
        office.issue("sign", &[])?;
        office.print("sheets-day-1.pdf", &[])?;
        // The next day's colours reach the gate with the bundle; the cards in people's pockets are still yesterday's.
        office.import("roster-day-2.csv", &sample::second_day())?;
        let bundle = office.folder.join("gate.bundle");
        office.issue("bundle", &["--compound", sample::compound(), "--out", path(&bundle)?])?;
        // Who registers after that has a card that the gate's list doesn't know yet.
        office.import("roster-late.csv", &sample::late())?;
        office.issue("sign", &[])?;
        office.print("sheets-day-2.pdf", &["--set", "new"])?;
        office.issued = output(&mut office.issuer(&["passes", "--json"]))?.lines().count();
        run(&mut office.kiosk(&["trust", path(&office.folder.join("office/root.jwks.json"))?]))?;
        run(&mut office.kiosk(&["load", path(&bundle)?]))?;
        Ok(office)
    }

    /// Shows every card once, and prints the counts.
    fn walk_once(&self) -> anyhow::Result<()> {
        let _issuer = self.start_issuer(ANY_PORT)?;
        let shown = output(&mut self.walk(&["--once", "--listen", ANY_PORT]))?;
        let last = shown.lines().last().context("the kiosk printed nothing")?;
        let mut counts: Value = serde_json::from_str(last).context("the kiosk's last line is no JSON")?;
        let logged = output(&mut self.kiosk(&["log", "list"]))?.lines().count();
        if counts["logged"] != json!(logged) {
            bail!("the kiosk says it logged {}, and its journal has {logged}", counts["logged"]);
        }
        counts["issued"] = json!(self.issued);
        self.tell();
        println!("{counts}");
        Ok(())
    }

    /// Runs both programs until they are stopped.
    fn serve(&self) -> anyhow::Result<()> {
        let mut issuer = self.start_issuer(ISSUER_ADDRESS)?;
        let mut kiosk = if has_camera() {
            self.kiosk(&["run", "--gate", GATE, "--direction", "out"])
        } else {
            self.walk(&[])
        };
        let mut kiosk = Running(kiosk.args(["--listen", KIOSK_ADDRESS]).stdout(Stdio::null()).spawn()?);
        self.tell();
        eprintln!("\n  The gate's screen   http://{KIOSK_ADDRESS}/");
        eprintln!("  The office's pages  http://{ISSUER_ADDRESS}/");
        if has_camera() {
            eprintln!("  Hold a card of the printed sheets, or a pass on a phone, up to the camera.");
        } else {
            eprintln!("  No camera here: the gate is shown the printed cards one after the other.");
        }
        eprintln!("  Ctrl-C ends both.\n");
        loop {
            for (name, program) in [("issuer", &mut issuer), ("kiosk", &mut kiosk)] {
                if let Some(status) = program.0.try_wait()? {
                    bail!("the {name} has ended: {status}");
                }
            }
            std::thread::sleep(std::time::Duration::from_millis(500));
        }
    }

    fn tell(&self) {
        eprintln!("\n  {} passes signed; the sheets to look at or to print:", self.issued);
        for sheet in &self.sheets {
            eprintln!("    {}", sheet.display());
        }
        eprintln!("  All files of this demo: {}", self.folder.display());
    }

    fn start_issuer(&self, address: &str) -> anyhow::Result<Running> {
        let mut issuer = self.issuer(&["serve", "--listen", address]);
        Ok(Running(issuer.stdout(Stdio::null()).spawn().context("can't start the issuer")?))
    }

    fn walk(&self, more: &[&str]) -> Command {
        let mut kiosk = self.kiosk(&["run", "--gate", GATE, "--direction", "out"]);
        for sheet in &self.sheets {
            kiosk.arg("--walk").arg(sheet);
        }
        kiosk.args(more);
        kiosk
    }

    fn import(&self, name: &str, roster: &str) -> anyhow::Result<()> {
        let file = self.folder.join(name);
        std::fs::write(&file, roster)?;
        self.issue("import", &[path(&file)?])
    }

    fn print(&mut self, name: &str, more: &[&str]) -> anyhow::Result<()> {
        let sheet = self.folder.join(name);
        self.issue("print", &[&["--out", path(&sheet)?], more].concat())?;
        self.sheets.push(sheet);
        Ok(())
    }

    /// Runs a command of the issuer, whose output is for people here.
    fn issue(&self, command: &str, more: &[&str]) -> anyhow::Result<()> {
        run(self.issuer(&[&[command], more].concat()).stdout(std::io::stderr()))
    }

    fn issuer(&self, arguments: &[&str]) -> Command {
        self.program("issuer", "office", arguments)
    }

    fn kiosk(&self, arguments: &[&str]) -> Command {
        self.program("kiosk", "gate", arguments)
    }

    fn program(&self, name: &str, data: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(target().join("release").join(name));
        command.args(arguments).arg("--data").arg(self.folder.join(data)).stdin(Stdio::null());
        command
    }
}

fn has_camera() -> bool {
    (0..16).any(|number| Path::new(&format!("/dev/video{number}")).exists())
}

fn path(path: &Path) -> anyhow::Result<&str> {
    path.to_str().with_context(|| format!("{} is not UTF-8", path.display()))
}
