//! Tables that leave the office: .xlsx, and .csv with the mark that makes spreadsheets read it as UTF-8.
//!
//! Every cell is text and stays text: a name or a note that begins like a formula is shown, never run, in either kind of file.
//! Knows neither the registry nor who may have what.

mod roster;

use std::path::Path;

use rust_xlsxwriter::{Color, DataValidation, Format, FormatBorder, Workbook, Worksheet, XlsxError};

pub use roster::{roster, template};

/// The kinds of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A workbook of Excel 2007 and later.
    Xlsx,
    /// Comma-separated text.
    Csv,
}

impl Kind {
    /// By how a file's name ends; nothing where it ends otherwise.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "xlsx" => Some(Self::Xlsx),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }

    /// How the name of such a file ends.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
        }
    }

    /// What it is called in HTTP.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }
}

/// A table to be written. Has no `Debug`: what is in it names people.
#[derive(Clone, Default)]
pub struct Table {
    /// What the sheet is called in a workbook.
    pub sheet: String,
    /// Lines above the headers, each across all columns.
    pub titles: Vec<String>,
    /// The headers.
    pub headers: Vec<String>,
    /// How wide each column is, in characters.
    pub widths: Vec<u8>,
    /// Columns in which a workbook offers these words, and takes others with a warning.
    pub choices: Vec<(u16, Vec<String>)>,
    /// The rows, as long as the headers.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// The file.
    ///
    /// # Errors
    /// When the table is larger than such a file can be: a million rows.
    pub fn file(&self, kind: Kind) -> anyhow::Result<Vec<u8>> {
        match kind {
            Kind::Xlsx => Ok(self.xlsx()?),
            Kind::Csv => self.csv(),
        }
    }

    fn csv(&self) -> anyhow::Result<Vec<u8>> {
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .flexible(true)
            .from_writer("\u{FEFF}".as_bytes().to_vec());
        for title in &self.titles {
            writer.write_record([harmless(title)])?;
        }
        for row in std::iter::once(&self.headers).chain(&self.rows) {
            writer.write_record(row.iter().map(|cell| harmless(cell)))?;
        }
        Ok(writer.into_inner()?)
    }

    fn xlsx(&self) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        if !self.sheet.is_empty() {
            sheet.set_name(&self.sheet)?;
        }
        self.fill(sheet)?;
        workbook.save_to_buffer()
    }

    fn fill(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        // A cell formatted as text stays what is typed into it: `3-2` does not become a date, `0501` keeps its nought.
        let text = Format::new().set_num_format("@");
        let head = Format::new()
            .set_num_format("@")
            .set_bold()
            .set_background_color(Color::RGB(0x00E8_ECEF))
            .set_border_bottom(FormatBorder::Thin);
        let title = Format::new().set_num_format("@").set_text_wrap();
        let columns = u16::try_from(self.headers.len()).unwrap_or(u16::MAX);
        for (column, width) in (0..columns).zip(&self.widths) {
            sheet.set_column_width(column, *width)?;
            sheet.set_column_format(column, &text)?;
        }
        let mut row = 0;
        for line in &self.titles {
            if columns > 1 {
                sheet.merge_range(row, 0, row, columns - 1, line, &title)?;
            } else {
                sheet.write_string_with_format(row, 0, line, &title)?;
            }
            row += 1;
        }
        for (column, header) in (0..).zip(&self.headers) {
            sheet.write_string_with_format(row, column, header, &head)?;
        }
        sheet.set_freeze_panes(row + 1, 0)?;
        let first = row + 1;
        for (row, cells) in (first..).zip(&self.rows) {
            for (column, cell) in (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
                sheet.write_string_with_format(row, column, cell, &text)?;
            }
        }
        let last = first.saturating_add(u32::try_from(self.rows.len()).unwrap_or(u32::MAX));
        sheet.autofilter(row, 0, last.saturating_sub(1).max(row), columns.saturating_sub(1))?;
        for (column, words) in &self.choices {
            let list = DataValidation::new().allow_list_strings(words)?;
            sheet.add_data_validation(first, *column, last.max(first + 2_000), *column, &list)?;
        }
        Ok(())
    }
}

/// What spreadsheets take for the beginning of a formula, in a text file as well.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A cell of a text file that no spreadsheet runs: with an apostrophe before what looks like a formula. [`bare`] takes it away.
fn harmless(cell: &str) -> String {
    match looks_like_a_formula(cell.trim_start_matches('\'')) {
        true => format!("'{cell}"),
        false => cell.to_owned(),
    }
}

/// A cell without the apostrophe that [`Table::file`] put before it.
#[must_use]
pub fn bare(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if looks_like_a_formula(rest.trim_start_matches('\'')) => rest,
        _ => cell,
    }
}

fn looks_like_a_formula(cell: &str) -> bool {
    cell.starts_with(FORMULA)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apostrophes_come_and_go() {
        for cell in
            ["", "张小明", "=1+1", "-1", "+86 138", "@x", "'", "'x", "'=1", "''-1", "\t=1", "1-2", "O'Neil"]
        {
            let written = harmless(cell);
            assert!(!looks_like_a_formula(&written), "{cell}");
            assert_eq!(bare(&written), cell);
        }
    }

    #[test]
    fn kinds_of_files() {
        for (name, kind) in
            [("a.xlsx", Some(Kind::Xlsx)), ("b.CSV", Some(Kind::Csv)), ("c.xls", None), ("csv", None)]
        {
            assert_eq!(Kind::of(Path::new(name)), kind, "{name}");
        }
    }
}
