//! A keyboard without hardware, for the virtual machine: what hand scanners are to Linux, and who listens to them.
//!
//! `typist NAME TEXT...` plugs in a keyboard of this name by uinput and types the texts with Enter after each, over and
//! over, a line on standard output for each round; ending it is unplugging it. `typist --hear NAME` prints a line for every
//! key that it hears from such a keyboard, as any program with a window does.

#[cfg(target_os = "linux")]
fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--hear", name] => linux::hear(name),
        [name, ref texts @ ..] if !texts.is_empty() => linux::type_in(name, texts),
        _ => Err(std::io::Error::other("typist NAME TEXT... | typist --hear NAME")),
    }
}

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
mod linux {
    use std::io;
    use std::time::Duration;

    use evdev::uinput::VirtualDevice;
    use evdev::{AttributeSet, EventSummary, EventType, InputEvent, KeyCode};

    /// As scanners do it: a report every few milliseconds.
    const PACE: Duration = Duration::from_millis(4);
    /// Between rounds.
    const REST: Duration = Duration::from_millis(700);

    pub(crate) fn type_in(name: &str, texts: &[&str]) -> io::Result<()> {
        let keys: AttributeSet<KeyCode> = (1..120).map(KeyCode).collect();
        let mut keyboard = VirtualDevice::builder()?.name(name).with_keys(&keys)?.build()?;
        for round in 1.. {
            std::thread::sleep(REST);
            for text in texts {
                for character in text.chars() {
                    let (key, shift) =
                        key_of(character).ok_or_else(|| io::Error::other(format!("{character:?}")))?;
                    if shift {
                        press(&mut keyboard, KeyCode::KEY_LEFTSHIFT, 1)?;
                    }
                    press(&mut keyboard, key, 1)?;
                    press(&mut keyboard, key, 0)?;
                    if shift {
                        press(&mut keyboard, KeyCode::KEY_LEFTSHIFT, 0)?;
                    }
                }
                press(&mut keyboard, KeyCode::KEY_ENTER, 1)?;
                press(&mut keyboard, KeyCode::KEY_ENTER, 0)?;
            }
            println!("{round}");
        }
        Ok(())
    }

    pub(crate) fn hear(name: &str) -> io::Result<()> {
        let called = |device: &evdev::Device| device.name() == Some(name);
        let (_, mut keyboard) = evdev::enumerate()
            .find(|(_, device)| called(device))
            .ok_or_else(|| io::Error::other(format!("no keyboard is called {name}")))?;
        println!("listening");
        loop {
            for event in keyboard.fetch_events()? {
                if let EventSummary::Key(_, key, 1) = event.destructure() {
                    println!("{key:?}");
                }
            }
        }
    }

    fn press(keyboard: &mut VirtualDevice, key: KeyCode, value: i32) -> io::Result<()> {
        std::thread::sleep(PACE);
        keyboard.emit(&[InputEvent::new(EventType::KEY.0, key.code(), value)])
    }

    /// The key of a character on a US keyboard, and whether it takes shift.
    fn key_of(character: char) -> Option<(KeyCode, bool)> {
        use KeyCode as K;
        let letters = "QWERTYUIOPASDFGHJKLZXCVBNM";
        let first = |place: usize| match place {
            0..10 => K::KEY_Q.code() + place as u16,
            10..19 => K::KEY_A.code() + place as u16 - 10,
            place => K::KEY_Z.code() + place as u16 - 19,
        };
        if let Some(place) = letters.find(character.to_ascii_uppercase()) {
            return Some((KeyCode(first(place)), character.is_ascii_uppercase()));
        }
        if let Some(place) = "1234567890".find(character) {
            return Some((KeyCode(K::KEY_1.code() + place as u16), false));
        }
        Some(match character {
            ' ' => (K::KEY_SPACE, false),
            '-' => (K::KEY_MINUS, false),
            '.' => (K::KEY_DOT, false),
            '/' => (K::KEY_SLASH, false),
            ':' => (K::KEY_SEMICOLON, true),
            '$' => (K::KEY_4, true),
            '%' => (K::KEY_5, true),
            '*' => (K::KEY_8, true),
            '+' => (K::KEY_EQUAL, true),
            _ => return None,
        })
    }
}
