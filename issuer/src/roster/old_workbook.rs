//! Workbooks of Excel before 2007 (.xls), turned into rows. Runs in a process of its own, as the hidden command `xls-rows`.
//!
//! Their reader makes a table of everything between the first cell and the last, so that a small file can ask for more memory than
//! there is. The process takes a limit before it reads a byte, and the system ends it at the limit; see `apart.rs` for the other side.

use std::io::{self, BufWriter, Cursor, Read, Write};

use calamine::{Data, Reader, SheetType, SheetVisible, Xls, XlsError};
use serde::{Deserialize, Serialize};

use super::{Cell, MAX_BYTES, MAX_COLUMNS};

/// The most memory: what reading the largest file takes, twice over.
#[cfg(unix)]
const MEMORY: u64 = 1 << 30;
/// The most seconds of work. The largest file takes a few.
#[cfg(unix)]
const SECONDS: u64 = 60;
/// The most sheets.
const MAX_SHEETS: usize = 200;

/// What is said about a file, a line of JSON each.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Line {
    /// A sheet begins: its name, and the cells merged downwards (column, first row, last row; from 0 on).
    Sheet(String, Vec<(u16, u32, u32)>),
    /// A row from 0 on, and its cells by column from 0 on.
    Row(u32, Vec<(u16, Cell)>),
    /// The file has ended.
    End,
    /// It is no such workbook, or it is encrypted.
    Format,
    /// The reader found it broken.
    Damaged(String),
}

/// Reads a workbook from standard input and writes its rows to standard output, within bounds that end the process.
///
/// # Errors
/// When the one who asked is gone, or the system has no such limits.
pub fn give_rows() -> io::Result<()> {
    limit()?;
    let mut bytes = Vec::new();
    io::stdin().lock().take(MAX_BYTES).read_to_end(&mut bytes)?;
    let mut out = BufWriter::new(io::stdout().lock());
    let mut say = |line: &Line| -> io::Result<()> {
        serde_json::to_writer(&mut out, line)?;
        out.write_all(b"\n")
    };
    match Xls::new(Cursor::new(&*bytes)) {
        Ok(mut workbook) => {
            let end = match rows(&mut workbook, &mut say)? {
                None => Line::End,
                Some(error) => Line::Damaged(error.to_string()),
            };
            say(&end)?;
        }
        // A compound file without a workbook in it is an encrypted .xlsx, or a letter.
        Err(XlsError::Password | XlsError::Cfb(_)) => say(&Line::Format)?,
        Err(error) => say(&Line::Damaged(error.to_string()))?,
    }
    out.flush()
}

/// Tells every row; where the workbook is broken, how.
fn rows(
    workbook: &mut Xls<Cursor<&[u8]>>,
    say: &mut impl FnMut(&Line) -> io::Result<()>,
) -> io::Result<Option<XlsError>> {
    let sheets: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .take(MAX_SHEETS)
        .map(|sheet| sheet.name.clone())
        .collect();
    for sheet in sheets {
        let merged = workbook.merge_cells_by_sheet_name(&sheet).unwrap_or_default();
        let down = merged.iter().filter(|region| region.end.0 > region.start.0);
        let down = down.filter_map(|it| Some((u16::try_from(it.start.1).ok()?, it.start.0, it.end.0)));
        say(&Line::Sheet(sheet.clone(), down.collect()))?;
        let range = match workbook.worksheet_range(&sheet) {
            Ok(range) => range,
            Err(error) => return Ok(Some(error)),
        };
        let (first_row, first_column) = range.start().unwrap_or_default();
        for (row, cells) in (first_row..).zip(range.rows()) {
            let cells: Vec<(u16, Cell)> = (first_column..)
                .zip(cells)
                .filter_map(|(column, cell)| {
                    let column =
                        u16::try_from(column).ok().filter(|column| usize::from(*column) < MAX_COLUMNS)?;
                    Some((column, content(cell)?))
                })
                .collect();
            if !cells.is_empty() {
                say(&Line::Row(row, cells))?;
            }
        }
    }
    Ok(None)
}

/// What a cell says, as in newer workbooks; nothing where it is empty.
fn content(cell: &Data) -> Option<Cell> {
    Some(match cell {
        Data::Empty => return None,
        Data::String(text) => Cell::text(text),
        Data::Int(number) => Cell::Text(number.to_string()),
        Data::Float(number) => Cell::Text(number.to_string()),
        Data::Bool(value) => Cell::Text(value.to_string()),
        Data::DateTime(_) | Data::DateTimeIso(_) | Data::DurationIso(_) => Cell::Date,
        Data::Error(_) => Cell::Unreadable,
    })
}

/// Takes the limits, for good. A process that exceeds one is ended by the system, or by its own allocator.
#[cfg(unix)]
fn limit() -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let limits =
        [(Resource::As, MEMORY), (Resource::Cpu, SECONDS), (Resource::Core, 0), (Resource::Fsize, 0)];
    for (resource, most) in limits {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}

/// Elsewhere there are no such limits, and these files aren't read.
#[cfg(not(unix))]
fn limit() -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
