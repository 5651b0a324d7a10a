//! Three finder patterns that may belong to one code, likeliest first. It looks at shapes only, never at pixels.

use crate::Point;
use crate::finders::Finder;

/// Patterns of one polarity of which every three are looked at; the surest ones.
const MOST: usize = 18;
/// The share of rays that cross a pattern as they should, by which it is surely one.
pub(crate) const SURE: f32 = 0.8;
/// Sure patterns of one polarity that are looked at with their neighbours: a sheet of twenty cards has sixty.
const CROWD: usize = 72;
/// Neighbours of each in a crowd. The two others of its code are among the nearest.
const NEIGHBOURS: usize = 6;

/// Three patterns and their places in the code, if it isn't mirrored.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Triple {
    /// Indices of the upper left, the upper right and the lower left pattern.
    pub(crate) members: [usize; 3],
    /// 0 for a perfect right angle with equal legs and sizes; grows with every deviation.
    strain: f32,
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
    let at = |i: usize| finders[members[i]].middle;
    let opposite = [at(1).distance(at(2)), at(0).distance(at(2)), at(0).distance(at(1))];
    let corner = (0..3).max_by(|&a, &b| opposite[a].total_cmp(&opposite[b]))?;
    let (mut right, mut below) = ((corner + 1) % 3, (corner + 2) % 3);
    let arm = |to: usize| Point { x: at(to).x - at(corner).x, y: at(to).y - at(corner).y };
    let cross = |p: Point, q: Point| p.x * q.y - p.y * q.x;
    if cross(arm(right), arm(below)) < 0.0 {
        std::mem::swap(&mut right, &mut below);
    }
    let (p, q) = (arm(right), arm(below));
    let (across, down) = (p.x.hypot(p.y), q.x.hypot(q.y));
    let module = (sizes[0] + sizes[1] + sizes[2]) / 3.0;
    // 14 modules between middles in version 1, 170 in version 40; perspective and tilt shorten and stretch.
    let spans = 8.0..230.0;
    if !spans.contains(&(across / module)) || !spans.contains(&(down / module)) {
        return None;
    }
    let cosine = ((p.x * q.x + p.y * q.y) / (across * down)).abs();
    let legs = (across / down).ln().abs();
    if cosine > 0.65 || legs > 1.0 {
        return None;
    }
    let surely: f32 = members.iter().map(|&i| finders[i].sure).sum::<f32>() / 3.0;
    // Of codes side by side, patterns of different ones make right angles too, but wider ones.
    let wide = 0.1 * ((across + down) / module / 28.0).max(1.0).ln();
    let strain = cosine + legs + (largest / smallest).ln() + (1.0 - surely) + wide;
    Some(Triple { members: [members[corner], members[right], members[below]], strain })
}
