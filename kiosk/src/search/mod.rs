//! Finding somebody whose card can't be read, or who has none: by a character of the name, its initials in pinyin, the room,
//! the short code, the plate.
//!
//! All that can be found is brought into one form when the people are loaded; a search compares and never converts. Knows
//! neither screen nor rules, and holds nothing that the people part does not.

mod query;

use std::cmp::Reverse;

use pass::Serial;
use protocol::{People, Resident};

use query::{Query, Term};

/// What can be found of a compound's people.
#[derive(Clone, Debug, Default)]
pub struct Index {
    entries: Vec<Entry>,
}

/// Somebody, in the forms that are compared. Places are those of [`People::residents`].
#[derive(Clone, Debug)]
struct Entry {
    /// Masked name or plate, upper case.
    name: String,
    initials: Vec<String>,
    building: String,
    unit: String,
    room: String,
    /// Short codes without hyphens.
    codes: Vec<String>,
    is_vehicle: bool,
    /// For the order of those found alike: building, unit and room as numbers where they are.
    home: [Part; 3],
}

/// A part of an address, ordered as people order them: 2 before 10.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Number(u64),
    Text(String),
}

/// How well somebody fits what was typed; better ones first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It is a part of something.
    Within,
    /// Something starts with it.
    Starts,
    /// It is all of something.
    Whole,
}

impl Index {
    /// The index of these people.
    #[must_use]
    pub fn new(people: &People) -> Self {
        Self { entries: people.residents.iter().map(Entry::of).collect() }
    }

    /// Places in [`People::residents`] of those who fit what was typed, the best first, at most `limit`.
    ///
    /// Words are apart by spaces, and each must fit: `3栋 zxm` is everybody in building 3 with these initials. Nothing typed
    /// finds nobody.
    #[must_use]
    pub fn find(&self, typed: &str, limit: usize) -> Vec<usize> {
        let query = Query::parse(typed);
        if query.terms.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(Reverse<Fit>, usize)> = Vec::new();
        for (at, entry) in self.entries.iter().enumerate() {
            if let Some(fit) = query.terms.iter().map(|term| entry.fit(term)).min().flatten() {
                found.push((Reverse(fit), at));
            }
        }
        // Alike: people before vehicles, then by where they live.
        found.sort_by(|(fit, a), (other, b)| {
            let (one, two) = (&self.entries[*a], &self.entries[*b]);
            (fit, one.is_vehicle, &one.home, a).cmp(&(other, two.is_vehicle, &two.home, b))
        });
        found.truncate(limit);
        found.into_iter().map(|(_, at)| at).collect()
    }
}

impl Index {
    /// Somebody who lives at this address, where it is one home's alone: `3-2-501`, and `3-501` where that is clear.
    #[must_use]
    pub fn household(&self, typed: &str) -> Option<usize> {
        let query = Query::parse(typed);
        let [Term { home: Some(home), .. }] = query.terms.as_slice() else { return None };
        let mut living = self.entries.iter().enumerate().filter(|(_, entry)| entry.lives_at(home));
        let (at, first) = living.next()?;
        living.all(|(_, entry)| entry.home == first.home).then_some(at)
    }
}

impl Entry {
    fn of(resident: &Resident) -> Self {
        let plain = |text: &str| query::fold(text);
        Self {
            name: plain(resident.name.as_str()),
            initials: resident.initials.iter().map(|initials| plain(initials)).collect(),
            building: plain(&resident.building),
            unit: plain(&resident.unit),
            room: plain(&resident.room),
            codes: resident.cards.iter().map(|card| bare_code(card.serial)).collect(),
            is_vehicle: resident.kind == pass::Kind::Vehicle,
            home: [&resident.building, &resident.unit, &resident.room].map(|part| Part::of(part)),
        }
    }

    /// How well one word fits the best of what it may mean; none when it fits nothing.
    fn fit(&self, term: &Term) -> Option<Fit> {
        let mut best = None;
        let mut take = |fit: Option<Fit>| best = best.max(fit);
        if let Some(home) = &term.home {
            take(self.lives_at(home).then_some(Fit::Whole));
        }
        if let Some(building) = &term.building {
            take((self.building == *building).then_some(Fit::Whole));
        }
        if let Some(unit) = &term.unit {
            take((self.unit == *unit).then_some(Fit::Whole));
        }
        if let Some(room) = &term.room {
            take(starts(&self.room, room));
        }
        if let Some(text) = &term.name {
            take(within(&self.name, text));
            take(self.is_mask_of(text).then_some(Fit::Starts));
        }
        if let Some(text) = &term.initials {
            take(self.initials.iter().filter_map(|initials| within(initials, text)).max());
        }
        if let Some(text) = &term.code {
            take(self.codes.iter().filter_map(|code| within(code, text)).max());
        }
        best
    }

    /// Whether this is how a whole name is masked: `张小明` finds `张*明`.
    fn is_mask_of(&self, name: &str) -> bool {
        let same = |(masked, typed): (char, char)| masked == '*' || masked == typed;
        self.name.chars().count() == name.chars().count() && self.name.chars().zip(name.chars()).all(same)
    }

    /// Whether this is the address typed: `3-501` and `3-2-501`, and `3-2` for all of a stairwell.
    fn lives_at(&self, parts: &[String]) -> bool {
        match parts {
            [building, unit, room] => (&self.building, &self.unit, &self.room) == (building, unit, room),
            [building, second] => {
                self.building == *building && (self.room == *second || self.unit == *second)
            }
            _ => false,
        }
    }
}

impl Part {
    fn of(text: &str) -> Self {
        text.parse().map_or_else(|_| Self::Text(text.to_owned()), Self::Number)
    }
}

/// The short code as it is compared: no hyphens.
fn bare_code(serial: Serial) -> String {
    serial.short_code().replace('-', "")
}

fn starts(text: &str, with: &str) -> Option<Fit> {
    match text.strip_prefix(with)? {
        "" => Some(Fit::Whole),
        _ => Some(Fit::Starts),
    }
}

fn within(text: &str, part: &str) -> Option<Fit> {
    starts(text, part).or_else(|| text.contains(part).then_some(Fit::Within))
}

#[cfg(test)]
mod tests;
