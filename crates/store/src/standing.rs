//! The colour of a holder, and what it does to the passes already given out.

use pass::{Colour, CompoundId, Kind, Status, Timestamp};
use sqlx::AnyConnection;

use crate::act::random_key;
use crate::counters::given_indices;
use crate::row::Columns;
use crate::{Act, Store, StoreError, observations};

impl Store {
    /// What the status list says at `now`: the status of each pass, the first of them for index 0. An index that has no pass is
    /// withdrawn; whose home is closed, is suspended.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn statuses(&self, now: Timestamp) -> Result<Vec<Status>, StoreError> {
        // The counter is read first: a pass signed after that is in the list by its own row.
        let given = given_indices(self.pool()).await?;
        let rows = sqlx::query(
            "SELECT idx, status FROM passes UNION ALL SELECT idx, 0 AS status FROM specimens ORDER BY idx",
        )
        .fetch_all(self.pool())
        .await?;
        let mut statuses = Vec::with_capacity(rows.len());
        for row in &rows {
            statuses.resize(row.number("idx")?, Status::Withdrawn);
            statuses.push(row.status("status")?);
        }
        // After a restore the counter is ahead of what is known: passes that were lost do not hold.
        if statuses.len() < given {
            statuses.resize(given, Status::Withdrawn);
        }
        self.suspend_closed(&mut statuses, now).await?;
        Ok(statuses)
    }
}

/// The colour that changed, if it did. A pass that was withdrawn, suspended or replaced stays so.
pub(crate) async fn change_colour(
    tx: &mut AnyConnection,
    compound: CompoundId,
    holder: u16,
    colour: Colour,
    act: &Act<'_>,
) -> Result<Option<Colour>, StoreError> {
    let (id, number) = (i64::from(compound.0), i64::from(holder));
    let before = sqlx::query(
        "SELECT kind, colour, colour_since, colour_by FROM holders WHERE compound = $1 AND number = $2",
    )
    .bind(id)
    .bind(number)
    .fetch_optional(&mut *tx)
    .await?
    .ok_or_else(|| StoreError::Absent { what: "holder", key: format!("{holder} in compound {id}") })?;
    let had = before.colour("colour")?;
    if had == colour {
        return Ok(None);
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
    if had == Colour::Red {
        observations::end(&mut *tx, compound, holder, act).await?;
    }
    if colour == Colour::Red && before.kind("kind")? != Kind::Vehicle {
        observations::begin(&mut *tx, compound, holder, act.at).await?;
    }
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
    Ok(Some(had))
}
