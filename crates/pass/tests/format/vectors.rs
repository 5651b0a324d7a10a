//! One file for each input, its verdict inside.
//!
//! The files are what `cargo run -p pass --example make-vectors` writes; other programs may judge themselves by them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use pass::{PublicKey, Refusal, StatusList, TrustList, TrustedKeys, Verified, strip_line_ending, verify};

use crate::forge::{self, What};

struct Vector {
    what: What,
    trust: Option<String>,
    expect: String,
    says: String,
    input: Vec<u8>,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

/// All files of the folder by their names.
fn files() -> BTreeMap<String, String> {
    let read = |entry: fs::DirEntry| {
        (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap())
    };
    fs::read_dir(folder()).unwrap().map(|entry| read(entry.unwrap())).collect()
}

impl Vector {
    fn parse(file: &str) -> Self {
        let (head, input) = file.split_once("\n\n").unwrap();
        let field = |name: &str| {
            let line = head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            line.map(str::to_owned)
        };
        let what = field("what").unwrap();
        let what = [What::Pass, What::Line, What::StatusList, What::TrustList]
            .into_iter()
            .find(|known| known.name() == what)
            .unwrap();
        let input = match what {
            What::Pass | What::Line => unescaped(input.strip_suffix('\n').unwrap()).into_bytes(),
            What::StatusList | What::TrustList => unhex(&input.replace('\n', "")),
        };
        let (expect, says) = (field("expect").unwrap(), field("says").unwrap());
        Self { what, trust: field("trust"), expect, says, input }
    }

    /// What the crate makes of the input.
    fn judge(&self, root: &PublicKey, files: &BTreeMap<String, String>) -> Result<String, Refusal> {
        let keys = |vector: &Self| {
            let list = Self::parse(&files[vector.trust.as_ref().unwrap()]);
            TrustList::open(&list.input, root).unwrap()
        };
        let text = || std::str::from_utf8(&self.input).unwrap();
        match self.what {
            What::Pass => verify(text(), &keys(self)).as_ref().map(of_verified).map_err(|r| *r),
            What::Line => {
                let text = strip_line_ending(text());
                verify(text, &keys(self)).as_ref().map(of_verified).map_err(|r| *r)
            }
            What::StatusList => StatusList::open(&self.input, &keys(self)).map(|list| of_status(&list)),
            What::TrustList => TrustList::open(&self.input, root).map(|keys| of_trust(&keys)),
        }
    }
}

fn unhex(digits: &str) -> Vec<u8> {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.as_bytes().chunks(2).map(byte).collect()
}

fn of_verified(pass: &Verified) -> String {
    forge::of_pass(pass.office().0, pass)
}

/// The summary of a status list that is accepted.
fn of_status(list: &StatusList) -> String {
    let statuses: String = (0..).map_while(|i| list.get(i)).map(|s| format!("{:x}", s.bits())).collect();
    format!(
        "office {}, version {}, issued {}, expires {}, statuses {statuses}",
        list.office.0, list.version, list.issued, list.expires
    )
}

/// The summary of a trust list that is accepted.
fn of_trust(keys: &TrustedKeys) -> String {
    let ids: Vec<String> =
        keys.keys().iter().map(|key| format!("{} of office {}", key.public.id(), key.office.0)).collect();
    format!("version {}, issued {}, keys: {}", keys.version(), keys.issued(), ids.join(", "))
}

/// Undoes the backslashes of a file.
fn unescaped(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        text.push(match (c, c == '\\') {
            (_, true) => match chars.next().unwrap() {
                't' => '\t',
                'r' => '\r',
                'n' => '\n',
                'u' => {
                    let digits: String = chars.by_ref().skip(1).take_while(|c| *c != '}').collect();
                    u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32).unwrap()
                }
                other => other,
            },
            (c, false) => c,
        });
    }
    text
}

/// The root key of the vectors, from the file that a stranger would read.
fn root(files: &BTreeMap<String, String>) -> PublicKey {
    let line = files["keys.txt"].lines().find(|line| line.starts_with("root ")).unwrap();
    let public = line.split(' ').nth(2).unwrap();
    PublicKey::from_bytes(&unhex(public).try_into().unwrap()).unwrap()
}

#[test]
fn every_vector_gets_its_verdict() {
    let files = files();
    let root = root(&files);
    let mut wrong = Vec::new();
    for (name, file) in files.iter().filter(|(name, _)| *name != "keys.txt") {
        let vector = Vector::parse(file);
        let (expect, says) = match vector.judge(&root, &files) {
            Ok(summary) => ("accepted", summary),
            Err(refusal) => (refusal.code(), refusal.to_string()),
        };
        if (expect, &says) != (vector.expect.as_str(), &vector.says) {
            wrong
                .push(format!("{name}\n  wanted {}: {}\n  got {expect}: {says}", vector.expect, vector.says));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_reason_has_a_vector() {
    let found: BTreeSet<String> = files()
        .iter()
        .filter(|(name, _)| *name != "keys.txt")
        .map(|(_, file)| Vector::parse(file).expect)
        .collect();
    let every = [
        "accepted",
        "algorithm",
        "appended",
        "bad_signature",
        "base45_character",
        "base45_length",
        "base45_range",
        "key_not_for_compound",
        "key_not_for_content",
        "key_not_for_kind",
        "key_not_valid",
        "lower_case",
        "malformed",
        "not_a_pass",
        "not_canonical",
        "too_long",
        "truncated",
        "unknown_key",
        "unprotected_header",
        "white_space",
        "wrong_content",
        "wrong_office",
    ];
    assert_eq!(found, every.map(str::to_owned).into());
}

#[test]
fn the_files_are_what_is_made() {
    let files = files();
    let made: BTreeMap<String, String> = forge::files().collect();
    let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
    let remedy = "run `cargo run -p pass --example make-vectors`, and look at what changed";
    assert_eq!(names(&files), names(&made), "{remedy}");
    for (name, file) in &made {
        assert!(*file == files[name], "{name} is another: {remedy}");
    }
}
