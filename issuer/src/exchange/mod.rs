//! Where gates and office meet: a gate enrols, hands over what it has logged, and is told what has changed.
//!
//! `enrol` and `report` answer over HTTP; `taking` keeps a report's events, `parts` makes what a gate judges by, `news` notices that
//! there is something new, `heard` remembers what gates said of themselves. Everything that crosses is signed and sealed by itself, so this also stands where there is no TLS.

mod enrol;
mod heard;
mod news;
mod parts;
mod report;
mod slips;
mod taking;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::web::Web;
pub(crate) use enrol::id_text;
pub(crate) use news::{News, keep_up};
pub(crate) use parts::{CannotMake, Hands, Parts, USUAL_HOURS};
pub(crate) use report::answer;
pub(crate) use slips::SLIPPED;

/// Bytes of a report, sealed: a full one has some 2 MB of events, packed.
const LONGEST: usize = 8 << 20;

/// What one program remembers for all gates that ask it.
#[derive(Debug, Default)]
pub(crate) struct Exchange {
    /// What was made, to be given to every gate that lacks it.
    pub(crate) parts: Parts,
    /// What there is, as this program has last seen it.
    pub(crate) news: News,
    /// What gates said last.
    heard: heard::Heard,
    /// What is to be looked through.
    slips: slips::Slips,
}

impl Exchange {
    pub(crate) fn new() -> Arc<Self> {
        Arc::default()
    }
}

/// For gates and other offices; nothing here is shown to a person.
pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/gate/v1/enrol", post(enrol::enrol))
        .route("/gate/v1/report", post(report::report))
        .layer(DefaultBodyLimit::max(LONGEST))
        .route("/status-list", get(status_list))
}

/// The office's status list, for other offices of the district (draft-ietf-oauth-status-list, "Status List Request"). It names nobody.
async fn status_list(State(web): State<Web>) -> Result<Response, Refused> {
    let hands = web.hands().ok_or(Refused::Locked)?;
    let mut version = web.store.versions().await?.status;
    if version == 0 {
        version = web.store.next_version(store::Version::Status, hands.now).await?;
    }
    let list = web.office.exchange.parts.status(&hands, version).await?;
    let typ = pass::Content::StatusList.typ().unwrap_or_default();
    Ok(([(header::CONTENT_TYPE, typ)], list.to_vec()).into_response())
}

/// Why a gate is not answered: a word that its program knows, and a status for everything between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Not of a form that this program knows.
    Malformed,
    /// The invitation is not known, or the code is wrong.
    Unknown,
    /// The invitation was used by another gate.
    Used,
    /// The invitation's time is over.
    Ended,
    /// The gate is not known here, or did not sign.
    Stranger,
    /// The office's keys are locked, or don't cover the compound.
    Locked,
    /// The registry can't be read or written.
    Down,
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, word) = match self {
            Self::Malformed => (StatusCode::BAD_REQUEST, "malformed"),
            Self::Unknown => (StatusCode::NOT_FOUND, "unknown"),
            Self::Used => (StatusCode::CONFLICT, "used"),
            Self::Ended => (StatusCode::GONE, "ended"),
            Self::Stranger => (StatusCode::FORBIDDEN, "stranger"),
            Self::Locked => (StatusCode::SERVICE_UNAVAILABLE, "locked"),
            Self::Down => (StatusCode::SERVICE_UNAVAILABLE, "down"),
        };
        (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], word).into_response()
    }
}

impl From<store::StoreError> for Refused {
    fn from(error: store::StoreError) -> Self {
        tracing::error!(%error, "a gate could not be answered");
        Self::Down
    }
}

impl From<CannotMake> for Refused {
    fn from(why: CannotMake) -> Self {
        match why {
            CannotMake::NotCovered(_) | CannotMake::May(_) => Self::Locked,
            CannotMake::Store(error) => error.into(),
            CannotMake::TooMuch(_) | CannotMake::Other(_) => {
                tracing::error!(%why, "nothing can be made for a gate");
                Self::Down
            }
        }
    }
}

/// Bytes for a program.
fn bytes(bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response()
}
