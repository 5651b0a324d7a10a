//! What every kind of store must do, told as stories. A story takes a fresh store and knows nothing of the database behind it.

#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "../../../tests/src/postgres.rs"]
#[expect(unreachable_pub, reason = "the end-to-end tests use it as a module of a library")]
mod postgres_server;

#[path = "story/accounts.rs"]
mod accounts;
#[path = "story/board.rs"]
mod board;
#[path = "story/books.rs"]
mod books;
#[path = "story/cards.rs"]
mod cards;
#[path = "story/closures.rs"]
mod closures;
#[path = "story/correct.rs"]
mod correct;
#[path = "story/exchange.rs"]
mod exchange;
#[path = "story/observations.rs"]
mod observations;
#[path = "story/one_by_one.rs"]
mod one_by_one;
#[path = "story/passages.rs"]
mod passages;
#[path = "story/purge.rs"]
mod purge;
#[path = "story/rules.rs"]
mod rules;
#[path = "story/search.rs"]
mod search;
#[path = "story/tokens.rs"]
mod tokens;

use std::path::Path;

use gate::{Exemption, ExemptionKind, Role};
use pass::{Colour, Kind, OfficeId, Pass, PassError, SignedPass, SigningKey, Status, Timestamp};
use proptest::prelude::*;
use registry::{Field, Lifetime, NewHolder, Row};
use store::{
    Act, Action, CardChange, Cell, ColourChange, Count, Decided, DutyLine, Found, INDEX_GAP, Imported,
    Issued, NewRun, Page, PassSought, Passes, Piece, Pieces, Search, SignOff, StaffMember, Store, StoreError,
    Version, sqlite_url,
};

use accounts::{
    accounts_and_their_last_administrator, guessing_gets_slow, second_factors_are_used_once, sessions_end,
    what_the_audit_log_tells,
};
use board::every_home_at_a_glance;
use books::{a_dry_run_says_what_the_import_does, long_lists};
use cards::{
    sheets_are_numbered_printed_and_handed_out, specimens_are_made_once_and_belong_to_nobody,
    what_is_due_is_what_gets_signed, what_the_office_says_of_itself,
};
use closures::{a_building_is_closed_and_opened_again, what_the_board_says_of_a_stairwell};
use correct::a_name_and_a_home_are_corrected;
use exchange::{
    a_gate_is_invited_once, gates_are_told_of_what_changes, how_far_journals_are_here,
    the_newest_list_of_each_other_office_is_kept,
};
use observations::{files_and_households, red_ends_by_a_sign_off_alone};
use one_by_one::one_holder_at_a_time;
use passages::{
    events_are_kept_byte_for_byte, events_come_in_any_order, forks_are_kept_and_shown, how_things_stand,
    passages_are_deleted_when_their_time_is_over, passages_are_found,
};
use postgres_server::Postgres;
use purge::{a_purge_a_day, what_is_over_is_deleted};
use rules::{every_version_of_rules_is_kept, two_who_change_rules_at_once};
use search::{
    pages_follow_one_another, the_index_finds_whom_a_look_at_all_finds, whose_pass_needs_something,
};
use tokens::tokens_act_as_their_account;

/// 2020-03-01 08:00 in Wuhan.
const MORNING: Timestamp = Timestamp(1_583_020_800);
const DAY: i64 = 86_400;

/// Runs a story against every kind of store.
macro_rules! stories {
    ($($story:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $story() {
                let folder = tempfile::tempdir().unwrap();
                super::$story(&super::sqlite_url(&folder.path().join("registry.sqlite"))).await;
            })+
        }

        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $story() {
                super::$story(&super::Postgres::shared().database()).await;
            })+
        }
    };
}

stories!(
    a_gate_is_invited_once,
    gates_are_told_of_what_changes,
    the_newest_list_of_each_other_office_is_kept,
    how_far_journals_are_here,
    red_ends_by_a_sign_off_alone,
    files_and_households,
    accounts_and_their_last_administrator,
    guessing_gets_slow,
    second_factors_are_used_once,
    sessions_end,
    tokens_act_as_their_account,
    one_holder_at_a_time,
    what_the_audit_log_tells,
    the_same_list_twice,
    a_dry_run_says_what_the_import_does,
    long_lists,
    every_home_at_a_glance,
    a_name_and_a_home_are_corrected,
    a_building_is_closed_and_opened_again,
    what_the_board_says_of_a_stairwell,
    what_is_over_is_deleted,
    a_purge_a_day,
    every_version_of_rules_is_kept,
    two_who_change_rules_at_once,
    events_are_kept_byte_for_byte,
    events_come_in_any_order,
    forks_are_kept_and_shown,
    passages_are_found,
    how_things_stand,
    passages_are_deleted_when_their_time_is_over,
    a_colour_decided_holds_at_once,
    what_becomes_of_a_card,
    passes_are_renewed_before_they_end,
    namesakes_and_moves,
    two_offices_cannot_share,
    versions_rise,
    two_writers_at_once,
    many_programs_at_once,
    a_failure_leaves_nothing,
    out_of_one_database_into_another,
    what_staff_look_for,
    the_index_finds_whom_a_look_at_all_finds,
    pages_follow_one_another,
    whose_pass_needs_something,
    names_no_program_wrote,
    compounds_get_the_numbers_a_key_may_sign_for,
    what_gates_know_of_people,
    what_the_office_says_of_itself,
    sheets_are_numbered_printed_and_handed_out,
    specimens_are_made_once_and_belong_to_nobody,
    what_is_due_is_what_gets_signed,
);

async fn compounds_get_the_numbers_a_key_may_sign_for(url: &str) {
    let store = Store::open(url).await.unwrap();
    let homes =
        ["甲小区", "乙小区", "丙小区", "丁小区"].map(|name| person(name, "1-1-101", "张小明", "", "绿"));
    let numbers = [7..=8, 20..=20];
    store.import(&homes[..3], &numbers, &act(), &mut |_, _| {}).await.unwrap();
    let mut given: Vec<u32> = store.compounds().await.unwrap().iter().map(|compound| compound.id.0).collect();
    given.sort_unstable();
    assert_eq!(given, [7, 8, 20]);
    let full = store.import(&homes, &numbers, &act(), &mut |_, _| {}).await.unwrap_err();
    assert!(matches!(full, StoreError::NoNumber { compound } if compound == "丁小区"));
}

async fn what_gates_know_of_people(url: &str) {
    let store = Store::open(url).await.unwrap();
    let list = [
        person("和平小区", "3-2-501", "张小明", "13800000001", "绿"),
        vehicle("和平小区", "3-2-501", "鄂A12345", "绿"),
        person("建设小区", "1-1-101", "王五", "", "黄"),
    ];
    import(&store, &list).await;
    issue(&store, MORNING).await;
    issue(&store, MORNING.plus(24 * DAY)).await;
    let compound = store.compound_by_name("和平小区").await.unwrap().id;
    let other = store.compound_by_name("建设小区").await.unwrap().id;
    let now = MORNING.plus(24 * DAY);
    let mut people = store.people(compound, now).await.unwrap();
    assert_eq!(people.len(), 2);
    assert!(people[0].holder < people[1].holder);
    people.sort_by_key(|person| person.kind);
    assert_eq!((people[0].full_name.as_str(), people[0].name.as_str()), ("张小明", "张*明"));
    assert_eq!(people[0].cards.len(), 2, "the old card holds until its own end");
    assert!(people[0].cards[0].index > people[0].cards[1].index);
    let later = store.people(compound, MORNING.plus(300 * DAY)).await.unwrap();
    assert_eq!(
        (later[0].cards.len(), later[1].cards.len()),
        (1, 1),
        "the newest stays findable when it has ended"
    );
    assert!(!format!("{people:?}").contains("张小明"));

    store.put_gate("东门", compound, "key 1", &act()).await.unwrap();
    store.put_gate("西门", other, "key 2", &act()).await.unwrap();
    let taken = store.put_gate("南门", compound, "key 1", &act()).await.unwrap_err();
    assert!(matches!(taken, StoreError::Taken { by, .. } if by == "东门"));
    store.put_gate("东门", compound, "key 3", &act()).await.unwrap();
    store.remove_gate("西门", &act()).await.unwrap();
    assert!(matches!(store.remove_gate("西门", &act()).await, Err(StoreError::Absent { .. })));
    let gates = store.gates().await.unwrap();
    assert_eq!((gates.len(), gates[0].receiver.as_str(), gates[0].compound), (1, "key 3", compound));

    let member = |name: &str| StaffMember { name: name.into(), role: Role::Guard, pin: "hash".into() };
    for name in ["王主管", "李师傅"] {
        store.add_staff(compound, &member(name), &act()).await.unwrap();
    }
    let again = store.add_staff(compound, &member("李师傅"), &act()).await.unwrap_err();
    assert!(matches!(again, StoreError::Taken { .. }));
    store.add_staff(other, &member("李师傅"), &act()).await.unwrap();
    let names: Vec<String> =
        store.staff(compound).await.unwrap().into_iter().map(|member| member.name).collect();
    assert_eq!(names, ["李师傅", "王主管"]);
    assert!(!format!("{:?}", member("李师傅")).contains("hash"));

    let line = |who: &str, from: i64| DutyLine {
        who: who.into(),
        gate: "东门".into(),
        from: MORNING.plus(from),
        until: MORNING.plus(from + 8 * 3600),
    };
    for line in [line("李师傅", DAY), line("王主管", 0), line("王主管", 0)] {
        store.add_duty(compound, &line, &act()).await.unwrap();
    }
    assert!(matches!(
        store.add_duty(compound, &line("nobody", 0), &act()).await,
        Err(StoreError::Absent { .. })
    ));
    assert_eq!(store.duty(compound, MORNING).await.unwrap(), [line("王主管", 0), line("李师傅", DAY)]);
    assert_eq!(store.duty(compound, MORNING.plus(DAY)).await.unwrap(), [line("李师傅", DAY)]);
    assert_eq!(store.clear_duty(compound, "王主管", MORNING, &act()).await.unwrap(), 1);
    store.remove_staff(compound, "李师傅", &act()).await.unwrap();
    assert_eq!(store.duty(compound, MORNING).await.unwrap(), [], "who is gone is on no roster");
    assert_eq!(store.staff(other).await.unwrap().len(), 1);

    let medic = Exemption { kind: ExemptionKind::Medical, quota: true, hours: true, until: Some(now) };
    let changed = Exemption { quota: false, until: None, ..medic };
    for exemption in [medic, changed] {
        store.exempt(compound, 1, &exemption, &act()).await.unwrap();
    }
    assert_eq!(store.exemptions(compound).await.unwrap(), [(1, changed)]);
    assert!(matches!(store.exempt(compound, 99, &medic, &act()).await, Err(StoreError::Absent { .. })));
    store.end_exemption(compound, 1, ExemptionKind::Medical, &act()).await.unwrap();
    let ended = store.end_exemption(compound, 1, ExemptionKind::Medical, &act()).await;
    assert!(matches!(ended, Err(StoreError::Absent { .. })));
}

async fn the_same_list_twice(url: &str) {
    let store = Store::open(url).await.unwrap();
    let list = [
        person("和平小区", "3-2-501", "张小明", "13800000001", "绿"),
        person("和平小区", "3-2-501", "李红", "", "红"),
        vehicle("和平小区", "3-2-501", "鄂A12345", "绿"),
        person("建设小区", "1-1-101", "王五", "", "黄"),
    ];
    let first = import(&store, &list).await;
    assert_eq!((first.added, first.changed, first.unchanged), (4, 0, 0));
    assert_eq!(first.compounds, ["和平小区", "建设小区"]);
    let again = import(&store, &list).await;
    assert_eq!((again.added, again.changed, again.unchanged), (0, 0, 4));
    assert!(!again.changed_anything());

    // What was acknowledged is there for the next program.
    store.close().await;
    let store = Store::open(url).await.unwrap();
    assert_eq!(import(&store, &list).await.unchanged, 4);
    assert_eq!(issue(&store, MORNING).await, Issued { signed: 4, good: 0 });
    assert_eq!(issue(&store, MORNING).await, Issued { signed: 0, good: 4 });
}

async fn a_colour_decided_holds_at_once(url: &str) {
    let store = Store::open(url).await.unwrap();
    let with = |colour| [person("和平小区", "3-2-501", "张小明", "", colour)];
    import(&store, &with("绿")).await;
    issue(&store, MORNING).await;
    let red = import(&store, &with("红")).await;
    assert_eq!((red.changed, red.still_red.len()), (1, 0));
    assert_eq!(store.statuses(MORNING).await.unwrap(), [Status::Now(Colour::Red)]);
    assert_eq!(
        store.count_passes(Passes::Good(MORNING)).await.unwrap(),
        0,
        "the green card isn't printed again"
    );

    assert_eq!(issue(&store, MORNING).await.signed, 1, "a red holder gets a card too");
    let unprinted = all(&store, Passes::Unprinted(MORNING)).await;
    assert_eq!((unprinted.len(), unprinted[0].colour), (1, Colour::Red));
    assert_eq!(store.count_passes(Passes::Unprinted(MORNING)).await.unwrap(), 1);
    let sheets = vec![(unprinted[0].compound, vec![unprinted[0].serial])];
    let run = NewRun { size: "ten", backs: false, sheets };
    let run = store.lay_out(&run, &act()).await.unwrap();
    store.confirm_run(&run.id, &act()).await.unwrap();
    assert_eq!(all(&store, Passes::Unprinted(MORNING)).await, []);
    assert_eq!(all(&store, Passes::Good(MORNING)).await, unprinted);
    // A roster is no sign-off.
    let still = import(&store, &with("绿")).await;
    assert_eq!((still.changed, still.unchanged, still.still_red), (0, 1, vec![0]));
    assert_eq!(store.statuses(MORNING).await.unwrap(), [Status::Now(Colour::Red), Status::AsSigned]);
    let passes = all(&store, Passes::All).await;
    store.set_colour(passes[0].compound, passes[0].holder, &to(Colour::Green), &act()).await.unwrap();
    // The old green card holds as signed again, the red one doesn't.
    assert_eq!(store.statuses(MORNING).await.unwrap(), [Status::AsSigned, Status::Now(Colour::Green)]);

    let passes = all(&store, Passes::All).await;
    store.set_card(passes[0].serial, CardChange::Withdrawn, "遗失", &act()).await.unwrap();
    store.set_colour(passes[0].compound, passes[0].holder, &to(Colour::Yellow), &act()).await.unwrap();
    assert_eq!(
        store.statuses(MORNING).await.unwrap(),
        [Status::Withdrawn, Status::Now(Colour::Yellow)],
        "no colour brings a withdrawn card back"
    );
    store.set_card(passes[0].serial, CardChange::Reinstated, "找到", &act()).await.unwrap();
    assert_eq!(
        store.statuses(MORNING).await.unwrap()[0],
        Status::Now(Colour::Yellow),
        "it holds with today's colour"
    );
}

async fn what_becomes_of_a_card(url: &str) {
    let store = Store::open(url).await.unwrap();
    import(&store, &[person("和平小区", "3-2-501", "张小明", "", "红")]).await;
    issue(&store, MORNING).await;
    let lost = all(&store, Passes::All).await.remove(0);
    let holder = (lost.compound, lost.holder);
    let release = ColourChange { colour: Colour::Green, why: "满14天", sign_off: SignOff::None };
    let refused = store.set_colour(holder.0, holder.1, &release, &act()).await;
    assert!(matches!(refused, Err(StoreError::SignOff)));
    assert_eq!(store.pass(lost.serial).await.unwrap().colour_now, Colour::Red, "nothing of it was done");
    let release = ColourChange { sign_off: SignOff::Mistaken, ..release };
    assert!(store.set_colour(holder.0, holder.1, &release, &act()).await.unwrap());
    assert!(!store.set_colour(holder.0, holder.1, &release, &act()).await.unwrap(), "it is green already");

    let key = key();
    let mut sign = |pass| -> Result<SignedPass, PassError> { pass::sign(pass, &key) };
    let later = Act { by: "王五", at: MORNING.plus(DAY) };
    let mut fails = |pass: Pass| Err(PassError::Validity { from: pass.expires, until: pass.not_before });
    let failed = store.replace(lost.serial, &Lifetime::default(), "遗失", &later, &mut fails).await;
    assert!(matches!(failed, Err(StoreError::Sign { .. })));
    assert_eq!(
        store.statuses(MORNING).await.unwrap(),
        [Status::Now(Colour::Green)],
        "the old card is as it was"
    );
    let new = store.replace(lost.serial, &Lifetime::default(), "遗失", &later, &mut sign).await.unwrap();
    let new = store.pass(new).await.unwrap();
    assert_eq!((new.colour, new.index, new.holder), (Colour::Green, 1, lost.holder));
    assert_eq!(new.expires, MORNING.plus(31 * DAY));
    assert_eq!(store.statuses(MORNING).await.unwrap(), [Status::Replaced, Status::AsSigned]);
    for change in [CardChange::Reinstated, CardChange::Withdrawn, CardChange::Replaced] {
        let refused = store.set_card(lost.serial, change, "", &later).await.unwrap_err();
        assert!(matches!(refused, StoreError::Replaced { serial } if serial == lost.serial));
    }
    store.set_card(new.serial, CardChange::Suspended, "核对", &later).await.unwrap();
    assert_eq!(issue(&store, later.at).await.signed, 0, "a new card would undo the suspension");
    let unknown = store.set_card(pass::Serial([0; 5]), CardChange::Withdrawn, "", &later).await.unwrap_err();
    assert!(matches!(unknown, StoreError::Absent { what: "pass", .. }));

    let mut decided = store.decisions(holder.0, holder.1).await.unwrap();
    assert_eq!(
        decided.pop().map(|first| (first.what, first.why)),
        Some((Decided::Colour(Colour::Green), "满14天".into()))
    );
    decided.sort_by_key(|decision| decision.why.clone());
    let what: Vec<_> = decided.iter().map(|decision| (decision.who.as_str(), decision.what)).collect();
    let (suspended, replaced) = (CardChange::Suspended, CardChange::Replaced);
    assert_eq!(
        what,
        [("王五", Decided::Card(new.serial, suspended)), ("王五", Decided::Card(lost.serial, replaced))]
    );
}

async fn passes_are_renewed_before_they_end(url: &str) {
    let store = Store::open(url).await.unwrap();
    import(&store, &[person("和平小区", "3-2-501", "张小明", "", "绿")]).await;
    issue(&store, MORNING).await;
    assert_eq!(issue(&store, MORNING.plus(22 * DAY)).await.signed, 0);
    let day_24 = MORNING.plus(24 * DAY);
    assert_eq!(issue(&store, day_24).await.signed, 1);
    assert_eq!(issue(&store, day_24).await.signed, 0);
    assert_eq!(
        store.statuses(MORNING).await.unwrap(),
        [Status::AsSigned; 2],
        "the old card holds until its own end"
    );
    let good = all(&store, Passes::Good(day_24)).await;
    assert_eq!(good.len(), 1, "only the new one is printed");
    assert_eq!((good[0].index, good[0].expires), (1, day_24.plus(30 * DAY)));
}

async fn namesakes_and_moves(url: &str) {
    let store = Store::open(url).await.unwrap();
    let two = [
        person("和平小区", "3-2-501", "张伟", "13800000001", "绿"),
        person("和平小区", "3-2-501", "张伟", "13800000002", "绿"),
        vehicle("和平小区", "3-2-501", "鄂A12345", "绿"),
    ];
    assert_eq!(import(&store, &two).await.added, 3);
    let unclear = import(&store, &[person("和平小区", "3-2-501", "张伟", "", "红")]).await;
    assert_eq!((unclear.ambiguous, unclear.changed, unclear.added), (vec![0], 0, 0));
    issue(&store, MORNING).await;

    // A vehicle is known by its plate: it moves with it, and gets a pass that names its new household.
    let moved = import(&store, &[vehicle("和平小区", "4-1-101", "鄂A12345", "绿")]).await;
    assert_eq!((moved.changed, moved.added), (1, 0));
    assert_eq!(issue(&store, MORNING).await.signed, 1);
}

async fn two_offices_cannot_share(url: &str) {
    let store = Store::open(url).await.unwrap();
    store.bind_office(OfficeId(7)).await.unwrap();
    store.bind_office(OfficeId(7)).await.unwrap();
    let error = store.bind_office(OfficeId(8)).await.unwrap_err();
    assert!(matches!(error, StoreError::Office { bound: OfficeId(7), asked: OfficeId(8) }), "{error}");
}

async fn versions_rise(url: &str) {
    let store = Store::open(url).await.unwrap();
    let next = async |at| store.next_version(Version::Status, Timestamp(at)).await.unwrap();
    assert_eq!(next(1000).await, 1000);
    assert_eq!(next(1000).await, 1001);
    assert_eq!(next(500).await, 1002, "the clock went back");
    assert_eq!(next(2000).await, 2000);
}

async fn two_writers_at_once(url: &str) {
    // Two programs open a store that doesn't exist yet, and sign the same list at once.
    let (one, two) = tokio::join!(Store::open(url), Store::open(url));
    let (one, two) = (one.unwrap(), two.unwrap());
    let list: Vec<_> =
        (0..300).map(|n| person("和平小区", &format!("1-1-{n}"), "张小明", "", "绿")).collect();
    let (first, second) = tokio::join!(import(&one, &list), import(&two, &list));
    assert_eq!(first.added + second.added, 300);
    let (first, second) = tokio::join!(issue(&one, MORNING), issue(&two, MORNING));
    assert_eq!(first.signed + second.signed, 300, "nobody got two");
    let passes = all(&one, Passes::All).await;
    let mut indices: Vec<_> = passes.iter().map(|pass| pass.index).collect();
    let mut serials: Vec<_> = passes.iter().map(|pass| pass.serial).collect();
    let mut tokens: Vec<_> = passes.iter().map(|pass| &pass.token).collect();
    indices.dedup();
    serials.sort();
    serials.dedup();
    tokens.sort();
    tokens.dedup();
    assert_eq!((indices.len(), serials.len(), tokens.len()), (300, 300, 300));
    assert_eq!(indices.last(), Some(&299), "no place is left empty");
}

async fn many_programs_at_once(url: &str) {
    const PROGRAMS: usize = 5;
    let list: Vec<_> = (0..20).map(|n| person("和平小区", &format!("1-1-{n}"), "张小明", "", "绿")).collect();
    let mut programs = tokio::task::JoinSet::new();
    for program in 0..PROGRAMS {
        let (url, list) = (url.to_owned(), list.clone());
        programs.spawn(async move {
            let store = Store::open(&url).await.unwrap();
            store.bind_office(OfficeId(7)).await.unwrap();
            let own = person("和平小区", &format!("9-1-{program}"), "李红", "", "绿");
            let imported = import(&store, &[list, vec![own]].concat()).await;
            let issued = issue(&store, MORNING).await;
            let compound = store.compound_by_name("和平小区").await.unwrap().id;
            let mut versions = Vec::new();
            for holder in 1..=10 {
                let colour = Colour::ALL[(program + usize::from(holder)) % 3];
                store.set_colour(compound, holder, &to(colour), &act()).await.unwrap();
                versions.push(store.next_version(Version::Status, MORNING).await.unwrap());
            }
            (imported.added, issued.signed, versions)
        });
    }
    let done = programs.join_all().await;
    let holders = 20 + PROGRAMS;
    assert_eq!(done.iter().map(|(added, ..)| added).sum::<usize>(), holders);
    let mut versions: Vec<u64> = done.iter().flat_map(|(.., versions)| versions.clone()).collect();
    versions.sort_unstable();
    let first = MORNING.0.unsigned_abs();
    assert!(versions.iter().copied().eq((first..).take(10 * PROGRAMS)), "each once, none lost: {versions:?}");

    let store = Store::open(url).await.unwrap();
    let compound = store.compound_by_name("和平小区").await.unwrap().id;
    let people = store.people(compound, MORNING).await.unwrap();
    assert!(people.iter().map(|person| usize::from(person.holder)).eq(1..=holders), "no number twice");
    let passes = all(&store, Passes::All).await;
    assert_eq!(passes.len(), done.iter().map(|(_, signed, _)| signed).sum::<usize>());
    assert!(passes.iter().map(|pass| pass.index).eq((0..).take(passes.len())), "no place twice, none empty");
    let statuses = store.statuses(MORNING).await.unwrap();
    for pass in &passes {
        let now =
            if pass.colour == pass.colour_now { Status::AsSigned } else { Status::Now(pass.colour_now) };
        assert_eq!(
            (statuses[pass.index as usize], pass.status),
            (now, now),
            "the list says what the registry says"
        );
    }
}

async fn out_of_one_database_into_another(url: &str) {
    let store = Store::open(url).await.unwrap();
    store.bind_office(OfficeId(7)).await.unwrap();
    let list = [
        person("和平小区", "3-2-501", "张小明", "13800000001", "红"),
        person("和平小区", "3-2-502", "李红", "", "绿"),
        vehicle("建设小区", "3-2-501", "鄂A12345", "绿"),
    ];
    import(&store, &list).await;
    issue(&store, MORNING).await;
    let holder = all(&store, Passes::All).await.remove(0);
    store.set_colour(holder.compound, holder.holder, &to(Colour::Green), &act()).await.unwrap();
    store.set_card(holder.serial, CardChange::Suspended, "核对", &act()).await.unwrap();
    let version = store.next_version(Version::Status, MORNING.plus(DAY)).await.unwrap();
    let pieces = async |store: &Store| {
        let mut pieces = Vec::new();
        let mut take = |piece| {
            pieces.push(piece);
            Ok(())
        };
        let count = store.read_whole(&mut take).await.unwrap();
        (pieces, count)
    };
    let (saved, count) = pieces(&store).await;
    let rows = saved.iter().filter(|piece| matches!(piece, Piece::Row(_))).count();
    assert_eq!(rows as u64, count);

    // Somebody writes meanwhile, and all of that is lost: their cards are out there.
    import(&store, &[person("和平小区", "3-2-503", "王五", "", "绿")]).await;
    issue(&store, MORNING).await;
    let before = all(&store, Passes::All).await;
    let lost = before.last().unwrap();

    let folder = tempfile::tempdir().unwrap();
    for into in [sqlite_url(&folder.path().join("restored.sqlite")), Postgres::shared().database()] {
        let restored = Store::open(&into).await.unwrap();
        let source = saved.clone();
        let source = move || -> Box<Pieces<'static>> { Box::new(source.clone().into_iter().map(Ok)) };
        let at = Act { by: "测试", at: MORNING };
        assert_eq!(restored.write_whole(&source, &at).await.unwrap(), count);
        let again = restored.write_whole(&source, &at).await.unwrap_err();
        assert!(matches!(again, StoreError::NotEmpty), "{again}");
        assert_eq!(all(&restored, Passes::All).await, before[..3]);
        let search = Search { text: "zxm".into(), limit: 9, ..Search::default() };
        assert_eq!(restored.find(&search).await.unwrap(), store.find(&search).await.unwrap());
        // Where people stand in the list, and when their passes end, is made anew.
        let valid = Search { limit: 9, pass: Some(PassSought::Valid(MORNING)), ..Search::default() };
        let valid: Vec<u16> =
            restored.find(&valid).await.unwrap().listed.iter().map(|listed| listed.holder).collect();
        assert_eq!(valid, [before[1].holder, before[2].holder], "the first is suspended");
        let decided = restored.decisions(holder.compound, holder.holder).await.unwrap();
        assert_eq!(decided, store.decisions(holder.compound, holder.holder).await.unwrap());
        assert_eq!(import(&restored, &list[1..]).await.unchanged, 2);
        restored.bind_office(OfficeId(8)).await.unwrap_err();

        let statuses = restored.statuses(MORNING).await.unwrap();
        assert_eq!(statuses[..3], [Status::Suspended, Status::AsSigned, Status::AsSigned]);
        assert_eq!(statuses[lost.index as usize], Status::Withdrawn, "what was lost doesn't hold");
        assert!(restored.next_version(Version::Status, MORNING).await.unwrap() > version);
        import(&restored, &[person("和平小区", "3-2-504", "赵六", "", "绿")]).await;
        issue(&restored, MORNING).await;
        let new = all(&restored, Passes::All).await.pop().unwrap();
        assert!(new.index >= INDEX_GAP && new.index > lost.index, "no place twice");
        assert!(new.compound != lost.compound || new.holder > lost.holder, "no number twice");
    }

    // What can't be used leaves nothing behind.
    let fresh = Store::open(&Postgres::shared().database()).await.unwrap();
    let table = |name: &str, column: &str| Piece::Table { name: name.into(), columns: vec![column.into()] };
    for pieces in [
        vec![table("offices", "id"), Piece::Row(vec![Cell::Number(7)]), table("robots", "id")],
        vec![table("offices", "id"), Piece::Row(vec![Cell::Number(7)]), table("offices", "wheels")],
        vec![table("offices", "id"), Piece::Row(vec![Cell::Text("7".into())])],
        vec![table("offices", "id"), Piece::Row(vec![])],
        vec![Piece::Row(vec![Cell::Empty])],
    ] {
        let source = move || -> Box<Pieces<'static>> { Box::new(pieces.clone().into_iter().map(Ok)) };
        let refused = fresh.write_whole(&source, &act()).await.unwrap_err();
        assert!(matches!(refused, StoreError::Backup(_)), "{refused}");
        assert_eq!(pieces_of(&fresh).await, 0);
    }
}

async fn pieces_of(store: &Store) -> u64 {
    store.read_whole(&mut |_| Ok(())).await.unwrap()
}

/// Compiled, and that is the test: what serves pages awaits these on whichever thread is free.
#[test]
fn what_a_store_does_may_move_between_threads() {
    fn moves(_: impl Send) {}
    #[expect(dead_code, reason = "never run")]
    fn all_of_them(store: &Store, key: &SigningKey) {
        let mut sign = |pass| -> Result<SignedPass, PassError> { pass::sign(pass, key) };
        moves(store.import(&[], &[], &act(), &mut |_, _| {}));
        moves(store.issue(&Lifetime::default(), &act(), &mut sign, &mut |_, _| {}));
        moves(store.bind_office(OfficeId(1)));
        moves(store.next_version(Version::Status, MORNING));
        moves(store.set_colour(pass::CompoundId(1), 1, &to(Colour::Red), &act()));
        moves(store.replace(pass::Serial([0; 5]), &Lifetime::default(), "", &act(), &mut sign));
        moves(store.confirm_run("", &act()));
        moves(store.audit(&act(), Action::Print, ""));
        moves(store.remove_gate("", &act()));
    }
}

#[tokio::test]
async fn what_a_server_refuses() {
    let server = Postgres::shared();
    let database = server.database();
    let name = database.split_once('?').unwrap().0.rsplit_once('/').unwrap().1;
    let wrong = Store::open(&server.url("office", "wrong secret", name)).await.unwrap_err();
    assert!(matches!(&wrong, StoreError::Denied { user, .. } if user == "office"), "{wrong}");
    let nobody = Store::open(&server.url("nobody", "wrong secret", name)).await.unwrap_err();
    assert!(matches!(nobody, StoreError::Denied { .. }), "{nobody}");
    let nowhere = Store::open(&server.url("office", postgres_server::PASSWORD, "nowhere")).await.unwrap_err();
    assert!(
        matches!(&nowhere, StoreError::NoDatabase { database, .. } if database == "nowhere"),
        "{nowhere}"
    );
    server.sql(name, "CREATE USER reader PASSWORD 'reader'");
    let reader = Store::open(&server.url("reader", "reader", name)).await.unwrap_err();
    assert!(matches!(&reader, StoreError::Denied { user, .. } if user == "reader"), "{reader}");
    for error in [wrong, nobody, nowhere, reader] {
        assert!(!format!("{error} {error:?}").contains("secret"), "{error}");
    }
    // A socket where nobody listens, and a folder that isn't there.
    let folder = tempfile::tempdir().unwrap();
    drop(std::os::unix::net::UnixListener::bind(folder.path().join(".s.PGSQL.5432")).unwrap());
    for folder in [folder.path(), Path::new("/nowhere/at/all")] {
        let url = format!("postgres://office:secret@localhost/x?host={}", folder.display());
        let gone = Store::open(&url).await.unwrap_err();
        assert!(matches!(gone, StoreError::Unreachable { .. }), "{gone}");
        assert!(!gone.to_string().contains("secret"));
    }
}

async fn a_failure_leaves_nothing(url: &str) {
    let store = Store::open(url).await.unwrap();
    import(
        &store,
        &[person("和平小区", "1-1-1", "张明", "", "绿"), person("和平小区", "1-1-2", "李红", "", "绿")],
    )
    .await;
    let mut count = 0;
    let mut fails = |pass: Pass| {
        count += 1;
        match count {
            2 => Err(PassError::Validity { from: pass.expires, until: pass.not_before }),
            _ => pass::sign(pass, &key()),
        }
    };
    let act = Act { by: "测试", at: MORNING };
    store.issue(&Lifetime::default(), &act, &mut fails, &mut |_, _| {}).await.unwrap_err();
    assert!(store.statuses(MORNING).await.unwrap().is_empty());
    assert_eq!(issue(&store, MORNING).await.signed, 2);
}

async fn what_staff_look_for(url: &str) {
    let store = Store::open(url).await.unwrap();
    let list = [
        person("和平小区", "3-2-501", "张小明", "13812345678", "绿"),
        person("和平小区", "12-2-501", "李红", "", "红"),
        vehicle("建设小区", "3-1-B2", "鄂A12345", "绿"),
        person("建设小区", "3-1-B2", "John Smith", "", "黄"),
    ];
    import(&store, &list).await;
    issue(&store, MORNING).await;
    let find = async |text: &str| {
        let search = Search { text: text.to_owned(), limit: 10, ..Search::default() };
        let Found { listed, count, .. } = store.find(&search).await.unwrap();
        assert_eq!(count, Count::Exactly(listed.len() as u32));
        listed.into_iter().map(|listed| listed.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(find("").await, ["张*明", "李*", "J*** S***", "鄂A12345"]);
    assert_eq!(find("小").await, ["张*明"], "one character of a name is enough");
    assert_eq!(find("smith").await, ["J*** S***"]);
    assert_eq!(find("５０１").await, ["张*明", "李*"]);
    assert_eq!(find("3-501").await, ["张*明"]);
    assert_eq!(find("3-1-b2").await, ["J*** S***", "鄂A12345"]);
    assert_eq!(find("a123").await, ["鄂A12345"]);
    assert_eq!(find("5678").await, ["张*明"]);
    assert_eq!(find("81").await, [""; 0], "two digits are no phone number");
    assert_eq!(find("%").await, [""; 0]);
    let serial = all(&store, Passes::All).await[1].serial;
    assert_eq!(find(&serial.short_code().to_lowercase()).await, ["李*"]);

    let search = Search { colour: Some(Colour::Green), limit: 1, ..Search::default() };
    let first = store.find(&search).await.unwrap().listed.remove(0);
    let page = Page::After(first.compound, first.holder);
    let Found { listed: found, count, before, after } = store.find(&Search { page, ..search }).await.unwrap();
    assert_eq!((found[0].kind, count, before, after), (Kind::Vehicle, Count::Exactly(2), true, false));
    assert_eq!(
        store.colour_counts(None).await.unwrap(),
        [(Colour::Green, 2), (Colour::Yellow, 1), (Colour::Red, 1)]
    );
    let token = found[0].pass.as_ref().unwrap().token.clone();
    assert_eq!(store.pass_by_token(&token).await.unwrap().unwrap().name.as_str(), "鄂A12345");
    assert_eq!(store.pass_by_token("").await.unwrap(), None);
}

async fn names_no_program_wrote(url: &str) {
    let store = Store::open(url).await.unwrap();
    let error = store.compound_by_name("和平小区").await.unwrap_err();
    assert!(matches!(error, StoreError::Absent { what: "compound", .. }), "{error}");
    import(&store, &[person("和平小区", "1-1-1", "张明", "", "绿")]).await;
    let compound = store.compound_by_name(" 和平小区 ").await.unwrap();
    store.set_rules(compound.id, "{}", "", &act()).await.unwrap();
    assert_eq!(store.compounds().await.unwrap()[0].rules.as_deref(), Some("{}"));
    store.audit(&act(), Action::Print, "4 cards").await.unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever two lists say, the second of two imports of the same list finds nothing to do.
    #[test]
    fn a_second_import_changes_nothing(lists in prop::collection::vec(any_list(), 2)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let store = Store::open(&sqlite_url(&folder.path().join("registry.sqlite"))).await.unwrap();
            for list in &lists {
                let first = import(&store, list).await;
                let again = import(&store, list).await;
                assert_eq!((again.added, again.changed), (0, 0), "after {first:?}");
                assert_eq!(again.ambiguous, first.ambiguous);
            }
        });
    }
}

/// A list such as the reader of rosters hands on: within it, each person and each vehicle once.
fn any_list() -> impl Strategy<Value = Vec<NewHolder>> {
    let room = prop::sample::select(vec!["1-1-1", "1-1-2"]);
    let name = prop::sample::select(vec!["张伟", "李红"]);
    let phone = prop::sample::select(vec!["13800000001", "13800000002", "13800000003"]);
    let colour = prop::sample::select(vec!["绿", "黄", "红"]);
    prop::collection::vec((room, name, phone, colour, any::<bool>()), 0..8).prop_map(|rows| {
        let mut seen = std::collections::HashSet::new();
        let mut list = Vec::new();
        for (room, name, phone, colour, is_vehicle) in rows {
            let plate = format!("鄂A{}", &phone[6..]);
            let (key, holder) = match is_vehicle {
                true => (plate.clone(), vehicle("和平小区", room, &plate, colour)),
                false => (format!("{room}{name}{phone}"), person("和平小区", room, name, phone, colour)),
            };
            if seen.insert(key) {
                list.push(holder);
            }
        }
        list
    })
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_files_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&sqlite_url(&folder.path().join("registry.sqlite"))).await.unwrap();
    import(&store, &[person("和平小区", "1-1-1", "张明", "", "绿")]).await;
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        names.push(entry.file_name().into_string().unwrap());
        let mode = entry.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{} has rights {mode:o}", entry.path().display());
    }
    assert!(names.iter().any(|name| name.ends_with("-wal")), "journalled beside the file: {names:?}");
}

#[tokio::test]
async fn what_is_no_store() {
    for url in ["", "mysql://user:secret@host/db", "postgres://user:secret@host:port/db", "sqlite::memory:"] {
        let error = Store::open(url).await.unwrap_err();
        assert!(matches!(error, StoreError::Url { .. }), "{url}: {error}");
        assert!(!error.to_string().contains("secret"));
    }
    let error = Store::open(&sqlite_url(Path::new("/nowhere/at/all.sqlite"))).await.unwrap_err();
    assert!(error.to_string().contains("/nowhere/at/all.sqlite"), "{error}");
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("text");
    std::fs::write(&text, "no database".repeat(100)).unwrap();
    assert!(Store::open(&sqlite_url(&text)).await.is_err());
}

fn key() -> SigningKey {
    SigningKey::from_seed(&[7; 32])
}

fn act() -> Act<'static> {
    Act { by: "测试", at: MORNING }
}

/// A colour that somebody answers for.
fn to(colour: Colour) -> ColourChange<'static> {
    ColourChange { colour, why: "", sign_off: SignOff::Mistaken }
}

async fn import(store: &Store, list: &[NewHolder]) -> Imported {
    store.import(list, &[1..=999], &act(), &mut |_, _| {}).await.unwrap()
}

async fn issue(store: &Store, at: Timestamp) -> Issued {
    let key = key();
    let mut sign = |pass| -> Result<SignedPass, PassError> { pass::sign(pass, &key) };
    store.issue(&Lifetime::default(), &Act { by: "测试", at }, &mut sign, &mut |_, _| {}).await.unwrap()
}

async fn all(store: &Store, which: Passes) -> Vec<store::PassOnFile> {
    let mut passes = Vec::new();
    let mut pages = store.passes(which);
    while let Some(page) = pages.next().await.unwrap() {
        passes.extend(page);
    }
    passes
}

fn person(compound: &str, home: &str, name: &str, phone: &str, colour: &str) -> NewHolder {
    row(compound, home, &[(Field::Name, name), (Field::Phone, phone), (Field::Colour, colour)])
}

fn vehicle(compound: &str, home: &str, plate: &str, colour: &str) -> NewHolder {
    row(compound, home, &[(Field::Plate, plate), (Field::Colour, colour)])
}

fn row(compound: &str, home: &str, cells: &[(Field, &str)]) -> NewHolder {
    let mut row = Row::default();
    row.set(Field::Compound, compound.to_owned());
    for (field, part) in [Field::Building, Field::Unit, Field::Room].into_iter().zip(home.split('-')) {
        row.set(field, part.to_owned());
    }
    for (field, cell) in cells {
        row.set(*field, (*cell).to_owned());
    }
    NewHolder::of_row(&row).unwrap().remove(0)
}
