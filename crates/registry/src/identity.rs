//! Citizen identity numbers (公民身份号码) by GB 11643-1999: eighteen signs, of which the last checks the others.

use std::fmt;

/// A number whose check digit is right. What it says of its owner stays inside: `Debug` shows none of it.
#[derive(Clone, PartialEq, Eq)]
pub struct IdentityNumber(String);

/// What is wrong with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// It has not seventeen digits and a digit or X.
    #[error("an identity number has 17 digits and a digit or X")]
    Form,
    /// The day of birth in it is none.
    #[error("digits 7 to 14 are no day of birth")]
    Birthday,
    /// The last sign doesn't fit the others: one was misread.
    #[error("the check digit is wrong")]
    Check,
}

/// Weights of the first seventeen digits: 2^(17 - place) modulo 11 (GB 11643-1999, after ISO 7064 MOD 11-2).
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// The check sign for each remainder.
const CHECKS: [u8; 11] = *b"10X98765432";

impl IdentityNumber {
    /// A number as it was typed: full-width digits, spaces and a small x are understood.
    ///
    /// # Errors
    /// [`IdentityError`].
    pub fn typed(text: &str) -> Result<Self, IdentityError> {
        let text: String = crate::tidy(text).chars().filter(|c| !c.is_whitespace()).collect();
        let text = text.to_ascii_uppercase();
        let bytes = text.as_bytes();
        let Some((last, digits)) = bytes.split_last().filter(|(_, digits)| digits.len() == WEIGHTS.len())
        else {
            return Err(IdentityError::Form);
        };
        if !digits.iter().all(u8::is_ascii_digit) || !(last.is_ascii_digit() || *last == b'X') {
            return Err(IdentityError::Form);
        }
        if !is_birthday(&text[6..14]) {
            return Err(IdentityError::Birthday);
        }
        let sum: u32 =
            digits.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
        match CHECKS[(sum % 11) as usize] == *last {
            true => Ok(Self(text)),
            false => Err(IdentityError::Check),
        }
    }

    /// The whole number.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Enough to tell people apart who look at the card: `4201**********0012`, without the day of birth.
    #[must_use]
    pub fn masked(&self) -> String {
        format!("{}**********{}", &self.0[..4], &self.0[14..])
    }
}

impl fmt::Debug for IdentityNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdentityNumber(…)")
    }
}

/// `19491231`: a day that there was.
fn is_birthday(text: &str) -> bool {
    let number = |range: std::ops::Range<usize>| text[range].parse::<u32>().unwrap_or(0);
    let (year, month, day) = (number(0..4), number(4..6), number(6..8));
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let longest = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1850..=2100).contains(&year) && (1..=longest).contains(&day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_and_what_is_wrong_with_them() {
        for (typed, read) in [
            // The example of the standard.
            ("11010519491231002X", Ok("11010519491231002X")),
            ("11010519491231002x", Ok("11010519491231002X")),
            (" 110105 19491231 002X ", Ok("11010519491231002X")),
            ("１１０１０５１９４９１２３１００２Ｘ", Ok("11010519491231002X")),
            ("440524188001010014", Ok("440524188001010014")),
            ("110105194912310021", Err(IdentityError::Check)),
            ("11010519491231003X", Err(IdentityError::Check)),
            ("110105194902290024", Err(IdentityError::Birthday)),
            ("110105194913310024", Err(IdentityError::Birthday)),
            ("110105491231002", Err(IdentityError::Form)),
            ("1101051949123100XX", Err(IdentityError::Form)),
            ("", Err(IdentityError::Form)),
            ("身份证", Err(IdentityError::Form)),
        ] {
            let found = IdentityNumber::typed(typed);
            assert_eq!(found.as_ref().map(IdentityNumber::reveal).map_err(|why| *why), read, "{typed}");
        }
        let number = IdentityNumber::typed("11010519491231002X").unwrap();
        assert_eq!(number.masked(), "1101**********002X");
        assert!(!format!("{number:?}").contains("1949"));
    }

    proptest! {
        /// The check finds every single misread digit, and every two neighbours that changed places.
        #[test]
        fn every_slip_is_found(place in "[1-6][0-9]{5}", year in 1900_u32..2020, day in 1_u32..29, order in "[0-9]{3}", at in 0_usize..17, by in 1_u8..10) {
            let digits = format!("{place}{year}05{day:02}{order}");
            let sum: u32 = digits.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
            let number = format!("{digits}{}", char::from(CHECKS[(sum % 11) as usize]));
            prop_assert!(IdentityNumber::typed(&number).is_ok());
            let mut misread = number.clone().into_bytes();
            misread[at] = b'0' + (misread[at] - b'0' + by) % 10;
            prop_assert!(IdentityNumber::typed(&String::from_utf8(misread).unwrap()).is_err());
            let mut swapped = number.clone().into_bytes();
            swapped.swap(at, (at + 1) % 17);
            let swapped = String::from_utf8(swapped).unwrap();
            prop_assert!(swapped == number || at == 16 || IdentityNumber::typed(&swapped).is_err());
        }

        #[test]
        fn nothing_panics(text in "\\PC{0,40}") {
            let _ = IdentityNumber::typed(&text);
        }
    }
}
