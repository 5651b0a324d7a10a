//! The office's pages over HTTP: the list of residents and their passes, one pass for a phone, what holds in a compound, and
//! whether all is well.
//!
//! Pages are rendered here, work without scripts, and hold nothing that a browser may keep or pass on. Whoever works in the office
//! signs in ([`session`]), sends forms that carry their session's token ([`form`]), and sees what their role may see. A pass for a
//! phone is known by a token nobody can guess.

mod accounts;
mod audit;
mod board;
mod books;
mod building;
mod bulk;
mod cards;
mod correct;
mod form;
mod frame;
mod gates;
mod guard;
mod invite;
mod keys;
mod language;
mod observed;
mod own;
mod page;
mod pass_page;
mod passages;
mod person;
mod register;
mod request_id;
mod residents;
mod retention;
mod rules;
mod session;
mod sign_in;
mod today;
mod tokens;
mod trust;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use pass::Clock;
use store::Store;

pub(crate) use accounts::is_name;
pub(crate) use frame::Place;
pub(crate) use language::accepted_language;
pub(crate) use page::{date, day_begins};

use crate::exchange::Hands;
use crate::metrics::{self, Metrics};
use crate::office::Office;

/// What the pages are made from.
#[derive(Clone)]
pub struct Web {
    /// The registry.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Names and addresses this program may be asked for (the Host header without its port), beside loopback's.
    pub hosts: Vec<String>,
    /// Whether browsers reach this program by TLS, its own or a proxy's: cookies are for TLS alone then.
    pub by_tls: bool,
    /// Whether the office's own pages are served, beside those for residents: no password goes over a network in clear.
    pub has_office: bool,
    /// Whether the figures of this program are served beside its pages: only where nobody else can ask.
    pub has_metrics: bool,
    /// The office's keys.
    pub office: Office,
    /// What is counted of this program.
    pub metrics: Metrics,
}

impl Web {
    /// What makes parts of bundles; none where a key is locked.
    pub(crate) fn hands(&self) -> Option<Hands<'_>> {
        let signing = self.office.signing()?;
        Some(Hands {
            store: &self.store,
            files: &self.office.files,
            key: &signing.key,
            trusted: &signing.trusted,
            receiver: self.office.receiver_key()?.receiver(),
            now: self.clock.now(),
        })
    }
}

/// Everything that is served.
pub fn router(web: Web) -> Router {
    let (office, api) = match web.has_office {
        true => (office(), crate::api::routes()),
        false => (Router::new(), Router::new()),
    };
    Router::new()
        .route("/p/{token}", get(pass_page::show))
        .merge(cards::public())
        .merge(crate::exchange::routes())
        .route("/style.css", get(style))
        .merge(metrics::healthy())
        .merge(if web.has_metrics { metrics::figures() } else { Router::new() })
        .merge(office)
        .layer(DefaultBodyLimit::max(form::LONGEST))
        .fallback(page::not_found)
        .layer(from_fn(language::remember))
        .merge(api)
        .layer(from_fn_with_state(web.clone(), guard::private))
        .layer(from_fn_with_state(web.clone(), guard::demand_host))
        .layer(from_fn_with_state(web.clone(), metrics::observe))
        .layer(from_fn(request_id::number))
        .with_state(web)
}

/// The pages that one signs in for.
fn office() -> Router<Web> {
    Router::new()
        .merge(today::routes())
        .merge(sign_in::routes())
        .merge(own::routes())
        .merge(tokens::routes())
        .merge(residents::routes())
        .merge(board::routes())
        .merge(building::routes())
        .merge(register::routes())
        .merge(bulk::routes())
        .merge(person::routes())
        .merge(correct::routes())
        .merge(observed::routes())
        .merge(cards::routes())
        .merge(books::routes())
        .merge(passages::routes())
        .merge(rules::routes())
        .merge(gates::routes())
        .merge(trust::routes())
        .merge(invite::routes())
        .merge(accounts::routes())
        .merge(audit::routes())
        .merge(keys::routes())
        .merge(retention::routes())
}

async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../../templates/style.css"))
        .into_response()
}
