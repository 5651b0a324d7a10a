//! The journal under every kind of harm that one machine can do to it.

use std::fs;
use std::path::{Path, PathBuf};

use gate::{Came, Direction, Judged, Verdict, Versions, What};
use pass::Timestamp;
use proptest::prelude::*;

use super::*;

/// An event that tells itself apart by `mark`.
fn event(mark: u16) -> impl FnOnce(Next) -> Event {
    move |next| Event {
        gate: "南门".into(),
        journal: next.journal,
        sequence: next.sequence,
        at: Timestamp(1_700_000_000 + i64::from(mark)),
        in_doubt: false,
        before: next.before,
        what: What::Judged(Judged {
            direction: Direction::Out,
            verdict: Verdict::Refuse,
            reasons: vec!["bad_signature".into()],
            alert: false,
            holder: None,
            versions: Versions::default(),
            party: mark,
            temperature: None,
            plate: None,
            came: Came::Scanned,
            together_with: None,
            sensed: false,
            beside: 0,
            supersedes: None,
            keyed_by: None,
        }),
    }
}

/// As [`event`], that happened on this day.
fn on_day(day: i64, plate: &str) -> impl FnOnce(Next) -> Event {
    let plate = plate.to_owned();
    move |next| {
        let mut event = event(0)(next);
        event.at = Timestamp(DAY_0 + day * DAY);
        let What::Judged(judged) = &mut event.what else { panic!("only verdicts are written here") };
        judged.plate = Some(plate);
        event
    }
}

const DAY: i64 = 86_400;
const DAY_0: i64 = 1_700_000_000;

/// Files below a folder that hold these bytes anywhere.
fn files_with(folder: &Path, needle: &[u8]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_with(&path, needle));
        } else if fs::read(&path).unwrap().windows(needle.len()).any(|window| window == needle) {
            found.push(path);
        }
    }
    found
}

fn party(event: &Event) -> u16 {
    match &event.what {
        What::Judged(judged) => judged.party,
        _ => panic!("only verdicts are written here"),
    }
}

fn marks(folder: &Path) -> Vec<u16> {
    read(folder).unwrap().map(|event| party(&event.unwrap())).collect()
}

fn with(folder: &Path, marks: std::ops::Range<u16>) {
    let mut journal = Journal::open(folder).unwrap();
    for mark in marks {
        journal.append(event(mark)).unwrap();
    }
}

fn only_segment(folder: &Path) -> PathBuf {
    segment::list(&folder.join("segments")).unwrap().pop().unwrap().1
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn what_was_acknowledged_is_there_after_opening_again() {
    let dir = tempfile::tempdir().unwrap();
    with(dir.path(), 0..5);
    with(dir.path(), 5..7);
    assert_eq!(marks(dir.path()), [0, 1, 2, 3, 4, 5, 6]);
    let found = verify(dir.path()).unwrap();
    assert!(found.is_sound());
    assert_eq!((found.events, found.last, found.store), (7, 7, Store::Same));
}

#[test]
fn two_programs_cannot_have_it_open() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = Journal::open(dir.path()).unwrap();
    assert!(matches!(Journal::open(dir.path()), Err(JournalError::InUse { .. })));
    journal.append(event(1)).unwrap();
    assert_eq!(marks(dir.path()), [1], "reading needs no lock");
    assert_eq!(verify(dir.path()).unwrap().store, Store::InUse);
    drop(journal);
    Journal::open(dir.path()).unwrap();
}

#[test]
fn killed_at_every_byte_of_an_append() {
    let dir = tempfile::tempdir().unwrap();
    let (before, after) = (dir.path().join("before"), dir.path().join("after"));
    with(&before, 0..3);
    copy(&before, &after);
    with(&after, 3..4);
    let segment = only_segment(&before);
    let (short, long) = (fs::read(&segment).unwrap(), fs::read(only_segment(&after)).unwrap());
    assert_eq!(long[..short.len()], short);
    for length in short.len()..=long.len() {
        let killed = dir.path().join("killed");
        copy(&before, &killed);
        fs::write(only_segment(&killed), &long[..length]).unwrap();
        let mut journal = Journal::open(&killed).unwrap();
        let whole = length == long.len();
        let torn = (length - short.len()) as u64;
        let expected = match torn {
            0 => vec![],
            _ if whole => vec![Note::Replayed { events: 1 }],
            bytes => vec![Note::TornTailCut { bytes }],
        };
        assert_eq!(journal.notes(), expected, "at {length}");
        journal.append(event(9)).unwrap();
        drop(journal);
        let expected = if whole { vec![0, 1, 2, 3, 9] } else { vec![0, 1, 2, 9] };
        assert_eq!(marks(&killed), expected, "at {length}");
        assert!(verify(&killed).unwrap().is_sound());
        fs::remove_dir_all(&killed).unwrap();
    }
}

#[test]
fn killed_at_every_byte_of_a_new_segment() {
    let dir = tempfile::tempdir().unwrap();
    let killed = dir.path().join("killed");
    for length in 0..segment::HEADER {
        let mut journal = Journal::open_with(&killed, 1).unwrap();
        journal.append(event(1)).unwrap();
        let next = journal.count() + 1;
        drop(journal);
        let header = vec![0x53; length];
        fs::write(killed.join(format!("segments/{next:020}.seg")), header).unwrap();
        let mut journal = Journal::open_with(&killed, 1).unwrap();
        assert_eq!(journal.count() + 1, next, "at {length}");
        journal.append(event(2)).unwrap();
    }
    let found = verify(&killed).unwrap();
    assert!(found.is_sound(), "{found:?}");
    assert_eq!(found.events, 2 * segment::HEADER as u64);
}

#[test]
fn every_flipped_bit_is_reported_and_nothing_is_changed() {
    let dir = tempfile::tempdir().unwrap();
    with(dir.path(), 0..3);
    let path = only_segment(dir.path());
    let sound = fs::read(&path).unwrap();
    for at in 0..sound.len() {
        let mut bytes = sound.clone();
        bytes[at] ^= 1 << (at % 8);
        fs::write(&path, &bytes).unwrap();
        assert!(!verify(dir.path()).unwrap().is_sound(), "byte {at}");
        assert!(matches!(Journal::open(dir.path()), Err(JournalError::Damaged { .. })), "byte {at}");
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }
    fs::write(&path, &sound).unwrap();
    assert_eq!(Journal::open(dir.path()).unwrap().notes(), []);
}

#[test]
fn a_lost_store_is_rebuilt() {
    let dir = tempfile::tempdir().unwrap();
    with(dir.path(), 0..4);
    fs::remove_dir_all(dir.path().join("sled")).unwrap();
    let journal = Journal::open(dir.path()).unwrap();
    assert_eq!(journal.notes(), [Note::Replayed { events: 4 }]);
    assert_eq!(Event::from_bytes(&journal.event(2).unwrap().unwrap()).unwrap().sequence, 2);
    drop(journal);
    assert_eq!(verify(dir.path()).unwrap().store, Store::Same);
}

#[test]
fn a_corrupted_store_is_moved_aside_and_rebuilt() {
    let dir = tempfile::tempdir().unwrap();
    with(dir.path(), 0..4);
    let data = dir.path().join("sled/00000000000000000001/db");
    let sound = fs::read(&data).unwrap();
    let used = sound.iter().rposition(|byte| *byte != 0).unwrap();
    let mut rebuilt = 0;
    for seed in 0..12 {
        let mut bytes = sound.clone();
        for byte in bytes.iter_mut().take(used).skip(seed * used / 12).take(64) {
            *byte ^= 0xA5;
        }
        fs::write(&data, &bytes).unwrap();
        let journal = Journal::open(dir.path()).unwrap();
        rebuilt += u32::from(matches!(journal.notes(), [Note::StoreRebuilt { .. }]));
        assert_eq!(journal.count(), 4);
        drop(journal);
        assert_eq!(marks(dir.path()), [0, 1, 2, 3]);
        assert!(verify(dir.path()).unwrap().is_sound(), "{seed}: {:?}", verify(dir.path()));
    }
    assert!(rebuilt > 0, "sled never noticed");
}

#[test]
fn a_store_that_is_ahead_is_damage() {
    let dir = tempfile::tempdir().unwrap();
    with(dir.path(), 0..2);
    let segment = only_segment(dir.path());
    let short = fs::read(&segment).unwrap();
    with(dir.path(), 2..3);
    fs::write(&segment, &short).unwrap();
    match Journal::open(dir.path()) {
        Err(JournalError::Damaged { what, .. }) => {
            assert_eq!(what, Damage::StoreAhead { segments: 2, store: 3 });
        }
        other => panic!("{other:?}"),
    }
    let found = verify(dir.path()).unwrap();
    assert_eq!(found.store, Store::Differs { missing: 0, different: 0, surplus: 1 });
    assert!(!found.is_sound());

    let aside = set_aside(dir.path()).unwrap();
    let journal = Journal::open(dir.path()).unwrap();
    assert_eq!(journal.count(), 0);
    assert_eq!(marks(&aside), [0, 1], "nothing of the old one is lost");
}

#[test]
fn the_store_of_another_journal_is_not_taken() {
    let dir = tempfile::tempdir().unwrap();
    let (one, two) = (dir.path().join("one"), dir.path().join("two"));
    with(&one, 0..2);
    with(&two, 5..7);
    fs::remove_dir_all(one.join("sled")).unwrap();
    copy(&two.join("sled"), &one.join("sled"));
    let journal = Journal::open(&one).unwrap();
    assert!(matches!(journal.notes(), [Note::StoreRebuilt { .. }]), "{:?}", journal.notes());
}

#[test]
fn a_missing_segment_is_damage() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = Journal::open_with(dir.path(), 1).unwrap();
    for mark in 0..4 {
        journal.append(event(mark)).unwrap();
    }
    drop(journal);
    let list = segment::list(&dir.path().join("segments")).unwrap();
    fs::remove_file(&list[list.len() - 2].1).unwrap();
    assert!(!verify(dir.path()).unwrap().is_sound());
}

#[test]
fn after_a_failed_append_nothing_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = Journal::open(dir.path()).unwrap();
    let misplaced = |next: Next| Event { sequence: 7, ..event(1)(next) };
    assert!(matches!(journal.append(misplaced), Err(JournalError::Misplaced { wanted: 1, found: 7 })));
    let huge = |next: Next| Event { gate: "x".repeat(5000), ..event(1)(next) };
    assert!(matches!(journal.append(huge), Err(JournalError::Disk { .. })));
    assert!(matches!(journal.append(event(1)), Err(JournalError::Stopped { .. })));
    drop(journal);
    Journal::open(dir.path()).unwrap().append(event(1)).unwrap();
    assert_eq!(marks(dir.path()), [1]);
}

#[test]
fn what_is_purged_is_gone_for_good_and_the_chain_goes_on() {
    let outer = tempfile::tempdir().unwrap();
    let dir = outer.path().join("journal");
    let mut journal = Journal::open(&dir).unwrap();
    for day in 0..40 {
        for part in 0..3 {
            journal.append(on_day(day, &format!("planted-{day}-{part}"))).unwrap();
        }
        journal.keep_snapshot(format!("planted-{day}-snapshot").as_bytes()).unwrap();
    }
    assert!(!files_with(&dir, b"planted-0-1").is_empty());
    let (now, before) = (Timestamp(DAY_0 + 40 * DAY), Timestamp(DAY_0 + 10 * DAY));
    assert_eq!(journal.purge(before, now).unwrap(), Purged { events: 30, segments: 10 });
    for day in 0..10 {
        let left = files_with(&dir, format!("planted-{day}-").as_bytes());
        assert!(left.is_empty(), "{day}: {left:?}");
    }
    assert!(!files_with(&dir, b"planted-10-0").is_empty(), "not a day more than asked for");
    assert_eq!(journal.purge(before, now).unwrap(), Purged::default());
    assert_eq!(journal.event(30).unwrap(), None);
    assert_eq!(Event::from_bytes(&journal.event(31).unwrap().unwrap()).unwrap().sequence, 31);
    journal.append(on_day(40, "after")).unwrap();
    drop(journal);

    let found = verify(&dir).unwrap();
    assert!(found.is_sound(), "{found:?}");
    assert_eq!((found.events, found.last, &found.store), (91, 121, &Store::Same));
    let checkpoint = found.checkpoint.unwrap();
    assert_eq!((checkpoint.sequence, checkpoint.at, checkpoint.before), (30, now, before));
    assert_eq!(read(&dir).unwrap().count(), 91);

    // Without its checkpoint the journal has no beginning; under a forged one neither.
    let places = Places::of(&dir);
    let signed = fs::read(&places.checkpoint).unwrap();
    fs::remove_file(&places.checkpoint).unwrap();
    let damage =
        |dir: &Path| verify(dir).unwrap().damage.into_iter().map(|(_, what)| what).collect::<Vec<_>>();
    assert_eq!(damage(&dir), [Damage::Beginning { first: 31 }]);
    let stranger = Places { key: dir.join("stranger"), ..places.clone() };
    checkpoint.write(&stranger).unwrap();
    assert!(matches!(damage(&dir)[..], [Damage::Checkpoint { .. }, Damage::Beginning { first: 31 }]));
    fs::write(&places.checkpoint, signed).unwrap();
    fs::remove_file(&segment::list(&places.segments).unwrap()[0].1).unwrap();
    assert_eq!(damage(&dir), [Damage::Beginning { first: 34 }], "segments that were not purged are missed");
}

#[test]
fn a_purge_that_was_cut_short_is_finished() {
    let outer = tempfile::tempdir().unwrap();
    let (dir, whole) = (outer.path().join("journal"), outer.path().join("whole"));
    let mut journal = Journal::open(&dir).unwrap();
    for day in 0..6 {
        journal.append(on_day(day, "x")).unwrap();
    }
    drop(journal);
    copy(&dir, &whole);
    let mut journal = Journal::open(&dir).unwrap();
    journal.purge(Timestamp(DAY_0 + 4 * DAY), Timestamp(DAY_0 + 5 * DAY)).unwrap();
    drop(journal);
    // As if the power had failed after the checkpoint, or after some of the segments.
    for kept in 0..=4 {
        let cut = outer.path().join("cut");
        copy(&whole, &cut);
        for name in ["checkpoint", "key"] {
            fs::copy(dir.join(name), cut.join(name)).unwrap();
        }
        for (_, path) in segment::list(&cut.join("segments")).unwrap().into_iter().take(4 - kept) {
            fs::remove_file(path).unwrap();
        }
        assert_eq!(read(&cut).unwrap().count(), 2, "what was purged is not read again");
        assert!(verify(&cut).unwrap().damage.is_empty());
        let mut journal = Journal::open(&cut).unwrap();
        assert_eq!((journal.count(), journal.notes()), (6, &[][..]));
        journal.append(on_day(5, "y")).unwrap();
        drop(journal);
        assert!(verify(&cut).unwrap().is_sound());
        assert_eq!(segment::list(&cut.join("segments")).unwrap()[0].0, 5);
        fs::remove_dir_all(&cut).unwrap();
    }
}

#[test]
fn a_gate_that_nobody_passes_forgets_too_and_odd_clocks_keep_nothing_for_ever() {
    let outer = tempfile::tempdir().unwrap();
    let dir = outer.path().join("journal");
    let aside = outer.path().join("journal-damaged-1");
    with(&aside, 0..2);
    let mut journal = Journal::open(&dir).unwrap();
    journal.append(on_day(0, "x")).unwrap();
    // Nine years ahead for a moment, then right again.
    journal.append(on_day(3300, "x")).unwrap();
    journal.append(on_day(1, "x")).unwrap();
    let days = |days: i64| Timestamp(DAY_0 + days * DAY);
    assert_eq!(journal.purge(days(0), days(1)).unwrap(), Purged::default());
    assert_eq!(journal.purge(days(1), days(31)).unwrap().events, 2);
    assert_eq!(journal.purge(days(2), days(32)).unwrap().events, 1, "closed at the purge before");
    drop(journal);
    let mut journal = Journal::open(&dir).unwrap();
    assert_eq!((journal.count(), read(&dir).unwrap().count()), (3, 0));
    journal.append(on_day(62, "x")).unwrap();
    assert!(aside.exists(), "written just now, by the clock of this machine");
    journal.purge(Timestamp(i64::MAX / 2), Timestamp(i64::MAX / 2 + 1)).unwrap();
    assert!(!aside.exists());
    drop(journal);
    assert!(verify(&dir).unwrap().is_sound());
}

#[test]
fn a_snapshot_is_taken_for_what_it_is() {
    let dir = tempfile::tempdir().unwrap();
    with(dir.path(), 0..3);
    let mut journal = Journal::open(dir.path()).unwrap();
    assert_eq!(journal.snapshot(), None);
    journal.keep_snapshot(b"three").unwrap();
    journal.append(event(3)).unwrap();
    drop(journal);
    let journal = Journal::open(dir.path()).unwrap();
    assert_eq!(journal.snapshot(), Some(Snapshot { sequence: 3, content: b"three".to_vec() }));
    let after: Vec<u16> = journal.after(3).unwrap().map(|event| party(&event.unwrap())).collect();
    assert_eq!(after, [3]);
    drop(journal);
    let path = dir.path().join("snapshot");
    let sound = fs::read(&path).unwrap();
    for length in 0..sound.len() {
        fs::write(&path, &sound[..length]).unwrap();
        assert_eq!(Journal::open(dir.path()).unwrap().snapshot(), None, "cut at {length}");
    }
    fs::write(&path, &sound).unwrap();
    set_aside(dir.path()).unwrap();
    with(dir.path(), 0..3);
    fs::write(&path, &sound).unwrap();
    assert_eq!(Journal::open(dir.path()).unwrap().snapshot(), None, "of another journal");
}

#[test]
fn events_since_a_time_leave_out_only_older_segments() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = Journal::open(dir.path()).unwrap();
    for day in 0..10 {
        journal.append(on_day(day, "x")).unwrap();
        journal.append(on_day(day, "x")).unwrap();
    }
    for day in 0..10 {
        let at = Timestamp(DAY_0 + day * DAY + 1);
        let since: Vec<u64> = journal.since(at).unwrap().map(|event| event.unwrap().sequence).collect();
        assert_eq!(since, (2 * day as u64 + 1..=20).collect::<Vec<_>>(), "day {day}");
    }
    for after in 0..=20 {
        let events = journal.after(after).unwrap().map(|event| event.unwrap().sequence);
        assert_eq!(events.collect::<Vec<_>>(), (after + 1..=20).collect::<Vec<_>>());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn appending_and_opening_equal_a_list(steps in prop::collection::vec(prop::option::of(any::<u16>()), 0..24), size in 1_u64..1500) {
        let dir = tempfile::tempdir().unwrap();
        let mut model = Vec::new();
        let mut journal = Journal::open_with(dir.path(), size).unwrap();
        for step in steps {
            match step {
                Some(mark) => {
                    journal.append(event(mark)).unwrap();
                    model.push(mark);
                }
                None => {
                    drop(journal);
                    journal = Journal::open_with(dir.path(), size).unwrap();
                    prop_assert_eq!(journal.notes(), []);
                }
            }
            prop_assert_eq!(journal.count(), model.len() as u64);
        }
        drop(journal);
        prop_assert_eq!(marks(dir.path()), model.clone());
        let found = verify(dir.path()).unwrap();
        prop_assert!(found.is_sound());
        prop_assert_eq!(found.events, model.len() as u64);
    }
}
