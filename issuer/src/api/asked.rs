//! How requests are read: who calls, the parts of the path, parameters, bodies. All of it strict: what isn't described is refused.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use pass::CompoundId;
use registry::{May, Scope};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use store::{Account, Act, Compound, Holding, StoreError};
use utoipa::IntoParams;

use super::problem::Problem;
use crate::accounts::Token;
use crate::web::Web;

/// A program that acts as somebody.
pub(super) struct Caller {
    pub(super) account: Account,
}

impl Caller {
    /// Demands that their role may do something.
    pub(super) fn demand(&self, may: May) -> Result<(), Problem> {
        if self.account.role.may(may) { Ok(()) } else { Err(Problem::NotAllowed(may)) }
    }

    /// Whose compounds alone are to be found; none where all are.
    pub(super) fn within(&self) -> Option<String> {
        (self.account.scope != Scope::Everywhere).then(|| self.account.name.clone())
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

    /// One of their compounds, where their role does this.
    pub(super) async fn compound(&self, web: &Web, id: u32, may: May) -> Result<Compound, Problem> {
        self.demand(may)?;
        let mut theirs = self.compounds(web).await?.into_iter();
        theirs.find(|compound| compound.id.0 == id).ok_or(Problem::NotFound)
    }

    /// Somebody of one of their compounds, where their role does this.
    pub(super) async fn holding(&self, web: &Web, of: &OfHolder, may: May) -> Result<Holding, Problem> {
        self.demand(may)?;
        let compound = CompoundId(of.compound);
        if !self.sees(compound) {
            return Err(Problem::NotFound);
        }
        Ok(web.store.holding(compound, of.holder).await?)
    }

    /// Theirs is what is done now.
    pub(super) fn act(&self, web: &Web) -> Act<'_> {
        Act { by: &self.account.name, at: web.clock.now() }
    }
}

impl FromRequestParts<Web> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Problem> {
        let token = bearer(&parts.headers).ok_or(Problem::NoToken)?;
        let account = web.store.account_of_token(&token.hash(), web.clock.now()).await?;
        account.map(|account| Self { account }).ok_or(Problem::NoToken)
    }
}

/// The token of `Authorization: Bearer …` (RFC 6750 §2.1); none where there are several.
fn bearer(headers: &HeaderMap) -> Option<Token> {
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let (first, others) = (given.next()?, given.next());
    let (scheme, token) = first.to_str().ok()?.split_once(' ')?;
    if others.is_some() || !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    Token::shown(token)
}

/// A compound in a path.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct OfCompound {
    /// The compound's number.
    #[param(minimum = 1, maximum = 4_294_967_295_u64, example = 1)]
    pub(super) compound: u32,
}

/// A holder in a path.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct OfHolder {
    /// The compound's number.
    #[param(minimum = 1, maximum = 4_294_967_295_u64, example = 1)]
    pub(super) compound: u32,
    /// The holder's number within the compound: a person's or a vehicle's.
    #[param(minimum = 1, maximum = 65_535, example = 1)]
    pub(super) holder: u16,
}

/// The parts of a path. One that can be none of ours is as if it were not there.
pub(super) struct At<T>(pub(super) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Web> for At<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Problem> {
        let path = Path::<T>::from_request_parts(parts, web).await;
        path.map(|Path(of)| Self(of)).map_err(|_| Problem::NotFound)
    }
}

/// Parameters. One that isn't known, or comes twice, is refused.
pub(super) struct Asked<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequestParts<Web> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let asked = serde_html_form::from_str(query);
        asked.map(Self).map_err(|why| Problem::Query(why.to_string()))
    }
}

/// No parameters at all, where none are known.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// A body in JSON.
pub(super) struct Sent<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Web> for Sent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        Asked::<Nothing>::from_request_parts(&mut parts, web).await?;
        if !is_json(&parts.headers) {
            return Err(Problem::MediaType);
        }
        let body = Bytes::from_request(Request::from_parts(parts, body), web).await;
        let body = body.map_err(|_| Problem::TooLarge)?;
        // Serde would take the members of a structure out of an array as well.
        if body.trim_ascii_start().starts_with(b"[") {
            return Err(Problem::Shape("an array, where an object is wanted".to_owned()));
        }
        serde_json::from_slice(&body).map(Self).map_err(|why| match why.is_data() {
            true => Problem::Shape(why.to_string()),
            false => Problem::Syntax(why.to_string()),
        })
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let said = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = said.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}
