//! Who works at the office's own machine: whoever holds the key that `issuer serve` shows at its start, under the name they enter
//! with. Every act is done under that name. Knows no accounts and no passwords.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use pass::{SigningKey, TrustedKey, random};
use store::Act;

use crate::cards::Signing;
use crate::web::Web;
use crate::web::language::Reader;
use crate::words::Language;
use crate::words::passes::{self as words, Texts};

/// The longest form, in bytes.
const LONGEST_FORM: usize = 256 << 10;
/// The longest name somebody enters with, in characters.
const LONGEST_NAME: usize = 30;
const COOKIE: &str = "sanse-desk";

/// The pages of the office's own machine: their key, and what signs, if it was unlocked.
pub struct Desk {
    key: String,
    pub(super) signing: Option<Signing>,
}

impl Desk {
    /// A desk with a new key.
    #[must_use]
    pub fn new(signer: Option<(SigningKey, TrustedKey)>) -> Self {
        let key = format!("{:032x}", u128::from_be_bytes(random::bytes()));
        Self { key, signing: signer.map(|(key, trusted)| Signing { key, trusted }) }
    }

    /// What whoever works here must know: 32 characters, made anew at each start of the program.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Compares all of a key in the same time, whatever is wrong with it.
    fn opens(&self, key: &str) -> bool {
        let differ = self.key.bytes().zip(key.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b));
        key.len() == self.key.len() && differ == 0
    }

    /// The cookie of somebody who enters under this name; nothing where the key or the name won't do.
    pub(super) fn enter(&self, key: &str, name: &str) -> Option<String> {
        let name = registry::tidy(name);
        let fits = !name.is_empty() && name.chars().count() <= LONGEST_NAME;
        if !fits || !self.opens(key) {
            return None;
        }
        let name: String = name.bytes().map(|byte| format!("{byte:02x}")).collect();
        Some(format!("{COOKIE}={key}.{name}; Path=/passes; HttpOnly; SameSite=Strict"))
    }

    fn name_of(&self, headers: &HeaderMap) -> Option<String> {
        let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|cookie| cookie.to_str().ok());
        let pairs = cookies.flat_map(|cookie| cookie.split(';')).map(str::trim);
        let value = pairs.filter_map(|pair| pair.strip_prefix(COOKIE)?.strip_prefix('=')).next()?.to_owned();
        let (key, name) = value.split_once('.')?;
        let bytes: Option<Vec<u8>> = name
            .as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
            .collect();
        let name = String::from_utf8(bytes?).ok()?;
        self.opens(key).then_some(name).filter(|name| !name.is_empty())
    }
}

/// Somebody who works here, and their language.
pub(super) struct Worker {
    name: String,
    pub(super) language: Language,
    pub(super) t: &'static Texts,
}

impl Worker {
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// What they do now.
    pub(super) fn act(&self, web: &Web) -> Act<'_> {
        Act { by: &self.name, at: web.clock.now() }
    }

    /// After a form: the page that says what came of it, by its code (`words::told`) and a number.
    pub(super) fn see(&self, path: &str, told: &str, count: u64) -> Response {
        let and = if path.contains('?') { '&' } else { '?' };
        Redirect::to(&format!("{path}{and}lang={}&told={told}.{count}", self.language.tag())).into_response()
    }
}

impl FromRequestParts<Web> for Worker {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Response> {
        let Ok(Reader(language)) = Reader::from_request_parts(parts, web).await;
        let name = web.desk.as_ref().and_then(|desk| desk.name_of(&parts.headers));
        match name {
            Some(name) => Ok(Self { name, language, t: words::texts(language) }),
            None => Err(Redirect::to(&format!("/passes/enter?lang={}", language.tag())).into_response()),
        }
    }
}

/// The fields of a form that was sent from one of these pages, in their order.
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// The first value of this field; empty where there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// The numbers that were ticked: fields such as `sheet-12`.
    pub(super) fn ticked(&self, prefix: &str) -> Vec<u32> {
        self.0.iter().filter_map(|(field, _)| field.strip_prefix(prefix)?.parse().ok()).collect()
    }
}

impl FromRequest<Web> for Fields {
    type Rejection = StatusCode;

    async fn from_request(request: Request, web: &Web) -> Result<Self, StatusCode> {
        if !from_these_pages(request.headers()) {
            return Err(StatusCode::FORBIDDEN);
        }
        let limited = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
        if limited.is_some_and(|length| length.parse::<usize>().is_ok_and(|length| length > LONGEST_FORM)) {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        // axum itself reads no body of more than 2 MB.
        let body = Bytes::from_request(request, web).await.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
        if body.len() > LONGEST_FORM {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        let form = Request::builder()
            .method("POST")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body.into())
            .map_err(|_| StatusCode::BAD_REQUEST)?;
        let fields = axum::Form::<Vec<(String, String)>>::from_request(form, web).await;
        fields.map(|axum::Form(fields)| Self(fields)).map_err(|_| StatusCode::BAD_REQUEST)
    }
}

/// Whether a page of this origin sent the form: what other sites send says so in these headers (Fetch §3.5; RFC 6454 §7).
fn from_these_pages(headers: &HeaderMap) -> bool {
    let text = |name: header::HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let site = text(header::HeaderName::from_static("sec-fetch-site"));
    let host = text(header::HOST).unwrap_or_default();
    let own = |origin: &str| origin.split_once("://").is_some_and(|(_, authority)| authority == host);
    site.is_none_or(|site| site == "same-origin") && text(header::ORIGIN).is_none_or(own)
}
