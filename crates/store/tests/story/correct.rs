//! A name, a plate, a phone number or a home that was written down wrong.

use pass::Colour;
use registry::{Address, FullName, Lifetime, Phone, Plate, Subject};
use store::{Passes, Search, Store, StoreError};

use crate::{MORNING, act, all, import, issue, person, vehicle};

pub(crate) async fn a_name_and_a_home_are_corrected(url: &str) {
    let store = Store::open(url).await.unwrap();
    let list = [
        person("和平小区", "1-1-101", "张小名", "13812345678", "红"),
        person("和平小区", "1-1-101", "张大明", "", "绿"),
        vehicle("和平小区", "1-1-101", "鄂A12345", "绿"),
        vehicle("和平小区", "1-1-102", "鄂A99999", "绿"),
    ];
    import(&store, &list).await;
    issue(&store, MORNING).await;
    let compound = store.compound_by_name("和平小区").await.unwrap().id;
    let passes = all(&store, Passes::All).await;
    let of = |name: &str| passes.iter().find(|pass| pass.name.as_str() == name).unwrap().holder;
    let found = async |text: &str| {
        let search = Search { text: text.into(), limit: 9, ..Search::default() };
        store.find(&search).await.unwrap().listed.len()
    };
    let (first, second, car) = (of("张*名"), of("张*明"), of("鄂A12345"));
    let name = |name: &str, phone: Option<&str>| Subject::Person {
        name: FullName::new(name).unwrap(),
        phone: phone.map(|phone| Phone::new(phone).unwrap()),
    };
    let plate = |plate: &str| Subject::Vehicle { plate: Plate::new(plate).unwrap() };
    let home = Address::new("1", "1", "101");
    let same = name("张小名", Some("13812345678"));
    assert!(!store.correct(compound, first, (&same, &home), &act()).await.unwrap(), "nothing changed");
    assert_eq!((found("张小名").await, found("章晓明").await), (1, 0));

    // A new name and a home that nobody had: the same holder, red and observed since then; a new card is due.
    let elsewhere = Address::new("2", "", "901");
    let right = name("章晓明", Some("13912345678"));
    assert!(store.correct(compound, first, (&right, &elsewhere), &act()).await.unwrap());
    let holding = store.holding(compound, first).await.unwrap();
    assert_eq!(
        (holding.name.as_str(), holding.address, holding.colour),
        ("章*明", elsewhere.clone(), Colour::Red)
    );
    assert_eq!(holding.phone.unwrap().reveal(), "13912345678");
    assert_eq!((found("张小名").await, found("章晓明").await, found("zxm").await), (0, 1, 1));
    assert_eq!(store.observations(compound, first).await.unwrap().len(), 1);
    assert_eq!(store.due(&Lifetime::default(), MORNING).await.unwrap(), [(compound, 1)]);
    issue(&store, MORNING).await;
    // A phone number alone stands on no card.
    let changed = name("张大明", Some("13700000000"));
    assert!(store.correct(compound, second, (&changed, &home), &act()).await.unwrap());
    assert!(store.due(&Lifetime::default(), MORNING).await.unwrap().is_empty());

    // What nobody could tell apart is refused, and nothing is kept of it.
    let households = store.board(compound).await.unwrap().len();
    for (holder, subject, home) in
        [(second, &right, &elsewhere), (car, &plate("鄂A99999"), &Address::new("7", "7", "7"))]
    {
        let twin = store.correct(compound, holder, (subject, home), &act()).await;
        assert!(matches!(twin, Err(StoreError::Taken { .. })), "{twin:?}");
    }
    assert_eq!(store.board(compound).await.unwrap().len(), households);
    assert!(store.correct(compound, car, (&plate("鄂A12346"), &home), &act()).await.unwrap());
    assert_eq!((found("鄂A12345").await, found("鄂A12346").await), (0, 1));
    for (holder, subject) in [(999, &right), (car, &right), (first, &plate("鄂A00001"))] {
        let absent = store.correct(compound, holder, (subject, &home), &act()).await;
        assert!(matches!(absent, Err(StoreError::Absent { .. })), "{absent:?}");
    }
}
