//! A building or one of its stairwells: closed and opened again in one action, who answers for it, the ways out of it.

use askama::Template;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use pass::CompoundId;
use registry::May;
use serde::Deserialize;
use store::{Closure, NewClosure, Passageway, Stairwell, StoreError, Way};

use super::Web;
use super::form::{Posted, see_other};
use super::frame::{Frame, Place};
use super::language::Reader;
use super::page::{broken, date, end_of_day, local_minute, moment, not_found, shown};
use super::session::Staff;
use crate::words::Language;
use crate::words::board::stairwell;
use crate::words::building::{self as words, Texts};

/// The longest texts, in characters.
const LONGEST_REASON: usize = 100;
const LONGEST_TEXT: usize = 60;
/// So many that were closed before are shown.
const EARLIER: u32 = 10;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/buildings/{compound}", get(show))
        .route("/buildings/{compound}/close", post(close))
        .route("/buildings/{compound}/open", post(open))
        .route("/buildings/{compound}/plan", post(plan))
        .route("/buildings/{compound}/answers", post(answers))
        .route("/buildings/{compound}/way", post(mark))
        .route("/buildings/{compound}/way/remove", post(unmark))
}

/// The address of the page of a building or a stairwell.
pub(super) fn path(compound: CompoundId, building: &str, unit: &str) -> String {
    let query = serde_html_form::to_string([("building", building), ("unit", unit)]);
    format!("/buildings/{}?{}", compound.0, query.unwrap_or_default())
}

/// Since when somebody's home is closed, and until when.
pub(super) fn closed_since(closure: &Closure, language: Language) -> String {
    let planned = closure.planned.map(|end| date(end.plus(-1)));
    words::home_closed(&moment(closure.since), planned.as_deref(), language)
}

/// Which building or stairwell, in the address and in every form.
#[derive(Clone, Default, Deserialize)]
struct Spot {
    #[serde(default)]
    building: String,
    #[serde(default)]
    unit: String,
}

#[derive(Template)]
#[template(path = "building.html")]
struct BuildingPage {
    f: Frame,
    t: &'static Texts,
    compound: u32,
    compound_name: String,
    building: String,
    unit: String,
    name: String,
    problem: Option<&'static str>,
    closed: Vec<Closed>,
    earlier: Vec<Closed>,
    /// What can still be closed.
    can_close_unit: bool,
    can_close_building: bool,
    today: String,
    answers: Option<Stairwell>,
    ways: Vec<(Passageway, &'static str)>,
    kinds: Vec<(&'static str, &'static str)>,
    may_close: bool,
    may_edit: bool,
    may_print: bool,
    may_bundle: bool,
    notice_language: &'static str,
}

/// A closure as the page shows it.
struct Closed {
    id: String,
    place: String,
    building: String,
    unit: String,
    since: String,
    /// As a form takes it: `2020-02-10T08:05`.
    from: String,
    last: String,
    planned: Option<String>,
    why: String,
    by: String,
    lives: String,
    lets_exempt: bool,
    opened: Option<String>,
}

impl Closed {
    fn of(closure: &Closure, language: Language) -> Self {
        // The plan ends where its last day does.
        let last = closure.planned.map(|end| date(end.plus(-1)));
        Self {
            id: closure.id.clone(),
            place: stairwell(&closure.building, &closure.unit, language),
            building: closure.building.clone(),
            unit: closure.unit.clone(),
            since: moment(closure.since),
            from: local_minute(closure.since),
            last: last.clone().unwrap_or_default(),
            planned: last,
            why: closure.why.clone(),
            by: closure.by.clone(),
            lives: words::lives(closure, language),
            lets_exempt: closure.lets_exempt,
            opened: closure.opened.as_ref().map(|(at, by)| format!("{} · {by}", moment(*at))),
        }
    }
}

async fn show(
    State(web): State<Web>,
    staff: Staff,
    Path(compound): Path<u32>,
    spot: Result<Query<Spot>, QueryRejection>,
) -> Response {
    let Query(spot) = spot.unwrap_or_default();
    answer(&web, &staff, CompoundId(compound), &spot, None).await
}

async fn answer(
    web: &Web,
    staff: &Staff,
    compound: CompoundId,
    spot: &Spot,
    problem: Option<&'static str>,
) -> Response {
    if let Err(refused) = staff.demand(May::SeePeople) {
        return refused.into_response();
    }
    match page(web, staff, compound, spot, problem).await {
        Ok(Some(page)) => shown(&page),
        Ok(None) => not_found(Reader(staff.language)).await,
        Err(error) => broken(&error, staff.language),
    }
}

/// The page; none where there is no such building.
async fn page(
    web: &Web,
    staff: &Staff,
    compound: CompoundId,
    spot: &Spot,
    problem: Option<&'static str>,
) -> Result<Option<BuildingPage>, StoreError> {
    let (language, role) = (staff.language, staff.account.role);
    let found = staff.compounds(web).await?.into_iter().find(|it| it.id == compound);
    let Some(compound) = found.filter(|_| staff.sees(compound)) else { return Ok(None) };
    if !web.store.has_homes(compound.id, &spot.building, &spot.unit).await? {
        return Ok(None);
    }
    let concerns = |closure: &&Closure| {
        closure.building == spot.building
            && (spot.unit.is_empty() || closure.unit.is_empty() || closure.unit == spot.unit)
    };
    let closed = web.store.closed(compound.id).await?;
    let closed: Vec<&Closure> = closed.iter().filter(concerns).collect();
    let is_closed = |unit: &str| closed.iter().any(|it| it.unit == unit);
    let earlier = web.store.reopened(compound.id, EARLIER).await?;
    let here = |building: &str, unit: &str| building == spot.building && unit == spot.unit;
    let stairwells = web.store.stairwells(compound.id).await?;
    let ways = web.store.passageways(compound.id).await?;
    Ok(Some(BuildingPage {
        f: Frame::of(staff, Place::Board),
        t: words::texts(language),
        compound: compound.id.0,
        compound_name: compound.name,
        building: spot.building.clone(),
        unit: spot.unit.clone(),
        name: stairwell(&spot.building, &spot.unit, language),
        problem,
        can_close_unit: !spot.unit.is_empty() && !is_closed(&spot.unit) && !is_closed(""),
        can_close_building: !is_closed(""),
        closed: closed.into_iter().map(|it| Closed::of(it, language)).collect(),
        earlier: earlier.iter().filter(concerns).map(|it| Closed::of(it, language)).collect(),
        today: date(web.clock.now()),
        answers: stairwells.into_iter().find(|it| here(&it.building, &it.unit)),
        ways: ways
            .into_iter()
            .filter(|it| here(&it.building, &it.unit))
            .map(|it| (it.way, it))
            .map(|(way, it)| (it, words::way(way, language)))
            .collect(),
        kinds: Way::ALL.map(|way| (way.code(), words::way(way, language))).into(),
        may_close: role.may(May::DecideColour),
        may_edit: role.may(May::EditPeople),
        may_print: role.may(May::Cards),
        may_bundle: role.may(May::Gates),
        notice_language: language.choose("zh", "en"),
    }))
}

#[derive(Deserialize)]
struct Closing {
    #[serde(flatten)]
    spot: Spot,
    #[serde(default)]
    whole: String,
    #[serde(default)]
    last: String,
    #[serde(default)]
    why: String,
    #[serde(default)]
    lets_exempt: String,
}

async fn close(
    State(web): State<Web>,
    Path(compound): Path<u32>,
    Posted { staff, form }: Posted<Closing>,
) -> Response {
    let (compound, t) = (CompoundId(compound), words::texts(staff.language));
    if let Err(refused) = staff.demand(May::DecideColour) {
        return refused.into_response();
    }
    if !staff.sees(compound) {
        return not_found(Reader(staff.language)).await;
    }
    let why = registry::tidy(&form.why);
    let problem = match end_of_day(&form.last, web.clock.now()) {
        Err(()) => t.bad_last_day,
        Ok(_) if why.is_empty() || why.chars().count() > LONGEST_REASON => t.bad_why,
        Ok(planned) => {
            let unit = if form.whole.is_empty() { form.spot.unit.as_str() } else { "" };
            let lets_exempt = !form.lets_exempt.is_empty();
            let new = NewClosure { building: &form.spot.building, unit, planned, why: &why, lets_exempt };
            match web.store.close_homes(compound, &new, &staff.act(&web)).await {
                Ok(closure) => {
                    let place = stairwell(&closure.building, &closure.unit, staff.language);
                    let told = words::closed(&place, &closure, staff.language);
                    let back = path(compound, &form.spot.building, &form.spot.unit);
                    return see_other(&web, &staff, &back, &told).await;
                }
                Err(StoreError::Taken { .. }) => t.closed_already,
                Err(StoreError::Absent { .. }) => return not_found(Reader(staff.language)).await,
                Err(error) => return broken(&error, staff.language),
            }
        }
    };
    answer(&web, &staff, compound, &form.spot, Some(problem)).await
}

#[derive(Deserialize)]
struct Which {
    #[serde(flatten)]
    spot: Spot,
    #[serde(default)]
    id: String,
    #[serde(default)]
    last: String,
}

/// A closure of a compound that whoever acts has to do with.
async fn theirs(web: &Web, staff: &Staff, compound: CompoundId, id: &str) -> Result<(), Response> {
    staff.demand(May::DecideColour).map_err(IntoResponse::into_response)?;
    match web.store.closure(id).await {
        Ok(closure) if closure.compound == compound && staff.sees(compound) => Ok(()),
        Ok(_) | Err(StoreError::Absent { .. }) => Err(not_found(Reader(staff.language)).await),
        Err(error) => Err(broken(&error, staff.language)),
    }
}

async fn open(
    State(web): State<Web>,
    Path(compound): Path<u32>,
    Posted { staff, form }: Posted<Which>,
) -> Response {
    let compound = CompoundId(compound);
    if let Err(refused) = theirs(&web, &staff, compound, &form.id).await {
        return refused;
    }
    match web.store.reopen_homes(&form.id, &staff.act(&web)).await {
        Ok(closure) => {
            let told =
                words::opened(&stairwell(&closure.building, &closure.unit, staff.language), staff.language);
            see_other(&web, &staff, &path(compound, &form.spot.building, &form.spot.unit), &told).await
        }
        Err(error) => broken(&error, staff.language),
    }
}

async fn plan(
    State(web): State<Web>,
    Path(compound): Path<u32>,
    Posted { staff, form }: Posted<Which>,
) -> Response {
    let (compound, t) = (CompoundId(compound), words::texts(staff.language));
    if let Err(refused) = theirs(&web, &staff, compound, &form.id).await {
        return refused;
    }
    let Ok(planned) = end_of_day(&form.last, web.clock.now()) else {
        return answer(&web, &staff, compound, &form.spot, Some(t.bad_last_day)).await;
    };
    match web.store.plan_reopening(&form.id, planned, &staff.act(&web)).await {
        Ok(_) | Err(StoreError::Absent { .. }) => {
            see_other(&web, &staff, &path(compound, &form.spot.building, &form.spot.unit), t.kept).await
        }
        Err(error) => broken(&error, staff.language),
    }
}

#[derive(Deserialize)]
struct Answers {
    #[serde(flatten)]
    spot: Spot,
    #[serde(default)]
    name: String,
    #[serde(default)]
    telephone: String,
}

async fn answers(
    State(web): State<Web>,
    Path(compound): Path<u32>,
    Posted { staff, form }: Posted<Answers>,
) -> Response {
    let (compound, t) = (CompoundId(compound), words::texts(staff.language));
    if let Err(refused) = editable(&web, &staff, compound, &form.spot).await {
        return refused;
    }
    let (name, telephone) = (registry::tidy(&form.name), registry::tidy(&form.telephone));
    if name.chars().count() > LONGEST_TEXT || telephone.chars().count() > LONGEST_TEXT {
        return answer(&web, &staff, compound, &form.spot, Some(t.bad_name)).await;
    }
    let Spot { building, unit } = form.spot.clone();
    let stairwell = Stairwell { building, unit, answers: name, telephone };
    let done = web.store.set_stairwell(compound, &stairwell, &staff.act(&web)).await;
    kept(&web, &staff, compound, &form.spot, done).await
}

#[derive(Deserialize)]
struct Marked {
    #[serde(flatten)]
    spot: Spot,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    id: String,
}

async fn mark(
    State(web): State<Web>,
    Path(compound): Path<u32>,
    Posted { staff, form }: Posted<Marked>,
) -> Response {
    let (compound, t) = (CompoundId(compound), words::texts(staff.language));
    if let Err(refused) = editable(&web, &staff, compound, &form.spot).await {
        return refused;
    }
    let place = registry::tidy(&form.place);
    let (Some(way), 1..=LONGEST_TEXT) = (Way::of_code(&form.kind), place.chars().count()) else {
        return answer(&web, &staff, compound, &form.spot, Some(t.bad_place)).await;
    };
    let spot = (form.spot.building.as_str(), form.spot.unit.as_str());
    let done = web.store.mark_way(compound, spot, (way, &place), &staff.act(&web)).await;
    kept(&web, &staff, compound, &form.spot, done).await
}

async fn unmark(
    State(web): State<Web>,
    Path(compound): Path<u32>,
    Posted { staff, form }: Posted<Marked>,
) -> Response {
    let compound = CompoundId(compound);
    if let Err(refused) = editable(&web, &staff, compound, &form.spot).await {
        return refused;
    }
    let done = web.store.unmark_way(compound, &form.id, &staff.act(&web)).await;
    kept(&web, &staff, compound, &form.spot, done).await
}

/// Whether whoever asks may write down what there is in this building.
async fn editable(web: &Web, staff: &Staff, compound: CompoundId, spot: &Spot) -> Result<(), Response> {
    staff.demand(May::EditPeople).map_err(IntoResponse::into_response)?;
    match web.store.has_homes(compound, &spot.building, &spot.unit).await {
        Ok(true) if staff.sees(compound) => Ok(()),
        Ok(_) => Err(not_found(Reader(staff.language)).await),
        Err(error) => Err(broken(&error, staff.language)),
    }
}

async fn kept(
    web: &Web,
    staff: &Staff,
    compound: CompoundId,
    spot: &Spot,
    done: Result<(), StoreError>,
) -> Response {
    match done {
        // What is gone already was to go.
        Ok(()) | Err(StoreError::Absent { .. }) => {
            let t = words::texts(staff.language);
            see_other(web, staff, &path(compound, &spot.building, &spot.unit), t.kept).await
        }
        Err(error) => broken(&error, staff.language),
    }
}
