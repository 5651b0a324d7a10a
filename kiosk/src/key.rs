//! The gate's private keys as files: PKCS #8 in PEM (RFC 8410, RFC 7468), which OpenSSL reads as well.
//!
//! Knows the form only; where the file lies is in [`crate::held`].

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pass::SigningKey;
use protocol::ReceiverKey;
use zeroize::Zeroizing;

const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";
/// All of a PKCS #8 version 1 X25519 key but its 32 bytes, in DER (RFC 8410 §7).
const X25519: [u8; 16] =
    [0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x6E, 0x04, 0x22, 0x04, 0x20];
/// The same of an Ed25519 key: it differs in the last byte of the algorithm.
const ED25519: [u8; 16] =
    [0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// The key that is sealed for, in PEM.
pub(crate) fn to_pem(key: &ReceiverKey) -> Zeroizing<String> {
    written(&X25519, &key.to_bytes())
}

/// The key of [`to_pem`]; nothing for any other text.
pub(crate) fn of_pem(text: &str) -> Option<ReceiverKey> {
    read(&X25519, text).map(|bytes| ReceiverKey::from_bytes(&bytes))
}

/// The key that signs, in PEM.
pub(crate) fn signer_to_pem(key: &SigningKey) -> Zeroizing<String> {
    written(&ED25519, &key.seed())
}

/// The key of [`signer_to_pem`]; nothing for any other text.
pub(crate) fn signer_of_pem(text: &str) -> Option<SigningKey> {
    read(&ED25519, text).map(|seed| SigningKey::from_seed(&seed))
}

fn written(head: &[u8; 16], secret: &[u8; 32]) -> Zeroizing<String> {
    let der = Zeroizing::new([&head[..], &secret[..]].concat());
    let text = Zeroizing::new(STANDARD.encode(&der));
    Zeroizing::new(format!("{BEGIN}\n{}\n{END}\n", *text))
}

fn read(head: &[u8; 16], text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let body = text.trim().strip_prefix(BEGIN)?.strip_suffix(END)?;
    let der = Zeroizing::new(STANDARD.decode(body.trim()).ok()?);
    der.strip_prefix(head)?.try_into().ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_key_comes_back_and_nothing_else_does() {
        let key = ReceiverKey::from_bytes(&[5; 32]);
        let pem = to_pem(&key);
        assert_eq!(of_pem(&pem).unwrap().receiver(), key.receiver());
        assert!(of_pem(&pem.replace('\n', "\r\n")).is_some(), "carried over another system");
        for wrong in ["", "no key", &pem[..60], &pem.replace("MC4", "MC8"), &pem.replace("PRIVATE", "PUBLIC")]
        {
            assert!(of_pem(wrong).is_none(), "{wrong}");
        }
        let signer = SigningKey::from_seed(&[6; 32]);
        assert_eq!(signer_of_pem(&signer_to_pem(&signer)).unwrap().public(), signer.public());
        assert!(signer_of_pem(&pem).is_none(), "a key of the other kind");
    }

    #[test]
    fn openssl_finds_the_same_public_key() {
        let key = ReceiverKey::from_bytes(&[5; 32]);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gate.key");
        std::fs::write(&path, &*to_pem(&key)).unwrap();
        let output =
            Command::new("openssl").args(["pkey", "-pubout", "-outform", "DER", "-in"]).arg(&path).output();
        let output = output.expect("openssl is installed with every Debian that has certificates");
        assert!(output.stdout.ends_with(&key.receiver().to_bytes()), "{output:?}");
    }
}
