//! The day's figures: how people stand, what is to be done, what happened at the gates.

use axum::Json;
use axum::extract::State;
use jiff::civil::Date;
use pass::CompoundId;
use registry::May;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::{Asked, Caller};
use super::problem::{Problem, Searching};
use super::shapes::CompoundNumber;
use crate::web::{Web, date, day_begins};

const DAY: i64 = 86_400;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(figures))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Which {
    /// One compound alone.
    #[param(nullable = false, inline)]
    compound: Option<CompoundNumber>,
}

/// How many have each colour.
#[derive(Serialize, ToSchema)]
struct Colours {
    green: u64,
    yellow: u64,
    red: u64,
}

/// What happened at the gates since the day began.
#[derive(Serialize, ToSchema)]
struct Passed {
    out: u64,
    r#in: u64,
    refused: u64,
    /// Verdicts that staff turned.
    overridden: u64,
    /// Entries by hand.
    manual: u64,
    /// Whoever went through without being judged.
    unjudged: u64,
    emergencies: u64,
}

/// The day's figures.
#[derive(Serialize, ToSchema)]
struct Today {
    /// The day, in the compounds' zone.
    #[schema(format = Date)]
    day: String,
    colours: Colours,
    /// Observations whose planned end is today or before.
    releases_due: u64,
    /// Passes that end soon, and have no successor.
    passes_ending: u64,
    passages: Passed,
}

/// The day's figures in the account's compounds.
#[utoipa::path(
    get,
    operation_id = "getToday",
    path = "/today",
    tag = "today",
    params(Which),
    responses((status = 200, body = Today), Searching)
)]
async fn figures(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<Which>,
) -> Result<Json<Today>, Problem> {
    caller.demand(May::SeePeople)?;
    let mut theirs: Vec<CompoundId> = caller.compounds(&web).await?.into_iter().map(|it| it.id).collect();
    theirs.retain(|id| asked.compound.is_none_or(|chosen| id.0 == chosen.0));
    let now = web.clock.now();
    let day = date(now);
    let begins = day_begins(day.parse::<Date>().map_err(|_| Problem::Unavailable)?);
    let begins = begins.ok_or(Problem::Unavailable)?;
    let ends = begins.plus(DAY);
    let lifetime = web.store.office_settings().await?.lifetime;
    let soon = now.plus(i64::from(lifetime.renewed_in_last_days) * DAY);
    let stand = web.store.standings(&theirs, now, soon).await?;
    let (_, releases_due) = web.store.due_releases(&theirs, ends, 0).await?;
    let counts = web.store.passage_counts(Some(&theirs), begins, ends).await?;
    let [green, yellow, red] = stand.colours;
    Ok(Json(Today {
        day,
        colours: Colours { green, yellow, red },
        releases_due,
        passes_ending: stand.ending,
        passages: Passed {
            out: counts.out,
            r#in: counts.into,
            refused: counts.refused,
            overridden: counts.overridden,
            manual: counts.manual,
            unjudged: counts.unjudged,
            emergencies: counts.emergencies,
        },
    }))
}
