//! The office's pages over HTTP: the list of residents and their passes, one pass for a phone, what holds in a compound, and
//! whether all is well.
//!
//! Pages are rendered here, work without scripts, and hold nothing that a browser may keep or pass on. Until there are
//! accounts, the list is for whoever sits at the office's own machine: it is shown on loopback alone. A pass for a phone is
//! known by a token nobody can guess. Knows no keys: what it shows was signed before.

mod cards;
mod guard;
mod health;
mod language;
mod page;
mod pass_page;
mod residents;

use std::sync::Arc;

use axum::Router;
use axum::http::header;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use pass::Clock;
use store::Store;

pub use cards::Desk;

/// What the pages are made from.
#[derive(Clone)]
pub struct Web {
    /// The registry.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Names and addresses this program may be asked for (the Host header without its port), beside loopback's.
    pub hosts: Vec<String>,
    /// Whether the list of residents is served: only where nobody but the office reaches this program, on loopback.
    pub lists_residents: bool,
    /// The pages that sign, print and decide, for whoever works at the office's own machine; served where the list is.
    pub desk: Option<Arc<Desk>>,
}

/// Everything that is served.
pub fn router(web: Web) -> Router {
    let mut router = Router::new()
        .route("/p/{token}", get(pass_page::show))
        .merge(cards::public())
        .route("/health", get(health::show))
        .route("/style.css", get(style));
    if web.lists_residents {
        router = router.route("/", get(residents::show)).merge(cards::routes());
    }
    router
        .fallback(page::not_found)
        .layer(from_fn(guard::private))
        .layer(from_fn_with_state(web.clone(), guard::demand_host))
        .with_state(web)
}

async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../../templates/style.css"))
        .into_response()
}
