//! The last touch to a perspective: turned until everything that every code of the version shows looks most like itself.

use super::{Grid, middle_of};
use crate::Point;
use crate::geometry::{Perspective, Tie};
use crate::plane::Plane;

impl Grid {
    /// Turns the perspective until the function patterns look most like themselves.
    pub(crate) fn polish(&mut self, plane: &Plane<'_>) {
        let side = self.version.side() as f32;
        let from = [(3.5, 3.5), (side - 3.5, 3.5), (side - 3.5, side - 3.5), (3.5, side - 3.5)]
            .map(|(x, y)| Point { x, y });
        let flat = self.unbent();
        let mut to = from.map(|p| flat.perspective.map(p));
        let module = self.module();
        let patterns = self.function_modules();
        let mut best = self.likeness(plane, &patterns);
        for step in [0.5f32, 0.25, 0.12] {
            let step = step * module;
            for corner in 0..4 {
                // The corner without a finder is known least.
                let reach = if corner == 2 { 2.0 * step } else { step };
                for (dx, dy) in [(reach, 0.0), (-reach, 0.0), (0.0, reach), (0.0, -reach)] {
                    let before = (to[corner], self.perspective);
                    to[corner] = Point { x: before.0.x + dx, y: before.0.y + dy };
                    let ties: Vec<Tie> =
                        from.iter().zip(&to).map(|(&from, &to)| Tie { from, to, weight: 1.0 }).collect();
                    let Some(perspective) = Perspective::fit(&ties) else {
                        to[corner] = before.0;
                        continue;
                    };
                    self.perspective = perspective;
                    let score = self.likeness(plane, &patterns);
                    if score > best {
                        best = score;
                    } else {
                        (to[corner], self.perspective) = before;
                    }
                }
            }
        }
    }

    /// Modules whose colour every code of this version has: (middle, dark).
    pub(crate) fn function_modules(&self) -> Vec<(Point, bool)> {
        let side = self.version.side();
        let mut modules = Vec::new();
        for (left, top) in [(0, 0), (side - 7, 0), (0, side - 7)] {
            for i in 0..49usize {
                let (x, y) = (i % 7, i / 7);
                let ring = x.abs_diff(3).max(y.abs_diff(3));
                modules.push((middle_of(left + x, top + y), ring != 2));
            }
        }
        for i in 7..side - 7 {
            modules.push((middle_of(i, 6), i % 2 == 0));
            modules.push((middle_of(6, i), i % 2 == 0));
        }
        for (x, y) in self.version.alignment_middles() {
            for i in 0..25usize {
                let (dx, dy) = (i % 5, i / 5);
                let ring = dx.abs_diff(2).max(dy.abs_diff(2));
                modules.push((middle_of(x + dx - 2, y + dy - 2), ring != 1));
            }
        }
        modules
    }

    fn likeness(&self, plane: &Plane<'_>, patterns: &[(Point, bool)]) -> f32 {
        let sums = patterns.iter().fold((0.0f32, 0.0f32, 0.0f32), |sums, &(p, dark)| {
            let value = self.look(plane, p);
            if dark { (sums.0 + value, sums.1, sums.2 + 1.0) } else { (sums.0, sums.1 + value, sums.2) }
        });
        let lights = patterns.len() as f32 - sums.2;
        sums.1 / lights.max(1.0) - sums.0 / sums.2.max(1.0)
    }
}
