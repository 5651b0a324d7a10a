//! Text to modules: a QR code at level M in the smallest version that holds the text. It knows nothing of pixels.

use qrcode::{Color, EcLevel, QrCode};
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
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(too_long)?;
    let dark = code.to_colors().into_iter().map(|colour| colour == Color::Dark).collect();
    Ok(Code { width: code.width(), dark })
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
    fn nothing_is_dark_outside() {
        let code = encode("SG1:").unwrap();
        assert!(code.is_dark(0, 0));
        assert!(!code.is_dark(21, 0) && !code.is_dark(0, 21) && !code.is_dark(usize::MAX, usize::MAX));
    }
}
