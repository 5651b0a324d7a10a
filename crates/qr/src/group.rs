//! Finder patterns that may belong to one code, likeliest first: three of them, or two where a third is covered. It looks at
//! shapes only, never at pixels.
//!
//! Every finder brings axes of its own, from its outline. In a code they point to its other finders, whatever the
//! perspective, since straight lines stay straight.

use crate::Point;
use crate::finders::Finder;

/// Patterns of one polarity of which every three are looked at; the surest ones.
const MOST: usize = 18;
/// The share of rays that cross a pattern as they should, by which it is surely one.
pub(crate) const SURE: f32 = 0.8;
/// Sure patterns of one polarity that are looked at with their neighbours: a sheet of sixty codes has 180.
const CROWD: usize = 200;
/// Neighbours of each in a crowd. The two others of its code are among the nearest.
const NEIGHBOURS: usize = 6;
/// How far beside its axis a finder may see another of its code, as a share of the way: outlines are measured with errors,
/// and paper bends.
const SLANT: f32 = 0.6;
/// Modules between the middles of two finders: 14 in version 1, 170 in version 40; outlines are measured with errors.
const SPANS: std::ops::Range<f32> = 9.0..215.0;

/// Three patterns and their places in the code, if it isn't mirrored.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Triple {
    /// Indices of the upper left, the upper right and the lower left pattern.
    pub(crate) members: [usize; 3],
    /// 0 for a perfect group; grows with every deviation.
    strain: f32,
}

/// Two patterns and their places in a code whose third can't be seen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair {
    pub(crate) members: [usize; 2],
    /// 0 upper left, 1 upper right, 2 lower left.
    pub(crate) places: [usize; 2],
    /// How rows and columns run near them: one module.
    pub(crate) right: Point,
    pub(crate) down: Point,
    /// Modules between them, along a row or a column.
    pub(crate) span: f32,
    pub(crate) strain: f32,
}

pub(crate) fn triples(finders: &[Finder]) -> Vec<Triple> {
    let mut found = Vec::new();
    for inverted in [false, true] {
        let mut ranked: Vec<usize> =
            (0..finders.len()).filter(|&i| finders[i].inverted == inverted).collect();
        let weight = |i: usize| finders[i].sure + (finders[i].hits.min(6) as f32) * 0.1;
        ranked.sort_by(|&a, &b| weight(b).total_cmp(&weight(a)));
        let sure: Vec<usize> =
            ranked.iter().copied().filter(|&i| finders[i].sure > SURE).take(CROWD).collect();
        if sure.len() > MOST {
            crowd(finders, &sure, &mut found);
        }
        ranked.truncate(MOST);
        for (n, &a) in ranked.iter().enumerate() {
            for (m, &b) in ranked.iter().enumerate().skip(n + 1) {
                for &c in &ranked[m + 1..] {
                    found.extend(triple(finders, [a, b, c]));
                }
            }
        }
    }
    found.sort_by(|a, b| a.strain.total_cmp(&b.strain));
    found.dedup_by_key(|triple| triple.members);
    found
}

/// Every pattern with two of its nearest neighbours.
fn crowd(finders: &[Finder], ranked: &[usize], found: &mut Vec<Triple>) {
    for &a in ranked {
        let distance = |i: usize| finders[a].middle.distance(finders[i].middle);
        let mut near: Vec<usize> = ranked.iter().copied().filter(|&i| i != a).collect();
        near.sort_by(|&b, &c| distance(b).total_cmp(&distance(c)));
        near.truncate(NEIGHBOURS);
        for (n, &b) in near.iter().enumerate() {
            found.extend(near[n + 1..].iter().filter_map(|&c| triple(finders, [a, b, c])));
        }
    }
}

fn triple(finders: &[Finder], members: [usize; 3]) -> Option<Triple> {
    let sizes = members.map(|i| finders[i].module);
    let largest = sizes.iter().copied().fold(0.0, f32::max);
    let smallest = sizes.iter().copied().fold(f32::MAX, f32::min);
    if largest > smallest * 2.3 {
        return None;
    }
    let surely: f32 = members.iter().map(|&i| finders[i].sure).sum::<f32>() / 3.0;
    let found = |corner: usize| {
        let [a, mut b, mut c] = [0, 1, 2].map(|i| &finders[members[(corner + i) % 3]]);
        let (one, other) = (sight(a, b)?, sight(a, c)?);
        let (back, forth) = (sight(b, a)?, sight(c, a)?);
        // One along each axis.
        let slant = one.slant + other.slant + back.slant + forth.slant;
        if one.axis == other.axis || [one, other, back, forth].iter().any(|sight| sight.slant > SLANT) {
            return None;
        }
        let (across, down) = ((one.span * back.span).sqrt(), (other.span * forth.span).sqrt());
        let legs = (across / down).ln().abs();
        if !SPANS.contains(&across) || !SPANS.contains(&down) || legs > 0.6 {
            return None;
        }
        let mut order = [members[corner], members[(corner + 1) % 3], members[(corner + 2) % 3]];
        if cross(minus(b.middle, a.middle), minus(c.middle, a.middle)) < 0.0 {
            std::mem::swap(&mut b, &mut c);
            order.swap(1, 2);
        }
        // Of codes side by side, patterns of different ones make right angles too, but wider ones.
        let wide = 0.1 * ((across + down) / 28.0).max(1.0).ln();
        let strain = slant + legs + 0.5 * (largest / smallest).ln() + 1.5 * (1.0 - surely) + wide;
        Some(Triple { members: order, strain })
    };
    (0..3).filter_map(found).min_by(|a, b| a.strain.total_cmp(&b.strain))
}

/// Two finders of one code each, with every place they may have in it.
pub(crate) fn pairs(finders: &[Finder], members: &[usize]) -> Vec<Pair> {
    let mut found = Vec::new();
    for (n, &i) in members.iter().enumerate() {
        for &j in &members[n + 1..] {
            let (a, b) = (&finders[i], &finders[j]);
            if a.inverted == b.inverted && a.module.max(b.module) < 2.0 * a.module.min(b.module) {
                found.extend(neighbours(finders, i, j));
                found.extend(opposites(finders, i, j));
            }
        }
    }
    found.sort_by(|a, b| a.strain.total_cmp(&b.strain));
    found
}

/// Two finders along one side: the third beside either of them, on either hand.
fn neighbours(finders: &[Finder], i: usize, j: usize) -> Vec<Pair> {
    let (Some(there), Some(back)) = (sight(&finders[i], &finders[j]), sight(&finders[j], &finders[i])) else {
        return Vec::new();
    };
    let span = (there.span * back.span).sqrt();
    if there.slant > SLANT / 2.0 || back.slant > SLANT / 2.0 || !SPANS.contains(&span) {
        return Vec::new();
    }
    let strain = there.slant + back.slant + 2.0 - finders[i].sure - finders[j].sure;
    let mut pairs = Vec::with_capacity(4);
    for (corner, other, seen) in [(i, j, there), (j, i, back)] {
        let arm = scaled(minus(finders[other].middle, finders[corner].middle), 1.0 / span);
        let across = axes(&finders[corner])[1 - seen.axis];
        for side in [across, scaled(across, -1.0)] {
            let is_right = cross(arm, side) > 0.0;
            let (right, down) = if is_right { (arm, side) } else { (side, arm) };
            let places = [0, if is_right { 1 } else { 2 }];
            pairs.push(Pair { members: [corner, other], places, right, down, span, strain });
        }
    }
    pairs
}

/// Two finders across the diagonal: the third at either corner between them.
fn opposites(finders: &[Finder], i: usize, j: usize) -> Vec<Pair> {
    let (own, others) = (axes(&finders[i]), axes(&finders[j]));
    let way = minus(finders[j].middle, finders[i].middle);
    let (Some((a, b)), Some((c, d))) = (shares(own, way), shares(others, way)) else { return Vec::new() };
    let (a, b, c, d) = (a, b, c.abs(), d.abs());
    let span = (a.abs() * b.abs() * c * d).sqrt().sqrt();
    let uneven = (a / b).abs().ln().abs() + (c / d).ln().abs();
    if !SPANS.contains(&span) || uneven.is_nan() || uneven > 0.7 {
        return Vec::new();
    }
    let strain = uneven + 2.0 - finders[i].sure - finders[j].sure;
    let (along, across) = (scaled(own[0], a.signum()), scaled(own[1], b.signum()));
    // From the corner: one arm leads back to `i`, the other on to `j`.
    [(scaled(along, -1.0), across), (scaled(across, -1.0), along)]
        .into_iter()
        .map(|(to_i, to_j)| {
            let is_right = cross(to_i, to_j) > 0.0;
            let (right, down) = if is_right { (to_i, to_j) } else { (to_j, to_i) };
            let places = if is_right { [1, 2] } else { [2, 1] };
            Pair { members: [i, j], places, right, down, span, strain }
        })
        .collect()
}

/// One finder as another sees it.
#[derive(Clone, Copy)]
struct Sight {
    /// The axis along which it lies.
    axis: usize,
    /// Modules along it.
    span: f32,
    /// How far beside it, as a share of the way.
    slant: f32,
}

fn sight(from: &Finder, to: &Finder) -> Option<Sight> {
    let (a, b) = shares(axes(from), minus(to.middle, from.middle))?;
    let (a, b) = (a.abs(), b.abs());
    let axis = usize::from(b > a);
    Some(Sight { axis, span: a.max(b), slant: a.min(b) / a.max(b).max(1e-3) })
}

/// A finder's own axes, one module long.
fn axes(finder: &Finder) -> [Point; 2] {
    let [a, b, c, d] = finder.corners;
    [
        Point { x: (b.x - a.x + c.x - d.x) / 14.0, y: (b.y - a.y + c.y - d.y) / 14.0 },
        Point { x: (d.x - a.x + c.x - b.x) / 14.0, y: (d.y - a.y + c.y - b.y) / 14.0 },
    ]
}

/// A way in modules along two axes; `None` where they don't span a plane.
fn shares([e, f]: [Point; 2], way: Point) -> Option<(f32, f32)> {
    let area = cross(e, f);
    (area.abs() > 1e-3).then(|| (cross(way, f) / area, cross(e, way) / area))
}

fn cross(p: Point, q: Point) -> f32 {
    p.x * q.y - p.y * q.x
}

fn minus(p: Point, q: Point) -> Point {
    Point { x: p.x - q.x, y: p.y - q.y }
}

fn scaled(p: Point, by: f32) -> Point {
    Point { x: p.x * by, y: p.y * by }
}
