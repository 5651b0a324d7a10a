//! Which keys each gate trusts: the list that holds now, and what gates that are behind go by instead.

use std::collections::BTreeMap;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use pass::{PublicKey, TrustedKey, TrustedKeys};
use registry::May;
use store::StoreError;

use super::Web;
use super::frame::{Frame, Place};
use super::page::{broken, moment, shown};
use super::session::Staff;
use crate::words::Language;
use crate::words::gates::heard;
use crate::words::trust::{self as words, Texts};

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/gates/trust", get(show))
}

#[derive(Template)]
#[template(path = "trust.html")]
struct TrustPage {
    f: Frame,
    t: &'static Texts,
    /// When the list that holds was signed; none without keys.
    signed: Option<String>,
    keys: Vec<KeyLine>,
    gates: Vec<GateLine>,
}

/// A key of the list that holds.
struct KeyLine {
    id: String,
    office: u32,
    is_own: bool,
    compounds: String,
    from: String,
    until: String,
    is_over: bool,
}

struct GateLine {
    name: String,
    compound: String,
    heard: String,
    trusts: Trusts,
}

/// What a gate trusts, beside the list that holds now.
#[derive(Debug, PartialEq, Eq)]
enum Trusts {
    /// It has told nothing yet.
    Unheard,
    /// It goes by that list.
    Newest,
    /// It goes by an older one, of which nothing is kept here.
    Unknown,
    /// It goes by an older one.
    Older {
        /// When that was signed.
        signed: String,
        /// Keys that are pulled, and that it believes.
        still: Vec<String>,
        /// Keys that it does not know.
        not_yet: Vec<String>,
    },
}

async fn show(State(web): State<Web>, staff: Staff) -> Response {
    if let Err(refused) = staff.demand(May::Gates) {
        return refused.into_response();
    }
    match read(&web, &staff).await {
        Ok(page) => shown(&page),
        Err(error) => broken(&error, staff.language),
    }
}

async fn read(web: &Web, staff: &Staff) -> Result<TrustPage, StoreError> {
    let (language, now) = (staff.language, web.clock.now());
    let files = &web.office.files;
    let lists = files.trust_lists().unwrap_or_default();
    let own = files.own().ok().map(|key| key.public);
    let newest = lists.values().next_back();
    let keys = newest.map(TrustedKeys::keys).unwrap_or_default().iter().map(|key| KeyLine {
        id: key.public.id().to_string(),
        office: key.office.0,
        is_own: own.as_ref() == Some(&key.public),
        compounds: compounds(key),
        from: moment(key.from),
        until: moment(key.until),
        is_over: key.until < now,
    });
    let (reports, compounds) = (web.store.gate_reports().await?, staff.compounds(web).await?);
    let mut gates = Vec::new();
    for gate in web.store.gates().await? {
        let Some(compound) = compounds.iter().find(|compound| compound.id == gate.compound) else { continue };
        let report = reports.get(&gate.receiver);
        gates.push(GateLine {
            compound: compound.name.clone(),
            heard: heard(report, !gate.signer.is_empty(), now, language),
            trusts: report.map_or(Trusts::Unheard, |report| trusts(&lists, report.trust, language)),
            name: gate.name,
        });
    }
    Ok(TrustPage {
        f: Frame::of(staff, Place::Gates),
        t: words::texts(language),
        signed: newest.map(|list| words::signed(&moment(list.issued()), language)),
        keys: keys.collect(),
        gates,
    })
}

/// The compounds that a key may sign for, as their numbers.
fn compounds(key: &TrustedKey) -> String {
    let ranges = key.compounds.iter().map(|range| match range.start() == range.end() {
        true => range.start().to_string(),
        false => format!("{}–{}", range.start(), range.end()),
    });
    ranges.collect::<Vec<_>>().join(" ")
}

/// What a gate trusts that goes by the list of this version.
fn trusts(lists: &BTreeMap<u64, TrustedKeys>, version: u64, language: Language) -> Trusts {
    let Some((&now, newest)) = lists.last_key_value() else { return Trusts::Unknown };
    if version >= now {
        return Trusts::Newest;
    }
    let Some(held) = lists.get(&version) else { return Trusts::Unknown };
    let lacks = |of: &TrustedKeys, key: &PublicKey| !of.keys().iter().any(|known| known.public == *key);
    let beyond = |these: &TrustedKeys, those: &TrustedKeys| {
        let keys = these.keys().iter().filter(|key| lacks(those, &key.public));
        keys.map(|key| format!("{} ({})", key.public.id(), key.office.0)).collect()
    };
    Trusts::Older {
        signed: words::list_signed(&moment(held.issued()), language),
        still: beyond(held, newest),
        not_yet: beyond(newest, held),
    }
}
