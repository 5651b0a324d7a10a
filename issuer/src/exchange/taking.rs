//! Keeping the events of a report. Every event that can be read is kept, whatever is wrong around it: a gap, a fork, an event that was
//! written anew is written down beside it, naming the gate.

use gate::Event;
use pass::Timestamp;
use store::{Act, Gate, GateTrouble, Store, StoreError};

/// Keeps events of one gate's journal, in the order in which they were sent. Returns when the earliest of them was.
pub(super) async fn take(
    store: &Store,
    gate: &Gate,
    sent: &[Vec<u8>],
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let mut taking = Taking { store, gate, now, events: Vec::with_capacity(sent.len()) };
    for bytes in sent {
        let Ok(event) = Event::from_bytes(bytes) else {
            taking.unreadable().await?;
            break;
        };
        if !taking.may_be(&event).await? {
            break;
        }
        taking.events.push(event);
    }
    let earliest = taking.events.iter().map(|event| event.at).min();
    taking.keep().await?;
    Ok(earliest)
}

struct Taking<'a> {
    store: &'a Store,
    gate: &'a Gate,
    now: Timestamp,
    events: Vec<Event>,
}

impl Taking<'_> {
    /// Whether a gate may send this: events of one journal, which is its own.
    async fn may_be(&self, event: &Event) -> Result<bool, StoreError> {
        let sound = event.sequence > 0
            && i64::try_from(event.sequence).is_ok()
            && !event.gate.chars().any(char::is_control);
        let same = match self.events.last() {
            Some(last) => last.journal == event.journal && last.gate == event.gate,
            None => true,
        };
        if !sound || !same && self.events.last().is_some_and(|last| last.journal != event.journal) {
            self.trouble(event, "foreign").await?;
            return Ok(false);
        }
        // Before it was enrolled it may have had another name, but none that another gate has.
        if event.gate != self.gate.name && (self.events.is_empty() || !same) {
            let known = self.store.gates().await?;
            let others = known.iter().any(|other| other.name == event.gate);
            let elsewhere = self.store.compound_of_journal(&event.gate, &event.journal).await?;
            if others || elsewhere.is_some_and(|compound| compound != self.gate.compound) {
                self.trouble(event, "foreign").await?;
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn unreadable(&self) -> Result<(), StoreError> {
        if let Some(last) = self.events.last() {
            let after =
                GateTrouble { sequence: last.sequence.saturating_add(1), ..self.found(last, "unreadable") };
            self.store.note_troubles(self.gate.compound, std::slice::from_ref(&after)).await?;
        }
        Ok(())
    }

    async fn keep(self) -> Result<(), StoreError> {
        let Some(first) = self.events.first() else { return Ok(()) };
        let act = Act { by: &self.gate.name, at: self.now };
        self.look_before(first).await?;
        for pair in self.events.windows(2) {
            let [one, next] = pair else { continue };
            if one.sequence.checked_add(1) != Some(next.sequence) {
                self.trouble(next, "gap").await?;
            } else if one.hash() != next.before {
                self.trouble(next, "altered").await?;
            }
        }
        for named in self.events.chunk_by(|one, next| one.gate == next.gate) {
            let kept = self.store.keep_reported(self.gate.compound, named, &act).await?;
            for sequence in kept.forks {
                let fork = GateTrouble { sequence, ..self.found(first, "fork") };
                self.store.note_troubles(self.gate.compound, std::slice::from_ref(&fork)).await?;
            }
        }
        Ok(())
    }

    /// Whether the first event goes on from what is here.
    async fn look_before(&self, first: &Event) -> Result<(), StoreError> {
        if first.sequence <= 1 {
            return Ok(());
        }
        let before = self.store.events_at(&first.gate, &first.journal, first.sequence - 1).await?;
        if before.is_empty() {
            let state = self.store.has_journal(first.journal, 1).await?;
            // What was purged here for its age is no gap, and neither is a first name's end.
            if state.is_none_or(|state| state.through + 1 < first.sequence) {
                self.trouble(first, "gap").await?;
            }
        } else if before.iter().all(|event| event.hash() != first.before) {
            self.trouble(first, "altered").await?;
        }
        Ok(())
    }

    async fn trouble(&self, event: &Event, what: &str) -> Result<(), StoreError> {
        tracing::warn!(
            gate = self.gate.name,
            what,
            sequence = event.sequence,
            "something is wrong with a gate's events"
        );
        self.store.note_troubles(self.gate.compound, std::slice::from_ref(&self.found(event, what))).await
    }

    fn found(&self, event: &Event, what: &str) -> GateTrouble {
        GateTrouble {
            gate: self.gate.name.clone(),
            journal: event.journal.iter().map(|byte| format!("{byte:02x}")).collect(),
            what: what.to_owned(),
            sequence: event.sequence,
            at: self.now,
        }
    }
}
