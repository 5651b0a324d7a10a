//! `office`: what the office says of itself, and how long its passes live.

use registry::{Lifetime, OfficeSettings};
use store::Act;

use super::{AT_THE_COMMAND_LINE, Desk, Problem, tell};
use crate::cli::OfficeTask;
use crate::words::cards::{self as words, Told};

pub(super) async fn run(desk: &Desk, task: &OfficeTask) -> Result<(), Problem> {
    let store = desk.store().await?;
    let had = store.office_settings().await?;
    let OfficeTask::Set { office_name, telephone, public_address, lifetime, renew, by } = task else {
        for line in words::settings(&had, desk.language) {
            tell(&line)?;
        }
        return Ok(());
    };
    let address = had.public_address.as_ref().map(ToString::to_string).unwrap_or_default();
    let settings = OfficeSettings::typed(
        office_name.as_deref().unwrap_or(&had.name),
        telephone.as_deref().unwrap_or(&had.telephone),
        public_address.as_deref().unwrap_or(&address),
        Lifetime {
            days: lifetime.unwrap_or(had.lifetime.days),
            renewed_in_last_days: renew.unwrap_or(had.lifetime.renewed_in_last_days),
        },
    )
    .map_err(|error| Problem::Told(words::settings_problem(error, desk.language)))?;
    let by = by.as_deref().filter(|by| !by.trim().is_empty()).unwrap_or(AT_THE_COMMAND_LINE);
    store.set_office_settings(&settings, &Act { by, at: desk.now() }).await?;
    desk.tell(&Told::SettingsKept);
    Ok(())
}
