//! How a QR code is laid out: sizes, function patterns, where codewords run, how they are blocked.
//!
//! Section numbers are those of ISO/IEC 18004:2015. It knows nothing of pixels.

use std::sync::OnceLock;

/// Error correction level, in the order of the two bits of the format information (table 12).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    M,
    L,
    H,
    Q,
}

impl Level {
    pub(crate) fn from_bits(bits: u16) -> Self {
        [Self::M, Self::L, Self::H, Self::Q][usize::from(bits & 3)]
    }
}

/// A version, 1 to 40.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Version(u8);

/// How the codewords of a symbol are split (table 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Blocks {
    pub(crate) count: usize,
    /// Error correction codewords in each block.
    pub(crate) correction: usize,
    /// All codewords of the symbol.
    pub(crate) total: usize,
}

impl Version {
    pub(crate) fn new(number: usize) -> Option<Self> {
        (1..=40).contains(&number).then_some(Self(number as u8))
    }

    pub(crate) fn number(self) -> usize {
        usize::from(self.0)
    }

    /// Modules along a side.
    pub(crate) fn side(self) -> usize {
        17 + 4 * self.number()
    }

    /// Rows and columns on which alignment patterns are centred (annex E); empty for version 1.
    pub(crate) fn alignments(self) -> Vec<usize> {
        let version = self.number();
        if version == 1 {
            return Vec::new();
        }
        let count = version / 7 + 2;
        let step = (version * 8 + count * 3 + 5) / (count * 4 - 4) * 2;
        let mut places: Vec<usize> = (0..count - 1).map(|i| self.side() - 7 - i * step).collect();
        places.push(6);
        places.reverse();
        places
    }

    /// Middles of all alignment patterns, (column, row); those that finders cover are left out.
    pub(crate) fn alignment_middles(self) -> Vec<(usize, usize)> {
        let places = self.alignments();
        let last = self.side() - 7;
        let mut middles = Vec::new();
        for &y in &places {
            for &x in &places {
                let under_finder = matches!(
                    (x == 6, y == 6, x == last, y == last),
                    (true, true, ..) | (true, _, _, true) | (_, true, true, _)
                );
                if !under_finder {
                    middles.push((x, y));
                }
            }
        }
        middles
    }

    pub(crate) fn blocks(self, level: Level) -> Blocks {
        let (corrections, counts) = match level {
            Level::L => (&CORRECTION[0], &BLOCKS[0]),
            Level::M => (&CORRECTION[1], &BLOCKS[1]),
            Level::Q => (&CORRECTION[2], &BLOCKS[2]),
            Level::H => (&CORRECTION[3], &BLOCKS[3]),
        };
        let (i, version) = (self.number() - 1, self.number());
        let mut modules = (16 * version + 128) * version + 64;
        if version >= 2 {
            let alignments = version / 7 + 2;
            modules -= (25 * alignments - 10) * alignments - 55;
        }
        if version >= 7 {
            modules -= 36;
        }
        Blocks { count: usize::from(counts[i]), correction: usize::from(corrections[i]), total: modules / 8 }
    }

    /// For every module whether it carries data (row by row): what no function pattern, format or version covers.
    fn data_modules(self) -> Vec<bool> {
        let side = self.side();
        let mut data = vec![true; side * side];
        let mut cover = |x0: usize, y0: usize, x1: usize, y1: usize| {
            for y in y0..y1 {
                data[y * side + x0..y * side + x1].fill(false);
            }
        };
        cover(0, 0, 9, 9);
        cover(side - 8, 0, side, 9);
        cover(0, side - 8, 9, side);
        cover(6, 0, 7, side);
        cover(0, 6, side, 7);
        for (x, y) in self.alignment_middles() {
            cover(x - 2, y - 2, x + 3, y + 3);
        }
        if self.number() >= 7 {
            cover(side - 11, 0, side - 8, 6);
            cover(0, side - 11, 6, side - 8);
        }
        data
    }

    /// The data modules in the order in which bits are laid into them (§7.7.3), as indices row by row.
    pub(crate) fn data_path(self) -> &'static [usize] {
        static PATHS: [OnceLock<Vec<usize>>; 40] = [const { OnceLock::new() }; 40];
        PATHS[self.number() - 1].get_or_init(|| self.walk_data())
    }

    fn walk_data(self) -> Vec<usize> {
        let side = self.side();
        let data = self.data_modules();
        let mut path = Vec::with_capacity(side * side);
        let mut right = side - 1;
        let mut upwards = true;
        loop {
            for i in 0..side {
                let y = if upwards { side - 1 - i } else { i };
                for x in [right, right - 1] {
                    if data[y * side + x] {
                        path.push(y * side + x);
                    }
                }
            }
            upwards = !upwards;
            if right < 3 {
                return path;
            }
            right -= 2;
            if right == 6 {
                right = 5;
            }
        }
    }
}

/// Whether a mask turns the module in column `x`, row `y` (table 10).
pub(crate) fn is_masked(mask: u16, x: usize, y: usize) -> bool {
    match mask {
        0 => (x + y).is_multiple_of(2),
        1 => y.is_multiple_of(2),
        2 => x.is_multiple_of(3),
        3 => (x + y).is_multiple_of(3),
        4 => (y / 2 + x / 3).is_multiple_of(2),
        5 => (x * y).is_multiple_of(6),
        6 => ((x * y) % 2 + (x * y) % 3).is_multiple_of(2),
        _ => ((x + y) % 2 + (x * y) % 3).is_multiple_of(2),
    }
}

/// The 15 bits of format information for five bits of level and mask (annex C), masked as they are drawn.
pub(crate) fn format_bits(data: u16) -> u16 {
    let mut rest = data << 10;
    for bit in (10..15).rev() {
        if rest & (1 << bit) != 0 {
            rest ^= 0x537 << (bit - 10);
        }
    }
    ((data << 10) | rest) ^ 0x5412
}

/// The 18 bits of version information (annex D), for versions from 7.
pub(crate) fn version_bits(version: Version) -> u32 {
    let data = u32::from(version.0);
    let mut rest = data << 12;
    for bit in (12..18).rev() {
        if rest & (1 << bit) != 0 {
            rest ^= 0x1F25 << (bit - 12);
        }
    }
    (data << 12) | rest
}

/// Where bit `i` (0 the lowest) of the format information lies, in its first and its second copy: (column, row).
pub(crate) fn format_places(side: usize, i: usize) -> [(usize, usize); 2] {
    let first = match i {
        0..=5 => (8, i),
        6 => (8, 7),
        7 => (8, 8),
        8 => (7, 8),
        _ => (14 - i, 8),
    };
    let second = if i < 8 { (side - 1 - i, 8) } else { (8, side - 15 + i) };
    [first, second]
}

/// Error correction codewords per block, levels L, M, Q, H, versions 1 to 40 (table 9).
const CORRECTION: [[u8; 40]; 4] = [
    [
        7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26,
        28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    ],
    [
        10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28,
        28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28,
    ],
    [
        13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30, 28, 30, 30, 30, 30,
        28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    ],
    [
        17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28, 30, 24, 30, 30, 30,
        30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    ],
];

/// Blocks per symbol, levels L, M, Q, H, versions 1 to 40 (table 9).
const BLOCKS: [[u8; 40]; 4] = [
    [
        1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16,
        17, 18, 19, 19, 20, 21, 22, 24, 25,
    ],
    [
        1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28,
        29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49,
    ],
    [
        1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20, 23, 23, 25, 27, 29, 34, 34, 35,
        38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68,
    ],
    [
        1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25, 25, 34, 30, 32, 35, 37, 40, 42,
        45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81,
    ],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_codeword_has_its_modules() {
        for number in 1..=40 {
            let version = Version::new(number).unwrap();
            let bits = version.data_path().len();
            let total = version.blocks(Level::L).total;
            // Zero to seven remainder bits: table 1.
            assert!(
                (total * 8..total * 8 + 8).contains(&bits),
                "version {number}: {bits} for {total} codewords"
            );
        }
        assert_eq!(Version::new(32).unwrap().alignments(), [6, 34, 60, 86, 112, 138]);
        assert_eq!(Version::new(7).unwrap().alignments(), [6, 22, 38]);
    }

    #[test]
    fn version_information_is_that_of_the_standard() {
        // Annex D.2.
        assert_eq!(version_bits(Version(7)), 0b00_0111_1100_1001_0100);
    }

    #[test]
    fn format_information_is_that_of_the_standard() {
        // Annex C.2: level M, mask 5.
        assert_eq!(format_bits(0b00_101), 0b100_0000_1100_1110);
    }
}
