//! From the keys that a scanner presses to the characters it means: the US layout, which scanners come with.
//!
//! Only what this device itself presses counts: the caps lock of another keyboard doesn't touch it, and no layout or input
//! method of the desktop ever sees these keys. Pure.

use evdev::KeyCode;

/// What a key has led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stroke {
    Char(char),
    /// The text is over.
    End,
}

/// The keys that are held down, or locked.
#[derive(Debug, Default)]
pub(super) struct Keys {
    shift: Pair,
    control: Pair,
    alt: Pair,
    caps: bool,
    /// Digits that were keyed in on the number pad while Alt is held.
    number: Option<u32>,
}

/// A left and a right key.
#[derive(Clone, Copy, Debug, Default)]
struct Pair {
    left: bool,
    right: bool,
}

impl Pair {
    fn held(self) -> bool {
        self.left || self.right
    }
}

impl Keys {
    /// A key goes down or up.
    pub(super) fn change(&mut self, key: KeyCode, down: bool) -> Option<Stroke> {
        match key {
            KeyCode::KEY_LEFTSHIFT => self.shift.left = down,
            KeyCode::KEY_RIGHTSHIFT => self.shift.right = down,
            KeyCode::KEY_LEFTCTRL => self.control.left = down,
            KeyCode::KEY_RIGHTCTRL => self.control.right = down,
            KeyCode::KEY_LEFTALT => {
                self.alt.left = down;
                return self.numbered();
            }
            KeyCode::KEY_RIGHTALT => {
                self.alt.right = down;
                return self.numbered();
            }
            // What it does to itself: some press it around capitals.
            KeyCode::KEY_CAPSLOCK => self.caps ^= down,
            _ if down => return self.press(key),
            _ => {}
        }
        None
    }

    fn press(&mut self, key: KeyCode) -> Option<Stroke> {
        if matches!(key, KeyCode::KEY_ENTER | KeyCode::KEY_KPENTER | KeyCode::KEY_TAB) {
            return Some(Stroke::End);
        }
        if self.alt.held() {
            let digit = on_pad(key)?.to_digit(10)?;
            // More than four digits are no character; they are not to overflow either.
            self.number = Some((self.number.unwrap_or(0) * 10 + digit) % 100_000);
            return None;
        }
        let (plain, shifted) = of_key(key)?;
        let capital = self.shift.held() ^ (self.caps && plain.is_ascii_lowercase());
        let character = if capital { shifted } else { plain };
        Some(if self.control.held() { control(character) } else { Stroke::Char(character) })
    }

    /// Alt was let go: the character whose code was keyed in. Codes past ASCII mean different things to different systems.
    fn numbered(&mut self) -> Option<Stroke> {
        if self.alt.held() {
            return None;
        }
        let code = self.number.take()?;
        let ascii = u8::try_from(code).ok().filter(u8::is_ascii).map(char::from);
        Some(ascii.map_or(Stroke::Char(char::REPLACEMENT_CHARACTER), of_code))
    }
}

/// Control and a letter is how scanners type the characters below the space (GS as Ctrl-], CR as Ctrl-M).
fn control(character: char) -> Stroke {
    of_code(char::from(character as u8 & 0x1F))
}

fn of_code(character: char) -> Stroke {
    if matches!(character, '\r' | '\n' | '\t') { Stroke::End } else { Stroke::Char(character) }
}

/// The character of a key on the number pad.
fn on_pad(key: KeyCode) -> Option<char> {
    Some(match key {
        KeyCode::KEY_KP0 => '0',
        KeyCode::KEY_KP1 => '1',
        KeyCode::KEY_KP2 => '2',
        KeyCode::KEY_KP3 => '3',
        KeyCode::KEY_KP4 => '4',
        KeyCode::KEY_KP5 => '5',
        KeyCode::KEY_KP6 => '6',
        KeyCode::KEY_KP7 => '7',
        KeyCode::KEY_KP8 => '8',
        KeyCode::KEY_KP9 => '9',
        KeyCode::KEY_KPMINUS => '-',
        KeyCode::KEY_KPPLUS => '+',
        KeyCode::KEY_KPASTERISK => '*',
        KeyCode::KEY_KPSLASH => '/',
        KeyCode::KEY_KPDOT => '.',
        _ => return None,
    })
}

/// The characters of a key, without and with shift.
fn of_key(key: KeyCode) -> Option<(char, char)> {
    // Rows of keys, from the code of their first.
    const ROWS: [(KeyCode, &str, &str); 5] = [
        (KeyCode::KEY_1, "1234567890-=", "!@#$%^&*()_+"),
        (KeyCode::KEY_Q, "qwertyuiop[]", "QWERTYUIOP{}"),
        (KeyCode::KEY_A, "asdfghjkl;'`", "ASDFGHJKL:\"~"),
        (KeyCode::KEY_BACKSLASH, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
        (KeyCode::KEY_SPACE, " ", " "),
    ];
    let row = |(first, plain, shifted): (KeyCode, &str, &str)| {
        let place = usize::from(key.0.checked_sub(first.0)?);
        Some((char::from(*plain.as_bytes().get(place)?), char::from(*shifted.as_bytes().get(place)?)))
    };
    ROWS.into_iter().find_map(row).or_else(|| on_pad(key).map(|character| (character, character)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn strokes(changes: &[(KeyCode, bool)]) -> Vec<Stroke> {
        let mut keys = Keys::default();
        changes.iter().filter_map(|(key, down)| keys.change(*key, *down)).collect()
    }

    /// A key that is pressed and let go, under others that are held.
    fn under(held: &[KeyCode], keys: &[KeyCode]) -> Vec<(KeyCode, bool)> {
        let mut changes: Vec<_> = held.iter().map(|key| (*key, true)).collect();
        changes.extend(keys.iter().flat_map(|key| [(*key, true), (*key, false)]));
        changes.extend(held.iter().map(|key| (*key, false)));
        changes
    }

    #[test]
    fn every_character_of_a_pass_can_be_typed() {
        let all: Vec<KeyCode> = (0..256).map(KeyCode).collect();
        let typed = |held: &[KeyCode]| -> Vec<Stroke> {
            all.iter().flat_map(|key| strokes(&under(held, &[*key]))).collect()
        };
        let typed = [typed(&[]), typed(&[KeyCode::KEY_RIGHTSHIFT])].concat();
        for character in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:".chars() {
            assert!(typed.contains(&Stroke::Char(character)), "{character}");
        }
    }

    #[test]
    fn keys_mean_what_a_us_keyboard_means() {
        use KeyCode as K;
        use Stroke::{Char, End};
        let shift = K::KEY_LEFTSHIFT;
        let caps = |keys: &[(K, bool)]| {
            [under(&[], &[K::KEY_CAPSLOCK]), keys.to_vec(), under(&[], &[K::KEY_CAPSLOCK, K::KEY_A])].concat()
        };
        let table = [
            (under(&[], &[K::KEY_S, K::KEY_G, K::KEY_1]), vec![Char('s'), Char('g'), Char('1')]),
            (under(&[shift], &[K::KEY_S, K::KEY_SEMICOLON]), vec![Char('S'), Char(':')]),
            (under(&[shift], &[K::KEY_4, K::KEY_5, K::KEY_8]), vec![Char('$'), Char('%'), Char('*')]),
            // Its own caps lock turns letters only, and shift turns them back.
            (caps(&under(&[], &[K::KEY_S, K::KEY_1])), vec![Char('S'), Char('1'), Char('a')]),
            (caps(&under(&[shift], &[K::KEY_S, K::KEY_1])), vec![Char('s'), Char('!'), Char('a')]),
            (under(&[], &[K::KEY_ENTER, K::KEY_KPENTER, K::KEY_TAB]), vec![End, End, End]),
            (under(&[K::KEY_LEFTCTRL], &[K::KEY_M, K::KEY_J]), vec![End, End]),
            (under(&[K::KEY_LEFTCTRL], &[K::KEY_RIGHTBRACE]), vec![Char('\u{1d}')]),
            (under(&[K::KEY_LEFTALT], &[K::KEY_KP8, K::KEY_KP3]), vec![Char('S')]),
            (under(&[K::KEY_RIGHTALT], &[K::KEY_KP0, K::KEY_KP0, K::KEY_KP8, K::KEY_KP3]), vec![Char('S')]),
            (under(&[K::KEY_LEFTALT], &[K::KEY_KP1, K::KEY_KP3]), vec![End]),
            (under(&[K::KEY_LEFTALT], &[K::KEY_KP9; 30]), vec![Char('\u{fffd}')]),
            (under(&[K::KEY_LEFTALT], &[K::KEY_A]), vec![]),
            (under(&[], &[K::KEY_KP7, K::KEY_KPPLUS, K::KEY_F1, K::BTN_LEFT]), vec![Char('7'), Char('+')]),
        ];
        for (changes, wanted) in table {
            assert_eq!(strokes(&changes), wanted, "{changes:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(changes in prop::collection::vec((any::<u16>(), any::<bool>()), 0..200)) {
            strokes(&changes.into_iter().map(|(key, down)| (KeyCode(key), down)).collect::<Vec<_>>());
        }
    }
}
