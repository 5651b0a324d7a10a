//! What can go wrong with a store.

use pass::{CompoundId, OfficeId, PassError, Serial};

/// Why the store could not do something. Nothing of a failed write is kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The URL names no kind of database that is built in.
    #[error(
        "{url:?} names no database this program knows: write sqlite:///path/to/file or postgres://user:password@host/database"
    )]
    Url {
        /// The URL, without a password.
        url: String,
    },
    /// The file cannot be made, or its lock cannot be taken.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// The server can't be reached, or has no room.
    #[error("the database server {server} can't be reached: {why}")]
    Unreachable {
        /// User, host, port and database.
        server: String,
        /// What the system or the server says.
        why: String,
    },
    /// The server refuses the user: the password is wrong, or a right is missing.
    #[error("the database server {server} refuses {user}: {why}")]
    Denied {
        /// User, host, port and database.
        server: String,
        /// The user.
        user: String,
        /// What the server says.
        why: String,
    },
    /// The server has no such database.
    #[error("the database server {server} has no database {database}")]
    NoDatabase {
        /// User, host, port and database.
        server: String,
        /// The database.
        database: String,
    },
    /// The server is older than the queries.
    #[error(
        "the database server is too old: its version is {found}, and {oldest} is the oldest that will do"
    )]
    TooOld {
        /// Its version, as it says it: 90624 for 9.6.24.
        found: String,
        /// The oldest that will do.
        oldest: i64,
    },
    /// Other programs wrote again and again what this one was about to write.
    #[error(
        "other programs are writing to the database without a pause; nothing was changed, try again later"
    )]
    Contended,
    /// A pass that cannot be signed.
    #[error("pass {serial} can't be signed: {source}")]
    Sign {
        /// The serial it would have had.
        serial: Serial,
        /// Why.
        source: PassError,
    },
    /// A red holder is released by a sign-off alone.
    #[error("a red holder is released only when somebody signs for the health check")]
    SignOff,
    /// Somebody who is observed can't be signed off now.
    #[error("nobody can sign for that: {0}")]
    NotReleased(#[source] registry::NotReleased),
    /// Without this account the office would have no administrator.
    #[error("the office would have no administrator left")]
    LastAdministrator,
    /// The card was replaced: nothing becomes of it any more.
    #[error("the pass {serial} was replaced by a newer one")]
    Replaced {
        /// Its serial.
        serial: Serial,
    },
    /// A backup can't be written, read or used.
    #[error("the backup can't be used: {0}")]
    Backup(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// What is to be restored needs an empty registry.
    #[error("the registry isn't empty")]
    NotEmpty,
    /// The tables cannot be brought to this program's version.
    #[error("the database is newer than this program, or damaged: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The database refuses.
    #[error("the database refuses: {0}")]
    Database(#[from] sqlx::Error),
    /// A row that this program can't have written.
    #[error("the database holds a {what} that can't be read: {value:?}")]
    Damaged {
        /// The column.
        what: &'static str,
        /// What it holds.
        value: String,
    },
    /// The store belongs to another office.
    #[error("the database belongs to office {}, not to office {}", bound.0, asked.0)]
    Office {
        /// The office it belongs to.
        bound: OfficeId,
        /// The office that asked.
        asked: OfficeId,
    },
    /// A compound has given out all its numbers for holders: 65,535.
    #[error("compound {} has given out all {} numbers for residents and vehicles", compound.0, u16::MAX)]
    Full {
        /// The compound.
        compound: CompoundId,
    },
    /// Every number the office may give to compounds is taken.
    #[error("no number is left for the compound {compound}")]
    NoNumber {
        /// The compound that would have got one.
        compound: String,
    },
    /// Somebody has changed meanwhile what was to be changed.
    #[error("version {held} holds by now: nothing was changed")]
    Outdated {
        /// The version that holds.
        held: i64,
    },
    /// Somebody else has it already.
    #[error("the {what} is taken by {by}")]
    Taken {
        /// What was to be given.
        what: &'static str,
        /// Who has it.
        by: String,
    },
    /// There is nothing under this key.
    #[error("there is no {what} {key}")]
    Absent {
        /// What was looked for.
        what: &'static str,
        /// By which key.
        key: String,
    },
}
