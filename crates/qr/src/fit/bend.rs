//! Paper that isn't flat: the moves of a grid's modules, from alignment patterns and from what the modules themselves look
//! like. It knows nothing of how a code was found.

use super::seek::ALIGNMENT;
use super::{Grid, middle_of, minus};
use crate::Point;
use crate::plane::Plane;

/// Alignment patterns that are looked for in vain before the others are given up.
const SOUGHT_IN_VAIN: usize = 6;

/// Moves, in modules, at places of an even lattice over the code; bilinear between them.
#[derive(Debug, Clone)]
pub(super) struct Bend {
    /// Modules between places, and places along a side.
    step: f32,
    n: usize,
    moves: Vec<Point>,
}

impl Bend {
    /// Samples moves about every other module.
    pub(super) fn new(side: usize, at: impl Fn(Point) -> Point) -> Self {
        let n = side / 2 + 2;
        let step = side as f32 / (n - 1) as f32;
        let place = |i: usize| Point { x: (i % n) as f32 * step, y: (i / n) as f32 * step };
        Self { step, n, moves: (0..n * n).map(|i| at(place(i))).collect() }
    }

    pub(super) fn at(&self, p: Point) -> Point {
        let cell = |v: f32| {
            let v = v / self.step;
            let cell = (v.max(0.0) as usize).min(self.n - 2);
            (cell, (v - cell as f32).clamp(-0.3, 1.3))
        };
        let ((column, fx), (row, fy)) = (cell(p.x), cell(p.y));
        let upper = &self.moves[row * self.n + column..][..2];
        let lower = &self.moves[(row + 1) * self.n + column..][..2];
        let mix = |a: f32, b: f32, c: f32, d: f32| {
            let (upper, lower) = (a + (b - a) * fx, c + (d - c) * fx);
            upper + (lower - upper) * fy
        };
        Point {
            x: mix(upper[0].x, upper[1].x, lower[0].x, lower[1].x),
            y: mix(upper[0].y, upper[1].y, lower[0].y, lower[1].y),
        }
    }
}

/// The same on a lattice of stops at any distance, as it is being found.
struct Lattice {
    stops: Vec<f32>,
    moves: Vec<Point>,
}

impl Lattice {
    fn at(&self, p: Point) -> Point {
        let last = self.stops.len() - 2;
        let cell = |v: f32| {
            let cell = self.stops[1..=last].partition_point(|&stop| v >= stop);
            let share = (v - self.stops[cell]) / (self.stops[cell + 1] - self.stops[cell]);
            (cell, share.clamp(-0.5, 1.5))
        };
        let ((column, fx), (row, fy)) = (cell(p.x), cell(p.y));
        let corner = |dx: usize, dy: usize| self.moves[(row + dy) * self.stops.len() + column + dx];
        let mix = |v: fn(Point) -> f32| {
            let upper = v(corner(0, 0)) * (1.0 - fx) + v(corner(1, 0)) * fx;
            let lower = v(corner(0, 1)) * (1.0 - fx) + v(corner(1, 1)) * fx;
            upper * (1.0 - fy) + lower * fy
        };
        Point { x: mix(|p| p.x), y: mix(|p| p.y) }
    }
}

impl Grid {
    /// Bends the grid so that it meets every alignment pattern that can be found, from the finders outwards.
    pub(super) fn follow_bend(&mut self, plane: &Plane<'_>, places: &[usize]) -> usize {
        let n = places.len();
        let mut moves: Vec<Option<Point>> = vec![None; n * n];
        for known in [0, n - 1, n * (n - 1)] {
            moves[known] = Some(Point { x: 0.0, y: 0.0 });
        }
        let mut order: Vec<(usize, usize)> = (0..n * n).map(|i| (i % n, i / n)).collect();
        order.sort_by_key(|&(x, y)| x + y);
        let (mut found, mut sought) = (0, 0);
        for (x, y) in order {
            if moves[y * n + x].is_some() {
                continue;
            }
            // What shows none of those nearest to its finders is no code, or none that these would help.
            if sought == SOUGHT_IN_VAIN && found == 0 {
                return 0;
            }
            sought += 1;
            let guess = neighbourhood(&moves, n, x, y);
            let at = middle_of(places[x], places[y]);
            let around = Point { x: at.x + guess.x, y: at.y + guess.y };
            if let Some(seen) = self.seek(ALIGNMENT, plane, around, 3.0, 0.6) {
                moves[y * n + x] = Some(minus(seen, at));
                found += 1;
            }
        }
        let filled =
            (0..n * n).map(|i| moves[i].unwrap_or_else(|| neighbourhood(&moves, n, i % n, i / n))).collect();
        self.add(&Lattice { stops: places.iter().map(|&p| p as f32 + 0.5).collect(), moves: filled });
        found
    }

    /// Moves the grid by what a lattice says, on top of the bend that it has.
    fn add(&mut self, lattice: &Lattice) {
        let bend = Bend::new(self.version.side(), |p| {
            let more = lattice.at(p);
            let p = Point { x: p.x + more.x, y: p.y + more.y };
            let before = self.bend.as_ref().map_or(Point { x: 0.0, y: 0.0 }, |bend| bend.at(p));
            Point { x: more.x + before.x, y: more.y + before.y }
        });
        self.bend = Some(bend);
    }

    /// Bends the grid to where its modules stand out best from each other: paper that isn't flat.
    ///
    /// Patches are moved one after another from the finders outwards, each starting from where its neighbours went, so
    /// that a bend may grow to many modules. The cost is about 120 looks at every module.
    pub(crate) fn settle(&mut self, plane: &Plane<'_>) {
        let side = self.version.side();
        let parts = ((side - 7) / 5).clamp(2, 14);
        let n = parts + 1;
        let stops: Vec<f32> = (0..n).map(|i| 3.5 + (side as f32 - 7.0) * i as f32 / parts as f32).collect();
        let mut moves: Vec<Option<Point>> = vec![None; n * n];
        for known in [0, n - 1, n * (n - 1)] {
            moves[known] = Some(Point { x: 0.0, y: 0.0 });
        }
        let mut order: Vec<usize> = (0..n * n).filter(|&i| moves[i].is_none()).collect();
        let steps_away = |i: usize| {
            let (x, y) = (i % n, i / n);
            (x * x + y * y).min((n - 1 - x).pow(2) + y * y).min(x * x + (n - 1 - y).pow(2))
        };
        order.sort_by_key(|&i| steps_away(i));
        for node in order {
            let guess = neighbourhood(&moves, n, node % n, node / n);
            let place = Point { x: stops[node % n], y: stops[node / n] };
            moves[node] = Some(self.settle_patch(plane, place, guess));
        }
        let moves = moves.into_iter().map(|moved| moved.unwrap_or(Point { x: 0.0, y: 0.0 })).collect();
        self.add(&Lattice { stops, moves });
    }

    /// The move near `start` at which the modules around a place differ most.
    fn settle_patch(&self, plane: &Plane<'_>, around: Point, start: Point) -> Point {
        const REACH: f32 = 3.0;
        let side = self.version.side() as f32;
        let clip = |v: f32| v.floor().clamp(0.0, side - 1.0) as usize;
        let (left, right) = (clip(around.x - REACH), clip(around.x + REACH));
        let (top, bottom) = (clip(around.y - REACH), clip(around.y + REACH));
        // Within a patch a small move is the same way in the frame for every module. Inverted codes have the same contrast.
        let moved_by = |p: Point, by: Point| self.map(Point { x: p.x + by.x, y: p.y + by.y });
        let middle = moved_by(around, start);
        let right_by = minus(moved_by(around, Point { x: start.x + 1.0, ..start }), middle);
        let down_by = minus(moved_by(around, Point { y: start.y + 1.0, ..start }), middle);
        let places: Vec<Point> = (top..=bottom)
            .flat_map(|y| (left..=right).map(move |x| middle_of(x, y)))
            .map(|at| moved_by(at, start))
            .collect();
        let mut values = Vec::with_capacity(places.len());
        let mut contrast = |moved: Point| {
            let by = minus(moved, start);
            let (x, y) = (right_by.x * by.x + down_by.x * by.y, right_by.y * by.x + down_by.y * by.y);
            values.clear();
            values.extend(places.iter().map(|p| plane.at(Point { x: p.x + x, y: p.y + y })));
            let mean = values.iter().sum::<f32>() / values.len() as f32;
            values.iter().map(|value| (value - mean).abs()).sum::<f32>()
        };
        let mut best = contrast(start) * 1.01;
        let mut place = start;
        for (step, rounds) in [(0.3f32, 2), (0.15, 1)] {
            for _ in 0..rounds {
                let centre = place;
                for (dx, dy) in [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1)]
                    .map(|(x, y)| (x as f32 * step, y as f32 * step))
                {
                    let moved = Point { x: centre.x + dx, y: centre.y + dy };
                    let score = contrast(moved);
                    if score > best {
                        (best, place) = (score, moved);
                    }
                }
                if place == centre {
                    break;
                }
            }
        }
        place
    }
}

/// The mean move of the nearest known neighbours, continued where two lie in a row.
fn neighbourhood(moves: &[Option<Point>], n: usize, x: usize, y: usize) -> Point {
    let at = |dx: isize, dy: isize| {
        let (x, y) = (x.checked_add_signed(dx)?, y.checked_add_signed(dy)?);
        if x < n && y < n { moves[y * n + x] } else { None }
    };
    let mut sum = (0.0, 0.0, 1e-6f32);
    for dy in -1..=1isize {
        for dx in -1..=1isize {
            let Some(near) = at(dx, dy) else { continue };
            let straight = if dx == 0 || dy == 0 { 1.0 } else { 0.5 };
            let (next, weight) = match at(2 * dx, 2 * dy) {
                Some(far) => {
                    let on = |near: f32, far: f32| near + 0.8 * (near - far);
                    (Point { x: on(near.x, far.x), y: on(near.y, far.y) }, straight)
                }
                None => (near, 0.4 * straight),
            };
            sum = (sum.0 + weight * next.x, sum.1 + weight * next.y, sum.2 + weight);
        }
    }
    Point { x: sum.0 / sum.2, y: sum.1 / sum.2 }
}
