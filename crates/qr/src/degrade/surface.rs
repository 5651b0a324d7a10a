//! The shape of the card and its way into the picture: a mesh of small triangles, each filled from the drawing.
//!
//! It knows where every spot of the card lies in space, and nothing of light, lenses or what is drawn.

use super::picture::Picture;

/// Cells of the mesh along each side of the card, and beyond each of its edges.
const CELLS: usize = 80;
const BEYOND: usize = 1;

/// Paper around a can, a bottle or a pole.
#[derive(Debug, Clone, PartialEq)]
pub struct Curl {
    /// Degrees of the cylinder that the card's width covers: 0 flat, 180 half around. Below 0 it is seen from within.
    pub turn: f32,
    /// Where the cylinder's axis runs: degrees clockwise from upright.
    pub axis: f32,
}

/// Straight folds across the card, as of paper that was crushed and smoothed again.
#[derive(Debug, Clone, PartialEq)]
pub struct Fold {
    /// A spot on the fold, in shares of the card's width from its middle.
    pub x: f32,
    /// The same spot, downwards.
    pub y: f32,
    /// Where the fold runs: degrees clockwise from the right.
    pub angle: f32,
    /// How steeply the paper falls on both sides: height over distance.
    pub slope: f32,
}

/// Where a spot of the flat card, in card widths from its middle, lies in space; the third is away from the camera.
pub(super) fn shape(curl: Option<&Curl>, folds: &[Fold], x: f32, y: f32) -> (f32, f32, f32) {
    let mut place = (x, y, 0.0);
    if let Some(curl) = curl
        && curl.turn.abs() > 0.1
    {
        let (sin, cos) = curl.axis.to_radians().sin_cos();
        let (across, along) = (x * cos + y * sin, -x * sin + y * cos);
        let turn = curl.turn.to_radians();
        let angle = across * turn;
        let (across, depth) = (angle.sin() / turn, (1.0 - angle.cos()) / turn);
        place = (across * cos - along * sin, across * sin + along * cos, depth);
    }
    for fold in folds {
        let (sin, cos) = fold.angle.to_radians().sin_cos();
        place.2 += fold.slope * ((y - fold.y) * cos - (x - fold.x) * sin).abs();
    }
    place
}

/// A corner of the mesh: where it lies on the drawing (shares of its sides), in the picture (pixels), and how far away.
#[derive(Clone, Copy)]
pub(super) struct Spot {
    pub(super) u: f32,
    pub(super) v: f32,
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) depth: f32,
}

/// Draws the card that `spot` places: a share of its width and height to a [`Spot`].
pub(super) fn draw(print: &Picture, picture: &mut Picture, spot: impl Fn(f32, f32) -> Spot) {
    let behind = picture.clone();
    let mut nearest = vec![f32::MAX; picture.values.len()];
    let line = CELLS + 2 * BEYOND;
    let share = |i: usize| (i as f32 - BEYOND as f32) / CELLS as f32;
    let spots: Vec<Spot> = (0..=line)
        .flat_map(|j| (0..=line).map(move |i| (i, j)))
        .map(|(i, j)| spot(share(i), share(j)))
        .collect();
    for j in 0..line {
        for i in 0..line {
            let at = |i: usize, j: usize| spots[j * (line + 1) + i];
            let (a, b, c, d) = (at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1));
            for triangle in [[a, b, c], [a, c, d]] {
                fill(print, picture, &behind, &mut nearest, triangle);
            }
        }
    }
}

fn fill(print: &Picture, picture: &mut Picture, behind: &Picture, nearest: &mut [f32], [a, b, c]: [Spot; 3]) {
    let area = (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y);
    let span = |low: f32, high: f32, end: usize| {
        (low - 0.5).ceil().clamp(0.0, end as f32) as usize
            ..(high + 0.5).floor().clamp(0.0, end as f32) as usize
    };
    let xs = span(a.x.min(b.x).min(c.x), a.x.max(b.x).max(c.x), picture.width);
    let ys = span(a.y.min(b.y).min(c.y), a.y.max(b.y).max(c.y), picture.height);
    // Not a number, or seen from the side.
    if area.is_nan() || area.abs() < 1e-4 || xs.is_empty() || ys.is_empty() {
        return;
    }
    // A value of the corners as a plane over the picture: its slopes across and down.
    let slopes = |va: f32, vb: f32, vc: f32| {
        let (p, q) = (vb - va, vc - va);
        ((p * (c.y - a.y) - q * (b.y - a.y)) / area, (q * (b.x - a.x) - p * (c.x - a.x)) / area)
    };
    let (u, v, depth) = (slopes(a.u, b.u, c.u), slopes(a.v, b.v, c.v), slopes(a.depth, b.depth, c.depth));
    let (wide, high) = (print.width as f32, print.height as f32);
    // Points of the drawing per pixel: several samples keep thin lines.
    let fineness = (u.0.abs() + u.1.abs()).max((v.0.abs() + v.1.abs()) * high / wide) * wide;
    let samples = (fineness.ceil() as usize).clamp(2, 6);
    for y in ys {
        for x in xs.clone() {
            let (dx, dy) = (x as f32 + 0.5 - a.x, y as f32 + 0.5 - a.y);
            let on = |va: f32, slope: (f32, f32), dx: f32, dy: f32| va + slope.0 * dx + slope.1 * dy;
            let right = (dx * (c.y - a.y) - (c.x - a.x) * dy) / area;
            let below = ((b.x - a.x) * dy - dx * (b.y - a.y)) / area;
            let here = y * picture.width + x;
            let away = on(a.depth, depth, dx, dy);
            if right < -1e-4 || below < -1e-4 || right + below > 1.0002 || away > nearest[here] {
                continue;
            }
            let mut sum = 0.0;
            for sample in 0..samples * samples {
                let off = |s: usize| (s as f32 + 0.5) / samples as f32 - 0.5;
                let (sx, sy) = (dx + off(sample % samples), dy + off(sample / samples));
                let (su, sv) = (on(a.u, u, sx, sy), on(a.v, v, sx, sy));
                sum += print.at(su * wide, sv * high).unwrap_or(behind.values[here]);
            }
            let mid = (on(a.u, u, dx, dy), on(a.v, v, dx, dy));
            // Beyond its edge the card hides nothing.
            if (0.0..=1.0).contains(&mid.0) && (0.0..=1.0).contains(&mid.1) {
                nearest[here] = away;
            }
            picture.values[here] = sum / (samples * samples) as f32;
        }
    }
}
