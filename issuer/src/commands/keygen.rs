//! `keygen`: new keys, and the recovery sheet on standard output.

use pass::OfficeId;

use super::{Desk, Problem, tell};
use crate::cli::Keygen;
use crate::keys::{self, Ceremony};
use crate::words;

pub(super) fn run(desk: &Desk, options: &Keygen) -> Result<(), Problem> {
    let files = desk.key_files();
    if let Some(path) = files.existing() {
        return Err(Problem::KeysExist(path));
    }
    let ceremony = Ceremony {
        office: OfficeId(options.office),
        compounds: options.compounds.clone(),
        days: options.days,
    };
    let sheet = keys::generate(&files, &ceremony, &desk.passphrase(), desk.clock.as_ref())?;
    tell(&words::keys::sheet(&sheet, &files.root(), desk.language))
}
