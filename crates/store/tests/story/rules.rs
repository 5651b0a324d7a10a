//! Versions of a compound's rules.

use pass::CompoundId;
use store::{Act, Piece, Store, StoreError};

use crate::{DAY, MORNING, act, import, person};

pub(crate) async fn every_version_of_rules_is_kept(url: &str) {
    let store = Store::open(url).await.unwrap();
    import(
        &store,
        &[person("和平小区", "1-1-1", "张明", "", "绿"), person("建设小区", "1-1-1", "王五", "", "绿")],
    )
    .await;
    let compound = store.compound_by_name("和平小区").await.unwrap().id;
    let other = store.compound_by_name("建设小区").await.unwrap().id;
    assert_eq!(store.rule_versions(compound).await.unwrap(), []);

    // Whoever needs rules first gets those to start with, once.
    assert_eq!(store.rules_or(compound, "first", &act()).await.unwrap(), "first");
    assert_eq!(store.rules_or(compound, "another", &act()).await.unwrap(), "first");
    let later = Act { by: "王五", at: MORNING.plus(DAY) };
    assert_eq!(store.set_rules(compound, "second", "一户一人", &later).await.unwrap(), Some(2));
    assert_eq!(store.set_rules(compound, "second", "again", &later).await.unwrap(), None);
    assert_eq!(store.set_rules(other, "theirs", "", &later).await.unwrap(), Some(1), "counted apart");
    assert_eq!(store.set_rules(compound, "first", "", &act()).await.unwrap(), Some(3), "brought back");

    let kept = store.rule_versions(compound).await.unwrap();
    let told: Vec<_> = kept.iter().map(|it| (it.version, &*it.rules, it.at, &*it.who, &*it.why)).collect();
    assert_eq!(
        told,
        [
            (3, "first", Some(MORNING), act().by, ""),
            (2, "second", Some(MORNING.plus(DAY)), "王五", "一户一人"),
            (1, "first", Some(MORNING), act().by, ""),
        ]
    );
    assert_eq!(store.compound_by_name("和平小区").await.unwrap().rules.as_deref(), Some("first"));
    let none = store.set_rules(CompoundId(999), "x", "", &act()).await;
    assert!(matches!(none, Err(StoreError::Absent { what: "compound", .. })));

    // One line in the audit log for each version that was written, and for none that was not; and all are backed up.
    let (mut table, mut audited, mut versions) = (String::new(), 0, 0);
    store
        .read_whole(&mut |piece| {
            match piece {
                Piece::Table { name, .. } => table = name,
                Piece::Row(_) if table == "rule_versions" => versions += 1,
                Piece::Row(row) if table == "audit" => {
                    audited += usize::from(row.contains(&store::Cell::Text("rules".into())));
                }
                Piece::Row(_) => {}
            }
            Ok(())
        })
        .await
        .unwrap();
    assert_eq!((versions, audited), (4, 4));
}

pub(crate) async fn two_who_change_rules_at_once(url: &str) {
    let (one, other) = (Store::open(url).await.unwrap(), Store::open(url).await.unwrap());
    import(&one, &[person("和平小区", "1-1-1", "张明", "", "绿")]).await;
    let compound = one.compound_by_name("和平小区").await.unwrap().id;
    let write = async |store: &Store, name: &str| {
        for round in 0..5 {
            store.set_rules(compound, &format!("{name} {round}"), "", &act()).await.unwrap();
        }
    };
    tokio::join!(write(&one, "one"), write(&other, "other"));
    let kept = one.rule_versions(compound).await.unwrap();
    let numbers: Vec<u32> = kept.iter().rev().map(|it| it.version).collect();
    assert_eq!(numbers, (1..=10).collect::<Vec<_>>(), "none is lost, none comes twice");
    let now = one.compound_by_name("和平小区").await.unwrap().rules;
    assert_eq!(now.as_deref(), Some(&*kept[0].rules), "the newest version holds");
}
