//! Rosters in and out: a file is sent, looked at before it is written, written; and files go out in the same shape.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use pass::CompoundId;
use registry::{May, Scope};
use serde::Deserialize;
use store::{Compound, Fate, Imported};

use super::Web;
use super::form::{Button, Posted, Uploaded};
use super::frame::{Frame, Place};
use super::language::Reader;
use super::page::{broken, not_found, shown};
use super::session::Staff;
use crate::export::{self, Kind, Table};
use crate::imports::{Imports, State as Far, Tools};
use crate::roster::{MAX_BYTES, Roster};
use crate::words::books::{self as words, Texts};
use crate::words::roster::{NAMED, and_more, becomes, error, finding};
use crate::words::{Language, store as store_words};

/// What a form takes beside its file.
const AROUND: usize = 64 << 10;
/// Seconds until a page that waits looks again.
const AGAIN: HeaderValue = HeaderValue::from_static("2");

pub(super) fn routes() -> Router<Web> {
    let file = usize::try_from(MAX_BYTES).unwrap_or(usize::MAX).saturating_add(AROUND);
    Router::new()
        .route("/books", get(show).post(begin).layer(DefaultBodyLimit::max(file)))
        .route("/books/{id}", get(look).post(write))
        .route("/books/export", axum::routing::post(give))
        .route("/books/template.xlsx", get(async |reader: Reader| template(&reader, Kind::Xlsx)))
        .route("/books/template.csv", get(async |reader: Reader| template(&reader, Kind::Csv)))
}

#[derive(Template)]
#[template(path = "books.html")]
struct BooksPage {
    f: Frame,
    t: &'static Texts,
    problem: Option<&'static str>,
    may_import: bool,
    may_export: bool,
    compounds: Vec<Compound>,
}

async fn show(State(web): State<Web>, staff: Staff) -> Response {
    page(&web, &staff, None).await
}

async fn page(web: &Web, staff: &Staff, problem: Option<&'static str>) -> Response {
    let may = |may| staff.account.role.may(may);
    let (may_import, may_export) = (may(May::Import), may(May::Export));
    if !may_import && let Err(refused) = staff.demand(May::Export) {
        return refused.into_response();
    }
    match staff.compounds(web).await {
        Err(error) => broken(&error, staff.language),
        Ok(compounds) => shown(&BooksPage {
            f: Frame::of(staff, Place::Books),
            t: words::texts(staff.language),
            problem,
            may_import,
            may_export,
            compounds,
        }),
    }
}

async fn begin(State(web): State<Web>, Uploaded { staff, name, bytes, .. }: Uploaded) -> Response {
    if let Err(refused) = staff.demand(May::Import) {
        return refused.into_response();
    }
    // Only who has to do with all compounds makes new ones.
    let theirs: Option<Vec<String>> = match (&staff.account.scope, staff.compounds(&web).await) {
        (_, Err(error)) => return broken(&error, staff.language),
        (Scope::Everywhere, Ok(_)) => None,
        (Scope::Compounds(_), Ok(compounds)) => Some(compounds.into_iter().map(|it| it.name).collect()),
    };
    let is_theirs = move |name: &str| theirs.as_ref().is_none_or(|theirs| theirs.iter().any(|it| it == name));
    let from = (staff.account.name.clone(), name);
    match web.office.imports.begin(tools(&web), from, bytes, is_theirs) {
        Some(import) => Redirect::to(&format!("/books/{}", import.id)).into_response(),
        None => page(&web, &staff, Some(words::texts(staff.language).too_many)).await,
    }
}

fn tools(web: &Web) -> Tools {
    Tools { store: web.store.clone(), clock: Arc::clone(&web.clock), files: web.office.files.clone() }
}

#[derive(Template)]
#[template(path = "import.html")]
struct ImportPage {
    f: Frame,
    t: &'static Texts,
    id: String,
    name: String,
    shown: Shown,
}

/// What is to be said of a file.
enum Shown {
    /// What goes on, how much of how much (0: nobody knows), and both in words.
    GoesOn(&'static str, usize, usize, String),
    /// Nothing comes of it, and why.
    Bad(&'static str, String),
    Result(Box<Outcome>),
}

struct Outcome {
    is_written: bool,
    /// Whether there is anything to write.
    writes: bool,
    counts: [(&'static str, usize); 4],
    warnings: Vec<String>,
    findings: Vec<String>,
    /// Identifier, heading, lines.
    lists: [(&'static str, &'static str, Vec<String>); 2],
}

async fn look(State(web): State<Web>, staff: Staff, Path(id): Path<String>) -> Response {
    let Some(import) = web.office.imports.find(&id, &staff.account.name) else {
        return not_found(Reader(staff.language)).await;
    };
    let (shown_now, waits) = {
        let state = import.state();
        (what_of(&state, staff.language), state.goes_on())
    };
    let page = ImportPage {
        f: Frame::of(&staff, Place::Books),
        t: words::texts(staff.language),
        id,
        name: import.name.clone(),
        shown: shown_now,
    };
    let mut response = shown(&page);
    if waits {
        response.headers_mut().insert(header::REFRESH, AGAIN);
    }
    response
}

async fn write(
    State(web): State<Web>,
    Path(id): Path<String>,
    Posted { staff, .. }: Posted<Button>,
) -> Response {
    if let Err(refused) = staff.demand(May::Import) {
        return refused.into_response();
    }
    let Some(import) = web.office.imports.find(&id, &staff.account.name) else {
        return not_found(Reader(staff.language)).await;
    };
    Imports::write(&import, tools(&web));
    Redirect::to(&format!("/books/{id}")).into_response()
}

fn what_of(far: &Far, language: Language) -> Shown {
    let t = words::texts(language);
    match far {
        Far::Reading(rows) => Shown::GoesOn(t.reading, *rows, 0, words::progress(*rows, 0, language)),
        Far::Writing(done, total) => {
            Shown::GoesOn(t.writing, *done, *total, words::progress(*done, *total, language))
        }
        Far::BadFile(why) => Shown::Bad(t.bad_file, error(why, language)),
        Far::Failed(why) => Shown::Bad(t.failed, store_words::problem(why, language)),
        Far::Compared(compared) => {
            Shown::Result(Box::new(outcome(&compared.0, &compared.1, false, language)))
        }
        Far::Done(done) => Shown::Result(Box::new(outcome(&done.0, &done.1, true, language))),
    }
}

fn outcome(roster: &Roster, imported: &Imported, is_written: bool, language: Language) -> Outcome {
    let t = words::texts(language);
    let Imported { added, changed, unchanged, compounds, fates, .. } = imported;
    let mut warnings = Vec::new();
    if !compounds.is_empty() {
        warnings.push(words::new_compounds(compounds, language));
    }
    let lines = |is_wanted: fn(&Fate) -> bool| {
        let mut of_kind = roster.named(fates).filter(|(_, _, fate)| is_wanted(fate));
        let named = of_kind.by_ref().take(NAMED);
        let mut lines: Vec<_> =
            named.map(|(cell, holder, fate)| becomes(&cell, holder, fate, language)).collect();
        match of_kind.count() {
            0 => {}
            more => lines.push(and_more(more, language)),
        }
        lines
    };
    let mut findings: Vec<_> =
        roster.findings.iter().take(NAMED).map(|found| finding(found, language)).collect();
    if let Some(more @ 1..) = roster.findings.len().checked_sub(NAMED) {
        findings.push(and_more(more, language));
    }
    let counts = [*added, *changed, *unchanged, roster.skipped];
    Outcome {
        is_written,
        writes: imported.changed_anything(),
        counts: std::array::from_fn(|at| (t.counts[at], counts[at])),
        warnings,
        findings,
        lists: [
            ("changes", t.changes, lines(|fate| matches!(fate, Fate::Changed { .. }))),
            ("news", t.news, lines(|fate| matches!(fate, Fate::Added))),
        ],
    }
}

#[derive(Deserialize)]
struct Wanted {
    compound: u32,
    kind: String,
}

async fn give(State(web): State<Web>, Posted { staff, form }: Posted<Wanted>) -> Response {
    if let Err(refused) = staff.demand(May::Export) {
        return refused.into_response();
    }
    let compounds = match staff.compounds(&web).await {
        Ok(compounds) => compounds,
        Err(error) => return broken(&error, staff.language),
    };
    let Some(compound) = compounds.into_iter().find(|it| it.id == CompoundId(form.compound)) else {
        return not_found(Reader(staff.language)).await;
    };
    let kind = if form.kind == "csv" { Kind::Csv } else { Kind::Xlsx };
    match web.store.registered(&[compound.id], &staff.act(&web)).await {
        Ok(registered) => file(&export::roster(&registered, staff.language), kind, "roster"),
        Err(error) => broken(&error, staff.language),
    }
}

fn template(Reader(language): &Reader, kind: Kind) -> Response {
    file(&export::template(*language), kind, "template")
}

/// A table as a file to be kept. Its name is plain ASCII: the sheet in it says more.
pub(super) fn file(table: &Table, kind: Kind, name: &str) -> Response {
    match table.file(kind) {
        Ok(bytes) => {
            let disposition = format!("attachment; filename=\"{name}.{}\"", kind.ending());
            let headers = [
                (header::CONTENT_TYPE, kind.media_type().to_owned()),
                (header::CONTENT_DISPOSITION, disposition),
            ];
            (headers, bytes).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a table can't be written");
            axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
