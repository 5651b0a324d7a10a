//! Grey pixels at one size, and the same picture at half, quarter and eighth of it. It knows nothing of codes.

use crate::{Frame, Point};

/// A picture that something else owns.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plane<'a> {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) luma: &'a [u8],
    /// Pixels of the frame per pixel of this plane, along a side.
    pub(crate) scale: f32,
}

impl Plane<'_> {
    /// The grey value at a place of the frame, bilinear; outside, the nearest edge goes on.
    pub(crate) fn at(&self, point: Point) -> f32 {
        // Scales are powers of two: the compiler can't know that their inverse is exact.
        let inverse = 1.0 / self.scale;
        let x = (point.x * inverse - 0.5).clamp(0.0, (self.width - 1) as f32);
        let y = (point.y * inverse - 0.5).clamp(0.0, (self.height - 1) as f32);
        let (left, top) = (x as usize, y as usize);
        let (right, bottom) = ((left + 1).min(self.width - 1), (top + 1).min(self.height - 1));
        let (fx, fy) = (x - left as f32, y - top as f32);
        let value = |x: usize, y: usize| f32::from(self.luma[y * self.width + x]);
        let upper = value(left, top) * (1.0 - fx) + value(right, top) * fx;
        let lower = value(left, bottom) * (1.0 - fx) + value(right, bottom) * fx;
        upper * (1.0 - fy) + lower * fy
    }

    /// The grey value of the pixel at a place of the frame, or of the nearest one.
    pub(crate) fn nearest(&self, point: Point) -> u8 {
        let inverse = 1.0 / self.scale;
        let x = ((point.x * inverse).max(0.0) as usize).min(self.width - 1);
        let y = ((point.y * inverse).max(0.0) as usize).min(self.height - 1);
        self.luma[y * self.width + x]
    }
}

/// The smaller copies of a frame; kept from frame to frame for their memory.
#[derive(Debug, Default)]
pub(crate) struct Pyramid {
    smaller: Vec<(usize, usize, Vec<u8>)>,
    built: usize,
}

impl Pyramid {
    /// Forgets the frame before.
    pub(crate) fn clear(&mut self) {
        self.built = 0;
    }

    /// Halves until `level` exists or a side would fall below 16 pixels.
    pub(crate) fn build(&mut self, frame: &Frame, level: usize) {
        while self.built < level {
            let below = self.plane(frame, self.built);
            let (width, height) = (below.width / 2, below.height / 2);
            if width < 16 || height < 16 {
                return;
            }
            let mut half = if self.smaller.len() > self.built {
                std::mem::take(&mut self.smaller[self.built].2)
            } else {
                self.smaller.push((0, 0, Vec::new()));
                Vec::new()
            };
            let below = self.plane(frame, self.built);
            halve(&below, &mut half);
            self.smaller[self.built] = (width, height, half);
            self.built += 1;
        }
    }

    /// The copy at `1 / 2^level`, or the smallest that was built.
    pub(crate) fn plane<'a>(&'a self, frame: &'a Frame, level: usize) -> Plane<'a> {
        match level.min(self.built).checked_sub(1) {
            None => Plane { width: frame.width(), height: frame.height(), luma: frame.luma(), scale: 1.0 },
            Some(index) => {
                let (width, height, luma) = &self.smaller[index];
                Plane { width: *width, height: *height, luma, scale: (2 << index) as f32 }
            }
        }
    }
}

/// Means of two by two pixels; an odd last row or column is dropped.
fn halve(plane: &Plane<'_>, half: &mut Vec<u8>) {
    let (width, height) = (plane.width / 2, plane.height / 2);
    half.resize(width * height, 0);
    for (y, half) in half.chunks_exact_mut(width).enumerate() {
        let upper = &plane.luma[2 * y * plane.width..][..2 * width];
        let lower = &plane.luma[(2 * y + 1) * plane.width..][..2 * width];
        let (mut wide, mut deep) = (upper.chunks_exact(8), lower.chunks_exact(8));
        let mut fours = half.chunks_exact_mut(4);
        for ((u, l), four) in (&mut wide).zip(&mut deep).zip(&mut fours) {
            let word = |bytes: &[u8]| bytes.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
            four.copy_from_slice(&means(word(u), word(l)).to_le_bytes());
        }
        let rest = wide.remainder().chunks_exact(2).zip(deep.remainder().chunks_exact(2));
        for ((u, l), mean) in rest.zip(fours.into_remainder()) {
            let sum = u16::from(u[0]) + u16::from(u[1]) + u16::from(l[0]) + u16::from(l[1]);
            *mean = ((sum + 2) / 4) as u8;
        }
    }
}

/// Eight pixels over eight others: the means of two by two, four at once in the lanes of one word.
fn means(upper: u64, lower: u64) -> u32 {
    const LANES: u64 = 0x00FF_00FF_00FF_00FF;
    let pairs = |word: u64| (word & LANES) + ((word >> 8) & LANES);
    let quarters = ((pairs(upper) + pairs(lower) + 0x0002_0002_0002_0002) >> 2) & LANES;
    let twos = (quarters | (quarters >> 8)) & 0x0000_FFFF_0000_FFFF;
    (twos | (twos >> 16)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_halved_by_means_of_four() {
        for width in [2, 7, 16, 19, 40] {
            let luma: Vec<u8> = (0..width * 4).map(|i| (i * i * 37 + i * 11) as u8).collect();
            let mut half = Vec::new();
            halve(&Plane { width, height: 4, luma: &luma, scale: 1.0 }, &mut half);
            let at = |x: usize, y: usize| u16::from(luma[y * width + x]);
            let mean = |x: usize, y: usize| {
                (at(2 * x, 2 * y)
                    + at(2 * x + 1, 2 * y)
                    + at(2 * x, 2 * y + 1)
                    + at(2 * x + 1, 2 * y + 1)
                    + 2)
                    / 4
            };
            let each: Vec<u8> =
                (0..width / 2 * 2).map(|i| mean(i % (width / 2), i / (width / 2)) as u8).collect();
            assert_eq!(half, each, "{width} wide");
        }
    }
}
