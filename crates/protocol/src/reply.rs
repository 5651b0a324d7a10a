//! Replies: what an office answers to one gate. How far it has the gate's events, which it may drop only then; and what the other
//! gates of the compound have logged, so that a quota holds at all of them.
//!
//! Signed by the office, sealed for the gate.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use pass::{CompoundId, Content, Refusal, SigningKey, Timestamp, TrustedKeys};

use crate::claims::{Claims, decode, encode};
use crate::packed::{pack, unpack};
use crate::report::{Wire, apart};
use crate::{PeopleError, Receiver, ReceiverKey, Sealed, Stand};

const BODY: i64 = -65_547;
/// Events of one reply have so many bytes at most.
const MAX_EVENTS: usize = 4 << 20;

/// What an office answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The number of the report that is answered.
    pub number: u64,
    /// The office's time.
    pub at: Timestamp,
    /// The compound of the gate.
    pub compound: CompoundId,
    /// When the gate was struck off; none while it may open.
    pub struck: Option<Timestamp>,
    /// How far the office has the gate's journal without a gap: the gate goes on from there, also where it had gone further before.
    pub has: Option<Stand>,
    /// Events of other gates of the compound, those of one journal in the order of their sequences.
    pub others: Vec<Vec<u8>>,
    /// Whether there are more of them.
    pub more: bool,
}

impl Reply {
    /// The most bytes that the events of one reply should have together.
    pub const MAX_EVENTS: usize = MAX_EVENTS / 2;

    /// Signs it and seals it for the gate.
    #[must_use]
    pub fn seal(&self, key: &SigningKey, gate: &Receiver) -> Sealed {
        let body = Body {
            compound: self.compound.0,
            gate: gate.thumbprint(),
            struck: self.struck.map(|at| at.0),
            has: self.has.map(Wire::of),
            others: pack(&self.others.concat()).into(),
            more: self.more,
        };
        let claims = Claims::<BODY, _> { issued: self.at.0, version: self.number, body };
        Sealed::seal(Content::Reply, self.number, &Content::Reply.sign(&encode(&claims), key), gate)
    }

    /// Opens what was sealed for `gate`, and believes it if one of `keys` signed it for a compound it covers and for this gate.
    ///
    /// # Errors
    /// What is wrong with seal, signature or content.
    pub fn open(sealed: &Sealed, gate: &ReceiverKey, keys: &TrustedKeys) -> Result<Self, PeopleError> {
        const WHAT: &str = "the reply, or it is newer than this program";
        let bytes = sealed.open(Content::Reply, gate)?;
        let signed = keys.open(Content::Reply, &bytes)?;
        let claims: Claims<BODY, Body> = decode(signed.payload, WHAT)?;
        let body = claims.body;
        if body.gate != gate.receiver().thumbprint() || claims.version != sealed.version() {
            return Err(Refusal::Malformed { what: "the reply: meant for another gate or report" }.into());
        }
        let at = Timestamp(claims.issued);
        signed.signer.demand_valid(at, at)?;
        let compound = CompoundId(body.compound);
        if !signed.signer.covers(compound) {
            return Err(Refusal::KeyNotForCompound { key: signed.signer.public.id(), compound }.into());
        }
        Ok(Self {
            number: claims.version,
            at,
            compound,
            struck: body.struck.map(Timestamp),
            has: body.has.map(Wire::stand),
            others: apart(&unpack(&body.others, MAX_EVENTS, "the packed events of a reply")?)?,
            more: body.more,
        })
    }
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct Body {
    #[n(0)]
    compound: u32,
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    gate: [u8; 32],
    #[n(2)]
    struck: Option<i64>,
    #[n(3)]
    has: Option<Wire>,
    #[n(4)]
    others: ByteVec,
    #[n(5)]
    more: bool,
}
