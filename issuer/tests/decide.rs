//! What is decided at the counter, by the command line: cards by their short codes, colours, and what the office is told.

#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn issuer(data: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_issuer"));
    command.args(arguments).arg("--data").arg(data).env("SANSE_LANG", "en");
    command.env_remove("SANSE_PASSPHRASE").env_remove("SANSE_DATABASE").env("SANSE_WORKER", "Wang");
    command.stdin(std::process::Stdio::null()).output().unwrap()
}

/// Standard output and standard error of a command that must succeed.
fn told(data: &Path, arguments: &[&str]) -> (String, String) {
    let output = issuer(data, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// Standard error of a command that must fail.
fn refused(data: &Path, arguments: &[&str]) -> String {
    let output = issuer(data, arguments);
    assert!(!output.status.success(), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

fn codes(data: &Path) -> Vec<String> {
    let lines = told(data, &["passes", "--json"]).0;
    let line =
        |line: &str| serde_json::from_str::<Value>(line).unwrap()["short_code"].as_str().unwrap().to_owned();
    lines.lines().map(line).collect()
}

#[test]
fn from_the_counter_to_the_status_list() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let roster = data.join("roster.csv");
    let rows =
        "小区,楼栋,单元,房号,姓名,电话,车牌,颜色\n翠湖小区,3,2,501,张小明,,,红\n翠湖小区,3,2,502,仇英,,,绿\n";
    std::fs::write(&roster, rows).unwrap();
    for command in [["keygen", "--office", "7"].as_slice(), &["import", roster.to_str().unwrap()], &["sign"]]
    {
        told(data, command);
    }
    let code = &codes(data)[0];
    let shown = || told(data, &["pass", "show", code]).0;
    assert!(
        shown().contains(code) && shown().contains("张*明") && shown().contains("翠湖小区 3-2-501"),
        "{}",
        shown()
    );
    assert!(!shown().contains("张小明"));

    // A symbol misread, two exchanged, and what is no code.
    let other = if code.starts_with('A') { "B" } else { "A" };
    let misread = format!("{other}{}", &code[1..]);
    for arguments in [
        ["pass", "show", &misread].as_slice(),
        &["pass", "withdraw", &misread, "--why", "lost"],
        &["colour", &misread, "green", "--compound", "翠湖小区", "--why", "14 days", "--signed-off"],
    ] {
        assert!(refused(data, arguments).contains("misread"), "{arguments:?}");
    }
    assert!(refused(data, &["pass", "show", "翠湖"]).contains("no short code"));
    assert!(refused(data, &["pass", "show", &misread, "--lang", "zh"]).contains("校验码对不上"));
    assert!(refused(data, &["pass", "withdraw", code, "--why", " "]).contains("--why"));
    assert!(refused(data, &["pass", "withdraw", code]).contains("--why"), "no reason, no decision");

    // As people type it.
    told(data, &["pass", "suspend", &code.to_lowercase().replace('-', " "), "--why", "checking"]);
    assert!(shown().contains("suspended"));
    told(data, &["pass", "reinstate", code, "--why", "checked"]);
    assert!(shown().contains("Status\tholds"));

    // Red ends by a sign-off alone.
    let release = ["colour", code, "green", "--compound", "翠湖小区", "--why", "14 days"];
    assert!(refused(data, &release).contains("--signed-off"));
    assert!(shown().contains("Colour\tred"));
    let health = ["health", code, "--compound", "翠湖小区", "--temperature"];
    assert!(refused(data, &[&health[..], &["warm"]].concat()).contains("between 34.0 and 43.0"));
    let (_, said) = told(data, &[&health[..], &["36.5", "--by", "Dr Li"]].concat());
    assert!(said.contains("36.5 °C, well"), "{said}");
    // It began just now.
    let early = refused(data, &[release.as_slice(), &["--signed-off"]].concat());
    assert!(early.contains("The observation lasts until"), "{early}");
    let (_, said) = told(data, &[release.as_slice(), &["--mistaken", "--by", "Dr Li"]].concat());
    assert!(said.contains("red before, green now"), "{said}");
    assert!(shown().contains("swap the card") && shown().contains("Dr Li\tgreen\t14 days"), "{}", shown());
    let (_, said) = told(data, &["colour", "3-2-501", "green", "--compound", "翠湖小区", "--why", "14 days"]);
    assert!(said.contains("already"), "{said}");

    let (new, _) = told(data, &["pass", "replace", code, "--why", "lost"]);
    assert!(refused(data, &["pass", "reinstate", code, "--why", "found"]).contains("was replaced"));
    assert_eq!(codes(data).last().map(String::as_str), Some(new.trim()));
    let shown = told(data, &["pass", "show", new.trim()]).0;
    assert!(
        shown.contains("Status\tholds\n") && shown.contains(&format!("{code} replaced\tlost")),
        "{shown}"
    );
    let (_, said) = told(data, &["sign"]);
    assert!(said.contains("Nobody needs"), "the new card is signed already: {said}");

    // The gates are told.
    let bundle = data.join("gate.bundle");
    told(data, &["bundle", "--compound", "翠湖小区", "--out", bundle.to_str().unwrap()]);
    let bundle = protocol::Bundle::from_bytes(&std::fs::read(bundle).unwrap()).unwrap();
    let root = root(data);
    let keys = pass::TrustList::open(&bundle.trust, &root).unwrap();
    let list = pass::StatusList::open(&bundle.status[0], &keys).unwrap();
    let statuses: Vec<_> = (0..3).map(|index| list.get(index).unwrap()).collect();
    assert_eq!(statuses, [pass::Status::Replaced, pass::Status::AsSigned, pass::Status::AsSigned]);
}

fn root(data: &Path) -> pass::PublicKey {
    let keys: pass::JwkSet = serde_json::from_str(&told(data, &["keys"]).0).unwrap();
    let root = keys.keys.iter().find(|key| key.role.as_deref() == Some("root")).unwrap();
    root.public_key().unwrap()
}
