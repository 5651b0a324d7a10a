//! A roster into the registry: what is new is added, what differs is changed, the rest is left, all in one transaction.
//!
//! What to do is planned first, as pure data (`plan.rs`), then carried out (`carry.rs`). A dry run stops after the plan.

mod carry;
mod known;
mod out;
mod plan;

use std::collections::HashMap;
use std::ops::RangeInclusive;

use registry::NewHolder;
use sqlx::AnyConnection;

use crate::act::log;
use crate::changes::passes_changed;
use crate::compounds::{compound_id, compound_named, free_number};
use crate::open::Backend;
use crate::{Act, Action, Store, StoreError};

use carry::carry_out;
pub(crate) use carry::{insert_homes, places};
use known::Known;
pub use out::Registered;
pub use plan::Fate;
use plan::Plan;

/// Called now and then with how many of how many are done.
pub type Progress<'a> = dyn FnMut(usize, usize) + Send + 'a;

/// What an import did, or a dry run would have done. People and vehicles are counted alike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Holders that were not known.
    pub added: usize,
    /// Holders known with another colour, phone number or home.
    pub changed: usize,
    /// Holders that are as they were.
    pub unchanged: usize,
    /// Compounds that were made, by name.
    pub compounds: Vec<String>,
    /// Positions in the list given, of people who were left alone: several known people of that name live there, and no phone
    /// number tells which is meant.
    pub ambiguous: Vec<usize>,
    /// Positions of people who are red and stay so, whatever the list says: only a sign-off ends that.
    pub still_red: Vec<usize>,
    /// What becomes of each of the list, by its position.
    pub fates: Vec<Fate>,
}

impl Imported {
    /// Whether anything is different from before.
    #[must_use]
    pub fn changed_anything(&self) -> bool {
        self.added + self.changed + self.compounds.len() > 0
    }

    /// Counts what becomes of the one at `position`.
    fn count(&mut self, position: usize, fate: Fate) {
        match &fate {
            Fate::Added => self.added += 1,
            Fate::Changed { .. } => {
                self.changed += 1;
            }
            Fate::Left => self.unchanged += 1,
            Fate::Ambiguous => self.ambiguous.push(position),
        }
        self.fates[position] = fate;
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
        let by_compound = by_compound(holders);
        let turn = self.turn().await?;
        let imported = transaction!(self, |tx| {
            let mut told = Told { done: 0, total: holders.len(), progress: &mut *progress };
            let mut outcome = outcome_of(holders);
            let mut compounds = Vec::with_capacity(by_compound.len());
            for (name, positions) in &by_compound {
                let (compound, made) = compound_named(&mut *tx, name, numbers).await?;
                compounds.push(compound);
                if made {
                    outcome.compounds.push((*name).to_owned());
                }
                let known = Known::load(&mut *tx, compound).await?;
                let plan = Plan::of(holders, positions, known, &mut outcome);
                carry_out(&mut *tx, compound, &plan, act, &mut told).await?;
            }
            outcome.ambiguous.sort_unstable();
            outcome.still_red.sort_unstable();
            if outcome.changed_anything() {
                let Imported { added, changed, .. } = outcome;
                let detail = format!("added {added} changed {changed}");
                log(&mut *tx, act, Action::Import, &detail).await?;
                passes_changed(&mut *tx, compounds).await?;
            }
            (told.progress)(told.total, told.total);
            Ok(outcome)
        });
        if let Ok(Imported { added, .. }) = &imported {
            self.look_again(*added).await;
        }
        if let Some(turn) = turn {
            turn.end().await;
        }
        imported
    }

    /// What [`Store::import`] of the same list would do now. Writes nothing, and keeps nobody from writing.
    ///
    /// # Errors
    /// [`StoreError`], also where the import would find no number for a compound.
    pub async fn compare(
        &self,
        holders: &[NewHolder],
        numbers: &[RangeInclusive<u32>],
    ) -> Result<Imported, StoreError> {
        let begin = match self.backend() {
            Backend::Sqlite => "BEGIN",
            Backend::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ",
        };
        let mut tx = self.pool().begin_with(begin).await?;
        let mut outcome = outcome_of(holders);
        let mut made = Vec::new();
        for (name, positions) in by_compound(holders) {
            let known = match compound_id(&mut tx, name).await? {
                Some(compound) => Known::load(&mut tx, compound).await?,
                None => {
                    made.push(take_number(&mut tx, name, numbers, &made).await?);
                    outcome.compounds.push(name.to_owned());
                    Known::default()
                }
            };
            Plan::of(holders, &positions, known, &mut outcome);
        }
        tx.rollback().await?;
        outcome.ambiguous.sort_unstable();
        outcome.still_red.sort_unstable();
        Ok(outcome)
    }
}

/// A number for a compound, beside those that the same list would have taken already.
async fn take_number(
    tx: &mut AnyConnection,
    name: &str,
    numbers: &[RangeInclusive<u32>],
    taken: &[u32],
) -> Result<u32, StoreError> {
    for range in numbers {
        let Some(first) = free_number(&mut *tx, range).await? else { continue };
        let newest = taken.iter().filter(|number| range.contains(number)).max();
        let next = newest.map_or(first, |newest| newest.saturating_add(1));
        if range.contains(&next) {
            return Ok(next);
        }
    }
    Err(StoreError::NoNumber { compound: name.to_owned() })
}

fn outcome_of(holders: &[NewHolder]) -> Imported {
    Imported { fates: vec![Fate::Left; holders.len()], ..Imported::default() }
}

/// The names of the compounds in the order of the list, each with the positions of its holders.
fn by_compound(holders: &[NewHolder]) -> Vec<(&str, Vec<usize>)> {
    let mut by_compound: Vec<(&str, Vec<usize>)> = Vec::new();
    let mut places = HashMap::new();
    for (at, holder) in holders.iter().enumerate() {
        let place = *places.entry(&*holder.compound).or_insert_with(|| {
            by_compound.push((&holder.compound, Vec::new()));
            by_compound.len() - 1
        });
        by_compound[place].1.push(at);
    }
    by_compound
}

/// How far an import is.
struct Told<'a, 'p> {
    done: usize,
    total: usize,
    progress: &'a mut Progress<'p>,
}

impl Told<'_, '_> {
    fn more(&mut self, count: usize) {
        self.done += count;
        (self.progress)(self.done.min(self.total), self.total);
    }
}
