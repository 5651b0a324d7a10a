//! The shift: what was done in it, who turned verdicts, who comes next.

use askama::Template;

use super::{Frame, Tab, render};
use crate::words::{self, DeskWords};

/// So many turns of duty are listed.
const LISTED: usize = 12;

#[derive(Template)]
#[template(path = "desk/shift.html")]
struct ShiftView {
    w: DeskWords,
    tabs: Vec<Tab>,
    heading: String,
    counts: Vec<(&'static str, u64)>,
    overrides: Vec<(String, u64)>,
    /// Who, from when until when, and whether that is now.
    roster: Vec<(String, String, bool)>,
}

impl Frame<'_> {
    pub(super) fn shift(&self) -> String {
        let shift = self.desk.window.shared.shift().clone();
        let (w, gate) = (self.words(), self.desk.screen.watch().borrow().gate.clone());
        let since = shift.since.map(|since| self.moment(since)).unwrap_or_default();
        let people = self.known.as_ref().map(|known| known.people());
        let mut duties: Vec<_> = people
            .iter()
            .flat_map(|people| &people.roster)
            .filter(|duty| self.now < duty.until && (duty.gate.is_empty() || duty.gate == gate))
            .collect();
        duties.sort_by_key(|duty| (duty.from, duty.until));
        let turn = |duty: &&protocol::Duty| {
            let when = format!("{} – {}", self.moment(duty.from), self.moment(duty.until));
            (duty.who.clone(), when, duty.from <= self.now)
        };
        render(&ShiftView {
            w,
            tabs: self.tabs(),
            heading: words::shift_since(&since, self.lang),
            counts: words::counts(&shift.counts, self.lang).into(),
            overrides: shift.overrides.into_iter().collect(),
            roster: duties.iter().take(LISTED).map(turn).collect(),
        })
    }
}
