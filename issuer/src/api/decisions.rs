//! Colours: deciding one, releasing from red, and what was decided before.

use axum::Json;
use axum::extract::State;
use registry::May;
use serde::{Deserialize, Serialize};
use store::{ColourChange, Decided, SignOff};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::{Asked, At, Caller, Nothing, OfHolder, Sent};
use super::problem::{Problem, Searching, Sending};
use super::shapes::{Colour, Moment, Reason};
use crate::cards::{self, Whose};
use crate::web::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(history))
        .routes(routes!(colour))
        .routes(routes!(release))
        .routes(routes!(mistaken))
}

/// A colour to be decided.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewColour {
    colour: Colour,
    reason: Reason,
}

/// What came of a decision.
#[derive(Serialize, ToSchema)]
struct Outcome {
    /// Whether the colour is another one than before.
    changed: bool,
    /// The colour now.
    colour: Colour,
    /// The serial of a card that was signed with the decision; none where an earlier one holds, nothing changed, or the office's key is
    /// locked: then it is signed later, with all that is due.
    #[schema(pattern = "^[0-9a-f]{10}$")]
    signed: Option<String>,
}

/// Decides a colour. The cards given out before say so at every gate with today's list. Red begins an observation, and ends by a release
/// alone.
#[utoipa::path(
    post,
    operation_id = "decideColour",
    path = "/compounds/{compound}/residents/{holder}/colour",
    tag = "colours",
    params(OfHolder),
    request_body = NewColour,
    responses((status = 200, body = Outcome), Sending)
)]
async fn colour(
    State(web): State<Web>,
    caller: Caller,
    At(of): At<OfHolder>,
    Sent(new): Sent<NewColour>,
) -> Result<Json<Outcome>, Problem> {
    decide(&web, &caller, &of, &new, (May::DecideColour, SignOff::None)).await
}

/// Releases somebody from red (销号): after the planned end, and a good health check in the day before.
#[utoipa::path(
    post,
    operation_id = "releaseFromRed",
    path = "/compounds/{compound}/residents/{holder}/observation/release",
    tag = "observation",
    params(OfHolder),
    request_body = NewColour,
    responses((status = 200, body = Outcome), Sending)
)]
async fn release(
    State(web): State<Web>,
    caller: Caller,
    At(of): At<OfHolder>,
    Sent(new): Sent<NewColour>,
) -> Result<Json<Outcome>, Problem> {
    decide(&web, &caller, &of, &new, (May::Release, SignOff::Checked)).await
}

/// Ends a red that was a mistake from the beginning. The audit log calls it one.
#[utoipa::path(
    post,
    operation_id = "endMistakenRed",
    path = "/compounds/{compound}/residents/{holder}/observation/mistaken",
    tag = "observation",
    params(OfHolder),
    request_body = NewColour,
    responses((status = 200, body = Outcome), Sending)
)]
async fn mistaken(
    State(web): State<Web>,
    caller: Caller,
    At(of): At<OfHolder>,
    Sent(new): Sent<NewColour>,
) -> Result<Json<Outcome>, Problem> {
    decide(&web, &caller, &of, &new, (May::Release, SignOff::Mistaken)).await
}

async fn decide(
    web: &Web,
    caller: &Caller,
    of: &OfHolder,
    NewColour { colour, reason }: &NewColour,
    (may, sign_off): (May, SignOff),
) -> Result<Json<Outcome>, Problem> {
    let holding = caller.holding(web, of, may).await?;
    let why = registry::tidy(&reason.0);
    let change = ColourChange { colour: (*colour).into(), why: &why, sign_off };
    let whose =
        Whose { compound: holding.compound, compound_name: &holding.compound_name, holder: holding.holder };
    let decided = cards::decide(&web.store, web.office.signing(), whose, &change, &caller.act(web)).await;
    let (changed, signed) = decided?;
    Ok(Json(Outcome { changed, colour: *colour, signed: signed.map(|serial| serial.to_string()) }))
}

/// A decision about somebody, or about one of their cards.
#[derive(Serialize, ToSchema)]
struct Decision {
    at: Moment,
    by: String,
    /// A colour that was decided; none where it was about a card.
    colour: Option<Colour>,
    /// The card that it was about; none where it was a colour.
    #[schema(pattern = "^[0-9a-f]{10}$")]
    card: Option<String>,
    /// What became of the card.
    became: Option<Became>,
    /// Why, in their words.
    reason: String,
}

/// What became of a card.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Became {
    Withdrawn,
    Suspended,
    Reinstated,
    Replaced,
}

#[derive(Serialize, ToSchema)]
struct Decisions {
    items: Vec<Decision>,
}

/// What was decided about somebody and their cards, the newest first.
#[utoipa::path(
    get,
    operation_id = "listDecisions",
    path = "/compounds/{compound}/residents/{holder}/decisions",
    tag = "colours",
    params(OfHolder),
    responses((status = 200, body = Decisions), Searching)
)]
async fn history(
    State(web): State<Web>,
    caller: Caller,
    At(of): At<OfHolder>,
    _: Asked<Nothing>,
) -> Result<Json<Decisions>, Problem> {
    let holding = caller.holding(&web, &of, May::SeePersonal).await?;
    let decisions = web.store.decisions(holding.compound, holding.holder).await?.into_iter();
    let items = decisions.map(|decision| {
        let (colour, card, became) = match decision.what {
            Decided::Colour(colour) => (Some(colour.into()), None, None),
            Decided::Card(serial, change) => (None, Some(serial.to_string()), Some(Became::from(change))),
        };
        Decision { at: Moment(decision.at), by: decision.who, colour, card, became, reason: decision.why }
    });
    Ok(Json(Decisions { items: items.collect() }))
}

impl From<store::CardChange> for Became {
    fn from(change: store::CardChange) -> Self {
        match change {
            store::CardChange::Withdrawn => Self::Withdrawn,
            store::CardChange::Suspended => Self::Suspended,
            store::CardChange::Reinstated => Self::Reinstated,
            store::CardChange::Replaced => Self::Replaced,
        }
    }
}
