//! What the office looks at every morning: how many people have which colour, which passes end.

use pass::{CompoundId, Timestamp};
use sqlx::AssertSqlSafe;

use crate::passages::within;
use crate::row::Columns;
use crate::{Store, StoreError};

/// How things stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standings {
    /// How many have each colour, in the order of [`pass::Colour::ALL`].
    pub colours: [u64; 3],
    /// How many passes hold, end by `soon`, and have no newer one.
    pub ending: u64,
}

impl Store {
    /// How things stand at `now` in these compounds, and which passes end by `soon`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn standings(
        &self,
        compounds: &[CompoundId],
        now: Timestamp,
        soon: Timestamp,
    ) -> Result<Standings, StoreError> {
        let mut standings = Standings::default();
        let text = format!(
            "SELECT e.colour, COUNT(*) AS count FROM holders e WHERE 1 = 1{} GROUP BY e.colour",
            within(compounds)
        );
        for row in &sqlx::query(AssertSqlSafe(text)).fetch_all(self.pool()).await? {
            let colour = row.colour("colour")?;
            standings.colours[colour as usize] = row.number("count")?;
        }
        // Withdrawn, suspended and replaced passes hold no more.
        let text = format!(
            "SELECT COUNT(*) AS count FROM passes e
             WHERE e.expires > $1 AND e.expires <= $2 AND e.status NOT IN (1, 2, 3){}
               AND NOT EXISTS (SELECT 1 FROM passes n
                               WHERE n.compound = e.compound AND n.holder = e.holder AND n.idx > e.idx)",
            within(compounds)
        );
        let row = sqlx::query(AssertSqlSafe(text)).bind(now.0).bind(soon.0).fetch_one(self.pool()).await?;
        standings.ending = row.number("count")?;
        Ok(standings)
    }
}
