//! The decision at the gate: rules and facts in, a verdict with its reasons out; and the event that keeps it.
//!
//! Pure data and pure functions. Nothing here stores, waits, shows or fails: whatever is presented, there is a verdict.
//! The sentences that people read stand in the programs, keyed by [`Reason::code`].

mod days;
mod decide;
mod event;
mod exemption;
mod history;
mod reason;
mod rules;

pub use decide::{
    AT_ONCE_SECONDS, Apart, Closed, Decision, Earlier, Exempt, Facts, Measurement, Otherwise, Question,
    Replay, Slipped, Trial, Way, decide, which_way,
};
pub use event::{
    At, Came, ClockSet, Device, DeviceTrouble, EmergencyClosed, EmergencyExplained, EmergencyOpened, Event,
    EventError, Events, Holder, Judged, Manual, Measured, NotOverridable, Note, NoteError, Overridden,
    Passed, Role, ShiftChanged, ShiftCounts, SignInFailed, SignedIn, SignedOut, Site, Undone, Versions, What,
};
pub use exemption::{Exemption, ExemptionKind};
pub use history::{Followed, History, HistoryError, Outside};
pub use reason::{Reason, Unlisted};
pub use rules::{
    Closing, ColourRule, Count, Direction, ExitWindows, Limit, Minute, Passback, Per, PerColour,
    PerDirection, Policy, PolicyError, Quota, Rules, Temperature, Tenths, Together, Vehicles, Verdict,
    Visitors, When, Whom, Window,
};
