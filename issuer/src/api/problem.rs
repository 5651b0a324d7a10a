//! Why a request is refused, as problem details (RFC 9457): a closed list of kinds, each with its status, told in the caller's language.
//!
//! Handlers return a [`Problem`]; [`tell`] stands around them, knows the language, and writes the body.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use registry::{May, NotReleased};
use serde::Serialize;
use store::StoreError;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::response::{Response as Described, ResponseBuilder};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{IntoResponses, ToSchema};

use crate::web::accepted_language;
use crate::words::api as words;

/// The media type of RFC 9457 §3.
const MEDIA_TYPE: &str = "application/problem+json";
/// What begins every `type`.
const PREFIX: &str = "urn:sanse-gate:problem:";

/// Why a request is refused.
#[derive(Clone, Debug)]
pub(crate) enum Problem {
    /// Parameters that can't be understood; what the reader of them says.
    Query(String),
    /// A body that is no JSON; where.
    Syntax(String),
    /// JSON of another shape than is described; where.
    Shape(String),
    /// A body longer than is taken.
    TooLarge,
    /// A body that doesn't say it is JSON.
    MediaType,
    /// No token, or none that holds.
    NoToken,
    /// The role doesn't do this.
    NotAllowed(May),
    /// There is no such thing, or it is none of the caller's.
    NotFound,
    /// A cursor that no list gave out.
    NoCursor,
    /// The path takes other methods.
    Method,
    /// Red ends by a sign-off.
    SignOff,
    /// The sign-off can't be given now.
    NotReleased(NotReleased),
    /// Nobody observes them.
    NotObserved,
    /// The card was replaced.
    Replaced,
    /// Nothing can be signed: the key is locked, absent, ends soon or doesn't cover the compound.
    Locked,
    /// Somebody of that name lives there, and nothing says whether it is the same.
    Namesake,
    /// It is closed already.
    ClosedAlready,
    /// The end that was given is over.
    Over,
    /// The compound has given out all its numbers.
    Full,
    /// Somebody has changed meanwhile what was to be changed.
    Outdated(i64),
    /// What was sent can't be taken; why, in Chinese and in English.
    Unusable([String; 2]),
    /// A bundle can't be made; why, in Chinese and in English.
    NoBundle([String; 2]),
    /// The registry can't be used now.
    Unavailable,
}

/// Problem details (RFC 9457).
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Problem)]
struct Details {
    /// Which kind of problem; never changed once released.
    #[schema(pattern = "^urn:sanse-gate:problem:[a-z-]+$", example = "urn:sanse-gate:problem:not-found")]
    r#type: String,
    /// The kind in words, in the language of Accept-Language.
    title: String,
    /// The status of the response.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What is wrong with this request, and what to do.
    detail: String,
}

impl Problem {
    /// Its name among all of them.
    fn code(&self) -> &'static str {
        match self {
            Self::Query(_) => "bad-query",
            Self::Syntax(_) => "no-json",
            Self::Shape(_) => "bad-body",
            Self::TooLarge => "too-large",
            Self::MediaType => "media-type",
            Self::NoToken => "no-token",
            Self::NotAllowed(_) => "not-allowed",
            Self::NotFound => "not-found",
            Self::NoCursor => "no-cursor",
            Self::Method => "method",
            Self::SignOff => "red-needs-sign-off",
            Self::NotReleased(NotReleased::TooEarly { .. }) => "too-early",
            Self::NotReleased(NotReleased::NoCheck) => "no-health-check",
            Self::NotReleased(NotReleased::Unwell) => "unwell",
            Self::NotObserved => "not-observed",
            Self::Replaced => "card-replaced",
            Self::Locked => "cannot-sign",
            Self::Namesake => "namesake",
            Self::ClosedAlready => "closed-already",
            Self::Over => "over",
            Self::Full => "compound-full",
            Self::Outdated(_) => "outdated",
            Self::Unusable(_) => "unusable",
            Self::NoBundle(_) => "no-bundle",
            Self::Unavailable => "unavailable",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Query(_) | Self::Syntax(_) => StatusCode::BAD_REQUEST,
            Self::NoToken => StatusCode::UNAUTHORIZED,
            Self::NotAllowed(_) => StatusCode::FORBIDDEN,
            Self::NotFound | Self::NoCursor => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::SignOff
            | Self::NotReleased(_)
            | Self::NotObserved
            | Self::Replaced
            | Self::Locked
            | Self::Namesake
            | Self::ClosedAlready
            | Self::Over
            | Self::Full
            | Self::Outdated(_)
            | Self::NoBundle(_) => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Shape(_) | Self::Unusable(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Absent { .. } => Self::NotFound,
            StoreError::SignOff => Self::SignOff,
            StoreError::NotReleased(why) => Self::NotReleased(why),
            StoreError::Replaced { .. } => Self::Replaced,
            StoreError::Sign { .. } => Self::Locked,
            StoreError::Full { .. } => Self::Full,
            StoreError::Outdated { held } => Self::Outdated(held),
            error => {
                tracing::error!(%error, "the registry can't be used");
                Self::Unavailable
            }
        }
    }
}

/// The status alone; [`tell`] says the rest.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes the body of every problem, in the language of the request.
pub(super) async fn tell(request: Request, next: Next) -> Response {
    let language = accepted_language(request.headers());
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
    let details = Details {
        r#type: format!("{PREFIX}{}", problem.code()),
        title: words::title(&problem, language).to_owned(),
        status: problem.status().as_u16(),
        detail: words::detail(&problem, language),
    };
    let mut told = (problem.status(), Json(details)).into_response();
    let headers = told.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.code()));
    headers.insert(header::VARY, HeaderValue::from_static("accept-language"));
    if matches!(problem, Problem::NoToken) {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(allow) = response.headers_mut().remove(header::ALLOW) {
        headers.insert(header::ALLOW, allow);
    }
    told
}

/// What may be refused when something is read.
pub(super) struct Searching;
/// What may be refused when something is done that needs no body.
pub(super) struct Acting;
/// What may be refused when something is sent.
pub(super) struct Sending;

/// The problems of these statuses, as the document describes them.
fn described(statuses: &[u16]) -> BTreeMap<String, RefOr<Described>> {
    let one = |status: &u16| {
        let code = StatusCode::from_u16(*status).ok();
        let reason = code.and_then(|code| code.canonical_reason()).unwrap_or_default();
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let response = ResponseBuilder::new().description(reason).content(MEDIA_TYPE, content).build();
        (status.to_string(), RefOr::T(response))
    };
    statuses.iter().map(one).collect()
}

macro_rules! describe {
    ($($what:ident: $statuses:expr;)+) => {
        $(impl IntoResponses for $what {
            fn responses() -> BTreeMap<String, RefOr<Described>> {
                described(&$statuses)
            }
        })+
    };
}

describe! {
    Searching: [400, 401, 403, 404, 503];
    Acting: [401, 403, 404, 409, 503];
    Sending: [400, 401, 403, 404, 409, 413, 415, 422, 503];
}

/// The schema that all of these point to.
#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Details)))]
pub(super) struct Schemas;
