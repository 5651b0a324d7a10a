//! The rules of compounds: what holds, and every version that ever did, with who decided it, when and why. Knows nothing of
//! what rules say.

use pass::{CompoundId, Timestamp};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use crate::act::log;
use crate::changes::changed;
use crate::counters::Version;
use crate::row::Columns;
use crate::{Act, Action, Store, StoreError};

/// Rules that held, or hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesVersion {
    /// Counts the versions of one compound, from 1. The newest holds.
    pub version: u32,
    /// The rules, in whatever form their owner writes them.
    pub rules: String,
    /// Since when; none for rules of before versions were kept, where nobody knows.
    pub at: Option<Timestamp>,
    /// Who decided them; empty where nobody knows.
    pub who: String,
    /// Why, in their words; empty where nobody said.
    pub why: String,
}

impl Store {
    /// Keeps the rules of a compound as its newest version, and returns its number; none when these are its rules already, and
    /// nothing was written. `why` names no person: it goes into the audit log as well.
    ///
    /// # Errors
    /// [`StoreError::Absent`], and the database's.
    pub async fn set_rules(
        &self,
        compound: CompoundId,
        rules: &str,
        why: &str,
        act: &Act<'_>,
    ) -> Result<Option<u32>, StoreError> {
        transaction!(self, |tx| {
            match newest(&mut *tx, compound).await? {
                Some(held) if held == rules => Ok(None),
                _ => add(&mut *tx, compound, rules, why, act).await.map(Some),
            }
        })
    }

    /// As [`Store::set_rules`], where version `expected` is the newest; 0 where none was decided yet.
    ///
    /// # Errors
    /// [`StoreError::Outdated`] where somebody has decided meanwhile, and as [`Store::set_rules`].
    pub async fn revise_rules(
        &self,
        compound: CompoundId,
        expected: u32,
        rules: &str,
        why: &str,
        act: &Act<'_>,
    ) -> Result<Option<u32>, StoreError> {
        transaction!(self, |tx| {
            let held = newest(&mut *tx, compound).await?;
            let version = last(&mut *tx, compound).await?;
            if version != i64::from(expected) {
                return Err(StoreError::Outdated { held: version });
            }
            match held {
                Some(held) if held == rules => Ok(None),
                _ => add(&mut *tx, compound, rules, why, act).await.map(Some),
            }
        })
    }

    /// The rules that hold in a compound. One that has none yet gets `first`, by this act.
    ///
    /// # Errors
    /// [`StoreError::Absent`], and the database's.
    pub async fn rules_or(
        &self,
        compound: CompoundId,
        first: &str,
        act: &Act<'_>,
    ) -> Result<String, StoreError> {
        transaction!(self, |tx| {
            if let Some(held) = newest(&mut *tx, compound).await? {
                return Ok(held);
            }
            add(&mut *tx, compound, first, "", act).await?;
            Ok(first.to_owned())
        })
    }

    /// Every version of a compound's rules, the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rule_versions(&self, compound: CompoundId) -> Result<Vec<RulesVersion>, StoreError> {
        let rows = sqlx::query(
            "SELECT version, rules, at, who, why FROM rule_versions WHERE compound = $1 ORDER BY version DESC",
        )
        .bind(i64::from(compound.0))
        .fetch_all(self.pool())
        .await?;
        let version = |row: &AnyRow| {
            Ok(RulesVersion {
                version: Columns::number(row, "version")?,
                rules: row.text("rules")?,
                at: Some(row.integer("at")?).filter(|at| *at != 0).map(Timestamp),
                who: row.text("who")?,
                why: row.text("why")?,
            })
        };
        rows.iter().map(version).collect()
    }
}

/// The rules that hold.
async fn newest(tx: &mut AnyConnection, compound: CompoundId) -> Result<Option<String>, StoreError> {
    let row = sqlx::query("SELECT rules FROM compounds WHERE id = $1")
        .bind(i64::from(compound.0))
        .fetch_optional(tx)
        .await?
        .ok_or_else(|| StoreError::Absent { what: "compound", key: compound.0.to_string() })?;
    Ok(row.try_get("rules")?)
}

/// The number of the newest version; 0 where there is none.
async fn last(tx: &mut AnyConnection, compound: CompoundId) -> Result<i64, StoreError> {
    let last: Option<i64> = sqlx::query_scalar("SELECT MAX(version) FROM rule_versions WHERE compound = $1")
        .bind(i64::from(compound.0))
        .fetch_one(tx)
        .await?;
    Ok(last.unwrap_or_default())
}

async fn add(
    tx: &mut AnyConnection,
    compound: CompoundId,
    rules: &str,
    why: &str,
    act: &Act<'_>,
) -> Result<u32, StoreError> {
    // First, so that of two who do this at once one waits here, instead of taking the same number.
    sqlx::query("UPDATE compounds SET rules = $2 WHERE id = $1")
        .bind(i64::from(compound.0))
        .bind(rules)
        .execute(&mut *tx)
        .await?;
    let version = last(&mut *tx, compound).await? + 1;
    let number = u32::try_from(version).map_err(|_| crate::row::damaged("version", version))?;
    sqlx::query(
        "INSERT INTO rule_versions (compound, version, rules, at, who, why) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(i64::from(compound.0))
    .bind(version)
    .bind(rules)
    .bind(act.at.0)
    .bind(act.by)
    .bind(why)
    .execute(&mut *tx)
    .await?;
    let colon = if why.is_empty() { "" } else { ": " };
    let detail = format!("rules of compound {} version {version}{colon}{why}", compound.0);
    log(&mut *tx, act, Action::Rules, &detail).await?;
    changed(tx, &[Version::Rules(compound)]).await?;
    Ok(number)
}
