//! Text to modules: a QR code at level M in the smallest version that holds the text. It knows nothing of pixels.

use qrcode::bits::{Bits, encode_auto};
use qrcode::{Color, EcLevel, QrCode, Version};
use thiserror::Error;

/// The modules of a QR code, without the quiet zone (four light modules on every side that whoever draws it owes).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    width: usize,
    dark: Vec<bool>,
}

/// A text that fits no QR code at level M.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("a text of {bytes} bytes fits no QR code at level M")]
pub struct TooLong {
    /// Its length in UTF-8.
    pub bytes: usize,
}

/// Draws a text as a QR code: level M, smallest version, the modes that make it shortest (a text of the 45
/// characters of alphanumeric mode becomes one alphanumeric segment).
///
/// # Errors
/// [`TooLong`] above version 40.
pub fn encode(text: &str) -> Result<Code, TooLong> {
    let too_long = |_| TooLong { bytes: text.len() };
    let parted = encode_auto(text.as_bytes(), EcLevel::M).map_err(too_long)?;
    let bits = match in_one_segment(text, parted.version()) {
        Some(bits) => bits,
        None if text.is_ascii() => parted,
        None => return Err(TooLong { bytes: text.len() }),
    };
    let code = QrCode::with_bits(bits, EcLevel::M).map_err(too_long)?;
    let dark = code.to_colors().into_iter().map(|colour| colour == Color::Dark).collect();
    Ok(Code { width: code.width(), dark })
}

/// The text as one segment, alphanumeric in the smallest version up to `largest` that holds it so, or of bytes where it isn't
/// ASCII.
///
/// The library looks no further than two neighbours when it joins segments: every run of digits can become a segment
/// whose header costs more than its digits save, and a text that would fit gets a larger code.
fn in_one_segment(text: &str, largest: Version) -> Option<Bits> {
    // The library writes any other character as a zero, and says nothing. And it takes pairs of UTF-8 bytes for Shift JIS
    // where they look like it, so whatever isn't ASCII goes into a byte segment.
    let alphanumeric = |byte| matches!(byte, b'0'..=b'9' | b'A'..=b'Z') || b" $%*+-./:".contains(&byte);
    let Version::Normal(largest) = largest else { return None };
    let narrow = text.bytes().all(alphanumeric);
    if !narrow && text.is_ascii() {
        return None;
    }
    let largest = if narrow { largest } else { 40 };
    (1..=largest).find_map(|version| {
        let mut bits = Bits::new(Version::Normal(version));
        if narrow {
            bits.push_alphanumeric_data(text.as_bytes()).ok()?;
        } else {
            bits.push_byte_data(text.as_bytes()).ok()?;
        }
        bits.push_terminator(EcLevel::M).ok()?;
        Some(bits)
    })
}

impl Code {
    /// Modules along a side: 17 + 4 × version.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Whether the module in column `x` of row `y` is dark; outside the code nothing is.
    #[must_use]
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.width && y < self.width && self.dark[y * self.width + x]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_smallest_that_holds_the_text() {
        // Capacities at level M, alphanumeric: ISO/IEC 18004, table 7.
        for (characters, width) in [(20, 21), (21, 25), (195, 49), (221, 49), (222, 53), (3391, 177)] {
            assert_eq!(encode(&"A".repeat(characters)).unwrap().width(), width, "{characters} characters");
        }
        assert_eq!(encode(&"A".repeat(3392)), Err(TooLong { bytes: 3392 }));
    }

    #[test]
    fn runs_of_digits_do_not_make_a_code_larger() {
        // The library cuts a text at runs of digits even where the cuts cost more than they save.
        for run in 3..40 {
            let text: String = "ABCDEFG".chars().chain("0".repeat(run).chars()).cycle().take(221).collect();
            assert!(encode(&text).unwrap().width() <= 49, "{text}");
        }
        assert_eq!(encode(&"0".repeat(365)).unwrap().width(), 49, "digits alone take less than letters");
    }

    #[test]
    fn other_characters_stay_what_they_are() {
        let texts = ["SG1:A", "SG1:a", "SG1:0", "SG1:#", "SG1:红"].map(|text| encode(text).unwrap());
        for (i, code) in texts.iter().enumerate() {
            assert!(texts[..i].iter().all(|other| other != code));
        }
    }

    #[test]
    fn nothing_is_dark_outside() {
        let code = encode("SG1:").unwrap();
        assert!(code.is_dark(0, 0));
        assert!(!code.is_dark(21, 0) && !code.is_dark(0, 21) && !code.is_dark(usize::MAX, usize::MAX));
    }
}
