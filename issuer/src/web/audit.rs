//! Who did what, the newest first.

use askama::Template;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::civil::Date;
use pass::Timestamp;
use registry::May;
use serde::Deserialize;
use store::{Action, AuditKey, AuditSearch};

use super::Web;
use super::frame::{Frame, Place};
use super::page::{broken, day_begins, moment_exact, shown};
use super::session::Staff;
use crate::words::office::{self as words, Texts};

/// Lines on one page.
const PAGE: u32 = 100;

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    who: String,
    #[serde(default)]
    what: String,
    #[serde(default)]
    day: String,
    /// The line behind which to go on: its time and its key.
    #[serde(default)]
    before: String,
}

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage {
    f: Frame,
    t: &'static Texts,
    who: String,
    what: &'static str,
    day: String,
    actions: Vec<Choice>,
    rows: Vec<Line>,
    older: Option<String>,
}

struct Choice {
    code: &'static str,
    word: &'static str,
    chosen: bool,
}

struct Line {
    when: String,
    who: String,
    what: &'static str,
    detail: String,
}

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/audit", get(show))
}

/// `/audit`. What can't be understood in the address is as if it were not there.
async fn show(State(web): State<Web>, staff: Staff, asked: Result<Query<Asked>, QueryRejection>) -> Response {
    if let Err(refused) = staff.demand(May::Audit) {
        return refused.into_response();
    }
    let (Query(asked), language) = (asked.unwrap_or_default(), staff.language);
    let day: Option<Date> = asked.day.parse().ok();
    let search = AuditSearch {
        who: asked.who.chars().take(40).collect(),
        what: Action::of_code(&asked.what),
        from: day.and_then(day_begins),
        until: day.and_then(|day| day.tomorrow().ok()).and_then(day_begins),
        after: key(&asked.before),
        limit: PAGE + 1,
    };
    let mut lines = match web.store.audit_lines(&search).await {
        Ok(lines) => lines,
        Err(error) => return broken(&error, language),
    };
    let more = lines.len() > PAGE as usize;
    lines.truncate(PAGE as usize);
    let older = lines.last().filter(|_| more).map(|line| format!("{}-{}", line.key.at.0, line.key.id));
    let choice = |action: Action| Choice {
        code: action.code(),
        word: words::action(action, language),
        chosen: search.what == Some(action),
    };
    shown(&AuditPage {
        f: Frame::of(&staff, Place::Audit),
        t: words::texts(language),
        actions: Action::ALL.into_iter().map(choice).collect(),
        rows: lines
            .into_iter()
            .map(|line| Line {
                when: moment_exact(line.key.at),
                who: line.who,
                what: line.what.map_or("—", |what| words::action(what, language)),
                detail: line.detail,
            })
            .collect(),
        who: search.who,
        what: search.what.map_or("", Action::code),
        day: day.map(|day| day.to_string()).unwrap_or_default(),
        older,
    })
}

fn key(text: &str) -> Option<AuditKey> {
    let (at, id) = text.split_once('-')?;
    Some(AuditKey { at: Timestamp(at.parse().ok()?), id: id.to_owned() })
}
