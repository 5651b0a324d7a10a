//! A history as bytes, so that a gate need not read its whole journal again when it starts. A keepsake, not a record: the
//! journal is the truth, and bytes that can't be read are thrown away.

use minicbor::{Decode, Encode};
use pass::Timestamp;

use super::{Became, Entry, Followed, History, Id, Turn};
use crate::{Direction, Holder, Verdict};

const VERSION: u8 = 1;

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
        minicbor::to_vec(Wire { version: VERSION, journals, entries }).expect("a Vec takes every write")
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
            if id.sequence > journal.sequence || history.entries.contains_key(&id) {
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
            };
            history.add(id, entry);
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
