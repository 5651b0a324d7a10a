//! What the office says of itself, sheets of cards, and specimens.

use pass::{Colour, Kind, Name, Status, Timestamp};
use registry::{Lifetime, OfficeSettings};
use store::{Act, NewRun, Passes, Sheets, Store, StoreError, ToPrint};

use crate::{DAY, MORNING, act, all, import, issue, key, person, to, vehicle};

pub(crate) async fn what_the_office_says_of_itself(url: &str) {
    let store = Store::open(url).await.unwrap();
    assert_eq!(store.office_settings().await.unwrap(), OfficeSettings::default());
    let lifetime = Lifetime { days: 14, renewed_in_last_days: 3 };
    let first = OfficeSettings::typed("建设路社区", "0311-1", "https://a.example", lifetime).unwrap();
    assert!(store.set_office_settings(&first, &act()).await.unwrap());
    assert!(!store.set_office_settings(&first, &act()).await.unwrap(), "nothing changed");
    assert_eq!(store.office_settings().await.unwrap(), first);
    let second = OfficeSettings { public_address: None, ..first };
    assert!(store.set_office_settings(&second, &act()).await.unwrap());
    assert_eq!(store.office_settings().await.unwrap(), second);
}

pub(crate) async fn sheets_are_numbered_printed_and_handed_out(url: &str) {
    let store = Store::open(url).await.unwrap();
    let list = [
        person("和平小区", "10-1-101", "张小明", "", "绿"),
        person("和平小区", "2-1-1001", "王五", "", "黄"),
        vehicle("和平小区", "2-1-901", "鄂A12345", "绿"),
        person("和平小区", "2-2-101", "李四", "", "红"),
        person("建设小区", "1-1-101", "赵六", "", "绿"),
    ];
    import(&store, &list).await;
    issue(&store, MORNING).await;
    let compound = store.compound_by_name("和平小区").await.unwrap().id;
    let other = store.compound_by_name("建设小区").await.unwrap().id;

    let printable = store.printable(compound, MORNING).await.unwrap();
    let lines: Vec<_> =
        printable.iter().map(|it| (&*it.building, &*it.unit, it.good, it.unprinted)).collect();
    assert_eq!(lines, [("2", "1", 2, 2), ("2", "2", 1, 1), ("10", "1", 1, 1)]);
    let everything = ToPrint { compound: None, building: None, unit: None, unprinted: false, at: MORNING };
    let passes = store.to_print(&everything).await.unwrap();
    let doors: Vec<_> = passes
        .iter()
        .map(|pass| format!("{}-{}-{}", pass.address.building, pass.address.unit, pass.address.room))
        .collect();
    assert_eq!(doors[..4], ["2-1-901", "2-1-1001", "2-2-101", "10-1-101"]);
    assert_eq!(passes.len(), 5);
    let of = |building: &str, unit: Option<&str>| ToPrint {
        compound: Some(compound),
        building: Some(building.to_owned()),
        unit: unit.map(str::to_owned),
        ..everything.clone()
    };
    assert_eq!(store.to_print(&of("2", None)).await.unwrap().len(), 3);
    assert_eq!(store.to_print(&of("2", Some("2"))).await.unwrap().len(), 1);
    assert_eq!(store.to_print(&of("1", None)).await.unwrap().len(), 0, "the other compound's building 1");

    let serials: Vec<_> = passes.iter().map(|pass| pass.serial).collect();
    let sheets = vec![(compound, serials[..2].to_vec()), (compound, serials[2..4].to_vec())];
    let new = NewRun { size: "ten", backs: true, sheets };
    let run = store.lay_out(&new, &act()).await.unwrap();
    assert_eq!((run.numbers, run.sheets, run.cards, run.backs), ((1, 2), 2, 4, true));
    assert_eq!((run.size.as_str(), run.printed, run.compounds.clone()), ("ten", None, vec![compound]));
    let laid = store.run_sheets(&run.id).await.unwrap();
    let laid: Vec<(u32, Vec<_>)> = laid
        .into_iter()
        .map(|(number, cards)| (number, cards.iter().map(|card| card.serial).collect()))
        .collect();
    assert_eq!(laid, [(1, serials[..2].to_vec()), (2, serials[2..4].to_vec())]);
    assert_eq!(store.open_runs().await.unwrap(), std::slice::from_ref(&run));
    // Nothing is printed, and nothing can be handed out, before somebody says that it came out.
    assert_eq!(store.count_passes(Passes::Unprinted(MORNING)).await.unwrap(), 5);
    assert_eq!(store.hand_out(&[1], "李师傅", &act()).await.unwrap(), 0);
    assert_eq!(store.confirm_run(&run.id, &act()).await.unwrap(), 4);
    assert_eq!(store.confirm_run(&run.id, &act()).await.unwrap(), 0);
    assert_eq!(store.open_runs().await.unwrap(), []);
    assert_eq!(store.count_passes(Passes::Unprinted(MORNING)).await.unwrap(), 1);
    let unprinted = ToPrint { unprinted: true, ..everything.clone() };
    assert_eq!(store.to_print(&unprinted).await.unwrap()[0].compound, other);

    let here = store.sheets(compound, Sheets::Here).await.unwrap();
    let homes: Vec<_> = here
        .iter()
        .map(|sheet| (sheet.number, sheet.cards, &*sheet.homes.0.room, &*sheet.homes.1.room))
        .collect();
    assert_eq!(homes, [(1, 2, "901", "1001"), (2, 2, "101", "101")]);
    assert_eq!(store.sheets(other, Sheets::Here).await.unwrap(), []);
    let later = Act { by: "测试", at: MORNING.plus(60) };
    assert_eq!(store.hand_out(&[1, 2, 99], "李师傅", &later).await.unwrap(), 2);
    assert_eq!(store.hand_out(&[1], "王师傅", &act()).await.unwrap(), 0, "it is gone already");
    store.take_back(&[2], &act()).await.unwrap();
    let handed = store.sheets(compound, Sheets::Handed).await.unwrap();
    assert_eq!(handed.len(), 1);
    assert_eq!(handed[0].handed, Some((later.at, "李师傅".to_owned())));
    assert_eq!(store.sheets(compound, Sheets::Here).await.unwrap()[0].number, 2);
    let card = store.pass(serials[0]).await.unwrap();
    assert_eq!(store.sheets_of(&card).await.unwrap()[0].number, 1);

    // A run that went wrong is forgotten; its numbers are not.
    let again = NewRun { size: "eight", backs: false, sheets: vec![(other, serials[4..].to_vec())] };
    let run = store.lay_out(&again, &act()).await.unwrap();
    store.discard_run(&run.id, &act()).await.unwrap();
    assert_eq!(store.run(&run.id).await.unwrap(), None);
    assert!(matches!(store.confirm_run(&run.id, &act()).await, Err(StoreError::Absent { .. })));
    assert_eq!(store.lay_out(&again, &act()).await.unwrap().numbers, (4, 4));
}

pub(crate) async fn specimens_are_made_once_and_belong_to_nobody(url: &str) {
    let store = Store::open(url).await.unwrap();
    import(&store, &[person("和平小区", "1-1-101", "张小明", "", "绿")]).await;
    issue(&store, MORNING).await;
    let compound = store.compound_by_name("和平小区").await.unwrap().id;
    let (key, name) = (key(), Name::new("样*本").unwrap());
    let mut sign = |pass: pass::Pass| {
        assert_eq!(pass.kind, Kind::Specimen);
        pass::sign(pass, &key)
    };
    let end = MORNING.plus(30 * DAY);
    let made = store.specimens(compound, &name, end, &act(), &mut sign).await.unwrap();
    assert_eq!(made.iter().map(|it| it.colour).collect::<Vec<_>>(), Colour::ALL);
    assert_eq!(store.specimens(compound, &name, end.plus(DAY), &act(), &mut sign).await.unwrap(), made);
    let later = Act { by: "测试", at: end };
    let next = store.specimens(compound, &name, end.plus(DAY), &later, &mut sign).await.unwrap();
    assert!(next.iter().all(|specimen| made.iter().all(|old| old.serial != specimen.serial)));
    assert_eq!(all(&store, Passes::All).await.len(), 1, "they are no passes");
    assert_eq!(store.statuses(MORNING).await.unwrap(), [Status::AsSigned; 7]);
}

pub(crate) async fn what_is_due_is_what_gets_signed(url: &str) {
    let store = Store::open(url).await.unwrap();
    let list: Vec<_> = (1..=6)
        .map(|room| person("和平小区", &format!("1-1-{room}"), &format!("张{room}明"), "", "绿"))
        .chain([person("建设小区", "1-1-101", "赵六", "", "绿")])
        .collect();
    import(&store, &list).await;
    let compound = store.compound_by_name("和平小区").await.unwrap().id;
    let other = store.compound_by_name("建设小区").await.unwrap().id;
    let lifetime = Lifetime::default();
    let due = async |at: Timestamp| {
        let mut due = store.due(&lifetime, at).await.unwrap();
        due.sort_unstable();
        due
    };
    let mut both = vec![(compound, 6), (other, 1)];
    both.sort_unstable();
    assert_eq!(due(MORNING).await, both);
    let key = key();
    let mut sign = |pass| pass::sign(pass, &key);
    let issued = store.issue_in(Some(other), &lifetime, &act(), &mut sign, &mut |_, _| {}).await.unwrap();
    assert_eq!((issued.signed, issued.good), (1, 0));
    assert_eq!(due(MORNING).await, [(compound, 6)]);
    issue(&store, MORNING).await;
    assert_eq!(due(MORNING).await, []);
    // One of each reason: another colour, withdrawn, suspended (which gets none), and in the end all but that one.
    let passes = all(&store, Passes::All).await;
    let of = |at: usize| passes.iter().filter(|pass| pass.compound == compound).nth(at).unwrap();
    let why = "原因";
    store.set_colour(compound, of(0).holder, &to(Colour::Yellow), &act()).await.unwrap();
    store.set_card(of(1).serial, store::CardChange::Withdrawn, why, &act()).await.unwrap();
    store.set_card(of(2).serial, store::CardChange::Suspended, why, &act()).await.unwrap();
    for (at, count) in [(MORNING, 2), (MORNING.plus(23 * DAY - 1), 2), (MORNING.plus(23 * DAY), 6)] {
        let expected: u64 = due(at).await.iter().map(|(_, count)| count).sum();
        assert_eq!(expected, count, "{at}");
    }
    let at = MORNING.plus(23 * DAY);
    assert_eq!(issue(&store, at).await.signed, 6);
    assert_eq!(due(at).await, []);
}
