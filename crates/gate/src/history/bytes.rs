//! A history as bytes, so that a gate need not read its whole journal again when it starts. A keepsake, not a record: the
//! journal is the truth, and bytes that can't be read are thrown away.

use minicbor::{Decode, Encode};
use pass::{Serial, Timestamp};

use super::{Became, Entry, Followed, History, Id, One, Turn};
use crate::{Direction, Holder, Measurement, Site, Tenths, Verdict};

const VERSION: u8 = 2;

/// Bytes that are no history, or one of another version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a history that this program knows")]
pub struct HistoryError;

#[derive(Encode, Decode)]
#[cbor(array)]
struct Wire {
    #[n(0)]
    version: u8,
    #[n(1)]
    journals: Vec<WireJournal>,
    #[n(2)]
    entries: Vec<WireEntry>,
    #[n(3)]
    measured: Vec<WireMeasured>,
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct WireMeasured {
    #[n(0)]
    whose: Whose,
    #[n(1)]
    at: i64,
    #[n(2)]
    tenths: Tenths,
    #[n(3)]
    site: Site,
}

/// Whose temperature it is.
#[derive(Encode, Decode)]
enum Whose {
    #[n(0)]
    Resident(#[n(0)] u16),
    #[n(1)]
    Visitor(
        #[n(0)]
        #[cbor(with = "minicbor::bytes")]
        [u8; 5],
    ),
    /// Nobody's yet: the journal it stands in.
    #[n(2)]
    Loose(#[n(0)] u16),
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct WireJournal {
    #[n(0)]
    #[cbor(with = "minicbor::bytes")]
    journal: [u8; 16],
    #[n(1)]
    sequence: u64,
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct WireEntry {
    #[n(0)]
    journal: u16,
    #[n(1)]
    sequence: u64,
    #[n(2)]
    at: i64,
    #[n(3)]
    direction: Direction,
    #[n(4)]
    verdict: Verdict,
    #[n(5)]
    party: u16,
    #[n(6)]
    household: Option<u32>,
    #[n(7)]
    holder: Option<Holder>,
    #[n(8)]
    sensed: bool,
    #[n(9)]
    undone: bool,
    #[n(10)]
    turns: Vec<WireTurn>,
    #[n(11)]
    superseded: Option<u64>,
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct WireTurn {
    #[n(0)]
    sequence: u64,
    #[n(1)]
    verdict: Option<Verdict>,
    #[n(2)]
    passed: Option<u16>,
}

impl History {
    /// All that is remembered.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let journals = self
            .journals
            .iter()
            .map(|followed| WireJournal { journal: followed.journal, sequence: followed.sequence })
            .collect();
        let entries = self.entries.iter().map(|(id, entry)| WireEntry::of(*id, entry)).collect();
        let of_one = self
            .measured
            .iter()
            .flat_map(|(one, all)| all.iter().map(|it| WireMeasured::of(Whose::of(*one), *it)));
        let loose = self.loose.iter().map(|(journal, it)| WireMeasured::of(Whose::Loose(*journal), *it));
        let measured = of_one.chain(loose).collect();
        minicbor::to_vec(Wire { version: VERSION, journals, entries, measured })
            .expect("a Vec takes every write")
    }

    /// Reads what [`History::to_bytes`] writes.
    ///
    /// # Errors
    /// [`HistoryError`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, HistoryError> {
        let mut d = minicbor::Decoder::new(bytes);
        let wire: Wire = d.decode().map_err(|_| HistoryError)?;
        if wire.version != VERSION || d.position() != bytes.len() {
            return Err(HistoryError);
        }
        let mut history = Self::new();
        for WireJournal { journal, sequence } in wire.journals {
            if history.journals.iter().any(|known| known.journal == journal) {
                return Err(HistoryError);
            }
            history.journals.push(Followed { journal, sequence });
        }
        for wire in wire.entries {
            let id = Id { journal: wire.journal, sequence: wire.sequence };
            let journal = history.journals.get(usize::from(wire.journal)).ok_or(HistoryError)?;
            let backwards = wire.superseded.is_some_and(|by| by <= id.sequence);
            if id.sequence > journal.sequence || history.entries.contains_key(&id) || backwards {
                return Err(HistoryError);
            }
            let turns = wire.turns.iter().map(WireTurn::turn).collect::<Result<Vec<_>, _>>()?;
            for turn in &turns {
                history.turns.insert(Id { sequence: turn.sequence, ..id }, id);
            }
            let entry = Entry {
                at: Timestamp(wire.at),
                direction: wire.direction,
                verdict: wire.verdict,
                party: wire.party,
                household: wire.household,
                holder: wire.holder,
                sensed: wire.sensed,
                turns,
                undone: wire.undone,
                superseded: wire.superseded,
            };
            history.add(id, entry);
        }
        for WireMeasured { whose, at, tenths, site } in wire.measured {
            let measurement = Measurement { tenths, at: Timestamp(at), site };
            match whose {
                Whose::Resident(holder) => history.measure(One::Resident(holder), measurement),
                Whose::Visitor(serial) => history.measure(One::Visitor(Serial(serial)), measurement),
                Whose::Loose(journal) => drop(history.loose.insert(journal, measurement)),
            }
        }
        Ok(history)
    }
}

impl WireEntry {
    fn of(id: Id, entry: &Entry) -> Self {
        let turn = |turn: &Turn| match turn.became {
            Became::Verdict(verdict) => {
                WireTurn { sequence: turn.sequence, verdict: Some(verdict), passed: None }
            }
            Became::Passed(persons) => {
                WireTurn { sequence: turn.sequence, verdict: None, passed: Some(persons) }
            }
        };
        Self {
            journal: id.journal,
            sequence: id.sequence,
            at: entry.at.0,
            direction: entry.direction,
            verdict: entry.verdict,
            party: entry.party,
            household: entry.household,
            holder: entry.holder.clone(),
            sensed: entry.sensed,
            undone: entry.undone,
            superseded: entry.superseded,
            turns: entry.turns.iter().map(turn).collect(),
        }
    }
}

impl WireTurn {
    fn turn(&self) -> Result<Turn, HistoryError> {
        let became = match (self.verdict, self.passed) {
            (Some(verdict), None) => Became::Verdict(verdict),
            (None, Some(persons)) => Became::Passed(persons),
            _ => return Err(HistoryError),
        };
        Ok(Turn { sequence: self.sequence, became })
    }
}

impl WireMeasured {
    fn of(whose: Whose, it: Measurement) -> Self {
        Self { whose, at: it.at.0, tenths: it.tenths, site: it.site }
    }
}

impl Whose {
    fn of(one: One) -> Self {
        match one {
            One::Resident(holder) => Self::Resident(holder),
            One::Visitor(serial) => Self::Visitor(serial.0),
        }
    }
}
