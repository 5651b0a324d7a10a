//! One person, or one vehicle: colour and who decided it, observation and health checks, file, household, history.
//!
//! A name is masked here as everywhere; whoever asks for more is written down before they see it.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use jiff::civil::Date;
use pass::{Colour, CompoundId, Kind, Timestamp};
use registry::{HealthCheck, IdentityNumber, May, Phone};
use serde::Deserialize;
use store::{ColourChange, File, Holding, SignOff, StoreError};

use super::Web;
use super::building::closed_since;
use super::correct::{LetOff, kinds, let_off};
use super::form::{Button, Posted, see_other};
use super::frame::{Frame, Place};
use super::language::Reader;
use super::page::{Chip, broken, date, day_begins, home, moment, not_found, shown};
use super::session::Staff;
use crate::cards::{self, Whose};
use crate::files::{self, Identity, Revealed};
use crate::words::Language;
use crate::words::correct as correct_words;
use crate::words::people::{self as words, Texts};
use crate::words::{decide as decide_words, web as web_words};

/// No reason is longer, in bytes.
const LONGEST_REASON: usize = 300;
/// No field of a file is longer, in characters.
const LONGEST: usize = 200;
/// So many health checks are shown: a week, mornings and evenings, and the day before.
const CHECKS: u32 = 16;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/residents/{compound}/{holder}", get(show))
        .route("/residents/{compound}/{holder}/show", post(reveal))
        .route("/residents/{compound}/{holder}/colour", post(colour))
        .route("/residents/{compound}/{holder}/release", post(release))
        .route("/residents/{compound}/{holder}/mistaken", post(mistaken))
        .route("/residents/{compound}/{holder}/check", post(check))
        .route("/residents/{compound}/{holder}/plan", post(plan))
        .route("/residents/{compound}/{holder}/file", post(keep_file))
}

/// Where somebody's page is.
pub(super) fn path(compound: CompoundId, holder: u16) -> String {
    format!("/residents/{}/{holder}", compound.0)
}

#[derive(Template)]
#[template(path = "person.html")]
struct PersonPage {
    f: Frame,
    t: &'static Texts,
    residents: &'static str,
    path: String,
    problem: Option<String>,
    name: String,
    chip: Chip,
    compound: String,
    home: String,
    since: String,
    by: String,
    /// Short code and serial.
    card: Option<(String, String)>,
    /// Their building is closed: since when, until when.
    closed: Option<String>,
    is_red: bool,
    is_person: bool,
    /// The colours that it hasn't.
    others: Vec<Chip>,
    /// A reason that was typed, and came to nothing.
    why: String,
    observed: Option<Watched>,
    /// When, what was found, by whom.
    checks: Vec<(String, String, String)>,
    file: Option<Shown>,
    household: Vec<Other>,
    c: &'static correct_words::Texts,
    let_off: Vec<LetOff>,
    kinds: Vec<(&'static str, &'static str)>,
    today: String,
    history: Vec<String>,
    may_cards: bool,
    may_decide: bool,
    may_release: bool,
    may_edit: bool,
    may_see: bool,
}

/// An observation that goes on.
struct Watched {
    begun: String,
    planned: String,
    left: String,
    overdue: bool,
}

/// What a file says, to whoever asked for it.
struct Shown {
    full_name: String,
    phone: String,
    identity: String,
    arrived: String,
    came_from: String,
    transport: String,
    contact: String,
    contact_phone: String,
    notes: String,
}

/// Somebody else of the household.
struct Other {
    path: String,
    name: String,
    chip: Chip,
}

/// What the page says beside what is always there.
#[derive(Default)]
struct First {
    problem: Option<String>,
    why: String,
    reveals: bool,
}

impl First {
    fn problem(text: impl Into<String>) -> Self {
        Self { problem: Some(text.into()), ..Self::default() }
    }
}

type Id = Path<(u32, u16)>;

async fn show(State(web): State<Web>, staff: Staff, Path(id): Id) -> Result<Response, Response> {
    let holding = find(&web, &staff, id, May::SeePeople).await?;
    page(&web, &staff, holding, First::default()).await
}

async fn reveal(
    State(web): State<Web>,
    Path(id): Id,
    Posted { staff, .. }: Posted<Button>,
) -> Result<Response, Response> {
    let holding = find(&web, &staff, id, May::SeePersonal).await?;
    page(&web, &staff, holding, First { reveals: true, ..First::default() }).await
}

/// A holder that whoever asks may see, where their role does this.
pub(super) async fn find(
    web: &Web,
    staff: &Staff,
    (compound, holder): (u32, u16),
    may: May,
) -> Result<Holding, Response> {
    staff.demand(may).map_err(IntoResponse::into_response)?;
    let compound = CompoundId(compound);
    if !staff.sees(compound) {
        return Err(not_found(Reader(staff.language)).await);
    }
    match web.store.holding(compound, holder).await {
        Ok(holding) => Ok(holding),
        Err(StoreError::Absent { .. }) => Err(not_found(Reader(staff.language)).await),
        Err(error) => Err(broken(&error, staff.language)),
    }
}

/// The page of a holder, which says first what was wrong.
pub(super) async fn with_problem(
    web: &Web,
    staff: &Staff,
    holding: Holding,
    problem: &str,
) -> Result<Response, Response> {
    page(web, staff, holding, First::problem(problem)).await
}

async fn page(web: &Web, staff: &Staff, holding: Holding, first: First) -> Result<Response, Response> {
    let page = read(web, staff, holding, first).await.map_err(|error| broken(&error, staff.language))?;
    Ok(shown(&page))
}

async fn read(web: &Web, staff: &Staff, holding: Holding, first: First) -> Result<PersonPage, StoreError> {
    let (language, now) = (staff.language, web.clock.now());
    let (t, t_web) = (words::texts(language), web_words::texts(language));
    let Holding { compound, holder, .. } = holding;
    let may = |may| staff.account.role.may(may);
    let file = match first.reveals {
        true => Some(reveal_file(web, staff, &holding).await?),
        false => None,
    };
    // Why somebody was decided about, and how they are, is their own: a masked name and a colour are what everybody here sees.
    let sees_more = may(May::SeePersonal);
    let mut observed = web.store.observations(compound, holder).await?;
    observed.retain(|_| sees_more);
    let observed = observed.first().filter(|it| it.ended.is_none()).map(|it| {
        let days = it.observation.days_left(now);
        Watched {
            begun: moment(it.observation.begun),
            planned: moment(it.observation.planned),
            left: words::days_left(days, language),
            overdue: days <= 0,
        }
    });
    let mut checks = Vec::new();
    if sees_more {
        for checked in web.store.health_checks(compound, holder, CHECKS).await? {
            checks.push((moment(checked.check.at), words::found(&checked.check, language), checked.who));
        }
    }
    let others = web.store.household(compound, holding.household).await?;
    let others: Vec<_> =
        others.into_iter().filter(|number| *number != holder).map(|number| (compound, number)).collect();
    let household: Vec<_> = web
        .store
        .listed(&others)
        .await?
        .into_iter()
        .map(|other| Other {
            path: path(compound, other.holder),
            chip: Chip::of(other.colour, t_web),
            name: other.name.to_string(),
        })
        .collect();
    let decisions = if sees_more { web.store.decisions(compound, holder).await? } else { Vec::new() };
    let history = decisions
        .iter()
        .map(|decision| decide_words::decision(decision, &moment, language).replace('\t', " · "));
    let let_off = let_off(web, &holding, language).await?;
    let closed = web.store.closure_of(compound, holder, now).await?;
    let others = Colour::ALL.into_iter().filter(|colour| *colour != holding.colour);
    Ok(PersonPage {
        f: Frame::of(staff, Place::Residents),
        t,
        residents: t_web.residents,
        path: path(compound, holder),
        problem: first.problem,
        name: holding.name.to_string(),
        chip: Chip::of(holding.colour, t_web),
        home: home(&holding.address, language),
        since: moment(holding.colour_since),
        by: holding.colour_by,
        compound: holding.compound_name,
        card: holding.pass.map(|serial| (serial.short_code(), serial.to_string())),
        closed: closed.map(|closure| closed_since(&closure, language)),
        is_red: holding.colour == Colour::Red,
        is_person: holding.kind != Kind::Vehicle,
        others: others.map(|colour| Chip::of(colour, t_web)).collect(),
        why: first.why,
        observed,
        checks,
        file,
        household,
        c: correct_words::texts(language),
        let_off,
        kinds: kinds(language),
        today: date(now),
        history: history.collect(),
        may_cards: may(May::Cards),
        may_decide: may(May::DecideColour),
        may_release: may(May::Release),
        may_edit: may(May::EditPeople),
        may_see: sees_more,
    })
}

/// What the file says. The audit log is told first.
async fn reveal_file(web: &Web, staff: &Staff, holding: &Holding) -> Result<Shown, StoreError> {
    let t = words::texts(staff.language);
    let (key, sees_identity) = (web.office.registry_key.as_ref(), staff.account.role.may(May::SeeIdentity));
    let Revealed { full_name, phone, identity, file } =
        files::reveal(&web.store, key, holding, sees_identity, &staff.act(web)).await?;
    Ok(Shown {
        full_name: full_name.unwrap_or_else(|| "—".to_owned()),
        phone: phone.unwrap_or_default(),
        identity: match identity {
            Identity::Unknown => t.unknown.to_owned(),
            Identity::Hidden => t.hidden.to_owned(),
            Identity::Locked => t.locked.to_owned(),
            Identity::Number(number) => number,
        },
        arrived: file.arrived,
        came_from: file.came_from,
        transport: file.transport,
        contact: file.contact,
        contact_phone: file.contact_phone,
        notes: file.notes,
    })
}

#[derive(Deserialize)]
struct Decision {
    #[serde(default)]
    colour: String,
    #[serde(default)]
    why: String,
}

async fn colour(
    State(web): State<Web>,
    Path(id): Id,
    posted: Posted<Decision>,
) -> Result<Response, Response> {
    decide(web, id, posted, (May::DecideColour, SignOff::None)).await
}

async fn release(
    State(web): State<Web>,
    Path(id): Id,
    posted: Posted<Decision>,
) -> Result<Response, Response> {
    decide(web, id, posted, (May::Release, SignOff::Checked)).await
}

async fn mistaken(
    State(web): State<Web>,
    Path(id): Id,
    posted: Posted<Decision>,
) -> Result<Response, Response> {
    decide(web, id, posted, (May::Release, SignOff::Mistaken)).await
}

async fn decide(
    web: Web,
    id: (u32, u16),
    Posted { staff, form }: Posted<Decision>,
    (may, sign_off): (May, SignOff),
) -> Result<Response, Response> {
    let holding = find(&web, &staff, id, may).await?;
    let t = words::texts(staff.language);
    let why = registry::tidy(&form.why);
    let again = |problem: String| First { why: form.why.clone(), ..First::problem(problem) };
    if why.is_empty() || why.len() > LONGEST_REASON {
        return page(&web, &staff, holding, again(t.bad_why.to_owned())).await;
    }
    let Some(colour) = Colour::of_code(&form.colour) else {
        return page(&web, &staff, holding, again(t.bad_colour.to_owned())).await;
    };
    let change = ColourChange { colour, why: &why, sign_off };
    let Holding { compound, holder, .. } = holding;
    let whose = Whose { compound, compound_name: &holding.compound_name, holder };
    let signing = web.office.signing();
    let told = match cards::decide(&web.store, signing, whose, &change, &staff.act(&web)).await {
        Ok((false, _)) => t.unchanged,
        Ok((true, None)) => t.decided,
        Ok((true, Some(_))) => t.decided_and_signed,
        Err(StoreError::NotReleased(why)) => {
            let problem = words::not_released(why, staff.language);
            return page(&web, &staff, holding, again(problem)).await;
        }
        // It became red meanwhile, by somebody else.
        Err(StoreError::SignOff) => {
            return page(&web, &staff, holding, again(t.only_health.to_owned())).await;
        }
        Err(error) => return Err(broken(&error, staff.language)),
    };
    Ok(see_other(&web, &staff, &path(holding.compound, holding.holder), told).await)
}

#[derive(Deserialize)]
struct Found {
    #[serde(default)]
    temperature: String,
    #[serde(default)]
    symptoms: String,
}

async fn check(
    State(web): State<Web>,
    Path(id): Id,
    Posted { staff, form }: Posted<Found>,
) -> Result<Response, Response> {
    let holding = find(&web, &staff, id, May::DecideColour).await?;
    let t = words::texts(staff.language);
    let Some(temperature) = HealthCheck::temperature_typed(&form.temperature) else {
        return page(&web, &staff, holding, First::problem(t.bad_temperature)).await;
    };
    let act = staff.act(&web);
    let check = HealthCheck { at: act.at, temperature, symptoms: !form.symptoms.is_empty() };
    let kept = web.store.check_health(holding.compound, holding.holder, &check, &act).await;
    after(&web, &staff, &holding, kept, t.check_kept).await
}

#[derive(Deserialize)]
struct Planned {
    #[serde(default)]
    day: String,
    #[serde(default)]
    why: String,
}

async fn plan(
    State(web): State<Web>,
    Path(id): Id,
    Posted { staff, form }: Posted<Planned>,
) -> Result<Response, Response> {
    let holding = find(&web, &staff, id, May::Release).await?;
    let t = words::texts(staff.language);
    let why = registry::tidy(&form.why);
    if why.is_empty() || why.len() > LONGEST_REASON {
        return page(&web, &staff, holding, First::problem(t.bad_why)).await;
    }
    let Some(planned) = moment_of(&form.day) else {
        return page(&web, &staff, holding, First::problem(t.bad_day)).await;
    };
    let act = staff.act(&web);
    let kept = web.store.plan_end(holding.compound, holding.holder, planned, &why, &act).await;
    after(&web, &staff, &holding, kept, t.plan_kept).await
}

fn moment_of(day: &str) -> Option<Timestamp> {
    day_begins(day.parse::<Date>().ok()?)
}

/// What a form says of a file. `Debug` would show it all.
#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    phone: String,
    #[serde(default)]
    identity: String,
    #[serde(default)]
    arrived: String,
    #[serde(default)]
    came_from: String,
    #[serde(default)]
    transport: String,
    #[serde(default)]
    contact: String,
    #[serde(default)]
    contact_phone: String,
    #[serde(default)]
    notes: String,
}

async fn keep_file(
    State(web): State<Web>,
    Path(id): Id,
    Posted { staff, form }: Posted<Typed>,
) -> Result<Response, Response> {
    let holding = find(&web, &staff, id, May::EditPeople).await?;
    let (compound, holder) = (holding.compound, holding.holder);
    let before = match web.store.file(compound, holder).await {
        Ok(file) => file,
        Err(error) => return Err(broken(&error, staff.language)),
    };
    match file_of(&web, (compound, holder), &form, before, staff.language) {
        Err(problem) => page(&web, &staff, holding, First::problem(problem)).await,
        Ok((file, phone)) => {
            let kept = web.store.set_file(compound, holder, &file, phone.as_ref(), &staff.act(&web)).await;
            after(&web, &staff, &holding, kept, words::texts(staff.language).kept).await
        }
    }
}

/// A file as it was typed, or what is wrong with it.
fn file_of(
    web: &Web,
    (compound, holder): (CompoundId, u16),
    form: &Typed,
    before: File,
    language: Language,
) -> Result<(File, Option<Phone>), &'static str> {
    let t = words::texts(language);
    let text = |typed: &str| {
        let text = registry::tidy(typed);
        if text.chars().count() > LONGEST { Err(t.too_long) } else { Ok(text) }
    };
    let phone = match text(&form.phone)? {
        typed if typed.is_empty() => None,
        typed => Some(Phone::new(&typed).map_err(|why| words::bad_phone(&why, language))?),
    };
    let identity = match text(&form.identity)? {
        typed if typed.is_empty() => before.identity,
        typed => {
            let number = IdentityNumber::typed(&typed).map_err(|why| words::bad_identity(why, language))?;
            let key = web.office.registry_key.as_ref().ok_or(t.locked)?;
            Some(key.seal(&files::place((compound, holder)), number.reveal().as_bytes()))
        }
    };
    let arrived = match text(&form.arrived)? {
        typed if typed.is_empty() => typed,
        typed => typed.parse::<Date>().map_err(|_| t.bad_day)?.to_string(),
    };
    let file = File {
        identity,
        arrived,
        came_from: text(&form.came_from)?,
        transport: text(&form.transport)?,
        contact: text(&form.contact)?,
        contact_phone: text(&form.contact_phone)?,
        notes: text(&form.notes)?,
    };
    Ok((file, phone))
}

/// Back to the page, which says what was done.
async fn after(
    web: &Web,
    staff: &Staff,
    holding: &Holding,
    result: Result<(), StoreError>,
    told: &'static str,
) -> Result<Response, Response> {
    match result {
        Ok(()) => Ok(see_other(web, staff, &path(holding.compound, holding.holder), told).await),
        Err(StoreError::Absent { .. }) => Err(not_found(Reader(staff.language)).await),
        Err(error) => Err(broken(&error, staff.language)),
    }
}
