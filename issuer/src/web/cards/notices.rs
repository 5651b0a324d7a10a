//! Notices and specimens: a form for each, and the PDF that comes of it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use jiff::civil::{Date, DateTime};
use registry::Address;
use store::{Action, Compound};

use super::desk::{Fields, Worker};
use super::frame::{Failed, Frame, Left, Place, answer, pdf};
use super::overview::compound;
use crate::cards::{Paper, SPECIMEN_LIFE, specimen_name};
use crate::print::{Dwelling, FoundAt, Notice, SheetSize, Spot, draw_notice};
use crate::web::Web;
use crate::web::page::shown;
use crate::words::Language;

/// The longest text of a field, in characters.
const LONGEST: usize = 120;

#[derive(Template)]
#[template(path = "passes-notices.html")]
struct NoticesPage {
    f: Frame,
    compounds: Vec<Compound>,
    spots: [(&'static str, &'static str); 3],
    locked: bool,
}

/// `/passes/notices`.
pub(super) async fn show(State(web): State<Web>, worker: Worker, Query(left): Query<Left>) -> Response {
    let done = async {
        let [gate, lift, door] = worker.t.spots;
        Ok(shown(&NoticesPage {
            f: Frame::of(&worker, Place::Notices, &left),
            compounds: worker.compounds(&web).await?,
            spots: [("gate", gate), ("lift", lift), ("door", door)],
            locked: web.office.signing().is_none(),
        }))
    };
    let done = done.await;
    answer(&worker, Place::Notices, done)
}

/// The PDF of what was filled in.
pub(super) async fn draw(State(web): State<Web>, worker: Worker, fields: Fields) -> Response {
    let done = drawn(&web, &worker, &fields).await;
    answer(&worker, Place::Notices, done)
}

async fn drawn(web: &Web, worker: &Worker, fields: &Fields) -> Result<Response, Failed> {
    let compounds = worker.compounds(web).await?;
    let Some(compound) = compound(&compounds, fields.get("compound")) else {
        return Ok(worker.see("/passes/notices", "bad-form", 0));
    };
    if fields.get("what") == "specimen" {
        return specimens(web, worker, compound).await;
    }
    let settings = Arc::new(web.store.office_settings().await?);
    let link = settings.public_address.as_ref().map(|address| address.compound(compound.id));
    let Some((notice, what)) = filled_in(fields, link) else {
        return Ok(worker.see("/passes/notices", "bad-form", 0));
    };
    let act = worker.act(web);
    let number = compound.id.0;
    let language = if fields.get("on_paper") == "en" { Language::En } else { Language::Zh };
    let drawn = tokio::task::spawn_blocking(move || {
        let paper = Paper::new(&settings, None);
        let mut fonts = paper.fonts().map_err(Failed::Font)?;
        let (mut bytes, place) = (Vec::new(), paper.place(&compound));
        draw_notice(&notice, &place, language, paper.civil(act.at), &mut fonts, &mut bytes)
            .map_err(Failed::Print)?;
        Ok::<_, Failed>(bytes)
    });
    // The clock's time only: the name of who acts is needed again below.
    let bytes = drawn.await.map_err(|_| Failed::Absent)??;
    web.store.audit(&worker.act(web), Action::Print, &format!("{what}, compound {number}")).await?;
    Ok(pdf(bytes, what))
}

/// The notice that was filled in, and its name; nothing where a field can't be read.
fn filled_in(fields: &Fields, link: Option<String>) -> Option<(Notice, &'static str)> {
    let text = |name: &str| Some(registry::tidy(fields.get(name))).filter(|it| it.chars().count() <= LONGEST);
    let days = || {
        let days: (Date, Date) = (fields.get("first").parse().ok()?, fields.get("last").parse().ok()?);
        (days.0 <= days.1).then_some(days)
    };
    let home = || {
        let typed = text("home")?;
        let parts: Vec<&str> = typed.split('-').collect();
        let Address { building, unit, room } = match parts[..] {
            [building, unit, room] => Address::new(building, unit, room),
            [building, room] => Address::new(building, "", room),
            _ => return None,
        };
        Some(Dwelling { building, unit, room })
    };
    Some(match fields.get("what") {
        "poster" => {
            let spot = match fields.get("spot") {
                "lift" => Spot::Lift,
                "door" => Spot::Door,
                _ => Spot::Gate,
            };
            (Notice::Poster { spot, link }, "poster")
        }
        "door-sign" => (Notice::DoorSign { home: home()?, days: days()? }, "door-sign"),
        "guidance" => {
            let contact = FoundAt { office: text("contact")?, telephone: text("telephone")? };
            (Notice::Guidance { name: text("name")?, home: home()?, days: days()?, contact }, "guidance")
        }
        "closed" => {
            let address = Address::new(&text("building")?, &text("unit")?, "");
            let from: DateTime = fields.get("from").parse().ok()?;
            let until = match fields.get("last") {
                "" => None,
                day => Some(day.parse().ok()?),
            };
            let (building, unit) = (address.building, address.unit);
            let why = text("because")?;
            (!building.is_empty()).then_some(())?;
            (Notice::Closed { building, unit, from, until, why }, "closed")
        }
        _ => return None,
    })
}

async fn specimens(web: &Web, worker: &Worker, compound: Compound) -> Result<Response, Failed> {
    let act = worker.act(web);
    let signing = web.office.signing();
    let may = |it: &&crate::cards::Signing| it.demand(std::slice::from_ref(&compound), act.at).is_ok();
    let Some(signing) = signing.filter(may) else {
        return Ok(worker.see("/passes/notices", "locked", 0));
    };
    web.store.bind_office(signing.trusted.office).await?;
    let mut sign = |pass| signing.sign(pass);
    let end = act.at.plus(SPECIMEN_LIFE);
    let made = web.store.specimens(compound.id, &specimen_name(), end, &act, &mut sign).await?;
    let settings = web.store.office_settings().await?;
    let (now, number) = (act.at, compound.id.0);
    let drawn = tokio::task::spawn_blocking(move || {
        let paper = Paper::new(&settings, None);
        let mut fonts = paper.fonts().map_err(Failed::Font)?;
        paper.draw_specimens(&made, &compound, SheetSize::Ten, now, &mut fonts).map_err(Failed::Print)
    });
    let bytes = drawn.await.map_err(|_| Failed::Absent)??;
    web.store.audit(&act, Action::Print, &format!("specimens, compound {number}")).await?;
    Ok(pdf(bytes, "specimens"))
}
