//! Deciding a colour and replacing a card, each with the signing of the new card in one transaction. Asks nobody whether they may.

use pass::{CompoundId, Serial, Timestamp};
use store::{Act, ColourChange, Compound, Store, StoreError};

use super::Signing;

/// A holder of a compound whose name is known.
#[derive(Clone, Copy)]
pub(crate) struct Whose<'a> {
    pub(crate) compound: CompoundId,
    pub(crate) compound_name: &'a str,
    pub(crate) holder: u16,
}

/// The key, where it may sign for a compound.
fn able<'a>(signing: Option<&'a Signing>, id: CompoundId, name: &str, now: Timestamp) -> Option<&'a Signing> {
    let of = Compound { id, name: name.to_owned(), rules: None };
    signing.filter(|it| it.demand(std::slice::from_ref(&of), now).is_ok())
}

/// Decides, and signs the new card with it where the key is at hand and may. Whether the colour changed, and the new card.
pub(crate) async fn decide(
    store: &Store,
    signing: Option<&Signing>,
    whose: Whose<'_>,
    change: &ColourChange<'_>,
    act: &Act<'_>,
) -> Result<(bool, Option<Serial>), StoreError> {
    let Whose { compound, compound_name, holder } = whose;
    let Some(signing) = able(signing, compound, compound_name, act.at) else {
        return Ok((store.set_colour(compound, holder, change, act).await?, None));
    };
    store.bind_office(signing.trusted.office).await?;
    let lifetime = store.office_settings().await?.lifetime;
    let mut sign = |pass| signing.sign(pass);
    store.set_colour_and_sign(compound, holder, change, &lifetime, act, &mut sign).await
}

/// Gives a holder a pass where they need one, as signing all that is due would. The pass; nothing where the last one is good. `None`
/// where nothing can be signed for that compound.
pub(crate) async fn issue(
    store: &Store,
    signing: Option<&Signing>,
    whose: Whose<'_>,
    act: &Act<'_>,
) -> Result<Option<Option<Serial>>, StoreError> {
    let Whose { compound, compound_name, holder } = whose;
    let Some(signing) = able(signing, compound, compound_name, act.at) else { return Ok(None) };
    store.bind_office(signing.trusted.office).await?;
    let lifetime = store.office_settings().await?.lifetime;
    let mut sign = |pass| signing.sign(pass);
    store.issue_to(compound, holder, &lifetime, act, &mut sign).await.map(Some)
}

/// Replaces a card. The new one; nothing where nothing can be signed for its compound.
pub(crate) async fn replace(
    store: &Store,
    signing: Option<&Signing>,
    serial: Serial,
    why: &str,
    act: &Act<'_>,
) -> Result<Option<Serial>, StoreError> {
    let old = store.pass(serial).await?;
    let Some(signing) = able(signing, old.compound, &old.compound_name, act.at) else { return Ok(None) };
    store.bind_office(signing.trusted.office).await?;
    let lifetime = store.office_settings().await?.lifetime;
    let mut sign = |pass| signing.sign(pass);
    store.replace(serial, &lifetime, why, act, &mut sign).await.map(Some)
}
