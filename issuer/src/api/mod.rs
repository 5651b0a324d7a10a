//! The office over HTTP for other programs: what its pages do, as JSON, by a token of somebody's account.
//!
//! What may be asked is described by `/api/v1/openapi.json` (OpenAPI 3.1), made from the handlers themselves. A token may what its account
//! may ([`registry::Role::may`], its compounds), and what it does is in the audit log under the account's name. Names are masked but in the
//! one answer that writes down who looked. Cookies are no use here, so no page elsewhere can act for who is signed in.

mod asked;
mod audit;
mod closures;
mod compounds;
mod cursor;
mod decisions;
mod exemptions;
mod gates;
mod observation;
mod own;
mod passages;
mod passes;
mod policy;
mod problem;
mod residents;
mod rules;
mod search;
mod shapes;
mod text;
mod today;

use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::http::header;
use axum::middleware::from_fn;
use axum::routing::get;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;

pub(crate) use problem::Problem;

use crate::web::Web;

/// Where all of it is.
const PATH: &str = "/api/v1";
/// The longest body, in bytes.
const LONGEST: usize = 256 << 10;

/// What stands at the head of the document.
const ABOUT: &str = "The community office: residents and their colours, observations, passes, passages, rules. Every request shows a \
                     token, which whoever has an account makes on the page /account/tokens; it may do what its account may, and the audit \
                     log names the account. Problems are told in the language of Accept-Language: zh-CN or en.";

#[derive(OpenApi)]
#[openapi(
    servers((url = "/api/v1")),
    security(("token" = [])),
    modifiers(&Token),
)]
struct Document;

struct Token;

impl Modify for Token {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        document.components.get_or_insert_default().add_security_scheme("token", scheme);
    }
}

/// All of it.
pub(crate) fn routes() -> Router<Web> {
    let (router, document) = described();
    let document = async move || ([(header::CONTENT_TYPE, "application/json")], document);
    let router = router
        .route("/openapi.json", get(document))
        .method_not_allowed_fallback(async || Problem::Method)
        .fallback(async || Problem::NotFound)
        .layer(DefaultBodyLimit::max(LONGEST))
        .layer(from_fn(problem::tell));
    Router::new().nest(PATH, router)
}

/// What is answered, and the document that says so.
fn described() -> (Router<Web>, Bytes) {
    let mut document = Document::openapi();
    document.info.title = "Sanse Gate".to_owned();
    document.info.description = Some(ABOUT.to_owned());
    document.merge(problem::Schemas::openapi());
    let (router, document) = OpenApiRouter::with_openapi(document)
        .merge(own::routes())
        .merge(compounds::routes())
        .merge(closures::routes())
        .merge(search::routes())
        .merge(residents::routes())
        .merge(decisions::routes())
        .merge(exemptions::routes())
        .merge(observation::routes())
        .merge(passes::routes())
        .merge(passages::routes())
        .merge(gates::routes())
        .merge(rules::routes())
        .merge(audit::routes())
        .merge(today::routes())
        .split_for_parts();
    (router, Bytes::from(document.to_json().expect("a document is texts and numbers")))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use protocol::{policy_from_json, policy_to_json};
    use serde_json::Value;

    use super::*;
    use crate::rules::STARTER;

    #[test]
    fn the_document_names_every_operation_once() {
        let document: Value = serde_json::from_slice(&described().1).expect("it is JSON");
        let mut seen = BTreeSet::new();
        for (path, item) in document["paths"].as_object().expect("paths") {
            for (method, operation) in item.as_object().expect("operations") {
                let id = operation["operationId"].as_str().expect("an id").to_owned();
                assert!(seen.insert(id), "{method} {path}");
                assert!(operation["responses"]["401"].is_object(), "{method} {path} takes a token");
            }
        }
        assert!(seen.len() >= 25, "{seen:?}");
        assert_eq!(document["openapi"], "3.1.0");
    }

    /// The members of rules are described one by one, by hand: none is forgotten, none is too much.
    #[test]
    fn rules_are_described_member_by_member() {
        let document: Value = serde_json::from_slice(&described().1).expect("it is JSON");
        let policy = policy_from_json(STARTER).expect("a test reads the starter rules");
        let written: Value = serde_json::from_str(&policy_to_json(&policy)).expect("it is JSON");
        demand(&written["rules"], &document["components"]["schemas"]["Policy"], "rules");
    }

    fn demand(written: &Value, schema: &Value, at: &str) {
        // Of alternatives, the one of this kind.
        let kind = if written.is_object() { "object" } else { "other" };
        let of_kind = |one: &&Value| (one["type"] == "object") == (kind == "object");
        let fits = |one: &&Value| {
            of_kind(one)
                && written
                    .as_object()
                    .is_none_or(|members| members.keys().all(|name| one["properties"][name].is_object()))
        };
        let schema = match schema["oneOf"].as_array() {
            Some(several) => several.iter().find(fits).unwrap_or_else(|| panic!("{at}: {written}")),
            None => schema,
        };
        match written {
            Value::Object(members) => {
                let described = schema["properties"].as_object().unwrap_or_else(|| panic!("{at}: {schema}"));
                assert!(members.keys().eq(described.keys()), "{at}");
                for (name, value) in members {
                    demand(value, &described[name], &format!("{at}.{name}"));
                }
            }
            Value::Array(items) => {
                items.iter().for_each(|item| demand(item, &schema["items"], &format!("{at}[]")));
            }
            _ => {}
        }
    }
}
