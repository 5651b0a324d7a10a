//! Whom staff find by what they type: the index finds whom a look at every holder would find.

use pass::{Colour, CompoundId, Kind, Timestamp};
use registry::{Address, FullName, initials, tidy};
use store::{CardChange, Count, Found, Page, PassSought, Passes, Search, Store};

use crate::{DAY, MORNING, act, all, import, issue, person, vehicle};

const NAMES: [&str; 8] =
    ["张小明", "张伟", "单雄信", "吕布", "欧阳修", "张伟(大)", "John Smith", "阿卜杜拉·买买提"];
const HOMES: [&str; 4] = ["1-1-101", "1-2-101", "12-1-1203", "3-2-501"];

/// A holder as it was given.
struct Given {
    name: &'static str,
    home: &'static str,
    phone: String,
}

impl Given {
    /// Whether somebody who looks at all of it takes it for what is meant.
    fn is_meant(&self, text: &str) -> bool {
        let small = tidy(text).to_lowercase();
        let name = self.name.to_lowercase();
        let of_initials = || initials(&FullName::new(self.name).unwrap());
        let [building, unit, room] = *self.home.split('-').collect::<Vec<_>>() else { panic!() };
        let homes =
            [building.into(), room.into(), format!("{building}-{room}"), format!("{building}-{unit}-{room}")];
        name.contains(&small)
            || name.contains(|c: char| !c.is_ascii())
                && of_initials().iter().any(|way| way.starts_with(&small))
            || small.len() >= 3 && small.bytes().all(|b| b.is_ascii_digit()) && self.phone.contains(&small)
            || homes.contains(&small)
    }
}

fn home_of(address: &Address) -> String {
    format!("{}-{}-{}", address.building, address.unit, address.room)
}

pub(crate) async fn the_index_finds_whom_a_look_at_all_finds(url: &str) {
    let store = Store::open(url).await.unwrap();
    let given: Vec<Given> = (0..HOMES.len() * NAMES.len())
        .map(|at| Given {
            name: NAMES[at % NAMES.len()],
            home: HOMES[at / NAMES.len()],
            phone: format!("138{:08}", at * 7_919),
        })
        .collect();
    let mut list: Vec<_> =
        given.iter().map(|one| person("和平小区", one.home, one.name, &one.phone, "绿")).collect();
    list.push(vehicle("建设小区", "8-8-888", "鄂A99999", "绿"));
    import(&store, &list).await;
    let found = async |text: &str| {
        let Found { listed, count, .. } =
            store.find(&Search { text: text.into(), limit: 1_000, ..Search::default() }).await.unwrap();
        assert_eq!(count, Count::Exactly(listed.len() as u32), "{text}");
        let mut found: Vec<_> =
            listed.iter().map(|one| (home_of(&one.address), one.name.to_string())).collect();
        found.sort();
        found
    };
    for text in [
        "张",
        "小",
        "明",
        "伟(",
        "zxm",
        "ZX",
        "z",
        "dx",
        "sxx",
        "js",
        "smith",
        "oh",
        "n s",
        "abd",
        "abdlmmt",
        "买提",
        "101",
        "1-101",
        "1-2-101",
        "12",
        "1203",
        "1380",
        "007",
        "83",
        "7919",
        "3-2-5",
        "oyx",
        "%",
        "_",
        "\\",
        "g",
        "'",
        "１０１",
        "王",
    ] {
        let mut wanted: Vec<_> = given
            .iter()
            .filter(|one| one.is_meant(text))
            .map(|one| (one.home.to_owned(), FullName::new(one.name).unwrap().masked().to_string()))
            .collect();
        wanted.sort();
        assert_eq!(found(text).await, wanted, "{text}");
    }
    for (pinyin, many) in
        [("zhangxiao", 4), ("lvbu", 4), ("zhang", 12), ("ouyangxiu", 4), ("ea99", 1), ("99999", 1)]
    {
        assert_eq!(found(pinyin).await.len(), many, "{pinyin}");
    }
}

/// Nobody is left out or shown twice, whichever way one turns the pages, few found or very many.
pub(crate) async fn pages_follow_one_another(url: &str) {
    let store = Store::open(url).await.unwrap();
    let mut list: Vec<_> = (0..2_100)
        .map(|at| {
            let home = format!("{}-{}-{}", 1 + at % 12, 1 + at % 2, 101 + at / 12);
            let name = ["张明", "张小红", "李红"][if at < 2_060 { at % 2 } else { 2 }];
            person("和平小区", &home, name, &format!("138{at:08}"), if at % 30 == 0 { "黄" } else { "绿" })
        })
        .collect();
    list.push(vehicle("和平小区", "12-1-101", "鄂A12345", "绿"));
    list.push(person("建设小区", "1-1-101", "张伟", "", "黄"));
    import(&store, &list).await;
    let by_building = |building: &str| Some(building.to_owned());
    let searches = [
        (Search::default(), None),
        (Search { text: "张".into(), ..Search::default() }, None),
        (Search { text: "138".into(), ..Search::default() }, None),
        (Search { text: "李".into(), ..Search::default() }, Some(40)),
        (Search { text: "张".into(), colour: Some(Colour::Yellow), ..Search::default() }, Some(70)),
        (Search { text: "z".into(), kind: Some(Kind::Vehicle), ..Search::default() }, Some(0)),
        (Search { kind: Some(Kind::Vehicle), ..Search::default() }, Some(1)),
        (Search { building: by_building("12"), ..Search::default() }, Some(176)),
        (Search { building: by_building("1"), unit: Some("2".into()), ..Search::default() }, Some(0)),
        (Search { building: by_building("1"), text: "张".into(), ..Search::default() }, Some(173)),
        (Search { pass: Some(PassSought::Missing), ..Search::default() }, None),
        (Search { pass: Some(PassSought::Stopped), ..Search::default() }, Some(0)),
    ];
    for (search, wanted) in searches {
        let all = store.find(&Search { limit: 10_000, ..search.clone() }).await.unwrap();
        match wanted {
            Some(wanted) => assert_eq!(all.count, Count::Exactly(wanted), "{search:?}"),
            None => assert_eq!(all.count, Count::MoreThan(Count::MOST), "{search:?}"),
        }
        if let Count::Exactly(count) = all.count {
            assert_eq!(all.listed.len(), count as usize, "{search:?}");
        }
        let mut onwards = Vec::new();
        let mut page = Page::First;
        loop {
            let found = store.find(&Search { page, limit: 700, ..search.clone() }).await.unwrap();
            assert_eq!((found.before, found.count), (page != Page::First, all.count), "{search:?}");
            let last = found.listed.last().map(|last| Page::After(last.compound, last.holder));
            onwards.extend(found.listed);
            match last {
                Some(last) if found.after => page = last,
                _ => break,
            }
        }
        assert!(onwards == all.listed, "{search:?}");
        let Some(last) = onwards.pop() else { continue };
        let mut page = Page::Before(last.compound, last.holder);
        loop {
            let found = store.find(&Search { page, limit: 700, ..search.clone() }).await.unwrap();
            assert!(found.after, "{search:?}");
            let before = onwards.split_off(onwards.len() - found.listed.len());
            assert!(before == found.listed, "{search:?}");
            match found.listed.first() {
                Some(first) if found.before => page = Page::Before(first.compound, first.holder),
                _ => break,
            }
        }
        assert!(onwards.is_empty(), "{search:?}");
    }
    let nowhere = Search { page: Page::After(CompoundId(99), 1), limit: 9, ..Search::default() };
    assert_eq!(store.find(&nowhere).await.unwrap(), Found::default());
}

/// What staff ask of passes: none, good, about to end, over, stopped. The newest counts.
pub(crate) async fn whose_pass_needs_something(url: &str) {
    let store = Store::open(url).await.unwrap();
    let list = [
        person("和平小区", "1-1-101", "张明", "", "绿"),
        person("和平小区", "1-1-102", "李红", "", "绿"),
        person("和平小区", "1-1-103", "王芳", "", "绿"),
    ];
    import(&store, &list).await;
    issue(&store, MORNING).await;
    import(&store, &[person("和平小区", "1-1-104", "陈军", "", "绿")]).await;
    let passes = all(&store, Passes::All).await;
    let ends = passes[0].expires;
    let stopped = passes.iter().find(|pass| pass.name.as_str() == "李*").unwrap().serial;
    store.set_card(stopped, CardChange::Suspended, "lost", &act()).await.unwrap();
    let later = Timestamp(ends.0 + 1);
    let day = |at: Timestamp, days: i64| Timestamp(at.0 + days * DAY);
    for (pass, wanted) in [
        (PassSought::Missing, vec!["陈*"]),
        (PassSought::Valid(MORNING), vec!["张*", "王*"]),
        (PassSought::Valid(later), vec![]),
        (PassSought::Ending(day(ends, -2), day(ends, 1)), vec!["张*", "王*"]),
        (PassSought::Ending(MORNING, day(MORNING, 1)), vec![]),
        (PassSought::Expired(later), vec!["张*", "王*"]),
        (PassSought::Expired(MORNING), vec![]),
        (PassSought::Stopped, vec!["李*"]),
    ] {
        let search = Search { pass: Some(pass), limit: 9, ..Search::default() };
        let found = store.find(&search).await.unwrap();
        let names: Vec<_> = found.listed.iter().map(|one| one.name.to_string()).collect();
        assert_eq!(names, wanted, "{pass:?}");
        let both = Search { text: "王".into(), ..search };
        assert_eq!(
            store.find(&both).await.unwrap().listed.len(),
            usize::from(wanted.contains(&"王*")),
            "{pass:?}"
        );
    }
    // A new pass takes the place of one that is about to end.
    issue(&store, day(ends, -1)).await;
    let ending = PassSought::Ending(day(ends, -1), day(ends, 1));
    let found = store.find(&Search { pass: Some(ending), limit: 9, ..Search::default() }).await.unwrap();
    assert_eq!(found.count, Count::Exactly(0));
}
