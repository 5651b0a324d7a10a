//! What gates have to be told: every transaction that changes something they judge by leaves a row, and whoever comes first gives
//! out new versions for all that has changed.
//!
//! A row for each change, rather than one number that all count up: writers don't get in each other's way. A version is given out
//! after the change it is for is there to be read, so whoever reads what belongs to a version reads that much at least.

use std::collections::{BTreeMap, BTreeSet};

use pass::{CompoundId, OfficeId, Timestamp};
use sqlx::{AnyConnection, AssertSqlSafe};

use crate::act::random_key;
use crate::counters::{Version, raise};
use crate::row::Columns;
use crate::{Store, StoreError};

/// Changes that are given versions at once.
const AT_ONCE: usize = 1000;

/// The newest versions of all that is signed for gates; what was never signed has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Versions {
    /// Of the status list.
    pub status: u64,
    /// Of each compound's rules.
    pub rules: BTreeMap<CompoundId, u64>,
    /// Of each compound's people.
    pub people: BTreeMap<CompoundId, u64>,
    /// Of each compound's directions.
    pub directions: BTreeMap<CompoundId, u64>,
    /// Of the status lists of other offices.
    pub elsewhere: BTreeMap<OfficeId, u64>,
}

impl Store {
    /// Gives new versions to all that has changed since this was last done, by whichever program. Returns whether anything had.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn publish(&self, now: Timestamp) -> Result<bool, StoreError> {
        let waiting: Option<String> =
            sqlx::query_scalar("SELECT id FROM changes LIMIT 1").fetch_optional(self.pool()).await?;
        if waiting.is_none() {
            return Ok(false);
        }
        transaction!(self, |tx| {
            let rows = sqlx::query(AssertSqlSafe(format!("SELECT id, what FROM changes LIMIT {AT_ONCE}")))
                .fetch_all(&mut *tx)
                .await?;
            let (mut ids, mut counters) = (Vec::new(), BTreeSet::new());
            for row in &rows {
                ids.push(row.text("id")?);
                counters.insert(row.text("what")?);
            }
            for counter in &counters {
                raise(&mut *tx, counter, now).await?;
            }
            for id in &ids {
                sqlx::query("DELETE FROM changes WHERE id = $1").bind(id.as_str()).execute(&mut *tx).await?;
            }
            Ok(!ids.is_empty())
        })
    }

    /// The newest versions.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn versions(&self) -> Result<Versions, StoreError> {
        let rows = sqlx::query("SELECT name, value FROM counters WHERE name LIKE 'version:%'")
            .fetch_all(self.pool())
            .await?;
        let mut versions = Versions { elsewhere: self.lists().await?, ..Versions::default() };
        for row in &rows {
            let (name, value) = (row.text("name")?, row.integer("value")?.unsigned_abs());
            match Version::of_counter(&name) {
                Some(Version::Status) => versions.status = value,
                Some(Version::Rules(compound)) => drop(versions.rules.insert(compound, value)),
                Some(Version::People(compound)) => drop(versions.people.insert(compound, value)),
                Some(Version::Directions(compound)) => drop(versions.directions.insert(compound, value)),
                None => {}
            }
        }
        Ok(versions)
    }
}

/// Gates have to be told of these, as soon as this transaction is done.
pub(crate) async fn changed(tx: &mut AnyConnection, what: &[Version]) -> Result<(), StoreError> {
    for version in what {
        sqlx::query("INSERT INTO changes (id, what) VALUES ($1, $2)")
            .bind(random_key())
            .bind(version.counter())
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}

/// Gates have to be told of passes and of those who hold them, in these compounds.
pub(crate) async fn passes_changed(
    tx: &mut AnyConnection,
    compounds: impl IntoIterator<Item = CompoundId>,
) -> Result<(), StoreError> {
    let compounds: BTreeSet<CompoundId> = compounds.into_iter().collect();
    if compounds.is_empty() {
        return Ok(());
    }
    let people = compounds.into_iter().map(Version::People);
    let all: Vec<Version> = std::iter::once(Version::Status).chain(people).collect();
    changed(tx, &all).await
}
