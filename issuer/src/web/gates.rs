//! Gates of a compound, who works there and when; and the bundles that go to them.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use gate::Role;
use pass::CompoundId;
use protocol::{Pin, PinHash, Receiver};
use registry::May;
use serde::Deserialize;
use store::{Compound, StaffMember, StoreError};

use super::Web;
use super::form::{Posted, see_other};
use super::frame::{Frame, Place};
use super::language::Reader;
use super::page::{broken, moment, not_found, shown};
use super::session::Staff;
use crate::bundles::{self, USUAL_HOURS};
use crate::duty::{MOST_DAYS, NoDuty, lines};
use crate::exchange::CannotMake;
use crate::lag::lags;
use crate::people::{gate_key, is_name};
use crate::rules::zone_of;
use crate::words::gates::{self as words, Texts};

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/gates", get(show))
        .route("/gates/{compound}/bundle", post(bundle))
        .route("/gates/{compound}/gate", post(add_gate))
        .route("/gates/{compound}/gate/remove", post(remove_gate))
        .route("/gates/{compound}/staff", post(add_staff))
        .route("/gates/{compound}/staff/remove", post(remove_staff))
        .route("/gates/{compound}/duty", post(add_duty))
        .route("/gates/{compound}/duty/clear", post(clear_duty))
}

#[derive(Template)]
#[template(path = "gates.html")]
struct GatesPage {
    f: Frame,
    t: &'static Texts,
    problem: Option<String>,
    /// Name and PIN of somebody who was added: shown once.
    pin: Option<(String, String)>,
    compounds: Vec<Compound>,
    chosen: Option<Compound>,
    gates: Vec<GateLine>,
    /// Name and when.
    struck: Vec<(String, String)>,
    troubles: Vec<String>,
    /// Name and role.
    staff: Vec<(String, &'static str)>,
    duty: Vec<DutyLine>,
    /// Code and word.
    roles: [(&'static str, &'static str); 2],
    has_key: bool,
    typed: Typed,
}

impl GatesPage {
    fn is_chosen(&self, compound: &Compound) -> bool {
        self.chosen.as_ref().is_some_and(|chosen| chosen.id == compound.id)
    }
}

struct GateLine {
    name: String,
    fingerprint: String,
    since: String,
    /// When it was last heard, and what it lacks.
    heard: String,
    lags: Vec<&'static str>,
    software: String,
}

struct DutyLine {
    who: String,
    gate: String,
    from: String,
    until: String,
}

/// What was typed into a form that came to nothing.
#[derive(Default)]
struct Typed {
    gate: String,
    key: String,
    staff: String,
}

/// What a page says first.
#[derive(Default)]
struct First {
    problem: Option<String>,
    pin: Option<(String, String)>,
    typed: Typed,
}

impl First {
    fn problem(text: impl Into<String>) -> Self {
        Self { problem: Some(text.into()), ..Self::default() }
    }
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    compound: String,
}

async fn show(State(web): State<Web>, staff: Staff, Query(asked): Query<Asked>) -> Response {
    let id = asked.compound.parse().ok().map(CompoundId);
    page(&web, &staff, id, First::default()).await
}

async fn page(web: &Web, staff: &Staff, id: Option<CompoundId>, first: First) -> Response {
    if let Err(refused) = staff.demand(May::Gates) {
        return refused.into_response();
    }
    match read(web, staff, id, first).await {
        Ok(page) => shown(&page),
        Err(error) => broken(&error, staff.language),
    }
}

async fn read(
    web: &Web,
    staff: &Staff,
    id: Option<CompoundId>,
    first: First,
) -> Result<GatesPage, StoreError> {
    let language = staff.language;
    let compounds = staff.compounds(web).await?;
    let found = compounds.iter().find(|compound| Some(compound.id) == id).or(compounds.first());
    let chosen = found.cloned();
    let (mut gates, mut people, mut duty) = (Vec::new(), Vec::new(), Vec::new());
    let (mut struck, mut troubles) = (Vec::new(), Vec::new());
    if let Some(compound) = &chosen {
        let (reports, versions) = (web.store.gate_reports().await?, web.store.versions().await?);
        let trust = web.office.files.trust_list().map(|(_, keys)| keys.version()).unwrap_or_default();
        for off in web.store.struck_gates().await?.iter().filter(|it| it.gate.compound == compound.id) {
            struck.push((off.gate.name.clone(), moment(off.since())));
        }
        for trouble in web.store.gate_troubles(compound.id).await? {
            troubles.push(words::trouble(&trouble, &moment(trouble.at), language));
        }
        for gate in web.store.gates().await?.into_iter().filter(|gate| gate.compound == compound.id) {
            let fingerprint = Receiver::of_text(&gate.receiver).map(|key| key.fingerprint());
            let fingerprint = fingerprint.unwrap_or_else(|_| "—".to_owned());
            let report = reports.get(&gate.receiver);
            gates.push(GateLine {
                heard: words::heard(report, !gate.signer.is_empty(), web.clock.now(), language),
                lags: report.map_or_else(Vec::new, |report| {
                    let lags = lags(report, &versions, trust, compound.id);
                    lags.into_iter().map(|lag| words::lag(lag, language)).collect()
                }),
                software: report.map(|it| it.software.clone()).unwrap_or_default(),
                name: gate.name,
                fingerprint,
                since: moment(gate.added),
            });
        }
        for member in web.store.staff(compound.id).await? {
            people.push((member.name, words::role(member.role, language)));
        }
        for line in web.store.duty(compound.id, web.clock.now()).await? {
            let (from, until) = (moment(line.from), moment(line.until));
            duty.push(DutyLine { who: line.who, gate: line.gate, from, until });
        }
    }
    Ok(GatesPage {
        f: Frame::of(staff, Place::Gates),
        t: words::texts(language),
        problem: first.problem,
        pin: first.pin,
        compounds,
        chosen,
        gates,
        struck,
        troubles,
        staff: people,
        duty,
        roles: [Role::Guard, Role::Supervisor].map(|role| (role.code(), words::role(role, language))),
        has_key: web.office.signing().is_some(),
        typed: first.typed,
    })
}

/// The compound of a form, where it is one of theirs who sent it and their role does this.
pub(super) async fn theirs(web: &Web, staff: &Staff, id: u32) -> Result<Compound, Response> {
    staff.demand(May::Gates).map_err(IntoResponse::into_response)?;
    let compounds = staff.compounds(web).await.map_err(|error| broken(&error, staff.language))?;
    match compounds.into_iter().find(|compound| compound.id == CompoundId(id)) {
        Some(compound) => Ok(compound),
        None => Err(not_found(Reader(staff.language)).await),
    }
}

/// Back to the compound's page after something was done; or on it, why not.
async fn done(
    web: &Web,
    staff: &Staff,
    id: CompoundId,
    result: Result<String, StoreError>,
    typed: Typed,
) -> Response {
    let t = words::texts(staff.language);
    let problem = match result {
        Ok(told) => return see_other(web, staff, &format!("/gates?compound={}", id.0), &told).await,
        Err(StoreError::Absent { .. }) => t.gone,
        Err(StoreError::Taken { .. }) => t.elsewhere,
        Err(error) => return broken(&error, staff.language),
    };
    page(web, staff, Some(id), First { typed, ..First::problem(problem) }).await
}

#[derive(Deserialize)]
struct NewGate {
    name: String,
    key: String,
}

async fn add_gate(
    State(web): State<Web>,
    Path(id): Path<u32>,
    Posted { staff, form }: Posted<NewGate>,
) -> Result<Response, Response> {
    let compound = theirs(&web, &staff, id).await?;
    let (t, name) = (words::texts(staff.language), registry::tidy(&form.name));
    let typed = Typed { gate: form.name, key: form.key.clone(), ..Typed::default() };
    let problem = |problem: &str, typed| First { typed, ..First::problem(problem) };
    if !is_name(&name) {
        return Ok(page(&web, &staff, Some(compound.id), problem(t.bad_name, typed)).await);
    }
    let Some(key) = gate_key(&form.key) else {
        return Ok(page(&web, &staff, Some(compound.id), problem(t.bad_key, typed)).await);
    };
    // A name that another compound's gate has is not taken over by somebody who may have nothing to do with it.
    let known = match web.store.gates().await {
        Ok(known) => known,
        Err(error) => return Err(broken(&error, staff.language)),
    };
    if known.iter().any(|gate| gate.name == name && gate.compound != compound.id) {
        return Ok(page(&web, &staff, Some(compound.id), problem(t.elsewhere, typed)).await);
    }
    let added = web.store.put_gate(&name, compound.id, &key.text(), &staff.act(&web)).await;
    let told = words::gate_added(&name, &key.fingerprint(), staff.language);
    Ok(done(&web, &staff, compound.id, added.map(|()| told), typed).await)
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

async fn remove_gate(
    State(web): State<Web>,
    Path(id): Path<u32>,
    Posted { staff, form }: Posted<Named>,
) -> Result<Response, Response> {
    let compound = theirs(&web, &staff, id).await?;
    let is_here = web
        .store
        .gates()
        .await
        .map(|known| known.iter().any(|gate| gate.name == form.name && gate.compound == compound.id));
    let removed = match is_here {
        Ok(true) => web.store.remove_gate(&form.name, &staff.act(&web)).await,
        Ok(false) => Err(StoreError::Absent { what: "gate", key: form.name.clone() }),
        Err(error) => Err(error),
    };
    let told = words::removed(&form.name, staff.language);
    Ok(done(&web, &staff, compound.id, removed.map(|()| told), Typed::default()).await)
}

#[derive(Deserialize)]
struct NewStaff {
    name: String,
    role: String,
}

async fn add_staff(
    State(web): State<Web>,
    Path(id): Path<u32>,
    Posted { staff, form }: Posted<NewStaff>,
) -> Result<Response, Response> {
    let compound = theirs(&web, &staff, id).await?;
    let (t, name) = (words::texts(staff.language), registry::tidy(&form.name));
    let Some(role) = Role::of_code(&form.role).filter(|_| is_name(&name)) else {
        let typed = Typed { staff: form.name, ..Typed::default() };
        return Ok(page(&web, &staff, Some(compound.id), First { typed, ..First::problem(t.bad_name) }).await);
    };
    let made = tokio::task::spawn_blocking(|| {
        let pin = Pin::generate();
        let hash = PinHash::of(&pin).as_str().to_owned();
        (pin, hash)
    });
    let (pin, hash) = made.await.expect("hashing does not panic");
    let member = StaffMember { name: name.clone(), role, pin: hash };
    match web.store.add_staff(compound.id, &member, &staff.act(&web)).await {
        // Not by way of another page: nothing keeps the PIN.
        Ok(()) => {
            let first = First { pin: Some((name, pin.reveal().to_owned())), ..First::default() };
            Ok(page(&web, &staff, Some(compound.id), first).await)
        }
        Err(error) => {
            let typed = Typed { staff: form.name, ..Typed::default() };
            Ok(done(&web, &staff, compound.id, Err(error), typed).await)
        }
    }
}

async fn remove_staff(
    State(web): State<Web>,
    Path(id): Path<u32>,
    Posted { staff, form }: Posted<Named>,
) -> Result<Response, Response> {
    let compound = theirs(&web, &staff, id).await?;
    let removed = web.store.remove_staff(compound.id, &form.name, &staff.act(&web)).await;
    let told = words::removed(&form.name, staff.language);
    Ok(done(&web, &staff, compound.id, removed.map(|()| told), Typed::default()).await)
}

#[derive(Deserialize)]
struct NewDuty {
    who: String,
    #[serde(default)]
    gate: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    days: String,
}

async fn add_duty(
    State(web): State<Web>,
    Path(id): Path<u32>,
    Posted { staff, form }: Posted<NewDuty>,
) -> Result<Response, Response> {
    let compound = theirs(&web, &staff, id).await?;
    let planned = match plan(&form, &compound) {
        Ok(planned) => planned,
        Err(why) => {
            let first = First::problem(words::no_duty(why, staff.language));
            return Ok(page(&web, &staff, Some(compound.id), first).await);
        }
    };
    let (act, mut result) = (staff.act(&web), Ok(()));
    for line in &planned {
        if result.is_ok() {
            result = web.store.add_duty(compound.id, line, &act).await;
        }
    }
    let told = words::duties(planned.len() as u64, staff.language);
    Ok(done(&web, &staff, compound.id, result.map(|()| told), Typed::default()).await)
}

fn plan(form: &NewDuty, compound: &Compound) -> Result<Vec<store::DutyLine>, NoDuty> {
    let (Ok(from), Ok(until), Ok(days)) = (form.from.parse(), form.until.parse(), form.days.parse()) else {
        return Err(NoDuty::NoSuchTime);
    };
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(NoDuty::NoSuchTime);
    }
    let zone = zone_of(compound).map_err(|_| NoDuty::NoSuchTime)?;
    lines((&form.who, &form.gate), (from, until), days, &zone)
}

async fn clear_duty(
    State(web): State<Web>,
    Path(id): Path<u32>,
    Posted { staff, form }: Posted<NewDuty>,
) -> Result<Response, Response> {
    let compound = theirs(&web, &staff, id).await?;
    let act = staff.act(&web);
    let cleared = web.store.clear_duty(compound.id, &form.who, act.at, &act).await;
    let told = cleared.map(|count| words::duties(count, staff.language));
    Ok(done(&web, &staff, compound.id, told, Typed::default()).await)
}

#[derive(Deserialize)]
struct Wanted {
    /// The gate that people are sealed for; none where it is empty.
    gate: String,
}

async fn bundle(
    State(web): State<Web>,
    Path(id): Path<u32>,
    Posted { staff, form }: Posted<Wanted>,
) -> Result<Response, Response> {
    let compound = theirs(&web, &staff, id).await?;
    let Some(hands) = web.hands() else {
        let first = First::problem(words::texts(staff.language).locked);
        return Ok(page(&web, &staff, Some(compound.id), first).await);
    };
    let mut gates = match web.store.gates().await {
        Ok(gates) => gates,
        Err(error) => return Err(broken(&error, staff.language)),
    };
    gates.retain(|gate| gate.compound == compound.id && gate.name == form.gate);
    if gates.is_empty() && !form.gate.is_empty() {
        return Err(not_found(Reader(staff.language)).await);
    }
    match bundles::make(&hands, (&compound, &gates), USUAL_HOURS, &staff.act(&web)).await {
        Ok(made) => {
            let name = format!("attachment; filename=\"compound-{}.bundle\"", compound.id.0);
            let headers = [
                (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
                (header::CONTENT_DISPOSITION, name),
            ];
            Ok((headers, made.bytes).into_response())
        }
        Err(CannotMake::Store(error)) => Err(broken(&error, staff.language)),
        Err(why) => {
            let first = First::problem(words::no_bundle(&why, staff.language));
            Ok(page(&web, &staff, Some(compound.id), first).await)
        }
    }
}
