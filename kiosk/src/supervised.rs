//! What systemd is told where it runs the gate: that it is at work, that its scan loop goes round, that it ends.
//!
//! A loop that stands still is a gate that stands still: the unit's watchdog then starts the program again. Where nobody asked to
//! be told (`NOTIFY_SOCKET`), nothing is sent.

use std::time::{Duration, Instant};

/// Tells that the gate is at work from when it is made until it is dropped.
#[derive(Debug)]
pub(crate) struct Supervised {
    /// How often the watchdog wants to hear of it; none: it doesn't.
    every: Option<Duration>,
    told: Instant,
    /// Whether another program takes the place of this one, in the same process.
    replaced: bool,
}

impl Supervised {
    /// The page can be asked and the scan loop is about to begin.
    pub(crate) fn at_work() -> Self {
        // Three times as often as must be: one that is late is no reason to be started again.
        let every = watchdog().map(|within| within / 3);
        tell(State::Ready);
        Self { every, told: Instant::now(), replaced: false }
    }

    /// The scan loop went round.
    pub(crate) fn beat(&mut self) {
        if self.every.is_some_and(|every| self.told.elapsed() >= every) {
            self.told = Instant::now();
            tell(State::Watchdog);
        }
    }

    /// It ends, and is ready again when another program has taken its place.
    pub(crate) fn is_replaced(&mut self) {
        self.replaced = true;
        // The watchdog counts anew: the other one tells it nothing before it is at work.
        tell(State::Watchdog);
        tell(State::Reloading);
    }
}

impl Drop for Supervised {
    fn drop(&mut self) {
        if !self.replaced {
            tell(State::Stopping);
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum State {
    Ready,
    Watchdog,
    Reloading,
    Stopping,
}

#[cfg(target_os = "linux")]
fn watchdog() -> Option<Duration> {
    sd_notify::watchdog_enabled()
}

#[cfg(target_os = "linux")]
fn tell(state: State) {
    use sd_notify::NotifyState;
    let state = match state {
        State::Ready => NotifyState::Ready,
        State::Watchdog => NotifyState::Watchdog,
        State::Reloading => NotifyState::Reloading,
        State::Stopping => NotifyState::Stopping,
    };
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "systemd can't be told");
    }
}

#[cfg(not(target_os = "linux"))]
fn watchdog() -> Option<Duration> {
    None
}

#[cfg(not(target_os = "linux"))]
fn tell(_: State) {}
