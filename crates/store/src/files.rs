//! A person's file: what the office knows of somebody beside name, home and colour.

use pass::{CompoundId, Kind, Name, Serial, Timestamp};
use registry::{Address, FullName, NewHolder, Phone, Subject};
use sqlx::Row;

use crate::act::log;
use crate::observations::{absent, demand_person};
use crate::row::{Columns, damaged};
use crate::{Act, Action, Store, StoreError};

/// A holder, with a name and a number that are for few eyes. `Debug` shows neither.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// The compound.
    pub compound: CompoundId,
    /// Its name.
    pub compound_name: String,
    /// The number in the compound.
    pub holder: u16,
    /// The household's number in the compound.
    pub household: u32,
    /// Where it lives.
    pub address: Address,
    /// Person or vehicle.
    pub kind: Kind,
    /// Masked name or plate.
    pub name: Name,
    /// The full name; none of a vehicle.
    pub full_name: Option<FullName>,
    /// The phone number.
    pub phone: Option<Phone>,
    /// The colour now.
    pub colour: pass::Colour,
    /// Since when.
    pub colour_since: Timestamp,
    /// Who decided it.
    pub colour_by: String,
    /// The newest pass, where there is one.
    pub pass: Option<Serial>,
}

/// What a file says; what nobody knows is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File {
    /// The identity number, encrypted.
    pub identity: Option<String>,
    /// The day of arrival, as 2020-03-01.
    pub arrived: String,
    /// Where from.
    pub came_from: String,
    /// By what: train, coach, a car.
    pub transport: String,
    /// Who of the office looks after them (包保联系人).
    pub contact: String,
    /// That person's phone number.
    pub contact_phone: String,
    /// Notes.
    pub notes: String,
}

impl Store {
    /// A holder by number.
    ///
    /// # Errors
    /// [`StoreError::Absent`], and the database's.
    pub async fn holding(&self, compound: CompoundId, holder: u16) -> Result<Holding, StoreError> {
        let row = sqlx::query(
            "SELECT h.household, h.kind, h.name, h.masked, h.phone, h.colour, h.colour_since, h.colour_by,
                    c.name AS compound_name, d.building, d.unit, d.room,
                    (SELECT p.serial FROM passes p WHERE p.idx = (SELECT MAX(l.idx) FROM passes l
                     WHERE l.compound = h.compound AND l.holder = h.number)) AS serial
             FROM holders h JOIN compounds c ON c.id = h.compound
             JOIN households d ON d.compound = h.compound AND d.number = h.household
             WHERE h.compound = $1 AND h.number = $2",
        )
        .bind(i64::from(compound.0))
        .bind(i64::from(holder))
        .fetch_optional(self.pool())
        .await?
        .ok_or_else(|| absent(compound, holder))?;
        let (kind, name) = (row.kind("kind")?, row.text("name")?);
        let full_name = match kind {
            Kind::Vehicle => None,
            // What another program wrote may be no name of ours: then the masked one is all there is.
            _ => FullName::new(&name).ok(),
        };
        let phone: Option<String> = row.try_get("phone")?;
        let phone = phone.and_then(|text| Phone::new(&text).ok());
        let serial = match row.try_get::<Option<String>, _>("serial")? {
            Some(_) => Some(row.serial("serial")?),
            None => None,
        };
        Ok(Holding {
            compound,
            compound_name: row.text("compound_name")?,
            holder,
            household: row.number("household")?,
            address: Address {
                building: row.text("building")?,
                unit: row.text("unit")?,
                room: row.text("room")?,
            },
            kind,
            name: row.name("masked")?,
            full_name,
            phone,
            colour: row.colour("colour")?,
            colour_since: Timestamp(row.integer("colour_since")?),
            colour_by: row.text("colour_by")?,
            pass: serial,
        })
    }

    /// The number of somebody who was taken in: of this name in this home, with this phone number before those with others, the newest
    /// before older ones; or of the vehicle with this plate.
    ///
    /// # Errors
    /// [`StoreError::Absent`], and the database's.
    pub async fn holder_of(&self, compound: CompoundId, taken: &NewHolder) -> Result<u16, StoreError> {
        let (name, phone) = match &taken.subject {
            Subject::Person { name, phone } => (name.reveal(), phone.as_ref().map(Phone::reveal)),
            Subject::Vehicle { plate } => (plate.as_str(), None),
        };
        let Address { building, unit, room } = &taken.address;
        let number: Option<i64> = sqlx::query_scalar(
            "SELECT h.number FROM households d
             JOIN holders h ON h.compound = d.compound AND h.household = d.number
             WHERE d.compound = $1 AND d.building = $2 AND d.unit = $3 AND d.room = $4 AND h.name = $5 AND h.kind = $6
             ORDER BY CASE WHEN h.phone = $7 THEN 0 ELSE 1 END, h.number DESC LIMIT 1",
        )
        .bind(i64::from(compound.0))
        .bind(building)
        .bind(unit)
        .bind(room)
        .bind(name)
        .bind(taken.subject.kind().code())
        .bind(phone.unwrap_or_default())
        .fetch_optional(self.pool())
        .await?;
        let number = number.ok_or_else(|| absent(compound, 0))?;
        u16::try_from(number).map_err(|_| damaged("holder", number))
    }

    /// Who else is of a household: numbers, people first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn household(&self, compound: CompoundId, household: u32) -> Result<Vec<u16>, StoreError> {
        let rows = sqlx::query(
            "SELECT number FROM holders WHERE compound = $1 AND household = $2 ORDER BY kind, number",
        )
        .bind(i64::from(compound.0))
        .bind(i64::from(household))
        .fetch_all(self.pool())
        .await?;
        rows.iter().map(|row| row.number("number")).collect()
    }

    /// Everybody of a building, or of one of its stairwells, from door to door, people first; at most so many.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn stairwell(
        &self,
        compound: CompoundId,
        building: &str,
        unit: Option<&str>,
        limit: u32,
    ) -> Result<Vec<u16>, StoreError> {
        let rows = sqlx::query(
            "SELECT h.number FROM households d
             JOIN holders h ON h.compound = d.compound AND h.household = d.number
             WHERE d.compound = $1 AND d.building = $2 AND ($3 = 1 OR d.unit = $4)
             ORDER BY LENGTH(d.unit), d.unit, LENGTH(d.room), d.room, h.kind, h.number LIMIT $5",
        )
        .bind(i64::from(compound.0))
        .bind(building)
        .bind(i64::from(unit.is_none()))
        .bind(unit.unwrap_or_default())
        .bind(i64::from(limit))
        .fetch_all(self.pool())
        .await?;
        rows.iter().map(|row| row.number("number")).collect()
    }

    /// Somebody's file; one that says nothing where nothing was written.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn file(&self, compound: CompoundId, holder: u16) -> Result<File, StoreError> {
        let row = sqlx::query(
            "SELECT identity, arrived, came_from, transport, contact, contact_phone, notes FROM files
             WHERE compound = $1 AND holder = $2",
        )
        .bind(i64::from(compound.0))
        .bind(i64::from(holder))
        .fetch_optional(self.pool())
        .await?;
        let Some(row) = row else { return Ok(File::default()) };
        Ok(File {
            identity: row.try_get("identity")?,
            arrived: row.text("arrived")?,
            came_from: row.text("came_from")?,
            transport: row.text("transport")?,
            contact: row.text("contact")?,
            contact_phone: row.text("contact_phone")?,
            notes: row.text("notes")?,
        })
    }

    /// Writes somebody's file, and their phone number.
    ///
    /// # Errors
    /// [`StoreError::Absent`] where there is no such person, and the database's.
    pub async fn set_file(
        &self,
        compound: CompoundId,
        holder: u16,
        file: &File,
        phone: Option<&Phone>,
        act: &Act<'_>,
    ) -> Result<(), StoreError> {
        transaction!(self, |tx| {
            demand_person(&mut *tx, compound, holder).await?;
            sqlx::query(
                "INSERT INTO files (compound, holder, identity, arrived, came_from, transport, contact, contact_phone,
                                    notes, changed, changed_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                 ON CONFLICT (compound, holder) DO UPDATE SET identity = excluded.identity, arrived = excluded.arrived,
                     came_from = excluded.came_from, transport = excluded.transport, contact = excluded.contact,
                     contact_phone = excluded.contact_phone, notes = excluded.notes, changed = excluded.changed,
                     changed_by = excluded.changed_by",
            )
            .bind(i64::from(compound.0))
            .bind(i64::from(holder))
            .bind(file.identity.as_deref())
            .bind(&file.arrived)
            .bind(&file.came_from)
            .bind(&file.transport)
            .bind(&file.contact)
            .bind(&file.contact_phone)
            .bind(&file.notes)
            .bind(act.at.0)
            .bind(act.by)
            .execute(&mut *tx)
            .await?;
            sqlx::query("UPDATE holders SET phone = $3 WHERE compound = $1 AND number = $2")
                .bind(i64::from(compound.0))
                .bind(i64::from(holder))
                .bind(phone.map(Phone::reveal))
                .execute(&mut *tx)
                .await?;
            let detail = format!("compound {} holder {holder}", compound.0);
            log(&mut *tx, act, Action::File, &detail).await?;
            Ok(())
        })
    }
}
