//! A name, a plate, a phone number or a home that was written down wrong, or has changed. The holder stays the same: number,
//! colour, passes, history.

use pass::{CompoundId, Kind};
use registry::{Address, Phone, Subject};
use sqlx::{AnyConnection, Row};

use crate::act::log;
use crate::changes::passes_changed;
use crate::counters::take_households;
use crate::observations::absent;
use crate::roster::insert_homes;
use crate::row::Columns;
use crate::{Act, Action, Store, StoreError, place, search};

impl Store {
    /// Writes down who a holder is, and where they live. Whether that changed anything. Where it changes what stands on the pass,
    /// or the household that gates count by, a new pass is due.
    ///
    /// # Errors
    /// [`StoreError::Absent`] for a holder that isn't there, or is of the other kind; [`StoreError::Taken`] where the home has
    /// somebody of that name and number already, or the compound a vehicle of that plate; and the database's.
    pub async fn correct(
        &self,
        compound: CompoundId,
        holder: u16,
        (subject, home): (&Subject, &Address),
        act: &Act<'_>,
    ) -> Result<bool, StoreError> {
        let (name, phone) = match subject {
            Subject::Person { name, phone } => (name.reveal(), phone.as_ref().map(Phone::reveal)),
            Subject::Vehicle { plate } => (plate.as_str(), None),
        };
        let masked = subject.pass_name();
        let (id, number) = (i64::from(compound.0), i64::from(holder));
        transaction!(self, |tx| {
            let before = sqlx::query(
                "SELECT household, kind, name, phone FROM holders WHERE compound = $1 AND number = $2",
            )
            .bind(id)
            .bind(number)
            .fetch_optional(&mut *tx)
            .await?
            .ok_or_else(|| absent(compound, holder))?;
            let is_vehicle = before.kind("kind")? == Kind::Vehicle;
            if is_vehicle != matches!(subject, Subject::Vehicle { .. }) {
                return Err(absent(compound, holder));
            }
            let household = household_at(&mut *tx, compound, home).await?;
            let known: Option<String> = before.try_get("phone")?;
            let (other_name, other_phone) = (before.text("name")? != name, known.as_deref() != phone);
            let other_home = household != Some(before.number("household")?);
            if !other_name && !other_phone && !other_home {
                return Ok(false);
            }
            let household = match household {
                Some(number) => number,
                None => {
                    let number = take_households(&mut *tx, compound, 1).await?;
                    insert_homes(&mut *tx, compound, [(number, home)].into_iter()).await?;
                    number
                }
            };
            // A list could not tell them apart, nor a guard.
            let twin: i64 = match is_vehicle {
                true => sqlx::query_scalar(
                    "SELECT COUNT(*) FROM holders WHERE compound = $1 AND number <> $2 AND kind = 'vehicle' AND name = $3",
                )
                .bind(id)
                .bind(number)
                .bind(name),
                false => sqlx::query_scalar(
                    "SELECT COUNT(*) FROM holders WHERE compound = $1 AND number <> $2 AND name = $3 AND household = $4
                     AND kind <> 'vehicle' AND COALESCE(phone, '') = $5",
                )
                .bind(id)
                .bind(number)
                .bind(name)
                .bind(i64::from(household))
                .bind(phone.unwrap_or_default()),
            }
            .fetch_one(&mut *tx)
            .await?;
            if twin > 0 {
                return Err(StoreError::Taken { what: "name", by: masked.to_string() });
            }
            sqlx::query(
                "UPDATE holders SET name = $3, masked = $4, phone = $5, household = $6,
                        place = CASE WHEN household = $6 THEN place ELSE '' END
                 WHERE compound = $1 AND number = $2",
            )
            .bind(id)
            .bind(number)
            .bind(name)
            .bind(masked.as_str())
            .bind(phone)
            .bind(i64::from(household))
            .execute(&mut *tx)
            .await?;
            if other_home {
                place::fill(&mut *tx).await?;
            }
            if other_name {
                sqlx::query("DELETE FROM search_terms WHERE compound = $1 AND holder = $2")
                    .bind(id)
                    .bind(number)
                    .execute(&mut *tx)
                    .await?;
                search::insert(&mut *tx, [(compound, holder, name)].into_iter()).await?;
            }
            let what = [(other_name, "name"), (other_phone, "phone"), (other_home, "home")];
            let what: Vec<&str> =
                what.into_iter().filter(|(changed, _)| *changed).map(|(_, what)| what).collect();
            let detail = format!("{} of compound {id} holder {holder}", what.join(", "));
            log(&mut *tx, act, Action::File, &detail).await?;
            passes_changed(&mut *tx, [compound]).await?;
            Ok(true)
        })
    }
}

/// The household at an address, if there is one.
async fn household_at(
    tx: &mut AnyConnection,
    compound: CompoundId,
    home: &Address,
) -> Result<Option<u32>, StoreError> {
    let row = sqlx::query(
        "SELECT number FROM households WHERE compound = $1 AND building = $2 AND unit = $3 AND room = $4",
    )
    .bind(i64::from(compound.0))
    .bind(home.building.as_str())
    .bind(home.unit.as_str())
    .bind(home.room.as_str())
    .fetch_optional(tx)
    .await?;
    row.map(|row| row.number("number")).transpose()
}
