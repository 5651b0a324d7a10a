//! A QR code as one outline: dark areas traced around, so that no renderer leaves hairlines between modules.

use krilla::geom::{Path, PathBuilder};
use qrcode::{EcLevel, QrCode};

/// Light modules around a code (ISO/IEC 18004 §9.1).
pub(super) const QUIET: usize = 4;

/// The smallest module that goes on paper, in millimetres: below it, cameras at the gate lose too many frames.
pub(super) const SMALLEST_MODULE: f32 = 0.45;

/// Why a code can't be drawn.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CodeError {
    /// The text is longer than any code.
    #[error("{characters} characters are too many for a QR code")]
    TooLong {
        /// Characters of the text.
        characters: usize,
    },
    /// The code would need modules too small to be read.
    #[error("a code of {modules} modules would have modules of {millimetres:.2} mm, below 0.45 mm")]
    TooDense {
        /// Modules along a side, without quiet zone.
        modules: usize,
        /// What a module would measure.
        millimetres: f32,
    },
}

/// A code, its unit one module, its quiet zone not included.
pub(super) struct Code {
    pub(super) modules: usize,
    pub(super) path: Path,
}

impl Code {
    /// Level M (15 % of damage), the smallest version that holds the text.
    pub(super) fn new(text: &str) -> Result<Self, CodeError> {
        let too_long = |_| CodeError::TooLong { characters: text.chars().count() };
        let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(too_long)?;
        let modules = code.width();
        let dark: Vec<bool> = code.to_colors().into_iter().map(|c| c == qrcode::Color::Dark).collect();
        let path = outline(modules, &|x, y| dark[y * modules + x])
            .expect("a code has finder patterns, which are dark");
        Ok(Self { modules, path })
    }

    /// The side of a module when the code with its quiet zone fills `side` millimetres.
    pub(super) fn module(&self, side: f32) -> Result<f32, CodeError> {
        let modules = u16::try_from(self.modules + 2 * QUIET).expect("a code has at most 177 modules");
        let millimetres = side / f32::from(modules);
        if millimetres < SMALLEST_MODULE {
            return Err(CodeError::TooDense { modules: self.modules, millimetres });
        }
        Ok(millimetres)
    }
}

/// Which way an edge leaves a corner, dark on its right.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Heading {
    East,
    South,
    West,
    North,
}

/// Traces the borders of the dark modules: clockwise around dark areas, counter-clockwise around holes, a point at each turn.
fn outline(modules: usize, dark: &dyn Fn(usize, usize) -> bool) -> Option<Path> {
    let is_dark =
        |x: usize, y: usize| (1..=modules).contains(&x) && (1..=modules).contains(&y) && dark(x - 1, y - 1);
    let corners = modules + 1;
    // Every border has an edge that heads east, above a dark module: each of those is walked once.
    let mut walked = vec![false; corners * corners];
    let mut path = PathBuilder::new();
    for y in 0..modules {
        for x in 0..modules {
            if is_dark(x + 1, y + 1) && !is_dark(x + 1, y) && !walked[y * corners + x] {
                walk(&mut path, &mut walked, corners, (x, y), &is_dark);
            }
        }
    }
    path.finish()
}

fn walk(
    path: &mut PathBuilder,
    walked: &mut [bool],
    corners: usize,
    start: (usize, usize),
    is_dark: &dyn Fn(usize, usize) -> bool,
) {
    let point = |(x, y): (usize, usize)| {
        let number = |n| f32::from(u16::try_from(n).expect("a code has at most 177 modules"));
        (number(x), number(y))
    };
    let (mut at, mut heading) = (start, Heading::East);
    let mut turns = Vec::new();
    loop {
        if heading == Heading::East {
            walked[at.1 * corners + at.0] = true;
        }
        let (x, y) = at;
        at = match heading {
            Heading::East => (x + 1, y),
            Heading::South => (x, y + 1),
            Heading::West => (x - 1, y),
            Heading::North => (x, y - 1),
        };
        // The modules around the corner `at`; `is_dark` counts from 1, so that 0 stands outside.
        let (x, y) = at;
        let (nw, ne, se, sw) = (is_dark(x, y), is_dark(x + 1, y), is_dark(x + 1, y + 1), is_dark(x, y + 1));
        let (ahead_right, ahead_left) = match heading {
            Heading::East => (se, ne),
            Heading::South => (sw, se),
            Heading::West => (nw, sw),
            Heading::North => (ne, nw),
        };
        let next = match (ahead_right, ahead_left) {
            // Modules that touch at a corner only are kept apart: turn right first.
            (false, _) => right(heading),
            (true, false) => heading,
            (true, true) => left(heading),
        };
        if next != heading {
            turns.push(at);
            heading = next;
        }
        if at == start && heading == Heading::East {
            break;
        }
    }
    for (index, &turn) in turns.iter().enumerate() {
        let (x, y) = point(turn);
        if index == 0 {
            path.move_to(x, y);
        } else {
            path.line_to(x, y);
        }
    }
    path.close();
}

fn right(heading: Heading) -> Heading {
    match heading {
        Heading::East => Heading::South,
        Heading::South => Heading::West,
        Heading::West => Heading::North,
        Heading::North => Heading::East,
    }
}

fn left(heading: Heading) -> Heading {
    right(right(right(heading)))
}
