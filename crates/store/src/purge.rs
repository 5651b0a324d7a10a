//! What is deleted when its time is over: how long each kind of record is kept, deleting it for good, and the certificate of it.
//!
//! Deleting a row leaves its bytes in the database's file, so that file is swept afterwards. On SQLite nothing is left of what was
//! deleted, neither in the file nor in its log. On PostgreSQL the tables are written anew without it; what the server's own log
//! (WAL), its replicas and its archives keep is for its operator to end.

use std::fmt::Write;

use pass::Timestamp;
use sqlx::{AnyConnection, AssertSqlSafe, Executor};

use crate::act::{log, random_key};
use crate::open::Backend;
use crate::row::{Columns, damaged};
use crate::{Act, Action, Store, StoreError};

const DAY: i64 = 86_400;
/// Who works on schedule looks no more often than this, however many programs do.
const EVERY: i64 = DAY;
/// The setting that says when somebody last looked.
const LOOKED: &str = "purge:looked";

/// A kind of record that isn't kept for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record {
    /// Cards that ended, with the masked name on them, and their places on sheets.
    Passes,
    /// Colours that somebody had before the one they have now, observations that ended, and health checks.
    Standings,
    /// What was decided about somebody or a card, and why.
    Decisions,
    /// Duties at the gates that are over.
    Duty,
    /// What gates had logged.
    Passages,
    /// Who did what.
    Audit,
}

impl Record {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Passes, Self::Standings, Self::Decisions, Self::Duty, Self::Passages, Self::Audit];

    /// Its code, in settings and certificates.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Passes => "passes",
            Self::Standings => "standings",
            Self::Decisions => "decisions",
            Self::Duty => "duty",
            Self::Passages => "passages",
            Self::Audit => "audit",
        }
    }

    fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|record| record.code() == code)
    }

    /// How many days it is kept after its end, until the office decides otherwise: cards, duties and passages a month, what tells of
    /// people's health half a year, so that what was decided can still be explained, what tells of the staff's work three years.
    #[must_use]
    pub fn usual_days(self) -> u32 {
        match self {
            Self::Passes | Self::Duty | Self::Passages => 30,
            Self::Standings | Self::Decisions => 180,
            Self::Audit => 1_095,
        }
    }

    /// Deletes what ended before $1. Rows that point to it go first.
    fn statements(self) -> &'static [&'static str] {
        match self {
            Self::Passes => &[
                "DELETE FROM sheet_passes WHERE serial IN (SELECT serial FROM passes WHERE expires < $1)",
                "UPDATE holders SET pass_ends = COALESCE((SELECT p.expires FROM passes p WHERE p.idx =
                    (SELECT MAX(l.idx) FROM passes l WHERE l.compound = holders.compound
                         AND l.holder = holders.number AND l.expires >= $1)), 0)
                 WHERE pass_ends > 0 AND pass_ends < $1",
                "DELETE FROM passes WHERE expires < $1",
            ],
            Self::Standings => &[
                "DELETE FROM health_checks WHERE at < $1",
                "DELETE FROM observations WHERE ended < $1",
                "DELETE FROM past_standings WHERE ended < $1",
            ],
            Self::Decisions => &["DELETE FROM decisions WHERE at < $1"],
            Self::Duty => &["DELETE FROM duty WHERE ends < $1"],
            Self::Passages => &[
                "UPDATE journals SET
                    purged = COALESCE((SELECT MAX(e.sequence) FROM events e
                        WHERE e.gate = journals.gate AND e.journal = journals.journal AND e.at < $1), purged),
                    first = COALESCE((SELECT MIN(e.sequence) FROM events e
                        WHERE e.gate = journals.gate AND e.journal = journals.journal AND e.at >= $1), last + 1),
                    kept = (SELECT COUNT(*) FROM events e
                        WHERE e.gate = journals.gate AND e.journal = journals.journal AND e.at >= $1),
                    forked = (SELECT COUNT(*) - COUNT(DISTINCT e.sequence) FROM events e
                        WHERE e.gate = journals.gate AND e.journal = journals.journal AND e.at >= $1)",
                "DELETE FROM gate_troubles WHERE at < $1",
                "DELETE FROM events WHERE at < $1",
            ],
            Self::Audit => &["DELETE FROM audit WHERE at < $1"],
        }
    }
}

/// How many days each kind of record is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention([u32; Record::ALL.len()]);

impl Default for Retention {
    fn default() -> Self {
        Self(Record::ALL.map(Record::usual_days))
    }
}

impl Retention {
    /// The days of a kind.
    #[must_use]
    pub fn days(&self, record: Record) -> u32 {
        self.0[record as usize]
    }

    /// Changes the days of a kind.
    pub fn keep(&mut self, record: Record, days: u32) {
        self.0[record as usize] = days;
    }
}

/// What a purge deleted. Names nobody but who ran it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Names it: 32 hexadecimal digits.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// Of each kind of which there was anything: how many, and before which moment they had ended.
    pub lines: Vec<(Record, u64, Timestamp)>,
}

impl Store {
    /// How long records are kept.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn retention(&self) -> Result<Retention, StoreError> {
        let mut connection = self.pool().acquire().await?;
        retention(&mut connection).await
    }

    /// Changes how long records are kept; it holds from the next purge on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_retention(&self, retention: &Retention, act: &Act<'_>) -> Result<(), StoreError> {
        transaction!(self, |tx| {
            let mut detail = String::from("days");
            for record in Record::ALL {
                let days = retention.days(record).to_string();
                set(&mut *tx, &format!("keep:{}", record.code()), &days, act).await?;
                let _ = write!(detail, " {} {days}", record.code());
            }
            log(&mut *tx, act, Action::Purge, &detail).await?;
            Ok(())
        })
    }

    /// Deletes everything whose time is over, for good. Nothing where there is none of it.
    ///
    /// # Errors
    /// [`StoreError`]. Where only sweeping the file failed, the rows are gone, and the next purge sweeps it.
    pub async fn purge(&self, act: &Act<'_>) -> Result<Option<Certificate>, StoreError> {
        let certificate = transaction!(self, |tx| { delete(&mut *tx, act).await })?;
        self.sweep().await?;
        Ok(certificate)
    }

    /// [`Store::purge`], once a day, whichever of several programs asks first.
    ///
    /// # Errors
    /// As [`Store::purge`].
    pub async fn purge_daily(&self, act: &Act<'_>) -> Result<Option<Certificate>, StoreError> {
        let certificate = transaction!(self, |tx| {
            let looked: Option<String> = sqlx::query_scalar("SELECT value FROM settings WHERE name = $1")
                .bind(LOOKED)
                .fetch_optional(&mut *tx)
                .await?;
            let looked = looked.and_then(|at| at.parse::<i64>().ok());
            // A clock that was set back must not keep records for ever.
            if looked.is_some_and(|looked| looked <= act.at.0 && act.at.0 - looked < EVERY) {
                return Ok(None);
            }
            set(&mut *tx, LOOKED, &act.at.0.to_string(), act).await?;
            delete(&mut *tx, act).await
        })?;
        if certificate.is_some() {
            self.sweep().await?;
        }
        Ok(certificate)
    }

    /// The certificates, the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn certificates(&self) -> Result<Vec<Certificate>, StoreError> {
        let rows = sqlx::query("SELECT id, at, who, lines FROM purges ORDER BY at DESC, id")
            .fetch_all(self.pool())
            .await?;
        rows.iter()
            .map(|row| {
                let lines = row.text("lines")?;
                let line = |line: &str| {
                    let mut words = line.split(' ');
                    let record = Record::of_code(words.next()?)?;
                    Some((record, words.next()?.parse().ok()?, Timestamp(words.next()?.parse().ok()?)))
                };
                Ok(Certificate {
                    id: row.text("id")?,
                    at: Timestamp(row.integer("at")?),
                    by: row.text("who")?,
                    // Kinds of a newer program are left out.
                    lines: lines.lines().filter_map(line).collect(),
                })
            })
            .collect()
    }

    /// Takes deleted rows out of the database's files.
    async fn sweep(&self) -> Result<(), StoreError> {
        let mut connection = self.pool().acquire().await?;
        match self.backend() {
            Backend::Sqlite => {
                // The file without them, then the log into the file, and the log to nothing.
                connection.execute("VACUUM").await?;
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").await?;
            }
            Backend::Postgres(_) => {
                for table in [
                    "sheet_passes",
                    "passes",
                    "past_standings",
                    "health_checks",
                    "observations",
                    "decisions",
                    "duty",
                    "events",
                    "journals",
                    "audit",
                ] {
                    match connection.execute(AssertSqlSafe(format!("VACUUM (FULL) {table}"))).await {
                        // Engines that talk like PostgreSQL may sweep by themselves, and have no such word.
                        Err(error) if is_unknown(&error) => return Ok(()),
                        done => _ = done?,
                    }
                }
            }
        }
        Ok(())
    }
}

async fn delete(tx: &mut AnyConnection, act: &Act<'_>) -> Result<Option<Certificate>, StoreError> {
    let retention = retention(&mut *tx).await?;
    let mut lines = Vec::new();
    for record in Record::ALL {
        let before = act.at.0.saturating_sub(i64::from(retention.days(record)) * DAY);
        let mut count = 0;
        for statement in record.statements() {
            count = sqlx::query(*statement).bind(before).execute(&mut *tx).await?.rows_affected();
        }
        if count > 0 {
            lines.push((record, count, Timestamp(before)));
        }
    }
    if lines.is_empty() {
        return Ok(None);
    }
    let certificate = Certificate { id: random_key(), at: act.at, by: act.by.to_owned(), lines };
    let line =
        |(record, count, until): &(Record, u64, Timestamp)| format!("{} {count} {}", record.code(), until.0);
    let text = certificate.lines.iter().map(line).collect::<Vec<_>>().join("\n");
    sqlx::query("INSERT INTO purges (id, at, who, lines) VALUES ($1, $2, $3, $4)")
        .bind(certificate.id.as_str())
        .bind(act.at.0)
        .bind(act.by)
        .bind(text.as_str())
        .execute(&mut *tx)
        .await?;
    log(&mut *tx, act, Action::Purge, &text.replace('\n', ", ")).await?;
    Ok(Some(certificate))
}

async fn retention(connection: &mut AnyConnection) -> Result<Retention, StoreError> {
    let rows = sqlx::query("SELECT name, value FROM settings WHERE name LIKE 'keep:%'")
        .fetch_all(connection)
        .await?;
    let mut retention = Retention::default();
    for row in &rows {
        let (name, value) = (row.text("name")?, row.text("value")?);
        let Some(record) = name.strip_prefix("keep:").and_then(Record::of_code) else { continue };
        retention.keep(record, value.parse().map_err(|_| damaged("setting", format!("{name} = {value}")))?);
    }
    Ok(retention)
}

async fn set(tx: &mut AnyConnection, name: &str, value: &str, act: &Act<'_>) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO settings (name, value, at, who) VALUES ($1, $2, $3, $4)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value, at = excluded.at, who = excluded.who",
    )
    .bind(name)
    .bind(value)
    .bind(act.at.0)
    .bind(act.by)
    .execute(tx)
    .await?;
    Ok(())
}

/// Syntax error, feature not supported.
fn is_unknown(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    matches!(code.as_deref(), Some("42601" | "0A000"))
}
