//! Tokens by which programs act as whoever is signed in: made, shown once, struck off.
//!
//! Nobody makes one without their password, and none can be made by a token: this page takes a session alone.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use jiff::civil::Date;
use pass::Timestamp;
use serde::Deserialize;
use store::{ApiToken, LONGEST_TOKEN, NewToken, StoreError};

use super::Web;
use super::form::{Button, Posted, see_other};
use super::frame::{Frame, Place};
use super::own::is_theirs;
use super::page::{broken, date, day_begins, moment, shown};
use super::session::Staff;
use crate::accounts::Token;
use crate::words::api::{self as words, Texts};
use crate::words::office;

const PATH: &str = "/account/tokens";
/// So many may one account have.
const MOST: usize = 20;
/// The longest label, in characters.
const LONGEST_LABEL: usize = 40;

#[derive(Template)]
#[template(path = "tokens.html")]
struct TokensPage {
    f: Frame,
    t: &'static Texts,
    o: &'static office::Texts,
    problem: Option<String>,
    /// One that was made just now.
    told: Option<String>,
    tokens: Vec<Line>,
    label: String,
    first: String,
    last: String,
    until: String,
}

struct Line {
    id: String,
    label: String,
    made: String,
    until: String,
    used: String,
}

pub(super) fn routes() -> Router<Web> {
    Router::new().route(PATH, get(show).post(make)).route("/account/tokens/{id}/strike", post(strike))
}

/// What the page says beside what is always there.
#[derive(Default)]
struct First {
    problem: Option<String>,
    told: Option<String>,
    label: String,
    until: String,
}

async fn show(State(web): State<Web>, staff: Staff) -> Response {
    page(&web, &staff, First::default()).await
}

async fn page(web: &Web, staff: &Staff, first: First) -> Response {
    let now = web.clock.now();
    let tokens = match web.store.tokens(&staff.account.name, now).await {
        Ok(tokens) => tokens,
        Err(error) => return broken(&error, staff.language),
    };
    let t = words::texts(staff.language);
    let line = |token: ApiToken| {
        let (made, until) = (moment(token.made), date(token.ends.plus(-1)));
        let used = token.used.map(moment);
        let [made, until, used] = words::life(&made, &until, used.as_deref(), staff.language);
        Line { id: token.id, label: token.label, made, until, used }
    };
    let until = if first.until.is_empty() { date(now.plus(30 * DAY)) } else { first.until };
    shown(&TokensPage {
        f: Frame::of(staff, Place::Own),
        t,
        o: office::texts(staff.language),
        problem: first.problem,
        told: first.told,
        tokens: tokens.into_iter().map(line).collect(),
        label: first.label,
        first: date(now.plus(DAY)),
        last: date(now.plus(LONGEST_TOKEN - DAY)),
        until,
    })
}

const DAY: i64 = 86_400;

#[derive(Deserialize)]
struct Asked {
    label: String,
    until: String,
    now: String,
}

async fn make(State(web): State<Web>, Posted { staff, form }: Posted<Asked>) -> Response {
    match made(&web, &staff, &form).await {
        Ok(Ok(token)) => page(&web, &staff, First { told: Some(token), ..First::default() }).await,
        Ok(Err(problem)) => {
            let first = First { problem: Some(problem), told: None, label: form.label, until: form.until };
            page(&web, &staff, first).await
        }
        Err(error) => broken(&error, staff.language),
    }
}

/// The token, or what is wrong with what was asked.
async fn made(web: &Web, staff: &Staff, form: &Asked) -> Result<Result<String, String>, StoreError> {
    let (t, now, name) = (words::texts(staff.language), web.clock.now(), &staff.account.name);
    let label = registry::tidy(&form.label);
    if label.is_empty() || label.chars().count() > LONGEST_LABEL || label.chars().any(char::is_control) {
        return Ok(Err(t.bad_label.to_owned()));
    }
    let Some(ends) = end_of(&form.until).filter(|ends| *ends > now && ends.since(now) <= LONGEST_TOKEN)
    else {
        return Ok(Err(t.bad_until.to_owned()));
    };
    if web.store.tokens(name, now).await?.len() >= MOST {
        return Ok(Err(t.too_many.to_owned()));
    }
    if let Some(told) = is_theirs(web, staff, &form.now).await? {
        return Ok(Err(told));
    }
    let token = Token::generate();
    let new = NewToken { hash: &token.hash(), label: &label, ends };
    web.store.add_token(name, &new, &staff.act(web)).await?;
    Ok(Ok(token.reveal().to_owned()))
}

/// The first moment after a day.
fn end_of(day: &str) -> Option<Timestamp> {
    day_begins(day.parse::<Date>().ok()?.tomorrow().ok()?)
}

async fn strike(
    State(web): State<Web>,
    Path(id): Path<String>,
    Posted { staff, .. }: Posted<Button>,
) -> Response {
    let t = words::texts(staff.language);
    match web.store.strike_token(&staff.account.name, &id, &staff.act(&web)).await {
        Ok(()) => see_other(&web, &staff, PATH, t.struck).await.into_response(),
        Err(StoreError::Absent { .. }) => {
            page(&web, &staff, First { problem: Some(t.gone.to_owned()), ..First::default() }).await
        }
        Err(error) => broken(&error, staff.language),
    }
}
