//! What residents are let off: by kind, one of each for a holder.

use gate::{Exemption, ExemptionKind};
use pass::{CompoundId, Timestamp};
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::act::log;
use crate::changes::changed;
use crate::counters::Version;
use crate::row::{Columns, damaged};
use crate::{Act, Action, Store, StoreError};

impl Store {
    /// Lets a holder off something, or changes what was decided before about the same kind.
    ///
    /// # Errors
    /// [`StoreError::Absent`], and the database's.
    pub async fn exempt(
        &self,
        compound: CompoundId,
        holder: u16,
        exemption: &Exemption,
        act: &Act<'_>,
    ) -> Result<(), StoreError> {
        transaction!(self, |tx| {
            let known: i64 =
                sqlx::query_scalar("SELECT COUNT(*) FROM holders WHERE compound = $1 AND number = $2")
                    .bind(i64::from(compound.0))
                    .bind(i64::from(holder))
                    .fetch_one(&mut *tx)
                    .await?;
            if known == 0 {
                return Err(StoreError::Absent {
                    what: "holder",
                    key: format!("{holder} in compound {}", compound.0),
                });
            }
            sqlx::query(
                "INSERT INTO exemptions (compound, holder, kind, quota, hours, ends, decided, decided_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (compound, holder, kind) DO UPDATE SET
             quota = excluded.quota, hours = excluded.hours, ends = excluded.ends, decided = excluded.decided,
             decided_by = excluded.decided_by",
            )
            .bind(i64::from(compound.0))
            .bind(i64::from(holder))
            .bind(exemption.kind.code())
            .bind(i64::from(exemption.quota))
            .bind(i64::from(exemption.hours))
            .bind(exemption.until.map(|until| until.0))
            .bind(act.at.0)
            .bind(act.by)
            .execute(&mut *tx)
            .await?;
            let Exemption { kind, quota, hours, until } = exemption;
            let until = until.map_or("open".to_owned(), |until| until.to_string());
            let detail = format!(
                "compound {} holder {holder} {} quota {quota} hours {hours} until {until}",
                compound.0,
                kind.code()
            );
            log(&mut *tx, act, Action::Exempt, &detail).await?;
            changed(&mut *tx, &[Version::People(compound)]).await?;
            Ok(())
        })
    }

    /// Takes an exemption back.
    ///
    /// # Errors
    /// [`StoreError::Absent`], and the database's.
    pub async fn end_exemption(
        &self,
        compound: CompoundId,
        holder: u16,
        kind: ExemptionKind,
        act: &Act<'_>,
    ) -> Result<(), StoreError> {
        transaction!(self, |tx| {
            let ended =
                sqlx::query("DELETE FROM exemptions WHERE compound = $1 AND holder = $2 AND kind = $3")
                    .bind(i64::from(compound.0))
                    .bind(i64::from(holder))
                    .bind(kind.code())
                    .execute(&mut *tx)
                    .await?;
            if ended.rows_affected() == 0 {
                return Err(StoreError::Absent { what: "exemption", key: kind.code().to_owned() });
            }
            let detail = format!("compound {} holder {holder} {} ended", compound.0, kind.code());
            log(&mut *tx, act, Action::Exempt, &detail).await?;
            changed(&mut *tx, &[Version::People(compound)]).await?;
            Ok(())
        })
    }

    /// The exemptions of one holder, by kind; those that have ended as well.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn exemptions_of(
        &self,
        compound: CompoundId,
        holder: u16,
    ) -> Result<Vec<Exemption>, StoreError> {
        let rows = sqlx::query(
            "SELECT kind, quota, hours, ends FROM exemptions WHERE compound = $1 AND holder = $2 ORDER BY kind",
        )
        .bind(i64::from(compound.0))
        .bind(i64::from(holder))
        .fetch_all(self.pool())
        .await?;
        rows.iter().map(exemption).collect()
    }

    /// The exemptions of a compound by holder and kind; those that have ended as well.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn exemptions(&self, compound: CompoundId) -> Result<Vec<(u16, Exemption)>, StoreError> {
        let rows = sqlx::query(
            "SELECT holder, kind, quota, hours, ends FROM exemptions WHERE compound = $1 ORDER BY holder, kind",
        )
        .bind(i64::from(compound.0))
        .fetch_all(self.pool())
        .await?;
        rows.iter().map(|row| Ok((row.number("holder")?, exemption(row)?))).collect()
    }
}

fn exemption(row: &AnyRow) -> Result<Exemption, StoreError> {
    let kind = row.text("kind")?;
    Ok(Exemption {
        kind: ExemptionKind::of_code(&kind).ok_or_else(|| damaged("kind", kind))?,
        quota: row.integer("quota")? != 0,
        hours: row.integer("hours")? != 0,
        until: row.try_get::<Option<i64>, _>("ends")?.map(Timestamp),
    })
}
