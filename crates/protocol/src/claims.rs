//! CWT claims of what carries a version: iat, version, and the content under a label of its own, in the deterministic order of their
//! labels.

use minicbor::{Decode, Encode};

/// Issued at (RFC 8392 §3.1.6).
const ISSUED: i64 = 6;
/// The private claim for a version, as in a trust list.
const VERSION: i64 = -65_538;

/// The claims, whose body stands under `LABEL`. Labels are never reused; another form of a body gets another.
pub(crate) struct Claims<const LABEL: i64, B> {
    /// Seconds since 1970.
    pub(crate) issued: i64,
    /// Rises.
    pub(crate) version: u64,
    /// What is said.
    pub(crate) body: B,
}

impl<C, const LABEL: i64, B: Encode<C>> Encode<C> for Claims<LABEL, B> {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.map(3)?.i64(ISSUED)?.i64(self.issued)?.i64(VERSION)?.u64(self.version)?.i64(LABEL)?;
        self.body.encode(e, ctx)
    }
}

impl<'b, C, const LABEL: i64, B: Decode<'b, C>> Decode<'b, C> for Claims<LABEL, B> {
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
        label(d, LABEL)?;
        Ok(Self { issued, version, body: B::decode(d, ctx)? })
    }
}

/// The bytes of claims, and of everything else here that is written at once.
pub(crate) fn encode<T: Encode<()>>(value: &T) -> Vec<u8> {
    minicbor::to_vec(value).expect("a Vec takes every write")
}

/// Reads what [`encode`] writes, and no other form of it; `what` names it where it can't be read.
pub(crate) fn decode<'b, T: Decode<'b, ()> + Encode<()>>(
    bytes: &'b [u8],
    what: &'static str,
) -> Result<T, pass::Refusal> {
    let value: T = minicbor::decode(bytes).map_err(|_| pass::Refusal::Malformed { what })?;
    if encode(&value) == bytes { Ok(value) } else { Err(pass::Refusal::NotCanonical) }
}
