//! The scanner: a frame in, the codes that are in it out.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::{Frame, Point};

/// A code that was read.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Sighting {
    /// What it says: text as UTF-8 where the code names an encoding, otherwise the bytes as they stand.
    pub bytes: Vec<u8>,
    /// Where it is: its own upper left, upper right, lower right and lower left corner, without the quiet zone.
    pub corners: [Point; 4],
}

/// Reads QR codes from frames. One is made once and kept: its buffers are used again for the next frame.
///
/// What [`Scanner::scan`] returns depends on nothing but the frame.
#[derive(Debug, Default)]
pub struct Scanner {}

impl Scanner {
    /// A scanner that takes every frame for itself.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Every code that could be read in the frame, each once.
    pub fn scan(&mut self, frame: &Frame) -> Vec<Sighting> {
        // rqrr asserts in its perspective mapping on some grids; a bad frame must not take the gate down.
        catch_unwind(AssertUnwindSafe(|| read(frame))).unwrap_or_default()
    }
}

fn read(frame: &Frame) -> Vec<Sighting> {
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(frame.width(), frame.height(), |x, y| {
        frame.luma()[y * frame.width() + x]
    });
    let mut sightings: Vec<Sighting> = Vec::new();
    for grid in prepared.detect_grids() {
        let mut bytes = Vec::new();
        if grid.decode_to(&mut bytes).is_ok() && !sightings.iter().any(|seen| seen.bytes == bytes) {
            let corners = grid.bounds.map(|p| Point { x: p.x as f32, y: p.y as f32 });
            sightings.push(Sighting { bytes, corners });
        }
    }
    sightings
}
