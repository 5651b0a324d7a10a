//! Directions: whom the gates of a compound tell what happened, and which gates there are. A gate that was struck off finds out by
//! them, whichever way they reach it.

use minicbor::{Decode, Encode};
use pass::{CompoundId, Content, Refusal, SigningKey, Timestamp, TrustedKeys};

use crate::Receiver;
use crate::claims::{Claims, decode, encode};

const BODY: i64 = -65_545;
/// More gates than any compound had in its time.
const MAX_GATES: usize = 2000;
/// More addresses than an office has.
const MAX_ADDRESSES: usize = 8;
/// The most bytes of an address or a gate's name.
const MAX_TEXT: usize = 512;

/// What the gates of a compound are told of their office and of each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directions {
    /// The compound.
    pub compound: CompoundId,
    /// The key of the office: what gates tell it is sealed for this.
    pub office: Receiver,
    /// Where the office is reached, the best way first: `http://` or `https://`.
    pub addresses: Vec<String>,
    /// The gates of the compound, those that were struck off as well.
    pub gates: Vec<GateEntry>,
}

/// A gate of a compound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateEntry {
    /// Its name, which events carry.
    pub name: String,
    /// Thumbprint of its receiver's key.
    pub thumbprint: [u8; 32],
    /// When it was struck off; none while it may open.
    pub struck: Option<Timestamp>,
}

/// Directions whose signature held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedDirections {
    /// Rises with every change.
    pub version: u64,
    /// When they were signed.
    pub issued: Timestamp,
    /// What they say.
    pub directions: Directions,
}

impl Directions {
    /// Signs them.
    #[must_use]
    pub fn sign(&self, version: u64, issued: Timestamp, key: &SigningKey) -> Vec<u8> {
        let body = Body {
            compound: self.compound.0,
            office: self.office.to_bytes(),
            addresses: self.addresses.clone(),
            gates: self.gates.iter().map(Entry::of).collect(),
        };
        Content::Directions.sign(&encode(&Claims::<BODY, _> { issued: issued.0, version, body }), key)
    }

    /// When the gate of this key was struck off; none while it may open, or when it is not known here.
    #[must_use]
    pub fn struck(&self, gate: &Receiver) -> Option<Timestamp> {
        let thumbprint = gate.thumbprint();
        self.gates.iter().find(|entry| entry.thumbprint == thumbprint)?.struck
    }
}

impl SignedDirections {
    /// Reads directions that one of `keys` signed for a compound it covers.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn open(bytes: &[u8], keys: &TrustedKeys) -> Result<Self, Refusal> {
        const WHAT: &str = "the directions, or they are newer than this program";
        let signed = keys.open(Content::Directions, bytes)?;
        let claims: Claims<BODY, Body> = decode(signed.payload, WHAT)?;
        let body = claims.body;
        let long = |text: &String| text.len() > MAX_TEXT;
        let too_much = body.gates.len() > MAX_GATES || body.addresses.len() > MAX_ADDRESSES;
        if too_much || body.addresses.iter().any(long) || body.gates.iter().any(|entry| long(&entry.name)) {
            return Err(Refusal::Malformed { what: WHAT });
        }
        let issued = Timestamp(claims.issued);
        signed.signer.demand_valid(issued, issued)?;
        let compound = CompoundId(body.compound);
        if !signed.signer.covers(compound) {
            return Err(Refusal::KeyNotForCompound { key: signed.signer.public.id(), compound });
        }
        let office = Receiver::from_bytes(&body.office)
            .map_err(|_| Refusal::Malformed { what: "the directions: the office's key is weak" })?;
        let gates = body.gates.into_iter().map(Entry::gate).collect();
        let directions = Directions { compound, office, addresses: body.addresses, gates };
        Ok(Self { version: claims.version, issued, directions })
    }
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct Body {
    #[n(0)]
    compound: u32,
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    office: [u8; 32],
    #[n(2)]
    addresses: Vec<String>,
    #[n(3)]
    gates: Vec<Entry>,
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct Entry {
    #[n(0)]
    name: String,
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    thumbprint: [u8; 32],
    #[n(2)]
    struck: Option<i64>,
}

impl Entry {
    fn of(gate: &GateEntry) -> Self {
        let struck = gate.struck.map(|at| at.0);
        Self { name: gate.name.clone(), thumbprint: gate.thumbprint, struck }
    }

    fn gate(self) -> GateEntry {
        GateEntry { name: self.name, thumbprint: self.thumbprint, struck: self.struck.map(Timestamp) }
    }
}
