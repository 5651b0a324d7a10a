//! Lists that come in: what a dry run says is what the import does.

use pass::Colour;
use store::{Fate, Imported, Search, Store, StoreError};

use crate::{act, import, person, vehicle};

pub(crate) async fn a_dry_run_says_what_the_import_does(url: &str) {
    let store = Store::open(url).await.unwrap();
    let first = [
        person("和平小区", "3-2-501", "张小明", "13800000001", "绿"),
        person("和平小区", "3-2-501", "李红", "", "红"),
        person("和平小区", "3-2-502", "张伟", "13800000002", "绿"),
        person("和平小区", "3-2-502", "张伟", "13800000003", "绿"),
        vehicle("和平小区", "3-2-501", "鄂A12345", "绿"),
        person("建设小区", "1-1-101", "王五", "", "黄"),
    ];
    let dry = store.compare(&first, &[1..=2]).await.unwrap();
    assert_eq!(dry.fates, vec![Fate::Added; 6]);
    assert_eq!((dry.added, dry.compounds.len()), (6, 2));
    assert_eq!(store.compounds().await.unwrap(), [], "nothing was written");
    let none = store.compare(&first, &[1..=1]).await;
    assert!(matches!(none, Err(StoreError::NoNumber { compound }) if compound == "建设小区"));
    assert_eq!(import(&store, &first).await, dry);

    let second = [
        person("和平小区", "3-2-501", "张小明", "13800000009", "红"),
        person("和平小区", "3-2-501", "李红", "", "绿"),
        person("和平小区", "3-2-502", "张伟", "", "绿"),
        person("和平小区", "3-2-502", "张伟", "13800000003", "绿"),
        vehicle("和平小区", "9-9-901", "鄂A12345", "绿"),
        person("新华小区", "1-1-101", "王五", "", "黄"),
    ];
    let dry = store.compare(&second, &[1..=9]).await.unwrap();
    let changed = |colour, phone, home| Fate::Changed { colour, phone, home };
    assert_eq!(
        dry.fates,
        [
            changed(Some((Colour::Green, Colour::Red)), true, false),
            // A roster is no sign-off.
            Fate::Left,
            // The other of the two is known by phone number, so this is the one who is left.
            Fate::Left,
            Fate::Left,
            changed(None, false, true),
            Fate::Added,
        ]
    );
    let Imported { added, changed, unchanged, compounds, ambiguous, still_red, .. } = &dry;
    assert_eq!((*added, *changed, *unchanged, still_red.as_slice()), (1, 2, 3, &[1][..]));
    assert_eq!((compounds.join(" "), ambiguous.len()), ("新华小区".into(), 0));
    assert_eq!(store.compare(&second, &[1..=9]).await.unwrap(), dry, "a dry run changes nothing");
    assert_eq!(import(&store, &second).await, dry);
    let again = store.compare(&second, &[1..=9]).await.unwrap();
    assert_eq!((again.unchanged, again.changed_anything()), (6, false));
}

/// More than fits into one statement, and more than a compound has numbers for.
pub(crate) async fn long_lists(url: &str) {
    let store = Store::open(url).await.unwrap();
    let list: Vec<_> = (0..1_001)
        .map(|n| {
            let home = format!("{}-1-{}", n / 100, n / 2 % 50);
            person("和平小区", &home, &format!("居民{}", ['甲', '乙'][n % 2]), "", "绿")
        })
        .collect();
    let mut told = Vec::new();
    let mut progress = |done, total| told.push((done, total));
    let imported = store.import(&list, &[1..=9], &act(), &mut progress).await.unwrap();
    assert_eq!(imported.added, 1_001);
    assert_eq!(told.first(), Some(&(400, 1_001)));
    assert_eq!(told.last(), Some(&(1_001, 1_001)));
    assert!(told.is_sorted());
    let again = import(&store, &list).await;
    assert_eq!((again.unchanged, again.changed_anything()), (1_001, false));
    let found = store.find(&Search::default()).await.unwrap().count;
    assert_eq!(found, store::Count::MoreThan(1_000));

    let crowd: Vec<_> =
        (0..66_000).map(|n| vehicle("建设小区", "1-1-1", &format!("鄂A{n:05}"), "绿")).collect();
    let full = store.import(&crowd, &[1..=9], &act(), &mut |_, _| {}).await;
    assert!(matches!(full, Err(StoreError::Full { .. })), "{full:?}");
    assert_eq!(store.compounds().await.unwrap().len(), 1, "nothing of it was imported");
}
