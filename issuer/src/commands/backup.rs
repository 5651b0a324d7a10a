//! `backup` and `restore`: all of the registry in one file, and back, from any kind of database into any.

use std::path::{Path, PathBuf};

use store::{Action, INDEX_GAP, StoreError};
use zeroize::Zeroizing;

use super::{Desk, Problem};
use crate::backup::{BackupError, Reading, Writing, is_sealed};
use crate::words::backup::{self, Told};

pub(super) async fn backup(desk: &Desk, path: &Path) -> Result<(), Problem> {
    let store = desk.store().await?;
    let passphrase = desk.key_files().passphrase(&desk.passphrase()).map_err(Problem::Key)?;
    let passphrase = passphrase.as_ref().map(|text| text.as_str());
    let act = desk.act();
    // In the log first, and so in the backup as well.
    store.audit(&act, Action::Backup, "all of the registry").await?;
    let cannot = |why| Problem::CannotWrite(path.to_owned(), why);
    let mut writing = Writing::begin(path, passphrase, act.at).map_err(cannot)?;
    let rows = store.read_whole(&mut |piece| Ok(writing.piece(piece)?)).await?;
    writing.finish(path, passphrase).map_err(|error| refused(desk, path, &error))?;
    let sealed = passphrase.is_some();
    eprintln!("{}", Told::BackedUp { rows, path, sealed }.text(desk.language));
    Ok(())
}

pub(super) async fn restore(desk: &Desk, path: PathBuf) -> Result<(), Problem> {
    let sealed = is_sealed(&path).map_err(|why| refused(desk, &path, &BackupError::Io(why)))?;
    let passphrase: Option<Zeroizing<String>> = if sealed { desk.passphrase().existing()? } else { None };
    // Read to its end before a database is touched.
    let whole = || -> Result<(), BackupError> {
        let text = passphrase.as_ref().map(|text| text.as_str());
        Reading::open(&path, text)?.try_for_each(|piece| piece.map(drop))
    };
    whole().map_err(|error| refused(desk, &path, &error))?;
    let store = desk.store().await?;
    let source = Reading::source(path.clone(), passphrase);
    let rows = match store.write_whole(&source, &desk.act()).await {
        Err(StoreError::NotEmpty) => return Err(Problem::Told(Told::NotEmpty.text(desk.language))),
        other => other?,
    };
    eprintln!("{}", Told::Restored { rows, gap: INDEX_GAP }.text(desk.language));
    Ok(())
}

fn refused(desk: &Desk, path: &Path, why: &BackupError) -> Problem {
    Problem::Told(backup::refused(path, why, desk.language))
}
