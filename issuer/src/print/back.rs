//! The back of a card: the secret link to its holder's phone page, as a code. It has no colour, so that nobody can show a back
//! for a front.

use krilla::geom::Transform;
use krilla::surface::Surface;

use super::card::Cards;
use super::code::{Code, CodeError};
use super::face::CardFace;
use super::mark;
use super::pen::{Area, Ink, Pen, Shape, Type};
use super::sheet::SheetSize;
use crate::words::print as words;

/// The code's side in millimetres of an ID-1 card.
const CODE: f32 = 34.0;

impl Cards<'_> {
    /// Draws a back behind its front: paper is turned over its long edge, so the slot is the one on the other side.
    pub(super) fn back(
        &mut self,
        surface: &mut Surface<'_>,
        slot: usize,
        face: &CardFace,
        code: &Code,
    ) -> Result<(), CodeError> {
        let (width, height) = self.sheet.card_size();
        let (id1, _) = SheetSize::Ten.card_size();
        let scale = width / id1;
        code.module(CODE * scale)?;
        let at = self.sheet.slot(self.sheet.behind(slot));
        let place = Transform::from_row(scale, 0.0, 0.0, scale, at.x, at.y);
        let card = Area::new(0.0, 0.0, id1, height / scale);
        let mut pen = Pen { surface, fonts: self.fonts };
        pen.within(&place, |pen| draw(pen, card, face, code));
        Ok(())
    }
}

/// What could not be drawn is known from the front: the same texts stand there.
fn draw(pen: &mut Pen<'_, '_>, card: Area, face: &CardFace, code: &Code) {
    let inner = card.inset(4.0);
    let square = Area::new(inner.right() - CODE, card.centre().1 - CODE / 2.0, CODE, CODE);
    code.draw(pen, square);
    let left = Area::new(inner.x, inner.y, square.x - 3.0 - inner.x, inner.h);

    let seal = Area::new(left.x, left.y, 6.5, 6.5);
    mark::draw(pen, seal, (Ink::Black, Ink::White), face.compound, &face.compound_name);
    let name = Type::bold(3.4, Ink::Black, left.right() - seal.right() - 1.5);
    let _ = pen.text((seal.right() + 1.5, left.y + 4.5), name, &face.compound_name);

    let mut y = left.y + 12.4;
    let sizes = [(4.1, true), (2.3, true), (2.75, false), (2.75, false), (1.95, false), (1.95, false)];
    for ((size, bold), line) in sizes.into_iter().zip(words::BACK) {
        let set = Type::regular(size, Ink::Black, left.w);
        let set = if bold { Type::bold(size, Ink::Black, left.w) } else { set };
        let _ = pen.text((left.x, y), set, line);
        y += size * 1.55;
    }
    let set = Type::bold(3.4, Ink::Black, left.w).cells(0.7);
    let _ = pen.text((left.x, left.bottom() - 4.6), set, &face.short_code);
    let where_to = format!("{} {}", face.found.office, face.found.telephone);
    let set = Type::regular(2.3, Ink::Black, left.w);
    let _ = pen.text((left.x, left.bottom() - 0.4), set, where_to.trim());
    pen.stroke(Ink::Grey, 0.15, Shape::new().rounded(card.inset(1.5), 2.8));
}
