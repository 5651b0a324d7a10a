//! What gates have logged, brought to the office as files of `kiosk log export --format cbor`.
//!
//! A file is read event by event: each must be in canonical form, and name the hash of the one before it. What can't be believed is
//! refused from there on, and said; what was good before it is kept. The same file twice changes nothing. Knows no SQL and no page.

use std::collections::BTreeMap;

use gate::{Event, EventError, Events};
use pass::CompoundId;
use store::{Act, Store, StoreError};

/// Events of one transaction.
const AT_ONCE: usize = 5_000;

/// What came of a file.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    /// By gate and journal.
    pub(crate) journals: BTreeMap<(String, [u8; 16]), Journal>,
    /// Where reading ended before the file did, and why.
    pub(crate) refused: Option<Refused>,
}

/// What came of a journal in the file.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    pub(crate) added: u64,
    pub(crate) known: u64,
    /// Events that were not in the file, between others that were.
    pub(crate) missing: u64,
    /// Sequences under which there are several events now.
    pub(crate) forks: Vec<u64>,
    /// The sequence of the first event that does not go on from the one that is kept before it.
    pub(crate) detached: Option<u64>,
    last: Option<u64>,
    compound: Option<CompoundId>,
}

/// Where reading a file ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// How many events of the file were taken before.
    pub(crate) after: u64,
    pub(crate) why: Why,
}

/// Why events were not taken.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// There is nothing in the file.
    Empty,
    /// What follows is no event.
    Unreadable(EventError),
    /// The event does not name the hash of the one before it: one of both was altered, or belongs elsewhere.
    Altered { gate: String, sequence: u64 },
    /// Its key can't be kept.
    Unusable { sequence: u64 },
    /// Nobody knows the gate's compound.
    UnknownGate { gate: String },
    /// The gate's compound is none of those who takes the file in.
    ElsewhereGate { gate: String },
}

/// Where gates belong.
pub(crate) struct Belonging<'a> {
    /// The compound of gates that are not registered.
    pub(crate) of_unknown: Option<CompoundId>,
    /// Whether a compound is one of those whose events may be taken in.
    pub(crate) may: &'a (dyn Fn(CompoundId) -> bool + Sync),
}

/// Takes a file in. `progress` is told how many bytes of how many are done.
pub(crate) async fn take_in(
    store: &Store,
    bytes: &[u8],
    belonging: &Belonging<'_>,
    act: &Act<'_>,
    progress: &mut (dyn FnMut(usize, usize) + Send),
) -> Result<Taken, StoreError> {
    let mut reading =
        Reading { store, belonging, act, taken: Taken::default(), waiting: Vec::new(), count: 0 };
    let mut done = 0;
    for event in Events::of(bytes) {
        let event = match event {
            Ok(event) => event,
            Err(why) => return reading.end(Some(Why::Unreadable(why))).await,
        };
        done += event.to_bytes().len();
        if let Some(why) = reading.take(event).await? {
            return reading.end(Some(why)).await;
        }
        if reading.waiting.len() >= AT_ONCE {
            reading.keep(1).await?;
            progress(done, bytes.len());
        }
    }
    let empty = bytes.is_empty().then_some(Why::Empty);
    reading.end(empty).await
}

struct Reading<'a> {
    store: &'a Store,
    belonging: &'a Belonging<'a>,
    act: &'a Act<'a>,
    taken: Taken,
    /// Events of one journal that are not yet kept. The last of them waits for the next, which says whether it is as it was written.
    waiting: Vec<Event>,
    count: u64,
}

impl Reading<'_> {
    /// Looks at an event and lets it wait; says why it can't be taken.
    async fn take(&mut self, event: Event) -> Result<Option<Why>, StoreError> {
        let sequence = event.sequence;
        if sequence == 0 || i64::try_from(sequence).is_err() || event.gate.chars().any(char::is_control) {
            return Ok(Some(Why::Unusable { sequence }));
        }
        if let Some(last) = self.waiting.last() {
            let goes_on = same_journal(last, &event) && last.sequence.checked_add(1) == Some(sequence);
            if goes_on != (event.before == last.hash()) {
                self.waiting.pop();
                self.count -= 1;
                return Ok(Some(Why::Altered { gate: event.gate, sequence }));
            }
            if !same_journal(last, &event) {
                self.keep(0).await?;
            }
        }
        let key = (event.gate.clone(), event.journal);
        if !self.taken.journals.contains_key(&key) {
            match self.compound_of(&event).await? {
                Ok(compound) => {
                    let journal = Journal { compound: Some(compound), ..Journal::default() };
                    self.taken.journals.insert(key.clone(), journal);
                }
                Err(why) => return Ok(Some(why)),
            }
        }
        let journal = self.taken.journals.entry(key).or_default();
        match journal.last {
            Some(last) if sequence > last => journal.missing += sequence - last - 1,
            // The beginning, or another export behind the first.
            _ => {
                let before = self.store.events_at(&event.gate, &event.journal, sequence - 1).await?;
                if !before.is_empty() && before.iter().all(|it| it.hash() != event.before) {
                    journal.detached.get_or_insert(sequence);
                }
            }
        }
        journal.last = Some(sequence);
        self.waiting.push(event);
        self.count += 1;
        Ok(None)
    }

    async fn compound_of(&self, event: &Event) -> Result<Result<CompoundId, Why>, StoreError> {
        let known = self.store.compound_of_journal(&event.gate, &event.journal).await?;
        let gate = || event.gate.clone();
        Ok(match known.or(self.belonging.of_unknown) {
            None => Err(Why::UnknownGate { gate: gate() }),
            Some(compound) if !(self.belonging.may)(compound) => Err(Why::ElsewhereGate { gate: gate() }),
            Some(compound) => Ok(compound),
        })
    }

    /// Keeps what waits, all but so many at the end.
    async fn keep(&mut self, but: usize) -> Result<(), StoreError> {
        let stay = self.waiting.split_off(self.waiting.len().saturating_sub(but));
        let events = std::mem::replace(&mut self.waiting, stay);
        let Some(last) = events.last() else { return Ok(()) };
        let journal = self.taken.journals.entry((last.gate.clone(), last.journal)).or_default();
        let Some(compound) = journal.compound else { return Ok(()) };
        let after = self.store.events_at(&last.gate, &last.journal, last.sequence.saturating_add(1)).await?;
        if !after.is_empty() && after.iter().all(|it| it.before != last.hash()) {
            journal.detached.get_or_insert(last.sequence + 1);
        }
        let kept = self.store.keep_events(compound, &events, self.act).await?;
        journal.added += kept.added;
        journal.known += kept.known;
        journal.forks.extend(kept.forks);
        Ok(())
    }

    async fn end(mut self, why: Option<Why>) -> Result<Taken, StoreError> {
        self.keep(0).await?;
        self.taken.refused = why.map(|why| Refused { after: self.count, why });
        Ok(self.taken)
    }
}

fn same_journal(one: &Event, other: &Event) -> bool {
    one.journal == other.journal && one.gate == other.gate
}

#[cfg(test)]
mod tests;
