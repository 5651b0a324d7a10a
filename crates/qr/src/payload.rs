//! Corrected codewords to text: modes, counts, character sets, terminator and padding (ISO/IEC 18004 §7.4).
//!
//! A stream that no encoder writes is refused: it is the last guard against a misread.

use encoding_rs::{BIG5, EUC_KR, Encoding, GB18030, SHIFT_JIS};

use crate::symbol::Version;

/// What a stream said.
pub(crate) struct Payload {
    pub(crate) bytes: Vec<u8>,
    /// Whether the rest of the stream is padded as the standard demands. Some encoders in the field don't.
    pub(crate) padded: bool,
}

/// Reads the data codewords; `None` for a stream that is cut short or uses what isn't defined.
pub(crate) fn read(version: Version, codewords: &[u8]) -> Option<Payload> {
    let mut bits = Bits { codewords, next: 0 };
    let mut bytes = Vec::new();
    let mut charset: Option<&'static Encoding> = None;
    let class = match version.number() {
        1..=9 => 0,
        10..=26 => 1,
        _ => 2,
    };
    let mut segments = 0;
    loop {
        if bits.left() < 4 {
            break;
        }
        match bits.take(4)? {
            0b0000 => break,
            0b0001 => numeric(&mut bits, [10, 12, 14][class], &mut bytes)?,
            0b0010 => alphanumeric(&mut bits, [9, 11, 13][class], &mut bytes)?,
            0b0100 => {
                let count = bits.take([8, 16, 16][class])?;
                let raw = (0..count).map(|_| bits.take(8).map(|b| b as u8)).collect::<Option<Vec<u8>>>()?;
                match charset {
                    None => bytes.extend(raw),
                    Some(charset) => bytes.extend(charset.decode_without_bom_handling(&raw).0.as_bytes()),
                }
            }
            0b1000 => kanji(&mut bits, [8, 10, 12][class], &mut bytes)?,
            0b0111 => charset = character_set(&mut bits)?,
            // Structured append: position, count, parity. The part is returned as it is.
            0b0011 => {
                bits.take(16)?;
            }
            // FNC1: a marker in the first place, an application indicator in the second.
            0b0101 => {}
            0b1001 => {
                bits.take(8)?;
            }
            _ => return None,
        }
        segments += 1;
    }
    if segments == 0 {
        return None;
    }
    Some(Payload { bytes, padded: bits.ends_padded() })
}

fn numeric(bits: &mut Bits<'_>, width: usize, bytes: &mut Vec<u8>) -> Option<()> {
    let mut count = bits.take(width)?;
    while count > 0 {
        let digits = count.min(3) as usize;
        let value = bits.take([0, 4, 7, 10][digits])?;
        if value >= [1, 10, 100, 1000][digits] {
            return None;
        }
        bytes.extend(format!("{value:0digits$}").bytes());
        count -= digits as u32;
    }
    Some(())
}

fn alphanumeric(bits: &mut Bits<'_>, width: usize, bytes: &mut Vec<u8>) -> Option<()> {
    const CHARACTERS: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    let mut count = bits.take(width)?;
    while count > 1 {
        let pair = bits.take(11)? as usize;
        bytes.push(*CHARACTERS.get(pair / 45)?);
        bytes.push(CHARACTERS[pair % 45]);
        count -= 2;
    }
    if count == 1 {
        bytes.push(*CHARACTERS.get(bits.take(6)? as usize)?);
    }
    Some(())
}

fn kanji(bits: &mut Bits<'_>, width: usize, bytes: &mut Vec<u8>) -> Option<()> {
    let count = bits.take(width)?;
    let mut raw = Vec::new();
    for _ in 0..count {
        let value = bits.take(13)?;
        let packed = ((value / 0xC0) << 8) | (value % 0xC0);
        let code = packed + if packed < 0x1F00 { 0x8140 } else { 0xC140 };
        raw.extend([(code >> 8) as u8, code as u8]);
    }
    let (text, bad) = SHIFT_JIS.decode_without_bom_handling(&raw);
    bytes.extend(text.as_bytes());
    (!bad).then_some(())
}

/// An extended channel interpretation: `Some(None)` leaves bytes as they are (UTF-8, ASCII, unassigned numbers).
fn character_set(bits: &mut Bits<'_>) -> Option<Option<&'static Encoding>> {
    let first = bits.take(8)?;
    let number = match first {
        0..=0x7F => first,
        0x80..=0xBF => ((first & 0x3F) << 8) | bits.take(8)?,
        0xC0..=0xDF => ((first & 0x1F) << 16) | bits.take(16)?,
        _ => return None,
    };
    let label: &[u8] = match number {
        1 | 3 => b"windows-1252",
        4 => b"iso-8859-2",
        5 => b"iso-8859-3",
        6 => b"iso-8859-4",
        7 => b"iso-8859-5",
        8 => b"iso-8859-6",
        9 => b"iso-8859-7",
        10 => b"iso-8859-8",
        11 => b"windows-1254",
        13 => b"windows-874",
        15 => b"iso-8859-13",
        17 => b"iso-8859-15",
        18 => b"iso-8859-16",
        20 => return Some(Some(SHIFT_JIS)),
        21 => b"windows-1250",
        22 => b"windows-1251",
        23 => b"windows-1252",
        24 => b"windows-1256",
        25 => b"utf-16be",
        28 => return Some(Some(BIG5)),
        29 | 32 => return Some(Some(GB18030)),
        30 => return Some(Some(EUC_KR)),
        _ => return Some(None),
    };
    Some(Encoding::for_label(label))
}

struct Bits<'a> {
    codewords: &'a [u8],
    next: usize,
}

impl Bits<'_> {
    fn left(&self) -> usize {
        self.codewords.len() * 8 - self.next
    }

    fn take(&mut self, count: usize) -> Option<u32> {
        if self.left() < count {
            return None;
        }
        let mut value = 0;
        for _ in 0..count {
            let bit = (self.codewords[self.next / 8] >> (7 - self.next % 8)) & 1;
            value = (value << 1) | u32::from(bit);
            self.next += 1;
        }
        Some(value)
    }

    /// Zero bits to the end of the codeword, then 0xEC and 0x11 in turn (§7.4.10).
    fn ends_padded(mut self) -> bool {
        let partial = (8 - self.next % 8) % 8;
        if self.take(partial.min(self.left())) != Some(0) {
            return false;
        }
        self.codewords[self.next / 8..].iter().zip([0xEC, 0x11].iter().cycle()).all(|(a, b)| a == b)
    }
}
