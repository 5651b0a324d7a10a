//! Finding somebody without their card, and entering whoever has none.

use std::collections::BTreeMap;

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::response::Html;
use pass::Kind;
use protocol::{People, Resident};
use serde_json::json;

use super::super::{Desk, MOST_FOUND, SearchFor, parse};
use super::{Frame, Tab, Wish, render};
use crate::staff::WhyNot;
use crate::words::{self, DeskWords, Language, Why};

/// As many surnames have keys of their own as letters have.
const SURNAMES: usize = 26;

#[derive(Template)]
#[template(path = "desk/find.html")]
struct Find {
    w: DeskWords,
    tabs: Vec<Tab>,
    keys_for: &'static str,
    first_pad: &'static str,
    pads: Vec<(&'static str, &'static str)>,
    /// The first characters of most names here: one of them is found by a touch.
    surnames: Vec<char>,
}

#[derive(Template)]
#[template(path = "desk/found.html")]
struct FoundView<'a> {
    told: String,
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    /// What is sent when it is chosen.
    body: String,
    name: &'a str,
    home: String,
    colour: &'static str,
    colour_code: &'static str,
    code: Option<String>,
}

#[derive(Template)]
#[template(path = "desk/manual.html")]
struct ManualView {
    w: DeskWords,
    tabs: Vec<Tab>,
    instead_of: Option<u64>,
    why_label: &'static str,
    reasons: &'static [&'static str],
    ways: [(&'static str, &'static str); 2],
    lane: &'static str,
    keys_for: &'static str,
    first_pad: &'static str,
    pads: Vec<(&'static str, &'static str)>,
    surnames: Vec<char>,
}

impl Frame<'_> {
    pub(super) fn find(&self) -> String {
        let w = self.words();
        let surnames = self.known.as_ref().map(|known| surnames(known.people())).unwrap_or_default();
        let mut pads = vec![("letters", "ABC"), ("digits", "123")];
        if !surnames.is_empty() {
            pads.push(("names", w.surnames));
        }
        render(&Find { w, tabs: self.tabs(), keys_for: "sought", first_pad: "letters", pads, surnames })
    }

    /// A form for somebody without a card; `instead_of` the verdict on one that was not believed.
    pub(super) fn manual(&self, instead_of: Option<u64>) -> String {
        let w = self.words();
        render(&ManualView {
            w,
            tabs: self.tabs(),
            instead_of,
            why_label: w.manual_why,
            reasons: words::reasons(Why::Manual, self.lang),
            ways: self.ways(),
            lane: self.lane.code(),
            keys_for: "home",
            first_pad: "digits",
            pads: vec![("digits", "123"), ("letters", "ABC")],
            surnames: Vec::new(),
        })
    }
}

/// Who fits what was typed, as rows to choose from.
pub(in super::super) async fn found(
    State(desk): State<Desk>,
    Query(wish): Query<Wish>,
    body: Bytes,
) -> Result<Html<String>, WhyNot> {
    let SearchFor { text } = parse(&body)?;
    desk.window.signed_in()?;
    let known = desk.window.shared.known().ok_or(WhyNot::NoPeople)?;
    let lang = Language::of_tag(&wish.lang).unwrap_or_default();
    if text.trim().is_empty() {
        return Ok(Html(render(&FoundView { told: words::desk(lang).find_do.to_owned(), rows: Vec::new() })));
    }
    let places = known.index.find(&text, MOST_FOUND + 1);
    let rows = places.iter().take(MOST_FOUND).map(|at| row(&known.people().residents[*at], lang)).collect();
    Ok(Html(render(&FoundView { told: words::found(places.len(), MOST_FOUND, lang), rows })))
}

fn row(resident: &Resident, lang: Language) -> Row<'_> {
    let code = resident.cards.first().map(|card| card.serial.short_code());
    Row {
        body: json!({ "holder": resident.holder, "code": code }).to_string(),
        name: resident.name.as_str(),
        home: words::home(resident, lang),
        colour: words::colour(resident.colour, lang),
        colour_code: resident.colour.code(),
        code,
    }
}

/// The first characters of most names, the most common first.
fn surnames(people: &People) -> Vec<char> {
    let mut counts: BTreeMap<char, usize> = BTreeMap::new();
    for resident in people.residents.iter().filter(|resident| resident.kind != Kind::Vehicle) {
        if let Some(first) = resident.name.as_str().chars().next().filter(|first| *first != '*') {
            *counts.entry(first).or_default() += 1;
        }
    }
    let mut all: Vec<(usize, char)> = counts.into_iter().map(|(name, count)| (count, name)).collect();
    all.sort_by(|one, other| other.cmp(one));
    all.into_iter().take(SURNAMES).map(|(_, name)| name).collect()
}
