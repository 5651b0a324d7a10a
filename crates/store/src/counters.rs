//! Numbers that only rise: holders, households, places in the status list, versions of what is signed.

use pass::{CompoundId, Timestamp};
use sqlx::{AnyConnection, AnyPool};

use crate::{Store, StoreError};

/// Something that is signed again and again, with a version that rises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// The status list of the office.
    Status,
    /// The rules of a compound.
    Rules(CompoundId),
    /// The people of a compound.
    People(CompoundId),
    /// The directions of a compound's gates.
    Directions(CompoundId),
}

impl Version {
    /// The name of its counter.
    pub(crate) fn counter(self) -> String {
        match self {
            Self::Status => "version:status".to_owned(),
            Self::Rules(compound) => format!("version:rules:{}", compound.0),
            Self::People(compound) => format!("version:people:{}", compound.0),
            Self::Directions(compound) => format!("version:directions:{}", compound.0),
        }
    }

    /// The version that a counter counts; none for any other counter.
    pub(crate) fn of_counter(name: &str) -> Option<Self> {
        let compound = |number: &str| number.parse().ok().map(CompoundId);
        match name.strip_prefix("version:")?.split_once(':') {
            None => (name == "version:status").then_some(Self::Status),
            Some(("rules", number)) => compound(number).map(Self::Rules),
            Some(("people", number)) => compound(number).map(Self::People),
            Some(("directions", number)) => compound(number).map(Self::Directions),
            Some(_) => None,
        }
    }
}

impl Store {
    /// The next version: the time in seconds, or one more than the last where the clock went back.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn next_version(&self, of: Version, now: Timestamp) -> Result<u64, StoreError> {
        let counter = of.counter();
        transaction!(self, |tx| { raise(&mut *tx, &counter, now).await })
    }
}

/// The next version of a counter, as [`Store::next_version`].
pub(crate) async fn raise(tx: &mut AnyConnection, counter: &str, now: Timestamp) -> Result<u64, StoreError> {
    let version: i64 = sqlx::query_scalar(
        "INSERT INTO counters (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value =
             CASE WHEN counters.value >= excluded.value THEN counters.value + 1 ELSE excluded.value END
             RETURNING value",
    )
    .bind(counter)
    .bind(now.0.max(1))
    .fetch_one(tx)
    .await?;
    Ok(version.unsigned_abs())
}

/// Places in the status list that were never given out: `count` of them from the number returned on, the first ever is 0.
pub(crate) async fn take_indices(tx: &mut AnyConnection, count: u32) -> Result<u32, StoreError> {
    take(tx, "index", count).await
}

/// Numbers of sheets, the first ever is 1.
pub(crate) async fn take_sheets(tx: &mut AnyConnection, count: u32) -> Result<u32, StoreError> {
    Ok(take(tx, "sheet", count).await? + 1)
}

impl Store {
    /// How many passes were signed, ever: each has its place in the status list, which no other pass has. What a restore left out counts
    /// as well.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn passes_signed(&self) -> Result<usize, StoreError> {
        given_indices(self.pool()).await
    }

    /// Asks the database for nothing but an answer.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn answers(&self) -> Result<(), StoreError> {
        let _: i64 = sqlx::query_scalar("SELECT CAST(1 AS BIGINT)").fetch_one(self.pool()).await?;
        Ok(())
    }
}

/// How many places in the status list were given out.
pub(crate) async fn given_indices(pool: &AnyPool) -> Result<usize, StoreError> {
    let given: Option<i64> =
        sqlx::query_scalar("SELECT value FROM counters WHERE name = 'index'").fetch_optional(pool).await?;
    let given = given.unwrap_or_default();
    usize::try_from(given).map_err(|_| crate::row::damaged("index", given))
}

/// Numbers of households of a compound, the first ever is 1: `count` of them from the number returned on.
pub(crate) async fn take_households(
    tx: &mut AnyConnection,
    compound: CompoundId,
    count: usize,
) -> Result<u32, StoreError> {
    let count = u32::try_from(count).map_err(|_| StoreError::Full { compound })?;
    Ok(take(tx, &format!("household:{}", compound.0), count).await? + 1)
}

/// Numbers of holders of a compound, the first ever is 1: `count` of them from the number returned on, all within their range.
pub(crate) async fn take_holders(
    tx: &mut AnyConnection,
    compound: CompoundId,
    count: usize,
) -> Result<u16, StoreError> {
    let full = || StoreError::Full { compound };
    let count = u32::try_from(count).map_err(|_| full())?;
    let first = take(tx, &format!("holder:{}", compound.0), count).await? + 1;
    match first.checked_add(count) {
        // The last one taken is the one before the sum.
        Some(end) if end <= u32::from(u16::MAX) + 1 => u16::try_from(first).map_err(|_| full()),
        _ => Err(full()),
    }
}

/// Takes `count` numbers and returns the first of them.
async fn take(tx: &mut AnyConnection, counter: &str, count: u32) -> Result<u32, StoreError> {
    let next: i64 = sqlx::query_scalar(
        "INSERT INTO counters (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value =
         counters.value + excluded.value RETURNING value",
    )
    .bind(counter)
    .bind(i64::from(count))
    .fetch_one(tx)
    .await?;
    let damaged = |_| StoreError::Damaged { what: "counter", value: format!("{counter} = {next}") };
    u32::try_from(next - i64::from(count)).map_err(damaged)
}
