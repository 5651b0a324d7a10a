//! Reading the audit log: who did what, the newest first.

use pass::Timestamp;
use sqlx::Row;

use crate::row::Columns;
use crate::{Action, Store, StoreError};

/// What of the log is asked for; all that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditSearch {
    /// A part of the name of whoever acted.
    pub who: String,
    /// What they did.
    pub what: Option<Action>,
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
    /// Only what stands behind this line.
    pub after: Option<AuditKey>,
    /// At most so many lines.
    pub limit: u32,
}

/// Where a line stands in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditKey {
    /// When it was written.
    pub at: Timestamp,
    /// Its key.
    pub id: String,
}

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// Where it stands.
    pub key: AuditKey,
    /// Who acted.
    pub who: String,
    /// What they did; none where a newer program wrote it.
    pub what: Option<Action>,
    /// More of it. Names no person.
    pub detail: String,
}

impl Store {
    /// Lines of the audit log.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn audit_lines(&self, search: &AuditSearch) -> Result<Vec<AuditLine>, StoreError> {
        let AuditSearch { who, what, from, until, after, limit } = search;
        let (at, id) = after.as_ref().map_or((i64::MAX, ""), |key| (key.at.0, key.id.as_str()));
        let rows = sqlx::query(
            "SELECT id, at, who, action, detail FROM audit
             WHERE at <= $1 AND (at < $1 OR id > $2) AND at >= $3 AND at < $4 AND ($5 = '' OR action = $5)
               AND ($6 = '' OR LOWER(who) LIKE $6 ESCAPE '\\')
             ORDER BY at DESC, id LIMIT $7",
        )
        .bind(at)
        .bind(id)
        .bind(from.map_or(i64::MIN, |from| from.0))
        .bind(until.map_or(i64::MAX, |until| until.0))
        .bind(what.map_or("", Action::code))
        .bind(if who.is_empty() { String::new() } else { crate::listing::containing(who) })
        .bind(i64::from(*limit))
        .fetch_all(self.pool())
        .await?;
        let mut lines = Vec::with_capacity(rows.len());
        for row in &rows {
            let key = AuditKey { at: Timestamp(row.integer("at")?), id: row.try_get("id")? };
            let (who, action, detail) = (row.text("who")?, row.text("action")?, row.text("detail")?);
            lines.push(AuditLine { key, who, what: Action::of_code(&action), detail });
        }
        Ok(lines)
    }
}
