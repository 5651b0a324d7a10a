//! An infrared thermometer on a serial line: a line of text for every measurement, whatever stands around the number.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Health, Report, Signal};
use crate::serial_port;

/// No thermometer sends longer lines.
const MAX_LINE: usize = 128;
/// What is no temperature of anybody, in tenths of a degree: a room, a date, an error code.
const PEOPLE: std::ops::RangeInclusive<u16> = 250..=450;
/// How often the port is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// Listens for as long as anybody wants to know.
pub(super) fn start(port: PathBuf, baud: u32, report: Report) {
    std::thread::spawn(move || {
        while report.is_wanted() {
            if let Err(why) = listen(&port, baud, &report) {
                report.lost(gate::Device::Thermometer, format!("{}: {why}", port.display()));
                std::thread::sleep(super::PAUSE);
            }
        }
    });
}

fn listen(port: &Path, baud: u32, report: &Report) -> std::io::Result<()> {
    let mut opened = serial_port::open(port, baud)?;
    report.health(gate::Device::Thermometer, Health::Working);
    let mut line = String::new();
    let mut bytes = [0; 64];
    while report.is_wanted() {
        let count = serial_port::some(opened.read(&mut bytes))?;
        if count == 0 {
            std::thread::sleep(LOOK);
        }
        for byte in bytes[..count].iter().copied() {
            if byte != b'\n' && byte != b'\r' {
                if line.len() < MAX_LINE {
                    line.push(if byte.is_ascii() { char::from(byte) } else { ' ' });
                }
                continue;
            }
            match tenths(&line) {
                Some(tenths) => report.tell(Signal::Measured(tenths)),
                None if line.trim().is_empty() => {}
                None => tracing::warn!(line, "the thermometer sends no temperature"),
            }
            line.clear();
        }
    }
    Ok(())
}

/// The temperature of a line: its first number with a point that a person can have. What comes after tenths is rounded.
fn tenths(line: &str) -> Option<u16> {
    let number = |word: &str| {
        let (whole, part) = word.split_once('.')?;
        let (whole, part): (u16, &str) = (whole.parse().ok()?, part.trim_end_matches('.'));
        if !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let digit = |place: usize| part.as_bytes().get(place).map(|digit| u16::from(digit - b'0'));
        let tenths = whole.checked_mul(10)?.checked_add(digit(0)?)?;
        Some(tenths + u16::from(digit(1).unwrap_or(0) >= 5)).filter(|tenths| PEOPLE.contains(tenths))
    };
    line.split(|c: char| !c.is_ascii_digit() && c != '.').find_map(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_temperature_is_found_in_a_line() {
        for (line, found) in [
            ("36.5", Some(365)),
            ("T=36.52C", Some(365)),
            ("Temp: 37.25 'C, E:0.95", Some(373)),
            ("2020.02 36.6", Some(366)),
            ("BODY,36.96,OK", Some(370)),
            ("Ta=18.3 To=36.4", Some(364)),
            ("ERR 12", None),
            ("Lo", None),
            ("99.9", None),
            ("36", None),
            ("36.", None),
            ("999999999999.9", None),
            ("36.5.1", None),
            ("", None),
        ] {
            assert_eq!(tenths(line), found, "{line}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(line in "[0-9.a-z ]{0,40}") {
            tenths(&line);
        }
    }
}
