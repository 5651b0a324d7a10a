//! The notice at the door of a building, or of a stairwell, that is closed.

use jiff::civil::{Date, DateTime};
use pass::Colour;

use super::Sheet;
use crate::print::flow::Flow;
use crate::print::pen::{Area, Ink, Pen, Shape, Type};
use crate::print::symbols;
use crate::words::notices as words;

impl Sheet<'_> {
    pub(super) fn closed(
        &mut self,
        pen: &mut Pen<'_, '_>,
        (building, unit): (&str, &str),
        (from, until): (DateTime, Option<Date>),
        why: &str,
    ) {
        let (t, language) = (self.t, self.language);
        let room = self.head(pen);
        let inks = symbols::palette(Colour::Red);
        let band = Area::new(room.x, room.y, room.w, 74.0);
        pen.fill(inks.field, Shape::new().rounded(band, 6.0));
        let heading = if unit.trim().is_empty() { t.closed_building } else { t.closed_unit };
        let inner = Area { y: band.y + 8.0, h: band.h - 12.0, ..band.inset(6.0) };
        let place = words::part_of_compound(building, unit, language);
        let word = Flow::new(inner)
            .line(Type::bold(18.0, inks.on_field, inner.w).centred(), &place)
            .gap(3.0)
            .line(Type::bold(29.0, inks.on_field, inner.w).centred(), heading);
        let _ = self.set(pen, word);

        let top = band.bottom() + 6.0;
        let since = words::closed(from, until, language);
        let mut flow = Flow::new(Area::new(room.x, top, room.w, room.bottom() - top))
            .line(Type::bold(8.6, Ink::Black, room.w).centred(), &since)
            .gap(1.0);
        if !why.trim().is_empty() {
            let why = format!("{}{}{}", t.why, language.choose("：", ": "), why.trim());
            flow = flow.text(Type::regular(7.0, Ink::Black, room.w).centred(), 1.35, &why);
        }
        flow = flow.gap(6.0);
        for (number, text) in ["1", "2", "3", "4", "5"].into_iter().zip(t.closed_points) {
            flow = flow.point(Type::regular(7.4, Ink::Black, room.w), number, text).gap(3.0);
        }
        let _ = self.set(pen, flow);
        self.foot(pen);
    }
}
