//! The trust list: which keys may sign what, for which compounds, and when; vouched for by a root key.
//!
//! Its version is its own. Whoever reads lists keeps the highest version seen, so that a pulled key never returns.

use std::ops::RangeInclusive;

use crate::cbor::{self, Reader};
use crate::{
    CompoundId, Content, Contents, Kinds, OfficeId, PublicKey, Refusal, Signed, SigningKey, Timestamp,
};

/// Claims: issued at (RFC 8392 §3.1.6), and private ones for the version and the keys.
const ISSUED: i64 = 6;
pub(crate) const VERSION: i64 = -65_538;
const KEYS: i64 = -65_539;
/// More keys than any district has offices.
const MAX_KEYS: u64 = 4096;
/// More stretches of compounds than any office has.
const MAX_RANGES: u64 = 1024;

/// A key that a root vouches for, and what it may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedKey {
    /// The key.
    pub public: PublicKey,
    /// The office it signs for.
    pub office: OfficeId,
    /// The compounds it may sign for, as stretches of numbers, each end included.
    pub compounds: Vec<RangeInclusive<u32>>,
    /// The kinds of content it may sign.
    pub contents: Contents,
    /// The kinds of pass it may sign.
    pub kinds: Kinds,
    /// Start of its validity.
    pub from: Timestamp,
    /// End of its validity: what it signs must hold no longer.
    pub until: Timestamp,
}

impl TrustedKey {
    /// Whether it may sign for `compound`.
    #[must_use]
    pub fn covers(&self, compound: CompoundId) -> bool {
        self.compounds.iter().any(|range| range.contains(&compound.0))
    }

    /// Demands that a validity lies within the key's own. So the key's end is also the end of all it signed, and no
    /// clock is needed to judge it.
    ///
    /// # Errors
    /// [`Refusal::KeyNotValid`].
    pub fn demand_valid(&self, from: Timestamp, until: Timestamp) -> Result<(), Refusal> {
        if self.from <= from && until <= self.until {
            Ok(())
        } else {
            Err(Refusal::KeyNotValid { key: self.public.id(), from: self.from, until: self.until })
        }
    }
}

/// A trust list, as an office with a root key writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustList {
    /// Rises with every list of this root.
    pub version: u64,
    /// When it was signed.
    pub issued: Timestamp,
    /// The keys.
    pub keys: Vec<TrustedKey>,
}

impl TrustList {
    /// Signs the list with the root key.
    #[must_use]
    pub fn sign(&self, root: &SigningKey) -> Vec<u8> {
        Content::TrustList.sign(&self.to_claims(), root)
    }

    /// Reads a list that `root` signed.
    ///
    /// # Errors
    /// What is wrong with it; a weak key in it is [`Refusal::Malformed`].
    pub fn open(bytes: &[u8], root: &PublicKey) -> Result<TrustedKeys, Refusal> {
        let payload = Content::TrustList.open_by(bytes, root)?;
        let list = Self::from_claims(payload)?;
        if list.to_claims() != payload {
            return Err(Refusal::NotCanonical);
        }
        Ok(TrustedKeys { list })
    }

    fn to_claims(&self) -> Vec<u8> {
        cbor::write(64 + 80 * self.keys.len(), |w| {
            w.map(3)?.i64(ISSUED)?.i64(self.issued.0)?.i64(VERSION)?.u64(self.version)?.i64(KEYS)?;
            w.array(self.keys.len() as u64)?;
            for key in &self.keys {
                w.array(7)?.bytes(&key.public.to_bytes())?.u32(key.office.0)?;
                w.array(key.compounds.len() as u64)?;
                for range in &key.compounds {
                    w.array(2)?.u32(*range.start())?.u32(*range.end())?;
                }
                w.u16(key.contents.bits())?.u8(key.kinds.bits())?.i64(key.from.0)?.i64(key.until.0)?;
            }
            Ok(())
        })
    }

    fn from_claims(bytes: &[u8]) -> Result<Self, Refusal> {
        let mut r = Reader::new(bytes);
        r.map_of(3, "the claims")?;
        r.label(ISSUED, "the claim iat")?;
        let issued = Timestamp(r.integer("the claim iat")?);
        r.label(VERSION, "the version")?;
        let version = r.unsigned("the version")?;
        r.label(KEYS, "the keys")?;
        let count = at_most(r.array("the keys")?, MAX_KEYS, "the keys")?;
        let mut keys: Vec<TrustedKey> = Vec::new();
        for _ in 0..count {
            let key = read_key(&mut r)?;
            if keys.iter().any(|other| other.public == key.public) {
                return Err(Refusal::Malformed { what: "the keys: one stands there twice" });
            }
            keys.push(key);
        }
        r.end()?;
        Ok(Self { version, issued, keys })
    }
}

fn read_key(r: &mut Reader<'_>) -> Result<TrustedKey, Refusal> {
    r.array_of(7, "a trusted key")?;
    let public = PublicKey::from_bytes(&r.bytes_of("a public key")?)
        .map_err(|_| Refusal::Malformed { what: "a public key that is weak or no point of the curve" })?;
    let office = OfficeId(r.unsigned("an office")?);
    let mut compounds = Vec::new();
    for _ in 0..at_most(r.array("the compounds of a key")?, MAX_RANGES, "the compounds of a key")? {
        r.array_of(2, "a stretch of compounds")?;
        let first: u32 = r.unsigned("a stretch of compounds")?;
        compounds.push(first..=r.unsigned("a stretch of compounds")?);
    }
    let contents = Contents::of_bits(r.unsigned("the kinds of content")?)
        .ok_or(Refusal::Malformed { what: "the kinds of content" })?;
    let kinds = Kinds::of_bits(r.unsigned("the kinds of pass")?)
        .ok_or(Refusal::Malformed { what: "the kinds of pass" })?;
    let from = Timestamp(r.integer("the validity of a key")?);
    let until = Timestamp(r.integer("the validity of a key")?);
    Ok(TrustedKey { public, office, compounds, contents, kinds, from, until })
}

fn at_most(count: u64, limit: u64, what: &'static str) -> Result<u64, Refusal> {
    if count <= limit { Ok(count) } else { Err(Refusal::Malformed { what }) }
}

/// A trust list whose signature held: what every other signature is judged by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedKeys {
    list: TrustList,
}

impl TrustedKeys {
    /// The version of the list, to be kept as a high-water mark.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.list.version
    }

    /// When the list was signed.
    #[must_use]
    pub fn issued(&self) -> Timestamp {
        self.list.issued
    }

    /// The keys.
    #[must_use]
    pub fn keys(&self) -> &[TrustedKey] {
        &self.list.keys
    }

    /// Opens content other than a pass. The caller decodes the payload, re-encodes it and demands the same bytes, and
    /// asks [`TrustedKey::covers`] and [`TrustedKey::demand_valid`].
    ///
    /// # Errors
    /// What is wrong with the envelope, its signature or its signer.
    pub fn open<'a>(&'a self, content: Content, bytes: &'a [u8]) -> Result<Signed<'a>, Refusal> {
        content.open(bytes, &self.list.keys)
    }
}
