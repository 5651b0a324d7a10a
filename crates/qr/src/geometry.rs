//! Points, lines and perspective. It knows nothing of pixels or codes.

use crate::Point;

impl Point {
    pub(crate) fn distance(self, other: Self) -> f32 {
        (self.x - other.x).hypot(self.y - other.y)
    }
}

/// The mean of some points; the origin when there are none.
pub(crate) fn middle(points: &[Point]) -> Point {
    let n = points.len().max(1) as f32;
    let (x, y) = points.iter().fold((0.0, 0.0), |sum, p| (sum.0 + p.x, sum.1 + p.y));
    Point { x: x / n, y: y / n }
}

/// a·x + b·y = c with (a, b) of length 1.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    a: f32,
    b: f32,
    c: f32,
}

impl Line {
    pub(crate) fn through(p: Point, q: Point) -> Self {
        let (a, b) = (p.y - q.y, q.x - p.x);
        let length = a.hypot(b).max(1e-6);
        let (a, b) = (a / length, b / length);
        Self { a, b, c: a * p.x + b * p.y }
    }

    /// Least squares of the distances (total least squares).
    pub(crate) fn fit(points: &[Point]) -> Option<Self> {
        let m = middle(points);
        let (mut xx, mut xy, mut yy) = (0.0f32, 0.0f32, 0.0f32);
        for p in points {
            let (x, y) = (p.x - m.x, p.y - m.y);
            xx += x * x;
            xy += x * y;
            yy += y * y;
        }
        if xx + yy < 1e-6 {
            return None;
        }
        let angle = 0.5 * (2.0 * xy).atan2(xx - yy);
        let (a, b) = (-angle.sin(), angle.cos());
        Some(Self { a, b, c: a * m.x + b * m.y })
    }

    /// Signed distance.
    pub(crate) fn side(&self, p: Point) -> f32 {
        self.a * p.x + self.b * p.y - self.c
    }

    pub(crate) fn cross(&self, other: &Self) -> Option<Point> {
        let det = self.a * other.b - other.a * self.b;
        (det.abs() > 1e-4).then(|| Point {
            x: (self.c * other.b - other.c * self.b) / det,
            y: (self.a * other.c - other.a * self.c) / det,
        })
    }
}

/// A plane seen in perspective: module coordinates to pixels of the frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Perspective(pub(crate) [f32; 8]);

/// `from` (modules) belongs to `to` (pixels), and how much that counts.
pub(crate) struct Tie {
    pub(crate) from: Point,
    pub(crate) to: Point,
    pub(crate) weight: f32,
}

impl Perspective {
    pub(crate) fn map(&self, p: Point) -> Point {
        let m = &self.0;
        let w = m[6] * p.x + m[7] * p.y + 1.0;
        let w = if w.abs() < 1e-4 { 1e-4 } else { w };
        Point { x: (m[0] * p.x + m[1] * p.y + m[2]) / w, y: (m[3] * p.x + m[4] * p.y + m[5]) / w }
    }

    /// The perspective that brings the ties closest together, in the algebraic least-squares sense.
    pub(crate) fn fit(ties: &[Tie]) -> Option<Self> {
        if ties.len() < 4 {
            return None;
        }
        // Both sides are moved and scaled to around 1 first, or the normal equations lose their digits.
        let norm = |points: &mut dyn Iterator<Item = Point>| {
            let points: Vec<Point> = points.collect();
            let m = middle(&points);
            let spread = points.iter().map(|p| p.distance(m)).sum::<f32>() / points.len() as f32;
            (f64::from(m.x), f64::from(m.y), f64::from(spread.max(1e-3)))
        };
        let (fx, fy, fs) = norm(&mut ties.iter().map(|t| t.from));
        let (tx, ty, ts) = norm(&mut ties.iter().map(|t| t.to));
        let mut a = [[0.0f64; 9]; 8];
        for tie in ties {
            let (x, y) = ((f64::from(tie.from.x) - fx) / fs, (f64::from(tie.from.y) - fy) / fs);
            let (u, v) = ((f64::from(tie.to.x) - tx) / ts, (f64::from(tie.to.y) - ty) / ts);
            let rows = [
                [x, y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y, u],
                [0.0, 0.0, 0.0, x, y, 1.0, -v * x, -v * y, v],
            ];
            for row in rows {
                for i in 0..8 {
                    for j in 0..9 {
                        a[i][j] += f64::from(tie.weight) * row[i] * row[j];
                    }
                }
            }
        }
        eliminate(&mut a)?;
        let h = a.map(|line| line[8]);
        // Undo the normalisation: T^-1 H F.
        let h = [[h[0], h[1], h[2]], [h[3], h[4], h[5]], [h[6], h[7], 1.0]];
        let f = [[1.0 / fs, 0.0, -fx / fs], [0.0, 1.0 / fs, -fy / fs], [0.0, 0.0, 1.0]];
        let t = [[ts, 0.0, tx], [0.0, ts, ty], [0.0, 0.0, 1.0]];
        let m = multiply(&t, &multiply(&h, &f));
        if m[2][2].abs() < 1e-9 {
            return None;
        }
        let flat = [m[0][0], m[0][1], m[0][2], m[1][0], m[1][1], m[1][2], m[2][0], m[2][1]];
        Some(Self(flat.map(|v| (v / m[2][2]) as f32)))
    }
}

fn multiply(a: &[[f64; 3]; 3], b: &[[f64; 3]; 3]) -> [[f64; 3]; 3] {
    let mut product = [[0.0; 3]; 3];
    for i in 0..3 {
        for j in 0..3 {
            product[i][j] = (0..3).map(|k| a[i][k] * b[k][j]).sum();
        }
    }
    product
}

/// Gauss–Jordan with partial pivoting: a square of coefficients with right sides beside it; these become the solutions.
pub(crate) fn eliminate<const N: usize, const M: usize>(a: &mut [[f64; M]; N]) -> Option<()> {
    for column in 0..N {
        let pivot = (column..N).max_by(|&i, &j| a[i][column].abs().total_cmp(&a[j][column].abs()))?;
        if a[pivot][column].abs() < 1e-12 {
            return None;
        }
        a.swap(column, pivot);
        let lead = a[column];
        for (row, line) in a.iter_mut().enumerate() {
            if row != column {
                let factor = line[column] / lead[column];
                for (value, lead) in line.iter_mut().zip(&lead).skip(column) {
                    *value -= factor * lead;
                }
            }
        }
    }
    for (i, line) in a.iter_mut().enumerate() {
        let lead = line[i];
        line[N..].iter_mut().for_each(|value| *value /= lead);
    }
    Some(())
}
