//! How long somebody who typed a wrong PIN waits before the next one is looked at.
//!
//! Per person, so that nobody tries all PINs of one; for the gate, so that nobody tries one PIN on all. The wait grows and has an
//! end: guessing takes years, and a gate is never locked for good. A guess is counted before it is looked at, and the counts
//! outlive a restart: pulling the plug gains nothing.

use std::collections::BTreeMap;

use pass::Timestamp;
use serde::{Deserialize, Serialize};

/// Wrong PINs of one person before there is a wait: fingers in gloves miss.
const FREE: u32 = 3;
/// Wrong PINs at the gate before there is a wait for everybody: a shift of several people who miss.
const FREE_AT_GATE: u32 = 12;
/// The first wait, in seconds; it doubles with each wrong PIN.
const FIRST: i64 = 10;
/// No wait is longer: a quarter of an hour for one person, one minute for the gate, whose next guard must get in.
const LONGEST: i64 = 15 * 60;
const LONGEST_AT_GATE: i64 = 60;
/// Wrong PINs are forgotten when nobody tried for so long.
const FORGOTTEN: i64 = 24 * 3600;
/// More names than a gate has staff; beyond them, the ones tried longest ago are forgotten.
const MOST: usize = 500;

/// Wrong PINs so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guesses {
    gate: Tally,
    people: BTreeMap<String, Tally>,
}

/// Wrong PINs in a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Tally {
    failures: u32,
    /// When the last of them was typed.
    last: i64,
}

impl Guesses {
    /// Seconds before a PIN of this person is looked at; 0 when it would be now.
    #[must_use]
    pub fn wait(&self, who: &str, now: Timestamp) -> u32 {
        let own = self.people.get(who).copied().unwrap_or_default().wait(FREE, LONGEST, now);
        own.max(self.gate.wait(FREE_AT_GATE, LONGEST_AT_GATE, now))
    }

    /// Seconds before any PIN is looked at.
    #[must_use]
    pub fn wait_at_gate(&self, now: Timestamp) -> u32 {
        self.gate.wait(FREE_AT_GATE, LONGEST_AT_GATE, now)
    }

    /// A PIN is about to be looked at: counts as wrong until [`Guesses::right`] says otherwise. Returns wrong PINs of this person
    /// in a row, this one included.
    pub fn guessed(&mut self, who: &str, now: Timestamp) -> u32 {
        self.people.retain(|_, tally| !tally.is_forgotten(now));
        if self.people.len() >= MOST && !self.people.contains_key(who) {
            let oldest = self.people.iter().min_by_key(|(_, tally)| tally.last);
            let oldest = oldest.map(|(name, _)| name.clone());
            oldest.and_then(|name| self.people.remove(&name));
        }
        self.gate.count(now);
        let own = self.people.entry(who.to_owned()).or_default();
        own.count(now);
        own.failures
    }

    /// The last PIN of this person was right after all. Others' wrong PINs at the gate stay counted.
    pub fn right(&mut self, who: &str) {
        let own = self.people.remove(who).unwrap_or_default().failures;
        self.gate.failures = self.gate.failures.saturating_sub(own.max(1));
    }
}

impl Tally {
    fn count(&mut self, now: Timestamp) {
        if self.is_forgotten(now) {
            self.failures = 0;
        }
        *self = Self { failures: self.failures.saturating_add(1), last: now.0 };
    }

    fn wait(self, free: u32, longest: i64, now: Timestamp) -> u32 {
        if self.failures < free || self.is_forgotten(now) {
            return 0;
        }
        let doubled = (self.failures - free).min(30);
        let whole = FIRST.saturating_mul(1 << doubled).min(longest);
        // A clock that was set back since makes nobody wait longer than the whole.
        let left = whole.saturating_sub(now.since(Timestamp(self.last)).max(0));
        u32::try_from(left.max(0)).unwrap_or(u32::MAX)
    }

    fn is_forgotten(self, now: Timestamp) -> bool {
        now.since(Timestamp(self.last)) >= FORGOTTEN
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp(1_600_000_000 + seconds)
    }

    #[test]
    fn waits_grow_and_end() {
        let mut guesses = Guesses::default();
        let mut now = 0;
        let mut waits = Vec::new();
        for _ in 0..11 {
            guesses.guessed("李", at(now));
            waits.push(guesses.wait("李", at(now)));
            now += i64::from(*waits.last().unwrap());
            assert_eq!(guesses.wait("李", at(now)), 0, "then it is looked at");
        }
        assert_eq!(waits, [0, 0, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
        assert_eq!(guesses.wait("王", at(now)), 0, "others sign in meanwhile");
        guesses.guessed("李", at(now));
        assert_eq!(guesses.wait("李", at(now)), 900);
        assert_eq!(guesses.wait("李", at(now - 86_400 * 365)), 900, "a clock set back locks nobody out");
        assert_eq!(guesses.wait("李", at(now + FORGOTTEN)), 0);
        guesses.right("李");
        assert_eq!(
            guesses,
            Guesses { gate: Tally { failures: 0, last: at(now).0 }, people: BTreeMap::new() }
        );
    }

    #[test]
    fn one_pin_on_all_names_is_slowed_as_well() {
        let mut guesses = Guesses::default();
        for i in 0..FREE_AT_GATE {
            assert_eq!(guesses.wait_at_gate(at(0)), 0);
            guesses.guessed(&format!("name {i}"), at(0));
        }
        assert_eq!(guesses.wait("somebody else", at(0)), 10);
        for i in 0..1000 {
            guesses.guessed(&format!("another {i}"), at(0));
        }
        assert_eq!(guesses.wait("somebody else", at(0)), 60, "never for good");
        assert!(guesses.people.len() <= MOST);
    }

    proptest! {
        #[test]
        fn nobody_waits_longer_than_a_quarter_of_an_hour(
            typed in prop::collection::vec((0..4_u8, any::<i32>(), any::<bool>()), 0..60),
            now: i32,
        ) {
            let mut guesses = Guesses::default();
            for (who, when, right) in typed {
                let who = who.to_string();
                guesses.guessed(&who, at(when.into()));
                if right {
                    guesses.right(&who);
                    prop_assert_eq!(guesses.people.get(&who), None);
                }
            }
            for who in ["0", "1", "2", "3", "4"] {
                prop_assert!(guesses.wait(who, at(now.into())) <= 900);
            }
            let kept: Guesses = serde_json::from_slice(&serde_json::to_vec(&guesses).unwrap()).unwrap();
            prop_assert_eq!(kept, guesses);
        }
    }
}
