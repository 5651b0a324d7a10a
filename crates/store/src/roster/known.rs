//! What the registry knows of one compound while a list is compared with it.

use std::collections::HashMap;

use pass::{Colour, CompoundId};
use registry::{Address, Phone};
use sqlx::{AnyConnection, Row};

use crate::StoreError;
use crate::row::Columns;

/// Everybody of a compound; nobody, by default.
#[derive(Default)]
pub(super) struct Known {
    pub(super) households: HashMap<Address, u32>,
    /// By household and name.
    pub(super) people: HashMap<(u32, String), Vec<KnownHolder>>,
    /// By plate.
    pub(super) vehicles: HashMap<String, KnownHolder>,
}

/// Somebody the registry has, or a vehicle.
#[derive(Clone)]
pub(super) struct KnownHolder {
    pub(super) number: u16,
    pub(super) household: u32,
    pub(super) phone: Option<Phone>,
    pub(super) colour: Colour,
}

impl Known {
    pub(super) async fn load(tx: &mut AnyConnection, compound: CompoundId) -> Result<Self, StoreError> {
        let id = i64::from(compound.0);
        let mut known = Self::default();
        let households =
            sqlx::query("SELECT number, building, unit, room FROM households WHERE compound = $1")
                .bind(id)
                .fetch_all(&mut *tx)
                .await?;
        for row in &households {
            let address =
                Address { building: row.text("building")?, unit: row.text("unit")?, room: row.text("room")? };
            known.households.insert(address, row.number("number")?);
        }
        let holders = sqlx::query(
            "SELECT number, household, kind, name, phone, colour FROM holders WHERE compound = $1 ORDER BY number",
        )
        .bind(id)
        .fetch_all(&mut *tx)
        .await?;
        for row in &holders {
            let phone: Option<String> = row.try_get("phone")?;
            let holder = KnownHolder {
                number: row.number("number")?,
                household: row.number("household")?,
                phone: phone.and_then(|phone| Phone::new(&phone).ok()),
                colour: row.colour("colour")?,
            };
            let name = row.text("name")?;
            match row.kind("kind")? {
                pass::Kind::Vehicle => _ = known.vehicles.insert(name, holder),
                _ => known.people.entry((holder.household, name)).or_default().push(holder),
            }
        }
        Ok(known)
    }
}
