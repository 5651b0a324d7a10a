//! Every home of a compound with how many of each colour live there: what the building board is drawn from.

use pass::{Colour, CompoundId, Kind};
use registry::Address;
use sqlx::Row;

use crate::row::Columns;
use crate::{Store, StoreError};

/// A home on the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardHome {
    /// The household's number in the compound.
    pub household: u32,
    /// Where it is.
    pub address: Address,
    /// Residents of each colour, in the order of [`Colour::ALL`]; none of any where nobody lives.
    pub residents: [u32; 3],
    /// How many vehicles belong to it.
    pub vehicles: u32,
}

impl BoardHome {
    /// The strictest colour of whoever lives there; none where nobody does.
    #[must_use]
    pub fn colour(&self) -> Option<Colour> {
        Colour::ALL.into_iter().rev().find(|colour| self.residents[*colour as usize] > 0)
    }
}

impl Store {
    /// Every home of a compound, from door to door.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn board(&self, compound: CompoundId) -> Result<Vec<BoardHome>, StoreError> {
        let rows = sqlx::query(
            "SELECT d.number, d.building, d.unit, d.room, h.kind, h.colour, COUNT(h.number) AS count
             FROM households d LEFT JOIN holders h ON h.compound = d.compound AND h.household = d.number
             WHERE d.compound = $1
             GROUP BY d.number, d.building, d.unit, d.room, h.kind, h.colour ORDER BY d.number",
        )
        .bind(i64::from(compound.0))
        .fetch_all(self.pool())
        .await?;
        let mut homes: Vec<BoardHome> = Vec::new();
        for row in &rows {
            let household = row.number("number")?;
            if homes.last().is_none_or(|last| last.household != household) {
                let address = Address {
                    building: row.text("building")?,
                    unit: row.text("unit")?,
                    room: row.text("room")?,
                };
                homes.push(BoardHome { household, address, residents: [0; 3], vehicles: 0 });
            }
            let Some(home) = homes.last_mut() else { continue };
            if row.try_get::<Option<String>, _>("kind")?.is_none() {
                continue;
            }
            let count: u32 = row.number("count")?;
            match row.kind("kind")? {
                Kind::Vehicle => home.vehicles += count,
                _ => home.residents[row.colour("colour")? as usize] += count,
            }
        }
        homes.sort_by_cached_key(|home| home.address.walk());
        Ok(homes)
    }

    /// Where a household lives.
    ///
    /// # Errors
    /// [`StoreError::Absent`], and the database's.
    pub async fn home(&self, compound: CompoundId, household: u32) -> Result<Address, StoreError> {
        let row =
            sqlx::query("SELECT building, unit, room FROM households WHERE compound = $1 AND number = $2")
                .bind(i64::from(compound.0))
                .bind(i64::from(household))
                .fetch_optional(self.pool())
                .await?;
        let key = || format!("{household} in compound {}", compound.0);
        let row = row.ok_or_else(|| StoreError::Absent { what: "household", key: key() })?;
        Ok(Address { building: row.text("building")?, unit: row.text("unit")?, room: row.text("room")? })
    }
}
