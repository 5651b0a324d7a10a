//! `export`: the registry in the shape that rosters come in, with full names and phone numbers; `template`: a roster to fill in.

use std::io::Write;
use std::path::Path;

use super::{Desk, Problem};
use crate::cli;
use crate::export::{self, Kind, Table};
use crate::words::cli::Message;

pub(super) async fn run(desk: &Desk, options: &cli::Export) -> Result<(), Problem> {
    let kind = kind_of(desk, &options.out)?;
    let store = desk.store().await?;
    let compounds = match &options.compound {
        Some(name) => vec![desk.compound(&store, name).await?],
        None => store.compounds().await?,
    };
    let ids: Vec<_> = compounds.iter().map(|compound| compound.id).collect();
    let registered = store.registered(&ids, &desk.act()).await?;
    write(&options.out, kind, &export::roster(&registered, desk.language))?;
    desk.say(Message::Exported { count: registered.len(), path: &options.out });
    Ok(())
}

pub(super) fn template(desk: &Desk, path: &Path) -> Result<(), Problem> {
    let kind = kind_of(desk, path)?;
    write(path, kind, &export::template(desk.language))?;
    desk.say(Message::TemplateWritten { path });
    Ok(())
}

fn kind_of(desk: &Desk, path: &Path) -> Result<Kind, Problem> {
    Kind::of(path).ok_or_else(|| desk.problem(Message::NoKindOfTable { path }))
}

/// Writes a file that only its owner can read, whole or not at all.
fn write(path: &Path, kind: Kind, table: &Table) -> Result<(), Problem> {
    let bytes = table.file(kind)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let written = || -> std::io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(&bytes)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    written().map_err(|why| Problem::CannotWrite(path.to_owned(), why))
}
