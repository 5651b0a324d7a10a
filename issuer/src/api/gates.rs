//! Gates, and the bundles that they judge by.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocol::Receiver;
use registry::May;
use serde::{Deserialize, Serialize};
use store::GateReport;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::{Asked, At, Caller, Nothing, OfCompound, Sent};
use super::problem::{Acting, Problem, Searching, Sending};
use super::shapes::{GateName, Moment, some};
use crate::bundles::{self, USUAL_HOURS};
use crate::exchange::CannotMake;
use crate::lag::{self, lags};
use crate::web::Web;
use crate::words::{Language, gates as words};

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(all)).routes(routes!(strike_off)).routes(routes!(bundle))
}

/// A gate.
#[derive(Serialize, ToSchema)]
struct Gate {
    name: String,
    /// The fingerprint of its key, to be compared with its screen; none where the key can't be read any more.
    fingerprint: Option<String>,
    added: Moment,
    /// Its last report; none of a gate that works by files, or was never heard.
    report: Option<Report>,
}

/// What a gate said of itself last.
#[derive(Serialize, ToSchema)]
struct Report {
    /// When it was heard.
    heard: Moment,
    /// Name and version of its program.
    software: String,
    /// How many events its journal has.
    events: u64,
    /// What it lacks, and what else is to be known of it.
    lags: Vec<Lag>,
}

/// Something that is to be known of a gate.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum Lag {
    /// There is a newer status list, newer rules, or newer people.
    Parts,
    /// There is a newer trust list.
    TrustList,
    /// It doubts its clock.
    Clock,
}

impl From<lag::Lag> for Lag {
    fn from(lag: lag::Lag) -> Self {
        match lag {
            lag::Lag::Parts => Self::Parts,
            lag::Lag::TrustList => Self::TrustList,
            lag::Lag::Clock => Self::Clock,
        }
    }
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
    let (reports, versions) = (web.store.gate_reports().await?, web.store.versions().await?);
    let trust = web.office.files.trust_list().map(|(_, keys)| keys.version()).unwrap_or_default();
    let report = |report: &GateReport| Report {
        heard: Moment(report.heard),
        software: report.software.clone(),
        events: report.through,
        lags: lags(report, &versions, trust, compound).into_iter().map(Lag::from).collect(),
    };
    let items = known.map(|gate| Gate {
        report: reports.get(&gate.receiver).map(report),
        fingerprint: Receiver::of_text(&gate.receiver).ok().map(|key| key.fingerprint()),
        name: gate.name,
        added: Moment(gate.added),
    });
    Ok(Json(Gates { items: items.collect() }))
}

/// A gate in a path.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct OfGate {
    /// The compound's number.
    #[param(minimum = 1, maximum = 4_294_967_295_u64, example = 1)]
    compound: u32,
    /// The gate's name.
    #[param(inline)]
    gate: GateName,
}

/// Strikes a gate off: it was lost, stolen, or is not used any more. Its key opens nothing from now on, it hears so and deletes what it
/// knew, and what it says is ignored.
#[utoipa::path(
    delete,
    operation_id = "strikeOffGate",
    path = "/compounds/{compound}/gates/{gate}",
    tag = "gates",
    params(OfGate),
    responses((status = 204, description = "Struck off"), Acting)
)]
async fn strike_off(
    State(web): State<Web>,
    caller: Caller,
    At(of): At<OfGate>,
) -> Result<StatusCode, Problem> {
    let compound = caller.compound(&web, of.compound, May::Gates).await?.id;
    let known = web.store.gates().await?;
    if !known.iter().any(|gate| gate.compound == compound && gate.name == of.gate.0) {
        return Err(Problem::NotFound);
    }
    web.store.remove_gate(&of.gate.0, &caller.act(&web)).await?;
    Ok(StatusCode::NO_CONTENT)
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
