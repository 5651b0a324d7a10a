//! Drawing in millimetres: shapes, and lines of text that fit the room they have. Knows no card.

use krilla::color::{luma, rgb};
use krilla::geom::{Path, PathBuilder, Point, Transform};
use krilla::paint::{Fill, FillRule, LineJoin, Paint, Stroke};
use krilla::surface::Surface;

use super::fonts::{Fonts, Run, Weight};

/// How far a line of text shrinks to fit before it is cut short.
const SMALLEST: f32 = 0.55;

/// A colour on paper. Black is pure black, so that a colour printer takes one ink for it and edges stay sharp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Ink {
    Black,
    White,
    Grey,
    Rgb(u8, u8, u8),
}

impl Ink {
    fn paint(self) -> Paint {
        match self {
            Self::Black => luma::Color::black().into(),
            Self::White => luma::Color::white().into(),
            Self::Grey => luma::Color::new(90).into(),
            Self::Rgb(red, green, blue) => rgb::Color::new(red, green, blue).into(),
        }
    }
}

/// A rectangle in millimetres; y grows downward.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) w: f32,
    pub(super) h: f32,
}

impl Area {
    pub(super) fn new(x: f32, y: f32, w: f32, h: f32) -> Self {
        Self { x, y, w, h }
    }

    pub(super) fn inset(self, by: f32) -> Self {
        Self::new(self.x + by, self.y + by, self.w - 2.0 * by, self.h - 2.0 * by)
    }

    pub(super) fn right(self) -> f32 {
        self.x + self.w
    }

    pub(super) fn bottom(self) -> f32 {
        self.y + self.h
    }

    pub(super) fn centre(self) -> (f32, f32) {
        (self.x + self.w / 2.0, self.y + self.h / 2.0)
    }
}

/// A shape in the making; several may go into one.
#[derive(Default)]
pub(super) struct Shape(PathBuilder);

impl Shape {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn rect(mut self, area: Area) -> Self {
        let (right, bottom) = (area.right(), area.bottom());
        self.corners(&[(area.x, area.y), (right, area.y), (right, bottom), (area.x, bottom)]);
        self
    }

    pub(super) fn polygon(mut self, points: &[(f32, f32)]) -> Self {
        self.corners(points);
        self
    }

    /// A regular polygon; `turn` in degrees, 0 puts a corner on top.
    pub(super) fn regular(self, corners: u8, (cx, cy): (f32, f32), radius: f32, turn: f32) -> Self {
        let step = 360.0 / f32::from(corners);
        let points: Vec<_> = (0..corners)
            .map(|corner| (f32::from(corner) * step + turn - 90.0).to_radians())
            .map(|angle| (cx + radius * angle.cos(), cy + radius * angle.sin()))
            .collect();
        self.polygon(&points)
    }

    pub(super) fn rounded(mut self, area: Area, radius: f32) -> Self {
        // The length of a handle that makes a cubic curve a quarter of a circle, nearly.
        let k = radius * (1.0 - 0.552_285);
        let Area { x, y, .. } = area;
        let (right, bottom) = (area.right(), area.bottom());
        let path = &mut self.0;
        path.move_to(x + radius, y);
        path.line_to(right - radius, y);
        path.cubic_to(right - k, y, right, y + k, right, y + radius);
        path.line_to(right, bottom - radius);
        path.cubic_to(right, bottom - k, right - k, bottom, right - radius, bottom);
        path.line_to(x + radius, bottom);
        path.cubic_to(x + k, bottom, x, bottom - k, x, bottom - radius);
        path.line_to(x, y + radius);
        path.cubic_to(x, y + k, x + k, y, x + radius, y);
        path.close();
        self
    }

    pub(super) fn circle(self, (cx, cy): (f32, f32), radius: f32) -> Self {
        self.rounded(Area::new(cx - radius, cy - radius, 2.0 * radius, 2.0 * radius), radius)
    }

    /// An open line through the points, to be stroked.
    pub(super) fn line(mut self, points: &[(f32, f32)]) -> Self {
        self.through(points);
        self
    }

    fn corners(&mut self, points: &[(f32, f32)]) {
        self.through(points);
        self.0.close();
    }

    fn through(&mut self, points: &[(f32, f32)]) {
        for (at, &(x, y)) in points.iter().enumerate() {
            if at == 0 {
                self.0.move_to(x, y);
            } else {
                self.0.line_to(x, y);
            }
        }
    }

    fn finish(self) -> Option<Path> {
        self.0.finish()
    }
}

/// Where a line of text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Centre,
    Right,
}

/// How a line of text is set. Sizes in millimetres.
#[derive(Clone, Copy, Debug)]
pub(super) struct Type {
    pub(super) size: f32,
    pub(super) weight: Weight,
    pub(super) ink: Ink,
    pub(super) align: Align,
    /// The width it may take: it shrinks to fit, and is cut short where that is not enough.
    pub(super) room: f32,
    /// The same width for every letter and figure, in ems: what is compared by eye.
    pub(super) cell: Option<f32>,
}

impl Type {
    pub(super) fn regular(size: f32, ink: Ink, room: f32) -> Self {
        Self { size, weight: Weight::Regular, ink, align: Align::Left, room, cell: None }
    }

    pub(super) fn bold(size: f32, ink: Ink, room: f32) -> Self {
        Self { weight: Weight::Bold, ..Self::regular(size, ink, room) }
    }

    pub(super) fn centred(self) -> Self {
        Self { align: Align::Centre, ..self }
    }

    pub(super) fn right(self) -> Self {
        Self { align: Align::Right, ..self }
    }

    pub(super) fn cells(self, width: f32) -> Self {
        Self { cell: Some(width), ..self }
    }
}

/// Draws on a surface whose unit is a millimetre.
pub(super) struct Pen<'pen, 'surface> {
    pub(super) surface: &'pen mut Surface<'surface>,
    pub(super) fonts: &'pen mut Fonts,
}

impl Pen<'_, '_> {
    pub(super) fn fill(&mut self, ink: Ink, shape: Shape) {
        self.draw(Some(fill(ink)), None, shape.finish());
    }

    pub(super) fn stroke(&mut self, ink: Ink, width: f32, shape: Shape) {
        self.draw(None, Some(stroke(ink, width)), shape.finish());
    }

    pub(super) fn stroke_path(&mut self, ink: Ink, width: f32, path: &Path) {
        self.surface.set_fill(None);
        self.surface.set_stroke(Some(stroke(ink, width)));
        self.surface.draw_path(path);
    }

    /// Runs `draw` inside of `shape`: where parts overlap evenly, outside.
    pub(super) fn clipped(&mut self, shape: Shape, draw: impl FnOnce(&mut Self)) {
        if let Some(path) = shape.finish() {
            self.surface.push_clip_path(&path, &FillRule::EvenOdd);
            draw(self);
            self.surface.pop();
        }
    }

    /// Runs `draw` in coordinates of its own.
    pub(super) fn within(&mut self, transform: &Transform, draw: impl FnOnce(&mut Self)) {
        self.surface.push_transform(transform);
        draw(self);
        self.surface.pop();
    }

    /// Sets a line with its baseline at `y`. Gives back the characters that no font has.
    pub(super) fn text(&mut self, (x, y): (f32, f32), set: Type, text: &str) -> Vec<char> {
        let (run, size) = self.fit(set, text);
        let width = run.width * size;
        let mut x = match set.align {
            Align::Left => x,
            Align::Centre => x - width / 2.0,
            Align::Right => x - width,
        };
        for span in &run.spans {
            let (font, thicken) = self.fonts.font(span);
            self.surface.set_fill(Some(fill(set.ink)));
            self.surface.set_stroke(thicken.then(|| stroke(set.ink, size / 30.0)));
            self.surface.draw_glyphs(Point::from_xy(x, y), &span.glyphs, font, &span.text, size, false);
            x += span.width * size;
        }
        run.missing
    }

    /// How wide a line would come out, in millimetres.
    pub(super) fn width(&mut self, set: Type, text: &str) -> f32 {
        let (run, size) = self.fit(set, text);
        run.width * size
    }

    fn fit(&mut self, set: Type, text: &str) -> (Run, f32) {
        let run = self.fonts.run(text, set.weight, set.cell);
        let fitting = set.room / run.width.max(f32::EPSILON);
        if fitting >= set.size * SMALLEST {
            return (run, set.size.min(fitting));
        }
        let size = set.size * SMALLEST;
        let mut kept: Vec<char> = text.chars().collect();
        loop {
            kept.pop();
            let short: String = kept.iter().copied().chain(['…']).collect();
            let cut = self.fonts.run(&short, set.weight, set.cell);
            if cut.width * size <= set.room || kept.is_empty() {
                // What was cut away may have lacked a glyph as well, and whoever prints wants to know.
                return (Run { missing: run.missing, ..cut }, size);
            }
        }
    }

    fn draw(&mut self, fill: Option<Fill>, stroke: Option<Stroke>, path: Option<Path>) {
        if let Some(path) = path {
            self.surface.set_fill(fill);
            self.surface.set_stroke(stroke);
            self.surface.draw_path(&path);
        }
    }
}

fn fill(ink: Ink) -> Fill {
    Fill { paint: ink.paint(), rule: FillRule::NonZero, ..Fill::default() }
}

fn stroke(ink: Ink, width: f32) -> Stroke {
    Stroke { paint: ink.paint(), width, line_join: LineJoin::Round, ..Stroke::default() }
}
