//! How long records are kept, deleting what is over, and the certificates of it.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use registry::May;
use serde::Deserialize;
use store::{Record, StoreError};

use super::Web;
use super::form::{Posted, see_other};
use super::frame::{Frame, Place};
use super::page::{broken, moment, shown};
use super::session::Staff;
use crate::retention::{days, fingerprint};
use crate::words::retention::{self as words, Texts};

const PATH: &str = "/retention";

pub(super) fn routes() -> Router<Web> {
    Router::new().route(PATH, get(show).post(keep)).route("/retention/purge", post(purge))
}

#[derive(Template)]
#[template(path = "retention.html")]
struct RetentionPage {
    f: Frame,
    t: &'static Texts,
    problem: Option<&'static str>,
    afterwards: &'static str,
    records: Vec<Line>,
    certificates: Vec<String>,
}

struct Line {
    code: &'static str,
    word: &'static str,
    days: String,
}

async fn show(State(web): State<Web>, staff: Staff) -> Response {
    page(&web, &staff, None, &[]).await
}

async fn page(
    web: &Web,
    staff: &Staff,
    problem: Option<&'static str>,
    typed: &[(String, String)],
) -> Response {
    if let Err(refused) = staff.demand(May::Retention) {
        return refused.into_response();
    }
    match read(web, staff, problem, typed).await {
        Ok(page) => shown(&page),
        Err(error) => broken(&error, staff.language),
    }
}

async fn read(
    web: &Web,
    staff: &Staff,
    problem: Option<&'static str>,
    typed: &[(String, String)],
) -> Result<RetentionPage, StoreError> {
    let (language, retention) = (staff.language, web.store.retention().await?);
    let line = |record: Record| {
        let typed = typed.iter().find(|(code, _)| code == record.code()).map(|(_, days)| days.clone());
        let days = typed.unwrap_or_else(|| retention.days(record).to_string());
        Line { code: record.code(), word: words::record(record, language), days }
    };
    let certificates = web.store.certificates().await?;
    let certificate = |it: &store::Certificate| words::certificate(it, &fingerprint(it), moment, language);
    Ok(RetentionPage {
        f: Frame::of(staff, Place::Retention),
        t: words::texts(language),
        problem,
        afterwards: words::afterwards(language),
        records: Record::ALL.map(line).into(),
        certificates: certificates.iter().map(certificate).collect(),
    })
}

async fn keep(State(web): State<Web>, Posted { staff, form }: Posted<Vec<(String, String)>>) -> Response {
    if let Err(refused) = staff.demand(May::Retention) {
        return refused.into_response();
    }
    let mut retention = match web.store.retention().await {
        Ok(retention) => retention,
        Err(error) => return broken(&error, staff.language),
    };
    for record in Record::ALL {
        let Some((_, typed)) = form.iter().find(|(field, _)| field == record.code()) else { continue };
        let Some(days) = days(record, typed) else {
            let problem = words::texts(staff.language).bad_days;
            return page(&web, &staff, Some(problem), &form).await;
        };
        retention.keep(record, days);
    }
    match web.store.set_retention(&retention, &staff.act(&web)).await {
        Ok(()) => see_other(&web, &staff, PATH, words::texts(staff.language).kept).await,
        Err(error) => broken(&error, staff.language),
    }
}

#[derive(Deserialize)]
struct Sure {
    #[serde(default)]
    sure: String,
}

async fn purge(State(web): State<Web>, Posted { staff, form }: Posted<Sure>) -> Response {
    if let Err(refused) = staff.demand(May::Retention) {
        return refused.into_response();
    }
    if form.sure.is_empty() {
        return page(&web, &staff, Some(words::texts(staff.language).not_sure), &[]).await;
    }
    let told = match web.store.purge(&staff.act(&web)).await {
        Ok(Some(certificate)) => words::purged(&certificate.id, staff.language),
        Ok(None) => words::nothing(staff.language).to_owned(),
        Err(error) => return broken(&error, staff.language),
    };
    see_other(&web, &staff, PATH, &told).await
}
