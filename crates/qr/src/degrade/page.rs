//! A flat sheet to hold before the camera: codes in any style, print around them, and what is done to paper.
//!
//! It knows nothing of cameras, and of a code only which modules are dark.

use super::dice::Dice;
use crate::Frame;

/// A sheet that is being drawn on, in grey. Lengths and places are in its own pixels.
#[derive(Debug, Clone)]
pub struct Page {
    width: usize,
    height: usize,
    luma: Vec<u8>,
}

/// How a code is printed.
#[derive(Debug, Clone, PartialEq)]
pub struct Print {
    /// Pixels along a module's side.
    pub module: f32,
    /// Brightness of dark modules.
    pub dark: u8,
    /// Brightness of light modules and of the quiet zone.
    pub light: u8,
    /// Light modules around the code; the standard wants four.
    pub quiet: f32,
    /// How round dark modules are: 0 square, 1 dots that touch, above 1 dots with gaps between them. Finders stay whole.
    pub round: f32,
    /// Seen in a mirror.
    pub mirrored: bool,
}

impl Default for Print {
    fn default() -> Self {
        Self { module: 8.0, dark: 15, light: 240, quiet: 4.0, round: 0.0, mirrored: false }
    }
}

impl Page {
    /// An empty sheet; sides are held to 1..=[`MAX_SIDE`](crate::MAX_SIDE).
    #[must_use]
    pub fn new(width: usize, height: usize, ground: u8) -> Self {
        let sane = |side: usize| side.clamp(1, crate::MAX_SIDE);
        let (width, height) = (sane(width), sane(height));
        Self { width, height, luma: vec![ground; width * height] }
    }

    /// The sheet as a drawing.
    #[must_use]
    pub fn into_frame(self) -> Frame {
        Frame::new(self.width, self.height, self.luma).expect("the sides were held to what a frame may have")
    }

    /// Prints a code of `side` modules whose first module's corner lies at (`left`, `top`).
    pub fn code(
        &mut self,
        side: usize,
        is_dark: impl Fn(usize, usize) -> bool,
        left: f32,
        top: f32,
        print: &Print,
    ) {
        let (module, quiet) = (print.module, print.quiet);
        let reach = (side as f32 + 2.0 * quiet) * module;
        let (x0, y0) = (left - quiet * module, top - quiet * module);
        let finder = |x: usize, y: usize| (x < 7 || x + 7 >= side) && (y < 7 || y + 7 >= side);
        self.each(x0, y0, x0 + reach, y0 + reach, |x, y, old| {
            let (u, v) = ((x - left) / module, (y - top) / module);
            let u = if print.mirrored { side as f32 - u } else { u };
            let inside = |v: f32| v >= 0.0 && v < side as f32;
            if !inside(u) || !inside(v) {
                return if print.quiet > 0.0 { print.light } else { old };
            }
            let (column, row) = (u as usize, v as usize);
            let (dx, dy) = ((u.fract() - 0.5).abs(), (v.fract() - 0.5).abs());
            // A superellipse between the square and the circle, and smaller circles beyond.
            let radius = 0.5 - 0.12 * (print.round - 1.0).max(0.0);
            let power = 2.0 / print.round.clamp(0.05, 1.0);
            let whole = print.round == 0.0 || finder(column, row);
            let inked = whole || (dx / radius).powf(power) + (dy / radius).powf(power) <= 1.0;
            if is_dark(column, row) && inked { print.dark } else { print.light }
        });
    }

    /// Lines of small print in a rectangle, `size` pixels high each: strokes that are no letters, but as dense as letters.
    pub fn lines(&mut self, [x0, y0, x1, y1]: [f32; 4], size: f32, ink: u8, dice: &mut Dice) {
        let mut y = y0;
        while y + size <= y1 {
            let mut x = x0;
            let end = x0 + (x1 - x0) * dice.between(0.5, 1.0);
            while x + size < end {
                if dice.chance(0.17) {
                    x += size * 0.5;
                    continue;
                }
                let (wide, thick) = (size * dice.between(0.3, 0.6), (size * 0.13).max(1.0));
                for _ in 0..2 {
                    let at = x + dice.between(0.0, 1.0) * (wide - thick);
                    self.each(at, y, at + thick, y + size * 0.75, |_, _, _| ink);
                }
                let at = y + dice.between(0.0, 0.6) * size;
                self.each(x, at, x + wide, at + thick, |_, _, _| ink);
                x += wide + size * 0.2;
            }
            y += size * 1.5;
        }
    }

    /// A filled rectangle.
    pub fn block(&mut self, [x0, y0, x1, y1]: [f32; 4], shade: u8) {
        self.each(x0, y0, x1, y1, |_, _, _| shade);
    }

    /// A filled disc.
    pub fn disc(&mut self, x: f32, y: f32, radius: f32, shade: u8) {
        self.each(x - radius, y - radius, x + radius, y + radius, |px, py, old| {
            if (px - x).hypot(py - y) <= radius { shade } else { old }
        });
    }

    /// A stroke of a pen through some places.
    pub fn stroke(&mut self, places: &[(f32, f32)], width: f32, shade: u8) {
        for pair in places.windows(2) {
            let ((ax, ay), (bx, by)) = (pair[0], pair[1]);
            let steps =
                ((bx - ax).hypot(by - ay) / (width * 0.25).max(0.5)).ceil().clamp(1.0, 4000.0) as usize;
            for step in 0..=steps {
                let t = step as f32 / steps as f32;
                self.disc(ax + (bx - ax) * t, ay + (by - ay) * t, width / 2.0, shade);
            }
        }
    }

    /// Everything on one side of a line through a place is gone; `angle` points to the lost side, degrees clockwise from
    /// the right.
    pub fn tear(&mut self, (x, y): (f32, f32), angle: f32, shade: u8) {
        let (sin, cos) = angle.to_radians().sin_cos();
        let (wide, high) = (self.width as f32, self.height as f32);
        self.each(0.0, 0.0, wide, high, |px, py, old| {
            let ragged = 3.0 * ((px * 0.11).sin() + (py * 0.13).cos());
            if (px - x) * cos + (py - y) * sin > ragged { shade } else { old }
        });
    }

    /// Dark squares or rings within each other, as finders have them: `rings` bands of `width` pixels around a middle.
    pub fn rings(&mut self, (x, y): (f32, f32), width: f32, rings: usize, is_square: bool, shades: (u8, u8)) {
        let reach = width * (rings as f32 + 0.5);
        self.each(x - reach, y - reach, x + reach, y + reach, |px, py, old| {
            let away = if is_square { (px - x).abs().max((py - y).abs()) } else { (px - x).hypot(py - y) };
            let band = (away / width + 0.5) as usize;
            if band > rings {
                return old;
            }
            // The core is a band and a half in radius: 1 : 1 : 3 : 1 : 1.
            if band <= 1 || band.is_multiple_of(2) == rings.is_multiple_of(2) && band > 2 {
                shades.0
            } else {
                shades.1
            }
        });
    }

    /// The dots of a screen: every `pitch` pixels a gap of half that width lets less light through, `depth` (0 to 1) of it less.
    pub fn screen(&mut self, pitch: f32, depth: f32) {
        let (wide, high) = (self.width as f32, self.height as f32);
        self.each(0.0, 0.0, wide, high, |x, y, old| {
            let gap = |v: f32| (v / pitch).fract() > 0.6;
            let left = if gap(x) { 1.0 - depth } else { 1.0 } * if gap(y) { 1.0 - depth } else { 1.0 };
            (f32::from(old) * left) as u8
        });
    }

    /// Calls `shade` with the middle of every pixel of a rectangle and what is there.
    fn each(&mut self, x0: f32, y0: f32, x1: f32, y1: f32, shade: impl Fn(f32, f32, u8) -> u8) {
        let clip = |v: f32, end: usize| v.round().clamp(0.0, end as f32) as usize;
        for y in clip(y0, self.height)..clip(y1, self.height) {
            for x in clip(x0, self.width)..clip(x1, self.width) {
                let pixel = &mut self.luma[y * self.width + x];
                *pixel = shade(x as f32 + 0.5, y as f32 + 0.5, *pixel);
            }
        }
    }
}
