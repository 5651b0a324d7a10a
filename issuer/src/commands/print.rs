//! `print`: the current passes as sheets of cards.

use jiff::tz::TimeZone;
use pass::Timestamp;
use store::{PassOnFile, Passes};

use super::bundle::write_whole;
use super::progress::bar;
use super::{Desk, Problem};
use crate::cli::{self, Set, Size};
use crate::print::{self, CardFace, Dwelling, Fonts, FoundAt, Job, Progress, SheetSize, Validity};
use crate::words::cli::Message;
use crate::words::print::FOUND_AT;

/// The zone of the dates on cards: all of the product's compounds are in it.
const ZONE: &str = "Asia/Shanghai";

pub(super) async fn run(desk: &Desk, options: &cli::Print) -> Result<(), Problem> {
    let store = desk.store().await?;
    if let Some(name) = &options.compound {
        desk.compound(&store, name).await?;
    }
    let act = desk.act();
    let which = match options.set {
        Set::All => Passes::Good(act.at),
        Set::New => Passes::Unprinted(act.at),
    };
    let mut passes: Vec<PassOnFile> = Vec::new();
    let mut pages = store.passes(which);
    while let Some(page) = pages.next().await? {
        let wanted =
            |pass: &PassOnFile| options.compound.as_ref().is_none_or(|name| *name == pass.compound_name);
        passes.extend(page.into_iter().filter(wanted));
    }
    if passes.is_empty() {
        return Err(Problem::NothingToPrint);
    }
    // Cards are handed out from door to door.
    passes.sort_by(|a, b| {
        let place = |pass: &PassOnFile| (pass.compound, pass.address.clone(), pass.kind, pass.holder);
        place(a).cmp(&place(b))
    });

    let zone = TimeZone::get(ZONE)?;
    let mut fonts =
        Fonts::find(options.font.as_deref()).map_err(|error| Problem::Told(error.explain(desk.language)))?;
    let sheet = match options.size {
        Size::Ten => SheetSize::Ten,
        Size::Eight => SheetSize::Eight,
    };
    let job = Job { sheet, printed: civil(act.at, &zone) };
    let bar = bar(Message::LayingOut, desk.language);
    let mut count = bar.counter();
    let mut pdf = Vec::new();
    let faces: Vec<CardFace> = passes.iter().map(|pass| face(pass, &zone)).collect();
    let printed = print::print(faces, job, &mut fonts, &mut pdf, |progress| {
        if let Progress::Page { done, of } = progress {
            count(done, of);
        }
    });
    bar.finish();
    let printed = printed.map_err(|error| Problem::Told(error.explain(desk.language)))?;
    write_whole(&options.out, &pdf)?;
    let serials: Vec<_> = passes.iter().map(|pass| pass.serial).collect();
    store.mark_printed(&serials, &act).await?;
    for missing in &printed.missing {
        let characters = missing.character.to_string();
        desk.say(Message::MissingGlyphs { name: &missing.name, characters: &characters });
    }
    desk.say(Message::Printed { cards: printed.cards, pages: printed.pages, path: &options.out });
    Ok(())
}

fn face(pass: &PassOnFile, zone: &TimeZone) -> CardFace {
    CardFace {
        colour: pass.colour,
        kind: pass.kind,
        compound: pass.compound,
        compound_name: pass.compound_name.clone(),
        name: pass.name.to_string(),
        dwelling: Some(Dwelling {
            building: pass.address.building.clone(),
            unit: pass.address.unit.clone(),
            room: pass.address.room.clone(),
        }),
        // The card names the last day on which it holds, and the pass ends with the second after.
        validity: Validity { from: civil(pass.not_before, zone), until: civil(pass.expires.plus(-1), zone) },
        short_code: pass.serial.short_code(),
        code: pass.text.clone(),
        found: FoundAt { office: FOUND_AT.to_owned(), telephone: String::new() },
    }
}

fn civil(at: Timestamp, zone: &TimeZone) -> jiff::civil::DateTime {
    let at = jiff::Timestamp::from_second(at.0).expect("the store's times are within four bytes");
    at.to_zoned(zone.clone()).datetime()
}
