//! `simulate`: plays a district against issuers that are being served, and says what they take.

use std::path::{Path, PathBuf};

use super::bundle::write_whole;
use super::{Desk, Problem, tell};
use crate::cli::SimulateTask;
use crate::simulate::{Play, play, rosters};

pub(super) async fn run(desk: &Desk, task: &SimulateTask) -> Result<(), Problem> {
    match task {
        SimulateTask::Roster { compounds, households, out } => {
            for (index, roster) in rosters((*compounds).max(1), *households).enumerate() {
                let path = numbered(out, index + 1);
                write_whole(&path, roster.as_bytes())?;
                tell(&path.display().to_string())?;
            }
            Ok(())
        }
        SimulateTask::Day { issuer, gate_count, passages, at_once } => {
            let store = desk.store().await?;
            let asked =
                Play { issuers: issuer.clone(), gates: *gate_count, passages: *passages, at_once: *at_once };
            let played = play(&store, &asked, &desk.act(), &|said| eprintln!("{said}")).await?;
            tell(&serde_json::to_string(&played).map_err(anyhow::Error::from)?)
        }
    }
}

/// The path of one of several files: `district.csv`, `district-2.csv`.
fn numbered(path: &Path, number: usize) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let extension = path.extension().map(|it| format!(".{}", it.to_string_lossy())).unwrap_or_default();
    match number {
        1 => path.to_owned(),
        _ => path.with_file_name(format!("{stem}-{number}{extension}")),
    }
}
