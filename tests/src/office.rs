//! An office in a folder of its own, run through the issuer's command line.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::programs::{lines, program, run};

/// The compound of every test.
pub const COMPOUND: &str = "翠湖小区";
/// The passphrase of every test's keys.
const PASSPHRASE: &str = "correct horse battery staple";

/// An office with keys; its files go when it is dropped.
#[derive(Debug)]
pub struct Office {
    folder: TempDir,
    database: Option<String>,
}

impl Office {
    /// A new office that has just run `keygen`.
    ///
    /// # Panics
    /// When the issuer fails.
    #[must_use]
    pub fn new() -> Self {
        Self::keeping_its_registry_in(None)
    }

    /// A new office that keeps its registry in this database.
    ///
    /// # Panics
    /// When the issuer fails.
    #[must_use]
    pub fn in_database(url: &str) -> Self {
        Self::keeping_its_registry_in(Some(url.to_owned()))
    }

    fn keeping_its_registry_in(database: Option<String>) -> Self {
        let folder = tempfile::tempdir().expect("there is room for temporary files");
        let office = Self { folder, database };
        let _ = run(&mut office.issuer(&["keygen"]));
        office
    }

    /// An office that has imported this roster and signed.
    ///
    /// # Panics
    /// When the issuer fails.
    #[must_use]
    pub fn with_roster(roster: &str) -> Self {
        let office = Self::new();
        office.import(roster);
        office.sign();
        office
    }

    /// The same office once more, as a copy of its files is; while no program is at work there.
    ///
    /// # Panics
    /// When there is no room.
    #[must_use]
    pub fn copy(&self) -> Self {
        let folder = tempfile::tempdir().expect("there is room for temporary files");
        copy_folder(self.folder.path(), folder.path());
        Self { folder, database: self.database.clone() }
    }

    /// A path in the office's folder.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A command of the issuer, not yet run.
    #[must_use]
    pub fn issuer(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program("issuer"));
        command.args(arguments).arg("--data").arg(self.path("data"));
        command.env("SANSE_PASSPHRASE", PASSPHRASE).env("SANSE_LANG", "en");
        match &self.database {
            Some(url) => command.env("SANSE_DATABASE", url),
            None => command.env_remove("SANSE_DATABASE"),
        };
        command
    }

    /// Imports a roster in CSV.
    ///
    /// # Panics
    /// When the issuer fails.
    pub fn import(&self, roster: &str) {
        let path = self.path("roster.csv");
        std::fs::write(&path, roster).expect("a temporary folder can be written");
        let _ = run(&mut self.issuer(&["import", text(&path)]));
    }

    /// Changes the compound's rules: each of these, by its place in the JSON (`/rules/vehicles/alone`), to what follows.
    ///
    /// # Panics
    /// When the issuer fails, or does not take them.
    pub fn change_rules(&self, changes: &[(&str, Value)]) {
        let shown = run(&mut self.issuer(&["rules", "show", "--compound", COMPOUND]));
        let mut rules: Value = serde_json::from_slice(&shown.stdout).expect("rules are JSON");
        for (place, value) in changes {
            let old = rules.pointer_mut(place).unwrap_or_else(|| panic!("no {place} in the rules"));
            *old = value.clone();
        }
        let path = self.path("rules.json");
        std::fs::write(&path, rules.to_string()).expect("a temporary folder can be written");
        let _ = run(&mut self.issuer(&["rules", "set", "--compound", COMPOUND, text(&path)]));
    }

    /// Signs for all who need a pass.
    ///
    /// # Panics
    /// When the issuer fails.
    pub fn sign(&self) {
        let _ = run(&mut self.issuer(&["sign"]));
    }

    /// The lines of `passes --json`.
    ///
    /// # Panics
    /// When the issuer fails, or prints anything else.
    #[must_use]
    pub fn passes(&self) -> Vec<Value> {
        let output = run(&mut self.issuer(&["passes", "--json"]));
        lines(&output).iter().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
    }

    /// Prints sheets of this size.
    ///
    /// # Panics
    /// When the issuer fails.
    #[must_use]
    pub fn print(&self, size: &str) -> PathBuf {
        let path = self.path(&format!("sheets-{size}.pdf"));
        let _ = run(&mut self.issuer(&["print", "--size", size, "--out", text(&path)]));
        path
    }

    /// Writes the bundle of the compound.
    ///
    /// # Panics
    /// When the issuer fails.
    #[must_use]
    pub fn bundle(&self) -> PathBuf {
        let path = self.path("gate.bundle");
        let _ = run(&mut self.issuer(&["bundle", "--compound", COMPOUND, "--out", text(&path)]));
        path
    }

    /// Writes the public keys.
    ///
    /// # Panics
    /// When the issuer fails.
    #[must_use]
    pub fn keys(&self) -> PathBuf {
        let path = self.path("keys.json");
        let output = run(&mut self.issuer(&["keys"]));
        std::fs::write(&path, output.stdout).expect("a temporary folder can be written");
        path
    }
}

impl Default for Office {
    fn default() -> Self {
        Self::new()
    }
}

/// A roster of so many households of one to three people, every fifth with a vehicle, in all colours.
#[must_use]
pub fn roster(households: usize) -> String {
    let mut roster = "小区,楼栋,单元,房号,姓名,电话,车牌,颜色\n".to_owned();
    let surnames = ["王", "李", "张", "刘", "陈", "欧阳", "赵"];
    for household in 0..households {
        let colour = ["绿", "黄", "绿", "红"][household % 4];
        let home = format!("{COMPOUND},{},1,{}", household / 10 + 1, 101 + household % 10);
        for member in 0..=household % 3 {
            let name = format!("{}{}", surnames[household % 7], ["建国", "芳", "子涵"][member]);
            roster += &format!("{home},{name},1990000{:04},,{colour}\n", household * 3 + member);
        }
        if household % 5 == 0 {
            roster += &format!("{home},,,鄂A{:05},{colour}\n", 10_000 + household);
        }
    }
    roster
}

/// Copies the files in a folder, and in the folders in it; links and sockets are left out.
///
/// # Panics
/// When there is no room.
pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("there is room");
    for entry in std::fs::read_dir(from).expect("it is there").flatten() {
        let (path, into) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type().expect("it is there");
        if kind.is_dir() {
            copy_folder(&path, &into);
        } else if kind.is_file() {
            let _ = std::fs::copy(path, into).expect("there is room");
        }
    }
}

/// A path as an argument.
pub(crate) fn text(path: &Path) -> &str {
    path.to_str().expect("temporary folders have plain names")
}
