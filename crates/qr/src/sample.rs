//! Brightness of modules to confidence: each module against the modules around it.

use crate::decode::Modules;
use crate::symbol::Version;

/// Modules in each direction whose mean is a module's threshold.
const REACH: usize = 4;

/// Modules along the side of the squares whose lightest and darkest module say how light and dark look around there.
const WINDOW: usize = 5;

/// What divides dark from light.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Limits {
    /// The mean of the modules around: steady under noise and blur.
    Mean,
    /// Halfway between how light and how dark it gets nearby, on this side of the edge of a shadow or of a spot of sun: a
    /// closing and an opening of the picture (Serra 1982).
    Envelope,
}

/// Brightness sampled at every module of a code, row by row.
pub(crate) struct Samples {
    version: Version,
    values: Vec<f32>,
    /// What divides dark from light at each module.
    limits: Vec<f32>,
    /// How far light and dark usually are from it.
    near: Vec<f32>,
}

impl Samples {
    pub(crate) fn new(version: Version, values: Vec<f32>, limits: Limits) -> Self {
        let side = version.side();
        let (limits, near) = match limits {
            Limits::Mean => {
                let limits = local_mean(&values, side, REACH);
                let away: Vec<f32> =
                    values.iter().zip(&limits).map(|(value, limit)| (limit - value).abs()).collect();
                (limits, local_mean(&away, side, REACH))
            }
            Limits::Envelope => {
                let light = lowest(&highest(&values, side), side);
                let dark = highest(&lowest(&values, side), side);
                let pairs = || light.iter().zip(&dark);
                (pairs().map(|(l, d)| (l + d) / 2.0).collect(), pairs().map(|(l, d)| (l - d) / 2.0).collect())
            }
        };
        Self { version, values, limits, near }
    }

    /// Confidence: the distance from the threshold over the usual distance nearby, so that a shadow costs nothing and
    /// a patch where glare or a thumb took the contrast counts for little.
    pub(crate) fn modules(&self) -> Modules {
        let usual = self.near.iter().sum::<f32>() / self.near.len() as f32;
        let over = self.values.iter().zip(&self.limits).map(|(value, limit)| limit - value);
        let values = over.zip(&self.near).map(|(v, near)| v / (0.5 * near + 0.5 * usual + 0.5)).collect();
        Modules { version: self.version, values }
    }
}

/// Means over squares of `2 · reach + 1` modules, cut at the edges.
pub(crate) fn local_mean(values: &[f32], side: usize, reach: usize) -> Vec<f32> {
    let mut sums = vec![0.0f64; (side + 1) * (side + 1)];
    for y in 0..side {
        let mut row = 0.0;
        for x in 0..side {
            row += f64::from(values[y * side + x]);
            sums[(y + 1) * (side + 1) + x + 1] = sums[y * (side + 1) + x + 1] + row;
        }
    }
    let mut means = Vec::with_capacity(side * side);
    for y in 0..side {
        let (top, bottom) = (y.saturating_sub(reach), (y + reach + 1).min(side));
        for x in 0..side {
            let (left, right) = (x.saturating_sub(reach), (x + reach + 1).min(side));
            let at = |x: usize, y: usize| sums[y * (side + 1) + x];
            let sum = at(right, bottom) - at(left, bottom) - at(right, top) + at(left, top);
            means.push((sum / ((bottom - top) * (right - left)) as f64) as f32);
        }
    }
    means
}

/// The largest value within a square of [`WINDOW`] modules around each.
fn highest(values: &[f32], side: usize) -> Vec<f32> {
    filtered(values, side, f32::max)
}

/// The smallest.
fn lowest(values: &[f32], side: usize) -> Vec<f32> {
    filtered(values, side, f32::min)
}

fn filtered(values: &[f32], side: usize, choose: fn(f32, f32) -> f32) -> Vec<f32> {
    const REACH: usize = WINDOW / 2;
    let along = |values: &[f32], step: usize, at: usize, place: usize| {
        let (low, high) = (place.saturating_sub(REACH), (place + REACH).min(side - 1));
        (low..=high).map(|i| values[at + i * step - place * step]).fold(values[at], choose)
    };
    let rows: Vec<f32> = (0..values.len()).map(|i| along(values, 1, i, i % side)).collect();
    (0..values.len()).map(|i| along(&rows, side, i, i / side)).collect()
}
