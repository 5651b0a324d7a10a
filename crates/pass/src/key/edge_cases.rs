//! Published edge cases of Ed25519 against the one way by which this crate believes a signature.

use ed25519_dalek::{Signature, Verifier, VerifyingKey};

use super::{KeyError, PublicKey, SigningKey};

const WYCHEPROOF: &str = include_str!("../../tests/ed25519/wycheproof.txt");
const SPECCHECK: &str = include_str!("../../tests/ed25519/speccheck.txt");

struct Case {
    number: usize,
    valid: bool,
    key: [u8; 32],
    message: Vec<u8>,
    signature: Vec<u8>,
}

/// The rows of a file: number, verdict, public key, message, signature.
fn cases(file: &str) -> Vec<Case> {
    file.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let [number, verdict, key, message, signature] =
                line.split(' ').collect::<Vec<_>>().try_into().unwrap();
            Case {
                number: number.parse().unwrap(),
                valid: verdict == "valid",
                key: hex(key).try_into().unwrap(),
                message: hex(message),
                signature: hex(signature),
            }
        })
        .collect()
}

fn hex(digits: &str) -> Vec<u8> {
    if digits == "-" {
        return Vec::new();
    }
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.as_bytes().chunks(2).map(byte).collect()
}

/// As an envelope is judged: a key that can be loaded, 64 bytes of signature, strict verification.
fn believed(case: &Case) -> bool {
    let Ok(signature) = case.signature.as_slice().try_into() else { return false };
    PublicKey::from_bytes(&case.key).is_ok_and(|key| key.verifies(&case.message, signature))
}

#[test]
fn wycheproof() {
    let cases = cases(WYCHEPROOF);
    assert_eq!(cases.len(), 151);
    assert_eq!(cases.iter().filter(|case| case.valid).count(), 88);
    for case in cases {
        assert_eq!(believed(&case), case.valid, "case {}", case.number);
    }
}

#[test]
fn taming_the_many_eddsas() {
    let cases = cases(SPECCHECK);
    let believed: Vec<usize> = cases.iter().filter(|case| believed(case)).map(|case| case.number).collect();
    assert_eq!(believed, [3]);
    assert!(cases.iter().all(|case| case.valid == (case.number == 3)));
    // What plain verification takes, as others measured it: so these are the published cases, copied without a slip.
    let plain = cases.iter().filter(|case| {
        let signature = Signature::from_slice(&case.signature).unwrap();
        VerifyingKey::from_bytes(&case.key).is_ok_and(|key| key.verify(&case.message, &signature).is_ok())
    });
    assert_eq!(plain.map(|case| case.number).collect::<Vec<_>>(), [0, 1, 2, 3, 11]);
}

#[test]
fn weak_keys_are_refused_when_loaded() {
    for case in cases(SPECCHECK) {
        let wanted = match case.number {
            0 | 1 | 10 | 11 => Some(KeyError::Weak),
            _ => None,
        };
        assert_eq!(PublicKey::from_bytes(&case.key).err(), wanted, "case {}", case.number);
    }
}

/// RFC 8032 §5.1.3: decoding fails when y is not below p = 2^255 - 19. Nineteen values of y have such a second form.
#[test]
fn points_in_their_second_form_are_refused() {
    let mut second_forms = 0;
    for (low, sign) in (0xED..=0xFF_u8).flat_map(|low| [(low, 0x00), (low, 0x80)]) {
        let mut bytes = [0xFF; 32];
        bytes[0] = low;
        bytes[31] = 0x7F | sign;
        assert!(PublicKey::from_bytes(&bytes).is_err(), "{low:02x} {sign:02x}");
        second_forms += usize::from(VerifyingKey::from_bytes(&bytes).is_ok_and(|key| !key.is_weak()));
    }
    // Points of large order that the curve library reads: without a check of ours they would be keys.
    assert_eq!(second_forms, 20);
}

#[test]
fn a_signature_of_ours_is_plain_ed25519() {
    let key = SigningKey::from_seed(&[7; 32]);
    let raw = VerifyingKey::from_bytes(&key.public().to_bytes()).unwrap();
    assert!(raw.verify_strict(b"message", &Signature::from_bytes(&key.sign(b"message"))).is_ok());
}
