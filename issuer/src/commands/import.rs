//! `import`: a workbook into the registry. Good rows go in, bad ones are named by cell, and nothing is lost. With `--dry-run` it only
//! says what it would do.

use std::path::Path;

use super::progress::bar;
use super::{Desk, Problem, tell};
use crate::keys::Ceremony;
use crate::roster::Roster;
use crate::words;
use crate::words::cli::Message;

pub(super) async fn run(desk: &Desk, path: &Path, dry_run: bool) -> Result<(), Problem> {
    let store = desk.store().await?;
    // A roster may come before the keys; compounds then get the numbers that `keygen` gives by itself.
    let numbers = desk.trusted().map_or_else(|_| vec![Ceremony::COMPOUNDS], |trusted| trusted.compounds);
    let bar = bar(Message::Reading, desk.language);
    let mut count = bar.counter();
    let mut roster = Roster::read(path, &mut |rows| count(rows, rows))
        .map_err(|error| Problem::Told(words::roster::error(&error, desk.language)))?;
    let imported = match dry_run {
        true => store.compare(&roster.holders, &numbers).await?,
        false => store.import(&roster.holders, &numbers, &desk.act(), &mut bar.counter()).await?,
    };
    bar.finish();
    roster.mark(&imported);
    let report = match dry_run {
        true => words::roster::preview(&roster, &imported, desk.language),
        false => words::roster::report(&roster, &imported, desk.language),
    };
    tell(report.trim_end())
}
