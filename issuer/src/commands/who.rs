//! Who is meant: a short code, a home, a name or a plate, that must find one alone.

use store::{Compound, Listed, Search, Store};

use super::{Desk, Problem};
use crate::words::cli::Message;

/// Shown at most of those found, when it is not one alone.
const SHOWN: u32 = 10;

/// The one holder that `who` finds.
pub(super) async fn one(
    desk: &Desk,
    store: &Store,
    compound: &Compound,
    who: &str,
) -> Result<Listed, Problem> {
    let search =
        Search { text: who.to_owned(), compound: Some(compound.id), limit: SHOWN, ..Search::default() };
    let mut found = store.find(&search).await?.listed;
    match found.len() {
        1 => Ok(found.remove(0)),
        _ => {
            let lines: Vec<String> = found.iter().map(line).collect();
            Err(desk.problem(Message::NotOne { who, found: &lines.join("\n") }))
        }
    }
}

fn line(found: &Listed) -> String {
    let code = found.pass.as_ref().map_or("—".to_owned(), |pass| pass.serial.short_code());
    let home = &found.address;
    format!("{code}  {}-{}-{}  {}", home.building, home.unit, home.room, found.name)
}
