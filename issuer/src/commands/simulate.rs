//! `simulate`: plays a district against issuers that are being served, and says what they take.

use super::bundle::write_whole;
use super::{Desk, Problem, tell};
use crate::cli::SimulateTask;
use crate::simulate::{Play, play, roster};

pub(super) async fn run(desk: &Desk, task: &SimulateTask) -> Result<(), Problem> {
    match task {
        SimulateTask::Roster { compounds, households, out } => {
            write_whole(out, roster((*compounds).max(1), *households).as_bytes())
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
