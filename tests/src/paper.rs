//! Printed sheets turned back into pixels, and cards cut out of them.

use std::path::{Path, PathBuf};
use std::process::Command;

use qr::{Frame, Scanner};

use crate::office::text;
use crate::programs::run;

/// The pages of a PDF as grey pictures of this resolution, by poppler.
///
/// # Panics
/// When pdftoppm is missing or fails.
#[must_use]
pub fn rasterise(pdf: &Path, dpi: u32, folder: &Path) -> Vec<PathBuf> {
    std::fs::create_dir_all(folder).expect("a temporary folder can be written");
    let prefix = folder.join("page");
    let _ = run(Command::new("pdftoppm").args(["-gray", "-r", &dpi.to_string(), text(pdf), text(&prefix)]));
    let mut pages: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("it was just made")
        .map(|entry| entry.expect("it can be read").path())
        .collect();
    pages.sort();
    pages
}

/// A picture as a frame.
///
/// # Panics
/// When it is none.
#[must_use]
pub fn frame(path: &Path) -> Frame {
    let picture = image::open(path).unwrap_or_else(|why| panic!("{}: {why}", path.display())).into_luma8();
    let (width, height) = picture.dimensions();
    Frame::new(width as usize, height as usize, picture.into_raw()).expect("a page is not too large")
}

/// Writes a frame as a binary PGM.
///
/// # Panics
/// When the file can't be written.
pub fn save(frame: &Frame, path: &Path) {
    let header = format!("P5\n{} {}\n255\n", frame.width(), frame.height());
    let bytes = [header.as_bytes(), frame.luma()].concat();
    std::fs::write(path, bytes).expect("a temporary folder can be written");
}

/// Every code of a page with what lies about it: its text, and a picture in which the code takes half of each side.
#[must_use]
pub fn cut_out(page: &Frame) -> Vec<(String, Frame)> {
    let sightings = Scanner::new().scan(page);
    sightings
        .into_iter()
        .map(|sighting| {
            let (xs, ys) = (sighting.corners.map(|corner| corner.x), sighting.corners.map(|corner| corner.y));
            let span = |values: [f32; 4], limit: usize| {
                let (low, high) =
                    values.into_iter().fold((f32::MAX, f32::MIN), |(l, h), v| (l.min(v), h.max(v)));
                let margin = (high - low) / 2.0;
                ((low - margin).max(0.0) as usize, ((high + margin) as usize).min(limit))
            };
            let ((left, right), (top, bottom)) = (span(xs, page.width()), span(ys, page.height()));
            let luma = (top..bottom).flat_map(|y| page.row(y)[left..right].iter().copied()).collect();
            let text = String::from_utf8(sighting.bytes).expect("a pass is UTF-8");
            (text, Frame::new(right - left, bottom - top, luma).expect("part of a frame is a frame"))
        })
        .collect()
}
