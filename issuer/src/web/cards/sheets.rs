//! Handing out: which sheets wait in the office, who was given which, when.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use pass::CompoundId;
use serde::Deserialize;
use store::{Compound, Sheet, Sheets};

use super::desk::{Fields, Worker};
use super::frame::{Failed, Frame, Left, Place, answer};
use super::overview::compound;
use crate::web::Web;
use crate::web::page::shown;
use crate::words::Language;
use crate::words::{cards as card_words, passes as words};

#[derive(Template)]
#[template(path = "passes-sheets.html")]
struct SheetsPage {
    f: Frame,
    compounds: Vec<Compound>,
    chosen: Option<Compound>,
    here: Vec<Line>,
    handed: Vec<Line>,
}

struct Line {
    number: u32,
    homes: String,
    cards: u32,
    printed: String,
    handed: String,
    to: String,
}

/// What stands in the address.
#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    compound: String,
}

/// `/passes/sheets`.
pub(super) async fn show(
    State(web): State<Web>,
    worker: Worker,
    Query(asked): Query<Asked>,
    Query(left): Query<Left>,
) -> Response {
    let done = async {
        let compounds = worker.compounds(&web).await?;
        let chosen = compound(&compounds, &asked.compound);
        let (mut here, mut handed) = (Vec::new(), Vec::new());
        if let Some(chosen) = &chosen {
            let line = |sheet: &Sheet| Line::of(sheet, worker.language);
            here = web.store.sheets(chosen.id, Sheets::Here).await?.iter().map(line).collect();
            handed = web.store.sheets(chosen.id, Sheets::Handed).await?.iter().map(line).collect();
        }
        let f = Frame::of(&worker, Place::Sheets, &left);
        Ok(shown(&SheetsPage { f, compounds, chosen, here, handed }))
    };
    let done = done.await;
    answer(&worker, Place::Sheets, done)
}

impl Line {
    fn of(sheet: &Sheet, language: Language) -> Self {
        let (handed, to) = match &sheet.handed {
            Some((at, to)) => (words::moment(*at), to.clone()),
            None => Default::default(),
        };
        Self {
            number: sheet.number,
            homes: card_words::homes(&sheet.homes, language),
            cards: sheet.cards,
            printed: sheet.printed.map(words::moment).unwrap_or_default(),
            handed,
            to,
        }
    }
}

/// Sheets were ticked: handed out, or back again.
pub(super) async fn change(State(web): State<Web>, worker: Worker, fields: Fields) -> Response {
    let done: Result<Response, Failed> = async {
        let act = worker.act(&web);
        let mut sheets = fields.ticked("sheet-");
        let compound = fields.get("compound").parse().map(CompoundId);
        let Ok(compound) = compound else { return Ok(worker.see("/passes/sheets", "no-ticks", 0)) };
        if !worker.sees(compound) {
            return Err(Failed::Absent);
        }
        let back = format!("/passes/sheets?compound={}", compound.0);
        // Nobody moves sheets of a compound that isn't theirs, whatever numbers they send.
        let takes_back = fields.get("what") == "back";
        let which = if takes_back { Sheets::Handed } else { Sheets::Here };
        let there = web.store.sheets(compound, which).await?;
        sheets.retain(|number| there.iter().any(|sheet| sheet.number == *number));
        if takes_back {
            web.store.take_back(&sheets, &act).await?;
            return Ok(worker.see(&back, "back", sheets.len() as u64));
        }
        let to = registry::tidy(fields.get("to"));
        if sheets.is_empty() || to.is_empty() || to.chars().count() > card_words::LONGEST_RECEIVER {
            return Ok(worker.see(&back, "no-ticks", 0));
        }
        let count = web.store.hand_out(&sheets, &to, &act).await?;
        Ok(worker.see(&back, "handed", u64::from(count)))
    }
    .await;
    answer(&worker, Place::Sheets, done)
}
