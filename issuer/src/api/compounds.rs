//! Compounds and their households.

use axum::Json;
use axum::extract::State;
use pass::CompoundId;
use registry::May;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::{Asked, At, Caller, Nothing, OfCompound};
use super::problem::{Problem, Searching};
use super::residents::Resident;
use super::shapes::{Colour, Home};
use crate::web::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(all)).routes(routes!(households)).routes(routes!(household))
}

/// A compound.
#[derive(Serialize, ToSchema)]
struct Compound {
    /// Its number, used once in a district.
    #[schema(example = 1)]
    id: u32,
    name: String,
}

#[derive(Serialize, ToSchema)]
struct Compounds {
    items: Vec<Compound>,
}

/// The compounds that the account has to do with.
#[utoipa::path(get, operation_id = "listCompounds", path = "/compounds", tag = "compounds", responses((status = 200, body = Compounds), Searching))]
async fn all(State(web): State<Web>, caller: Caller, _: Asked<Nothing>) -> Result<Json<Compounds>, Problem> {
    caller.demand(May::SeePeople)?;
    let theirs = caller.compounds(&web).await?.into_iter();
    let items = theirs.map(|compound| Compound { id: compound.id.0, name: compound.name }).collect();
    Ok(Json(Compounds { items }))
}

/// A household on the board.
#[derive(Serialize, ToSchema)]
struct Household {
    /// Its number within the compound.
    household: u32,
    home: Home,
    /// The strictest colour of whoever lives there; none where nobody does.
    colour: Option<Colour>,
    /// How many people live there.
    residents: u32,
    vehicles: u32,
}

#[derive(Serialize, ToSchema)]
struct Households {
    items: Vec<Household>,
}

/// Every household of a compound from door to door, vacant homes as well.
#[utoipa::path(
    get,
    operation_id = "listHouseholds",
    path = "/compounds/{compound}/households",
    tag = "compounds",
    params(OfCompound),
    responses((status = 200, body = Households), Searching)
)]
async fn households(
    State(web): State<Web>,
    caller: Caller,
    At(of): At<OfCompound>,
    _: Asked<Nothing>,
) -> Result<Json<Households>, Problem> {
    let compound = caller.compound(&web, of.compound, May::SeePeople).await?;
    let homes = web.store.board(compound.id).await?.into_iter();
    let items = homes.map(|home| Household {
        household: home.household,
        colour: home.colour().map(Colour::from),
        residents: home.residents.iter().sum(),
        vehicles: home.vehicles,
        home: Home::from(&home.address),
    });
    Ok(Json(Households { items: items.collect() }))
}

/// A household in a path.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct OfHousehold {
    /// The compound's number.
    #[param(minimum = 1, maximum = 4_294_967_295_u64, example = 1)]
    compound: u32,
    /// The household's number within the compound.
    #[param(minimum = 1, maximum = 4_294_967_295_u64, example = 1)]
    household: u32,
}

/// A household and who belongs to it.
#[derive(Serialize, ToSchema)]
struct Members {
    household: u32,
    home: Home,
    /// People first, then vehicles.
    members: Vec<Resident>,
}

/// A household: who lives there, names masked, and its vehicles.
#[utoipa::path(
    get,
    operation_id = "getHousehold",
    path = "/compounds/{compound}/households/{household}",
    tag = "compounds",
    params(OfHousehold),
    responses((status = 200, body = Members), Searching)
)]
async fn household(
    State(web): State<Web>,
    caller: Caller,
    At(of): At<OfHousehold>,
    _: Asked<Nothing>,
) -> Result<Json<Members>, Problem> {
    let compound: CompoundId = caller.compound(&web, of.compound, May::SeePeople).await?.id;
    let home = web.store.home(compound, of.household).await?;
    let mut members = Vec::new();
    for holder in web.store.household(compound, of.household).await? {
        members.push(Resident::from(web.store.holding(compound, holder).await?));
    }
    Ok(Json(Members { household: of.household, home: Home::from(&home), members }))
}
