//! What the camera does to a frame: blur of focus and of motion, noise of the sensor, compression.

use image::codecs::jpeg::JpegEncoder;

use super::dice::Dice;
use super::picture::Picture;
use crate::Frame;

/// The camera and how still it was held.
#[derive(Debug, Clone, PartialEq)]
pub struct Camera {
    /// Blur of focus: standard deviation of a Gaussian, in pixels.
    pub blur: f32,
    /// Blur of motion while the shutter was open.
    pub motion: Option<Motion>,
    /// Deviation of the sensor's noise, in grey levels.
    pub noise: f32,
    /// Compressed as JPEG of this quality, 1 to 100.
    pub jpeg: Option<u8>,
}

/// A straight smear.
#[derive(Debug, Clone, PartialEq)]
pub struct Motion {
    /// In pixels.
    pub length: f32,
    /// In degrees clockwise from the right.
    pub angle: f32,
}

impl Default for Camera {
    fn default() -> Self {
        Self { blur: 0.6, motion: None, noise: 2.0, jpeg: None }
    }
}

impl Camera {
    /// What falls on the sensor.
    pub(super) fn look(&self, mut picture: Picture) -> Picture {
        if let Some(motion) = &self.motion {
            picture = motion.smear(&picture);
        }
        blur(&picture, self.blur)
    }

    /// What the sensor and the codec make of it.
    pub(super) fn record(&self, mut picture: Picture, dice: &mut Dice) -> Frame {
        if self.noise > 0.0 {
            for value in &mut picture.values {
                *value += self.noise * dice.normal();
            }
        }
        let luma = picture.luma();
        let luma = self.jpeg.and_then(|quality| compress(&picture, &luma, quality)).unwrap_or(luma);
        Frame::new(picture.width, picture.height, luma)
            .expect("a picture has the size of the frame it was made for")
    }
}

impl Motion {
    fn smear(&self, picture: &Picture) -> Picture {
        let steps = (self.length.abs() * 2.0).ceil().clamp(1.0, 256.0) as usize;
        let (sin, cos) = self.angle.to_radians().sin_cos();
        let mut smeared = Picture::filled(picture.width, picture.height, 0.0);
        let share = 1.0 / (steps + 1) as f32;
        for step in 0..=steps {
            let along = self.length * (step as f32 / steps as f32 - 0.5);
            add_shifted(&mut smeared, picture, along * cos, along * sin, share);
        }
        smeared
    }
}

/// Adds `picture`, moved by (`dx`, `dy`) pixels, `share` strong; its edges are continued outwards.
fn add_shifted(sum: &mut Picture, picture: &Picture, dx: f32, dy: f32, share: f32) {
    let (width, height) = (picture.width.cast_signed(), picture.height.cast_signed());
    let (left, top) = (dx.floor(), dy.floor());
    let (fx, fy) = (dx - left, dy - top);
    let (left, top) = (left as isize, top as isize);
    let columns: Vec<(usize, usize)> = (0..width)
        .map(|x| ((x + left).clamp(0, width - 1) as usize, (x + left + 1).clamp(0, width - 1) as usize))
        .collect();
    for y in 0..height {
        let upper = (y + top).clamp(0, height - 1) as usize * picture.width;
        let lower = (y + top + 1).clamp(0, height - 1) as usize * picture.width;
        let upper = &picture.values[upper..][..picture.width];
        let lower = &picture.values[lower..][..picture.width];
        let line = &mut sum.values[y as usize * picture.width..][..picture.width];
        for (value, &(l, r)) in line.iter_mut().zip(&columns) {
            let above = upper[l] * (1.0 - fx) + upper[r] * fx;
            let below = lower[l] * (1.0 - fx) + lower[r] * fx;
            *value += share * (above * (1.0 - fy) + below * fy);
        }
    }
}

/// A Gaussian of this deviation, rows first, then columns.
fn blur(picture: &Picture, sigma: f32) -> Picture {
    if sigma < 0.2 {
        return picture.clone();
    }
    let radius = (sigma * 3.0).ceil().min(64.0) as usize;
    let bell = |i: usize| (-0.5 * ((i as f32 - radius as f32) / sigma).powi(2)).exp();
    let mut kernel: Vec<f32> = (0..=2 * radius).map(bell).collect();
    let sum: f32 = kernel.iter().sum();
    kernel.iter_mut().for_each(|weight| *weight /= sum);
    let (width, height) = (picture.width, picture.height);

    let mut across = Picture::filled(width, height, 0.0);
    let mut padded = vec![0.0f32; width + 2 * radius];
    for y in 0..height {
        let row = &picture.values[y * width..][..width];
        padded[..radius].fill(row[0]);
        padded[radius..][..width].copy_from_slice(row);
        padded[radius + width..].fill(row[width - 1]);
        let line = &mut across.values[y * width..][..width];
        for (i, weight) in kernel.iter().enumerate() {
            for (value, source) in line.iter_mut().zip(&padded[i..]) {
                *value += weight * source;
            }
        }
    }
    let mut blurred = Picture::filled(width, height, 0.0);
    for y in 0..height {
        for (i, weight) in kernel.iter().enumerate() {
            let source = (y + i).saturating_sub(radius).min(height - 1);
            let source = &across.values[source * width..][..width];
            for (value, source) in blurred.values[y * width..][..width].iter_mut().zip(source) {
                *value += weight * source;
            }
        }
    }
    blurred
}

/// The same pixels after a round through JPEG; `None` when the codec refuses.
fn compress(picture: &Picture, luma: &[u8], quality: u8) -> Option<Vec<u8>> {
    let (width, height) = (u32::try_from(picture.width).ok()?, u32::try_from(picture.height).ok()?);
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality.clamp(1, 100))
        .encode(luma, width, height, image::ExtendedColorType::L8)
        .ok()?;
    let decoded = image::load_from_memory_with_format(&bytes, image::ImageFormat::Jpeg).ok()?;
    Some(decoded.into_luma8().into_raw())
}
