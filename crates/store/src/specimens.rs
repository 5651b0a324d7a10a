//! Specimens: signed like any pass, of a kind that opens nothing. They teach staff and try printers, and belong to nobody, so
//! they stand beside the passes and not among them.

use pass::{Colour, CompoundId, Kind, Mode, Name, Pass, PassError, Serial, SignedPass, Timestamp};
use sqlx::any::AnyRow;

use crate::act::log;
use crate::changes::changed;
use crate::counters::Version;
use crate::counters::take_indices;
use crate::issue::{Sign, free_serial};
use crate::row::Columns;
use crate::{Act, Action, Store, StoreError};

/// A specimen as it was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Specimen {
    /// Its serial.
    pub serial: Serial,
    /// The compound whose gates know it as a specimen.
    pub compound: CompoundId,
    /// The colour it shows.
    pub colour: Colour,
    /// Start of its validity.
    pub not_before: Timestamp,
    /// End of its validity.
    pub expires: Timestamp,
    /// The text of its code.
    pub text: String,
}

impl Store {
    /// The specimens of a compound that have not ended at `act.at`, one for each colour; those that are missing are made, under
    /// this name, and hold until `expires`.
    ///
    /// # Errors
    /// [`StoreError::Sign`], and the database's.
    pub async fn specimens(
        &self,
        compound: CompoundId,
        name: &Name,
        expires: Timestamp,
        act: &Act<'_>,
        sign: &mut (dyn FnMut(Pass) -> Result<SignedPass, PassError> + Send),
    ) -> Result<Vec<Specimen>, StoreError> {
        let sign: &mut Sign<'_> = sign;
        transaction!(self, |tx| {
            let rows = sqlx::query(
                "SELECT serial, compound, colour, not_before, expires, text FROM specimens
                 WHERE compound = $1 AND expires > $2 ORDER BY idx DESC",
            )
            .bind(i64::from(compound.0))
            .bind(act.at.0)
            .fetch_all(&mut *tx)
            .await?;
            let known: Vec<Specimen> = rows.iter().map(Specimen::of_row).collect::<Result<_, _>>()?;
            let mut all = Vec::with_capacity(Colour::ALL.len());
            let mut made = 0;
            for colour in Colour::ALL {
                if let Some(specimen) = known.iter().find(|specimen| specimen.colour == colour) {
                    all.push(specimen.clone());
                    continue;
                }
                let serial = free_serial(tx).await?;
                let pass = Pass {
                    serial,
                    not_before: act.at,
                    expires,
                    compound,
                    household: 0,
                    holder: 0,
                    index: take_indices(tx, 1).await?,
                    colour,
                    kind: Kind::Specimen,
                    mode: Mode::Paper,
                    name: name.clone(),
                };
                let signed = sign(pass).map_err(|source| StoreError::Sign { serial, source })?;
                keep(tx, &signed, act).await?;
                let SignedPass { pass, text } = signed;
                all.push(Specimen {
                    serial,
                    compound,
                    colour,
                    not_before: pass.not_before,
                    expires: pass.expires,
                    text,
                });
                made += 1;
            }
            if made > 0 {
                let detail = format!("{made} specimens, compound {}", compound.0);
                log(&mut *tx, act, Action::Sign, &detail).await?;
                changed(&mut *tx, &[Version::Status]).await?;
            }
            Ok(all)
        })
    }
}

impl Specimen {
    fn of_row(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self {
            serial: row.serial("serial")?,
            compound: row.compound("compound")?,
            colour: row.colour("colour")?,
            not_before: Timestamp(row.integer("not_before")?),
            expires: Timestamp(row.integer("expires")?),
            text: row.text("text")?,
        })
    }
}

async fn keep(tx: &mut sqlx::AnyConnection, signed: &SignedPass, act: &Act<'_>) -> Result<(), StoreError> {
    let pass = &signed.pass;
    sqlx::query(
        "INSERT INTO specimens (serial, idx, compound, colour, not_before, expires, text, made_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(pass.serial.to_string())
    .bind(i64::from(pass.index))
    .bind(i64::from(pass.compound.0))
    .bind(pass.colour.code())
    .bind(pass.not_before.0)
    .bind(pass.expires.0)
    .bind(signed.text.as_str())
    .bind(act.by)
    .execute(tx)
    .await?;
    Ok(())
}
