//! Looking for residents, as the list of the pages does.

use axum::Json;
use axum::extract::State;
use pass::CompoundId;
use registry::May;
use serde::{Deserialize, Serialize};
use store::{Count, Found, Listed, Page};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::{Asked, Caller};
use super::problem::{Problem, Searching};
use super::shapes::{Colour, CompoundNumber, Cursor, Home, Kind, Limit, Moment, NewestPass, Place, Text};
use crate::web::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(residents))
}

/// What is looked for; all that is given must hold.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Search {
    /// A character of the name, the beginning of its initials or of its pinyin, three digits or more of a phone number, a room, a
    /// building, `building-room`, `building-unit-room`, a plate, or a whole short code.
    #[param(nullable = false, inline)]
    q: Option<Text>,
    /// Who has this colour now.
    #[param(nullable = false, inline)]
    colour: Option<Colour>,
    /// Who lives in this compound.
    #[param(nullable = false, inline)]
    compound: Option<CompoundNumber>,
    /// People or vehicles.
    #[param(nullable = false, inline)]
    kind: Option<Who>,
    /// Who lives in this building.
    #[param(nullable = false, inline)]
    building: Option<Place>,
    /// Who lives in this stairwell, of that building.
    #[param(nullable = false, inline)]
    unit: Option<Place>,
    /// Where the list before ended.
    #[param(nullable = false, inline)]
    cursor: Option<Cursor>,
    /// How many at most.
    #[param(nullable = false, inline)]
    limit: Option<Limit>,
}

/// People or vehicles.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Who {
    Person,
    Vehicle,
}

/// A resident in a list.
#[derive(Serialize, ToSchema)]
#[schema(as = ListedResident)]
struct Line {
    compound: u32,
    compound_name: String,
    /// The number within the compound.
    holder: u16,
    kind: Kind,
    /// Masked name or plate.
    name: String,
    home: Home,
    colour: Colour,
    colour_since: Moment,
    pass: Option<NewestPass>,
}

#[derive(Serialize, ToSchema)]
struct Residents {
    /// By compound, building, unit and room; people first.
    items: Vec<Line>,
    /// How many there are, those of other pages included; 1000 where there are more.
    found: u32,
    /// Whether there are more than `found`: beyond 1000, nobody counts.
    more: bool,
    /// Where the next list goes on; none where there are no more.
    next: Option<Cursor>,
}

/// Residents and vehicles. Names are masked.
#[utoipa::path(
    get,
    operation_id = "searchResidents",
    path = "/residents",
    tag = "residents",
    params(Search),
    responses((status = 200, body = Residents), Searching)
)]
async fn residents(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<Search>,
) -> Result<Json<Residents>, Problem> {
    caller.demand(May::SeePeople)?;
    let Limit(limit) = asked.limit.unwrap_or_default();
    let page = asked.cursor.as_ref().map(key).transpose()?.unwrap_or_default();
    let search = store::Search {
        text: asked.q.map(|text| text.0).unwrap_or_default(),
        colour: asked.colour.map(pass::Colour::from),
        compound: asked.compound.map(|it| CompoundId(it.0)),
        kind: asked.kind.map(|kind| match kind {
            Who::Person => pass::Kind::Person,
            Who::Vehicle => pass::Kind::Vehicle,
        }),
        building: asked.building.map(|building| building.0),
        unit: asked.unit.map(|unit| unit.0),
        within: caller.within(),
        page,
        limit,
        ..store::Search::default()
    };
    let Found { listed, count, after, .. } = web.store.find(&search).await?;
    let last = listed.last().filter(|_| after);
    let next =
        last.map(|last| Cursor::of(&["residents", &last.compound.0.to_string(), &last.holder.to_string()]));
    let (found, more) = match count {
        Count::Exactly(count) => (count, false),
        Count::MoreThan(count) => (count, true),
    };
    Ok(Json(Residents { items: listed.iter().map(Line::from).collect(), found, more, next }))
}

fn key(cursor: &Cursor) -> Result<Page, Problem> {
    let [list, compound, holder] = cursor.parts()?;
    match (compound.parse(), holder.parse()) {
        (Ok(compound), Ok(holder)) if list == "residents" => Ok(Page::After(CompoundId(compound), holder)),
        _ => Err(Problem::NoCursor),
    }
}

impl From<&Listed> for Line {
    fn from(listed: &Listed) -> Self {
        Self {
            compound: listed.compound.0,
            compound_name: listed.compound_name.clone(),
            holder: listed.holder,
            kind: listed.kind.into(),
            name: listed.name.to_string(),
            home: Home::from(&listed.address),
            colour: listed.colour.into(),
            colour_since: Moment(listed.colour_since),
            pass: listed.pass.as_ref().map(NewestPass::from),
        }
    }
}
