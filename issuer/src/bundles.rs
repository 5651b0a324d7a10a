//! What a gate judges by, made in one piece: trust list, status list, rules, and a compound's people sealed for each gate.

use gate::Rules;
use pass::{Content, SigningKey, StatusList, TrustedKey};
use protocol::{Bundle, Receiver, policy_from_json, seal_people, sign_rules};
use store::{Act, Action, Compound, Gate, Store, StoreError, Version};

use crate::keys::KeyFiles;
use crate::people;
use crate::rules::STARTER;

const HOUR: i64 = 3600;
/// A status list holds so many hours, unless somebody says otherwise.
pub(crate) const USUAL_HOURS: u32 = 72;

/// A bundle as it goes to gates.
pub(crate) struct Made {
    /// The file.
    pub(crate) bytes: Vec<u8>,
    /// How many people are in it, where any are.
    pub(crate) residents: usize,
}

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CannotBundle {
    /// The key may not sign for this compound.
    #[error("the key does not cover {}", .0.name)]
    NotCovered(Compound),
    /// The key may not seal people.
    #[error("the key may not sign people")]
    PeopleNotCovered,
    /// There are more people than a bundle holds.
    #[error("{0}")]
    TooMuch(String),
    /// The registry.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The files, or a text of the registry that this program did not write.
    #[error("{0:#}")]
    Other(#[from] anyhow::Error),
}

/// Makes a bundle of a compound for these gates of it; without any it names nobody. Its status list holds for so many hours, and
/// never longer than the key.
pub(crate) async fn make(
    store: &Store,
    files: &KeyFiles,
    (key, trusted): (&SigningKey, &TrustedKey),
    (compound, gates): (&Compound, &[Gate]),
    hours: u32,
    act: &Act<'_>,
) -> Result<Made, CannotBundle> {
    store.bind_office(trusted.office).await?;
    if !trusted.covers(compound.id) {
        return Err(CannotBundle::NotCovered(compound.clone()));
    }
    let (trust, _) = files.trust_list()?;
    let now = act.at;

    let version = store.next_version(Version::Status, now).await?;
    let expires = now.plus(i64::from(hours) * HOUR).min(trusted.until);
    let statuses = store.statuses(now).await?;
    let status = StatusList::new(trusted.office, version, now, expires, &statuses);

    let stored = store.rules_or(compound.id, STARTER, act).await?;
    let policy = policy_from_json(&stored).map_err(anyhow::Error::from)?;
    let rules = Rules { compound: compound.id, compound_name: compound.name.clone(), policy };
    let version = store.next_version(Version::Rules(compound.id), now).await?;
    let (people, residents) = seal(store, (compound, gates), (key, trusted), act).await?;
    let bundle = Bundle {
        trust,
        status: vec![status.sign(key)],
        rules: sign_rules(&rules, version, now, key),
        people,
        directions: None,
    };
    store.audit(act, Action::Export, &format!("bundle of compound {}", compound.id.0)).await?;
    Ok(Made { bytes: bundle.to_bytes(), residents })
}

/// The people of a compound, sealed once for each gate, and how many they are.
async fn seal(
    store: &Store,
    (compound, gates): (&Compound, &[Gate]),
    (key, trusted): (&SigningKey, &TrustedKey),
    act: &Act<'_>,
) -> Result<(Vec<Vec<u8>>, usize), CannotBundle> {
    if gates.is_empty() {
        return Ok((Vec::new(), 0));
    }
    if !trusted.contents.has(Content::People) {
        return Err(CannotBundle::PeopleNotCovered);
    }
    let people = people::of(store, compound, act.at).await?;
    let version = store.next_version(Version::People(compound.id), act.at).await?;
    let mut parts = Vec::with_capacity(gates.len());
    for gate in gates {
        let receiver = Receiver::of_text(&gate.receiver).map_err(anyhow::Error::from)?;
        let sealed = seal_people(&people, version, act.at, key, &receiver);
        parts.push(sealed.map_err(|limit| CannotBundle::TooMuch(limit.to_string()))?.to_bytes());
    }
    let names: Vec<&str> = gates.iter().map(|gate| gate.name.as_str()).collect();
    let detail = format!("people of compound {} for {}", compound.id.0, names.join(" "));
    store.audit(act, Action::Export, &detail).await?;
    Ok((parts, people.residents.len()))
}
