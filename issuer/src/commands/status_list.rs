//! `status-list`: what offices of a district tell each other of their passes, so that the gates of one can judge those of the others.

use std::path::{Path, PathBuf};

use pass::StatusList;
use store::Version;

use super::bundle::write_whole;
use super::{Desk, Problem, local, tell};
use crate::cli::StatusListTask;
use crate::exchange::CannotMake;
use crate::words::lists::AboutList;

/// More than a status list of the largest office is.
const LONGEST: u64 = 8 << 20;

pub(super) async fn run(desk: &Desk, task: &StatusListTask) -> Result<(), Problem> {
    match task {
        StatusListTask::Export { out, hours } => export(desk, out, *hours).await,
        StatusListTask::Take { lists } => take(desk, lists).await,
        StatusListTask::List => list(desk).await,
    }
}

fn zone() -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get(crate::cards::ZONE).unwrap_or(jiff::tz::TimeZone::UTC)
}

async fn export(desk: &Desk, out: &Path, hours: u32) -> Result<(), Problem> {
    let (store, keys, now) = (desk.store().await?, desk.keys()?, desk.now());
    while store.publish(now).await? {}
    let version = store.next_version(Version::Status, now).await?;
    let signed = keys.hands(&store, now).status(version, hours).await.map_err(|why| match why {
        CannotMake::Store(error) => error.into(),
        why => Problem::Other(why.into()),
    })?;
    write_whole(out, &signed)?;
    let (_, trusted) = desk.key_files().trust_list()?;
    let written = StatusList::open(&signed, &trusted).map_err(anyhow::Error::from)?;
    let told = AboutList::Written { until: &local(written.expires, &zone()) };
    eprintln!("{}", told.text(desk.language));
    Ok(())
}

async fn take(desk: &Desk, files: &[PathBuf]) -> Result<(), Problem> {
    let (store, now) = (desk.store().await?, desk.now());
    let (_, trusted) = desk.key_files().trust_list()?;
    let own = desk.key_files().own()?.office;
    let mut refused = Vec::new();
    for path in files {
        let file = path.display().to_string();
        let read = || -> anyhow::Result<Vec<u8>> {
            let length = std::fs::metadata(path)?.len();
            anyhow::ensure!(length <= LONGEST, "{length} bytes");
            Ok(std::fs::read(path)?)
        };
        let opened = read().and_then(|bytes| Ok((StatusList::open(&bytes, &trusted)?, bytes)));
        let (list, bytes) = match opened {
            Ok(opened) => opened,
            Err(why) => {
                refused.push(
                    AboutList::NotBelieved { file: &file, why: &format!("{why:#}") }.text(desk.language),
                );
                continue;
            }
        };
        let told = if list.office == own {
            AboutList::Own { file: &file }
        } else if store.keep_list_of(list.office, list.version, &bytes, &desk.act()).await? {
            AboutList::Kept { office: list.office, is_over: list.expires < now }
        } else {
            AboutList::NotNewer { office: list.office }
        };
        eprintln!("{}", told.text(desk.language));
    }
    // The good ones are kept, whatever is wrong with others.
    if refused.is_empty() { Ok(()) } else { Err(Problem::Told(refused.join("\n"))) }
}

/// A line for each: office, version, when it was signed, until when it holds; the last two are missing where its key was pulled.
async fn list(desk: &Desk) -> Result<(), Problem> {
    let store = desk.store().await?;
    let (_, trusted) = desk.key_files().trust_list()?;
    for (office, version) in store.lists().await? {
        let Some(bytes) = store.list_of(office).await? else { continue };
        let times = StatusList::open(&bytes, &trusted).map(|list| {
            let (signed, until) = (local(list.issued, &zone()), local(list.expires, &zone()));
            format!("{signed}\t{until}")
        });
        tell(&format!("{}\t{version}\t{}", office.0, times.unwrap_or_else(|_| "\t".to_owned())))?;
    }
    Ok(())
}
