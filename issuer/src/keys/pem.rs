//! Private keys at rest: PKCS #8 in PEM (RFC 5958, RFC 7468), encrypted under a passphrase (PBES2 with scrypt), or plain
//! in a file that only its owner may read. OpenSSL reads both.

use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use ed25519_dalek::pkcs8::KeypairBytes;
use pass::SigningKey;
use pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding};
use zeroize::Zeroizing;

use super::Passphrase;

/// The first line of an encrypted key.
const ENCRYPTED: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
/// No key file is longer.
const MAX_BYTES: u64 = 16 << 10;

/// Why a key file can't be used. The words for people are in `words::keys`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PemError {
    /// There is no such file: `keygen` has not been run in this folder.
    #[error("no key at {0}")]
    Missing(PathBuf),
    /// The file can't be read.
    #[error("{0}: {1}")]
    Io(PathBuf, #[source] std::io::Error),
    /// Others than the owner may read it, and it isn't encrypted.
    #[error("others may read {path}: its rights are {mode:o}")]
    OpenToOthers {
        /// The file.
        path: PathBuf,
        /// Its rights.
        mode: u32,
    },
    /// It is encrypted, and there is no passphrase and nobody to ask.
    #[error("{0} is encrypted, and no passphrase is at hand")]
    NoPassphrase(PathBuf),
    /// The passphrase does not open it.
    #[error("the passphrase does not open {0}")]
    WrongPassphrase(PathBuf),
    /// Not a private Ed25519 key.
    #[error("{0} is not a private Ed25519 key in PKCS #8")]
    Malformed(PathBuf),
}

/// The key in PEM, encrypted when there is a passphrase.
pub(super) fn write(key: &SigningKey, passphrase: Option<&str>) -> Zeroizing<String> {
    // Without the public half: OpenSSL does not read the form that has it (OneAsymmetricKey version 2).
    let key = KeypairBytes { secret_key: *key.seed(), public_key: None };
    match passphrase {
        Some(passphrase) => key.to_pkcs8_encrypted_pem(passphrase, LineEnding::LF),
        None => key.to_pkcs8_pem(LineEnding::LF),
    }
    .expect("an Ed25519 key has a PKCS #8 form")
}

/// Puts `text` into a new file that only its owner may read, and syncs it. An existing file is never overwritten.
pub(super) fn save_new(path: &Path, text: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Readable by its owner alone from the first moment, and under its name whole or not at all: another program may look for it.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text)?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path)?;
    File::open(folder)?.sync_all()
}

/// Whether a key takes a passphrase; one that isn't there takes none.
pub(super) fn is_encrypted(path: &Path) -> Result<bool, PemError> {
    let mut start = Vec::new();
    match File::open(path).and_then(|file| file.take(ENCRYPTED.len() as u64).read_to_end(&mut start)) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(PemError::Io(path.into(), error)),
        Ok(_) => Ok(start == ENCRYPTED.as_bytes()),
    }
}

/// Reads a key, asking for the passphrase if it needs one.
pub(super) fn read(path: &Path, passphrase: &Passphrase) -> Result<SigningKey, PemError> {
    let io = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => PemError::Missing(path.into()),
        _ => PemError::Io(path.into(), error),
    };
    let file = File::open(path).map_err(io)?;
    let mode = file.metadata().map_err(io)?.permissions().mode() & 0o777;
    let mut text = Zeroizing::new(String::new());
    file.take(MAX_BYTES).read_to_string(&mut text).map_err(io)?;
    let key = if text.starts_with(ENCRYPTED) {
        let passphrase = passphrase.existing().map_err(io)?;
        let passphrase = passphrase.ok_or_else(|| PemError::NoPassphrase(path.into()))?;
        ed25519_dalek::SigningKey::from_pkcs8_encrypted_pem(&text, passphrase.as_bytes())
            .map_err(|_| PemError::WrongPassphrase(path.into()))?
    } else if mode & 0o077 != 0 {
        return Err(PemError::OpenToOthers { path: path.into(), mode });
    } else {
        ed25519_dalek::SigningKey::from_pkcs8_pem(&text).map_err(|_| PemError::Malformed(path.into()))?
    };
    Ok(SigningKey::from_seed(&Zeroizing::new(key.to_bytes())))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_key_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let key = SigningKey::from_seed(&[5; 32]);
        for passphrase in [None, Some("口令")] {
            let path = folder.path().join(format!("{}.key", passphrase.is_some()));
            save_new(&path, write(&key, passphrase).as_bytes()).unwrap();
            assert!(save_new(&path, b"").is_err(), "a key was overwritten");
            let read = read(&path, &Passphrase::known("口令")).unwrap();
            assert_eq!(*read.seed(), *key.seed());
        }
    }

    #[test]
    fn what_is_wrong_is_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.key");
        let key = SigningKey::from_seed(&[5; 32]);
        assert!(matches!(read(&path, &Passphrase::known("a")), Err(PemError::Missing(_))));
        save_new(&path, write(&key, Some("b")).as_bytes()).unwrap();
        assert!(matches!(read(&path, &Passphrase::known("a")), Err(PemError::WrongPassphrase(_))));
        std::fs::write(&path, write(&key, None)).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o640)).unwrap();
        let open = read(&path, &Passphrase::known("a"));
        assert!(matches!(open, Err(PemError::OpenToOthers { mode: 0o640, .. })));
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
        std::fs::write(&path, "no key").unwrap();
        assert!(matches!(read(&path, &Passphrase::known("a")), Err(PemError::Malformed(_))));
    }

    #[test]
    fn openssl_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.key");
        save_new(&path, write(&SigningKey::from_seed(&[5; 32]), Some("b")).as_bytes()).unwrap();
        let mut openssl = Command::new("openssl");
        let output =
            openssl.args(["pkey", "-passin", "pass:b", "-noout", "-text", "-in"]).arg(&path).output();
        let output = output.expect("openssl is installed with every Debian that has certificates");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.starts_with("ED25519 Private-Key"), "{}", String::from_utf8_lossy(&output.stderr));
    }
}
