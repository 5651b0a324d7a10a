//! What these pages share: where among them one is, and what came of the last form.

use std::ops::Deref;

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use store::StoreError;

use super::desk::Worker;
use crate::print::{FontError, PrintError};
use crate::web::frame as around;
use crate::web::page::shown;
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
    around: around::Frame,
    pub(super) t: &'static Texts,
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
        Self { around: around::Frame::of(&worker.staff, around::Place::Passes), t, links, told }
    }
}

impl Deref for Frame {
    type Target = around::Frame;

    fn deref(&self) -> &around::Frame {
        &self.around
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
