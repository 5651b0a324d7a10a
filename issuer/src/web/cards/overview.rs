//! What there is to do: passes to be signed, runs to be confirmed, cards to be printed.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use pass::CompoundId;
use registry::OfficeSettings;
use serde::Deserialize;
use store::{Compound, Printable};

use super::desk::{Fields, Worker};
use super::frame::{Failed, Frame, Left, Place, answer};
use crate::print::SheetSize;
use crate::web::Web;
use crate::web::page::shown;
use crate::words::passes as words;

#[derive(Template)]
#[template(path = "passes.html")]
struct Overview {
    f: Frame,
    due: Vec<(String, String)>,
    locked: bool,
    runs: Vec<(String, String)>,
    compounds: Vec<Compound>,
    chosen: Option<Compound>,
    parts: Vec<(String, String)>,
    sizes: Vec<(&'static str, &'static str)>,
    new_sheets: [(&'static str, &'static str); 3],
    has_address: bool,
}

/// What stands in the address.
#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    compound: String,
}

/// `/passes`.
pub(super) async fn show(
    State(web): State<Web>,
    worker: Worker,
    Query(asked): Query<Asked>,
    Query(left): Query<Left>,
) -> Response {
    let done = page(&web, &worker, &asked, &left).await;
    answer(&worker, Place::Passes, done)
}

async fn page(web: &Web, worker: &Worker, asked: &Asked, left: &Left) -> Result<Response, Failed> {
    let (t, language) = (worker.t, worker.language);
    let compounds = worker.compounds(web).await?;
    let OfficeSettings { lifetime, public_address, .. } = web.store.office_settings().await?;
    let now = web.clock.now();
    let mut due = Vec::new();
    for (compound, count) in web.store.due(&lifetime, now).await? {
        if let Some(known) = compounds.iter().find(|it| it.id == compound) {
            due.push((known.name.clone(), words::due(count, language)));
        }
    }
    due.sort();
    let runs = web.store.open_runs().await?.into_iter();
    let runs = runs.filter(|run| run.compounds.iter().all(|compound| worker.sees(*compound)));
    let runs = runs.map(|run| (run.id, words::run(run.numbers, run.sheets, run.cards, language))).collect();
    let chosen = compound(&compounds, &asked.compound);
    let parts = match &chosen {
        Some(chosen) => web.store.printable(chosen.id, now).await?,
        None => Vec::new(),
    };
    let part = |it: &Printable| {
        let words = words::part(&it.building, &it.unit, it.good, it.unprinted, language);
        (format!("{}|{}", it.building, it.unit), words)
    };
    Ok(shown(&Overview {
        f: Frame::of(worker, Place::Passes, left),
        due,
        locked: web.office.signing().is_none(),
        runs,
        chosen,
        parts: parts.iter().map(part).collect(),
        compounds,
        sizes: SheetSize::ALL.map(SheetSize::code).into_iter().zip(t.sizes).collect(),
        new_sheets: [("compound", t.new_sheets[0]), ("building", t.new_sheets[1]), ("unit", t.new_sheets[2])],
        has_address: public_address.is_some(),
    }))
}

/// The compound that was chosen; the only one, where there is one alone.
pub(super) fn compound(compounds: &[Compound], asked: &str) -> Option<Compound> {
    let asked = asked.parse().map(CompoundId).ok();
    let chosen = compounds.iter().find(|compound| Some(compound.id) == asked);
    chosen.or(if compounds.len() == 1 { compounds.first() } else { None }).cloned()
}

/// Signs all that is due.
pub(super) async fn sign(State(web): State<Web>, worker: Worker, _fields: Fields) -> Response {
    let done = sign_all(&web, &worker).await;
    answer(&worker, Place::Passes, done)
}

async fn sign_all(web: &Web, worker: &Worker) -> Result<Response, Failed> {
    let signing = web.office.signing();
    let compounds = worker.compounds(web).await?;
    let act = worker.act(web);
    let Some(signing) = signing.filter(|signing| signing.demand(&compounds, act.at).is_ok()) else {
        return Ok(worker.see("/passes", "locked", 0));
    };
    web.store.bind_office(signing.trusted.office).await?;
    let lifetime = web.store.office_settings().await?.lifetime;
    let mut sign = |pass| signing.sign(pass);
    let issued = web.store.issue(&lifetime, &act, &mut sign, &mut |_, _| {}).await?;
    Ok(worker.see("/passes", "signed", issued.signed as u64))
}
