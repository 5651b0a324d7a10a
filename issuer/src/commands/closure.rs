//! `closure`: buildings and stairwells that are closed, and opened again. Gates obey from the next bundle on.

use pass::Timestamp;
use store::{Closure, NewClosure, StoreError};

use super::decide::act;
use super::{Desk, Problem, local, tell};
use crate::cli::{ClosureTask, Homes};
use crate::rules::zone_of;
use crate::words::board::stairwell;
use crate::words::building as words;
use crate::words::cli::Message;

pub(super) async fn run(desk: &Desk, task: &ClosureTask) -> Result<(), Problem> {
    let store = desk.store().await?;
    let place = |it: &Closure| stairwell(&it.building, &it.unit, desk.language);
    match task {
        ClosureTask::Add { homes, last_day, lets_exempt, why } => {
            let (act, why) = act(desk, why)?;
            let compound = desk.compound(&store, &homes.compound).await?;
            let zone = zone_of(&compound)?;
            let end = |day: &jiff::civil::Date| day.tomorrow().and_then(|day| day.to_zoned(zone.clone()));
            let planned = match last_day.as_ref().map(end).transpose() {
                Ok(end) => end.map(|end| Timestamp(end.timestamp().as_second())),
                Err(_) => return Err(desk.problem(Message::NoSuchTime)),
            };
            if planned.is_some_and(|planned| planned <= act.at) {
                return Err(Problem::Told(words::texts(desk.language).bad_last_day.to_owned()));
            }
            let Homes { building, unit, .. } = homes;
            let new = NewClosure { building, unit, planned, why: &why, lets_exempt: *lets_exempt };
            match store.close_homes(compound.id, &new, &act).await {
                Ok(closure) => eprintln!("{}", words::closed(&place(&closure), &closure, desk.language)),
                Err(StoreError::Taken { .. }) => {
                    return Err(Problem::Told(words::texts(desk.language).closed_already.to_owned()));
                }
                Err(StoreError::Absent { .. }) => return Err(nobody(desk, homes)),
                Err(error) => return Err(error.into()),
            }
        }
        ClosureTask::List { compound } => {
            let compound = desk.compound(&store, compound).await?;
            let zone = zone_of(&compound)?;
            for it in store.closed(compound.id).await? {
                let until = it.planned.map_or("—".to_owned(), |until| local(until, &zone));
                let (homes, since) =
                    (stairwell(&it.building, &it.unit, desk.language), local(it.since, &zone));
                tell(&format!(
                    "{homes}\t{since}\t{until}\t{}\t{}\t{}\t{}",
                    it.homes, it.residents, it.by, it.why
                ))?;
            }
        }
        ClosureTask::End { homes } => {
            let compound = desk.compound(&store, &homes.compound).await?;
            let closed = store.closed(compound.id).await?;
            let one = closed.iter().find(|it| it.building == homes.building && it.unit == homes.unit);
            let Some(one) = one else { return Err(nobody(desk, homes)) };
            store.reopen_homes(&one.id, &desk.act()).await?;
            eprintln!("{}", words::opened(&place(one), desk.language));
        }
    }
    Ok(())
}

fn nobody(desk: &Desk, homes: &Homes) -> Problem {
    Problem::Told(words::nothing_there(
        &stairwell(&homes.building, &homes.unit, desk.language),
        desk.language,
    ))
}
