//! A street's workbook of 100,000 rows into the registry, in SQLite and in PostgreSQL; beside it reading that workbook alone, cell by
//! cell, with the reader we stand on.
//!
//! `cargo bench -p issuer --bench import`. Needs PostgreSQL's server programs, as the tests do; it starts its own.

use std::error::Error;
use std::hint::black_box;
use std::io::Cursor;
use std::time::{Duration, Instant};

use calamine::{Reader, Xlsx};
use issuer::export::{Kind, Table};
use issuer::roster::Roster;
use pass::Timestamp;
use registry::Field;
use store::{Act, Store, sqlite_url};

#[path = "../../tests/src/postgres.rs"]
#[expect(unreachable_pub, reason = "the end-to-end tests use it as a module of a library")]
mod postgres_server;

const ROWS: usize = 100_000;
/// A compound has numbers for 65,535 residents and vehicles.
const COMPOUNDS: usize = 2;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    if !std::env::args().any(|argument| argument == "--bench") {
        // Built and started by a test run: a benchmark of many seconds has no place there.
        return Ok(());
    }
    let workbook = workbook()?;
    let (cells, alone) = timed(|| cells_of(&workbook))?;
    report("the workbook alone", alone, alone);
    println!("    {cells} cells, {} kB", workbook.len() / 1000);
    let (roster, read) = timed(|| Ok(Roster::of_bytes(&workbook, &mut |_| {})?))?;
    report("read into holders", read, alone);
    assert_eq!((roster.holders.len(), roster.findings.len()), (ROWS, 0));

    let folder = tempfile::tempdir()?;
    let sqlite = sqlite_url(&folder.path().join("registry.sqlite"));
    let postgres = postgres_server::Postgres::shared().database();
    for (name, url) in [("SQLite", sqlite), ("PostgreSQL", postgres)] {
        let store = Store::open(&url).await?;
        let start = Instant::now();
        let dry = store.compare(&roster.holders, &[1..=999]).await?;
        report(&format!("dry run, {name}"), start.elapsed(), alone);
        let start = Instant::now();
        let imported = import(&store, &roster).await?;
        report(&format!("import, {name}"), start.elapsed(), alone);
        assert_eq!((imported.added, &imported), (ROWS, &dry));
        let start = Instant::now();
        let again = import(&store, &roster).await?;
        report(&format!("the same again, {name}"), start.elapsed(), alone);
        assert_eq!(again.unchanged, ROWS);
        store.close().await;
    }
    Ok(())
}

async fn import(store: &Store, roster: &Roster) -> Result<store::Imported, Box<dyn Error>> {
    let act = Act { by: "bench", at: Timestamp(1_583_020_800) };
    Ok(store.import(&roster.holders, &[1..=999], &act, &mut |_, _| {}).await?)
}

fn workbook() -> Result<Vec<u8>, Box<dyn Error>> {
    let row = |n: usize| {
        let cell = |field: Field| match field {
            Field::Compound => format!("{}号小区", n % COMPOUNDS + 1),
            Field::Building => (n / 2_000 + 1).to_string(),
            Field::Unit => (n / 500 % 4 + 1).to_string(),
            Field::Room => format!("{}{:02}", n / 20 % 25 + 1, n / 4 % 5 + 1),
            Field::Name => ["张小明", "李红", "王建国", "欧阳明月"][n % 4].to_owned(),
            Field::Phone => format!("138{n:08}"),
            Field::Colour => ["绿", "绿", "黄", "红"][n / 7 % 4].to_owned(),
            Field::Plate => String::new(),
        };
        Field::ALL.map(cell).to_vec()
    };
    let headers =
        ["小区", "楼栋", "单元", "房号", "姓名", "电话", "颜色", "车牌"].map(str::to_owned).to_vec();
    let table = Table { headers, rows: (0..ROWS).map(row).collect(), ..Table::default() };
    Ok(table.file(Kind::Xlsx)?)
}

/// Every cell once, as the reader gives them.
fn cells_of(workbook: &[u8]) -> Result<usize, Box<dyn Error>> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(workbook))?;
    let sheet = workbook.sheet_names().remove(0);
    let mut cells = workbook.worksheet_cells_reader(&sheet)?;
    let mut count = 0;
    while let Some(cell) = cells.next_cell()? {
        black_box(cell.get_value());
        count += 1;
    }
    Ok(count)
}

fn timed<T>(work: impl FnOnce() -> Result<T, Box<dyn Error>>) -> Result<(T, Duration), Box<dyn Error>> {
    let start = Instant::now();
    let done = work()?;
    Ok((done, start.elapsed()))
}

fn report(what: &str, took: Duration, alone: Duration) {
    println!("{what:<28}{:>8.2} s{:>8.2} x", took.as_secs_f64(), took.as_secs_f64() / alone.as_secs_f64());
}
