//! Gates, and the bundles that they judge by.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use protocol::Receiver;
use registry::May;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::{Asked, At, Caller, Nothing, OfCompound, Sent};
use super::problem::{Problem, Searching, Sending};
use super::shapes::{GateName, Moment, some};
use crate::bundles::{self, USUAL_HOURS};
use crate::exchange::CannotMake;
use crate::web::Web;
use crate::words::{Language, gates as words};

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(all)).routes(routes!(bundle))
}

/// A gate.
#[derive(Serialize, ToSchema)]
struct Gate {
    name: String,
    /// The fingerprint of its key, to be compared with its screen; none where the key can't be read any more.
    fingerprint: Option<String>,
    added: Moment,
}

#[derive(Serialize, ToSchema)]
struct Gates {
    items: Vec<Gate>,
}

/// The gates of a compound.
#[utoipa::path(
    get,
    operation_id = "listGates",
    path = "/compounds/{compound}/gates",
    tag = "gates",
    params(OfCompound),
    responses((status = 200, body = Gates), Searching)
)]
async fn all(
    State(web): State<Web>,
    caller: Caller,
    At(of): At<OfCompound>,
    _: Asked<Nothing>,
) -> Result<Json<Gates>, Problem> {
    let compound = caller.compound(&web, of.compound, May::Gates).await?.id;
    let known = web.store.gates().await?.into_iter().filter(|gate| gate.compound == compound);
    let items = known.map(|gate| Gate {
        fingerprint: Receiver::of_text(&gate.receiver).ok().map(|key| key.fingerprint()),
        name: gate.name,
        added: Moment(gate.added),
    });
    Ok(Json(Gates { items: items.collect() }))
}

/// For whom a bundle is made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewBundle {
    /// The gate that people are sealed for. Without one the bundle names nobody.
    #[schema(nullable = false)]
    #[serde(default, deserialize_with = "some")]
    gate: Option<GateName>,
}

/// Makes the newest bundle of a compound: trust list, status list, rules, and people where a gate is named.
#[utoipa::path(
    post,
    operation_id = "makeBundle",
    path = "/compounds/{compound}/bundles",
    tag = "gates",
    params(OfCompound),
    request_body = NewBundle,
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream", description = "The file"), Sending)
)]
async fn bundle(
    State(web): State<Web>,
    caller: Caller,
    At(of): At<OfCompound>,
    Sent(new): Sent<NewBundle>,
) -> Result<Response, Problem> {
    let compound = caller.compound(&web, of.compound, May::Gates).await?;
    let hands = web.hands().ok_or(Problem::Locked)?;
    let mut gates = Vec::new();
    if let Some(GateName(name)) = new.gate {
        let known = web.store.gates().await?.into_iter();
        gates.extend(known.filter(|gate| gate.compound == compound.id && gate.name == name));
        if gates.is_empty() {
            return Err(Problem::NotFound);
        }
    }
    let made = bundles::make(&hands, (&compound, &gates), USUAL_HOURS, &caller.act(&web)).await;
    let made = made.map_err(|why| match why {
        CannotMake::Store(error) => Problem::from(error),
        why => {
            Problem::NoBundle([Language::Zh, Language::En].map(|language| words::no_bundle(&why, language)))
        }
    })?;
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], made.bytes).into_response())
}
