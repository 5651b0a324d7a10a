//! Decisions about one holder or one card: a colour, a card withdrawn, suspended, let hold again, replaced. Each is in the
//! registry, in the status list, in the holder's history and in the audit log by the same transaction.

use pass::{Colour, CompoundId, PassError, Serial, SignedPass, Status, Timestamp};
use registry::Lifetime;
use sqlx::{AnyConnection, Row};

use crate::act::{log, random_key};
use crate::changes::passes_changed;
use crate::issue::{Sign, give, pass_for};
use crate::observations::{absent, demand_end};
use crate::row::{Columns, damaged};
use crate::standing::change_colour;
use crate::{Act, Action, Store, StoreError};

/// What becomes of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardChange {
    /// It never holds again.
    Withdrawn,
    /// It does not hold for now.
    Suspended,
    /// It holds again, with the colour its holder has now.
    Reinstated,
    /// A newer card takes its place.
    Replaced,
}

impl CardChange {
    const ALL: [Self; 4] = [Self::Withdrawn, Self::Suspended, Self::Reinstated, Self::Replaced];

    /// Its code in the history.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Withdrawn => "withdrawn",
            Self::Suspended => "suspended",
            Self::Reinstated => "reinstated",
            Self::Replaced => "replaced",
        }
    }
}

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decided {
    /// A colour.
    Colour(Colour),
    /// What becomes of this card.
    Card(Serial, CardChange),
}

/// A decision of the past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub who: String,
    /// What.
    pub what: Decided,
    /// Why, in their words.
    pub why: String,
}

/// A colour to be decided.
#[derive(Clone, Copy, Debug)]
pub struct ColourChange<'a> {
    /// The colour.
    pub colour: Colour,
    /// Why. Names nobody: it is kept as long as the audit log.
    pub why: &'a str,
    /// Who answers for it where somebody leaves red.
    pub sign_off: SignOff,
}

/// What became of many whose colour was decided at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Many {
    /// How many have another colour now.
    pub changed: u32,
    /// How many had it already.
    pub unchanged: u32,
    /// Who is red, and stays so.
    pub still_red: Vec<(CompoundId, u16)>,
}

/// What somebody who is red leaves it by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignOff {
    /// By nothing: whoever is red stays so.
    #[default]
    None,
    /// The observation has lasted as long as it was planned, and a health check found them well (销号).
    Checked,
    /// They should never have been red.
    Mistaken,
}

impl Store {
    /// Decides a colour. Passes already given out say so in the status list from this transaction on. Whether it changed.
    ///
    /// # Errors
    /// [`StoreError::SignOff`] when a red holder would be released without one, [`StoreError::NotReleased`] when nobody can sign for
    /// it yet, [`StoreError::Absent`], and the database's.
    pub async fn set_colour(
        &self,
        compound: CompoundId,
        holder: u16,
        change: &ColourChange<'_>,
        act: &Act<'_>,
    ) -> Result<bool, StoreError> {
        transaction!(self, |tx| { decide(&mut *tx, (compound, holder), change, act).await })
    }

    /// Decides a colour as [`Store::set_colour`] does, and signs a card of that colour in the same transaction, unless an earlier one
    /// holds as it was signed. Whether the colour changed, and the new card.
    ///
    /// # Errors
    /// As [`Store::set_colour`], and [`StoreError::Sign`]; then the colour is as it was.
    pub async fn set_colour_and_sign(
        &self,
        compound: CompoundId,
        holder: u16,
        change: &ColourChange<'_>,
        lifetime: &Lifetime,
        act: &Act<'_>,
        sign: &mut (dyn FnMut(pass::Pass) -> Result<SignedPass, PassError> + Send),
    ) -> Result<(bool, Option<Serial>), StoreError> {
        let sign: &mut Sign<'_> = sign;
        transaction!(self, |tx| {
            if !decide(&mut *tx, (compound, holder), change, act).await? {
                return Ok((false, None));
            }
            // Status 0: as it was signed.
            let holds: i64 = sqlx::query_scalar(
                "SELECT COUNT(*) FROM passes WHERE compound = $1 AND holder = $2 AND status = 0 AND expires > $3",
            )
            .bind(i64::from(compound.0))
            .bind(i64::from(holder))
            .bind(act.at.0)
            .fetch_one(&mut *tx)
            .await?;
            if holds > 0 {
                return Ok((true, None));
            }
            let pass = pass_of(&mut *tx, (compound, holder), lifetime, act.at).await?;
            let given = give(&mut *tx, vec![pass], act, sign).await?;
            Ok((true, given.first().copied()))
        })
    }

    /// Decides one colour for many, all of them or none. Whoever is red stays so: that ends for each alone, by a sign-off.
    ///
    /// # Errors
    /// [`StoreError::Absent`], and the database's; then nobody's colour was changed.
    pub async fn set_colours(
        &self,
        holders: &[(CompoundId, u16)],
        colour: Colour,
        why: &str,
        act: &Act<'_>,
    ) -> Result<Many, StoreError> {
        let change = ColourChange { colour, why, sign_off: SignOff::None };
        transaction!(self, |tx| {
            let mut many = Many::default();
            for &(compound, holder) in holders {
                if colour != Colour::Red && colour_of(&mut *tx, compound, holder).await? == Colour::Red {
                    many.still_red.push((compound, holder));
                    continue;
                }
                match decide(&mut *tx, (compound, holder), &change, act).await? {
                    true => many.changed += 1,
                    false => many.unchanged += 1,
                }
            }
            Ok(many)
        })
    }

    /// Decides what becomes of a card. [`CardChange::Replaced`] alone gives nobody a new one; [`Store::replace`] does.
    ///
    /// # Errors
    /// [`StoreError::Absent`], [`StoreError::Replaced`], and the database's.
    pub async fn set_card(
        &self,
        serial: Serial,
        change: CardChange,
        why: &str,
        act: &Act<'_>,
    ) -> Result<(), StoreError> {
        transaction!(self, |tx| { change_card(&mut *tx, serial, change, why, act).await.map(|_| ()) })
    }

    /// Replaces a card by a new one for its holder as they are now, valid from `act.at` on. Returns the new card's serial.
    ///
    /// # Errors
    /// [`StoreError::Absent`], [`StoreError::Replaced`], [`StoreError::Sign`], and the database's; then the old card is as it
    /// was.
    pub async fn replace(
        &self,
        serial: Serial,
        lifetime: &Lifetime,
        why: &str,
        act: &Act<'_>,
        sign: &mut (dyn FnMut(pass::Pass) -> Result<SignedPass, PassError> + Send),
    ) -> Result<Serial, StoreError> {
        let sign: &mut Sign<'_> = sign;
        transaction!(self, |tx| {
            let (compound, holder) = change_card(&mut *tx, serial, CardChange::Replaced, why, act).await?;
            let pass = pass_of(&mut *tx, (compound, holder), lifetime, act.at).await?;
            let given = give(&mut *tx, vec![pass], act, sign).await?;
            Ok(given[0])
        })
    }

    /// What was decided about a holder and their cards, the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn decisions(&self, compound: CompoundId, holder: u16) -> Result<Vec<Decision>, StoreError> {
        let rows = sqlx::query(
            "SELECT at, who, serial, what, why FROM decisions WHERE compound = $1 AND holder = $2
             ORDER BY at DESC, id",
        )
        .bind(i64::from(compound.0))
        .bind(i64::from(holder))
        .fetch_all(self.pool())
        .await?;
        let mut decisions = Vec::with_capacity(rows.len());
        for row in &rows {
            let code = row.text("what")?;
            let card = |change: &CardChange| change.code() == code;
            let what = match row.try_get::<Option<String>, _>("serial")? {
                None => Colour::of_code(&code).map(Decided::Colour),
                Some(_) => {
                    let serial = row.serial("serial")?;
                    CardChange::ALL.into_iter().find(card).map(|change| Decided::Card(serial, change))
                }
            };
            decisions.push(Decision {
                at: Timestamp(row.integer("at")?),
                who: row.text("who")?,
                what: what.ok_or_else(|| damaged("what", code))?,
                why: row.text("why")?,
            });
        }
        Ok(decisions)
    }
}

/// Whether the colour changed.
async fn decide(
    tx: &mut AnyConnection,
    (compound, holder): (CompoundId, u16),
    change: &ColourChange<'_>,
    act: &Act<'_>,
) -> Result<bool, StoreError> {
    let ColourChange { colour, why, sign_off } = *change;
    if sign_off == SignOff::Checked && colour != Colour::Red {
        demand_end(&mut *tx, compound, holder, act.at).await?;
    }
    let Some(had) = change_colour(&mut *tx, compound, holder, colour, act).await? else {
        return Ok(false);
    };
    if had == Colour::Red && sign_off == SignOff::None {
        return Err(StoreError::SignOff);
    }
    remember(&mut *tx, (compound, holder), Decided::Colour(colour), why, act).await?;
    let how = if had == Colour::Red && sign_off == SignOff::Mistaken { " (red by mistake)" } else { "" };
    let detail = format!("compound {} holder {holder} {}{how}: {why}", compound.0, colour.code());
    log(&mut *tx, act, Action::Colour, &detail).await?;
    passes_changed(tx, [compound]).await?;
    Ok(true)
}

async fn colour_of(tx: &mut AnyConnection, compound: CompoundId, holder: u16) -> Result<Colour, StoreError> {
    let row = sqlx::query("SELECT colour FROM holders WHERE compound = $1 AND number = $2")
        .bind(i64::from(compound.0))
        .bind(i64::from(holder))
        .fetch_optional(tx)
        .await?;
    row.ok_or_else(|| absent(compound, holder))?.colour("colour")
}

/// A card for a holder as they are now, not yet signed.
async fn pass_of(
    tx: &mut AnyConnection,
    (compound, holder): (CompoundId, u16),
    lifetime: &Lifetime,
    now: Timestamp,
) -> Result<pass::Pass, StoreError> {
    let row = sqlx::query(
        "SELECT compound, number, household, kind, masked, colour FROM holders WHERE compound = $1 AND number = $2",
    )
    .bind(i64::from(compound.0))
    .bind(i64::from(holder))
    .fetch_one(tx)
    .await?;
    pass_for(&row, lifetime, now)
}

/// Changes a card, and returns whose it is.
async fn change_card(
    tx: &mut AnyConnection,
    serial: Serial,
    change: CardChange,
    why: &str,
    act: &Act<'_>,
) -> Result<(CompoundId, u16), StoreError> {
    let row = sqlx::query(
        "SELECT p.compound, p.holder, p.status, p.colour AS signed, h.colour AS now FROM passes p
         JOIN holders h ON h.compound = p.compound AND h.number = p.holder WHERE p.serial = $1",
    )
    .bind(serial.to_string())
    .fetch_optional(&mut *tx)
    .await?
    .ok_or_else(|| StoreError::Absent { what: "pass", key: serial.short_code() })?;
    if row.status("status")? == Status::Replaced {
        return Err(StoreError::Replaced { serial });
    }
    let (signed, now) = (row.colour("signed")?, row.colour("now")?);
    let status = match change {
        CardChange::Withdrawn => Status::Withdrawn,
        CardChange::Suspended => Status::Suspended,
        CardChange::Replaced => Status::Replaced,
        CardChange::Reinstated if signed == now => Status::AsSigned,
        CardChange::Reinstated => Status::Now(now),
    };
    sqlx::query("UPDATE passes SET status = $2 WHERE serial = $1")
        .bind(serial.to_string())
        .bind(i64::from(status.bits()))
        .execute(&mut *tx)
        .await?;
    let holder = (row.compound("compound")?, row.number("holder")?);
    remember(&mut *tx, holder, Decided::Card(serial, change), why, act).await?;
    log(&mut *tx, act, Action::Status, &format!("{serial} {}: {why}", change.code())).await?;
    passes_changed(tx, [holder.0]).await?;
    Ok(holder)
}

async fn remember(
    tx: &mut AnyConnection,
    (compound, holder): (CompoundId, u16),
    what: Decided,
    why: &str,
    act: &Act<'_>,
) -> Result<(), StoreError> {
    let (serial, what) = match what {
        Decided::Colour(colour) => (None, colour.code()),
        Decided::Card(serial, change) => (Some(serial.to_string()), change.code()),
    };
    sqlx::query(
        "INSERT INTO decisions (id, at, who, compound, holder, serial, what, why)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(random_key())
    .bind(act.at.0)
    .bind(act.by)
    .bind(i64::from(compound.0))
    .bind(i64::from(holder))
    .bind(serial)
    .bind(what)
    .bind(why)
    .execute(tx)
    .await?;
    Ok(())
}
