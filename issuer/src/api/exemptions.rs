//! What the office lets somebody off.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use gate::ExemptionKind;
use registry::May;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::{Asked, At, Caller, Nothing, OfHolder, Sent};
use super::problem::{Acting, Problem, Searching, Sending};
use super::shapes::{Moment, some};
use crate::web::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(all)).routes(routes!(exempt, end))
}

/// Why somebody may go where others may not.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ExemptionKind)]
enum Kind {
    /// Works outside, every day (通勤).
    Commuter,
    /// Works in a hospital, or is treated in one (医疗).
    Medical,
}

/// What somebody is let off.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum LetOff {
    /// The household's quota.
    Quota,
    /// Closing time and exit windows.
    Hours,
    /// Both.
    Both,
}

/// What the office lets somebody off.
#[derive(Serialize, ToSchema)]
struct Exemption {
    kind: Kind,
    from: LetOff,
    /// The first moment at which it no longer holds; none while nobody ends it.
    until: Option<Moment>,
}

impl Exemption {
    fn of(exemption: &gate::Exemption) -> Self {
        Self {
            kind: match exemption.kind {
                ExemptionKind::Commuter => Kind::Commuter,
                ExemptionKind::Medical => Kind::Medical,
            },
            from: match (exemption.quota, exemption.hours) {
                (true, true) => LetOff::Both,
                (true, false) => LetOff::Quota,
                _ => LetOff::Hours,
            },
            until: exemption.until.map(Moment),
        }
    }
}

#[derive(Serialize, ToSchema)]
struct Exemptions {
    items: Vec<Exemption>,
}

/// What somebody is let off, what is over included.
#[utoipa::path(
    get,
    operation_id = "listExemptions",
    path = "/compounds/{compound}/residents/{holder}/exemptions",
    tag = "exemptions",
    params(OfHolder),
    responses((status = 200, body = Exemptions), Searching)
)]
async fn all(
    State(web): State<Web>,
    caller: Caller,
    At(of): At<OfHolder>,
    _: Asked<Nothing>,
) -> Result<Json<Exemptions>, Problem> {
    let holding = caller.holding(&web, &of, May::SeePeople).await?;
    let held = web.store.exemptions_of(holding.compound, holding.holder).await?;
    Ok(Json(Exemptions { items: held.iter().map(Exemption::of).collect() }))
}

/// An exemption in a path.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct OfKind {
    /// The compound's number.
    #[param(minimum = 1, maximum = 4_294_967_295_u64, example = 1)]
    compound: u32,
    /// The holder's number within the compound.
    #[param(minimum = 1, maximum = 65_535, example = 1)]
    holder: u16,
    /// Why they are let off.
    #[param(inline)]
    kind: Kind,
}

impl OfKind {
    fn holder(&self) -> OfHolder {
        OfHolder { compound: self.compound, holder: self.holder }
    }

    fn kind(&self) -> ExemptionKind {
        match self.kind {
            Kind::Commuter => ExemptionKind::Commuter,
            Kind::Medical => ExemptionKind::Medical,
        }
    }
}

/// What somebody is to be let off.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewExemption {
    from: LetOff,
    /// The first moment at which it no longer holds. Without it, it holds until somebody ends it.
    #[schema(nullable = false)]
    #[serde(default, deserialize_with = "some")]
    until: Option<Moment>,
}

/// Lets somebody off. Gates know it from the next bundle with people on.
#[utoipa::path(
    put,
    operation_id = "exempt",
    path = "/compounds/{compound}/residents/{holder}/exemptions/{kind}",
    tag = "exemptions",
    params(OfKind),
    request_body = NewExemption,
    responses((status = 200, body = Exemption), Sending)
)]
async fn exempt(
    State(web): State<Web>,
    caller: Caller,
    At(of): At<OfKind>,
    Sent(new): Sent<NewExemption>,
) -> Result<Json<Exemption>, Problem> {
    let holding = caller.holding(&web, &of.holder(), May::EditPeople).await?;
    let act = caller.act(&web);
    if new.until.is_some_and(|until| until.0 <= act.at) {
        return Err(Problem::Over);
    }
    let exemption = gate::Exemption {
        kind: of.kind(),
        quota: matches!(new.from, LetOff::Quota | LetOff::Both),
        hours: matches!(new.from, LetOff::Hours | LetOff::Both),
        until: new.until.map(|until| until.0),
    };
    web.store.exempt(holding.compound, holding.holder, &exemption, &act).await?;
    Ok(Json(Exemption::of(&exemption)))
}

/// Ends an exemption.
#[utoipa::path(
    delete,
    operation_id = "endExemption",
    path = "/compounds/{compound}/residents/{holder}/exemptions/{kind}",
    tag = "exemptions",
    params(OfKind),
    responses((status = 204, description = "Ended"), Acting)
)]
async fn end(State(web): State<Web>, caller: Caller, At(of): At<OfKind>) -> Result<StatusCode, Problem> {
    let holding = caller.holding(&web, &of.holder(), May::EditPeople).await?;
    let act = caller.act(&web);
    web.store.end_exemption(holding.compound, holding.holder, of.kind(), &act).await?;
    Ok(StatusCode::NO_CONTENT)
}
