//! What happened at the compound's gates, as far as the rules ask about it: a fold over events.
//!
//! Applying events is all that changes it; the order of gates does not matter, only that of each journal. It knows no rules:
//! what lapses, and for how long an exit counts, is asked with every question. It knows no disk; whoever keeps it may store
//! [`History::to_bytes`] and go on from there.

mod bytes;
mod past;

use std::collections::{BTreeMap, HashMap};

use pass::{Kind, Serial, Timestamp};

use crate::{Direction, Event, Holder, Judged, Manual, Measurement, Tenths, Verdict, What};

pub use bytes::HistoryError;
pub use past::Outside;
pub(crate) use past::Past;

/// The passages of a compound.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    journals: Vec<Followed>,
    entries: BTreeMap<Id, Entry>,
    /// Which entry an event that turned or confirmed it belongs to.
    turns: HashMap<Id, Id>,
    of_household: HashMap<u32, Vec<Id>>,
    of_one: HashMap<One, Vec<Id>>,
    /// Exits and entries in the order of time.
    by_time: BTreeMap<(Timestamp, Id), ()>,
    /// Temperatures of those who were not admitted since.
    measured: BTreeMap<One, Vec<Measurement>>,
    /// The last temperature in each journal that was measured before its pass was shown.
    loose: BTreeMap<u16, Measurement>,
}

/// An event: which of [`History::journals`], and its sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Id {
    journal: u16,
    sequence: u64,
}

/// How far a journal was followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Followed {
    /// Its random name.
    pub journal: [u8; 16],
    /// Sequence of the newest event applied.
    pub sequence: u64,
}

/// Whose passages are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum One {
    /// A resident or a vehicle, by the number within the compound.
    Resident(u16),
    /// A visitor, by the pass: the number is the host's household's.
    Visitor(Serial),
}

impl One {
    /// Whose pass it is.
    pub(crate) fn of(kind: Kind, holder: u16, serial: Serial) -> Self {
        match kind {
            Kind::Visitor => Self::Visitor(serial),
            Kind::Person | Kind::Vehicle | Kind::Specimen => Self::Resident(holder),
        }
    }
}

/// A verdict or a manual entry, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    at: Timestamp,
    direction: Direction,
    /// The verdict as it was judged.
    verdict: Verdict,
    party: u16,
    household: Option<u32>,
    /// Whose pass; none for a manual entry.
    holder: Option<Holder>,
    /// Whether the bar says when somebody goes through.
    sensed: bool,
    turns: Vec<Turn>,
    undone: bool,
    /// The sequence of the verdict that replaced this one: it counts for nothing, and what refers to it means that one.
    superseded: Option<u64>,
}

/// What an entry counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Counts {
    persons: u16,
    /// Whether the bar turned.
    walked: bool,
}

/// What became of an entry, by the sequence of the event that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Turn {
    sequence: u64,
    became: Became,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Became {
    /// Staff turned the verdict.
    Verdict(Verdict),
    /// So many went through.
    Passed(u16),
}

impl History {
    /// A history without events.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in the next event of a journal. One that was taken in before changes nothing.
    pub fn apply(&mut self, event: &Event) {
        let Some(journal) = self.follow(event) else { return };
        let id = |sequence| Id { journal, sequence };
        let this = id(event.sequence);
        match &event.what {
            What::Judged(judged) => {
                if let Some(holder) = &judged.holder {
                    self.add(this, Entry::of_judged(event.at, judged, holder));
                    if let Some(of) = judged.supersedes {
                        self.supersede(id(of), this);
                    }
                    self.warm(journal, judged, holder);
                }
            }
            What::Manual(manual) => self.add(this, Entry::of_manual(event.at, manual)),
            What::Overridden(it) => self.turn(this, id(it.of), Became::Verdict(it.verdict)),
            What::Passed(it) => {
                if let Some(of) = it.of {
                    self.turn(this, id(of), Became::Passed(it.persons));
                }
            }
            What::Undone(it) => self.undo(id(it.of)),
            What::Measured(it) => {
                let measurement = Measurement { tenths: Tenths(it.tenths), at: event.at, site: it.site };
                match it.of.map(id) {
                    Some(of) => {
                        if let Some(one) = self.entries.get(&of).and_then(Entry::one) {
                            self.measure(one, measurement);
                        }
                    }
                    None => drop(self.loose.insert(journal, measurement)),
                }
            }
            What::EmergencyOpened(_)
            | What::EmergencyClosed(_)
            | What::EmergencyExplained(_)
            | What::SignedIn(_)
            | What::SignedOut(_)
            | What::SignInFailed(_)
            | What::ShiftChanged(_)
            | What::DeviceTrouble(_)
            | What::ClockSet(_) => {}
        }
    }

    /// How far each journal was followed.
    #[must_use]
    pub fn followed(&self) -> &[Followed] {
        &self.journals
    }

    /// Forgets what is older than `before`, except where people and vehicles are: each one's newest passage, but for visitors
    /// who have left. What is older than `last`, for as long as anything about people may be kept, is forgotten without an
    /// exception. With both at least [`crate::Policy::look_back`] ago, no decision changes. Not for a gate whose clock is in
    /// doubt.
    pub fn forget(&mut self, before: Timestamp, last: Timestamp) {
        let newest = |entry: &Entry| {
            let all = self.of_one.get(&entry.one()?)?;
            all.iter().rev().find(|id| self.entries[id].counts().is_some())
        };
        let has_left =
            |entry: &Entry| entry.direction == Direction::Out && matches!(entry.one(), Some(One::Visitor(_)));
        let tells_where =
            |id: &Id, entry: &Entry| entry.at >= last && !has_left(entry) && newest(entry) == Some(id);
        let old: Vec<Id> = self
            .entries
            .iter()
            .filter(|(id, entry)| entry.at < before && !tells_where(id, entry))
            .map(|(id, _)| *id)
            .collect();
        for id in &old {
            let Some(entry) = self.entries.remove(id) else { continue };
            self.by_time.remove(&(entry.at, *id));
            for turn in &entry.turns {
                self.turns.remove(&Id { sequence: turn.sequence, ..*id });
            }
            let drop = |from: Option<&mut Vec<Id>>| {
                if let Some(all) = from {
                    all.retain(|other| other != id);
                }
            };
            drop(entry.household.and_then(|household| self.of_household.get_mut(&household)));
            drop(entry.one().and_then(|one| self.of_one.get_mut(&one)));
        }
        self.of_household.retain(|_, all| !all.is_empty());
        self.of_one.retain(|_, all| !all.is_empty());
        self.measured.values_mut().for_each(|all| all.retain(|measurement| measurement.at >= before));
        self.measured.retain(|_, all| !all.is_empty());
        self.loose.retain(|_, measurement| measurement.at >= before);
    }

    /// Verdicts and manual entries that are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The number of the event's journal; none when the event was taken in before.
    fn follow(&mut self, event: &Event) -> Option<u16> {
        let known = self.journals.iter().position(|followed| followed.journal == event.journal);
        let at = known.unwrap_or(self.journals.len());
        // More journals than a district has gates: a fault elsewhere, and nothing to count by.
        let number = u16::try_from(at).ok()?;
        if known.is_none() {
            self.journals.push(Followed { journal: event.journal, sequence: 0 });
        }
        let followed = &mut self.journals[at];
        if event.sequence <= followed.sequence {
            return None;
        }
        followed.sequence = event.sequence;
        Some(number)
    }

    fn add(&mut self, id: Id, entry: Entry) {
        // Kept in the order of time, so that the last one of a list is the newest.
        let place = |all: &mut Vec<Id>, entries: &BTreeMap<Id, Entry>| {
            let after = all.partition_point(|other| (entries[other].at, *other) < (entry.at, id));
            all.insert(after, id);
        };
        if let Some(household) = entry.household {
            place(self.of_household.entry(household).or_default(), &self.entries);
        }
        if let Some(one) = entry.one() {
            place(self.of_one.entry(one).or_default(), &self.entries);
        }
        self.by_time.insert((entry.at, id), ());
        self.entries.insert(id, entry);
    }

    /// A verdict takes the place of an earlier one, with what has happened on that.
    fn supersede(&mut self, of: Id, by: Id) {
        let of = self.newest(of);
        // A later one can't be replaced; neither can somebody else's.
        let one = self.entries.get(&by).and_then(Entry::one);
        let Some(entry) = self.entries.get_mut(&of).filter(|entry| of < by && entry.one() == one) else {
            return;
        };
        entry.superseded = Some(by.sequence);
        let undone = entry.undone;
        let mut turns = std::mem::take(&mut entry.turns);
        // What staff decided, they decided about that verdict. Who went through has gone through.
        turns.retain(|turn| matches!(turn.became, Became::Passed(_)));
        for turn in &turns {
            self.turns.insert(Id { sequence: turn.sequence, ..of }, by);
        }
        if let Some(entry) = self.entries.get_mut(&by) {
            entry.undone = undone;
            entry.turns = turns;
        }
    }

    /// The verdict that took the place of this one at last.
    fn newest(&self, mut of: Id) -> Id {
        while let Some(by) = self.entries.get(&of).and_then(|entry| entry.superseded) {
            // Each is later than the one before: this ends.
            of.sequence = by;
        }
        of
    }

    /// A temperature measured before the pass was shown is the holder's now; with an admission all of theirs have served.
    fn warm(&mut self, journal: u16, judged: &Judged, holder: &Holder) {
        let one = One::of(holder.kind, holder.holder, holder.serial);
        if let Some(loose) = self.loose.get(&journal).copied()
            && judged.temperature == Some(loose.tenths.0)
        {
            self.loose.remove(&journal);
            self.measure(one, loose);
        }
        if judged.verdict == Verdict::Admit {
            self.measured.remove(&one);
        }
    }

    fn measure(&mut self, one: One, measurement: Measurement) {
        let all = self.measured.entry(one).or_default();
        let after = all.partition_point(|earlier| earlier.at <= measurement.at);
        all.insert(after, measurement);
    }

    fn turn(&mut self, this: Id, of: Id, became: Became) {
        let of = self.newest(of);
        if let Some(entry) = self.entries.get_mut(&of) {
            entry.turns.push(Turn { sequence: this.sequence, became });
            self.turns.insert(this, of);
        }
    }

    fn undo(&mut self, of: Id) {
        let of = self.newest(of);
        if let Some(entry) = self.entries.get_mut(&of) {
            entry.undone = true;
        } else if let Some(entry) = self.turns.remove(&of).and_then(|entry| self.entries.get_mut(&entry)) {
            entry.turns.retain(|turn| turn.sequence != of.sequence);
        }
    }
}

impl Entry {
    fn of_judged(at: Timestamp, judged: &Judged, holder: &Holder) -> Self {
        Self {
            at,
            direction: judged.direction,
            verdict: judged.verdict,
            party: judged.party,
            household: Some(holder.household),
            holder: Some(holder.clone()),
            sensed: judged.sensed,
            turns: Vec::new(),
            undone: false,
            superseded: None,
        }
    }

    fn of_manual(at: Timestamp, manual: &Manual) -> Self {
        Self {
            at,
            direction: manual.direction,
            verdict: manual.verdict,
            party: manual.party,
            household: manual.household,
            holder: None,
            sensed: false,
            turns: Vec::new(),
            undone: false,
            superseded: None,
        }
    }

    fn one(&self) -> Option<One> {
        self.holder.as_ref().map(|holder| One::of(holder.kind, holder.holder, holder.serial))
    }

    /// What it counts for, if nobody needs to have walked through.
    fn counts(&self) -> Option<Counts> {
        if self.undone || self.superseded.is_some() {
            return None;
        }
        let mut verdict = self.verdict;
        let mut passed: Option<u16> = None;
        for turn in &self.turns {
            match turn.became {
                Became::Verdict(other) => verdict = other,
                Became::Passed(persons) => passed = Some(passed.unwrap_or(0).saturating_add(persons)),
            }
        }
        // Whoever went through has gone through, whatever the verdict.
        match passed {
            Some(persons) => Some(Counts { persons: persons.max(1), walked: true }),
            None if verdict == Verdict::Admit => Some(Counts { persons: self.party.max(1), walked: false }),
            None => None,
        }
    }

    /// A vehicle's or a visitor's passage is none of a resident's.
    fn is_residents(&self) -> bool {
        self.holder.as_ref().is_none_or(|holder| holder.kind == Kind::Person)
    }
}
