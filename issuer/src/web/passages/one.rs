//! One passage: all that a gate's journal says of it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use registry::May;
use store::StoreError;

use super::list::Line;
use crate::web::Web;
use crate::web::frame::{Frame, Place};
use crate::web::language::Reader;
use crate::web::page::{broken, moment_exact, not_found, shown};
use crate::web::session::Staff;
use crate::words::passages::{self as words, Texts};

#[derive(Template)]
#[template(path = "passage.html")]
struct OnePage {
    f: Frame,
    t: &'static Texts,
    head: Line,
    forked: bool,
    parts: Vec<Part>,
}

/// An event of it.
struct Part {
    kind: &'static str,
    when: String,
    in_doubt: bool,
    sequence: u64,
    hash: String,
    forked: bool,
    facts: Vec<(&'static str, String)>,
}

/// `/passages/GATE/JOURNAL/SEQUENCE`.
pub(super) async fn show(
    State(web): State<Web>,
    staff: Staff,
    Path((gate, journal, sequence)): Path<(String, String, String)>,
) -> Response {
    let language = staff.language;
    if let Err(refused) = staff.demand(May::Passages) {
        return refused.into_response();
    }
    let Ok(number) = sequence.parse() else { return not_found(Reader(language)).await };
    let story = match web.store.story_of(&gate, &journal, number).await {
        Ok(story) => story,
        Err(StoreError::Absent { .. }) => return not_found(Reader(language)).await,
        Err(error) => return broken(&error, language),
    };
    let Some(first) = story.first().filter(|_| story.iter().all(|part| staff.sees(part.compound))) else {
        return not_found(Reader(language)).await;
    };
    // The last verdict is the one that counts.
    let asked = story.iter().find(|part| part.event.sequence == number).unwrap_or(first);
    let part = |part: &store::Passage| Part {
        kind: words::kind(&part.event.what, language),
        when: moment_exact(part.event.at),
        in_doubt: part.event.in_doubt,
        sequence: part.event.sequence,
        hash: part.key.hash.chars().take(16).collect(),
        forked: part.forked,
        facts: words::facts(&part.event, language),
    };
    shown(&OnePage {
        f: Frame::of(&staff, Place::Passages),
        t: words::texts(language),
        head: Line::of(asked, language),
        forked: story.iter().any(|part| part.forked),
        parts: story.iter().map(part).collect(),
    })
}
