//! Red begins an observation, and ends by a sign-off after a health check; and what is known of people beside it.

use pass::{Colour, PassError, SignedPass, Status};
use registry::{HealthCheck, Lifetime, NotReleased, Phone};
use store::{Act, Action, AuditSearch, ColourChange, File, Passes, Search, SignOff, Store, StoreError};

use crate::{DAY, MORNING, all, import, issue, key, person, vehicle};

fn at(seconds: i64) -> Act<'static> {
    Act { by: "林医生", at: MORNING.plus(seconds) }
}

fn to(colour: Colour, sign_off: SignOff) -> ColourChange<'static> {
    ColourChange { colour, why: "测试", sign_off }
}

pub(crate) async fn red_ends_by_a_sign_off_alone(url: &str) {
    let store = Store::open(url).await.unwrap();
    let list = [
        person("和平小区", "1-1-101", "张小明", "", "红"),
        person("和平小区", "1-1-102", "李红", "", "绿"),
        vehicle("和平小区", "1-1-101", "鄂A12345", "红"),
    ];
    import(&store, &list).await;
    issue(&store, MORNING).await;
    let passes = all(&store, Passes::All).await;
    let compound = passes[0].compound;
    let number = |name: &str| passes.iter().find(|pass| pass.name.as_str() == name).unwrap().holder;
    let (zhang, li, car) = (number("张*明"), number("李*"), number("鄂A12345"));
    let due = async |days: i64| {
        let (due, count) = store.due_releases(&[compound], MORNING.plus(days * DAY), 9).await.unwrap();
        assert_eq!(due.len() as u64, count);
        due.into_iter().map(|due| due.holder).collect::<Vec<_>>()
    };
    assert_eq!((due(13).await, due(14).await), (vec![], vec![zhang]), "a vehicle is not observed");
    let observed = store.observations(compound, zhang).await.unwrap().remove(0);
    assert_eq!((observed.observation.begun, observed.ended), (MORNING, None));
    assert_eq!(observed.observation.planned, MORNING.plus(14 * DAY));

    // Neither by itself, nor too early, nor unchecked, nor unwell.
    let set = async |holder, change: ColourChange<'static>, act: Act<'static>| {
        store.set_colour(compound, holder, &change, &act).await
    };
    let green = |sign_off| to(Colour::Green, sign_off);
    assert!(matches!(set(zhang, green(SignOff::None), at(20 * DAY)).await, Err(StoreError::SignOff)));
    let why_not = async |act| match set(zhang, green(SignOff::Checked), act).await {
        Err(StoreError::NotReleased(why)) => why,
        done => panic!("{done:?}"),
    };
    let end = 14 * DAY;
    assert_eq!(why_not(at(end - 1)).await, NotReleased::TooEarly { planned: MORNING.plus(end) });
    assert_eq!(why_not(at(end)).await, NotReleased::NoCheck);
    let check = async |seconds: i64, temperature, symptoms| {
        let check = HealthCheck { at: MORNING.plus(seconds), temperature, symptoms };
        store.check_health(compound, zhang, &check, &at(seconds)).await.unwrap();
    };
    check(end + 60, 380, false).await;
    assert_eq!(why_not(at(end + 60)).await, NotReleased::Unwell);
    check(end + DAY, 365, false).await;
    assert_eq!(why_not(at(end + 3 * DAY)).await, NotReleased::NoCheck, "it is too old");
    assert_eq!(store.pass(passes[0].serial).await.unwrap().colour_now, Colour::Red, "nothing of it was done");
    // A case near by: it lasts longer.
    store.plan_end(compound, zhang, MORNING.plus(end + 2 * DAY), "邻居确诊", &at(end + DAY)).await.unwrap();
    assert!(matches!(why_not(at(end + DAY)).await, NotReleased::TooEarly { .. }));
    assert!(set(zhang, green(SignOff::Checked), at(end + 2 * DAY)).await.unwrap());
    let observed = store.observations(compound, zhang).await.unwrap().remove(0);
    assert_eq!(
        (observed.ended, observed.ended_by.as_deref()),
        (Some(MORNING.plus(end + 2 * DAY)), Some("林医生"))
    );
    assert!(due(99).await.is_empty());
    let gone = store.plan_end(compound, zhang, MORNING, "", &at(end)).await;
    assert!(matches!(gone, Err(StoreError::Absent { .. })), "nobody is observed any more");
    let checks = store.health_checks(compound, zhang, 9).await.unwrap();
    assert_eq!(
        checks.iter().map(|it| it.check.temperature).collect::<Vec<_>>(),
        [365, 380],
        "the newest first"
    );

    // A vehicle needs somebody who answers for it, and no health.
    assert!(matches!(set(car, green(SignOff::None), at(60)).await, Err(StoreError::SignOff)));
    assert!(set(car, green(SignOff::Checked), at(60)).await.unwrap());
    let no_person = HealthCheck { at: MORNING, temperature: 365, symptoms: false };
    let refused = store.check_health(compound, car, &no_person, &at(60)).await;
    assert!(matches!(refused, Err(StoreError::Absent { .. })));

    // Red again begins anew; a mistake is corrected at once, and the log says so.
    assert!(set(li, to(Colour::Red, SignOff::None), at(DAY)).await.unwrap());
    assert!(set(li, green(SignOff::Mistaken), at(DAY + 60)).await.unwrap());
    assert!(due(99).await.is_empty());
    let search = AuditSearch { what: Some(Action::Colour), limit: 9, ..AuditSearch::default() };
    let lines = store.audit_lines(&search).await.unwrap();
    assert!(lines.iter().any(|line| line.detail.contains("by mistake")), "{lines:?}");
    let health = AuditSearch { what: Some(Action::Health), limit: 9, ..AuditSearch::default() };
    let lines = store.audit_lines(&health).await.unwrap();
    assert!(lines.len() == 3 && lines.iter().all(|line| !line.detail.contains("38")), "{lines:?}");

    // Many at once: whoever is red stays so, and one who isn't there undoes it for all.
    let yellow = Colour::Yellow;
    assert!(set(zhang, to(Colour::Red, SignOff::None), at(DAY)).await.unwrap());
    let all_of = [(compound, zhang), (compound, li), (compound, car)];
    let nobody = store.set_colours(&[(compound, li), (compound, 99)], yellow, "封控", &at(DAY)).await;
    assert!(matches!(nobody, Err(StoreError::Absent { .. })));
    assert_eq!(store.holding(compound, li).await.unwrap().colour, Colour::Green, "nothing of it was done");
    let many = store.set_colours(&all_of, yellow, "封控", &at(DAY)).await.unwrap();
    assert_eq!((many.changed, many.unchanged, many.still_red), (2, 0, vec![(compound, zhang)]));
    let many = store.set_colours(&all_of[1..], yellow, "封控", &at(DAY)).await.unwrap();
    assert_eq!((many.changed, many.unchanged), (0, 2));
    assert_eq!(store.set_colours(&all_of, Colour::Green, "解封", &at(DAY)).await.unwrap().changed, 2);
    assert!(set(zhang, green(SignOff::Mistaken), at(DAY)).await.unwrap());

    // Deciding and signing are one.
    let key = key();
    let mut fails =
        |pass: pass::Pass| Err(PassError::Validity { from: pass.expires, until: pass.not_before });
    let (red, lifetime) = (to(Colour::Red, SignOff::None), Lifetime::default());
    let failed = store.set_colour_and_sign(compound, li, &red, &lifetime, &at(2 * DAY), &mut fails).await;
    assert!(matches!(failed, Err(StoreError::Sign { .. })));
    assert_eq!(store.holding(compound, li).await.unwrap().colour, Colour::Green, "nothing of it was done");
    let mut sign = |pass| -> Result<SignedPass, PassError> { pass::sign(pass, &key) };
    let (changed, card) =
        store.set_colour_and_sign(compound, li, &red, &lifetime, &at(2 * DAY), &mut sign).await.unwrap();
    let card = store.pass(card.unwrap()).await.unwrap();
    assert_eq!((changed, card.colour, card.status), (true, Colour::Red, Status::AsSigned));
    let again =
        store.set_colour_and_sign(compound, li, &red, &lifetime, &at(2 * DAY), &mut sign).await.unwrap();
    assert_eq!(again, (false, None));
    // Their green card still holds, so no other is signed.
    let green = green(SignOff::Mistaken);
    let back =
        store.set_colour_and_sign(compound, li, &green, &lifetime, &at(3 * DAY), &mut sign).await.unwrap();
    assert_eq!(back, (true, None));
}

pub(crate) async fn files_and_households(url: &str) {
    let store = Store::open(url).await.unwrap();
    let list = [
        person("和平小区", "1-1-101", "张小明", "13812345678", "绿"),
        person("和平小区", "1-1-101", "李红", "", "绿"),
        person("和平小区", "1-1-102", "王五", "", "绿"),
        vehicle("和平小区", "1-1-101", "鄂A12345", "绿"),
    ];
    import(&store, &list).await;
    let compound = store.compounds().await.unwrap()[0].id;
    let mut found =
        store.find(&Search { text: "张".into(), limit: 9, ..Search::default() }).await.unwrap().listed;
    let number = found.remove(0).holder;
    let zhang = store.holding(compound, number).await.unwrap();
    assert_eq!(zhang.full_name.as_ref().map(registry::FullName::reveal), Some("张小明"));
    assert_eq!(zhang.phone.as_ref().map(Phone::reveal), Some("13812345678"));
    assert!(!format!("{zhang:?}").contains("13812345678") && !format!("{zhang:?}").contains("小明"));
    assert_eq!((zhang.name.as_str(), zhang.address.room.as_str(), zhang.pass), ("张*明", "101", None));
    assert_eq!(store.household(compound, zhang.household).await.unwrap().len(), 3);
    assert!(matches!(store.holding(compound, 99).await, Err(StoreError::Absent { .. })));
    for (building, unit, limit, found) in [
        ("1", None, 9, 4),
        ("1", Some("1"), 9, 4),
        ("1", Some("2"), 9, 0),
        ("1", None, 3, 3),
        ("2", None, 9, 0),
    ] {
        let all = store.stairwell(compound, building, unit, limit).await.unwrap();
        assert_eq!(all.len(), found, "{building} {unit:?}");
    }
    issue(&store, MORNING).await;
    assert!(store.holding(compound, number).await.unwrap().pass.is_some());

    assert_eq!(store.file(compound, number).await.unwrap(), File::default());
    let file = File {
        identity: Some("sealed".into()),
        arrived: "2020-02-20".into(),
        came_from: "武汉".into(),
        contact: "王雪梅".into(),
        ..File::default()
    };
    let phone = Phone::new("13900000000").unwrap();
    store.set_file(compound, number, &file, Some(&phone), &at(0)).await.unwrap();
    assert_eq!(store.file(compound, number).await.unwrap(), file);
    assert_eq!(store.holding(compound, number).await.unwrap().phone.as_ref(), Some(&phone));
    let file = File { notes: "独居".into(), ..file };
    store.set_file(compound, number, &file, None, &at(0)).await.unwrap();
    assert_eq!(store.file(compound, number).await.unwrap(), file);
    assert_eq!(store.holding(compound, number).await.unwrap().phone, None);
    let nobody = store.set_file(compound, 99, &file, None, &at(0)).await;
    assert!(matches!(nobody, Err(StoreError::Absent { .. })));
    let search = AuditSearch { what: Some(Action::File), limit: 9, ..AuditSearch::default() };
    let lines = store.audit_lines(&search).await.unwrap();
    assert!(lines.len() == 2 && lines.iter().all(|line| !line.detail.contains("武汉")), "{lines:?}");
}
