//! The typeface of a card: found among the system's fonts, and asked for every character before that is drawn, because a
//! missing one leaves a hole that nobody is told about. Knows nothing of cards.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fontdb::{Database, Family, Query, Source};
use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

use crate::words::{Language, print as words};

/// Families that hold simplified Chinese, best first. The rare characters of names are in the first four.
const FAMILIES: [&str; 6] = [
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
];

/// Stands for a character that no font has: a frame that a pen can fill in.
const FRAME: char = '□';

/// Why there is no typeface.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FontError {
    /// No font of the system holds Chinese.
    #[error("no Chinese font among the system's fonts")]
    NoneInstalled,
    /// The file that was named can't be used.
    #[error("{} is not a font that can be used", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
    },
}

impl FontError {
    /// The problem and its remedy, for the person at the desk.
    #[must_use]
    pub fn explain(&self, language: Language) -> String {
        words::font_error(self, language)
    }
}

/// How heavy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// The typeface, in two weights, with others standing by for characters it lacks.
pub struct Fonts {
    system: Database,
    /// Regular, bold, then whatever was called in for rare characters.
    faces: Vec<Face>,
    /// Families not called in yet, the next one last.
    spares: Vec<fontdb::ID>,
    /// Files already read: both weights, or several faces, may stand in one.
    files: HashMap<PathBuf, Arc<Vec<u8>>>,
}

struct Face {
    font: Font,
    data: Arc<Vec<u8>>,
    index: u32,
    /// Drawn with a line around it, because the family has no bold of its own.
    thicken: bool,
    glyphs: HashMap<char, Option<(GlyphId, f32)>>,
}

/// Text turned into glyphs. Lengths are in ems: multiply by the size.
#[derive(Clone, Debug, Default)]
pub(super) struct Run {
    pub(super) spans: Vec<Span>,
    pub(super) width: f32,
    pub(super) missing: Vec<char>,
}

/// A stretch of a run in one font.
#[derive(Clone, Debug)]
pub(super) struct Span {
    face: usize,
    pub(super) text: String,
    pub(super) glyphs: Vec<KrillaGlyph>,
    pub(super) width: f32,
}

impl Fonts {
    /// Reads `file` if one is named (the setting `SANSE_FONT`), otherwise searches the system's font folders.
    ///
    /// # Errors
    /// [`FontError`], whose `explain` names the package to install.
    pub fn find(file: Option<&Path>) -> Result<Self, FontError> {
        let mut system = Database::new();
        system.load_system_fonts();
        let mut fonts = Self { spares: spares(&system), system, faces: Vec::new(), files: HashMap::new() };
        let unusable =
            || file.map_or(FontError::NoneInstalled, |path| FontError::Unusable { path: path.into() });
        let (regular, bold) = match file {
            Some(path) => named(&mut fonts.system, path).ok_or_else(unusable)?,
            None => fonts.installed().ok_or_else(unusable)?,
        };
        fonts.spares.retain(|id| *id != regular);
        fonts.open(regular, false).ok_or_else(unusable)?;
        fonts.open(bold, bold == regular).ok_or_else(unusable)?;
        Ok(fonts)
    }

    fn installed(&self) -> Option<(fontdb::ID, fontdb::ID)> {
        let regular = *self.spares.last()?;
        let family = &self.system.face(regular)?.families.first()?.0;
        Some((regular, face_of(&self.system, family, fontdb::Weight::BOLD)?))
    }

    /// Looks up every character; what is missing stands in the run as an empty frame and is listed. `cell` gives every
    /// letter and figure the same width, in ems.
    pub(super) fn run(&mut self, text: &str, weight: Weight, cell: Option<f32>) -> Run {
        let mut run = Run::default();
        for character in text.chars() {
            let character = if character.is_control() { ' ' } else { character };
            let (face, glyph, advance) = self.find_glyph(character, weight).unwrap_or_else(|| {
                run.missing.push(character);
                self.find_glyph(FRAME, weight).unwrap_or((weight as usize, GlyphId::new(0), 1.0))
            });
            if run.spans.last().is_none_or(|span| span.face != face) {
                run.spans.push(Span { face, text: String::new(), glyphs: Vec::new(), width: 0.0 });
            }
            let span = run.spans.last_mut().expect("one was just pushed");
            let start = span.text.len();
            span.text.push(character);
            let step = cell.filter(|_| character.is_alphanumeric()).unwrap_or(advance);
            let shift = (step - advance) / 2.0;
            span.glyphs.push(KrillaGlyph::new(glyph, step, shift, 0.0, 0.0, start..span.text.len(), None));
            span.width += step;
            run.width += step;
        }
        run
    }

    /// The font of a span, and whether it has to be thickened.
    pub(super) fn font(&self, span: &Span) -> (Font, bool) {
        let face = &self.faces[span.face];
        (face.font.clone(), face.thicken)
    }

    /// Tries the wanted weight, then every font already open, then opens further families one by one.
    fn find_glyph(&mut self, character: char, weight: Weight) -> Option<(usize, GlyphId, f32)> {
        let wanted = weight as usize;
        if let Some((glyph, advance)) = self.faces[wanted].glyph(character) {
            return Some((wanted, glyph, advance));
        }
        let mut other = 0;
        loop {
            while other == self.faces.len() {
                let spare = self.spares.pop()?;
                // A font that can't be read is no reason to stop: the next one may have the character.
                let _ = self.open(spare, false);
            }
            if let Some((glyph, advance)) = self.faces[other].glyph(character) {
                return Some((other, glyph, advance));
            }
            other += 1;
        }
    }

    fn open(&mut self, id: fontdb::ID, thicken: bool) -> Option<()> {
        let info = self.system.face(id)?;
        let (Source::File(path) | Source::SharedFile(path, _)) = &info.source else { return None };
        let data = match self.files.get(path) {
            Some(data) => Arc::clone(data),
            None => {
                let data = Arc::new(std::fs::read(path).ok()?);
                self.files.insert(path.clone(), Arc::clone(&data));
                data
            }
        };
        FontRef::from_index(&data, info.index).ok()?;
        let font = Font::new(Arc::clone(&data).into(), info.index)?;
        self.faces.push(Face { font, data, index: info.index, thicken, glyphs: HashMap::new() });
        Some(())
    }
}

impl Face {
    fn glyph(&mut self, character: char) -> Option<(GlyphId, f32)> {
        *self.glyphs.entry(character).or_insert_with(|| {
            let font = FontRef::from_index(&self.data, self.index).ok()?;
            let glyph = font.charmap().map(character).filter(|glyph| glyph.to_u32() != 0)?;
            let advance = font.glyph_metrics(Size::new(1.0), LocationRef::default()).advance_width(glyph)?;
            Some((GlyphId::new(glyph.to_u32()), advance))
        })
    }
}

/// One regular face of each family that is there, the best last.
fn spares(system: &Database) -> Vec<fontdb::ID> {
    FAMILIES.iter().rev().filter_map(|family| face_of(system, family, fontdb::Weight::NORMAL)).collect()
}

fn face_of(system: &Database, family: &str, weight: fontdb::Weight) -> Option<fontdb::ID> {
    system.query(&Query { families: &[Family::Name(family)], weight, ..Query::default() })
}

/// Regular and bold of the file: of its best family, if it is a collection.
fn named(system: &mut Database, path: &Path) -> Option<(fontdb::ID, fontdb::ID)> {
    let mut file = Database::new();
    file.load_font_file(path).ok()?;
    let best = spares(&file).pop().or_else(|| file.faces().next().map(|face| face.id))?;
    let info = file.face(best)?.clone();
    let family = info.families.first()?.0.clone();
    let bold = face_of(&file, &family, fontdb::Weight::BOLD).and_then(|id| file.face(id)).cloned();
    let regular = system.push_face_info(info.clone());
    let bold =
        bold.filter(|bold| bold.index != info.index).map_or(regular, |bold| system.push_face_info(bold));
    Some((regular, bold))
}
