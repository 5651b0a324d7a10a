//! Rows become holders: headers are found, rows parsed, and whoever stands in the file twice is taken once.

use std::collections::HashMap;

use registry::{Address, Field, NewHolder, Phone, Row, Subject};

use super::header::{Header, TITLE_ROWS};
use super::{Cell, Finding, MAX_ROWS, Place, Roster, RosterError, What, cell_name};

/// How often progress is told.
const TOLD_EVERY: usize = 512;

/// A file being read, sheet after sheet, row after row.
pub(super) struct Reading<'a> {
    roster: Roster,
    header: Option<Header>,
    /// What the best row that looked like headers lacked, for a file in which none is complete.
    lacking: Option<RosterError>,
    any_header: bool,
    /// Whether the sheet has anything in it.
    has_rows: bool,
    /// By compound, home and name.
    people: HashMap<(String, Address, String), Vec<Namesake>>,
    /// By compound and plate: the position in `holders`, and the row.
    vehicles: HashMap<(String, String), (usize, u32)>,
    progress: &'a mut dyn FnMut(usize),
}

/// Somebody of a name and a home, by whom a later row is told to be a repetition.
struct Namesake {
    phone: Option<Phone>,
    row: u32,
}

impl<'a> Reading<'a> {
    pub(super) fn new(progress: &'a mut dyn FnMut(usize)) -> Self {
        Self {
            roster: Roster::default(),
            header: None,
            lacking: None,
            any_header: false,
            has_rows: false,
            people: HashMap::new(),
            vehicles: HashMap::new(),
            progress,
        }
    }

    /// Starts a sheet.
    pub(super) fn sheet(&mut self, name: &str) {
        self.end_sheet();
        self.roster.sheets.push(name.to_owned());
    }

    /// What the column holds, once the sheet's headers are found.
    pub(super) fn field(&self, column: u16) -> Option<Field> {
        self.header.as_ref()?.field(column)
    }

    /// Takes a row: its number from 1 on, and its cells by column from 0 on.
    ///
    /// # Errors
    /// [`RosterError::TooManyRows`].
    pub(super) fn row(&mut self, row: u32, cells: &[(u16, Cell)]) -> Result<(), RosterError> {
        if cells.iter().all(|(_, cell)| cell.is_empty()) {
            return Ok(());
        }
        self.has_rows = true;
        let Some(header) = &self.header else {
            if row <= TITLE_ROWS {
                self.look_for_header(row, cells);
            }
            return Ok(());
        };
        if !cells.iter().any(|(column, cell)| header.field(*column).is_some() && !cell.is_empty()) {
            return Ok(());
        }
        self.roster.rows += 1;
        if self.roster.rows > MAX_ROWS {
            return Err(RosterError::TooManyRows);
        }
        if self.roster.rows.is_multiple_of(TOLD_EVERY) {
            (self.progress)(self.roster.rows);
        }
        let taken = self.take(row, cells);
        self.roster.skipped += usize::from(!taken);
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When no sheet had headers.
    pub(super) fn finish(mut self) -> Result<Roster, RosterError> {
        self.end_sheet();
        if !self.any_header {
            return Err(self.lacking.unwrap_or(RosterError::NoHeader));
        }
        (self.progress)(self.roster.rows);
        // Only now is it known whether the file has several sheets, which cells are named by.
        for finding in &mut self.roster.findings {
            finding.cell = cell_name(finding.place, &self.roster.sheets);
        }
        self.roster.findings.sort_by_key(|finding| finding.place);
        Ok(self.roster)
    }

    fn end_sheet(&mut self) {
        if self.has_rows && self.header.is_none() {
            self.find(1, 0, What::NoHeader);
        }
        (self.header, self.has_rows) = (None, false);
    }

    fn look_for_header(&mut self, row: u32, cells: &[(u16, Cell)]) {
        match Header::of_row(cells) {
            None => {}
            Some(Err(lacking)) => self.lacking = Some(lacking),
            Some(Ok(header)) => {
                for (column, field) in &header.seconds {
                    self.find(row, *column, What::SecondColumn(*field));
                }
                self.header = Some(header);
                self.any_header = true;
            }
        }
    }

    /// Whether anything of the row was taken.
    fn take(&mut self, row: u32, cells: &[(u16, Cell)]) -> bool {
        let mut texts = Row::default();
        let mut readable = true;
        for (column, cell) in cells {
            let Some(field) = self.field(*column) else { continue };
            let what = match cell {
                Cell::Text(text) => {
                    texts.set(field, text.clone());
                    continue;
                }
                Cell::Date => What::Date(field),
                Cell::Unreadable => What::Unreadable(field),
            };
            self.find(row, *column, what);
            readable = false;
        }
        if !readable {
            return false;
        }
        match NewHolder::of_row(&texts) {
            Ok(holders) => {
                let mut taken = false;
                for holder in holders {
                    taken |= self.put(row, holder);
                }
                taken
            }
            Err(problems) => {
                for problem in problems {
                    let column = self.column(problem.field);
                    self.find(row, column, What::Cell(problem.field, problem.kind));
                }
                false
            }
        }
    }

    fn put(&mut self, row: u32, holder: NewHolder) -> bool {
        match &holder.subject {
            Subject::Person { name, phone } => {
                let key = (holder.compound.clone(), holder.address.clone(), name.reveal().to_owned());
                let namesakes = self.people.entry(key).or_default();
                // Namesakes are told apart by phone numbers alone.
                let same =
                    |known: &&Namesake| known.phone == *phone || known.phone.is_none() || phone.is_none();
                if let Some(earlier) = namesakes.iter().find(same) {
                    let what = What::Repeated { row: earlier.row };
                    self.find(row, self.column(Field::Name), what);
                    return false;
                }
                namesakes.push(Namesake { phone: phone.clone(), row });
                self.add(row, Field::Name, holder);
            }
            Subject::Vehicle { plate } => {
                let key = (holder.compound.clone(), plate.as_str().to_owned());
                match self.vehicles.get(&key) {
                    None => {
                        self.vehicles.insert(key, (self.roster.holders.len(), row));
                        self.add(row, Field::Plate, holder);
                    }
                    // Several people of a home share a vehicle; elsewhere it is a mistake.
                    Some((known, _)) if self.roster.holders[*known].address == holder.address => {
                        let vehicle = &mut self.roster.holders[*known];
                        vehicle.colour = vehicle.colour.max(holder.colour);
                    }
                    Some((_, earlier)) => {
                        let what = What::PlateElsewhere { row: *earlier };
                        self.find(row, self.column(Field::Plate), what);
                        return false;
                    }
                }
            }
        }
        true
    }

    fn add(&mut self, row: u32, named_by: Field, holder: NewHolder) {
        self.roster.places.push(self.place(row, self.column(named_by)));
        self.roster.holders.push(holder);
    }

    fn column(&self, field: Field) -> u16 {
        self.header.as_ref().and_then(|header| header.column(field)).unwrap_or_default()
    }

    fn place(&self, row: u32, column: u16) -> Place {
        let sheet = self.roster.sheets.len().saturating_sub(1);
        Place { sheet: u16::try_from(sheet).unwrap_or(u16::MAX), row, column }
    }

    fn find(&mut self, row: u32, column: u16, what: What) {
        let place = self.place(row, column);
        self.roster.findings.push(Finding { place, cell: String::new(), what });
    }
}
