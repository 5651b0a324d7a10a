//! What time it is at the gate, and whether to believe it.
//!
//! A gate has three witnesses: the system's clock; signatures of the office, before which it can't be; and the machine's own
//! running time, which goes on evenly whatever is done to the clock. The last moment whose time was believed is kept on the
//! disk, so that a program started again has it too. By these, the system's clock is
//!
//! - **behind** when it is earlier than something signed, or than what was believed before the machine was switched off;
//! - **ahead** when the machine was switched on with a clock later than all of that by more than a gate is ever off;
//! - **stepped** when it no longer agrees with what was believed earlier while the machine has been running.
//!
//! In each case the clock is in doubt, and the time is the earliest that it can be: what was believed, or signed, and running
//! time since. It is believed again when it agrees with that, when NTP keeps it right, when something newer was signed that it
//! agrees with, or when a supervisor sets the gate's time. That sets no clock but the gate's own, by an offset that is kept:
//! the machine's clock belongs to the machine.
//!
//! After the machine was off, nobody can tell for how long. A clock that may be right is believed then, but what it says about
//! the hours in between stays **unconfirmed**: a pass whose validity begins or ends just there is judged as by a clock in doubt
//! ([`Reading::about`]). Knows nothing of zones or of what the rules make of doubt.

mod kept;
mod kernel;

use std::sync::Arc;

use pass::{Clock, Timestamp, Uptime};

use kept::Believed;
pub use kept::Kept;
pub use kernel::MachineClock;

/// How far clocks may differ before one is in doubt: those of office and gate are set by people or by NTP.
const SLACK_SECONDS: i64 = 60;
/// A gate is never off for longer, unless something is said: a long weekend.
const AWAY_SECONDS: i64 = 3 * 86_400;
/// A bundle is never older when a gate is started for the first time, unless something is said.
const FIRST_SECONDS: i64 = 30 * 86_400;
/// A supervisor's time is never later than this after the office last signed. It is less than the days that events are kept unless
/// somebody says otherwise ([`crate::settings::KEEP_DAYS`]): a month that was mistyped has nothing purged for good.
const SET_AHEAD_SECONDS: i64 = 20 * 86_400;
/// The time is kept this often: what a flash card stands, and little to lose.
const KEEP_SECONDS: i64 = 300;

/// The gate's time.
pub struct GateTime {
    clock: Arc<dyn Clock>,
    /// The newest time at which something was signed, and when that was seen.
    signed: Option<(Timestamp, Uptime)>,
    believed: Option<Believed>,
    /// Seconds to add to the system's clock.
    offset: i64,
    /// What was kept last.
    kept: Option<Kept>,
}

/// Why the clock is in doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Doubt {
    /// It is earlier than it can be.
    Behind,
    /// It is later than is likely.
    Ahead,
    /// It was moved.
    Stepped,
}

/// One look at the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The time; in doubt, the earliest that it can be.
    pub now: Timestamp,
    /// Whether the clock is in doubt.
    pub in_doubt: bool,
    /// Why.
    pub doubt: Option<Doubt>,
    /// The earliest that it can be.
    pub earliest: Timestamp,
}

/// Why the gate's time can't be set to what a supervisor says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSet {
    /// It can't be so early any more: something held was signed later, or has been held for longer.
    #[error("it is {earliest} at least, by what the office signed")]
    TooEarly {
        /// The earliest that it can be.
        earliest: Timestamp,
    },
    /// It is more than twenty days later than anything that the office has signed.
    #[error("nothing was signed since {signed}")]
    TooLate {
        /// When the office last signed.
        signed: Timestamp,
    },
    /// NTP keeps the machine's clock right, and nothing disproves it: a time of the gate's own would not hold.
    #[error("the machine's clock is kept right by NTP")]
    KeptRight,
}

impl Reading {
    /// A time that is not in doubt.
    #[must_use]
    pub fn certain(now: Timestamp) -> Self {
        Self { now, in_doubt: false, doubt: None, earliest: now }
    }

    /// The reading for a pass of this validity: in doubt where the verdict would hang on hours that nobody has confirmed.
    #[must_use]
    pub fn about(self, not_before: Timestamp, expires: Timestamp) -> Self {
        let hangs = |border: Timestamp| self.earliest < border && border <= self.now;
        if hangs(not_before) || hangs(expires) {
            Self { now: self.earliest, in_doubt: true, ..self }
        } else {
            self
        }
    }
}

impl GateTime {
    /// Time by this clock, and by what an earlier run has kept.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, kept: Option<Kept>) -> Self {
        let believed = kept.as_ref().map(Kept::believed);
        let offset = kept.as_ref().map_or(0, |kept| kept.offset);
        Self { clock, signed: None, believed, offset, kept }
    }

    /// It is at least `issued` now: something held was signed then. An earlier floor stays.
    pub fn raise(&mut self, issued: Timestamp) {
        let uptime = self.clock.uptime();
        if self.signed(uptime).is_none_or(|floor| issued > floor) {
            self.signed = Some((issued, uptime));
        }
    }

    /// Looks at the clock.
    pub fn read(&mut self) -> Reading {
        let (system, uptime) = (self.clock.now(), self.clock.uptime());
        let signed = self.signed(uptime);
        if signed.is_none() && self.believed.is_none() {
            // Nothing is judged yet, and nothing to compare with is there.
            return Reading::certain(system);
        }
        let synchronised = self.clock.is_synchronised();
        let set = system.plus(self.offset);
        let doubt = match self.judge(system, uptime, synchronised) {
            Ok(window) => {
                self.offset = 0;
                return self.believe(system, uptime, window);
            }
            Err(_) if self.offset != 0 => match self.judge(set, uptime, false) {
                Ok(window) => return self.believe(set, uptime, window),
                Err(doubt) => doubt,
            },
            Err(doubt) => doubt,
        };
        let earliest = self.earliest(uptime).max(signed.unwrap_or(Timestamp(i64::MIN)));
        // While the machine runs, what was believed goes on.
        let now = self.expected(uptime).map_or(earliest, |expected| expected.max(earliest));
        Reading { now, in_doubt: true, doubt: Some(doubt), earliest: now.min(earliest) }
    }

    /// Whether the gate's own time may be set to this.
    ///
    /// # Errors
    /// [`NotSet`].
    pub fn demand(&mut self, to: Timestamp) -> Result<(), NotSet> {
        if self.clock.is_synchronised() && !self.read().in_doubt {
            return Err(NotSet::KeptRight);
        }
        match self.floor() {
            Some(earliest) if to < earliest => Err(NotSet::TooEarly { earliest }),
            Some(signed) if to.since(signed) > SET_AHEAD_SECONDS => Err(NotSet::TooLate { signed }),
            _ => Ok(()),
        }
    }

    /// The time before which it can't be, by what the office signed.
    #[must_use]
    pub fn floor(&self) -> Option<Timestamp> {
        self.signed(self.clock.uptime())
    }

    /// What the machine's clock shows, whether that is right or not.
    #[must_use]
    pub fn machine(&self) -> Timestamp {
        self.clock.now()
    }

    /// Sets the gate's own time, by the word of somebody who may.
    ///
    /// # Errors
    /// [`NotSet`].
    pub fn set(&mut self, to: Timestamp) -> Result<(), NotSet> {
        self.demand(to)?;
        let (system, uptime) = (self.clock.now(), self.clock.uptime());
        self.offset = to.since(system);
        self.believed = Some(Believed { at: to, uptime, window: 0 });
        Ok(())
    }

    /// What is to be written to the disk, when it is time to.
    pub fn to_keep(&mut self) -> Option<Kept> {
        let believed = self.believed.as_ref()?;
        let due = self.kept.as_ref().is_none_or(|kept| {
            let before = kept.believed();
            let since = believed.uptime.since(before.uptime);
            kept.offset != self.offset
                || before.window != believed.window
                // A supervisor has set it, or NTP: who is switched off now must not come back to a time that is long over.
                || since.is_none_or(|since| {
                    let moved = believed.at.since(before.at.plus(since)).saturating_abs();
                    since >= KEEP_SECONDS || moved > SLACK_SECONDS
                })
        });
        let kept = due.then(|| Kept::new(believed, self.offset))?;
        self.kept = Some(kept.clone());
        Some(kept)
    }

    /// Whether `clock` can be right: then how many seconds of it nobody has confirmed, else what is wrong.
    fn judge(&self, clock: Timestamp, uptime: Uptime, synchronised: bool) -> Result<i64, Doubt> {
        let signed = self.signed(uptime).unwrap_or(Timestamp(i64::MIN));
        if signed.since(clock) > SLACK_SECONDS {
            return Err(Doubt::Behind);
        }
        if synchronised {
            return Ok(0);
        }
        // What was believed is itself disproved by something that was signed later.
        let expected = self.expected(uptime).filter(|expected| signed.since(*expected) <= SLACK_SECONDS);
        if let Some(expected) = expected {
            let window = self.believed.map_or(0, |believed| believed.window);
            let apart = clock.since(expected).saturating_abs();
            return if apart <= SLACK_SECONDS { Ok(window) } else { Err(Doubt::Stepped) };
        }
        // After another start, all of this start's running time lies after what was believed in the one before.
        let before = self.believed.map_or(Timestamp(i64::MIN), |believed| believed.at.plus(seconds(uptime)));
        let lower = signed.max(before);
        if lower.since(clock) > SLACK_SECONDS {
            return Err(Doubt::Behind);
        }
        let away = if self.believed.is_some() { AWAY_SECONDS } else { FIRST_SECONDS };
        if clock.since(lower) > away {
            return Err(Doubt::Ahead);
        }
        Ok(clock.since(self.earliest(uptime).max(signed)).max(0))
    }

    /// Believes `at`, of which `window` seconds are unconfirmed.
    fn believe(&mut self, at: Timestamp, uptime: Uptime, window: i64) -> Reading {
        self.believed = Some(Believed { at, uptime, window });
        let earliest = Timestamp(at.0.saturating_sub(window));
        let earliest = earliest.max(self.signed(uptime).unwrap_or(earliest)).min(at);
        Reading { now: at, in_doubt: false, doubt: None, earliest }
    }

    /// What it must be by what was believed, if the machine has been running since.
    fn expected(&self, uptime: Uptime) -> Option<Timestamp> {
        let believed = self.believed?;
        Some(believed.at.plus(uptime.since(believed.uptime)?))
    }

    /// The earliest that it can be by what was believed.
    fn earliest(&self, uptime: Uptime) -> Timestamp {
        let Some(believed) = self.believed else { return Timestamp(i64::MIN) };
        let since = uptime.since(believed.uptime).unwrap_or_else(|| seconds(uptime));
        Timestamp(believed.at.0.saturating_sub(believed.window)).plus(since)
    }

    fn signed(&self, uptime: Uptime) -> Option<Timestamp> {
        let (signed, seen) = self.signed?;
        Some(signed.plus(uptime.since(seen).unwrap_or_default()))
    }
}

fn seconds(uptime: Uptime) -> i64 {
    i64::try_from(uptime.running.as_secs()).unwrap_or(i64::MAX)
}

impl std::fmt::Debug for GateTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GateTime")
            .field("signed", &self.signed)
            .field("believed", &self.believed)
            .field("offset", &self.offset)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
