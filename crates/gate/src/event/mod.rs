//! What the journal keeps: events in canonical CBOR, each with the hash of the one before.
//!
//! Append-only: a mistake is undone by another event. Labels are never reused; the format grows by its version.

mod judged;
mod kinds;
mod note;

use minicbor::encode::Write;
use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};
use pass::Timestamp;
use sha2::{Digest, Sha256};

pub use judged::{Came, Holder, Judged, NotOverridable, Versions};
pub use kinds::{
    At, ClockSet, Device, DeviceTrouble, EmergencyClosed, EmergencyExplained, EmergencyOpened, Manual,
    Measured, Overridden, Passed, Role, ShiftChanged, ShiftCounts, SignInFailed, SignedIn, SignedOut, Site,
    Undone,
};
pub use note::{Note, NoteError};

/// The version of the format that this code writes.
const VERSION: u8 = 1;
/// No event is longer, whatever it holds.
const MAX_BYTES: usize = 4096;

/// One line of a gate's journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The gate's name.
    pub gate: String,
    /// The journal's random name: a gate that starts a new journal starts new sequences.
    pub journal: [u8; 16],
    /// Counts the events of this journal, from 1.
    pub sequence: u64,
    /// When, by the gate's clock.
    pub at: Timestamp,
    /// Whether that clock was in doubt.
    pub in_doubt: bool,
    /// Hash of the event before; zeros for the first.
    pub before: [u8; 32],
    /// What happened.
    pub what: What,
}

/// What an event tells of.
///
/// Exhaustive on purpose: whoever counts or shows events must say what they do with a new kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Somebody showed something, and the gate judged.
    Judged(Judged),
    /// Somebody went through.
    Passed(Passed),
    /// Staff turned a verdict.
    Overridden(Overridden),
    /// Staff took an event back.
    Undone(Undone),
    /// The gate was opened in an emergency.
    EmergencyOpened(EmergencyOpened),
    /// The emergency opening ended.
    EmergencyClosed(EmergencyClosed),
    /// Staff said why it was.
    EmergencyExplained(EmergencyExplained),
    /// A member of staff signed in.
    SignedIn(SignedIn),
    /// A member of staff signed out.
    SignedOut(SignedOut),
    /// A PIN was wrong.
    SignInFailed(SignInFailed),
    /// One shift handed over to the next.
    ShiftChanged(ShiftChanged),
    /// A temperature was measured.
    Measured(Measured),
    /// A device failed, or works again.
    DeviceTrouble(DeviceTrouble),
    /// A supervisor set the clock.
    ClockSet(ClockSet),
    /// Staff decided about somebody without a pass.
    Manual(Manual),
}

impl What {
    /// A name for programs: lower case, words joined by underscores, never changed once released.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Judged(_) => "judged",
            Self::Passed(_) => "passed",
            Self::Overridden(_) => "overridden",
            Self::Undone(_) => "undone",
            Self::EmergencyOpened(_) => "emergency_opened",
            Self::EmergencyClosed(_) => "emergency_closed",
            Self::EmergencyExplained(_) => "emergency_explained",
            Self::SignedIn(_) => "signed_in",
            Self::SignedOut(_) => "signed_out",
            Self::SignInFailed(_) => "sign_in_failed",
            Self::ShiftChanged(_) => "shift_changed",
            Self::Measured(_) => "measured",
            Self::DeviceTrouble(_) => "device_trouble",
            Self::ClockSet(_) => "clock_set",
            Self::Manual(_) => "manual",
        }
    }
}

/// Why bytes are no event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EventError {
    /// Too long to be one.
    #[error("{length} bytes, where an event has at most {limit}", limit = MAX_BYTES)]
    TooLong {
        /// Bytes found.
        length: usize,
    },
    /// Not CBOR of the right structure, or of a format that this program is too old for.
    #[error("not an event of a format that this program knows")]
    Malformed,
    /// Another encoding than the canonical one.
    #[error("not in canonical form")]
    NotCanonical,
}

impl Event {
    /// The bytes that are stored, sent and hashed: deterministic CBOR (RFC 8949 §4.2.1).
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        minicbor::to_vec(self).expect("a Vec takes every write")
    }

    /// Reads what [`Event::to_bytes`] writes, and no other form of it.
    ///
    /// # Errors
    /// [`EventError`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EventError> {
        if bytes.len() > MAX_BYTES {
            return Err(EventError::TooLong { length: bytes.len() });
        }
        let event: Self = minicbor::decode(bytes).map_err(|_| EventError::Malformed)?;
        if event.to_bytes() == bytes { Ok(event) } else { Err(EventError::NotCanonical) }
    }

    /// SHA-256 of [`Event::to_bytes`]: what the next event names as the one before it.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Self::hash_of(&self.to_bytes())
    }

    /// The hash of an event's bytes.
    #[must_use]
    pub fn hash_of(bytes: &[u8]) -> [u8; 32] {
        Sha256::digest(bytes).into()
    }
}

/// Writes what happened under the key of its kind. Keys are never reused.
fn write<W: Write>(what: &What, e: &mut Encoder<W>) -> Result<(), encode::Error<W::Error>> {
    let e = match what {
        What::Judged(it) => e.u8(7)?.encode(it)?,
        What::Passed(it) => e.u8(8)?.encode(it)?,
        What::Overridden(it) => e.u8(9)?.encode(it)?,
        What::Undone(it) => e.u8(10)?.encode(it)?,
        What::EmergencyOpened(it) => e.u8(11)?.encode(it)?,
        What::EmergencyClosed(it) => e.u8(12)?.encode(it)?,
        What::EmergencyExplained(it) => e.u8(13)?.encode(it)?,
        What::SignedIn(it) => e.u8(14)?.encode(it)?,
        What::SignedOut(it) => e.u8(15)?.encode(it)?,
        What::SignInFailed(it) => e.u8(16)?.encode(it)?,
        What::ShiftChanged(it) => e.u8(17)?.encode(it)?,
        What::Measured(it) => e.u8(18)?.encode(it)?,
        What::DeviceTrouble(it) => e.u8(19)?.encode(it)?,
        What::ClockSet(it) => e.u8(20)?.encode(it)?,
        What::Manual(it) => e.u8(21)?.encode(it)?,
    };
    e.ok()
}

/// Reads what [`write`] writes.
fn read(d: &mut Decoder<'_>) -> Result<What, decode::Error> {
    Ok(match d.u8()? {
        7 => What::Judged(d.decode()?),
        8 => What::Passed(d.decode()?),
        9 => What::Overridden(d.decode()?),
        10 => What::Undone(d.decode()?),
        11 => What::EmergencyOpened(d.decode()?),
        12 => What::EmergencyClosed(d.decode()?),
        13 => What::EmergencyExplained(d.decode()?),
        14 => What::SignedIn(d.decode()?),
        15 => What::SignedOut(d.decode()?),
        16 => What::SignInFailed(d.decode()?),
        17 => What::ShiftChanged(d.decode()?),
        18 => What::Measured(d.decode()?),
        19 => What::DeviceTrouble(d.decode()?),
        20 => What::ClockSet(d.decode()?),
        21 => What::Manual(d.decode()?),
        _ => return Err(decode::Error::message("a kind of event that this program does not know")),
    })
}

/// The event: a CBOR map with small integers for keys, of which the last says what kind it is.
impl<C> Encode<C> for Event {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
        e.map(8)?.u8(0)?.u8(VERSION)?;
        e.u8(1)?.str(&self.gate)?;
        e.u8(2)?.bytes(&self.journal)?;
        e.u8(3)?.u64(self.sequence)?;
        e.u8(4)?.i64(self.at.0)?;
        e.u8(5)?.bool(self.in_doubt)?;
        e.u8(6)?.bytes(&self.before)?;
        write(&self.what, e)
    }
}

impl<'b, C> Decode<'b, C> for Event {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        let wrong = |what| decode::Error::message(what);
        let key = |d: &mut Decoder<'b>, key| match d.u8()? {
            found if found == key => Ok(()),
            _ => Err(wrong("another key")),
        };
        if d.map()? != Some(8) {
            return Err(wrong("no event"));
        }
        key(d, 0)?;
        if d.u8()? != VERSION {
            return Err(wrong("another version"));
        }
        key(d, 1)?;
        let gate = d.str()?.to_owned();
        key(d, 2)?;
        let journal = d.bytes()?.try_into().map_err(|_| wrong("the journal"))?;
        key(d, 3)?;
        let sequence = d.u64()?;
        key(d, 4)?;
        let at = Timestamp(d.i64()?);
        key(d, 5)?;
        let in_doubt = d.bool()?;
        key(d, 6)?;
        let before = d.bytes()?.try_into().map_err(|_| wrong("the hash before"))?;
        let what = read(d)?;
        Ok(Self { gate, journal, sequence, at, in_doubt, before, what })
    }
}

/// The events of a CBOR sequence (RFC 8742): what a journal exports as its own bytes.
#[derive(Clone, Debug)]
pub struct Events<'a> {
    rest: &'a [u8],
}

impl<'a> Events<'a> {
    /// The events in these bytes.
    #[must_use]
    pub fn of(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }
}

impl Iterator for Events<'_> {
    type Item = Result<Event, EventError>;

    /// The next event. After one that can't be read there is none: nobody knows where the next begins.
    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        // No event is longer; what follows is not looked at.
        let window = &self.rest[..self.rest.len().min(MAX_BYTES)];
        let mut d = Decoder::new(window);
        let length = match d.skip() {
            Ok(()) => d.position(),
            Err(_) => {
                let length = self.rest.len();
                self.rest = &[];
                let long = length > MAX_BYTES;
                return Some(Err(if long { EventError::TooLong { length } } else { EventError::Malformed }));
            }
        };
        let (event, rest) = self.rest.split_at(length);
        let event = Event::from_bytes(event);
        self.rest = if event.is_ok() { rest } else { &[] };
        Some(event)
    }
}
