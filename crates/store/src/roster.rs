//! A roster into the registry: what is new is added, what differs is changed, the rest is left, all in one transaction.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use pass::CompoundId;
use registry::{Address, Namesake, NewHolder, Phone, Subject, match_namesakes};
use sqlx::{AnyConnection, Row};

use crate::act::log;
use crate::compounds::compound_named;
use crate::counters::{take_holder, take_household};
use crate::row::Columns;
use crate::standing::change_colour;
use crate::{Act, Action, Store, StoreError};

/// Called now and then with how many of how many are done.
pub type Progress<'a> = dyn FnMut(usize, usize) + Send + 'a;

/// What an import did. People and vehicles are counted alike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Holders that were not known.
    pub added: usize,
    /// Holders known with another colour, phone number or home.
    pub changed: usize,
    /// Of those changed, the ones who were red and are no more: somebody must have signed for that.
    pub released: usize,
    /// Holders that are as they were.
    pub unchanged: usize,
    /// Compounds that were made, by name.
    pub compounds: Vec<String>,
    /// Positions in the list given, of people who were left alone: several known people of that name live there, and no phone
    /// number tells which is meant.
    pub ambiguous: Vec<usize>,
}

impl Imported {
    /// Whether anything is different from before.
    #[must_use]
    pub fn changed_anything(&self) -> bool {
        self.added + self.changed + self.compounds.len() > 0
    }
}

impl Store {
    /// Takes in holders. The same list a second time changes nothing. Nobody is removed: rosters may hold a part.
    /// Compounds that are missing are made, with `numbers` that the office's key may sign for.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing at all was imported.
    pub async fn import(
        &self,
        holders: &[NewHolder],
        numbers: &[RangeInclusive<u32>],
        act: &Act<'_>,
        progress: &mut Progress<'_>,
    ) -> Result<Imported, StoreError> {
        let mut by_compound: Vec<(&str, Vec<usize>)> = Vec::new();
        let mut places = HashMap::new();
        for (at, holder) in holders.iter().enumerate() {
            let place = *places.entry(&*holder.compound).or_insert_with(|| {
                by_compound.push((&holder.compound, Vec::new()));
                by_compound.len() - 1
            });
            by_compound[place].1.push(at);
        }
        let turn = self.turn().await?;
        let imported = transaction!(self, |tx| {
            let outcome = Imported::default();
            let total = holders.len();
            let mut import = Import { tx, act, numbers, progress: &mut *progress, total, done: 0, outcome };
            for (name, positions) in &by_compound {
                import.compound(name, holders, positions).await?;
            }
            import.finish().await
        });
        if let Some(turn) = turn {
            turn.end().await;
        }
        imported
    }
}

/// What the registry knows of one compound while a list is compared with it.
struct Known {
    compound: CompoundId,
    households: HashMap<Address, u32>,
    /// By household and name.
    people: HashMap<(u32, String), Vec<KnownHolder>>,
    /// By plate.
    vehicles: HashMap<String, KnownHolder>,
}

#[derive(Clone)]
struct KnownHolder {
    number: u16,
    household: u32,
    phone: Option<Phone>,
    colour: pass::Colour,
}

struct Import<'a, 'p> {
    tx: &'a mut AnyConnection,
    numbers: &'a [RangeInclusive<u32>],
    act: &'a Act<'a>,
    progress: &'a mut Progress<'p>,
    total: usize,
    done: usize,
    outcome: Imported,
}

impl Import<'_, '_> {
    async fn finish(mut self) -> Result<Imported, StoreError> {
        self.outcome.ambiguous.sort_unstable();
        if self.outcome.changed_anything() {
            let Imported { added, changed, released, .. } = self.outcome;
            let detail = format!("added {added} changed {changed} released {released}");
            log(self.tx, self.act, Action::Import, &detail).await?;
        }
        Ok(self.outcome)
    }

    async fn compound(
        &mut self,
        name: &str,
        holders: &[NewHolder],
        positions: &[usize],
    ) -> Result<(), StoreError> {
        let (compound, made) = compound_named(&mut *self.tx, name, self.numbers).await?;
        if made {
            self.outcome.compounds.push(name.to_owned());
        }
        let mut known = Known::load(&mut *self.tx, compound).await?;
        // People of one household and one name are matched together; the groups keep the order of the list.
        let mut groups: Vec<(u32, &str, Vec<usize>)> = Vec::new();
        let mut group_of = HashMap::new();
        for &at in positions {
            let holder = &holders[at];
            let household = self.household(&mut known, &holder.address).await?;
            match &holder.subject {
                Subject::Vehicle { plate } => {
                    let before = known.vehicles.get(plate.as_str()).cloned();
                    self.put(compound, household, before, holder).await?;
                }
                Subject::Person { name, .. } => {
                    let group = *group_of.entry((household, name.reveal())).or_insert_with(|| {
                        groups.push((household, name.reveal(), Vec::new()));
                        groups.len() - 1
                    });
                    groups[group].2.push(at);
                }
            }
        }
        for (household, name, rows) in groups {
            let people = known.people.remove(&(household, name.to_owned())).unwrap_or_default();
            let phones: Vec<_> = rows.iter().map(|at| phone_of(&holders[*at])).collect();
            let found = {
                let known: Vec<_> = people.iter().map(|person| person.phone.as_ref()).collect();
                match_namesakes(&phones, &known)
            };
            for (at, found) in rows.into_iter().zip(found) {
                let before = match found {
                    Namesake::Known(person) => Some(people[person].clone()),
                    Namesake::New => None,
                    Namesake::Ambiguous => {
                        self.outcome.ambiguous.push(at);
                        continue;
                    }
                };
                self.put(compound, household, before, &holders[at]).await?;
            }
        }
        Ok(())
    }

    async fn household(&mut self, known: &mut Known, address: &Address) -> Result<u32, StoreError> {
        if let Some(number) = known.households.get(address) {
            return Ok(*number);
        }
        let number = take_household(&mut *self.tx, known.compound).await?;
        sqlx::query(
            "INSERT INTO households (compound, number, building, unit, room) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(i64::from(known.compound.0))
        .bind(i64::from(number))
        .bind(address.building.as_str())
        .bind(address.unit.as_str())
        .bind(address.room.as_str())
        .execute(&mut *self.tx)
        .await?;
        known.households.insert(address.clone(), number);
        Ok(number)
    }

    /// Adds a holder, or changes the one known `before`. An empty phone number erases none.
    async fn put(
        &mut self,
        compound: CompoundId,
        household: u32,
        before: Option<KnownHolder>,
        holder: &NewHolder,
    ) -> Result<(), StoreError> {
        match before {
            None => self.add(compound, household, holder).await?,
            Some(before) => {
                let phone = phone_of(holder).or(before.phone.as_ref());
                let details = before.household != household || before.phone.as_ref() != phone;
                if details {
                    sqlx::query(
                        "UPDATE holders SET household = $3, phone = $4 WHERE compound = $1 AND number = $2",
                    )
                    .bind(i64::from(compound.0))
                    .bind(i64::from(before.number))
                    .bind(i64::from(household))
                    .bind(phone.map(Phone::reveal))
                    .execute(&mut *self.tx)
                    .await?;
                }
                let colour = before.colour != holder.colour
                    && change_colour(&mut *self.tx, compound, before.number, holder.colour, self.act)
                        .await?
                        .is_some();
                self.outcome.released += usize::from(colour && before.colour == pass::Colour::Red);
                match details || colour {
                    true => self.outcome.changed += 1,
                    false => self.outcome.unchanged += 1,
                }
            }
        }
        self.done += 1;
        if self.done.is_multiple_of(256) || self.done == self.total {
            (self.progress)(self.done, self.total);
        }
        Ok(())
    }

    async fn add(
        &mut self,
        compound: CompoundId,
        household: u32,
        holder: &NewHolder,
    ) -> Result<(), StoreError> {
        let number = take_holder(&mut *self.tx, compound).await?;
        let name = match &holder.subject {
            Subject::Person { name, .. } => name.reveal(),
            Subject::Vehicle { plate } => plate.as_str(),
        };
        sqlx::query(
            "INSERT INTO holders
             (compound, number, household, kind, name, masked, phone, colour, colour_since, colour_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(i64::from(compound.0))
        .bind(i64::from(number))
        .bind(i64::from(household))
        .bind(holder.subject.kind().code())
        .bind(name)
        .bind(holder.subject.pass_name().as_str())
        .bind(phone_of(holder).map(Phone::reveal))
        .bind(holder.colour.code())
        .bind(self.act.at.0)
        .bind(self.act.by)
        .execute(&mut *self.tx)
        .await?;
        self.outcome.added += 1;
        Ok(())
    }
}

impl Known {
    async fn load(tx: &mut AnyConnection, compound: CompoundId) -> Result<Self, StoreError> {
        let id = i64::from(compound.0);
        let mut known =
            Self { compound, households: HashMap::new(), people: HashMap::new(), vehicles: HashMap::new() };
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

fn phone_of(holder: &NewHolder) -> Option<&Phone> {
    match &holder.subject {
        Subject::Person { phone, .. } => phone.as_ref(),
        Subject::Vehicle { .. } => None,
    }
}
