//! `passages`: takes in what gates have logged, and gives it out byte for byte.

use std::path::Path;

use anyhow::Context;
use pass::Timestamp;
use store::{Act, Action, Store};

use super::bundle::write_whole;
use super::progress::bar;
use super::{Desk, Problem, tell};
use crate::cli;
use crate::passages::{Belonging, take_in};
use crate::words::cli::Message;
use crate::words::passages as words;

pub(super) async fn run(desk: &Desk, task: &cli::Passages) -> Result<(), Problem> {
    let store = desk.store().await?;
    let (files, compound, by) = match task {
        cli::Passages::Journals => return journals(&store).await,
        cli::Passages::Export { compound, out } => return export(desk, &store, compound, out).await,
        cli::Passages::Import { files, compound, by } => (files, compound, by),
    };
    let of_unknown = match compound {
        Some(name) => Some(desk.compound(&store, name).await?.id),
        None => None,
    };
    let belonging = Belonging { of_unknown, may: &|_| true };
    let act = desk.act();
    let act = Act { by: by.as_deref().filter(|by| !by.trim().is_empty()).unwrap_or(act.by), ..act };
    let mut refused = Vec::new();
    for file in files {
        let bytes = std::fs::read(file).with_context(|| file.display().to_string())?;
        let bar = bar(Message::Reading, desk.language);
        let taken = take_in(&store, &bytes, &belonging, &act, &mut bar.counter()).await?;
        bar.finish();
        for line in words::taken(&taken, desk.language) {
            tell(&line)?;
        }
        if let Some(why) = taken.refused {
            refused.push(format!("{}: {}", file.display(), words::refused(&why, desk.language)));
        }
    }
    if refused.is_empty() { Ok(()) } else { Err(Problem::Told(refused.join("\n"))) }
}

/// A line for each journal: gate, journal, first and last event, how many are kept, how many between them are missing, and how many
/// stand beside another.
async fn journals(store: &Store) -> Result<(), Problem> {
    for journal in store.journals().await? {
        let missing = journal.missing();
        let store::Journal { gate, journal, first, last, kept, forked, .. } = journal;
        tell(&format!("{gate}\t{journal}\t{first}\t{last}\t{kept}\t{missing}\t{forked}"))?;
    }
    Ok(())
}

/// The events of a compound as its gates wrote them, one after the other.
async fn export(desk: &Desk, store: &Store, compound: &str, out: &Path) -> Result<(), Problem> {
    let compound = desk.compound(store, compound).await?;
    let events = store.events_of(compound.id, Timestamp(i64::MIN), Timestamp(i64::MAX)).await?;
    let bytes: Vec<u8> = events.iter().flat_map(gate::Event::to_bytes).collect();
    store.audit(&desk.act(), Action::Export, &format!("events of compound {}", compound.id.0)).await?;
    write_whole(out, &bytes)
}
