//! Home observation: it begins with red, and ends with the sign-off; what health checks found meanwhile.

use pass::{CompoundId, Timestamp};
use registry::{HealthCheck, Observation};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use crate::act::{log, random_key};
use crate::passages::within;
use crate::row::Columns;
use crate::{Act, Action, Store, StoreError};

/// A health check, and who made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// What it found, and when.
    pub check: HealthCheck,
    /// Who made it.
    pub who: String,
}

/// A red person's time at home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    /// Its beginning and its planned end.
    pub observation: Observation,
    /// When it ended; none while it goes on.
    pub ended: Option<Timestamp>,
    /// Who signed it off.
    pub ended_by: Option<String>,
}

/// Somebody whose observation is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The compound.
    pub compound: CompoundId,
    /// The person.
    pub holder: u16,
    /// When it was to end.
    pub planned: Timestamp,
}

impl Store {
    /// When somebody was observed, the newest time first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn observations(&self, compound: CompoundId, holder: u16) -> Result<Vec<Observed>, StoreError> {
        let rows = sqlx::query(
            "SELECT begun, planned, ended, ended_by FROM observations WHERE compound = $1 AND holder = $2
             ORDER BY begun DESC, id",
        )
        .bind(i64::from(compound.0))
        .bind(i64::from(holder))
        .fetch_all(self.pool())
        .await?;
        let observed = |row: &AnyRow| {
            Ok(Observed {
                observation: observation(row)?,
                ended: row.try_get::<Option<i64>, _>("ended")?.map(Timestamp),
                ended_by: row.try_get("ended_by")?,
            })
        };
        rows.iter().map(observed).collect()
    }

    /// The newest health checks of somebody, at most so many.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn health_checks(
        &self,
        compound: CompoundId,
        holder: u16,
        limit: u32,
    ) -> Result<Vec<Checked>, StoreError> {
        let rows = sqlx::query(
            "SELECT at, who, temperature, symptoms FROM health_checks WHERE compound = $1 AND holder = $2
             ORDER BY at DESC, id LIMIT $3",
        )
        .bind(i64::from(compound.0))
        .bind(i64::from(holder))
        .bind(i64::from(limit))
        .fetch_all(self.pool())
        .await?;
        rows.iter().map(|row| Ok(Checked { check: check(row)?, who: row.text("who")? })).collect()
    }

    /// Records a health check.
    ///
    /// # Errors
    /// [`StoreError::Absent`], and the database's.
    pub async fn check_health(
        &self,
        compound: CompoundId,
        holder: u16,
        check: &HealthCheck,
        act: &Act<'_>,
    ) -> Result<(), StoreError> {
        transaction!(self, |tx| {
            demand_person(&mut *tx, compound, holder).await?;
            sqlx::query(
                "INSERT INTO health_checks (id, compound, holder, at, who, temperature, symptoms)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(random_key())
            .bind(i64::from(compound.0))
            .bind(i64::from(holder))
            .bind(check.at.0)
            .bind(act.by)
            .bind(i64::from(check.temperature))
            .bind(i64::from(check.symptoms))
            .execute(&mut *tx)
            .await?;
            // What it found is health, and not for the log.
            let detail = format!("compound {} holder {holder}", compound.0);
            log(&mut *tx, act, Action::Health, &detail).await?;
            Ok(())
        })
    }

    /// Plans another end for the observation that goes on: a case near by makes it longer, a wrong first day shorter.
    ///
    /// # Errors
    /// [`StoreError::Absent`] when nobody is observed, and the database's.
    pub async fn plan_end(
        &self,
        compound: CompoundId,
        holder: u16,
        planned: Timestamp,
        why: &str,
        act: &Act<'_>,
    ) -> Result<(), StoreError> {
        transaction!(self, |tx| {
            let changed = sqlx::query(
                "UPDATE observations SET planned = CASE WHEN begun > $3 THEN begun ELSE $3 END
                 WHERE compound = $1 AND holder = $2 AND ended IS NULL",
            )
            .bind(i64::from(compound.0))
            .bind(i64::from(holder))
            .bind(planned.0)
            .execute(&mut *tx)
            .await?;
            if changed.rows_affected() == 0 {
                return Err(absent(compound, holder));
            }
            let detail = format!("compound {} holder {holder} until {planned}: {why}", compound.0);
            log(&mut *tx, act, Action::Health, &detail).await?;
            Ok(())
        })
    }

    /// Whose observation is to end by `until`, the longest overdue first, at most so many of these compounds; and how many there are.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn due_releases(
        &self,
        compounds: &[CompoundId],
        until: Timestamp,
        limit: u32,
    ) -> Result<(Vec<Due>, u64), StoreError> {
        let text = |what: &str, after: &str| {
            AssertSqlSafe(format!(
                "SELECT {what} FROM observations e WHERE e.ended IS NULL AND e.planned <= $1{} {after}",
                within(compounds)
            ))
        };
        let rows = sqlx::query(text(
            "e.compound, e.holder, e.planned",
            "ORDER BY e.planned, e.compound, e.holder LIMIT $2",
        ))
        .bind(until.0)
        .bind(i64::from(limit))
        .fetch_all(self.pool())
        .await?;
        let count: i64 =
            sqlx::query_scalar(text("COUNT(*)", "")).bind(until.0).fetch_one(self.pool()).await?;
        let due = |row: &AnyRow| {
            let planned = Timestamp(row.integer("planned")?);
            Ok(Due { compound: row.compound("compound")?, holder: row.number("holder")?, planned })
        };
        Ok((rows.iter().map(due).collect::<Result<_, StoreError>>()?, count.unsigned_abs()))
    }
}

/// Begins the observation of whoever is red from now on. A vehicle is not observed.
pub(crate) async fn begin(
    tx: &mut AnyConnection,
    compound: CompoundId,
    holder: u16,
    at: Timestamp,
) -> Result<(), StoreError> {
    let Observation { begun, planned } = Observation::begin(at);
    sqlx::query(
        "INSERT INTO observations (id, compound, holder, begun, planned) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(random_key())
    .bind(i64::from(compound.0))
    .bind(i64::from(holder))
    .bind(begun.0)
    .bind(planned.0)
    .execute(tx)
    .await?;
    Ok(())
}

/// Ends the observation of whoever is red no more.
pub(crate) async fn end(
    tx: &mut AnyConnection,
    compound: CompoundId,
    holder: u16,
    act: &Act<'_>,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE observations SET ended = $3, ended_by = $4 WHERE compound = $1 AND holder = $2 AND ended IS NULL",
    )
    .bind(i64::from(compound.0))
    .bind(i64::from(holder))
    .bind(act.at.0)
    .bind(act.by)
    .execute(tx)
    .await?;
    Ok(())
}

/// Demands that whoever is observed may be signed off now.
///
/// # Errors
/// [`StoreError::NotReleased`].
pub(crate) async fn demand_end(
    tx: &mut AnyConnection,
    compound: CompoundId,
    holder: u16,
    now: Timestamp,
) -> Result<(), StoreError> {
    let row = sqlx::query(
        "SELECT begun, planned FROM observations WHERE compound = $1 AND holder = $2 AND ended IS NULL",
    )
    .bind(i64::from(compound.0))
    .bind(i64::from(holder))
    .fetch_optional(&mut *tx)
    .await?;
    // A vehicle.
    let Some(row) = row else { return Ok(()) };
    let last = sqlx::query(
        "SELECT at, temperature, symptoms FROM health_checks WHERE compound = $1 AND holder = $2
         ORDER BY at DESC, id LIMIT 1",
    )
    .bind(i64::from(compound.0))
    .bind(i64::from(holder))
    .fetch_optional(&mut *tx)
    .await?;
    let last = last.as_ref().map(check).transpose()?;
    observation(&row)?.may_end(last, now).map_err(StoreError::NotReleased)
}

pub(crate) async fn demand_person(
    tx: &mut AnyConnection,
    compound: CompoundId,
    holder: u16,
) -> Result<(), StoreError> {
    let known: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM holders WHERE compound = $1 AND number = $2 AND kind <> 'vehicle'",
    )
    .bind(i64::from(compound.0))
    .bind(i64::from(holder))
    .fetch_one(tx)
    .await?;
    if known == 0 { Err(absent(compound, holder)) } else { Ok(()) }
}

pub(crate) fn absent(compound: CompoundId, holder: u16) -> StoreError {
    StoreError::Absent { what: "holder", key: format!("{holder} in compound {}", compound.0) }
}

fn observation(row: &AnyRow) -> Result<Observation, StoreError> {
    let (begun, planned) = (row.integer("begun")?, row.integer("planned")?);
    Ok(Observation { begun: Timestamp(begun), planned: Timestamp(planned) })
}

fn check(row: &AnyRow) -> Result<HealthCheck, StoreError> {
    Ok(HealthCheck {
        at: Timestamp(row.integer("at")?),
        temperature: row.number("temperature")?,
        symptoms: row.integer("symptoms")? != 0,
    })
}
