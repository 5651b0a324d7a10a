//! What a gate judges by, made part by part, each at its newest version, and kept for all gates that lack it.
//!
//! A part is made after its version was read, so it says that much at least; two programs may make the same version and
//! one of them know a little more, for which there will be a next version soon.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use gate::Rules;
use pass::{CompoundId, Content, OfficeId, SigningKey, StatusList, Timestamp, TrustedKey, TrustedKeys};
use protocol::{Directions, GateEntry, People, Receiver, policy_from_json, seal_people, sign_rules};
use store::{Act, Compound, Store, StoreError, Version, Versions};

use crate::keys::KeyFiles;
use crate::people;
use crate::rules::STARTER;

/// Who did what a gate's question made this program do.
const PROGRAM: &str = "issuer";
const HOUR: i64 = 3600;
/// A status list holds so many hours, unless somebody says otherwise.
pub(crate) const USUAL_HOURS: u32 = 72;

/// What makes parts: the registry, and the keys of its office.
#[derive(Clone)]
pub(crate) struct Hands<'a> {
    pub(crate) store: &'a Store,
    pub(crate) files: &'a KeyFiles,
    pub(crate) key: &'a SigningKey,
    pub(crate) trusted: &'a TrustedKey,
    /// What gates seal for; their events come to whoever has its private half.
    pub(crate) receiver: Receiver,
    pub(crate) now: Timestamp,
}

/// Why a part is not made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CannotMake {
    /// The key may not sign for this compound.
    #[error("the key does not cover {}", .0.name)]
    NotCovered(Compound),
    /// The key may not sign this kind of content.
    #[error("the key may not sign {0:?}")]
    May(Content),
    /// There is more of something than a gate takes.
    #[error("{0}")]
    TooMuch(String),
    /// The registry.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The files, or a text of the registry that this program did not write.
    #[error("{0:#}")]
    Other(#[from] anyhow::Error),
}

/// What was made, each with its version.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    trust: Mutex<Option<(SystemTime, Listed)>>,
    status: Kept<()>,
    /// As the others signed them; none where the trust list of that version does not vouch for it.
    elsewhere: Mutex<HashMap<OfficeId, Elsewhere>>,
    rules: Kept<CompoundId, Ruled>,
    directions: Kept<CompoundId>,
    people: Kept<CompoundId, Arc<People>>,
}

/// The newest of each.
type Kept<K, V = Arc<Vec<u8>>> = Mutex<HashMap<K, (u64, V)>>;

/// The trust list.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub(crate) signed: Arc<Vec<u8>>,
    pub(crate) keys: Arc<TrustedKeys>,
}

impl Listed {
    pub(crate) fn version(&self) -> u64 {
        self.keys.version()
    }

    /// The other offices that may sign passes for this compound: its gates need their status lists as well.
    fn offices_beside(&self, own: OfficeId, compound: CompoundId) -> BTreeSet<OfficeId> {
        let sign =
            self.keys.keys().iter().filter(|key| {
                key.office != own && key.covers(compound) && key.contents.has(Content::StatusList)
            });
        sign.map(|key| key.office).collect()
    }
}

/// Another office's list: which version of it, by which version of the trust list, and the list where that vouches for it.
#[derive(Debug)]
struct Elsewhere {
    version: u64,
    trust: u64,
    list: Option<Arc<Vec<u8>>>,
}

/// Rules, signed, and how far they look back, in seconds.
#[derive(Clone, Debug)]
pub(crate) struct Ruled {
    pub(crate) signed: Arc<Vec<u8>>,
    pub(crate) look_back: i64,
}

impl Hands<'_> {
    fn may(&self, content: Content) -> Result<(), CannotMake> {
        if self.trusted.contents.has(content) { Ok(()) } else { Err(CannotMake::May(content)) }
    }

    /// The compound of this number, which the key covers.
    pub(crate) async fn compound(&self, id: CompoundId) -> Result<Compound, CannotMake> {
        let compound = self.store.compound(id).await?;
        if self.trusted.covers(id) { Ok(compound) } else { Err(CannotMake::NotCovered(compound)) }
    }

    /// The newest versions; what a gate of this compound needs and was never signed gets its first.
    pub(crate) async fn versions(&self, compound: CompoundId) -> Result<Versions, CannotMake> {
        let mut versions = self.store.versions().await?;
        if versions.status == 0 {
            versions.status = self.store.next_version(Version::Status, self.now).await?;
        }
        for (known, of) in [
            (&mut versions.rules, Version::Rules(compound)),
            (&mut versions.people, Version::People(compound)),
            (&mut versions.directions, Version::Directions(compound)),
        ] {
            if let std::collections::btree_map::Entry::Vacant(first) = known.entry(compound) {
                first.insert(self.store.next_version(of, self.now).await?);
            }
        }
        Ok(versions)
    }

    /// The status list, which holds for so many hours and never longer than the key.
    pub(crate) async fn status(&self, version: u64, hours: u32) -> Result<Vec<u8>, CannotMake> {
        self.may(Content::StatusList)?;
        self.store.bind_office(self.trusted.office).await?;
        let expires = self.now.plus(i64::from(hours) * HOUR).min(self.trusted.until);
        let statuses = self.store.statuses(self.now).await?;
        let list = StatusList::new(self.trusted.office, version, self.now, expires, &statuses);
        Ok(list.sign(self.key))
    }

    /// The rules of a compound; one that has none yet begins with the first.
    pub(crate) async fn rules(&self, compound: &Compound, version: u64) -> Result<Ruled, CannotMake> {
        self.may(Content::Rules)?;
        let act = Act { by: PROGRAM, at: self.now };
        let stored = self.store.rules_or(compound.id, STARTER, &act).await?;
        let policy = policy_from_json(&stored).map_err(anyhow::Error::from)?;
        let look_back = policy.look_back();
        let rules = Rules { compound: compound.id, compound_name: compound.name.clone(), policy };
        Ok(Ruled { signed: sign_rules(&rules, version, self.now, self.key).into(), look_back })
    }

    /// Whom the gates of a compound tell what happened, and which gates there are and were.
    pub(crate) async fn directions(&self, compound: CompoundId, version: u64) -> Result<Vec<u8>, CannotMake> {
        self.may(Content::Directions)?;
        let entry = |gate: &store::Gate, struck| {
            let receiver = Receiver::of_text(&gate.receiver).map_err(anyhow::Error::from)?;
            Ok::<_, CannotMake>(GateEntry {
                name: gate.name.clone(),
                thumbprint: receiver.thumbprint(),
                struck,
            })
        };
        let mut gates = Vec::new();
        for gate in self.store.gates().await?.iter().filter(|gate| gate.compound == compound) {
            gates.push(entry(gate, None)?);
        }
        for struck in self.store.struck_gates().await?.iter().filter(|it| it.gate.compound == compound) {
            gates.push(entry(&struck.gate, Some(struck.since()))?);
        }
        let settings = self.store.office_settings().await?;
        let addresses = settings.public_address.iter().map(ToString::to_string).collect();
        let directions = Directions { compound, office: self.receiver.clone(), addresses, gates };
        Ok(directions.sign(version, self.now, self.key))
    }

    /// The people of a compound, sealed for one gate.
    pub(crate) fn seal(&self, people: &People, version: u64, gate: &Receiver) -> Result<Vec<u8>, CannotMake> {
        self.may(Content::People)?;
        let sealed = seal_people(people, version, self.now, self.key, gate);
        Ok(sealed.map_err(|limit| CannotMake::TooMuch(limit.to_string()))?.to_bytes())
    }
}

impl Parts {
    /// The trust list that this program holds; read and verified when its file has changed.
    pub(crate) fn trust(&self, files: &KeyFiles) -> Result<Listed, CannotMake> {
        // Before it is read: of a file that is replaced in between, the next look sees another time.
        let written = std::fs::metadata(files.trust()).and_then(|about| about.modified()).ok();
        let mut kept = self.trust.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Some((of, listed)), Some(written)) = (&*kept, written)
            && *of == written
        {
            return Ok(listed.clone());
        }
        let (signed, keys) = files.trust_list()?;
        let listed = Listed { signed: Arc::new(signed), keys: Arc::new(keys) };
        *kept = written.map(|written| (written, listed.clone()));
        Ok(listed)
    }

    /// The status list of this version.
    pub(crate) async fn status(&self, hands: &Hands<'_>, version: u64) -> Result<Arc<Vec<u8>>, CannotMake> {
        if let Some(kept) = kept(&self.status, &(), version) {
            return Ok(kept);
        }
        let made = Arc::new(hands.status(version, USUAL_HOURS).await?);
        Ok(keep(&self.status, (), version, made))
    }

    /// The status lists of other offices that a compound's gates need, of those that are kept in these versions.
    pub(crate) async fn elsewhere(
        &self,
        hands: &Hands<'_>,
        compound: CompoundId,
        kept: &BTreeMap<OfficeId, u64>,
    ) -> Result<BTreeMap<OfficeId, (u64, Arc<Vec<u8>>)>, CannotMake> {
        let mut lists = BTreeMap::new();
        if kept.is_empty() {
            return Ok(lists);
        }
        let trust = self.trust(hands.files)?;
        for office in trust.offices_beside(hands.trusted.office, compound) {
            let Some(&version) = kept.get(&office) else { continue };
            if let Some(list) = self.list_of(hands, office, version, &trust.keys).await? {
                lists.insert(office, (version, list));
            }
        }
        Ok(lists)
    }

    /// The list of another office; none where it is not vouched for any more: gates would refuse all that comes with it.
    async fn list_of(
        &self,
        hands: &Hands<'_>,
        office: OfficeId,
        version: u64,
        keys: &TrustedKeys,
    ) -> Result<Option<Arc<Vec<u8>>>, CannotMake> {
        let known = |all: &HashMap<OfficeId, Elsewhere>| {
            let kept = all.get(&office).filter(|it| it.version == version && it.trust == keys.version());
            kept.map(|it| it.list.clone())
        };
        if let Some(list) = known(&self.elsewhere.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(list);
        }
        let list = hands.store.list_of(office).await?;
        let list = list.filter(|list| {
            StatusList::open(list, keys)
                .is_ok_and(|opened| (opened.office, opened.version) == (office, version))
        });
        let list = list.map(Arc::new);
        let made = Elsewhere { version, trust: keys.version(), list: list.clone() };
        self.elsewhere.lock().unwrap_or_else(PoisonError::into_inner).insert(office, made);
        Ok(list)
    }

    /// The rules of this version.
    pub(crate) async fn rules(
        &self,
        hands: &Hands<'_>,
        compound: &Compound,
        version: u64,
    ) -> Result<Ruled, CannotMake> {
        if let Some(kept) = kept(&self.rules, &compound.id, version) {
            return Ok(kept);
        }
        let made = hands.rules(compound, version).await?;
        Ok(keep(&self.rules, compound.id, version, made))
    }

    /// The directions of this version.
    pub(crate) async fn directions(
        &self,
        hands: &Hands<'_>,
        compound: CompoundId,
        version: u64,
    ) -> Result<Arc<Vec<u8>>, CannotMake> {
        if let Some(kept) = kept(&self.directions, &compound, version) {
            return Ok(kept);
        }
        let made = Arc::new(hands.directions(compound, version).await?);
        Ok(keep(&self.directions, compound, version, made))
    }

    /// The people of this version, not yet sealed.
    pub(crate) async fn people(
        &self,
        hands: &Hands<'_>,
        compound: &Compound,
        version: u64,
    ) -> Result<Arc<People>, CannotMake> {
        if let Some(kept) = kept(&self.people, &compound.id, version) {
            return Ok(kept);
        }
        let made = Arc::new(people::of(hands.store, compound, hands.now).await?);
        Ok(keep(&self.people, compound.id, version, made))
    }
}

fn kept<K: std::hash::Hash + Eq, V: Clone>(all: &Kept<K, V>, key: &K, version: u64) -> Option<V> {
    let all = all.lock().unwrap_or_else(PoisonError::into_inner);
    all.get(key).filter(|(known, _)| *known == version).map(|(_, made)| made.clone())
}

/// Keeps what was made, unless a newer one was made meanwhile.
fn keep<K: std::hash::Hash + Eq, V: Clone>(all: &Kept<K, V>, key: K, version: u64, made: V) -> V {
    let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
    let newer = all.get(&key).is_some_and(|(known, _)| *known > version);
    if !newer {
        all.insert(key, (version, made.clone()));
    }
    made
}
