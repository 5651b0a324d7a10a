//! Where a holder stands in the office's lists, as one text: compound, building, unit, room, people before vehicles, number. Whatever
//! lies in one compound, building or stairwell begins alike. Knows no search.

use std::fmt::Write;

use pass::{CompoundId, Kind};
use registry::Address;
use sqlx::{AnyConnection, AssertSqlSafe};

use crate::roster::places;
use crate::row::Columns;
use crate::{Store, StoreError};

/// Holders whose places are made at once, four values each.
const HOLDERS: i64 = 1_000;

impl Store {
    /// Makes the places that are missing: a program that knew none of them may have written here.
    pub(crate) async fn fill_places(&self) -> Result<(), StoreError> {
        let missing: Option<i64> = sqlx::query_scalar("SELECT number FROM holders WHERE place = '' LIMIT 1")
            .fetch_optional(self.pool())
            .await?;
        if missing.is_none() {
            return Ok(());
        }
        transaction!(self, |tx| { fill(&mut *tx).await })
    }
}

/// Makes the place of every holder that has none.
pub(crate) async fn fill(tx: &mut AnyConnection) -> Result<(), StoreError> {
    loop {
        let rows = sqlx::query(
            "SELECT h.compound, h.number, h.kind, d.building, d.unit, d.room
             FROM holders h JOIN households d ON d.compound = h.compound AND d.number = h.household
             WHERE h.place = '' LIMIT $1",
        )
        .bind(HOLDERS)
        .fetch_all(&mut *tx)
        .await?;
        if rows.is_empty() {
            return Ok(());
        }
        let text = format!(
            "WITH made (compound, number, place) AS (VALUES {})
             UPDATE holders SET place = made.place FROM made
             WHERE holders.compound = made.compound AND holders.number = made.number",
            places(rows.len(), 3)
        );
        let mut query = sqlx::query(AssertSqlSafe(text)).persistent(false);
        for row in &rows {
            let (compound, number) = (row.compound("compound")?, row.number("number")?);
            let address =
                Address { building: row.text("building")?, unit: row.text("unit")?, room: row.text("room")? };
            query = query.bind(i64::from(compound.0)).bind(i64::from(number)).bind(of_holder(
                compound,
                &address,
                row.kind("kind")?,
                number,
            ));
        }
        query.execute(&mut *tx).await?;
    }
}

/// Writes down when each holder's newest pass ends, where passes came in without their holders being told.
pub(crate) async fn fill_pass_ends(tx: &mut AnyConnection) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE holders SET pass_ends = COALESCE((SELECT p.expires FROM passes p WHERE p.idx =
             (SELECT MAX(l.idx) FROM passes l WHERE l.compound = holders.compound AND l.holder = holders.number)), 0)",
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// The place of a holder.
pub(crate) fn of_holder(compound: CompoundId, home: &Address, kind: Kind, number: u16) -> String {
    let mut place = of_building(compound, &home.building);
    part(&mut place, &home.unit);
    part(&mut place, &home.room);
    write!(place, "{:x}{number:04x}", kind as u8).expect(INFALLIBLE);
    place
}

/// How the places of a compound begin.
pub(crate) fn of_compound(compound: CompoundId) -> String {
    format!("{:08x}", compound.0)
}

/// How the places of a building begin.
pub(crate) fn of_building(compound: CompoundId, building: &str) -> String {
    let mut place = of_compound(compound);
    part(&mut place, building);
    place
}

/// How the places of a stairwell begin.
pub(crate) fn of_unit(compound: CompoundId, building: &str, unit: &str) -> String {
    let mut place = of_building(compound, building);
    part(&mut place, unit);
    place
}

/// What comes after everything that begins so: `g` comes after every digit.
pub(crate) fn end(beginning: &str) -> String {
    format!("{beginning}g")
}

/// Appends a part of an address: the short before the long, so that 2 comes before 10. Of two texts with the same number of characters
/// none is the beginning of the other, in UTF-8 neither, so nothing need stand between the parts.
fn part(place: &mut String, text: &str) {
    write!(place, "{:02x}", text.chars().count().min(0xff)).expect(INFALLIBLE);
    for byte in text.bytes() {
        write!(place, "{byte:02x}").expect(INFALLIBLE);
    }
}

const INFALLIBLE: &str = "a String takes all that is written to it";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn address(home: &str) -> Address {
        let [building, unit, room] = *home.split('-').collect::<Vec<_>>() else { panic!("{home}") };
        Address { building: building.into(), unit: unit.into(), room: room.into() }
    }

    #[test]
    fn as_one_walks_from_door_to_door() {
        let walk = [
            (1, "1-1-101", Kind::Person, 9),
            (1, "1-1-101", Kind::Person, 300),
            (1, "1-1-101", Kind::Vehicle, 1),
            (1, "1-1-1001", Kind::Person, 2),
            (1, "1-2-101", Kind::Person, 3),
            (1, "2-1-101", Kind::Person, 4),
            (1, "10-1-101", Kind::Person, 5),
            (1, "二十-1-101", Kind::Person, 6),
            (2, "1-1-101", Kind::Person, 1),
            (600, "1-1-101", Kind::Person, 1),
        ];
        let places: Vec<_> = walk
            .iter()
            .map(|(compound, home, kind, number)| {
                of_holder(CompoundId(*compound), &address(home), *kind, *number)
            })
            .collect();
        assert!(places.is_sorted(), "{places:#?}");
    }

    proptest! {
        /// A building is found by how places begin, and nobody of another building with it.
        #[test]
        fn a_building_is_a_stretch(one in "[0-9A-C楼]{0,4}", other in "[0-9A-C楼]{0,4}", unit in "[0-9]{0,2}") {
            let home = Address { building: other.clone(), unit: unit.clone(), room: "101".into() };
            let place = of_holder(CompoundId(7), &home, Kind::Person, 1);
            let from = of_building(CompoundId(7), &one);
            prop_assert_eq!(from <= place && place < end(&from), one == other);
            let from = of_unit(CompoundId(7), &one, "1");
            prop_assert_eq!(from <= place && place < end(&from), one == other && unit == "1");
        }
    }
}
