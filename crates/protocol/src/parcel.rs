//! A parcel: the parts that an office sends to gates, in one file: those that have changed, or all of them; by network or on a
//! stick the same bytes.
//!
//! The file itself proves nothing; each part is believed by its own signature.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use crate::{Bundle, BundleError, Receiver, Sealed};

/// What the file starts with.
const MAGIC: &str = "sanse-gate bundle";
/// The versions of the file's layout: a whole bundle of before there were directions, and what is written now.
const WHOLE: u8 = 1;
const PARTS: u8 = 2;
/// More than a bundle of the largest district has.
const MAX_BYTES: usize = 64 << 20;
/// More gates than one parcel is made for.
const MAX_GATES: usize = 1000;

/// Parts, as their signers wrote them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parcel {
    /// The trust list, signed by the root.
    pub trust: Option<Vec<u8>>,
    /// Status lists, one for each office.
    pub status: Vec<Vec<u8>>,
    /// The rules of the gate's compound.
    pub rules: Option<Vec<u8>>,
    /// Where the gates' events go.
    pub directions: Option<Vec<u8>>,
    /// The people of the compound, sealed once for each gate that may know them.
    pub people: Vec<Vec<u8>>,
    /// What the office answers, sealed for each gate.
    pub replies: Vec<Vec<u8>>,
}

impl Parcel {
    /// The file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // A whole bundle as the first version knew it is written as that version wrote it.
        let written = match (&self.trust, &self.rules, &self.directions, self.replies.as_slice()) {
            (Some(trust), Some(rules), None, []) => minicbor::to_vec(Whole {
                magic: MAGIC.into(),
                version: WHOLE,
                trust: trust.clone().into(),
                status: bytes(&self.status),
                rules: rules.clone().into(),
                people: bytes(&self.people),
            }),
            _ => minicbor::to_vec(Parts {
                magic: MAGIC.into(),
                version: PARTS,
                trust: self.trust.clone().map(Into::into),
                status: bytes(&self.status),
                rules: self.rules.clone().map(Into::into),
                directions: self.directions.clone().map(Into::into),
                people: bytes(&self.people),
                replies: bytes(&self.replies),
            }),
        };
        written.expect("a Vec takes every write")
    }

    /// Takes a file apart. Nothing in it is believed yet.
    ///
    /// # Errors
    /// [`BundleError::Malformed`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BundleError> {
        if bytes.len() > MAX_BYTES {
            return Err(BundleError::Malformed);
        }
        let malformed = |_| BundleError::Malformed;
        let Start { magic, version } = minicbor::decode(bytes).map_err(malformed)?;
        let parcel = match (magic.as_str(), version) {
            (MAGIC, WHOLE) => {
                let file: Whole = minicbor::decode(bytes).map_err(malformed)?;
                Self {
                    trust: Some(file.trust.into()),
                    status: vecs(file.status),
                    rules: Some(file.rules.into()),
                    people: vecs(file.people),
                    ..Self::default()
                }
            }
            (MAGIC, PARTS) => {
                let file: Parts = minicbor::decode(bytes).map_err(malformed)?;
                Self {
                    trust: file.trust.map(Into::into),
                    status: vecs(file.status),
                    rules: file.rules.map(Into::into),
                    directions: file.directions.map(Into::into),
                    people: vecs(file.people),
                    replies: vecs(file.replies),
                }
            }
            _ => return Err(BundleError::Malformed),
        };
        let too_many = parcel.people.len() > MAX_GATES || parcel.replies.len() > MAX_GATES;
        if too_many || parcel.to_bytes() != bytes { Err(BundleError::Malformed) } else { Ok(parcel) }
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The bundle that it is, if all parts are there that one needs.
    #[must_use]
    pub fn whole(&self) -> Option<Bundle> {
        Some(Bundle {
            trust: self.trust.clone()?,
            status: self.status.clone(),
            rules: self.rules.clone()?,
            people: self.people.clone(),
            directions: self.directions.clone(),
        })
    }

    /// Whether any part of a bundle is in it, beside replies.
    #[must_use]
    pub fn has_parts(&self) -> bool {
        *self != Self { replies: self.replies.clone(), ..Self::default() }
    }

    /// The replies that were sealed for this gate.
    pub fn replies_for(&self, gate: &Receiver) -> impl Iterator<Item = Sealed> {
        let sealed = self.replies.iter().filter_map(|bytes| Sealed::from_bytes(bytes).ok());
        sealed.filter(|sealed| sealed.is_for(gate))
    }
}

fn bytes(all: &[Vec<u8>]) -> Vec<ByteVec> {
    all.iter().cloned().map(Into::into).collect()
}

fn vecs(all: Vec<ByteVec>) -> Vec<Vec<u8>> {
    all.into_iter().map(Into::into).collect()
}

/// The fields by which a file is told; more may follow.
#[derive(Decode)]
#[cbor(array)]
struct Start {
    #[n(0)]
    magic: String,
    #[n(1)]
    version: u8,
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct Whole {
    #[n(0)]
    magic: String,
    #[n(1)]
    version: u8,
    #[n(2)]
    trust: ByteVec,
    #[n(3)]
    status: Vec<ByteVec>,
    #[n(4)]
    rules: ByteVec,
    #[n(5)]
    people: Vec<ByteVec>,
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct Parts {
    #[n(0)]
    magic: String,
    #[n(1)]
    version: u8,
    #[n(2)]
    trust: Option<ByteVec>,
    #[n(3)]
    status: Vec<ByteVec>,
    #[n(4)]
    rules: Option<ByteVec>,
    #[n(5)]
    directions: Option<ByteVec>,
    #[n(6)]
    people: Vec<ByteVec>,
    #[n(7)]
    replies: Vec<ByteVec>,
}
