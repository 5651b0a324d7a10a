//! Backup and restore by the command line: what comes back, what never comes twice, and what is refused.

#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn issuer(data: &Path, passphrase: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_issuer"));
    command.args(arguments).arg("--data").arg(data).env("SANSE_LANG", "en").env_remove("SANSE_DATABASE");
    command.env("SANSE_PASSPHRASE", passphrase).stdin(std::process::Stdio::null()).output().unwrap()
}

/// Standard output and standard error of a command that must succeed.
fn told(data: &Path, passphrase: &str, arguments: &[&str]) -> (String, String) {
    let output = issuer(data, passphrase, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// Standard error of a command that must fail.
fn refused(data: &Path, passphrase: &str, arguments: &[&str]) -> String {
    let output = issuer(data, passphrase, arguments);
    assert!(!output.status.success(), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// Version and statuses of the status list in a new bundle.
fn status_list(data: &Path, passphrase: &str) -> pass::StatusList {
    let out = data.join("gate.bundle");
    told(data, passphrase, &["bundle", "--compound", "翠湖小区", "--out", out.to_str().unwrap()]);
    let bundle = protocol::Bundle::from_bytes(&std::fs::read(out).unwrap()).unwrap();
    let keys: pass::JwkSet = serde_json::from_str(&told(data, passphrase, &["keys"]).0).unwrap();
    let root = keys.keys.iter().find(|key| key.role.as_deref() == Some("root")).unwrap();
    let keys = pass::TrustList::open(&bundle.trust, &root.public_key().unwrap()).unwrap();
    pass::StatusList::open(&bundle.status[0], &keys).unwrap()
}

/// Serial and text of every pass.
fn passes(data: &Path, passphrase: &str) -> Vec<(String, String)> {
    let lines = told(data, passphrase, &["passes", "--json"]).0;
    let text = |line: &Value, field: &str| line[field].as_str().unwrap().to_owned();
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.map(|line| (text(&line, "serial"), text(&line, "text"))).collect()
}

fn an_office_that_loses_its_disk(passphrase: &str) {
    let folder = tempfile::tempdir().unwrap();
    let (data, after) = (folder.path().join("before"), folder.path().join("after"));
    let roster = folder.path().join("roster.csv");
    let import = |rows: &str| {
        std::fs::write(&roster, format!("小区,楼栋,单元,房号,姓名,电话,车牌,颜色\n{rows}")).unwrap();
        roster.to_str().unwrap().to_owned()
    };
    told(&data, passphrase, &["keygen"]);
    let first = import("翠湖小区,3,2,501,张小明,13800000001,鄂A12345,绿\n翠湖小区,3,2,502,仇英,,,红\n");
    told(&data, passphrase, &["import", &first]);
    told(&data, passphrase, &["sign"]);
    let file = folder.path().join("registry.backup");
    let path = file.to_str().unwrap();
    let (_, said) = told(&data, passphrase, &["backup", path]);
    assert!(
        said.contains("read back")
            && said.contains(if passphrase.is_empty() { "not encrypted" } else { "It is encrypted" })
    );
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o077, 0);
    assert!(refused(&data, passphrase, &["restore", path]).contains("empty"), "never over what is there");

    // After the backup more is signed; then the disk dies, and the keys come from the safe.
    told(&data, passphrase, &["import", &import("翠湖小区,3,2,503,王五,,,绿\n")]);
    told(&data, passphrase, &["sign"]);
    let lost = passes(&data, passphrase);
    let list_before = status_list(&data, passphrase);
    std::fs::create_dir(&after).unwrap();
    for name in ["root.key", "issuer.key", "trust.cose", "root.jwks.json"] {
        std::fs::copy(data.join(name), after.join(name)).unwrap();
    }
    let (_, said) = told(&after, passphrase, &["restore", path]);
    assert!(said.contains("jump 100000 ahead"), "{said}");
    let restored = passes(&after, passphrase);
    assert_eq!(restored, lost[..3]);
    let list = status_list(&after, passphrase);
    assert!(list.version > list_before.version, "versions go on rising");
    assert_eq!((list.get(0), list.get(3)), (Some(pass::Status::AsSigned), Some(pass::Status::Withdrawn)));

    told(
        &after,
        passphrase,
        &["import", &import("翠湖小区,3,2,503,王五,,,绿\n翠湖小区,3,2,504,赵六,,,绿\n")],
    );
    told(&after, passphrase, &["sign"]);
    let new = passes(&after, passphrase);
    assert_eq!(new.len(), 5);
    assert!(
        new[3..].iter().all(|pass| !lost.contains(pass) && lost.iter().all(|(serial, _)| *serial != pass.0))
    );
    let list = status_list(&after, passphrase);
    assert_eq!(list.get(3), Some(pass::Status::Withdrawn), "its place is never given again");
    assert_eq!(
        (list.get(100_003), list.get(100_004)),
        (Some(pass::Status::AsSigned), Some(pass::Status::AsSigned))
    );
    assert_eq!(list.get(100_005).filter(|status| *status != pass::Status::Withdrawn), None);
}

#[test]
fn an_office_without_a_passphrase() {
    an_office_that_loses_its_disk("");
}

#[test]
fn an_office_with_a_passphrase() {
    an_office_that_loses_its_disk("correct horse");
}

#[test]
fn what_is_no_backup_of_ours() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let file = folder.path().join("registry.backup");
    let path = file.to_str().unwrap();
    told(&data, "secret", &["keygen"]);
    assert!(
        refused(&data, "other", &["backup", path]).contains("passphrase"),
        "a typing error would lock everybody out"
    );
    assert!(!file.exists());
    told(&data, "secret", &["backup", path]);
    let fresh = folder.path().join("fresh");
    assert!(refused(&fresh, "other", &["restore", path]).contains("passphrase doesn't open"));
    assert!(refused(&fresh, "", &["restore", path]).contains("SANSE_PASSPHRASE"));
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(&file, &bytes[..bytes.len() - 1]).unwrap();
    assert!(refused(&fresh, "secret", &["restore", path]).contains("damaged"));
    std::fs::write(&file, "a letter to my aunt").unwrap();
    assert!(refused(&fresh, "secret", &["restore", path, "--lang", "zh"]).contains("不是备份"));
    assert!(refused(&fresh, "secret", &["restore", "/nowhere/at/all"]).contains("/nowhere/at/all"));
    assert!(refused(&data, "secret", &["backup", "/nowhere/at/all"]).contains("/nowhere/at/all"));
    assert!(!fresh.join("office.sqlite").exists(), "no database is made for what can't be restored");
}
