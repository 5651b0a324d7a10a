//! Whether this program can do its work, for whoever watches it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::Web;

/// 200 and `ok`, or 503 when the registry can't be read. Names nobody and counts nobody.
pub(super) async fn show(State(web): State<Web>) -> Response {
    let time = web.clock.now().0;
    let version = env!("CARGO_PKG_VERSION");
    match web.store.compounds().await {
        Ok(_) => Json(json!({ "status": "ok", "time": time, "version": version })).into_response(),
        Err(error) => {
            tracing::error!(%error, "the registry can't be read");
            let body = Json(json!({ "status": "store", "time": time, "version": version }));
            (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
        }
    }
}
