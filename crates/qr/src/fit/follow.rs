//! A grid carried from frame to frame: moved to where what is known of its code looks most like itself.

use super::{Grid, middle_of};
use crate::Point;
use crate::geometry::{Perspective, Tie};
use crate::plane::Plane;
use crate::symbol::Version;

/// Modules that a coarse search looks at, and that a fine one does.
const COARSE: usize = 240;
const FINE: usize = 700;

/// Modules of which it is known whether they are dark.
#[derive(Debug, Clone)]
pub(crate) struct Marks {
    /// Middles, in modules, and 1 for dark, −1 for light; in no particular order, so that the first few are spread out.
    modules: Vec<(Point, f32)>,
}

impl Marks {
    /// The surest of `signs` (row by row, above 0 dark), spread over the code.
    pub(crate) fn of(version: Version, signs: &[f32], least: f32) -> Self {
        let side = version.side();
        let count = side * side;
        // A stride without a common divisor visits every module once, far from the one before.
        let stride = (count * 5 / 8..).find(|&stride| gcd(stride, count) == 1).unwrap_or(1);
        let order = (0..count).map(|i| i * stride % count);
        let sure = order.filter(|&i| signs[i].abs() >= least);
        let modules = sure.map(|i| (middle_of(i % side, i / side), signs[i].signum())).take(FINE).collect();
        Self { modules }
    }
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

impl Grid {
    /// The grid after its four corners went somewhere; its bend goes with it.
    pub(crate) fn carried(&self, way: impl Fn(Point) -> Point) -> Option<Self> {
        let side = self.version.side() as f32;
        let ties: Vec<Tie> = [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side)]
            .into_iter()
            .map(|(x, y)| {
                let from = Point { x, y };
                Tie { from, to: way(self.perspective.map(from)), weight: 1.0 }
            })
            .collect();
        Some(Self { perspective: Perspective::fit(&ties)?, ..self.clone() })
    }

    /// Looks for the code within `reach` modules of where the grid is, in all directions, and moves the grid there.
    /// Returns how well the marks stand out there, −1 to 1.
    pub(crate) fn chase(&mut self, plane: &Plane<'_>, marks: &Marks, reach: f32) -> f32 {
        let known: Vec<(Point, f32)> =
            marks.modules.iter().take(COARSE).map(|&(at, sign)| (self.map(at), sign)).collect();
        let module = self.module();
        let mut looks = Vec::with_capacity(known.len());
        // A step is wider than a pixel: the nearest one will do.
        let mut score =
            |dx: f32, dy: f32| {
                looks.clear();
                looks.extend(known.iter().map(|(at, sign)| {
                    (f32::from(plane.nearest(Point { x: at.x + dx, y: at.y + dy })), *sign)
                }));
                correlation(&looks)
            };
        let turned = if self.inverted { -1.0 } else { 1.0 };
        let steps = (reach / 0.7).ceil() as i32;
        let (mut best, mut place) = (f32::MIN, (0.0, 0.0));
        for row in -steps..=steps {
            for column in -steps..=steps {
                let (dx, dy) = (column as f32 * 0.7 * module, row as f32 * 0.7 * module);
                let score = turned * score(dx, dy);
                if score > best {
                    (best, place) = (score, (dx, dy));
                }
            }
        }
        for step in [0.35 * module, 0.18 * module] {
            let centre = place;
            for (x, y) in [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)] {
                let (dx, dy) = (centre.0 + x * step, centre.1 + y * step);
                let score = turned * score(dx, dy);
                if score > best {
                    (best, place) = (score, (dx, dy));
                }
            }
        }
        if let Some(moved) = self.carried(|p| Point { x: p.x + place.0, y: p.y + place.1 }) {
            *self = moved;
        }
        best
    }

    /// Turns the perspective until the marks stand out most; returns how well they do, −1 to 1.
    pub(crate) fn hold(&mut self, plane: &Plane<'_>, marks: &Marks) -> f32 {
        let side = self.version.side() as f32;
        let from = [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side)].map(|(x, y)| Point { x, y });
        let mut to = from.map(|p| self.perspective.map(p));
        let module = self.module();
        let mut looks = Vec::with_capacity(marks.modules.len());
        let mut best = self.standing(plane, marks, &mut looks);
        for step in [0.6f32, 0.3, 0.15] {
            let step = step * module;
            for corner in 0..4 {
                for (dx, dy) in [(step, 0.0), (-step, 0.0), (0.0, step), (0.0, -step)] {
                    let before = (to[corner], self.perspective);
                    to[corner] = Point { x: before.0.x + dx, y: before.0.y + dy };
                    let ties: Vec<Tie> =
                        from.iter().zip(&to).map(|(&from, &to)| Tie { from, to, weight: 1.0 }).collect();
                    let Some(perspective) = Perspective::fit(&ties) else {
                        to[corner] = before.0;
                        continue;
                    };
                    self.perspective = perspective;
                    let score = self.standing(plane, marks, &mut looks);
                    if score > best {
                        best = score;
                    } else {
                        (to[corner], self.perspective) = before;
                    }
                }
            }
        }
        best
    }

    /// How much the patterns that every code has look like themselves, −1 to 1.
    pub(crate) fn likeness_to_code(&self, plane: &Plane<'_>) -> f32 {
        let look = |(at, dark)| (self.look(plane, at), if dark { 1.0 } else { -1.0 });
        let looks: Vec<(f32, f32)> = self.function_modules().into_iter().map(look).collect();
        correlation(&looks)
    }

    /// The brightness of every module, row by row, each the mean of four places in it; light is always high.
    pub(crate) fn sample_softly(&self, plane: &Plane<'_>) -> Vec<f32> {
        let side = self.version.side();
        let spots = [(-0.2, -0.2), (0.2, -0.2), (-0.2, 0.2), (0.2, 0.2)];
        (0..side * side)
            .map(|i| {
                let middle = middle_of(i % side, i / side);
                let look = |(dx, dy)| self.look(plane, Point { x: middle.x + dx, y: middle.y + dy });
                spots.into_iter().map(look).sum::<f32>() / 4.0
            })
            .collect()
    }

    fn standing(&self, plane: &Plane<'_>, marks: &Marks, looks: &mut Vec<(f32, f32)>) -> f32 {
        looks.clear();
        looks.extend(marks.modules.iter().map(|&(at, sign)| (self.look(plane, at), sign)));
        correlation(looks)
    }
}

/// How brightness goes with what is known (1 dark, −1 light), −1 to 1. A floor under the spread keeps noise low.
fn correlation(looks: &[(f32, f32)]) -> f32 {
    let n = looks.len().max(1) as f32;
    let (mut sum, mut signs, mut squares, mut product) = (0.0f32, 0.0f32, 0.0f32, 0.0f32);
    for &(value, sign) in looks {
        sum += value;
        signs += sign;
        squares += value * value;
        product += value * sign;
    }
    let spread = (squares / n - (sum / n) * (sum / n)).max(0.0) + 9.0;
    let signs_spread = 1.0 - (signs / n) * (signs / n);
    -(product / n - sum / n * (signs / n)) / (spread * signs_spread.max(0.05)).sqrt()
}
