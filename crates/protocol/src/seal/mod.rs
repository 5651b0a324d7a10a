//! Bytes that one receiver alone can read: HPKE (RFC 9180), base mode, X25519, HKDF-SHA256, ChaCha20-Poly1305.
//!
//! Sealing proves nothing about who sealed: what is inside carries its own signature. Bound to the sealed bytes, so that they
//! open in no other place, are the kind of content, its version, and the receiver's key. Knows no content's inside.

mod key;

use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable, setup_receiver, setup_sender_with_rng};
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use pass::Content;

pub use key::{Receiver, ReceiverError, ReceiverJwk, ReceiverKey};

/// Tells these bytes from everything else that is ever sealed under the same keys (RFC 9180 §5.1, `info`).
const INFO: &[u8] = b"sanse-gate sealed 1";
/// The version of the layout.
const LAYOUT: u8 = 1;
/// More than any part of a bundle has.
const MAX_BYTES: usize = 16 << 20;

/// Content under seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The kind of content, by its media type.
    typ: String,
    /// The version of the content.
    version: u64,
    /// Thumbprint of the key that opens it.
    receiver: [u8; 32],
    /// The sender's one-time public key.
    encapsulated: [u8; 32],
    /// What only the receiver can read.
    ciphertext: Vec<u8>,
}

/// Why something under seal can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// Not of the one form that sealed bytes have.
    #[error("not sealed content of a form that this program knows")]
    Malformed,
    /// Another kind of content than the one looked for.
    #[error("sealed content of another kind")]
    WrongContent,
    /// Sealed for somebody else.
    #[error("sealed for another key")]
    NotForThisKey,
    /// Changed on the way, or not sealed by the rules.
    #[error("the seal is broken")]
    Broken,
}

impl Sealed {
    /// Seals `plain`, content of this kind and version, for one receiver.
    #[must_use]
    pub fn seal(content: Content, version: u64, plain: &[u8], receiver: &Receiver) -> Self {
        let mut sealed = Self {
            typ: content.typ().unwrap_or_default().to_owned(),
            version,
            receiver: receiver.thumbprint(),
            encapsulated: [0; 32],
            ciphertext: Vec::new(),
        };
        let (encapsulated, mut sender) = setup_sender_with_rng::<
            ChaCha20Poly1305,
            HkdfSha256,
            X25519HkdfSha256,
        >(
            &OpModeS::Base, receiver.hpke(), INFO, &mut key::SystemRandom
        )
        .expect("a Receiver is a key that can be sealed for");
        sealed.ciphertext = sender.seal(plain, &sealed.bound()).expect("the first message under a new key");
        sealed.encapsulated.copy_from_slice(&encapsulated.to_bytes());
        sealed
    }

    /// What is inside, if `key` is the one it was sealed for.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn open(&self, content: Content, key: &ReceiverKey) -> Result<Vec<u8>, SealError> {
        if Some(self.typ.as_str()) != content.typ() {
            return Err(SealError::WrongContent);
        }
        if !self.is_for(&key.receiver()) {
            return Err(SealError::NotForThisKey);
        }
        let encapsulated = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(&self.encapsulated);
        let mut receiver = setup_receiver::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            key.hpke(),
            &encapsulated.map_err(|_| SealError::Broken)?,
            INFO,
        )
        .map_err(|_| SealError::Broken)?;
        receiver.open(&self.ciphertext, &self.bound()).map_err(|_| SealError::Broken)
    }

    /// Whether it was sealed for this receiver.
    #[must_use]
    pub fn is_for(&self, receiver: &Receiver) -> bool {
        self.receiver == receiver.thumbprint()
    }

    /// The version that stands on the outside; the one inside must be the same.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The bytes that travel.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let wire = Wire {
            layout: LAYOUT,
            typ: self.typ.clone(),
            version: self.version,
            receiver: self.receiver,
            encapsulated: self.encapsulated,
            ciphertext: self.ciphertext.clone().into(),
        };
        minicbor::to_vec(wire).expect("a Vec takes every write")
    }

    /// Reads what [`Sealed::to_bytes`] writes, and no other form of it.
    ///
    /// # Errors
    /// [`SealError::Malformed`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SealError> {
        if bytes.len() > MAX_BYTES {
            return Err(SealError::Malformed);
        }
        let wire: Wire = minicbor::decode(bytes).map_err(|_| SealError::Malformed)?;
        let sealed = Self {
            typ: wire.typ,
            version: wire.version,
            receiver: wire.receiver,
            encapsulated: wire.encapsulated,
            ciphertext: wire.ciphertext.into(),
        };
        if wire.layout == LAYOUT && sealed.to_bytes() == bytes {
            Ok(sealed)
        } else {
            Err(SealError::Malformed)
        }
    }

    /// What is bound to the ciphertext without being in it (RFC 9180 §5.2, `aad`).
    fn bound(&self) -> Vec<u8> {
        let bound = (self.typ.as_str(), self.version, ByteVec::from(self.receiver.to_vec()));
        minicbor::to_vec(bound).expect("a Vec takes every write")
    }
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct Wire {
    #[n(0)]
    layout: u8,
    #[n(1)]
    typ: String,
    #[n(2)]
    version: u64,
    #[n(3)]
    #[cbor(with = "minicbor::bytes")]
    receiver: [u8; 32],
    #[n(4)]
    #[cbor(with = "minicbor::bytes")]
    encapsulated: [u8; 32],
    #[n(5)]
    ciphertext: ByteVec,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(seed: u8) -> ReceiverKey {
        ReceiverKey::from_bytes(&[seed; 32])
    }

    #[test]
    fn one_receiver_alone_reads_it() {
        let sealed = Sealed::seal(Content::People, 7, b"who lives here", &key(1).receiver());
        let read = Sealed::from_bytes(&sealed.to_bytes()).unwrap();
        assert_eq!(read, sealed);
        assert_eq!(read.open(Content::People, &key(1)).unwrap(), b"who lives here");
        assert_eq!(read.open(Content::People, &key(2)), Err(SealError::NotForThisKey));
        assert_eq!(read.open(Content::Rules, &key(1)), Err(SealError::WrongContent));
        let again = Sealed::seal(Content::People, 7, b"who lives here", &key(1).receiver());
        assert_ne!(again.ciphertext, sealed.ciphertext, "each seal has a key of its own");
    }

    #[test]
    fn what_is_bound_cannot_be_exchanged() {
        let good = Sealed::seal(Content::People, 7, b"who lives here", &key(1).receiver());
        let forged = [
            Sealed { version: 8, ..good.clone() },
            Sealed { encapsulated: [9; 32], ..good.clone() },
            Sealed { encapsulated: [0; 32], ..good.clone() },
            Sealed { ciphertext: good.ciphertext[1..].to_vec(), ..good.clone() },
            Sealed { ciphertext: Vec::new(), ..good.clone() },
        ];
        for forged in forged {
            assert_eq!(forged.open(Content::People, &key(1)), Err(SealError::Broken), "{forged:?}");
        }
        // Redirected: the other receiver's name on it does not let the other open it, nor this one.
        let redirected = Sealed { receiver: key(2).receiver().thumbprint(), ..good.clone() };
        assert_eq!(redirected.open(Content::People, &key(2)), Err(SealError::Broken));
        let relabelled = Sealed { typ: Content::Rules.typ().unwrap().into(), ..good };
        assert_eq!(relabelled.open(Content::Rules, &key(1)), Err(SealError::Broken));
    }

    #[test]
    fn every_bit_counts() {
        let good = Sealed::seal(Content::People, 7, b"x", &key(1).receiver()).to_bytes();
        for at in 0..good.len() {
            for bit in 0..8 {
                let mut bad = good.clone();
                bad[at] ^= 1 << bit;
                let opened =
                    Sealed::from_bytes(&bad).and_then(|sealed| sealed.open(Content::People, &key(1)));
                assert!(opened.is_err(), "byte {at} bit {bit}");
            }
        }
        assert!(Sealed::from_bytes(&[good, vec![0]].concat()).is_err());
    }
}
