//! One row of a roster, from text to holders: parsed whole, or refused with every problem it has, each naming its field.

use pass::Colour;

use crate::text::{colour_of, tidy};
use crate::{Address, FullName, FullNameError, Phone, PhoneError, Plate, PlateError, Subject};

/// A column of a roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// 小区.
    Compound,
    /// 楼栋.
    Building,
    /// 单元.
    Unit,
    /// 房号.
    Room,
    /// 姓名.
    Name,
    /// 电话.
    Phone,
    /// 颜色.
    Colour,
    /// 车牌.
    Plate,
}

impl Field {
    /// All columns, in the order of a template.
    pub const ALL: [Self; 8] = [
        Self::Compound,
        Self::Building,
        Self::Unit,
        Self::Room,
        Self::Name,
        Self::Phone,
        Self::Colour,
        Self::Plate,
    ];
}

/// The cells of a row, as typed; empty where there is nothing.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Row([String; 8]);

impl Row {
    /// The cell of a column.
    #[must_use]
    pub fn cell(&self, field: Field) -> &str {
        &self.0[field as usize]
    }

    /// Writes the cell of a column.
    pub fn set(&mut self, field: Field, text: String) {
        self.0[field as usize] = text;
    }
}

/// A holder read from a roster, not yet matched with those known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewHolder {
    /// The compound's name.
    pub compound: String,
    /// Where the household lives.
    pub address: Address,
    /// The person or vehicle.
    pub subject: Subject,
    /// The colour decided for it.
    pub colour: Colour,
}

/// What is wrong with a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The cell's column.
    pub field: Field,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// Kinds of problems of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// Nothing there, and the row needs it.
    Missing,
    /// Neither a name nor a plate: nobody to give a pass to.
    NobodyNamed,
    /// More characters than the column may have.
    TooLong {
        /// Characters found.
        length: usize,
        /// The most there may be.
        limit: usize,
    },
    /// A control character.
    Control,
    /// No name.
    Name(FullNameError),
    /// No phone number.
    Phone(PhoneError),
    /// No plate.
    Plate(PlateError),
    /// No colour.
    Colour {
        /// The word found.
        word: String,
    },
}

/// The most characters of a compound's name and of each part of an address.
const MAX_COMPOUND: usize = 40;
const MAX_ADDRESS: usize = 16;

impl NewHolder {
    /// Reads a row: a person where there is a name, a vehicle where there is a plate, both where there are both. The colour
    /// holds for all that the row names.
    ///
    /// # Errors
    /// Every problem of the row; there is at least one.
    pub fn of_row(row: &Row) -> Result<Vec<Self>, Vec<Problem>> {
        let mut cells = Cells { row, problems: Vec::new() };
        let compound = cells.required(Field::Compound, MAX_COMPOUND);
        let building = cells.required(Field::Building, MAX_ADDRESS);
        let unit = cells.text(Field::Unit, MAX_ADDRESS);
        let room = cells.required(Field::Room, MAX_ADDRESS);
        let name = cells.parsed(Field::Name, FullName::new, ProblemKind::Name);
        let phone = cells.parsed(Field::Phone, Phone::new, ProblemKind::Phone);
        let colour = cells.colour();
        let plate = cells.parsed(Field::Plate, Plate::new, ProblemKind::Plate);
        if cells.is_empty(Field::Name) && cells.is_empty(Field::Plate) {
            cells.problem(Field::Name, ProblemKind::NobodyNamed);
        }
        let Some(colour) = colour.filter(|_| cells.problems.is_empty()) else {
            return Err(cells.problems);
        };
        let address = Address::new(&building, &unit, &room);
        let person = name.map(|name| Subject::Person { name, phone });
        let vehicle = plate.map(|plate| Subject::Vehicle { plate });
        let holder = |subject| Self { compound: compound.clone(), address: address.clone(), subject, colour };
        Ok(person.into_iter().chain(vehicle).map(holder).collect())
    }
}

/// The cells of a row, and what was found wrong with them.
struct Cells<'a> {
    row: &'a Row,
    problems: Vec<Problem>,
}

impl Cells<'_> {
    fn problem(&mut self, field: Field, kind: ProblemKind) {
        self.problems.push(Problem { field, kind });
    }

    /// Whether a cell says nothing, or says that there is nothing.
    fn is_empty(&self, field: Field) -> bool {
        matches!(
            &*tidy(self.row.cell(field)).to_lowercase(),
            "" | "无" | "無" | "-" | "--" | "/" | "—" | "none" | "n/a"
        )
    }

    /// A text of at most `limit` characters; empty where there is none.
    fn text(&mut self, field: Field, limit: usize) -> String {
        if self.is_empty(field) {
            return String::new();
        }
        let text = tidy(self.row.cell(field));
        let length = text.chars().count();
        if length > limit {
            self.problem(field, ProblemKind::TooLong { length, limit });
        } else if text.chars().any(char::is_control) {
            self.problem(field, ProblemKind::Control);
        }
        text
    }

    fn required(&mut self, field: Field, limit: usize) -> String {
        if self.is_empty(field) {
            self.problem(field, ProblemKind::Missing);
        }
        self.text(field, limit)
    }

    /// A value where there is something; a problem where it is no such value.
    fn parsed<T, E>(
        &mut self,
        field: Field,
        parse: fn(&str) -> Result<T, E>,
        kind: fn(E) -> ProblemKind,
    ) -> Option<T> {
        if self.is_empty(field) {
            return None;
        }
        match parse(self.row.cell(field)) {
            Ok(value) => Some(value),
            Err(error) => {
                self.problem(field, kind(error));
                None
            }
        }
    }

    /// The colour, which every row needs: nobody is green because a cell was forgotten.
    fn colour(&mut self) -> Option<Colour> {
        let colour = colour_of(self.row.cell(Field::Colour));
        if colour.is_none() {
            let kind = match self.is_empty(Field::Colour) {
                true => ProblemKind::Missing,
                false => ProblemKind::Colour { word: tidy(self.row.cell(Field::Colour)) },
            };
            self.problem(Field::Colour, kind);
        }
        colour
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: [&str; 8]) -> Row {
        Row(cells.map(str::to_owned))
    }

    #[test]
    fn a_row_names_a_person_a_vehicle_or_both() {
        let names = |cells| -> Vec<String> {
            let holders = NewHolder::of_row(&row(cells)).unwrap();
            holders.iter().map(|holder| holder.subject.pass_name().to_string()).collect()
        };
        assert_eq!(names(["和平小区", "3", "2", "501", "张小明", "13812345678", "绿", ""]), ["张*明"]);
        assert_eq!(names(["和平小区", "3", "2", "501", "", "", "绿", "鄂A12345"]), ["鄂A12345"]);
        assert_eq!(
            names(["和平小区", "3栋", "", "501室", "张明", "无", "红", "鄂A12345"]),
            ["张*", "鄂A12345"]
        );
    }

    #[test]
    fn every_problem_of_a_row_is_named() {
        use Field::{Building, Colour, Compound, Name, Phone, Plate, Room, Unit};
        let fields = |cells| -> Vec<Field> {
            NewHolder::of_row(&row(cells)).unwrap_err().iter().map(|problem| problem.field).collect()
        };
        let long = "长".repeat(17);
        assert_eq!(fields(["", "", "", "", "", "", "", ""]), [Compound, Building, Room, Colour, Name]);
        assert_eq!(fields(["和平小区", "3", "2", "501", "1", "1", "蓝", "1"]), [Name, Phone, Colour, Plate]);
        assert_eq!(fields(["和平小区", "3", &long, "501", "张明", "", "绿", ""]), [Unit]);
        assert_eq!(fields(["和平小区", "3", "2", "50\u{1}1", "张明", "", "绿", ""]), [Room]);
    }
}
