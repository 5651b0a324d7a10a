//! What staff do at the screen, as requests: JSON in and out, a token with each, from this page alone.
//!
//! Every answer with a `sequence` is an event on the disk. A refusal has a `no` with a code, and the status that fits. An emergency
//! opening is answered before anything is logged, signed in or not.
//!
//! | request | body | |
//! | --- | --- | --- |
//! | `GET /desk/panel` | query `lang`, `view`, `of`? | a view of the staff's panel as HTML |
//! | `GET /desk/state` | | token, who is signed in, staff, duty, emergency, shift, direction, delivery |
//! | `POST /desk/search` | `text` | residents; signed in |
//! | `POST /desk/found` | `text`, query `lang` | the same as rows of HTML |
//! | `POST /desk/sign-in` | `who`, `pin` | |
//! | `POST /desk/sign-out` | | |
//! | `POST /desk/shift` | `who`, `pin`, or nothing | ends the shift; the next one signs in |
//! | `GET /desk/out` | | who is outside, since when; signed in |
//! | `POST /desk/enter` | `holder`, `code`?, and what is keyed in | judged like the card |
//! | `POST /desk/again` | `of`, and what is keyed in | judged again, while they stand there |
//! | `POST /desk/manual` | `verdict`, `why`, `household`? or `home`?, `party`?, `plate`?, `direction`?, `instead_of`? | |
//! | `POST /desk/direction` | `direction` | turns the switch of a lane that has one; signed in where staff are known |
//! | `POST /desk/override` | `of`, `verdict`, `why` | |
//! | `POST /desk/undo` | `of`, `why` | |
//! | `POST /desk/dismiss` | `of` | takes a verdict that was read off the screen |
//! | `POST /desk/emergency` | | opens at once |
//! | `POST /desk/emergency/close` | | |
//! | `POST /desk/emergency/explain` | `of`, `why` | |
//! | `POST /desk/clock` | `date` and `time` at the compound, or nothing: the machine's clock is right | supervisors |
//!
//! What is keyed in: `party`? (persons on this pass), `plate`?, `direction`? (`in`, `out`), `temperature`? (degrees), `site`?
//! (`forehead`, `wrist`).

mod clock;
mod panel;

use std::sync::Arc;
use std::time::Instant;

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use gate::{Direction, Note, Site, Tenths, Verdict};
use pass::Serial;
use protocol::Resident;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::heading::Heading;
use crate::screen::Screen;
use crate::staff::{self, Act, Done, Keyed, ManualEntry, WhyNot, Window};

/// The header that carries the token.
const TOKEN: &str = "x-sanse-token";
/// No request is longer.
const MAX_BODY: usize = 8192;
/// What is a temperature of somebody, in tenths of a degree.
const PEOPLE: std::ops::RangeInclusive<u16> = 250..=450;
/// The most residents that a search shows: more are no answer, but a reason to type more.
const MOST_FOUND: usize = 50;

/// The desk of one gate.
#[derive(Clone)]
struct Desk {
    window: Window,
    screen: Screen,
    /// Told to this page, asked for with every act: 128 random bits, new with every start.
    token: Arc<str>,
}

/// The routes below `/desk`.
pub(super) fn router(window: Window, screen: Screen) -> Router {
    let token = format!("{:032x}", u128::from_be_bytes(pass::random::bytes()));
    let desk = Desk { window, screen, token: token.into() };
    let acts = Router::new()
        .route("/desk/search", post(search))
        .route("/desk/found", post(panel::found))
        .route("/desk/sign-in", post(sign_in))
        .route("/desk/sign-out", post(sign_out))
        .route("/desk/shift", post(change_shift))
        .route("/desk/enter", post(enter))
        .route("/desk/again", post(again))
        .route("/desk/direction", post(direction))
        .route("/desk/manual", post(manual))
        .route("/desk/override", post(turn))
        .route("/desk/undo", post(undo))
        .route("/desk/dismiss", post(dismiss))
        .route("/desk/emergency", post(emergency))
        .route("/desk/emergency/close", post(emergency_close))
        .route("/desk/emergency/explain", post(emergency_explain))
        .route("/desk/clock", post(clock::set))
        .route_layer(from_fn_with_state(desk.clone(), guard))
        .route_layer(axum::extract::DefaultBodyLimit::max(MAX_BODY));
    acts.route("/desk/state", get(state))
        .route("/desk/out", get(out))
        .route("/desk/panel", get(panel::panel))
        .with_state(desk)
}

/// Acts come from this page: with its token, and from its own origin, which every browser tells with a POST; what is no browser
/// tells it as well. (The name in Host was looked at before.)
async fn guard(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text(header::HOST.as_str()).unwrap_or_default();
    let same = match text("origin") {
        Some(origin) => origin.strip_prefix("http://") == Some(host),
        None => text("sec-fetch-site") == Some("same-origin"),
    };
    if !same || text(TOKEN) != Some(&*desk.token) {
        return refusal(StatusCode::FORBIDDEN, "token", &Value::Null);
    }
    next.run(request).await
}

impl IntoResponse for WhyNot {
    fn into_response(self) -> Response {
        let status = match self {
            Self::SignedOut | Self::WrongPin(_) => StatusCode::UNAUTHORIZED,
            Self::NotASupervisor
            | Self::SupervisorsOnly
            | Self::NotBelieved
            | Self::Specimen
            | Self::OtherCompound => StatusCode::FORBIDDEN,
            Self::JournalDown | Self::NoGrounds | Self::NoPeople => StatusCode::SERVICE_UNAVAILABLE,
            Self::NoSuchEvent | Self::NoSuchResident | Self::NoSuchHome | Self::NoCard => {
                StatusCode::NOT_FOUND
            }
            Self::Already
            | Self::Superseded
            | Self::TooLate
            | Self::TooOld
            | Self::NoSwitch
            | Self::TooEarly
            | Self::TooFar
            | Self::KeptRight => StatusCode::CONFLICT,
            Self::Wait(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::NoTime | Self::Malformed(_) => StatusCode::BAD_REQUEST,
        };
        let detail = match self {
            Self::Wait(seconds) | Self::WrongPin(seconds) => json!(seconds),
            Self::Malformed(what) => json!(what),
            _ => Value::Null,
        };
        refusal(status, self.code(), &detail)
    }
}

fn refusal(status: StatusCode, code: &str, detail: &Value) -> Response {
    (status, Json(json!({ "no": code, "detail": detail }))).into_response()
}

type Answer = Result<Json<Done>, WhyNot>;

async fn state(State(desk): State<Desk>) -> Json<Value> {
    let (now, instant) = (desk.screen.reading().now, Instant::now());
    let gate = desk.screen.watch().borrow().gate.clone();
    let known = desk.window.shared.known();
    let people = known.as_ref().map(|known| known.people());
    let roster = people.map(|people| staff::on_duty(people, &gate, now)).unwrap_or_default();
    let staff: Vec<Value> = people
        .iter()
        .flat_map(|people| &people.staff)
        .map(|staff| json!({ "name": staff.name, "role": staff.role.code() }))
        .collect();
    let signed_in = {
        let sessions = desk.window.shared.sessions();
        let left = sessions.left(instant).map(|left| left.as_secs());
        sessions
            .current(instant)
            .map(|session| json!({ "who": session.who, "role": session.role.code(), "seconds_left": left }))
    };
    let left = desk.window.shared.emergency.left(instant).map(|left| left.as_secs());
    let shift = desk.window.shared.shift().clone();
    let counts = shift.counts;
    let (heading, way, delivery) = {
        let shown = desk.screen.watch();
        let state = shown.borrow();
        let delivery = json!({ "undelivered": state.undelivered(), "alerts": state.alerts });
        (state.heading, state.direction, delivery)
    };
    Json(json!({
        "token": &*desk.token,
        "delivery": delivery,
        "direction": { "now": way.code(), "switch": matches!(heading, Heading::Switch(_)), "auto": matches!(heading, Heading::Auto(_)) },
        "has_people": people.is_some(),
        "staff": staff,
        "on_duty": roster,
        "signed_in": signed_in,
        "wait_seconds": desk.window.wait_at_gate(now),
        "emergency": { "open": left.is_some(), "seconds_left": left, "unexplained": shift.unexplained.keys().collect::<Vec<_>>() },
        "shift": {
            "since": shift.since.map(|since| since.0),
            "admitted_out": counts.admitted_out,
            "admitted_in": counts.admitted_in,
            "checked": counts.checked,
            "refused": counts.refused,
            "overridden": counts.overridden,
            "undone": counts.undone,
            "manual": counts.manual,
            "emergencies": counts.emergencies,
            "overrides": shift.overrides,
        },
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SearchFor {
    text: String,
}

async fn search(State(desk): State<Desk>, body: Bytes) -> Result<Json<Value>, WhyNot> {
    let SearchFor { text } = parse(&body)?;
    desk.window.signed_in()?;
    let known = desk.window.shared.known().ok_or(WhyNot::NoPeople)?;
    // One more than is shown, to tell that there are more.
    let places = known.index.find(&text, MOST_FOUND + 1);
    let residents = places.iter().take(MOST_FOUND).map(|at| found(&known.people().residents[*at]));
    Ok(Json(json!({ "found": residents.collect::<Vec<_>>(), "more": places.len() > MOST_FOUND })))
}

fn found(resident: &Resident) -> Value {
    let card = resident.cards.first();
    json!({
        "holder": resident.holder,
        "household": resident.household,
        "kind": resident.kind.code(),
        "name": resident.name.as_str(),
        "building": resident.building,
        "unit": resident.unit,
        "room": resident.room,
        "colour": resident.colour.code(),
        "code": card.map(|card| card.serial.short_code()),
        "exemptions": resident.exemptions.iter().map(|exemption| exemption.kind.code()).collect::<Vec<_>>(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignIn {
    who: String,
    pin: String,
}

async fn sign_in(State(desk): State<Desk>, body: Bytes) -> Answer {
    let SignIn { who, pin } = parse(&body)?;
    let now = desk.screen.reading().now;
    desk.window.sign_in(&who, &pin, false, now).await.map(Json)
}

async fn sign_out(State(desk): State<Desk>) -> Answer {
    desk.window.signed_in()?;
    desk.window.ask(Act::SignOut { shift: false }).await.map(Json)
}

async fn change_shift(State(desk): State<Desk>, body: Bytes) -> Answer {
    if body.trim_ascii().is_empty() {
        desk.window.signed_in()?;
        return desk.window.ask(Act::SignOut { shift: true }).await.map(Json);
    }
    let SignIn { who, pin } = parse(&body)?;
    let now = desk.screen.reading().now;
    desk.window.sign_in(&who, &pin, true, now).await.map(Json)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Enter {
    holder: u16,
    code: Option<String>,
    party: Option<u16>,
    plate: Option<String>,
    direction: Option<String>,
    temperature: Option<Tenths>,
    site: Option<String>,
}

async fn enter(State(desk): State<Desk>, body: Bytes) -> Answer {
    let Enter { holder, code, party, plate, direction, temperature, site } = parse(&body)?;
    let who = desk.window.signed_in()?.who;
    let serial =
        code.map(|code| code.parse::<Serial>().map_err(|_| WhyNot::Malformed("code"))).transpose()?;
    let keyed = keyed(party, plate.as_deref(), direction.as_deref(), temperature, site.as_deref())?;
    desk.window.ask(Act::Enter { who, holder, serial, keyed }).await.map(Json)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Again {
    of: u64,
    party: Option<u16>,
    plate: Option<String>,
    direction: Option<String>,
    temperature: Option<Tenths>,
    site: Option<String>,
}

async fn again(State(desk): State<Desk>, body: Bytes) -> Answer {
    let Again { of, party, plate, direction, temperature, site } = parse(&body)?;
    let who = desk.window.signed_in()?.who;
    let keyed = keyed(party, plate.as_deref(), direction.as_deref(), temperature, site.as_deref())?;
    if !keyed.says_something() {
        return Err(WhyNot::Malformed("body"));
    }
    desk.window.ask(Act::Again { who, of, keyed }).await.map(Json)
}

fn keyed(
    party: Option<u16>,
    plate: Option<&str>,
    way: Option<&str>,
    temperature: Option<Tenths>,
    site: Option<&str>,
) -> Result<Keyed, WhyNot> {
    let site = match site {
        None | Some("forehead") => Site::Forehead,
        Some("wrist") => Site::Wrist,
        Some(_) => return Err(WhyNot::Malformed("site")),
    };
    if party == Some(0) {
        return Err(WhyNot::Malformed("party"));
    }
    if temperature.is_some_and(|tenths| !PEOPLE.contains(&tenths.0)) {
        return Err(WhyNot::Malformed("temperature"));
    }
    Ok(Keyed {
        party,
        plate: plate.map(|plate| note(plate, "plate")).transpose()?,
        direction: way.map(way_of).transpose()?,
        measured: temperature.map(|tenths| (tenths, site)),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TurnLane {
    direction: String,
}

/// Which way a lane is used decides which rules hold: where staff can sign in, one of them says so.
async fn direction(State(desk): State<Desk>, body: Bytes) -> Answer {
    let TurnLane { direction } = parse(&body)?;
    if desk.window.shared.known().is_some() {
        desk.window.signed_in()?;
    }
    desk.window.ask(Act::Turn { direction: way_of(&direction)? }).await.map(Json)
}

/// Who is outside, the one who left first being the first. Names are masked, as the office seals them for a gate.
async fn out(State(desk): State<Desk>) -> Result<Json<Value>, WhyNot> {
    desk.window.signed_in()?;
    let known = desk.window.shared.known();
    let outside = desk.window.outside().await?;
    let rows = outside.iter().map(|one| {
        let resident = known.as_ref().and_then(|known| known.signed.resident(one.holder.holder));
        json!({
            "holder": one.holder.holder,
            "household": one.holder.household,
            "kind": one.holder.kind.code(),
            "colour": one.holder.colour.code(),
            "code": one.holder.serial.short_code(),
            "since": one.since.0,
            "name": resident.map(|resident| resident.name.as_str()),
            "building": resident.map(|resident| &resident.building),
            "unit": resident.map(|resident| &resident.unit),
            "room": resident.map(|resident| &resident.room),
        })
    });
    Ok(Json(json!({ "now": desk.screen.reading().now.0, "out": rows.collect::<Vec<_>>() })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ManualWish {
    verdict: String,
    why: String,
    household: Option<u32>,
    /// The household as staff write it: `3-2-501`.
    home: Option<String>,
    party: Option<u16>,
    plate: Option<String>,
    direction: Option<String>,
    instead_of: Option<u64>,
}

async fn manual(State(desk): State<Desk>, body: Bytes) -> Answer {
    let wish: ManualWish = parse(&body)?;
    let who = desk.window.signed_in()?.who;
    if wish.party == Some(0) {
        return Err(WhyNot::Malformed("party"));
    }
    let household = match (wish.household, wish.home.as_deref().map(str::trim)) {
        (None, Some(home)) if !home.is_empty() => Some(household(&desk, home)?),
        (household, _) => household,
    };
    let entry = ManualEntry {
        verdict: verdict(&wish.verdict)?,
        why: note(&wish.why, "why")?,
        household,
        party: wish.party.unwrap_or(1),
        plate: wish.plate.as_deref().map(|plate| note(plate, "plate")).transpose()?,
        direction: wish.direction.as_deref().map(way_of).transpose()?,
        instead_of: wish.instead_of,
    };
    desk.window.ask(Act::Manual { who, entry }).await.map(Json)
}

/// The household that lives there, where that is one.
fn household(desk: &Desk, home: &str) -> Result<u32, WhyNot> {
    let known = desk.window.shared.known().ok_or(WhyNot::NoPeople)?;
    let residents = &known.people().residents;
    known.index.household(home).map(|at| residents[at].household).ok_or(WhyNot::NoSuchHome)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Override {
    of: u64,
    verdict: String,
    why: String,
}

async fn turn(State(desk): State<Desk>, body: Bytes) -> Answer {
    let wish: Override = parse(&body)?;
    let who = desk.window.signed_in()?.who;
    let (verdict, why) = (verdict(&wish.verdict)?, note(&wish.why, "why")?);
    desk.window.ask(Act::Override { who, of: wish.of, verdict, why }).await.map(Json)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct About {
    of: u64,
    why: String,
}

async fn undo(State(desk): State<Desk>, body: Bytes) -> Answer {
    let About { of, why } = parse(&body)?;
    let session = desk.window.signed_in()?;
    let why = note(&why, "why")?;
    desk.window.ask(Act::Undo { who: session.who, role: session.role, of, why }).await.map(Json)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Dismiss {
    of: u64,
}

/// Whoever stands there has read it. Nothing is decided by that, so nobody has to be signed in.
async fn dismiss(State(desk): State<Desk>, body: Bytes) -> Result<Json<Value>, WhyNot> {
    let Dismiss { of } = parse(&body)?;
    desk.screen.take_back(of);
    Ok(Json(json!({})))
}

async fn emergency(State(desk): State<Desk>) -> Json<Value> {
    let shared = Arc::clone(&desk.window.shared);
    let who = shared.sessions().current(Instant::now()).map(|session| session.who.clone());
    shared.emergency.open(who, desk.screen.reading().now, Instant::now());
    let left = shared.emergency.left(Instant::now()).map(|left| left.as_secs());
    // It closes by itself, whatever the lane is busy with.
    tokio::spawn(async move {
        while let Some(left) = shared.emergency.close_when_over(Instant::now()) {
            tokio::time::sleep(left).await;
        }
    });
    Json(json!({ "open": true, "seconds_left": left }))
}

async fn emergency_close(State(desk): State<Desk>) -> Json<Value> {
    let who = desk.window.shared.sessions().current(Instant::now()).map(|session| session.who.clone());
    desk.window.shared.emergency.close(who);
    Json(json!({ "open": false }))
}

async fn emergency_explain(State(desk): State<Desk>, body: Bytes) -> Answer {
    let About { of, why } = parse(&body)?;
    let who = desk.window.signed_in()?.who;
    let why = note(&why, "why")?;
    desk.window.ask(Act::Explain { who, of, why }).await.map(Json)
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, WhyNot> {
    serde_json::from_slice(body).map_err(|_| WhyNot::Malformed("body"))
}

fn verdict(code: &str) -> Result<Verdict, WhyNot> {
    Verdict::of_code(code).ok_or(WhyNot::Malformed("verdict"))
}

fn way_of(code: &str) -> Result<Direction, WhyNot> {
    Direction::of_code(code).ok_or(WhyNot::Malformed("direction"))
}

/// A reason is mandatory: an empty one is none.
fn note(text: &str, what: &'static str) -> Result<Note, WhyNot> {
    Note::new(text).map_err(|_| WhyNot::Malformed(what))
}
