//! Closed buildings and stairwells: what is closed, closing, opening again.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use pass::CompoundId;
use registry::May;
use serde::{Deserialize, Serialize};
use store::{NewClosure, StoreError};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::{Asked, At, Caller, Nothing, OfCompound, Sent};
use super::problem::{Acting, Problem, Searching, Sending};
use super::shapes::{Key, Moment, Place, Reason, some};
use crate::web::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(all, close)).routes(routes!(open))
}

/// A closed building or stairwell. Whoever lives there stays in, whatever their colour.
#[derive(Serialize, ToSchema)]
struct Closure {
    #[schema(pattern = "^[0-9a-f]{32}$")]
    id: String,
    building: String,
    /// The stairwell; empty where all of the building is closed.
    unit: String,
    since: Moment,
    /// Until when it is planned; none where nobody said. It doesn't end by itself.
    planned: Option<Moment>,
    by: String,
    reason: String,
    /// Whether those may go out all the same whom the office lets off the hours.
    lets_exempt: bool,
    /// When it was opened again; none while it is closed.
    opened: Option<Moment>,
    opened_by: Option<String>,
    /// How many homes are there.
    homes: u32,
    /// How many people live there.
    residents: u32,
}

impl From<store::Closure> for Closure {
    fn from(closure: store::Closure) -> Self {
        let (opened, opened_by) = closure.opened.unzip();
        Self {
            id: closure.id,
            building: closure.building,
            unit: closure.unit,
            since: Moment(closure.since),
            planned: closure.planned.map(Moment),
            by: closure.by,
            reason: closure.why,
            lets_exempt: closure.lets_exempt,
            opened: opened.map(Moment),
            opened_by,
            homes: closure.homes,
            residents: closure.residents,
        }
    }
}

#[derive(Serialize, ToSchema)]
struct Closures {
    /// The oldest first.
    items: Vec<Closure>,
}

/// What is closed in a compound.
#[utoipa::path(
    get,
    operation_id = "listClosures",
    path = "/compounds/{compound}/closures",
    tag = "closures",
    params(OfCompound),
    responses((status = 200, body = Closures), Searching)
)]
async fn all(
    State(web): State<Web>,
    caller: Caller,
    At(of): At<OfCompound>,
    _: Asked<Nothing>,
) -> Result<Json<Closures>, Problem> {
    let compound = caller.compound(&web, of.compound, May::SeePeople).await?;
    let items = web.store.closed(compound.id).await?.into_iter().map(Closure::from).collect();
    Ok(Json(Closures { items }))
}

/// What is to be closed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewClosure)]
struct Closing {
    building: Place,
    /// The stairwell. Without one all of the building is closed.
    #[schema(nullable = false)]
    #[serde(default, deserialize_with = "some")]
    unit: Option<Place>,
    /// Until when it is planned.
    #[schema(nullable = false)]
    #[serde(default, deserialize_with = "some")]
    planned: Option<Moment>,
    reason: Reason,
    /// Whether those may go out all the same whom the office lets off the hours.
    lets_exempt: bool,
}

/// Closes a building or a stairwell. Gates hold to it from the next list on; who lives there stays in until it is opened again.
#[utoipa::path(
    post,
    operation_id = "closeHomes",
    path = "/compounds/{compound}/closures",
    tag = "closures",
    params(OfCompound),
    request_body = Closing,
    responses((status = 201, body = Closure, description = "Closed"), Sending)
)]
async fn close(
    State(web): State<Web>,
    caller: Caller,
    At(of): At<OfCompound>,
    Sent(new): Sent<Closing>,
) -> Result<(StatusCode, Json<Closure>), Problem> {
    let compound = caller.compound(&web, of.compound, May::DecideColour).await?;
    let (act, why) = (caller.act(&web), registry::tidy(&new.reason.0));
    if new.planned.is_some_and(|planned| planned.0 <= act.at) {
        return Err(Problem::Over);
    }
    let unit = new.unit.map(|unit| unit.0).unwrap_or_default();
    let home = registry::Address::new(&new.building.0, &unit, "");
    let closing = NewClosure {
        building: &home.building,
        unit: &home.unit,
        planned: new.planned.map(|planned| planned.0),
        why: &why,
        lets_exempt: new.lets_exempt,
    };
    match web.store.close_homes(compound.id, &closing, &act).await {
        Ok(closure) => Ok((StatusCode::CREATED, Json(Closure::from(closure)))),
        Err(StoreError::Taken { .. }) => Err(Problem::ClosedAlready),
        Err(error) => Err(error.into()),
    }
}

/// A closure in a path.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct OfClosure {
    /// The compound's number.
    #[param(minimum = 1, maximum = 4_294_967_295_u64, example = 1)]
    compound: u32,
    /// The closure's id.
    #[param(inline)]
    closure: Key,
}

/// Opens a building or a stairwell again. Passes say again what they said before, or what was decided meanwhile.
#[utoipa::path(
    post,
    operation_id = "openHomes",
    path = "/compounds/{compound}/closures/{closure}/opening",
    tag = "closures",
    params(OfClosure),
    responses((status = 200, body = Closure, description = "Open, now or already"), Acting)
)]
async fn open(
    State(web): State<Web>,
    caller: Caller,
    At(of): At<OfClosure>,
) -> Result<Json<Closure>, Problem> {
    caller.demand(May::DecideColour)?;
    let compound = web.store.closure(&of.closure.0).await?.compound;
    if compound != CompoundId(of.compound) || !caller.sees(compound) {
        return Err(Problem::NotFound);
    }
    Ok(Json(Closure::from(web.store.reopen_homes(&of.closure.0, &caller.act(&web)).await?)))
}
