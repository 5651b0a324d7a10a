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
/// What the gate is told about itself: a lane that can be turned, and devices that aren't there.
const SETTINGS: &str = "\
gate = \"东门\"
direction = \"switch\"
lane = \"out\"

[barrier]
kind = \"simulated\"

[sensor]
kind = \"simulated\"
after_milliseconds = 1500

[alert]
kind = \"simulated\"
";
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
    /// Who works at the gate: name, role and PIN.
    staff: Vec<String>,
    /// Who works in the office: name, role and first password.
    accounts: Vec<String>,
    /// Printed sheets, in the order in which their cards come to the gate.
    sheets: Vec<PathBuf>,
}

impl Office {
    fn prepare(folder: &Path) -> anyhow::Result<Self> {
        if folder.exists() {
            std::fs::remove_dir_all(folder).with_context(|| folder.display().to_string())?;
        }
        std::fs::create_dir_all(folder)?;
        let mut office = Self {
            folder: folder.to_owned(),
            issued: 0,
            staff: Vec::new(),
            accounts: Vec::new(),
            sheets: Vec::new(),
        };
        office.issue("keygen", &[])?;
        office.import("roster-day-1.csv", &sample::first_day())?;
        office.issue("sign", &[])?;
        office.decide()?;
        office.employ()?;
        office.open_accounts()?;
        office.print("sheets-day-1.pdf", &[])?;
        // The next day's colours reach the gate with the bundle; the cards in people's pockets are still yesterday's.
        office.import("roster-day-2.csv", &sample::second_day())?;
        let correct =
            [sample::MISTAKEN, "green", "--compound", sample::compound(), "--why", "登记有误", "--mistaken"];
        office.issue("colour", &correct)?;
        let bundle = office.folder.join("gate.bundle");
        office.issue("bundle", &["--gate", GATE, "--out", path(&bundle)?])?;
        // Who registers after that has a card that the gate's list doesn't know yet.
        office.import("roster-late.csv", &sample::late())?;
        office.issue("sign", &[])?;
        office.print("sheets-day-2.pdf", &["--set", "new"])?;
        office.issued = output(&mut office.issuer(&["passes", "--json"]))?.lines().count();
        run(&mut office.kiosk(&["trust", path(&office.folder.join("office/root.jwks.json"))?]))?;
        run(&mut office.kiosk(&["load", path(&bundle)?]))?;
        std::fs::write(office.folder.join("gate/kiosk.toml"), SETTINGS)?;
        Ok(office)
    }

    /// The compound decides something beyond what every office starts with.
    fn decide(&self) -> anyhow::Result<()> {
        let rules = output(&mut self.issuer(&["rules", "show", "--compound", sample::compound()]))?;
        let mut rules: Value = serde_json::from_str(&rules).context("the issuer's rules are no JSON")?;
        rules["rules"]["quotas"] = sample::quotas();
        let file = self.folder.join("rules.json");
        std::fs::write(&file, serde_json::to_vec_pretty(&rules)?)?;
        self.issue("rules", &["set", "--compound", sample::compound(), path(&file)?])
    }

    /// Who may sign in at the office's pages.
    fn open_accounts(&mut self) -> anyhow::Result<()> {
        for (name, role) in sample::ACCOUNTS {
            let told = output(&mut self.issuer(&["account", "add", name, "--role", role]))?;
            self.accounts.extend(told.lines().next().map(str::to_owned));
        }
        Ok(())
    }

    /// The gate's people: staff with their PINs, who is on duty, and whom the office lets off quotas.
    fn employ(&mut self) -> anyhow::Result<()> {
        let compound = ["--compound", sample::compound()];
        let key = output(&mut self.kiosk(&["key"]))?;
        let key = key.lines().next().context("the kiosk printed no key")?;
        self.issue("gate", &[&["add", GATE, "--key", key], &compound[..]].concat())?;
        for (name, role) in sample::STAFF {
            let add = ["staff", "add", name, "--role", role, "--make-pin"];
            let told = output(&mut self.issuer(&[&add, &compound[..]].concat()))?;
            self.staff.extend(told.lines().next().map(str::to_owned));
            let duty = ["add", name, "--from", "2020-02-01T00:00", "--until", "2099-12-31T00:00"];
            self.issue("duty", &[&duty, &compound[..]].concat())?;
        }
        let (who, kind) = sample::EXEMPT;
        self.issue("exempt", &[&["add", who, "--kind", kind], &compound[..]].concat())
    }

    /// Shows every card once, and prints the counts.
    fn walk_once(&self) -> anyhow::Result<()> {
        let _issuer = self.start_issuer(ANY_PORT)?;
        let shown = output(&mut self.walk(&["--once", "--listen", ANY_PORT]))?;
        let last = shown.lines().last().context("the kiosk printed nothing")?;
        let mut counts: Value = serde_json::from_str(last).context("the kiosk's last line is no JSON")?;
        // The bar's passages are events as well.
        let log = output(&mut self.kiosk(&["log", "list"]))?;
        let logged = log.lines().filter(|line| line.contains("\"kind\":\"judged\"")).count();
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
        self.enrol()?;
        let mut kiosk = if has_camera() { self.kiosk(&["run"]) } else { self.walk(&[]) };
        let mut kiosk = Running(kiosk.args(["--listen", KIOSK_ADDRESS]).stdout(Stdio::null()).spawn()?);
        self.tell();
        eprintln!("\n  The gate's screen   http://{KIOSK_ADDRESS}/");
        eprintln!("  The office's pages  http://{ISSUER_ADDRESS}/");
        if has_camera() {
            eprintln!("  Hold a card of the printed sheets, or a pass on a phone, up to the camera.");
        } else {
            eprintln!("  No camera here: the gate is shown the printed cards one after the other.");
        }
        eprintln!("  To sign in at the office's pages (name, role, first password):");
        for account in &self.accounts {
            eprintln!("    {account}");
        }
        eprintln!("  To sign in at the gate's screen (name, role, PIN):");
        for member in &self.staff {
            eprintln!("    {member}");
        }
        eprintln!(
            "  Then look for somebody without a card ({}), turn a verdict, open in an emergency.",
            sample::LOOK_FOR
        );
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

    /// From now on the gate and the office talk to each other: what is decided on a page holds at the gate within seconds.
    fn enrol(&self) -> anyhow::Result<()> {
        let address = format!("http://{ISSUER_ADDRESS}");
        let invite = ["gate", "invite", GATE, "--compound", sample::compound(), "--address", &address];
        let told = output(&mut self.issuer(&invite))?;
        let invitation = told.lines().last().context("the issuer printed no invitation")?;
        let start = std::time::Instant::now();
        // The issuer may not listen yet.
        while !self.kiosk(&["enrol", invitation, "--replace"]).stderr(Stdio::null()).status()?.success() {
            if start.elapsed() > std::time::Duration::from_secs(60) {
                bail!("the gate could not be enrolled at {address}");
            }
            std::thread::sleep(std::time::Duration::from_millis(300));
        }
        Ok(())
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
        let mut kiosk = self.kiosk(&["run"]);
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
