//! Who passed the gates: searched as on the page, the newest first.

use axum::Json;
use axum::extract::State;
use gate::What;
use pass::{CompoundId, Timestamp};
use registry::May;
use serde::{Deserialize, Serialize};
use store::{Ended, PassageKey, PassageSearch};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::{Asked, Caller};
use super::problem::{Problem, Searching};
use super::shapes::{Colour, CompoundNumber, Cursor, GateName, Home, Limit, Moment, Text};
use crate::web::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(all))
}

/// What came of a passage.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Sought {
    Went,
    Admitted,
    Checked,
    Refused,
    Overridden,
    Manual,
    Undone,
    Unjudged,
    Emergency,
    Forked,
}

impl From<Sought> for store::Sought {
    fn from(sought: Sought) -> Self {
        match sought {
            Sought::Went => Self::Went,
            Sought::Admitted => Self::Admitted,
            Sought::Checked => Self::Checked,
            Sought::Refused => Self::Refused,
            Sought::Overridden => Self::Overridden,
            Sought::Manual => Self::Manual,
            Sought::Undone => Self::Undone,
            Sought::Unjudged => Self::Unjudged,
            Sought::Emergency => Self::Emergency,
            Sought::Forked => Self::Forked,
        }
    }
}

/// Which way.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Direction {
    In,
    Out,
}

impl From<gate::Direction> for Direction {
    fn from(direction: gate::Direction) -> Self {
        match direction {
            gate::Direction::In => Self::In,
            gate::Direction::Out => Self::Out,
        }
    }
}

/// What a gate said.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    Admit,
    Check,
    Refuse,
}

impl From<gate::Verdict> for Verdict {
    fn from(verdict: gate::Verdict) -> Self {
        match verdict {
            gate::Verdict::Admit => Self::Admit,
            gate::Verdict::Check => Self::Check,
            gate::Verdict::Refuse => Self::Refuse,
        }
    }
}

/// What is looked for; all that is given must hold.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Search {
    /// A part of a name or a plate, a room, `building-room`, `building-unit-room`, or a whole short code.
    #[param(nullable = false, inline)]
    q: Option<Text>,
    /// Only the gates of this compound.
    #[param(nullable = false, inline)]
    compound: Option<CompoundNumber>,
    /// Only this gate.
    #[param(nullable = false, inline)]
    gate: Option<GateName>,
    /// From this moment on.
    #[param(nullable = false, inline)]
    from: Option<Moment>,
    /// Before this moment.
    #[param(nullable = false, inline)]
    until: Option<Moment>,
    #[param(nullable = false, inline)]
    direction: Option<Direction>,
    /// What came of it.
    #[param(nullable = false, inline)]
    outcome: Option<Sought>,
    /// Where the list before ended.
    #[param(nullable = false, inline)]
    cursor: Option<Cursor>,
    /// How many at most.
    #[param(nullable = false, inline)]
    limit: Option<Limit>,
}

/// Something that a gate logged, and what became of it.
#[derive(Serialize, ToSchema)]
struct Passage {
    gate: String,
    /// The journal's random name.
    #[schema(pattern = "^[0-9a-f]{32}$")]
    journal: String,
    /// Counts the events of the journal.
    sequence: u64,
    compound: u32,
    compound_name: String,
    at: Moment,
    /// Whether the gate's clock was in doubt.
    in_doubt: bool,
    /// What kind of event: `judged`, `manual`, `passed`, `emergency_opened`.
    kind: String,
    direction: Option<Direction>,
    /// What the gate said.
    verdict: Option<Verdict>,
    /// What it is in the end, after what staff made of it.
    became: Option<Verdict>,
    /// Why it counts for nothing any more.
    ended: Option<End>,
    overridden: bool,
    /// Whether somebody went through, as far as is known.
    went: bool,
    /// Whether there is another event under the same gate, journal and sequence.
    forked: bool,
    /// The masked name or the plate, as the registry knows it now.
    name: Option<String>,
    home: Option<Home>,
    /// The serial of the pass that was shown.
    #[schema(pattern = "^[0-9a-f]{10}$")]
    serial: Option<String>,
    /// The colour that held.
    colour: Option<Colour>,
    /// Why, by the codes of the reasons.
    reasons: Vec<String>,
}

/// Why an event counts for nothing any more.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum End {
    Undone,
    Superseded,
}

#[derive(Serialize, ToSchema)]
struct Passages {
    /// The newest first.
    items: Vec<Passage>,
    /// Where the next list goes on; none where there are no more.
    next: Option<Cursor>,
}

/// Who passed the gates, was refused or let in by hand, the newest first. Names are masked.
#[utoipa::path(
    get,
    operation_id = "listPassages",
    path = "/passages",
    tag = "passages",
    params(Search),
    responses((status = 200, body = Passages), Searching)
)]
async fn all(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<Search>,
) -> Result<Json<Passages>, Problem> {
    caller.demand(May::Passages)?;
    let Limit(limit) = asked.limit.unwrap_or_default();
    let compounds = match (asked.compound.map(|it| CompoundId(it.0)), caller.within()) {
        (Some(chosen), _) if caller.sees(chosen) => Some(vec![chosen]),
        (Some(_), _) => Some(Vec::new()),
        (None, None) => None,
        (None, Some(_)) => {
            Some(caller.compounds(&web).await?.into_iter().map(|compound| compound.id).collect())
        }
    };
    let search = PassageSearch {
        text: asked.q.map(|text| text.0).unwrap_or_default(),
        gate: asked.gate.map(|name| name.0).unwrap_or_default(),
        compounds,
        from: asked.from.map(|from| from.0),
        until: asked.until.map(|until| until.0),
        direction: asked.direction.map(|direction| match direction {
            Direction::In => gate::Direction::In,
            Direction::Out => gate::Direction::Out,
        }),
        sought: asked.outcome.map(store::Sought::from),
        after: asked.cursor.as_ref().map(key).transpose()?,
        limit: limit + 1,
    };
    let mut passages = web.store.passages(&search).await?;
    let more = passages.len() > limit as usize;
    passages.truncate(limit as usize);
    let next = passages.last().filter(|_| more).map(|last| cursor(&last.key));
    Ok(Json(Passages { items: passages.iter().map(Passage::of).collect(), next }))
}

fn cursor(key: &PassageKey) -> Cursor {
    Cursor::of(&["passages", &key.at.0.to_string(), &key.sequence.to_string(), &key.hash])
}

fn key(cursor: &Cursor) -> Result<PassageKey, Problem> {
    let [list, at, sequence, hash] = cursor.parts()?;
    match (at.parse(), sequence.parse()) {
        (Ok(at), Ok(sequence)) if list == "passages" => Ok(PassageKey { at: Timestamp(at), sequence, hash }),
        _ => Err(Problem::NoCursor),
    }
}

impl Passage {
    fn of(passage: &store::Passage) -> Self {
        let event = &passage.event;
        let (direction, verdict) = match &event.what {
            What::Judged(it) => (Some(it.direction), Some(it.verdict)),
            What::Manual(it) => (Some(it.direction), Some(it.verdict)),
            What::Passed(it) => (Some(it.direction), None),
            _ => (None, None),
        };
        let judged = if let What::Judged(it) = &event.what { Some(it) } else { None };
        let holder = judged.and_then(|it| it.holder.as_ref());
        let bearer = passage.bearer.as_ref();
        Self {
            gate: event.gate.clone(),
            journal: event.journal.iter().map(|byte| format!("{byte:02x}")).collect(),
            sequence: event.sequence,
            compound: passage.compound.0,
            compound_name: passage.compound_name.clone(),
            at: Moment(event.at),
            in_doubt: event.in_doubt,
            kind: event.what.code().to_owned(),
            direction: direction.map(Direction::from),
            verdict: verdict.map(Verdict::from),
            became: passage.became.map(Verdict::from),
            ended: passage.ended.map(|ended| match ended {
                Ended::Undone => End::Undone,
                Ended::Superseded => End::Superseded,
            }),
            overridden: passage.overridden,
            went: passage.went,
            forked: passage.forked,
            name: bearer.and_then(|bearer| bearer.name.as_ref()).map(ToString::to_string),
            home: bearer.map(|bearer| Home::from(&bearer.address)),
            serial: holder.map(|holder| holder.serial.to_string()),
            colour: holder.map(|holder| holder.colour.into()),
            reasons: judged.map(|it| it.reasons.clone()).unwrap_or_default(),
        }
    }
}
