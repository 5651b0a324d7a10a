//! A vehicle's number plate, shown in full on its pass: gates compare it with the vehicle.

use std::fmt;

use pass::Name;

use crate::text::{is_han, tidy};

/// 省、自治区、直辖市 (GA 36-2018, "中华人民共和国机动车号牌", table of region codes).
const REGIONS: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
/// Last characters of special plates (GA 36-2018).
const ENDINGS: &str = "警学挂港澳领使试超";

/// A plate in its normal form: capitals, no spaces, no dot. At most 15 bytes.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Plate(Name);

/// Why a text is no plate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not like 鄂A12345, 鄂AD12345 or the plate of an embassy, the army or the armed police: {text:?}")]
pub struct PlateError {
    /// The text in normal form, at most twenty characters of it.
    pub text: String,
}

impl Plate {
    /// Reads a plate as people type it: `鄂a·12345`, `鄂A 12345`.
    ///
    /// # Errors
    /// [`PlateError`].
    pub fn new(text: &str) -> Result<Self, PlateError> {
        let plate: String = tidy(text)
            .chars()
            .filter(|c| !matches!(c, ' ' | '·' | '•' | '.' | '-' | '・'))
            .flat_map(char::to_uppercase)
            .take(21)
            .collect();
        let chars: Vec<char> = plate.chars().collect();
        if is_civil(&chars) || is_special(&chars) {
            return Ok(Self(Name::new(&plate).expect("at most eight characters, two of them Han")));
        }
        Err(PlateError { text: chars.into_iter().take(20).collect() })
    }

    /// The plate as it stands on a pass.
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.0
    }

    /// The plate as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Debug for Plate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Plate({})", self.as_str())
    }
}

/// Region, letter, then five or (new energy) six letters and digits without I and O; the last may be a special one.
fn is_civil(chars: &[char]) -> bool {
    let [region, office, middle @ .., last] = chars else { return false };
    REGIONS.contains(*region)
        && office.is_ascii_uppercase()
        && (4..=5).contains(&middle.len())
        && middle.iter().all(|c| is_symbol(*c))
        && (is_symbol(*last) || ENDINGS.contains(*last))
}

/// Embassies (123456使, 使123456), the army (two letters and five symbols), the armed police (WJ, region, five symbols).
fn is_special(chars: &[char]) -> bool {
    let digits = |chars: &[char]| chars.len() == 6 && chars.iter().all(char::is_ascii_digit);
    match chars {
        ['使', number @ ..] | [number @ .., '使'] => digits(number),
        ['W', 'J', region, number @ ..] if is_han(*region) => {
            REGIONS.contains(*region) && number.len() == 5 && number.iter().all(|c| is_symbol(*c))
        }
        [a, b, number @ ..] => {
            a.is_ascii_uppercase()
                && b.is_ascii_uppercase()
                && number.len() == 5
                && number.iter().all(char::is_ascii_digit)
        }
        _ => false,
    }
}

fn is_symbol(c: char) -> bool {
    c.is_ascii_digit() || (c.is_ascii_uppercase() && c != 'I' && c != 'O')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plates() {
        for (text, plate) in [
            ("鄂A12345", Some("鄂A12345")),
            ("鄂a·1234b", Some("鄂A1234B")),
            ("鄂Ａ１２３４５", Some("鄂A12345")),
            ("鄂AD12345", Some("鄂AD12345")),
            ("粤Z1234港", Some("粤Z1234港")),
            ("京A1234警", Some("京A1234警")),
            ("014001使", Some("014001使")),
            ("WJ鄂12345", Some("WJ鄂12345")),
            ("VA12345", Some("VA12345")),
            ("鄂A1234", None),
            ("鄂A1234O", None),
            ("鄂112345", None),
            ("乐A12345", None),
            ("A12345", None),
            ("鄂AD1234567", None),
            ("", None),
        ] {
            assert_eq!(Plate::new(text).ok().as_ref().map(Plate::as_str), plate, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_plate_or_none(text in "[鄂京使A-Z0-9·a-z警 ]{0,10}") {
            if let Ok(plate) = Plate::new(&text) {
                prop_assert!(Plate::new(plate.as_str()) == Ok(plate));
            }
        }
    }
}
