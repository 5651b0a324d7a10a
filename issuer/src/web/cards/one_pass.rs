//! One pass: what it says, what is true of it now, what was decided and where its card went; and what can be decided.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use pass::{Serial, Status};
use serde::Deserialize;
use store::CardChange;

use super::desk::{Fields, Worker};
use super::frame::{Failed, Frame, Left, Place, answer};
use crate::cards::{self, is_printable};
use crate::web::Web;
use crate::web::page::{Chip, shown, standing};
use crate::words::{decide, passes as words, web as web_words};

/// No reason is longer, in bytes.
const LONGEST_REASON: usize = 300;

#[derive(Template)]
#[template(path = "passes-card.html")]
struct CardPage {
    f: Frame,
    serial: String,
    /// The colour now, or that it doesn't hold: the chip's class and icon, and its word.
    icon: &'static str,
    word: &'static str,
    name: String,
    facts: Vec<(String, String)>,
    link: Option<String>,
    history: Vec<[String; 4]>,
    sheets: Vec<(u32, String, String)>,
    replaced: bool,
    suspended_or_withdrawn: bool,
    printable: bool,
    locked: bool,
}

/// What stands in the address.
#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    code: String,
}

/// `/passes/find`: from a short code to its page.
pub(super) async fn find(worker: Worker, Query(asked): Query<Asked>) -> Response {
    match registry::tidy(&asked.code).parse::<Serial>() {
        Ok(serial) => worker.see(&format!("/passes/card/{serial}"), "", 0),
        Err(_) => worker.see("/passes", "no-code", 0),
    }
}

/// `/passes/card/SERIAL`.
pub(super) async fn show(
    State(web): State<Web>,
    worker: Worker,
    Path(serial): Path<String>,
    Query(left): Query<Left>,
) -> Response {
    let done = page(&web, &worker, &serial, &left).await;
    answer(&worker, Place::Passes, done)
}

async fn page(web: &Web, worker: &Worker, serial: &str, left: &Left) -> Result<Response, Failed> {
    let serial: Serial = serial.parse().map_err(|_| Failed::Absent)?;
    let language = worker.language;
    let pass = web.store.pass(serial).await?;
    if !worker.sees(pass.compound) {
        return Err(Failed::Absent);
    }
    let now = web.clock.now();
    let fields = |line: &str| -> Vec<String> { line.split('\t').map(str::to_owned).collect() };
    let facts = decide::card(&pass, now, &words::moment, language);
    let facts = facts.iter().filter_map(|line| {
        let (label, value) = line.split_once('\t')?;
        Some((label.to_owned(), value.to_owned()))
    });
    let decisions = web.store.decisions(pass.compound, pass.holder).await?;
    let history = decisions.iter().filter_map(|decision| {
        <[String; 4]>::try_from(fields(&decide::decision(decision, &words::moment, language))).ok()
    });
    let sheets = web.store.sheets_of(&pass).await?.into_iter().map(|sheet| {
        let given = sheet.handed.map(|(at, to)| format!("{} · {to}", words::moment(at)));
        (sheet.number, sheet.printed.map(words::moment).unwrap_or_default(), given.unwrap_or_default())
    });
    let address = web.store.office_settings().await?.public_address;
    let t = web_words::texts(language);
    let (signed, status) = (pass.colour, pass.status);
    let holds = standing(status, signed, pass.not_before, pass.expires, now, language).holds;
    let chip = Chip::of(pass.colour_now, t);
    let (icon, word) = if holds { (chip.code, chip.word) } else { ("void", t.void) };
    Ok(shown(&CardPage {
        f: Frame::of(worker, Place::Passes, left),
        serial: serial.to_string(),
        icon,
        word,
        name: pass.name.to_string(),
        facts: facts.collect(),
        link: address.map(|address| address.pass(&pass.token)),
        history: history.collect(),
        sheets: sheets.collect(),
        replaced: pass.status == Status::Replaced,
        suspended_or_withdrawn: matches!(pass.status, Status::Suspended | Status::Withdrawn),
        printable: is_printable(&pass, now),
        locked: web.office.signing().is_none(),
    }))
}

/// Decides about a pass.
pub(super) async fn change(
    State(web): State<Web>,
    worker: Worker,
    Path(serial): Path<String>,
    fields: Fields,
) -> Response {
    let done = decided(&web, &worker, &serial, &fields).await;
    answer(&worker, Place::Passes, done)
}

async fn decided(web: &Web, worker: &Worker, serial: &str, fields: &Fields) -> Result<Response, Failed> {
    let serial: Serial = serial.parse().map_err(|_| Failed::Absent)?;
    let here = format!("/passes/card/{serial}");
    let why = registry::tidy(fields.get("why"));
    if why.is_empty() || why.len() > LONGEST_REASON {
        return Ok(worker.see(&here, "no-why", 0));
    }
    if !worker.sees(web.store.pass(serial).await?.compound) {
        return Err(Failed::Absent);
    }
    let act = worker.act(web);
    let change = match fields.get("what") {
        "suspend" => CardChange::Suspended,
        "withdraw" => CardChange::Withdrawn,
        "reinstate" => CardChange::Reinstated,
        "replace" => return replace(web, worker, serial, &why).await,
        _ => return Ok(worker.see(&here, "bad-form", 0)),
    };
    web.store.set_card(serial, change, &why, &act).await?;
    Ok(worker.see(&here, "changed", 0))
}

async fn replace(web: &Web, worker: &Worker, serial: Serial, why: &str) -> Result<Response, Failed> {
    let new = cards::replace(&web.store, web.office.signing(), serial, why, &worker.act(web)).await?;
    Ok(match new {
        Some(new) => worker.see(&format!("/passes/card/{new}"), "replaced", 0),
        None => worker.see(&format!("/passes/card/{serial}"), "locked", 0),
    })
}
