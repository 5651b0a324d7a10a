//! A number for each request: in every log line that it leads to, and in the head of its answer, so that one can be found by the other.

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use pass::random;
use tracing::Instrument;

/// Where an answer carries it.
const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Made here, whatever is sent: what a stranger writes stands in no log. The address is none of the log's either, as it may hold a token or
/// what somebody looks for; the pattern that it follows is.
pub(super) async fn number(request: Request, next: Next) -> Response {
    let id = format!("{:016x}", u64::from_be_bytes(random::bytes()));
    let route = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str);
    let span = tracing::error_span!("request", id, method = %request.method().as_str().chars().take(8).collect::<String>(), route);
    async {
        let begun = std::time::Instant::now();
        let mut response = next.run(request).await;
        let (status, milliseconds) = (response.status().as_u16(), begun.elapsed().as_millis());
        tracing::info!(status, %milliseconds, "answered");
        let id = HeaderValue::from_str(&id).expect("hexadecimal digits may stand in a header");
        response.headers_mut().insert(HEADER, id);
        response
    }
    .instrument(span)
    .await
}
