//! Home observation: how long, what health checks found, another planned end. How it ends is in `decisions`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use registry::{HealthCheck, May};
use serde::{Deserialize, Serialize};
use store::StoreError;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::{Asked, At, Caller, Nothing, OfHolder, Sent};
use super::problem::{Problem, Searching, Sending};
use super::shapes::{Moment, Reason, Tenths};
use crate::web::Web;

/// So many health checks are told: those of a fortnight, mornings and evenings.
const CHECKS: u32 = 30;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(one)).routes(routes!(check)).routes(routes!(plan))
}

/// Somebody's observations, and their newest health checks.
#[derive(Serialize, ToSchema)]
struct Observations {
    /// The newest first. One without an end goes on.
    items: Vec<Observation>,
    /// The newest first.
    checks: Vec<Check>,
}

#[derive(Serialize, ToSchema)]
struct Observation {
    begun: Moment,
    /// When it is planned to end. It doesn't end by itself.
    planned: Moment,
    ended: Option<Moment>,
    /// Who signed it off.
    ended_by: Option<String>,
    /// Whole days until the planned end; below zero where it is overdue.
    days_left: i64,
}

/// A health check.
#[derive(Serialize, ToSchema)]
struct Check {
    at: Moment,
    by: String,
    /// The temperature in tenths of a degree Celsius.
    temperature_tenths: u16,
    symptoms: bool,
    /// No fever, and no symptoms.
    well: bool,
}

/// Somebody's observations, and what health checks found.
#[utoipa::path(
    get,
    operation_id = "getObservations",
    path = "/compounds/{compound}/residents/{holder}/observation",
    tag = "observation",
    params(OfHolder),
    responses((status = 200, body = Observations), Searching)
)]
async fn one(
    State(web): State<Web>,
    caller: Caller,
    At(of): At<OfHolder>,
    _: Asked<Nothing>,
) -> Result<Json<Observations>, Problem> {
    let holding = caller.holding(&web, &of, May::SeePersonal).await?;
    let now = web.clock.now();
    let observed = web.store.observations(holding.compound, holding.holder).await?.into_iter();
    let items = observed.map(|it| Observation {
        begun: Moment(it.observation.begun),
        planned: Moment(it.observation.planned),
        ended: it.ended.map(Moment),
        ended_by: it.ended_by,
        days_left: it.observation.days_left(now),
    });
    let checked = web.store.health_checks(holding.compound, holding.holder, CHECKS).await?.into_iter();
    let checks = checked.map(|it| Check::of(&it.check, it.who));
    Ok(Json(Observations { items: items.collect(), checks: checks.collect() }))
}

impl Check {
    fn of(check: &HealthCheck, by: String) -> Self {
        Self {
            at: Moment(check.at),
            by,
            temperature_tenths: check.temperature,
            symptoms: check.symptoms,
            well: check.is_well(),
        }
    }
}

/// What a health check found.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewCheck {
    /// The temperature in tenths of a degree Celsius: 365 is 36.5 °C.
    temperature_tenths: Tenths,
    /// Dry cough, fatigue, laboured breathing.
    symptoms: bool,
}

/// Records a health check, made now.
#[utoipa::path(
    post,
    operation_id = "recordHealthCheck",
    path = "/compounds/{compound}/residents/{holder}/observation/checks",
    tag = "observation",
    params(OfHolder),
    request_body = NewCheck,
    responses((status = 201, body = Check), Sending)
)]
async fn check(
    State(web): State<Web>,
    caller: Caller,
    At(of): At<OfHolder>,
    Sent(new): Sent<NewCheck>,
) -> Result<(StatusCode, Json<Check>), Problem> {
    let holding = caller.holding(&web, &of, May::DecideColour).await?;
    let act = caller.act(&web);
    let check = HealthCheck { at: act.at, temperature: new.temperature_tenths.0, symptoms: new.symptoms };
    web.store.check_health(holding.compound, holding.holder, &check, &act).await?;
    Ok((StatusCode::CREATED, Json(Check::of(&check, act.by.to_owned()))))
}

/// Another end of an observation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPlan {
    planned: Moment,
    reason: Reason,
}

/// Plans another end for the observation that goes on. It never ends before it began.
#[utoipa::path(
    post,
    operation_id = "planEnd",
    path = "/compounds/{compound}/residents/{holder}/observation/plan",
    tag = "observation",
    params(OfHolder),
    request_body = NewPlan,
    responses((status = 204, description = "Planned"), Sending)
)]
async fn plan(
    State(web): State<Web>,
    caller: Caller,
    At(of): At<OfHolder>,
    Sent(new): Sent<NewPlan>,
) -> Result<StatusCode, Problem> {
    let holding = caller.holding(&web, &of, May::Release).await?;
    let why = registry::tidy(&new.reason.0);
    let (compound, holder) = (holding.compound, holding.holder);
    match web.store.plan_end(compound, holder, new.planned.0, &why, &caller.act(&web)).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        // Whoever it is about was there a moment ago.
        Err(StoreError::Absent { .. }) => Err(Problem::NotObserved),
        Err(error) => Err(error.into()),
    }
}
