//! `bundle`: what a gate judges by, in one file.

use std::path::Path;

use store::{Compound, Gate, Store};

use super::{Desk, Problem};
use crate::bundles::make;
use crate::cli;
use crate::exchange::CannotMake;
use crate::words::cli::Message;

pub(super) async fn run(desk: &Desk, options: &cli::Bundle) -> Result<(), Problem> {
    let store = desk.store().await?;
    let keys = desk.keys()?;
    let gates = gates(desk, &store, &options.gates).await?;
    let compound = compound(desk, &store, options.compound.as_deref(), &gates).await?;
    let act = desk.act();
    let hands = keys.hands(&store, act.at);
    let made = make(&hands, (&compound, &gates), options.hours, &act).await.map_err(|why| match why {
        CannotMake::NotCovered(compound) => Problem::NotCovered(compound),
        CannotMake::May(_) => desk.problem(Message::PeopleNotCovered),
        CannotMake::TooMuch(what) => desk.problem(Message::TooMuch { what: &what }),
        CannotMake::Store(error) => error.into(),
        CannotMake::Other(error) => Problem::Other(error),
    })?;
    write_whole(&options.out, &made.bytes)?;
    if !gates.is_empty() {
        let names: Vec<&str> = gates.iter().map(|gate| gate.name.as_str()).collect();
        let names = names.join(desk.language.choose("、", ", "));
        desk.say(Message::Sealed { residents: made.residents, gates: &names });
    }
    desk.say(Message::Bundled { compound: &compound.name, path: &options.out });
    Ok(())
}

/// The gates of these names.
async fn gates(desk: &Desk, store: &Store, names: &[String]) -> Result<Vec<Gate>, Problem> {
    let known = if names.is_empty() { Vec::new() } else { store.gates().await? };
    let find = |name: &String| {
        let name = registry::tidy(name);
        known.iter().find(|gate| gate.name == name).cloned().ok_or_else(|| {
            let others: Vec<&str> = known.iter().map(|gate| gate.name.as_str()).collect();
            let others = others.join(desk.language.choose("、", ", "));
            desk.problem(Message::NoGate { name: &name, others: &others })
        })
    };
    names.iter().map(find).collect()
}

/// The compound that was named, or the one that all the gates belong to.
async fn compound(
    desk: &Desk,
    store: &Store,
    name: Option<&str>,
    gates: &[Gate],
) -> Result<Compound, Problem> {
    let compound = match (name, gates.first()) {
        (Some(name), _) => desk.compound(store, name).await?,
        (None, first) => {
            let of_first = |compound: &Compound| first.is_some_and(|gate| gate.compound == compound.id);
            let found = store.compounds().await?.into_iter().find(of_first);
            found.ok_or_else(|| desk.problem(Message::GatesOfTwoCompounds))?
        }
    };
    match gates.iter().all(|gate| gate.compound == compound.id) {
        true => Ok(compound),
        false => Err(desk.problem(Message::GatesOfTwoCompounds)),
    }
}

/// Writes a file so that nobody ever finds half of it under its name.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || -> std::io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        std::io::Write::write_all(&mut file, bytes)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    write().map_err(|why| Problem::CannotWrite(path.to_owned(), why))
}
