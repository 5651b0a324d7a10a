//! Golden pictures: what a page is to look like, kept in `tests/golden` as people looked at it and found it good.
//!
//! Another version of Chromium or of its fonts draws the same page a little differently: edges are smoothed otherwise, a line
//! lies a pixel lower. So pictures are kept small and in few shades, and compared by cells of 8 × 8 pixels, of which each colour's
//! mean counts. A pixel's shift changes the cells on an edge by an eighth of the contrast, 32 of 255, and is let pass; a word that is
//! another, a colour, a thing that is missing or lies elsewhere changes some cell by far more, or very many by a little.
//!
//! `SANSE_GOLDEN=new cargo test -p end-to-end --test screen` draws them anew: look at each before keeping it.

use std::path::{Path, PathBuf};

use image::{Rgb, RgbImage};

/// The side of a cell, in pixels of a picture as it is kept.
const CELL: u32 = 8;
/// No cell's mean may differ by more in any colour.
const MOST: f64 = 56.0;
/// Nor the whole picture by more, as the mean over its cells.
const MEAN: f64 = 1.2;
/// Wider pictures are kept at half their size.
const WIDEST: u32 = 1000;
/// So many shades of each colour are kept, from none to all of it.
const SHADES: u32 = 16;

/// The pictures of one test: all are looked at before it fails.
#[derive(Debug, Default)]
pub struct Golden {
    failures: Vec<String>,
}

impl Golden {
    /// Compares a page's picture with the golden one of this name, or makes it the golden one when asked to.
    ///
    /// # Panics
    /// When a file can't be read or written.
    pub fn look(&mut self, name: &str, picture: &RgbImage) {
        let picture = kept(picture);
        let golden = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden").join(format!("{name}.png"));
        if std::env::var_os("SANSE_GOLDEN").is_some_and(|wish| wish == "new") {
            save(&picture, &golden);
            return;
        }
        let failure = match image::open(&golden) {
            Err(why) => Some(format!("{}: {why}", golden.display())),
            Ok(wanted) => unlike(&picture, &wanted.into_rgb8()).map(|how| format!("{name}: {how}")),
        };
        let Some(failure) = failure else { return };
        let folder = target().join("golden");
        save(&picture, &folder.join(format!("{name}.png")));
        if let Ok(wanted) = image::open(&golden) {
            save(&difference(&picture, &wanted.into_rgb8()), &folder.join(format!("{name}-difference.png")));
        }
        self.failures.push(failure);
    }

    /// All of them were alike.
    ///
    /// # Panics
    /// When they were not; with which, and where the new ones are.
    pub fn all_alike(self) {
        let folder = target().join("golden");
        assert!(
            self.failures.is_empty(),
            "{:#?}\nthe pictures and what differs are in {}; draw them anew with SANSE_GOLDEN=new when they are as they should be",
            self.failures,
            folder.display()
        );
    }
}

/// As it is kept: not too large, in few shades.
fn kept(picture: &RgbImage) -> RgbImage {
    let (width, height) = picture.dimensions();
    let mut small = if width > WIDEST {
        RgbImage::from_fn(width / 2, height / 2, |x, y| {
            let four = [(0, 0), (1, 0), (0, 1), (1, 1)]
                .map(|(right, down)| picture.get_pixel(2 * x + right, 2 * y + down).0);
            Rgb([0, 1, 2].map(|at| (four.iter().map(|pixel| u16::from(pixel[at])).sum::<u16>() / 4) as u8))
        })
    } else {
        picture.clone()
    };
    for value in small.iter_mut() {
        let shade = (u32::from(*value) * (SHADES - 1) + 127) / 255;
        *value = (shade * 255 / (SHADES - 1)) as u8;
    }
    small
}

/// What is different, when too much is.
fn unlike(one: &RgbImage, other: &RgbImage) -> Option<String> {
    if one.dimensions() != other.dimensions() {
        return Some(format!("{:?} in place of {:?}", one.dimensions(), other.dimensions()));
    }
    let (one, other) = (cells(one), cells(other));
    let apart: Vec<f64> = one
        .iter()
        .zip(&other)
        .map(|(a, b)| a.1.iter().zip(b.1).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max))
        .collect();
    let mean = apart.iter().sum::<f64>() / apart.len() as f64;
    let (at, most) = apart.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
    let (x, y) = one[at].0;
    (*most > MOST || mean > MEAN).then(|| format!("{most:.0} apart at {x}, {y}; {mean:.2} over all"))
}

/// Where each cell is, and its mean colours.
fn cells(picture: &RgbImage) -> Vec<((u32, u32), [f64; 3])> {
    let (width, height) = picture.dimensions();
    let mut cells = Vec::new();
    for top in (0..height).step_by(CELL as usize) {
        for left in (0..width).step_by(CELL as usize) {
            let (right, bottom) = ((left + CELL).min(width), (top + CELL).min(height));
            let mut sum = [0.0; 3];
            for y in top..bottom {
                for x in left..right {
                    let Rgb(pixel) = picture.get_pixel(x, y);
                    sum.iter_mut().zip(pixel).for_each(|(sum, value)| *sum += f64::from(*value));
                }
            }
            let pixels = f64::from((right - left) * (bottom - top));
            cells.push(((left, top), sum.map(|sum| sum / pixels)));
        }
    }
    cells
}

/// Grey where both are alike, white where they are furthest apart.
fn difference(one: &RgbImage, other: &RgbImage) -> RgbImage {
    let (width, height) = (one.width().min(other.width()), one.height().min(other.height()));
    RgbImage::from_fn(width, height, |x, y| {
        let (Rgb(a), Rgb(b)) = (one.get_pixel(x, y), other.get_pixel(x, y));
        let apart = a.iter().zip(b).map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0);
        Rgb([apart.max(a[1] / 8); 3])
    })
}

fn save(picture: &RgbImage, path: &Path) {
    use image::codecs::png::{CompressionType, FilterType, PngEncoder};
    let folder = path.parent().expect("a picture is in a folder");
    std::fs::create_dir_all(folder).expect("the folder of pictures can be made");
    let file = std::fs::File::create(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    let encoder = PngEncoder::new_with_quality(file, CompressionType::Best, FilterType::NoFilter);
    picture.write_with_encoder(encoder).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
}

/// Cargo's target folder.
fn target() -> PathBuf {
    let test = std::env::current_exe().expect("a running test knows its own path");
    test.ancestors().nth(3).expect("cargo puts tests three folders below its target folder").to_owned()
}

#[cfg(test)]
mod tests {
    use image::GenericImage;

    use super::*;

    /// A page of large and small strokes.
    fn page(change: impl Fn(u32, u32) -> Option<[u8; 3]>, down: u32) -> RgbImage {
        RgbImage::from_fn(800, 480, |x, y| {
            let y = y + down;
            let large = (60..300).contains(&y) && (60..400).contains(&x) && (x / 20) % 3 == 0;
            let small = (400..415).contains(&y) && (x / 2) % 3 == 0;
            let plain = if large || small { [255; 3] } else { [0, 112, 47] };
            Rgb(change(x, y).unwrap_or(plain))
        })
    }

    #[test]
    fn a_pixels_shift_is_let_pass_and_what_people_would_see_is_not() {
        let same = |_, _| None;
        let golden = kept(&page(same, 0));
        let compare = |picture: &RgbImage| unlike(&kept(picture), &golden);
        assert_eq!(compare(&page(same, 0)), None);
        assert_eq!(compare(&page(same, 1)), None);
        let without_a_word =
            |x, y| ((400..415).contains(&y) && (200..240).contains(&x)).then_some([0, 112, 47]);
        assert!(compare(&page(without_a_word, 0)).is_some());
        let other_ground =
            |x: u32, y: u32| (!(60..300).contains(&y) && x.is_multiple_of(2)).then_some([20, 132, 67]);
        assert!(compare(&page(other_ground, 0)).is_some());
        assert!(compare(&page(same, 12)).is_some(), "all of it lies elsewhere");
        assert!(compare(&page(same, 0).sub_image(0, 0, 400, 240).to_image()).is_some());
    }
}
