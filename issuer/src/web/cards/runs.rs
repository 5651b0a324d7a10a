//! Printing: sheets are laid out and numbered, opened as a PDF, and count as printed only once somebody says that they came out.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use pass::{CompoundId, Serial};
use store::{NewRun, PassOnFile, Run, ToPrint};
use tokio::sync::Semaphore;

use super::desk::{Fields, Worker};
use super::frame::{Failed, Frame, Left, Place, answer, pdf as as_pdf};
use crate::cards::{NewSheet, Paper, arrange, is_printable};
use crate::print::SheetSize;
use crate::web::Web;
use crate::web::page::shown;
use crate::words::passes as words;

/// One document is drawn at a time: thousands of cards take all of a processor and 90 MB.
static DRAWING: Semaphore = Semaphore::const_new(1);

#[derive(Template)]
#[template(path = "passes-run.html")]
struct RunPage {
    f: Frame,
    run: Run,
    summary: String,
    compound: u32,
}

/// Lays out what was chosen.
pub(super) async fn lay_out(State(web): State<Web>, worker: Worker, fields: Fields) -> Response {
    let done = new_run(&web, &worker, &fields).await;
    answer(&worker, Place::Passes, done)
}

async fn new_run(web: &Web, worker: &Worker, fields: &Fields) -> Result<Response, Failed> {
    let act = worker.act(web);
    let size = SheetSize::of_code(fields.get("size")).unwrap_or(SheetSize::Ten);
    let passes = match fields.get("card").parse::<Serial>() {
        Ok(serial) => {
            let pass = web.store.pass(serial).await?;
            if !worker.sees(pass.compound) {
                return Err(Failed::Absent);
            }
            if is_printable(&pass, act.at) { vec![pass] } else { Vec::new() }
        }
        Err(_) => chosen(web, worker, fields).await?,
    };
    if passes.is_empty() {
        return Ok(worker.see("/passes", "nothing", 0));
    }
    let new_sheet = match fields.get("new_sheet") {
        "building" => NewSheet::Building,
        "unit" => NewSheet::Stairwell,
        _ => NewSheet::Compound,
    };
    let has_address = web.store.office_settings().await?.public_address.is_some();
    let backs = has_address && !fields.get("backs").is_empty();
    let sheets = arrange(&passes, size, new_sheet);
    let run = web.store.lay_out(&NewRun { size: size.code(), backs, sheets }, &act).await?;
    Ok(worker.see(&format!("/passes/run/{}", run.id), "", 0))
}

async fn chosen(web: &Web, worker: &Worker, fields: &Fields) -> Result<Vec<PassOnFile>, Failed> {
    let Ok(compound) = fields.get("compound").parse().map(CompoundId) else { return Ok(Vec::new()) };
    if !worker.sees(compound) {
        return Err(Failed::Absent);
    }
    let part = fields.get("part").split_once('|');
    let which = ToPrint {
        compound: Some(compound),
        building: part.map(|(building, _)| building.to_owned()),
        unit: part.map(|(_, unit)| unit.to_owned()),
        unprinted: fields.get("which") != "all",
        at: web.clock.now(),
    };
    Ok(web.store.to_print(&which).await?)
}

/// `/passes/run/ID`.
pub(super) async fn show(
    State(web): State<Web>,
    worker: Worker,
    Path(id): Path<String>,
    Query(left): Query<Left>,
) -> Response {
    let done = async {
        let run = seen(&web, &worker, &id).await?;
        let summary = words::run(run.numbers, run.sheets, run.cards, worker.language);
        let compound = run.compounds.first().map_or(0, |compound| compound.0);
        Ok(shown(&RunPage { f: Frame::of(&worker, Place::Passes, &left), run, summary, compound }))
    };
    let done = done.await;
    answer(&worker, Place::Passes, done)
}

/// The sheets of a run.
pub(super) async fn pdf(State(web): State<Web>, worker: Worker, Path(id): Path<String>) -> Response {
    let done = draw(&web, &worker, &id).await;
    answer(&worker, Place::Passes, done)
}

/// A run, where all of its compounds are theirs.
async fn seen(web: &Web, worker: &Worker, id: &str) -> Result<Run, Failed> {
    let run = web.store.run(id).await?.filter(|run| run.compounds.iter().all(|it| worker.sees(*it)));
    run.ok_or(Failed::Absent)
}

async fn draw(web: &Web, worker: &Worker, id: &str) -> Result<Response, Failed> {
    let run = seen(web, worker, id).await?;
    let size = SheetSize::of_code(&run.size).ok_or(Failed::Absent)?;
    let sheets = web.store.run_sheets(id).await?;
    let settings = Arc::new(web.store.office_settings().await?);
    let _turn = DRAWING.acquire().await;
    let drawn = tokio::task::spawn_blocking(move || {
        let paper = Paper::new(&settings, None);
        let mut fonts = paper.fonts().map_err(Failed::Font)?;
        // Drawn again, a run gives the same bytes.
        paper.draw(&sheets, (size, run.backs), run.made, &mut fonts, |_| ()).map_err(Failed::Print)
    });
    let (_, pdf) = drawn.await.map_err(|_| Failed::Absent)??;
    Ok(as_pdf(pdf, &format!("sheets-{}-{}", run.numbers.0, run.numbers.1)))
}

/// It came out of the printer, or it did not.
pub(super) async fn end(
    State(web): State<Web>,
    worker: Worker,
    Path(id): Path<String>,
    fields: Fields,
) -> Response {
    let done = async {
        seen(&web, &worker, &id).await?;
        let act = worker.act(&web);
        if fields.get("what") == "discard" {
            web.store.discard_run(&id, &act).await?;
            return Ok(worker.see("/passes", "discarded", 0));
        }
        let cards = web.store.confirm_run(&id, &act).await?;
        Ok(worker.see(&format!("/passes/run/{id}"), "printed", u64::from(cards)))
    };
    let done = done.await;
    answer(&worker, Place::Passes, done)
}
