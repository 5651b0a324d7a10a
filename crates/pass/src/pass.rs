//! What a pass says, and its claims as a CWT (RFC 8392).
//!
//! A pass says what was true when it was signed; what is true now stands in the status list. Knows no signature and no rule.

use std::fmt;

use crate::cbor::{self, Reader};
use crate::{Refusal, Serial, Timestamp};

/// Claims (RFC 8392 §4).
const EXPIRES: i64 = 4;
const NOT_BEFORE: i64 = 5;
const SERIAL: i64 = 7;
/// The one private claim (RFC 8392 §9.1: private use below -65536).
const BODY: i64 = -65_537;

/// A colour: what the office decided a holder may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Colour {
    /// 绿: may go in and out.
    Green = 0,
    /// 黄: may go out, within limits.
    Yellow = 1,
    /// 红: stays home.
    Red = 2,
}

impl Colour {
    /// From the mildest to the strictest.
    pub const ALL: [Self; 3] = [Self::Green, Self::Yellow, Self::Red];

    /// A name for programs: `green`, `yellow`, `red`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Yellow => "yellow",
            Self::Red => "red",
        }
    }

    /// The colour of this [`Colour::code`].
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|colour| colour.code() == code)
    }
}

/// What a pass is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// A resident.
    Person = 0,
    /// A vehicle of a household.
    Vehicle = 1,
    /// A visitor; the household is the host's.
    Visitor = 2,
    /// 样本: for training staff and trying printers. Opens nothing.
    Specimen = 3,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Person, Self::Vehicle, Self::Visitor, Self::Specimen];

    /// A name for programs: `person`, `vehicle`, `visitor`, `specimen`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Vehicle => "vehicle",
            Self::Visitor => "visitor",
            Self::Specimen => "specimen",
        }
    }

    /// The kind of this [`Kind::code`].
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// A set of kinds of pass: what a key may sign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds(u8);

impl Kinds {
    /// The set of these.
    #[must_use]
    pub fn of(kinds: &[Kind]) -> Self {
        Self(kinds.iter().fold(0, |bits, kind| bits | 1 << *kind as u8))
    }

    /// Whether `kind` is in the set.
    #[must_use]
    pub fn has(self, kind: Kind) -> bool {
        self.0 >> kind as u8 & 1 == 1
    }

    pub(crate) fn bits(self) -> u8 {
        self.0
    }

    pub(crate) fn of_bits(bits: u8) -> Option<Self> {
        (u32::from(bits) >> Kind::ALL.len() == 0).then_some(Self(bits))
    }
}

/// Where a pass is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// On a printed card.
    Paper,
    /// On a phone, whose public key this is (the confirmation key of RFC 8747, shortened).
    Phone([u8; 32]),
}

/// An office within a district.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OfficeId(pub u32);

/// A compound; its number is used once in a district.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CompoundId(pub u32);

/// A masked name or a plate: 1 to 15 bytes of UTF-8 without control characters.
///
/// Fifteen bytes are what a printed pass has room for when every number in it is as long as can be.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Name(String);

/// Why a text is no [`Name`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// No character at all.
    #[error("empty")]
    Empty,
    /// More bytes than fit.
    #[error("{bytes} bytes, where a pass has room for {limit}", limit = Name::MAX_BYTES)]
    TooLong {
        /// Bytes found.
        bytes: usize,
    },
    /// A control character, which no printer and no screen shows.
    #[error("a control character")]
    Control,
}

impl Name {
    /// The most bytes a name may have.
    pub const MAX_BYTES: usize = 15;

    /// Checks the length and the characters.
    ///
    /// # Errors
    /// [`NameError`].
    pub fn new(text: &str) -> Result<Self, NameError> {
        if text.is_empty() {
            return Err(NameError::Empty);
        }
        if text.len() > Self::MAX_BYTES {
            return Err(NameError::TooLong { bytes: text.len() });
        }
        if text.chars().any(char::is_control) {
            return Err(NameError::Control);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Name({:?})", self.0)
    }
}

/// What a pass says. At most 144 bytes when signed on paper: QR version 8 at level M.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    /// Names the pass within its office.
    pub serial: Serial,
    /// Start of its validity.
    pub not_before: Timestamp,
    /// End of its validity: the first moment at which it no longer holds.
    pub expires: Timestamp,
    /// The compound it is for.
    pub compound: CompoundId,
    /// The household within the compound; for a visitor the host's.
    pub household: u32,
    /// The person or vehicle within the compound: paper, phone and replacement have the same.
    pub holder: u16,
    /// Where its status stands in the office's status list.
    pub index: u32,
    /// The colour when it was signed.
    pub colour: Colour,
    /// What it is for.
    pub kind: Kind,
    /// Where it is shown.
    pub mode: Mode,
    /// Masked name or plate.
    pub name: Name,
}

/// Why something cannot be a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PassError {
    /// The validity ends before it starts, or is not within 1970 to 2106, which four bytes can tell.
    #[error("a validity from {from} to {until}")]
    Validity {
        /// Its start.
        from: Timestamp,
        /// Its end.
        until: Timestamp,
    },
}

impl Pass {
    /// The claims in canonical form (RFC 8949 §4.2.1).
    ///
    /// # Errors
    /// [`PassError::Validity`].
    pub(crate) fn to_claims(&self) -> Result<Vec<u8>, PassError> {
        if !is_validity(self.not_before, self.expires) {
            return Err(PassError::Validity { from: self.not_before, until: self.expires });
        }
        Ok(cbor::write(112, |w| {
            w.map(4)?.i64(EXPIRES)?.i64(self.expires.0)?.i64(NOT_BEFORE)?.i64(self.not_before.0)?;
            w.i64(SERIAL)?.bytes(&self.serial.0)?.i64(BODY)?;
            w.array(if self.mode == Mode::Paper { 8 } else { 9 })?;
            w.u32(self.compound.0)?.u32(self.household)?.u16(self.holder)?.u32(self.index)?;
            w.u8(self.colour as u8)?.u8(self.kind as u8)?;
            w.u8(match self.mode {
                Mode::Paper => 0,
                Mode::Phone(_) => 1,
            })?;
            w.str(self.name.as_str())?;
            if let Mode::Phone(key) = &self.mode {
                w.bytes(key)?;
            }
            Ok(())
        }))
    }

    /// Reads claims, and demands that [`Pass::to_claims`] gives these bytes.
    pub(crate) fn from_claims(bytes: &[u8]) -> Result<Self, Refusal> {
        const BODY_ARRAY: &str = "the body of the pass";
        let mut r = Reader::new(bytes);
        r.map_of(4, "the claims")?;
        r.label(EXPIRES, "the claim exp")?;
        let expires = Timestamp(r.integer("the claim exp")?);
        r.label(NOT_BEFORE, "the claim nbf")?;
        let not_before = Timestamp(r.integer("the claim nbf")?);
        r.label(SERIAL, "the claim cti")?;
        let serial = Serial(r.bytes_of("the claim cti")?);
        r.label(BODY, BODY_ARRAY)?;
        let length = r.array(BODY_ARRAY)?;
        let compound = CompoundId(r.unsigned("the compound")?);
        let household = r.unsigned("the household")?;
        let holder = r.unsigned("the holder")?;
        let index = r.unsigned("the status index")?;
        let colour = one_of(&Colour::ALL, r.unsigned("the colour")?, "the colour")?;
        let kind = one_of(&Kind::ALL, r.unsigned("the kind")?, "the kind")?;
        let mode: u8 = r.unsigned("the mode")?;
        let name = Name::new(r.text("the name")?).map_err(|_| Refusal::Malformed { what: "the name" })?;
        let mode = match (mode, length) {
            (0, 8) => Mode::Paper,
            (1, 9) => Mode::Phone(r.bytes_of("the phone's key")?),
            _ => return Err(Refusal::Malformed { what: BODY_ARRAY }),
        };
        r.end()?;
        let pass = Self {
            serial,
            not_before,
            expires,
            compound,
            household,
            holder,
            index,
            colour,
            kind,
            mode,
            name,
        };
        match pass.to_claims() {
            Ok(again) if again == bytes => Ok(pass),
            Ok(_) => Err(Refusal::NotCanonical),
            Err(PassError::Validity { .. }) => Err(Refusal::Malformed { what: "the validity" }),
        }
    }
}

/// Whether a pass may hold from `from` to `until`.
fn is_validity(from: Timestamp, until: Timestamp) -> bool {
    0 <= from.0 && from < until && until.0 <= i64::from(u32::MAX)
}

fn one_of<T: Copy>(all: &[T], number: u8, what: &'static str) -> Result<T, Refusal> {
    all.get(usize::from(number)).copied().ok_or(Refusal::Malformed { what })
}
