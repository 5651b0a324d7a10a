//! Gates that speak for themselves: how they come to be known, what they are told, and how far the office has their journals.

use gate::{At, EmergencyOpened, What};
use pass::{Colour, CompoundId, OfficeId};
use store::{
    Act, AuditSearch, CardChange, ColourChange, Enrolled, Enrolment, GateReport, GateTrouble, JournalState,
    NewClosure, SignOff, Store, StoreError, Versions,
};

use crate::passages::{Log, compound};
use crate::{DAY, MORNING, act};

fn invitation(name: &str, compound: CompoundId) -> Enrolment {
    Enrolment { secret: "5ec".into(), name: name.into(), compound, ends: MORNING.plus(600), receiver: None }
}

pub(super) async fn a_gate_is_invited_once(url: &str) {
    let store = Store::open(url).await.unwrap();
    let (compound, _) = compound(&store).await;
    let at = |seconds| Act { by: "王五", at: MORNING.plus(seconds) };
    store.invite_gate("a", &invitation("南门", compound), &at(0)).await.unwrap();
    assert_eq!(store.invitation("a").await.unwrap().unwrap().name, "南门");
    assert!(store.invitation("b").await.unwrap().is_none());
    let enrol = async |id: &str, key: &str, seconds| store.enrol_gate(id, (key, "sign"), &at(seconds)).await;
    assert!(matches!(enrol("b", "k1", 5).await, Err(StoreError::Absent { .. })));
    assert_eq!(enrol("a", "k1", 5).await.unwrap(), Enrolled::Now);
    assert_eq!(enrol("a", "k1", 6).await.unwrap(), Enrolled::Before, "its answer was lost on the way");
    assert_eq!(enrol("a", "k2", 7).await.unwrap(), Enrolled::Used);
    assert_eq!(enrol("a", "k1", 600).await.unwrap(), Enrolled::Ended);
    let gates = store.gates().await.unwrap();
    assert_eq!((gates.len(), gates[0].receiver.as_str(), gates[0].signer.as_str()), (1, "k1", "sign"));
    store.note_report("k1", &GateReport { number: 2, ..GateReport::default() }).await.unwrap();
    store.note_report("k1", &GateReport { number: 1, through: 9, ..GateReport::default() }).await.unwrap();
    assert_eq!(store.gate_reports().await.unwrap()["k1"].through, 0, "an older one came later");

    // Its disk died: the same gate with other keys. The old ones open nothing any more, and never come back.
    store.invite_gate("c", &invitation("南门", compound), &at(10)).await.unwrap();
    assert_eq!(enrol("c", "k3", 11).await.unwrap(), Enrolled::Now);
    assert_eq!(store.gate_of("k1").await.unwrap().unwrap().1, Some(MORNING.plus(11)));
    assert_eq!(store.gate_of("k3").await.unwrap().unwrap().1, None);
    assert!(store.gate_reports().await.unwrap().is_empty());
    let taken = store.put_gate("东门", compound, "k1", &at(12)).await;
    assert!(matches!(taken, Err(StoreError::Taken { what: "key", .. })), "{taken:?}");
    store.remove_gate("南门", &at(13)).await.unwrap();
    let struck = store.struck_gates().await.unwrap();
    assert_eq!(struck.iter().map(|it| it.gate.receiver.as_str()).collect::<Vec<_>>(), ["k3", "k1"]);
    assert_eq!((struck[0].since(), struck[0].by.as_str()), (MORNING.plus(13), "王五"));
    // By hand, put in once more: what it signs by stays.
    store.invite_gate("d", &invitation("西门", compound), &at(20)).await.unwrap();
    enrol("d", "k4", 21).await.unwrap();
    store.put_gate("西门", compound, "k4", &at(22)).await.unwrap();
    assert_eq!(store.gates().await.unwrap()[0].signer, "sign");
}

/// What is new since `before`.
async fn new(store: &Store, before: &mut Versions, seconds: i64) -> String {
    while store.publish(MORNING.plus(seconds)).await.unwrap() {}
    let now = store.versions().await.unwrap();
    let mut told = String::new();
    for (what, was, is) in [
        ("status ", before.status, now.status),
        ("rules ", before.rules.values().sum(), now.rules.values().sum()),
        ("people ", before.people.values().sum(), now.people.values().sum()),
        ("directions ", before.directions.values().sum(), now.directions.values().sum()),
    ] {
        assert!(was <= is);
        told.push_str(if is > was { what } else { "" });
    }
    *before = now;
    told
}

pub(super) async fn gates_are_told_of_what_changes(url: &str) {
    let store = Store::open(url).await.unwrap();
    let (compound, holder) = compound(&store).await;
    let mut known = Versions::default();
    let by = act();
    // Somebody was registered and has a card.
    assert_eq!(new(&store, &mut known, 0).await, "status people ");
    assert_eq!(known.status, MORNING.0.unsigned_abs(), "versions are seconds, where they may");
    assert_eq!(new(&store, &mut known, 1).await, "");
    let red = ColourChange { colour: Colour::Red, why: "x", sign_off: SignOff::None };
    store.set_colour(compound, holder.holder, &red, &by).await.unwrap();
    assert_eq!(new(&store, &mut known, 2).await, "status people ");
    // The same colour once more changes nothing.
    store.set_colour(compound, holder.holder, &red, &by).await.unwrap();
    assert_eq!(new(&store, &mut known, 3).await, "");
    store.set_card(holder.serial, CardChange::Suspended, "x", &by).await.unwrap();
    assert_eq!(new(&store, &mut known, 4).await, "status people ");
    store.set_rules(compound, "{}", "", &by).await.unwrap();
    assert_eq!(new(&store, &mut known, 5).await, "rules ");
    store.put_gate("南门", compound, "k1", &by).await.unwrap();
    assert_eq!(new(&store, &mut known, 6).await, "people directions ");
    store.remove_gate("南门", &by).await.unwrap();
    assert_eq!(new(&store, &mut known, 7).await, "directions ");
    let closed = NewClosure { building: "1", unit: "", planned: None, why: "x", lets_exempt: false };
    let closed = store.close_homes(compound, &closed, &by).await.unwrap();
    assert_eq!(new(&store, &mut known, 8).await, "status people ");
    store.reopen_homes(&closed.id, &by).await.unwrap();
    assert_eq!(new(&store, &mut known, 9).await, "status people ");
    // Two changes within a second, and a clock that went back.
    store.set_rules(compound, "{ }", "", &by).await.unwrap();
    assert_eq!(new(&store, &mut known, 9).await, "rules ");
    store.set_rules(compound, "{  }", "", &by).await.unwrap();
    assert_eq!(new(&store, &mut known, 0).await, "rules ");
}

pub(super) async fn the_newest_list_of_each_other_office_is_kept(url: &str) {
    let (store, other) = (Store::open(url).await.unwrap(), Store::open(url).await.unwrap());
    let keep = async |office, version, list: &[u8]| {
        store.keep_list_of(OfficeId(office), version, list, &act()).await.unwrap()
    };
    assert!(store.lists().await.unwrap().is_empty());
    assert!(keep(2, 5, b"five").await && keep(3, 1, &[0xff, 0]).await);
    assert!(!keep(2, 5, b"again").await && !keep(2, 4, b"older").await);
    assert_eq!(other.list_of(OfficeId(2)).await.unwrap().as_deref(), Some(&b"five"[..]));
    assert!(keep(2, 6, b"six").await);
    assert_eq!(other.list_of(OfficeId(2)).await.unwrap().as_deref(), Some(&b"six"[..]));
    assert_eq!(other.list_of(OfficeId(3)).await.unwrap().as_deref(), Some(&[0xff, 0][..]));
    assert_eq!(other.list_of(OfficeId(4)).await.unwrap(), None);
    let versions = other.versions().await.unwrap().elsewhere;
    assert_eq!(versions.into_iter().collect::<Vec<_>>(), [(OfficeId(2), 6), (OfficeId(3), 1)]);
    let told = store.audit_lines(&AuditSearch { limit: 9, ..AuditSearch::default() }).await.unwrap();
    let told = told.iter().filter(|line| line.detail.starts_with("status list of office")).count();
    assert_eq!(told, 3, "only what changed something");
}

pub(super) async fn how_far_journals_are_here(url: &str) {
    let store = Store::open(url).await.unwrap();
    let (compound, _) = compound(&store).await;
    let opened = |at: i64| What::EmergencyOpened(EmergencyOpened { who: None, opened: At(MORNING.plus(at)) });
    let mut south = Log::of("南门");
    let mut east = Log::of("东门");
    east.journal = [9; 16];
    for at in 0..10 {
        south.add(at, opened(at));
        east.add(at * DAY, opened(at));
    }
    let by = act();
    let has = async |first| store.has_journal([7; 16], first).await.unwrap().map(|it| it.through);
    assert_eq!(has(1).await, None);
    store.keep_events(compound, &south.events[..3], &by).await.unwrap();
    assert_eq!(has(1).await, Some(3));
    // A stretch was lost on the way; what came after it is kept all the same.
    store.keep_events(compound, &south.events[5..8], &by).await.unwrap();
    assert_eq!(has(1).await, Some(3), "what is missing can still come");
    assert_eq!(
        (has(5).await, has(6).await, has(9).await),
        (Some(4), Some(8), Some(8)),
        "the gate has purged it"
    );
    // Nobody else is told what comes after it, as long as its gate may fill it.
    let told = async |first| {
        let report = GateReport {
            number: first,
            journal: "07".repeat(16),
            through: 8,
            first,
            ..GateReport::default()
        };
        store.note_report("k1", &report).await.unwrap();
        let (told, _) = store.events_beside(compound, None, &[], MORNING, 1 << 20).await.unwrap();
        told.iter().map(|bytes| gate::Event::from_bytes(bytes).unwrap().sequence).collect::<Vec<_>>()
    };
    assert_eq!(told(1).await, [1, 2, 3]);
    assert_eq!(told(5).await, [1, 2, 3]);
    assert_eq!(told(6).await, [1, 2, 3, 6, 7, 8], "it never will");
    let gap = GateTrouble {
        gate: "南门".into(),
        journal: "07".repeat(16),
        what: "gap".into(),
        sequence: 6,
        at: MORNING,
    };
    store.note_troubles(compound, std::slice::from_ref(&gap)).await.unwrap();
    assert_eq!(store.gate_troubles(compound).await.unwrap(), [gap]);
    store.keep_events(compound, &south.events[2..6], &by).await.unwrap();
    assert_eq!(has(1).await, Some(8));
    assert!(store.gate_troubles(compound).await.unwrap().is_empty(), "it was filled");
    store.keep_events(compound, &east.events, &by).await.unwrap();

    let beside = async |own, known: &[(u8, u64)], since, most| {
        let known: Vec<JournalState> = known
            .iter()
            .map(|(journal, through)| JournalState { journal: [*journal; 16], through: *through })
            .collect();
        let found = store.events_beside(compound, own, &known, MORNING.plus(since), most).await.unwrap();
        let events: Vec<_> = found.0.iter().map(|bytes| gate::Event::from_bytes(bytes).unwrap()).collect();
        (events.iter().map(|it| (it.journal[0], it.sequence)).collect::<Vec<_>>(), found.1)
    };
    let all = |journal: u8, from: u64, to: u64| (from..=to).map(move |at| (journal, at)).collect::<Vec<_>>();
    assert_eq!(beside(Some([7; 16]), &[], 0, 1 << 20).await, (all(9, 1, 10), false));
    assert_eq!(beside(Some([7; 16]), &[(9, 4)], 0, 1 << 20).await, (all(9, 5, 10), false));
    assert_eq!(beside(Some([7; 16]), &[(9, 4)], 6 * DAY, 1 << 20).await, (all(9, 7, 10), false));
    assert_eq!(beside(Some([7; 16]), &[(9, 4)], 0, 1).await, (all(9, 5, 5), true));
    assert_eq!(beside(None, &[(9, 10)], 0, 1 << 20).await, (all(7, 1, 8), false));
    assert_eq!(store.journal_sums().await.unwrap()[&compound], 18);

    let trouble = GateTrouble {
        gate: "南门".into(),
        journal: "07".repeat(16),
        what: "altered".into(),
        sequence: 4,
        at: MORNING,
    };
    for _ in 0..2 {
        store.note_troubles(compound, std::slice::from_ref(&trouble)).await.unwrap();
    }
    assert_eq!(store.gate_troubles(compound).await.unwrap(), [trouble]);
}
