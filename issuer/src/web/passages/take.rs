//! Taking a gate's journal in.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use pass::CompoundId;
use registry::May;

use super::asked::Asked;
use super::{PATH, list};
use crate::passages::{Belonging, take_in};
use crate::web::Web;
use crate::web::form::{Uploaded, see_other};
use crate::web::page::broken;
use crate::words::passages as words;

/// `POST /passages/import`.
pub(super) async fn take(State(web): State<Web>, uploaded: Uploaded) -> Response {
    let Uploaded { staff, fields, bytes, .. } = uploaded;
    if let Err(refused) = staff.demand(May::Passages) {
        return refused.into_response();
    }
    let (t, language) = (words::texts(staff.language), staff.language);
    let asked = Asked::default();
    if bytes.is_empty() {
        return list::page(&web, &staff, asked, Some(t.no_file.to_owned())).await;
    }
    let chosen = fields.get("compound").and_then(|compound| compound.parse().ok()).map(CompoundId);
    let may = |compound| staff.sees(compound);
    let belonging = Belonging { of_unknown: chosen.filter(|compound| may(*compound)), may: &may };
    let act = staff.act(&web);
    let taken = match take_in(&web.store, &bytes, &belonging, &act, &mut |_, _| {}).await {
        Ok(taken) => taken,
        Err(error) => return broken(&error, language),
    };
    let mut said = words::taken(&taken, language);
    match &taken.refused {
        None => see_other(&web, &staff, PATH, &said.join(" ")).await,
        Some(refused) => {
            said.push(words::refused(refused, language));
            list::page(&web, &staff, asked, Some(said.join(" "))).await
        }
    }
}
