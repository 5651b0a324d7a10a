//! Sheets of cards: which passes are worth printing, what was laid out on which sheet, whether it came out of the printer, and
//! who was given it. A sheet has a number that stands on it; sheets that are laid out together are one run.

use pass::{CompoundId, Serial, Timestamp};
use registry::Address;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use crate::act::{log, random_key};
use crate::counters::take_sheets;
use crate::passes::{PassOnFile, passes_on_file};
use crate::row::Columns;
use crate::{Act, Action, Store, StoreError};

/// The most sheets read at once.
const MOST: i64 = 5_000;

/// Which of the passes that hold are wanted on paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToPrint {
    /// Of this compound alone.
    pub compound: Option<CompoundId>,
    /// Of this building alone, as the registry writes it.
    pub building: Option<String>,
    /// Of this stairwell alone.
    pub unit: Option<String>,
    /// Only what was never printed.
    pub unprinted: bool,
    /// Holding at this time.
    pub at: Timestamp,
}

/// What there is to print of a stairwell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printable {
    /// The compound.
    pub compound: CompoundId,
    /// The building.
    pub building: String,
    /// The stairwell; empty where there is one alone.
    pub unit: String,
    /// Passes that hold.
    pub good: u64,
    /// Those of them that were never printed.
    pub unprinted: u64,
}

/// Sheets to be laid out together.
#[derive(Clone, Debug)]
pub struct NewRun {
    /// Their size, as their owner calls it.
    pub size: &'static str,
    /// Whether the cards' backs are printed as well.
    pub backs: bool,
    /// For each sheet its compound and its cards, as they lie.
    pub sheets: Vec<(CompoundId, Vec<Serial>)>,
}

/// Sheets that were laid out together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Names it in an address.
    pub id: String,
    /// The first and the last of its sheets' numbers.
    pub numbers: (u32, u32),
    /// How many sheets it has, and how many cards lie on them.
    pub sheets: u32,
    /// Cards.
    pub cards: u32,
    /// The size of its sheets.
    pub size: String,
    /// Whether it has backs.
    pub backs: bool,
    /// The compounds of its sheets.
    pub compounds: Vec<CompoundId>,
    /// When it was laid out.
    pub made: Timestamp,
    /// By whom.
    pub made_by: String,
    /// When somebody said that it came out as it should.
    pub printed: Option<Timestamp>,
}

/// A sheet in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Its number.
    pub number: u32,
    /// Its run.
    pub run: String,
    /// Its compound.
    pub compound: CompoundId,
    /// How many cards lie on it.
    pub cards: u32,
    /// Where the first and the last of them live.
    pub homes: (Address, Address),
    /// When it was printed.
    pub printed: Option<Timestamp>,
    /// When it was handed out, and to whom.
    pub handed: Option<(Timestamp, String)>,
}

/// Which sheets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sheets {
    /// Printed, and still in the office.
    Here,
    /// Handed out, the last first.
    Handed,
}

impl Store {
    /// What there is to print, stairwell by stairwell.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn printable(&self, compound: CompoundId, at: Timestamp) -> Result<Vec<Printable>, StoreError> {
        let rows = sqlx::query(
            "SELECT d.building, d.unit, COUNT(*) AS good, COUNT(*) - COUNT(p.printed) AS unprinted
             FROM passes p
             JOIN holders h ON h.compound = p.compound AND h.number = p.holder
             JOIN households d ON d.compound = h.compound AND d.number = h.household
             WHERE p.compound = $1 AND p.status = 0 AND p.expires > $2 AND NOT EXISTS
                 (SELECT 1 FROM passes n WHERE n.compound = p.compound AND n.holder = p.holder AND n.idx > p.idx)
             GROUP BY d.building, d.unit",
        )
        .bind(i64::from(compound.0))
        .bind(at.0)
        .fetch_all(self.pool())
        .await?;
        let mut all = Vec::with_capacity(rows.len());
        for row in &rows {
            let count = |column| row.integer(column).map(i64::unsigned_abs);
            let (building, unit) = (row.text("building")?, row.text("unit")?);
            let (good, unprinted) = (count("good")?, count("unprinted")?);
            all.push(Printable { compound, building, unit, good, unprinted });
        }
        all.sort_by_key(|it| Address::new(&it.building, &it.unit, "").walk());
        Ok(all)
    }

    /// The newest passes of those who are chosen, where they hold as signed, from door to door.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn to_print(&self, which: &ToPrint) -> Result<Vec<PassOnFile>, StoreError> {
        let rows = sqlx::query(passes_on_file!(
            "WHERE p.status = 0 AND p.expires > $1 AND NOT EXISTS
                 (SELECT 1 FROM passes n WHERE n.compound = p.compound AND n.holder = p.holder AND n.idx > p.idx)
               AND ($2 = 0 OR p.compound = $3) AND ($4 = 0 OR d.building = $5) AND ($6 = 0 OR d.unit = $7)
               AND ($8 = 0 OR p.printed IS NULL)"
        ))
        .bind(which.at.0)
        .bind(i64::from(which.compound.is_some()))
        .bind(which.compound.map_or(0, |compound| i64::from(compound.0)))
        .bind(i64::from(which.building.is_some()))
        .bind(which.building.as_deref().unwrap_or_default())
        .bind(i64::from(which.unit.is_some()))
        .bind(which.unit.as_deref().unwrap_or_default())
        .bind(i64::from(which.unprinted))
        .fetch_all(self.pool())
        .await?;
        let mut passes: Vec<PassOnFile> = rows.iter().map(PassOnFile::of_row).collect::<Result<_, _>>()?;
        passes.sort_by_cached_key(|pass| {
            (pass.compound_name.clone(), pass.address.walk(), pass.kind, pass.holder)
        });
        Ok(passes)
    }

    /// Gives numbers to sheets that are about to be printed, and keeps what lies on them. Nothing counts as printed yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lay_out(&self, new: &NewRun, act: &Act<'_>) -> Result<Run, StoreError> {
        let count = u32::try_from(new.sheets.len()).expect("there is not that much paper");
        let run = random_key();
        let key = run.as_str();
        transaction!(self, |tx| {
            let first = take_sheets(tx, count).await?;
            for (number, (compound, cards)) in (first..).zip(&new.sheets) {
                sqlx::query(
                    "INSERT INTO sheets (number, run, compound, size, backs, made, made_by)
                     VALUES ($1, $2, $3, $4, $5, $6, $7)",
                )
                .bind(i64::from(number))
                .bind(key)
                .bind(i64::from(compound.0))
                .bind(new.size)
                .bind(i64::from(new.backs))
                .bind(act.at.0)
                .bind(act.by)
                .execute(&mut *tx)
                .await?;
                lay(&mut *tx, number, cards).await?;
            }
            Ok(())
        })?;
        self.run(key).await?.ok_or(StoreError::Absent { what: "print run", key: run })
    }

    /// A run; nothing where there is none, or it was thrown away.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn run(&self, id: &str) -> Result<Option<Run>, StoreError> {
        Ok(runs(sqlx::query(concat!(runs_select!(), "WHERE s.run = $1", runs_group!())).bind(id), self)
            .await?
            .pop())
    }

    /// Runs that nobody has said came out of the printer, the last first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open_runs(&self) -> Result<Vec<Run>, StoreError> {
        runs(sqlx::query(concat!(runs_select!(), "WHERE s.printed IS NULL", runs_group!())), self).await
    }

    /// The sheets of a run with what lies on them, by number.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn run_sheets(&self, id: &str) -> Result<Vec<(u32, Vec<PassOnFile>)>, StoreError> {
        let rows = sqlx::query(passes_on_file!(
            ", s.number",
            "JOIN sheet_passes l ON l.serial = p.serial JOIN sheets s ON s.number = l.sheet
             WHERE s.run = $1 ORDER BY s.number, l.place"
        ))
        .bind(id)
        .fetch_all(self.pool())
        .await?;
        let mut sheets: Vec<(u32, Vec<PassOnFile>)> = Vec::new();
        for row in &rows {
            let (number, pass) = (row.number("number")?, PassOnFile::of_row(row)?);
            match sheets.last_mut() {
                Some((last, cards)) if *last == number => cards.push(pass),
                _ => sheets.push((number, vec![pass])),
            }
        }
        Ok(sheets)
    }

    /// Notes that a run came out of the printer as it should: its cards count as printed from now on. Returns how many cards
    /// these are; a run that was printed already stays as it was.
    ///
    /// # Errors
    /// [`StoreError::Absent`], and the database's.
    pub async fn confirm_run(&self, id: &str, act: &Act<'_>) -> Result<u32, StoreError> {
        transaction!(self, |tx| {
            let numbers = unprinted_sheets(&mut *tx, id).await?;
            let cards = sqlx::query(
                "UPDATE passes SET printed = $2 WHERE serial IN
                 (SELECT l.serial FROM sheet_passes l JOIN sheets s ON s.number = l.sheet
                  WHERE s.run = $1 AND s.printed IS NULL)",
            )
            .bind(id)
            .bind(act.at.0)
            .execute(&mut *tx)
            .await?
            .rows_affected();
            sqlx::query("UPDATE sheets SET printed = $2 WHERE run = $1 AND printed IS NULL")
                .bind(id)
                .bind(act.at.0)
                .execute(&mut *tx)
                .await?;
            if let Some((first, last)) = numbers {
                let detail = format!("{cards} passes, sheets {first} to {last}");
                log(&mut *tx, act, Action::Print, &detail).await?;
            }
            Ok(u32::try_from(cards).unwrap_or(u32::MAX))
        })
    }

    /// Forgets a run that was never printed. Its numbers are not given again.
    ///
    /// # Errors
    /// [`StoreError::Absent`], and the database's.
    pub async fn discard_run(&self, id: &str, act: &Act<'_>) -> Result<(), StoreError> {
        transaction!(self, |tx| {
            let Some((first, last)) = unprinted_sheets(&mut *tx, id).await? else { return Ok(()) };
            for query in [
                "DELETE FROM sheet_passes WHERE sheet IN
                 (SELECT number FROM sheets WHERE run = $1 AND printed IS NULL)",
                "DELETE FROM sheets WHERE run = $1 AND printed IS NULL",
            ] {
                sqlx::query(query).bind(id).execute(&mut *tx).await?;
            }
            let detail = format!("sheets {first} to {last} not printed after all");
            log(&mut *tx, act, Action::Print, &detail).await?;
            Ok(())
        })
    }

    /// The printed sheets of a compound.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sheets(&self, compound: CompoundId, which: Sheets) -> Result<Vec<Sheet>, StoreError> {
        let rows = sqlx::query(concat!(
            sheets_select!(),
            "WHERE s.compound = $1 AND s.printed IS NOT NULL
             AND (($2 = 0 AND s.handed IS NULL) OR ($2 = 1 AND s.handed IS NOT NULL))
             GROUP BY s.number, s.run, s.compound, s.printed, s.handed, s.handed_to
             ORDER BY CASE WHEN s.handed IS NULL THEN s.number ELSE -s.handed END, s.number LIMIT $3"
        ))
        .bind(i64::from(compound.0))
        .bind(i64::from(which == Sheets::Handed))
        .bind(MOST)
        .fetch_all(self.pool())
        .await?;
        let homes = self.homes_of_sheets(compound).await?;
        rows.iter().map(|row| Sheet::of_row(row, &homes)).collect()
    }

    /// Where a card went: the sheets it lies on, the last first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sheets_of(&self, pass: &PassOnFile) -> Result<Vec<Sheet>, StoreError> {
        let rows = sqlx::query(concat!(
            sheets_select!(),
            "WHERE s.printed IS NOT NULL AND s.number IN (SELECT sheet FROM sheet_passes WHERE serial = $1)
             GROUP BY s.number, s.run, s.compound, s.printed, s.handed, s.handed_to ORDER BY s.number DESC"
        ))
        .bind(pass.serial.to_string())
        .fetch_all(self.pool())
        .await?;
        rows.iter().map(|row| Sheet::of_row(row, &Homes::new())).collect()
    }

    /// Notes who was given sheets; those handed out already stay as they were. Returns how many these were.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn hand_out(&self, sheets: &[u32], to: &str, act: &Act<'_>) -> Result<u32, StoreError> {
        transaction!(self, |tx| {
            let mut handed = Vec::new();
            for number in sheets {
                let changed = sqlx::query(
                    "UPDATE sheets SET handed = $2, handed_to = $3, handed_by = $4
                     WHERE number = $1 AND printed IS NOT NULL AND handed IS NULL",
                )
                .bind(i64::from(*number))
                .bind(act.at.0)
                .bind(to)
                .bind(act.by)
                .execute(&mut *tx)
                .await?
                .rows_affected();
                handed.extend((changed > 0).then(|| number.to_string()));
            }
            if !handed.is_empty() {
                // To whom stands with the sheet: the audit log names nobody but who acted.
                log(&mut *tx, act, Action::HandOut, &format!("sheets {}", handed.join(", "))).await?;
            }
            Ok(u32::try_from(handed.len()).unwrap_or(u32::MAX))
        })
    }

    /// Notes that sheets are back in the office: they were handed out by mistake, or to the wrong person.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn take_back(&self, sheets: &[u32], act: &Act<'_>) -> Result<(), StoreError> {
        transaction!(self, |tx| {
            let mut back = Vec::new();
            for number in sheets {
                let changed = sqlx::query(
                    "UPDATE sheets SET handed = NULL, handed_to = NULL, handed_by = NULL
                     WHERE number = $1 AND handed IS NOT NULL",
                )
                .bind(i64::from(*number))
                .execute(&mut *tx)
                .await?
                .rows_affected();
                back.extend((changed > 0).then(|| number.to_string()));
            }
            if !back.is_empty() {
                log(&mut *tx, act, Action::HandOut, &format!("back: sheets {}", back.join(", "))).await?;
            }
            Ok(())
        })
    }

    /// For each printed sheet of a compound where its first and its last card live.
    async fn homes_of_sheets(&self, compound: CompoundId) -> Result<Homes, StoreError> {
        let rows = sqlx::query(
            "SELECT l.sheet, d.building, d.unit, d.room FROM sheets s
             JOIN sheet_passes l ON l.sheet = s.number
             JOIN passes p ON p.serial = l.serial
             JOIN holders h ON h.compound = p.compound AND h.number = p.holder
             JOIN households d ON d.compound = h.compound AND d.number = h.household
             WHERE s.compound = $1 AND s.printed IS NOT NULL AND (l.place = 0 OR l.place =
                 (SELECT MAX(m.place) FROM sheet_passes m WHERE m.sheet = l.sheet))
             ORDER BY l.sheet, l.place",
        )
        .bind(i64::from(compound.0))
        .fetch_all(self.pool())
        .await?;
        let mut homes = Homes::new();
        for row in &rows {
            let home =
                Address { building: row.text("building")?, unit: row.text("unit")?, room: row.text("room")? };
            let of_sheet = homes.entry(row.number("sheet")?).or_insert_with(|| (home.clone(), home.clone()));
            of_sheet.1 = home;
        }
        Ok(homes)
    }
}

type Homes = std::collections::HashMap<u32, (Address, Address)>;

impl Sheet {
    fn of_row(row: &AnyRow, homes: &Homes) -> Result<Self, StoreError> {
        let nowhere = || Address { building: String::new(), unit: String::new(), room: String::new() };
        let number = row.number("number")?;
        let handed: Option<i64> = row.try_get("handed")?;
        let to: Option<String> = row.try_get("handed_to")?;
        Ok(Self {
            number,
            run: row.text("run")?,
            compound: row.compound("compound")?,
            cards: row.number("cards")?,
            homes: homes.get(&number).cloned().unwrap_or_else(|| (nowhere(), nowhere())),
            printed: row.try_get::<Option<i64>, _>("printed")?.map(Timestamp),
            handed: handed.map(|at| (Timestamp(at), to.unwrap_or_default())),
        })
    }
}

async fn lay(tx: &mut AnyConnection, number: u32, cards: &[Serial]) -> Result<(), StoreError> {
    for (place, serial) in (0_i64..).zip(cards) {
        sqlx::query("INSERT INTO sheet_passes (sheet, place, serial) VALUES ($1, $2, $3)")
            .bind(i64::from(number))
            .bind(place)
            .bind(serial.to_string())
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}

/// The first and the last number of those sheets of a run that were not printed; nothing where all were.
async fn unprinted_sheets(tx: &mut AnyConnection, id: &str) -> Result<Option<(i64, i64)>, StoreError> {
    let row = sqlx::query(
        "SELECT COUNT(*) AS all_sheets,
                MIN(CASE WHEN printed IS NULL THEN number END) AS first_number,
                MAX(CASE WHEN printed IS NULL THEN number END) AS last_number
         FROM sheets WHERE run = $1",
    )
    .bind(id)
    .fetch_one(tx)
    .await?;
    if row.integer("all_sheets")? == 0 {
        return Err(StoreError::Absent { what: "print run", key: id.to_owned() });
    }
    let (first, last): (Option<i64>, Option<i64>) =
        (row.try_get("first_number")?, row.try_get("last_number")?);
    Ok(first.zip(last))
}

/// The query of runs up to its condition.
macro_rules! runs_select {
    () => {
        "SELECT s.run, s.compound, MIN(s.number) AS first_number, MAX(s.number) AS last_number,
                COUNT(*) AS sheets, MAX(s.size) AS size, MAX(s.backs) AS backs, MAX(s.made) AS made,
                MAX(s.made_by) AS made_by, MIN(s.printed) AS printed,
                CAST(SUM((SELECT COUNT(*) FROM sheet_passes l WHERE l.sheet = s.number)) AS BIGINT) AS cards
         FROM sheets s "
    };
}
/// And what follows it.
macro_rules! runs_group {
    () => {
        " GROUP BY s.run, s.compound ORDER BY MAX(s.made) DESC, s.run, s.compound"
    };
}
/// The query of sheets up to its condition.
macro_rules! sheets_select {
    () => {
        "SELECT s.number, s.run, s.compound, s.printed, s.handed, s.handed_to, COUNT(*) AS cards
         FROM sheets s JOIN sheet_passes l ON l.sheet = s.number "
    };
}
use {runs_group, runs_select, sheets_select};

async fn runs(
    query: sqlx::query::Query<'_, sqlx::Any, sqlx::any::AnyArguments>,
    store: &Store,
) -> Result<Vec<Run>, StoreError> {
    let rows = query.fetch_all(store.pool()).await?;
    let mut runs: Vec<Run> = Vec::new();
    for row in &rows {
        // A row for each compound of a run.
        let next = Run {
            id: row.text("run")?,
            numbers: (row.number("first_number")?, row.number("last_number")?),
            sheets: row.number("sheets")?,
            cards: row.number("cards")?,
            size: row.text("size")?,
            backs: row.integer("backs")? != 0,
            compounds: vec![row.compound("compound")?],
            made: Timestamp(row.integer("made")?),
            made_by: row.text("made_by")?,
            printed: row.try_get::<Option<i64>, _>("printed")?.map(Timestamp),
        };
        match runs.last_mut() {
            Some(run) if run.id == next.id => {
                run.numbers = (run.numbers.0.min(next.numbers.0), run.numbers.1.max(next.numbers.1));
                run.sheets += next.sheets;
                run.cards += next.cards;
                run.compounds.extend(next.compounds);
                run.printed = run.printed.and(next.printed);
            }
            _ => runs.push(next),
        }
    }
    Ok(runs)
}
