//! What the gate remembers of its journal, as far as the rules look back, and what it knows of the compound's people.
//!
//! Folded from the journal at the start, from a snapshot where there is one, and after every append. Knows no rule and no
//! screen.

use std::collections::BTreeMap;

use gate::{Closed, Event, Exempt, History};
use minicbor::{Decode, Encode};
use pass::{Colour, Status, Timestamp};
use protocol::{Opened, Resident, SignedPeople};

use crate::heap;
use crate::journal::{Journal, JournalError};

/// A snapshot is kept again after so many events: that many are read at a start, at most.
const EVENTS_BETWEEN_SNAPSHOTS: u32 = 2000;

/// The history of the gate.
#[derive(Debug)]
pub(crate) struct Memory {
    history: History,
    /// It is complete from here on.
    reach: Timestamp,
    /// Events since a snapshot was kept.
    fresh: u32,
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct Kept {
    #[n(0)]
    reach: i64,
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    history: Vec<u8>,
}

impl Memory {
    /// A memory of nothing: no journal was read yet.
    pub(crate) fn empty() -> Self {
        Self { history: History::new(), reach: Timestamp(i64::MAX), fresh: 0 }
    }

    /// The history.
    pub(crate) fn history(&self) -> &History {
        &self.history
    }

    /// Reads what is missing to know all since `needed`. Returns whether it was read anew: then what other gates logged is to be
    /// taken in anew as well.
    ///
    /// # Errors
    /// When the journal can't be read.
    pub(crate) fn reach_back(&mut self, journal: &Journal, needed: Timestamp) -> Result<bool, JournalError> {
        if self.reach <= needed {
            return Ok(false);
        }
        if let Some(mut kept) = Self::kept(journal, needed)? {
            if kept.fresh > EVENTS_BETWEEN_SNAPSHOTS {
                kept.keep(journal);
            }
            *self = kept;
            return Ok(true);
        }
        *self = Self { reach: needed, ..Self::empty() };
        for event in journal.since(needed)? {
            self.history.apply(&event?);
        }
        self.keep(journal);
        Ok(true)
    }

    /// Takes in an event of another gate; one that is known already changes nothing.
    pub(crate) fn take_in_other(&mut self, event: &Event) {
        self.history.apply(event);
    }

    /// Takes in an event that was just appended.
    pub(crate) fn take_in(&mut self, event: &Event, journal: &Journal) {
        self.history.apply(event);
        self.fresh = self.fresh.saturating_add(1);
        if self.fresh >= EVENTS_BETWEEN_SNAPSHOTS {
            self.keep(journal);
        }
    }

    /// Forgets what nobody looks back on any more, once an hour; of what is older than `kept`, also where somebody was then.
    /// Not while the clock is in doubt.
    pub(crate) fn forget(&mut self, needed: Timestamp, kept: Timestamp) {
        if needed.since(self.reach) >= 3600 {
            self.history.forget(needed, kept);
            self.reach = needed;
            heap::give_back();
        }
    }

    /// Keeps a snapshot. A disk that takes none costs a slower start, and nothing else.
    fn keep(&mut self, journal: &Journal) {
        self.fresh = 0;
        let kept = Kept { reach: self.reach.0, history: self.history.to_bytes() };
        let bytes = minicbor::to_vec(kept).expect("a Vec takes every write");
        if let Err(why) = journal.keep_snapshot(&bytes) {
            tracing::warn!(%why, "no snapshot of the history was kept");
        }
    }

    /// The snapshot and what came after it, if it reaches back far enough.
    fn kept(journal: &Journal, needed: Timestamp) -> Result<Option<Self>, JournalError> {
        let Some(snapshot) = journal.snapshot() else { return Ok(None) };
        let Ok(kept) = minicbor::decode::<Kept>(&snapshot.content) else { return Ok(None) };
        let Ok(history) = History::from_bytes(&kept.history) else { return Ok(None) };
        let mut memory = Self { history, reach: Timestamp(kept.reach), fresh: 0 };
        if memory.reach > needed {
            return Ok(None);
        }
        for event in journal.after(snapshot.sequence)? {
            memory.history.apply(&event?);
            memory.fresh = memory.fresh.saturating_add(1);
        }
        Ok(Some(memory))
    }
}

/// What the people part of the bundle tells about those at the gate.
#[derive(Clone, Debug, Default)]
pub struct Neighbours {
    exempt: Exempt,
    households: BTreeMap<u32, Colour>,
    closed: BTreeMap<u32, Closed>,
}

impl Neighbours {
    /// What is known by this bundle.
    #[must_use]
    pub fn of(grounds: &Opened) -> Self {
        let Some(people) = &grounds.people else { return Self::default() };
        let mut households: BTreeMap<u32, Colour> = BTreeMap::new();
        let mut closed = BTreeMap::new();
        let residents = &people.people().residents;
        for resident in residents {
            if let Some(homes) = people.people().closed.iter().find(|homes| homes.holds(resident)) {
                closed.insert(resident.household, Closed { since: homes.since, planned: homes.planned });
            }
            let colour = households.entry(resident.household).or_insert(Colour::Green);
            *colour = (*colour).max(colour_now(resident, people, grounds));
        }
        let exempt =
            Exempt::of(residents.iter().map(|resident| (resident.holder, resident.exemptions.as_slice())));
        Self { exempt, households, closed }
    }

    /// Whom the office lets off some rules.
    #[must_use]
    pub fn exempt(&self) -> &Exempt {
        &self.exempt
    }

    /// The strictest colour in a household; none where the gate does not know.
    #[must_use]
    pub fn household(&self, household: u32) -> Option<Colour> {
        self.households.get(&household).copied()
    }

    /// Since when the building of a household is closed, if it is.
    #[must_use]
    pub fn closed(&self, household: u32) -> Option<Closed> {
        self.closed.get(&household).copied()
    }
}

/// The colour of a resident by the status list, of the newest card; the one in the people part where the list says none.
fn colour_now(resident: &Resident, people: &SignedPeople, grounds: &Opened) -> Colour {
    let status = || {
        let card = resident.cards.first()?;
        let pass = people.pass(resident, card).ok()?;
        grounds.status_of(pass.office())?.get(card.index)
    };
    match status() {
        Some(Status::Now(colour)) => colour,
        _ => resident.colour,
    }
}
