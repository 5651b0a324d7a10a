//! Whatever is done to something good, at whatever place, it is refused.

use std::sync::LazyLock;

use pass::{PublicKey, Refusal, StatusList, TrustList, TrustedKeys, base45, verify};

use crate::forge::claims::{longest, paper, phone, signed};
use crate::forge::{OFFICE, ROOT, envelope, statuses, trusts};

pub(crate) static ROOT_KEY: LazyLock<PublicKey> = LazyLock::new(|| ROOT.public());

/// The keys that judge the vectors.
pub(crate) static KEYS: LazyLock<TrustedKeys> =
    LazyLock::new(|| TrustList::open(&trusts::trust().bytes(), &ROOT_KEY).unwrap());

type Judge = Box<dyn Fn(&[u8]) -> Result<(), Refusal>>;

/// Something good of each kind, and what judges it.
fn good() -> Vec<(Vec<u8>, Judge)> {
    let pass = |bytes: &[u8]| verify(&envelope::to_text(bytes), &KEYS).map(|_| ());
    let status = |bytes: &[u8]| StatusList::open(bytes, &KEYS).map(|_| ());
    let trust = |bytes: &[u8]| TrustList::open(bytes, &ROOT_KEY).map(|_| ());
    vec![
        (signed(&paper(), OFFICE).bytes(), Box::new(pass)),
        (signed(&phone(), OFFICE).bytes(), Box::new(pass)),
        (signed(&longest(), OFFICE).bytes(), Box::new(pass)),
        (statuses::status().bytes(), Box::new(status)),
        (trusts::trust().bytes(), Box::new(trust)),
    ]
}

#[test]
fn a_flipped_bit_is_refused_wherever_it_is() {
    for (good, judge) in good() {
        assert_eq!(judge(&good), Ok(()));
        for bit in 0..good.len() * 8 {
            let mut bad = good.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(
                judge(&bad).is_err(),
                "bit {} of byte {} in {}",
                bit % 8,
                bit / 8,
                crate::forge::hex(&good)
            );
        }
    }
}

#[test]
fn what_is_cut_is_truncated_at_every_length() {
    for (good, judge) in good() {
        for length in 0..good.len() {
            assert!(matches!(judge(&good[..length]), Err(Refusal::Truncated { .. })), "{length} bytes");
        }
    }
}

#[test]
fn what_is_appended_is_counted() {
    for (good, judge) in good() {
        for byte in 0..=255 {
            let bad = [good.as_slice(), &[byte]].concat();
            assert_eq!(judge(&bad), Err(Refusal::Appended { count: 1 }), "byte {byte:02x}");
        }
    }
}

#[test]
fn a_wrong_character_is_refused_wherever_it_is() {
    let good = signed(&paper(), OFFICE).text();
    let others = base45::encode(b"0 any characters of the alphabet 1");
    for at in 0..good.len() {
        for other in others.bytes().chain(*b"a#\0").filter(|other| *other != good.as_bytes()[at]) {
            let mut bad = good.clone().into_bytes();
            bad[at] = other;
            let bad = String::from_utf8(bad).unwrap();
            assert!(verify(&bad, &KEYS).is_err(), "{bad}");
        }
        let exchanged = [&good[..at], &good[at..].chars().rev().collect::<String>()].concat();
        assert!(exchanged == good || verify(&exchanged, &KEYS).is_err(), "{exchanged}");
        assert!(verify(&good[..at], &KEYS).is_err(), "cut to {at}");
        assert!(verify(&good[at + 1..], &KEYS).is_err(), "without its first {}", at + 1);
    }
}

#[test]
fn inserted_white_space_is_refused_wherever_it_is() {
    let good = signed(&paper(), OFFICE).text();
    for at in 0..=good.len() {
        for inserted in [" ", "\t", "\r", "\n", "\r\n", "\u{A0}", "\u{3000}", "\u{2028}"] {
            let bad = format!("{}{inserted}{}", &good[..at], &good[at..]);
            let refusal = verify(&bad, &KEYS).unwrap_err();
            // A space belongs to the alphabet: what comes after it is another text.
            let named = matches!(refusal, Refusal::WhiteSpace { .. });
            let inside_prefix = (1..4).contains(&at);
            assert!(named || inserted == " " || inside_prefix, "{bad:?}: {refusal}");
        }
    }
}

#[test]
fn a_reader_that_changes_letters_is_found_out() {
    let good = signed(&paper(), OFFICE).text();
    for (at, _) in good.match_indices(|c: char| c.is_ascii_uppercase()) {
        let mut bad = good.clone();
        bad[at..=at].make_ascii_lowercase();
        assert_eq!(verify(&bad, &KEYS), Err(Refusal::LowerCase), "{bad}");
    }
}
