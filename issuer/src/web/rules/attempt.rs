//! Rules tried over what happened at the compound's gates, and then saved.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use gate::{Otherwise, Policy, Replay, Trial, Verdict};
use jiff::tz::TimeZone;
use pass::Timestamp;
use protocol::{policy_from_json, policy_to_json};
use store::{Compound, Person, StoreError};

use super::fields::Posted as Read;
use super::{Asked, Handed, PATH, current, draw, find, form};
use crate::rules::{Difference, exempt};
use crate::web::Web;
use crate::web::form::{Posted, see_other};
use crate::web::frame::{Frame, Place};
use crate::web::page::{broken, home, shown};
use crate::web::session::Staff;
use crate::words::Language;
use crate::words::rules::{self as words, Texts};

/// Days of passages that rules are tried on.
const DAYS: i64 = 14;
const DAY: i64 = 86_400;
/// Passages that would have gone otherwise and are shown.
const SHOWN: usize = 100;
/// The longest reason, in bytes.
const LONGEST_REASON: usize = 300;

#[derive(Template)]
#[template(path = "rules-try.html")]
struct TryPage {
    f: Frame,
    t: &'static Texts,
    id: u32,
    name: String,
    difference: Difference,
    tried: Option<String>,
    more: Option<String>,
    changes: Vec<Change>,
    rules: String,
    why: String,
}

/// A passage that would have gone otherwise.
struct Change {
    when: String,
    direction: &'static str,
    who: String,
    home: String,
    before: (&'static str, &'static str),
    after: (&'static str, &'static str),
    why: String,
}

/// `POST /rules/NUMBER/try`: what a form says.
pub(super) async fn of_form(
    State(web): State<Web>,
    Path(id): Path<String>,
    Posted { staff, form: fields }: Posted<BTreeMap<String, String>>,
) -> Response {
    let compound = match find(&web, &staff, &id).await {
        Ok(compound) => compound,
        Err(response) => return response,
    };
    // What the form was drawn from: it says what fields that can't be read stay at.
    let before = fields.get("before").and_then(|rules| policy_from_json(rules).ok());
    let mut read = Read::new(&fields, staff.language);
    let policy = form::policy(&mut read, &before.unwrap_or_else(|| current(&compound).1));
    let mut problems = read.problems;
    if let Err(why) = policy.check()
        && problems.is_empty()
    {
        problems.push(words::cannot(&why, staff.language));
    }
    match problems.is_empty() {
        true => attempt(&web, &staff, &compound, &policy, String::new()).await,
        false => draw(&staff, &compound, &policy, problems),
    }
}

/// `GET /rules/NUMBER/try?version=N`: a version of before.
pub(super) async fn of_version(
    State(web): State<Web>,
    staff: Staff,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let compound = match find(&web, &staff, &id).await {
        Ok(compound) => compound,
        Err(response) => return response,
    };
    let kept = match web.store.rule_versions(compound.id).await {
        Ok(kept) => kept,
        Err(error) => return broken(&error, staff.language),
    };
    let number = asked.version.parse::<u32>().ok();
    let earlier = kept.iter().find(|version| Some(version.version) == number);
    let Some(earlier) = earlier else {
        return crate::web::page::not_found(crate::web::language::Reader(staff.language)).await;
    };
    match policy_from_json(&earlier.rules) {
        Ok(policy) => {
            let why = words::back_to(earlier.version, staff.language);
            attempt(&web, &staff, &compound, &policy, why).await
        }
        Err(why) => {
            draw(&staff, &compound, &current(&compound).1, vec![words::unreadable(&why, staff.language)])
        }
    }
}

async fn attempt(web: &Web, staff: &Staff, compound: &Compound, policy: &Policy, why: String) -> Response {
    match page(web, staff, compound, policy, why).await {
        Ok(page) => shown(&page),
        Err(error) => broken(&error, staff.language),
    }
}

async fn page(
    web: &Web,
    staff: &Staff,
    compound: &Compound,
    policy: &Policy,
    why: String,
) -> Result<TryPage, StoreError> {
    let (t, language, now) = (words::texts(staff.language), staff.language, web.clock.now());
    let rules = policy_to_json(policy);
    let since = now.plus(-DAYS * DAY);
    let events = web.store.events_of(compound.id, since.plus(-policy.look_back()), now).await?;
    let exempt = exempt(&web.store.exemptions(compound.id).await?);
    let zone = TimeZone::get(&policy.time_zone).unwrap_or(TimeZone::UTC);
    // A fortnight of a large compound takes a while: not on the thread that answers others.
    let (tried_policy, tried_zone) = (policy.clone(), zone.clone());
    let trial = tokio::task::spawn_blocking(move || {
        let replay = Replay::new(&tried_policy, &tried_zone, &exempt);
        let events = events.into_iter().map(Ok::<_, std::convert::Infallible>);
        Trial::of(events, (since, Timestamp(i64::MAX)), replay).unwrap_or_default()
    })
    .await
    .unwrap_or_default();
    let people = match trial.changes.is_empty() {
        true => Vec::new(),
        false => web.store.people(compound.id, now).await?,
    };
    // The newest first: what people remember.
    let changes: Vec<Change> =
        trial.changes.iter().rev().take(SHOWN).map(|it| Change::of(it, &people, &zone, language)).collect();
    let tried = trial.judged > 0;
    Ok(TryPage {
        f: Frame::of(staff, Place::Rules),
        t,
        id: compound.id.0,
        name: compound.name.clone(),
        difference: Difference::between(&current(compound).0, &rules, language),
        tried: tried.then(|| words::tried(DAYS, &wording::trial::summary(&trial, language), language)),
        more: (trial.changes.len() > SHOWN).then(|| words::more(SHOWN, trial.changes.len(), language)),
        changes,
        rules,
        why,
    })
}

impl Change {
    fn of(change: &Otherwise, people: &[Person], zone: &TimeZone, language: Language) -> Self {
        let holder = &change.holder;
        let is_residents = !matches!(holder.kind, pass::Kind::Visitor | pass::Kind::Specimen);
        let person = people.iter().find(|person| is_residents && person.holder == holder.holder);
        let verdict = |verdict: Verdict| (verdict.code(), wording::verdict(verdict, language));
        let now: Vec<String> =
            change.reasons.iter().map(|one| wording::reason(one, zone, language)).collect();
        Self {
            when: wording::moment(change.at, zone, language),
            direction: wording::direction(change.direction, language),
            who: person.map_or_else(|| holder.serial.short_code(), |person| person.name.to_string()),
            home: person.map(|person| home(&person.address, language)).unwrap_or_default(),
            before: verdict(change.before),
            after: verdict(change.after),
            why: if now.is_empty() {
                words::texts(language).nothing_against.to_owned()
            } else {
                now.join(" ")
            },
        }
    }
}

/// `POST /rules/NUMBER/save`: what was tried.
pub(super) async fn save(
    State(web): State<Web>,
    Path(id): Path<String>,
    Posted { staff, form }: Posted<Handed>,
) -> Response {
    let compound = match find(&web, &staff, &id).await {
        Ok(compound) => compound,
        Err(response) => return response,
    };
    let language = staff.language;
    let Handed { rules, why } = form;
    let policy = match policy_from_json(&rules) {
        Ok(policy) => policy,
        Err(why) => {
            return draw(&staff, &compound, &current(&compound).1, vec![words::unreadable(&why, language)]);
        }
    };
    let why = registry::tidy(&why);
    if why.len() > LONGEST_REASON {
        return attempt(&web, &staff, &compound, &policy, why.chars().take(LONGEST_REASON / 3).collect())
            .await;
    }
    let saved = web.store.set_rules(compound.id, &policy_to_json(&policy), &why, &staff.act(&web)).await;
    match saved {
        Ok(version) => {
            let notice = words::saved(version, language);
            see_other(&web, &staff, &format!("{PATH}/{}", compound.id.0), &notice).await.into_response()
        }
        Err(error) => broken(&error, language),
    }
}
