//! What the journal keeps: events in canonical CBOR, each with the hash of the one before.
//!
//! Append-only: a mistake is undone by another event. Labels are never reused; the format grows by its version.

use minicbor::{Decode, Encode};
use pass::{Colour, CompoundId, OfficeId, Serial, Timestamp};
use sha2::{Digest, Sha256};

use crate::{Direction, Verdict};

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
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum What {
    /// Somebody showed something, and the gate judged.
    Judged(Judged),
}

/// A verdict, with all it was based on.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Judged {
    /// Which way.
    #[n(0)]
    pub direction: Direction,
    /// The verdict.
    #[n(1)]
    pub verdict: Verdict,
    /// Why: the codes of [`crate::Reason`] and [`pass::Refusal`], the weightiest first.
    #[n(2)]
    pub reasons: Vec<String>,
    /// Whether it raised an alert.
    #[n(3)]
    pub alert: bool,
    /// Whose pass; none when it was not believed.
    #[n(4)]
    pub holder: Option<Holder>,
    /// The versions it was judged by.
    #[n(5)]
    pub versions: Versions,
    /// How many persons passed on it.
    #[n(6)]
    pub party: u16,
    /// Temperature in tenths of a degree Celsius.
    #[n(7)]
    pub temperature: Option<u16>,
    /// The plate that was read or keyed in.
    #[n(8)]
    pub plate: Option<String>,
    /// The member of staff who decided otherwise.
    #[n(9)]
    pub overridden: Option<Override>,
}

/// A pass and its holder, by numbers alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The office that signed the pass.
    pub office: OfficeId,
    /// The pass within the office.
    pub serial: Serial,
    /// The compound.
    pub compound: CompoundId,
    /// The household within the compound.
    pub household: u32,
    /// The holder within the compound.
    pub holder: u16,
    /// The colour that held.
    pub colour: Colour,
}

/// The versions of the signed parts that a gate judged by; 0 for a part it did not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Versions {
    /// Of the trust list.
    #[n(0)]
    pub trust: u64,
    /// Of the status list of the pass's office.
    #[n(1)]
    pub status: u64,
    /// Of the rules.
    #[n(2)]
    pub rules: u64,
}

/// Who decided otherwise, and why.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Override {
    /// The member of staff, by the name they sign in with.
    #[n(0)]
    pub who: String,
    /// Their reason.
    #[n(1)]
    pub why: String,
    /// The verdict before.
    #[n(2)]
    pub instead_of: Verdict,
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
        let What::Judged(judged) = &self.what;
        let wire = Wire {
            version: VERSION,
            gate: self.gate.clone(),
            journal: self.journal,
            sequence: self.sequence,
            at: self.at.0,
            in_doubt: self.in_doubt,
            before: self.before,
            judged: Some(judged.clone()),
        };
        minicbor::to_vec(wire).expect("a Vec takes every write")
    }

    /// Reads what [`Event::to_bytes`] writes, and no other form of it.
    ///
    /// # Errors
    /// [`EventError`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EventError> {
        if bytes.len() > MAX_BYTES {
            return Err(EventError::TooLong { length: bytes.len() });
        }
        let wire: Wire = minicbor::decode(bytes).map_err(|_| EventError::Malformed)?;
        if wire.version != VERSION {
            return Err(EventError::Malformed);
        }
        let event = Self {
            gate: wire.gate,
            journal: wire.journal,
            sequence: wire.sequence,
            at: Timestamp(wire.at),
            in_doubt: wire.in_doubt,
            before: wire.before,
            what: What::Judged(wire.judged.ok_or(EventError::Malformed)?),
        };
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

/// The event as a CBOR map with small integers for keys; what happened stands under a key of its own kind.
#[derive(Encode, Decode)]
#[cbor(map)]
struct Wire {
    #[n(0)]
    version: u8,
    #[n(1)]
    gate: String,
    #[n(2)]
    #[cbor(with = "minicbor::bytes")]
    journal: [u8; 16],
    #[n(3)]
    sequence: u64,
    #[n(4)]
    at: i64,
    #[n(5)]
    in_doubt: bool,
    #[n(6)]
    #[cbor(with = "minicbor::bytes")]
    before: [u8; 32],
    #[n(7)]
    judged: Option<Judged>,
}

impl<C> Encode<C> for Holder {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.array(6)?.u32(self.office.0)?.bytes(&self.serial.0)?.u32(self.compound.0)?;
        e.u32(self.household)?.u16(self.holder)?.u8(self.colour as u8)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Holder {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let wrong = |what| minicbor::decode::Error::message(what);
        if d.array()? != Some(6) {
            return Err(wrong("holder"));
        }
        Ok(Self {
            office: OfficeId(d.u32()?),
            serial: Serial(d.bytes()?.try_into().map_err(|_| wrong("serial"))?),
            compound: CompoundId(d.u32()?),
            household: d.u32()?,
            holder: d.u16()?,
            colour: *Colour::ALL.get(usize::from(d.u8()?)).ok_or(wrong("colour"))?,
        })
    }
}
