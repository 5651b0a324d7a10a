//! The whole registry, row by row: out of one database and into another, whichever kind they are. Knows no file.

use std::error::Error;
use std::future::poll_fn;
use std::pin::Pin;

use futures_core::Stream;
use pass::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use crate::act::log;
use crate::open::Backend;
use crate::{Act, Action, Store, StoreError, place, search};

/// How far places in the status list jump ahead in a restored registry. More passes than this were not signed between a backup and
/// the loss of what came after it; those that were, count as withdrawn.
pub const INDEX_GAP: u32 = 100_000;
/// How far numbers of households and holders jump ahead, so that nobody inherits what a gate remembers of somebody else. Half of
/// what is left, where that is less.
const NUMBER_GAP: i64 = 1_000;
/// How far versions jump ahead of the clock, in seconds: for an office whose clock was ahead when it signed what was lost.
const VERSION_GAP: i64 = 3_600;
/// Numbers of holders end here, and those of households are not let near their own end either.
const LAST_HOLDER: i64 = 65_535;

/// A value in a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A number.
    Number(i64),
    /// A text.
    Text(String),
}

/// A table's name and its columns, those that hold numbers with a `#`.
struct Table {
    name: &'static str,
    columns: &'static [&'static str],
}

/// Every table, those that others point to first; but for `search_terms` and what holders are listed by (`place`,
/// `pass_ends`), which are made anew.
const TABLES: &[Table] = &[
    Table { name: "offices", columns: &["#id"] },
    Table { name: "counters", columns: &["name", "#value"] },
    Table { name: "compounds", columns: &["#id", "name", "rules"] },
    Table { name: "rule_versions", columns: &["#compound", "#version", "rules", "#at", "who", "why"] },
    Table { name: "households", columns: &["#compound", "#number", "building", "unit", "room"] },
    Table {
        name: "holders",
        columns: &[
            "#compound",
            "#number",
            "#household",
            "kind",
            "name",
            "masked",
            "phone",
            "colour",
            "#colour_since",
            "colour_by",
        ],
    },
    Table {
        name: "files",
        columns: &[
            "#compound",
            "#holder",
            "identity",
            "arrived",
            "came_from",
            "transport",
            "contact",
            "contact_phone",
            "notes",
            "#changed",
            "changed_by",
        ],
    },
    Table {
        name: "observations",
        columns: &["id", "#compound", "#holder", "#begun", "#planned", "#ended", "ended_by"],
    },
    Table {
        name: "health_checks",
        columns: &["id", "#compound", "#holder", "#at", "who", "#temperature", "#symptoms"],
    },
    Table {
        name: "past_standings",
        columns: &["id", "#compound", "#holder", "colour", "#since", "decided_by", "#ended"],
    },
    Table {
        name: "passes",
        columns: &[
            "serial",
            "#idx",
            "#compound",
            "#holder",
            "#household",
            "kind",
            "mode",
            "colour",
            "name",
            "#not_before",
            "#expires",
            "#status",
            "text",
            "token",
            "#printed",
        ],
    },
    Table { name: "audit", columns: &["id", "#at", "who", "action", "detail"] },
    Table { name: "gates", columns: &["name", "#compound", "receiver", "#added", "added_by", "signer"] },
    Table {
        name: "struck_gates",
        columns: &["receiver", "name", "#compound", "signer", "#struck", "struck_by"],
    },
    Table {
        name: "gate_troubles",
        columns: &["id", "#compound", "gate", "journal", "what", "#sequence", "#at"],
    },
    Table { name: "staff", columns: &["#compound", "name", "role", "pin", "#added", "added_by"] },
    Table { name: "duty", columns: &["id", "#compound", "who", "gate", "#starts", "#ends"] },
    Table {
        name: "exemptions",
        columns: &["#compound", "#holder", "kind", "#quota", "#hours", "#ends", "#decided", "decided_by"],
    },
    Table {
        name: "closures",
        columns: &[
            "id",
            "#compound",
            "building",
            "unit",
            "#since",
            "#planned",
            "why",
            "closed_by",
            "#lets_exempt",
            "#opened",
            "opened_by",
        ],
    },
    Table {
        name: "stairwells",
        columns: &["#compound", "building", "unit", "answers", "telephone", "#changed", "changed_by"],
    },
    Table {
        name: "passageways",
        columns: &["id", "#compound", "building", "unit", "kind", "place", "#added", "added_by"],
    },
    Table {
        name: "decisions",
        columns: &["id", "#at", "who", "#compound", "#holder", "serial", "what", "why"],
    },
    Table { name: "office_lists", columns: &["#office", "#version", "list"] },
    Table { name: "settings", columns: &["name", "value", "#at", "who"] },
    Table { name: "purges", columns: &["id", "#at", "who", "lines"] },
    Table {
        name: "sheets",
        columns: &[
            "#number",
            "run",
            "#compound",
            "size",
            "#backs",
            "#made",
            "made_by",
            "#printed",
            "#handed",
            "handed_to",
            "handed_by",
        ],
    },
    Table { name: "sheet_passes", columns: &["#sheet", "#place", "serial"] },
    Table {
        name: "specimens",
        columns: &["serial", "#idx", "#compound", "colour", "#not_before", "#expires", "text", "made_by"],
    },
    Table {
        name: "accounts",
        columns: &[
            "name",
            "role",
            "#everywhere",
            "password",
            "#provisional",
            "second",
            "#second_step",
            "#failures",
            "#failed",
            "#added",
            "added_by",
            "#closed",
        ],
    },
    Table { name: "account_compounds", columns: &["account", "#compound"] },
    Table { name: "recovery_codes", columns: &["account", "hash"] },
    Table { name: "tokens", columns: &["id", "hash", "account", "label", "#made", "#ends", "#used"] },
    Table { name: "sessions", columns: &["token", "account", "csrf", "#begun", "#seen", "notice"] },
    Table {
        name: "journals",
        columns: &[
            "gate",
            "journal",
            "#compound",
            "#first",
            "#last",
            "#newest",
            "#kept",
            "#forked",
            "#purged",
            "#added",
            "added_by",
        ],
    },
    Table {
        name: "events",
        columns: &[
            "gate",
            "journal",
            "#sequence",
            "hash",
            "bytes",
            "#compound",
            "#at",
            "kind",
            "#about",
            "#story",
            "direction",
            "verdict",
            "#home",
            "#holder",
            "#household",
            "serial",
            "colour",
            "person",
            "#sensed",
            "became",
            "#overridden",
            "ended",
            "#went",
            "#visitor",
        ],
    },
];

/// What a whole registry is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// The rows that follow are of this table.
    Table {
        /// Its name.
        name: String,
        /// The names of its columns.
        columns: Vec<String>,
    },
    /// A row: a value for each column.
    Row(Vec<Cell>),
}

/// Where the pieces of a registry come from. Asked anew when what was read has to be written once more.
pub type Pieces<'a> = dyn Iterator<Item = Result<Piece, Box<dyn Error + Send + Sync>>> + Send + 'a;

impl Store {
    /// Hands all of the registry, as it is at one moment, to `take`. Others write on meanwhile. Returns how many rows there are.
    ///
    /// # Errors
    /// What `take` says, as [`StoreError::Backup`], and the database's.
    pub async fn read_whole(
        &self,
        take: &mut (dyn FnMut(Piece) -> Result<(), Box<dyn Error + Send + Sync>> + Send),
    ) -> Result<u64, StoreError> {
        // Both see, from their first query on, what was committed before it.
        let begin = match self.backend() {
            Backend::Sqlite => "BEGIN",
            Backend::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ",
        };
        let mut tx = self.pool().begin_with(begin).await?;
        let mut count = 0;
        for table in TABLES {
            let names: Vec<String> = table.columns.iter().map(|column| bare(column).to_owned()).collect();
            let query = format!("SELECT {} FROM {}", names.join(", "), table.name);
            take(Piece::Table { name: table.name.to_owned(), columns: names }).map_err(StoreError::Backup)?;
            let mut rows = sqlx::query(AssertSqlSafe(query)).fetch(&mut *tx);
            while let Some(row) = next(&mut rows).await {
                let row = cells(table, &row?)?;
                take(Piece::Row(row)).map_err(StoreError::Backup)?;
                count += 1;
            }
        }
        tx.rollback().await?;
        Ok(count)
    }

    /// Fills an empty registry with all of another one. Afterwards its counters jump ahead, because what was lost since the backup
    /// is not known: no place in the status list and no number of a holder is given twice, versions go on rising. Returns how many
    /// rows there are.
    ///
    /// # Errors
    /// [`StoreError::NotEmpty`], [`StoreError::Backup`] when the pieces can't be read or come from a newer program, and the
    /// database's; then the registry is as empty as before.
    pub async fn write_whole(
        &self,
        pieces: &(dyn Fn() -> Box<Pieces<'static>> + Sync),
        act: &Act<'_>,
    ) -> Result<u64, StoreError> {
        transaction!(self, |tx| {
            for table in TABLES {
                let query = format!("SELECT COUNT(*) FROM {}", table.name);
                let count: i64 = sqlx::query_scalar(AssertSqlSafe(query)).fetch_one(&mut *tx).await?;
                if count > 0 {
                    return Err(StoreError::NotEmpty);
                }
            }
            let mut into: Option<Insert> = None;
            let mut count = 0;
            for piece in pieces() {
                match (piece.map_err(StoreError::Backup)?, &into) {
                    (Piece::Table { name, columns }, _) => into = Some(Insert::of(&name, &columns)?),
                    (Piece::Row(row), Some(insert)) => {
                        insert.row(&mut *tx, row).await?;
                        count += 1;
                    }
                    (Piece::Row(_), None) => return Err(unusable("a row before any table".into())),
                }
            }
            jump_ahead(&mut *tx, act.at).await?;
            search::fill(&mut *tx).await?;
            place::fill(&mut *tx).await?;
            place::fill_pass_ends(&mut *tx).await?;
            log(&mut *tx, act, Action::Restore, &format!("{count} rows")).await?;
            Ok(count)
        })
    }
}

/// How rows of one table are put in.
struct Insert {
    query: String,
    numbers: Vec<bool>,
}

impl Insert {
    /// A backup of an older program lacks columns, which stay empty; one of a newer program has columns that can't be kept.
    fn of(name: &str, columns: &[String]) -> Result<Self, StoreError> {
        let newer = || unusable(format!("a newer program made it: it has {name} ({})", columns.join(", ")));
        let table = TABLES.iter().find(|table| table.name == name).ok_or_else(newer)?;
        let mut known = Vec::with_capacity(columns.len());
        for (at, column) in columns.iter().enumerate() {
            let found = table.columns.iter().find(|known| bare(known) == column).ok_or_else(newer)?;
            if columns[..at].contains(column) {
                return Err(newer());
            }
            known.push(*found);
        }
        let names: Vec<&str> = known.iter().map(|column| bare(column)).collect();
        let places: Vec<String> = (1..=known.len()).map(|place| format!("${place}")).collect();
        let query =
            format!("INSERT INTO {} ({}) VALUES ({})", table.name, names.join(", "), places.join(", "));
        Ok(Self { query, numbers: known.iter().map(|column| is_number(column)).collect() })
    }

    async fn row(&self, tx: &mut AnyConnection, row: Vec<Cell>) -> Result<(), StoreError> {
        if row.len() != self.numbers.len() {
            return Err(unusable(format!("{} values for {} columns", row.len(), self.numbers.len())));
        }
        let mut query = sqlx::query(AssertSqlSafe(self.query.clone()));
        for (cell, is_number) in row.into_iter().zip(&self.numbers) {
            query = match (cell, is_number) {
                (Cell::Empty, true) => query.bind(None::<i64>),
                (Cell::Empty, false) => query.bind(None::<String>),
                (Cell::Number(number), true) => query.bind(number),
                (Cell::Text(text), false) => query.bind(text),
                (cell, _) => return Err(unusable(format!("a value of the wrong kind: {cell:?}"))),
            };
        }
        query.execute(tx).await?;
        Ok(())
    }
}

async fn jump_ahead(tx: &mut AnyConnection, now: Timestamp) -> Result<(), StoreError> {
    // Also where nothing was signed before the backup.
    for (name, gap) in [("index", 0), ("version:status", 0)] {
        sqlx::query("INSERT INTO counters (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
            .bind(name)
            .bind(gap)
            .execute(&mut *tx)
            .await?;
    }
    for (query, number) in [
        ("UPDATE counters SET value = value + $1 WHERE name = 'index'", i64::from(INDEX_GAP)),
        ("UPDATE counters SET value = value + $1 WHERE name LIKE 'household:%'", NUMBER_GAP),
        ("UPDATE counters SET value = value + $1 WHERE name = 'sheet'", NUMBER_GAP),
    ] {
        sqlx::query(query).bind(number).execute(&mut *tx).await?;
    }
    sqlx::query(
        "UPDATE counters SET value = CASE WHEN ($1 - value) / 2 < $2 THEN value + ($1 - value) / 2 ELSE value + $2 END
         WHERE name LIKE 'holder:%' AND value < $1",
    )
    .bind(LAST_HOLDER)
    .bind(NUMBER_GAP)
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "UPDATE counters SET value = CASE WHEN value < $1 THEN $1 + $2 ELSE value + $2 END WHERE name LIKE 'version:%'",
    )
    .bind(now.0)
    .bind(VERSION_GAP)
    .execute(tx)
    .await?;
    Ok(())
}

fn cells(table: &Table, row: &AnyRow) -> Result<Vec<Cell>, StoreError> {
    let mut cells = Vec::with_capacity(table.columns.len());
    for (at, column) in table.columns.iter().enumerate() {
        cells.push(match is_number(column) {
            true => row.try_get::<Option<i64>, _>(at)?.map_or(Cell::Empty, Cell::Number),
            false => row.try_get::<Option<String>, _>(at)?.map_or(Cell::Empty, Cell::Text),
        });
    }
    Ok(cells)
}

async fn next<T>(stream: &mut Pin<Box<dyn Stream<Item = T> + Send + '_>>) -> Option<T> {
    poll_fn(|context| stream.as_mut().poll_next(context)).await
}

fn is_number(column: &str) -> bool {
    column.starts_with('#')
}

fn bare(column: &str) -> &str {
    column.trim_start_matches('#')
}

fn unusable(why: String) -> StoreError {
    StoreError::Backup(why.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_column_of_every_table_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&crate::sqlite_url(&folder.path().join("registry.sqlite"))).await.unwrap();
        let rows = sqlx::query(
            "SELECT m.name AS name, c.name AS col, CASE WHEN c.type = 'BIGINT' THEN '#' ELSE '' END AS mark
             FROM sqlite_master m, pragma_table_info(m.name) c
             WHERE m.type = 'table' AND m.name NOT IN
                ('_sqlx_migrations', 'search_terms', 'changes', 'enrolments', 'gate_reports')
             AND NOT (m.name = 'holders' AND c.name IN ('place', 'pass_ends')) ORDER BY m.rowid, c.cid",
        )
        .fetch_all(store.pool())
        .await
        .unwrap();
        let text = |row: &AnyRow, column: &str| row.try_get::<String, _>(column).unwrap();
        let mut found: Vec<String> = rows
            .iter()
            .map(|row| format!("{} {}{}", text(row, "name"), text(row, "mark"), text(row, "col")))
            .collect();
        let column =
            |table: &'static Table| table.columns.iter().map(|column| format!("{} {column}", table.name));
        let mut listed: Vec<String> = TABLES.iter().flat_map(column).collect();
        found.sort();
        listed.sort();
        assert_eq!(listed, found);
    }
}
