//! `notice`: posters, signs and guidance sheets, and the notice of a closed building, a page each.

use registry::Address;
use store::Action;

use super::bundle::write_whole;
use super::who::one;
use super::{Desk, Problem};
use crate::cards::Paper;
use crate::cli::{NoticeSheet, NoticeTask, SpotName};
use crate::print::{Dwelling, FoundAt, Notice, Spot, draw_notice};
use crate::words::cards::Told;

pub(super) async fn run(desk: &Desk, task: &NoticeTask) -> Result<(), Problem> {
    let (NoticeTask::Poster { sheet, .. }
    | NoticeTask::DoorSign { sheet, .. }
    | NoticeTask::Guidance { sheet, .. }
    | NoticeTask::Closed { sheet, .. }) = task;
    let NoticeSheet { compound, out, font } = sheet;
    let store = desk.store().await?;
    let compound = desk.compound(&store, compound).await?;
    let settings = store.office_settings().await?;
    let (notice, what) = match task {
        NoticeTask::Poster { spot, .. } => {
            let spot = match spot {
                SpotName::Gate => Spot::Gate,
                SpotName::Lift => Spot::Lift,
                SpotName::Door => Spot::Door,
            };
            let link = settings.public_address.as_ref().map(|address| address.compound(compound.id));
            (Notice::Poster { spot, link }, "poster")
        }
        NoticeTask::DoorSign { home, first_day, last_day, .. } => {
            let days = (*first_day, *last_day);
            let parts: Vec<&str> = home.split('-').collect();
            let home = match parts[..] {
                [building, unit, room] => Address::new(building, unit, room),
                [building, room] => Address::new(building, "", room),
                _ => return Err(desk.told(&Told::NoHome { home })),
            };
            (Notice::DoorSign { home: dwelling(home), days }, "door sign")
        }
        NoticeTask::Guidance { who, first_day, last_day, contact, telephone, .. } => {
            let found = one(desk, &store, &compound, who).await?;
            let contact = FoundAt { office: contact.clone(), telephone: telephone.clone() };
            let days = (*first_day, *last_day);
            let (name, home) = (found.name.to_string(), dwelling(found.address));
            (Notice::Guidance { name, home, days, contact }, "guidance sheet")
        }
        NoticeTask::Closed { building, unit, starts, last_day, because, .. } => {
            let address = Address::new(building, unit, "");
            let notice = Notice::Closed {
                building: address.building,
                unit: address.unit,
                from: *starts,
                until: *last_day,
                why: registry::tidy(because),
            };
            (notice, "notice of closure")
        }
    };
    if let Notice::DoorSign { days, .. } | Notice::Guidance { days, .. } = &notice
        && days.1 < days.0
    {
        return Err(desk.told(&Told::DaysTurned));
    }
    let paper = Paper::new(&settings, font.as_deref());
    let mut fonts = paper.fonts().map_err(|error| Problem::Told(error.explain(desk.language)))?;
    let (mut pdf, act) = (Vec::new(), desk.act());
    let place = paper.place(&compound);
    let missing = draw_notice(&notice, &place, desk.language, paper.civil(act.at), &mut fonts, &mut pdf)
        .map_err(|error| Problem::Told(error.explain(desk.language)))?;
    write_whole(out, &pdf)?;
    store.audit(&act, Action::Print, &format!("{what}, compound {}", compound.id.0)).await?;
    if !missing.is_empty() {
        desk.tell(&Told::Missing { characters: &missing.iter().collect::<String>() });
    }
    desk.tell(&Told::Written { path: out });
    Ok(())
}

fn dwelling(home: Address) -> Dwelling {
    let Address { building, unit, room } = home;
    Dwelling { building, unit, room }
}
