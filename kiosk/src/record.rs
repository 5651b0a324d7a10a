//! An event as programs outside read it: one flat object, the same in the log, in exports, and on standard output.

use gate::{Came, Event, Judged, Note, What};
use pass::Timestamp;
use serde::Serialize;

/// An event, flat. Numbers and codes only; no name stands in a journal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Record {
    /// The journal's random name, in hexadecimal.
    pub journal: String,
    /// Its place in the journal, from 1.
    pub sequence: u64,
    /// The gate.
    pub gate: String,
    /// When, as RFC 3339 in UTC.
    pub at: String,
    /// Whether the clock was in doubt.
    pub in_doubt: bool,
    /// What happened: `judged`, `passed`, `overridden` and so on. What follows is none where it does not apply.
    pub kind: &'static str,
    /// `in` or `out`.
    pub direction: Option<&'static str>,
    /// `admit`, `check` or `refuse`.
    pub verdict: Option<&'static str>,
    /// Codes, the weightiest first.
    pub reasons: Vec<String>,
    /// Whether it raised an alert.
    pub alert: bool,
    /// The office that signed the pass; this and what follows is none when the pass was not believed.
    pub office: Option<u32>,
    /// Ten hexadecimal digits.
    pub serial: Option<String>,
    /// The serial as people read it.
    pub short_code: Option<String>,
    /// The compound.
    pub compound: Option<u32>,
    /// The household within it.
    pub household: Option<u32>,
    /// The holder within it.
    pub holder: Option<u16>,
    /// The colour that held.
    pub colour: Option<&'static str>,
    /// What the pass is for.
    pub pass: Option<&'static str>,
    /// How it came: `scanned`, `hand_scanner`, `searched`.
    pub came: Option<&'static str>,
    /// Persons.
    pub party: Option<u16>,
    /// In degrees Celsius.
    pub temperature: Option<String>,
    /// The plate that was read or keyed in.
    pub plate: Option<String>,
    /// The event of the same journal that it refers to, by its sequence.
    pub of: Option<u64>,
    /// The member of staff.
    pub who: Option<String>,
    /// Their reason, or what a device said.
    pub why: Option<String>,
    /// What is particular to this kind, as `name=value` joined by spaces.
    pub details: String,
    /// Version of the trust list it was judged by; 0 for none, here and in the next two.
    pub trust_version: u64,
    /// Of the status list.
    pub status_version: u64,
    /// Of the rules.
    pub rules_version: u64,
    /// Hash of the event before, in hexadecimal.
    pub before: String,
    /// Its own hash.
    pub hash: String,
}

impl Record {
    /// The names of the columns of [`Record::cells`].
    pub const COLUMNS: [&'static str; 31] = [
        "journal",
        "sequence",
        "gate",
        "at",
        "in_doubt",
        "kind",
        "direction",
        "verdict",
        "reasons",
        "alert",
        "office",
        "serial",
        "short_code",
        "compound",
        "household",
        "holder",
        "colour",
        "pass",
        "came",
        "party",
        "temperature",
        "plate",
        "of",
        "who",
        "why",
        "details",
        "trust_version",
        "status_version",
        "rules_version",
        "before",
        "hash",
    ];

    /// The record of an event.
    #[must_use]
    pub fn of(event: &Event) -> Self {
        let mut record = Self {
            journal: hex(&event.journal),
            sequence: event.sequence,
            gate: event.gate.clone(),
            at: rfc3339(event.at),
            in_doubt: event.in_doubt,
            kind: event.what.code(),
            before: hex(&event.before),
            hash: hex(&event.hash()),
            ..Self::default()
        };
        record.tell(&event.what);
        record
    }

    fn tell(&mut self, what: &What) {
        match what {
            What::Judged(it) => self.judged(it),
            What::Passed(it) => {
                self.of = it.of;
                self.direction = Some(it.direction.code());
                self.party = Some(it.persons);
            }
            What::Overridden(it) => {
                self.verdict = Some(it.verdict.code());
                self.did(Some(it.of), Some(&it.who), Some(&it.why));
            }
            What::Undone(it) => self.did(Some(it.of), Some(&it.who), Some(&it.why)),
            What::EmergencyOpened(it) => {
                self.did(None, it.who.as_ref(), None);
                self.details = format!("opened={}", rfc3339(it.opened.0));
            }
            What::EmergencyClosed(it) => self.did(Some(it.of), it.who.as_ref(), None),
            What::EmergencyExplained(it) => self.did(Some(it.of), Some(&it.who), Some(&it.why)),
            What::SignedIn(it) => {
                self.did(None, Some(&it.who), None);
                self.details = format!("role={}", it.role.code());
            }
            What::SignedOut(it) => {
                self.did(None, Some(&it.who), None);
                self.details = format!("by_itself={}", it.by_itself);
            }
            What::SignInFailed(it) => {
                self.did(None, Some(&it.who), None);
                self.details = format!("failures={} wait={}", it.failures, it.wait);
            }
            What::ShiftChanged(it) => {
                self.did(None, it.from.as_ref(), None);
                let counts = it.counts;
                self.details = format!(
                    "to={} since={} admitted_out={} admitted_in={} checked={} refused={} overridden={} undone={} \
                     manual={} emergencies={} fevers={}",
                    it.to.as_deref().unwrap_or_default(),
                    rfc3339(it.since.0),
                    counts.admitted_out,
                    counts.admitted_in,
                    counts.checked,
                    counts.refused,
                    counts.overridden,
                    counts.undone,
                    counts.manual,
                    counts.emergencies,
                    counts.fevers,
                );
            }
            What::Measured(it) => {
                self.of = it.of;
                self.temperature = Some(degrees(it.tenths));
                self.details = format!("number={} site={}", it.number, it.site.code());
            }
            What::DeviceTrouble(it) => {
                self.did(it.of, None, it.fault.as_ref());
                self.details = format!("device={} works={}", it.device.code(), it.fault.is_none());
            }
            What::ClockSet(it) => {
                self.did(None, Some(&it.who), None);
                self.details = format!("from={} to={}", rfc3339(it.from.0), rfc3339(it.to.0));
            }
            What::Manual(it) => {
                self.direction = Some(it.direction.code());
                self.verdict = Some(it.verdict.code());
                self.household = it.household;
                self.party = Some(it.party);
                self.plate = it.plate.as_ref().map(ToString::to_string);
                self.did(it.instead_of, Some(&it.who), Some(&it.why));
            }
        }
    }

    fn did(&mut self, of: Option<u64>, who: Option<&String>, why: Option<&Note>) {
        self.of = of;
        self.who = who.cloned();
        self.why = why.map(ToString::to_string);
    }

    fn judged(&mut self, judged: &Judged) {
        self.direction = Some(judged.direction.code());
        self.verdict = Some(judged.verdict.code());
        self.reasons.clone_from(&judged.reasons);
        self.alert = judged.alert;
        if let Some(holder) = &judged.holder {
            self.office = Some(holder.office.0);
            self.serial = Some(holder.serial.to_string());
            self.short_code = Some(holder.serial.short_code());
            self.compound = Some(holder.compound.0);
            self.household = Some(holder.household);
            self.holder = Some(holder.holder);
            self.colour = Some(holder.colour.code());
            self.pass = Some(holder.kind.code());
        }
        self.came = Some(judged.came.code());
        if let Came::Searched { who } = &judged.came {
            self.who = Some(who.clone());
        }
        self.party = Some(judged.party);
        self.temperature = judged.temperature.map(degrees);
        self.plate.clone_from(&judged.plate);
        self.of = judged.together_with;
        let beside = (judged.beside > 0).then(|| format!("beside={}", judged.beside));
        let supersedes = judged.supersedes.map(|of| format!("supersedes={of}"));
        let keyed = judged.keyed_by.as_ref().map(|who| format!("keyed_by={who}"));
        self.details = [beside, supersedes, keyed].into_iter().flatten().collect::<Vec<_>>().join(" ");
        self.trust_version = judged.versions.trust;
        self.status_version = judged.versions.status;
        self.rules_version = judged.versions.rules;
    }

    /// The cells of a table, in the order of [`Record::COLUMNS`]; reasons joined by spaces. What a spreadsheet would
    /// take for a formula is made text by an apostrophe.
    #[must_use]
    pub fn cells(&self) -> [String; 31] {
        fn optional<T: ToString>(value: Option<&T>) -> String {
            value.map(ToString::to_string).unwrap_or_default()
        }
        [
            self.journal.clone(),
            self.sequence.to_string(),
            self.gate.clone(),
            self.at.clone(),
            self.in_doubt.to_string(),
            self.kind.to_owned(),
            optional(self.direction.as_ref()),
            optional(self.verdict.as_ref()),
            self.reasons.join(" "),
            self.alert.to_string(),
            optional(self.office.as_ref()),
            optional(self.serial.as_ref()),
            optional(self.short_code.as_ref()),
            optional(self.compound.as_ref()),
            optional(self.household.as_ref()),
            optional(self.holder.as_ref()),
            optional(self.colour.as_ref()),
            optional(self.pass.as_ref()),
            optional(self.came.as_ref()),
            optional(self.party.as_ref()),
            optional(self.temperature.as_ref()),
            optional(self.plate.as_ref()),
            optional(self.of.as_ref()),
            optional(self.who.as_ref()),
            optional(self.why.as_ref()),
            self.details.clone(),
            self.trust_version.to_string(),
            self.status_version.to_string(),
            self.rules_version.to_string(),
            self.before.clone(),
            self.hash.clone(),
        ]
        .map(harmless)
    }
}

fn degrees(tenths: u16) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// A cell that no spreadsheet takes for a formula (OWASP, "CSV injection").
fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A time in UTC; the number itself when it is outside what a calendar has.
pub(crate) fn rfc3339(at: Timestamp) -> String {
    jiff::Timestamp::from_second(at.0).map_or_else(|_| at.to_string(), |at| at.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use gate::{Direction, Holder, Verdict, Versions};
    use pass::{Colour, CompoundId, Kind, OfficeId, Serial};

    fn event() -> Event {
        let holder = Holder {
            office: OfficeId(1),
            serial: Serial([0, 1, 2, 0xFE, 0xFF]),
            compound: CompoundId(3),
            household: 40,
            holder: 5,
            colour: Colour::Red,
            kind: Kind::Person,
        };
        let judged = Judged {
            direction: Direction::Out,
            verdict: Verdict::Admit,
            reasons: vec!["red_out".into(), "colour_changed".into()],
            alert: true,
            holder: Some(holder),
            versions: Versions { trust: 1, status: 2, rules: 3 },
            party: 2,
            temperature: Some(365),
            plate: Some("京A12345".into()),
            came: Came::Searched { who: "@li".into() },
            together_with: Some(6),
            sensed: false,
            beside: 1,
            supersedes: Some(6),
            keyed_by: None,
        };
        Event {
            gate: "+南门".into(),
            journal: [0xAB; 16],
            sequence: 7,
            at: Timestamp(1_582_000_000),
            in_doubt: false,
            before: [1; 32],
            what: What::Judged(judged),
        }
    }

    #[test]
    fn columns_are_the_members_of_the_object() {
        let json = serde_json::to_string(&Record::of(&event())).unwrap();
        let mut at = 0;
        for column in Record::COLUMNS {
            at += json[at..].find(&format!("\"{column}\":")).unwrap_or_else(|| panic!("{column} is missing"));
        }
        let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&json).unwrap();
        assert_eq!(object.len(), Record::COLUMNS.len());
        assert_eq!(object["at"], "2020-02-18T04:26:40Z");
        assert_eq!(object["serial"], "000102feff");
    }

    #[test]
    fn no_cell_is_a_formula() {
        let cells = Record::of(&event()).cells();
        for cell in &cells {
            assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
        }
        let cell = |column| cells[Record::COLUMNS.iter().position(|name| *name == column).unwrap()].as_str();
        assert_eq!((cell("gate"), cell("who")), ("'+南门", "'@li"));
        assert_eq!((cell("reasons"), cell("temperature")), ("red_out colour_changed", "36.5"));
    }
}
