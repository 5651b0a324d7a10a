//! Paper: cards drawn as a PDF, ten or eight to a sheet of A4 or one alone, and notices of a page each.
//!
//! A card is given as a [`CardFace`], everything it shows already decided and already in the compound's time zone.
//! This module knows no registry, no key and no clock, and signs nothing: the text of a card's code comes in from outside.
//! The same cards give the same bytes.

mod back;
mod card;
mod code;
mod face;
mod flow;
mod fonts;
mod mark;
mod notice;
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
use krilla::surface::Surface;

pub use code::CodeError;
pub use face::{CardFace, Dwelling, Field, FoundAt, Validity};
pub use fonts::{FontError, Fonts};
pub use notice::{Notice, Place, Spot, draw_notice};
pub use sheet::SheetSize;

use card::Cards;
use code::Code;

use crate::words::{Language, print as words};

/// What to print on, and when it was printed.
#[derive(Clone, Copy, Debug)]
pub struct Job {
    /// How many cards on a page, and how large.
    pub sheet: SheetSize,
    /// Whether each sheet is followed by its back: to be printed on both sides.
    pub backs: bool,
    /// Goes into the document as its date, in the compound's zone. Asked for so that a run can be repeated byte for byte.
    pub printed: DateTime,
}

/// A sheet of cards, as data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Stands in its margin, so that it can be said who was given it.
    pub number: Option<u32>,
    /// Its cards: no more than fit on it.
    pub cards: Vec<CardFace>,
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
    /// An address can't be drawn as a code.
    #[error("the address can't be drawn: {error}")]
    Link {
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

/// Draws `sheets` and writes the PDF to `out`. Calls `progress` after each sheet and before the file is written.
///
/// Memory holds the fonts and the finished, compressed pages: about 1.5 kB for each card.
///
/// # Errors
/// [`PrintError`]; `out` is untouched unless writing itself failed.
pub fn print<Sheets>(
    sheets: Sheets,
    job: Job,
    fonts: &mut Fonts,
    out: &mut impl Write,
    mut progress: impl FnMut(Progress),
) -> Result<Printed, PrintError>
where
    Sheets: IntoIterator<Item = Sheet>,
    Sheets::IntoIter: ExactSizeIterator,
{
    let mut sheets = sheets.into_iter();
    let pages = sheets.len();
    if pages == 0 {
        return Err(PrintError::NoCards);
    }
    let mut document = Document::new();
    document.set_metadata(cards_metadata(job.printed));
    let mut drawn = Cards { sheet: job.sheet, fonts, blanks: HashMap::new(), printed: Printed::default() };

    // Working out a page's codes takes as long as drawing it, so the next page's are worked out meanwhile. One page ahead
    // and no more: memory stays small however many cards there are.
    thread::scope(|scope| {
        let mut next_page = || sheets.next().map(|sheet| scope.spawn(move || encode(sheet, job.backs)));
        let mut ahead = next_page();
        while let Some(page) = ahead {
            let sheet = page.join().unwrap_or_else(|panic| resume_unwind(panic));
            ahead = next_page();
            draw_sheet(&mut document, &mut drawn, &sheet, pages, job.backs)?;
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

/// A sheet whose cards' codes are worked out, or can't be.
struct Encoded {
    number: Option<u32>,
    cards: Vec<EncodedCard>,
}

struct EncodedCard {
    face: CardFace,
    code: Result<Code, CodeError>,
    back: Option<Result<Code, CodeError>>,
}

fn encode(sheet: Sheet, backs: bool) -> Encoded {
    let encode = |face: CardFace| {
        let back = face.link.as_deref().filter(|_| backs).map(Code::new);
        EncodedCard { code: Code::new(&face.code), back, face }
    };
    Encoded { number: sheet.number, cards: sheet.cards.into_iter().map(encode).collect() }
}

fn draw_sheet(
    document: &mut Document,
    drawn: &mut Cards<'_>,
    sheet: &Encoded,
    pages: usize,
    backs: bool,
) -> Result<(), PrintError> {
    let first = drawn.printed.cards;
    drawn.printed.pages += 1;
    let line = words::footer(sheet.number, drawn.printed.pages, pages);
    draw_page(document, drawn, &line, |drawn, surface| {
        sheet.cards.iter().enumerate().try_for_each(|(slot, EncodedCard { face, code, .. })| {
            let card = first + slot;
            let done = code.as_ref().map_err(|error| *error);
            done.and_then(|code| drawn.card(surface, slot, card, face, code))
                .map_err(|error| PrintError::Code { card, short_code: face.short_code.clone(), error })
        })
    })?;
    if !backs {
        return Ok(());
    }
    let [zh, en] = [words::BACK_FOOTER.zh, words::BACK_FOOTER.en].map(str::to_owned);
    draw_page(document, drawn, &[zh, en], |drawn, surface| {
        sheet.cards.iter().enumerate().try_for_each(|(slot, EncodedCard { face, back, .. })| match back {
            None => Ok(()),
            Some(Err(error)) => Err(PrintError::Link { error: *error }),
            Some(Ok(code)) => {
                drawn.back(surface, slot, face, code).map_err(|error| PrintError::Link { error })
            }
        })
    })
}

fn draw_page(
    document: &mut Document,
    drawn: &mut Cards<'_>,
    line: &[String; 2],
    draw: impl FnOnce(&mut Cards<'_>, &mut Surface<'_>) -> Result<(), PrintError>,
) -> Result<(), PrintError> {
    let size = drawn.sheet.page();
    let mut page = document.start_page_with(PageSettings::new(size.to_points()));
    let mut surface = page.surface();
    surface.push_transform(&size.millimetres());
    let done = draw(drawn, &mut surface);
    drawn.margins(&mut surface, line);
    // Whatever came of the cards: krilla panics at a surface that is dropped before it is popped.
    surface.pop();
    done
}

fn cards_metadata(printed: DateTime) -> Metadata {
    let title = words::DOCUMENT_TITLE;
    metadata(printed, &format!("{} {}", title.zh, title.en), Language::Zh)
}

fn metadata(printed: DateTime, title: &str, language: Language) -> Metadata {
    let part = |number: i8| u8::try_from(number).unwrap_or_default();
    let date = krilla::metadata::DateTime::new(u16::try_from(printed.year()).unwrap_or_default())
        .month(part(printed.month()))
        .day(part(printed.day()))
        .hour(part(printed.hour()))
        .minute(part(printed.minute()))
        .second(part(printed.second()));
    Metadata::new()
        .title(title.to_owned())
        .language(language.tag().to_owned())
        .creator("Sanse Gate".to_owned())
        .creation_date(date)
}

#[cfg(test)]
mod pixels;
#[cfg(test)]
mod tests;
