//! The clock in every way that clocks go wrong.

use std::sync::Arc;

use pass::{ManualClock, Timestamp};

use super::*;

/// When the bundle was signed.
const SIGNED: i64 = 1_790_000_000;
const HOUR: i64 = 3600;
const DAY: i64 = 86_400;

/// A gate whose clock and disk outlive it.
struct Gate {
    clock: Arc<ManualClock>,
    time: GateTime,
    kept: Option<Kept>,
}

impl Gate {
    /// Started for the first time, with a bundle, while the clock shows `system`.
    fn first_started(system: i64) -> Self {
        let clock = Arc::new(ManualClock::new(Timestamp(system)));
        let mut gate = Self { time: GateTime::new(clock.clone(), None), clock, kept: None };
        gate.time.raise(Timestamp(SIGNED));
        gate
    }

    /// One that has run for an hour from an hour after the bundle was signed.
    fn running() -> Self {
        let mut gate = Self::first_started(SIGNED + HOUR);
        gate.runs(HOUR);
        gate
    }

    fn read(&mut self) -> (i64, Option<Doubt>) {
        let reading = self.time.read();
        self.kept = self.time.to_keep().or(self.kept.take());
        assert_eq!(reading.in_doubt, reading.doubt.is_some());
        assert!(reading.earliest <= reading.now, "{reading:?}");
        (reading.now.0 - SIGNED, reading.doubt)
    }

    fn runs(&mut self, seconds: i64) {
        for _ in 0..seconds / 60 {
            self.clock.advance(60);
            self.read();
        }
        self.clock.advance(seconds % 60);
    }

    /// The program is started again, on a machine that went on.
    fn started_again(&mut self) {
        self.time = GateTime::new(self.clock.clone(), self.kept.clone());
        self.time.raise(Timestamp(SIGNED));
    }

    /// The machine was off, and its clock shows `system` now.
    fn switched_on_at(&mut self, system: i64) {
        self.clock.reboot();
        self.clock.set(Timestamp(system));
        self.started_again();
    }
}

#[test]
fn a_gate_that_is_started_for_the_first_time() {
    // What the clock shows, what the gate takes for the time (from the bundle's on), and why it doubts.
    let table = [
        (0, 0, Some(Doubt::Behind)),
        (SIGNED - DAY, 0, Some(Doubt::Behind)),
        (SIGNED - SLACK_SECONDS - 1, 0, Some(Doubt::Behind)),
        (SIGNED - SLACK_SECONDS, -SLACK_SECONDS, None),
        (SIGNED, 0, None),
        (SIGNED + HOUR, HOUR, None),
        (SIGNED + 2 * DAY, 2 * DAY, None),
        (SIGNED + 9 * DAY, 9 * DAY, None),
        (SIGNED + FIRST_SECONDS + 1, 0, Some(Doubt::Ahead)),
        (2_051_222_400, 0, Some(Doubt::Ahead)),
        (i64::MAX, 0, Some(Doubt::Ahead)),
    ];
    for (system, now, doubt) in table {
        let mut gate = Gate::first_started(system);
        assert_eq!(gate.read(), (now, doubt), "{system}");
        // Doubt doesn't go by itself, and running time counts in it.
        if doubt.is_some() && system < i64::MAX - DAY {
            gate.clock.advance(HOUR);
            assert_eq!(gate.read(), (HOUR, doubt), "{system}");
        }
    }
}

#[test]
fn a_gate_that_was_switched_off_after_it_had_run() {
    // It ran until two hours after the bundle was signed; the last five minutes may not have been kept.
    let ran = 2 * HOUR;
    let table = [
        (0, ran, Some(Doubt::Behind)),
        (SIGNED, ran, Some(Doubt::Behind)),
        (SIGNED + ran - HOUR, ran, Some(Doubt::Behind)),
        (SIGNED + ran + 10, ran + 10, None),
        (SIGNED + ran + HOUR, ran + HOUR, None),
        (SIGNED + ran + 3 * DAY - HOUR, ran + 3 * DAY - HOUR, None),
        (SIGNED + ran + 4 * DAY, ran, Some(Doubt::Ahead)),
        (2_051_222_400, ran, Some(Doubt::Ahead)),
    ];
    for (system, now, doubt) in table {
        let mut gate = Gate::running();
        gate.switched_on_at(system);
        let read = gate.read();
        assert_eq!(read.1, doubt, "{system}");
        let lost = now - read.0;
        let least = if doubt.is_some() { HOUR + KEEP_SECONDS } else { 0 };
        assert!((0..=least).contains(&lost), "{system}: {read:?}");
    }
}

#[test]
fn a_clock_that_is_moved_while_the_gate_runs_and_while_only_the_machine_does() {
    for by in [-30 * DAY, -DAY, -HOUR, -61, -60, 0, 60, 61, HOUR, DAY, 3000 * DAY] {
        let doubt = (by.abs() > SLACK_SECONDS).then_some(if 2 * HOUR + by < -SLACK_SECONDS {
            Doubt::Behind
        } else {
            Doubt::Stepped
        });
        for started_again in [false, true] {
            let mut gate = Gate::running();
            assert_eq!(gate.read(), (2 * HOUR, None));
            let system = gate.clock.now().0;
            gate.clock.set(Timestamp(system + by));
            if started_again {
                gate.started_again();
            }
            let now = 2 * HOUR + if doubt.is_some() { 0 } else { by };
            let floor = if started_again { KEEP_SECONDS } else { 0 };
            let read = gate.read();
            assert_eq!(read.1, doubt, "{by} {started_again}");
            assert!((0..=floor).contains(&(now - read.0)), "{by} {started_again}: {read:?}");
            // Put right again, it is believed again.
            gate.clock.set(Timestamp(system));
            if doubt.is_some() {
                assert_eq!(gate.read(), (2 * HOUR, None), "{by} {started_again}");
            }
        }
    }
}

#[test]
fn ntp_is_believed_unless_the_office_knows_better() {
    let mut gate = Gate::running();
    let system = gate.clock.now().0;
    // A board without a battery: on at the time at which it was switched off, then set right by the network.
    gate.switched_on_at(system);
    assert_eq!(gate.read().1, None);
    gate.clock.set(Timestamp(system + 9 * HOUR));
    assert_eq!(gate.read().1, Some(Doubt::Stepped), "set by whom?");
    gate.clock.synchronise(true);
    assert_eq!(gate.read(), (system + 9 * HOUR - SIGNED, None));
    assert_eq!(gate.time.read().earliest, gate.time.read().now, "confirmed");
    gate.clock.set(Timestamp(SIGNED - DAY));
    assert_eq!(gate.read().1, Some(Doubt::Behind));
    // Started in 2035 and stepped back by the network.
    let mut gate = Gate::first_started(2_051_222_400);
    assert_eq!(gate.read().1, Some(Doubt::Ahead));
    gate.clock.set(Timestamp(SIGNED + HOUR));
    gate.clock.synchronise(true);
    assert_eq!(gate.read(), (HOUR, None));
}

#[test]
fn a_newer_bundle_ends_a_doubt_that_it_answers() {
    let mut gate = Gate::running();
    gate.switched_on_at(SIGNED + 20 * DAY);
    assert_eq!(gate.read().1, Some(Doubt::Ahead));
    gate.time.raise(Timestamp(SIGNED + 19 * DAY));
    assert_eq!(gate.read(), (20 * DAY, None));
    // It ran slow, and was set right: what is signed says so.
    let mut gate = Gate::running();
    gate.clock.set(Timestamp(SIGNED + DAY));
    assert_eq!(gate.read().1, Some(Doubt::Stepped));
    gate.time.raise(Timestamp(SIGNED + DAY - HOUR));
    assert_eq!(gate.read(), (DAY, None));
}

#[test]
fn a_supervisor_sets_the_time_and_it_lasts() {
    let wrong = 2_051_222_400;
    let mut gate = Gate::first_started(wrong);
    assert_eq!(gate.read().1, Some(Doubt::Ahead));
    assert_eq!(gate.time.set(Timestamp(SIGNED - 1)), Err(NotSet::TooEarly { earliest: Timestamp(SIGNED) }));
    let years = gate.time.set(Timestamp(SIGNED + 21 * DAY));
    assert_eq!(years, Err(NotSet::TooLate { signed: Timestamp(SIGNED) }));
    gate.time.set(Timestamp(SIGNED + DAY)).unwrap();
    assert_eq!(gate.read(), (DAY, None));
    assert_eq!(gate.time.read().earliest, gate.time.read().now, "confirmed");
    gate.runs(HOUR);
    assert_eq!(gate.read(), (DAY + HOUR, None));
    gate.started_again();
    assert_eq!(gate.read(), (DAY + HOUR, None));
    // A battery keeps the wrong clock going while the machine is off.
    gate.switched_on_at(wrong + 10 * HOUR);
    assert_eq!(gate.read(), (DAY + 10 * HOUR, None));
    // Somebody sets the machine's clock right: the offset is not needed any more.
    let now = gate.time.read().now;
    gate.clock.set(now);
    assert_eq!(gate.read(), (now.0 - SIGNED, None));
    gate.runs(HOUR);
    gate.switched_on_at(now.0 + 2 * HOUR);
    assert_eq!(gate.read(), (now.0 + 2 * HOUR - SIGNED, None));
}

#[test]
fn what_was_wrongly_believed_is_set_back() {
    // A day ahead, which nothing tells.
    let mut gate = Gate::first_started(SIGNED + DAY);
    gate.runs(HOUR);
    gate.clock.set(Timestamp(SIGNED + HOUR));
    assert_eq!(gate.read().1, Some(Doubt::Stepped));
    gate.time.set(Timestamp(SIGNED + HOUR)).unwrap();
    assert_eq!(gate.read(), (HOUR, None));
    gate.started_again();
    assert_eq!(gate.read(), (HOUR, None));
}

#[test]
fn only_passes_that_hang_on_unconfirmed_hours_are_in_doubt() {
    let mut gate = Gate::running();
    gate.read();
    let off = gate.clock.now().0;
    // Off for ten hours, or off for nine and the clock an hour ahead: nobody knows.
    gate.switched_on_at(off + 10 * HOUR);
    gate.read();
    let reading = gate.time.read();
    assert!(!reading.in_doubt);
    let at = |hours: i64| Timestamp(off + hours * HOUR);
    // Not before, expires, in doubt.
    let table = [
        (at(-48), at(-24), false),
        (at(-48), at(-2), false),
        (at(-48), at(1), true),
        (at(-48), at(10), true),
        (at(-48), at(11), false),
        (at(5), at(100), true),
        (at(11), at(100), false),
    ];
    for (not_before, expires, in_doubt) in table {
        let about = reading.about(not_before, expires);
        assert_eq!(about.in_doubt, in_doubt, "{not_before} {expires}");
        assert!(about.now == reading.now || about.now == reading.earliest && in_doubt);
    }
    // Hours in which the gate has run are not unconfirmed.
    gate.runs(5 * HOUR);
    let reading = gate.time.read();
    assert!(reading.about(at(-48), at(1)).now == reading.now);
    gate.clock.synchronise(true);
    let reading = gate.time.read();
    assert!(!reading.about(at(-48), at(12)).in_doubt);
}

#[test]
fn what_is_kept_is_read_again_and_scraps_are_not() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(Kept::read(dir.path()), None);
    let mut gate = Gate::running();
    gate.read();
    let kept = gate.kept.unwrap();
    kept.write(dir.path()).unwrap();
    assert_eq!(Kept::read(dir.path()), Some(kept));
    for scrap in ["", "{}", "[1]", "{\"believed\": 1}"] {
        std::fs::write(Kept::path(dir.path()), scrap).unwrap();
        assert_eq!(Kept::read(dir.path()), None, "{scrap}");
    }
}

#[test]
fn the_time_is_kept_now_and_then_only() {
    let mut gate = Gate::first_started(SIGNED + HOUR);
    let mut kept = 0;
    for _ in 0..24 * 60 {
        gate.clock.advance(60);
        gate.time.read();
        kept += u32::from(gate.time.to_keep().is_some());
    }
    assert_eq!(kept, 24 * 3600 / KEEP_SECONDS as u32);
}

#[test]
fn a_time_that_was_corrected_is_kept_at_once() {
    let mut gate = Gate::running();
    // NTP finds the clock a day late; the plug is pulled a moment later.
    gate.clock.synchronise(true);
    gate.clock.set(Timestamp(SIGNED + DAY));
    assert_eq!(gate.read(), (DAY, None));
    gate.switched_on_at(SIGNED + DAY / 2);
    assert_eq!(gate.read().1, Some(Doubt::Behind));
}
