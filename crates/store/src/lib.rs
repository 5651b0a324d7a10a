//! The registry in SQL: compounds, households, holders, passes, gates and who works there, and who did what.
//!
//! A store is chosen by its URL: SQLite is embedded, PostgreSQL is for offices with several programs at once. Every query is
//! written once, in the SQL that both take, and that engines which talk like PostgreSQL take as well: keys are made by the program,
//! whatever must not happen twice happens in one transaction, and `write.rs` runs it again where another got in its way. Knows no
//! HTTP, no file formats, and signs nothing itself.

#[macro_use]
mod write;

mod accounts;
mod act;
mod audit;
mod board;
mod changes;
mod closures;
mod compounds;
mod correct;
mod counters;
mod decisions;
mod enrolments;
mod error;
mod exchange;
mod exempt;
mod files;
mod gates;
mod issue;
mod listing;
mod lists;
mod observations;
mod open;
mod passages;
mod passes;
mod people;
mod place;
mod postgres;
mod purge;
mod roster;
mod row;
mod rules;
mod search;
mod sessions;
mod settings;
mod sheets;
mod sought;
mod specimens;
mod sqlite;
mod staff;
mod stairwells;
mod standing;
mod tally;
mod today;
mod tokens;
mod whole;

pub use accounts::{Account, NewAccount};
pub use act::{Act, Action};
pub use audit::{AuditKey, AuditLine, AuditSearch};
pub use board::BoardHome;
pub use changes::Versions;
pub use closures::{Closure, NewClosure};
pub use compounds::Compound;
pub use counters::Version;
pub use decisions::{CardChange, ColourChange, Decided, Decision, Many, SignOff};
pub use enrolments::{Enrolled, Enrolment};
pub use error::StoreError;
pub use exchange::{GateReport, GateTrouble, JournalState};
pub use files::{File, Holding};
pub use gates::{Gate, StruckGate};
pub use issue::Issued;
pub use listing::{Count, Found, Listed, ListedPass, Page, PassSought, Search};
pub use observations::{Checked, Due, Observed};
pub use open::Store;
pub use passages::{
    Bearer, Bucket, Ended, Journal, Kept, Passage, PassageCounts, PassageKey, PassageSearch, Sought,
};
pub use passes::{PassOnFile, PassPages, Passes};
pub use people::{Person, PersonCard};
pub use purge::{Certificate, Record, Retention};
pub use roster::{Fate, Imported, Progress, Registered};
pub use rules::RulesVersion;
pub use sessions::{Attempt, Factor, NewSession, Session};
pub use sheets::{NewRun, Printable, Run, Sheet, Sheets, ToPrint};
pub use specimens::Specimen;
pub use sqlite::sqlite_url;
pub use staff::{DutyLine, StaffMember};
pub use stairwells::{Passageway, Stairwell, Way};
pub use tally::Tally;
pub use today::Standings;
pub use tokens::{ApiToken, LONGEST_TOKEN, NewToken};
pub use whole::{Cell, INDEX_GAP, Piece, Pieces};
