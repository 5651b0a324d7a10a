//! The rules of each compound: explained, changed by a form, tried over what happened at its gates before they are saved; every version,
//! what it changed, and bringing an older one back.

mod attempt;
mod fields;
mod form;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use gate::Policy;
use pass::CompoundId;
use protocol::policy_from_json;
use registry::May;
use serde::Deserialize;
use store::{Compound, RulesVersion, StoreError};

use self::fields::{Drawn, Piece};
use super::Web;
use super::form::Posted;
use super::frame::{Frame, Place};
use super::language::Reader;
use super::page::{broken, moment, not_found, shown};
use super::session::Staff;
use crate::rules::{Difference, current};
use crate::words::rules::{self as words, Texts};

const PATH: &str = "/rules";

#[derive(Template)]
#[template(path = "rules.html")]
struct AllPage {
    f: Frame,
    t: &'static Texts,
    compounds: Vec<Line>,
}

/// A compound, and which rules it has.
struct Line {
    id: u32,
    name: String,
    version: String,
}

#[derive(Template)]
#[template(path = "rules-one.html")]
struct OnePage {
    f: Frame,
    t: &'static Texts,
    id: u32,
    name: String,
    several: bool,
    unreadable: Option<String>,
    sentences: Vec<String>,
    versions: Vec<Version>,
}

/// A version, and what it changed.
struct Version {
    number: u32,
    head: String,
    holds: bool,
    difference: Difference,
}

#[derive(Template)]
#[template(path = "rules-change.html")]
struct ChangePage {
    f: Frame,
    t: &'static Texts,
    id: u32,
    name: String,
    problems: Vec<String>,
    before: String,
    pieces: Vec<Piece>,
}

/// Rules as a form hands them on from page to page.
#[derive(Deserialize)]
struct Handed {
    #[serde(default)]
    rules: String,
    #[serde(default)]
    why: String,
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    version: String,
}

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route(PATH, get(all))
        .route("/rules/{compound}", get(one))
        .route("/rules/{compound}/change", get(change).post(change_again))
        .route("/rules/{compound}/try", get(attempt::of_version).post(attempt::of_form))
        .route("/rules/{compound}/save", post(attempt::save))
}

/// `/rules`: which compound.
async fn all(State(web): State<Web>, staff: Staff) -> Response {
    if let Err(refused) = staff.demand(May::Rules) {
        return refused.into_response();
    }
    let language = staff.language;
    let read = async {
        let mut lines = Vec::new();
        for compound in staff.compounds(&web).await? {
            let newest = web.store.rule_versions(compound.id).await?.into_iter().next();
            let version =
                newest.map_or_else(|| words::undecided(language).to_owned(), |it| head(&it, language));
            lines.push(Line { id: compound.id.0, name: compound.name, version });
        }
        Ok::<_, StoreError>(lines)
    };
    match read.await {
        Ok(compounds) if compounds.len() == 1 => {
            Redirect::to(&format!("{PATH}/{}", compounds[0].id)).into_response()
        }
        Ok(compounds) => {
            shown(&AllPage { f: Frame::of(&staff, Place::Rules), t: words::texts(language), compounds })
        }
        Err(error) => broken(&error, language),
    }
}

/// A version's number, since when, who and why.
fn head(version: &RulesVersion, language: crate::words::Language) -> String {
    let at = version.at.map(moment);
    words::version(version.version, at.as_deref(), &version.who, &version.why, language)
}

/// The compound of an address, where it is one of theirs; else the page that says why not.
async fn find(web: &Web, staff: &Staff, id: &str) -> Result<Compound, Response> {
    staff.demand(May::Rules).map_err(IntoResponse::into_response)?;
    let compounds = staff.compounds(web).await.map_err(|error| broken(&error, staff.language))?;
    let id = id.parse().ok().map(CompoundId);
    match compounds.into_iter().find(|compound| Some(compound.id) == id) {
        Some(compound) => Ok(compound),
        None => Err(not_found(Reader(staff.language)).await),
    }
}

/// `/rules/NUMBER`.
async fn one(State(web): State<Web>, staff: Staff, Path(id): Path<String>) -> Response {
    let compound = match find(&web, &staff, &id).await {
        Ok(compound) => compound,
        Err(response) => return response,
    };
    let language = staff.language;
    let read = async {
        let kept = web.store.rule_versions(compound.id).await?;
        Ok::<_, StoreError>((kept, staff.compounds(&web).await?.len() > 1))
    };
    let (kept, several) = match read.await {
        Ok(read) => read,
        Err(error) => return broken(&error, language),
    };
    let version = |(at, version): (usize, &RulesVersion)| Version {
        number: version.version,
        head: head(version, language),
        holds: at == 0,
        difference: match kept.get(at + 1) {
            Some(before) => Difference::between(&before.rules, &version.rules, language),
            None => Difference::default(),
        },
    };
    let unreadable = compound.rules.as_deref().and_then(|rules| policy_from_json(rules).err());
    shown(&OnePage {
        f: Frame::of(&staff, Place::Rules),
        t: words::texts(language),
        id: compound.id.0,
        several,
        unreadable: unreadable.map(|why| words::unreadable(&why, language)),
        sentences: wording::explain(&current(&compound).1, language),
        versions: kept.iter().enumerate().map(version).collect(),
        name: compound.name,
    })
}

/// `/rules/NUMBER/change`: the form of the rules that hold.
async fn change(State(web): State<Web>, staff: Staff, Path(id): Path<String>) -> Response {
    match find(&web, &staff, &id).await {
        Ok(compound) => {
            let policy = current(&compound).1;
            draw(&staff, &compound, &policy, Vec::new())
        }
        Err(response) => response,
    }
}

/// The form of rules that were tried, and are to be changed further.
async fn change_again(
    State(web): State<Web>,
    Path(id): Path<String>,
    Posted { staff, form }: Posted<Handed>,
) -> Response {
    let compound = match find(&web, &staff, &id).await {
        Ok(compound) => compound,
        Err(response) => return response,
    };
    match policy_from_json(&form.rules) {
        Ok(policy) => draw(&staff, &compound, &policy, Vec::new()),
        Err(why) => {
            draw(&staff, &compound, &current(&compound).1, vec![words::unreadable(&why, staff.language)])
        }
    }
}

fn draw(staff: &Staff, compound: &Compound, policy: &Policy, problems: Vec<String>) -> Response {
    let mut drawn = Drawn::new(staff.language);
    let policy = form::policy(&mut drawn, policy);
    shown(&ChangePage {
        f: Frame::of(staff, Place::Rules),
        t: words::texts(staff.language),
        id: compound.id.0,
        name: compound.name.clone(),
        problems,
        before: protocol::policy_to_json(&policy),
        pieces: drawn.pieces,
    })
}
