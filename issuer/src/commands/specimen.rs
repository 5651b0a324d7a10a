//! `specimen`: cards for training, one of each colour, that open nothing.

use super::bundle::write_whole;
use super::print::size;
use super::{Desk, Problem};
use crate::cards::{Paper, SPECIMEN_LIFE, Signing, specimen_name};
use crate::cli;
use crate::words::cards::Told;

pub(super) async fn run(desk: &Desk, options: &cli::Specimen) -> Result<(), Problem> {
    let store = desk.store().await?;
    let compound = desk.compound(&store, &options.compound).await?;
    let (key, trusted) = desk.signer()?;
    store.bind_office(trusted.office).await?;
    let signing = Signing { key, trusted };
    let act = desk.act();
    signing.demand(std::slice::from_ref(&compound), act.at)?;
    let settings = store.office_settings().await?;
    let paper = Paper::new(&settings, options.font.as_deref());
    let mut fonts = paper.fonts().map_err(|error| Problem::Told(error.explain(desk.language)))?;
    let end = act.at.plus(SPECIMEN_LIFE);
    let mut sign = |pass| signing.sign(pass);
    let specimens = store.specimens(compound.id, &specimen_name(), end, &act, &mut sign).await?;
    let pdf = paper
        .draw_specimens(&specimens, &compound, size(options.size), act.at, &mut fonts)
        .map_err(|error| Problem::Told(error.explain(desk.language)))?;
    write_whole(&options.out, &pdf)?;
    store.audit(&act, store::Action::Print, &format!("specimens, compound {}", compound.id.0)).await?;
    desk.tell(&Told::Written { path: &options.out });
    Ok(())
}
