//! Who somebody is and where they live, corrected by a form that is checked as a row of a roster is; and what they are let off.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use gate::{Exemption, ExemptionKind};
use pass::Kind;
use registry::{Field, May, NewHolder, Phone, Row};
use serde::Deserialize;
use store::{Action, Holding, StoreError};

use super::Web;
use super::form::{Posted, see_other};
use super::frame::{Frame, Place};
use super::language::Reader;
use super::page::{broken, end_of_day, home, moment, not_found, shown};
use super::person::{find, path};
use super::session::Staff;
use crate::words::Language;
use crate::words::board::exemption as exemption_in_words;
use crate::words::correct::{self as words, Texts};
use crate::words::roster as roster_words;

type Id = Path<(u32, u16)>;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/residents/{compound}/{holder}/correct", get(show).post(correct))
        .route("/residents/{compound}/{holder}/exempt", post(exempt))
        .route("/residents/{compound}/{holder}/exempt/end", post(end))
}

#[derive(Template)]
#[template(path = "correct.html")]
struct CorrectPage {
    f: Frame,
    t: &'static Texts,
    name: String,
    home: String,
    compound: String,
    path: String,
    problems: Vec<String>,
    fields: Vec<Input>,
}

struct Input {
    code: &'static str,
    word: &'static str,
    value: String,
    required: bool,
    wrong: bool,
}

/// What the form asks for.
fn fields(kind: Kind) -> &'static [(Field, &'static str, bool)] {
    const PERSON: &[(Field, &str, bool)] = &[
        (Field::Name, "name", true),
        (Field::Phone, "phone", false),
        (Field::Building, "building", true),
        (Field::Unit, "unit", false),
        (Field::Room, "room", true),
    ];
    const VEHICLE: &[(Field, &str, bool)] = &[
        (Field::Plate, "plate", true),
        (Field::Building, "building", true),
        (Field::Unit, "unit", false),
        (Field::Room, "room", true),
    ];
    if kind == Kind::Vehicle { VEHICLE } else { PERSON }
}

async fn show(State(web): State<Web>, staff: Staff, Path(id): Id) -> Result<Response, Response> {
    let holding = found(&web, &staff, id).await?;
    // The form shows the full name and the number: that is a look.
    let detail = format!("name of compound {} holder {}", holding.compound.0, holding.holder);
    let look = web.store.audit(&staff.act(&web), Action::Look, &detail).await;
    look.map_err(|error| broken(&error, staff.language))?;
    let value = |field| match field {
        Field::Name => holding.full_name.as_ref().map_or("", |name| name.reveal()).to_owned(),
        Field::Phone => holding.phone.as_ref().map_or("", Phone::reveal).to_owned(),
        Field::Plate => holding.name.to_string(),
        Field::Building => holding.address.building.clone(),
        Field::Unit => holding.address.unit.clone(),
        Field::Room => holding.address.room.clone(),
        _ => String::new(),
    };
    Ok(page(&staff, &holding, &value, (Vec::new(), &[])))
}

/// The holder, for those who may write down who people are.
async fn found(web: &Web, staff: &Staff, id: (u32, u16)) -> Result<Holding, Response> {
    let holding = find(web, staff, id, May::EditPeople).await?;
    match staff.demand(May::SeePersonal) {
        Ok(()) => Ok(holding),
        Err(refused) => Err(axum::response::IntoResponse::into_response(refused)),
    }
}

fn page(
    staff: &Staff,
    holding: &Holding,
    value: &dyn Fn(Field) -> String,
    (problems, wrong): (Vec<String>, &[Field]),
) -> Response {
    let language = staff.language;
    let input = |&(field, code, required): &(Field, &'static str, bool)| Input {
        code,
        word: roster_words::column(field, language),
        value: value(field),
        required,
        wrong: wrong.contains(&field),
    };
    shown(&CorrectPage {
        f: Frame::of(staff, Place::Residents),
        t: words::texts(language),
        name: holding.name.to_string(),
        home: home(&holding.address, language),
        compound: holding.compound_name.clone(),
        path: path(holding.compound, holding.holder),
        problems,
        fields: fields(holding.kind).iter().map(input).collect(),
    })
}

async fn correct(
    State(web): State<Web>,
    Path(id): Id,
    Posted { staff, form }: Posted<Vec<(String, String)>>,
) -> Result<Response, Response> {
    let holding = found(&web, &staff, id).await?;
    let (language, t) = (staff.language, words::texts(staff.language));
    let typed =
        |code: &str| form.iter().find(|(name, _)| name == code).map_or("", |(_, value)| value).to_owned();
    let fields = fields(holding.kind);
    let value = |field| {
        let code = fields.iter().find(|(it, ..)| *it == field);
        code.map_or_else(String::new, |(_, code, _)| typed(code))
    };
    let mut row = Row::default();
    row.set(Field::Compound, holding.compound_name.clone());
    row.set(Field::Colour, holding.colour.code().to_owned());
    for (field, ..) in fields {
        row.set(*field, value(*field));
    }
    let corrected = match NewHolder::of_row(&row) {
        Ok(mut holders) => holders.remove(0),
        Err(problems) => {
            let wrong: Vec<Field> = problems.iter().map(|problem| problem.field).collect();
            let told =
                problems.iter().map(|it| roster_words::problem(it.field, &it.kind, language)).collect();
            return Ok(page(&staff, &holding, &value, (told, &wrong)));
        }
    };
    let Holding { compound, holder, .. } = holding;
    let who = (&corrected.subject, &corrected.address);
    match web.store.correct(compound, holder, who, &staff.act(&web)).await {
        Ok(changed) => {
            let told = if changed { t.kept } else { t.unchanged };
            Ok(see_other(&web, &staff, &path(compound, holder), told).await)
        }
        Err(StoreError::Taken { .. }) => {
            Ok(page(&staff, &holding, &value, (vec![t.taken.to_owned()], &[Field::Name, Field::Plate])))
        }
        Err(StoreError::Absent { .. }) => Err(not_found(Reader(language)).await),
        Err(error) => Err(broken(&error, language)),
    }
}

/// What somebody is let off, as their page shows it.
pub(super) struct LetOff {
    /// The kind, for the form that ends it.
    pub(super) kind: &'static str,
    /// What, and until when.
    pub(super) text: String,
}

/// What somebody is let off now.
pub(super) async fn let_off(
    web: &Web,
    holding: &Holding,
    language: Language,
) -> Result<Vec<LetOff>, StoreError> {
    let now = web.clock.now();
    let all = web.store.exemptions_of(holding.compound, holding.holder).await?;
    let held = all.iter().filter(|it| it.holds(now));
    Ok(held
        .map(|it| LetOff { kind: it.kind.code(), text: exemption_in_words(it, &moment, language) })
        .collect())
}

/// The kinds to choose from, each with its word.
pub(super) fn kinds(language: Language) -> Vec<(&'static str, &'static str)> {
    ExemptionKind::ALL.into_iter().map(|kind| (kind.code(), words::kind(kind, language))).collect()
}

#[derive(Deserialize)]
struct Exempting {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    quota: String,
    #[serde(default)]
    hours: String,
    #[serde(default)]
    last: String,
}

async fn exempt(
    State(web): State<Web>,
    Path(id): Id,
    Posted { staff, form }: Posted<Exempting>,
) -> Result<Response, Response> {
    let holding = find(&web, &staff, id, May::EditPeople).await?;
    let t = words::texts(staff.language);
    let (quota, hours) = (!form.quota.is_empty(), !form.hours.is_empty());
    let until = end_of_day(&form.last, web.clock.now());
    let exemption = match (ExemptionKind::of_code(&form.kind), until) {
        (Some(kind), Ok(until)) if quota || hours => Exemption { kind, quota, hours, until },
        _ => return super::person::with_problem(&web, &staff, holding, t.bad_exemption).await,
    };
    let done = web.store.exempt(holding.compound, holding.holder, &exemption, &staff.act(&web)).await;
    done.map_err(|error| broken(&error, staff.language))?;
    Ok(see_other(&web, &staff, &path(holding.compound, holding.holder), t.let_off_help).await)
}

async fn end(
    State(web): State<Web>,
    Path(id): Id,
    Posted { staff, form }: Posted<Exempting>,
) -> Result<Response, Response> {
    let holding = find(&web, &staff, id, May::EditPeople).await?;
    if let Some(kind) = ExemptionKind::of_code(&form.kind) {
        match web.store.end_exemption(holding.compound, holding.holder, kind, &staff.act(&web)).await {
            // Ended already: as it was to be.
            Ok(()) | Err(StoreError::Absent { .. }) => {}
            Err(error) => return Err(broken(&error, staff.language)),
        }
    }
    let t = words::texts(staff.language);
    Ok(see_other(&web, &staff, &path(holding.compound, holding.holder), t.ended).await)
}
