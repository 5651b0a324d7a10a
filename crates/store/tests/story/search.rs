//! Whom staff find by what they type: the index finds whom a look at every holder would find.

use registry::{Address, FullName, initials, tidy};
use store::{Search, Store};

use crate::{import, person, vehicle};

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
        let (listed, count) =
            store.find(&Search { text: text.into(), limit: 1_000, ..Search::default() }).await.unwrap();
        assert_eq!(listed.len() as u64, count, "{text}");
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
