//! Modules to bytes: format information, unmasking, error correction with erasures, text.
//!
//! Modules come in as confidences, so that doubtful codewords can be given up instead of guessed.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::payload;
use crate::reed_solomon::{correct, evidence, syndromes};
use crate::symbol::{Level, Version, format_bits, format_places, is_masked};

/// A square of modules: above 0 dark, below 0 light, the further the surer (about 1 for a clear module).
#[derive(Debug, Clone)]
pub(crate) struct Modules {
    pub(crate) version: Version,
    pub(crate) values: Vec<f32>,
}

impl Modules {
    /// The same code seen in a mirror.
    fn mirrored(&self) -> Self {
        let side = self.version.side();
        let values = (0..side * side).map(|i| self.values[(i % side) * side + i / side]).collect();
        Self { version: self.version, values }
    }
}

/// What a code says, and how it was read.
#[derive(Debug, Clone)]
pub(crate) struct Decoded {
    pub(crate) bytes: Vec<u8>,
    /// Seen in a mirror.
    pub(crate) is_mirrored: bool,
    /// How the modules should have looked, in the places where they were seen: 1 dark, −1 light, 0 where no data lies.
    pub(crate) ink: Vec<i8>,
    /// Bits of evidence, over all blocks, that the correction wasn't chance.
    pub(crate) evidence: f32,
}

/// Wrong bits that a single copy of the format information may have: the code corrects three (annex C).
const FORMAT_ERRORS: u32 = 3;

/// Wrong modules, weighed by how sure they looked, above which a correction is taken for chance.
const DOUBT: f32 = 0.22;

/// Likelihood (of 30 at most) below which no format information is believed to be there.
const FORMAT_LIKELY: f32 = 9.0;

/// Reads the code, mirrored if its format information says so; `None` when it can't be read without doubt.
pub(crate) fn decode(modules: &Modules) -> Option<Decoded> {
    let plain = formats(modules);
    let turned = modules.mirrored();
    let mirrored = formats(&turned);
    let likely = |formats: &[(f32, u16)]| formats.first().map_or(0.0, |f| f.0);
    let is_mirrored = likely(&mirrored) > likely(&plain);
    let (modules, formats) = if is_mirrored { (&turned, mirrored) } else { (modules, plain) };
    formats
        .into_iter()
        .find_map(|(_, format)| decode_as(modules, format))
        .filter(|read| read.is_beyond_dispute || !is_disputed(modules, &read.bytes))
        .map(|read| {
            let side = modules.version.side();
            let turned = |i: usize| if is_mirrored { (i % side) * side + i / side } else { i };
            let ink = (0..side * side).map(|i| read.ink[turned(i)]).collect();
            Decoded { bytes: read.bytes, is_mirrored, ink, evidence: read.evidence }
        })
}

/// Whether rqrr, whose decoder shares no line with this one, reads the same modules as another text.
///
/// It knows no erasures and stops where ours goes on, so that its silence says nothing. Character sets are not its
/// business: only texts of plain ASCII are compared. It takes several times as long as ours, so it is asked only where
/// much was mended.
fn is_disputed(modules: &Modules, bytes: &[u8]) -> bool {
    let side = modules.version.side();
    let grid = rqrr::SimpleGrid::from_func(side, |x, y| modules.values[y * side + x] > 0.0);
    let second = || {
        let mut second = Vec::new();
        rqrr::Grid::new(grid).decode_to(&mut second).is_ok().then_some(second)
    };
    match catch_unwind(AssertUnwindSafe(second)) {
        Ok(Some(second)) => bytes.is_ascii() && second.is_ascii() && second != bytes,
        _ => false,
    }
}

/// The one or two likeliest five bits of level and mask, with their likelihood; none where neither copy comes near any.
fn formats(modules: &Modules) -> Vec<(f32, u16)> {
    let side = modules.version.side();
    let mut copies = [[0.0f32; 15]; 2];
    for i in 0..15 {
        for (copy, (x, y)) in copies.iter_mut().zip(format_places(side, i)) {
            copy[i] = modules.values[y * side + x].clamp(-1.0, 1.0);
        }
    }
    let mut ranked: Vec<(f32, u16)> = Vec::with_capacity(32);
    for data in 0..32u16 {
        let bits = format_bits(data);
        let mut likelihood = 0.0;
        let mut wrong = [0u32; 2];
        for (copy, wrong) in copies.iter().zip(&mut wrong) {
            for (i, value) in copy.iter().enumerate() {
                let agrees = if (bits >> i) & 1 == 1 { *value } else { -*value };
                likelihood += agrees;
                *wrong += u32::from(agrees < 0.0);
            }
        }
        if wrong[0].min(wrong[1]) <= FORMAT_ERRORS && likelihood > FORMAT_LIKELY {
            ranked.push((likelihood, data));
        }
    }
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    // A second guess only where the first isn't clear.
    let unclear = ranked.len() > 1 && ranked[0].0 - ranked[1].0 < 4.0;
    ranked.truncate(if unclear { 2 } else { 1 });
    ranked
}

/// What the modules say under one format, and whether every block needed less than half of what can mend it.
struct Read {
    bytes: Vec<u8>,
    is_beyond_dispute: bool,
    ink: Vec<i8>,
    evidence: f32,
}

fn decode_as(modules: &Modules, format: u16) -> Option<Read> {
    let version = modules.version;
    let side = version.side();
    let (level, mask) = (Level::from_bits(format >> 3), format & 7);
    let blocks = version.blocks(level);
    let path = version.data_path();

    let mut words = vec![0u8; blocks.total];
    let mut doubts = vec![0.0f32; blocks.total];
    for (i, places) in path.chunks_exact(8).take(blocks.total).enumerate() {
        let mut sure = f32::MAX;
        for &place in places {
            let value = modules.values[place];
            sure = sure.min(value.abs());
            let dark = (value > 0.0) != is_masked(mask, place % side, place / side);
            words[i] = (words[i] << 1) | u8::from(dark);
        }
        doubts[i] = sure;
    }

    let data_total = blocks.total - blocks.correction * blocks.count;
    let (short, long) = (data_total / blocks.count, data_total % blocks.count);
    let first_long = blocks.count - long;
    let mut data = Vec::with_capacity(data_total);
    let mut mended = words.clone();
    let mut spare = true;
    let mut is_beyond_dispute = true;
    let mut sum = 0.0;
    for block in 0..blocks.count {
        let length = short + usize::from(block >= first_long);
        let mut places: Vec<usize> = (0..short).map(|i| i * blocks.count + block).collect();
        if length > short {
            places.push(short * blocks.count + block - first_long);
        }
        places.extend((0..blocks.correction).map(|i| data_total + i * blocks.count + block));
        let mut received: Vec<u8> = places.iter().map(|&i| words[i]).collect();
        let sureness: Vec<f32> = places.iter().map(|&i| doubts[i]).collect();
        let (wrong, erased) = mend(&mut received, blocks.correction, &sureness)?;
        sum += evidence(received.len(), blocks.correction, erased, wrong);
        spare &= 2 * wrong + erased + 4 <= blocks.correction;
        is_beyond_dispute &= erased == 0 && 4 * wrong < blocks.correction;
        for (&i, &word) in places.iter().zip(&received) {
            mended[i] = word;
        }
        data.extend(&received[..length]);
    }

    let payload = payload::read(version, &data)?;
    if !(payload.padded || spare) || doubt(modules, path, &words, &mended) > DOUBT {
        return None;
    }
    let mut ink = vec![0i8; side * side];
    for (i, &place) in path.iter().take(8 * blocks.total).enumerate() {
        let bit = (mended[i / 8] >> (7 - i % 8)) & 1 == 1;
        ink[place] = if bit == is_masked(mask, place % side, place / side) { -1 } else { 1 };
    }
    Some(Read { bytes: payload.bytes, is_beyond_dispute, ink, evidence: sum })
}

/// Corrects a block as it is, then with more and more of its least sure codewords given up. Returns how many were wrong
/// and how many were given up.
fn mend(block: &mut [u8], correction: usize, sureness: &[f32]) -> Option<(usize, usize)> {
    let syndromes = syndromes(block, correction);
    if let Some(wrong) = correct(block, &syndromes, &[]) {
        return Some((wrong, 0));
    }
    let mut order: Vec<usize> = (0..block.len()).collect();
    order.sort_by(|&a, &b| sureness[a].total_cmp(&sureness[b]));
    let most = correction.saturating_sub(3);
    let step = (most / 8).max(2);
    for erased in (step..=most).step_by(step) {
        if let Some(wrong) = correct(block, &syndromes, &order[..erased]) {
            return Some((wrong, erased));
        }
    }
    None
}

/// The share of all confidence that spoke for modules which the correction turned.
fn doubt(modules: &Modules, path: &[usize], words: &[u8], mended: &[u8]) -> f32 {
    let (mut against, mut all) = (0.0, 1e-6);
    for ((places, word), mended) in path.chunks_exact(8).zip(words).zip(mended) {
        let turned = word ^ mended;
        for (i, &place) in places.iter().enumerate() {
            let sure = modules.values[place].abs().min(1.0);
            all += sure;
            if (turned >> (7 - i)) & 1 == 1 {
                against += sure;
            }
        }
    }
    against / all
}
