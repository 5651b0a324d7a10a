//! What somebody sends by a form, taken only from a page of ours that they have open while signed in.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Web;
use super::page::{broken, notice_page};
use super::session::Staff;
use crate::words::web as words;

/// The fields of a form, and who sent it. A field that may come several times is a `Vec`.
pub(super) struct Posted<T> {
    pub(super) staff: Staff,
    pub(super) form: T,
}

/// A form that is a button alone.
#[derive(Deserialize)]
pub(super) struct Button {}

/// The longest form: a thousand residents picked from a list, and a page of notes.
pub(super) const LONGEST: usize = 256 << 10;

#[derive(Deserialize)]
struct Guarded {
    #[serde(default)]
    csrf: String,
}

impl<T: DeserializeOwned> FromRequest<Web> for Posted<T> {
    type Rejection = Response;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let staff = Staff::from_request_parts(&mut parts, web).await?;
        let t = words::texts(staff.language);
        let unusable = || notice_page(StatusCode::BAD_REQUEST, t, t.bad_form, t.bad_form_remedy);
        let same = is_from_here(&parts.headers);
        let request = Request::from_parts(parts, body);
        let body = Bytes::from_request(request, web).await.map_err(|_| unusable())?;
        let guarded: Guarded = serde_html_form::from_bytes(&body).map_err(|_| unusable())?;
        if !same || guarded.csrf != staff.csrf {
            return Err(notice_page(StatusCode::FORBIDDEN, t, t.stale_form, t.stale_form_remedy));
        }
        let form = serde_html_form::from_bytes(&body).map_err(|_| unusable())?;
        Ok(Self { staff, form })
    }
}

/// A file that was sent from one of our pages, and who sent it. How long it may be is for the route to say (`DefaultBodyLimit`).
pub(super) struct Uploaded {
    pub(super) staff: Staff,
    /// The name that it had there: to be shown, and no path.
    pub(super) name: String,
    pub(super) bytes: Bytes,
    /// What was filled in before it in the form.
    pub(super) fields: BTreeMap<String, String>,
}

/// The most texts that are filled in beside a file, and the longest; others are left out.
const MOST_FIELDS: usize = 16;
const LONGEST_FIELD: usize = 1 << 10;

impl FromRequest<Web> for Uploaded {
    type Rejection = Response;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let staff = Staff::from_request_parts(&mut parts, web).await?;
        let t = words::texts(staff.language);
        let unusable = |status| notice_page(status, t, t.bad_upload, t.bad_upload_remedy);
        let stale = || notice_page(StatusCode::FORBIDDEN, t, t.stale_form, t.stale_form_remedy);
        if !is_from_here(&parts.headers) {
            return Err(stale());
        }
        let form = Multipart::from_request(Request::from_parts(parts, body), web).await;
        let mut form = form.map_err(|_| unusable(StatusCode::BAD_REQUEST))?;
        // The token stands before the file, which nobody reads for a stranger.
        let (mut is_ours, mut fields) = (false, BTreeMap::new());
        while let Some(field) = form.next_field().await.map_err(|error| unusable(error.status()))? {
            match field.name() {
                Some("csrf") => {
                    is_ours = field.text().await.is_ok_and(|csrf| csrf == staff.csrf);
                }
                Some("file") if is_ours => {
                    let name = field.file_name().unwrap_or_default().chars().take(100).collect();
                    let bytes = field.bytes().await.map_err(|error| unusable(error.status()))?;
                    return Ok(Self { staff, name, bytes, fields });
                }
                Some(name) if is_ours => {
                    let name = name.to_owned();
                    let text = field.text().await.map_err(|error| unusable(error.status()))?;
                    if fields.len() < MOST_FIELDS && text.len() <= LONGEST_FIELD {
                        fields.insert(name, text);
                    }
                }
                _ if is_ours => {}
                _ => return Err(stale()),
            }
        }
        Err(if is_ours { unusable(StatusCode::BAD_REQUEST) } else { stale() })
    }
}

/// Whether a browser says that one of our own pages sent this (Fetch Metadata; RFC 6454). What says neither is no browser that
/// could have been led astray: the token still has to be right.
pub(super) fn is_from_here(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match (text("origin"), text(header::HOST.as_str())) {
        (None, _) => true,
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, from)| from == host),
        (Some(_), None) => false,
    }
}

/// After something was done: the page to go on with, and what it says first.
pub(super) async fn see_other(web: &Web, staff: &Staff, path: &str, notice: &str) -> Response {
    match web.store.set_notice(&staff.session(), Some(notice)).await {
        Ok(()) => Redirect::to(path).into_response(),
        Err(error) => broken(&error, staff.language),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn where_a_form_comes_from() {
        for (site, origin, is_ours) in [
            (Some("same-origin"), Some("http://evil.example"), true),
            (Some("none"), None, true),
            (Some("cross-site"), Some("http://office:7380"), false),
            (Some("same-site"), None, false),
            (None, Some("http://office:7380"), true),
            (None, Some("https://office:7380"), true),
            (None, Some("http://office"), false),
            (None, Some("null"), false),
            (None, None, true),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("host", HeaderValue::from_static("office:7380"));
            if let Some(site) = site {
                headers.insert("sec-fetch-site", HeaderValue::from_static(site));
            }
            if let Some(origin) = origin {
                headers.insert("origin", HeaderValue::from_static(origin));
            }
            assert_eq!(is_from_here(&headers), is_ours, "{site:?} {origin:?}");
        }
    }
}
