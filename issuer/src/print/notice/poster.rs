//! The poster for gate, lift and door: show your pass, and what each colour may do.

use pass::Colour;

use super::{Sheet, Spot};
use crate::print::code::Code;
use crate::print::flow::Flow;
use crate::print::pen::{Area, Ink, Pen, Shape, Type};
use crate::print::symbols;
use crate::words::print as card_words;

/// The side of the code in millimetres: read from an arm's length by any phone.
pub(super) const CODE: f32 = 44.0;
const BAND: f32 = 31.0;

impl Sheet<'_> {
    pub(super) fn poster(&mut self, pen: &mut Pen<'_, '_>, spot: Spot, code: Option<&Code>) {
        let room = self.head(pen);
        let t = self.t;
        let says = match spot {
            Spot::Gate => t.at_the_gate,
            Spot::Lift => t.in_the_lift,
            Spot::Door => t.at_the_door,
        };
        let top = Flow::new(Area { h: 62.0, ..room })
            .line(Type::bold(29.0, Ink::Black, room.w).centred(), t.show_your_pass)
            .gap(2.0)
            .text(Type::regular(7.4, Ink::Black, room.w).centred(), 1.3, says)
            .gap(5.0);
        let mut y = self.set(pen, top);
        for colour in Colour::ALL {
            self.band(pen, Area::new(room.x, y, room.w, BAND), colour);
            y += BAND + 3.5;
        }
        y += 2.0;

        let side = if code.is_some() { CODE + 6.0 } else { 0.0 };
        let mut how = Flow::new(Area::new(room.x, y, room.w - side, room.bottom() - y));
        for (number, text) in ["1", "2", "3", "4"].into_iter().zip(t.how) {
            how = how.point(Type::regular(5.4, Ink::Black, room.w), number, text).gap(1.2);
        }
        let _ = self.set(pen, how);
        if let Some(code) = code {
            let square = Area::new(room.right() - CODE, y - 3.0, CODE, CODE);
            code.draw(pen, square);
            let set = Type::bold(4.6, Ink::Black, CODE + 4.0).centred();
            let at = (square.centre().0, square.bottom() + 2.2);
            self.missing.extend(pen.text(at, set, t.rules_here));
        }
        self.foot(pen);
    }

    fn band(&mut self, pen: &mut Pen<'_, '_>, band: Area, colour: Colour) {
        let inks = symbols::palette(colour);
        pen.fill(inks.field, Shape::new().rounded(band, 4.0));
        symbols::border(pen, band, 2.2, 4.0, colour);
        let inner = band.inset(5.0);
        symbols::sign(pen, Area::new(inner.x, inner.y, inner.h, inner.h), colour);
        let word = self.language.choose(card_words::colour(colour).zh, card_words::colour(colour).en);
        let x = inner.x + inner.h + 5.0;
        let size = self.language.choose(20.0, 15.0);
        let width = self.language.choose(24.0, 54.0);
        self.missing.extend(pen.text((x, band.y + 23.0), Type::bold(size, inks.on_field, width), word));
        let x = x + width + 4.0;
        let may = Type::regular(7.6, inks.on_field, inner.right() - x);
        let lines = crate::print::flow::lines(pen.fonts, may, self.t.may(colour));
        let height = f32::from(u8::try_from(lines.len()).unwrap_or(u8::MAX)) * may.size * 1.25;
        let top = band.y + (band.h - height) / 2.0;
        let text = Flow::new(Area::new(x, top, may.room, band.bottom() - top));
        let _ = self.set(pen, text.text(may, 1.25, self.t.may(colour)));
    }
}
