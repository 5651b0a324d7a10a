//! `passages`: takes in what gates have logged.

use anyhow::Context;
use store::Act;

use super::progress::bar;
use super::{Desk, Problem, tell};
use crate::cli;
use crate::passages::{Belonging, take_in};
use crate::words::cli::Message;
use crate::words::passages as words;

pub(super) async fn run(desk: &Desk, task: &cli::Passages) -> Result<(), Problem> {
    let cli::Passages::Import { files, compound, by } = task;
    let store = desk.store().await?;
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
