//! A compound's mark: its first character in a seal. Shape and style follow from the compound, so that two compounds whose
//! names begin alike can be told apart at a glance, and the same compound always has the same mark.

use pass::CompoundId;

use super::fonts::Weight;
use super::pen::{Align, Area, Ink, Pen, Shape, Type};

/// Draws the mark of a compound into a square. `ink` on `ground`.
pub(super) fn draw(
    pen: &mut Pen<'_, '_>,
    square: Area,
    (ink, ground): (Ink, Ink),
    compound: CompoundId,
    name: &str,
) {
    let look = spread(compound.0);
    let outline = |inset: f32| seal(look % 6, square.inset(inset));
    let hollow = look / 6 % 2 == 1;
    pen.fill(ink, outline(0.0));
    if hollow {
        pen.fill(ground, outline(square.w * 0.09));
    } else {
        pen.stroke(ground, square.w * 0.035, outline(square.w * 0.08));
    }
    let (x, y) = square.centre();
    let size = square.w * if look % 6 == 3 { 0.46 } else { 0.56 };
    let first: String = name.chars().find(|character| character.is_alphanumeric()).into_iter().collect();
    let ink = if hollow { ink } else { ground };
    let set = Type { size, weight: Weight::Bold, ink, align: Align::Centre, room: size, cell: None };
    // The compound's name is set in full beside the mark: what is missing is reported there.
    let _ = pen.text((x, y + size * 0.36), set, &first);
}

fn seal(shape: u32, square: Area) -> Shape {
    let (x, y) = square.centre();
    let radius = square.w / 2.0;
    match shape {
        0 => Shape::new().circle((x, y), radius),
        1 => Shape::new().rounded(square, radius * 0.3),
        2 => Shape::new().regular(6, (x, y), radius * 1.08, 0.0),
        3 => Shape::new().regular(4, (x, y), radius * 1.1, 0.0),
        4 => Shape::new().regular(6, (x, y), radius * 1.08, 30.0),
        _ => shield(square),
    }
}

fn shield(Area { x, y, w, h }: Area) -> Shape {
    Shape::new().polygon(&[
        (x + 0.04 * w, y),
        (x + 0.96 * w, y),
        (x + 0.96 * w, y + 0.62 * h),
        (x + 0.78 * w, y + 0.85 * h),
        (x + 0.5 * w, y + 1.02 * h),
        (x + 0.22 * w, y + 0.85 * h),
        (x + 0.04 * w, y + 0.62 * h),
    ])
}

/// Neighbouring numbers, far apart: 2³² divided by the golden ratio.
fn spread(number: u32) -> u32 {
    number.wrapping_mul(0x9E37_79B9) >> 16
}
