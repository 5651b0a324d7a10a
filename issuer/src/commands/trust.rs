//! `trust`: which keys of the district are believed, and every change of that, by the root key.

use pass::OfficeId;

use super::{Desk, Problem, local, tell};
use crate::cli::TrustTask;
use crate::keys::CannotTrust;
use crate::words::cli::Message;

pub(super) fn run(desk: &Desk, task: &TrustTask) -> Result<(), Problem> {
    let (files, passphrase, now) = (desk.key_files(), desk.passphrase(), desk.now());
    let problem = |why| problem(desk, why);
    match task {
        TrustTask::List => return list(desk),
        TrustTask::Rotate { days, root } => {
            let made = files.rotate((root.as_deref(), *days), &passphrase, now).map_err(problem)?;
            desk.say(Message::KeyRotated { id: &made.id().to_string() });
        }
        TrustTask::Pull { id, root } => {
            let pulled = files.pull(id, root.as_deref(), &passphrase, now).map_err(problem)?;
            desk.say(Message::KeyPulled { id: &pulled.id().to_string() });
        }
        TrustTask::Add { keys, office, compounds, root } => {
            let of = (OfficeId(*office), compounds.clone());
            let added = files.admit(keys, of, root.as_deref(), &passphrase, now).map_err(problem)?;
            desk.say(Message::KeyAdded { id: &added.id().to_string(), list: &files.trust() });
        }
        TrustTask::Take { list, root } => {
            let version = files.take_over(list, root.as_deref()).map_err(problem)?;
            desk.say(Message::TrustTaken { version });
        }
    }
    Ok(())
}

/// A line for each key: id, office, compounds, from when until when it may sign, and which one this office signs by.
fn list(desk: &Desk) -> Result<(), Problem> {
    let files = desk.key_files();
    if !files.trust().exists() {
        return Err(Problem::NoKeys(desk.folder.clone()));
    }
    let (_, trusted) = files.trust_list()?;
    let own = files.own()?.public;
    let zone = jiff::tz::TimeZone::get(crate::cards::ZONE).unwrap_or(jiff::tz::TimeZone::UTC);
    for key in trusted.keys() {
        let ranges = key.compounds.iter().map(|range| format!("{}-{}", range.start(), range.end()));
        let ranges: Vec<String> = ranges.collect();
        let mark = if key.public == own { "*" } else { "" };
        let (from, until) = (local(key.from, &zone), local(key.until, &zone));
        tell(&format!(
            "{}\t{}\t{}\t{from}\t{until}\t{mark}",
            key.public.id(),
            key.office.0,
            ranges.join(",")
        ))?;
    }
    Ok(())
}

pub(super) fn problem(desk: &Desk, why: CannotTrust) -> Problem {
    match why {
        CannotTrust::Key(why) => Problem::Key(why),
        CannotTrust::OtherRoot => desk.problem(Message::OtherRootKey),
        CannotTrust::NoSuchKey => desk.problem(Message::NoSuchKey),
        CannotTrust::OwnKey => desk.problem(Message::OwnKey),
        CannotTrust::Known => desk.problem(Message::KeyKnown),
        CannotTrust::NotNewer => desk.problem(Message::TrustNotNewer),
        CannotTrust::Other(why) => Problem::Other(why),
    }
}
