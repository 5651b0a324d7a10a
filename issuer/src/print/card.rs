//! One card: what stands where, for each size of sheet.
//!
//! All measures are those of an ID-1 card, 85.6 mm wide; larger cards are the same drawing, scaled to their width, with
//! the height that is left over shared out. What cards of a compound have in common (the blank) is drawn once into a
//! graphic of its own and used again; only the rest is drawn for each card.

use std::collections::HashMap;

use krilla::geom::Transform;
use krilla::graphic::Graphic;
use krilla::surface::Surface;
use pass::{Colour, CompoundId, Kind};

use super::code::{Code, CodeError};
use super::face::{CardFace, Field, FoundAt};
use super::fonts::Fonts;
use super::pen::{Area, Ink, Pen, Shape, Type};
use super::sheet::{SheetSize, crop_marks, footer};
use super::{Missing, Printed, mark, symbols};
use crate::words::print as words;

/// Draws the cards of one document.
pub(super) struct Cards<'fonts> {
    pub(super) sheet: SheetSize,
    pub(super) fonts: &'fonts mut Fonts,
    pub(super) blanks: HashMap<Blank, Graphic>,
    pub(super) printed: Printed,
}

/// What many cards share.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Blank {
    colour: Colour,
    kind: Kind,
    compound: CompoundId,
    compound_name: String,
    found: FoundAt,
}

impl Cards<'_> {
    /// Draws a card into its slot. The surface's unit is a millimetre.
    pub(super) fn card(
        &mut self,
        surface: &mut Surface<'_>,
        slot: usize,
        index: usize,
        face: &CardFace,
        code: &Code,
    ) -> Result<(), CodeError> {
        let plan = Plan::of(self.sheet);
        // Judged by its real size on paper, not by the size in the plan.
        code.module(plan.code.w * plan.scale)?;

        let mut missing = Vec::new();
        let blank = self.blank(surface, &plan, face, &mut missing);
        let at = self.sheet.slot(slot);
        let place = Transform::from_row(plan.scale, 0.0, 0.0, plan.scale, at.x, at.y);
        let mut pen = Pen { surface, fonts: self.fonts };
        pen.within(&place, |pen| {
            pen.surface.draw_graphic(blank);
            code.draw(pen, plan.code);
            draw_texts(pen, &plan, face, &mut missing);
        });

        self.printed.cards += 1;
        self.printed.missing.extend(missing.into_iter().map(|(field, character)| Missing {
            card: index,
            short_code: face.short_code.clone(),
            name: face.name.clone(),
            field,
            character,
        }));
        Ok(())
    }

    /// Crop marks, the sheet's number, and the reminder that a printer must not scale.
    pub(super) fn margins(&mut self, surface: &mut Surface<'_>, line: &[String; 2]) {
        if !self.sheet.has_margins() {
            return;
        }
        let mut pen = Pen { surface, fonts: self.fonts };
        crop_marks(&mut pen, self.sheet);
        let (halves, baseline) = footer(self.sheet);
        for ((x, room), text) in halves.into_iter().zip(line) {
            // Our own words, all of them in any font that is good enough for the cards.
            let _ = pen.text((x, baseline), Type::regular(2.4, Ink::Grey, room).centred(), text);
        }
    }

    fn blank(
        &mut self,
        surface: &mut Surface<'_>,
        plan: &Plan,
        face: &CardFace,
        missing: &mut Vec<(Field, char)>,
    ) -> Graphic {
        let blank = Blank {
            colour: face.colour,
            kind: face.kind,
            compound: face.compound,
            compound_name: face.compound_name.clone(),
            found: face.found.clone(),
        };
        if let Some(graphic) = self.blanks.get(&blank) {
            return graphic.clone();
        }
        let mut stream = surface.stream_builder();
        let mut inner = stream.surface();
        let mut pen = Pen { surface: &mut inner, fonts: self.fonts };
        draw_blank(&mut pen, plan, &blank, missing);
        inner.finish();
        let graphic = Graphic::new(stream.finish(), false);
        self.blanks.insert(blank, graphic.clone());
        graphic
    }
}

/// Where things stand on a card, in the measures of an ID-1 card.
pub(super) struct Plan {
    /// Millimetres on paper to a millimetre of the plan.
    pub(super) scale: f32,
    pub(super) field: Area,
    pub(super) mark: Area,
    pub(super) heading: Area,
    pub(super) sign: Area,
    word: (f32, f32, f32),
    pub(super) picture: Area,
    pub(super) facts: Area,
    pub(super) panel: Area,
    /// The code with its quiet zone.
    pub(super) code: Area,
    pub(super) found: Area,
}

impl Plan {
    pub(super) fn of(sheet: SheetSize) -> Self {
        let (w, h) = sheet.card_size();
        let (id1, _) = SheetSize::Ten.card_size();
        let scale = w / id1;
        let (w, h) = (id1, h / scale);
        // What a larger card is higher by, in proportion: shared out between the code, the facts, and the colour's word.
        let spare = h - SheetSize::Ten.card_size().1;

        let field = Area::new(EDGE, EDGE, w - 2.0 * EDGE, h - 2.0 * EDGE);
        let inner = field.inset(BORDER + 0.4);
        let found = Area::new(inner.x, inner.bottom() - 3.4, inner.w, 3.4);
        let bottom = found.y - 0.7;
        let side = 36.5 + 0.3 * spare;
        let panel = Area::new(inner.right() - side, inner.y, side, bottom - inner.y);
        let code = Area::new(panel.x, panel.y, side, side);

        let left = Area::new(inner.x, inner.y, panel.x - 1.6 - inner.x, bottom - inner.y);
        let mark = Area::new(left.x, left.y, 7.4, 7.4);
        let heading = Area::new(mark.right() + 1.3, left.y, left.right() - mark.right() - 1.3, mark.h);
        let facts_height = 19.4 + 0.5 * spare;
        let facts = Area::new(left.x, bottom - facts_height, left.w, facts_height);
        let band = Area::new(left.x, mark.bottom() + 1.1, left.w, facts.y - mark.bottom() - 2.2);
        let size = band.h.min(left.w * 0.36);
        let top = band.y + (band.h - size) / 2.0;
        let sign = Area::new(band.x, top, size, size);
        let picture = size * 0.74;
        let picture = Area::new(band.right() - picture, top + (size - picture) / 2.0, picture, picture);
        let word = ((sign.right() + picture.x) / 2.0, top, size);
        Self { scale, field, mark, heading, sign, word, picture, facts, panel, code, found }
    }
}

/// White around the coloured field: the room that cutting may err.
const EDGE: f32 = 1.5;
/// The border that tells the colour in grey.
const BORDER: f32 = 2.2;
const CORNER: f32 = 2.8;

fn draw_blank(pen: &mut Pen<'_, '_>, plan: &Plan, blank: &Blank, missing: &mut Vec<(Field, char)>) {
    let inks = symbols::palette(blank.colour);
    let on_field = (inks.on_field, inks.field);
    pen.fill(inks.field, Shape::new().rounded(plan.field, CORNER));
    symbols::border(pen, plan.field, BORDER, CORNER, blank.colour);

    mark::draw(pen, plan.mark, on_field, blank.compound, &blank.compound_name);
    let heading = plan.heading;
    let name = Type::bold(3.7, inks.on_field, heading.w);
    note(missing, Field::Compound, pen.text((heading.x, heading.y + 3.6), name, &blank.compound_name));
    let kind = words::kind(blank.kind);
    let set = Type::regular(2.5, inks.on_field, heading.w);
    note(
        missing,
        Field::Words,
        pen.text((heading.x, heading.y + 7.0), set, &format!("{} {}", kind.zh, kind.en)),
    );

    symbols::sign(pen, plan.sign, blank.colour);
    symbols::picture(pen, plan.picture, blank.kind, on_field);
    let (x, top, size) = plan.word;
    let word = words::colour(blank.colour);
    let zh = Type::bold(size * 0.76, inks.on_field, size).centred();
    let en = Type::bold(size * 0.22, inks.on_field, size * 0.98).centred();
    note(missing, Field::Words, pen.text((x, top + size * 0.68), zh, word.zh));
    note(missing, Field::Words, pen.text((x, top + size * 0.98), en, word.en));

    found(pen, plan.found, inks.on_field, &blank.found, missing);
    pen.fill(Ink::White, Shape::new().rounded(plan.panel, 1.6).rounded(plan.facts, 1.6));
    code_decides(pen, plan, missing);
}

fn found(pen: &mut Pen<'_, '_>, area: Area, ink: Ink, at: &FoundAt, missing: &mut Vec<(Field, char)>) {
    let baseline = area.y + 2.7;
    let label = format!("{} {}", words::IF_FOUND.zh, words::IF_FOUND.en);
    let set = Type::regular(2.2, ink, area.w * 0.4);
    let taken = pen.width(set, &label) + 1.5;
    note(missing, Field::Words, pen.text((area.x, baseline), set, &label));
    let where_to = format!("{} {}", at.office, at.telephone);
    let set = Type::bold(2.8, ink, area.w - taken);
    note(missing, Field::Found, pen.text((area.x + taken, baseline), set, where_to.trim()));
}

fn code_decides(pen: &mut Pen<'_, '_>, plan: &Plan, missing: &mut Vec<(Field, char)>) {
    let strip = strip(plan);
    let set = Type::regular(1.9, Ink::Black, strip.w * 0.28);
    note(missing, Field::Words, pen.text((strip.x + 1.6, strip.y + 2.0), set, words::CODE_DECIDES.zh));
    let set = Type::regular(1.35, Ink::Black, strip.w * 0.28);
    note(missing, Field::Words, pen.text((strip.x + 1.6, strip.y + 3.7), set, words::CODE_DECIDES.en));
}

/// Under the code, on the same panel.
fn strip(plan: &Plan) -> Area {
    Area::new(plan.panel.x, plan.code.bottom(), plan.panel.w, plan.panel.bottom() - plan.code.bottom())
}

fn draw_texts(pen: &mut Pen<'_, '_>, plan: &Plan, face: &CardFace, missing: &mut Vec<(Field, char)>) {
    let ink = Ink::Black;
    let facts = Area { y: plan.facts.y + 1.2, h: plan.facts.h - 2.4, ..plan.facts.inset(1.6) };
    // A unit of the plan, stretched where the panel is higher.
    let unit = facts.h / 17.0;
    let at = |y: f32| (facts.x, facts.y + y * unit);

    if face.kind == Kind::Vehicle {
        let plate = Area::new(facts.x - 0.4, facts.y, facts.w + 0.8, 6.5 * unit);
        pen.stroke(ink, 0.45, Shape::new().rounded(plate, 1.0));
        let set = Type::bold(6.2 * unit, ink, plate.w - 1.8).centred();
        note(missing, Field::Name, pen.text((plate.centre().0, at(5.4).1), set, &face.name));
    } else {
        let set = Type::bold(6.6 * unit, ink, facts.w);
        note(missing, Field::Name, pen.text(at(5.5), set, &face.name));
    }
    if let Some(home) = &face.dwelling {
        let set = Type::bold(3.2 * unit, ink, facts.w);
        note(missing, Field::Dwelling, pen.text(at(9.8), set, &words::dwelling(home)));
    }
    let (from, until) = words::validity(face.kind, face.validity);
    note(missing, Field::Words, pen.text(at(12.8), Type::regular(2.2 * unit, ink, facts.w), &from));
    note(missing, Field::Words, pen.text(at(16.7), Type::bold(3.6 * unit, ink, facts.w), &until));

    let strip = strip(plan);
    let set = Type::bold(3.5, ink, strip.w * 0.64).right().cells(0.7);
    note(missing, Field::ShortCode, pen.text((strip.right() - 1.6, strip.y + 3.4), set, &face.short_code));
    if face.kind == Kind::Specimen {
        cross_out(pen, plan, missing);
    }
}

/// Strikes a specimen through from corner to corner. The code's panel stays clear, so that it can be tried on a scanner,
/// which refuses it.
fn cross_out(pen: &mut Pen<'_, '_>, plan: &Plan, missing: &mut Vec<(Field, char)>) {
    let left = Area { w: plan.panel.x - plan.field.x, ..plan.field };
    let (cx, cy) = left.centre();
    let all_but_the_code = Shape::new().rounded(plan.field, CORNER).rounded(plan.panel, 1.6);
    pen.clipped(all_but_the_code, |pen| {
        let (w, h) = (left.w / 2.0, left.h / 2.0);
        let cross = || {
            Shape::new()
                .line(&[(cx - w, cy - h), (cx + w, cy + h)])
                .line(&[(cx + w, cy - h), (cx - w, cy + h)])
        };
        pen.stroke(Ink::White, 1.6, cross());
        pen.stroke(Ink::Black, 0.8, cross());
    });
    let ribbon = Area::new(left.x + 2.0, cy - 3.6, left.w - 4.0, 7.2);
    pen.fill(Ink::White, Shape::new().rounded(ribbon, 1.2));
    pen.stroke(Ink::Black, 0.7, Shape::new().rounded(ribbon, 1.2));
    let text = format!("{} {}", words::SPECIMEN.zh, words::SPECIMEN.en);
    let set = Type::bold(5.4, Ink::Black, ribbon.w - 3.0).centred();
    note(missing, Field::Words, pen.text((cx, cy + 1.9), set, &text));
}

fn note(missing: &mut Vec<(Field, char)>, field: Field, characters: Vec<char>) {
    for character in characters {
        if !missing.contains(&(field, character)) {
            missing.push((field, character));
        }
    }
}
