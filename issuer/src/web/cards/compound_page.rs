//! What holds in a compound, for everybody: the page behind the code of its posters. It names nobody.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use pass::{Colour, CompoundId, Kind};
use protocol::policy_from_json;
use registry::OfficeSettings;
use store::{Compound, StoreError};

use crate::rules::STARTER;
use crate::web::Web;
use crate::web::language::Reader;
use crate::web::page::{Chip, broken, not_found, shown};
use crate::words::Language;
use crate::words::web::{self as words, Texts};

#[derive(Template)]
#[template(path = "compound.html")]
struct CompoundPage {
    t: &'static Texts,
    other: Language,
    name: String,
    colours: Vec<(Chip, &'static str)>,
    rules: Vec<String>,
    office: OfficeSettings,
}

/// `/c/NUMBER`.
pub(super) async fn show(
    State(web): State<Web>,
    Path(number): Path<String>,
    Reader(language): Reader,
) -> Response {
    match find(&web, &number).await {
        Err(error) => broken(&error, language),
        Ok(None) => not_found(Reader(language)).await,
        Ok(Some((compound, office))) => shown(&CompoundPage::of(compound, office, language)),
    }
}

async fn find(web: &Web, number: &str) -> Result<Option<(Compound, OfficeSettings)>, StoreError> {
    let Ok(number) = number.parse().map(CompoundId) else { return Ok(None) };
    let found = web.store.compounds().await?.into_iter().find(|compound| compound.id == number);
    let Some(compound) = found else { return Ok(None) };
    Ok(Some((compound, web.store.office_settings().await?)))
}

impl CompoundPage {
    fn of(compound: Compound, office: OfficeSettings, language: Language) -> Self {
        let t = words::texts(language);
        let policy = policy_from_json(compound.rules.as_deref().unwrap_or(STARTER));
        Self {
            t,
            other: language.other(),
            name: compound.name,
            colours: Colour::ALL
                .map(|colour| (Chip::of(colour, t), words::allowed(colour, Kind::Person, language)))
                .into(),
            // Rules that this program can't read were written by a newer one; what the colours mean holds all the same.
            rules: policy.map(|policy| wording::explain(&policy, language)).unwrap_or_default(),
            office,
        }
    }
}
