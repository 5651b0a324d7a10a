//! Residents and vehicles: found, looked at, registered; and the one answer that names somebody in full.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use pass::CompoundId;
use registry::{Field, May, NewHolder, Row};
use serde::{Deserialize, Serialize};
use store::{Fate, Holding};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::{Asked, At, Caller, Nothing, OfCompound, OfHolder, Sent};
use super::problem::{Acting, Problem, Searching, Sending};
use super::shapes::{Colour, FullName, Home, Kind, Moment, Phone, Place, Plate, some};
use crate::files::{self, Identity, Revealed};
use crate::imports::take_in;
use crate::web::Web;
use crate::words::{Language, roster as words};

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(one))
        .routes(routes!(personal))
        .routes(routes!(register_person))
        .routes(routes!(register_vehicle))
}

/// A resident, or a vehicle.
#[derive(Serialize, ToSchema)]
pub(super) struct Resident {
    #[schema(example = 1)]
    compound: u32,
    compound_name: String,
    /// The number within the compound.
    #[schema(example = 1)]
    holder: u16,
    kind: Kind,
    /// Masked name or plate.
    #[schema(example = "张*明")]
    name: String,
    household: u32,
    home: Home,
    colour: Colour,
    colour_since: Moment,
    /// Who decided it.
    colour_by: String,
    /// The serial of the newest pass.
    #[schema(pattern = "^[0-9a-f]{10}$")]
    pass: Option<String>,
}

impl From<Holding> for Resident {
    fn from(holding: Holding) -> Self {
        Self {
            compound: holding.compound.0,
            holder: holding.holder,
            kind: holding.kind.into(),
            name: holding.name.to_string(),
            household: holding.household,
            home: Home::from(&holding.address),
            colour: holding.colour.into(),
            colour_since: Moment(holding.colour_since),
            colour_by: holding.colour_by,
            pass: holding.pass.map(|serial| serial.to_string()),
            compound_name: holding.compound_name,
        }
    }
}

/// Somebody, or a vehicle, by number. Names are masked.
#[utoipa::path(
    get,
    operation_id = "getResident",
    path = "/compounds/{compound}/residents/{holder}",
    tag = "residents",
    params(OfHolder),
    responses((status = 200, body = Resident), Searching)
)]
async fn one(
    State(web): State<Web>,
    caller: Caller,
    At(of): At<OfHolder>,
    _: Asked<Nothing>,
) -> Result<Json<Resident>, Problem> {
    Ok(Json(Resident::from(caller.holding(&web, &of, May::SeePeople).await?)))
}

/// All that is known of somebody. `Debug` would show it.
#[derive(Serialize, ToSchema)]
struct Personal {
    /// None of a vehicle.
    full_name: Option<String>,
    phone: Option<String>,
    /// Whether an identity number was written down.
    has_identity: bool,
    /// The identity number; none where there is none, where the role may not see it, or where the key that opens it is locked.
    identity: Option<String>,
    /// The day of arrival; empty where nobody knows.
    arrived: String,
    came_from: String,
    transport: String,
    /// Who of the office looks after them.
    contact: String,
    contact_phone: String,
    notes: String,
}

/// Looks at somebody's full name, telephone number and file. The look is written down.
#[utoipa::path(
    post,
    operation_id = "revealResident",
    path = "/compounds/{compound}/residents/{holder}/personal",
    tag = "residents",
    params(OfHolder),
    responses((status = 200, body = Personal), Acting)
)]
async fn personal(
    State(web): State<Web>,
    caller: Caller,
    At(of): At<OfHolder>,
) -> Result<Json<Personal>, Problem> {
    let holding = caller.holding(&web, &of, May::SeePersonal).await?;
    let (key, sees_identity) = (web.office.registry_key.as_ref(), caller.account.role.may(May::SeeIdentity));
    let Revealed { full_name, phone, identity, file } =
        files::reveal(&web.store, key, &holding, sees_identity, &caller.act(&web)).await?;
    Ok(Json(Personal {
        full_name,
        phone,
        has_identity: !matches!(identity, Identity::Unknown),
        identity: match identity {
            Identity::Number(number) => Some(number),
            Identity::Unknown | Identity::Hidden | Identity::Locked => None,
        },
        arrived: file.arrived,
        came_from: file.came_from,
        transport: file.transport,
        contact: file.contact,
        contact_phone: file.contact_phone,
        notes: file.notes,
    }))
}

/// A person to be registered. The same again changes nothing; another colour or number changes those.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPerson {
    building: Place,
    #[schema(nullable = false)]
    #[serde(default, deserialize_with = "some")]
    unit: Option<Place>,
    room: Place,
    name: FullName,
    #[schema(nullable = false)]
    #[serde(default, deserialize_with = "some")]
    phone: Option<Phone>,
    colour: Colour,
}

/// A vehicle to be registered. The same again changes nothing; another colour changes that.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewVehicle {
    building: Place,
    #[schema(nullable = false)]
    #[serde(default, deserialize_with = "some")]
    unit: Option<Place>,
    room: Place,
    plate: Plate,
    colour: Colour,
}

/// Registers a person.
#[utoipa::path(
    post,
    operation_id = "registerPerson",
    path = "/compounds/{compound}/residents",
    tag = "residents",
    params(OfCompound),
    request_body = NewPerson,
    responses(
        (status = 201, body = Resident, description = "Registered", headers(("location" = String, description = "Its address"))),
        (status = 200, body = Resident, description = "Known already"),
        Sending
    )
)]
async fn register_person(
    State(web): State<Web>,
    caller: Caller,
    At(of): At<OfCompound>,
    Sent(new): Sent<NewPerson>,
) -> Result<Response, Problem> {
    let mut row = row((new.building, new.unit, new.room), new.colour);
    row.set(Field::Name, new.name.0);
    row.set(Field::Phone, new.phone.map(|phone| phone.0).unwrap_or_default());
    register(&web, &caller, &of, row).await
}

/// Registers a vehicle.
#[utoipa::path(
    post,
    operation_id = "registerVehicle",
    path = "/compounds/{compound}/vehicles",
    tag = "residents",
    params(OfCompound),
    request_body = NewVehicle,
    responses(
        (status = 201, body = Resident, description = "Registered", headers(("location" = String, description = "Its address"))),
        (status = 200, body = Resident, description = "Known already"),
        Sending
    )
)]
async fn register_vehicle(
    State(web): State<Web>,
    caller: Caller,
    At(of): At<OfCompound>,
    Sent(new): Sent<NewVehicle>,
) -> Result<Response, Problem> {
    let mut row = row((new.building, new.unit, new.room), new.colour);
    row.set(Field::Plate, new.plate.0);
    register(&web, &caller, &of, row).await
}

fn row((building, unit, room): (Place, Option<Place>, Place), colour: Colour) -> Row {
    let mut row = Row::default();
    row.set(Field::Building, building.0);
    row.set(Field::Unit, unit.map(|unit| unit.0).unwrap_or_default());
    row.set(Field::Room, room.0);
    row.set(Field::Colour, pass::Colour::from(colour).code().to_owned());
    row
}

/// Takes one in as a row of a roster is taken in.
async fn register(web: &Web, caller: &Caller, of: &OfCompound, mut row: Row) -> Result<Response, Problem> {
    let compound = caller.compound(web, of.compound, May::EditPeople).await?;
    row.set(Field::Compound, compound.name);
    let holders = NewHolder::of_row(&row).map_err(|problems| {
        let told = |language| {
            let each = problems.iter().map(|it| words::problem(it.field, &it.kind, language));
            each.collect::<Vec<_>>().join(" ")
        };
        Problem::Unusable([told(Language::Zh), told(Language::En)])
    })?;
    let taken = take_in(&web.store, &web.office.files, &caller.account, &holders, &caller.act(web)).await?;
    let taken = taken.ok_or(Problem::NotFound)?;
    let status = match taken.fates.first() {
        Some(Fate::Added) => StatusCode::CREATED,
        Some(Fate::Ambiguous) => return Err(Problem::Namesake),
        _ => StatusCode::OK,
    };
    let found = find(web, compound.id, &holders[0]).await?;
    let at = format!("{}/compounds/{}/residents/{}", super::PATH, found.compound.0, found.holder);
    Ok((status, [(header::LOCATION, at)], Json(Resident::from(found))).into_response())
}

/// Whoever was taken in: the one of this name in this home, or the vehicle with this plate.
async fn find(web: &Web, compound: CompoundId, new: &NewHolder) -> Result<Holding, Problem> {
    let number = web.store.holder_of(compound, new).await?;
    Ok(web.store.holding(compound, number).await?)
}
