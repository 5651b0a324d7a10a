//! Keys of those who receive sealed content: X25519, as COSE_Key (RFC 9052 §7) and as JWK (RFC 8037).
//!
//! Where a private one is kept is its owner's business.

use std::convert::Infallible;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeS, Serializable};
use minicbor::Encoder;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::INFO;

type Private = <X25519HkdfSha256 as Kem>::PrivateKey;
type Public = <X25519HkdfSha256 as Kem>::PublicKey;

/// COSE_Key labels and values (RFC 9052 §7.1; RFC 9053 §7.2): an octet key pair on the curve X25519.
const KTY: i64 = 1;
const OKP: i64 = 1;
const CRV: i64 = -1;
const X25519: i64 = 4;
const X: i64 = -2;
/// No text of a key is longer, with all the line breaks that mails put in.
const MAX_TEXT: usize = 4096;

/// Why a text names no receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReceiverError {
    /// Neither a COSE_Key in base64 nor a JWK of an X25519 key.
    #[error("neither a COSE_Key in base64 nor a JWK of an X25519 key")]
    Form,
    /// A point of small order: what is sealed for it, anybody could open.
    #[error("a weak key: a point of small order")]
    Weak,
    /// A JWK whose members contradict each other.
    #[error("a JWK whose kid or cose_key is of another key than its x")]
    Contradiction,
}

/// A public key that content is sealed for.
#[derive(Clone)]
pub struct Receiver(Public);

impl Receiver {
    /// The key of these 32 bytes (RFC 7748 §5).
    ///
    /// # Errors
    /// [`ReceiverError::Weak`].
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, ReceiverError> {
        let key = Public::from_bytes(bytes).map_err(|_| ReceiverError::Weak)?;
        // The curve's own check: a shared secret of zeros is refused (RFC 9180 §7.1.4).
        hpke::setup_sender_with_rng::<hpke::aead::ChaCha20Poly1305, hpke::kdf::HkdfSha256, X25519HkdfSha256>(
            &OpModeS::Base,
            &key,
            INFO,
            &mut SystemRandom,
        )
        .map_err(|_| ReceiverError::Weak)?;
        Ok(Self(key))
    }

    /// The 32 bytes of the point.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes().into()
    }

    /// COSE Key Thumbprint (RFC 9679, SHA-256).
    #[must_use]
    pub fn thumbprint(&self) -> [u8; 32] {
        Sha256::digest(self.cose_key()).into()
    }

    /// The thumbprint as people compare it: groups of four hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let thumbprint = self.thumbprint();
        let groups = thumbprint.chunks(2).map(|pair| format!("{:02X}{:02X}", pair[0], pair[1]));
        groups.collect::<Vec<_>>().join(" ")
    }

    /// The key as a COSE_Key: the members that the thumbprint covers, in canonical form.
    #[must_use]
    pub fn cose_key(&self) -> Vec<u8> {
        let mut e = Encoder::new(Vec::with_capacity(48));
        let written = (|| -> Result<(), minicbor::encode::Error<Infallible>> {
            e.map(3)?.i64(KTY)?.i64(OKP)?.i64(CRV)?.i64(X25519)?.i64(X)?.bytes(&self.to_bytes())?;
            Ok(())
        })();
        written.expect("a Vec takes every write");
        e.into_writer()
    }

    /// Reads what [`Receiver::cose_key`] writes, and no other form.
    ///
    /// # Errors
    /// [`ReceiverError`].
    pub fn from_cose_key(bytes: &[u8]) -> Result<Self, ReceiverError> {
        let x = bytes.len().checked_sub(32).and_then(|start| bytes[start..].try_into().ok());
        let key = Self::from_bytes(x.ok_or(ReceiverError::Form)?)?;
        if key.cose_key() == bytes { Ok(key) } else { Err(ReceiverError::Form) }
    }

    /// The COSE_Key in base64: the text that people hand over.
    #[must_use]
    pub fn text(&self) -> String {
        STANDARD.encode(self.cose_key())
    }

    /// Reads [`Receiver::text`], with line breaks and without padding as mails leave it.
    ///
    /// # Errors
    /// [`ReceiverError`].
    pub fn of_text(text: &str) -> Result<Self, ReceiverError> {
        if text.len() > MAX_TEXT {
            return Err(ReceiverError::Form);
        }
        let joined: String = text.split_whitespace().collect();
        let bytes = [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD]
            .into_iter()
            .find_map(|engine| engine.decode(&joined).ok())
            .ok_or(ReceiverError::Form)?;
        Self::from_cose_key(&bytes)
    }

    /// The key as a JWK.
    #[must_use]
    pub fn jwk(&self) -> ReceiverJwk {
        ReceiverJwk {
            kty: "OKP".into(),
            crv: "X25519".into(),
            x: URL_SAFE_NO_PAD.encode(self.to_bytes()),
            kid: Some(URL_SAFE_NO_PAD.encode(self.thumbprint())),
            usage: Some("enc".into()),
            cose_key: Some(self.text()),
        }
    }

    pub(super) fn hpke(&self) -> &Public {
        &self.0
    }
}

impl PartialEq for Receiver {
    fn eq(&self, other: &Self) -> bool {
        self.to_bytes() == other.to_bytes()
    }
}

impl Eq for Receiver {}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Receiver({})", &self.fingerprint()[..9])
    }
}

/// A [`Receiver`] as a JWK (RFC 7517, RFC 8037), with its COSE_Key beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiverJwk {
    /// Always `OKP`.
    pub kty: String,
    /// Always `X25519`.
    pub crv: String,
    /// The point, base64url without padding.
    pub x: String,
    /// The thumbprint, base64url without padding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// Always `enc`.
    #[serde(default, rename = "use", skip_serializing_if = "Option::is_none")]
    pub usage: Option<String>,
    /// The COSE_Key, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cose_key: Option<String>,
}

impl ReceiverJwk {
    /// The key it states. Members that contradict it make it nobody's key.
    ///
    /// # Errors
    /// [`ReceiverError`].
    pub fn receiver(&self) -> Result<Receiver, ReceiverError> {
        if self.kty != "OKP"
            || self.crv != "X25519"
            || self.usage.as_deref().is_some_and(|usage| usage != "enc")
        {
            return Err(ReceiverError::Form);
        }
        let x = URL_SAFE_NO_PAD.decode(&self.x).ok().and_then(|x| <[u8; 32]>::try_from(x).ok());
        let key = Receiver::from_bytes(&x.ok_or(ReceiverError::Form)?)?;
        let right = key.jwk();
        let agrees = |stated: &Option<String>, right: &Option<String>| stated.is_none() || stated == right;
        if agrees(&self.kid, &right.kid) && agrees(&self.cose_key, &right.cose_key) {
            Ok(key)
        } else {
            Err(ReceiverError::Contradiction)
        }
    }
}

/// A private key that opens what was sealed for its public half.
pub struct ReceiverKey(Private);

impl ReceiverKey {
    /// A new key from the system's random source.
    #[must_use]
    pub fn generate() -> Self {
        Self::from_bytes(&Zeroizing::new(pass::random::bytes()))
    }

    /// The key of these 32 bytes (RFC 7748 §5: every 32 bytes are one).
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(Private::from_bytes(bytes).expect("every 32 bytes are a private key"))
    }

    /// The key's 32 bytes, for where it is kept; clamped as RFC 7748 §5 says.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes().into())
    }

    /// The public half.
    #[must_use]
    pub fn receiver(&self) -> Receiver {
        Receiver(X25519HkdfSha256::sk_to_pk(&self.0))
    }

    pub(super) fn hpke(&self) -> &Private {
        &self.0
    }
}

impl Clone for ReceiverKey {
    fn clone(&self) -> Self {
        Self::from_bytes(&self.to_bytes())
    }
}

impl fmt::Debug for ReceiverKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReceiverKey({:?})", self.receiver())
    }
}

/// The system's random source, as HPKE asks for it.
pub(super) struct SystemRandom;

impl rand_core::TryRng for SystemRandom {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(pass::random::bytes()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(pass::random::bytes()))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(32) {
            let random = Zeroizing::new(pass::random::bytes::<32>());
            chunk.copy_from_slice(&random[..chunk.len()]);
        }
        Ok(())
    }
}

impl rand_core::TryCryptoRng for SystemRandom {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_come_back() {
        // RFC 7748 §6.1: Alice's private and public key.
        let private = [
            0x77, 0x07, 0x6d, 0x0a, 0x73, 0x18, 0xa5, 0x7d, 0x3c, 0x16, 0xc1, 0x72, 0x51, 0xb2, 0x66, 0x45,
            0xdf, 0x4c, 0x2f, 0x87, 0xeb, 0xc0, 0x99, 0x2a, 0xb1, 0x77, 0xfb, 0xa5, 0x1d, 0xb9, 0x2c, 0x2a,
        ];
        let key = ReceiverKey::from_bytes(&private);
        let receiver = key.receiver();
        assert_eq!(ReceiverKey::from_bytes(&key.to_bytes()).receiver(), receiver);
        assert_eq!(receiver.to_bytes()[..4], [0x85, 0x20, 0xf0, 0x09]);
        assert_eq!(Receiver::of_text(&receiver.text()), Ok(receiver.clone()));
        let broken =
            format!(" {}\r\n{} ", &receiver.text()[..20], receiver.text()[20..].trim_end_matches('='));
        assert_eq!(Receiver::of_text(&broken), Ok(receiver.clone()));
        assert_eq!(receiver.jwk().receiver(), Ok(receiver.clone()));
        let bare = ReceiverJwk { kid: None, cose_key: None, usage: None, ..receiver.jwk() };
        assert_eq!(bare.receiver(), Ok(receiver));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for weak in [[0; 32], {
            let mut one = [0; 32];
            one[0] = 1;
            one
        }] {
            assert_eq!(Receiver::from_bytes(&weak), Err(ReceiverError::Weak));
        }
        for text in ["", "AAAA", "////", "no key"] {
            assert_eq!(Receiver::of_text(text), Err(ReceiverError::Form), "{text}");
        }
        let (good, other) = ([1, 2]).map(|seed| ReceiverKey::from_bytes(&[seed; 32]).receiver().jwk()).into();
        let signing = ReceiverJwk { crv: "Ed25519".into(), ..good.clone() };
        assert_eq!(signing.receiver(), Err(ReceiverError::Form));
        let contradicts = ReceiverJwk { x: other.x, ..good };
        assert_eq!(contradicts.receiver(), Err(ReceiverError::Contradiction));
    }
}
