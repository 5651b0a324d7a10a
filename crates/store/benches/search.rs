//! The list of residents over 100,000 of them with their passes, on both databases: a page of 60 with the number found, the first one
//! and one deep inside, by each filter and each kind of text. Beside each the bare query of the same rows by their keys, in the same
//! run.
//!
//! `cargo bench -p store`. Says for each the median and the 99th percentile in milliseconds, and how many bare queries the median is.

#![expect(clippy::unwrap_used, reason = "a benchmark stops where something is not as it must be")]

#[path = "../../../tests/src/postgres.rs"]
#[expect(unreachable_pub, reason = "the end-to-end tests use it as a module of a library")]
mod postgres_server;

use std::time::{Duration, Instant};

use pass::{Colour, CompoundId, Kind, Pass, SigningKey, Timestamp};
use registry::{Address, FullName, Lifetime, NewHolder, Phone, Subject};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyPoolOptions;
use store::{Act, Listed, Page, PassSought, Search, Store, sqlite_url};

const RESIDENTS: usize = 100_000;
const ROUNDS: usize = 200;
const NOW: i64 = 1_583_020_800;
const DAY: i64 = 86_400;

#[tokio::main]
async fn main() {
    if !std::env::args().any(|argument| argument == "--bench") {
        // Built and started by a test run: a benchmark of minutes has no place there.
        return;
    }
    let list: Vec<NewHolder> = (0..RESIDENTS).map(resident).collect();
    let folder = tempfile::tempdir().unwrap();
    measure("SQLite", &sqlite_url(&folder.path().join("registry.sqlite")), &list).await;
    measure("PostgreSQL", &postgres_server::Postgres::shared().database(), &list).await;
}

async fn measure(database: &str, url: &str, list: &[NewHolder]) {
    let store = Store::open(url).await.unwrap();
    let start = Instant::now();
    store.import(list, &[1..=9], &act(NOW), &mut |_, _| {}).await.unwrap();
    println!("{database}: {RESIDENTS} imported in {:.1} s", start.elapsed().as_secs_f64());
    let start = Instant::now();
    let key = SigningKey::from_seed(&[7; 32]);
    let mut sign = |pass: Pass| pass::sign(pass, &key);
    // All of them end on one day, as where everybody was given a pass on the first.
    let lifetime = Lifetime { days: 30, ..Lifetime::default() };
    store.issue(&lifetime, &act(NOW - 25 * DAY), &mut sign, &mut |_, _| {}).await.unwrap();
    println!("{database}: {RESIDENTS} signed in {:.1} s", start.elapsed().as_secs_f64());
    sqlx::any::install_default_drivers();
    let bare = AnyPoolOptions::new().max_connections(1).connect(url).await.unwrap();
    println!("{:<34}{:>11}{:>11}{:>11}{:>9}{:>9}", "", "p50", "p99", "bare p99", "ratio", "found");
    for (what, search) in searches() {
        let found = store.find(&search).await.unwrap();
        let of_find = times(async || {
            assert!(store.find(&search).await.unwrap() == found);
        })
        .await;
        let text = by_keys(&found.listed);
        let of_bare = times(async || {
            let mut query = sqlx::query(AssertSqlSafe(text.as_str()));
            for listed in &found.listed {
                query = query.bind(i64::from(listed.compound.0)).bind(i64::from(listed.holder));
            }
            assert_eq!(query.fetch_all(&bare).await.unwrap().len(), found.listed.len());
        })
        .await;
        let [p50, p99] = [ROUNDS / 2, ROUNDS * 99 / 100].map(|at| of_find[at]);
        println!(
            "{what:<34}{:>8.2} ms{:>8.2} ms{:>8.2} ms{:>8.1}x  {:?}",
            ms(p50),
            ms(p99),
            ms(of_bare[ROUNDS * 99 / 100]),
            p50.as_secs_f64() / of_bare[ROUNDS / 2].as_secs_f64(),
            found.count,
        );
    }
    bare.close().await;
}

fn act(at: i64) -> Act<'static> {
    Act { at: Timestamp(at), by: "bench" }
}

/// The rows of these holders, and nothing else.
fn by_keys(listed: &[Listed]) -> String {
    let keys: Vec<String> =
        (0..listed.len()).map(|at| format!("(${}, ${})", 2 * at + 1, 2 * at + 2)).collect();
    let keys = if keys.is_empty() { "(-1, -1)".to_owned() } else { keys.join(", ") };
    format!(
        "SELECT compound, number, kind, masked, colour FROM holders WHERE (compound, number) IN (VALUES {keys})"
    )
}

fn searches() -> Vec<(&'static str, Search)> {
    let all = Search { limit: 60, ..Search::default() };
    let text = |text: &str| Search { text: text.into(), ..all.clone() };
    let deep = Page::After(CompoundId(2), 40_000);
    let now = Timestamp(NOW);
    let pass = |pass| Search { pass: Some(pass), ..all.clone() };
    vec![
        ("everybody", all.clone()),
        ("everybody, deep", Search { page: deep, ..all.clone() }),
        ("everybody, before that", Search { page: Page::Before(CompoundId(2), 40_000), ..all.clone() }),
        ("a colour", Search { colour: Some(Colour::Yellow), ..all.clone() }),
        ("a colour, deep", Search { colour: Some(Colour::Yellow), page: deep, ..all.clone() }),
        ("a colour nobody has", Search { colour: Some(Colour::Red), ..all.clone() }),
        ("a compound", Search { compound: Some(CompoundId(2)), ..all.clone() }),
        ("a building", Search { compound: Some(CompoundId(1)), building: Some("17".into()), ..all.clone() }),
        ("vehicles, there are none", Search { kind: Some(Kind::Vehicle), ..all.clone() }),
        ("without a pass, there are none", pass(PassSought::Missing)),
        ("with a pass", pass(PassSought::Valid(now))),
        ("a pass that ends within 3 days", pass(PassSought::Ending(now, Timestamp(NOW + 3 * DAY)))),
        ("a pass that ends within 7 days", pass(PassSought::Ending(now, Timestamp(NOW + 7 * DAY)))),
        ("a pass that is over, there are none", pass(PassSought::Expired(now))),
        ("a pass that was stopped", pass(PassSought::Stopped)),
        ("one character", text("明")),
        ("one character, deep", Search { page: deep, ..text("明") }),
        ("a surname", text("张")),
        ("a surname, deep", Search { page: deep, ..text("张") }),
        ("a surname and a colour", Search { colour: Some(Colour::Yellow), ..text("张") }),
        (
            "a surname in a building",
            Search { compound: Some(CompoundId(1)), building: Some("17".into()), ..text("张") },
        ),
        ("a surname and a colour nobody has", Search { colour: Some(Colour::Red), ..text("张") }),
        ("initials", text("zmf")),
        ("an initial", text("z")),
        ("whole pinyin", text("zhangming")),
        ("a room", text("3-2-501")),
        ("a building as text", text("17")),
        ("part of a phone number", text("4711")),
        ("three digits that all have", text("138")),
        ("nobody", text("xyzzy")),
    ]
}

/// How long each round took, the shortest first; the first two, which fill caches, aside.
async fn times(mut round: impl AsyncFnMut()) -> Vec<Duration> {
    let mut times = Vec::with_capacity(ROUNDS);
    for count in 0..ROUNDS + 2 {
        let start = Instant::now();
        round().await;
        if count >= 2 {
            times.push(start.elapsed());
        }
    }
    times.sort_unstable();
    times
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Three to a home, five homes to a floor's stairwell, in two compounds.
fn resident(number: usize) -> NewHolder {
    const FAMILY: [&str; 12] = ["张", "李", "王", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙"];
    const GIVEN: [&str; 9] = ["明", "华", "丽", "军", "燕", "芳", "伟", "娜", "磊"];
    let home = number / 3;
    let name = format!(
        "{}{}{}",
        FAMILY[number * 7 % FAMILY.len()],
        GIVEN[number / 12 % GIVEN.len()],
        GIVEN[number / 108 % GIVEN.len()]
    );
    NewHolder {
        compound: ["和平小区", "建设小区"][number * 2 / RESIDENTS].to_owned(),
        address: Address {
            building: (1 + home / 300).to_string(),
            unit: (1 + home / 75 % 4).to_string(),
            room: format!("{}{:02}", 1 + home / 5 % 15, 1 + home % 5),
        },
        subject: Subject::Person {
            name: FullName::new(&name).unwrap(),
            phone: Some(Phone::new(&format!("138{:08}", number * 997)).unwrap()),
        },
        colour: Colour::ALL[usize::from(number.is_multiple_of(20))],
    }
}
