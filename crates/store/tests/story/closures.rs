//! Buildings and stairwells that are closed and opened again, and what the board says of a stairwell.

use gate::{Exemption, ExemptionKind};
use pass::{Colour, Status, Timestamp};
use store::{NewClosure, Passageway, Passes, Stairwell, Store, StoreError, Way};

use crate::{DAY, MORNING, act, all, import, issue, person, to, vehicle};

pub(crate) async fn a_building_is_closed_and_opened_again(url: &str) {
    let store = Store::open(url).await.unwrap();
    let list = [
        person("和平小区", "1-1-101", "张小明", "", "绿"),
        person("和平小区", "1-2-101", "李四", "", "黄"),
        vehicle("和平小区", "1-2-101", "鄂A12345", "绿"),
        person("和平小区", "2-1-101", "王五", "", "绿"),
        person("和平小区", "1-1-102", "赵六", "", "红"),
    ];
    import(&store, &list).await;
    let compound = store.compound_by_name("和平小区").await.unwrap().id;
    issue(&store, MORNING).await;
    assert!(suspended(&store, MORNING).await.is_empty());

    let new = NewClosure {
        building: "1",
        unit: "2",
        planned: Some(MORNING.plus(14 * DAY)),
        why: "一例",
        lets_exempt: false,
    };
    let closure = store.close_homes(compound, &new, &act()).await.unwrap();
    assert_eq!((closure.homes, closure.residents, closure.planned), (1, 1, Some(MORNING.plus(14 * DAY))));
    let again = store.close_homes(compound, &new, &act()).await;
    assert!(matches!(again, Err(StoreError::Taken { .. })), "{again:?}");
    let nowhere = NewClosure { building: "9", ..new };
    let nowhere = store.close_homes(compound, &nowhere, &act()).await;
    assert!(matches!(nowhere, Err(StoreError::Absent { .. })), "{nowhere:?}");
    assert_eq!(suspended(&store, MORNING).await, ["李*", "鄂A12345"], "one stairwell, its car too");

    // The whole building as well, but for whom the office lets off the hours, while it does.
    let medic =
        Exemption { kind: ExemptionKind::Medical, quota: false, hours: true, until: Some(MORNING.plus(DAY)) };
    let first = holder(&store, "张*明").await;
    store.exempt(compound, first, &medic, &act()).await.unwrap();
    let whole = NewClosure { unit: "", planned: None, lets_exempt: true, ..new };
    let whole = store.close_homes(compound, &whole, &act()).await.unwrap();
    assert_eq!((whole.homes, whole.residents), (3, 3));
    assert_eq!(suspended(&store, MORNING).await, ["李*", "赵*", "鄂A12345"]);
    assert_eq!(suspended(&store, MORNING.plus(DAY)).await, ["张*明", "李*", "赵*", "鄂A12345"]);
    for (who, kept) in [("张*明", None), ("赵*", Some(&whole)), ("王*", None)] {
        let found = store.closure_of(compound, holder(&store, who).await, MORNING).await.unwrap();
        assert_eq!(found.as_ref(), kept, "{who}");
    }
    assert_eq!(store.closed(compound).await.unwrap(), [whole.clone(), closure.clone()]);

    // What is decided meanwhile holds afterwards; red says so even while it is closed.
    let second = holder(&store, "李*").await;
    store.set_colour(compound, second, &to(Colour::Red), &act()).await.unwrap();
    assert_eq!(suspended(&store, MORNING).await, ["赵*", "鄂A12345"], "red says so by itself");
    let planned = Some(MORNING.plus(DAY));
    assert_eq!(store.plan_reopening(&whole.id, planned, &act()).await.unwrap().planned, planned);
    let opened = store.reopen_homes(&whole.id, &act()).await.unwrap();
    assert_eq!(opened.opened, Some((MORNING, act().by.to_owned())));
    assert_eq!(suspended(&store, MORNING).await, ["鄂A12345"], "the stairwell was closed by itself");
    store.reopen_homes(&closure.id, &act()).await.unwrap();
    assert_eq!(store.reopen_homes(&closure.id, &act()).await.unwrap().opened.unwrap().0, MORNING);
    let mut statuses = store.statuses(MORNING).await.unwrap();
    statuses.sort_by_key(|status| status.bits());
    assert_eq!(statuses, [vec![Status::AsSigned; 4], vec![Status::Now(Colour::Red)]].concat());
    assert!(store.closed(compound).await.unwrap().is_empty());
    assert_eq!(store.reopened(compound, 1).await.unwrap().len(), 1);
    let late = store.plan_reopening(&whole.id, None, &act()).await;
    assert!(matches!(late, Err(StoreError::Absent { .. })), "open already: {late:?}");
    let lost = store.reopen_homes("nothing", &act()).await;
    assert!(matches!(lost, Err(StoreError::Absent { .. })), "{lost:?}");
    // Closed once more.
    store.close_homes(compound, &new, &act()).await.unwrap();
}

pub(crate) async fn what_the_board_says_of_a_stairwell(url: &str) {
    let store = Store::open(url).await.unwrap();
    import(&store, &[person("和平小区", "1-1-101", "张小明", "", "绿")]).await;
    let compound = store.compound_by_name("和平小区").await.unwrap().id;
    let mut stairwell = Stairwell {
        building: "1".into(),
        unit: "1".into(),
        answers: "陈楼长".into(),
        telephone: "130".into(),
    };
    store.set_stairwell(compound, &stairwell, &act()).await.unwrap();
    stairwell.telephone = "131".into();
    store.set_stairwell(compound, &stairwell, &act()).await.unwrap();
    assert_eq!(store.stairwells(compound).await.unwrap(), [stairwell.clone()]);
    stairwell.answers.clear();
    store.set_stairwell(compound, &stairwell, &act()).await.unwrap();
    assert!(store.stairwells(compound).await.unwrap().is_empty());

    store.mark_way(compound, ("1", "1"), (Way::Blocked, "东侧小门"), &act()).await.unwrap();
    store.mark_way(compound, ("1", "1"), (Way::Exit, "一楼后门"), &act()).await.unwrap();
    let ways = store.passageways(compound).await.unwrap();
    let seen: Vec<_> = ways.iter().map(|Passageway { way, place, .. }| (*way, place.as_str())).collect();
    assert_eq!(seen, [(Way::Exit, "一楼后门"), (Way::Blocked, "东侧小门")]);
    store.unmark_way(compound, &ways[0].id, &act()).await.unwrap();
    let gone = store.unmark_way(compound, &ways[0].id, &act()).await;
    assert!(matches!(gone, Err(StoreError::Absent { .. })), "{gone:?}");
    assert_eq!(store.passageways(compound).await.unwrap(), ways[1..]);
}

/// Whose passes are suspended, in the order of their names.
async fn suspended(store: &Store, now: Timestamp) -> Vec<String> {
    let statuses = store.statuses(now).await.unwrap();
    let index = |pass: &store::PassOnFile| usize::try_from(pass.index).unwrap();
    let passes = all(store, Passes::All).await;
    let passes = passes.iter().filter(|pass| statuses[index(pass)] == Status::Suspended);
    let mut names: Vec<String> = passes.map(|pass| pass.name.to_string()).collect();
    names.sort();
    names
}

async fn holder(store: &Store, name: &str) -> u16 {
    let passes = all(store, Passes::All).await;
    passes.iter().find(|pass| pass.name.as_str() == name).unwrap().holder
}
