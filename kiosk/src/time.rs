//! What time it is at the gate, and whether to believe it.
//!
//! The floor is the newest time at which something the gate holds was signed, plus the monotonic time since it was taken.
//! A system clock below the floor is in doubt. Knows nothing of zones or of what the rules make of doubt.

use std::sync::Arc;
use std::time::Instant;

use pass::{Clock, Timestamp};

/// How far the clocks of office and gate may differ before the gate's is in doubt: both are set by people or by NTP.
const SLACK_SECONDS: i64 = 60;

/// The gate's time.
pub struct GateTime {
    clock: Arc<dyn Clock>,
    floor: Option<(Timestamp, Instant)>,
}

/// One look at the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The time; in doubt, the earliest that it can be.
    pub now: Timestamp,
    /// Whether the system clock is below the floor.
    pub in_doubt: bool,
}

impl GateTime {
    /// Time by this clock, without a floor yet.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, floor: None }
    }

    /// It is at least `issued` now: something held was signed then. An earlier floor stays.
    pub fn raise(&mut self, issued: Timestamp) {
        if self.floor().is_none_or(|floor| issued > floor) {
            self.floor = Some((issued, Instant::now()));
        }
    }

    /// Looks at the clock.
    #[must_use]
    pub fn read(&self) -> Reading {
        let system = self.clock.now();
        match self.floor() {
            Some(floor) => Reading { now: system.max(floor), in_doubt: floor.since(system) > SLACK_SECONDS },
            None => Reading { now: system, in_doubt: false },
        }
    }

    fn floor(&self) -> Option<Timestamp> {
        let (issued, since) = self.floor?;
        Some(issued.plus(i64::try_from(since.elapsed().as_secs()).unwrap_or(i64::MAX)))
    }
}

impl std::fmt::Debug for GateTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GateTime").field("floor", &self.floor).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pass::ManualClock;

    #[test]
    fn a_clock_below_the_floor_is_in_doubt() {
        let issued = 1_700_000_000;
        // System time, reading, in doubt.
        let cases = [
            (0, issued, true),
            (issued - SLACK_SECONDS - 5, issued, true),
            (issued - SLACK_SECONDS + 5, issued, false),
            (issued, issued, false),
            (issued + 1000, issued + 1000, false),
        ];
        for (system, now, in_doubt) in cases {
            let clock = Arc::new(ManualClock::new(Timestamp(system)));
            let mut time = GateTime::new(clock);
            assert_eq!(time.read(), Reading { now: Timestamp(system), in_doubt: false });
            time.raise(Timestamp(issued));
            time.raise(Timestamp(issued - 500));
            let reading = time.read();
            assert_eq!(reading.in_doubt, in_doubt, "{system}");
            // The floor moves on with the monotonic clock, if a slow machine lets a second pass here.
            assert!((0..5).contains(&reading.now.since(Timestamp(now))), "{system}: {reading:?}");
        }
    }

    #[test]
    fn a_clock_that_is_put_right_is_believed_again() {
        let clock = Arc::new(ManualClock::new(Timestamp(0)));
        let mut time = GateTime::new(clock.clone());
        time.raise(Timestamp(1_700_000_000));
        assert!(time.read().in_doubt);
        clock.set(Timestamp(1_700_000_900));
        assert_eq!(time.read(), Reading { now: Timestamp(1_700_000_900), in_doubt: false });
    }
}
