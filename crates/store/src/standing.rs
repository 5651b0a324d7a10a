//! The colour of a holder, and what it does to the passes already given out.

use pass::{Colour, CompoundId, Serial, Status};
use sqlx::AnyConnection;

use crate::act::{log, random_key};
use crate::row::Columns;
use crate::{Act, Action, Store, StoreError};

impl Store {
    /// Decides a colour. Passes already given out say so in the status list from this transaction on.
    ///
    /// # Errors
    /// [`StoreError::Absent`], and the database's.
    pub async fn set_colour(
        &self,
        compound: CompoundId,
        holder: u16,
        colour: Colour,
        act: &Act<'_>,
    ) -> Result<(), StoreError> {
        transaction!(self, |tx| {
            if change_colour(&mut *tx, compound, holder, colour, act).await? {
                let detail = format!("compound {} holder {holder} {}", compound.0, colour.code());
                log(&mut *tx, act, Action::Colour, &detail).await?;
            }
            Ok(())
        })
    }

    /// Withdraws, suspends or replaces a pass, or lets it hold again (`AsSigned`: with the colour its holder has now).
    ///
    /// # Errors
    /// [`StoreError::Absent`], and the database's.
    pub async fn set_status(&self, serial: Serial, status: Status, act: &Act<'_>) -> Result<(), StoreError> {
        transaction!(self, |tx| {
            let row = sqlx::query(
                "SELECT p.colour AS signed, h.colour AS now FROM passes p
             JOIN holders h ON h.compound = p.compound AND h.number = p.holder WHERE p.serial = $1",
            )
            .bind(serial.to_string())
            .fetch_optional(&mut *tx)
            .await?
            .ok_or_else(|| StoreError::Absent { what: "pass", key: serial.to_string() })?;
            let (signed, now) = (row.colour("signed")?, row.colour("now")?);
            let status = match status {
                Status::AsSigned | Status::Now(_) if signed == now => Status::AsSigned,
                Status::AsSigned | Status::Now(_) => Status::Now(now),
                other => other,
            };
            sqlx::query("UPDATE passes SET status = $2 WHERE serial = $1")
                .bind(serial.to_string())
                .bind(i64::from(status.bits()))
                .execute(&mut *tx)
                .await?;
            log(&mut *tx, act, Action::Status, &format!("{serial} {status:?}")).await?;
            Ok(())
        })
    }

    /// What the status list says: the status of each pass, the first of them for index 0. An index that has no pass is
    /// withdrawn.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn statuses(&self) -> Result<Vec<Status>, StoreError> {
        let rows = sqlx::query("SELECT idx, status FROM passes ORDER BY idx").fetch_all(self.pool()).await?;
        let mut statuses = Vec::with_capacity(rows.len());
        for row in &rows {
            statuses.resize(row.number("idx")?, Status::Withdrawn);
            statuses.push(row.status("status")?);
        }
        Ok(statuses)
    }
}

/// Whether the colour changed. A pass that was withdrawn, suspended or replaced stays so.
pub(crate) async fn change_colour(
    tx: &mut AnyConnection,
    compound: CompoundId,
    holder: u16,
    colour: Colour,
    act: &Act<'_>,
) -> Result<bool, StoreError> {
    let (id, number) = (i64::from(compound.0), i64::from(holder));
    let before = sqlx::query(
        "SELECT colour, colour_since, colour_by FROM holders WHERE compound = $1 AND number = $2",
    )
    .bind(id)
    .bind(number)
    .fetch_optional(&mut *tx)
    .await?
    .ok_or_else(|| StoreError::Absent { what: "holder", key: format!("{holder} in compound {id}") })?;
    let had = before.colour("colour")?;
    if had == colour {
        return Ok(false);
    }
    sqlx::query(
        "INSERT INTO past_standings (id, compound, holder, colour, since, decided_by, ended)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(random_key())
    .bind(id)
    .bind(number)
    .bind(had.code())
    .bind(before.integer("colour_since")?)
    .bind(before.text("colour_by")?)
    .bind(act.at.0)
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "UPDATE holders SET colour = $3, colour_since = $4, colour_by = $5 WHERE compound = $1 AND number = $2",
    )
    .bind(id)
    .bind(number)
    .bind(colour.code())
    .bind(act.at.0)
    .bind(act.by)
    .execute(&mut *tx)
    .await?;
    // 0 as signed; 12, 13, 14: another colour now.
    sqlx::query(
        "UPDATE passes SET status = CASE WHEN colour = $3 THEN 0 ELSE $4 END
         WHERE compound = $1 AND holder = $2 AND status IN (0, 12, 13, 14)",
    )
    .bind(id)
    .bind(number)
    .bind(colour.code())
    .bind(i64::from(Status::Now(colour).bits()))
    .execute(&mut *tx)
    .await?;
    Ok(true)
}
