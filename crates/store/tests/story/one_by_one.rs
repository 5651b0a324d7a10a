//! What programs do for one holder at a time: a pass for whoever needs one, and rules that nobody changed meanwhile.

use pass::{CompoundId, Pass};
use registry::Lifetime;
use store::{CardChange, Store, StoreError};

use crate::{act, import, key, person};

pub(crate) async fn one_holder_at_a_time(url: &str) {
    let store = Store::open(url).await.unwrap();
    let people = ["张小明", "李雷", "韩梅梅"].map(|name| person("和平小区", "1-1-101", name, "", "绿"));
    import(&store, &people).await;
    let compound = store.compounds().await.unwrap()[0].id;
    let lifetime = Lifetime::default();
    let issue = async |holder| {
        store.issue_to(compound, holder, &lifetime, &act(), &mut |pass: Pass| pass::sign(pass, &key())).await
    };

    let second = issue(2).await.unwrap().unwrap();
    assert_eq!(issue(2).await.unwrap(), None, "the last one is good");
    for nobody in [0, 4, 65_535] {
        assert!(matches!(issue(nobody).await, Err(StoreError::Absent { .. })), "{nobody}");
    }
    store.set_card(second, CardChange::Withdrawn, "lost", &act()).await.unwrap();
    let again = issue(2).await.unwrap().unwrap();
    let serials = async |holder| -> Vec<_> {
        store.passes_of(compound, holder).await.unwrap().into_iter().map(|pass| pass.serial).collect()
    };
    assert_eq!(serials(2).await, [again, second], "the newest first");
    assert!(serials(1).await.is_empty() && serials(3).await.is_empty(), "nobody else got one");
    assert!(store.passes_of(CompoundId(999), 2).await.unwrap().is_empty());

    // Rules are changed by whoever has seen those that hold.
    let revise = async |expected, rules| store.revise_rules(compound, expected, rules, "", &act()).await;
    assert_eq!(revise(0, "first").await.unwrap(), Some(1));
    for outdated in [0, 2] {
        assert!(matches!(revise(outdated, "second").await, Err(StoreError::Outdated { held: 1 })));
    }
    assert_eq!(revise(1, "first").await.unwrap(), None, "they hold already");
    assert_eq!(revise(1, "second").await.unwrap(), Some(2));
    let absent = store.revise_rules(CompoundId(999), 0, "", "", &act()).await;
    assert!(matches!(absent, Err(StoreError::Absent { .. })), "{absent:?}");
}
