//! What the office says of itself, and how long its passes live.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use registry::{Lifetime, OfficeSettings};

use super::desk::{Fields, Worker};
use super::frame::{Failed, Frame, Left, Place, answer};
use crate::web::Web;
use crate::web::page::shown;
use crate::words::cards as card_words;

#[derive(Template)]
#[template(path = "passes-office.html")]
struct SettingsPage {
    f: Frame,
    wrong: Option<String>,
    name: String,
    telephone: String,
    address: String,
    days: String,
    renew: String,
}

/// `/passes/office`.
pub(super) async fn show(State(web): State<Web>, worker: Worker, Query(left): Query<Left>) -> Response {
    let done = async {
        let OfficeSettings { name, telephone, public_address, lifetime } =
            web.store.office_settings().await?;
        Ok(shown(&SettingsPage {
            f: Frame::of(&worker, Place::Office, &left),
            wrong: None,
            name,
            telephone,
            address: public_address.as_ref().map(ToString::to_string).unwrap_or_default(),
            days: lifetime.days.to_string(),
            renew: lifetime.renewed_in_last_days.to_string(),
        }))
    };
    let done = done.await;
    answer(&worker, Place::Office, done)
}

/// Keeps what was typed, or shows it again with what is wrong.
pub(super) async fn keep(State(web): State<Web>, worker: Worker, fields: Fields) -> Response {
    let done: Result<Response, Failed> = async {
        let [name, telephone, address, days, renew] =
            ["name", "telephone", "address", "days", "renew"].map(|field| fields.get(field));
        let number = |text: &str| registry::tidy(text).parse::<u32>().unwrap_or(0);
        // A number that can't be read is refused like a life of no days.
        let days_read = number(days);
        let lifetime = Lifetime { days: days_read, renewed_in_last_days: number(renew) };
        match OfficeSettings::typed(name, telephone, address, lifetime) {
            Ok(settings) => {
                web.store.set_office_settings(&settings, &worker.act(&web)).await?;
                Ok(worker.see("/passes/office", "kept", 0))
            }
            Err(error) => {
                let page = SettingsPage {
                    f: Frame::of(&worker, Place::Office, &Left::default()),
                    wrong: Some(card_words::settings_problem(error, worker.language)),
                    name: name.to_owned(),
                    telephone: telephone.to_owned(),
                    address: address.to_owned(),
                    days: days.to_owned(),
                    renew: renew.to_owned(),
                };
                Ok((StatusCode::UNPROCESSABLE_ENTITY, shown(&page)).into_response())
            }
        }
    }
    .await;
    answer(&worker, Place::Office, done)
}
