//! Rosters: workbooks (.xlsx, .xls) and .csv files as offices keep them, read into holders.
//!
//! Columns stand in any order under Chinese or English headers, below any title rows. Rows that can't be taken are named
//! by cell and left out, the rest is read. A row with a name is a person; a row with a plate is a vehicle of the household; a row
//! with both is both, with one colour. A vehicle that several people of one household list is one vehicle, with the strictest of
//! their colours.
//!
//! Whatever the file holds, memory stays bounded and nothing panics. Workbooks of Excel before 2007 can't be read in bounded
//! memory, so a process of its own reads them (`apart.rs`). Knows no SQL.

mod apart;
mod csv;
mod gather;
mod header;
mod old_workbook;
mod workbook;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use registry::{Field, NewHolder, ProblemKind};
use serde::{Deserialize, Serialize};
use store::Imported;

pub use apart::Apart;
pub use header::DEMANDED;
pub use old_workbook::give_rows;

/// The largest file read.
pub const MAX_BYTES: u64 = 32 << 20;
/// The most rows of residents and vehicles in one file.
pub const MAX_ROWS: usize = 100_000;
/// Columns beyond these are not looked at.
const MAX_COLUMNS: usize = 256;
/// The most characters of one cell that are looked at; every column takes fewer.
const MAX_CELL: usize = 400;

/// What a file says.
#[derive(Debug, Default)]
pub struct Roster {
    /// Holders in the order of the file; each person of a household and each vehicle is in it once.
    pub holders: Vec<NewHolder>,
    /// Where each of `holders` stands.
    places: Vec<Place>,
    /// What could not be taken, in the order of the file.
    pub findings: Vec<Finding>,
    /// Rows below headers that are not empty.
    pub rows: usize,
    /// Rows of which nothing was taken.
    pub skipped: usize,
    /// Names of the sheets; one without a name for a .csv.
    sheets: Vec<String>,
}

/// A cell, or a whole sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    sheet: u16,
    /// From 1 on, as spreadsheets count.
    row: u32,
    /// From 0 on.
    column: u16,
}

/// Something in the file that wasn't taken as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    place: Place,
    /// The name of the cell, as spreadsheets write it: `B7`, with the sheet where there are several: `3栋!B7`.
    pub cell: String,
    /// What was found.
    pub what: What,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The cell of a column is wrong. The row was left out.
    Cell(Field, ProblemKind),
    /// A date where a text belongs: spreadsheets turn `3-2` into the second of March. The row was left out.
    Date(Field),
    /// A formula's error, or characters that could not be decoded. The row was left out.
    Unreadable(Field),
    /// The person or vehicle of an earlier row again. The row was left out.
    Repeated {
        /// That row.
        row: u32,
    },
    /// The plate stands at another home in an earlier row. The plate was left out.
    PlateElsewhere {
        /// That row.
        row: u32,
    },
    /// Several people of that name are known at that home, and no phone number tells which is meant. The person was left out.
    Ambiguous,
    /// The home is in a compound that whoever sent the file has nothing to do with. The person or vehicle was left out.
    NotTheirs {
        /// The compound.
        compound: String,
    },
    /// The person is red, and a roster is no sign-off. The colour was left as it is.
    StillRed,
    /// A second column for the same thing; the first is read.
    SecondColumn(Field),
    /// A sheet without headers; it was left out.
    NoHeader,
}

/// Why nothing of a file can be taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RosterError {
    /// It cannot be read.
    #[error("{0}")]
    File(#[from] std::io::Error),
    /// It is none of the files that are read, or it is encrypted.
    #[error("neither .xlsx, .xls nor .csv")]
    Format,
    /// It, or what is packed in it, is larger than any roster.
    #[error("more than {limit} bytes")]
    TooLarge {
        /// The most there may be.
        limit: u64,
    },
    /// Its rows are too many for one file.
    #[error("more than {MAX_ROWS} rows")]
    TooManyRows,
    /// It is damaged, or encrypted.
    #[error("not a workbook: {reason}")]
    Damaged {
        /// What the reader says.
        reason: String,
    },
    /// No row looks like headers.
    #[error("no headers")]
    NoHeader,
    /// Headers are there, but these are not among them.
    #[error("missing columns: {missing:?}")]
    MissingColumns {
        /// What is missing.
        missing: Vec<Field>,
    },
}

impl Roster {
    /// Reads a file; `progress` is told now and then how many rows were read.
    ///
    /// # Errors
    /// [`RosterError`].
    pub fn read(path: &Path, progress: &mut dyn FnMut(usize)) -> Result<Self, RosterError> {
        let mut bytes = Vec::new();
        File::open(path)?.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
        Self::of_bytes(&bytes, progress)
    }

    /// Reads the bytes of a file. What it is shows in how it begins: a workbook is a ZIP archive.
    ///
    /// # Errors
    /// [`RosterError`].
    pub fn of_bytes(bytes: &[u8], progress: &mut dyn FnMut(usize)) -> Result<Self, RosterError> {
        Self::of_bytes_by(&Apart::this_program(), bytes, progress)
    }

    /// Reads the bytes of a file; those that need a process of their own are read by `apart`.
    ///
    /// # Errors
    /// [`RosterError`].
    pub fn of_bytes_by(
        apart: &Apart,
        bytes: &[u8],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Self, RosterError> {
        if bytes.len() as u64 > MAX_BYTES {
            return Err(RosterError::TooLarge { limit: MAX_BYTES });
        }
        let mut reading = gather::Reading::new(progress);
        match bytes {
            [b'P', b'K', ..] => workbook::read(bytes, &mut reading)?,
            // Compound files: workbooks of Excel before 2007, and encrypted ones.
            [0xD0, 0xCF, 0x11, 0xE0, ..] => apart.read(bytes, &mut reading)?,
            [b'%', b'P', b'D', b'F', ..] => return Err(RosterError::Format),
            _ => csv::read(bytes, &mut reading)?,
        }
        reading.finish()
    }

    /// What becomes of the holders that the registry would add or change, each with the cell that names it, in the order of the file.
    pub fn named<'a>(
        &'a self,
        fates: &'a [store::Fate],
    ) -> impl Iterator<Item = (String, &'a NewHolder, &'a store::Fate)> {
        let holders = self.places.iter().zip(&self.holders).zip(fates);
        holders.map(|((place, holder), fate)| (cell_name(*place, &self.sheets), holder, fate))
    }

    /// Says of each whom the registry could not tell apart, or who is red and stays so, what became of the row. What was said already is
    /// not said again.
    pub fn mark(&mut self, imported: &Imported) {
        for position in &imported.ambiguous {
            let Some(&place) = self.places.get(*position) else { continue };
            if self.find(place, What::Ambiguous) {
                let of_row = |other: &&Place| (other.sheet, other.row) == (place.sheet, place.row);
                self.skipped += usize::from(self.places.iter().filter(of_row).count() == 1);
            }
        }
        for position in &imported.still_red {
            if let Some(&place) = self.places.get(*position) {
                self.find(place, What::StillRed);
            }
        }
    }

    /// Leaves out whoever lives in a compound that isn't theirs who sent the file, and says so of each.
    pub fn leave_out(&mut self, is_theirs: impl Fn(&str) -> bool) {
        let all = std::mem::take(&mut self.places).into_iter().zip(std::mem::take(&mut self.holders));
        let (kept, left): (Vec<_>, Vec<_>) = all.partition(|(_, holder)| is_theirs(&holder.compound));
        (self.places, self.holders) = kept.into_iter().unzip();
        let mut rows: Vec<_> = left.iter().map(|(place, _)| (place.sheet, place.row)).collect();
        // Whoever stands in one row lives in one home.
        rows.dedup();
        self.skipped += rows.len();
        self.findings.extend(left.into_iter().map(|(place, holder)| {
            let cell = cell_name(place, &self.sheets);
            Finding { place, cell, what: What::NotTheirs { compound: holder.compound } }
        }));
        self.findings.sort_by_key(|finding| finding.place);
    }

    /// Adds a finding in its place, and says whether it is a new one.
    fn find(&mut self, place: Place, what: What) -> bool {
        let found = Finding { place, cell: cell_name(place, &self.sheets), what };
        let is_new = !self.findings.contains(&found);
        if is_new {
            let after = self.findings.partition_point(|finding| finding.place <= place);
            self.findings.insert(after, found);
        }
        is_new
    }
}

/// The cell of a row that is given to [`gather::Reading`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Cell {
    Text(String),
    Date,
    Unreadable,
}

impl Cell {
    /// A text, cut to what is looked at.
    fn text(text: &str) -> Self {
        match text.char_indices().nth(MAX_CELL) {
            Some((end, _)) => Self::Text(text[..end].to_owned()),
            None => Self::Text(text.to_owned()),
        }
    }

    fn is_empty(&self) -> bool {
        matches!(self, Self::Text(text) if text.trim().is_empty())
    }
}

/// `B7`, `AA12`; before it the sheet where the file has several.
fn cell_name(place: Place, sheets: &[String]) -> String {
    let mut letters = Vec::new();
    let mut column = u32::from(place.column) + 1;
    while column > 0 {
        column -= 1;
        letters.push(char::from(b'A' + (column % 26) as u8));
        column /= 26;
    }
    let cell: String = letters.iter().rev().collect::<String>() + &place.row.to_string();
    match sheets.get(usize::from(place.sheet)) {
        Some(sheet) if sheets.len() > 1 => format!("{sheet}!{cell}"),
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_named_as_spreadsheets_do() {
        let one = [String::new()];
        let name = |row, column| cell_name(Place { sheet: 0, row, column }, &one);
        assert_eq!([name(7, 1), name(1, 25), name(12, 26), name(3, 255)], ["B7", "Z1", "AA12", "IV3"]);
        let two = ["一期".to_owned(), "二期".to_owned()];
        assert_eq!(cell_name(Place { sheet: 1, row: 2, column: 0 }, &two), "二期!A2");
    }
}
