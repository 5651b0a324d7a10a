//! Buildings and stairwells that are closed: whoever lives there stays in, whatever their colour, until the office opens it again.
//!
//! Nothing about a person changes by it. The status list says "suspended" of the passes of those who live there for as long as
//! it goes on, so that every gate obeys, and opening gives back what each had, decided meanwhile or not.

use std::collections::HashSet;

use pass::{CompoundId, Status, Timestamp};
use registry::Address;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::act::{log, random_key};
use crate::changes::passes_changed;
use crate::row::Columns;
use crate::{Act, Action, Store, StoreError};

/// A closed building or stairwell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closure {
    /// Its key.
    pub id: String,
    /// The compound.
    pub compound: CompoundId,
    /// The compound's name.
    pub compound_name: String,
    /// 楼栋.
    pub building: String,
    /// 单元; empty for the whole building.
    pub unit: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when it is planned; none when nobody said. It does not end by itself.
    pub planned: Option<Timestamp>,
    /// Why.
    pub why: String,
    /// Who closed it.
    pub by: String,
    /// Whether those may go out all the same whom the office lets off the hours.
    pub lets_exempt: bool,
    /// When it was opened again, and by whom; none while it goes on.
    pub opened: Option<(Timestamp, String)>,
    /// Homes there.
    pub homes: u32,
    /// Residents there; vehicles are not counted.
    pub residents: u32,
}

/// What is to be closed.
#[derive(Clone, Copy, Debug)]
pub struct NewClosure<'a> {
    /// 楼栋.
    pub building: &'a str,
    /// 单元; empty for the whole building.
    pub unit: &'a str,
    /// Until when it is planned.
    pub planned: Option<Timestamp>,
    /// Why; not empty.
    pub why: &'a str,
    /// Whether those may go out all the same whom the office lets off the hours.
    pub lets_exempt: bool,
}

impl Closure {
    /// Whether it holds for a home of its compound.
    #[must_use]
    pub fn holds(&self, address: &Address) -> bool {
        self.opened.is_none()
            && self.building == address.building
            && (self.unit.is_empty() || self.unit == address.unit)
    }
}

/// Closures with how many live there, and what they have to fulfil.
macro_rules! closures {
    ($demanded:expr) => {
        concat!(
            "SELECT x.id, x.compound, c.name AS compound_name, x.building, x.unit, x.since, x.planned, x.why, x.closed_by,
                    x.lets_exempt, x.opened, x.opened_by,
                    (SELECT COUNT(*) FROM households d WHERE d.compound = x.compound AND d.building = x.building
                         AND (x.unit = '' OR d.unit = x.unit)) AS homes,
                    (SELECT COUNT(*) FROM households d JOIN holders h ON h.compound = d.compound AND h.household = d.number
                         WHERE d.compound = x.compound AND d.building = x.building
                         AND (x.unit = '' OR d.unit = x.unit) AND h.kind <> 'vehicle') AS residents
             FROM closures x JOIN compounds c ON c.id = x.compound WHERE ",
            $demanded
        )
    };
}

impl Store {
    /// Closes a building or a stairwell, from the next list on that gates get.
    ///
    /// # Errors
    /// [`StoreError::Absent`] where nobody is registered there, [`StoreError::Taken`] where it is closed already, and the
    /// database's.
    pub async fn close_homes(
        &self,
        compound: CompoundId,
        new: &NewClosure<'_>,
        act: &Act<'_>,
    ) -> Result<Closure, StoreError> {
        let id = random_key();
        transaction!(self, |tx| {
            let homes: i64 = sqlx::query_scalar(
                "SELECT COUNT(*) FROM households WHERE compound = $1 AND building = $2 AND ($3 = '' OR unit = $3)",
            )
            .bind(i64::from(compound.0))
            .bind(new.building)
            .bind(new.unit)
            .fetch_one(&mut *tx)
            .await?;
            if homes == 0 {
                let key = format!("{} in compound {}", place(new.building, new.unit), compound.0);
                return Err(StoreError::Absent { what: "building", key });
            }
            let by: Option<String> = sqlx::query_scalar(
                "SELECT closed_by FROM closures
                 WHERE compound = $1 AND building = $2 AND unit = $3 AND opened IS NULL",
            )
            .bind(i64::from(compound.0))
            .bind(new.building)
            .bind(new.unit)
            .fetch_optional(&mut *tx)
            .await?;
            if let Some(by) = by {
                return Err(StoreError::Taken { what: "building", by });
            }
            sqlx::query(
                "INSERT INTO closures (id, compound, building, unit, since, planned, why, closed_by, lets_exempt)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            )
            .bind(&id)
            .bind(i64::from(compound.0))
            .bind(new.building)
            .bind(new.unit)
            .bind(act.at.0)
            .bind(new.planned.map(|planned| planned.0))
            .bind(new.why)
            .bind(act.by)
            .bind(i64::from(new.lets_exempt))
            .execute(&mut *tx)
            .await?;
            let planned = new.planned.map_or("open".to_owned(), |planned| planned.to_string());
            let detail = format!(
                "closed {} in compound {} until {planned}",
                place(new.building, new.unit),
                compound.0
            );
            log(&mut *tx, act, Action::Close, &detail).await?;
            passes_changed(&mut *tx, [compound]).await?;
            Ok(())
        })?;
        self.closure(&id).await
    }

    /// Opens a building or a stairwell again: the passes of those who live there say again what they said before, or what was
    /// decided meanwhile. One that is open already stays as it is.
    ///
    /// # Errors
    /// [`StoreError::Absent`], and the database's.
    pub async fn reopen_homes(&self, id: &str, act: &Act<'_>) -> Result<Closure, StoreError> {
        let closure = self.closure(id).await?;
        transaction!(self, |tx| {
            let opened = sqlx::query(
                "UPDATE closures SET opened = $2, opened_by = $3 WHERE id = $1 AND opened IS NULL",
            )
            .bind(id)
            .bind(act.at.0)
            .bind(act.by)
            .execute(&mut *tx)
            .await?;
            if opened.rows_affected() > 0 {
                let place = place(&closure.building, &closure.unit);
                let detail = format!("opened {place} in compound {}", closure.compound.0);
                log(&mut *tx, act, Action::Close, &detail).await?;
                passes_changed(&mut *tx, [closure.compound]).await?;
            }
            Ok(())
        })?;
        self.closure(id).await
    }

    /// Plans the end of a closure anew.
    ///
    /// # Errors
    /// [`StoreError::Absent`] where there is none that goes on, and the database's.
    pub async fn plan_reopening(
        &self,
        id: &str,
        planned: Option<Timestamp>,
        act: &Act<'_>,
    ) -> Result<Closure, StoreError> {
        let closure = self.closure(id).await?;
        transaction!(self, |tx| {
            let changed = sqlx::query("UPDATE closures SET planned = $2 WHERE id = $1 AND opened IS NULL")
                .bind(id)
                .bind(planned.map(|planned| planned.0))
                .execute(&mut *tx)
                .await?;
            if changed.rows_affected() == 0 {
                return Err(StoreError::Absent { what: "closure", key: id.to_owned() });
            }
            let until = planned.map_or("open".to_owned(), |planned| planned.to_string());
            let place = place(&closure.building, &closure.unit);
            let detail = format!("planned {place} in compound {} until {until}", closure.compound.0);
            log(&mut *tx, act, Action::Close, &detail).await?;
            passes_changed(&mut *tx, [closure.compound]).await?;
            Ok(())
        })?;
        self.closure(id).await
    }

    /// Whether there are homes in a building, or in one of its stairwells.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn has_homes(
        &self,
        compound: CompoundId,
        building: &str,
        unit: &str,
    ) -> Result<bool, StoreError> {
        let found = sqlx::query(
            "SELECT number FROM households WHERE compound = $1 AND building = $2 AND ($3 = '' OR unit = $3) LIMIT 1",
        )
        .bind(i64::from(compound.0))
        .bind(building)
        .bind(unit)
        .fetch_optional(self.pool())
        .await?;
        Ok(found.is_some())
    }

    /// One closure.
    ///
    /// # Errors
    /// [`StoreError::Absent`], and the database's.
    pub async fn closure(&self, id: &str) -> Result<Closure, StoreError> {
        let row = sqlx::query(closures!("x.id = $1")).bind(id).fetch_optional(self.pool()).await?;
        let row = row.ok_or_else(|| StoreError::Absent { what: "closure", key: id.to_owned() })?;
        Closure::of_row(&row)
    }

    /// What is closed in a compound, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn closed(&self, compound: CompoundId) -> Result<Vec<Closure>, StoreError> {
        let rows = sqlx::query(closures!(
            "x.compound = $1 AND x.opened IS NULL ORDER BY x.since, x.building, x.unit"
        ))
        .bind(i64::from(compound.0))
        .fetch_all(self.pool())
        .await?;
        rows.iter().map(Closure::of_row).collect()
    }

    /// What was closed in a compound and is open again, the last first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn reopened(&self, compound: CompoundId, most: u32) -> Result<Vec<Closure>, StoreError> {
        let rows = sqlx::query(closures!(
            "x.compound = $1 AND x.opened IS NOT NULL ORDER BY x.opened DESC, x.id LIMIT $2"
        ))
        .bind(i64::from(compound.0))
        .bind(i64::from(most))
        .fetch_all(self.pool())
        .await?;
        rows.iter().map(Closure::of_row).collect()
    }

    /// What keeps a holder at home at `now` beside their colour: the closure that began first, where one concerns them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn closure_of(
        &self,
        compound: CompoundId,
        holder: u16,
        now: Timestamp,
    ) -> Result<Option<Closure>, StoreError> {
        let row = sqlx::query(closures!(
            "x.opened IS NULL AND EXISTS (SELECT 1 FROM holders h
                 JOIN households d ON d.compound = h.compound AND d.number = h.household
                 WHERE h.compound = $1 AND h.number = $2 AND x.compound = d.compound AND x.building = d.building
                 AND (x.unit = '' OR x.unit = d.unit))
             AND (x.lets_exempt = 0 OR NOT EXISTS (SELECT 1 FROM exemptions e WHERE e.compound = $1
                 AND e.holder = $2 AND e.hours = 1 AND (e.ends IS NULL OR e.ends > $3)))
             ORDER BY x.since, x.building, x.unit LIMIT 1"
        ))
        .bind(i64::from(compound.0))
        .bind(i64::from(holder))
        .bind(now.0)
        .fetch_optional(self.pool())
        .await?;
        row.as_ref().map(Closure::of_row).transpose()
    }

    /// Says "suspended" of the passes of those whose home is closed. A pass that stops its holder anyway keeps saying why, and
    /// visitors get out of a closed building.
    pub(crate) async fn suspend_closed(
        &self,
        statuses: &mut [Status],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let rows = sqlx::query(
            "SELECT p.idx FROM closures x
             JOIN households d ON d.compound = x.compound AND d.building = x.building
             JOIN holders h ON h.compound = d.compound AND h.household = d.number
             JOIN passes p ON p.compound = h.compound AND p.holder = h.number
             WHERE x.opened IS NULL AND (x.unit = '' OR x.unit = d.unit) AND p.kind <> 'visitor'
             AND (x.lets_exempt = 0 OR NOT EXISTS (SELECT 1 FROM exemptions e WHERE e.compound = h.compound
                 AND e.holder = h.number AND e.hours = 1 AND (e.ends IS NULL OR e.ends > $1)))",
        )
        .bind(now.0)
        .fetch_all(self.pool())
        .await?;
        let closed: HashSet<usize> = rows.iter().map(|row| row.number("idx")).collect::<Result<_, _>>()?;
        for (index, status) in statuses.iter_mut().enumerate() {
            let goes_on = matches!(status, Status::AsSigned | Status::Now(_));
            if goes_on && *status != Status::Now(pass::Colour::Red) && closed.contains(&index) {
                *status = Status::Suspended;
            }
        }
        Ok(())
    }
}

impl Closure {
    fn of_row(row: &AnyRow) -> Result<Self, StoreError> {
        let moment = |column| Ok::<_, StoreError>(row.try_get::<Option<i64>, _>(column)?.map(Timestamp));
        Ok(Self {
            id: row.text("id")?,
            compound: row.compound("compound")?,
            compound_name: row.text("compound_name")?,
            building: row.text("building")?,
            unit: row.text("unit")?,
            since: Timestamp(row.integer("since")?),
            planned: moment("planned")?,
            why: row.text("why")?,
            by: row.text("closed_by")?,
            lets_exempt: row.integer("lets_exempt")? != 0,
            opened: moment("opened")?
                .map(|at| Ok::<_, StoreError>((at, row.text("opened_by")?)))
                .transpose()?,
            homes: row.number("homes")?,
            residents: row.number("residents")?,
        })
    }
}

/// A building or a stairwell for the audit log.
fn place(building: &str, unit: &str) -> String {
    match unit {
        "" => building.to_owned(),
        unit => format!("{building}-{unit}"),
    }
}
