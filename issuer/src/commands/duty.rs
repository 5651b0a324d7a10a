//! `duty`: who is to be at a gate when. Times are the compound's own.

use super::{Desk, Problem, local, tell};
use crate::cli::DutyTask;
use crate::duty::{NoDuty, lines};
use crate::rules::zone_of;
use crate::words::cli::Message;

pub(super) async fn run(desk: &Desk, task: &DutyTask) -> Result<(), Problem> {
    let store = desk.store().await?;
    match task {
        DutyTask::Add { name, compound, starts, ends, at_gate, repeat } => {
            let compound = desk.compound(&store, compound).await?;
            let zone = zone_of(&compound)?;
            let at_gate = if at_gate.is_empty() { String::new() } else { desk.name(at_gate)? };
            let who = registry::tidy(name);
            let lines = lines((&who, &at_gate), (*starts, *ends), *repeat, &zone).map_err(|why| {
                desk.problem(match why {
                    NoDuty::NoSuchTime => Message::NoSuchTime,
                    NoDuty::Backwards => Message::DutyBackwards,
                })
            })?;
            let act = desk.act();
            for line in &lines {
                store.add_duty(compound.id, line, &act).await?;
            }
            desk.say(Message::DutyLines { count: lines.len() as u64 });
        }
        DutyTask::List { compound } => {
            let compound = desk.compound(&store, compound).await?;
            let zone = zone_of(&compound)?;
            for line in store.duty(compound.id, desk.now()).await? {
                let (from, until) = (local(line.from, &zone), local(line.until, &zone));
                tell(&format!("{from}\t{until}\t{}\t{}", line.who, line.gate))?;
            }
        }
        DutyTask::Clear { name, compound } => {
            let compound = desk.compound(&store, compound).await?;
            let act = desk.act();
            let count = store.clear_duty(compound.id, &registry::tidy(name), act.at, &act).await?;
            desk.say(Message::DutyLines { count });
        }
    }
    Ok(())
}
