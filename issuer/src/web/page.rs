//! What all pages share: colours and moments as they are shown, and the page that says why there is none.

use std::borrow::Cow;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use jiff::tz::TimeZone;
use pass::{Colour, Kind, Status, Timestamp};
use registry::{Address, May};
use store::StoreError;

use super::language::Reader;
use crate::words::web::{self as words, Texts};
use crate::words::{Language, office};

/// The zone of the times shown: all of the product's compounds are in it.
const ZONE: &str = "Asia/Shanghai";

/// A page without what was asked for.
#[derive(Template)]
#[template(path = "notice.html")]
struct Notice {
    t: &'static Texts,
    heading: &'static str,
    remedy: Cow<'static, str>,
}

pub(super) async fn not_found(Reader(language): Reader) -> Response {
    let t = words::texts(language);
    notice(StatusCode::NOT_FOUND, t, t.not_found, t.not_found_remedy)
}

/// A page without what was asked for, and why.
pub(super) fn notice_page(
    status: StatusCode,
    t: &'static Texts,
    heading: &'static str,
    remedy: &'static str,
) -> Response {
    notice(status, t, heading, remedy)
}

/// Says that the role of whoever asks doesn't do this, and which do.
pub(super) fn refused(may: May, language: Language) -> Response {
    let t = words::texts(language);
    notice(StatusCode::FORBIDDEN, t, t.not_allowed, office::not_allowed(may, language))
}

fn notice(
    status: StatusCode,
    t: &'static Texts,
    heading: &'static str,
    remedy: impl Into<Cow<'static, str>>,
) -> Response {
    (status, shown(&Notice { t, heading, remedy: remedy.into() })).into_response()
}

/// Renders a template; one that can't be is an error of this program.
pub(super) fn shown(template: &impl Template) -> Response {
    match template.render() {
        Ok(page) => Html(page).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page can't be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Says that the registry can't be read. Why is for the log, not for whoever asked.
pub(super) fn broken(error: &StoreError, language: Language) -> Response {
    tracing::error!(%error, "the registry can't be read");
    let t = words::texts(language);
    notice(StatusCode::SERVICE_UNAVAILABLE, t, t.broken, t.broken_remedy)
}

/// A colour as a chip or a band shows it: never by the colour alone.
pub(super) struct Chip {
    /// Class of the style and name of the icon.
    pub(super) code: &'static str,
    pub(super) word: &'static str,
}

impl Chip {
    pub(super) fn of(colour: Colour, t: &'static Texts) -> Self {
        Self { code: colour.code(), word: t.colours[colour as usize] }
    }
}

/// The zone of the times shown.
pub(super) fn zone() -> TimeZone {
    TimeZone::get(ZONE).unwrap_or(TimeZone::UTC)
}

/// `2020-03-01 08:00`, in the compound's zone; the date alone where the time says nothing.
pub(super) fn moment(at: Timestamp) -> String {
    civil(at, "%Y-%m-%d %H:%M")
}

/// As a form's field for a date and a time takes it: `2020-03-01T08:00`.
pub(super) fn local_minute(at: Timestamp) -> String {
    civil(at, "%Y-%m-%dT%H:%M")
}

/// To the second, for what must be told apart.
pub(super) fn moment_exact(at: Timestamp) -> String {
    civil(at, "%Y-%m-%d %H:%M:%S")
}

/// The first moment of a day in the compound's zone.
pub(crate) fn day_begins(day: jiff::civil::Date) -> Option<Timestamp> {
    day.to_zoned(zone()).ok().map(|at| Timestamp(at.timestamp().as_second()))
}

/// The end of the last day that was typed, which is not over yet; none where no day was.
pub(super) fn end_of_day(last: &str, now: Timestamp) -> Result<Option<Timestamp>, ()> {
    if last.trim().is_empty() {
        return Ok(None);
    }
    let last: jiff::civil::Date = last.trim().parse().map_err(|_| ())?;
    let end = last.tomorrow().ok().and_then(day_begins).filter(|end| *end > now);
    end.map(Some).ok_or(())
}

pub(crate) fn date(at: Timestamp) -> String {
    civil(at, "%Y-%m-%d")
}

fn civil(at: Timestamp, format: &str) -> String {
    match jiff::Timestamp::from_second(at.0) {
        Ok(moment) => moment.to_zoned(zone()).strftime(format).to_string(),
        Err(_) => at.to_string(),
    }
}

/// What is true of a pass now, for people.
pub(super) fn standing(
    status: Status,
    signed: Colour,
    not_before: Timestamp,
    expires: Timestamp,
    now: Timestamp,
    language: Language,
) -> Standing {
    let t = words::texts(language);
    let void = |text: &str| Standing { holds: false, as_signed: false, text: text.to_owned() };
    match status {
        Status::Withdrawn => void(t.withdrawn),
        Status::Suspended => void(t.suspended),
        Status::Replaced => void(t.replaced),
        _ if now >= expires => void(t.expired),
        _ if now < not_before => void(t.not_yet),
        Status::Now(colour) if colour != signed => {
            Standing { holds: true, as_signed: false, text: words::changed(signed, colour, language) }
        }
        Status::AsSigned | Status::Now(_) => {
            Standing { holds: true, as_signed: true, text: t.valid.to_owned() }
        }
    }
}

/// What is said of a pass.
pub(super) struct Standing {
    /// Whether it holds at all.
    pub(super) holds: bool,
    /// Whether it holds with the colour it was signed with.
    pub(super) as_signed: bool,
    /// Which of both, or why not.
    pub(super) text: String,
}

/// Where somebody lives, in the reader's way of writing addresses.
pub(super) fn home(address: &Address, language: Language) -> String {
    words::home(address, language)
}

/// The name of the icon of a kind.
pub(super) fn kind_icon(kind: Kind) -> &'static str {
    match kind {
        Kind::Vehicle => "vehicle",
        Kind::Person | Kind::Visitor | Kind::Specimen => "person",
    }
}
