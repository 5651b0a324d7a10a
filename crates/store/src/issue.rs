//! Giving out passes: who needs one is found, its serial and its place in the status list are taken, and what comes back
//! signed is kept, in one transaction. Two programs that sign at once give nobody two passes, and no number twice.

use std::collections::BTreeSet;

use pass::{CompoundId, Mode, Pass, PassError, Serial, SignedPass, Timestamp, random};
use registry::{Held, Lifetime};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use crate::act::{log, random_key};
use crate::changes::passes_changed;
use crate::counters::take_indices;
use crate::observations::absent;
use crate::roster::Progress;
use crate::row::Columns;
use crate::{Act, Action, Store, StoreError};

/// Holders looked at in one transaction: short enough for other writers to get their turn.
const BATCH: i64 = 1000;

/// What signing did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Issued {
    /// Passes signed.
    pub signed: usize,
    /// Holders who needed none.
    pub good: usize,
}

impl Store {
    /// Gives a pass on paper to every holder who needs one at `act.at`, valid from then on.
    ///
    /// `sign` makes the signature; it gets each pass whole. `progress` counts holders looked at.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn issue(
        &self,
        lifetime: &Lifetime,
        act: &Act<'_>,
        sign: &mut (dyn FnMut(Pass) -> Result<SignedPass, PassError> + Send),
        progress: &mut Progress<'_>,
    ) -> Result<Issued, StoreError> {
        self.issue_in(None, lifetime, act, sign, progress).await
    }

    /// As [`Store::issue`], to the holders of one compound alone.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn issue_in(
        &self,
        compound: Option<CompoundId>,
        lifetime: &Lifetime,
        act: &Act<'_>,
        sign: &mut (dyn FnMut(Pass) -> Result<SignedPass, PassError> + Send),
        progress: &mut Progress<'_>,
    ) -> Result<Issued, StoreError> {
        let numbers = compound.map_or((0, i64::from(u32::MAX)), |it| (i64::from(it.0), i64::from(it.0)));
        let total: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM holders WHERE compound >= $1 AND compound <= $2")
                .bind(numbers.0)
                .bind(numbers.1)
                .fetch_one(self.pool())
                .await?;
        let total = usize::try_from(total).unwrap_or_default();
        let mut issued = Issued::default();
        let mut after = (numbers.0, -1);
        // Of several programs that sign at once, one signs, and the others find nothing left to do.
        let turn = self.turn().await?;
        loop {
            let batch =
                transaction!(self, |tx| { issue_batch(tx, (after, numbers.1), lifetime, act, sign).await })?;
            let Some(batch) = batch else { break };
            after = batch.last;
            issued.signed += batch.signed;
            issued.good += batch.good;
            progress(issued.signed + issued.good, total);
        }
        self.look_again(issued.signed).await;
        if let Some(turn) = turn {
            turn.end().await;
        }
        Ok(issued)
    }
}

impl Store {
    /// As [`Store::issue`], to one holder alone. The new pass; nothing where the last one is good.
    ///
    /// # Errors
    /// [`StoreError::Absent`], [`StoreError::Sign`], and the database's.
    pub async fn issue_to(
        &self,
        compound: CompoundId,
        holder: u16,
        lifetime: &Lifetime,
        act: &Act<'_>,
        sign: &mut (dyn FnMut(Pass) -> Result<SignedPass, PassError> + Send),
    ) -> Result<Option<Serial>, StoreError> {
        let sign: &mut Sign<'_> = sign;
        transaction!(self, |tx| {
            // The next after the one before it.
            let before = (i64::from(compound.0), i64::from(holder) - 1);
            let found = candidates(&mut *tx, before, i64::from(compound.0), 1).await?;
            let row = found.first().ok_or_else(|| absent(compound, holder))?;
            if row.number::<u16>("number")? != holder {
                return Err(absent(compound, holder));
            }
            let due = due_pass(row, lifetime, act.at)?.into_iter().collect();
            Ok(give(&mut *tx, due, act, sign).await?.first().copied())
        })
    }
}

/// What one transaction of signing did.
struct Batch {
    /// Compound and number of the last holder looked at.
    last: (i64, i64),
    signed: usize,
    good: usize,
}

pub(crate) type Sign<'a> = dyn FnMut(Pass) -> Result<SignedPass, PassError> + Send + 'a;

/// Gives passes to those of the holders after `after`, in compounds up to `last`, who need one; nothing where there are no more holders.
async fn issue_batch(
    tx: &mut AnyConnection,
    (after, last): ((i64, i64), i64),
    lifetime: &Lifetime,
    act: &Act<'_>,
    sign: &mut Sign<'_>,
) -> Result<Option<Batch>, StoreError> {
    let holders = candidates(tx, after, last, BATCH).await?;
    let Some(last) = holders.last() else { return Ok(None) };
    let last = (last.integer("compound")?, last.integer("number")?);
    let mut due = Vec::new();
    for row in &holders {
        due.extend(due_pass(row, lifetime, act.at)?);
    }
    let signed = due.len();
    give(tx, due, act, sign).await?;
    Ok(Some(Batch { last, signed, good: holders.len() - signed }))
}

/// Takes serials and places in the status list for passes that have none yet, signs and keeps them. Returns the serials.
pub(crate) async fn give(
    tx: &mut AnyConnection,
    passes: Vec<Pass>,
    act: &Act<'_>,
    sign: &mut Sign<'_>,
) -> Result<Vec<Serial>, StoreError> {
    let count = u32::try_from(passes.len()).expect("a batch is small");
    if count == 0 {
        return Ok(Vec::new());
    }
    let compounds: BTreeSet<CompoundId> = passes.iter().map(|pass| pass.compound).collect();
    let first_index = take_indices(tx, count).await?;
    let mut serials = Vec::with_capacity(passes.len());
    for (mut pass, index) in passes.into_iter().zip(first_index..) {
        pass.serial = free_serial(tx).await?;
        pass.index = index;
        let serial = pass.serial;
        let signed = sign(pass).map_err(|source| StoreError::Sign { serial, source })?;
        keep(tx, &signed).await?;
        serials.push(serial);
    }
    let until = first_index + (count - 1);
    sqlx::query(
        "UPDATE holders SET pass_ends = p.expires FROM passes p
         WHERE p.idx >= $1 AND p.idx <= $2 AND holders.compound = p.compound AND holders.number = p.holder",
    )
    .bind(i64::from(first_index))
    .bind(i64::from(until))
    .execute(&mut *tx)
    .await?;
    log(&mut *tx, act, Action::Sign, &format!("{count} passes, index {first_index} to {until}")).await?;
    passes_changed(tx, compounds).await?;
    Ok(serials)
}

/// The condition under which [`Lifetime::need`] gives a holder a pass, in SQL: `$1` is the last moment whose passes are renewed.
/// A story of the tests holds both against each other.
const DUE: &str = "SELECT h.compound, COUNT(*) AS due
     FROM holders h LEFT JOIN passes p ON p.idx =
         (SELECT MAX(l.idx) FROM passes l WHERE l.compound = h.compound AND l.holder = h.number)
     WHERE p.serial IS NULL OR p.status IN (1, 3) OR (p.status <> 2 AND (p.colour <> h.colour
         OR p.household <> h.household OR p.name <> h.masked OR p.expires <= $1))
     GROUP BY h.compound";

impl Store {
    /// How many holders of each compound need a pass at `now`: those that [`Store::issue`] would give one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn due(
        &self,
        lifetime: &Lifetime,
        now: Timestamp,
    ) -> Result<Vec<(CompoundId, u64)>, StoreError> {
        let renewed = now.plus(i64::from(lifetime.renewed_in_last_days) * 86_400);
        let rows = sqlx::query(DUE).bind(renewed.0).fetch_all(self.pool()).await?;
        rows.iter().map(|row| Ok((row.compound("compound")?, row.number("due")?))).collect()
    }
}

/// The next holders, at most so many, each with its last pass.
async fn candidates(
    tx: &mut AnyConnection,
    after: (i64, i64),
    last: i64,
    limit: i64,
) -> Result<Vec<AnyRow>, StoreError> {
    Ok(sqlx::query(
        "SELECT h.compound, h.number, h.household, h.kind, h.masked, h.colour,
                p.serial, p.colour AS p_colour, p.household AS p_household, p.name AS p_name,
                p.expires AS p_expires, p.status AS p_status
         FROM holders h LEFT JOIN passes p ON p.idx =
             (SELECT MAX(l.idx) FROM passes l WHERE l.compound = h.compound AND l.holder = h.number)
         WHERE (h.compound > $1 OR (h.compound = $1 AND h.number > $2)) AND h.compound <= $4
         ORDER BY h.compound, h.number LIMIT $3",
    )
    .bind(after.0)
    .bind(after.1)
    .bind(limit)
    .bind(last)
    .fetch_all(tx)
    .await?)
}

/// The pass a holder needs, its serial and index not yet taken; nothing where the last one is good.
fn due_pass(row: &AnyRow, lifetime: &Lifetime, now: Timestamp) -> Result<Option<Pass>, StoreError> {
    let held = match row.try_get::<Option<String>, _>("serial")? {
        None => None,
        Some(_) => Some(Held {
            colour: row.colour("p_colour")?,
            household: row.number("p_household")?,
            name: row.name("p_name")?,
            expires: Timestamp(row.integer("p_expires")?),
            status: row.status("p_status")?,
        }),
    };
    let (colour, household, name) = (row.colour("colour")?, row.number("household")?, row.name("masked")?);
    if lifetime.need(colour, household, &name, held.as_ref(), now).is_none() {
        return Ok(None);
    }
    pass_for(row, lifetime, now).map(Some)
}

/// The pass of a holder as they are now, its serial and index not yet taken.
pub(crate) fn pass_for(row: &AnyRow, lifetime: &Lifetime, now: Timestamp) -> Result<Pass, StoreError> {
    Ok(Pass {
        serial: Serial([0; 5]),
        not_before: now,
        expires: lifetime.end(now),
        compound: row.compound("compound")?,
        household: row.number("household")?,
        holder: row.number("number")?,
        index: 0,
        colour: row.colour("colour")?,
        kind: row.kind("kind")?,
        mode: Mode::Paper,
        name: row.name("masked")?,
    })
}

/// A serial that no pass of this office has.
pub(crate) async fn free_serial(tx: &mut AnyConnection) -> Result<Serial, StoreError> {
    loop {
        let serial = Serial(random::bytes());
        let taken: Option<i64> = sqlx::query_scalar(
            "SELECT idx FROM passes WHERE serial = $1 UNION ALL SELECT idx FROM specimens WHERE serial = $1",
        )
        .bind(serial.to_string())
        .fetch_optional(&mut *tx)
        .await?;
        if taken.is_none() {
            return Ok(serial);
        }
    }
}

async fn keep(tx: &mut AnyConnection, signed: &SignedPass) -> Result<(), StoreError> {
    let pass = &signed.pass;
    let mode = match pass.mode {
        Mode::Paper => "paper",
        Mode::Phone(_) => "phone",
    };
    sqlx::query(
        "INSERT INTO passes (serial, idx, compound, holder, household, kind, mode, colour, name,
                             not_before, expires, status, text, token)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12, $13)",
    )
    .bind(pass.serial.to_string())
    .bind(i64::from(pass.index))
    .bind(i64::from(pass.compound.0))
    .bind(i64::from(pass.holder))
    .bind(i64::from(pass.household))
    .bind(pass.kind.code())
    .bind(mode)
    .bind(pass.colour.code())
    .bind(pass.name.as_str())
    .bind(pass.not_before.0)
    .bind(pass.expires.0)
    .bind(signed.text.as_str())
    .bind(random_key())
    .execute(tx)
    .await?;
    Ok(())
}
