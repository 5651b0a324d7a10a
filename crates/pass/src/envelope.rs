//! COSE_Sign1 (RFC 9052 §4.2) with exactly one shape: tag 18, EdDSA, a key id of four bytes, nothing unprotected.
//!
//! Knows nothing of what it holds. Authenticates the bytes it received, then demands that writing the same parts again
//! gives the same bytes, so that one signed content has one encoding.

use crate::cbor::{self, Reader, Writer};
use crate::{Content, KeyId, PublicKey, Refusal, SigningKey};

/// CBOR tag of a COSE_Sign1 (RFC 9052 §2, table 1).
const COSE_SIGN1: u64 = 18;
/// Header labels (RFC 9052 §3.1, table 3; `typ` RFC 9596).
const ALG: i64 = 1;
const KID: i64 = 4;
const TYP: i64 = 16;
/// EdDSA (RFC 9053 §2.2, table 2).
const EDDSA: i64 = -8;
/// What the signature covers besides its fields (RFC 9052 §4.4).
const CONTEXT: &str = "Signature1";

/// The parts of a COSE_Sign1, borrowed from the bytes it came as.
pub(crate) struct Envelope<'a> {
    content: Content,
    protected: &'a [u8],
    key: KeyId,
    pub(crate) payload: &'a [u8],
    signature: [u8; 64],
}

impl<'a> Envelope<'a> {
    /// Takes `bytes` apart. Nothing in it is to be believed before [`Envelope::signer`] has found who signed.
    pub(crate) fn parse(bytes: &'a [u8], wanted: Content) -> Result<Self, Refusal> {
        let mut reader = Reader::new(bytes);
        reader.tag(COSE_SIGN1, "the COSE_Sign1 tag")?;
        reader.array_of(4, "the COSE_Sign1 array")?;
        let protected = reader.bytes("the protected header")?;
        let unprotected = reader.map("the unprotected header")?;
        if unprotected != 0 {
            return Err(Refusal::UnprotectedHeader);
        }
        let payload = reader.bytes("the payload")?;
        let signature = reader.bytes_of("the signature")?;
        reader.end()?;
        let key = read_protected(protected, wanted)?;
        Ok(Self { content: wanted, protected, key, payload, signature })
    }

    /// The one of `keys` that made the signature; all with the right id are tried.
    pub(crate) fn signer<'k, T>(&self, keys: impl Iterator<Item = (&'k PublicKey, T)>) -> Result<T, Refusal> {
        let mut signed = None;
        let mut refusal = Refusal::UnknownKey { key: self.key };
        for (public, owner) in keys.filter(|(public, _)| public.id() == self.key) {
            let signed = signed.get_or_insert_with(|| to_be_signed(self.protected, self.payload));
            if public.verifies(signed, &self.signature) {
                return Ok(owner);
            }
            refusal = Refusal::BadSignature { key: self.key };
        }
        Err(refusal)
    }

    /// Refuses bytes that a signer would not have written.
    pub(crate) fn demand_canonical(&self, bytes: &[u8]) -> Result<(), Refusal> {
        let protected = write_protected(self.content, self.key);
        if write_envelope(&protected, self.payload, &self.signature) == bytes {
            Ok(())
        } else {
            Err(Refusal::NotCanonical)
        }
    }
}

/// Signs `payload` as `content`.
pub(crate) fn sign(content: Content, payload: &[u8], key: &SigningKey) -> Vec<u8> {
    let protected = write_protected(content, key.id());
    let signature = key.sign(&to_be_signed(&protected, payload));
    write_envelope(&protected, payload, &signature)
}

/// Reads the header's map, and demands that it speaks of `wanted`.
fn read_protected(bytes: &[u8], wanted: Content) -> Result<KeyId, Refusal> {
    const WHAT: &str = "the protected header";
    let mut reader = Reader::new(bytes);
    let entries = reader.map(WHAT)?;
    reader.label(ALG, WHAT)?;
    if reader.text_is_next() || reader.integer(WHAT)? != EDDSA {
        return Err(Refusal::Algorithm);
    }
    reader.label(KID, WHAT)?;
    let key = KeyId(reader.bytes_of("the key id")?);
    let typ = match entries {
        2 => None,
        3 => {
            reader.label(TYP, WHAT)?;
            Some(reader.text("the typ header")?)
        }
        _ => return Err(Refusal::Malformed { what: WHAT }),
    };
    reader.end()?;
    match Content::of_typ(typ) {
        Some(found) if found == wanted => Ok(key),
        found => Err(Refusal::WrongContent { found, wanted }),
    }
}

fn write_protected(content: Content, key: KeyId) -> Vec<u8> {
    cbor::write(56, |w| {
        w.map(if content.typ().is_some() { 3 } else { 2 })?;
        w.i64(ALG)?.i64(EDDSA)?.i64(KID)?.bytes(&key.0)?;
        if let Some(typ) = content.typ() {
            w.i64(TYP)?.str(typ)?;
        }
        Ok(())
    })
}

fn write_envelope(protected: &[u8], payload: &[u8], signature: &[u8; 64]) -> Vec<u8> {
    cbor::write(protected.len() + payload.len() + 80, |w: &mut Writer| {
        w.tag(minicbor::data::Tag::new(COSE_SIGN1))?.array(4)?;
        w.bytes(protected)?.map(0)?.bytes(payload)?.bytes(signature)?;
        Ok(())
    })
}

/// The Sig_structure (RFC 9052 §4.4), without external data.
fn to_be_signed(protected: &[u8], payload: &[u8]) -> Vec<u8> {
    cbor::write(protected.len() + payload.len() + 20, |w: &mut Writer| {
        w.array(4)?.str(CONTEXT)?.bytes(protected)?.bytes(&[])?.bytes(payload)?;
        Ok(())
    })
}
