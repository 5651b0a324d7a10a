//! Squares within squares: looks for a finder or an alignment pattern near where a grid says that it lies.

use super::Grid;
use crate::Point;
use crate::plane::Plane;

/// A pattern of dark modules with one light ring.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pattern {
    side: usize,
    /// The ring's distance from the middle, in modules.
    ring: usize,
}

/// Dark rim and middle, light ring between.
pub(super) const ALIGNMENT: Pattern = Pattern { side: 5, ring: 1 };

/// The same with a middle of three by three modules.
pub(super) const FINDER: Pattern = Pattern { side: 7, ring: 2 };

impl Pattern {
    fn is_light(self, i: usize) -> bool {
        let half = self.side / 2;
        (i % self.side).abs_diff(half).max((i / self.side).abs_diff(half)) == self.ring
    }

    /// How modules correlate with the pattern, −1 to 1.
    fn likeness(self, values: impl Iterator<Item = f32>) -> f32 {
        let (mut sum, mut squares, mut light) = (0.0f32, 0.0f32, 0.0f32);
        for (i, value) in values.enumerate() {
            sum += value;
            squares += value * value;
            light += if self.is_light(i) { value } else { 0.0 };
        }
        self.correlation(sum, squares, light)
    }

    /// The same from the sums over all modules, over their squares, and over those of the ring.
    fn correlation(self, sum: f32, squares: f32, light: f32) -> f32 {
        let (all, lights) = ((self.side * self.side) as f32, (self.ring * 8) as f32);
        // A floor under the spread keeps noise low.
        let power = (squares - sum * sum / all).max(0.0) + 4.0 * all;
        (light - lights / all * sum) / (power * lights * (1.0 - lights / all)).sqrt()
    }
}

/// Looks half a module apart, and what they and their squares add up to over any square of whole modules.
struct Raster {
    width: usize,
    /// At (row + 2) · stride + column + 2: the sum over all looks above and to the left that lie whole modules away.
    sums: Vec<(f64, f64)>,
}

impl Raster {
    fn new(width: usize, look: impl Fn(usize, usize) -> f32) -> Self {
        let stride = width + 2;
        let mut sums = vec![(0.0, 0.0); stride * stride];
        for row in 0..width {
            for column in 0..width {
                let value = f64::from(look(row, column));
                let at = (row + 2) * stride + column + 2;
                let (above, left, both) = (sums[at - 2 * stride], sums[at - 2], sums[at - 2 * stride - 2]);
                sums[at] = (value + above.0 + left.0 - both.0, value * value + above.1 + left.1 - both.1);
            }
        }
        Self { width, sums }
    }

    /// Over `side` by `side` modules from a look on.
    fn square(&self, row: usize, column: usize, side: usize) -> (f32, f32) {
        let stride = self.width + 2;
        let at = row * stride + column;
        let across = 2 * side;
        let [a, b, c, d] =
            [at, at + across, at + across * stride, at + across * stride + across].map(|i| self.sums[i]);
        ((d.0 - b.0 - c.0 + a.0) as f32, (d.1 - b.1 - c.1 + a.1) as f32)
    }
}

impl Grid {
    /// Looks for a pattern around a place, up to `reach` modules away; the place where it looks most like one (`least` is
    /// the correlation it must have).
    pub(super) fn seek(
        &self,
        pattern: Pattern,
        plane: &Plane<'_>,
        around: Point,
        reach: f32,
        least: f32,
    ) -> Option<Point> {
        let (side, half) = (pattern.side, pattern.side / 2);
        let steps = (reach * 2.0).ceil() as usize;
        // Every look that any of the places needs, once: half a module apart.
        let width = 2 * steps + 4 * half + 1;
        let away = (steps + 2 * half) as f32 / 2.0;
        let start = Point { x: around.x - away, y: around.y - away };
        let looks = Raster::new(width, |row, column| {
            self.look(plane, Point { x: start.x + column as f32 / 2.0, y: start.y + row as f32 / 2.0 })
        });
        let (mut best, mut place) = (-1.0f32, around);
        for row in 0..=2 * steps {
            for column in 0..=2 * steps {
                let (sum, squares) = looks.square(row, column, side);
                let disc = |reach: usize| {
                    let off = 2 * (half - reach);
                    looks.square(row + off, column + off, 2 * reach + 1).0
                };
                let light = disc(pattern.ring) - disc(pattern.ring - 1);
                let stray = (row.abs_diff(steps) + column.abs_diff(steps)) as f32 / 2.0;
                let score = pattern.correlation(sum, squares, light) - 0.012 * stray;
                if score > best {
                    best = score;
                    let at = |start: f32, steps: usize| start + (steps + 2 * half) as f32 / 2.0;
                    place = Point { x: at(start.x, column), y: at(start.y, row) };
                }
            }
        }
        if best < least - 0.15 {
            return None;
        }
        let likeness = |p: Point| {
            let off = |i: usize| i as f32 - half as f32;
            let around = |i: usize| Point { x: p.x + off(i % side), y: p.y + off(i / side) };
            pattern.likeness((0..side * side).map(|i| self.look(plane, around(i))))
        };
        let mut best = likeness(place);
        for step in [0.25, 0.12, 0.06] {
            for _ in 0..2 {
                for (dx, dy) in [(step, 0.0), (-step, 0.0), (0.0, step), (0.0, -step)] {
                    let p = Point { x: place.x + dx, y: place.y + dy };
                    let score = likeness(p);
                    if score > best {
                        (best, place) = (score, p);
                    }
                }
            }
        }
        (best >= least).then_some(place)
    }
}
