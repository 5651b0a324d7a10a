//! A part of a picture as a picture of its own.

use qr::Frame;

/// The rectangle from (`left`, `top`) to (`right`, `bottom`), as far as it lies within the frame; none when nothing does.
pub(super) fn crop(frame: &Frame, left: f32, top: f32, right: f32, bottom: f32) -> Option<Frame> {
    let clip = |value: f32, end: usize| value.clamp(0.0, end as f32) as usize;
    let (left, right) = (clip(left, frame.width()), clip(right, frame.width()));
    let (top, bottom) = (clip(top, frame.height()), clip(bottom, frame.height()));
    let width = right.checked_sub(left)?;
    let luma = (top..bottom).flat_map(|y| frame.row(y)[left..right].iter().copied()).collect();
    Frame::new(width, bottom.checked_sub(top)?, luma).ok()
}
