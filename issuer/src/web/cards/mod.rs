//! Pages about cards on paper and on phones. What residents may open is served to everybody; nothing here lists residents.

mod compound_page;

use axum::Router;
use axum::routing::get;

use super::Web;

/// What everybody may read.
pub(super) fn public() -> Router<Web> {
    Router::new().route("/c/{number}", get(compound_page::show))
}
