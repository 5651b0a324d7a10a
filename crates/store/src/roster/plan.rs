//! What a list would change in one compound, as pure data: no SQL here.

use std::collections::HashMap;

use pass::Colour;
use registry::{Address, Namesake, NewHolder, Phone, Subject, match_namesakes};

use super::Imported;
use super::known::{Known, KnownHolder};

/// What becomes of one holder of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was not known.
    Added,
    /// It was known otherwise.
    Changed {
        /// The colour it had, and the colour it gets, where that is another.
        colour: Option<(Colour, Colour)>,
        /// Its phone number is another.
        phone: bool,
        /// It lives elsewhere: a vehicle that moved.
        home: bool,
    },
    /// It is as it was.
    Left,
    /// It was left alone: several known people could be meant.
    Ambiguous,
}

/// What is to be written for one compound.
#[derive(Default)]
pub(super) struct Plan<'a> {
    /// Homes that are missing.
    pub(super) homes: Vec<&'a Address>,
    /// Holders that are missing.
    pub(super) additions: Vec<(Home, &'a NewHolder)>,
    /// Holders that differ.
    pub(super) changes: Vec<Change>,
}

/// A household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Home {
    /// Its number.
    Known(u32),
    /// Its place among [`Plan::homes`].
    New(usize),
}

/// A holder that is known otherwise.
pub(super) struct Change {
    pub(super) number: u16,
    /// Where home or phone number are others: what they shall be. An empty phone number of the list erases none.
    pub(super) details: Option<(Home, Option<Phone>)>,
    /// Where the colour is another.
    pub(super) colour: Option<Colour>,
}

impl<'a> Plan<'a> {
    /// Compares the holders of one compound, which stand at `positions` of the list, with those known there, and counts what
    /// becomes of them.
    pub(super) fn of(
        holders: &'a [NewHolder],
        positions: &[usize],
        mut known: Known,
        outcome: &mut Imported,
    ) -> Self {
        let mut plan = Self::default();
        let mut new_homes = HashMap::new();
        // People of one household and one name are matched together; the groups keep the order of the list.
        let mut groups: Vec<(Home, &str, Vec<usize>)> = Vec::new();
        let mut group_of = HashMap::new();
        for &at in positions {
            let holder = &holders[at];
            let home = match known.households.get(&holder.address) {
                Some(number) => Home::Known(*number),
                None => Home::New(*new_homes.entry(&holder.address).or_insert_with(|| {
                    plan.homes.push(&holder.address);
                    plan.homes.len() - 1
                })),
            };
            match &holder.subject {
                Subject::Vehicle { plate } => {
                    let before = known.vehicles.get(plate.as_str());
                    let (fate, _) = plan.put(home, before, holder);
                    outcome.count(at, fate);
                }
                Subject::Person { name, .. } => {
                    let group = *group_of.entry((home, name.reveal())).or_insert_with(|| {
                        groups.push((home, name.reveal(), Vec::new()));
                        groups.len() - 1
                    });
                    groups[group].2.push(at);
                }
            }
        }
        for (home, name, rows) in groups {
            let people = match home {
                Home::Known(number) => known.people.remove(&(number, name.to_owned())).unwrap_or_default(),
                Home::New(_) => Vec::new(),
            };
            let phones: Vec<_> = rows.iter().map(|at| phone_of(&holders[*at])).collect();
            let numbers: Vec<_> = people.iter().map(|person| person.phone.as_ref()).collect();
            let found = match_namesakes(&phones, &numbers);
            for (at, found) in rows.into_iter().zip(found) {
                let (fate, still_red) = match found {
                    Namesake::Known(person) => plan.put(home, Some(&people[person]), &holders[at]),
                    Namesake::New => plan.put(home, None, &holders[at]),
                    Namesake::Ambiguous => (Fate::Ambiguous, false),
                };
                if still_red {
                    outcome.still_red.push(at);
                }
                outcome.count(at, fate);
            }
        }
        plan
    }

    /// Adds a holder, or changes the one known `before`. And whether it is a person who is red, and stays so against the list.
    fn put(&mut self, home: Home, before: Option<&KnownHolder>, holder: &'a NewHolder) -> (Fate, bool) {
        let Some(before) = before else {
            self.additions.push((home, holder));
            return (Fate::Added, false);
        };
        let phone = phone_of(holder).or(before.phone.as_ref());
        let other_phone = before.phone.as_ref() != phone;
        let other_home = home != Home::Known(before.household);
        let other_colour = before.colour != holder.colour;
        let still_red =
            other_colour && before.colour == Colour::Red && matches!(holder.subject, Subject::Person { .. });
        let colour = (other_colour && !still_red).then_some(holder.colour);
        if !other_phone && !other_home && colour.is_none() {
            return (Fate::Left, still_red);
        }
        let details = (other_phone || other_home).then(|| (home, phone.cloned()));
        self.changes.push(Change { number: before.number, details, colour });
        let colour = colour.map(|colour| (before.colour, colour));
        (Fate::Changed { colour, phone: other_phone, home: other_home }, still_red)
    }
}

pub(super) fn phone_of(holder: &NewHolder) -> Option<&Phone> {
    match &holder.subject {
        Subject::Person { phone, .. } => phone.as_ref(),
        Subject::Vehicle { .. } => None,
    }
}
