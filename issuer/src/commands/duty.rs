//! `duty`: who is to be at a gate when. Times are the compound's own.

use jiff::ToSpan;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use pass::Timestamp;
use store::DutyLine;

use super::{Desk, Problem, local, tell, zone_of};
use crate::cli::DutyTask;
use crate::words::cli::Message;

pub(super) async fn run(desk: &Desk, task: &DutyTask) -> Result<(), Problem> {
    let store = desk.store().await?;
    match task {
        DutyTask::Add { name, compound, starts, ends, at_gate, repeat } => {
            let compound = desk.compound(&store, compound).await?;
            let zone = zone_of(&compound)?;
            let at_gate = if at_gate.is_empty() { String::new() } else { desk.name(at_gate)? };
            let mut lines = Vec::new();
            for day in 0..*repeat {
                let (from, until) = (moment(*starts, day, &zone), moment(*ends, day, &zone));
                let (Some(from), Some(until)) = (from, until) else {
                    return Err(desk.problem(Message::NoSuchTime));
                };
                if from >= until {
                    return Err(desk.problem(Message::DutyBackwards));
                }
                lines.push(DutyLine { who: registry::tidy(name), gate: at_gate.clone(), from, until });
            }
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

/// That time of day, so many days later, in the compound's zone.
fn moment(at: DateTime, days: u16, zone: &TimeZone) -> Option<Timestamp> {
    let at = at.checked_add(i64::from(days).days()).ok()?.to_zoned(zone.clone()).ok()?;
    Some(Timestamp(at.timestamp().as_second()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_the_compounds_own() {
        let shanghai = TimeZone::get("Asia/Shanghai").unwrap();
        let at = "2020-03-01T08:00".parse().unwrap();
        assert_eq!(moment(at, 0, &shanghai), Some(Timestamp(1_583_020_800)));
        assert_eq!(moment(at, 2, &shanghai), Some(Timestamp(1_583_020_800 + 2 * 86_400)));
        // The night on which clocks go forward has no 23 hours less: the same time of day, an hour sooner.
        let paris = TimeZone::get("Europe/Paris").unwrap();
        let at = "2020-03-28T08:00".parse().unwrap();
        let (first, next) = (moment(at, 0, &paris).unwrap(), moment(at, 1, &paris).unwrap());
        assert_eq!(next.since(first), 23 * 3600);
        assert_eq!(moment(DateTime::MAX, 1, &shanghai), None);
    }
}
