//! Which way somebody goes, in a lane that is used both ways: by their last passage.
//!
//! | the last passage of the holder that counts | they go |
//! | --- | --- |
//! | none; a resident or a vehicle | the lane's own way, as a guess |
//! | none; a visitor | in: who visits comes before they go |
//! | out | in |
//! | in | out |
//! | either, and the bar has not said yet that they walked through | the same way again |
//! | either, less than a minute ago | the same way again: the card was held up twice |
//!
//! Entry home is never refused, and a guess may be wrong: somebody of whom no passage is known may be on their way home, so
//! nothing worse than a check comes of a guess. Who was last seen coming in is inside, and is refused where the rules refuse.

use pass::{Kind, Timestamp, Verified};

use crate::history::One;
use crate::{Direction, History, Policy};

/// Nobody goes out and is back, or in and out again, in less.
const SECONDS_BETWEEN: i64 = 60;

/// Which way, and how sure that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// Which way.
    pub direction: Direction,
    /// Whether no passage of the holder says so.
    pub guessed: bool,
}

/// Which way the holder of this pass goes, in a lane whose own way is `lane`.
#[must_use]
pub fn which_way(
    pass: &Verified,
    history: &History,
    policy: &Policy,
    now: Timestamp,
    lane: Direction,
) -> Way {
    let past = history.at(now, policy);
    let sure = |direction| Way { direction, guessed: false };
    match past.passages_of(One::of(pass.kind, pass.holder, pass.serial)).next() {
        None if pass.kind == Kind::Visitor => sure(Direction::In),
        None => Way { direction: lane, guessed: true },
        Some(last) if last.awaited || now.since(last.at) < SECONDS_BETWEEN => sure(last.direction),
        Some(last) => sure(last.direction.other()),
    }
}
