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
        let (all, lights) = ((self.side * self.side) as f32, (self.ring * 8) as f32);
        // A floor under the spread keeps noise low.
        let power = (squares - sum * sum / all).max(0.0) + 4.0 * all;
        (light - lights / all * sum) / (power * lights * (1.0 - lights / all)).sqrt()
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
        let looks: Vec<f32> = (0..width * width)
            .map(|i| {
                let (dx, dy) = ((i % width) as f32 / 2.0, (i / width) as f32 / 2.0);
                self.look(plane, Point { x: start.x + dx, y: start.y + dy })
            })
            .collect();
        let (mut best, mut place) = (-1.0f32, around);
        for row in 0..=2 * steps {
            for column in 0..=2 * steps {
                let values =
                    (0..side * side).map(|i| looks[(row + i / side * 2) * width + column + i % side * 2]);
                let stray = (row.abs_diff(steps) + column.abs_diff(steps)) as f32 / 2.0;
                let score = pattern.likeness(values) - 0.012 * stray;
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
