//! Brightness of modules to confidence: each module against the modules around it.

use crate::decode::Modules;
use crate::symbol::Version;

/// Modules in each direction whose mean is a module's threshold.
const REACH: usize = 4;

/// Brightness sampled at every module of a code, row by row.
pub(crate) struct Samples {
    version: Version,
    values: Vec<f32>,
    /// What divides dark from light at each module.
    limits: Vec<f32>,
}

impl Samples {
    pub(crate) fn new(version: Version, values: Vec<f32>) -> Self {
        let limits = local_mean(&values, version.side(), REACH);
        Self { version, values, limits }
    }

    /// Undoes a share of what blur carried over from the four neighbours.
    pub(crate) fn sharpened(&self, share: f32) -> Self {
        let side = self.version.side();
        let mut values = self.values.clone();
        for y in 0..side {
            for x in 0..side {
                let at = |x: usize, y: usize| self.values[y * side + x];
                let around = at(x.saturating_sub(1), y)
                    + at((x + 1).min(side - 1), y)
                    + at(x, y.saturating_sub(1))
                    + at(x, (y + 1).min(side - 1));
                values[y * side + x] += share * (4.0 * at(x, y) - around);
            }
        }
        Self { version: self.version, values, limits: self.limits.clone() }
    }

    /// Confidence: the distance from the threshold over the usual distance nearby, so that a shadow costs nothing and
    /// a patch where glare or a thumb took the contrast counts for little.
    pub(crate) fn modules(&self) -> Modules {
        let side = self.version.side();
        let over: Vec<f32> =
            self.values.iter().zip(&self.limits).map(|(value, limit)| limit - value).collect();
        let away: Vec<f32> = over.iter().map(|v| v.abs()).collect();
        let usual = away.iter().sum::<f32>() / away.len() as f32;
        let near = local_mean(&away, side, REACH);
        let values = over.iter().zip(&near).map(|(v, near)| v / (0.5 * near + 0.5 * usual + 0.5)).collect();
        Modules { version: self.version, values }
    }
}

/// Means over squares of `2 · reach + 1` modules, cut at the edges.
fn local_mean(values: &[f32], side: usize, reach: usize) -> Vec<f32> {
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
