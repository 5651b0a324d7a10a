//! Base45 (RFC 9285), strictly: every text that decodes is the text its bytes encode to.
//!
//! Knows nothing of passes. Written here because the codecs at hand accept values that are out of range.

use crate::Refusal;

/// The 45 characters of a QR code's alphanumeric mode in the order of their values (RFC 9285 §4, table 1).
const ALPHABET: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/// Value of each byte as a character, 0xFF where it is none.
const VALUES: [u8; 256] = {
    let mut values = [0xFF; 256];
    let mut i = 0;
    while i < ALPHABET.len() {
        values[ALPHABET[i] as usize] = i as u8;
        i += 1;
    }
    values
};

/// Writes two bytes as three characters, and a last single byte as two.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(2) * 3);
    encode_into(bytes, &mut text);
    text
}

/// As [`encode`], appended to `text`.
pub(crate) fn encode_into(bytes: &[u8], text: &mut String) {
    let mut put = |value: u16| text.push(char::from(ALPHABET[usize::from(value)]));
    let (pairs, tail) = bytes.as_chunks::<2>();
    for &pair in pairs {
        let value = u16::from_be_bytes(pair);
        put(value % 45);
        put(value / 45 % 45);
        put(value / 2025);
    }
    if let &[last] = tail {
        put(u16::from(last) % 45);
        put(u16::from(last) / 45);
    }
}

/// Reads Base45 back into bytes. Positions in errors count characters of `text` from 0.
///
/// # Errors
/// [`Refusal::Base45Character`] for one outside the alphabet (lower case among them), [`Refusal::Base45Range`] for a
/// group above its range (three characters above 65,535, two above 255), [`Refusal::Base45Length`] for a single
/// character left over.
pub fn decode(text: &str) -> Result<Vec<u8>, Refusal> {
    let value = |at: usize| match VALUES[usize::from(text.as_bytes()[at])] {
        0xFF => Err(Refusal::Base45Character { at }),
        value => Ok(u32::from(value)),
    };
    let length = text.len();
    let mut bytes = Vec::with_capacity(length / 3 * 2 + 1);
    for at in (0..length - length % 3).step_by(3) {
        let sum = value(at)? + 45 * value(at + 1)? + 2025 * value(at + 2)?;
        bytes.extend(u16::try_from(sum).map_err(|_| Refusal::Base45Range { at })?.to_be_bytes());
    }
    let at = length - length % 3;
    match length % 3 {
        1 => value(at).and(Err(Refusal::Base45Length { length }))?,
        2 => {
            let sum = value(at)? + 45 * value(at + 1)?;
            bytes.push(u8::try_from(sum).map_err(|_| Refusal::Base45Range { at })?);
        }
        _ => {}
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn examples_of_the_rfc() {
        for (bytes, text) in [
            ("AB", "BB8"),
            ("Hello!!", "%69 VD92EX0"),
            ("base-45", "UJCLQE7W581"),
            ("ietf!", "QED8WEX0"),
            ("", ""),
        ] {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text).unwrap(), bytes.as_bytes());
        }
    }

    #[test]
    fn what_is_out_of_range_is_refused() {
        for (text, why) in [
            ("GGW", Refusal::Base45Range { at: 0 }),
            (":::", Refusal::Base45Range { at: 0 }),
            ("000V5", Refusal::Base45Range { at: 3 }),
            ("0", Refusal::Base45Length { length: 1 }),
            ("BB8B", Refusal::Base45Length { length: 4 }),
            ("BBa", Refusal::Base45Character { at: 2 }),
            ("红", Refusal::Base45Character { at: 0 }),
        ] {
            assert_eq!(decode(text), Err(why), "{text}");
        }
        // RFC 9285 §4.2: FGW is the last value of a group of three.
        assert_eq!(decode("FGW").unwrap(), [0xFF, 0xFF]);
    }

    #[test]
    fn every_tail_of_two_characters_has_one_text() {
        let accepted = ALPHABET
            .iter()
            .flat_map(|a| ALPHABET.iter().map(move |b| String::from_utf8(vec![*a, *b]).unwrap()))
            .filter(|text| decode(text).is_ok_and(|bytes| encode(&bytes) == *text))
            .count();
        assert_eq!(accepted, 256);
    }

    proptest! {
        #[test]
        fn bytes_come_back(bytes: Vec<u8>) {
            prop_assert_eq!(decode(&encode(&bytes)).unwrap(), bytes);
        }

        #[test]
        fn a_text_that_decodes_is_the_text_of_its_bytes(text in "[0-9A-Z $%*+./:-]{0,40}") {
            if let Ok(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }
    }
}
