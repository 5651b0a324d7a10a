//! Who is there: names, a PIN, and the reason of an emergency opening that nobody has given yet.

use askama::Template;

use super::{Frame, Tab, render};
use crate::staff;
use crate::words::{self, DeskWords, Why};

struct Name<'a> {
    name: &'a str,
    role: Option<&'static str>,
    is_on_duty: bool,
}

#[derive(Template)]
#[template(path = "desk/names.html")]
struct Names<'a> {
    w: DeskWords,
    tabs: Vec<Tab>,
    heading: &'static str,
    /// The view that asks for the PIN.
    next: &'static str,
    names: Vec<Name<'a>>,
}

#[derive(Template)]
#[template(path = "desk/pin.html")]
struct PinView<'a> {
    w: DeskWords,
    tabs: Vec<Tab>,
    who: &'a str,
    act: &'static str,
    back: &'static str,
    /// Seconds before a PIN is looked at.
    wait: u32,
}

#[derive(Template)]
#[template(path = "desk/explain.html")]
struct Explain {
    w: DeskWords,
    tabs: Vec<Tab>,
    of: u64,
    at: String,
    who: Option<String>,
    why_label: &'static str,
    reasons: &'static [&'static str],
}

impl Frame<'_> {
    /// Who may sign in, those on duty first; with `shift`, who takes it over.
    pub(super) fn names(&self, shift: bool) -> String {
        let (w, gate) = (self.words(), self.desk.screen.watch().borrow().gate.clone());
        let people = self.known.as_ref().map(|known| known.people());
        let on_duty = people.map(|people| staff::on_duty(people, &gate, self.now)).unwrap_or_default();
        let mut names = Vec::new();
        for staff in people.iter().flat_map(|people| &people.staff) {
            names.push(Name {
                name: &staff.name,
                role: words::role(staff.role, self.lang),
                is_on_duty: on_duty.contains(&staff.name.as_str()),
            });
        }
        names.sort_by_key(|name| !name.is_on_duty);
        let (heading, next) = if shift { (w.pick_next, "next-pin") } else { (w.pick, "pin") };
        render(&Names { w, tabs: self.tabs(), heading, next, names })
    }

    pub(super) fn pin(&self, who: &str, shift: bool) -> String {
        let (act, back) = if shift { ("shift", "next") } else { ("sign-in", "names") };
        let wait = self.desk.window.wait(who, self.now);
        render(&PinView { w: self.words(), tabs: self.tabs(), who, act, back, wait })
    }

    /// Asks for the reason of the first emergency opening that has none.
    pub(super) fn explain(&self) -> Option<String> {
        let opening = {
            let shift = self.desk.window.shared.shift();
            shift.unexplained.first_key_value().map(|(of, opening)| (*of, opening.clone()))
        };
        let (of, opening) = opening?;
        let w = self.words();
        Some(render(&Explain {
            w,
            tabs: self.tabs(),
            of,
            at: self.moment(opening.opened.0),
            who: opening.who,
            why_label: w.unexplained_do,
            reasons: words::reasons(Why::Emergency, self.lang),
        }))
    }
}
