//! Somebody's own account: password, second factor, signing out everywhere.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use store::{Attempt, StoreError};

use super::Web;
use super::form::{Button, Posted, see_other};
use super::frame::{Frame, Place};
use super::page::{broken, shown};
use super::pass_page::Svg;
use super::session::{OWN, OWN_PASSWORD, SIGN_IN, Staff, set_cookie};
use super::sign_in::compare;
use crate::accounts::{Password, PasswordError, Recovery, Second};
use crate::words::api;
use crate::words::office::{self as words, Texts};

#[derive(Template)]
#[template(path = "account.html")]
struct OwnPage {
    f: Frame,
    t: &'static Texts,
    tokens: &'static str,
    problem: Option<String>,
    provisional: bool,
    has_second: bool,
    /// What a telephone scans to become the second factor; none where the registry key is locked.
    code: Option<Svg>,
    secret: String,
}

#[derive(Template)]
#[template(path = "recovery.html")]
struct RecoveryPage {
    f: Frame,
    t: &'static Texts,
    codes: Vec<String>,
}

#[derive(Deserialize)]
struct NewPassword {
    now: String,
    new: String,
    again: String,
}

#[derive(Deserialize)]
struct Begun {
    now: String,
    secret: String,
    code: String,
}

#[derive(Deserialize)]
struct Ended {
    now: String,
}

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route(OWN, get(show))
        .route(OWN_PASSWORD, post(change_password))
        .route("/account/second", post(begin_second))
        .route("/account/second/off", post(end_second))
        .route("/account/everywhere", post(sign_out_everywhere))
}

async fn show(State(web): State<Web>, staff: Staff) -> Response {
    page(&web, &staff, None, &Second::generate())
}

fn page(web: &Web, staff: &Staff, problem: Option<&str>, second: &Second) -> Response {
    let t = words::texts(staff.language);
    let can_begin = web.office.registry_key.is_some() && !staff.account.has_second;
    let address = second.address(&staff.account.name, t.product);
    shown(&OwnPage {
        f: Frame::of(staff, Place::Own),
        t,
        tokens: api::texts(staff.language).tokens,
        problem: problem.map(str::to_owned),
        provisional: staff.account.provisional,
        has_second: staff.account.has_second,
        code: qr::encode(&address).ok().filter(|_| can_begin).map(|code| Svg::of(&code)),
        secret: second.base32(),
    })
}

async fn change_password(State(web): State<Web>, Posted { staff, form }: Posted<NewPassword>) -> Response {
    let t = words::texts(staff.language);
    let problem = |problem| page(&web, &staff, Some(problem), &Second::generate());
    let chosen = match Password::chosen(&form.new, &staff.account.name) {
        _ if form.new != form.again => return problem(t.passwords_differ),
        Err(PasswordError::Short) => return problem(t.password_short),
        Err(PasswordError::Long) => return problem(t.password_long),
        Err(PasswordError::Guessable) => return problem(t.password_guessable),
        Ok(chosen) => chosen,
    };
    match is_theirs(&web, &staff, &form.now).await {
        Err(error) => return broken(&error, staff.language),
        Ok(Some(told)) => return problem(&told),
        Ok(None) => {}
    }
    let hash = tokio::task::spawn_blocking(move || chosen.hash()).await.expect("hashing does not panic");
    match web.store.set_password(&staff.account.name, &hash, false, &staff.act(&web)).await {
        Err(error) => broken(&error, staff.language),
        // Every session has ended, this one too: the new password is tried at once.
        Ok(()) => Redirect::to(SIGN_IN).into_response(),
    }
}

/// Whether somebody who is signed in knows the password; else what to tell them. A session left open is no way to try many.
pub(super) async fn is_theirs(
    web: &Web,
    staff: &Staff,
    password: &str,
) -> Result<Option<String>, StoreError> {
    let (name, language) = (&staff.account.name, staff.language);
    let hash = match web.store.attempt(name, web.clock.now()).await? {
        Attempt::Wait(seconds) => return Ok(Some(words::wait(seconds, language))),
        Attempt::Unknown => return Ok(Some(words::texts(language).wrong.to_owned())),
        Attempt::Try { password, .. } => password,
    };
    if compare(password, &hash).await {
        web.store.forget_failures(name).await?;
        return Ok(None);
    }
    Ok(Some(words::texts(language).password_wrong.to_owned()))
}

async fn begin_second(State(web): State<Web>, Posted { staff, form }: Posted<Begun>) -> Response {
    let t = words::texts(staff.language);
    let Some(key) = &web.office.registry_key else {
        return page(&web, &staff, Some(t.second_locked), &Second::generate());
    };
    let Some(second) = Second::of_base32(&form.secret) else {
        return page(&web, &staff, Some(t.second_wrong), &Second::generate());
    };
    match is_theirs(&web, &staff, &form.now).await {
        Err(error) => return broken(&error, staff.language),
        Ok(Some(told)) => return page(&web, &staff, Some(&told), &second),
        Ok(None) => {}
    }
    if second.step(&form.code, 0, web.clock.now()).is_none() {
        return page(&web, &staff, Some(t.second_wrong), &second);
    }
    let (name, recovery) = (&staff.account.name, Recovery::generate());
    let sealed = second.seal(name, key);
    match web.store.set_second(name, Some(&sealed), &recovery.hashes, &staff.act(&web)).await {
        Err(error) => broken(&error, staff.language),
        Ok(()) => shown(&RecoveryPage { f: Frame::of(&staff, Place::Own), t, codes: recovery.codes }),
    }
}

async fn end_second(State(web): State<Web>, Posted { staff, form }: Posted<Ended>) -> Response {
    match is_theirs(&web, &staff, &form.now).await {
        Err(error) => return broken(&error, staff.language),
        Ok(Some(told)) => return page(&web, &staff, Some(&told), &Second::generate()),
        Ok(None) => {}
    }
    match web.store.set_second(&staff.account.name, None, &[], &staff.act(&web)).await {
        Err(error) => broken(&error, staff.language),
        Ok(()) => see_other(&web, &staff, OWN, words::texts(staff.language).second_ended).await,
    }
}

async fn sign_out_everywhere(State(web): State<Web>, Posted { staff, .. }: Posted<Button>) -> Response {
    if let Err(error) = web.store.sign_out_everywhere(&staff.account.name, &staff.act(&web)).await {
        return broken(&error, staff.language);
    }
    let mut response = Redirect::to(SIGN_IN).into_response();
    set_cookie(&mut response, None, &web);
    response
}
