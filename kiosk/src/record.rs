//! An event as programs outside read it: one flat object, the same in the log, in exports, and on standard output.

use gate::{Event, Verdict, What};
use pass::Timestamp;
use serde::Serialize;

/// An event, flat. Numbers and codes only; no name stands in a journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
    /// `in` or `out`.
    pub direction: &'static str,
    /// `admit`, `check` or `refuse`.
    pub verdict: &'static str,
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
    /// Persons that passed on it.
    pub party: u16,
    /// In degrees Celsius.
    pub temperature: Option<String>,
    /// The plate that was read or keyed in.
    pub plate: Option<String>,
    /// Who decided otherwise.
    pub overridden_by: Option<String>,
    /// Their reason.
    pub overridden_why: Option<String>,
    /// The verdict before that.
    pub instead_of: Option<&'static str>,
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
    pub const COLUMNS: [&'static str; 27] = [
        "journal",
        "sequence",
        "gate",
        "at",
        "in_doubt",
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
        "party",
        "temperature",
        "plate",
        "overridden_by",
        "overridden_why",
        "instead_of",
        "trust_version",
        "status_version",
        "rules_version",
        "before",
        "hash",
    ];

    /// The record of an event; none for a kind of event that this program is too old to tell.
    #[must_use]
    pub fn of(event: &Event) -> Option<Self> {
        let What::Judged(judged) = &event.what else { return None };
        let holder = judged.holder.as_ref();
        let over = judged.overridden.as_ref();
        Some(Self {
            journal: hex(&event.journal),
            sequence: event.sequence,
            gate: event.gate.clone(),
            at: rfc3339(event.at),
            in_doubt: event.in_doubt,
            direction: judged.direction.code(),
            verdict: judged.verdict.code(),
            reasons: judged.reasons.clone(),
            alert: judged.alert,
            office: holder.map(|holder| holder.office.0),
            serial: holder.map(|holder| holder.serial.to_string()),
            short_code: holder.map(|holder| holder.serial.short_code()),
            compound: holder.map(|holder| holder.compound.0),
            household: holder.map(|holder| holder.household),
            holder: holder.map(|holder| holder.holder),
            colour: holder.map(|holder| holder.colour.code()),
            party: judged.party,
            temperature: judged.temperature.map(|tenths| format!("{}.{}", tenths / 10, tenths % 10)),
            plate: judged.plate.clone(),
            overridden_by: over.map(|over| over.who.clone()),
            overridden_why: over.map(|over| over.why.clone()),
            instead_of: over.map(|over| over.instead_of).map(Verdict::code),
            trust_version: judged.versions.trust,
            status_version: judged.versions.status,
            rules_version: judged.versions.rules,
            before: hex(&event.before),
            hash: hex(&event.hash()),
        })
    }

    /// The cells of a table, in the order of [`Record::COLUMNS`]; reasons joined by spaces. What a spreadsheet would
    /// take for a formula is made text by an apostrophe.
    #[must_use]
    pub fn cells(&self) -> [String; 27] {
        fn optional<T: ToString>(value: Option<&T>) -> String {
            value.map(ToString::to_string).unwrap_or_default()
        }
        [
            self.journal.clone(),
            self.sequence.to_string(),
            self.gate.clone(),
            self.at.clone(),
            self.in_doubt.to_string(),
            self.direction.to_owned(),
            self.verdict.to_owned(),
            self.reasons.join(" "),
            self.alert.to_string(),
            optional(self.office.as_ref()),
            optional(self.serial.as_ref()),
            optional(self.short_code.as_ref()),
            optional(self.compound.as_ref()),
            optional(self.household.as_ref()),
            optional(self.holder.as_ref()),
            optional(self.colour.as_ref()),
            self.party.to_string(),
            optional(self.temperature.as_ref()),
            optional(self.plate.as_ref()),
            optional(self.overridden_by.as_ref()),
            optional(self.overridden_why.as_ref()),
            optional(self.instead_of.as_ref()),
            self.trust_version.to_string(),
            self.status_version.to_string(),
            self.rules_version.to_string(),
            self.before.clone(),
            self.hash.clone(),
        ]
        .map(harmless)
    }
}

/// A cell that no spreadsheet takes for a formula (OWASP, "CSV injection").
fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A time in UTC; the number itself when it is outside what a calendar has.
pub(crate) fn rfc3339(at: Timestamp) -> String {
    jiff::Timestamp::from_second(at.0).map_or_else(|_| at.to_string(), |at| at.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use gate::{Direction, Holder, Judged, Override, Versions};
    use pass::{Colour, CompoundId, OfficeId, Serial};

    fn event() -> Event {
        let holder = Holder {
            office: OfficeId(1),
            serial: Serial([0, 1, 2, 0xFE, 0xFF]),
            compound: CompoundId(3),
            household: 40,
            holder: 5,
            colour: Colour::Red,
        };
        let over = Override { who: "@li".into(), why: "=1+1, 急诊".into(), instead_of: Verdict::Refuse };
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
            overridden: Some(over),
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
        let json = serde_json::to_string(&Record::of(&event()).unwrap()).unwrap();
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
        let cells = Record::of(&event()).unwrap().cells();
        for cell in &cells {
            assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
        }
        assert_eq!(
            (cells[2].as_str(), cells[19].as_str(), cells[20].as_str()),
            ("'+南门", "'@li", "'=1+1, 急诊")
        );
        assert_eq!((cells[7].as_str(), cells[17].as_str()), ("red_out colour_changed", "36.5"));
    }
}
