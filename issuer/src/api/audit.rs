//! Who did what, the newest first.

use axum::Json;
use axum::extract::State;
use pass::Timestamp;
use registry::May;
use serde::{Deserialize, Serialize};
use store::{AuditKey, AuditLine, AuditSearch};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::{Asked, Caller};
use super::problem::{Problem, Searching};
use super::shapes::{Cursor, Doing, Limit, Moment, Text};
use crate::web::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(lines))
}

/// What is looked for; all that is given must hold.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Search {
    /// A part of the name of whoever acted.
    #[param(nullable = false, inline)]
    who: Option<Text>,
    /// What they did.
    #[param(nullable = false, inline)]
    what: Option<Doing>,
    /// From this moment on.
    #[param(nullable = false, inline)]
    from: Option<Moment>,
    /// Before this moment.
    #[param(nullable = false, inline)]
    until: Option<Moment>,
    /// Where the list before ended.
    #[param(nullable = false, inline)]
    cursor: Option<Cursor>,
    /// How many at most.
    #[param(nullable = false, inline)]
    limit: Option<Limit>,
}

/// A line of the audit log.
#[derive(Serialize, ToSchema)]
struct Line {
    at: Moment,
    who: String,
    /// What they did; none where a newer program wrote it.
    what: Option<Doing>,
    /// More of it. Names no resident.
    detail: String,
}

#[derive(Serialize, ToSchema)]
struct Lines {
    /// The newest first.
    items: Vec<Line>,
    /// Where the next list goes on; none where there are no more.
    next: Option<Cursor>,
}

/// Who did what, the newest first.
#[utoipa::path(
    get,
    operation_id = "listAudit",
    path = "/audit",
    tag = "audit",
    params(Search),
    responses((status = 200, body = Lines), Searching)
)]
async fn lines(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<Search>,
) -> Result<Json<Lines>, Problem> {
    caller.demand(May::Audit)?;
    let Limit(limit) = asked.limit.unwrap_or_default();
    let search = AuditSearch {
        who: asked.who.map(|who| who.0).unwrap_or_default(),
        what: asked.what.map(|what| what.0),
        from: asked.from.map(|from| from.0),
        until: asked.until.map(|until| until.0),
        after: asked.cursor.as_ref().map(key).transpose()?,
        limit: limit + 1,
    };
    let mut found = web.store.audit_lines(&search).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found
        .last()
        .filter(|_| more)
        .map(|AuditLine { key, .. }| Cursor::of(&["audit", &key.at.0.to_string(), &key.id]));
    let line = |line: AuditLine| Line {
        at: Moment(line.key.at),
        who: line.who,
        what: line.what.map(Doing),
        detail: line.detail,
    };
    Ok(Json(Lines { items: found.into_iter().map(line).collect(), next }))
}

fn key(cursor: &Cursor) -> Result<AuditKey, Problem> {
    let [list, at, id] = cursor.parts()?;
    match at.parse() {
        Ok(at) if list == "audit" => Ok(AuditKey { at: Timestamp(at), id }),
        _ => Err(Problem::NoCursor),
    }
}
