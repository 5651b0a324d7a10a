//! What staff type to find a holder, kept as terms that an index finds by how they begin. Knows no page.

use std::fmt::Write;

use pass::CompoundId;
use sqlx::{AnyConnection, AssertSqlSafe};

use crate::roster::places;
use crate::row::Columns;
use crate::{Store, StoreError};

/// Terms of one statement, three values each.
const ROWS: usize = 2_000;
/// Holders whose terms are made at once.
const HOLDERS: i64 = 2_000;

impl Store {
    /// Makes the terms that are missing: a program that knew none of them may have written here.
    pub(crate) async fn fill_search_terms(&self) -> Result<(), StoreError> {
        if missing(&mut *self.pool().acquire().await?, (0, -1), 1).await?.is_empty() {
            return Ok(());
        }
        transaction!(self, |tx| { fill(&mut *tx).await })
    }
}

/// Makes the terms of every holder that has none.
pub(crate) async fn fill(tx: &mut AnyConnection) -> Result<(), StoreError> {
    let mut last = (0, -1);
    loop {
        let found = missing(&mut *tx, last, HOLDERS).await?;
        let Some((compound, number, _)) = found.last() else { return Ok(()) };
        last = (i64::from(compound.0), i64::from(*number));
        insert(&mut *tx, found.iter().map(|(compound, number, name)| (*compound, *number, name.as_str())))
            .await?;
    }
}

/// Holders without terms, after the one of that compound and number.
async fn missing(
    connection: &mut AnyConnection,
    last: (i64, i64),
    limit: i64,
) -> Result<Vec<(CompoundId, u16, String)>, StoreError> {
    let rows = sqlx::query(
        "SELECT h.compound, h.number, h.name FROM holders h
         WHERE (h.compound > $1 OR h.compound = $1 AND h.number > $2)
           AND NOT EXISTS (SELECT 1 FROM search_terms s WHERE s.compound = h.compound AND s.holder = h.number)
         ORDER BY h.compound, h.number LIMIT $3",
    )
    .bind(last.0)
    .bind(last.1)
    .bind(limit)
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| Ok((row.compound("compound")?, row.number("number")?, row.text("name")?))).collect()
}

/// Keeps the terms of holders that have none yet.
pub(crate) async fn insert<'a>(
    tx: &mut AnyConnection,
    holders: impl Iterator<Item = (CompoundId, u16, &'a str)>,
) -> Result<(), StoreError> {
    let rows: Vec<(CompoundId, u16, String)> = holders
        .flat_map(|(compound, number, name)| {
            registry::search_terms(name).into_iter().map(move |term| (compound, number, hex(&term)))
        })
        .collect();
    for rows in rows.chunks(ROWS) {
        let text =
            format!("INSERT INTO search_terms (compound, holder, term) VALUES {}", places(rows.len(), 3));
        let mut query = sqlx::query(AssertSqlSafe(text)).persistent(rows.len() == ROWS);
        for (compound, number, term) in rows {
            query = query.bind(i64::from(compound.0)).bind(i64::from(*number)).bind(term.as_str());
        }
        query.execute(&mut *tx).await?;
    }
    Ok(())
}

/// Between which two terms those lie that begin with the text, the second excluded: `g` comes after every digit.
pub(crate) fn range(text: &str) -> (String, String) {
    let from = hex(&text.to_lowercase());
    let to = format!("{from}g");
    (from, to)
}

fn hex(text: &str) -> String {
    let mut hex = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        write!(hex, "{byte:02x}").expect("a String takes all that is written to it");
    }
    hex
}

#[cfg(test)]
mod tests {
    use registry::{Address, NewHolder};

    use super::*;
    use crate::{Act, Count, Search};

    #[tokio::test]
    async fn missing_terms_are_made_when_the_store_is_opened() {
        let folder = tempfile::tempdir().unwrap();
        let url = crate::sqlite_url(&folder.path().join("registry.sqlite"));
        let store = Store::open(&url).await.unwrap();
        let home = Address { building: "1".into(), unit: "1".into(), room: "101".into() };
        let holder = NewHolder {
            compound: "A".into(),
            address: home,
            subject: registry::Subject::Person {
                name: registry::FullName::new("张小明").unwrap(),
                phone: None,
            },
            colour: pass::Colour::Green,
        };
        let act = Act { at: pass::Timestamp(1), by: "test" };
        store.import(&[holder], &[1..=1], &act, &mut |_, _| {}).await.unwrap();
        sqlx::query("DELETE FROM search_terms").execute(store.pool()).await.unwrap();
        let search = Search { text: "zxm".into(), limit: 9, ..Search::default() };
        assert_eq!(store.find(&search).await.unwrap().count, Count::Exactly(0));
        store.close().await;
        let store = Store::open(&url).await.unwrap();
        assert_eq!(store.find(&search).await.unwrap().count, Count::Exactly(1));
    }
}
