//! What holds a grid: two or three finders whose places in the code and whose corners are known by name, and the versions
//! they may belong to.

use super::seek::{ALIGNMENT, FINDER};
use super::{Grid, middle_of, minus};
use crate::Point;
use crate::finders::Finder;
use crate::geometry::{Perspective, Tie};
use crate::plane::Plane;
use crate::symbol::{Version, version_bits};

/// A finder in its place.
pub(super) struct Anchor {
    /// 0 upper left, 1 upper right, 2 lower left.
    pub(super) place: usize,
    /// Upper left, upper right, lower right, lower left.
    pub(super) corners: [Point; 4],
    middle: Point,
    /// Its width and height as shares of the directions by which its corners were named.
    size: (f32, f32),
}

/// The finders of one code.
pub(crate) struct Anchors {
    pub(super) known: Vec<Anchor>,
    pub(super) inverted: bool,
    /// The version that their distance suggests, not rounded.
    pub(super) estimate: f32,
}

impl Anchors {
    /// Upper left, upper right, lower left.
    pub(crate) fn three(finders: [&Finder; 3]) -> Option<Self> {
        let origin = finders[0].middle;
        let (right, down) = (minus(finders[1].middle, origin), minus(finders[2].middle, origin));
        let known = name([(0, finders[0]), (1, finders[1]), (2, finders[2])], right, down)?;
        // A finder is 7 modules wide; the arm between two of them holds side − 7. Perspective makes the near one larger.
        let span = |a: f32, b: f32| 7.0 / (a * b).max(1e-6).sqrt();
        let spans = [span(known[0].size.0, known[1].size.0), span(known[0].size.1, known[2].size.1)];
        let estimate = ((spans[0] + spans[1]) / 2.0 - 10.0) / 4.0;
        Some(Self { known, inverted: finders[0].inverted, estimate })
    }

    /// Two finders with their places, the directions in which the code's rows and columns run near them, and the modules
    /// between them along a row or a column.
    pub(crate) fn two(finders: [(usize, &Finder); 2], right: Point, down: Point, span: f32) -> Option<Self> {
        let known = name(finders, right, down)?;
        Some(Self { known, inverted: finders[0].1.inverted, estimate: (span - 10.0) / 4.0 })
    }

    /// Grids for the versions that the timing patterns speak for, likeliest first, with their scores (−1 to 1).
    pub(crate) fn grids(&self, plane: &Plane<'_>) -> Vec<(f32, Grid)> {
        let doubt = 1.6 + self.estimate.max(0.0) * 0.12;
        let low = (self.estimate - doubt).ceil().clamp(1.0, 40.0) as usize;
        let high = (self.estimate + doubt).floor().clamp(1.0, 40.0) as usize;
        let marked = self.version_mark(plane);
        let mut grids: Vec<(f32, Grid)> = (low..=high)
            .chain(marked.filter(|number| !(low..=high).contains(number)))
            .filter_map(|number| {
                let version = Version::new(number)?;
                let perspective = Perspective::fit(&self.ties(version))?;
                let grid = Grid { version, inverted: self.inverted, perspective, bend: None };
                let stray = (number as f32 - self.estimate).abs();
                let score = grid.timing(plane) - 0.06 * stray;
                // Timing patterns fail where the paper bends, the version's own mark doesn't.
                Some((if marked == Some(number) { score.max(0.4) + 0.3 } else { score }, grid))
            })
            .collect();
        grids.sort_by(|a, b| b.0.total_cmp(&a.0));
        grids
    }

    /// The version that is written beside the upper right and lower left finder, if either says so clearly.
    fn version_mark(&self, plane: &Plane<'_>) -> Option<usize> {
        if self.estimate < 5.0 {
            return None;
        }
        let own = [(0.0, 0.0), (7.0, 0.0), (7.0, 7.0), (0.0, 7.0)].map(|(x, y)| Point { x, y });
        for anchor in self.known.iter().filter(|anchor| anchor.place != 0) {
            let turned = anchor.place == 2;
            let ties: Vec<Tie> =
                own.iter().zip(&anchor.corners).map(|(&from, &to)| Tie { from, to, weight: 1.0 }).collect();
            let Some(local) = Perspective::fit(&ties) else { continue };
            let look = |x: f32, y: f32| {
                plane.at(local.map(if turned { Point { x: y, y: x } } else { Point { x, y } }))
            };
            let (light, dark) = (look(3.5, 1.5), look(3.5, 3.5));
            let limit = (light + look(1.5, 3.5)) / 4.0 + dark / 2.0;
            let mut bits = 0u32;
            for i in 0..18u8 {
                let value = look(f32::from(i % 3) - 3.5, f32::from(i / 3) + 0.5);
                let is_dark = (value < limit) != self.inverted;
                bits |= u32::from(is_dark) << i;
            }
            let found = (7..=40).find(|&number| {
                Version::new(number).is_some_and(|version| (version_bits(version) ^ bits).count_ones() <= 2)
            });
            if found.is_some() {
                return found;
            }
        }
        None
    }

    pub(super) fn ties(&self, version: Version) -> Vec<Tie> {
        let mut ties = Vec::with_capacity(20);
        for anchor in &self.known {
            let Point { x, y } = corner_of(version, anchor.place);
            for (k, (cx, cy)) in [(0.0, 0.0), (7.0, 0.0), (7.0, 7.0), (0.0, 7.0)].into_iter().enumerate() {
                ties.push(Tie { from: Point { x: x + cx, y: y + cy }, to: anchor.corners[k], weight: 1.0 });
            }
            ties.push(Tie { from: Point { x: x + 3.5, y: y + 3.5 }, to: anchor.middle, weight: 4.0 });
        }
        ties
    }

    /// The grid again, with patterns looked for and tied in: the finder that is missing, alignment patterns. Tells how
    /// many were found.
    pub(crate) fn align(&self, grid: &Grid, plane: &Plane<'_>) -> (Grid, usize) {
        let version = grid.version;
        let mut ties = self.ties(version);
        let mut aligned = grid.clone();
        let mut count = 0;
        for place in (0..3).filter(|&place| self.known.iter().all(|anchor| anchor.place != place)) {
            let corner = corner_of(version, place);
            let from = Point { x: corner.x + 3.5, y: corner.y + 3.5 };
            let reach = 2.5 + version.side() as f32 * 0.06;
            if let Some(seen) = aligned.seek(FINDER, plane, from, reach, 0.45) {
                ties.push(Tie { from, to: aligned.map(seen), weight: 12.0 });
                if let Some(perspective) = Perspective::fit(&ties) {
                    aligned.perspective = perspective;
                    count += 1;
                }
            }
        }
        let places = version.alignments();
        let Some(&last) = places.last() else { return (aligned, count) };
        let corner = middle_of(last, last);
        let reach = 2.5 + version.side() as f32 * 0.05;
        if let Some(seen) = aligned.seek(ALIGNMENT, plane, corner, reach, 0.62) {
            ties.push(Tie { from: corner, to: aligned.map(seen), weight: 12.0 });
            if let Some(perspective) = Perspective::fit(&ties) {
                aligned.perspective = perspective;
                count += 1;
            }
        }
        if places.len() > 2 {
            count += aligned.follow_bend(plane, &places);
        }
        (aligned, count)
    }
}

/// The first module's corner of the finder in a place.
pub(super) fn corner_of(version: Version, place: usize) -> Point {
    let far = version.side() as f32 - 7.0;
    let [x, y] = [[0.0, 0.0], [far, 0.0], [0.0, far]][place];
    Point { x, y }
}

/// Names every finder's corners by the directions in which rows and columns run.
fn name<const N: usize>(finders: [(usize, &Finder); N], right: Point, down: Point) -> Option<Vec<Anchor>> {
    let area = right.x * down.y - right.y * down.x;
    if area.abs() < 1.0 {
        return None;
    }
    let axes = |p: Point| Point {
        x: (p.x * down.y - p.y * down.x) / area,
        y: (right.x * p.y - right.y * p.x) / area,
    };
    let mut known = Vec::with_capacity(N);
    for (place, finder) in finders {
        let own = finder.corners.map(|c| axes(minus(c, finder.middle)));
        let mut corners = [finder.middle; 4];
        for (k, (sx, sy)) in [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)].into_iter().enumerate() {
            let best = (0..4).max_by(|&a, &b| {
                (own[a].x * sx + own[a].y * sy).total_cmp(&(own[b].x * sx + own[b].y * sy))
            })?;
            corners[k] = finder.corners[best];
        }
        let width = |v: fn(Point) -> f32, k: [usize; 4]| {
            let c = corners.map(|c| v(axes(c)));
            ((c[k[0]] + c[k[1]]) - (c[k[2]] + c[k[3]])) / 2.0
        };
        let size = (width(|p| p.x, [1, 2, 0, 3]), width(|p| p.y, [2, 3, 0, 1]));
        known.push(Anchor { place, corners, middle: finder.middle, size });
    }
    Some(known)
}
