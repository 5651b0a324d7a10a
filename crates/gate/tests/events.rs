//! Events come back from their bytes, in one encoding only; the encoding is a promise.

#![expect(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

use gate::{
    At, Came, ClockSet, Device, DeviceTrouble, Direction, EmergencyClosed, EmergencyExplained,
    EmergencyOpened, Event, EventError, Holder, Judged, Manual, Measured, Note, Overridden, Passed, Role,
    ShiftChanged, ShiftCounts, SignInFailed, SignedIn, SignedOut, Site, Undone, Verdict, Versions, What,
};
use pass::{Colour, CompoundId, Kind, OfficeId, Serial, Timestamp};
use proptest::prelude::*;

fn event() -> Event {
    Event {
        gate: "东门".into(),
        journal: [7; 16],
        sequence: 1,
        at: Timestamp(1_600_000_000),
        in_doubt: false,
        before: [0; 32],
        what: What::Judged(Judged {
            direction: Direction::Out,
            verdict: Verdict::Refuse,
            reasons: vec!["red_out".into()],
            alert: false,
            holder: Some(Holder {
                office: OfficeId(1),
                serial: Serial([1, 2, 3, 4, 5]),
                compound: CompoundId(1),
                household: 3,
                holder: 4,
                colour: Colour::Red,
                kind: Kind::Person,
            }),
            versions: Versions { trust: 1, status: 2, rules: 3 },
            party: 1,
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

#[test]
fn the_bytes_never_change() {
    let hex: String = event().to_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, include_str!("event-v1.hex").trim());
}

fn note(text: &str) -> Note {
    Note::new(text).unwrap()
}

/// One of each kind, with every field that may be left out filled in.
fn each_kind() -> Vec<What> {
    let who = || "王芳".to_owned();
    let What::Judged(plain) = event().what else { unreachable!() };
    let holder = Holder { kind: Kind::Vehicle, ..plain.holder.clone().unwrap() };
    let full = Judged {
        holder: Some(holder),
        temperature: Some(365),
        plate: Some("京A12345".into()),
        came: Came::Searched { who: who() },
        together_with: Some(4),
        sensed: true,
        ..plain.clone()
    };
    let counts = ShiftCounts {
        admitted_out: 1,
        admitted_in: 2,
        checked: 3,
        refused: 4,
        overridden: 5,
        undone: 6,
        manual: 7,
        emergencies: 8,
        fevers: 9,
    };
    let at = At(Timestamp(1_600_000_100));
    vec![
        What::Judged(full),
        What::Judged(Judged { holder: None, came: Came::HandScanner, ..plain.clone() }),
        What::Passed(Passed { of: Some(3), direction: Direction::In, persons: 2 }),
        What::Overridden(Overridden { of: 3, verdict: Verdict::Admit, who: who(), why: note("急诊") }),
        What::Undone(Undone { of: 3, who: who(), why: note("扫错了人") }),
        What::EmergencyOpened(EmergencyOpened { who: Some(who()), opened: at }),
        What::EmergencyClosed(EmergencyClosed { of: 5, who: Some(who()) }),
        What::EmergencyExplained(EmergencyExplained { of: 5, who: who(), why: note("救护车") }),
        What::SignedIn(SignedIn { who: who(), role: Role::Supervisor }),
        What::SignedOut(SignedOut { who: who(), by_itself: true }),
        What::SignInFailed(SignInFailed { who: who(), failures: 3, wait: 8 }),
        What::ShiftChanged(ShiftChanged { from: Some(who()), to: Some("li".into()), since: at, counts }),
        What::Measured(Measured { of: Some(3), number: 2, tenths: 374, site: Site::Wrist }),
        What::DeviceTrouble(DeviceTrouble { device: Device::Barrier, of: Some(3), fault: Some(note("EIO")) }),
        What::ClockSet(ClockSet { from: At(Timestamp(-5)), to: at, who: who() }),
        What::Manual(Manual {
            direction: Direction::In,
            verdict: Verdict::Admit,
            who: who(),
            why: note("送药，3 栋 2 单元"),
            household: Some(40),
            party: 1,
            plate: Some(note("鄂A00001")),
            instead_of: Some(3),
        }),
        What::Judged(Judged {
            temperature: Some(374),
            beside: 2,
            supersedes: Some(7),
            keyed_by: Some(who()),
            ..plain
        }),
    ]
}

#[test]
fn the_bytes_of_each_kind_never_change() {
    let golden = include_str!("events-v1.hex");
    let found: String = each_kind()
        .into_iter()
        .map(|what| {
            let hex: String = Event { what: what.clone(), ..event() }
                .to_bytes()
                .iter()
                .map(|b| format!("{b:02x}"))
                .collect();
            format!("{} {hex}\n", what.code())
        })
        .collect();
    assert_eq!(found, golden);
    let kinds: std::collections::BTreeSet<_> =
        golden.lines().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(kinds.len(), 15, "every kind stands in the golden file");
}

#[test]
fn a_note_is_one_short_line() {
    assert_eq!(Note::new(" 急诊 ").unwrap().as_str(), "急诊");
    for bad in ["", "  ", "a\nb", "\u{7f}", &"长".repeat(201)] {
        assert!(Note::new(bad).is_err(), "{bad:?}");
    }
    assert!(Note::new(&"长".repeat(200)).is_ok());
    // In bytes as well: neither an empty reason nor one with space around it.
    for (good, bad) in [("急诊ab", " 急诊a"), ("急诊ab", "急\n诊a")] {
        let what = What::Undone(Undone { of: 1, who: "li".into(), why: note(good) });
        let bytes = Event { what, ..event() }.to_bytes();
        let at = bytes.windows(good.len()).position(|part| part == good.as_bytes()).unwrap();
        let mut forged = bytes.clone();
        forged[at..at + good.len()].copy_from_slice(bad.as_bytes());
        assert_eq!(Event::from_bytes(&forged), Err(EventError::Malformed), "{bad:?}");
        assert!(Event::from_bytes(&bytes).is_ok());
    }
}

#[test]
fn the_longest_notes_still_make_an_event() {
    let long = || note(&"长".repeat(200));
    let what = What::Manual(Manual {
        direction: Direction::In,
        verdict: Verdict::Admit,
        who: "x".repeat(64),
        why: long(),
        household: Some(u32::MAX),
        party: u16::MAX,
        plate: Some(long()),
        instead_of: Some(u64::MAX),
    });
    let event = Event { what, gate: "门".repeat(100), ..event() };
    assert_eq!(Event::from_bytes(&event.to_bytes()), Ok(event));
}

#[test]
fn another_encoding_is_refused() {
    let good = event().to_bytes();
    assert_eq!(Event::from_bytes(&good), Ok(event()));
    for length in 0..good.len() {
        assert_eq!(Event::from_bytes(&good[..length]), Err(EventError::Malformed));
    }
    let appended = [good.as_slice(), &[0]].concat();
    assert_eq!(Event::from_bytes(&appended), Err(EventError::NotCanonical));
    // The version, written longer than it needs to be.
    assert_eq!(good[1..3], [0x00, 0x01]);
    let longer = [&good[..2], &[0x18, 0x01], &good[3..]].concat();
    assert_eq!(Event::from_bytes(&longer), Err(EventError::NotCanonical));
    assert_eq!(Event::from_bytes(&[0xA0; 5000]), Err(EventError::TooLong { length: 5000 }));
}

prop_compose! {
    fn any_judged()(
        reasons in prop::collection::vec("[a-z_]{1,20}", 0..5), alert: bool, serial: [u8; 5], numbers: (u32, u32, u16),
        known: bool, party: u16, temperature: Option<u16>, plate in prop::option::of("\\PC{0,8}"), kind in 0..4_usize,
        came in prop_oneof![
            Just(Came::Scanned), Just(Came::HandScanner), "\\PC{0,8}".prop_map(|who| Came::Searched { who })
        ],
        together_with: Option<u64>, sensed: bool, beside: u16, supersedes: Option<u64>, keyed_by in prop::option::of("\\PC{0,8}"),
    ) -> What {
        let holder = known.then_some(Holder {
            office: OfficeId(numbers.0), serial: Serial(serial), compound: CompoundId(numbers.1),
            household: numbers.0, holder: numbers.2, colour: Colour::Yellow, kind: Kind::ALL[kind],
        });
        What::Judged(Judged {
            direction: Direction::In, verdict: Verdict::Check, reasons, alert, holder,
            versions: Versions::default(), party, temperature, plate, came, together_with, sensed, beside, supersedes, keyed_by,
        })
    }
}

prop_compose! {
    fn any_event()(
        gate in "\\PC{0,20}", journal: [u8; 16], sequence: u64, at: i64, in_doubt: bool, before: [u8; 32],
        what in prop_oneof![any_judged(), prop::sample::select(each_kind())],
    ) -> Event {
        Event { gate, journal, sequence, at: Timestamp(at), in_doubt, before, what }
    }
}

proptest! {
    #[test]
    fn comes_back(event in any_event()) {
        let bytes = event.to_bytes();
        prop_assert_eq!(Event::from_bytes(&bytes), Ok(event.clone()));
        prop_assert_eq!(event.hash(), Event::hash_of(&bytes));
    }

    #[test]
    fn whatever_is_accepted_is_canonical(event in any_event(), at: prop::sample::Index, byte: u8) {
        let mut bytes = event.to_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(read) = Event::from_bytes(&bytes) {
            prop_assert_eq!(read.to_bytes(), bytes);
        }
    }

    #[test]
    fn no_bytes_panic(bytes: Vec<u8>) {
        let _ = Event::from_bytes(&bytes);
    }
}
