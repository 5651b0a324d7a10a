//! `exempt`: what residents are let off. Gates learn it with the next bundle.

use gate::{Exemption, ExemptionKind};
use pass::Timestamp;

use super::who::one;
use super::{Desk, Problem, local, tell};
use crate::cli::{ExemptTask, KindName};
use crate::rules::zone_of;
use crate::words::cli::Message;

pub(super) async fn run(desk: &Desk, task: &ExemptTask) -> Result<(), Problem> {
    let store = desk.store().await?;
    match task {
        ExemptTask::Add { who, compound, kind, quota, hours_rule, last_day } => {
            let compound = desk.compound(&store, compound).await?;
            let zone = zone_of(&compound)?;
            let until = match last_day {
                None => None,
                Some(day) => {
                    let end = day
                        .tomorrow()
                        .and_then(|day| day.to_zoned(zone))
                        .map_err(|_| desk.problem(Message::NoSuchTime))?;
                    Some(Timestamp(end.timestamp().as_second()))
                }
            };
            let found = one(desk, &store, &compound, who).await?;
            // Whoever names neither means both.
            let both = !quota && !hours_rule;
            let exemption =
                Exemption { kind: kind_of(*kind), quota: *quota || both, hours: *hours_rule || both, until };
            store.exempt(compound.id, found.holder, &exemption, &desk.act()).await?;
            desk.say(Message::Exempted { name: found.name.as_str() });
        }
        ExemptTask::List { compound } => {
            let compound = desk.compound(&store, compound).await?;
            let zone = zone_of(&compound)?;
            let people = store.people(compound.id, desk.now()).await?;
            for (holder, exemption) in store.exemptions(compound.id).await? {
                let Ok(at) = people.binary_search_by_key(&holder, |person| person.holder) else { continue };
                let person = &people[at];
                let until = exemption.until.map_or("—".to_owned(), |until| local(until, &zone));
                let off = match (exemption.quota, exemption.hours) {
                    (true, true) => "quota hours",
                    (true, false) => "quota",
                    _ => "hours",
                };
                let home = &person.address;
                tell(&format!(
                    "{}-{}-{}\t{}\t{}\t{off}\t{until}",
                    home.building,
                    home.unit,
                    home.room,
                    person.name,
                    exemption.kind.code()
                ))?;
            }
        }
        ExemptTask::End { who, compound, kind } => {
            let compound = desk.compound(&store, compound).await?;
            let found = one(desk, &store, &compound, who).await?;
            let ended = store.end_exemption(compound.id, found.holder, kind_of(*kind), &desk.act()).await;
            ended?;
            desk.say(Message::Removed { name: found.name.as_str() });
        }
    }
    Ok(())
}

fn kind_of(kind: KindName) -> ExemptionKind {
    match kind {
        KindName::Commuter => ExemptionKind::Commuter,
        KindName::Medical => ExemptionKind::Medical,
    }
}
