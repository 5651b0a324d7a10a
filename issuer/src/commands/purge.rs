//! `purge`: deletes what is over, shows the certificates of it, says and changes how long records are kept. The same runs once a day
//! inside `serve`.

use jiff::tz::TimeZone;
use pass::Timestamp;
use store::{Act, Certificate, Record, Store};

use super::{AT_THE_COMMAND_LINE, Desk, Problem, local, tell};
use crate::cli;
use crate::retention::{days, fingerprint};
use crate::words::retention as words;

/// Who it was, where nobody asked for it.
const ON_SCHEDULE: &str = "schedule";
/// How often `serve` asks whether a day has gone by.
const ASKED_EVERY: std::time::Duration = std::time::Duration::from_secs(900);

pub(super) async fn run(desk: &Desk, options: &cli::Purge) -> Result<(), Problem> {
    let store = desk.store().await?;
    let by = options.by.as_deref().filter(|by| !by.trim().is_empty()).unwrap_or(AT_THE_COMMAND_LINE);
    let act = Act { by, at: desk.now() };
    if !options.keep.is_empty() {
        let mut retention = store.retention().await?;
        for keep in &options.keep {
            let (record, days) =
                parse(keep).ok_or_else(|| Problem::Told(words::no_such_keep(desk.language)))?;
            retention.keep(record, days);
        }
        store.set_retention(&retention, &act).await?;
    }
    if options.show || !options.keep.is_empty() {
        for line in words::retention(&store.retention().await?, desk.language) {
            tell(&line)?;
        }
        return Ok(());
    }
    if options.certificates {
        for certificate in store.certificates().await? {
            tell(&format!("{}\n", text(desk, &certificate)))?;
        }
        return Ok(());
    }
    match store.purge(&act).await? {
        Some(certificate) => {
            tell(&text(desk, &certificate))?;
            eprintln!("{}", words::afterwards(desk.language));
        }
        None => eprintln!("{}", words::nothing(desk.language)),
    }
    Ok(())
}

/// Deletes what is over, once a day, whichever of several programs asks first; goes on when it failed once.
pub(super) async fn every_day(store: Store, clock: std::sync::Arc<dyn pass::Clock>) {
    loop {
        let act = Act { by: ON_SCHEDULE, at: clock.now() };
        match store.purge_daily(&act).await {
            Ok(Some(certificate)) => tracing::info!(certificate = certificate.id, "what is over was deleted"),
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "what is over could not be deleted"),
        }
        tokio::time::sleep(ASKED_EVERY).await;
    }
}

fn text(desk: &Desk, certificate: &Certificate) -> String {
    let zone = TimeZone::system();
    let local = |at: Timestamp| local(at, &zone);
    words::certificate(certificate, &fingerprint(certificate), local, desk.language)
}

fn parse(keep: &str) -> Option<(Record, u32)> {
    let (code, typed) = keep.split_once('=')?;
    let record = Record::ALL.into_iter().find(|record| record.code() == code)?;
    Some((record, days(record, typed)?))
}
