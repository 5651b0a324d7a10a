//! Noticing that there is something new for gates, whichever program made it: a look at the database a few times a second, for all
//! gates that wait at this program together.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use pass::{Clock, CompoundId, Timestamp};
use store::{Store, StoreError, Version, Versions};
use tokio::sync::watch;

use super::Exchange;
use super::slips::Looking;
use crate::keys::KeyFiles;

/// How often it is looked. A colour is to hold at every gate within five seconds.
const LOOKS: Duration = Duration::from_millis(400);
/// A status list is signed anew after so many seconds, so that those that gates hold never run out.
const RENEWED: u64 = 6 * 3600;
/// What changes by time alone, such as who is on duty, is looked at again after so many seconds.
const REVISED: u64 = 24 * 3600;

/// What there is, at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Newest {
    /// The versions of what is signed.
    pub(crate) versions: Versions,
    /// A number for each compound, which rises with every event of its gates.
    pub(crate) logged: HashMap<CompoundId, i64>,
    /// When this program's trust list was written.
    pub(crate) trust: Option<SystemTime>,
    /// Whether the program ends, so that nobody is to wait.
    pub(crate) over: bool,
}

impl Newest {
    /// What the registry says now.
    pub(crate) async fn read(store: &Store, files: &KeyFiles) -> Result<Self, StoreError> {
        let trust = std::fs::metadata(files.trust()).and_then(|about| about.modified()).ok();
        Ok(Self {
            versions: store.versions().await?,
            logged: store.journal_sums().await?,
            trust,
            over: false,
        })
    }
}

/// What there is, for all who wait.
#[derive(Debug)]
pub(crate) struct News(watch::Sender<Newest>);

impl Default for News {
    fn default() -> Self {
        Self(watch::Sender::new(Newest::default()))
    }
}

impl News {
    /// Is told whenever there is something new.
    pub(crate) fn listen(&self) -> watch::Receiver<Newest> {
        self.0.subscribe()
    }

    /// Looks at the registry, and tells everybody when something is new.
    pub(crate) async fn look(&self, store: &Store, files: &KeyFiles) -> Result<(), StoreError> {
        let newest = Newest::read(store, files).await?;
        self.0.send_if_modified(|known| {
            let newest = Newest { over: known.over, ..newest };
            let changed = *known != newest;
            *known = newest;
            changed
        });
        Ok(())
    }

    /// The program ends: whoever waits is answered now, and nobody waits any more.
    pub(crate) fn end(&self) {
        self.0.send_modify(|known| known.over = true);
    }
}

/// Gives out versions for what has changed, and looks for news, until it is dropped.
pub(crate) async fn keep_up(store: Store, files: KeyFiles, clock: Arc<dyn Clock>, exchange: Arc<Exchange>) {
    let mut down = false;
    let mut looking = Looking::new();
    loop {
        let looked = async {
            let now = clock.now();
            while store.publish(now).await? {}
            exchange.news.look(&store, &files).await?;
            renew(&store, now, &exchange).await?;
            looking.look(&store, &exchange.slips, now).await
        };
        match looked.await {
            Ok(()) => down = false,
            Err(error) if !down => {
                tracing::error!(%error, "the registry can't be looked at for gates");
                down = true;
            }
            Err(_) => {}
        }
        tokio::time::sleep(LOOKS).await;
    }
}

/// Signs anew what has been the newest for long, where there are gates.
async fn renew(store: &Store, now: Timestamp, exchange: &Exchange) -> Result<(), StoreError> {
    let versions = exchange.news.0.borrow().versions.clone();
    // Versions are seconds, or a little more: the age of one is known by itself.
    let old = |version: u64, most: u64| now.0.unsigned_abs().saturating_sub(version) > most;
    // Only compounds whose gates were told anything.
    if versions.directions.is_empty() {
        return Ok(());
    }
    if old(versions.status, RENEWED) {
        store.next_version(Version::Status, now).await?;
    }
    for compound in versions.directions.keys() {
        if versions.people.get(compound).is_some_and(|version| old(*version, REVISED)) {
            store.next_version(Version::People(*compound), now).await?;
        }
    }
    Ok(())
}
