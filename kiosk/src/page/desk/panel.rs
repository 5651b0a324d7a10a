//! The staff's panel in HTML: one fragment for each of its views, in the language asked for. The page's script puts them beside
//! the verdict and sends what was filled in to the acts of [`super`]; it holds no sentence.
//!
//! Whoever is not signed in gets the names, whatever was asked for: no view with people in it comes without a session.

mod clock;
mod find;
mod last;
mod shift;
mod sign_in;

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use gate::{Direction, Holder};
use jiff::tz::TimeZone;
use pass::{Kind, Timestamp};
use protocol::Resident;
use serde::Deserialize;

use super::Desk;
use crate::staff::{Known, WhyNot};
use crate::words::{self, DeskWords, Language};

pub(super) use find::found;

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
    let mut frame = Frame::new(&desk, Language::of_tag(&wish.lang).unwrap_or_default());
    if desk.window.signed_in().is_err() {
        return Ok(Html(match wish.view.as_str() {
            "pin" => frame.pin(&wish.of, false),
            _ => frame.names(false),
        }));
    }
    let event = wish.of.parse::<u64>().ok();
    frame.tab = match wish.view.as_str() {
        "last" | "event" => "last",
        "manual" => "manual",
        "out" => "out",
        "shift" | "next" | "next-pin" | "clock" => "shift",
        _ => "find",
    };
    let html = match wish.view.as_str() {
        "last" => frame.last(),
        "event" => frame.event(event.ok_or(WhyNot::NoSuchEvent)?)?,
        "manual" => frame.manual(event),
        "out" => frame.out(&desk.window.outside().await?),
        "shift" => frame.shift(),
        "next" => frame.names(true),
        "next-pin" => frame.pin(&wish.of, true),
        "clock" => frame.clock(),
        "find" => frame.find(),
        // Whoever comes to the panel says first why the gate was opened, then what time it is.
        _ => frame.explain().or_else(|| frame.clock_in_doubt()).unwrap_or_else(|| frame.find()),
    };
    Ok(Html(html))
}

/// What every view has.
struct Frame<'a> {
    desk: &'a Desk,
    known: Option<Arc<Known>>,
    now: Timestamp,
    zone: TimeZone,
    lane: Direction,
    lang: Language,
    /// The tab that is open; none before somebody has signed in.
    tab: &'static str,
}

/// A button that leads to another view.
struct Tab {
    view: &'static str,
    label: &'static str,
    is_here: bool,
}

impl<'a> Frame<'a> {
    fn new(desk: &'a Desk, lang: Language) -> Self {
        let now = desk.screen.reading().now;
        let shown = desk.screen.watch();
        let (zone, lane) = {
            let state = shown.borrow();
            (state.held.as_ref().map(|held| held.zone.clone()), state.direction)
        };
        let zone = zone.unwrap_or_else(TimeZone::system);
        Self { desk, known: desk.window.shared.known(), now, zone, lane, lang, tab: "" }
    }

    fn words(&self) -> DeskWords {
        words::desk(self.lang)
    }

    fn tabs(&self) -> Vec<Tab> {
        if self.tab.is_empty() {
            return Vec::new();
        }
        let w = self.words();
        let tab = |(view, label)| Tab { view, label, is_here: view == self.tab };
        [
            ("find", w.tab_find),
            ("last", w.tab_last),
            ("manual", w.tab_manual),
            ("out", w.tab_out),
            ("shift", w.tab_shift),
        ]
        .map(tab)
        .into()
    }

    fn moment(&self, at: Timestamp) -> String {
        words::moment(at, &self.zone, self.lang)
    }

    /// Both ways, with their words.
    fn ways(&self) -> [(&'static str, &'static str); 2] {
        [Direction::Out, Direction::In].map(|way| (way.code(), words::direction(way, self.lang)))
    }

    /// The resident of a pass. A visitor's number is of the household they visit.
    fn resident(&self, holder: &Holder) -> Option<&Resident> {
        let known = self.known.as_ref().filter(|_| holder.kind != Kind::Visitor)?;
        known.signed.resident(holder.holder)
    }

    /// Who that was, in a word, and where they live.
    fn who(&self, holder: &Holder) -> (String, Option<String>) {
        match self.resident(holder) {
            Some(resident) => (resident.name.as_str().to_owned(), Some(words::home(resident, self.lang))),
            None => (holder.serial.short_code(), words::kind(holder.kind, self.lang).map(str::to_owned)),
        }
    }
}

fn render(template: &impl Template) -> String {
    template.render().expect("a String takes every write")
}
