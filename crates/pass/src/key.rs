//! Ed25519 keys, their short id, and the two forms in which public keys travel: COSE_Key and JWK.
//!
//! Where private keys are kept, and under which passphrase, is the issuer's business.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ed25519_dalek::{Signature, Signer, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::cbor::{self, Reader};

/// COSE_Key labels and values (RFC 9052 §7.1; RFC 9053 §7.2).
const KTY: i64 = 1;
const OKP: i64 = 1;
const KEY_ID: i64 = 2;
const ALG: i64 = 3;
const EDDSA: i64 = -8;
const CRV: i64 = -1;
const ED25519: i64 = 6;
const X: i64 = -2;

/// Four bytes that help to find a key. Two keys may share them: an id proves nothing.
///
/// They are the first four characters of the key's COSE Key Thumbprint (RFC 9679, SHA-256) in base64url: letters that
/// are the same as the bytes of a COSE header and as the text of a JWK's `kid`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId(pub [u8; 4]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.escape_ascii())
    }
}

/// Why something is not a public key that can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Neither a COSE_Key nor a JWK of an Ed25519 key.
    #[error("not an Ed25519 public key: {what}")]
    Malformed {
        /// The part that is wrong.
        what: &'static str,
    },
    /// The 32 bytes are no point of the curve.
    #[error("the 32 bytes are no point of the curve")]
    NotAPoint,
    /// A point of small order: anybody can sign for it.
    #[error("a weak key: a point of small order, for which anybody can sign")]
    Weak,
    /// The key id inside is not the one of this key.
    #[error("the key id {found} is not the one of this key, {wanted}")]
    WrongId {
        /// The id that stands there.
        found: KeyId,
        /// The id that the key has.
        wanted: KeyId,
    },
}

/// A public key that is a point of large order.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    id: KeyId,
    key: VerifyingKey,
}

impl PublicKey {
    /// The key of these 32 bytes (RFC 8032 §5.1.2).
    ///
    /// # Errors
    /// [`KeyError::NotAPoint`] and [`KeyError::Weak`].
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::NotAPoint)?;
        if key.is_weak() {
            return Err(KeyError::Weak);
        }
        // The curve library also reads y + p, which RFC 8032 §5.1.3 forbids: one key would have two forms and two ids.
        if key.to_edwards().compress().as_bytes() != bytes {
            return Err(KeyError::NotAPoint);
        }
        Ok(Self { id: id_of(bytes), key })
    }

    /// The 32 bytes of the point.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 32] {
        self.key.to_bytes()
    }

    /// The four bytes that stand in every envelope this key signs.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// All of the COSE Key Thumbprint (RFC 9679), for people to compare.
    #[must_use]
    pub fn thumbprint(&self) -> [u8; 32] {
        thumbprint_of(&self.to_bytes())
    }

    /// The key as a COSE_Key (RFC 9052 §7), with its id and algorithm, in canonical form.
    #[must_use]
    pub fn cose_key(&self) -> Vec<u8> {
        cbor::write(64, |w| {
            w.map(5)?.i64(KTY)?.i64(OKP)?.i64(KEY_ID)?.bytes(&self.id.0)?.i64(ALG)?.i64(EDDSA)?;
            w.i64(CRV)?.i64(ED25519)?.i64(X)?.bytes(&self.to_bytes())?;
            Ok(())
        })
    }

    /// Reads what [`PublicKey::cose_key`] writes, and no other form.
    ///
    /// # Errors
    /// [`KeyError`], naming the part.
    pub fn from_cose_key(bytes: &[u8]) -> Result<Self, KeyError> {
        const WHAT: &str = "not a COSE_Key in the form that the issuer prints";
        let malformed = |_| KeyError::Malformed { what: WHAT };
        let mut reader = Reader::new(bytes);
        reader.map_of(5, WHAT).map_err(malformed)?;
        let mut pair = |label, value| {
            reader.label(label, WHAT).map_err(malformed)?;
            match value {
                Some(value) => reader.label(value, WHAT).map(|()| [].as_slice()),
                None => reader.bytes(WHAT),
            }
            .map_err(malformed)
        };
        pair(KTY, Some(OKP))?;
        let id = pair(KEY_ID, None)?;
        pair(ALG, Some(EDDSA))?;
        pair(CRV, Some(ED25519))?;
        let x = pair(X, None)?;
        let key = Self::from_bytes(x.try_into().map_err(|_| KeyError::Malformed { what: WHAT })?)?;
        let found = KeyId(id.try_into().map_err(|_| KeyError::Malformed { what: WHAT })?);
        if found != key.id {
            return Err(KeyError::WrongId { found, wanted: key.id });
        }
        if key.cose_key() != bytes {
            return Err(KeyError::Malformed { what: WHAT });
        }
        Ok(key)
    }

    /// Whether this key signed `message`, by the strict rules: canonical encodings, no small-order points.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        self.key.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.id)
    }
}

/// A private key. Its bytes are wiped when it is dropped.
pub struct SigningKey {
    id: KeyId,
    key: ed25519_dalek::SigningKey,
}

impl SigningKey {
    /// A new key from the system's random source.
    #[must_use]
    pub fn generate() -> Self {
        Self::from_seed(&Zeroizing::new(crate::random::bytes()))
    }

    /// The key of this seed (the private key of RFC 8032 §5.1.5).
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        Self { id: id_of(&key.verifying_key().to_bytes()), key }
    }

    /// The seed, to be kept at rest under a passphrase.
    #[must_use]
    pub fn seed(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.key.to_bytes())
    }

    /// The four bytes that stand in every envelope this key signs.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey { id: self.id, key: self.key.verifying_key() }
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.key.sign(message).to_bytes()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.id)
    }
}

fn thumbprint_of(x: &[u8; 32]) -> [u8; 32] {
    // RFC 9679 §4.1: the required members of an OKP key only, in deterministic encoding.
    let required = cbor::write(48, |w| {
        w.map(3)?.i64(KTY)?.i64(OKP)?.i64(CRV)?.i64(ED25519)?.i64(X)?.bytes(x)?;
        Ok(())
    });
    Sha256::digest(required).into()
}

fn id_of(x: &[u8; 32]) -> KeyId {
    let text = URL_SAFE_NO_PAD.encode(&thumbprint_of(x)[..3]);
    KeyId(text.as_bytes().try_into().expect("three bytes are four characters of base64"))
}

/// A public key as a JWK (RFC 7517, RFC 8037) with two members of ours: what the key is for, and its COSE_Key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    /// Always `OKP`.
    pub kty: String,
    /// Always `Ed25519`.
    pub crv: String,
    /// The point, base64url without padding.
    pub x: String,
    /// The [`KeyId`] as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// Always `EdDSA`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alg: Option<String>,
    /// Always `sig`.
    #[serde(default, rename = "use", skip_serializing_if = "Option::is_none")]
    pub usage: Option<String>,
    /// `root` or `issuer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The COSE_Key, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cose_key: Option<String>,
}

/// A JWK Set (RFC 7517 §5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JwkSet {
    /// Its keys.
    pub keys: Vec<Jwk>,
}

impl Jwk {
    /// The JWK of `key`, which is used as `role`.
    #[must_use]
    pub fn new(key: &PublicKey, role: &str) -> Self {
        Self {
            kty: "OKP".into(),
            crv: "Ed25519".into(),
            x: URL_SAFE_NO_PAD.encode(key.to_bytes()),
            kid: Some(key.id().to_string()),
            alg: Some("EdDSA".into()),
            usage: Some("sig".into()),
            role: Some(role.into()),
            cose_key: Some(STANDARD.encode(key.cose_key())),
        }
    }

    /// The key it states. Members that contradict it make it nobody's key.
    ///
    /// # Errors
    /// [`KeyError`], naming the part.
    pub fn public_key(&self) -> Result<PublicKey, KeyError> {
        if self.kty != "OKP" || self.crv != "Ed25519" {
            return Err(KeyError::Malformed { what: "a JWK, but not of an Ed25519 key" });
        }
        let x = URL_SAFE_NO_PAD.decode(&self.x).ok().and_then(|x| <[u8; 32]>::try_from(x).ok());
        let key = PublicKey::from_bytes(&x.ok_or(KeyError::Malformed { what: "the member x of the JWK" })?)?;
        let stated = Self::new(&key, self.role.as_deref().unwrap_or_default());
        let agrees = |member: &Option<String>, right: &Option<String>| member.is_none() || member == right;
        if !agrees(&self.kid, &stated.kid) || !agrees(&self.cose_key, &stated.cose_key) {
            return Err(KeyError::Malformed {
                what: "a JWK whose kid or cose_key is of another key than its x",
            });
        }
        Ok(key)
    }
}

#[cfg(test)]
mod edge_cases;

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> PublicKey {
        SigningKey::from_seed(&[7; 32]).public()
    }

    #[test]
    fn both_forms_come_back() {
        assert_eq!(PublicKey::from_cose_key(&key().cose_key()).unwrap(), key());
        let set = JwkSet { keys: vec![Jwk::new(&key(), "issuer")] };
        let text = serde_json::to_string(&set).unwrap();
        let read: JwkSet = serde_json::from_str(&text).unwrap();
        assert_eq!(read.keys[0].public_key().unwrap(), key());
        assert_eq!(read.keys[0].kid.as_deref().unwrap().as_bytes(), key().id().0);
    }

    #[test]
    fn another_form_of_a_cose_key_is_refused() {
        let good = key().cose_key();
        for at in 0..good.len() {
            for bit in 0..8 {
                let mut bad = good.clone();
                bad[at] ^= 1 << bit;
                assert!(PublicKey::from_cose_key(&bad).is_err(), "byte {at} bit {bit}");
            }
            assert!(PublicKey::from_cose_key(&good[..at]).is_err());
        }
        assert!(PublicKey::from_cose_key(&[good, vec![0]].concat()).is_err());
    }

    #[test]
    fn a_jwk_that_contradicts_itself_is_refused() {
        let (good, other) =
            (Jwk::new(&key(), "root"), Jwk::new(&SigningKey::from_seed(&[8; 32]).public(), "root"));
        for bad in [
            Jwk { kid: other.kid.clone(), ..good.clone() },
            Jwk { cose_key: other.cose_key.clone(), ..good.clone() },
            Jwk { x: other.x.clone(), ..good.clone() },
            Jwk { kty: "EC".into(), ..good.clone() },
        ] {
            assert!(matches!(bad.public_key(), Err(KeyError::Malformed { .. })), "{bad:?}");
        }
        let bare = Jwk { kid: None, cose_key: None, ..good };
        assert_eq!(bare.public_key().unwrap(), key());
    }

    #[test]
    fn weak_keys_are_refused() {
        let mut identity = [0; 32];
        identity[0] = 1;
        assert_eq!(PublicKey::from_bytes(&identity), Err(KeyError::Weak));
        assert_eq!(PublicKey::from_bytes(&[0; 32]), Err(KeyError::Weak));
    }
}
