//! What crosses a network or a USB stick between office and gate. The same bytes travel either way.
//!
//! Knows no HTTP, no disk and no database.

mod bundle;
mod claims;
mod directions;
mod enrol;
mod locked;
mod packed;
mod parcel;
mod people;
mod reply;
mod report;
mod rules;
mod seal;
mod stick;
mod update;

pub use bundle::{Bundle, BundleError, HighWater, Mark, Opened, Part};
pub use directions::{Directions, GateEntry, SignedDirections};
pub use enrol::{ENROL_PREFIX, EnrolAnswer, EnrolAsk, EnrolCode, EnrolSecret, EnrolTextError, Invitation};
pub use locked::{lock, unlock};
pub use parcel::Parcel;
pub use people::{
    Card, ClosedHomes, Duty, Limits, People, PeopleError, Pin, PinError, PinHash, Resident, SignedPeople,
    Staff, seal_people,
};
pub use reply::Reply;
pub use report::{Holds, OpenedReport, Report, ReportError, Stand};
pub use rules::{RulesFileError, SignedRules, policy_from_json, policy_to_json, sign_rules};
pub use seal::{Receiver, ReceiverError, ReceiverJwk, ReceiverKey, SealError, Sealed};
pub use stick::Stick;
pub use update::{Update, UpdateError, Version, VersionError};
