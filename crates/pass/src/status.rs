//! What is true of each pass now: a Token Status List (draft-ietf-oauth-status-list) in CWT form, 4 bits for each pass.
//!
//! Knows no rule: what a status means at a gate is decided elsewhere.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

use crate::cbor::{self, Reader};
use crate::trust::VERSION;
use crate::{Colour, Content, OfficeId, Refusal, SigningKey, Timestamp, TrustedKeys};

/// Claims: subject, expiry, issued at (RFC 8392 §3.1), the status list (draft §5.2).
const SUBJECT: i64 = 2;
const EXPIRES: i64 = 4;
const ISSUED: i64 = 6;
const STATUS_LIST: i64 = 65_533;
/// Bits for each pass (draft §4.1 allows 1, 2, 4 and 8).
const BITS: u8 = 4;
/// The subject names the list; after this comes the number of the office.
const SUBJECT_PREFIX: &str = "urn:sanse-gate:status:";
/// The largest list that is unpacked: room for 32 million passes.
const MAX_BYTES: u64 = 1 << 24;
/// Fills the last half byte of a list with an odd number of passes: application-specific in the draft (§7.1), and
/// unlike any status of a pass.
const UNASSIGNED: u8 = 0xF;

/// What a list says of a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// 0x0: it holds as it was signed.
    AsSigned,
    /// 0x1: withdrawn for good (INVALID in the draft's registry).
    Withdrawn,
    /// 0x2: suspended for now (SUSPENDED in the draft's registry).
    Suspended,
    /// 0x3: its holder has a newer one.
    Replaced,
    /// 0xC, 0xD, 0xE: its holder's colour is this now.
    Now(Colour),
}

impl Status {
    /// The value of four bits.
    #[must_use]
    pub fn bits(self) -> u8 {
        match self {
            Self::AsSigned => 0x0,
            Self::Withdrawn => 0x1,
            Self::Suspended => 0x2,
            Self::Replaced => 0x3,
            Self::Now(colour) => 0xC + colour as u8,
        }
    }

    /// The status of these four bits; nothing for values without a meaning.
    #[must_use]
    pub fn of_bits(bits: u8) -> Option<Self> {
        match bits {
            0x0 => Some(Self::AsSigned),
            0x1 => Some(Self::Withdrawn),
            0x2 => Some(Self::Suspended),
            0x3 => Some(Self::Replaced),
            0xC => Some(Self::Now(Colour::Green)),
            0xD => Some(Self::Now(Colour::Yellow)),
            0xE => Some(Self::Now(Colour::Red)),
            _ => None,
        }
    }
}

/// The statuses of all passes of one office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusList {
    /// The office whose passes it lists.
    pub office: OfficeId,
    /// Rises with every list.
    pub version: u64,
    /// When it was signed.
    pub issued: Timestamp,
    /// Until when milder colours in it hold.
    pub expires: Timestamp,
    /// Two passes in each byte, the even index in its low half (draft §4.1).
    packed: Vec<u8>,
}

impl StatusList {
    /// Lists `statuses`, the first of them for index 0.
    #[must_use]
    pub fn new(
        office: OfficeId,
        version: u64,
        issued: Timestamp,
        expires: Timestamp,
        statuses: &[Status],
    ) -> Self {
        let packed = statuses
            .chunks(2)
            .map(|pair| pair[0].bits() | pair.get(1).map_or(UNASSIGNED, |status| status.bits()) << 4)
            .collect();
        Self { office, version, issued, expires, packed }
    }

    /// What it says of the pass at `index`; nothing when the pass is newer than the list.
    ///
    /// A value without a meaning was written by a newer office: the pass is then [`Status::Suspended`], not good.
    #[must_use]
    pub fn get(&self, index: u32) -> Option<Status> {
        let byte = *self.packed.get(usize::try_from(index / 2).ok()?)?;
        match byte >> (4 * (index % 2)) & 0xF {
            UNASSIGNED => None,
            bits => Some(Status::of_bits(bits).unwrap_or(Status::Suspended)),
        }
    }

    /// Signs the list.
    #[must_use]
    pub fn sign(&self, key: &SigningKey) -> Vec<u8> {
        Content::StatusList.sign(&self.to_claims(&compress(&self.packed)), key)
    }

    /// Reads a list that one of `keys` signed for its office.
    ///
    /// # Errors
    /// What is wrong with it. That it has expired is no error: it still speaks of withdrawals.
    pub fn open(bytes: &[u8], keys: &TrustedKeys) -> Result<Self, Refusal> {
        let signed = keys.open(Content::StatusList, bytes)?;
        let mut r = Reader::new(signed.payload);
        r.map_of(5, "the claims")?;
        r.label(SUBJECT, "the claim sub")?;
        let office = r.text("the claim sub")?.strip_prefix(SUBJECT_PREFIX).and_then(|id| id.parse().ok());
        let office = OfficeId(office.ok_or(Refusal::Malformed { what: "the claim sub" })?);
        r.label(EXPIRES, "the claim exp")?;
        let expires = Timestamp(r.integer("the claim exp")?);
        r.label(ISSUED, "the claim iat")?;
        let issued = Timestamp(r.integer("the claim iat")?);
        r.label(STATUS_LIST, "the status list")?;
        r.map_of(2, "the status list")?;
        r.name("lst", "the status list")?;
        let compressed = r.bytes("the status list")?;
        r.name("bits", "the status list")?;
        if r.unsigned::<u8>("the status list")? != BITS {
            return Err(Refusal::Malformed { what: "the status list: not 4 bits for each pass" });
        }
        r.label(VERSION, "the version")?;
        let version = r.unsigned("the version")?;
        r.end()?;
        let list = Self { office, version, issued, expires, packed: inflate(compressed)? };
        if list.to_claims(compressed) != signed.payload {
            return Err(Refusal::NotCanonical);
        }
        if office != signed.signer.office {
            return Err(Refusal::WrongOffice { named: office, signer: signed.signer.office });
        }
        signed.signer.demand_valid(issued, expires)?;
        Ok(list)
    }

    fn to_claims(&self, compressed: &[u8]) -> Vec<u8> {
        cbor::write(compressed.len() + 96, |w| {
            w.map(5)?.i64(SUBJECT)?.str(&format!("{SUBJECT_PREFIX}{}", self.office.0))?;
            w.i64(EXPIRES)?.i64(self.expires.0)?.i64(ISSUED)?.i64(self.issued.0)?;
            // Shorter keys come first in the deterministic order (RFC 8949 §4.2.1): "lst" before "bits".
            w.i64(STATUS_LIST)?.map(2)?.str("lst")?.bytes(compressed)?.str("bits")?.u8(BITS)?;
            w.i64(VERSION)?.u64(self.version)?;
            Ok(())
        })
    }
}

fn compress(packed: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(packed).expect("a Vec takes every write");
    encoder.finish().expect("a Vec takes every write")
}

/// Unpacks a ZLIB stream (RFC 1950) that must end where its bytes end.
fn inflate(compressed: &[u8]) -> Result<Vec<u8>, Refusal> {
    const WHAT: &str = "the compressed status list";
    let mut decoder = ZlibDecoder::new(compressed);
    let mut packed = Vec::new();
    decoder
        .by_ref()
        .take(MAX_BYTES + 1)
        .read_to_end(&mut packed)
        .map_err(|_| Refusal::Malformed { what: WHAT })?;
    if packed.len() as u64 > MAX_BYTES || decoder.total_in() != compressed.len() as u64 {
        return Err(Refusal::Malformed { what: WHAT });
    }
    Ok(packed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_must_be_whole_and_end_where_its_bytes_end() {
        let list = StatusList::new(OfficeId(1), 1, Timestamp(0), Timestamp(1), &[Status::Withdrawn; 999]);
        let whole = compress(&list.packed);
        assert_eq!(inflate(&whole).unwrap(), list.packed);
        for length in 0..whole.len() {
            assert!(inflate(&whole[..length]).is_err(), "cut to {length} of {}", whole.len());
        }
        assert!(inflate(&[whole, vec![0]].concat()).is_err());
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let most = MAX_BYTES as usize;
        assert_eq!(inflate(&compress(&vec![0; most])).unwrap().len(), most);
        assert!(inflate(&compress(&vec![0; most + 1])).is_err());
    }
}
