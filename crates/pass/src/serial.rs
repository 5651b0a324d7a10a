//! The serial of a pass, and the short code by which people read it to each other.

use std::fmt;
use std::str::FromStr;

/// Crockford's Base32: no I, L, O or U, which are misread.
const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Names a pass within its office: 40 random bits, never given out twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Serial(pub [u8; 5]);

impl Serial {
    /// The serial as nine symbols in groups of three, the last of them a check symbol: `7K3-M9Q-XZ4`.
    ///
    /// The check symbol catches every wrong symbol and every two neighbours that changed places.
    #[must_use]
    pub fn short_code(&self) -> String {
        let digits = self.digits();
        let symbol = |digit: u8| char::from(SYMBOLS[usize::from(digit)]);
        let mut code = String::with_capacity(11);
        for (i, digit) in digits.into_iter().chain([check(&digits)]).enumerate() {
            if i == 3 || i == 6 {
                code.push('-');
            }
            code.push(symbol(digit));
        }
        code
    }

    /// Its eight digits of five bits.
    fn digits(&self) -> [u8; 8] {
        let value = self.0.iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
        std::array::from_fn(|i| (value >> (35 - 5 * i) & 31) as u8)
    }
}

/// The sum of `digit[i] · α^(i+1)` over GF(32) with the polynomial x⁵ + x² + 1: as the weights all differ and none is 1,
/// the weight of the check symbol itself, single errors and exchanges of neighbours change it.
fn check(digits: &[u8; 8]) -> u8 {
    let double = |value: u8| (value << 1) ^ if value & 16 == 0 { 0 } else { 0b10_0101 };
    // Horner's rule from the last digit on.
    digits.iter().rev().fold(0, |sum, digit| double(sum ^ digit))
}

/// Hexadecimal, ten lower-case digits.
impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Why a text is no serial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SerialError {
    /// Neither ten hexadecimal digits nor nine symbols.
    #[error("neither ten hexadecimal digits nor a short code of nine symbols")]
    Form,
    /// The check symbol does not fit: something was misread.
    #[error("the last symbol does not fit the others: one of them was misread")]
    Check,
}

/// Reads ten hexadecimal digits, or a short code as people type it: small letters, spaces, O for 0, I and L for 1.
impl FromStr for Serial {
    type Err = SerialError;

    fn from_str(text: &str) -> Result<Self, SerialError> {
        if text.len() == 10 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
            let value = u64::from_str_radix(text, 16).map_err(|_| SerialError::Form)?;
            return Ok(Self::of_value(value));
        }
        let mut digits = [0; 9];
        let mut count = 0;
        for symbol in text.chars().filter(|c| !matches!(c, '-' | ' ')) {
            let symbol = match symbol.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let digit = SYMBOLS.iter().position(|s| char::from(*s) == symbol).ok_or(SerialError::Form)?;
            *digits.get_mut(count).ok_or(SerialError::Form)? = digit as u8;
            count += 1;
        }
        let [serial @ .., found] = digits;
        if count != digits.len() {
            return Err(SerialError::Form);
        }
        if check(&serial) != found {
            return Err(SerialError::Check);
        }
        Ok(Self::of_value(serial.iter().fold(0, |value, digit| value << 5 | u64::from(*digit))))
    }
}

impl Serial {
    fn of_value(value: u64) -> Self {
        let [_, _, _, serial @ ..] = value.to_be_bytes();
        Self(serial)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn examples() {
        // Printed on cards: these may never change.
        assert_eq!(Serial([0; 5]).short_code(), "000-000-000");
        assert_eq!(Serial([1, 2, 3, 4, 5]).short_code(), "041-061-05G");
        assert_eq!(Serial([0xFF; 5]).to_string(), "ffffffffff");
        assert_eq!("o4i-o6l o5g".parse::<Serial>(), Ok(Serial([1, 2, 3, 4, 5])));
        assert_eq!("041-061-05".parse::<Serial>(), Err(SerialError::Form));
        assert_eq!("041-061-05GG".parse::<Serial>(), Err(SerialError::Form));
    }

    proptest! {
        #[test]
        fn comes_back(bytes: [u8; 5]) {
            let serial = Serial(bytes);
            prop_assert_eq!(serial.short_code().parse(), Ok(serial));
            prop_assert_eq!(serial.short_code().to_lowercase().replace('-', " ").parse(), Ok(serial));
            prop_assert_eq!(serial.to_string().parse(), Ok(serial));
        }

        #[test]
        fn one_wrong_symbol_is_noticed(bytes: [u8; 5], at in 0..9_usize, symbol in 0..32_usize) {
            let code = Serial(bytes).short_code().replace('-', "");
            let mut wrong = code.clone().into_bytes();
            wrong[at] = SYMBOLS[symbol];
            let wrong = String::from_utf8(wrong).unwrap();
            if wrong != code {
                prop_assert_eq!(wrong.parse::<Serial>(), Err(SerialError::Check));
            }
        }

        #[test]
        fn neighbours_that_changed_places_are_noticed(bytes: [u8; 5], at in 0..8_usize) {
            let code = Serial(bytes).short_code().replace('-', "");
            let mut wrong = code.clone().into_bytes();
            wrong.swap(at, at + 1);
            let wrong = String::from_utf8(wrong).unwrap();
            if wrong != code {
                prop_assert_eq!(wrong.parse::<Serial>(), Err(SerialError::Check));
            }
        }
    }
}
