use gate::{SignedIn, What};
use pass::Timestamp;
use store::sqlite_url;

use super::*;

const ACT: Act<'static> = Act { by: "测试", at: Timestamp(1_583_020_800) };

/// A journal of so many events, as a gate exports it.
fn log(gate: &str, count: u64) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    for sequence in 1..=count {
        events.push(Event {
            gate: gate.to_owned(),
            journal: [7; 16],
            sequence,
            at: ACT.at.plus(i64::try_from(sequence).unwrap()),
            in_doubt: false,
            before: events.last().map_or([0; 32], Event::hash),
            what: What::SignedIn(SignedIn { who: format!("{sequence}"), role: gate::Role::Guard }),
        });
    }
    events
}

fn file(events: &[Event]) -> Vec<u8> {
    events.iter().flat_map(Event::to_bytes).collect()
}

struct Office {
    store: Store,
    compound: CompoundId,
    _folder: tempfile::TempDir,
}

impl Office {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&sqlite_url(&folder.path().join("office.sqlite"))).await.unwrap();
        let mut row = registry::Row::default();
        for (field, text) in [
            (registry::Field::Compound, "和平小区"),
            (registry::Field::Building, "1"),
            (registry::Field::Unit, "1"),
            (registry::Field::Room, "101"),
            (registry::Field::Name, "张小明"),
            (registry::Field::Colour, "绿"),
        ] {
            row.set(field, text.to_owned());
        }
        let holders = registry::NewHolder::of_row(&row).unwrap();
        store.import(&holders, &[1..=9], &ACT, &mut |_, _| {}).await.unwrap();
        let compound = store.compounds().await.unwrap()[0].id;
        Self { store, compound, _folder: folder }
    }

    async fn take(&self, bytes: &[u8]) -> Taken {
        let belonging = Belonging { of_unknown: Some(self.compound), may: &|_| true };
        take_in(&self.store, bytes, &belonging, &ACT, &mut |_, _| {}).await.unwrap()
    }

    /// Deletes all events.
    async fn forget(&self) {
        let mut retention = store::Retention::default();
        retention.keep(store::Record::Passages, 0);
        self.store.set_retention(&retention, &ACT).await.unwrap();
        let _ = self.store.purge(&Act { at: ACT.at.plus(1 << 40), ..ACT }).await.unwrap();
    }

    async fn kept(&self) -> Vec<Event> {
        self.store.events_of(self.compound, Timestamp(0), Timestamp(i64::MAX)).await.unwrap()
    }
}

fn only(taken: &Taken) -> (u64, u64, u64, &[u64], Option<u64>) {
    let of = taken.journals.values().next().unwrap();
    (of.added, of.known, of.missing, &of.forks, of.detached)
}

#[tokio::test]
async fn files_are_taken_once() {
    let office = Office::open().await;
    let events = log("东门", 30);
    let taken = office.take(&file(&events[..20])).await;
    assert_eq!((only(&taken), &taken.refused), ((20, 0, 0, &[][..], None), &None));
    let more = office.take(&file(&events)).await;
    assert_eq!(only(&more), (10, 20, 0, &[][..], None));
    let twice = office.take(&[file(&events), file(&log("西门", 3))].concat()).await;
    assert_eq!(only(&twice), (0, 30, 0, &[][..], None));
    assert_eq!(twice.journals.len(), 2);
    let kept = office.kept().await;
    assert_eq!(kept.iter().filter(|it| it.gate == "东门").cloned().collect::<Vec<_>>(), events);
}

#[tokio::test]
async fn what_is_altered_ends_the_file() {
    let events = log("东门", 10);
    let whole = file(&events);
    let refused = async |bytes: &[u8]| {
        let office = Office::open().await;
        let refused = office.take(bytes).await.refused.unwrap();
        assert_eq!(
            office.kept().await,
            events[..usize::try_from(refused.after).unwrap()],
            "what was good before is kept"
        );
        (refused.after, refused.why)
    };
    let mut altered = events.clone();
    altered[4].at = altered[4].at.plus(-60);
    let chain = |sequence| Why::Altered { gate: "东门".into(), sequence };
    // The altered event still names the one before it; the next one tells, and what it tells of is not kept.
    assert_eq!(refused(&file(&altered)).await, (4, chain(6)));
    let mut renumbered = events.clone();
    renumbered[4].sequence = 9;
    assert_eq!(refused(&file(&renumbered)).await, (3, chain(9)));
    let mut moved = events.clone();
    moved[4].journal = [8; 16];
    assert_eq!(refused(&file(&moved)).await, (3, chain(5)));
    let unreadable = Why::Unreadable(EventError::Malformed);
    assert_eq!(refused(&whole[..whole.len() - 5]).await, (9, unreadable));
    assert_eq!(refused(b"").await, (0, Why::Empty));
    assert_eq!(refused(b"time,gate\r\n").await.0, 0);
}

#[tokio::test]
async fn a_journal_that_parted() {
    let office = Office::open().await;
    let events = log("东门", 10);
    office.take(&file(&events)).await;
    let mut other = log("东门", 8);
    for at in 5..8 {
        other[at].in_doubt = true;
        other[at].before = other[at - 1].hash();
    }
    let taken = office.take(&file(&other)).await;
    assert_eq!(only(&taken), (3, 5, 0, &[6, 7, 8][..], Some(9)));
    // A part of it that begins behind where they parted does not go on from what is here.
    let elsewhere = Office::open().await;
    elsewhere.take(&file(&events[..6])).await;
    let taken = elsewhere.take(&file(&other[6..])).await;
    assert_eq!(only(&taken), (2, 0, 0, &[][..], Some(7)));
    // What was not in the file is said.
    let holes = elsewhere.take(&file(&[&events[..1], &events[3..6]].concat())).await;
    assert_eq!(only(&holes), (0, 4, 2, &[][..], Some(7)), "nor does what is here go on from its end");
}

#[tokio::test]
async fn only_gates_of_ones_own_compounds() {
    let office = Office::open().await;
    let bytes = file(&log("东门", 2));
    let take = async |of_unknown, mine: bool| {
        let belonging = Belonging { of_unknown, may: &move |_| mine };
        take_in(&office.store, &bytes, &belonging, &ACT, &mut |_, _| {}).await.unwrap().refused
    };
    let gate = || "东门".to_owned();
    let unknown = Some(Refused { after: 0, why: Why::UnknownGate { gate: gate() } });
    assert_eq!(take(None, true).await, unknown);
    office.store.put_gate("东门", office.compound, "key", &ACT).await.unwrap();
    assert_eq!(take(None, false).await, Some(Refused { after: 0, why: Why::ElsewhereGate { gate: gate() } }));
    assert_eq!(office.kept().await, []);
    assert_eq!(take(None, true).await, None);
    let mut named = log("东门\n", 1);
    named[0].sequence = 1;
    assert_eq!(office.take(&file(&named)).await.refused.unwrap().why, Why::Unusable { sequence: 1 });
    let mut zero = log("东门", 1);
    zero[0].sequence = 0;
    assert_eq!(office.take(&file(&zero)).await.refused.unwrap().why, Why::Unusable { sequence: 0 });
}

/// Whatever becomes of the bytes on their way: what is kept is what the gate wrote, up to the damage.
/// Whatever becomes of the bytes on their way: what is kept is what the gate wrote, up to the damage.
#[tokio::test]
async fn damage_is_never_kept() {
    let events = log("东门", 5);
    let whole = file(&events);
    let office = Office::open().await;
    for bit in (0..whole.len() * 8).step_by(23) {
        let mut bytes = whole.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let taken = office.take(&bytes).await;
        // One that nothing follows that names it may be altered: the last, or the first where its gate or journal reads otherwise.
        let strange = office.kept().await.iter().filter(|event| !events.contains(event)).count();
        assert!(strange <= 1, "bit {bit}: {taken:?}");
        assert!(strange == 0 || taken.refused.is_none(), "bit {bit}: {taken:?}");
        office.forget().await;
    }
}
