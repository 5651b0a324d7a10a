//! The decision at the gate: rules and facts in, a verdict with its reasons out; and the event that keeps it.
//!
//! Pure data and pure functions. Nothing here stores, waits, shows or fails: whatever is presented, there is a verdict.
//! The sentences that people read stand in the programs, keyed by [`Reason::code`].

mod decide;
mod event;
mod exemption;
mod reason;
mod rules;

pub use decide::{Decision, Question, decide};
pub use event::{
    At, Came, ClockSet, Device, DeviceTrouble, EmergencyClosed, EmergencyExplained, EmergencyOpened, Event,
    EventError, Holder, Judged, Manual, Measured, Note, NoteError, Overridden, Passed, Role, ShiftChanged,
    ShiftCounts, SignInFailed, SignedIn, SignedOut, Site, Undone, Versions, What,
};
pub use exemption::{Exemption, ExemptionKind};
pub use reason::{Reason, Unlisted};
pub use rules::{ColourRule, Direction, PerColour, Rules, Verdict};
