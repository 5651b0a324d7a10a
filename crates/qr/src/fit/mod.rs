//! Where every module of a code lies: version and perspective from its finders, alignment patterns, and the bend of
//! the paper.

mod anchors;
mod bend;
mod follow;
mod polish;
mod seek;
mod trace;

use crate::Point;
use crate::geometry::Perspective;
use crate::plane::Plane;
use crate::symbol::Version;
pub(crate) use anchors::Anchors;
use bend::Bend;
pub(crate) use follow::Marks;

/// A code's grid: module coordinates (0 to the side, whole numbers at the edges between modules) to pixels.
#[derive(Debug, Clone)]
pub(crate) struct Grid {
    pub(crate) version: Version,
    pub(crate) inverted: bool,
    perspective: Perspective,
    bend: Option<Bend>,
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
    pub(crate) fn timing(&self, plane: &Plane<'_>) -> f32 {
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

    pub(crate) fn is_bent(&self) -> bool {
        self.bend.is_some()
    }

    /// The grid without any bend.
    pub(crate) fn unbent(&self) -> Self {
        Self { bend: None, ..self.clone() }
    }

    /// Whether all corners of another grid of the same version lie within `modules` of this one's.
    pub(crate) fn is_near(&self, other: &Self, modules: f32) -> bool {
        let near = modules * self.module();
        self.version == other.version
            && self.inverted == other.inverted
            && self.corners().iter().zip(other.corners()).all(|(a, b)| a.distance(b) < near)
    }

    /// Calls `hide` with every module, counted row by row, whose middle lies beyond the edges of the picture.
    pub(crate) fn each_beyond(&self, plane: &Plane<'_>, mut hide: impl FnMut(usize)) {
        let (right, bottom) = (plane.width as f32 * plane.scale, plane.height as f32 * plane.scale);
        let is_beyond = |p: Point| !((0.0..right).contains(&p.x) && (0.0..bottom).contains(&p.y));
        if !self.corners().into_iter().any(is_beyond) {
            return;
        }
        let side = self.version.side();
        (0..side * side).filter(|i| is_beyond(self.map(middle_of(i % side, i / side)))).for_each(&mut hide);
    }

    /// The brightness of every module, row by row; light is always high.
    pub(crate) fn sample(&self, plane: &Plane<'_>) -> Vec<f32> {
        let side = self.version.side();
        (0..side * side).map(|i| self.look(plane, middle_of(i % side, i / side))).collect()
    }
}

fn middle_of(x: usize, y: usize) -> Point {
    Point { x: x as f32 + 0.5, y: y as f32 + 0.5 }
}

fn minus(p: Point, q: Point) -> Point {
    Point { x: p.x - q.x, y: p.y - q.y }
}
