//! A plan carried out: many rows with each statement, because each costs a round trip to the server.

use pass::{Colour, CompoundId};
use registry::{Address, NewHolder, Phone, Subject};
use sqlx::{AnyConnection, AssertSqlSafe};

use super::Told;
use super::plan::{Change, Home, Plan, phone_of};
use crate::counters::{take_holders, take_households};
use crate::standing::change_colour;
use crate::{Act, StoreError, observations, place, search};

/// Rows of one statement. SQLite takes 32,766 values, PostgreSQL 65,535; beyond some hundred rows nothing is gained.
const ROWS: usize = 400;

pub(super) async fn carry_out(
    tx: &mut AnyConnection,
    compound: CompoundId,
    plan: &Plan<'_>,
    act: &Act<'_>,
    told: &mut Told<'_, '_>,
) -> Result<(), StoreError> {
    let first_home = match plan.homes.len() {
        0 => 0,
        homes => take_households(&mut *tx, compound, homes).await?,
    };
    let household = |home: Home| match home {
        Home::Known(number) => number,
        // Places are counted from 0 in memory: far below the range of the number.
        Home::New(place) => first_home.saturating_add(u32::try_from(place).unwrap_or(u32::MAX)),
    };
    for (chunk, homes) in plan.homes.chunks(ROWS).enumerate() {
        let numbered =
            homes.iter().enumerate().map(|(at, home)| (household(Home::New(chunk * ROWS + at)), *home));
        insert_homes(&mut *tx, compound, numbered).await?;
    }
    if !plan.additions.is_empty() {
        let first = take_holders(&mut *tx, compound, plan.additions.len()).await?;
        let mut numbered = (first..).zip(&plan.additions).map(|(number, (home, holder))| Addition {
            number,
            household: household(*home),
            holder,
        });
        loop {
            let rows: Vec<Addition<'_>> = numbered.by_ref().take(ROWS).collect();
            if rows.is_empty() {
                break;
            }
            insert_holders(&mut *tx, compound, &rows, act).await?;
            let named = rows.iter().map(|row| (compound, row.number, name_of(row.holder)));
            search::insert(&mut *tx, named).await?;
            let red = rows.iter().filter(|row| {
                row.holder.colour == Colour::Red && matches!(row.holder.subject, Subject::Person { .. })
            });
            for row in red {
                observations::begin(&mut *tx, compound, row.number, act.at).await?;
            }
            told.more(rows.len());
        }
    }
    for (done, change) in plan.changes.iter().enumerate() {
        write_change(&mut *tx, compound, change, household, act).await?;
        if (done + 1).is_multiple_of(ROWS) {
            told.more(ROWS);
        }
    }
    if plan.changes.iter().any(|change| change.details.is_some()) {
        place::fill(&mut *tx).await?;
    }
    Ok(())
}

/// A holder that gets a number.
struct Addition<'a> {
    number: u16,
    household: u32,
    holder: &'a NewHolder,
}

/// Keeps homes under numbers that were taken for them.
pub(crate) async fn insert_homes(
    tx: &mut AnyConnection,
    compound: CompoundId,
    homes: impl ExactSizeIterator<Item = (u32, &Address)>,
) -> Result<(), StoreError> {
    let into = "INSERT INTO households (compound, number, building, unit, room) VALUES ";
    let text = format!("{into}{}", places(homes.len(), 5));
    let mut query = sqlx::query(AssertSqlSafe(text));
    for (number, address) in homes {
        query = query
            .bind(i64::from(compound.0))
            .bind(i64::from(number))
            .bind(address.building.as_str())
            .bind(address.unit.as_str())
            .bind(address.room.as_str());
    }
    query.execute(tx).await?;
    Ok(())
}

async fn insert_holders(
    tx: &mut AnyConnection,
    compound: CompoundId,
    rows: &[Addition<'_>],
    act: &Act<'_>,
) -> Result<(), StoreError> {
    let into = "INSERT INTO holders
         (compound, number, household, kind, name, masked, phone, colour, colour_since, colour_by, place) VALUES ";
    let text = format!("{into}{}", places(rows.len(), 11));
    let masked: Vec<_> = rows.iter().map(|row| row.holder.subject.pass_name()).collect();
    let mut query = sqlx::query(AssertSqlSafe(text));
    for (row, masked) in rows.iter().zip(&masked) {
        query = query
            .bind(i64::from(compound.0))
            .bind(i64::from(row.number))
            .bind(i64::from(row.household))
            .bind(row.holder.subject.kind().code())
            .bind(name_of(row.holder))
            .bind(masked.as_str())
            .bind(phone_of(row.holder).map(Phone::reveal))
            .bind(row.holder.colour.code())
            .bind(act.at.0)
            .bind(act.by)
            .bind(place::of_holder(compound, &row.holder.address, row.holder.subject.kind(), row.number));
    }
    query.execute(tx).await?;
    Ok(())
}

fn name_of(holder: &NewHolder) -> &str {
    match &holder.subject {
        Subject::Person { name, .. } => name.reveal(),
        Subject::Vehicle { plate } => plate.as_str(),
    }
}

async fn write_change(
    tx: &mut AnyConnection,
    compound: CompoundId,
    change: &Change,
    household: impl Fn(Home) -> u32,
    act: &Act<'_>,
) -> Result<(), StoreError> {
    if let Some((home, phone)) = &change.details {
        sqlx::query(
            "UPDATE holders SET household = $3, phone = $4, place = CASE WHEN household = $3 THEN place ELSE '' END
             WHERE compound = $1 AND number = $2",
        )
            .bind(i64::from(compound.0))
            .bind(i64::from(change.number))
            .bind(i64::from(household(*home)))
            .bind(phone.as_ref().map(Phone::reveal))
            .execute(&mut *tx)
            .await?;
    }
    if let Some(colour) = change.colour {
        let _: Option<Colour> = change_colour(&mut *tx, compound, change.number, colour, act).await?;
    }
    Ok(())
}

/// `($1, $2), ($3, $4)`: what stands for rows of so many columns.
pub(crate) fn places(rows: usize, columns: usize) -> String {
    let row = |row: usize| {
        let places: Vec<String> =
            (1..=columns).map(|column| format!("${}", row * columns + column)).collect();
        format!("({})", places.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}
