//! The rules of a compound as signed content. Version 2 is written; version 1, which knew colours only, is still read.

mod file;
mod version1;

pub use file::{RulesFileError, policy_from_json, policy_to_json};
use gate::{Policy, Rules};
use minicbor::{Decode, Encode};
use pass::{CompoundId, Content, Refusal, SigningKey, Timestamp, TrustedKeys};

/// Rules whose signature held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedRules {
    /// Rises with every change.
    pub version: u64,
    /// When they were signed.
    pub issued: Timestamp,
    /// What they say.
    pub rules: Rules,
}

/// Signs the rules of a compound.
#[must_use]
pub fn sign_rules(rules: &Rules, version: u64, issued: Timestamp, key: &SigningKey) -> Vec<u8> {
    let claims = Claims { issued: issued.0, version, body: Body::of(rules) };
    Content::Rules.sign(&encode(&claims), key)
}

impl SignedRules {
    /// Reads rules that one of `keys` signed for a compound it covers.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn open(bytes: &[u8], keys: &TrustedKeys) -> Result<Self, Refusal> {
        let signed = keys.open(Content::Rules, bytes)?;
        let claims: Claims = minicbor::decode(signed.payload)
            .map_err(|_| Refusal::Malformed { what: "the rules, or they are newer than this program" })?;
        if encode(&claims) != signed.payload {
            return Err(Refusal::NotCanonical);
        }
        let issued = Timestamp(claims.issued);
        let rules = claims.body.rules();
        rules
            .policy
            .check()
            .map_err(|_| Refusal::Malformed { what: "the rules: they can't be carried out" })?;
        signed.signer.demand_valid(issued, issued)?;
        if !signed.signer.covers(rules.compound) {
            let key = signed.signer.public.id();
            return Err(Refusal::KeyNotForCompound { key, compound: rules.compound });
        }
        Ok(Self { version: claims.version, issued, rules })
    }
}

fn encode(claims: &Claims) -> Vec<u8> {
    minicbor::to_vec(claims).expect("a Vec takes every write")
}

/// CWT claims: iat, and the private ones for version and body. Written in the deterministic order of their labels.
struct Claims {
    issued: i64,
    version: u64,
    body: Body,
}

/// The rules in one of the versions of their format, each under a label of its own.
enum Body {
    One(version1::Body),
    Two(version2::Body),
}

const ISSUED: i64 = 6;
const VERSION: i64 = -65_538;
const BODY_1: i64 = -65_540;
const BODY_2: i64 = -65_544;

impl<C> Encode<C> for Claims {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.map(3)?.i64(ISSUED)?.i64(self.issued)?.i64(VERSION)?.u64(self.version)?;
        match &self.body {
            Body::One(body) => body.encode(e.i64(BODY_1)?, ctx),
            Body::Two(body) => body.encode(e.i64(BODY_2)?, ctx),
        }
    }
}

impl<'b, C> Decode<'b, C> for Claims {
    fn decode(d: &mut minicbor::Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        let wrong = || minicbor::decode::Error::message("label");
        let label = |d: &mut minicbor::Decoder<'b>, wanted| match d.i64()? {
            found if found == wanted => Ok(()),
            _ => Err(wrong()),
        };
        d.map()?;
        label(d, ISSUED)?;
        let issued = d.i64()?;
        label(d, VERSION)?;
        let version = d.u64()?;
        let body = match d.i64()? {
            BODY_1 => Body::One(version1::Body::decode(d, ctx)?),
            BODY_2 => Body::Two(version2::Body::decode(d, ctx)?),
            _ => return Err(wrong()),
        };
        Ok(Self { issued, version, body })
    }
}

impl Body {
    fn of(rules: &Rules) -> Self {
        Self::Two(version2::Body {
            compound: rules.compound.0,
            compound_name: rules.compound_name.clone(),
            policy: rules.policy.clone(),
        })
    }

    fn rules(self) -> Rules {
        match self {
            Self::One(body) => body.rules(),
            Self::Two(version2::Body { compound, compound_name, policy }) => {
                Rules { compound: CompoundId(compound), compound_name, policy }
            }
        }
    }
}

mod version2 {
    use super::{Decode, Encode, Policy};

    /// The rules on the wire. Labels are never reused.
    #[derive(Encode, Decode)]
    #[cbor(map)]
    pub(super) struct Body {
        #[n(0)]
        pub(super) compound: u32,
        #[n(1)]
        pub(super) compound_name: String,
        #[n(2)]
        pub(super) policy: Policy,
    }
}
