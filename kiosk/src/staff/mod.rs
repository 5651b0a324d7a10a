//! Who stands at the gate: signing in and out, slowing of those who guess, roles, the duty roster, the counts of a shift.
//!
//! Pure logic over the gate's time, but for the window between page and lane, which keeps wrong PINs on the disk. Everything
//! else that outlives a restart is in the journal's events. Knows no HTTP, no screen and no sentence.

mod emergency;
mod guesses;
mod recent;
mod session;
mod shift;
mod window;

pub(crate) use emergency::{Emergency, Unlogged};
pub use guesses::Guesses;
pub use recent::{ByHand, Entry, Recent, Turned};
pub use session::{Session, Sessions};
pub(crate) use shift::LOOK_BACK;
pub use shift::Shift;
pub(crate) use window::{Act, Done, Inner, Keyed, Known, ManualEntry, Shared, WhyNot, Window, window};

use pass::Timestamp;
use protocol::{People, Staff};

/// Somebody who may sign in.
#[must_use]
pub fn member<'a>(people: &'a People, name: &str) -> Option<&'a Staff> {
    people.staff.binary_search_by(|staff| staff.name.as_str().cmp(name)).ok().map(|at| &people.staff[at])
}

/// Who is to be at this gate now, by the roster.
#[must_use]
pub fn on_duty<'a>(people: &'a People, gate: &str, now: Timestamp) -> Vec<&'a str> {
    let now_here = people
        .roster
        .iter()
        .filter(|duty| duty.from <= now && now < duty.until && (duty.gate.is_empty() || duty.gate == gate));
    let mut names: Vec<&str> = now_here.map(|duty| duty.who.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use pass::CompoundId;
    use protocol::Duty;

    #[test]
    fn the_roster_names_who_is_here_now() {
        let duty = |from, until, who: &str, gate: &str| Duty {
            from: Timestamp(from),
            until: Timestamp(until),
            who: who.into(),
            gate: gate.into(),
        };
        let people = People {
            compound: CompoundId(1),
            residents: Vec::new(),
            staff: Vec::new(),
            roster: vec![
                duty(0, 10, "a", ""),
                duty(0, 10, "a", "east"),
                duty(5, 20, "b", "east"),
                duty(5, 20, "c", "west"),
            ],
            closed: Vec::new(),
        };
        let at = |now| on_duty(&people, "east", Timestamp(now));
        assert_eq!(at(-1), Vec::<&str>::new());
        assert_eq!(at(0), ["a"]);
        assert_eq!(at(9), ["a", "b"]);
        assert_eq!(at(10), ["b"], "the end is the next one's start");
        assert_eq!(at(20), Vec::<&str>::new());
    }
}
