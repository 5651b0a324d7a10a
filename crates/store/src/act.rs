//! Who does what, when: goes with every write, and into the audit log in the same transaction.

use pass::{Timestamp, random};
use sqlx::AnyConnection;

use crate::{Store, StoreError};

/// Who acts, and when.
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    /// The member of staff, or the program that acts for them.
    pub by: &'a str,
    /// The time.
    pub at: Timestamp,
}

/// What the audit log knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// A roster was imported.
    Import,
    /// A colour was decided for one holder.
    Colour,
    /// Passes were signed.
    Sign,
    /// The status of a pass was set.
    Status,
    /// Passes were printed.
    Print,
    /// Sheets were handed out.
    HandOut,
    /// What the office says of itself was changed.
    Settings,
    /// Passes, lists or a bundle left the office.
    Export,
    /// A gate was made known or forgotten.
    Gate,
    /// Somebody was taken on at the gates, or let go, or put on the duty roster.
    Staff,
    /// Somebody was let off a rule, or no longer.
    Exempt,
    /// The rules of a compound were changed.
    Rules,
    /// What gates had logged was taken in.
    Passages,
    /// Records whose time was over were deleted, or it was decided how long they are kept.
    Purge,
    /// An account of the office was added, changed or closed.
    Account,
    /// Somebody signed in or out, or tried to.
    SignIn,
    /// A health check was recorded, or the end of an observation planned.
    Health,
    /// A building or a stairwell was closed or opened again.
    Close,
    /// What the board says of a stairwell was changed.
    Building,
    /// Somebody's file was written.
    File,
    /// Somebody looked at more of a person than is shown to everybody.
    Look,
    /// All of the registry was copied.
    Backup,
    /// All of the registry came out of a backup.
    Restore,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 23] = [
        Self::Import,
        Self::Colour,
        Self::Sign,
        Self::Status,
        Self::Print,
        Self::HandOut,
        Self::Settings,
        Self::Export,
        Self::Gate,
        Self::Staff,
        Self::Exempt,
        Self::Rules,
        Self::Passages,
        Self::Purge,
        Self::Account,
        Self::SignIn,
        Self::Health,
        Self::Close,
        Self::Building,
        Self::File,
        Self::Look,
        Self::Backup,
        Self::Restore,
    ];

    /// The action of this code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.code() == code)
    }

    /// Its code in the log.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Colour => "colour",
            Self::Sign => "sign",
            Self::Status => "status",
            Self::Print => "print",
            Self::HandOut => "hand out",
            Self::Settings => "settings",
            Self::Export => "export",
            Self::Gate => "gate",
            Self::Staff => "staff",
            Self::Exempt => "exempt",
            Self::Rules => "rules",
            Self::Passages => "passages",
            Self::Purge => "purge",
            Self::Account => "account",
            Self::SignIn => "sign-in",
            Self::Health => "health",
            Self::Close => "close",
            Self::Building => "building",
            Self::File => "file",
            Self::Look => "look",
            Self::Backup => "backup",
            Self::Restore => "restore",
        }
    }
}

impl Store {
    /// Writes an act that changes nothing in the store, such as printing, into the audit log. `detail` names no person.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn audit(&self, act: &Act<'_>, action: Action, detail: &str) -> Result<(), StoreError> {
        transaction!(self, |tx| {
            log(&mut *tx, act, action, detail).await?;
            Ok(())
        })
    }
}

pub(crate) async fn log(
    tx: &mut AnyConnection,
    act: &Act<'_>,
    action: Action,
    detail: &str,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO audit (id, at, who, action, detail) VALUES ($1, $2, $3, $4, $5)")
        .bind(random_key())
        .bind(act.at.0)
        .bind(act.by)
        .bind(action.code())
        .bind(detail)
        .execute(tx)
        .await?;
    Ok(())
}

/// A key that nobody else makes and nobody can guess: 128 random bits in hexadecimal.
pub(crate) fn random_key() -> String {
    format!("{:032x}", u128::from_be_bytes(random::bytes()))
}
