//! What several looks at one code say together: every module's confidences, weighed and added.
//!
//! A look counts where it shows contrast, as much as its function patterns look like themselves, and only as far as
//! the others agree with it around a module: a lamp's reflection, a thumb or a grid that lies beside its modules never
//! outvote a clear view. It knows nothing of frames or of how a code is found.

use std::collections::VecDeque;

use crate::decode::Modules;
use crate::fit::{Grid, Marks};
use crate::plane::Plane;
use crate::sample::local_mean;
use crate::symbol::Version;

/// Looks that are kept: a second of video.
const MOST: usize = 16;

/// Modules in each direction whose mean is a module's threshold, and whose contrast is its own.
const REACH: usize = 4;

/// Contrast, in grey levels, at which a module counts half: what sensor noise and compression make.
const FAINT: f32 = 7.0;

/// Modules in each direction in which looks must agree.
const PATCH: usize = 4;

/// How one frame showed a code.
#[derive(Debug, Clone)]
pub(crate) struct Look {
    /// Confidence of each module, above 0 dark; 64 for a clear one.
    values: Vec<i8>,
    /// How much each counts.
    weights: Vec<u8>,
    /// How much its function patterns look like themselves, 0 to 1.
    pub(crate) quality: f32,
}

impl Look {
    /// Through this grid.
    pub(crate) fn new(grid: &Grid, plane: &Plane<'_>) -> Self {
        let side = grid.version.side();
        let bright = grid.sample_softly(plane);
        let limits = local_mean(&bright, side, REACH);
        let over: Vec<f32> = bright.iter().zip(&limits).map(|(value, limit)| limit - value).collect();
        let away: Vec<f32> = over.iter().map(|v| v.abs()).collect();
        let near = local_mean(&away, side, REACH);
        let mut values = Vec::with_capacity(over.len());
        let mut weights = Vec::with_capacity(over.len());
        for (over, near) in over.iter().zip(&near) {
            values.push((64.0 * over / (near + 1.0)).clamp(-127.0, 127.0) as i8);
            weights.push((255.0 * near * near / (near * near + FAINT * FAINT)) as u8);
        }
        let mut look = Self { values, weights, quality: 0.0 };
        let (mut agree, mut all) = (0.0f32, 1.0f32);
        for (at, dark) in grid.function_modules() {
            let i = at.y as usize * side + at.x as usize;
            let value = f32::from(look.values[i]) * f32::from(look.weights[i]);
            agree += if dark { value } else { -value };
            all += value.abs();
        }
        look.quality = (agree / all).max(0.0);
        look
    }

    /// How its data modules go with others (above 0 dark), −1 to 1; about 0 for another code.
    pub(crate) fn agreement(&self, version: Version, others: &[f32]) -> f32 {
        let (mut product, mut own, mut theirs) = (0.0f32, 1e-3f32, 1e-3f32);
        for &i in version.data_path() {
            let (value, weight, other) = (f32::from(self.values[i]), f32::from(self.weights[i]), others[i]);
            product += weight * value * other;
            own += weight * value * value;
            theirs += weight * other * other;
        }
        product / (own * theirs).sqrt()
    }
}

/// Looks at one code.
#[derive(Debug, Clone)]
pub(crate) struct Evidence {
    version: Version,
    looks: VecDeque<Look>,
    /// Their sum, kept until there is another.
    sum: Vec<f32>,
}

impl Evidence {
    pub(crate) fn new(version: Version, look: Look) -> Self {
        let mut evidence = Self { version, looks: VecDeque::new(), sum: Vec::new() };
        evidence.add(look);
        evidence
    }

    pub(crate) fn count(&self) -> usize {
        self.looks.len()
    }

    pub(crate) fn latest(&self) -> Option<&Look> {
        self.looks.back()
    }

    /// Adds a look; the oldest goes when there are too many.
    pub(crate) fn add(&mut self, look: Look) {
        if self.looks.len() == MOST {
            self.looks.pop_front();
        }
        self.looks.push_back(look);
        self.sum = self.added();
    }

    /// Drops every look that doesn't go with `ink` (1 dark, −1 light, 0 unknown); returns how many went.
    pub(crate) fn drop_strangers(&mut self, ink: &[f32], least: f32) -> usize {
        let (before, version) = (self.looks.len(), self.version);
        self.looks.retain(|look| look.agreement(version, ink) >= least);
        let gone = before - self.looks.len();
        if gone > 0 {
            self.sum = self.added();
        }
        gone
    }

    /// How a look goes with what is known so far, −1 to 1.
    pub(crate) fn agreement(&self, look: &Look) -> f32 {
        look.agreement(self.version, &self.sum)
    }

    /// The modules that are sure by now.
    pub(crate) fn marks(&self) -> Marks {
        Marks::of(self.version, &self.sum, 0.35)
    }

    /// All looks together.
    pub(crate) fn modules(&self) -> Modules {
        Modules { version: self.version, values: self.sum.clone() }
    }

    /// The weighed mean of all looks, about 1 for a clear module; a module that none showed comes out near 0.
    fn added(&self) -> Vec<f32> {
        let plain = self.weighed(|_, look, i| f32::from(look.weights[i]) / 255.0);
        if self.looks.len() < 3 {
            return plain;
        }
        let side = self.version.side();
        let trusted: Vec<Vec<f32>> = self
            .looks
            .iter()
            .map(|look| {
                let share = |v: f32| v / (side * side) as f32;
                let values = look.values.iter().map(|&v| f32::from(v) / 64.0);
                let together: Vec<f32> = values.clone().zip(&plain).map(|(v, sum)| v * sum).collect();
                let apart: Vec<f32> = values.zip(&plain).map(|(v, sum)| (v * sum).abs()).collect();
                let floor = 0.2 * share(apart.iter().sum::<f32>());
                local_mean(&together, side, PATCH)
                    .iter()
                    .zip(local_mean(&apart, side, PATCH))
                    .map(|(together, apart)| (together / (apart + floor)).max(0.0).powi(2))
                    .collect()
            })
            .collect();
        self.weighed(|n, look, i| f32::from(look.weights[i]) / 255.0 * trusted[n][i])
    }

    fn weighed(&self, weight: impl Fn(usize, &Look, usize) -> f32) -> Vec<f32> {
        let count = self.version.side() * self.version.side();
        let (mut sums, mut weights) = (vec![0.0f32; count], vec![0.0f32; count]);
        for (n, look) in self.looks.iter().enumerate() {
            let quality = look.quality * look.quality;
            for i in 0..count {
                let weight = quality * weight(n, look, i);
                sums[i] += weight * f32::from(look.values[i]) / 64.0;
                weights[i] += weight;
            }
        }
        let usual = weights.iter().sum::<f32>() / count as f32;
        sums.iter().zip(&weights).map(|(sum, weight)| sum / (weight + 0.2 * usual + 1e-6)).collect()
    }
}
