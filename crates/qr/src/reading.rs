//! From a grid to what the code under it says: its modules sampled, judged and decoded.

use crate::Point;
use crate::decode::{Decoded, Modules, decode};
use crate::equalise::equalised;
use crate::fit::Grid;
use crate::plane::Plane;
use crate::sample::{Limits, Samples};
use crate::scanner::Sighting;

/// A grid that was read.
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    pub(crate) sighting: Sighting,
    pub(crate) grid: Grid,
    /// How its data modules should have looked: 1 dark, −1 light, 0 elsewhere.
    pub(crate) ink: Vec<i8>,
    is_mirrored: bool,
}

impl Reading {
    /// What the grid shows.
    pub(crate) fn of(grid: &Grid, plane: &Plane<'_>, limits: Limits) -> Option<Self> {
        Some(Self::new(grid, decode(&modules(grid, plane, limits))?))
    }

    /// What it shows without what its modules add to each other.
    pub(crate) fn of_equalised(grid: &Grid, plane: &Plane<'_>) -> Option<Self> {
        Some(Self::new(grid, decode(&equalised(&modules(grid, plane, Limits::Mean))?)?))
    }

    pub(crate) fn new(grid: &Grid, decoded: Decoded) -> Self {
        let Decoded { bytes, is_mirrored, ink, .. } = decoded;
        let corners = [Point { x: 0.0, y: 0.0 }; 4];
        let reading = Self { sighting: Sighting { bytes, corners }, grid: grid.clone(), ink, is_mirrored };
        reading.seen_at(grid)
    }

    /// The same code in another place.
    pub(crate) fn seen_at(&self, grid: &Grid) -> Self {
        let [a, b, c, d] = grid.corners();
        let corners = if self.is_mirrored { [a, d, c, b] } else { [a, b, c, d] };
        let sighting = Sighting { bytes: self.sighting.bytes.clone(), corners };
        Self { sighting, grid: grid.clone(), ..self.clone() }
    }
}

/// What is known of every module; nothing of those beyond the edges of the picture.
fn modules(grid: &Grid, plane: &Plane<'_>, limits: Limits) -> Modules {
    let mut modules = Samples::new(grid.version, grid.sample(plane), limits).modules();
    grid.each_beyond(plane, |i| modules.values[i] = 0.0);
    modules
}

impl Sighting {
    /// Whether a point lies within the code.
    pub(crate) fn holds(&self, point: Point) -> bool {
        let side = |i: usize| {
            let (a, b) = (self.corners[i], self.corners[(i + 1) % 4]);
            (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x)
        };
        let sides = [0, 1, 2, 3].map(side);
        sides.iter().all(|side| *side >= 0.0) || sides.iter().all(|side| *side <= 0.0)
    }
}
