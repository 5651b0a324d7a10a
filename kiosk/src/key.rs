//! The gate's private key as a file: PKCS #8 in PEM (RFC 8410, RFC 7468), which OpenSSL reads as well.
//!
//! Knows the form only; where the file lies is in [`crate::held`].

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use protocol::ReceiverKey;
use zeroize::Zeroizing;

const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";
/// All of a PKCS #8 version 1 X25519 key but its 32 bytes, in DER (RFC 8410 §7).
const HEAD: [u8; 16] =
    [0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x6E, 0x04, 0x22, 0x04, 0x20];

/// The key in PEM.
pub(crate) fn to_pem(key: &ReceiverKey) -> Zeroizing<String> {
    let der = Zeroizing::new([&HEAD[..], &*key.to_bytes()].concat());
    let text = Zeroizing::new(STANDARD.encode(&der));
    Zeroizing::new(format!("{BEGIN}\n{}\n{END}\n", *text))
}

/// The key of [`to_pem`]; nothing for any other text.
pub(crate) fn of_pem(text: &str) -> Option<ReceiverKey> {
    let body = text.trim().strip_prefix(BEGIN)?.strip_suffix(END)?;
    let der = Zeroizing::new(STANDARD.decode(body.trim()).ok()?);
    let bytes: &[u8; 32] = der.strip_prefix(&HEAD)?.try_into().ok()?;
    Some(ReceiverKey::from_bytes(bytes))
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
