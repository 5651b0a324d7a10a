//! One colour for many: those whom a search found, each of whom can be left out, decided at once.

use askama::Template;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use pass::{Colour, CompoundId};
use registry::May;
use serde::Deserialize;
use store::{Count, Page, StoreError};

use super::Web;
use super::form::{Posted, see_other};
use super::frame::{Frame, Place};
use super::language::Reader;
use super::page::{Chip, broken, home, not_found, shown};
use super::residents::{Asked, holder_of};
use super::session::Staff;
use crate::words::people::{self as words, Texts};
use crate::words::web as web_words;

/// So many are decided at once: a stairwell, a building.
pub(super) const MOST: u32 = Count::MOST;
/// No reason is longer, in bytes.
const LONGEST_REASON: usize = 300;

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/residents/many", get(show).post(decide))
}

#[derive(Template)]
#[template(path = "bulk.html")]
struct BulkPage {
    f: Frame,
    t: &'static Texts,
    residents: &'static str,
    problem: Option<&'static str>,
    found: String,
    colours: [Chip; 3],
    why: String,
    rows: Vec<Row>,
}

struct Row {
    pick: String,
    name: String,
    compound: String,
    home: String,
    chip: Chip,
    chosen: bool,
}

/// What was typed and ticked: field and value.
type Typed = Vec<(String, String)>;

/// A building, or one of its stairwells.
#[derive(Default, Deserialize)]
struct Whereabouts {
    #[serde(default)]
    compound: String,
    building: Option<String>,
    unit: Option<String>,
}

async fn show(
    State(web): State<Web>,
    staff: Staff,
    place: Result<Query<Whereabouts>, QueryRejection>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    if let Err(refused) = staff.demand(May::DecideColour) {
        return refused.into_response();
    }
    let (Query(place), Query(asked)) = (place.unwrap_or_default(), asked.unwrap_or_default());
    let rows = match (place.compound.parse().map(CompoundId), &place.building) {
        (Ok(compound), Some(_)) if !staff.sees(compound) => Ok(Vec::new()),
        (Ok(compound), Some(building)) => {
            there(&web, &staff, compound, building, place.unit.as_deref()).await
        }
        _ => found(&web, &staff, &asked).await,
    };
    match rows {
        Ok(rows) => shown(&page(&staff, rows, None, String::new())),
        Err(error) => broken(&error, staff.language),
    }
}

async fn found(web: &Web, staff: &Staff, asked: &Asked) -> Result<Vec<Row>, StoreError> {
    let search = store::Search { page: Page::First, limit: MOST, ..asked.search(staff, web.clock.now()) };
    let found = web.store.find(&search).await?.listed;
    Ok(found.into_iter().map(|it| row(it, staff)).collect())
}

fn row(it: store::Listed, staff: &Staff) -> Row {
    Row {
        pick: format!("{}-{}", it.compound.0, it.holder),
        name: it.name.to_string(),
        compound: it.compound_name,
        home: home(&it.address, staff.language),
        chip: Chip::of(it.colour, web_words::texts(staff.language)),
        chosen: true,
    }
}

async fn there(
    web: &Web,
    staff: &Staff,
    compound: CompoundId,
    building: &str,
    unit: Option<&str>,
) -> Result<Vec<Row>, StoreError> {
    let numbers = web.store.stairwell(compound, building, unit, MOST).await?;
    let picked: Vec<_> = numbers.into_iter().map(|number| (compound, number)).collect();
    again(web, staff, &picked).await
}

fn page(staff: &Staff, rows: Vec<Row>, problem: Option<&'static str>, why: String) -> BulkPage {
    let t_web = web_words::texts(staff.language);
    BulkPage {
        f: Frame::of(staff, Place::Residents),
        t: words::texts(staff.language),
        residents: t_web.residents,
        problem,
        found: web_words::found(
            Count::Exactly(u32::try_from(rows.len()).unwrap_or(u32::MAX)),
            staff.language,
        ),
        colours: Colour::ALL.map(|colour| Chip::of(colour, t_web)),
        why,
        rows,
    }
}

async fn decide(State(web): State<Web>, Posted { staff, form }: Posted<Typed>) -> Response {
    if let Err(refused) = staff.demand(May::DecideColour) {
        return refused.into_response();
    }
    let t = words::texts(staff.language);
    let value = |name: &str| form.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value);
    let why = registry::tidy(value("why"));
    let picked: Vec<(CompoundId, u16)> =
        form.iter().filter(|(field, _)| field == "pick").filter_map(|(_, pick)| holder_of(pick)).collect();
    if !picked.iter().all(|(compound, _)| staff.sees(*compound)) || picked.len() > MOST as usize {
        return not_found(Reader(staff.language)).await;
    }
    let problem = match Colour::of_code(value("colour")) {
        _ if picked.is_empty() => t.nobody_picked,
        _ if why.is_empty() || why.len() > LONGEST_REASON => t.bad_why,
        None => t.bad_colour,
        Some(colour) => {
            return match web.store.set_colours(&picked, colour, &why, &staff.act(&web)).await {
                Ok(many) => see_other(&web, &staff, "/residents", &words::many(&many, staff.language)).await,
                Err(StoreError::Absent { .. }) => not_found(Reader(staff.language)).await,
                Err(error) => broken(&error, staff.language),
            };
        }
    };
    match again(&web, &staff, &picked).await {
        Ok(rows) => shown(&page(&staff, rows, Some(problem), value("why").to_owned())),
        Err(error) => broken(&error, staff.language),
    }
}

/// Those who were ticked, to be shown again.
async fn again(web: &Web, staff: &Staff, picked: &[(CompoundId, u16)]) -> Result<Vec<Row>, StoreError> {
    Ok(web.store.listed(picked).await?.into_iter().map(|it| row(it, staff)).collect())
}
