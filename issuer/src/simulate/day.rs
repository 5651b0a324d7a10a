//! A day of a district: when people pass, with two peaks, and which gates have no network for some hours.

use std::time::Duration;

use pass::Timestamp;

use super::begins;
use super::gate::{Simulated, all};

const MINUTES: usize = 24 * 60;
/// One gate of so many has no network for some hours.
const OFFLINE: usize = 10;
/// From which minute on, and for how many.
const AWAY: (usize, usize) = (8 * 60, 5 * 60);
/// A report is sent again so often before the day fails.
const TRIES: u32 = 20;

/// The day.
pub(crate) struct Day {
    begins: Timestamp,
    gates: usize,
    /// Passages of all gates in each minute.
    minutes: Vec<u64>,
}

/// What came of it.
#[derive(Default)]
pub(super) struct Done {
    pub(super) events: u64,
    pub(super) failed: u64,
    /// How long each report waited.
    pub(super) waits: Vec<Duration>,
}

impl Day {
    /// A day with so many passages.
    pub(crate) fn new(gates: usize, passages: u64, now: Timestamp) -> Self {
        let weights: Vec<f64> = (0..MINUTES).map(weight).collect();
        let sum: f64 = weights.iter().sum();
        let mut minutes = Vec::with_capacity(MINUTES);
        let (mut given, mut due) = (0, 0.0);
        for weight in weights {
            due += weight / sum * passages as f64;
            let now = (due.round() as u64).saturating_sub(given);
            given += now;
            minutes.push(now);
        }
        Self { begins: begins(now), gates, minutes }
    }

    /// The most passages of a minute.
    pub(crate) fn busiest(&self) -> u64 {
        self.minutes.iter().copied().max().unwrap_or_default()
    }

    /// How many gates have no network for some hours.
    pub(crate) fn offline(&self) -> usize {
        (0..self.gates).filter(|gate| gate % OFFLINE == 0).count()
    }

    /// Has every gate log what passes in each minute, and hand it over at the minute's end if it has a network; what it could not is
    /// handed over when it has one again.
    pub(super) fn play(&self, mut gates: Vec<Simulated>, at_once: usize) -> anyhow::Result<Done> {
        let mut done = Done::default();
        let mut next = 0;
        for (minute, passages) in self.minutes.iter().enumerate() {
            let at = self.begins.plus(i64::try_from(minute * 60).unwrap_or_default());
            for _ in 0..*passages {
                gates[next % self.gates].log(at);
                // Not in turn: some gates are busier.
                next += 1 + next % 3;
            }
            let last = minute + 1 == MINUTES;
            let (online, away): (Vec<_>, Vec<_>) =
                gates.into_iter().enumerate().partition(|(number, gate)| {
                    let away = number % OFFLINE == 0 && (AWAY.0..AWAY.0 + AWAY.1).contains(&minute);
                    gate.waits() && !away || last
                });
            let sent = all(online, at_once, |(number, mut gate)| {
                let told = gate.hand_over(TRIES)?;
                Ok(((number, gate), told))
            })?;
            let mut back = away;
            for (gate, told) in sent {
                done.events += told.events;
                done.failed += told.failed;
                done.waits.extend(told.waits);
                back.push(gate);
            }
            back.sort_by_key(|(number, _)| *number);
            gates = back.into_iter().map(|(_, gate)| gate).collect();
        }
        Ok(done)
    }
}

/// How busy a minute of the day is: peaks at half past seven and at six, little at night.
fn weight(minute: usize) -> f64 {
    let hour = minute as f64 / 60.0;
    let peak = |at: f64, width: f64| (-((hour - at) / width).powi(2)).exp();
    0.03 + peak(7.5, 1.0) + 0.9 * peak(18.0, 1.3) + 0.35 * peak(12.5, 3.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_two_peaks_and_loses_no_passage() {
        let day = Day::new(749, 220_750, Timestamp(1_583_020_800));
        assert_eq!(day.minutes.iter().sum::<u64>(), 220_750);
        let at = |hour: usize, minute: usize| day.minutes[hour * 60 + minute];
        assert!(at(7, 30) > 3 * at(10, 0) / 2 && at(18, 0) > 3 * at(15, 0) / 2 && at(3, 0) < at(7, 30) / 10);
        assert_eq!(day.offline(), 75);
    }
}
