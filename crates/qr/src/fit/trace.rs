//! Strongly bent paper: the timing patterns are followed from finder to finder along curves, module by module, and a smooth
//! bend is laid through all that is known then. The count of their modules says the version, whatever sizes say.

use super::anchors::Anchors;
use super::bend::Bend;
use super::seek::ALIGNMENT;
use super::{Grid, middle_of, minus};
use crate::Point;
use crate::geometry::{Perspective, Tie, eliminate};
use crate::plane::Plane;
use crate::symbol::Version;

/// Terms of a polynomial of the third degree in two variables.
const TERMS: usize = 10;

/// How much the terms are held back: none of what perspective makes, more for what only a small part of the code shows.
const RIDGE: [f64; TERMS] = [0.0, 0.0, 0.0, 1e-5, 1e-5, 1e-5, 3e-4, 1e-3, 1e-3, 3e-4];

/// The edges between the modules of one timing pattern, from finder to finder, in the frame.
type Edges = Vec<Point>;

impl Anchors {
    /// A grid over bent paper; `None` unless three finders are known and the timing patterns between them can be counted.
    pub(crate) fn traced(&self, plane: &Plane<'_>) -> Option<Grid> {
        let (across, down) = (self.trace(plane, false), self.trace(plane, true));
        let count = |edges: &Option<Edges>| edges.as_ref().map(Vec::len);
        let edges = match (count(&across), count(&down)) {
            (Some(a), Some(b)) if a != b => return None,
            (Some(a), _) | (None, Some(a)) => a,
            (None, None) => return None,
        };
        let version = Version::new(edges / 4 - 1)?;
        let mut ties = self.ties(version);
        for (edges, turned) in [(across, false), (down, true)] {
            for (i, to) in edges.into_iter().flatten().enumerate() {
                let (x, y) = ((7 + i) as f32, 6.5);
                let from = if turned { Point { x: y, y: x } } else { Point { x, y } };
                ties.push(Tie { from, to, weight: 1.0 });
            }
        }
        let mut grid = smooth(version, self.inverted, &ties)?;
        // Alignment patterns from near to far, each with the bend that those before it gave.
        let mut middles = version.alignment_middles();
        middles.sort_by_key(|&(x, y)| x + y);
        for (n, &(x, y)) in middles.iter().enumerate() {
            let from = middle_of(x, y);
            let reach = 1.5 + 0.06 * (x.min(y) as f32);
            if let Some(seen) = grid.seek(ALIGNMENT, plane, from, reach, 0.6) {
                ties.push(Tie { from, to: grid.map(seen), weight: 4.0 });
                if n < 4 || n + 1 == middles.len() {
                    grid = smooth(version, self.inverted, &ties)?;
                }
            }
        }
        Some(grid)
    }

    /// Follows the timing pattern between the upper left finder and the one beside it, or (`turned`) below it.
    fn trace(&self, plane: &Plane<'_>, turned: bool) -> Option<Edges> {
        let at = |place: usize| self.known.iter().find(|anchor| anchor.place == place);
        let (near, far) = (at(0)?, at(if turned { 2 } else { 1 })?);
        // Corners as if the arm ran to the right: outer and inner line, from the near end of each finder to the far one.
        let order = if turned { [0, 3, 1, 2] } else { [0, 1, 3, 2] };
        let ends =
            |k: [usize; 2]| [near.corners[k[0]], near.corners[k[1]], far.corners[k[0]], far.corners[k[1]]];
        let (outer, inner) = (ends([order[0], order[1]]), ends([order[2], order[3]]));
        let span = (self.estimate * 4.0 + 10.0).clamp(13.0, 172.0);
        let knots = [0.0, 7.0, span, span + 7.0];
        let place = |x: f32| {
            let (a, b) = (through(&knots, &outer, x), through(&knots, &inner, x));
            let share = 6.5 / 7.0;
            Point { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share }
        };
        const FINE: usize = 8;
        let first = 4.5;
        let steps = ((span + 7.0 - 2.0 * first) * FINE as f32) as usize;
        let at = |i: usize| place(first + i as f32 / FINE as f32);
        let sign = if self.inverted { -1.0 } else { 1.0 };
        let values: Vec<f32> = (0..=steps).map(|i| sign * plane.at(at(i))).collect();
        let mut edges = Vec::new();
        let mut dark = true;
        let limit = |i: usize| {
            let window = &values[i.saturating_sub(FINE * 3 / 2)..(i + FINE * 3 / 2 + 1).min(values.len())];
            let (low, high) = window.iter().fold((f32::MAX, f32::MIN), |(l, h), &v| (l.min(v), h.max(v)));
            ((low + high) / 2.0, high - low)
        };
        for i in 1..values.len() {
            let (limit, range) = limit(i);
            // Noise makes no edge: some way beyond the limit, then back to where it was crossed.
            let over = (values[i] - limit) * if dark { 1.0 } else { -1.0 };
            if range < 12.0 || over < 0.12 * range {
                continue;
            }
            let mut back = i;
            while back > 1 && (values[back - 1] - limit) * if dark { 1.0 } else { -1.0 } > 0.0 {
                back -= 1;
            }
            let (before, after) = (values[back - 1] - limit, values[back] - limit);
            let share = if (after - before).abs() > 1e-3 { -before / (after - before) } else { 0.5 };
            edges.push(place(first + (back as f32 - 1.0 + share.clamp(0.0, 1.0)) / FINE as f32));
            dark = !dark;
        }
        if !(edges.len().is_multiple_of(4) && (8..=164).contains(&edges.len())) {
            return None;
        }
        // Modules don't differ that much from one to the next.
        let widths: Vec<f32> = edges.windows(2).map(|pair| pair[0].distance(pair[1])).collect();
        let even = widths.windows(2).filter(|w| w[0].max(w[1]) < 2.2 * w[0].min(w[1])).count();
        (even + widths.len() / 8 >= widths.len() - 1).then_some(edges)
    }
}

/// The cubic through four points.
fn through(knots: &[f32; 4], points: &[Point; 4], x: f32) -> Point {
    let mut sum = Point { x: 0.0, y: 0.0 };
    for i in 0..4 {
        let weight: f32 =
            (0..4).filter(|&j| j != i).map(|j| (x - knots[j]) / (knots[i] - knots[j])).product();
        sum = Point { x: sum.x + weight * points[i].x, y: sum.y + weight * points[i].y };
    }
    sum
}

/// The smooth bend that brings the ties closest together: an affine map, and in modules of it a polynomial.
fn smooth(version: Version, inverted: bool, ties: &[Tie]) -> Option<Grid> {
    let side = version.side();
    let terms = |p: Point| {
        let (u, v) = (f64::from(p.x) / side as f64, f64::from(p.y) / side as f64);
        [1.0, u, v, u * u, u * v, v * v, u * u * u, u * u * v, u * v * v, v * v * v]
    };
    let mut affine = [[0.0f64; 5]; 3];
    for tie in ties {
        let row =
            [1.0, f64::from(tie.from.x), f64::from(tie.from.y), f64::from(tie.to.x), f64::from(tie.to.y)];
        for i in 0..3 {
            for j in 0..5 {
                affine[i][j] += f64::from(tie.weight) * row[i] * row[j];
            }
        }
    }
    eliminate(&mut affine)?;
    let [[.., x0, y0], [.., ax, ay], [.., bx, by]] = affine.map(|line| line.map(|v| v as f32));
    let perspective = Perspective([ax, bx, x0, ay, by, y0, 0.0, 0.0]);
    let area = ax * by - bx * ay;
    if area.abs() < 1e-3 {
        return None;
    }
    let modules = |p: Point| {
        let way = minus(p, Point { x: x0, y: y0 });
        Point { x: (way.x * by - way.y * bx) / area, y: (ax * way.y - ay * way.x) / area }
    };
    let mut a = [[0.0f64; TERMS + 2]; TERMS];
    for tie in ties {
        let moved = minus(modules(tie.to), tie.from);
        let row = terms(tie.from);
        for i in 0..TERMS {
            for j in 0..TERMS {
                a[i][j] += f64::from(tie.weight) * row[i] * row[j];
            }
            a[i][TERMS] += f64::from(tie.weight) * row[i] * f64::from(moved.x);
            a[i][TERMS + 1] += f64::from(tie.weight) * row[i] * f64::from(moved.y);
        }
    }
    for (i, ridge) in RIDGE.iter().enumerate() {
        a[i][i] += ridge + 1e-9;
    }
    eliminate(&mut a)?;
    let bend = Bend::new(side, |p| {
        let row = terms(p);
        let sum = |column: usize| (0..TERMS).map(|i| row[i] * a[i][column]).sum::<f64>() as f32;
        Point { x: sum(TERMS), y: sum(TERMS + 1) }
    });
    Some(Grid { version, inverted, perspective, bend: Some(bend) })
}
