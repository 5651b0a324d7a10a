//! Status lists of other offices, as they signed them: gates of this office need them to judge passes of those.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pass::OfficeId;

use crate::act::log;
use crate::row::{Columns, damaged};
use crate::{Act, Action, Store, StoreError};

impl Store {
    /// Keeps the status list of another office, which the caller has verified. Returns whether it is newer than the one that was kept;
    /// where it is not, that one stays.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn keep_list_of(
        &self,
        office: OfficeId,
        version: u64,
        list: &[u8],
        act: &Act<'_>,
    ) -> Result<bool, StoreError> {
        let list = STANDARD.encode(list);
        transaction!(self, |tx| {
            let kept = sqlx::query(
                "INSERT INTO office_lists (office, version, list) VALUES ($1, $2, $3)
                 ON CONFLICT (office) DO UPDATE SET version = excluded.version, list = excluded.list
                 WHERE office_lists.version < excluded.version",
            )
            .bind(i64::from(office.0))
            .bind(i64::try_from(version).unwrap_or(i64::MAX))
            .bind(&list)
            .execute(&mut *tx)
            .await?;
            if kept.rows_affected() == 0 {
                return Ok(false);
            }
            let detail = format!("status list of office {}, version {version}", office.0);
            log(&mut *tx, act, Action::Status, &detail).await?;
            Ok(true)
        })
    }

    /// The status list of another office.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn list_of(&self, office: OfficeId) -> Result<Option<Vec<u8>>, StoreError> {
        let list = sqlx::query("SELECT list FROM office_lists WHERE office = $1")
            .bind(i64::from(office.0))
            .fetch_optional(self.pool())
            .await?;
        let Some(list) = list else { return Ok(None) };
        let list = STANDARD.decode(list.text("list")?);
        list.map(Some).map_err(|_| damaged("status list of office", i64::from(office.0)))
    }

    /// Which offices' status lists are kept, and their versions.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lists(&self) -> Result<BTreeMap<OfficeId, u64>, StoreError> {
        let rows = sqlx::query("SELECT office, version FROM office_lists").fetch_all(self.pool()).await?;
        let mut lists = BTreeMap::new();
        for row in &rows {
            let office = row.integer("office")?;
            let office = u32::try_from(office).map_err(|_| damaged("office", office))?;
            lists.insert(OfficeId(office), row.integer("version")?.unsigned_abs());
        }
        Ok(lists)
    }
}
