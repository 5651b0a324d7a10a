//! Finding what slipped through while gates did not know of each other, some minutes after their events have come in.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use gate::{Apart, Exempt, Slipped};
use jiff::tz::TimeZone;
use pass::{CompoundId, Timestamp};
use store::{GateTrouble, Store, StoreError};

use crate::rules::current;

/// How often it is looked: gates that come back bring their events in several reports.
const LOOKS: Duration = Duration::from_secs(300);
/// After a start, events of so many seconds are looked through.
const FIRST: i64 = 2 * 86_400;
/// What stands before the reasons of a passage that slipped through, where troubles of gates are kept.
pub(crate) const SLIPPED: &str = "slipped";

/// From when on a compound's events are to be looked through, as they have come in.
#[derive(Debug, Default)]
pub(crate) struct Slips {
    since: Mutex<HashMap<CompoundId, Timestamp>>,
}

impl Slips {
    /// Events of this compound have come in, the earliest of this time.
    pub(super) fn came(&self, compound: CompoundId, earliest: Timestamp) {
        let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        let known = since.entry(compound).or_insert(earliest);
        *known = (*known).min(earliest);
    }

    fn take(&self) -> HashMap<CompoundId, Timestamp> {
        std::mem::take(&mut *self.since.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// When it is looked next.
pub(super) struct Looking {
    next: Instant,
    first: bool,
}

impl Looking {
    pub(super) fn new() -> Self {
        Self { next: Instant::now(), first: true }
    }

    /// Looks, when it is time.
    pub(super) async fn look(
        &mut self,
        store: &Store,
        slips: &Slips,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if Instant::now() < self.next {
            return Ok(());
        }
        self.next = Instant::now() + LOOKS;
        let mut due = slips.take();
        let journals = store.journals().await?;
        if std::mem::take(&mut self.first) {
            due.extend(journals.iter().map(|journal| (journal.compound, now.plus(-FIRST))));
        }
        for (compound, since) in due {
            // A compound with one gate has nobody to be apart from.
            if journals
                .iter()
                .filter(|journal| journal.compound == compound && journal.newest >= since)
                .count()
                > 1
            {
                through(store, compound, since, now).await?;
            }
        }
        Ok(())
    }
}

/// Looks through a compound's events since a moment, and keeps what is found; what was found before stays once.
async fn through(store: &Store, id: CompoundId, since: Timestamp, now: Timestamp) -> Result<(), StoreError> {
    let (_, policy) = current(&store.compound(id).await?);
    let Ok(zone) = TimeZone::get(&policy.time_zone) else { return Ok(()) };
    let exemptions = store.exemptions(id).await?;
    let events = store.events_of(id, since.plus(-policy.look_back()), Timestamp(i64::MAX)).await?;
    // Tens of thousands of events take a while: not on the thread that answers others.
    let found = tokio::task::spawn_blocking(move || {
        let mut by_holder: HashMap<u16, Vec<gate::Exemption>> = HashMap::new();
        for (holder, exemption) in exemptions {
            by_holder.entry(holder).or_default().push(exemption);
        }
        let exempt = Exempt::of(by_holder.iter().map(|(holder, all)| (*holder, all.as_slice())));
        let mut apart = Apart::new(&policy, &zone, &exempt);
        let found = events.iter().filter_map(|event| apart.look(event));
        found.filter(|slipped| slipped.at >= since).collect::<Vec<Slipped>>()
    });
    let trouble = |slipped: Slipped| GateTrouble {
        journal: slipped.journal.iter().map(|byte| format!("{byte:02x}")).collect(),
        what: format!("{SLIPPED} {}", slipped.why.join(" ")),
        gate: slipped.gate,
        sequence: slipped.sequence,
        at: now,
    };
    let troubles: Vec<GateTrouble> = found.await.unwrap_or_default().into_iter().map(trouble).collect();
    store.note_troubles(id, &troubles).await
}
