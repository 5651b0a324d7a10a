//! Offices and compounds.

use std::ops::RangeInclusive;

use pass::{CompoundId, OfficeId};
use sqlx::{AnyConnection, Row};

use crate::row::Columns;
use crate::{Store, StoreError};

/// A compound of the office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compound {
    /// Its number, used once in a district.
    pub id: CompoundId,
    /// Its name, used once in an office.
    pub name: String,
    /// Its rules as they were stored, where they were decided.
    pub rules: Option<String>,
}

impl Store {
    /// Ties the store to an office; a store that is tied to another refuses.
    ///
    /// # Errors
    /// [`StoreError::Office`], and the database's.
    pub async fn bind_office(&self, office: OfficeId) -> Result<(), StoreError> {
        transaction!(self, |tx| {
            let bound: Option<i64> =
                sqlx::query_scalar("SELECT id FROM offices").fetch_optional(&mut *tx).await?;
            match bound.map(u32::try_from) {
                Some(Ok(id)) if id == office.0 => return Ok(()),
                Some(Ok(id)) => return Err(StoreError::Office { bound: OfficeId(id), asked: office }),
                Some(Err(_)) => return Err(crate::row::damaged("office", bound.unwrap_or_default())),
                None => {}
            }
            sqlx::query("INSERT INTO offices (id) VALUES ($1)")
                .bind(i64::from(office.0))
                .execute(&mut *tx)
                .await?;
            Ok(())
        })
    }

    /// The office that the store is tied to; none before it was.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn office(&self) -> Result<Option<OfficeId>, StoreError> {
        let bound: Option<i64> =
            sqlx::query_scalar("SELECT id FROM offices").fetch_optional(self.pool()).await?;
        let number = |id: i64| u32::try_from(id).map(OfficeId).map_err(|_| crate::row::damaged("office", id));
        bound.map(number).transpose()
    }

    /// All compounds, by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn compounds(&self) -> Result<Vec<Compound>, StoreError> {
        let rows =
            sqlx::query("SELECT id, name, rules FROM compounds ORDER BY name").fetch_all(self.pool()).await?;
        rows.iter()
            .map(|row| {
                let rules = row.try_get("rules")?;
                Ok(Compound { id: row.compound("id")?, name: row.text("name")?, rules })
            })
            .collect()
    }

    /// The compound of this number.
    ///
    /// # Errors
    /// [`StoreError::Absent`], and the database's.
    pub async fn compound(&self, id: CompoundId) -> Result<Compound, StoreError> {
        let row = sqlx::query("SELECT id, name, rules FROM compounds WHERE id = $1")
            .bind(i64::from(id.0))
            .fetch_optional(self.pool())
            .await?
            .ok_or_else(|| StoreError::Absent { what: "compound", key: id.0.to_string() })?;
        Ok(Compound { id, name: row.text("name")?, rules: row.try_get("rules")? })
    }

    /// The compound of this name.
    ///
    /// # Errors
    /// [`StoreError::Absent`], and the database's.
    pub async fn compound_by_name(&self, name: &str) -> Result<Compound, StoreError> {
        let name = registry::tidy(name);
        let found = self.compounds().await?.into_iter().find(|compound| compound.name == name);
        found.ok_or(StoreError::Absent { what: "compound", key: name })
    }
}

/// The number of the compound of this name.
pub(crate) async fn compound_id(
    tx: &mut AnyConnection,
    name: &str,
) -> Result<Option<CompoundId>, StoreError> {
    let known: Option<i64> =
        sqlx::query_scalar("SELECT id FROM compounds WHERE name = $1").bind(name).fetch_optional(tx).await?;
    let number = |id| u32::try_from(id).map(CompoundId).map_err(|_| crate::row::damaged("compound", id));
    known.map(number).transpose()
}

/// The lowest number of a range that was never used.
pub(crate) async fn free_number(
    tx: &mut AnyConnection,
    range: &RangeInclusive<u32>,
) -> Result<Option<u32>, StoreError> {
    let newest: Option<i64> = sqlx::query_scalar("SELECT MAX(id) FROM compounds WHERE id >= $1 AND id <= $2")
        .bind(i64::from(*range.start()))
        .bind(i64::from(*range.end()))
        .fetch_one(tx)
        .await?;
    let free = newest.map_or(i64::from(*range.start()), |newest| newest + 1);
    Ok(u32::try_from(free).ok().filter(|free| range.contains(free)))
}

/// The compound of this name; where it is missing it is made, with the lowest number of `numbers` that was never used.
pub(crate) async fn compound_named(
    tx: &mut AnyConnection,
    name: &str,
    numbers: &[RangeInclusive<u32>],
) -> Result<(CompoundId, bool), StoreError> {
    if let Some(id) = compound_id(&mut *tx, name).await? {
        return Ok((id, false));
    }
    for range in numbers {
        let Some(id) = free_number(&mut *tx, range).await? else { continue };
        sqlx::query("INSERT INTO compounds (id, name) VALUES ($1, $2)")
            .bind(i64::from(id))
            .bind(name)
            .execute(&mut *tx)
            .await?;
        return Ok((CompoundId(id), true));
    }
    Err(StoreError::NoNumber { compound: name.to_owned() })
}
