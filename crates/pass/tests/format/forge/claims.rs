//! The claims of a pass by hand.

use pass::{Colour, CompoundId, Kind, Mode, Name, Pass, Serial, Timestamp};

use super::cbor::{self, ARRAY, Items, MAP};
use super::envelope::{Forged, TestKey};

/// When everything in the vectors happens.
pub(crate) const NOW: Timestamp = Timestamp(1_600_000_000);

/// Places in the items of [`items`].
pub(crate) const CLAIMS: usize = 0;
pub(crate) const EXPIRES: usize = 2;
pub(crate) const NOT_BEFORE: usize = 4;
pub(crate) const SERIAL: usize = 6;
pub(crate) const BODY_LABEL: usize = 7;
pub(crate) const BODY: usize = 8;
pub(crate) const COMPOUND: usize = 9;
pub(crate) const HOUSEHOLD: usize = 10;
pub(crate) const HOLDER: usize = 11;
pub(crate) const INDEX: usize = 12;
pub(crate) const COLOUR: usize = 13;
pub(crate) const KIND: usize = 14;
pub(crate) const MODE: usize = 15;
pub(crate) const NAME: usize = 16;
pub(crate) const PHONE: usize = 17;

/// A resident's card.
pub(crate) fn paper() -> Pass {
    Pass {
        serial: Serial([1, 2, 3, 4, 5]),
        not_before: NOW,
        expires: NOW.plus(14 * 86_400),
        compound: CompoundId(3),
        household: 1203,
        holder: 4711,
        index: 20_480,
        colour: Colour::Green,
        kind: Kind::Person,
        mode: Mode::Paper,
        name: Name::new("张*明").expect("seven bytes"),
    }
}

/// The same resident's phone.
pub(crate) fn phone() -> Pass {
    Pass { serial: Serial([1, 2, 3, 4, 6]), index: 20_481, mode: Mode::Phone([0xAB; 32]), ..paper() }
}

/// The card with the most bytes there can be.
pub(crate) fn longest() -> Pass {
    Pass {
        serial: Serial([0xFF; 5]),
        compound: CompoundId(u32::MAX),
        household: u32::MAX,
        holder: u16::MAX,
        index: u32::MAX,
        colour: Colour::Red,
        kind: Kind::Specimen,
        name: Name::new("买买提·*江").expect("fifteen bytes"),
        ..paper()
    }
}

/// The claims, item by item.
pub(crate) fn items(pass: &Pass) -> Items {
    let items = Items(vec![
        cbor::head(MAP, 4),
        cbor::int(4),
        cbor::int(pass.expires.0),
        cbor::int(5),
        cbor::int(pass.not_before.0),
        cbor::int(7),
        cbor::bytes(&pass.serial.0),
        cbor::int(-65_537),
        cbor::head(ARRAY, if pass.mode == Mode::Paper { 8 } else { 9 }),
        cbor::int(pass.compound.0.into()),
        cbor::int(pass.household.into()),
        cbor::int(pass.holder.into()),
        cbor::int(pass.index.into()),
        cbor::int(pass.colour as i64),
        cbor::int(pass.kind as i64),
        cbor::int(i64::from(pass.mode != Mode::Paper)),
        cbor::text(pass.name.as_str()),
    ]);
    match &pass.mode {
        Mode::Paper => items,
        Mode::Phone(key) => items.and(cbor::bytes(key)),
    }
}

/// The pass signed by this key.
pub(crate) fn signed(pass: &Pass, key: TestKey) -> Forged {
    Forged::new(key, None, items(pass).bytes())
}
