//! The page on which somebody types an invitation, at a gate that is not enrolled yet. What becomes of it is seen there and on the
//! gate's screen.

use std::sync::Arc;

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use protocol::{ENROL_PREFIX, EnrolTextError, Invitation};
use serde::Deserialize;
use serde_json::json;

use super::Wish;
use crate::screen::{Screen, Trouble};
use crate::sync::{Link, Reached};
use crate::words::{self, EnrolWords, Language};

/// No invitation is longer, with its address.
const MAX_BODY: usize = 2048;

#[derive(Clone)]
struct Enrol {
    screen: Screen,
    link: Link,
    /// Told to this page, asked for with what it sends.
    token: Arc<str>,
}

#[derive(Template)]
#[template(path = "enrol.html")]
struct EnrolPage {
    w: EnrolWords,
    tag: &'static str,
    code: &'static str,
    token: Arc<str>,
    is_open: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    address: String,
    code: String,
}

pub(super) fn router(screen: Screen, link: Link) -> Router {
    let token = format!("{:032x}", u128::from_be_bytes(pass::random::bytes()));
    Router::new()
        .route("/enrol", get(show).post(take))
        .route("/enrol/state", get(state))
        .route_layer(axum::extract::DefaultBodyLimit::max(MAX_BODY))
        .with_state(Enrol { screen, link, token: token.into() })
}

impl Enrol {
    /// Whether the gate takes an invitation at all.
    fn is_open(&self) -> bool {
        let state = self.screen.watch();
        let trouble = state.borrow().trouble.clone();
        matches!(trouble, Some(Trouble::Untrusted | Trouble::Struck))
    }
}

async fn show(State(enrol): State<Enrol>, Query(wish): Query<Wish>) -> Html<String> {
    let lang = Language::of_tag(&wish.lang).unwrap_or_default();
    let page = EnrolPage {
        w: words::enrol(lang),
        tag: lang.tag(),
        code: lang.code(),
        token: enrol.token.clone(),
        is_open: enrol.is_open(),
    };
    Html(page.render().expect("a String takes every write"))
}

/// What came of it, in words.
async fn state(State(enrol): State<Enrol>, Query(wish): Query<Wish>) -> Response {
    let lang = Language::of_tag(&wish.lang).unwrap_or_default();
    let w = words::enrol(lang);
    let reached = enrol.screen.watch().borrow().reached.clone();
    let (done, text) = match &reached {
        Reached::Refused(why) => (true, words::enrol_problem(why, lang)),
        Reached::NotYet | Reached::Online | Reached::Offline { .. } => (true, w.done.to_owned()),
        Reached::Alone | Reached::Enrolling => (false, w.waiting.to_owned()),
    };
    Json(json!({ "done": done, "text": text })).into_response()
}

async fn take(
    State(enrol): State<Enrol>,
    Query(wish): Query<Wish>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let lang = Language::of_tag(&wish.lang).unwrap_or_default();
    let w = words::enrol(lang);
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let origin = text("origin").and_then(|origin| origin.strip_prefix("http://"));
    if text("x-token") != Some(&*enrol.token) || origin != text(header::HOST.as_str()) {
        return (StatusCode::FORBIDDEN, w.again).into_response();
    }
    if !enrol.is_open() {
        return (StatusCode::CONFLICT, w.closed).into_response();
    }
    let Ok(typed) = serde_json::from_slice::<Typed>(&body) else {
        return (StatusCode::BAD_REQUEST, w.form).into_response();
    };
    match invitation(&typed) {
        Ok(invitation) => {
            enrol.screen.set(|state| state.reached = Reached::Enrolling);
            enrol.link.invite(invitation);
            StatusCode::ACCEPTED.into_response()
        }
        Err(EnrolTextError::Mistyped) => (StatusCode::BAD_REQUEST, w.mistyped).into_response(),
        Err(_) => (StatusCode::BAD_REQUEST, w.form).into_response(),
    }
}

/// What was typed: a code and an address, or in the place of the code all that stands in the picture.
fn invitation(typed: &Typed) -> Result<Invitation, EnrolTextError> {
    if typed.code.trim().starts_with(ENROL_PREFIX) {
        return typed.code.parse();
    }
    let address = typed.address.trim();
    let address = if address.contains("://") { address.to_owned() } else { format!("http://{address}") };
    let code: protocol::EnrolCode = typed.code.parse()?;
    Invitation { code, address }.text().parse()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_is_understood() {
        let code = protocol::EnrolCode::generate();
        let typed = |address: &str, code: &str| {
            invitation(&Typed { address: address.into(), code: code.into() }).map(|it| it.address)
        };
        let text = code.text();
        assert_eq!(typed(" 10.0.0.9:7380 ", &text).as_deref(), Ok("http://10.0.0.9:7380"));
        assert_eq!(
            typed("https://office.example/", &text.to_lowercase()).as_deref(),
            Ok("https://office.example")
        );
        let whole = Invitation { code, address: "http://a".into() }.text();
        assert_eq!(typed("", &whole).as_deref(), Ok("http://a"));
        assert!(typed("ftp://a", &text).is_err());
        assert!(typed("http://a", "nonsense").is_err());
    }
}
