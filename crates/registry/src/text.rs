//! Text as people type it into workbooks, made comparable: full-width characters, stray spaces, words for colours.

use pass::Colour;

/// The text with full-width forms made narrow (`１２Ａ` is `12A`), white space and invisible marks trimmed, and each
/// run of white space made one space.
#[must_use]
pub fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    for c in text.chars().map(narrow) {
        if c.is_whitespace() {
            if !tidy.is_empty() && !tidy.ends_with(' ') {
                tidy.push(' ');
            }
        } else if !is_invisible(c) {
            tidy.push(c);
        }
    }
    if tidy.ends_with(' ') {
        tidy.pop();
    }
    tidy
}

/// The colour a word stands for: `红`, `红色`, `红码`, `red`, `R`, in any case, with or without brackets; nothing for other words.
#[must_use]
pub fn colour_of(word: &str) -> Option<Colour> {
    let word = tidy(word).to_lowercase();
    let word = word.trim_matches(['(', ')', '[', ']', ' ']);
    let word = ["色", "码", "卡", "证"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
    match word {
        "红" | "紅" | "red" | "r" => Some(Colour::Red),
        "黄" | "黃" | "yellow" | "y" => Some(Colour::Yellow),
        "绿" | "綠" | "green" | "g" => Some(Colour::Green),
        _ => None,
    }
}

/// Full-width ASCII (U+FF01 to U+FF5E) lies at a fixed distance from ASCII.
fn narrow(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}

/// Marks that spreadsheets and web pages leave behind: zero-width characters, direction marks, the byte order mark; and NUL, which
/// stands in files of old programs, and which PostgreSQL takes in no text.
fn is_invisible(c: char) -> bool {
    matches!(c, '\0' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// Han characters, the iteration mark and 〇, which is written in names.
pub(crate) fn is_han(c: char) -> bool {
    matches!(c,
        '\u{3005}' | '\u{3007}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{323AF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_colours() {
        for (word, colour) in [
            ("红", Some(Colour::Red)),
            (" 红色 ", Some(Colour::Red)),
            ("ＲＥＤ", Some(Colour::Red)),
            ("黄码", Some(Colour::Yellow)),
            ("Yellow", Some(Colour::Yellow)),
            ("(绿)", Some(Colour::Green)),
            ("green", Some(Colour::Green)),
            ("", None),
            ("蓝", None),
            ("红黄", None),
            ("redd", None),
        ] {
            assert_eq!(colour_of(word), colour, "{word}");
        }
    }

    #[test]
    fn full_width_and_stray_marks_go() {
        for (text, tidied) in [
            ("１２３", "123"),
            ("\u{FEFF} 张　 三\u{200B} ", "张 三"),
            ("Ａ－１", "A-1"),
            (" \t\n", ""),
            ("３\u{A0}栋", "3 栋"),
            ("张\0三\0", "张三"),
            ("\0", ""),
        ] {
            assert_eq!(tidy(text), tidied);
        }
    }
}
