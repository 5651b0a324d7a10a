//! What tells cards apart without their colour: a sign for each colour, a border for each colour, a picture for each kind.

use pass::{Colour, Kind};

use super::pen::{Area, Ink, Pen, Shape};

/// The inks of a colour, and what is drawn on it. Printed grey they come out dark, middle and light (about 24 %, 40 % and
/// 79 % of white), so that the three differ even where nothing else can be made out.
#[derive(Clone, Copy)]
pub(super) struct Palette {
    pub(super) field: Ink,
    pub(super) on_field: Ink,
}

pub(super) fn palette(colour: Colour) -> Palette {
    match colour {
        Colour::Red => Palette { field: Ink::Rgb(184, 14, 30), on_field: Ink::White },
        Colour::Yellow => Palette { field: Ink::Rgb(255, 208, 0), on_field: Ink::Black },
        Colour::Green => Palette { field: Ink::Rgb(0, 138, 62), on_field: Ink::White },
    }
}

/// The colour's sign: a stop sign, a warning triangle, a tick in a disc.
pub(super) fn sign(pen: &mut Pen<'_, '_>, square: Area, colour: Colour) {
    let Palette { field, on_field } = palette(colour);
    let (x, y) = square.centre();
    let radius = square.w / 2.0;
    let at = |dx: f32, dy: f32| (x + dx * radius, y + dy * radius);
    match colour {
        Colour::Red => {
            let octagon = |radius| Shape::new().regular(8, (x, y), radius, 22.5);
            pen.fill(on_field, octagon(radius * 1.06));
            pen.stroke(field, radius * 0.07, octagon(radius * 0.93));
            pen.fill(
                field,
                Shape::new().rect(Area::new(
                    x - radius * 0.62,
                    y - radius * 0.2,
                    radius * 1.24,
                    radius * 0.4,
                )),
            );
        }
        Colour::Yellow => {
            let triangle = Shape::new().polygon(&[at(0.0, -0.82), at(0.9, 0.74), at(-0.9, 0.74)]);
            pen.stroke(on_field, radius * 0.26, triangle);
            pen.fill(on_field, Shape::new().polygon(&[at(0.0, -0.82), at(0.9, 0.74), at(-0.9, 0.74)]));
            pen.fill(
                field,
                Shape::new().polygon(&[at(-0.15, -0.36), at(0.15, -0.36), at(0.09, 0.3), at(-0.09, 0.3)]),
            );
            pen.fill(field, Shape::new().circle(at(0.0, 0.53), radius * 0.13));
        }
        Colour::Green => {
            pen.fill(on_field, Shape::new().circle((x, y), radius));
            pen.stroke(
                field,
                radius * 0.24,
                Shape::new().line(&[at(-0.5, 0.04), at(-0.14, 0.42), at(0.52, -0.38)]),
            );
        }
    }
}

/// A border around the coloured field: solid for red, striped for yellow, dotted for green.
pub(super) fn border(pen: &mut Pen<'_, '_>, field: Area, width: f32, corner: f32, colour: Colour) {
    let Palette { on_field, .. } = palette(colour);
    match colour {
        Colour::Red => {}
        Colour::Yellow => {
            let ring = Shape::new().rounded(field, corner).rounded(field.inset(width), corner * 0.5);
            pen.clipped(ring, |pen| {
                const STRIPE: f32 = 2.6;
                let mut stripes = Shape::new();
                let mut x = field.x - field.h;
                while x < field.right() {
                    let (top, bottom) = (field.y, field.bottom());
                    stripes = stripes.polygon(&[
                        (x, bottom),
                        (x + field.h, top),
                        (x + field.h + STRIPE, top),
                        (x + STRIPE, bottom),
                    ]);
                    x += 2.0 * STRIPE;
                }
                pen.fill(on_field, stripes);
            });
        }
        Colour::Green => {
            const DOT: f32 = 0.62;
            let path = field.inset(width / 2.0 + 0.1);
            let mut dots = Shape::new();
            for (along, from, to) in [
                (path.w, (path.x, path.y), (path.right(), path.y)),
                (path.h, (path.right(), path.y), (path.right(), path.bottom())),
            ] {
                let count = (along / 2.9).round();
                let mut step = 0.0;
                while step < count {
                    let part = step / count;
                    let (x, y) = (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part);
                    let (cx, cy) = path.centre();
                    // The two other sides are these, turned around the middle.
                    dots = dots.circle((x, y), DOT).circle((2.0 * cx - x, 2.0 * cy - y), DOT);
                    step += 1.0;
                }
            }
            pen.fill(on_field, dots);
        }
    }
}

/// Who or what the card is for, as a picture.
pub(super) fn picture(pen: &mut Pen<'_, '_>, square: Area, kind: Kind, (ink, ground): (Ink, Ink)) {
    match kind {
        Kind::Person => person(pen, square, ink),
        Kind::Vehicle => car(pen, square, (ink, ground)),
        Kind::Visitor => {
            person(pen, square, ink);
            clock(pen, square, (ink, ground));
        }
        Kind::Specimen => {
            let (x, y) = square.centre();
            let arm = square.w * 0.36;
            let cross = Shape::new().line(&[(x - arm, y - arm), (x + arm, y + arm)]);
            pen.stroke(ink, square.w * 0.16, cross.line(&[(x + arm, y - arm), (x - arm, y + arm)]));
        }
    }
}

fn person(pen: &mut Pen<'_, '_>, Area { x, y, w, h }: Area, ink: Ink) {
    pen.fill(ink, Shape::new().circle((x + 0.5 * w, y + 0.25 * h), 0.22 * w));
    let shoulders = Area::new(x + 0.1 * w, y + 0.53 * h, 0.8 * w, 0.8 * h);
    pen.clipped(Shape::new().rect(Area::new(x, y + 0.5 * h, w, 0.47 * h)), |pen| {
        pen.fill(ink, Shape::new().rounded(shoulders, 0.36 * w));
    });
}

/// A visitor's time is short.
fn clock(pen: &mut Pen<'_, '_>, Area { x, y, w, h }: Area, (ink, ground): (Ink, Ink)) {
    let centre = (x + 0.8 * w, y + 0.74 * h);
    pen.fill(ground, Shape::new().circle(centre, 0.32 * w));
    pen.fill(ink, Shape::new().circle(centre, 0.25 * w));
    let hands = Shape::new().line(&[
        (centre.0, centre.1 - 0.16 * h),
        centre,
        (centre.0 + 0.12 * w, centre.1 + 0.06 * h),
    ]);
    pen.stroke(ground, 0.06 * w, hands);
}

/// Seen from the front, as a guard sees it.
fn car(pen: &mut Pen<'_, '_>, Area { x, y, w, h }: Area, (ink, ground): (Ink, Ink)) {
    let at = |fx: f32, fy: f32| (x + fx * w, y + fy * h);
    let part = |fx: f32, fy: f32, fw: f32, fh: f32| Area::new(x + fx * w, y + fy * h, fw * w, fh * h);
    let roof = Shape::new().polygon(&[at(0.25, 0.16), at(0.75, 0.16), at(0.88, 0.5), at(0.12, 0.5)]);
    pen.fill(ink, roof);
    pen.fill(ink, Shape::new().rounded(part(0.04, 0.46, 0.92, 0.34), 0.08 * w));
    pen.fill(
        ink,
        Shape::new()
            .rounded(part(0.08, 0.7, 0.2, 0.24), 0.05 * w)
            .rounded(part(0.72, 0.7, 0.2, 0.24), 0.05 * w),
    );
    pen.fill(ground, Shape::new().polygon(&[at(0.3, 0.22), at(0.7, 0.22), at(0.79, 0.46), at(0.21, 0.46)]));
    pen.fill(ground, Shape::new().circle(at(0.2, 0.62), 0.075 * w).circle(at(0.8, 0.62), 0.075 * w));
    pen.fill(ground, Shape::new().rect(part(0.37, 0.58, 0.26, 0.09)));
}
