//! Notices of a page each: posters for gate, lift and door, the sign and the guidance sheet for a home under observation, the
//! notice of a building or a stairwell that is closed. Plain values in one language; knows no registry and decides nothing.

mod closed;
mod observed;
mod poster;

use std::io::Write;

use jiff::civil::{Date, DateTime};
use krilla::Document;
use krilla::page::PageSettings;
use pass::CompoundId;

use super::code::Code;
use super::face::{Dwelling, FoundAt};
use super::flow::Flow;
use super::pen::{Area, Ink, Pen, Shape, Type};
use super::sheet::PAGE;
use super::{Fonts, PrintError, mark, metadata};
use crate::words::Language;
use crate::words::notices as words;

/// Where a notice hangs, and who answers for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The compound, for its mark.
    pub compound: CompoundId,
    /// Its name.
    pub compound_name: String,
    /// The office that residents call.
    pub office: FoundAt,
}

/// Where a poster hangs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// At the gate.
    Gate,
    /// In a lift.
    Lift,
    /// At the door of a stairwell.
    Door,
}

/// A notice, as data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// What to show at the gate, and what each colour may do.
    Poster {
        /// Where it hangs.
        spot: Spot,
        /// The address of the compound's rules, where phones reach the office's pages.
        link: Option<String>,
    },
    /// For the door of a home under observation. It names nobody.
    DoorSign {
        /// Which home.
        home: Dwelling,
        /// The first and the planned last day.
        days: (Date, Date),
    },
    /// What somebody under observation is told, with a table of their days to be filled in.
    Guidance {
        /// Masked name.
        name: String,
        /// Which home.
        home: Dwelling,
        /// The first and the planned last day.
        days: (Date, Date),
        /// The contact person and their telephone.
        contact: FoundAt,
    },
    /// A building, or one of its stairwells, is closed.
    Closed {
        /// The building.
        building: String,
        /// The stairwell; empty for all of the building.
        unit: String,
        /// Since when.
        from: DateTime,
        /// Until when, where that is expected.
        until: Option<Date>,
        /// Why, in the office's words; may be empty.
        why: String,
    },
}

/// Draws a notice and writes the PDF to `out`. Returns the characters that no font has; each shows as an empty frame.
///
/// # Errors
/// [`PrintError`]; `out` is untouched unless writing itself failed.
pub fn draw_notice(
    notice: &Notice,
    place: &Place,
    language: Language,
    printed: DateTime,
    fonts: &mut Fonts,
    out: &mut impl Write,
) -> Result<Vec<char>, PrintError> {
    let code = match notice {
        Notice::Poster { link: Some(link), .. } => {
            let refuse = |error| PrintError::Link { error };
            let code = Code::new(link).map_err(refuse)?;
            code.module(poster::CODE).map_err(refuse)?;
            Some(code)
        }
        _ => None,
    };
    let mut document = Document::new();
    document.set_metadata(metadata(printed, title(notice, language), language));
    let mut page = document.start_page_with(PageSettings::new(PAGE.to_points()));
    let mut surface = page.surface();
    surface.push_transform(&PAGE.millimetres());
    let mut pen = Pen { surface: &mut surface, fonts };
    let t = words::texts(language);
    let mut sheet = Sheet { place, language, t, missing: Vec::new() };
    match notice {
        Notice::Poster { spot, .. } => sheet.poster(&mut pen, *spot, code.as_ref()),
        Notice::DoorSign { home, days } => sheet.door_sign(&mut pen, home, *days),
        Notice::Guidance { name, home, days, contact } => {
            sheet.guidance(&mut pen, (name, home), *days, contact);
        }
        Notice::Closed { building, unit, from, until, why } => {
            sheet.closed(&mut pen, (building, unit), (*from, *until), why);
        }
    }
    let mut missing = sheet.missing;
    missing.sort_unstable();
    missing.dedup();
    surface.pop();
    surface.finish();
    page.finish();
    let pdf = document.finish().map_err(|error| PrintError::Document(error.to_string()))?;
    out.write_all(&pdf)?;
    out.flush()?;
    Ok(missing)
}

fn title(notice: &Notice, language: Language) -> &'static str {
    let [poster, door, guidance, closed] = words::texts(language).titles;
    match notice {
        Notice::Poster { .. } => poster,
        Notice::DoorSign { .. } => door,
        Notice::Guidance { .. } => guidance,
        Notice::Closed { .. } => closed,
    }
}

/// A notice in the making.
struct Sheet<'a> {
    place: &'a Place,
    language: Language,
    t: &'static words::Texts,
    missing: Vec<char>,
}

/// White around a notice: more than any printer leaves.
const EDGE: f32 = 14.0;
/// The room for the office's line at the foot.
const FOOT: f32 = 14.0;

impl Sheet<'_> {
    /// All of the page that is written on.
    fn page(&self) -> Area {
        Area::new(0.0, 0.0, PAGE.w, PAGE.h).inset(EDGE)
    }

    /// The compound's mark and name on top. Returns what is left below, above the foot.
    fn head(&mut self, pen: &mut Pen<'_, '_>) -> Area {
        const MARK: f32 = 15.0;
        let page = self.page();
        let Place { compound, compound_name, .. } = self.place;
        mark::draw(
            pen,
            Area::new(page.x, page.y, MARK, MARK),
            (Ink::Black, Ink::White),
            *compound,
            compound_name,
        );
        let x = page.x + MARK + 4.0;
        let set = Type::bold(9.0, Ink::Black, page.right() - x);
        self.missing.extend(pen.text((x, page.y + 11.0), set, compound_name));
        let top = page.y + MARK + 5.0;
        Area::new(page.x, top, page.w, page.bottom() - FOOT - top)
    }

    /// Who to call, at the foot.
    fn foot(&mut self, pen: &mut Pen<'_, '_>) {
        let page = self.page();
        let FoundAt { office, telephone } = &self.place.office;
        let line = words::office(office, telephone, self.language);
        let rule = page.bottom() - FOOT + 2.0;
        pen.stroke(Ink::Black, 0.6, Shape::new().line(&[(page.x, rule), (page.right(), rule)]));
        let set = Type::bold(7.5, Ink::Black, page.w).centred();
        self.missing.extend(pen.text((page.centre().0, page.bottom() - 1.5), set, &line));
    }

    /// Sets a column, and returns where it ended.
    fn set(&mut self, pen: &mut Pen<'_, '_>, flow: Flow) -> f32 {
        let done = flow.draw(pen);
        self.missing.extend(done.missing);
        done.y
    }
}
