//! The list of residents and vehicles with their passes, with a search.

use askama::Template;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use pass::{Colour, CompoundId, Kind, Timestamp};
use registry::May;
use serde::Deserialize;
use store::{Compound, Listed, Page, PassSought, Search, StoreError};

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

/// Days within which a pass ends, to choose from.
const SOON: [u32; 3] = [3, 7, 14];
const DAY: i64 = 86_400;

/// What stands in the address.
#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    colour: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    compound: String,
    #[serde(default)]
    building: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    pass: String,
    /// Who stands before the first of the page, or after the last: `compound-holder`.
    #[serde(default)]
    after: String,
    #[serde(default)]
    before: String,
}

impl Asked {
    /// What is looked for; how many are shown is for others to say.
    pub(super) fn search(&self, staff: &Staff, now: Timestamp) -> Search {
        let part = |text: &str| {
            Some(text.trim().chars().take(MAX_TEXT).collect::<String>()).filter(|text| !text.is_empty())
        };
        let building = part(&self.building);
        Search {
            text: self.q.chars().take(MAX_TEXT).collect(),
            colour: Colour::of_code(&self.colour),
            kind: Kind::of_code(&self.kind).filter(|kind| KINDS.contains(kind)),
            compound: self.compound.parse().ok().map(CompoundId),
            unit: building.as_ref().and_then(|_| part(&self.unit)),
            building,
            pass: pass_of(&self.pass, now),
            within: staff.within(),
            page: match (holder_of(&self.after), holder_of(&self.before)) {
                (Some((compound, holder)), _) => Page::After(compound, holder),
                (None, Some((compound, holder))) => Page::Before(compound, holder),
                (None, None) => Page::First,
            },
            limit: 0,
        }
    }

    /// The same search as the query of an address, the page aside.
    fn query(&self) -> String {
        let all = [
            ("q", &self.q),
            ("colour", &self.colour),
            ("kind", &self.kind),
            ("compound", &self.compound),
            ("building", &self.building),
            ("unit", &self.unit),
            ("pass", &self.pass),
        ];
        let given: Vec<_> = all.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        serde_html_form::to_string(given).unwrap_or_default()
    }
}

/// Whom the registry holds.
const KINDS: [Kind; 2] = [Kind::Person, Kind::Vehicle];

/// How it stands with a pass, as the address says it: `missing`, `valid`, `expired`, `stopped`, or within how many days it ends.
fn pass_of(text: &str, now: Timestamp) -> Option<PassSought> {
    match text {
        "missing" => Some(PassSought::Missing),
        "valid" => Some(PassSought::Valid(now)),
        "expired" => Some(PassSought::Expired(now)),
        "stopped" => Some(PassSought::Stopped),
        days => {
            let days = days.parse().ok().filter(|days| SOON.contains(days))?;
            Some(PassSought::Ending(now, Timestamp(now.0.saturating_add(i64::from(days) * DAY))))
        }
    }
}

/// `3-117`: compound and holder.
pub(super) fn holder_of(text: &str) -> Option<(CompoundId, u16)> {
    let (compound, holder) = text.split_once('-')?;
    Some((CompoundId(compound.parse().ok()?), holder.parse().ok()?))
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
    compounds: Vec<Choice>,
    kinds: Vec<Choice>,
    states: Vec<Choice>,
    building: String,
    unit: String,
    counts: Vec<Count>,
    found: String,
    rows: Vec<Line>,
    /// This search as the query of an address.
    query: String,
    /// Whether this is not the first page.
    later: bool,
    /// Whom the page before ends before, and whom the next begins after.
    previous: Option<String>,
    next: Option<String>,
}

/// Something to choose.
struct Choice {
    code: String,
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
    let (t, language, now) = (words::texts(staff.language), staff.language, web.clock.now());
    let search = Search { limit: PAGE, ..asked.search(staff, now) };
    let found = web.store.find(&search).await?;
    let may_decide = staff.account.role.may(May::DecideColour);
    let counts = web.store.colour_counts(staff.within().as_deref()).await?;
    let chosen = search.compound;
    let choice =
        |Compound { id, name, .. }| Choice { code: id.0.to_string(), name, chosen: chosen == Some(id) };
    let beside = |listed: &Listed| format!("{}-{}", listed.compound.0, listed.holder);
    Ok(ResidentsPage {
        f: Frame::of(staff, Place::Residents),
        may_edit: staff.account.role.may(May::EditPeople),
        many: (may_decide && matches!(found.count, store::Count::Exactly(1..)))
            .then_some(crate::words::people::texts(language).many),
        register: crate::words::people::texts(language).register,
        t,
        q: search.text,
        colour: search.colour.map_or("", Colour::code),
        compounds: staff.compounds(web).await?.into_iter().map(choice).collect(),
        kinds: KINDS
            .map(|kind| Choice {
                code: kind.code().to_owned(),
                name: t.kinds[kind as usize].to_owned(),
                chosen: search.kind == Some(kind),
            })
            .into(),
        states: states(&asked.pass, language),
        building: search.building.unwrap_or_default(),
        unit: search.unit.unwrap_or_default(),
        counts: counts
            .into_iter()
            .map(|(colour, count)| Count { chip: Chip::of(colour, t), count })
            .collect(),
        found: words::found(found.count, language),
        rows: found.listed.iter().map(|listed| Line::of(listed, now, language)).collect(),
        query: asked.query(),
        later: search.page != Page::First,
        previous: found.listed.first().filter(|_| found.before).map(beside),
        next: found.listed.last().filter(|_| found.after).map(beside),
    })
}

/// How it may stand with a pass, to choose from.
fn states(asked: &str, language: Language) -> Vec<Choice> {
    let t = words::texts(language);
    let word = |code: &str, name: &str| Choice {
        code: code.to_owned(),
        name: name.to_owned(),
        chosen: asked == code,
    };
    let mut states = vec![word("missing", t.no_pass), word("valid", t.valid)];
    states.extend(SOON.map(|days| word(&days.to_string(), &words::ends_within(days, language))));
    states.extend([word("expired", t.expired), word("stopped", t.stopped)]);
    states
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
