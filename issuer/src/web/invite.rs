//! Inviting a gate: its name is typed here, and a code is shown that the gate's camera reads.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use store::Compound;

use super::Web;
use super::form::Posted;
use super::frame::{Frame, Place};
use super::gates::theirs;
use super::page::{broken, moment, shown};
use super::pass_page::Svg;
use super::session::Staff;
use crate::invite::{MINUTES, address, invite};
use crate::people::is_name;
use crate::words::gates as gate_words;
use crate::words::invite::{self as words, Texts};

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/gates/{compound}/invite", get(ask).post(make))
}

#[derive(Template)]
#[template(path = "invite.html")]
struct InvitePage {
    f: Frame,
    t: &'static Texts,
    compound: Compound,
    problem: Option<String>,
    name: String,
    address: String,
    /// Whether gates on other machines can ask there.
    is_here_alone: bool,
    made: Option<Made>,
}

/// An invitation, shown once.
struct Made {
    code: Svg,
    text: String,
    until: String,
    lasts: String,
}

impl InvitePage {
    fn new(staff: &Staff, compound: Compound, name: String, address: String) -> Self {
        let host = address.split("://").nth(1).unwrap_or_default();
        let is_here_alone = ["127.", "localhost", "[::1]"].iter().any(|here| host.starts_with(here));
        let (f, t) = (Frame::of(staff, Place::Gates), words::texts(staff.language));
        Self { f, t, compound, problem: None, name, address, is_here_alone, made: None }
    }
}

async fn ask(
    State(web): State<Web>,
    staff: Staff,
    Path(id): Path<u32>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let compound = theirs(&web, &staff, id).await?;
    let settings = web.store.office_settings().await.map_err(|error| broken(&error, staff.language))?;
    // Where the browser found us, unless the office has said where it is found.
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let scheme = if web.by_tls { "https" } else { "http" };
    let here = settings.public_address.map_or(format!("{scheme}://{host}"), |address| address.to_string());
    Ok(shown(&InvitePage::new(&staff, compound, String::new(), here)))
}

#[derive(Deserialize)]
struct New {
    name: String,
    address: String,
}

async fn make(
    State(web): State<Web>,
    Path(id): Path<u32>,
    Posted { staff, form }: Posted<New>,
) -> Result<Response, Response> {
    let compound = theirs(&web, &staff, id).await?;
    let name = registry::tidy(&form.name);
    let known = web.store.gates().await.map_err(|error| broken(&error, staff.language))?;
    let t = words::texts(staff.language);
    let problem = if web.hands().is_none() {
        Some(gate_words::texts(staff.language).locked)
    } else if !is_name(&name) {
        Some(gate_words::texts(staff.language).bad_name)
    } else if known.iter().any(|gate| gate.name == name && gate.compound != compound.id) {
        Some(gate_words::texts(staff.language).elsewhere)
    } else {
        None
    };
    let page = |name, address| InvitePage::new(&staff, compound.clone(), name, address);
    if let Some(problem) = problem {
        let page = InvitePage { problem: Some(problem.to_owned()), ..page(form.name, form.address) };
        return Ok(shown(&page));
    }
    let Some(address) = address(&form.address) else {
        let page = InvitePage { problem: Some(t.bad_address.to_owned()), ..page(name, form.address) };
        return Ok(shown(&page));
    };
    let made = invite(&web.store, (&name, compound.id), &address, &staff.act(&web)).await;
    let (invitation, ends) = made.map_err(|error| broken(&error, staff.language))?;
    let code = qr::encode(&invitation.text()).expect("an address of 200 bytes fits into a code");
    let made = Made {
        code: Svg::of(&code),
        text: invitation.code.text(),
        until: moment(ends),
        lasts: words::lasts(MINUTES, staff.language),
    };
    Ok(shown(&InvitePage { made: Some(made), ..page(name, address) }))
}
