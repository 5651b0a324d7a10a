//! The office's rules: who lives where, what colour a holder has, and when a holder needs a new pass.
//!
//! A *holder* is a person or a vehicle of a household; its number within the compound is what gates count by. Full names
//! and phone numbers are personal: they stand here and in the database alone, print masked when they are debugged, and
//! never reach a pass. Knows no SQL, no HTTP, no file format, and no sentence that people read.

mod address;
mod board;
mod holder;
mod identity;
mod initials;
mod lifetime;
mod namesakes;
mod observation;
mod office;
mod person;
mod plate;
mod role;
mod roster;
mod text;

pub use address::{Address, Step};
pub use board::Grid;
pub use holder::{Holder, Standing, Subject};
pub use identity::{IdentityError, IdentityNumber};
pub use initials::{initials, search_terms};
pub use lifetime::{Held, Lifetime, Need};
pub use namesakes::{Namesake, match_namesakes};
pub use observation::{CHECK_HOLDS, FEVER, HealthCheck, NotReleased, OBSERVATION_DAYS, Observation};
pub use office::{OfficeSettings, OfficeSettingsError, PublicAddress};
pub use person::{FullName, FullNameError, Phone, PhoneError};
pub use plate::{Plate, PlateError};
pub use role::{May, Role, Scope, pause_after};
pub use roster::{Field, NewHolder, Problem, ProblemKind, Row};
pub use text::{colour_of, tidy};
