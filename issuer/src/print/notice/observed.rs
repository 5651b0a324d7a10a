//! For a home under observation: the sign at its door, which names nobody, and the sheet that says what holds for those days.

use jiff::ToSpan;
use jiff::civil::Date;
use pass::Colour;

use super::Sheet;
use crate::print::face::{Dwelling, FoundAt};
use crate::print::flow::Flow;
use crate::print::pen::{Area, Ink, Pen, Shape, Type};
use crate::print::symbols;
use crate::words::notices as words;

/// Days that the table has room for.
const MOST_DAYS: usize = 15;

impl Sheet<'_> {
    pub(super) fn door_sign(&mut self, pen: &mut Pen<'_, '_>, home: &Dwelling, days: (Date, Date)) {
        let (t, language) = (self.t, self.language);
        let room = self.head(pen);
        let inks = symbols::palette(Colour::Red);
        let band = Area::new(room.x, room.y, room.w, 88.0);
        pen.fill(inks.field, Shape::new().rounded(band, 6.0));
        symbols::sign(pen, Area::new(band.centre().0 - 20.0, band.y + 6.0, 40.0, 40.0), Colour::Red);
        let word = Area { y: band.y + 46.0, h: band.h - 48.0, ..band.inset(6.0) };
        let _ = self
            .set(pen, Flow::new(word).line(Type::bold(33.0, inks.on_field, word.w).centred(), t.observation));

        let top = band.bottom() + 7.0;
        let home = words::home(&home.building, &home.unit, &home.room, language);
        let mut flow = Flow::new(Area::new(room.x, top, room.w, room.bottom() - top))
            .line(Type::bold(16.0, Ink::Black, room.w).centred(), &home)
            .gap(2.0)
            .line(Type::bold(14.0, Ink::Black, room.w).centred(), t.no_visitors)
            .gap(3.0)
            .line(Type::regular(9.0, Ink::Black, room.w).centred(), &words::period(days.0, days.1, language))
            .gap(6.0);
        for text in t.door_points {
            flow = flow.point(Type::regular(7.2, Ink::Black, room.w), "·", text).gap(2.5);
        }
        let _ = self.set(pen, flow);
        self.foot(pen);
    }

    pub(super) fn guidance(
        &mut self,
        pen: &mut Pen<'_, '_>,
        (name, home): (&str, &Dwelling),
        days: (Date, Date),
        contact: &FoundAt,
    ) {
        let (t, language) = (self.t, self.language);
        let room = self.head(pen);
        let title = Type::bold(11.0, Ink::Black, room.w).centred();
        let mut y = self.set(pen, Flow::new(room).line(title, t.guidance).gap(2.0));
        let facts = [
            (t.name, name.to_owned()),
            (t.home, words::home(&home.building, &home.unit, &home.room, language)),
            (t.period, words::period(days.0, days.1, language)),
            (t.contact, words::contact(&contact.office, &contact.telephone)),
        ];
        for (number, (label, value)) in facts.into_iter().enumerate() {
            let half = room.w / 2.0;
            let x = if number % 2 == 0 { room.x } else { room.x + half };
            let baseline = y + 5.5;
            let taken = pen.width(Type::regular(4.0, Ink::Grey, half), label) + 2.5;
            self.missing.extend(pen.text((x, baseline), Type::regular(4.0, Ink::Grey, half), label));
            let set = Type::bold(5.0, Ink::Black, half - taken - 4.0);
            self.missing.extend(pen.text((x + taken, baseline), set, &value));
            if number % 2 == 1 {
                y += 7.2;
            }
        }
        y += 2.0;
        let mut points = Flow::new(Area::new(room.x, y, room.w, 66.0));
        let numbers = ["1", "2", "3", "4", "5", "6", "7", "8"];
        for (number, text) in numbers.into_iter().zip(t.points) {
            points = points.point(Type::regular(4.5, Ink::Black, room.w), number, text).gap(0.5);
        }
        let alarm = Area::new(room.x, self.set(pen, points) + 2.0, room.w, 9.5);
        pen.stroke(Ink::Black, 0.8, Shape::new().rounded(alarm, 1.5));
        let set = Type::bold(5.0, Ink::Black, alarm.w - 6.0).centred();
        self.missing.extend(pen.text((alarm.centre().0, alarm.y + 6.5), set, t.symptoms));
        let table = alarm.bottom() + 4.0;
        let signatures = room.bottom() - 6.0;
        self.table(pen, Area::new(room.x, table, room.w, signatures - 5.0 - table), days);
        for (x, text) in [(room.x, t.sign_resident), (room.x + room.w / 2.0, t.sign_worker)] {
            let set = Type::regular(4.3, Ink::Black, room.w / 2.0 - 34.0);
            self.missing.extend(pen.text((x, signatures + 2.0), set, text));
            let from = x + pen.width(set, text) + 2.0;
            let line = [(from, signatures + 3.0), (x + room.w / 2.0 - 5.0, signatures + 3.0)];
            pen.stroke(Ink::Black, 0.3, Shape::new().line(&line));
        }
        self.foot(pen);
    }

    /// A row for each day, two temperatures, symptoms and a signature, to be filled in by hand.
    fn table(&mut self, pen: &mut Pen<'_, '_>, area: Area, (first, last): (Date, Date)) {
        const HEAD: f32 = 6.5;
        let until = last.max(first);
        let dates: Vec<Date> =
            first.series(1.day()).take_while(|day| *day <= until).take(MOST_DAYS).collect();
        let count = f32::from(u8::try_from(dates.len()).unwrap_or(u8::MAX));
        let height = ((area.h - HEAD) / count).min(9.0);
        let shares = [0.14, 0.14, 0.14, 0.36, 0.22];
        let mut edges = vec![area.x];
        for share in shares {
            edges.push(edges[edges.len() - 1] + share * area.w);
        }
        let bottom = area.y + HEAD + count * height;
        let mut grid = Shape::new().rect(Area::new(area.x, area.y, area.w, bottom - area.y));
        for x in &edges[1..edges.len() - 1] {
            grid = grid.line(&[(*x, area.y), (*x, bottom)]);
        }
        for (cell, heading) in edges.windows(2).zip(self.t.columns) {
            let set = Type::bold(3.8, Ink::Black, cell[1] - cell[0] - 2.0).centred();
            let at = ((cell[0] + cell[1]) / 2.0, area.y + 4.6);
            self.missing.extend(pen.text(at, set, heading));
        }
        let mut y = area.y + HEAD;
        for day in dates {
            grid = grid.line(&[(area.x, y), (area.right(), y)]);
            let set = Type::regular(4.0, Ink::Black, edges[1] - edges[0] - 2.0).centred();
            let at = ((edges[0] + edges[1]) / 2.0, y + height / 2.0 + 1.4);
            self.missing.extend(pen.text(at, set, &words::short_day(day, self.language)));
            y += height;
        }
        pen.stroke(Ink::Black, 0.25, grid);
    }
}
