//! What time it is at the gate, and what a supervisor may do about it.

use askama::Template;
use gate::Role;
use pass::Timestamp;

use super::{Frame, Tab, render};
use crate::words::{self, DeskWords};

#[derive(Template)]
#[template(path = "desk/clock.html")]
struct ClockView {
    w: DeskWords,
    tabs: Vec<Tab>,
    /// What is wrong with it, where it is in doubt.
    doubt: Option<&'static str>,
    /// Whether who is signed in may set it.
    may_set: bool,
    /// What the machine's clock shows, where that is not the gate's own time already.
    machine: Option<String>,
    /// The gate's own time, to begin with.
    date: String,
    time: String,
    /// Before which it can't be.
    floor: Option<String>,
    keys_for: &'static str,
    first_pad: &'static str,
    pads: Vec<(&'static str, &'static str)>,
    surnames: Vec<char>,
}

impl Frame<'_> {
    pub(super) fn clock(&self) -> String {
        let (reading, (machine, floor)) = (self.desk.screen.reading(), self.desk.screen.machine_time());
        let written = |at: Timestamp, form: &str| {
            let at = jiff::Timestamp::from_second(at.0).unwrap_or_default();
            at.to_zoned(self.zone.clone()).strftime(form).to_string()
        };
        let is_other = reading.in_doubt || machine.since(reading.now).abs() > 1;
        let is_possible = floor.is_none_or(|floor| machine >= floor);
        render(&ClockView {
            w: self.words(),
            tabs: self.tabs(),
            doubt: reading.doubt.map(|doubt| words::doubt(doubt, self.lang)),
            may_set: self.is_supervisor(),
            machine: (is_other && is_possible).then(|| written(machine, "%Y-%m-%d %H:%M")),
            date: written(reading.now, "%Y-%m-%d"),
            time: written(reading.now, "%H:%M"),
            // To the next whole minute, which is what can be typed.
            floor: floor
                .map(|floor| words::no_earlier(&written(floor.plus(59), "%Y-%m-%d %H:%M"), self.lang)),
            keys_for: "time",
            first_pad: "digits",
            pads: Vec::new(),
            surnames: Vec::new(),
        })
    }

    /// The same, for a supervisor who comes to the panel while the clock is in doubt.
    pub(super) fn clock_in_doubt(&self) -> Option<String> {
        (self.desk.screen.reading().in_doubt && self.is_supervisor()).then(|| self.clock())
    }

    fn is_supervisor(&self) -> bool {
        self.desk.window.signed_in().is_ok_and(|session| session.role == Role::Supervisor)
    }
}
