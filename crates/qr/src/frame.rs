//! One picture in grey: what every stage of the scanner looks at. It knows nothing of codes.

use thiserror::Error;

/// The longest side a frame may have, in pixels. Larger pictures are refused before anything is allocated for them.
pub const MAX_SIDE: usize = 16_384;

/// A place in a frame, in pixels from its upper left corner; (0, 0) is the corner of the first pixel, not its centre.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Downwards.
    pub y: f32,
}

/// A grey picture: one byte a pixel, 0 black to 255 white, rows from the top without padding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    width: usize,
    height: usize,
    luma: Vec<u8>,
}

/// Why a buffer isn't a frame.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FrameError {
    /// A side is 0 or longer than [`MAX_SIDE`].
    #[error("a frame of {width} x {height} pixels: each side must be 1 to {MAX_SIDE}")]
    Side {
        /// Pixels in a row.
        width: usize,
        /// Rows.
        height: usize,
    },
    /// The buffer doesn't hold one byte for each pixel.
    #[error("{got} bytes of luma where {width} x {height} pixels need {needed}")]
    Length {
        /// Pixels in a row.
        width: usize,
        /// Rows.
        height: usize,
        /// `width * height`.
        needed: usize,
        /// Bytes that came.
        got: usize,
    },
}

impl Frame {
    /// Takes `width * height` bytes of luma, row by row.
    ///
    /// # Errors
    /// [`FrameError`] when a side is 0 or too long, or when the buffer has another length.
    pub fn new(width: usize, height: usize, luma: Vec<u8>) -> Result<Self, FrameError> {
        let sane = 1..=MAX_SIDE;
        if !sane.contains(&width) || !sane.contains(&height) {
            return Err(FrameError::Side { width, height });
        }
        if luma.len() != width * height {
            return Err(FrameError::Length { width, height, needed: width * height, got: luma.len() });
        }
        Ok(Self { width, height, luma })
    }

    /// Pixels in a row.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// All pixels, row by row.
    #[must_use]
    pub fn luma(&self) -> &[u8] {
        &self.luma
    }

    /// The pixels, without the frame.
    #[must_use]
    pub fn into_luma(self) -> Vec<u8> {
        self.luma
    }

    /// One row. Panics when `y` is not below [`Frame::height`], as a slice would.
    #[must_use]
    pub fn row(&self, y: usize) -> &[u8] {
        &self.luma[y * self.width..][..self.width]
    }
}

impl TryFrom<image::GrayImage> for Frame {
    type Error = FrameError;

    fn try_from(picture: image::GrayImage) -> Result<Self, FrameError> {
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        Self::new(width, height, picture.into_raw())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_pictures_are_frames() {
        assert!(Frame::new(3, 2, vec![0; 6]).is_ok());
        assert_eq!(
            Frame::new(3, 2, vec![0; 5]),
            Err(FrameError::Length { width: 3, height: 2, needed: 6, got: 5 })
        );
        for (width, height) in [(0, 0), (0, 5), (5, 0), (MAX_SIDE + 1, 1), (usize::MAX, usize::MAX)] {
            assert_eq!(Frame::new(width, height, vec![0; 4]), Err(FrameError::Side { width, height }));
        }
    }

    #[test]
    fn rows_are_where_they_were_put() {
        let frame = Frame::new(3, 2, vec![1, 2, 3, 4, 5, 6]).unwrap();
        assert_eq!(frame.row(1), [4, 5, 6]);
    }
}
