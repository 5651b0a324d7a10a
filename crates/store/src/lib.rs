//! The registry in SQL: compounds, households, holders, passes, gates and who works there, and who did what.
//!
//! A store is chosen by its URL. SQLite is embedded; every query is written once, in the SQL that PostgreSQL takes as well:
//! keys are made by the program, and whatever must not happen twice happens in one transaction. Knows no HTTP, no file
//! formats, and signs nothing itself.

mod act;
mod compounds;
mod counters;
mod error;
mod exempt;
mod gates;
mod issue;
mod listing;
mod open;
mod passes;
mod people;
mod roster;
mod row;
mod staff;
mod standing;

pub use act::{Act, Action};
pub use compounds::Compound;
pub use counters::Version;
pub use error::StoreError;
pub use gates::Gate;
pub use issue::{IssueError, Issued};
pub use listing::{Listed, ListedPass, Search};
pub use open::{Store, sqlite_url};
pub use passes::{PassOnFile, PassPages, Passes};
pub use people::{Person, PersonCard};
pub use roster::{Imported, Progress};
pub use staff::{DutyLine, StaffMember};
