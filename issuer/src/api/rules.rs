//! The rules of compounds: those that hold, every version, and deciding new ones.

use axum::Json;
use axum::extract::State;
use gate::Policy;
use protocol::policy_to_json;
use registry::May;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::{Asked, At, Caller, Nothing, OfCompound, Sent};
use super::policy::Described;
use super::problem::{Problem, Searching, Sending};
use super::shapes::{Moment, Reason, VersionNumber};
use crate::rules::{Difference, current};
use crate::web::{Web, accepted_language};
use crate::words::{Language, rules as words};

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(one, revise)).routes(routes!(versions))
}

/// The rules that hold in a compound.
#[derive(Serialize, ToSchema)]
struct Rules {
    /// Their version; 0 for those that a compound starts with, until somebody decides.
    version: u32,
    #[schema(value_type = Described)]
    rules: Value,
    /// What they say, in the language of Accept-Language.
    sentences: Vec<String>,
}

impl Rules {
    fn of(version: u32, policy: &Policy, language: Language) -> Self {
        let mut file: Value = serde_json::from_str(&policy_to_json(policy)).unwrap_or_default();
        Self { version, rules: file["rules"].take(), sentences: wording::explain(policy, language) }
    }
}

/// The rules that hold in a compound.
#[utoipa::path(
    get,
    operation_id = "getRules",
    path = "/compounds/{compound}/rules",
    tag = "rules",
    params(OfCompound),
    responses((status = 200, body = Rules), Searching)
)]
async fn one(
    State(web): State<Web>,
    caller: Caller,
    At(of): At<OfCompound>,
    _: Asked<Nothing>,
    headers: axum::http::HeaderMap,
) -> Result<Json<Rules>, Problem> {
    let compound = caller.compound(&web, of.compound, May::Rules).await?;
    let newest = web.store.rule_versions(compound.id).await?.first().map_or(0, |version| version.version);
    Ok(Json(Rules::of(newest, &current(&compound).1, accepted_language(&headers))))
}

/// A version of a compound's rules.
#[derive(Serialize, ToSchema)]
struct Version {
    version: u32,
    /// Since when; none where nobody knows.
    at: Option<Moment>,
    /// Who decided them; empty where nobody knows.
    by: String,
    /// Why; empty where nobody said.
    reason: String,
    /// What they say no longer that the version before said.
    gone: Vec<String>,
    /// What they say that the version before did not.
    new: Vec<String>,
}

#[derive(Serialize, ToSchema)]
struct Versions {
    /// The newest first. It holds.
    items: Vec<Version>,
}

/// Every version of a compound's rules, and what it changed.
#[utoipa::path(
    get,
    operation_id = "listRulesVersions",
    path = "/compounds/{compound}/rules/versions",
    tag = "rules",
    params(OfCompound),
    responses((status = 200, body = Versions), Searching)
)]
async fn versions(
    State(web): State<Web>,
    caller: Caller,
    At(of): At<OfCompound>,
    _: Asked<Nothing>,
    headers: axum::http::HeaderMap,
) -> Result<Json<Versions>, Problem> {
    let compound = caller.compound(&web, of.compound, May::Rules).await?;
    let language = accepted_language(&headers);
    let kept = web.store.rule_versions(compound.id).await?;
    let version = |(at, version): (usize, &store::RulesVersion)| {
        let before = kept.get(at + 1).map(|before| &before.rules);
        let difference = before.map(|before| Difference::between(before, &version.rules, language));
        let Difference { gone, new } = difference.unwrap_or_default();
        Version {
            version: version.version,
            at: version.at.map(Moment),
            by: version.who.clone(),
            reason: version.why.clone(),
            gone,
            new,
        }
    };
    Ok(Json(Versions { items: kept.iter().enumerate().map(version).collect() }))
}

/// Rules to be decided.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewRules {
    /// The version that these were made from: if it is not the newest any more, nothing is changed.
    expected_version: VersionNumber,
    #[schema(value_type = Described)]
    rules: Policy,
    reason: Reason,
}

/// Decides the rules of a compound. They hold from the next bundle on.
#[utoipa::path(
    put,
    operation_id = "decideRules",
    path = "/compounds/{compound}/rules",
    tag = "rules",
    params(OfCompound),
    request_body = NewRules,
    responses((status = 200, body = Rules, description = "They hold; where they held already there is no new version"), Sending)
)]
async fn revise(
    State(web): State<Web>,
    caller: Caller,
    At(of): At<OfCompound>,
    headers: axum::http::HeaderMap,
    Sent(new): Sent<NewRules>,
) -> Result<Json<Rules>, Problem> {
    let compound = caller.compound(&web, of.compound, May::Rules).await?;
    new.rules.check().map_err(|why| {
        Problem::Unusable([Language::Zh, Language::En].map(|language| words::cannot(&why, language)))
    })?;
    let (why, rules) = (registry::tidy(&new.reason.0), policy_to_json(&new.rules));
    let VersionNumber(expected) = new.expected_version;
    let saved = web.store.revise_rules(compound.id, expected, &rules, &why, &caller.act(&web)).await?;
    Ok(Json(Rules::of(saved.unwrap_or(expected), &new.rules, accepted_language(&headers))))
}
