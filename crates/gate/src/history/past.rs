//! What a history says at a moment: which admissions count, until when, and who is outside.

use pass::{Timestamp, Verified};

use super::{History, Id, One};
use crate::{Direction, Earlier, Holder, Measurement, Policy};

/// A history as it is asked at one moment under one set of rules.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Past<'a> {
    history: &'a History,
    lapse: Option<i64>,
    now: Timestamp,
    /// An entry that counts for nothing.
    without: Option<Id>,
}

/// A passage that counts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Passage<'a> {
    /// When it was admitted.
    pub(crate) at: Timestamp,
    /// Persons.
    pub(crate) persons: u16,
    /// Whose pass; none for a manual entry.
    pub(crate) holder: Option<&'a Holder>,
    pub(crate) direction: Direction,
    /// The first moment at which it counts no more because nobody has walked through.
    pub(crate) lapses: Option<Timestamp>,
    /// Whether the bar will say that somebody walks through, and has not yet.
    pub(crate) awaited: bool,
}

/// Somebody who is outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outside {
    /// Who.
    pub holder: Holder,
    /// Since when.
    pub since: Timestamp,
}

impl History {
    pub(crate) fn at(&self, now: Timestamp, policy: &Policy) -> Past<'_> {
        Past { history: self, lapse: policy.lapse(), now, without: None }
    }

    /// The temperatures of a holder that count at this moment, in the order in which they were measured.
    #[must_use]
    pub fn measured(&self, pass: &Verified, now: Timestamp, policy: &Policy) -> Vec<Measurement> {
        self.measured_of(One::of(pass.kind, pass.holder, pass.serial), now, policy)
    }

    pub(crate) fn measured_of(&self, one: One, now: Timestamp, policy: &Policy) -> Vec<Measurement> {
        let (Some(rule), Some(all)) = (&policy.temperature, self.measured.get(&one)) else {
            return Vec::new();
        };
        let since = now.plus(-rule.remembers());
        all.iter().filter(|measurement| measurement.at > since).copied().collect()
    }

    /// Which residents and vehicles of the compound are outside, the one who left first being the first. A visitor who has left
    /// is where they belong.
    #[must_use]
    pub fn outside(&self, now: Timestamp, policy: &Policy) -> Vec<Outside> {
        let past = self.at(now, policy);
        let residents = self.of_one.iter().filter(|(one, _)| matches!(one, One::Resident(_)));
        let lasts = residents.filter_map(|(_, all)| past.last(all));
        let mut outside: Vec<Outside> = lasts
            .filter(|last| last.direction == Direction::Out)
            .filter_map(|last| Some(Outside { holder: last.holder?.clone(), since: last.at }))
            .collect();
        outside.sort_by_key(|one| (one.since, one.holder.household, one.holder.holder));
        outside
    }
}

impl<'a> Past<'a> {
    /// As if this verdict had never been.
    pub(crate) fn without(self, earlier: Option<Earlier>) -> Self {
        let without = earlier.and_then(|earlier| {
            let journals = &self.history.journals;
            let number = journals.iter().position(|followed| followed.journal == earlier.journal)?;
            let id = Id { journal: u16::try_from(number).ok()?, sequence: earlier.sequence };
            Some(self.history.newest(id))
        });
        Self { without, ..self }
    }

    /// The exits of a household's residents that count now, in the order of time.
    pub(crate) fn exits_of_household(&self, household: u32) -> impl Iterator<Item = Passage<'a>> + use<'a> {
        let past = *self;
        let all = self.history.of_household.get(&household).map_or(&[][..], Vec::as_slice);
        all.iter()
            .filter_map(move |id| past.passage_of_resident(id))
            .filter(|passage| passage.direction == Direction::Out)
    }

    /// The passages of one holder that count now, the newest first.
    pub(crate) fn passages_of(&self, one: One) -> impl Iterator<Item = Passage<'a>> + use<'a> {
        let past = *self;
        let all = self.history.of_one.get(&one).map_or(&[][..], Vec::as_slice);
        all.iter().rev().filter_map(move |id| past.passage(id))
    }

    /// The exits of residents since a moment that count now, in the order of time.
    pub(crate) fn exits_since(&self, since: Timestamp) -> impl Iterator<Item = Passage<'a>> + use<'a> {
        let past = *self;
        let first = Id { journal: 0, sequence: 0 };
        self.history
            .by_time
            .range((since, first)..)
            .filter_map(move |((_, id), ())| past.passage_of_resident(id))
            .filter(|passage| passage.direction == Direction::Out)
    }

    /// Whether somebody who went out is still outside: no return was seen since.
    pub(crate) fn is_still_out(&self, exit: &Passage<'_>) -> bool {
        let Some(holder) = exit.holder else { return false };
        let one = One::of(holder.kind, holder.holder, holder.serial);
        let since = self.passages_of(one).take_while(|passage| passage.at >= exit.at);
        since.take_while(|passage| !passage.is(exit)).all(|passage| passage.direction == Direction::Out)
    }

    fn last(&self, all: &[Id]) -> Option<Passage<'a>> {
        all.iter().rev().find_map(|id| self.passage(id))
    }

    fn passage_of_resident(&self, id: &Id) -> Option<Passage<'a>> {
        let entry = &self.history.entries[id];
        if entry.is_residents() { self.passage(id) } else { None }
    }

    /// What an entry counts for now.
    fn passage(&self, id: &Id) -> Option<Passage<'a>> {
        if self.without == Some(*id) {
            return None;
        }
        let entry = &self.history.entries[id];
        let counts = entry.counts()?;
        let awaited = entry.sensed && !counts.walked;
        let lapses = self.lapse.filter(|_| awaited).map(|lapse| entry.at.plus(lapse));
        if lapses.is_some_and(|end| self.now >= end) {
            return None;
        }
        Some(Passage {
            at: entry.at,
            persons: counts.persons,
            holder: entry.holder.as_ref(),
            direction: entry.direction,
            lapses,
            awaited,
        })
    }
}

impl Passage<'_> {
    /// Whether it is this very passage.
    fn is(&self, other: &Passage<'_>) -> bool {
        let same_card = match (self.holder, other.holder) {
            (Some(one), Some(other)) => std::ptr::eq(one, other),
            _ => false,
        };
        same_card && self.at == other.at
    }

    /// The first moment at which it counts no more, where it counts until `end`.
    pub(crate) fn counts_until(&self, end: Timestamp) -> Timestamp {
        self.lapses.map_or(end, |lapses| lapses.min(end))
    }
}
