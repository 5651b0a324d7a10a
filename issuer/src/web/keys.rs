//! The office's keys as everybody may see them: whose they are, what they may sign, until when. No private key is shown anywhere.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use pass::Timestamp;
use registry::May;

use super::Web;
use super::frame::{Frame, Place};
use super::language::Reader;
use super::page::{moment, not_found, shown};
use super::session::Staff;
use crate::words::keys::{self as words, Texts, grouped};

const DAY: i64 = 86_400;
/// A key that ends sooner than this is worth a warning.
const SOON: i64 = 30;

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/keys", get(show)).route("/keys/keys.json", get(public))
}

#[derive(Template)]
#[template(path = "keys.html")]
struct KeysPage {
    f: Frame,
    t: &'static Texts,
    /// The root's thumbprint, where there are keys.
    root: Option<String>,
    root_is_here: bool,
    issuers: Vec<Issuer>,
    signs: bool,
    has_registry_key: bool,
}

struct Issuer {
    thumbprint: String,
    office: u32,
    compounds: String,
    from: String,
    until: String,
    left: String,
    ends_soon: bool,
}

async fn show(State(web): State<Web>, staff: Staff) -> Response {
    if let Err(refused) = staff.demand(May::Keys) {
        return refused.into_response();
    }
    let files = &web.office.files;
    let now = web.clock.now();
    let issuers = files.trust_list().map(|(_, trusted)| trusted.keys().to_vec()).unwrap_or_default();
    let issuers = issuers.iter().map(|key| {
        let days = days_between(now, key.until);
        let stretches = key.compounds.iter().map(|it| format!("{}–{}", it.start(), it.end()));
        Issuer {
            thumbprint: grouped(&key.public.thumbprint()),
            office: key.office.0,
            compounds: stretches.collect::<Vec<_>>().join(" "),
            from: moment(key.from),
            until: moment(key.until),
            left: words::days_left(days, staff.language),
            ends_soon: days < SOON,
        }
    });
    shown(&KeysPage {
        f: Frame::of(&staff, Place::Keys),
        t: words::texts(staff.language),
        root: files.root_key().ok().map(|key| grouped(&key.thumbprint())),
        root_is_here: files.root().exists(),
        issuers: issuers.collect(),
        signs: web.office.signing().is_some(),
        has_registry_key: web.office.registry_key.is_some(),
    })
}

/// Whole days from one moment to another; negative once it is over.
fn days_between(now: Timestamp, until: Timestamp) -> i64 {
    until.0.saturating_sub(now.0).div_euclid(DAY)
}

async fn public(State(web): State<Web>, staff: Staff) -> Response {
    if let Err(refused) = staff.demand(May::Keys) {
        return refused.into_response();
    }
    let set = web.office.files.jwk_set().ok().and_then(|set| serde_json::to_string_pretty(&set).ok());
    match set {
        Some(set) => {
            let headers = [
                (header::CONTENT_TYPE, "application/jwk-set+json"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"keys.json\""),
            ];
            (headers, set).into_response()
        }
        None => not_found(Reader(staff.language)).await,
    }
}
