//! What one program has done with the registry since it was opened: for whoever watches it. Knows nobody.

use std::sync::atomic::{AtomicU64, Ordering};

use gate::Verdict;

use crate::Kept;

/// Counts that only rise.
#[derive(Debug, Default)]
pub struct Tally {
    again: AtomicU64,
    events: AtomicU64,
    verdicts: [AtomicU64; 3],
}

impl Tally {
    /// How often a transaction was run again, because another got in its way.
    #[must_use]
    pub fn retries(&self) -> u64 {
        self.again.load(Ordering::Relaxed)
    }

    /// How many events of gates were taken in, of every kind.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.events.load(Ordering::Relaxed)
    }

    /// How many passages were taken in, by what the gate or its staff said of them.
    #[must_use]
    pub fn passages(&self, verdict: Verdict) -> u64 {
        self.verdicts[verdict as usize].load(Ordering::Relaxed)
    }

    pub(crate) fn ran_again(&self) {
        self.again.fetch_add(1, Ordering::Relaxed);
    }

    /// Events that are committed.
    pub(crate) fn took_in(&self, kept: &Kept) {
        self.events.fetch_add(kept.added, Ordering::Relaxed);
        for (counted, more) in self.verdicts.iter().zip(kept.verdicts) {
            counted.fetch_add(more, Ordering::Relaxed);
        }
    }
}
