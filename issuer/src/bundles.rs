//! What a gate judges by, made in one piece: trust list, status list, rules, directions, and a compound's people sealed for each
//! gate.

use pass::Content;
use protocol::{Parcel, Receiver};
use store::{Act, Action, Compound, Gate, Version};

pub(crate) use crate::exchange::USUAL_HOURS;
use crate::exchange::{CannotMake, Hands, Parts};
use crate::people;

/// A bundle as it goes to gates.
pub(crate) struct Made {
    /// The file.
    pub(crate) bytes: Vec<u8>,
    /// How many people are in it, where any are.
    pub(crate) residents: usize,
}

/// Makes a bundle of a compound for these gates of it; without any it names nobody. Its status list holds for so many hours, and
/// never longer than the key.
pub(crate) async fn make(
    hands: &Hands<'_>,
    (compound, gates): (&Compound, &[Gate]),
    hours: u32,
    act: &Act<'_>,
) -> Result<Made, CannotMake> {
    let (store, now) = (hands.store, hands.now);
    store.bind_office(hands.trusted.office).await?;
    if !hands.trusted.covers(compound.id) {
        return Err(CannotMake::NotCovered(compound.clone()));
    }
    let (trust, _) = hands.files.trust_list()?;
    while store.publish(now).await? {}
    let versions = hands.versions(compound.id).await?;
    let of = |all: &std::collections::BTreeMap<_, u64>| all.get(&compound.id).copied().unwrap_or_default();
    // Signed anew, however little has changed: somebody carries it, and it must hold as long as they were told.
    let mut status = vec![hands.status(store.next_version(Version::Status, now).await?, hours).await?];
    let elsewhere = Parts::default().elsewhere(hands, compound.id, &versions.elsewhere).await?;
    status.extend(elsewhere.into_values().map(|(_, list)| list.to_vec()));
    let rules = hands.rules(compound, of(&versions.rules)).await?;
    // A key of before there were directions signs none, and its gates hand over what they log by files.
    let directions = match hands.trusted.contents.has(Content::Directions) {
        true => Some(hands.directions(compound.id, of(&versions.directions)).await?),
        false => None,
    };
    let (people, residents) = seal(hands, (compound, gates), of(&versions.people), act).await?;
    let parcel = Parcel {
        trust: Some(trust),
        status,
        rules: Some(rules.signed.to_vec()),
        directions,
        people,
        replies: Vec::new(),
    };
    store.audit(act, Action::Export, &format!("bundle of compound {}", compound.id.0)).await?;
    Ok(Made { bytes: parcel.to_bytes(), residents })
}

/// The people of a compound, sealed once for each gate, and how many they are.
async fn seal(
    hands: &Hands<'_>,
    (compound, gates): (&Compound, &[Gate]),
    version: u64,
    act: &Act<'_>,
) -> Result<(Vec<Vec<u8>>, usize), CannotMake> {
    if gates.is_empty() {
        return Ok((Vec::new(), 0));
    }
    let people = people::of(hands.store, compound, hands.now).await?;
    let mut parts = Vec::with_capacity(gates.len());
    for gate in gates {
        let receiver = Receiver::of_text(&gate.receiver).map_err(anyhow::Error::from)?;
        parts.push(hands.seal(&people, version, &receiver)?);
    }
    let names: Vec<&str> = gates.iter().map(|gate| gate.name.as_str()).collect();
    let detail = format!("people of compound {} for {}", compound.id.0, names.join(" "));
    hands.store.audit(act, Action::Export, &detail).await?;
    Ok((parts, people.residents.len()))
}
