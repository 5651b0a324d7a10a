//! `sheet`: printed sheets, and who was given them.

use store::{Act, Sheets};

use super::{AT_THE_COMMAND_LINE, Desk, Problem, local, tell};
use crate::cli::SheetTask;
use crate::rules::zone_of;
use crate::words::cards::{self as words, Told};

pub(super) async fn run(desk: &Desk, task: &SheetTask) -> Result<(), Problem> {
    let store = desk.store().await?;
    match task {
        SheetTask::List { compound, handed } => {
            let compound = desk.compound(&store, compound).await?;
            let zone = zone_of(&compound)?;
            let which = if *handed { Sheets::Handed } else { Sheets::Here };
            for sheet in store.sheets(compound.id, which).await? {
                let homes = words::homes(&sheet.homes, desk.language);
                let handed = sheet.handed.as_ref().map(|(at, to)| format!("\t{}\t{to}", local(*at, &zone)));
                tell(&format!("{}\t{}\t{homes}{}", sheet.number, sheet.cards, handed.unwrap_or_default()))?;
            }
        }
        SheetTask::Hand { numbers, to, by } => {
            let to = registry::tidy(to);
            if to.is_empty() || to.chars().count() > words::LONGEST_RECEIVER {
                return Err(desk.told(&Told::NoReceiver));
            }
            let count = store.hand_out(numbers, &to, &act(desk, by.as_deref())).await?;
            desk.tell(&Told::Handed { count, asked: numbers.len() });
        }
        SheetTask::Back { numbers, by } => {
            store.take_back(numbers, &act(desk, by.as_deref())).await?;
        }
    }
    Ok(())
}

fn act<'a>(desk: &Desk, by: Option<&'a str>) -> Act<'a> {
    let by = by.filter(|by| !by.trim().is_empty()).unwrap_or(AT_THE_COMMAND_LINE);
    Act { by, at: desk.now() }
}
