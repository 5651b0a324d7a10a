//! Text files: comma, semicolon or tab; UTF-8, UTF-16 with its mark, or GBK (read as GB 18030, which contains it).

use encoding_rs::{Encoding, GB18030, UTF_8};

use super::gather::Reading;
use super::{Cell, MAX_COLUMNS, RosterError};
use crate::export;

/// What the delimiter is guessed from.
const LOOKED_AT: usize = 16_384;

pub(super) fn read(bytes: &[u8], reading: &mut Reading<'_>) -> Result<(), RosterError> {
    let text = decode(bytes);
    // A text has no NUL; what has is a picture or a program.
    if text.contains('\0') {
        return Err(RosterError::Format);
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    reading.sheet("");
    let mut record = csv::StringRecord::new();
    let mut cells = Vec::new();
    let mut row: u64 = 0;
    loop {
        let start = reader.position().line();
        let more =
            reader.read_record(&mut record).map_err(|e| RosterError::Damaged { reason: e.to_string() })?;
        if !more {
            return Ok(());
        }
        // The reader passes over empty lines, which spreadsheets count; line breaks within quotes they don't.
        let breaks: u64 = record.iter().map(|cell| cell.matches('\n').count() as u64).sum();
        row += (reader.position().line() - start).saturating_sub(breaks).max(1);
        cells.clear();
        for (column, text) in (0..).zip(record.iter().take(MAX_COLUMNS)) {
            let unreadable = text.contains(char::REPLACEMENT_CHARACTER);
            cells.push((column, if unreadable { Cell::Unreadable } else { Cell::text(export::bare(text)) }));
        }
        reading.row(u32::try_from(row).unwrap_or(u32::MAX), &cells)?;
    }
}

/// Bytes as text: by its mark, else UTF-8 where all of it is, else GB 18030.
fn decode(bytes: &[u8]) -> String {
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None if std::str::from_utf8(bytes).is_ok() => UTF_8,
        None => GB18030,
    };
    encoding.decode(bytes).0.into_owned()
}

/// The candidate that stands most often in the beginning.
fn delimiter(text: &str) -> u8 {
    let start = &text.as_bytes()[..text.len().min(LOOKED_AT)];
    let count = |delimiter: &u8| start.iter().filter(|b| *b == delimiter).count();
    // On a draw the last one: the comma.
    [b';', b'\t', b','].into_iter().max_by_key(count).unwrap_or(b',')
}
