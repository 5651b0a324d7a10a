//! Passes: those of a holder, signing one, and what becomes of one.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use registry::May;
use serde::{Deserialize, Serialize};
use store::{CardChange, PassOnFile};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::{Asked, At, Caller, Nothing, OfHolder, Sent};
use super::problem::{Acting, Problem, Searching, Sending};
use super::shapes::{Pass, Reason, Serial};
use crate::cards::{self, Whose};
use crate::web::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(of_holder, sign))
        .routes(routes!(one))
        .routes(routes!(change))
        .routes(routes!(replace))
}

#[derive(Serialize, ToSchema)]
struct Passes {
    /// The newest first.
    items: Vec<Pass>,
}

/// The passes of somebody, the newest first.
#[utoipa::path(
    get,
    operation_id = "listPasses",
    path = "/compounds/{compound}/residents/{holder}/passes",
    tag = "passes",
    params(OfHolder),
    responses((status = 200, body = Passes), Searching)
)]
async fn of_holder(
    State(web): State<Web>,
    caller: Caller,
    At(of): At<OfHolder>,
    _: Asked<Nothing>,
) -> Result<Json<Passes>, Problem> {
    let holding = caller.holding(&web, &of, May::Cards).await?;
    let passes = web.store.passes_of(holding.compound, holding.holder).await?;
    Ok(Json(Passes { items: passes.iter().map(Pass::from).collect() }))
}

/// Signs a pass for somebody who needs one. Where the last one is good, that one is told.
#[utoipa::path(
    post,
    operation_id = "signPass",
    path = "/compounds/{compound}/residents/{holder}/passes",
    tag = "passes",
    params(OfHolder),
    responses(
        (status = 201, body = Pass, description = "Signed"),
        (status = 200, body = Pass, description = "The last one is good, or suspended"),
        Acting
    )
)]
async fn sign(
    State(web): State<Web>,
    caller: Caller,
    At(of): At<OfHolder>,
) -> Result<(StatusCode, Json<Pass>), Problem> {
    let holding = caller.holding(&web, &of, May::Cards).await?;
    let whose =
        Whose { compound: holding.compound, compound_name: &holding.compound_name, holder: holding.holder };
    let issued = cards::issue(&web.store, web.office.signing(), whose, &caller.act(&web)).await?;
    let signed = issued.ok_or(Problem::Locked)?;
    let status = if signed.is_some() { StatusCode::CREATED } else { StatusCode::OK };
    let serial = signed.or(holding.pass).ok_or(Problem::NotFound)?;
    Ok((status, Json(Pass::from(&web.store.pass(serial).await?))))
}

/// A pass in a path.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct OfPass {
    /// The serial of the pass.
    #[param(inline)]
    serial: Serial,
}

/// A pass of one of their compounds.
async fn find(web: &Web, caller: &Caller, of: &OfPass) -> Result<PassOnFile, Problem> {
    caller.demand(May::Cards)?;
    let serial = of.serial.0.parse().map_err(|_| Problem::NotFound)?;
    let pass = web.store.pass(serial).await?;
    if caller.sees(pass.compound) { Ok(pass) } else { Err(Problem::NotFound) }
}

/// A pass by its serial.
#[utoipa::path(
    get,
    operation_id = "getPass",
    path = "/passes/{serial}",
    tag = "passes",
    params(OfPass),
    responses((status = 200, body = Pass), Searching)
)]
async fn one(
    State(web): State<Web>,
    caller: Caller,
    At(of): At<OfPass>,
    _: Asked<Nothing>,
) -> Result<Json<Pass>, Problem> {
    Ok(Json(Pass::from(&find(&web, &caller, &of).await?)))
}

/// What is to become of a pass.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Change {
    /// It doesn't hold for now.
    Suspend,
    /// It never holds again.
    Withdraw,
    /// It holds again, with the colour its holder has now.
    Reinstate,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewStatus {
    change: Change,
    reason: Reason,
}

/// Suspends, withdraws or reinstates a pass. It holds at every gate with the next list.
#[utoipa::path(
    post,
    operation_id = "setPassStatus",
    path = "/passes/{serial}/status",
    tag = "passes",
    params(OfPass),
    request_body = NewStatus,
    responses((status = 200, body = Pass), Sending)
)]
async fn change(
    State(web): State<Web>,
    caller: Caller,
    At(of): At<OfPass>,
    Sent(new): Sent<NewStatus>,
) -> Result<Json<Pass>, Problem> {
    let pass = find(&web, &caller, &of).await?;
    let change = match new.change {
        Change::Suspend => CardChange::Suspended,
        Change::Withdraw => CardChange::Withdrawn,
        Change::Reinstate => CardChange::Reinstated,
    };
    let why = registry::tidy(&new.reason.0);
    web.store.set_card(pass.serial, change, &why, &caller.act(&web)).await?;
    Ok(Json(Pass::from(&web.store.pass(pass.serial).await?)))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Replacement {
    reason: Reason,
}

/// Replaces a pass by a new one for its holder as they are now.
#[utoipa::path(
    post,
    operation_id = "replacePass",
    path = "/passes/{serial}/replacement",
    tag = "passes",
    params(OfPass),
    request_body = Replacement,
    responses((status = 201, body = Pass, description = "The new pass"), Sending)
)]
async fn replace(
    State(web): State<Web>,
    caller: Caller,
    At(of): At<OfPass>,
    Sent(new): Sent<Replacement>,
) -> Result<(StatusCode, Json<Pass>), Problem> {
    let old = find(&web, &caller, &of).await?.serial;
    let why = registry::tidy(&new.reason.0);
    let given = cards::replace(&web.store, web.office.signing(), old, &why, &caller.act(&web)).await?;
    let pass = web.store.pass(given.ok_or(Problem::Locked)?).await?;
    Ok((StatusCode::CREATED, Json(Pass::from(&pass))))
}
