//! What these pages share: who works, where one is, what came of the last form; and the door one comes in by.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use store::StoreError;

use super::desk::{Fields, Worker};
use crate::print::{FontError, PrintError};
use crate::web::Web;
use crate::web::language::Reader;
use crate::web::page::shown;
use crate::words::Language;
use crate::words::passes::{self as words, Texts};

/// Which of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Passes,
    Sheets,
    Notices,
    Office,
}

/// What stands around every page.
pub(super) struct Frame {
    pub(super) t: &'static Texts,
    pub(super) other: Language,
    pub(super) name: String,
    /// Path, word, and whether one is there.
    pub(super) links: [(&'static str, &'static str, bool); 4],
    pub(super) told: Option<String>,
}

/// What a form left in the address of the page after it.
#[derive(Default, Deserialize)]
pub(super) struct Left {
    #[serde(default)]
    told: String,
}

impl Frame {
    pub(super) fn of(worker: &Worker, place: Place, left: &Left) -> Self {
        let t = worker.t;
        let links = [
            ("/passes", t.passes, place == Place::Passes),
            ("/passes/sheets", t.sheets, place == Place::Sheets),
            ("/passes/notices", t.notices, place == Place::Notices),
            ("/passes/office", t.office, place == Place::Office),
        ];
        let told = words::told(&left.told, worker.language);
        Self { t, other: worker.language.other(), name: worker.name().to_owned(), links, told }
    }
}

/// Why a page could not be made.
pub(super) enum Failed {
    Store(StoreError),
    Font(FontError),
    Print(PrintError),
    /// There is no such thing.
    Absent,
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

#[derive(Template)]
#[template(path = "passes-failed.html")]
struct FailedPage {
    f: Frame,
    text: String,
}

/// The page, or why there is none.
pub(super) fn answer(worker: &Worker, place: Place, done: Result<Response, Failed>) -> Response {
    let language = worker.language;
    let (status, text) = match done {
        Ok(response) => return response,
        Err(Failed::Absent | Failed::Store(StoreError::Absent { .. })) => {
            let t = crate::words::web::texts(language);
            (StatusCode::NOT_FOUND, t.not_found.to_owned())
        }
        Err(Failed::Store(error)) => {
            tracing::warn!(%error, "the store refuses");
            (StatusCode::CONFLICT, words::refused(&error, language))
        }
        Err(Failed::Font(error)) => (StatusCode::INTERNAL_SERVER_ERROR, error.explain(language)),
        Err(Failed::Print(error)) => (StatusCode::UNPROCESSABLE_ENTITY, error.explain(language)),
    };
    let f = Frame::of(worker, place, &Left::default());
    (status, shown(&FailedPage { f, text })).into_response()
}

/// A PDF, shown by the browser.
pub(super) fn pdf(bytes: Vec<u8>, name: &str) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
    // Nothing in a PDF is ours to run or load; a browser's viewer brings its own styles and scripts.
    let policy = HeaderValue::from_static("frame-ancestors 'none'");
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    let disposition = HeaderValue::from_str(&format!("inline; filename=\"{name}.pdf\""));
    headers.insert(header::CONTENT_DISPOSITION, disposition.expect("names are ours"));
    response
}

#[derive(Template)]
#[template(path = "passes-enter.html")]
struct Door {
    t: &'static Texts,
    key: String,
    told: Option<String>,
    other: Language,
}

/// What the address of the door may hold.
#[derive(Default, Deserialize)]
pub(super) struct Brought {
    #[serde(default)]
    key: String,
    #[serde(default)]
    told: String,
}

/// `/passes/enter`.
pub(super) async fn door(Reader(language): Reader, Query(brought): Query<Brought>) -> Response {
    let told = words::told(&brought.told, language);
    shown(&Door { t: words::texts(language), key: brought.key, told, other: language.other() })
}

/// Lets somebody in who brings the key.
pub(super) async fn enter(State(web): State<Web>, Reader(language): Reader, fields: Fields) -> Response {
    let cookie = web.desk.as_ref().and_then(|desk| desk.enter(fields.get("key"), fields.get("name")));
    let cookie = cookie.and_then(|cookie| HeaderValue::from_str(&cookie).ok());
    let tag = language.tag();
    match cookie {
        Some(cookie) => {
            let mut response = Redirect::to(&format!("/passes?lang={tag}")).into_response();
            response.headers_mut().insert(header::SET_COOKIE, cookie);
            response
        }
        None => Redirect::to(&format!("/passes/enter?lang={tag}&told=wrong-key")).into_response(),
    }
}
