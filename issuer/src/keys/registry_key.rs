//! The key under which columns of the registry are encrypted: identity numbers, second factors.
//!
//! It is kept in the same form as the other keys, under the same passphrase. Every program of an office needs the same one; a backup
//! of the registry is of little use without it.

use std::io;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use pass::{SigningKey, random};
use protocol::ReceiverKey;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{Passphrase, PemError, pem};

/// What the key is made from the secret for: another use would get another key.
const LABEL: &[u8] = b"sanse-gate registry columns 1";
const RECEIVER: &[u8] = b"sanse-gate office receiver 1";
/// What the sealed text begins with: the version of its form.
const VERSION: &str = "1.";
const NONCE: usize = 24;

/// Encrypts single columns.
#[derive(Clone)]
pub struct RegistryKey {
    columns: XChaCha20Poly1305,
    receiver: ReceiverKey,
}

/// A column that can't be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("encrypted under another key, for another place, or damaged")]
pub struct CannotOpen;

impl RegistryKey {
    /// The key in this file; a missing one is made, under `passphrase` where there is one.
    pub(super) fn read_or_make(path: &Path, passphrase: &Passphrase) -> Result<Self, PemError> {
        match pem::read(path, passphrase) {
            Err(PemError::Missing(_)) => {}
            read => return read.map(|key| Self::from_seed(*key.seed())),
        }
        let failed = |why: io::Error| PemError::Io(path.into(), why);
        let given = passphrase.existing().map_err(failed)?;
        let key = SigningKey::from_seed(&random::bytes());
        let text = pem::write(&key, given.as_ref().map(|text| text.as_str()));
        match pem::save_new(path, text.as_bytes()) {
            // Another program made it meanwhile: its is the one.
            Err(why) if why.kind() == io::ErrorKind::AlreadyExists => {
                pem::read(path, passphrase).map(|key| Self::from_seed(*key.seed()))
            }
            made => made.map_err(failed).map(|()| Self::from_seed(*key.seed())),
        }
    }

    /// The key that this secret makes.
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        let seed = Zeroizing::new(seed);
        let made = |label: &[u8]| {
            Zeroizing::new(<[u8; 32]>::from(Sha256::new().chain_update(label).chain_update(*seed).finalize()))
        };
        let columns = XChaCha20Poly1305::new((&*made(LABEL)).into());
        Self { columns, receiver: ReceiverKey::from_bytes(&made(RECEIVER)) }
    }

    /// The key that gates seal for: every program of an office that has the registry's key can read what they tell.
    #[must_use]
    pub fn receiver(&self) -> &ReceiverKey {
        &self.receiver
    }

    /// Encrypts what stands at `place` (table, column and row), which opens there alone.
    #[must_use]
    pub fn seal(&self, place: &str, plain: &[u8]) -> String {
        let nonce = random::bytes::<NONCE>();
        let payload = Payload { msg: plain, aad: place.as_bytes() };
        let sealed =
            self.columns.encrypt(&XNonce::from(nonce), payload).expect("a column is shorter than 256 GiB");
        format!("{VERSION}{}", STANDARD_NO_PAD.encode([&nonce[..], &sealed].concat()))
    }

    /// What [`RegistryKey::seal`] encrypted for this place.
    ///
    /// # Errors
    /// [`CannotOpen`].
    pub fn open(&self, place: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>, CannotOpen> {
        let text = sealed.strip_prefix(VERSION).ok_or(CannotOpen)?;
        let bytes = STANDARD_NO_PAD.decode(text).map_err(|_| CannotOpen)?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>().ok_or(CannotOpen)?;
        let payload = Payload { msg: sealed, aad: place.as_bytes() };
        self.columns.decrypt(&XNonce::from(*nonce), payload).map(Zeroizing::new).map_err(|_| CannotOpen)
    }
}

impl std::fmt::Debug for RegistryKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RegistryKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_open_in_their_place_alone() {
        let key = RegistryKey::from_seed([3; 32]);
        let sealed = key.seal("holders.identity.1-7", b"11010519491231002X");
        assert_eq!(key.open("holders.identity.1-7", &sealed).unwrap().as_slice(), b"11010519491231002X");
        assert_eq!(key.open("holders.identity.1-8", &sealed), Err(CannotOpen));
        assert_eq!(RegistryKey::from_seed([4; 32]).open("holders.identity.1-7", &sealed), Err(CannotOpen));
        assert_ne!(sealed, key.seal("holders.identity.1-7", b"11010519491231002X"), "a nonce of its own");
        for text in ["", "1.", "1.AAAA", "2.AAAA", "1.%", &sealed[..sealed.len() - 2]] {
            assert_eq!(key.open("holders.identity.1-7", text), Err(CannotOpen), "{text}");
        }
    }

    #[test]
    fn programs_that_start_at_once_have_the_same_key() {
        let folder = tempfile::tempdir().unwrap();
        for round in 0..3 {
            let path = folder.path().join(format!("{round}.key"));
            let made = std::thread::scope(|scope| {
                let make = || {
                    RegistryKey::read_or_make(&path, &Passphrase::known("")).unwrap().receiver().receiver()
                };
                let threads: Vec<_> = (0..4).map(|_| scope.spawn(make)).collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
            });
            assert!(made.windows(2).all(|pair| pair[0] == pair[1]), "round {round}");
        }
    }

    #[test]
    fn it_is_made_once_and_kept_under_the_passphrase() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("registry.key");
        let passphrase = Passphrase::known("long enough");
        let key = RegistryKey::read_or_make(&path, &passphrase).unwrap();
        let sealed = key.seal("here", b"this");
        let again = RegistryKey::read_or_make(&path, &passphrase).unwrap();
        assert_eq!(again.open("here", &sealed).unwrap().as_slice(), b"this");
        let wrong = RegistryKey::read_or_make(&path, &Passphrase::known("another"));
        assert!(matches!(wrong, Err(PemError::WrongPassphrase(_))));
    }
}
