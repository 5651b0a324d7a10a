//! The holders of a compound with all that a gate may know of them, and their full names for whoever makes initials of them.

use std::collections::HashMap;

use pass::{Colour, CompoundId, Kind, Name, Serial, Timestamp};
use registry::Address;

use crate::row::Columns;
use crate::{Store, StoreError};

/// A holder of a compound, with the passes that may be in somebody's pocket.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// The holder's number within the compound.
    pub holder: u16,
    /// The household.
    pub household: u32,
    /// Where it lives.
    pub address: Address,
    /// Person or vehicle.
    pub kind: Kind,
    /// The full name, or the plate. Not for a gate.
    pub full_name: String,
    /// Masked name or plate.
    pub name: Name,
    /// The colour now.
    pub colour: Colour,
    /// The newest first.
    pub cards: Vec<PersonCard>,
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Person")
            .field("holder", &self.holder)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// A pass of a [`Person`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonCard {
    /// Its serial.
    pub serial: Serial,
    /// Its place in the status list.
    pub index: u32,
    /// The colour it was signed with.
    pub colour: Colour,
    /// Start of its validity.
    pub not_before: Timestamp,
    /// End of its validity.
    pub expires: Timestamp,
}

impl Store {
    /// Everybody in a compound, by number. Of each, the newest pass, and up to three before it that hold at `now`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn people(&self, compound: CompoundId, now: Timestamp) -> Result<Vec<Person>, StoreError> {
        let holders = sqlx::query(
            "SELECT h.number, h.household, h.kind, h.name, h.masked, h.colour, d.building, d.unit, d.room
             FROM holders h JOIN households d ON d.compound = h.compound AND d.number = h.household
             WHERE h.compound = $1 ORDER BY h.number",
        )
        .bind(i64::from(compound.0))
        .fetch_all(self.pool())
        .await?;
        let passes = sqlx::query(
            "SELECT holder, serial, idx, colour, not_before, expires FROM passes
             WHERE compound = $1 ORDER BY holder, idx DESC",
        )
        .bind(i64::from(compound.0))
        .fetch_all(self.pool())
        .await?;
        let mut cards: HashMap<u16, Vec<PersonCard>> = HashMap::new();
        for row in &passes {
            let card = PersonCard {
                serial: row.serial("serial")?,
                index: row.number("idx")?,
                colour: row.colour("colour")?,
                not_before: Timestamp(row.integer("not_before")?),
                expires: Timestamp(row.integer("expires")?),
            };
            let of_holder = cards.entry(row.number("holder")?).or_default();
            if of_holder.is_empty() || (card.expires > now && of_holder.len() < 4) {
                of_holder.push(card);
            }
        }
        let mut people = Vec::with_capacity(holders.len());
        for row in &holders {
            let holder = row.number("number")?;
            people.push(Person {
                holder,
                household: row.number("household")?,
                address: Address {
                    building: row.text("building")?,
                    unit: row.text("unit")?,
                    room: row.text("room")?,
                },
                kind: row.kind("kind")?,
                full_name: row.text("name")?,
                name: row.name("masked")?,
                colour: row.colour("colour")?,
                cards: cards.remove(&holder).unwrap_or_default(),
            });
        }
        Ok(people)
    }
}
