//! Who asks: whoever is signed in, what they may do, and where.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::{IntoResponse, Redirect, Response};
use pass::CompoundId;
use registry::{May, Scope};
use store::{Account, Act, Compound, StoreError};

use super::Web;
use super::language::Reader;
use super::page::{broken, refused};
use crate::accounts::Token;
use crate::words::Language;

/// Where somebody signs in.
pub(super) const SIGN_IN: &str = "/sign-in";
/// Where somebody looks after their own account.
pub(super) const OWN: &str = "/account";
/// Where one's own password is changed.
pub(super) const OWN_PASSWORD: &str = "/account/password";
/// The cookie's name. Behind TLS it gets the prefix that keeps other hosts and plain pages from setting it (RFC 6265bis §4.1.3.2).
const COOKIE: &str = "sanse_office";
const SECURE_COOKIE: &str = "__Host-sanse_office";

/// Somebody who is signed in.
pub(super) struct Staff {
    pub(super) account: Account,
    /// The language they read.
    pub(super) language: Language,
    /// What their forms carry.
    pub(super) csrf: String,
    /// What the page before left to be said.
    pub(super) notice: Option<String>,
    /// The address of the page that is shown, to which a parameter can be added.
    pub(super) here: String,
    token: Token,
}

/// Why somebody gets no page: their role doesn't do this, or not there.
#[derive(Debug)]
pub(super) struct NotAllowed {
    may: May,
    language: Language,
}

impl Staff {
    /// Demands that their role may do something.
    pub(super) fn demand(&self, may: May) -> Result<(), NotAllowed> {
        match self.account.role.may(may) {
            true => Ok(()),
            false => Err(NotAllowed { may, language: self.language }),
        }
    }

    /// Whether a compound is one of theirs.
    pub(super) fn sees(&self, compound: CompoundId) -> bool {
        self.account.scope.covers(compound)
    }

    /// Their compounds.
    pub(super) async fn compounds(&self, web: &Web) -> Result<Vec<Compound>, StoreError> {
        let mut compounds = web.store.compounds().await?;
        compounds.retain(|compound| self.sees(compound.id));
        Ok(compounds)
    }

    /// Whose compounds alone are to be found; none where all are.
    pub(super) fn within(&self) -> Option<String> {
        (self.account.scope != Scope::Everywhere).then(|| self.account.name.clone())
    }

    /// Theirs is what is done now.
    pub(super) fn act(&self, web: &Web) -> Act<'_> {
        Act { by: &self.account.name, at: web.clock.now() }
    }

    /// The hash of their session's token.
    pub(super) fn session(&self) -> String {
        self.token.hash()
    }
}

impl IntoResponse for NotAllowed {
    fn into_response(self) -> Response {
        refused(self.may, self.language)
    }
}

impl FromRequestParts<Web> for Staff {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Response> {
        let Ok(Reader(language)) = Reader::from_request_parts(parts, web).await;
        let shown = shown(&parts.headers, web);
        let session = match &shown {
            Some(token) => web.store.session(&token.hash(), web.clock.now()).await,
            None => Ok(None),
        };
        let (token, session) = match (shown, session) {
            (_, Err(error)) => return Err(broken(&error, language)),
            (Some(token), Ok(Some(session))) => (token, session),
            _ => return Err(to_sign_in(parts)),
        };
        // Nobody works with a password that somebody else knows.
        let own = [OWN, OWN_PASSWORD, "/sign-out"].contains(&parts.uri.path());
        if session.account.provisional && !own {
            return Err(Redirect::to(OWN).into_response());
        }
        if session.notice.is_some()
            && parts.method == Method::GET
            && let Err(error) = web.store.set_notice(&token.hash(), None).await
        {
            return Err(broken(&error, language));
        }
        let store::Session { account, csrf, notice } = session;
        Ok(Self { account, language, csrf, notice, here: here(parts), token })
    }
}

/// A page is found again in another language; what answers a form is not: it leads to the day's page.
fn here(parts: &Parts) -> String {
    if parts.method != Method::GET {
        return "/?".to_owned();
    }
    let query = parts.uri.query().unwrap_or_default();
    let others: String = query
        .split('&')
        .filter(|it| !it.is_empty() && !it.starts_with("lang="))
        .map(|it| format!("{it}&"))
        .collect();
    format!("{}?{others}", parts.uri.path())
}

/// What is asked for is found again after signing in, where it was a page.
fn to_sign_in(parts: &Parts) -> Response {
    let page = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    if parts.method != Method::GET || page == "/" {
        return Redirect::to(SIGN_IN).into_response();
    }
    let next = serde_html_form::to_string([("next", page)]).unwrap_or_default();
    Redirect::to(&format!("{SIGN_IN}?{next}")).into_response()
}

fn name(web: &Web) -> &'static str {
    if web.by_tls { SECURE_COOKIE } else { COOKIE }
}

/// The token that a browser shows.
fn shown(headers: &HeaderMap, web: &Web) -> Option<Token> {
    let name = name(web);
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).and_then(|(_, value)| Token::shown(value))
}

/// Gives a browser a token to show, or takes it away.
pub(super) fn set_cookie(response: &mut Response, token: Option<&Token>, web: &Web) {
    let (name, secure) = (name(web), if web.by_tls { "; Secure" } else { "" });
    let value = token.map_or("", Token::reveal);
    let age = if token.is_some() { "" } else { "; Max-Age=0" };
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{age}");
    let cookie = HeaderValue::from_str(&cookie).expect("base64url and letters");
    response.headers_mut().append(header::SET_COOKIE, cookie);
}
