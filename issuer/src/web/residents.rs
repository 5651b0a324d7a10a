//! The list of residents and vehicles with their passes, with a search.

use askama::Template;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use pass::{Colour, CompoundId, Timestamp};
use registry::May;
use serde::Deserialize;
use store::{Compound, Listed, Search, StoreError};

use super::Web;
use super::frame::{Frame, Place};
use super::page::{Chip, broken, date, home, kind_icon, shown, standing};
use super::session::Staff;
use crate::words::Language;
use crate::words::web::{self as words, Texts};

/// Holders on one page.
const PAGE: u32 = 60;
/// The most characters of a search that are looked for.
const MAX_TEXT: usize = 60;

/// What stands in the address.
#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    colour: String,
    #[serde(default)]
    compound: String,
    #[serde(default)]
    page: String,
}

impl Asked {
    /// What is looked for, from the first found on; how many is for others to say.
    pub(super) fn search(&self, staff: &Staff) -> Search {
        Search {
            text: self.q.chars().take(MAX_TEXT).collect(),
            colour: Colour::of_code(&self.colour),
            compound: self.compound.parse().ok().map(CompoundId),
            within: staff.within(),
            offset: 0,
            limit: 0,
        }
    }
}

#[derive(Template)]
#[template(path = "residents.html")]
struct ResidentsPage {
    f: Frame,
    may_edit: bool,
    /// Where one colour is decided for all who were found; nothing where they are too many.
    many: Option<&'static str>,
    register: &'static str,
    t: &'static Texts,
    q: String,
    colour: &'static str,
    compound: Option<CompoundId>,
    compounds: Vec<Choice>,
    counts: Vec<Count>,
    found: String,
    rows: Vec<Line>,
    previous: Option<u32>,
    next: Option<u32>,
    place: String,
}

/// A compound to choose.
struct Choice {
    id: CompoundId,
    name: String,
    chosen: bool,
}

/// A colour, and how many have it.
struct Count {
    chip: Chip,
    count: u64,
}

/// A holder in the list.
struct Line {
    /// Where its page is.
    path: String,
    chip: Chip,
    name: String,
    kind: &'static str,
    kind_icon: &'static str,
    compound: String,
    home: String,
    since: String,
    pass: Option<PassCell>,
}

struct PassCell {
    short_code: String,
    until: String,
    holds: bool,
    changed: bool,
    standing: String,
    token: String,
}

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/residents", get(show))
}

/// `/residents`. What can't be understood in the address is as if it were not there.
pub(super) async fn show(
    State(web): State<Web>,
    staff: Staff,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let Query(asked) = asked.unwrap_or_default();
    if let Err(refused) = staff.demand(May::SeePeople) {
        return refused.into_response();
    }
    match page(&web, &asked, &staff).await {
        Ok(page) => shown(&page),
        Err(error) => broken(&error, staff.language),
    }
}

async fn page(web: &Web, asked: &Asked, staff: &Staff) -> Result<ResidentsPage, StoreError> {
    let (t, language) = (words::texts(staff.language), staff.language);
    let number = asked.page.parse::<u32>().unwrap_or(1).clamp(1, 100_000);
    let search = Search { offset: (number - 1) * PAGE, limit: PAGE, ..asked.search(staff) };
    let (found, count) = web.store.find(&search).await?;
    let now = web.clock.now();
    let may_decide = staff.account.role.may(May::DecideColour);
    let counts = web.store.colour_counts(staff.within().as_deref()).await?;
    let chosen = search.compound;
    let choice = |Compound { id, name, .. }| Choice { id, name, chosen: chosen == Some(id) };
    let pages = u32::try_from(count.div_ceil(u64::from(PAGE))).unwrap_or(u32::MAX).max(1);
    Ok(ResidentsPage {
        f: Frame::of(staff, Place::Residents),
        may_edit: staff.account.role.may(May::EditPeople),
        many: (may_decide && (1..=u64::from(super::bulk::MOST)).contains(&count))
            .then_some(crate::words::people::texts(language).many),
        register: crate::words::people::texts(language).register,
        t,
        q: search.text,
        colour: search.colour.map_or("", Colour::code),
        compound: search.compound,
        compounds: staff.compounds(web).await?.into_iter().map(choice).collect(),
        counts: counts
            .into_iter()
            .map(|(colour, count)| Count { chip: Chip::of(colour, t), count })
            .collect(),
        found: words::found(count, language),
        rows: found.iter().map(|listed| Line::of(listed, now, language)).collect(),
        previous: (number > 1).then(|| number - 1),
        next: (number < pages).then(|| number + 1),
        place: words::page(number, pages, language),
    })
}

impl Line {
    fn of(listed: &Listed, now: Timestamp, language: Language) -> Self {
        let t = words::texts(language);
        Self {
            path: super::person::path(listed.compound, listed.holder),
            chip: Chip::of(listed.colour, t),
            name: listed.name.to_string(),
            kind: t.kinds[listed.kind as usize],
            kind_icon: kind_icon(listed.kind),
            compound: listed.compound_name.clone(),
            home: home(&listed.address, language),
            since: words::since(&date(listed.colour_since), language),
            pass: listed.pass.as_ref().map(|pass| {
                let standing =
                    standing(pass.status, pass.colour, pass.not_before, pass.expires, now, language);
                PassCell {
                    short_code: pass.serial.short_code(),
                    until: date(pass.expires),
                    holds: standing.holds,
                    changed: standing.holds && !standing.as_signed,
                    standing: standing.text,
                    token: pass.token.clone(),
                }
            }),
        }
    }
}
