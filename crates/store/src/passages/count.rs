//! Counting passages, for the day's figures and for plots.

use gate::Direction;
use pass::{Colour, CompoundId, Timestamp};
use sqlx::AssertSqlSafe;

use super::find::{Sought, within};
use crate::row::Columns;
use crate::{Store, StoreError};

/// What happened in a stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PassageCounts {
    /// Passages out: somebody was let through, and went as far as is known.
    pub out: u64,
    /// Passages in.
    pub into: u64,
    /// Verdicts: stop. Those that took the place of another one, or were taken back, are not counted twice.
    pub refused: u64,
    /// Verdicts that staff turned.
    pub overridden: u64,
    /// Entries by hand.
    pub manual: u64,
    /// Whoever went through without being judged.
    pub unjudged: u64,
    /// Emergency openings.
    pub emergencies: u64,
}

/// Passages of one gate, one colour and one direction, in one of many stretches of the same length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Which stretch, counted from 0.
    pub number: u32,
    /// The gate.
    pub gate: String,
    /// The colour that held; none for entries by hand.
    pub colour: Option<Colour>,
    /// Which way.
    pub direction: Direction,
    /// How many passages.
    pub count: u64,
}

impl Store {
    /// What happened from one moment to another at the gates of these compounds; none for all.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn passage_counts(
        &self,
        compounds: Option<&[CompoundId]>,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<PassageCounts, StoreError> {
        let count = |condition: &str| format!("COUNT(CASE WHEN {condition} THEN 1 END)");
        let text = format!(
            "SELECT {} AS passed_out, {} AS passed_in, {} AS refused, {} AS overridden, {} AS manual, {} AS unjudged,
                    {} AS emergencies
             FROM events e WHERE e.at >= $1 AND e.at < $2{}",
            count("e.went = 1 AND e.direction = 'out'"),
            count("e.went = 1 AND e.direction = 'in'"),
            count("e.kind = 'judged' AND e.became = 'refuse' AND e.ended = ''"),
            count(Sought::Overridden.condition()),
            count("e.kind = 'manual' AND e.ended = ''"),
            count(Sought::Unjudged.condition()),
            count(Sought::Emergency.condition()),
            compounds.map(within).unwrap_or_default(),
        );
        let row = sqlx::query(AssertSqlSafe(text)).bind(from.0).bind(until.0).fetch_one(self.pool()).await?;
        Ok(PassageCounts {
            out: row.number("passed_out")?,
            into: row.number("passed_in")?,
            refused: row.number("refused")?,
            overridden: row.number("overridden")?,
            manual: row.number("manual")?,
            unjudged: row.number("unjudged")?,
            emergencies: row.number("emergencies")?,
        })
    }

    /// Passages from one moment on, in `many` stretches of `seconds`, by gate, colour and direction; stretches without any are left out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn passage_buckets(
        &self,
        compounds: Option<&[CompoundId]>,
        from: Timestamp,
        seconds: u32,
        many: u32,
    ) -> Result<Vec<Bucket>, StoreError> {
        let text = format!(
            "SELECT number, gate, colour, direction, COUNT(*) AS count
             FROM (SELECT (e.at - $1) / $2 AS number, e.gate, e.colour, e.direction FROM events e
                   WHERE e.at >= $1 AND e.at < $3 AND e.went = 1{}) b
             GROUP BY number, gate, colour, direction ORDER BY number, gate, colour, direction",
            compounds.map(within).unwrap_or_default(),
        );
        let rows = sqlx::query(AssertSqlSafe(text))
            .bind(from.0)
            .bind(i64::from(seconds.max(1)))
            .bind(from.0.saturating_add(i64::from(seconds.max(1)) * i64::from(many)))
            .fetch_all(self.pool())
            .await?;
        let mut buckets = Vec::with_capacity(rows.len());
        for row in &rows {
            let Some(direction) = Direction::of_code(&row.text("direction")?) else { continue };
            buckets.push(Bucket {
                number: row.number("number")?,
                gate: row.text("gate")?,
                colour: Colour::of_code(&row.text("colour")?),
                direction,
                count: row.number("count")?,
            });
        }
        Ok(buckets)
    }
}
