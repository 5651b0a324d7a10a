//! The registry in the shape that rosters come in, and a template to start from: what is written here can be imported again.

use pass::Kind;
use registry::Field;
use store::Registered;

use super::Table;
use crate::words::{Language, roster as words};

/// Everybody, a row each.
#[must_use]
pub fn roster(registered: &[Registered], language: Language) -> Table {
    let mut table = empty(language);
    table.rows = registered.iter().map(|it| row(it, language)).collect();
    table
}

/// An empty roster: how it is filled in above the headers, and a few made-up rows below them.
#[must_use]
pub fn template(language: Language) -> Table {
    let mut table = empty(language);
    table.titles = words::TEMPLATE_TITLES.map(|(zh, en)| language.choose(zh, en).to_owned()).to_vec();
    let example =
        |cells: &[(&str, &str); 8]| cells.map(|(zh, en)| language.choose(zh, en).to_owned()).to_vec();
    table.rows = words::TEMPLATE_ROWS.iter().map(example).collect();
    table
}

fn empty(language: Language) -> Table {
    let colour = Field::ALL.iter().position(|field| *field == Field::Colour).unwrap_or_default();
    let words = pass::Colour::ALL.map(|colour| words::colour(colour, language).to_owned());
    Table {
        sheet: words::sheet(language).to_owned(),
        headers: Field::ALL.map(|field| words::column(field, language).to_owned()).to_vec(),
        widths: vec![18, 8, 8, 10, 14, 18, 8, 14],
        choices: vec![(u16::try_from(colour).unwrap_or_default(), words.to_vec())],
        ..Table::default()
    }
}

fn row(it: &Registered, language: Language) -> Vec<String> {
    let is_vehicle = it.kind == Kind::Vehicle;
    let cell = |field: Field| match field {
        Field::Compound => it.compound.clone(),
        Field::Building => it.address.building.clone(),
        Field::Unit => it.address.unit.clone(),
        Field::Room => it.address.room.clone(),
        Field::Name if !is_vehicle => it.name.clone(),
        Field::Plate if is_vehicle => it.name.clone(),
        Field::Name | Field::Plate => String::new(),
        Field::Phone => it.phone.clone().unwrap_or_default(),
        Field::Colour => words::colour(it.colour, language).to_owned(),
    };
    Field::ALL.map(cell).to_vec()
}
