//! The rules of a compound as signed content.

use gate::{ColourRule, PerColour, Rules, Verdict};
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

const ISSUED: i64 = 6;
const VERSION: i64 = -65_538;
const BODY: i64 = -65_540;

impl<C> Encode<C> for Claims {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.map(3)?.i64(ISSUED)?.i64(self.issued)?.i64(VERSION)?.u64(self.version)?.i64(BODY)?;
        self.body.encode(e, ctx)
    }
}

impl<'b, C> Decode<'b, C> for Claims {
    fn decode(d: &mut minicbor::Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        let label = |d: &mut minicbor::Decoder<'b>, wanted| match d.i64()? {
            found if found == wanted => Ok(()),
            _ => Err(minicbor::decode::Error::message("label")),
        };
        d.map()?;
        label(d, ISSUED)?;
        let issued = d.i64()?;
        label(d, VERSION)?;
        let version = d.u64()?;
        label(d, BODY)?;
        Ok(Self { issued, version, body: Body::decode(d, ctx)? })
    }
}

/// The rules on the wire. Labels are never reused.
#[derive(Encode, Decode)]
#[cbor(map)]
struct Body {
    #[n(0)]
    compound: u32,
    #[n(1)]
    compound_name: String,
    #[n(2)]
    time_zone: String,
    #[n(3)]
    green: Colour,
    #[n(4)]
    yellow: Colour,
    #[n(5)]
    red: Colour,
}

/// All that is decided for one colour.
#[derive(Encode, Decode)]
#[cbor(map)]
struct Colour {
    #[n(0)]
    out: Verdict,
    #[n(1)]
    entry: Verdict,
    #[n(2)]
    entry_alert: bool,
    #[n(3)]
    unlisted: Verdict,
    #[n(4)]
    clock_in_doubt: Verdict,
}

impl Body {
    fn of(rules: &Rules) -> Self {
        let colour = |colour| {
            let ColourRule { out, entry, entry_alert } = rules.colours.of(colour);
            let (unlisted, clock_in_doubt) = (rules.unlisted.of(colour), rules.clock_in_doubt.of(colour));
            Colour { out, entry, entry_alert, unlisted, clock_in_doubt }
        };
        Self {
            compound: rules.compound.0,
            compound_name: rules.compound_name.clone(),
            time_zone: rules.time_zone.clone(),
            green: colour(pass::Colour::Green),
            yellow: colour(pass::Colour::Yellow),
            red: colour(pass::Colour::Red),
        }
    }

    fn rules(&self) -> Rules {
        fn each<T>(body: &Body, take: impl Fn(&Colour) -> T) -> PerColour<T> {
            PerColour { green: take(&body.green), yellow: take(&body.yellow), red: take(&body.red) }
        }
        Rules {
            compound: CompoundId(self.compound),
            compound_name: self.compound_name.clone(),
            time_zone: self.time_zone.clone(),
            colours: each(self, |c| ColourRule { out: c.out, entry: c.entry, entry_alert: c.entry_alert }),
            unlisted: each(self, |c| c.unlisted),
            clock_in_doubt: each(self, |c| c.clock_in_doubt),
        }
    }
}
