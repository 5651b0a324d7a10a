//! Time as everything signed states it, and where it comes from.
//!
//! The only module that may read the system's clock; all others take a [`Clock`].

use std::fmt;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Seconds since 1970-01-01T00:00:00 UTC, leap seconds not counted (the NumericDate of RFC 8392 §2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This many seconds later; stays at the end of the range instead of wrapping.
    #[must_use]
    pub fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// Seconds from `earlier` to this moment; negative when `earlier` is the later one.
    #[must_use]
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// How long the machine has been running. Goes on evenly, whatever is done to the time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uptime {
    /// Which run it is: durations of different ones have nothing to do with each other.
    pub boot: [u8; 16],
    /// Time since an arbitrary moment of that run.
    pub running: Duration,
}

impl Uptime {
    /// Whole seconds from `earlier` to this moment; none when the machine was started in between.
    #[must_use]
    pub fn since(self, earlier: Self) -> Option<i64> {
        let elapsed = (self.boot == earlier.boot).then(|| self.running.saturating_sub(earlier.running))?;
        Some(i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX))
    }
}

/// Something that tells the time of day. A trait because tests must be able to substitute it.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;

    /// How long the machine has been running; where that can't be told, how long this program has.
    fn uptime(&self) -> Uptime {
        static START: LazyLock<(Instant, [u8; 16])> =
            LazyLock::new(|| (Instant::now(), crate::random::bytes()));
        Uptime { boot: START.1, running: START.0.elapsed() }
    }

    /// Whether somebody who knows the time keeps this clock right: NTP, by what the system says.
    fn is_synchronised(&self) -> bool {
        false
    }
}

/// The clock of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the system's clock")]
    fn now(&self) -> Timestamp {
        let seconds = match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_secs()).map_or(i64::MIN, |s| -s),
        };
        Timestamp(seconds)
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct ManualClock {
    hands: AtomicI64,
    passed: AtomicI64,
    boots: AtomicI64,
    synchronised: AtomicBool,
}

impl ManualClock {
    /// A clock that shows `at`.
    #[must_use]
    pub fn new(at: Timestamp) -> Self {
        Self {
            hands: AtomicI64::new(at.0),
            passed: AtomicI64::new(0),
            boots: AtomicI64::new(0),
            synchronised: AtomicBool::new(false),
        }
    }

    /// Moves the hands to `at`, forwards or backwards, in no time.
    pub fn set(&self, at: Timestamp) {
        self.hands.store(at.0, Ordering::SeqCst);
    }

    /// Lets this many seconds pass.
    pub fn advance(&self, seconds: i64) {
        self.hands.fetch_add(seconds, Ordering::SeqCst);
        self.passed.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Starts the machine again. Nobody can tell from it how long it was off.
    pub fn reboot(&self) {
        self.boots.fetch_add(1, Ordering::SeqCst);
        self.passed.store(0, Ordering::SeqCst);
        self.synchronised.store(false, Ordering::SeqCst);
    }

    /// Says whether it is kept right from outside.
    pub fn synchronise(&self, synchronised: bool) {
        self.synchronised.store(synchronised, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.hands.load(Ordering::SeqCst))
    }

    fn uptime(&self) -> Uptime {
        let mut boot = [0; 16];
        boot[8..].copy_from_slice(&self.boots.load(Ordering::SeqCst).to_be_bytes());
        let passed = u64::try_from(self.passed.load(Ordering::SeqCst)).unwrap_or_default();
        Uptime { boot, running: Duration::from_secs(passed) }
    }

    fn is_synchronised(&self) -> bool {
        self.synchronised.load(Ordering::SeqCst)
    }
}
