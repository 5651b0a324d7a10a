//! `bundle`: what a gate judges by, in one file.

use std::path::Path;

use pass::StatusList;
use protocol::{Bundle, sign_rules};
use store::{Action, Version};

use super::{Desk, Problem, demand_covered};
use crate::cli;
use crate::rules::{RulesFile, STARTER};
use crate::words::cli::Message;

const HOUR: i64 = 3600;

pub(super) async fn run(desk: &Desk, options: &cli::Bundle) -> Result<(), Problem> {
    let store = desk.store().await?;
    let (key, trusted) = desk.signer()?;
    store.bind_office(trusted.office).await?;
    let compound = desk.compound(&store, &options.compound).await?;
    demand_covered(&trusted, std::slice::from_ref(&compound))?;
    let (trust, _) = desk.key_files().trust_list()?;
    let act = desk.act();
    let now = act.at;

    let version = store.next_version(Version::Status, now).await?;
    let expires = now.plus(i64::from(options.hours) * HOUR).min(trusted.until);
    let statuses = store.statuses().await?;
    let status = StatusList::new(trusted.office, version, now, expires, &statuses);

    let stored = match &compound.rules {
        Some(rules) => rules,
        None => {
            store.set_rules(compound.id, STARTER).await?;
            STARTER
        }
    };
    let rules = RulesFile::from_json(stored)?.of(compound.id, &compound.name);
    let version = store.next_version(Version::Rules(compound.id), now).await?;
    let bundle = Bundle {
        trust,
        status: vec![status.sign(&key)],
        rules: sign_rules(&rules, version, now, &key),
        people: Vec::new(),
    };
    write_whole(&options.out, &bundle.to_bytes())?;
    store.audit(&act, Action::Export, &format!("bundle of compound {}", compound.id.0)).await?;
    desk.say(Message::Bundled { compound: &compound.name, path: &options.out });
    Ok(())
}

/// Writes a file so that nobody ever finds half of it under its name.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || -> std::io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        std::io::Write::write_all(&mut file, bytes)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    write().map_err(|why| Problem::CannotWrite(path.to_owned(), why))
}
