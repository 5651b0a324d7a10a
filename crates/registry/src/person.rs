//! A person's full name and phone number, and the masked name that may leave the registry.

use std::fmt;

use pass::Name;

use crate::text::{is_han, tidy};

/// A full name, 1 to 64 characters. Debugging prints it masked.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FullName(String);

/// Why a text is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FullNameError {
    /// Nothing but spaces, digits or marks.
    #[error("no letter or character of a name")]
    NoLetter,
    /// Longer than any name.
    #[error("{length} characters, where a name has at most {limit}", limit = FullName::MAX_CHARS)]
    TooLong {
        /// Characters found.
        length: usize,
    },
    /// A control character.
    #[error("a control character")]
    Control,
}

impl FullName {
    /// The most characters of a name; names of Xinjiang written in Han characters reach 20.
    pub const MAX_CHARS: usize = 64;

    /// Tidies a name as people type it: `张　明` is `张明`, because spaces there only align columns.
    ///
    /// # Errors
    /// [`FullNameError`].
    pub fn new(text: &str) -> Result<Self, FullNameError> {
        let tidied = tidy(text);
        let chars: Vec<char> = tidied.chars().collect();
        if chars.iter().any(|c| c.is_control()) {
            return Err(FullNameError::Control);
        }
        if !chars.iter().any(|c| c.is_alphabetic()) {
            return Err(FullNameError::NoLetter);
        }
        if chars.len() > Self::MAX_CHARS {
            return Err(FullNameError::TooLong { length: chars.len() });
        }
        let aligns = |i: usize| chars[i] == ' ' && is_han(chars[i - 1]) && is_han(chars[i + 1]);
        Ok(Self((0..chars.len()).filter(|i| !aligns(*i)).map(|i| chars[i]).collect()))
    }

    /// The name as it stands on cards and screens: `张*`, `张*明`, `欧**远`, `J*** S***`.
    ///
    /// A remark in brackets, 张伟(大), is left out. Never longer than a pass has room for, because what is between the first and
    /// the last character shrinks.
    #[must_use]
    pub fn masked(&self) -> Name {
        let without_remark =
            self.0.split(['(', '[', '【', '〔']).map(str::trim).find(|part| !part.is_empty());
        let name = without_remark.unwrap_or(&self.0);
        let masked = if name.contains(is_han) { mask_characters(name) } else { mask_words(name) };
        Name::new(&masked).expect("first and last characters of at most four bytes, and as many stars as fit")
    }

    /// The name itself: for the database and for staff who need it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for FullName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FullName({})", self.masked())
    }
}

/// First character, stars, last character from the third on.
fn mask_characters(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let (first, last) = (chars[0], chars[chars.len() - 1]);
    if chars.len() <= 2 {
        return format!("{first}*");
    }
    let room = Name::MAX_BYTES - first.len_utf8() - last.len_utf8();
    format!("{first}{}{last}", "*".repeat((chars.len() - 2).min(room)))
}

/// The initial of the first and of the last word, each with as many stars as it has letters, at most three.
fn mask_words(name: &str) -> String {
    let mask = |word: &str| {
        let mut chars = word.chars();
        let initial = chars.next().map_or(String::new(), String::from);
        initial + &"*".repeat(chars.count().clamp(1, 3))
    };
    let mut words = name.split(' ');
    let first = words.next().map_or(String::new(), mask);
    match words.next_back() {
        Some(last) => format!("{first} {}", mask(last)),
        None => first,
    }
}

/// A phone number: digits, with a `+` in front for numbers outside the mainland. Debugging prints it masked.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Phone(String);

/// Why a text is no phone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// Something that is no digit, space, bracket, hyphen or leading plus.
    #[error("{found:?} is no digit")]
    NotADigit {
        /// What was found.
        found: char,
    },
    /// Neither a mobile number of 11 digits from 13 to 19, nor a landline with its area code, nor +country and 6 to 15 digits.
    #[error("{digits} digits: neither a mobile number (11 digits) nor a landline with its area code")]
    Form {
        /// Digits found.
        digits: usize,
    },
}

impl Phone {
    /// Reads a number as people type it: `+86 138-1234-5678`, `(027) 8765 4321`.
    ///
    /// # Errors
    /// [`PhoneError`].
    pub fn new(text: &str) -> Result<Self, PhoneError> {
        let tidied = tidy(text);
        let abroad = tidied.starts_with('+') || tidied.starts_with("00");
        let mut digits = String::with_capacity(15);
        for (i, c) in tidied.chars().enumerate() {
            match c {
                '0'..='9' => digits.push(c),
                '+' if i == 0 => {}
                ' ' | '-' | '(' | ')' | '.' | '—' | '–' => {}
                found => return Err(PhoneError::NotADigit { found }),
            }
        }
        let form = PhoneError::Form { digits: digits.len() };
        if abroad {
            digits = digits.trim_start_matches('0').to_owned();
        }
        let domestic = digits.strip_prefix("86").filter(|rest| abroad || rest.len() == 11);
        if abroad && domestic.is_none() {
            return if (6..=15).contains(&digits.len()) { Ok(Self(format!("+{digits}"))) } else { Err(form) };
        }
        let mut number = domestic.unwrap_or(&digits).to_owned();
        // An area code loses its zero behind +86.
        if abroad && !is_mobile(&number) && !number.starts_with('0') {
            number.insert(0, '0');
        }
        if is_mobile(&number) || is_landline(&number) { Ok(Self(number)) } else { Err(form) }
    }

    /// The number itself: for the database and for staff who need it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// Ministry of Industry and Information Technology's numbering plan: 11 digits, 13 to 19.
fn is_mobile(digits: &str) -> bool {
    digits.len() == 11 && digits.starts_with('1') && digits.as_bytes()[1] >= b'3'
}

/// Area codes of three or four digits with the leading zero, numbers of seven or eight.
fn is_landline(digits: &str) -> bool {
    digits.starts_with('0') && (10..=12).contains(&digits.len()) && digits.as_bytes()[1] != b'0'
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone(…{})", &self.0[self.0.len() - 2..])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_masked() {
        for (full, masked) in [
            ("张明", "张*"),
            ("张小明", "张*明"),
            ("张　明", "张*"),
            ("欧阳修远", "欧**远"),
            ("阿卜杜拉·买买提", "阿******提"),
            ("阿卜杜热合曼·阿卜杜拉江·买买提", "阿*********提"),
            ("𠮷野家", "𠮷*家"),
            ("张", "张*"),
            ("张伟(大)", "张*"),
            ("张伟（小）", "张*"),
            ("John Smith", "J*** S***"),
            ("Maria del Carmen López", "M*** L***"),
            ("Bo", "B*"),
            ("X", "X*"),
            ("Ünal Öz", "Ü*** Ö*"),
        ] {
            assert_eq!(FullName::new(full).unwrap().masked().as_str(), masked, "{full}");
        }
    }

    #[test]
    fn what_is_no_name() {
        assert_eq!(FullName::new("  "), Err(FullNameError::NoLetter));
        assert_eq!(FullName::new("13812345678"), Err(FullNameError::NoLetter));
        assert_eq!(FullName::new("张\u{7}明"), Err(FullNameError::Control));
        assert_eq!(FullName::new(&"明".repeat(65)), Err(FullNameError::TooLong { length: 65 }));
    }

    #[test]
    fn debugging_shows_no_personal_data() {
        let shown =
            format!("{:?} {:?}", FullName::new("张小明").unwrap(), Phone::new("13812345678").unwrap());
        assert_eq!(shown, "FullName(张*明) Phone(…78)");
    }

    #[test]
    fn phone_numbers() {
        for (text, number) in [
            ("13812345678", Some("13812345678")),
            ("１３８ 1234-5678", Some("13812345678")),
            ("+86 138 1234 5678", Some("13812345678")),
            ("8613812345678", Some("13812345678")),
            ("0086-13812345678", Some("13812345678")),
            ("027-87654321", Some("02787654321")),
            ("+86 27 8765 4321", Some("02787654321")),
            ("(0712) 2345678", Some("07122345678")),
            ("+44 20 7946 0958", Some("+442079460958")),
            ("1381234567", None),
            ("23812345678", None),
            ("12812345678", None),
            ("12345", None),
            ("", None),
            ("138-1234-567x", None),
        ] {
            assert_eq!(Phone::new(text).ok().as_ref().map(Phone::reveal), number, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_name_that_masks_or_none(text in "\\PC{0,80}") {
            if let Ok(name) = FullName::new(&text) {
                let masked = name.masked();
                prop_assert!(masked.as_str().contains('*'));
                prop_assert!(FullName::new(name.reveal()) == Ok(name));
            }
        }

        #[test]
        fn any_text_is_a_phone_number_or_none(text in "[+0-9 ()-]{0,20}") {
            if let Ok(phone) = Phone::new(&text) {
                prop_assert!(Phone::new(phone.reveal()) == Ok(phone));
            }
        }
    }
}
