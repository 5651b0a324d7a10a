//! As whom a program acts.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::{Asked, Caller, Nothing};
use super::problem::{Problem, Searching};
use crate::web::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(own))
}

/// The account that a token acts as.
#[derive(Serialize, ToSchema)]
struct Own {
    name: String,
    role: Role,
    /// The numbers of its compounds.
    compounds: Vec<u32>,
}

/// What an account is for.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum Role {
    Administrator,
    CommunityWorker,
    HealthWorker,
    PropertyManager,
}

/// As whom the token acts, and where.
#[utoipa::path(get, operation_id = "getOwnAccount", path = "/me", tag = "account", responses((status = 200, body = Own), Searching))]
async fn own(State(web): State<Web>, caller: Caller, _: Asked<Nothing>) -> Result<Json<Own>, Problem> {
    let compounds = caller.compounds(&web).await?;
    Ok(Json(Own {
        role: match caller.account.role {
            registry::Role::Administrator => Role::Administrator,
            registry::Role::CommunityWorker => Role::CommunityWorker,
            registry::Role::HealthWorker => Role::HealthWorker,
            registry::Role::PropertyManager => Role::PropertyManager,
        },
        compounds: compounds.iter().map(|compound| compound.id.0).collect(),
        name: caller.account.name,
    }))
}
