//! What is known of a person beside what everybody in the office sees: shown to whoever may, after it was written down that they looked.

use pass::CompoundId;
use registry::{FullName, Phone};
use store::{Act, Action, File, Holding, Store, StoreError};

use crate::keys::RegistryKey;

/// All that is known of somebody.
pub(crate) struct Revealed {
    /// None of a vehicle.
    pub(crate) full_name: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) identity: Identity,
    pub(crate) file: File,
}

/// An identity number, as far as it is shown.
pub(crate) enum Identity {
    /// Nobody wrote one down.
    Unknown,
    /// There is one, and whoever asks may not see it.
    Hidden,
    /// There is one, and the key that opens it isn't at hand.
    Locked,
    Number(String),
}

/// All that is known of somebody. The audit log is told first.
pub(crate) async fn reveal(
    store: &Store,
    key: Option<&RegistryKey>,
    holding: &Holding,
    sees_identity: bool,
    act: &Act<'_>,
) -> Result<Revealed, StoreError> {
    let Holding { compound, holder, .. } = *holding;
    let detail = format!("file of compound {} holder {holder}", compound.0);
    store.audit(act, Action::Look, &detail).await?;
    let file = store.file(compound, holder).await?;
    let identity = match &file.identity {
        None => Identity::Unknown,
        Some(_) if !sees_identity => Identity::Hidden,
        Some(sealed) => open(key, (compound, holder), sealed).map_or(Identity::Locked, Identity::Number),
    };
    Ok(Revealed {
        full_name: holding.full_name.as_ref().map(FullName::reveal).map(str::to_owned),
        phone: holding.phone.as_ref().map(Phone::reveal).map(str::to_owned),
        identity,
        file,
    })
}

fn open(key: Option<&RegistryKey>, whose: (CompoundId, u16), sealed: &str) -> Option<String> {
    let bytes = key?.open(&place(whose), sealed).ok()?;
    String::from_utf8(bytes.to_vec()).ok()
}

/// What an encrypted identity number belongs to: it opens nowhere else.
pub(crate) fn place((compound, holder): (CompoundId, u16)) -> String {
    format!("files.identity {} {holder}", compound.0)
}
