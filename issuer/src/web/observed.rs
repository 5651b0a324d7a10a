//! Everybody who is observed at home, whose end comes first: the list of those who make health checks.

use std::collections::HashMap;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use pass::{CompoundId, Timestamp};
use registry::{May, Observation};
use store::StoreError;

use super::Web;
use super::frame::{Frame, Place};
use super::page::{broken, home, moment, shown};
use super::person::path;
use super::session::Staff;
use crate::words::people::{self as words, Texts};

/// So many are shown: what a dozen people can look after.
const MOST: u32 = 300;

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/observed", get(show))
}

#[derive(Template)]
#[template(path = "observed.html")]
struct ObservedPage {
    f: Frame,
    t: &'static Texts,
    count: String,
    rows: Vec<Row>,
}

struct Row {
    path: String,
    name: String,
    compound: String,
    home: String,
    planned: String,
    left: String,
    overdue: bool,
}

async fn show(State(web): State<Web>, staff: Staff) -> Response {
    if let Err(refused) = staff.demand(May::SeePersonal) {
        return refused.into_response();
    }
    match read(&web, &staff).await {
        Ok(page) => shown(&page),
        Err(error) => broken(&error, staff.language),
    }
}

async fn read(web: &Web, staff: &Staff) -> Result<ObservedPage, StoreError> {
    let (language, now) = (staff.language, web.clock.now());
    let theirs: Vec<CompoundId> = staff.compounds(web).await?.iter().map(|compound| compound.id).collect();
    let (due, count) = web.store.due_releases(&theirs, Timestamp(i64::MAX), MOST).await?;
    let who: Vec<_> = due.iter().map(|due| (due.compound, due.holder)).collect();
    let mut listed: HashMap<_, _> =
        web.store.listed(&who).await?.into_iter().map(|one| ((one.compound, one.holder), one)).collect();
    let mut rows = Vec::with_capacity(due.len());
    for due in due {
        let Some(holding) = listed.remove(&(due.compound, due.holder)) else { continue };
        let observation = Observation { begun: holding.colour_since, planned: due.planned };
        let days = observation.days_left(now);
        rows.push(Row {
            path: path(due.compound, due.holder),
            name: holding.name.to_string(),
            home: home(&holding.address, language),
            compound: holding.compound_name,
            planned: moment(due.planned),
            left: words::days_left(days, language),
            overdue: days <= 0,
        });
    }
    Ok(ObservedPage {
        f: Frame::of(staff, Place::Observed),
        t: words::texts(language),
        count: words::observed(count, language),
        rows,
    })
}
