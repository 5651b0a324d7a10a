//! The language of a page: what was clicked now or before, else what the browser asks for, else Chinese.

use std::cmp::Reverse;
use std::convert::Infallible;

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::words::Language;

/// Where it is kept what somebody clicked.
const COOKIE: &str = "sanse_lang";
/// For so long, in seconds: a year.
const KEPT: u32 = 365 * 86_400;

/// The reader's language: `?lang=`, else what was kept, else `Accept-Language` (RFC 9110 §12.5.4).
pub(super) struct Reader(pub(super) Language);

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let kept = || {
            let cookies =
                parts.headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
            let mut pairs =
                cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
            pairs.find(|(name, _)| *name == COOKIE).and_then(|(_, tag)| Language::of_tag(tag))
        };
        let kept = clicked(&parts.uri).or_else(kept);
        Ok(Self(kept.unwrap_or_else(|| accepted_language(&parts.headers))))
    }
}

/// The language that `Accept-Language` asks for; Chinese where it asks for none that there is.
pub(crate) fn accepted_language(headers: &HeaderMap) -> Language {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    asked.and_then(first).unwrap_or_default()
}

/// The language that was clicked.
fn clicked(uri: &Uri) -> Option<Language> {
    uri.query()?.split('&').find_map(|pair| pair.strip_prefix("lang=")).and_then(Language::of_tag)
}

/// Keeps what was clicked, for the pages to come.
pub(super) async fn remember(request: Request, next: Next) -> Response {
    let clicked = clicked(request.uri());
    let mut response = next.run(request).await;
    if let Some(language) = clicked {
        let cookie = format!("{COOKIE}={}; Path=/; Max-Age={KEPT}; HttpOnly; SameSite=Lax", language.code());
        let cookie = HeaderValue::from_str(&cookie).expect("letters and numbers");
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The language wanted most that there is.
fn first(accepted: &str) -> Option<Language> {
    let mut wanted: Vec<(u32, Language)> = accepted.split(',').filter_map(weighed).collect();
    wanted.sort_by_key(|(weight, _)| Reverse(*weight));
    wanted.first().map(|(_, language)| *language)
}

/// `en;q=0.8` as thousandths and the language; nothing for languages there aren't, and for a weight of zero.
fn weighed(range: &str) -> Option<(u32, Language)> {
    let (tag, weight) = range.split_once(";q=").unwrap_or((range, "1"));
    let weight = (weight.trim().parse::<f32>().ok()?.clamp(0.0, 1.0) * 1000.0) as u32;
    (weight > 0).then_some(())?;
    Some((weight, Language::of_tag(tag.trim())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_browsers_ask_for() {
        for (accepted, language) in [
            ("zh-CN,zh;q=0.9,en;q=0.8", Some(Language::Zh)),
            ("en-GB,en;q=0.9,zh;q=0.8", Some(Language::En)),
            ("fr-FR,fr;q=0.9,en;q=0.5,zh;q=0.7", Some(Language::Zh)),
            ("de, en;q=0", None),
            ("*", None),
            ("", None),
            ("en;q=x", None),
        ] {
            assert_eq!(first(accepted), language, "{accepted}");
        }
    }
}
