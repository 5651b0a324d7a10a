//! `update`: newer programs for gates, signed by the root key and kept for the next stick.

use super::{Desk, Problem, local, tell, trust};
use crate::cli::UpdateTask;
use crate::programs::{CannotUpdate, Programs, sign};
use crate::words::programs::AboutProgram;

pub(super) fn run(desk: &Desk, task: &UpdateTask) -> Result<(), Problem> {
    match task {
        UpdateTask::Sign { program, version, target, root, out } => {
            let by = (root.as_deref(), &desk.passphrase());
            let about = (*version, target.as_str());
            let update = sign(&desk.key_files(), program, about, by, desk.now(), out);
            let update = &update.map_err(|why| problem(desk, why))?;
            desk.about_program(AboutProgram::Signed { update, out });
        }
        UpdateTask::Add { file } => {
            let update = programs(desk)?.add(file).map_err(|why| problem(desk, why))?;
            desk.about_program(AboutProgram::Kept(&update));
        }
        UpdateTask::List => {
            let zone = jiff::tz::TimeZone::get(crate::cards::ZONE).unwrap_or(jiff::tz::TimeZone::UTC);
            for kept in programs(desk)?.list().map_err(|why| Problem::Other(why.into()))? {
                let update = kept.update;
                let signed = local(update.issued, &zone);
                tell(&format!("{}\t{}\t{}\t{signed}", update.target, update.version, update.size))?;
            }
        }
    }
    Ok(())
}

/// What this office keeps.
pub(super) fn programs(desk: &Desk) -> Result<Programs, Problem> {
    let files = desk.key_files();
    if !files.trust().exists() {
        return Err(Problem::NoKeys(desk.folder.clone()));
    }
    Ok(Programs::of(&desk.folder, files.root_key()?))
}

fn problem(desk: &Desk, why: CannotUpdate) -> Problem {
    match why {
        CannotUpdate::Root(why) => trust::problem(desk, why),
        why => Problem::Told(AboutProgram::Cannot(&why).text(desk.language)),
    }
}
