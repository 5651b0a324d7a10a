//! The registry as a list again, with full names and phone numbers: every such look leaves its line in the audit log.

use std::fmt::Write;

use pass::{Colour, CompoundId, Kind};
use registry::Address;
use sqlx::Row;

use crate::act::log;
use crate::row::Columns;
use crate::{Act, Action, Store, StoreError};

/// A holder with all that a roster says of one. Has no `Debug`: names and numbers stay out of logs.
#[derive(Clone, PartialEq, Eq)]
pub struct Registered {
    /// The compound's name.
    pub compound: String,
    /// Where it lives.
    pub address: Address,
    /// A person or a vehicle.
    pub kind: Kind,
    /// The full name, or the plate.
    pub name: String,
    /// The phone number, where it is known.
    pub phone: Option<String>,
    /// The colour now.
    pub colour: Colour,
}

impl Store {
    /// Everybody of these compounds, as one walks from door to door: people of a home before its vehicles. The audit log is told how
    /// many, of which compounds, and by whom, before anybody is shown.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn registered(
        &self,
        compounds: &[CompoundId],
        act: &Act<'_>,
    ) -> Result<Vec<Registered>, StoreError> {
        transaction!(self, |tx| {
            let mut all = Vec::new();
            let mut detail = String::from("roster");
            for compound in compounds {
                let rows = sqlx::query(
                    "SELECT c.name AS compound, d.building, d.unit, d.room, h.kind, h.name, h.phone, h.colour, h.number
                     FROM holders h
                     JOIN households d ON d.compound = h.compound AND d.number = h.household
                     JOIN compounds c ON c.id = h.compound
                     WHERE h.compound = $1",
                )
                .bind(i64::from(compound.0))
                .fetch_all(&mut *tx)
                .await?;
                let mut of_compound = Vec::with_capacity(rows.len());
                for row in &rows {
                    let address = Address {
                        building: row.text("building")?,
                        unit: row.text("unit")?,
                        room: row.text("room")?,
                    };
                    let registered = Registered {
                        compound: row.text("compound")?,
                        kind: row.kind("kind")?,
                        name: row.text("name")?,
                        phone: row.try_get("phone")?,
                        colour: row.colour("colour")?,
                        address,
                    };
                    of_compound.push((row.integer("number")?, registered));
                }
                of_compound.sort_by_cached_key(|(number, it)| {
                    (it.address.walk(), it.address.clone(), it.kind == Kind::Vehicle, *number)
                });
                let _ = write!(detail, " compound {}: {} holders", compound.0, of_compound.len());
                all.extend(of_compound.into_iter().map(|(_, registered)| registered));
            }
            log(&mut *tx, act, Action::Export, &detail).await?;
            Ok(all)
        })
    }
}
