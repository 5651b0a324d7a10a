//! What a card shows. Plain values: whoever fills them in has masked the name and put the times into the compound's zone.

use jiff::civil::DateTime;
use pass::{Colour, CompoundId, Kind};

/// One card, as data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardFace {
    /// The colour when the card was signed.
    pub colour: Colour,
    /// Resident, vehicle, visitor or specimen: each looks different.
    pub kind: Kind,
    /// The compound, for its mark.
    pub compound: CompoundId,
    /// The compound's name.
    pub compound_name: String,
    /// Masked name (张*明) or plate (冀A·12345).
    pub name: String,
    /// Where the holder lives; a visitor's host. None where the compound keeps no such record.
    pub dwelling: Option<Dwelling>,
    /// From when until when.
    pub validity: Validity,
    /// The serial as people read it, with its check symbol.
    pub short_code: String,
    /// The text of the code.
    pub code: String,
    /// The secret address of its phone page, for the back: without one the back stays empty.
    pub link: Option<String>,
    /// Where a found card goes.
    pub found: FoundAt,
}

/// A home in a compound. Numbers as the office writes them: `10` and `10号楼` both do, and any part may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Dwelling {
    /// 楼
    pub building: String,
    /// 单元
    pub unit: String,
    /// 室
    pub room: String,
}

/// The first and the last moment at which a card is good, in the compound's zone. A resident's card shows the days, a
/// visitor's the minutes too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// The first moment.
    pub from: DateTime,
    /// The last moment.
    pub until: DateTime,
}

/// Where a found card goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct FoundAt {
    /// The office's name, with its address if there is room.
    pub office: String,
    /// Its telephone; may be empty.
    pub telephone: String,
}

/// A place for text on a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Field {
    /// The name of the compound.
    Compound,
    /// Masked name or plate.
    Name,
    /// Building, unit, room.
    Dwelling,
    /// The serial.
    ShortCode,
    /// Where a found card goes.
    Found,
    /// Words that are the same on every card: a font without them is no use.
    Words,
}
