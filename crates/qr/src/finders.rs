//! Finder patterns: dark and light in the ratio 1 : 1 : 3 : 1 : 1 across the middle, in every direction.
//!
//! Rows are searched for the ratio, a hit is confirmed down its column, and the rings are then followed outwards
//! along rays, which gives the pattern's outline to a fraction of a pixel. Both polarities are found at once.
//! It knows nothing of how three of them make a code.

use std::sync::OnceLock;

use crate::Point;
use crate::binarise::Thresholds;
use crate::geometry::{Line, middle};
use crate::plane::Plane;

/// Rays sent out from a pattern's middle.
const RAYS: usize = 32;

static DIRECTIONS: OnceLock<Vec<(f32, f32)>> = OnceLock::new();

/// Hits that are followed up in one plane; a picture with more is all texture.
const CONFIRMATIONS: usize = 4000;

/// Pixels across a pattern below which it is left to a larger copy of the frame: texture is full of smaller ones.
const NARROWEST: u32 = 11;

/// The pixels of a plane that has no more than [`CONFIRMATIONS`]; a page of a scanned sheet has several times as many.
const CONFIRMATIONS_AREA: usize = 1280 * 720;

/// Rays of which half must cross both rings before the others are sent.
const FIRST: usize = 8;

/// Rays that must cross both rings in the right proportion.
const RAYS_NEEDED: usize = 17;

/// Times that a pattern may look longer than wide: 3.4 is a tilt of 73 degrees.
const LONGEST: f32 = 3.4;

/// A pattern that was found. All lengths and places are in pixels of the frame.
#[derive(Debug, Clone)]
pub(crate) struct Finder {
    pub(crate) middle: Point,
    /// The outline, seven modules a side, in turning order from an arbitrary corner.
    pub(crate) corners: [Point; 4],
    /// Mean width of a module.
    pub(crate) module: f32,
    /// Light on dark.
    pub(crate) inverted: bool,
    /// Rows in which it was seen.
    pub(crate) hits: u32,
    /// Rays that crossed it as they should, 0 to 1.
    pub(crate) sure: f32,
}

impl Finder {
    /// Whether two findings are of one pattern.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.inverted == other.inverted
            && self.middle.distance(other.middle) < self.module.max(other.module) * 2.0
    }
}

/// The patterns that a plane shows, looked for in every `step`th row, but not where `is_claimed` says that something else lies.
pub(crate) fn find(
    plane: &Plane<'_>,
    thresholds: &Thresholds,
    step: usize,
    is_claimed: impl Fn(Point) -> bool,
) -> Vec<Finder> {
    let mut finders: Vec<Finder> = Vec::new();
    let mut confirmed = 0;
    let most = CONFIRMATIONS * (plane.width * plane.height).div_ceil(CONFIRMATIONS_AREA);
    let search = Search { plane, thresholds };
    let least = if plane.scale > 1.0 { NARROWEST } else { 7 };
    let mut edges = Vec::new();
    let mut refused: Vec<(f32, f32, f32)> = Vec::new();
    for y in (step / 2..plane.height).step_by(step) {
        thresholds.edges(plane, y, &mut edges);
        for (i, window) in edges.windows(6).enumerate() {
            let [a, b, c, d, e, f] = [window[0], window[1], window[2], window[3], window[4], window[5]];
            if f - a < least || !is_pattern([b - a, c - b, d - c, e - d, f - e], 0.75) {
                continue;
            }
            let x = (c + d) as f32 / 2.0;
            let (inverted, width) = (i % 2 == 1, (f - a) as f32);
            let here = Point { x: x * plane.scale, y: (y as f32 + 0.5) * plane.scale };
            let known = finders.iter_mut().find(|known| {
                let near = known.module * 1.6;
                known.inverted == inverted
                    && (known.middle.x - here.x).abs() < near
                    && (known.middle.y - here.y).abs() < near * 1.3
            });
            if let Some(known) = known {
                known.hits += 1;
                continue;
            }
            let seen_before = |r: &&(f32, f32, f32)| (r.0 - x).abs() < 0.15 * width && y as f32 - r.1 < r.2;
            if refused.iter().rev().take(16).filter(seen_before).count() >= 2 {
                continue;
            }
            if is_claimed(here) {
                continue;
            }
            confirmed += 1;
            if confirmed > most {
                return finders;
            }
            match search.confirm(x, y, width, inverted) {
                Some(finder) if !finders.iter().any(|known| known.is_same(&finder)) => finders.push(finder),
                Some(_) => {}
                None => refused.push((x, y as f32, width / 3.0)),
            }
        }
    }
    finders
}

/// Whether five runs are in the ratio 1 : 1 : 3 : 1 : 1; `slack` in modules for the narrow ones.
fn is_pattern(runs: [u32; 5], slack: f32) -> bool {
    let total: u32 = runs.iter().sum();
    if total < 7 {
        return false;
    }
    let module = total as f32 / 7.0;
    let slack = slack * module + 0.5;
    let narrow = |run: u32| (run as f32 - module).abs() < slack;
    let core = runs[2] as f32;
    (core - 3.0 * module).abs() < slack * 1.8
        && narrow(runs[0])
        && narrow(runs[1])
        && narrow(runs[3])
        && narrow(runs[4])
}

struct Search<'a> {
    plane: &'a Plane<'a>,
    thresholds: &'a Thresholds,
}

impl Search<'_> {
    /// Follows a hit in row `y` at column `x`, `width` pixels wide, in the plane's own pixels.
    fn confirm(&self, x: f32, y: usize, width: f32, inverted: bool) -> Option<Finder> {
        let (y, height) = self.across(x as usize, y, width, inverted, false)?;
        let (x, width) = self.across(y as usize, x as usize, height, inverted, true)?;
        let module = (width + height) / 14.0;
        self.outline(Point { x, y }, module, inverted)
    }

    /// The middle and length of the pattern along a column (or a row), through `at`.
    fn across(
        &self,
        fixed: usize,
        at: usize,
        expected: f32,
        inverted: bool,
        level: bool,
    ) -> Option<(f32, f32)> {
        let end = if level { self.plane.width } else { self.plane.height };
        let dark = |v: usize| {
            let (x, y) = if level { (v, fixed) } else { (fixed, v) };
            self.thresholds.is_dark(self.plane, x, y) != inverted
        };
        if at >= end || !dark(at) {
            return None;
        }
        let limit = (expected * LONGEST / 2.0) as usize + 3;
        let mut runs = [0u32; 5];
        let mut low = at;
        for run in [2, 1, 0] {
            while low > 0 && at - low < limit && dark(low - 1) == (run != 1) {
                low -= 1;
                runs[run] += 1;
            }
        }
        let mut high = at + 1;
        runs[2] += 1;
        for run in [2, 3, 4] {
            while high < end && high - at < limit && dark(high) == (run != 3) {
                high += 1;
                runs[run] += 1;
            }
        }
        let total = runs.iter().sum::<u32>() as f32;
        if runs.contains(&0)
            || total > expected * LONGEST
            || total * LONGEST < expected
            || !is_pattern(runs, 0.85)
        {
            return None;
        }
        let core_start = low as f32 + (runs[0] + runs[1]) as f32;
        Some((core_start + runs[2] as f32 / 2.0, total))
    }

    /// The outline around a middle, by rays through both rings.
    fn outline(&self, middle_at: Point, module: f32, inverted: bool) -> Option<Finder> {
        let mut centre = middle_at;
        let mut points = self.rays(centre, module, inverted)?;
        // Opposite rays pair up when most succeed, so their mean is a better middle to send them from.
        let better = middle(&points);
        if points.len() >= RAYS - 4 && better.distance(centre) > 0.25 * module {
            centre = better;
            points = self.rays(centre, module, inverted)?;
        }
        let corners = quadrilateral(&points)?;
        let side = (0..4).map(|i| corners[i].distance(corners[(i + 1) % 4])).sum::<f32>() / 28.0;
        if !(side > module * 0.5 && side < module * 2.0) {
            return None;
        }
        let scale = self.plane.scale;
        let to_frame = |p: Point| Point { x: p.x * scale, y: p.y * scale };
        let diagonal = Line::through(corners[0], corners[2]).cross(&Line::through(corners[1], corners[3]))?;
        if diagonal.distance(centre) > 2.0 * module {
            return None;
        }
        Some(Finder {
            middle: to_frame(diagonal),
            corners: corners.map(to_frame),
            module: side * scale,
            inverted,
            hits: 1,
            sure: points.len() as f32 / RAYS as f32,
        })
    }

    /// How much the pixel at a place of the plane is lighter than its threshold; `None` outside.
    fn over(&self, x: f32, y: f32, inverted: bool) -> Option<f32> {
        if !(x >= 0.0 && y >= 0.0 && x < self.plane.width as f32 && y < self.plane.height as f32) {
            return None;
        }
        let (x, y) = (x as usize, y as usize);
        let over = f32::from(self.plane.luma[y * self.plane.width + x]) - f32::from(self.thresholds.at(x, y));
        Some(if inverted { -over } else { over })
    }

    /// The same between pixels.
    fn exactly(&self, x: f32, y: f32, inverted: bool) -> f32 {
        let clip = |v: f32, end: usize| (v.max(0.0) as usize).min(end - 1);
        let limit = self.thresholds.at(clip(x, self.plane.width), clip(y, self.plane.height));
        let over =
            self.plane.at(Point { x: x * self.plane.scale, y: y * self.plane.scale }) - f32::from(limit);
        if inverted { -over } else { over }
    }

    /// Where rays in all directions leave the pattern; `None` as soon as too few of them can.
    fn rays(&self, from: Point, module: f32, inverted: bool) -> Option<Vec<Point>> {
        let directions = DIRECTIONS.get_or_init(directions);
        // Most hits in texture end here: eight rays in whole steps, none along the row and the column that look right already.
        let mut first = [None; FIRST];
        let mut missed = 0;
        for (edges, direction) in first.iter_mut().zip(directions) {
            *edges = self.edges_along(from, *direction, module, inverted);
            missed += usize::from(!edges.is_some_and(|(radii, _)| are_rings(radii)));
            if missed > FIRST / 2 {
                return None;
            }
        }
        let mut points: Vec<Point> = Vec::with_capacity(RAYS);
        for (sent, direction) in directions.iter().enumerate() {
            let edges = match first.get(sent) {
                Some(edges) => *edges,
                None => self.edges_along(from, *direction, module, inverted),
            };
            points.extend(edges.and_then(|edges| self.exit(from, *direction, edges, inverted)));
            if sent + 1 - points.len() > RAYS - RAYS_NEEDED {
                return None;
            }
        }
        Some(points)
    }

    /// Where a ray leaves the pattern, judged by all three edges it crosses.
    fn exit(
        &self,
        from: Point,
        (cos, sin): (f32, f32),
        (radii, step): ([f32; 3], f32),
        inverted: bool,
    ) -> Option<Point> {
        let exact = radii.map(|radius| {
            let outside = self.exactly(from.x + cos * radius, from.y + sin * radius, inverted);
            let inside = radius - step;
            let before = self.exactly(from.x + cos * inside, from.y + sin * inside, inverted);
            let share = if (before - outside).abs() > 1e-3 { before / (before - outside) } else { 0.5 };
            inside + step * share.clamp(0.0, 1.0)
        });
        let [_, gap, rim] = exact;
        if !are_rings(exact) {
            return None;
        }
        // A threshold that is too high moves the edges of light inwards and those of dark outwards: the mean of both
        // rings' edges stays.
        let rim = (rim + gap * 1.4) / 2.0;
        Some(Point { x: from.x + cos * rim, y: from.y + sin * rim })
    }

    /// The first steps along a ray beyond the core, the gap and the rim, and the length of a step.
    fn edges_along(
        &self,
        from: Point,
        (cos, sin): (f32, f32),
        module: f32,
        inverted: bool,
    ) -> Option<([f32; 3], f32)> {
        let step = (module / 3.0).clamp(0.5, 3.0);
        let reach = module * 3.5 * 2.1;
        let mut radii = [0.0f32; 3];
        let mut found = 0;
        let mut radius = 0.0f32;
        while radius < reach {
            let over = self.over(from.x + cos * radius, from.y + sin * radius, inverted)?;
            // Outwards: dark, light, dark, light.
            if (over < 0.0) == (found == 1) {
                radii[found] = radius;
                found += 1;
                if found == 3 {
                    return Some((radii, step));
                }
            }
            radius += step;
        }
        None
    }
}

/// Whether the radii at which a ray leaves core, gap and rim are near 3 : 5 : 7.
fn are_rings([core, gap, rim]: [f32; 3]) -> bool {
    core > 0.0 && (1.15..2.6).contains(&(gap / core)) && (1.1..2.0).contains(&(rim / gap))
}

/// Directions of the rays: first those farthest from rows, columns and diagonals, so that a pattern that isn't one is given
/// up early, and those that a hit was confirmed along last.
fn directions() -> Vec<(f32, f32)> {
    let turn = |i: usize| i as f32 * std::f32::consts::TAU / RAYS as f32;
    [2, 6, 4, 1, 3, 5, 7, 0]
        .into_iter()
        .flat_map(|offset| (0..RAYS / 8).map(move |i| turn(i * 8 + offset)))
        .map(|a| (a.cos(), a.sin()))
        .collect()
}

/// Four corners of points that lie on the sides of a quadrilateral, in order around it.
fn quadrilateral(points: &[Point]) -> Option<[Point; 4]> {
    let centre = middle(points);
    let farthest =
        |from: &dyn Fn(Point) -> f32| points.iter().copied().max_by(|a, b| from(*a).total_cmp(&from(*b)));
    let first = farthest(&|p| p.distance(centre))?;
    let opposite = farthest(&|p| p.distance(first))?;
    let diagonal = Line::through(first, opposite);
    let second = farthest(&|p| diagonal.side(p))?;
    let fourth = farthest(&|p| -diagonal.side(p))?;
    let rough = [first, second, opposite, fourth];
    let mut lines = [None; 4];
    for side in 0..4 {
        let (a, b) = (rough[side], rough[(side + 1) % 4]);
        let chord = Line::through(a, b);
        let length = a.distance(b);
        if length < 2.0 {
            return None;
        }
        let along = |p: Point| ((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) / (length * length);
        let on_side: Vec<Point> = points
            .iter()
            .copied()
            .filter(|&p| chord.side(p).abs() < length * 0.14 && (0.04..0.96).contains(&along(p)))
            .collect();
        lines[side] = Some(if on_side.len() >= 3 { Line::fit(&on_side)? } else { chord });
    }
    let mut corners = rough;
    for i in 0..4 {
        let (before, after) = (lines[(i + 3) % 4]?, lines[i]?);
        let cross = before.cross(&after)?;
        let size = rough[0].distance(rough[2]);
        // Lines that are nearly parallel meet anywhere.
        corners[i] = if cross.distance(rough[i]) < size * 0.25 { cross } else { rough[i] };
    }
    Some(corners)
}
