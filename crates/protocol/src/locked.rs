//! Bytes that several receivers can read and nobody else: encrypted once under a random key, which is sealed for each of them.
//!
//! For what is large and the same for all; it proves nothing about who wrote it, and what is inside carries its own signatures.

use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use pass::{Content, random};
use zeroize::Zeroizing;

use crate::claims::{decode, encode};
use crate::{Receiver, ReceiverKey, SealError, Sealed};

/// The version of the layout.
const LAYOUT: u8 = 1;
/// More receivers than a compound has gates.
const MAX_KEYS: usize = 1000;
/// A key is used once, so its nonce may be any.
const NONCE: [u8; 12] = [0; 12];

/// Locks bytes for these receivers.
#[must_use]
pub fn lock<'a>(plain: &[u8], receivers: impl IntoIterator<Item = &'a Receiver>) -> Vec<u8> {
    let key = Zeroizing::new(random::bytes::<32>());
    let keys =
        receivers.into_iter().map(|it| Sealed::seal(Content::Stick, 0, &key[..], it).to_bytes().into());
    let cipher = ChaCha20Poly1305::new(&Key::from(*key));
    let ciphertext = cipher.encrypt(&Nonce::from(NONCE), plain).expect("memory holds less than 256 GiB");
    encode(&Locked { layout: LAYOUT, keys: keys.collect(), ciphertext: ciphertext.into() })
}

/// Opens what was locked for this receiver, among others.
///
/// # Errors
/// [`SealError`].
pub fn unlock(bytes: &[u8], receiver: &ReceiverKey) -> Result<Vec<u8>, SealError> {
    let locked: Locked = decode(bytes, "what is locked").map_err(|_| SealError::Malformed)?;
    if locked.layout != LAYOUT || locked.keys.len() > MAX_KEYS {
        return Err(SealError::Malformed);
    }
    let own = receiver.receiver();
    let mut sealed = locked.keys.iter().filter_map(|bytes| Sealed::from_bytes(bytes).ok());
    let sealed = sealed.find(|sealed| sealed.is_for(&own)).ok_or(SealError::NotForThisKey)?;
    let key = Zeroizing::new(sealed.open(Content::Stick, receiver)?);
    let key: Zeroizing<[u8; 32]> =
        Zeroizing::new(key.as_slice().try_into().map_err(|_| SealError::Malformed)?);
    let cipher = ChaCha20Poly1305::new(&Key::from(*key));
    cipher.decrypt(&Nonce::from(NONCE), locked.ciphertext.as_slice()).map_err(|_| SealError::Broken)
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct Locked {
    #[n(0)]
    layout: u8,
    #[n(1)]
    keys: Vec<ByteVec>,
    #[n(2)]
    ciphertext: ByteVec,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_it_is_locked_for_read_it_and_nobody_else() {
        let key = |seed| ReceiverKey::from_bytes(&[seed; 32]);
        let locked = lock(b"rules of all", [&key(1).receiver(), &key(2).receiver()]);
        for seed in [1, 2] {
            assert_eq!(unlock(&locked, &key(seed)).as_deref(), Ok(&b"rules of all"[..]));
        }
        assert_eq!(unlock(&locked, &key(3)), Err(SealError::NotForThisKey));
        assert!(!locked.windows(5).any(|it| it == b"rules"));
        for at in 0..locked.len() {
            let mut bad = locked.clone();
            bad[at] ^= 1;
            // What is spoilt is the other's key at most.
            assert!(unlock(&bad, &key(1)).map_or(true, |plain| plain == b"rules of all"), "byte {at}");
        }
        let mut end = locked.clone();
        let last = end.len() - 1;
        end[last] ^= 1;
        assert_eq!(unlock(&end, &key(1)), Err(SealError::Broken));
    }
}
