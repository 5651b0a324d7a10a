//! Where every module of a code lies: version and perspective from three finders, alignment patterns, and the bend of
//! the paper from what the modules themselves look like.

use crate::Point;
use crate::finders::Finder;
use crate::geometry::{Perspective, Tie};
use crate::plane::Plane;
use crate::symbol::{Version, version_bits};

/// A code's grid: module coordinates (0 to the side, whole numbers at the edges between modules) to pixels.
#[derive(Debug, Clone)]
pub(crate) struct Grid {
    pub(crate) version: Version,
    pub(crate) inverted: bool,
    perspective: Perspective,
    bend: Option<Bend>,
}

/// Moves, in modules, on a lattice of stops; bilinear between them.
#[derive(Debug, Clone)]
struct Bend {
    stops: Vec<f32>,
    moves: Vec<Point>,
}

impl Bend {
    fn cell(&self, v: f32) -> (usize, f32) {
        let last = self.stops.len() - 2;
        let cell = self.stops[1..=last].iter().filter(|&&stop| v >= stop).count();
        let share = (v - self.stops[cell]) / (self.stops[cell + 1] - self.stops[cell]);
        (cell, share.clamp(-0.3, 1.3))
    }

    fn at(&self, p: Point) -> Point {
        let ((column, fx), (row, fy)) = (self.cell(p.x), self.cell(p.y));
        let n = self.stops.len();
        let corner = |dx: usize, dy: usize| self.moves[(row + dy) * n + column + dx];
        let mix = |v: fn(Point) -> f32| {
            let upper = v(corner(0, 0)) * (1.0 - fx) + v(corner(1, 0)) * fx;
            let lower = v(corner(0, 1)) * (1.0 - fx) + v(corner(1, 1)) * fx;
            upper * (1.0 - fy) + lower * fy
        };
        Point { x: mix(|p| p.x), y: mix(|p| p.y) }
    }
}

/// Three finders whose corners are known by name, and the versions they may belong to.
pub(crate) struct Frame3<'a> {
    finders: [&'a Finder; 3],
    corners: [[Point; 4]; 3],
    /// The version their distance suggests, not rounded.
    estimate: f32,
}

impl<'a> Frame3<'a> {
    /// Upper left, upper right, lower left.
    pub(crate) fn new(finders: [&'a Finder; 3]) -> Option<Self> {
        let origin = finders[0].middle;
        let (right, down) = (minus(finders[1].middle, origin), minus(finders[2].middle, origin));
        let area = right.x * down.y - right.y * down.x;
        if area.abs() < 1.0 {
            return None;
        }
        // Shares of the two arms: the code's own axes.
        let axes = |p: Point| Point {
            x: (p.x * down.y - p.y * down.x) / area,
            y: (right.x * p.y - right.y * p.x) / area,
        };
        let mut corners = [[origin; 4]; 3];
        let (mut across, mut along) = ([0.0f32; 3], [0.0f32; 3]);
        for (i, finder) in finders.iter().enumerate() {
            let own = finder.corners.map(|c| axes(minus(c, finder.middle)));
            for (k, (sx, sy)) in [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)].into_iter().enumerate()
            {
                let best = (0..4).max_by(|&a, &b| {
                    (own[a].x * sx + own[a].y * sy).total_cmp(&(own[b].x * sx + own[b].y * sy))
                })?;
                corners[i][k] = finder.corners[best];
            }
            let width = |v: fn(Point) -> f32, k: [usize; 4]| {
                let c = corners[i].map(|c| v(axes(c)));
                ((c[k[0]] + c[k[1]]) - (c[k[2]] + c[k[3]])) / 2.0
            };
            across[i] = width(|p| p.x, [1, 2, 0, 3]);
            along[i] = width(|p| p.y, [2, 3, 0, 1]);
        }
        // A finder is 7 modules wide; the arm between two of them holds side − 7. Perspective makes the near one larger.
        let spans =
            [7.0 / (across[0] * across[1]).max(1e-6).sqrt(), 7.0 / (along[0] * along[2]).max(1e-6).sqrt()];
        let estimate = ((spans[0] + spans[1]) / 2.0 - 10.0) / 4.0;
        Some(Self { finders, corners, estimate })
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
                let grid = Grid { version, inverted: self.finders[0].inverted, perspective, bend: None };
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
        for (finder, turned) in [(1, false), (2, true)] {
            let ties: Vec<Tie> = own
                .iter()
                .zip(&self.corners[finder])
                .map(|(&from, &to)| Tie { from, to, weight: 1.0 })
                .collect();
            let Some(local) = Perspective::fit(&ties) else { continue };
            let look = |x: f32, y: f32| {
                plane.at(local.map(if turned { Point { x: y, y: x } } else { Point { x, y } }))
            };
            let (light, dark) = (look(3.5, 1.5), look(3.5, 3.5));
            let limit = (light + look(1.5, 3.5)) / 4.0 + dark / 2.0;
            let mut bits = 0u32;
            for i in 0..18u8 {
                let value = look(f32::from(i % 3) - 3.5, f32::from(i / 3) + 0.5);
                let is_dark = (value < limit) != self.finders[0].inverted;
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

    fn ties(&self, version: Version) -> Vec<Tie> {
        let far = version.side() as f32 - 7.0;
        let mut ties = Vec::with_capacity(20);
        for (i, (x, y)) in [(0.0, 0.0), (far, 0.0), (0.0, far)].into_iter().enumerate() {
            for (k, (cx, cy)) in [(0.0, 0.0), (7.0, 0.0), (7.0, 7.0), (0.0, 7.0)].into_iter().enumerate() {
                ties.push(Tie { from: Point { x: x + cx, y: y + cy }, to: self.corners[i][k], weight: 1.0 });
            }
            let from = Point { x: x + 3.5, y: y + 3.5 };
            ties.push(Tie { from, to: self.finders[i].middle, weight: 4.0 });
        }
        ties
    }

    /// The grid again, with alignment patterns looked for and tied in. Tells how many were found.
    pub(crate) fn align(&self, grid: &Grid, plane: &Plane<'_>) -> (Grid, usize) {
        let version = grid.version;
        let Some(&last) = version.alignments().last() else { return (grid.clone(), 0) };
        let mut ties = self.ties(version);
        let mut aligned = grid.clone();
        let corner = middle_of(last, last);
        let reach = 2.5 + version.side() as f32 * 0.05;
        let mut count = 0;
        if let Some(seen) = grid.alignment(plane, corner, reach, 0.62) {
            ties.push(Tie { from: corner, to: grid.map(seen), weight: 12.0 });
            if let Some(perspective) = Perspective::fit(&ties) {
                aligned.perspective = perspective;
                count += 1;
            }
        }
        let places = version.alignments();
        if places.len() > 2 {
            count += aligned.follow_bend(plane, &places);
        }
        (aligned, count)
    }
}

impl Grid {
    pub(crate) fn map(&self, p: Point) -> Point {
        match &self.bend {
            None => self.perspective.map(p),
            Some(bend) => {
                let moved = bend.at(p);
                self.perspective.map(Point { x: p.x + moved.x, y: p.y + moved.y })
            }
        }
    }

    /// The code's outer corners in the frame: upper left, upper right, lower right, lower left.
    pub(crate) fn corners(&self) -> [Point; 4] {
        let side = self.version.side() as f32;
        [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side)].map(|(x, y)| self.map(Point { x, y }))
    }

    /// The width of a module in pixels, in the middle of the code.
    pub(crate) fn module(&self) -> f32 {
        let half = self.version.side() as f32 / 2.0;
        let from = self.map(Point { x: half, y: half });
        let across = from.distance(self.map(Point { x: half + 1.0, y: half }));
        let down = from.distance(self.map(Point { x: half, y: half + 1.0 }));
        (across * down).sqrt()
    }

    /// Brightness at a place of the grid; light is always high.
    fn look(&self, plane: &Plane<'_>, p: Point) -> f32 {
        let value = plane.at(self.map(p));
        if self.inverted { 255.0 - value } else { value }
    }

    /// How well both timing patterns alternate, −1 to 1.
    fn timing(&self, plane: &Plane<'_>) -> f32 {
        let side = self.version.side();
        let mut worst = f32::MAX;
        let mut sum = 0.0;
        for level in [true, false] {
            let (mut agree, mut all) = (0.0f32, 1e-3f32);
            let mut values = (7..side - 7).map(|i| {
                let p = if level { middle_of(i, 6) } else { middle_of(6, i) };
                self.look(plane, p)
            });
            let mut before = [values.next().unwrap_or(0.0), values.next().unwrap_or(0.0)];
            for (i, value) in (8..).zip(values) {
                let over = before[1] - (before[0] + value) / 2.0;
                agree += if i % 2 == 0 { -over } else { over };
                all += over.abs();
                before = [before[1], value];
            }
            worst = worst.min(agree / all);
            sum += agree / all;
        }
        (sum + worst) / 3.0
    }

    /// Looks for an alignment pattern around a place, up to `reach` modules away; the place where it looks most like
    /// one (`least` is the correlation it must have).
    fn alignment(&self, plane: &Plane<'_>, around: Point, reach: f32, least: f32) -> Option<Point> {
        let steps = (reach * 2.0).ceil() as usize;
        // Every look that any of the places needs, once: half a module apart, a pattern reaching two modules.
        let width = 2 * steps + 9;
        let start = Point { x: around.x - (steps + 4) as f32 / 2.0, y: around.y - (steps + 4) as f32 / 2.0 };
        let looks: Vec<f32> = (0..width * width)
            .map(|i| {
                let (dx, dy) = ((i % width) as f32 / 2.0, (i / width) as f32 / 2.0);
                self.look(plane, Point { x: start.x + dx, y: start.y + dy })
            })
            .collect();
        let (mut best, mut place) = (-1.0f32, around);
        for row in 0..=2 * steps {
            for column in 0..=2 * steps {
                let values = std::array::from_fn(|i| looks[(row + i / 5 * 2) * width + column + i % 5 * 2]);
                let stray = (row.abs_diff(steps) + column.abs_diff(steps)) as f32 / 2.0;
                let score = likeness_to_alignment(&values) - 0.012 * stray;
                if score > best {
                    best = score;
                    place =
                        Point { x: start.x + (column + 4) as f32 / 2.0, y: start.y + (row + 4) as f32 / 2.0 };
                }
            }
        }
        if best < least - 0.15 {
            return None;
        }
        let likeness = |p: Point| {
            let around = |i: usize| Point { x: p.x + (i % 5) as f32 - 2.0, y: p.y + (i / 5) as f32 - 2.0 };
            likeness_to_alignment(&std::array::from_fn(|i| self.look(plane, around(i))))
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

    /// Bends the grid so that it meets every alignment pattern that can be found, from the finders outwards.
    fn follow_bend(&mut self, plane: &Plane<'_>, places: &[usize]) -> usize {
        let n = places.len();
        let flat = self.unbent();
        let mut moves: Vec<Option<Point>> = vec![None; n * n];
        for known in [0, n - 1, n * (n - 1)] {
            moves[known] = Some(Point { x: 0.0, y: 0.0 });
        }
        let mut order: Vec<(usize, usize)> = (0..n * n).map(|i| (i % n, i / n)).collect();
        order.sort_by_key(|&(x, y)| x + y);
        let mut found = 0;
        for (x, y) in order {
            if moves[y * n + x].is_some() {
                continue;
            }
            let guess = neighbourhood(&moves, n, x, y);
            let at = middle_of(places[x], places[y]);
            let around = Point { x: at.x + guess.x, y: at.y + guess.y };
            if let Some(seen) = flat.alignment(plane, around, 3.0, 0.6) {
                moves[y * n + x] = Some(minus(seen, at));
                found += 1;
            }
        }
        let filled =
            (0..n * n).map(|i| moves[i].unwrap_or_else(|| neighbourhood(&moves, n, i % n, i / n))).collect();
        let stops = places.iter().map(|&p| p as f32 + 0.5).collect();
        self.bend = Some(Bend { stops, moves: filled });
        found
    }

    /// The grid without any bend.
    pub(crate) fn unbent(&self) -> Self {
        Self { bend: None, ..self.clone() }
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
        let before: Vec<Point> = (0..n * n)
            .map(|i| {
                let at = Point { x: stops[i % n], y: stops[i / n] };
                self.bend.as_ref().map_or(Point { x: 0.0, y: 0.0 }, |bend| bend.at(at))
            })
            .collect();
        let flat = self.unbent();
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
            let start = Point { x: before[node].x + guess.x, y: before[node].y + guess.y };
            let found = flat.settle_patch(plane, Point { x: stops[node % n], y: stops[node / n] }, start);
            moves[node] = Some(minus(found, before[node]));
        }
        let moves = moves
            .iter()
            .zip(&before)
            .map(|(moved, before)| {
                let moved = moved.unwrap_or(Point { x: 0.0, y: 0.0 });
                Point { x: before.x + moved.x, y: before.y + moved.y }
            })
            .collect();
        self.bend = Some(Bend { stops, moves });
    }

    /// The move near `start` at which the modules around a place differ most.
    fn settle_patch(&self, plane: &Plane<'_>, around: Point, start: Point) -> Point {
        const REACH: f32 = 3.0;
        let side = self.version.side() as f32;
        let clip = |v: f32| v.floor().clamp(0.0, side - 1.0) as usize;
        let (left, right) = (clip(around.x - REACH), clip(around.x + REACH));
        let (top, bottom) = (clip(around.y - REACH), clip(around.y + REACH));
        let mut values = Vec::with_capacity(64);
        let mut contrast = |moved: Point| {
            values.clear();
            for y in top..=bottom {
                for x in left..=right {
                    let at = middle_of(x, y);
                    values.push(self.look(plane, Point { x: at.x + moved.x, y: at.y + moved.y }));
                }
            }
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
    fn function_modules(&self) -> Vec<(Point, bool)> {
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

    /// The brightness of every module, row by row; light is always high.
    pub(crate) fn sample(&self, plane: &Plane<'_>) -> Vec<f32> {
        let side = self.version.side();
        (0..side * side).map(|i| self.look(plane, middle_of(i % side, i / side))).collect()
    }
}

/// How five by five modules correlate with an alignment pattern: dark rim and middle, light ring.
fn likeness_to_alignment(values: &[f32; 25]) -> f32 {
    let ring = |i: usize| (i % 5).abs_diff(2).max((i / 5).abs_diff(2)) == 1;
    let (mut sum, mut squares, mut light) = (0.0f32, 0.0f32, 0.0f32);
    for (i, &value) in values.iter().enumerate() {
        sum += value;
        squares += value * value;
        light += if ring(i) { value } else { 0.0 };
    }
    // 8 of 25 are light: deviations of 0.68 and -0.32, squares adding to 5.44. A floor under the spread keeps noise low.
    let product = light - 0.32 * sum;
    let power = (squares - sum * sum / 25.0).max(0.0) + 100.0;
    product / (power * 5.44).sqrt()
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

fn middle_of(x: usize, y: usize) -> Point {
    Point { x: x as f32 + 0.5, y: y as f32 + 0.5 }
}

fn minus(p: Point, q: Point) -> Point {
    Point { x: p.x - q.x, y: p.y - q.y }
}
