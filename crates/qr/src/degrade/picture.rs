//! A grey picture in linear floating point, and a code drawn as one.

use std::ops::Range;

use crate::{Code, Frame};

/// Brightness from 0 (black) to 255 (white), not clipped until the sensor.
#[derive(Debug, Clone)]
pub(super) struct Picture {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) values: Vec<f32>,
}

impl Picture {
    pub(super) fn filled(width: usize, height: usize, value: f32) -> Self {
        Self { width, height, values: vec![value; width * height] }
    }

    pub(super) fn from_frame(frame: &Frame) -> Self {
        let values = frame.luma().iter().map(|&v| f32::from(v)).collect();
        Self { width: frame.width(), height: frame.height(), values }
    }

    /// Bilinear, in pixels with (0, 0) at the corner of the first; `None` outside.
    pub(super) fn at(&self, x: f32, y: f32) -> Option<f32> {
        if !(x >= 0.0 && y >= 0.0 && x < self.width as f32 && y < self.height as f32) {
            return None;
        }
        let (x, y) = ((x - 0.5).max(0.0), (y - 0.5).max(0.0));
        let (left, top) = (x as usize, y as usize);
        let (right, bottom) = ((left + 1).min(self.width - 1), (top + 1).min(self.height - 1));
        let (fx, fy) = (x - left as f32, y - top as f32);
        let value = |x: usize, y: usize| self.values[y * self.width + x];
        let upper = value(left, top) * (1.0 - fx) + value(right, top) * fx;
        let lower = value(left, bottom) * (1.0 - fx) + value(right, bottom) * fx;
        Some(upper * (1.0 - fy) + lower * fy)
    }

    /// A copy of a part, which must lie within.
    pub(super) fn part(&self, columns: Range<usize>, rows: Range<usize>) -> Self {
        let lines = rows.clone().flat_map(|y| &self.values[y * self.width..][columns.clone()]);
        Self { width: columns.len(), height: rows.len(), values: lines.copied().collect() }
    }

    /// Lays a part back where it was.
    pub(super) fn put(&mut self, part: &Self, x: usize, y: usize) {
        for (line, source) in part.values.chunks_exact(part.width).enumerate() {
            self.values[(y + line) * self.width + x..][..part.width].copy_from_slice(source);
        }
    }

    /// Rounds and clips to what a sensor hands out.
    pub(super) fn luma(&self) -> Vec<u8> {
        self.values.iter().map(|&v| v.round().clamp(0.0, 255.0) as u8).collect()
    }
}

/// Draws a code black on white with `quiet` light modules around it, `scale` pixels a module.
///
/// `None` when the picture would be larger than a frame may be.
#[must_use]
pub fn picture_of(code: &Code, scale: usize, quiet: usize) -> Option<Frame> {
    let side = code.width().checked_add(quiet.checked_mul(2)?)?.checked_mul(scale)?;
    if side > crate::MAX_SIDE {
        return None;
    }
    let mut luma = Vec::with_capacity(side * side);
    for y in 0..side {
        for x in 0..side {
            let module = |v: usize| (v / scale).wrapping_sub(quiet);
            luma.push(if code.is_dark(module(x), module(y)) { 0 } else { 255 });
        }
    }
    Frame::new(side, side, luma).ok()
}
