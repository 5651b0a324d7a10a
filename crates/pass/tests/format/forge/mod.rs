//! Makes every vector from fixed keys: what is good, and each way of being wrong.
//!
//! Shared by the tests that judge the vectors and by `cargo run -p pass --example make-vectors`, which writes them.

pub(crate) mod cbor;
pub(crate) mod claims;
pub(crate) mod envelope;
mod envelopes;
mod passes;
pub(crate) mod statuses;
mod texts;
pub(crate) mod trusts;

use std::fmt::Write;

use pass::{Pass, Refusal};

use envelope::TestKey;

pub(crate) const ROOT: TestKey = TestKey { name: "root", number: 1 };
pub(crate) const OTHER_ROOT: TestKey = TestKey { name: "other-root", number: 2 };
/// Signs everything for office 1.
pub(crate) const OFFICE: TestKey = TestKey { name: "office", number: 2957 };
/// Has the key id of [`OFFICE`], found by trying seeds.
pub(crate) const TWIN: TestKey = TestKey { name: "twin-of-office", number: 7145 };
/// Signs passes of visitors to compound 1 for office 1, and nothing else.
pub(crate) const VISITORS: TestKey = TestKey { name: "visitors", number: 3 };
/// Signs status lists for office 1, and nothing else.
pub(crate) const CLERK: TestKey = TestKey { name: "clerk", number: 6 };
/// Signs everything for office 2.
pub(crate) const NEIGHBOUR: TestKey = TestKey { name: "neighbour", number: 4 };
/// In no trust list.
pub(crate) const STRANGER: TestKey = TestKey { name: "stranger", number: 5 };
const KEYS: [TestKey; 8] = [ROOT, OTHER_ROOT, OFFICE, TWIN, VISITORS, CLERK, NEIGHBOUR, STRANGER];

/// What the input of a vector claims to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// The text of a QR code.
    Pass,
    /// A line from a reader, which may end in a line break.
    Line,
    StatusList,
    TrustList,
}

impl What {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Line => "line",
            Self::StatusList => "status",
            Self::TrustList => "trust",
        }
    }
}

/// One vector.
pub(crate) struct Case {
    what: What,
    name: String,
    about: &'static str,
    /// The vector with the trust list that judges this one.
    trust: &'static str,
    input: Vec<u8>,
    /// What is read from it, or why it is refused.
    wanted: Result<String, Refusal>,
}

impl Case {
    fn file_name(&self) -> String {
        format!("{}-{}.txt", self.what.name(), self.name)
    }

    /// The file: a comment, the header, an empty line, the input.
    fn to_file(&self) -> String {
        let mut file = format!("# {}\nwhat: {}\n", self.about, self.what.name());
        if self.what != What::TrustList {
            writeln!(file, "trust: {}", self.trust).expect("a String takes every write");
        }
        let (expect, says) = match &self.wanted {
            Ok(summary) => ("accepted", summary.clone()),
            Err(refusal) => (refusal.code(), refusal.to_string()),
        };
        writeln!(file, "expect: {expect}\nsays: {says}\n").expect("a String takes every write");
        match self.what {
            What::Pass | What::Line => {
                let text = String::from_utf8(self.input.clone()).expect("a text");
                file.push_str(&escaped(&text));
                file.push('\n');
            }
            What::StatusList | What::TrustList => {
                for line in self.input.chunks(48) {
                    file.push_str(&hex(line));
                    file.push('\n');
                }
            }
        }
        file
    }
}

/// All vectors.
fn cases() -> Vec<Case> {
    let all = [texts::cases(), envelopes::cases(), passes::cases(), statuses::cases(), trusts::cases()];
    all.into_iter().flatten().collect()
}

/// All files of the folder: name and content.
pub(crate) fn files() -> impl Iterator<Item = (String, String)> {
    let vectors = cases().into_iter().map(|case| (case.file_name(), case.to_file()));
    vectors.chain([("keys.txt".to_owned(), keys_file())])
}

/// The file that names the keys: seed, public key, key id.
fn keys_file() -> String {
    let mut file = String::from(
        "# The keys of the vectors: name, seed, public key, key id. Nothing in them is secret.\n",
    );
    for key in KEYS {
        let (seed, public) = (hex(&key.seed()), hex(&key.public().to_bytes()));
        writeln!(file, "{} {seed} {public} {}", key.name, key.id()).expect("a String takes every write");
    }
    file
}

/// The summary of a pass that is accepted.
pub(crate) fn of_pass(office: u32, pass: &Pass) -> String {
    let Pass { serial, not_before, expires, compound, household, holder, index, colour, kind, mode, name } =
        pass;
    let mode = match mode {
        pass::Mode::Paper => "paper".to_owned(),
        pass::Mode::Phone(key) => format!("phone {}", hex(key)),
    };
    format!(
        "office {office}, serial {serial}, from {not_before} to {expires}, compound {}, household {household}, \
         holder {holder}, index {index}, {}, {}, {mode}, {name}",
        compound.0,
        colour.code(),
        kind.code()
    )
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Keeps a text on one line: a backslash stands before another, `t`, `r`, `n` and `u{…}`.
fn escaped(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '\t' | '\r' | '\n' => line.extend(c.escape_default()),
            c if c != ' ' && (c.is_whitespace() || c.is_control()) => line.extend(c.escape_unicode()),
            c => line.push(c),
        }
    }
    line
}
