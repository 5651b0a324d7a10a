//! Events come back from their bytes, in one encoding only; the encoding is a promise.

use gate::{Direction, Event, EventError, Holder, Judged, Override, Verdict, Versions, What};
use pass::{Colour, CompoundId, OfficeId, Serial, Timestamp};
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
            }),
            versions: Versions { trust: 1, status: 2, rules: 3 },
            party: 1,
            temperature: None,
            plate: None,
            overridden: None,
        }),
    }
}

#[test]
fn the_bytes_never_change() {
    let hex: String = event().to_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, include_str!("event-v1.hex").trim());
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
    fn any_event()(
        gate in "\\PC{0,20}", journal: [u8; 16], sequence: u64, at: i64, in_doubt: bool, before: [u8; 32],
        reasons in prop::collection::vec("[a-z_]{1,20}", 0..5), alert: bool, serial: [u8; 5], numbers: (u32, u32, u16),
        known: bool, party: u16, temperature: Option<u16>, plate in prop::option::of("\\PC{0,8}"),
        overridden in prop::option::of(("\\PC{0,8}", "\\PC{0,40}")),
    ) -> Event {
        let holder = known.then_some(Holder {
            office: OfficeId(numbers.0), serial: Serial(serial), compound: CompoundId(numbers.1),
            household: numbers.0, holder: numbers.2, colour: Colour::Yellow,
        });
        let overridden = overridden.map(|(who, why)| Override { who, why, instead_of: Verdict::Refuse });
        let what = What::Judged(Judged {
            direction: Direction::In, verdict: Verdict::Check, reasons, alert, holder,
            versions: Versions::default(), party, temperature, plate, overridden,
        });
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
