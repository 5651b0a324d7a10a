//! Texts put together from what a hand scanner sends, a character at a time.
//!
//! A text ends with an end (CR, LF, Tab), or, from a scanner that was never seen to send one, with silence. From one that
//! does send ends, a text that falls silent is half a text: it is thrown away, and never glued to the next. Pure.

use std::time::Duration;

use pass::PREFIX;

/// No more of a text is kept: more than any pass, so that one that is too long is still seen to be.
const MAX_TEXT: usize = 512;

/// A text is over when nothing came for so long. Scanners send a character every few milliseconds; the slowest setting that
/// their manuals offer for old machines is 100.
pub(super) const SILENCE: Duration = Duration::from_millis(300);

/// A text that is coming in.
#[derive(Debug, Default)]
pub(super) struct Line {
    text: String,
    /// Something of it was lost.
    spoilt: bool,
    /// This scanner sends ends.
    ends: bool,
}

impl Line {
    /// The next character.
    pub(super) fn push(&mut self, character: char) {
        if self.text.len() + character.len_utf8() <= MAX_TEXT {
            self.text.push(character);
        }
    }

    /// The scanner has sent an end: the text, if there is one.
    pub(super) fn end(&mut self) -> Option<String> {
        self.ends |= !self.text.is_empty();
        self.take().map(mended)
    }

    /// Nothing came for [`SILENCE`]: the text, if it is whole without an end.
    pub(super) fn silence(&mut self) -> Option<String> {
        self.take().filter(|_| !self.ends).map(mended)
    }

    /// Something was lost: what comes until the end is no text.
    pub(super) fn spoil(&mut self) {
        self.spoilt = true;
    }

    /// The scanner was unplugged.
    pub(super) fn cut(&mut self) {
        let _ = self.take();
    }

    fn take(&mut self) -> Option<String> {
        let text = std::mem::take(&mut self.text);
        let spoilt = std::mem::take(&mut self.spoilt);
        Some(text).filter(|text| !text.is_empty() && !spoilt)
    }
}

/// A pass whose letters a scanner or its caps lock made small, made large again: Base45 has no small letters (RFC 9285 §4.2),
/// so that nothing is lost by it. The signature judges the result. Every other text stays as it is.
fn mended(mut text: String) -> String {
    if text.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX)) {
        text.make_ascii_uppercase();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Characters that come; `~` is silence, `!` is a loss, `^` an unplugging, and a new line an end.
    fn texts(coming: &str) -> Vec<String> {
        let mut line = Line::default();
        let next = |character| match character {
            '\n' => line.end(),
            '~' => line.silence(),
            '!' => {
                line.spoil();
                None
            }
            '^' => {
                line.cut();
                None
            }
            character => {
                line.push(character);
                None
            }
        };
        coming.chars().filter_map(next).collect()
    }

    #[test]
    fn whole_texts_and_no_halves() {
        let table: &[(&str, &[&str])] = &[
            ("SG1:AB\nCD\n", &["SG1:AB", "CD"]),
            ("\n\nSG1:AB\n\n", &["SG1:AB"]),
            // No end was ever seen: silence is one.
            ("SG1:AB~CD~", &["SG1:AB", "CD"]),
            // An end was seen: what falls silent is half a text, and its rest is none of the next.
            ("AB\nSG1:A~SG1:AB\n", &["AB", "SG1:AB"]),
            ("SG1:A!B\nSG1:AB\n", &["SG1:AB"]),
            ("SG1:A^SG1:AB\n", &["SG1:AB"]),
            ("sg1:ab0\nSg1:aB\n", &["SG1:AB0", "SG1:AB"]),
            ("https://pay.example/aB\nsg2:ab\n", &["https://pay.example/aB", "sg2:ab"]),
            ("~~", &[]),
        ];
        for (coming, wanted) in table {
            assert_eq!(texts(coming), *wanted, "{coming:?}");
        }
    }

    #[test]
    fn a_text_without_end_is_bounded() {
        let mut line = Line::default();
        (0..10 * MAX_TEXT).for_each(|_| line.push('门'));
        assert!((MAX_TEXT - 2..=MAX_TEXT).contains(&line.end().unwrap().len()));
    }

    proptest! {
        #[test]
        fn a_text_is_never_more_than_what_came_between_two_ends(coming in "[SG1:aB~!^\n]{0,60}") {
            let pieces: Vec<String> = coming.split(['\n', '~', '^', '!']).map(|piece| mended(piece.into())).collect();
            for text in texts(&coming) {
                prop_assert!(pieces.contains(&text), "{text:?} of {coming:?}");
            }
        }
    }
}
