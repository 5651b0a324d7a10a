//! Opening in an emergency: one touch that waits for nothing, neither for a PIN nor for the journal.
//!
//! It ends by itself after a set time or by a touch. What was opened is remembered until it is logged.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use pass::Timestamp;

/// How long the gate stays open: an ambulance and its crew are through.
pub(crate) const OPEN_FOR: Duration = Duration::from_secs(120);

/// What opens and shuts: called with the time to stay open, or none to shut.
type Opener = Box<dyn Fn(Option<Duration>) + Send + Sync>;

/// The emergency opening of a gate.
#[derive(Default)]
pub(crate) struct Emergency {
    state: Mutex<State>,
    opener: Mutex<Option<Opener>>,
}

#[derive(Debug, Default)]
struct State {
    /// Since when it is open, and which opening it is.
    open: Option<(Instant, u64)>,
    /// How often it was opened.
    openings: u64,
    /// What the journal does not know yet, in order.
    unlogged: Vec<Unlogged>,
}

/// What is to be logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unlogged {
    /// The gate was opened then, while this person was signed in.
    Opened {
        /// When.
        at: Timestamp,
        /// Who was signed in.
        who: Option<String>,
    },
    /// It was closed; by nobody, when by itself.
    Closed {
        /// Who closed it.
        who: Option<String>,
    },
}

impl Emergency {
    /// What moves the barrier from now on.
    pub(crate) fn opened_by(&self, opener: impl Fn(Option<Duration>) + Send + Sync + 'static) {
        *self.opener.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(opener));
    }

    /// Opens the gate at once. Returns which opening it is; touched again while it is open, the time begins anew and it is the
    /// same one.
    pub(crate) fn open(&self, who: Option<String>, at: Timestamp, now: Instant) -> u64 {
        // The barrier first: whatever goes wrong after this, the gate is open.
        self.move_barrier(Some(OPEN_FOR));
        let mut state = self.state();
        if let Some((_, opening)) = state.open {
            state.open = Some((now, opening));
            return opening;
        }
        state.openings += 1;
        let opening = state.openings;
        state.open = Some((now, opening));
        state.unlogged.push(Unlogged::Opened { at, who });
        opening
    }

    /// Closes the gate; nothing when it is not open.
    pub(crate) fn close(&self, who: Option<String>) -> bool {
        let mut state = self.state();
        let open = state.open.take().is_some();
        if open {
            state.unlogged.push(Unlogged::Closed { who });
            drop(state);
            self.move_barrier(None);
        }
        open
    }

    /// Closes it when its time is over. Returns how long it stays open still.
    pub(crate) fn close_when_over(&self, now: Instant) -> Option<Duration> {
        let left = self.left(now)?;
        if left.is_zero() {
            self.close(None);
            return None;
        }
        Some(left)
    }

    /// How long it stays open still; none when it is not open.
    pub(crate) fn left(&self, now: Instant) -> Option<Duration> {
        let (since, _) = self.state().open?;
        Some(OPEN_FOR.saturating_sub(now.saturating_duration_since(since)))
    }

    /// What is to be logged next. It stays until [`Emergency::logged`].
    pub(crate) fn unlogged(&self) -> Option<Unlogged> {
        self.state().unlogged.first().cloned()
    }

    /// The first of what was to be logged is on the disk.
    pub(crate) fn logged(&self) {
        let mut state = self.state();
        if !state.unlogged.is_empty() {
            state.unlogged.remove(0);
        }
    }

    fn move_barrier(&self, open: Option<Duration>) {
        if let Some(opener) = &*self.opener.lock().unwrap_or_else(PoisonError::into_inner) {
            opener(open);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Emergency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emergency").field("state", &self.state).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn it_opens_at_once_and_closes_by_itself() {
        let moved: Arc<Mutex<Vec<Option<Duration>>>> = Arc::default();
        let emergency = Emergency::default();
        let hands = Arc::clone(&moved);
        emergency.opened_by(move |open| hands.lock().unwrap().push(open));
        let now = Instant::now();
        let at = Timestamp(5);
        let first = emergency.open(None, at, now);
        assert_eq!(*moved.lock().unwrap(), [Some(OPEN_FOR)]);
        assert_eq!(emergency.open(Some("李".into()), at, now + OPEN_FOR / 2), first, "the same one, longer");
        assert_eq!(emergency.close_when_over(now + OPEN_FOR), Some(OPEN_FOR / 2));
        assert_eq!(emergency.close_when_over(now + OPEN_FOR + OPEN_FOR / 2), None);
        assert_eq!(emergency.left(now), None);
        assert_eq!(moved.lock().unwrap().last(), Some(&None));
        assert!(!emergency.close(None), "once");
        // What happened is kept in order until it is logged.
        assert_eq!(emergency.unlogged(), Some(Unlogged::Opened { at, who: None }));
        emergency.logged();
        assert_eq!(emergency.unlogged(), Some(Unlogged::Closed { who: None }));
        emergency.logged();
        assert_eq!(emergency.unlogged(), None);
        assert_ne!(emergency.open(None, at, now), first);
        assert!(emergency.close(Some("李".into())));
    }
}
