//! `stick`: signs a stick, and exchanges what it carries between this office and its gates.

use std::path::Path;

use protocol::Stick;
use stick::Mounted;

use super::{Desk, Problem};
use crate::carried::{CannotCarry, prepare, visit};
use crate::cli::StickTask;
use crate::exchange::{CannotMake, Exchange};
use crate::words::cli::Message;
use crate::words::programs::AboutProgram;

pub(super) async fn run(desk: &Desk, task: &StickTask) -> Result<(), Problem> {
    let (StickTask::Prepare { folder } | StickTask::Visit { folder }) = task;
    let store = desk.store().await?;
    let keys = desk.keys()?;
    let hands = keys.hands(&store, desk.now());
    let mounted = open(folder)?;
    match task {
        StickTask::Prepare { .. } => {
            prepare(&mounted, &hands).map_err(|why| problem(desk, why))?;
            desk.say(Message::StickSigned { folder });
            if mounted.is_foreign() {
                desk.say(Message::StickForeign);
            }
        }
        StickTask::Visit { .. } => {
            let exchange = Exchange::new();
            let programs = super::update::programs(desk)?;
            let done = visit(&mounted, &hands, keys.receiver(), &exchange, &programs).await;
            let done = done.map_err(|why| problem(desk, why))?;
            let taken: Vec<String> =
                done.taken.iter().map(|(gate, count)| format!("{gate} {count}")).collect();
            let given: Vec<&str> = done.given.iter().map(|compound| compound.name.as_str()).collect();
            let comma = desk.language.choose("、", ", ");
            desk.say(Message::StickDone {
                taken: &taken.join(comma),
                given: &given.join(comma),
                left: &done.left.join(comma),
            });
            match &done.programs {
                Ok(copied) if copied.is_empty() => {}
                Ok(copied) => desk.about_program(AboutProgram::Copied(copied)),
                Err(why) => {
                    let told = AboutProgram::NotCopied(&why.to_string()).text(desk.language);
                    return Err(Problem::Told(told));
                }
            }
        }
    }
    Ok(())
}

fn open(folder: &Path) -> Result<Mounted, Problem> {
    Mounted::at(folder, Stick::FOLDER).map_err(|why| Problem::CannotWrite(folder.to_owned(), why))
}

fn problem(desk: &Desk, why: CannotCarry) -> Problem {
    match why {
        CannotCarry::NotSigned => desk.problem(Message::StickNotSigned),
        CannotCarry::Careless => desk.problem(Message::StickCareless),
        CannotCarry::Stick(why) => Problem::Other(why.into()),
        CannotCarry::Make(CannotMake::NotCovered(compound)) => Problem::NotCovered(compound),
        CannotCarry::Make(CannotMake::Store(error)) | CannotCarry::Store(error) => error.into(),
        CannotCarry::Make(why) => Problem::Other(why.into()),
    }
}
