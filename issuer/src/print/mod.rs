//! Paper: cards drawn as a PDF, ten or eight to a sheet of A4.
//!
//! A card is given as a [`CardFace`], everything it shows already decided and already in the compound's time zone.
//! This module knows no registry, no key and no clock, and signs nothing: the text of a card's code comes in from outside.
//! The same cards give the same bytes.

mod card;
mod code;
mod face;
mod fonts;
mod mark;
mod pen;
mod sheet;
mod symbols;

use std::collections::HashMap;
use std::io::{self, Write};
use std::panic::resume_unwind;
use std::thread;

use jiff::civil::DateTime;
use krilla::Document;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;

pub use code::CodeError;
pub use face::{CardFace, Dwelling, Field, FoundAt, Validity};
pub use fonts::{FontError, Fonts};
pub use sheet::SheetSize;

use card::Cards;
use code::Code;
use sheet::PAGE;

use crate::words::{Language, print as words};

/// What to print on, and when it was printed.
#[derive(Clone, Copy, Debug)]
pub struct Job {
    /// How many cards on a page, and how large.
    pub sheet: SheetSize,
    /// Goes into the document as its date, in the compound's zone. Asked for so that a run can be repeated byte for byte.
    pub printed: DateTime,
}

/// How far a run has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// That many pages of so many are laid out.
    Page {
        /// Pages laid out.
        done: usize,
        /// Pages of the whole run.
        of: usize,
    },
    /// All pages are laid out; the fonts are being cut down and the file is being written.
    Writing,
}

/// What came of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Printed {
    /// Cards on paper.
    pub cards: usize,
    /// Sheets of paper.
    pub pages: usize,
    /// Characters that no font of the system can draw. Each shows as an empty frame, to be filled in by hand.
    pub missing: Vec<Missing>,
}

/// A character that could not be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The card, counted from 0 in the order given. What several cards share is reported once, with the first of them.
    pub card: usize,
    /// The card's short code.
    pub short_code: String,
    /// The masked name or plate on the card.
    pub name: String,
    /// Where on the card.
    pub field: Field,
    /// The character.
    pub character: char,
}

/// Why nothing was printed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PrintError {
    /// There was no card.
    #[error("no cards to print")]
    NoCards,
    /// A code can't be drawn on the card.
    #[error("card {card} ({short_code}): {error}")]
    Code {
        /// The card, counted from 0.
        card: usize,
        /// Its short code.
        short_code: String,
        /// What is wrong with the code.
        error: CodeError,
    },
    /// The document could not be put together: a font that can't be cut down, or a limit of the format.
    #[error("the PDF could not be put together: {0}")]
    Document(String),
    /// The file could not be written.
    #[error("the PDF could not be written")]
    Write(#[from] io::Error),
}

impl PrintError {
    /// The problem and its remedy, for the person at the desk.
    #[must_use]
    pub fn explain(&self, language: Language) -> String {
        words::print_error(self, language)
    }
}

/// Draws `cards` and writes the PDF to `out`. Calls `progress` after each page and before the file is written.
///
/// Memory holds the fonts and the finished, compressed pages: about 1.5 kB for each card.
///
/// # Errors
/// [`PrintError`]; `out` is untouched unless writing itself failed.
pub fn print<Faces>(
    cards: Faces,
    job: Job,
    fonts: &mut Fonts,
    out: &mut impl Write,
    mut progress: impl FnMut(Progress),
) -> Result<Printed, PrintError>
where
    Faces: IntoIterator<Item = CardFace>,
    Faces::IntoIter: ExactSizeIterator,
{
    let mut cards = cards.into_iter().enumerate();
    let per_page = job.sheet.cards_per_page();
    let pages = cards.len().div_ceil(per_page);
    if pages == 0 {
        return Err(PrintError::NoCards);
    }
    let mut document = Document::new();
    document.set_metadata(metadata(job.printed));
    let mut drawn = Cards { sheet: job.sheet, fonts, blanks: HashMap::new(), printed: Printed::default() };

    // Working out a page's codes takes as long as drawing it, so the next page's are worked out meanwhile. One page ahead
    // and no more: memory stays small however many cards there are.
    thread::scope(|scope| {
        let mut next_page = || {
            let faces: Vec<_> = cards.by_ref().take(per_page).collect();
            (!faces.is_empty()).then(|| scope.spawn(|| encode(faces)))
        };
        let mut ahead = next_page();
        while let Some(page) = ahead {
            let faces = page.join().unwrap_or_else(|panic| resume_unwind(panic));
            ahead = next_page();
            draw_page(&mut document, &mut drawn, faces, pages)?;
            progress(Progress::Page { done: drawn.printed.pages, of: pages });
        }
        Ok::<_, PrintError>(())
    })?;

    progress(Progress::Writing);
    let pdf = document.finish().map_err(|error| PrintError::Document(error.to_string()))?;
    out.write_all(&pdf)?;
    out.flush()?;
    Ok(drawn.printed)
}

/// A card whose code is worked out, or can't be.
struct Encoded {
    index: usize,
    face: CardFace,
    code: Result<Code, CodeError>,
}

fn encode(faces: Vec<(usize, CardFace)>) -> Vec<Encoded> {
    let encode = |(index, face): (usize, CardFace)| Encoded { index, code: Code::new(&face.code), face };
    faces.into_iter().map(encode).collect()
}

fn draw_page(
    document: &mut Document,
    drawn: &mut Cards<'_>,
    faces: Vec<Encoded>,
    pages: usize,
) -> Result<(), PrintError> {
    let mut page = document.start_page_with(PageSettings::new(PAGE.to_points()));
    let mut surface = page.surface();
    surface.push_transform(&PAGE.millimetres());
    let cards = faces.into_iter().enumerate().try_for_each(|(slot, Encoded { index, face, code })| {
        let drawn = code.and_then(|code| drawn.card(&mut surface, slot, index, &face, &code));
        drawn.map_err(|error| PrintError::Code { card: index, short_code: face.short_code, error })
    });
    drawn.printed.pages += 1;
    drawn.margins(&mut surface, drawn.printed.pages, pages);
    // Whatever came of the cards: krilla panics at a surface that is dropped before it is popped.
    surface.pop();
    cards
}

fn metadata(printed: DateTime) -> Metadata {
    let part = |number: i8| u8::try_from(number).unwrap_or_default();
    let date = krilla::metadata::DateTime::new(u16::try_from(printed.year()).unwrap_or_default())
        .month(part(printed.month()))
        .day(part(printed.day()))
        .hour(part(printed.hour()))
        .minute(part(printed.minute()))
        .second(part(printed.second()));
    let title = words::DOCUMENT_TITLE;
    Metadata::new()
        .title(format!("{} {}", title.zh, title.en))
        .language("zh-CN".to_owned())
        .creator("Sanse Gate".to_owned())
        .creation_date(date)
}

#[cfg(test)]
mod tests;
