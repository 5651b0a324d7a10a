//! What gates have logged: events kept byte for byte, and what became of the verdicts among them.
//!
//! An event is known by its gate, journal and sequence. Two different ones under the same key are a fork (a gate was copied, or its disk
//! was put back to an earlier day): both are kept, and both are shown.

mod became;
mod count;
mod find;
mod keep;

use gate::Event;
use pass::{CompoundId, Timestamp};

use crate::row::Columns;
use crate::{Store, StoreError};

pub(crate) use find::within;
pub(crate) use keep::hex;

pub use became::Ended;
pub use count::{Bucket, PassageCounts};
pub use find::{Bearer, Passage, PassageKey, PassageSearch, Sought};
pub use keep::Kept;

/// What is kept of a gate's journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journal {
    /// The gate's name.
    pub gate: String,
    /// The journal's random name in hexadecimal.
    pub journal: String,
    /// The compound.
    pub compound: CompoundId,
    /// The sequence of its first event.
    pub first: u64,
    /// The sequence of its last event.
    pub last: u64,
    /// When the newest event was.
    pub newest: Timestamp,
    /// How many are kept.
    pub kept: u64,
    /// How many of them stand beside another one with the same sequence.
    pub forked: u64,
    /// When events were last taken in.
    pub added: Timestamp,
    /// By whom.
    pub added_by: String,
}

impl Journal {
    /// How many events between its first and its last never came here.
    #[must_use]
    pub fn missing(&self) -> u64 {
        (self.last + 1).saturating_sub(self.first).saturating_sub(self.kept.saturating_sub(self.forked))
    }
}

impl Store {
    /// What is kept of which journals, by gate, the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn journals(&self) -> Result<Vec<Journal>, StoreError> {
        let rows = sqlx::query(
            "SELECT gate, journal, compound, first, last, newest, kept, forked, added, added_by FROM journals
             ORDER BY gate, newest DESC, journal",
        )
        .fetch_all(self.pool())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Journal {
                    gate: row.text("gate")?,
                    journal: row.text("journal")?,
                    compound: row.compound("compound")?,
                    first: row.number("first")?,
                    last: row.number("last")?,
                    newest: Timestamp(row.integer("newest")?),
                    kept: row.number("kept")?,
                    forked: row.number("forked")?,
                    added: Timestamp(row.integer("added")?),
                    added_by: row.text("added_by")?,
                })
            })
            .collect()
    }

    /// The events under one sequence: none, one, or the sides of a fork.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn events_at(
        &self,
        gate: &str,
        journal: &[u8; 16],
        sequence: u64,
    ) -> Result<Vec<Event>, StoreError> {
        let rows = sqlx::query(
            "SELECT bytes FROM events WHERE gate = $1 AND journal = $2 AND sequence = $3 ORDER BY hash",
        )
        .bind(gate)
        .bind(keep::hex(journal))
        .bind(i64::try_from(sequence).unwrap_or(i64::MAX))
        .fetch_all(self.pool())
        .await?;
        rows.iter().map(find::event).collect()
    }

    /// The events of a compound from one moment to another, as its gates logged them: each journal in its own order, and the journals
    /// among one another by time. Of several events under one sequence the first that came is told, as a gate would take them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn events_of(
        &self,
        compound: CompoundId,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Event>, StoreError> {
        let rows = sqlx::query(
            "SELECT bytes FROM events WHERE compound = $1 AND at >= $2 AND at < $3
             ORDER BY gate, journal, sequence, hash",
        )
        .bind(i64::from(compound.0))
        .bind(from.0)
        .bind(until.0)
        .fetch_all(self.pool())
        .await?;
        let mut journals: Vec<Vec<Event>> = Vec::new();
        for row in &rows {
            let event = find::event(row)?;
            match journals.last_mut() {
                Some(of)
                    if of.last().is_some_and(|it| it.journal == event.journal && it.gate == event.gate) =>
                {
                    if of.last().is_some_and(|it| it.sequence < event.sequence) {
                        of.push(event);
                    }
                }
                _ => journals.push(vec![event]),
            }
        }
        Ok(merged(journals))
    }
}

/// By time, and never against the order of a journal.
fn merged(mut journals: Vec<Vec<Event>>) -> Vec<Event> {
    if journals.len() == 1 {
        return journals.remove(0);
    }
    let mut heads: std::collections::BinaryHeap<std::cmp::Reverse<(Timestamp, usize)>> =
        std::collections::BinaryHeap::new();
    let mut rest: Vec<std::vec::IntoIter<Event>> = journals.into_iter().map(Vec::into_iter).collect();
    for (at, of) in rest.iter().enumerate() {
        heads.extend(of.as_slice().first().map(|event| std::cmp::Reverse((event.at, at))));
    }
    let mut all = Vec::new();
    while let Some(std::cmp::Reverse((_, at))) = heads.pop() {
        all.extend(rest[at].next());
        heads.extend(rest[at].as_slice().first().map(|event| std::cmp::Reverse((event.at, at))));
    }
    all
}
