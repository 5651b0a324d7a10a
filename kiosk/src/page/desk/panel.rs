//! The staff's panel in HTML: one fragment for each of its views, in the language asked for. The page's script puts them beside
//! the verdict and sends what was filled in to the acts of [`super`]; it holds no sentence.
//!
//! Whoever is not signed in gets the names, whatever was asked for: no view with people in it comes without a session.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use pass::Timestamp;
use serde::Deserialize;

use super::Desk;
use crate::staff::{self, Known, Session, WhyNot};
use crate::words::{self, DeskWords, Lang, Why};

/// What is asked for: a view, and what it is about.
#[derive(Deserialize)]
pub(super) struct Wish {
    #[serde(default)]
    lang: String,
    #[serde(default)]
    view: String,
    #[serde(default)]
    of: String,
}

/// One fragment.
pub(super) async fn panel(
    State(desk): State<Desk>,
    Query(wish): Query<Wish>,
) -> Result<Html<String>, WhyNot> {
    let frame = Frame::new(&desk, &wish);
    let Ok(session) = desk.window.signed_in() else {
        return Ok(Html(match wish.view.as_str() {
            "pin" => frame.pin(&wish.of, false),
            _ => frame.names(false),
        }));
    };
    frame.signed_in(&wish, &session).await.map(Html)
}

/// What every view has.
struct Frame<'a> {
    desk: &'a Desk,
    known: Option<Arc<Known>>,
    now: Timestamp,
    lang: Lang,
}

/// A button that leads to another view.
struct Tab {
    view: &'static str,
    label: &'static str,
    is_here: bool,
}

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

impl<'a> Frame<'a> {
    fn new(desk: &'a Desk, wish: &'a Wish) -> Self {
        let now = desk.screen.reading().now;
        Self { desk, known: desk.window.shared.known(), now, lang: Lang::of_code(&wish.lang) }
    }

    async fn signed_in(&self, wish: &Wish, _session: &Session) -> Result<String, WhyNot> {
        match wish.view.as_str() {
            // Whoever signs in says first why the gate was opened.
            "home" | "explain" => Ok(self.explain().unwrap_or_else(|| self.names(false))),
            _ => Ok(self.names(false)),
        }
    }

    fn words(&self) -> DeskWords {
        words::desk(self.lang)
    }

    fn tabs(&self) -> Vec<Tab> {
        Vec::new()
    }

    /// Who may sign in, those on duty first; with `shift`, who takes it over.
    fn names(&self, shift: bool) -> String {
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
        let (heading, next) = if shift { (w.pick, "next-pin") } else { (w.pick, "pin") };
        render(&Names { w, tabs: self.tabs(), heading, next, names })
    }

    fn pin(&self, who: &str, shift: bool) -> String {
        let (act, back) = if shift { ("shift", "next") } else { ("sign-in", "names") };
        let wait = self.desk.window.wait(who, self.now);
        render(&PinView { w: self.words(), tabs: self.tabs(), who, act, back, wait })
    }

    /// Asks for the reason of the first emergency opening that has none.
    fn explain(&self) -> Option<String> {
        let opening =
            self.desk.window.shared.shift().unexplained.first_key_value().map(|(of, it)| (*of, it.clone()));
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

    fn moment(&self, at: Timestamp) -> String {
        let zone = self.desk.screen.watch().borrow().held.as_ref().map(|held| held.zone.clone());
        words::moment(at, &zone.unwrap_or_else(jiff::tz::TimeZone::system), self.lang)
    }
}

fn render(template: &impl Template) -> String {
    template.render().expect("a String takes every write")
}
