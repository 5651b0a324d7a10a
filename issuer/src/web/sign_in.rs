//! Signing in and out.

use std::sync::LazyLock;

use askama::Template;
use axum::Router;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use store::{Attempt, Factor, NewSession, StoreError};
use tokio::sync::Semaphore;

use super::Web;
use super::form::{Button, Posted, is_from_here};
use super::language::Reader;
use super::page::{broken, notice_page, shown};
use super::session::{SIGN_IN, set_cookie};
use crate::accounts::{Password, Recovery, Second, Token};
use crate::words::Language;
use crate::words::office::{self as words, Texts};
use crate::words::web;

/// Passwords compared at one time: each takes a processor and 32 MB for a tenth of a second.
static COMPARED: Semaphore = Semaphore::const_new(2);
/// Compared where nobody has the name, so that the time an answer takes does not tell who has an account.
static NOBODY: LazyLock<String> = LazyLock::new(|| Password::generate().hash());

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    t: &'static Texts,
    other: Language,
    problem: Option<String>,
    /// Nobody can sign in: there is no account yet.
    nobody: bool,
    name: String,
    next: String,
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
struct Given {
    name: String,
    password: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

/// What came of it.
enum Outcome {
    SignedIn(Token),
    Wrong,
    Wait(u32),
}

pub(super) fn routes() -> Router<Web> {
    Router::new().route(SIGN_IN, get(show).post(sign_in)).route("/sign-out", post(sign_out))
}

async fn show(
    State(web): State<Web>,
    Reader(language): Reader,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let Query(asked) = asked.unwrap_or_default();
    match web.store.accounts().await {
        Ok(accounts) => page(language, accounts.is_empty(), None, "", &asked.next),
        Err(error) => broken(&error, language),
    }
}

fn page(language: Language, nobody: bool, problem: Option<String>, name: &str, next: &str) -> Response {
    shown(&SignInPage {
        t: words::texts(language),
        other: language.other(),
        problem,
        nobody,
        name: name.to_owned(),
        next: next.to_owned(),
    })
}

async fn sign_in(
    State(web): State<Web>,
    Reader(language): Reader,
    headers: HeaderMap,
    given: Result<Form<Given>, FormRejection>,
) -> Response {
    let t = web::texts(language);
    if !is_from_here(&headers) {
        return notice_page(StatusCode::FORBIDDEN, t, t.stale_form, t.stale_form_remedy);
    }
    let Ok(Form(given)) = given else {
        return notice_page(StatusCode::BAD_REQUEST, t, t.bad_form, t.bad_form_remedy);
    };
    let problem = match attempt(&web, &given).await {
        Err(error) => return broken(&error, language),
        Ok(Outcome::SignedIn(token)) => {
            let mut response = Redirect::to(local(&given.next)).into_response();
            set_cookie(&mut response, Some(&token), &web);
            return response;
        }
        Ok(Outcome::Wrong) => words::texts(language).wrong.to_owned(),
        Ok(Outcome::Wait(seconds)) => words::wait(seconds, language),
    };
    let page = page(language, false, Some(problem), &given.name, &given.next);
    (StatusCode::UNAUTHORIZED, page).into_response()
}

async fn attempt(web: &Web, given: &Given) -> Result<Outcome, StoreError> {
    let now = web.clock.now();
    let (name, hash, second) = match web.store.attempt(registry::tidy(&given.name).as_str(), now).await? {
        Attempt::Unknown => {
            compare(&given.password, &NOBODY).await;
            return Ok(Outcome::Wrong);
        }
        Attempt::Wait(seconds) => return Ok(Outcome::Wait(seconds)),
        Attempt::Try { name, password, second } => (name, password, second),
    };
    let mut proof = Proof { right: compare(&given.password, &hash).await, step: None, recovery: None };
    if let Some(second) = &second {
        proof = proof.with(second, &name, &given.code, web);
    }
    let (token, csrf) = (Token::generate(), Token::generate());
    let session = NewSession {
        token: &token.hash(),
        csrf: csrf.reveal(),
        step: proof.step,
        recovery: proof.recovery.as_deref(),
    };
    if proof.right && web.store.signed_in(&name, &session, now).await? {
        return Ok(Outcome::SignedIn(token));
    }
    web.store.not_signed_in(&name, now).await?;
    Ok(Outcome::Wrong)
}

/// What somebody has shown.
struct Proof {
    right: bool,
    step: Option<i64>,
    recovery: Option<String>,
}

impl Proof {
    /// The same with the second factor looked at.
    fn with(mut self, second: &Factor, name: &str, code: &str, web: &Web) -> Self {
        let key = web.office.registry_key.as_ref();
        let secret = key.and_then(|key| Second::open(&second.secret, name, key).ok());
        self.step = secret.and_then(|secret| secret.step(code, second.step, web.clock.now()));
        if self.step.is_none() {
            self.recovery = Some(Recovery::hash(code)).filter(|hash| second.recovery.contains(hash));
        }
        self.right &= self.step.is_some() || self.recovery.is_some();
        self
    }
}

/// Compares a password with a hash, on a thread that nobody else waits for.
pub(super) async fn compare(password: &str, hash: &str) -> bool {
    let _turn = COMPARED.acquire().await.expect("it is never closed");
    let (password, hash) = (Password::typed(password), hash.to_owned());
    tokio::task::spawn_blocking(move || password.is(&hash)).await.expect("comparing does not panic")
}

async fn sign_out(State(web): State<Web>, Posted { staff, .. }: Posted<Button>) -> Response {
    if let Err(error) = web.store.sign_out(&staff.session(), &staff.act(&web)).await {
        return broken(&error, staff.language);
    }
    let mut response = Redirect::to(SIGN_IN).into_response();
    set_cookie(&mut response, None, &web);
    response
}

/// A page of ours to go on with; the first one where the address leads elsewhere.
fn local(next: &str) -> &str {
    let is_ours = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && next.bytes().all(|byte| byte.is_ascii_graphic());
    if is_ours { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn after_signing_in_one_stays_here() {
        for (next, to) in [
            ("/residents?q=1", "/residents?q=1"),
            ("", "/"),
            ("//evil.example/", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example/", "/"),
            ("/a\r\nSet-Cookie: x", "/"),
        ] {
            assert_eq!(local(next), to, "{next:?}");
        }
    }
}
