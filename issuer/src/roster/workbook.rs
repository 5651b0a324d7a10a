//! Workbooks (.xlsx): every visible sheet, cell by cell.
//!
//! A workbook is a ZIP archive, which may unpack to a thousand times its size, and a sheet may claim cells a million rows
//! apart. So everything is unpacked once and counted before it is read, and cells are taken as a stream, never as a table.

use std::collections::HashMap;
use std::io::{self, Cursor, Read};

use calamine::{DataRef, Dimensions, Reader, SheetType, SheetVisible, Xlsx};
use registry::Field;
use zip::ZipArchive;

use super::gather::Reading;
use super::{Cell, MAX_COLUMNS, RosterError};

/// The most that a workbook may unpack to. A hundred thousand rows of eight columns take about 60 MB.
const MAX_UNPACKED: u64 = 256 << 20;
/// The most parts and sheets a workbook may have.
const MAX_PARTS: usize = 2000;
const MAX_SHEETS: usize = 200;

pub(super) fn read(bytes: &[u8], reading: &mut Reading<'_>) -> Result<(), RosterError> {
    demand_bounded(bytes)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|e| damaged(&e))?;
    let sheets: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .take(MAX_SHEETS)
        .map(|sheet| sheet.name.clone())
        .collect();
    for sheet in sheets {
        reading.sheet(&sheet);
        let merged = workbook.merge_cells_by_sheet_name(&sheet).map_err(|e| damaged(&e))?;
        read_sheet(&mut workbook, &sheet, Merged::new(merged), reading)?;
    }
    Ok(())
}

fn read_sheet(
    workbook: &mut Xlsx<Cursor<&[u8]>>,
    sheet: &str,
    mut merged: Merged,
    reading: &mut Reading<'_>,
) -> Result<(), RosterError> {
    let mut cells = workbook.worksheet_cells_reader(sheet).map_err(|e| damaged(&e))?;
    let mut row = 0;
    let mut row_cells: Vec<(u16, Cell)> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(|e| damaged(&e))? {
        let (at, column) = cell.get_position();
        if at != row {
            if !row_cells.is_empty() {
                merged.complete(row, &mut row_cells, reading);
                reading.row(row + 1, &row_cells)?;
                row_cells.clear();
            }
            row = at;
        }
        if let Some(column) = u16::try_from(column).ok().filter(|column| usize::from(*column) < MAX_COLUMNS) {
            row_cells.extend(content(cell.get_value()).map(|content| (column, content)));
        }
    }
    merged.complete(row, &mut row_cells, reading);
    reading.row(row + 1, &row_cells)
}

/// What a cell says; nothing where it is empty.
fn content(value: &DataRef<'_>) -> Option<Cell> {
    Some(match value {
        DataRef::Empty => return None,
        DataRef::String(text) => Cell::text(text),
        DataRef::SharedString(text) => Cell::text(text),
        DataRef::Int(number) => Cell::Text(number.to_string()),
        // Rooms and phone numbers are often kept as numbers: no exponent, and no fraction that isn't there.
        DataRef::Float(number) => Cell::Text(number.to_string()),
        DataRef::Bool(value) => Cell::Text(value.to_string()),
        DataRef::DateTime(_) | DataRef::DateTimeIso(_) | DataRef::DurationIso(_) => Cell::Date,
        DataRef::Error(_) => Cell::Unreadable,
    })
}

/// Cells merged downwards: a building that is written once for all its rows. Names, phones and plates are never carried on.
pub(super) struct Merged {
    /// By column and first row: the last row.
    spans: HashMap<(u16, u32), u32>,
    /// By column: until which row, and what.
    open: HashMap<u16, (u32, Cell)>,
}

impl Merged {
    pub(super) fn new(regions: Vec<Dimensions>) -> Self {
        let spans = regions.into_iter().filter(|region| region.end.0 > region.start.0);
        let spans = spans.filter_map(|region| {
            let column = u16::try_from(region.start.1).ok()?;
            Some(((column, region.start.0), region.end.0))
        });
        Self { spans: spans.collect(), open: HashMap::new() }
    }

    /// Writes what merged cells say into the row, where it says anything at all.
    pub(super) fn complete(&mut self, row: u32, cells: &mut Vec<(u16, Cell)>, reading: &Reading<'_>) {
        if cells.iter().all(|(_, cell)| cell.is_empty()) {
            return;
        }
        for (column, cell) in cells.iter() {
            if let Some(until) = self.spans.get(&(*column, row)) {
                self.open.insert(*column, (*until, cell.clone()));
            }
        }
        self.open.retain(|_, (until, _)| *until >= row);
        for (column, (_, value)) in &self.open {
            let carried = matches!(
                reading.field(*column),
                Some(Field::Compound | Field::Building | Field::Unit | Field::Room | Field::Colour)
            );
            if carried && !cells.iter().any(|(known, cell)| known == column && !cell.is_empty()) {
                cells.push((*column, value.clone()));
            }
        }
    }
}

/// Unpacks everything once into nothing: what an archive says about its own sizes proves nothing.
fn demand_bounded(bytes: &[u8]) -> Result<(), RosterError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(&e))?;
    if archive.len() > MAX_PARTS {
        return Err(RosterError::TooLarge { limit: MAX_UNPACKED });
    }
    let mut left = MAX_UNPACKED;
    for part in 0..archive.len() {
        let mut part = archive.by_index(part).map_err(|e| damaged(&e))?;
        let unpacked = io::copy(&mut part.by_ref().take(left), &mut io::sink()).map_err(|e| damaged(&e))?;
        left -= unpacked;
        if left == 0 {
            return Err(RosterError::TooLarge { limit: MAX_UNPACKED });
        }
    }
    Ok(())
}

fn damaged(error: &dyn std::fmt::Display) -> RosterError {
    RosterError::Damaged { reason: error.to_string() }
}
