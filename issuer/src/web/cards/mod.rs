//! Pages about cards: signed, printed on numbered sheets, handed out, decided about, one by one or all that are due; notices;
//! what the office says of itself. They are for whoever may ([`registry::May::Cards`]). Beside them the page
//! that everybody may read. Nothing here lists residents.

mod compound_page;
mod desk;
mod frame;
mod notices;
mod one_pass;
mod overview;
mod runs;
mod settings;
mod sheets;

use axum::Router;
use axum::routing::{get, post};

use super::Web;

/// What everybody may read.
pub(super) fn public() -> Router<Web> {
    Router::new().route("/c/{number}", get(compound_page::show))
}

/// What is for whoever may work on cards.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/passes", get(overview::show))
        .route("/passes/sign", post(overview::sign))
        .route("/passes/find", get(one_pass::find))
        .route("/passes/card/{serial}", get(one_pass::show).post(one_pass::change))
        .route("/passes/print", post(runs::lay_out))
        .route("/passes/run/{id}", get(runs::show).post(runs::end))
        .route("/passes/run/{id}/sheets.pdf", get(runs::pdf))
        .route("/passes/sheets", get(sheets::show).post(sheets::change))
        .route("/passes/office", get(settings::show).post(settings::keep))
        .route("/passes/notices", get(notices::show).post(notices::draw))
}
