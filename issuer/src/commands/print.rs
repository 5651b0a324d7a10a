//! `print`: the current passes as sheets of cards, numbered, and marked as printed once the file is written.

use store::{NewRun, PassOnFile, Store, ToPrint};

use super::bundle::write_whole;
use super::decide::serial;
use super::progress::bar;
use super::{Desk, Problem};
use crate::cards::{NewSheet, Paper, arrange, is_printable};
use crate::cli::{self, PerSheet, Set, Size};
use crate::print::{Progress, SheetSize};
use crate::words::cards::Told;
use crate::words::cli::Message;

pub(super) async fn run(desk: &Desk, options: &cli::Print) -> Result<(), Problem> {
    let store = desk.store().await?;
    let settings = store.office_settings().await?;
    if options.backs && settings.public_address.is_none() {
        return Err(desk.told(&Told::NoAddress));
    }
    let passes = chosen(desk, &store, options).await?;
    if passes.is_empty() {
        return Err(Problem::NothingToPrint);
    }
    let paper = Paper::new(&settings, options.font.as_deref());
    let mut fonts = paper.fonts().map_err(|error| Problem::Told(error.explain(desk.language)))?;
    let size = size(options.size);
    let new_sheet = match options.new_sheet {
        PerSheet::Compound => NewSheet::Compound,
        PerSheet::Building => NewSheet::Building,
        PerSheet::Unit => NewSheet::Stairwell,
    };
    let act = desk.act();
    let sheets = arrange(&passes, size, new_sheet);
    let run = store.lay_out(&NewRun { size: size.code(), backs: options.backs, sheets }, &act).await?;
    let laid = store.run_sheets(&run.id).await?;
    let bar = bar(Message::LayingOut, desk.language);
    let mut count = bar.counter();
    let drawn = paper.draw(&laid, (size, options.backs), act.at, &mut fonts, |progress| {
        if let Progress::Page { done, of } = progress {
            count(done, of);
        }
    });
    bar.finish();
    let drawn = drawn.map_err(|error| Problem::Told(error.explain(desk.language)));
    let written = drawn.and_then(|(printed, pdf)| write_whole(&options.out, &pdf).map(|()| printed));
    let printed = match written {
        Ok(printed) => printed,
        Err(problem) => {
            store.discard_run(&run.id, &act).await?;
            return Err(problem);
        }
    };
    store.confirm_run(&run.id, &act).await?;
    for missing in &printed.missing {
        let characters = missing.character.to_string();
        desk.say(Message::MissingGlyphs { name: &missing.name, characters: &characters });
    }
    desk.say(Message::Printed { cards: printed.cards, pages: printed.pages, path: &options.out });
    desk.tell(&Told::Numbers { numbers: run.numbers });
    Ok(())
}

/// The cards that were asked for by their codes, or all that fit the choice.
async fn chosen(desk: &Desk, store: &Store, options: &cli::Print) -> Result<Vec<PassOnFile>, Problem> {
    let at = desk.now();
    if !options.cards.is_empty() {
        let mut passes = Vec::with_capacity(options.cards.len());
        for code in &options.cards {
            let pass = store.pass(serial(desk, code)?).await?;
            if !is_printable(&pass, at) {
                return Err(desk.told(&Told::NotPrintable { code: &pass.serial.short_code() }));
            }
            passes.push(pass);
        }
        return Ok(passes);
    }
    let compound = match &options.compound {
        Some(name) => Some(desk.compound(store, name).await?.id),
        None => None,
    };
    let address = registry::Address::new(
        options.building.as_deref().unwrap_or_default(),
        options.unit.as_deref().unwrap_or_default(),
        "",
    );
    let which = ToPrint {
        compound,
        building: options.building.as_ref().map(|_| address.building.clone()),
        unit: options.unit.as_ref().map(|_| address.unit.clone()),
        unprinted: options.set == Set::New,
        at,
    };
    Ok(store.to_print(&which).await?)
}

pub(super) fn size(size: Size) -> SheetSize {
    match size {
        Size::Ten => SheetSize::Ten,
        Size::Eight => SheetSize::Eight,
        Size::One => SheetSize::One,
    }
}
