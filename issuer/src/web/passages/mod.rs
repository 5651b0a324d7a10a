//! What gates have logged: looking for passages, taking journals in, handing tables out.

mod asked;
mod list;
mod one;
mod take;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use super::Web;

const PATH: &str = "/passages";
/// The largest file that is taken by a page: some hundred thousand events. The command takes any.
const LARGEST_FILE: usize = 64 << 20;

pub(super) fn routes() -> Router<Web> {
    let take = post(take::take).layer(DefaultBodyLimit::max(LARGEST_FILE));
    Router::new()
        .route(PATH, get(list::show))
        .route("/passages/import", take)
        .route("/passages/passages.xlsx", get(list::table))
        .route("/passages/{gate}/{journal}/{sequence}", get(one::show))
}
