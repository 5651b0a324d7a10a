//! Somebody new, or a vehicle, registered by a form: checked as a row of a roster is, and taken in the same way.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use pass::Colour;
use registry::{Field, May, NewHolder, Row};

use super::Web;
use super::form::{Posted, see_other};
use super::frame::{Frame, Place};
use super::page::{Chip, broken, shown};
use super::session::Staff;
use crate::imports::take_in;
use crate::words::people::{self as words, Texts};
use crate::words::{roster as roster_words, web as web_words};

const PATH: &str = "/residents/new";
/// What the form asks for beside the colour, by the names of its fields.
const FIELDS: [(Field, &str, bool); 7] = [
    (Field::Compound, "compound", true),
    (Field::Building, "building", true),
    (Field::Unit, "unit", false),
    (Field::Room, "room", true),
    (Field::Name, "name", false),
    (Field::Phone, "phone", false),
    (Field::Plate, "plate", false),
];

pub(super) fn routes() -> Router<Web> {
    Router::new().route(PATH, get(show).post(register))
}

#[derive(Template)]
#[template(path = "register.html")]
struct RegisterPage {
    f: Frame,
    t: &'static Texts,
    residents: &'static str,
    problems: Vec<String>,
    fields: Vec<Input>,
    colours: [Chip; 3],
    colour: String,
    compounds: Vec<String>,
}

struct Input {
    code: &'static str,
    word: &'static str,
    value: String,
    required: bool,
    wrong: bool,
    is_compound: bool,
}

/// What was typed: field and value.
type Typed = Vec<(String, String)>;

async fn show(State(web): State<Web>, staff: Staff) -> Response {
    page(&web, &staff, &Vec::new(), (Vec::new(), &[])).await
}

async fn page(
    web: &Web,
    staff: &Staff,
    typed: &Typed,
    (problems, wrong): (Vec<String>, &[Field]),
) -> Response {
    if let Err(refused) = staff.demand(May::EditPeople) {
        return refused.into_response();
    }
    let compounds: Vec<String> = match staff.compounds(web).await {
        Ok(compounds) => compounds.into_iter().map(|compound| compound.name).collect(),
        Err(error) => return broken(&error, staff.language),
    };
    let value = |code: &str| value(typed, code).to_owned();
    let input = |(field, code, required): (Field, &'static str, bool)| {
        let is_compound = field == Field::Compound;
        // Where there is one compound alone, nobody has to write it.
        let only = compounds.first().filter(|_| is_compound && typed.is_empty() && compounds.len() == 1);
        Input {
            code,
            word: roster_words::column(field, staff.language),
            value: only.cloned().unwrap_or_else(|| value(code)),
            required,
            wrong: wrong.contains(&field),
            is_compound,
        }
    };
    let t_web = web_words::texts(staff.language);
    shown(&RegisterPage {
        f: Frame::of(staff, Place::Residents),
        t: words::texts(staff.language),
        residents: t_web.residents,
        problems,
        fields: FIELDS.map(input).into(),
        colours: Colour::ALL.map(|colour| Chip::of(colour, t_web)),
        colour: value("colour"),
        compounds,
    })
}

fn value<'a>(typed: &'a Typed, code: &str) -> &'a str {
    typed.iter().find(|(name, _)| name == code).map_or("", |(_, value)| value)
}

async fn register(State(web): State<Web>, Posted { staff, form }: Posted<Typed>) -> Response {
    if let Err(refused) = staff.demand(May::EditPeople) {
        return refused.into_response();
    }
    let language = staff.language;
    let mut row = Row::default();
    for (field, code, _) in FIELDS {
        row.set(field, value(&form, code).to_owned());
    }
    row.set(Field::Colour, value(&form, "colour").to_owned());
    let holders = match NewHolder::of_row(&row) {
        Ok(holders) => holders,
        Err(problems) => {
            let wrong: Vec<Field> = problems.iter().map(|problem| problem.field).collect();
            let told =
                problems.iter().map(|it| roster_words::problem(it.field, &it.kind, language)).collect();
            return page(&web, &staff, &form, (told, &wrong)).await;
        }
    };
    match take_in(&web.store, &web.office.files, &staff.account, &holders, &staff.act(&web)).await {
        Err(error) => broken(&error, language),
        Ok(None) => {
            let told = vec![words::texts(language).not_yours.to_owned()];
            page(&web, &staff, &form, (told, &[Field::Compound])).await
        }
        Ok(Some(imported)) => {
            let told = words::registered(&imported, language);
            let home = &holders[0].address;
            let parts = [&*home.building, &*home.unit, &*home.room];
            let home: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            let query = serde_html_form::to_string([("q", home.join("-"))]).unwrap_or_default();
            see_other(&web, &staff, &format!("/residents?{query}"), &told).await
        }
    }
}
