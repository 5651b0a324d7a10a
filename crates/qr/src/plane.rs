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
    half.clear();
    half.reserve(width * height);
    for y in 0..height {
        let upper = &plane.luma[2 * y * plane.width..][..2 * width];
        let lower = &plane.luma[(2 * y + 1) * plane.width..][..2 * width];
        half.extend(upper.chunks_exact(2).zip(lower.chunks_exact(2)).map(|(u, l)| {
            let sum = u16::from(u[0]) + u16::from(u[1]) + u16::from(l[0]) + u16::from(l[1]);
            ((sum + 2) / 4) as u8
        }));
    }
}
