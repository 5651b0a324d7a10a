//! Who works on cards: whoever is signed in and may; and the fields of the forms they send.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use pass::CompoundId;
use registry::May;
use store::{Act, Compound, StoreError};

use crate::web::Web;
use crate::web::form::Posted;
use crate::web::session::Staff;
use crate::words::Language;
use crate::words::passes::{self as words, Texts};

/// Somebody who works here, and their language.
pub(super) struct Worker {
    pub(super) staff: Staff,
    pub(super) language: Language,
    pub(super) t: &'static Texts,
}

impl Worker {
    /// What they do now.
    pub(super) fn act(&self, web: &Web) -> Act<'_> {
        self.staff.act(web)
    }

    /// Whether a compound is one of theirs.
    pub(super) fn sees(&self, compound: CompoundId) -> bool {
        self.staff.sees(compound)
    }

    /// Their compounds.
    pub(super) async fn compounds(&self, web: &Web) -> Result<Vec<Compound>, StoreError> {
        self.staff.compounds(web).await
    }

    /// After a form: the page that says what came of it, by its code (`words::told`) and a number.
    pub(super) fn see(&self, path: &str, told: &str, count: u64) -> Response {
        let and = if path.contains('?') { '&' } else { '?' };
        Redirect::to(&format!("{path}{and}told={told}.{count}")).into_response()
    }
}

impl FromRequestParts<Web> for Worker {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Response> {
        let staff = Staff::from_request_parts(parts, web).await?;
        staff.demand(May::Cards).map_err(IntoResponse::into_response)?;
        let language = staff.language;
        Ok(Self { staff, language, t: words::texts(language) })
    }
}

/// The fields of a form that was sent from one of our pages, in their order.
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
    type Rejection = Response;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Response> {
        let Posted { form, .. } = Posted::<Vec<(String, String)>>::from_request(request, web).await?;
        Ok(Self(form))
    }
}
