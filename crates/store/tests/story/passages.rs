//! What gates have logged.

use gate::{
    Came, Direction, EmergencyOpened, Event, Holder, Judged, Manual, Note, Overridden, Passed, Undone,
    Verdict, Versions, What,
};
use pass::{Colour, CompoundId, Kind, OfficeId, Serial, Timestamp};
use store::{Ended, Kept, PassageCounts, PassageSearch, Record, Retention, Sought, Store, StoreError};

use crate::{DAY, MORNING, act, import, issue, person};

/// A gate's journal as it is written.
pub(crate) struct Log {
    gate: &'static str,
    pub(crate) journal: [u8; 16],
    pub(crate) events: Vec<Event>,
}

impl Log {
    pub(crate) fn of(gate: &'static str) -> Self {
        Self { gate, journal: [7; 16], events: Vec::new() }
    }

    /// Adds an event and returns its sequence.
    pub(crate) fn add(&mut self, at: i64, what: What) -> u64 {
        let before = self.events.last().map_or([0; 32], Event::hash);
        let sequence = self.events.last().map_or(0, |last| last.sequence) + 1;
        let (gate, at) = (self.gate.to_owned(), MORNING.plus(at));
        self.events.push(Event { gate, journal: self.journal, sequence, at, in_doubt: false, before, what });
        sequence
    }
}

fn judged(holder: Option<&Holder>, direction: Direction, verdict: Verdict) -> Judged {
    Judged {
        direction,
        verdict,
        reasons: Vec::new(),
        alert: false,
        holder: holder.cloned(),
        versions: Versions::default(),
        party: 1,
        temperature: None,
        plate: None,
        came: Came::Scanned,
        together_with: None,
        sensed: false,
        beside: 0,
        supersedes: None,
        keyed_by: None,
    }
}

pub(crate) fn note(text: &str) -> Note {
    Note::new(text).unwrap()
}

/// A compound with somebody in it, and their pass.
pub(crate) async fn compound(store: &Store) -> (CompoundId, Holder) {
    let list = [
        person("和平小区", "3-2-501", "张小明", "", "绿"),
        person("和平小区", "1-1-101", "王五", "", "绿"),
        person("建设小区", "1-1-101", "李红", "", "绿"),
    ];
    import(store, &list).await;
    issue(store, MORNING).await;
    let compound = store.compound_by_name("和平小区").await.unwrap().id;
    let people = store.people(compound, MORNING).await.unwrap();
    let of = people.iter().find(|person| person.full_name == "张小明").unwrap();
    let holder = Holder {
        office: OfficeId(1),
        serial: of.cards[0].serial,
        compound,
        household: of.household,
        holder: of.holder,
        colour: Colour::Green,
        kind: Kind::Person,
    };
    (compound, holder)
}

/// Out, stopped and let through, judged again, taken back, by hand, unjudged, an emergency.
fn a_day(holder: &Holder) -> Log {
    let mut log = Log::of("东门");
    let who = || "李师傅".to_owned();
    log.add(0, What::Judged(judged(Some(holder), Direction::Out, Verdict::Admit)));
    let stopped = log.add(60, What::Judged(judged(Some(holder), Direction::In, Verdict::Refuse)));
    log.add(
        70,
        What::Overridden(Overridden {
            of: stopped, verdict: Verdict::Admit, who: who(), why: note("本人")
        }),
    );
    let sensed = Judged { sensed: true, ..judged(Some(holder), Direction::Out, Verdict::Admit) };
    let first = log.add(120, What::Judged(sensed.clone()));
    let again = Judged { supersedes: Some(first), party: 2, ..sensed };
    let second = log.add(130, What::Judged(again));
    log.add(140, What::Passed(Passed { of: Some(second), direction: Direction::Out, persons: 2 }));
    let mistake = log.add(200, What::Judged(judged(Some(holder), Direction::Out, Verdict::Admit)));
    log.add(210, What::Undone(Undone { of: mistake, who: who(), why: note("误扫") }));
    log.add(300, What::Judged(judged(None, Direction::Out, Verdict::Refuse)));
    log.add(
        310,
        What::Manual(Manual {
            direction: Direction::Out,
            verdict: Verdict::Admit,
            who: who(),
            why: note("忘带证"),
            household: None,
            party: 1,
            plate: None,
            instead_of: Some(9),
        }),
    );
    log.add(400, What::Passed(Passed { of: None, direction: Direction::Out, persons: 1 }));
    log.add(500, What::EmergencyOpened(EmergencyOpened { who: None, opened: gate::At(MORNING.plus(499)) }));
    log
}

const COUNTED: PassageCounts =
    PassageCounts { out: 3, into: 1, refused: 1, overridden: 1, manual: 1, unjudged: 1, emergencies: 1 };

pub(crate) async fn events_are_kept_byte_for_byte(url: &str) {
    let store = Store::open(url).await.unwrap();
    let (compound, holder) = compound(&store).await;
    let log = a_day(&holder);
    let kept = store.keep_events(compound, &log.events, &act()).await.unwrap();
    assert_eq!(kept, Kept { added: 12, known: 0, forks: vec![], verdicts: [5, 0, 2] });
    let again = store.keep_events(compound, &log.events, &act()).await.unwrap();
    assert_eq!(again, Kept { known: 12, ..Kept::default() }, "the same file twice changes nothing");
    let passages = [Verdict::Admit, Verdict::Check, Verdict::Refuse].map(|it| store.tally().passages(it));
    assert_eq!((store.tally().events(), passages), (12, [5, 0, 2]));
    let all = store.events_of(compound, MORNING, MORNING.plus(DAY)).await.unwrap();
    assert_eq!(all, log.events);
    let journal = store.journals().await.unwrap().remove(0);
    assert_eq!((journal.first, journal.last, journal.kept, journal.missing()), (1, 12, 12, 0));
    assert_eq!(journal.newest, MORNING.plus(500));
    let nowhere = store.keep_events(CompoundId(999), &log.events, &act()).await;
    assert!(matches!(nowhere, Err(StoreError::Absent { what: "compound", .. })));

    let day = (MORNING, MORNING.plus(DAY));
    assert_eq!(store.passage_counts(None, day.0, day.1).await.unwrap(), COUNTED);
    assert_eq!(store.passage_counts(Some(&[compound]), day.0, day.1).await.unwrap(), COUNTED);
    assert_eq!(store.passage_counts(Some(&[]), day.0, day.1).await.unwrap(), PassageCounts::default());
    let buckets = store.passage_buckets(None, MORNING, 60, 10).await.unwrap();
    let told: Vec<_> = buckets.iter().map(|it| (it.number, it.colour, it.direction, it.count)).collect();
    let green = Some(Colour::Green);
    assert_eq!(
        told,
        [
            (0, green, Direction::Out, 1),
            (1, green, Direction::In, 1),
            (2, green, Direction::Out, 1),
            (5, None, Direction::Out, 1),
        ]
    );
}

pub(crate) async fn events_come_in_any_order(url: &str) {
    let store = Store::open(url).await.unwrap();
    let (compound, holder) = compound(&store).await;
    let log = a_day(&holder);
    // One at a time, the last first: each tells of something that is not there yet.
    for event in log.events.iter().rev() {
        store.keep_events(compound, std::slice::from_ref(event), &act()).await.unwrap();
    }
    let day = (MORNING, MORNING.plus(DAY));
    assert_eq!(store.passage_counts(None, day.0, day.1).await.unwrap(), COUNTED);
    let journal = store.journals().await.unwrap().remove(0);
    assert_eq!((journal.first, journal.last, journal.missing()), (1, 12, 0));
    let story = store.story_of("东门", &journal.journal, 6).await.unwrap();
    let sequences: Vec<_> = story.iter().map(|it| (it.event.sequence, it.ended, it.went)).collect();
    assert_eq!(sequences, [(4, Some(Ended::Superseded), false), (5, None, true), (6, None, false)]);
    assert!(matches!(
        store.story_of("东门", &journal.journal, 99).await,
        Err(StoreError::Absent { what: "event", .. })
    ));
}

pub(crate) async fn forks_are_kept_and_shown(url: &str) {
    let store = Store::open(url).await.unwrap();
    let (compound, holder) = compound(&store).await;
    let log = a_day(&holder);
    store.keep_events(compound, &log.events[..4], &act()).await.unwrap();
    // The gate's disk was put back to after its second event, and the gate went on from there.
    let mut other = Log { events: log.events[..2].to_vec(), ..Log::of("东门") };
    other.add(90, What::Judged(judged(Some(&holder), Direction::In, Verdict::Admit)));
    let kept = store.keep_events(compound, &other.events, &act()).await.unwrap();
    assert_eq!(kept, Kept { added: 1, known: 2, forks: vec![3], verdicts: [1, 0, 0] });
    let journal = store.journals().await.unwrap().remove(0);
    assert_eq!((journal.kept, journal.forked, journal.missing()), (5, 1, 0));
    let search = PassageSearch { sought: Some(Sought::Forked), limit: 10, ..PassageSearch::default() };
    let forked = store.passages(&search).await.unwrap();
    assert_eq!((forked.len(), forked[0].event.sequence), (1, 3), "the other side is an override, not a line");
    assert!(forked[0].forked);
    let story = store.story_of("东门", &journal.journal, 3).await.unwrap();
    assert_eq!(story.len(), 3, "both sides, and what one of them is about");

    // What is between two files never came.
    store.keep_events(compound, &log.events[10..], &act()).await.unwrap();
    assert_eq!(store.journals().await.unwrap()[0].missing(), 6);
}

pub(crate) async fn passages_are_found(url: &str) {
    let store = Store::open(url).await.unwrap();
    let (compound, holder) = compound(&store).await;
    let other = store.compound_by_name("建设小区").await.unwrap().id;
    let log = a_day(&holder);
    store.put_gate("东门", compound, "key", &act()).await.unwrap();
    assert_eq!(store.compound_of_journal("东门", &[7; 16]).await.unwrap(), Some(compound), "by its gate");
    assert_eq!(store.compound_of_journal("西门", &[7; 16]).await.unwrap(), None);
    store.keep_events(compound, &log.events, &act()).await.unwrap();
    let mut west = Log::of("西门");
    west.add(90, What::Judged(judged(Some(&holder), Direction::Out, Verdict::Refuse)));
    store.keep_events(other, &west.events, &act()).await.unwrap();
    assert_eq!(store.compound_of_journal("西门", &[7; 16]).await.unwrap(), Some(other), "by its journal");

    let any = PassageSearch { limit: 100, ..PassageSearch::default() };
    let found = async |search: PassageSearch| {
        let passages = store.passages(&search).await.unwrap();
        passages.iter().map(|it| (it.event.gate.clone(), it.event.sequence)).collect::<Vec<_>>()
    };
    let east = |sequences: &[u64]| sequences.iter().map(|it| ("东门".to_owned(), *it)).collect::<Vec<_>>();
    let mine = PassageSearch { compounds: Some(vec![compound]), ..any.clone() };
    assert_eq!(found(mine.clone()).await, east(&[12, 11, 10, 9, 7, 5, 4, 2, 1]));
    assert_eq!(found(any.clone()).await.len(), 10);
    assert_eq!(found(PassageSearch { compounds: Some(vec![]), ..any.clone() }).await, []);
    let theirs = PassageSearch { compounds: Some(vec![other]), ..any.clone() };
    let foreign = store.passages(&theirs).await.unwrap();
    assert_eq!(foreign[0].bearer, None, "whose pass it was is known to the pass's own compound alone");
    for (text, expected) in [
        ("张", &[7, 5, 4, 2, 1][..]),
        ("小明", &[7, 5, 4, 2, 1]),
        ("501", &[7, 5, 4, 2, 1]),
        ("3-2-501", &[7, 5, 4, 2, 1]),
        ("王五", &[]),
        ("%", &[]),
    ] {
        assert_eq!(
            found(PassageSearch { text: text.into(), ..mine.clone() }).await,
            east(expected),
            "{text}"
        );
    }
    let code = holder.serial.short_code();
    assert_eq!(found(PassageSearch { text: code, ..mine.clone() }).await.len(), 5);
    for (sought, expected) in [
        (Sought::Went, &[10, 5, 2, 1][..]),
        (Sought::Admitted, &[7, 5, 4, 1]),
        (Sought::Checked, &[]),
        (Sought::Refused, &[9, 2]),
        (Sought::Overridden, &[2]),
        (Sought::Manual, &[10]),
        (Sought::Undone, &[7]),
        (Sought::Unjudged, &[11]),
        (Sought::Emergency, &[12]),
        (Sought::Forked, &[]),
    ] {
        let search = PassageSearch { sought: Some(sought), ..mine.clone() };
        assert_eq!(found(search).await, east(expected), "{sought:?}");
    }
    let stretch = PassageSearch {
        from: Some(MORNING.plus(60)),
        until: Some(MORNING.plus(200)),
        direction: Some(Direction::Out),
        gate: "东门".into(),
        ..any.clone()
    };
    assert_eq!(found(stretch).await, east(&[5, 4]));
    // A page at a time gives the same as all at once.
    let (mut paged, mut after) = (Vec::new(), None);
    loop {
        let page = PassageSearch { after: after.clone(), limit: 4, ..any.clone() };
        let passages = store.passages(&page).await.unwrap();
        let Some(last) = passages.last() else { break };
        after = Some(last.key.clone());
        paged.extend(passages.iter().map(|it| (it.event.gate.clone(), it.event.sequence)));
    }
    assert_eq!(paged, found(any).await);

    let shown = store.passages(&mine).await.unwrap();
    let turned = shown.iter().find(|it| it.event.sequence == 2).unwrap();
    assert_eq!((turned.became, turned.overridden, turned.went), (Some(Verdict::Admit), true, true));
    let bearer = turned.bearer.as_ref().unwrap();
    assert_eq!((bearer.name.as_ref().unwrap().as_str(), bearer.address.room.as_str()), ("张*明", "501"));
    // A visitor's pass bears the number of the host.
    let visitor = Holder { kind: Kind::Visitor, serial: Serial([9; 5]), ..holder.clone() };
    let mut log = log;
    log.add(600, What::Judged(judged(Some(&visitor), Direction::In, Verdict::Admit)));
    store.keep_events(compound, &log.events, &act()).await.unwrap();
    let shown = store.passages(&PassageSearch { limit: 1, ..mine }).await.unwrap();
    let bearer = shown[0].bearer.as_ref().unwrap();
    assert_eq!((bearer.name.as_ref(), bearer.address.room.as_str()), (None, "501"));
}

pub(crate) async fn passages_are_deleted_when_their_time_is_over(url: &str) {
    let store = Store::open(url).await.unwrap();
    let (compound, holder) = compound(&store).await;
    let mut log = a_day(&holder);
    log.add(20 * DAY, What::Judged(judged(Some(&holder), Direction::Out, Verdict::Admit)));
    store.keep_events(compound, &log.events, &act()).await.unwrap();
    let mut retention = Retention::default();
    assert_eq!(retention.days(Record::Passages), 30);
    for record in Record::ALL {
        retention.keep(record, 1000);
    }
    retention.keep(Record::Passages, 30);
    store.set_retention(&retention, &act()).await.unwrap();
    let later = store::Act { at: MORNING.plus(31 * DAY), ..act() };
    let certificate = store.purge(&later).await.unwrap().unwrap();
    assert_eq!(certificate.lines, [(Record::Passages, 12, MORNING.plus(DAY))]);
    let journal = store.journals().await.unwrap().remove(0);
    assert_eq!((journal.first, journal.last, journal.kept, journal.missing()), (13, 13, 1, 0));
    // What was purged here is not asked for again, though its gate still has it.
    let has = store.has_journal(log.journal, 1).await.unwrap().map(|it| it.through);
    assert_eq!(has, Some(13));
    assert_eq!(store.events_of(compound, Timestamp(0), later.at).await.unwrap().len(), 1);
    store.purge(&store::Act { at: MORNING.plus(60 * DAY), ..act() }).await.unwrap().unwrap();
    let has = store.has_journal(log.journal, 1).await.unwrap().map(|it| it.through);
    assert_eq!(has, Some(13));
}

pub(crate) async fn how_things_stand(url: &str) {
    let store = Store::open(url).await.unwrap();
    let (compound, holder) = compound(&store).await;
    let other = store.compound_by_name("建设小区").await.unwrap().id;
    let at = |days: i64| MORNING.plus(days * DAY);
    let stand = async |compounds: &[CompoundId], now: i64| {
        let stands = store.standings(compounds, at(now), at(now + 7)).await.unwrap();
        (stands.colours, stands.ending)
    };
    assert_eq!(stand(&[compound, other], 0).await, ([3, 0, 0], 0));
    assert_eq!(stand(&[compound], 0).await, ([2, 0, 0], 0));
    assert_eq!(stand(&[], 0).await, ([0, 0, 0], 0));
    let red =
        store::ColourChange { colour: Colour::Red, why: "从疫区返回", sign_off: store::SignOff::None };
    store.set_colour(compound, holder.holder, &red, &act()).await.unwrap();
    assert_eq!(stand(&[compound], 13).await, ([1, 0, 1], 0));
    assert_eq!(stand(&[compound], 14).await, ([1, 0, 1], 0));
    assert_eq!(stand(&[compound], 23).await, ([1, 0, 1], 2), "passes of 30 days");
    issue(&store, at(23)).await;
    assert_eq!(stand(&[compound], 23).await.1, 0, "each has a newer one");
    assert_eq!(stand(&[compound], 60).await.1, 0, "what has ended does not end");
}
