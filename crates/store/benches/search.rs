//! What staff do on the list of residents, over 100,000 of them, on both databases, each beside the bare query of one indexed row
//! in the same run: a page of everybody, and a page of those found by each kind of text, with their number.
//!
//! `cargo bench -p store`. Says for each the median and the 99th percentile in milliseconds, and how many bare queries the median is.

#![expect(clippy::unwrap_used, reason = "a benchmark stops where something is not as it must be")]

#[path = "../../../tests/src/postgres.rs"]
#[expect(unreachable_pub, reason = "the end-to-end tests use it as a module of a library")]
mod postgres_server;

use std::time::{Duration, Instant};

use pass::{Colour, CompoundId, Timestamp};
use registry::{Address, FullName, NewHolder, Phone, Subject};
use store::{Act, Search, Store, sqlite_url};

const RESIDENTS: usize = 100_000;
const ROUNDS: usize = 30;

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
    let act = Act { at: Timestamp(1_583_020_800), by: "bench" };
    store.import(list, &[1..=9], &act, &mut |_, _| {}).await.unwrap();
    println!("{database}: {RESIDENTS} imported in {:.1} s", start.elapsed().as_secs_f64());
    let bare = times(async || {
        store.holding(CompoundId(1), 4_711).await.unwrap();
    })
    .await;
    println!(
        "{:<28}{:>8.2} ms {:>8.2} ms",
        "one holder by number",
        ms(bare[ROUNDS / 2]),
        ms(bare[ROUNDS - 1])
    );
    for (what, text, offset) in [
        ("everybody", "", 0),
        ("everybody, the last page", "", 99_900),
        ("one character", "明", 0),
        ("a surname", "张", 0),
        ("initials", "zmf", 0),
        ("an initial", "z", 0),
        ("whole pinyin", "zhangming", 0),
        ("a room", "3-2-501", 0),
        ("a building", "17", 0),
        ("part of a phone number", "4711", 0),
        ("three digits of one", "138", 0),
        ("nobody", "xyzzy", 0),
    ] {
        let mut count = 0;
        let times = times(async || {
            let search = Search { text: text.into(), limit: 60, offset, ..Search::default() };
            count = store.find(&search).await.unwrap().1;
        })
        .await;
        println!(
            "{what:<28}{:>8.2} ms {:>8.2} ms {:>8.1} times  {count} found",
            ms(times[ROUNDS / 2]),
            ms(times[ROUNDS - 1]),
            times[ROUNDS / 2].as_secs_f64() / bare[ROUNDS / 2].as_secs_f64(),
        );
    }
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
