//! Which pixels are dark: each block of pixels gets a threshold from the brightness around it.
//!
//! No black and white picture is made: most pixels are never asked.

use crate::plane::Plane;

/// Pixels along a block's side.
const BLOCK: usize = 8;

/// A brightness range around a block below which it counts as flat, and as light all over: sensor noise must not
/// become a pattern. Halving a picture halves its noise.
fn flat(scale: f32) -> u8 {
    if scale > 2.0 {
        12
    } else if scale > 1.0 {
        16
    } else {
        24
    }
}

/// The range that counts as flat under the worst noise.
const FLATTEST: u16 = 48;

/// How the threshold is taken from the surroundings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    /// Mean brightness of 5 × 5 blocks: follows shadows and glare.
    Mean,
    /// Halfway between how dark and how light it gets within 3 × 3 blocks, on this side of the edge of a shadow or of a spot
    /// of sun (a closing and an opening, Serra 1982): thin lines in small blurred codes survive.
    Envelope,
}

/// The thresholds of one plane.
#[derive(Debug, Default)]
pub(crate) struct Thresholds {
    columns: usize,
    rows: usize,
    values: Vec<u8>,
    means: Vec<u8>,
    lows: Vec<u8>,
    highs: Vec<u8>,
    flat: u8,
}

impl Thresholds {
    /// Looks at every block of a plane; `half` is the same picture at half its size, where there is one. It says as much of
    /// large blocks, in a quarter of the time.
    pub(crate) fn measure(&mut self, plane: &Plane<'_>, half: Option<&Plane<'_>>) {
        self.columns = plane.width.div_ceil(BLOCK);
        self.rows = plane.height.div_ceil(BLOCK);
        self.means.clear();
        self.lows.clear();
        self.highs.clear();
        self.flat = flat(plane.scale);
        match half {
            Some(half) => self.measure_blocks::<{ BLOCK / 2 }>(half),
            None => self.measure_blocks::<BLOCK>(plane),
        }
        let noise = u16::from(self.noise()) * 12 / 5;
        self.flat = self.flat.max(noise.min(FLATTEST) as u8);
    }

    /// The brightness range of the flattest blocks: one in twenty has less. Nothing but noise is to be seen there.
    fn noise(&self) -> u8 {
        let mut counts = [0usize; 256];
        for (low, high) in self.lows.iter().zip(&self.highs) {
            counts[usize::from(high - low)] += 1;
        }
        let mut left = self.lows.len() / 20;
        let range = counts.iter().position(|&count| {
            let is_here = count > left;
            left = left.saturating_sub(count);
            is_here
        });
        range.map_or(0, |range| range as u8)
    }

    fn measure_blocks<const SIDE: usize>(&mut self, plane: &Plane<'_>) {
        // Every other row says as much of a block in a large picture.
        let step = if plane.scale > 1.0 { 1 } else { 2 };
        let mut sums = vec![0u16; plane.width];
        let mut lows = vec![0u8; plane.width];
        let mut highs = vec![0u8; plane.width];
        for row in 0..self.rows {
            // Halving drops an odd row or column, and with it a last block of one pixel.
            let top = (row * SIDE).min(plane.height - 1);
            let lines = (plane.height - top).min(SIDE);
            sums.fill(0);
            lows.fill(255);
            highs.fill(0);
            for line in plane.luma[top * plane.width..].chunks_exact(plane.width).take(lines).step_by(step) {
                sums.iter_mut().zip(line).for_each(|(sum, &value)| *sum += u16::from(value));
                lows.iter_mut().zip(line).for_each(|(low, &value)| *low = (*low).min(value));
                highs.iter_mut().zip(line).for_each(|(high, &value)| *high = (*high).max(value));
            }
            for ((sums, lows), highs) in sums.chunks(SIDE).zip(lows.chunks(SIDE)).zip(highs.chunks(SIDE)) {
                let sum: u32 = sums.iter().map(|&sum| u32::from(sum)).sum();
                self.means.push((sum / (lines.div_ceil(step) * sums.len()) as u32) as u8);
                self.lows.push(lows.iter().fold(255, |a, &b| a.min(b)));
                self.highs.push(highs.iter().fold(0, |a, &b| a.max(b)));
            }
            let last = self.means.len() - 1;
            for values in [&mut self.means, &mut self.lows, &mut self.highs] {
                values.resize((row + 1) * self.columns, values[last]);
            }
        }
    }

    /// Sets the threshold of every block; [`Thresholds::measure`] comes first.
    pub(crate) fn apply(&mut self, rule: Rule) {
        match rule {
            Rule::Mean => self.apply_mean(),
            Rule::Envelope => self.apply_envelope(),
        }
    }

    fn apply_mean(&mut self) {
        const REACH: usize = 2;
        self.values.clear();
        // Columns first, then rows: a block costs ten looks instead of twenty-five.
        let wide = self.columns + 2 * REACH;
        let (mut sums, mut lows, mut highs) = (vec![0u16; wide], vec![255u8; wide], vec![0u8; wide]);
        for row in 0..self.rows {
            let rows = row.saturating_sub(REACH)..(row + REACH + 1).min(self.rows);
            sums.fill(0);
            lows.fill(255);
            highs.fill(0);
            for r in rows.clone() {
                let line = r * self.columns..(r + 1) * self.columns;
                let inner = REACH..REACH + self.columns;
                for (sum, &mean) in sums[inner.clone()].iter_mut().zip(&self.means[line.clone()]) {
                    *sum += u16::from(mean);
                }
                for (low, &block) in lows[inner.clone()].iter_mut().zip(&self.lows[line.clone()]) {
                    *low = (*low).min(block);
                }
                for (high, &block) in highs[inner].iter_mut().zip(&self.highs[line]) {
                    *high = (*high).max(block);
                }
            }
            for column in 0..self.columns {
                let window = column..column + 2 * REACH + 1;
                let low = lows[window.clone()].iter().fold(255, |a: u8, &b| a.min(b));
                let high = highs[window.clone()].iter().fold(0, |a: u8, &b| a.max(b));
                self.values.push(if high.saturating_sub(low) < self.flat {
                    0
                } else {
                    let columns = column.saturating_sub(REACH)..(column + REACH + 1).min(self.columns);
                    let sum: u32 = sums[window].iter().map(|&sum| u32::from(sum)).sum();
                    (sum / (rows.len() * columns.len()) as u32) as u8
                });
            }
        }
    }

    fn apply_envelope(&mut self) {
        let size = (self.columns, self.rows);
        let light = filtered(&filtered(&self.highs, size, u8::max), size, u8::min);
        let dark = filtered(&filtered(&self.lows, size, u8::min), size, u8::max);
        self.values.clear();
        self.values.extend(light.iter().zip(&dark).map(|(&light, &dark)| {
            let range = light.saturating_sub(dark);
            if range < self.flat { 0 } else { dark + range / 2 }
        }));
    }

    /// The threshold that holds at a pixel of the plane: what is below it is dark.
    pub(crate) fn at(&self, x: usize, y: usize) -> u8 {
        self.values[(y / BLOCK) * self.columns + x / BLOCK]
    }

    pub(crate) fn is_dark(&self, plane: &Plane<'_>, x: usize, y: usize) -> bool {
        plane.luma[y * plane.width + x] < self.at(x, y)
    }

    /// Where a row changes between light and dark, ascending, as if it began light; ends with the row's length.
    pub(crate) fn edges(&self, plane: &Plane<'_>, y: usize, edges: &mut Vec<u32>) {
        edges.clear();
        let row = &plane.luma[y * plane.width..][..plane.width];
        let limits = &self.values[(y / BLOCK) * self.columns..][..self.columns];
        let mut before = 0u64;
        for ((start, pixels), &limit) in (0u32..).step_by(BLOCK).zip(row.chunks(BLOCK)).zip(limits) {
            // Nothing is dark in a flat block, and most of a picture is flat.
            if limit == 0 && before == 0 {
                continue;
            }
            let dark = match pixels.first_chunk::<BLOCK>() {
                Some(pixels) => below(u64::from_le_bytes(*pixels), limit),
                None => {
                    let each = pixels.iter().enumerate();
                    each.fold(0, |dark, (i, &pixel)| dark | (u64::from(pixel < limit) << i))
                }
            };
            let mut changes = (dark ^ ((dark << 1) | before)) & ((1 << pixels.len()) - 1);
            while changes != 0 {
                edges.push(start + changes.trailing_zeros());
                changes &= changes - 1;
            }
            before = (dark >> (pixels.len() - 1)) & 1;
        }
        edges.push(row.len() as u32);
    }
}

/// Which of eight pixels are below a limit, the first as the lowest bit. All eight are compared at once within one word.
fn below(pixels: u64, limit: u8) -> u64 {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let limits = u64::from(limit) * 0x0101_0101_0101_0101;
    // The highest bit of a byte stays where its lower seven bits are no less than the limit's.
    let rest = (pixels | HIGH) - (limits & !HIGH);
    let no_less = (pixels & !limits) | (!(pixels ^ limits) & rest);
    // Eight bytes of 0 or 1 become eight bits: the product lines them up in its highest byte.
    ((!no_less & HIGH) >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// What `choose` leaves of three by three blocks around each.
fn filtered(blocks: &[u8], (columns, rows): (usize, usize), choose: fn(u8, u8) -> u8) -> Vec<u8> {
    let mut across = Vec::with_capacity(blocks.len());
    for line in blocks.chunks(columns) {
        across.extend((0..columns).map(|x| {
            let (left, right) = (line[x.saturating_sub(1)], line[(x + 1).min(columns - 1)]);
            choose(choose(left, line[x]), right)
        }));
    }
    let mut both = Vec::with_capacity(blocks.len());
    for y in 0..rows {
        let line = |y: usize| &across[y * columns..][..columns];
        let (above, below) = (line(y.saturating_sub(1)), line((y + 1).min(rows - 1)));
        both.extend(above.iter().zip(line(y)).zip(below).map(|((&a, &b), &c)| choose(choose(a, b), c)));
    }
    both
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_pixels_are_compared_as_each_alone() {
        for limit in 0..=255u8 {
            for start in 0..=255u8 {
                let pixels: [u8; 8] = std::array::from_fn(|i| start.wrapping_add((i * 31) as u8));
                let bits = pixels.iter().enumerate().map(|(i, &p)| u64::from(p < limit) << i).sum::<u64>();
                assert_eq!(below(u64::from_le_bytes(pixels), limit), bits, "{pixels:?} below {limit}");
            }
        }
    }
}
