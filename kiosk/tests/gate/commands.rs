//! The commands as real processes.

use crate::office::{Office, blank, kiosk, kiosk_reads, lines, picture, set_up};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pass::{Colour, CompoundId, Jwk, JwkSet, Kind, SigningKey, Status};
use protocol::{Receiver, ReceiverJwk};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_root_is_pinned_once() {
    let (office, dir) = (Office::new(), tempfile::tempdir().unwrap());
    let set = JwkSet {
        keys: vec![Jwk::new(&office.key.public(), "issuer"), Jwk::new(&office.root.public(), "root")],
    };
    let file = dir.path().join("keys.json");
    std::fs::write(&file, serde_json::to_string(&set).unwrap()).unwrap();
    for root in [file.to_str().unwrap(), &office.root_text()] {
        let output = kiosk(dir.path(), &["trust", root]).output().unwrap();
        assert!(output.status.success());
        assert!(text(&output.stdout).starts_with(&office.root.id().to_string()));
    }
    let other = STANDARD.encode(SigningKey::from_seed(&[9; 32]).public().cose_key());
    let refused = kiosk(dir.path(), &["trust", &other]).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("--replace"), "{}", text(&refused.stderr));
    assert!(kiosk(dir.path(), &["trust", &other, "--replace"]).status().unwrap().success());
    assert_eq!(kiosk(dir.path(), &["trust", "nonsense"]).status().unwrap().code(), Some(1));
}

#[test]
fn bundles_never_go_back() {
    let (office, dir) = (Office::new(), tempfile::tempdir().unwrap());
    let file = dir.path().join("bundle");
    let load = |bytes: &[u8]| {
        std::fs::write(&file, bytes).unwrap();
        kiosk(dir.path(), &["load", file.to_str().unwrap()]).output().unwrap().status.code()
    };
    assert_eq!(load(&office.bundle(5)), Some(2), "nothing is believed without a root");
    assert!(kiosk(dir.path(), &["trust", &office.root_text()]).status().unwrap().success());
    assert_eq!(load(&office.bundle(5)), Some(0));
    assert_eq!(load(&office.bundle(4)), Some(1));
    assert_eq!(load(b"nonsense"), Some(1));
    assert_eq!(load(&office.bundle(5)), Some(0));
    assert_eq!(load(&office.bundle(6)), Some(0));
    assert_eq!(load(&office.bundle(5)), Some(1));
}

#[test]
fn the_people_are_for_one_gate_and_stay_when_a_bundle_has_none() {
    let (office, dir) = (Office::new(), tempfile::tempdir().unwrap());
    assert!(kiosk(dir.path(), &["trust", &office.root_text()]).status().unwrap().success());
    let file = dir.path().join("a.bundle");
    let load = |bytes: &[u8]| {
        std::fs::write(&file, bytes).unwrap();
        let output = kiosk(dir.path(), &["load", file.to_str().unwrap()]).output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stderr)
    };
    assert!(load(&office.bundle(1)).contains("kiosk key"), "it says what to do about it");

    let key = kiosk(dir.path(), &["key"]).output().unwrap();
    let jwk = kiosk(dir.path(), &["key", "--jwk"]).output().unwrap();
    let receiver = Receiver::of_text(&text(&key.stdout)).unwrap();
    let jwk: ReceiverJwk = serde_json::from_slice(&jwk.stdout).unwrap();
    assert_eq!(jwk.receiver().unwrap(), receiver, "the same key each time, in both forms");
    assert!(text(&key.stderr).contains(&receiver.fingerprint()));
    use std::os::unix::fs::PermissionsExt;
    let rights = std::fs::metadata(dir.path().join("gate.key")).unwrap().permissions().mode();
    assert_eq!(rights & 0o777, 0o600);

    let other = protocol::ReceiverKey::from_bytes(&[7; 32]).receiver();
    assert!(load(&office.bundle_for(2, &[&other])).contains("no people for this gate"));
    assert!(load(&office.bundle_for(3, &[&other, &receiver])).contains("5 residents"));
    let kept = std::fs::read(dir.path().join("bundle")).unwrap();
    let kept = protocol::Bundle::from_bytes(&kept).unwrap();
    assert_eq!(kept.people.len(), 1, "what is sealed for others is not kept");
    assert!(load(&office.bundle(4)).contains("5 residents"), "those it has stay");
    for name in ["bundle", "bundle-before", "marks.json"] {
        let bytes = std::fs::read(dir.path().join(name)).unwrap();
        let found = bytes.windows("张".len()).any(|window| window == "张".as_bytes());
        assert!(!found, "{name} names somebody");
    }
    std::fs::write(&file, office.bundle_for(5, &[&receiver])).unwrap();
    assert!(kiosk(dir.path(), &["load", file.to_str().unwrap()]).status().unwrap().success());
    std::fs::write(dir.path().join("gate.key"), "damaged").unwrap();
    let damaged = kiosk(dir.path(), &["key"]).output().unwrap();
    assert_eq!(damaged.status.code(), Some(1));
    assert!(text(&damaged.stderr).contains("gate.key"), "it is named, and not overwritten");
}

#[test]
fn check_judges_lines() {
    let (mut office, dir) = (Office::new(), tempfile::tempdir().unwrap());
    office.statuses[3] = Status::Withdrawn;
    office.statuses[4] = Status::Now(Colour::Green);
    let bundle = dir.path().join("bundle");
    std::fs::write(&bundle, office.bundle(1)).unwrap();
    let stranger = Office { key: SigningKey::from_seed(&[8; 32]), ..Office::new() };
    // What stands in a line, and the verdict and reasons going out.
    let table: Vec<(String, &str, &[&str])> = vec![
        (office.pass(0, Colour::Green), "admit", &[]),
        (office.pass(1, Colour::Yellow), "check", &["yellow_out"]),
        (office.pass(2, Colour::Red), "refuse", &["red_out"]),
        (office.pass(3, Colour::Green), "refuse", &["withdrawn"]),
        (office.pass(4, Colour::Red), "admit", &["colour_changed"]),
        (office.pass(500, Colour::Green), "check", &["newer_than_status_list"]),
        (office.pass_with(5, Colour::Green, |p| p.kind = Kind::Specimen), "refuse", &["specimen"]),
        (office.pass_with(5, Colour::Green, |p| p.compound = CompoundId(8)), "refuse", &["other_compound"]),
        (office.pass_with(5, Colour::Green, |p| p.expires = p.not_before.plus(60)), "refuse", &["expired"]),
        (stranger.pass(6, Colour::Green), "refuse", &["unknown_key"]),
        ("https://example.com/".into(), "refuse", &["not_a_pass"]),
        (String::new(), "refuse", &["not_a_pass"]),
        (format!("{}\t", office.pass(0, Colour::Green)), "refuse", &["white_space"]),
        (format!(" {}", office.pass(0, Colour::Green)), "refuse", &["white_space"]),
        (format!("SG1:{}", "A".repeat(10_000)), "refuse", &["too_long"]),
        (format!("SG1:{}", "A".repeat(3_000_000)), "refuse", &["too_long"]),
        ("SG1:GGW".into(), "refuse", &["base45_range"]),
    ];
    let mut input: Vec<u8> = table.iter().flat_map(|(line, ..)| format!("{line}\r\n").into_bytes()).collect();
    input.extend(b"\xFF\xFE");
    let arguments = ["check", "--bundle", bundle.to_str().unwrap(), "--direction", "out"];
    let without_root = kiosk_reads(dir.path(), &arguments, &input);
    assert_eq!((without_root.status.code(), without_root.stdout), (Some(2), vec![]));
    assert!(text(&without_root.stderr).contains("kiosk trust"));

    let root = office.root_text();
    let with_root = [&arguments[..], &["--root", &root]].concat();
    let output = kiosk_reads(dir.path(), &with_root, &input);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let found = lines(&output.stdout);
    assert_eq!(found.len(), table.len() + 1);
    for ((line, verdict, reasons), found) in table.iter().zip(&found) {
        let start = &line[..line.len().min(60)];
        assert_eq!(found["verdict"], *verdict, "{start}: {found}");
        let codes: Vec<&str> =
            found["reasons"].as_array().unwrap().iter().map(|r| r.as_str().unwrap()).collect();
        assert_eq!(codes, *reasons, "{start}");
    }
    assert_eq!(found[1]["serial"], "0900000001");
    assert_eq!(found[9]["serial"], serde_json::Value::Null);
    assert!(!dir.path().join("journal").exists(), "it logs nothing");
    assert!(!dir.path().join("root").exists(), "it pins nothing");
}

#[test]
fn scan_reads_pictures_and_survives_what_is_none() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    picture(dir.path().join("a.pgm").as_path(), "SG1:HELLO");
    blank(dir.path().join("b.pgm").as_path());
    std::fs::write(dir.path().join("c.png"), b"\x89PNG\r\n\x1a\nnothing").unwrap();
    let names = [path("a.pgm"), path("b.pgm"), path("c.png"), path("none.jpg"), String::new()];
    let output = kiosk_reads(dir.path(), &["scan"], (names.join("\n") + "\n").as_bytes());
    assert!(output.status.success());
    let out = text(&output.stdout);
    let rows: Vec<Vec<&str>> = out.lines().map(|line| line.split('\t').collect()).collect();
    let hello = STANDARD.encode("SG1:HELLO");
    let texts = [hello.as_str(), "-", "-", "-", "-"];
    assert_eq!(rows.len(), names.len());
    for ((row, name), found) in rows.iter().zip(&names).zip(texts) {
        assert_eq!((row[0], row[2]), (name.as_str(), found));
        assert!(row[1].parse::<f64>().unwrap() >= 0.0);
    }
    assert!(text(&output.stderr).contains("none.jpg"));
}

#[test]
fn a_folder_of_images_is_judged_logged_and_counted() {
    let (office, dir) = (Office::new(), tempfile::tempdir().unwrap());
    set_up(&office, dir.path());
    let images = dir.path().join("images");
    std::fs::create_dir(&images).unwrap();
    let shown = [
        Some(office.pass(0, Colour::Green)),
        Some(office.pass(0, Colour::Green)),
        None,
        Some(office.pass(1, Colour::Yellow)),
        Some("https://example.com/".into()),
        Some(office.pass(2, Colour::Red)),
        Some("SG1:GGW".into()),
        Some("SG1:GGW".into()),
        Some(office.pass(0, Colour::Green)),
    ];
    for (i, text) in shown.iter().enumerate() {
        let path = images.join(format!("{i}.pgm"));
        match text {
            Some(text) => picture(&path, text),
            None => blank(&path),
        }
    }
    let images = images.to_str().unwrap();
    let run = [
        "run",
        "--images",
        images,
        "--direction",
        "out",
        "--once",
        "--gate",
        "南门",
        "--listen",
        "127.0.0.1:0",
    ];
    let output = kiosk(dir.path(), &run).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let mut shown = lines(&output.stdout);
    let counts = shown.pop().unwrap();
    let expected = serde_json::json!({
        "frames": 9, "scanned": 4, "admitted": 1, "refused": 2, "checked": 1, "logged": 4
    });
    assert_eq!(counts, expected);

    let listed = kiosk(dir.path(), &["log", "list"]).output().unwrap();
    assert_eq!(lines(&listed.stdout), shown, "what was shown is what is logged");
    assert_eq!(shown[0]["gate"], "南门");
    assert_eq!(shown[3]["reasons"][0], "base45_range");
    let verdicts: Vec<&str> = shown.iter().map(|event| event["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["admit", "check", "refuse", "refuse"]);
    let last = kiosk(dir.path(), &["log", "list", "--last", "1"]).output().unwrap();
    assert_eq!(lines(&last.stdout), shown[3..]);

    let verified = kiosk(dir.path(), &["log", "verify"]).output().unwrap();
    assert!(verified.status.success());
    assert_eq!(lines(&verified.stdout)[0]["events"], 4);

    let file = dir.path().join("log.csv");
    let export = ["log", "export", "--format", "csv", "--out", file.to_str().unwrap()];
    assert!(kiosk(dir.path(), &export).status().unwrap().success());
    let csv = std::fs::read_to_string(file).unwrap();
    assert_eq!(csv.lines().count(), 5);
    assert!(csv.starts_with("journal,sequence,gate,at,"));

    let bytes = kiosk(dir.path(), &["log", "export", "--format", "cbor"]).output().unwrap().stdout;
    let mut at = 0;
    for event in &shown {
        let mut decoder = minicbor::Decoder::new(&bytes[at..]);
        decoder.skip().unwrap();
        let end = at + decoder.position();
        let raw = gate::Event::from_bytes(&bytes[at..end]).unwrap();
        assert_eq!(Some(raw.sequence), event["sequence"].as_u64());
        at = end;
    }
    assert_eq!(at, bytes.len());
}

#[test]
fn without_a_root_nothing_is_judged() {
    let (office, dir) = (Office::new(), tempfile::tempdir().unwrap());
    let images = dir.path().join("images");
    std::fs::create_dir(&images).unwrap();
    picture(&images.join("a.pgm"), &office.pass(0, Colour::Green));
    let run = ["run", "--images", images.to_str().unwrap(), "--once", "--listen", "127.0.0.1:0"];
    let output = kiosk(dir.path(), &run).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("kiosk trust"));
    assert_eq!(lines(&output.stdout).pop().unwrap()["scanned"], 0);
}

#[test]
fn the_page_is_for_loopback_only() {
    let dir = tempfile::tempdir().unwrap();
    for address in ["0.0.0.0:0", "192.168.1.2:80", "localhost"] {
        let output = kiosk(dir.path(), &["run", "--listen", address, "--once"]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{address}");
    }
}

#[test]
fn other_rules_are_tried_on_what_happened() {
    let (office, dir) = (Office::new(), tempfile::tempdir().unwrap());
    set_up(&office, dir.path());
    let images = dir.path().join("images");
    std::fs::create_dir(&images).unwrap();
    // Two of one household, one after the other.
    for index in [1, 2] {
        let pass = office.pass_with(index, Colour::Green, |pass| pass.household = 5);
        picture(&images.join(format!("{index}.pgm")), &pass);
    }
    let run = [
        "run",
        "--images",
        images.to_str().unwrap(),
        "--direction",
        "out",
        "--once",
        "--listen",
        "127.0.0.1:0",
    ];
    assert!(kiosk(dir.path(), &run).output().unwrap().status.success());
    let starter = include_str!("../../../issuer/data/starter-rules.json");
    let quota = "\"quotas\": [{\"per\": \"household\", \"exits\": 1, \"days\": 2, \"count\": \"rolling\", \"colours\": \
                 {\"green\": true, \"yellow\": true, \"red\": true}, \"exemptions\": true, \"verdict\": \"refuse\"}]";
    let rules = dir.path().join("rules.json");
    std::fs::write(&rules, starter.replace("\"quotas\": []", quota)).unwrap();
    let rules = rules.to_str().unwrap();
    let tried = kiosk(dir.path(), &["rules", "try", rules, "--format", "json"]).output().unwrap();
    assert!(tried.status.success(), "{}", text(&tried.stderr));
    let changes = lines(&tried.stdout);
    assert_eq!(changes.len(), 1, "{changes:?}");
    let change = &changes[0];
    assert_eq!(
        (&change["sequence"], &change["before"], &change["after"]),
        (&"2".into(), &"admit".into(), &"refuse".into())
    );
    assert_eq!(change["why_after"], "quota_household");
    assert!(text(&tried.stderr).contains("2 verdicts judged again, 1 of them"), "{}", text(&tried.stderr));
    let none = kiosk(dir.path(), &["rules", "try", rules, "--until", "2020-01-01"]).output().unwrap();
    assert!(none.status.success() && none.stdout.is_empty());
    let explained = kiosk(dir.path(), &["rules", "explain", rules]).output().unwrap();
    assert!(text(&explained.stdout).contains("1 exit in any 48 hours"), "{}", text(&explained.stdout));
    assert_eq!(kiosk(dir.path(), &["rules", "explain", "/nowhere"]).status().unwrap().code(), Some(1));
}
