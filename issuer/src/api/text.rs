//! Which texts are taken: the check of each class, and the pattern by which the document says the same. A test holds both against each
//! other.

/// What no text holds: controls, spaces but the plain one between words, marks that turn the direction of writing, and other characters
/// that nobody sees.
const HIDDEN: &[(char, char)] = &[
    ('\u{0}', '\u{20}'),
    ('\u{7F}', '\u{A0}'),
    ('\u{AD}', '\u{AD}'),
    ('\u{1680}', '\u{1680}'),
    ('\u{180E}', '\u{180E}'),
    ('\u{2000}', '\u{200F}'),
    ('\u{2028}', '\u{202F}'),
    ('\u{205F}', '\u{206F}'),
    ('\u{3000}', '\u{3000}'),
    ('\u{FEFF}', '\u{FEFF}'),
    ('\u{FFF0}', '\u{FFFF}'),
    ('\u{E0000}', '\u{E007F}'),
];
/// Marks that no building, no room and no name begins with, as they are typed here; `-` alone is nobody's.
const MARKS: &[(char, char)] = &[
    ('\u{21}', '\u{2F}'),
    ('\u{3A}', '\u{40}'),
    ('\u{5B}', '\u{60}'),
    ('\u{7B}', '\u{7E}'),
    ('\u{A1}', '\u{BF}'),
    ('\u{D7}', '\u{D7}'),
    ('\u{F7}', '\u{F7}'),
    ('\u{2010}', '\u{2027}'),
    ('\u{3001}', '\u{3004}'),
    ('\u{FF01}', '\u{FF0F}'),
];
const DIGITS: &[(char, char)] = &[('0', '9'), ('\u{FF10}', '\u{FF19}')];
/// Regions and last characters of plates, as `registry::Plate` knows them.
const REGIONS: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
const ENDINGS: &str = "警学挂港澳领使试超";
/// Letters and digits of plates.
const SYMBOLS: &str = "A-HJ-NP-Z0-9";

/// What a text is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Class {
    /// Visible characters with single spaces between them.
    Visible,
    /// The same, not beginning with a mark.
    Lettered,
    /// The same, not beginning with a mark or a digit.
    Named,
    /// A mobile number, a landline with its area code, or a plus, the country and the number abroad.
    Phone,
    /// A plate in capitals.
    Plate,
    /// What our cursors are made of.
    Cursor,
    /// Ten hexadecimal digits.
    Serial,
    /// 32 hexadecimal digits, as the store makes keys.
    Key,
}

impl Class {
    /// Whether a text is of this class, and no longer than so many characters.
    pub(super) fn takes(self, text: &str, longest: usize) -> bool {
        let begins = |with: &[&[(char, char)]]| {
            text.chars().next().is_some_and(|first| with.iter().any(|table| is_in(first, table)))
        };
        let is_short = !text.is_empty() && text.chars().count() <= longest;
        is_short
            && match self {
                Self::Visible => is_spaced(text),
                Self::Lettered => !begins(&[MARKS]) && is_spaced(text),
                Self::Named => !begins(&[MARKS, DIGITS]) && is_spaced(text),
                Self::Phone => registry::Phone::new(text).is_ok_and(|phone| phone.reveal() == text),
                Self::Plate => registry::Plate::new(text).is_ok_and(|plate| plate.as_str() == text),
                Self::Cursor => text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')),
                Self::Serial => text.len() == 10 && is_hex(text),
                Self::Key => text.len() == 32 && is_hex(text),
            }
    }

    /// The same as a regular expression of JSON Schema (ECMA-262).
    pub(super) fn pattern(self) -> String {
        let spaced = |not_first: &[&[(char, char)]]| {
            let hidden = set(HIDDEN);
            let not_first: String = not_first.iter().map(|table| set(table)).collect();
            format!("^[^{hidden}{not_first}]( ?[^{hidden}])*$")
        };
        match self {
            Self::Visible => spaced(&[]),
            Self::Lettered => spaced(&[MARKS]),
            Self::Named => spaced(&[MARKS, DIGITS]),
            // China's own country code is not written.
            Self::Phone => {
                r"^(1[3-9][0-9]{9}|0[1-9][0-9]{8,10}|\+([1-79][0-9]|8[0-57-9])[0-9]{4,13})$".to_owned()
            }
            Self::Plate => format!(
                "^([{REGIONS}][A-Z][{SYMBOLS}]{{4,5}}[{SYMBOLS}{ENDINGS}]|使[0-9]{{6}}|[0-9]{{6}}使|\
                 WJ[{REGIONS}][{SYMBOLS}]{{5}}|[A-Z]{{2}}[0-9]{{5}})$"
            ),
            Self::Cursor => "^[A-Za-z0-9_-]+$".to_owned(),
            Self::Serial => "^[0-9a-f]{10}$".to_owned(),
            Self::Key => "^[0-9a-f]{32}$".to_owned(),
        }
    }
}

fn is_in(c: char, table: &[(char, char)]) -> bool {
    table.iter().any(|(first, last)| (*first..=*last).contains(&c))
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Visible characters, and single spaces between them.
fn is_spaced(text: &str) -> bool {
    text.split(' ').all(|word| !word.is_empty() && !word.chars().any(|c| is_in(c, HIDDEN)))
}

/// A table as the inside of a character class.
fn set(table: &[(char, char)]) -> String {
    table.iter().map(|(first, last)| format!("{}-{}", escaped(*first), escaped(*last))).collect()
}

/// As ECMA-262 writes it, and every reader of patterns understands; characters beyond four digits stand for themselves.
fn escaped(c: char) -> String {
    match u32::from(c) {
        code @ ..=0xFFFF => format!("\\u{code:04x}"),
        _ => c.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::string::string_regex;

    use super::*;

    const CLASSES: [Class; 8] = [
        Class::Visible,
        Class::Lettered,
        Class::Named,
        Class::Phone,
        Class::Plate,
        Class::Cursor,
        Class::Serial,
        Class::Key,
    ];

    #[test]
    fn what_is_taken_and_what_is_not() {
        for (class, text, is_taken) in [
            (Class::Visible, "从外地回来", true),
            (Class::Visible, "back from (another) city!", true),
            (Class::Visible, "two  spaces", false),
            (Class::Visible, " ", false),
            (Class::Visible, "a\nb", false),
            (Class::Visible, "a\u{202E}b", false),
            (Class::Visible, "", false),
            (Class::Lettered, "3-2", true),
            (Class::Lettered, "-", false),
            (Class::Lettered, "－", false),
            (Class::Named, "阿卜杜拉·买买提", true),
            (Class::Named, "𠮷野家", true),
            (Class::Named, "John Smith", true),
            (Class::Named, "13812345678", false),
            (Class::Named, "(张)", false),
            (Class::Phone, "13812345678", true),
            (Class::Phone, "02787654321", true),
            (Class::Phone, "+442079460958", true),
            (Class::Phone, "+8613812345678", false),
            (Class::Phone, "138 1234 5678", false),
            (Class::Plate, "鄂A12345", true),
            (Class::Plate, "使123456", true),
            (Class::Plate, "鄂a12345", false),
            (Class::Cursor, "cmVzaWRlbnRz_-", true),
            (Class::Cursor, "a=", false),
            (Class::Serial, "a73c10fe99", true),
            (Class::Serial, "A73C10FE99", false),
        ] {
            assert_eq!(class.takes(text, 64), is_taken, "{class:?} {text:?}");
        }
        assert!(!Class::Visible.takes(&"长".repeat(65), 64));
    }

    proptest! {
            /// Whatever the document allows is taken.
            #[test]
            fn patterns_say_what_is_taken(
    (class, text) in (0..CLASSES.len()).prop_flat_map(|at| {
                    let pattern = CLASSES[at].pattern();
                    // What is generated is whole, and has no use for anchors.
                    let whole = pattern.trim_start_matches('^').trim_end_matches('$');
                    (Just(CLASSES[at]), string_regex(whole).expect("a pattern"))
                })
            ) {
                prop_assert!(class.takes(&text, usize::MAX), "{class:?} {text:?}");
            }
        }
}
