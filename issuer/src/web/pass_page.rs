//! One pass for a phone: its colour, its code, until when, and what is allowed. What is true now, not what was signed.

use std::fmt::Write;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use pass::{Colour, Kind, Timestamp};
use registry::OfficeSettings;
use store::{Closure, PassOnFile, StoreError};

use super::Web;
use super::building::closed_since;
use super::language::Reader;
use super::page::{Chip, Standing, broken, home, kind_icon, moment, not_found, shown, standing};
use crate::words::Language;
use crate::words::building as building_words;
use crate::words::web::{self as words, Texts};

/// Light modules around a code (ISO/IEC 18004 §6.3.8).
const QUIET: usize = 4;

#[derive(Template)]
#[template(path = "pass.html")]
struct PassPage {
    t: &'static Texts,
    other: Language,
    chip: Chip,
    icon: &'static str,
    heading: &'static str,
    holds: bool,
    standing: String,
    name: String,
    kind: &'static str,
    kind_icon: &'static str,
    compound: String,
    home: String,
    allowed: &'static str,
    until: String,
    as_of: String,
    short_code: String,
    code: Option<Svg>,
    compound_number: u32,
    office: OfficeSettings,
}

/// A code as the data of an SVG path, in modules.
pub(super) struct Svg {
    pub(super) width: usize,
    pub(super) path: String,
}

/// `/p/TOKEN`.
pub(super) async fn show(
    State(web): State<Web>,
    Path(token): Path<String>,
    Reader(language): Reader,
) -> Response {
    match find(&web, &token).await {
        Err(error) => broken(&error, language),
        Ok(None) => not_found(Reader(language)).await,
        Ok(Some(found)) => shown(&PassPage::of(found, web.clock.now(), language)),
    }
}

/// A pass, what keeps its holder at home, and the office.
type Found = (PassOnFile, Option<Closure>, OfficeSettings);

async fn find(web: &Web, token: &str) -> Result<Option<Found>, StoreError> {
    let Some(pass) = web.store.pass_by_token(token).await? else { return Ok(None) };
    let closure = match pass.kind {
        Kind::Person | Kind::Vehicle => {
            web.store.closure_of(pass.compound, pass.holder, web.clock.now()).await?
        }
        Kind::Visitor | Kind::Specimen => None,
    };
    Ok(Some((pass, closure, web.store.office_settings().await?)))
}

impl PassPage {
    fn of((pass, closure, office): Found, now: Timestamp, language: Language) -> Self {
        let (t, t_building) = (words::texts(language), building_words::texts(language));
        let mut standing = standing(pass.status, pass.colour, pass.not_before, pass.expires, now, language);
        // A pass that is void, or red, says so wherever its holder lives.
        let closure = closure.filter(|_| standing.holds && pass.colour_now != Colour::Red);
        if let Some(closure) = &closure {
            standing = Standing { holds: false, as_signed: false, text: closed_since(closure, language) };
        }
        let (heading, remedy) = match closure {
            Some(_) => (t_building.at_home, t_building.at_home_remedy),
            None => (t.void, t.void_remedy),
        };
        let chip = Chip::of(pass.colour_now, t);
        Self {
            t,
            other: language.other(),
            icon: if standing.holds { chip.code } else { "void" },
            holds: standing.holds,
            heading: if standing.holds { chip.word } else { heading },
            chip,
            standing: match standing.as_signed {
                true => words::in_short(pass.colour_now, language).to_owned(),
                false => standing.text,
            },
            name: pass.name.to_string(),
            kind: t.kinds[pass.kind as usize],
            kind_icon: kind_icon(pass.kind),
            compound: pass.compound_name.clone(),
            home: home(&pass.address, language),
            allowed: match standing.holds {
                true => words::allowed(pass.colour_now, pass.kind, language),
                false => remedy,
            },
            until: moment(pass.expires),
            as_of: moment(now),
            short_code: pass.serial.short_code(),
            code: qr::encode(&pass.text).ok().map(|code| Svg::of(&code)),
            compound_number: pass.compound.0,
            office,
        }
    }
}

impl Svg {
    pub(super) fn of(code: &qr::Code) -> Self {
        let mut path = String::new();
        for y in 0..code.width() {
            let mut x = 0;
            while x < code.width() {
                let run = (x..code.width()).take_while(|x| code.is_dark(*x, y)).count();
                if run > 0 {
                    let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
                }
                x += run.max(1);
            }
        }
        Self { width: code.width() + 2 * QUIET, path }
    }
}
