//! The bundle: the signed parts that a gate judges by, each at its own version, carried in one file.
//!
//! The file itself proves nothing; each part is believed by its own signature, and never replaces a newer one.

use std::collections::BTreeMap;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use pass::{OfficeId, PublicKey, Refusal, StatusList, Timestamp, TrustList, TrustedKeys};

use crate::{PeopleError, Receiver, ReceiverKey, Sealed, SignedPeople, SignedRules};

/// What the file starts with.
const MAGIC: &str = "sanse-gate bundle";
/// The version of the file's layout.
const VERSION: u8 = 1;
/// More than a bundle of the largest district has.
const MAX_BYTES: usize = 64 << 20;

/// The parts, as their signers wrote them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// The trust list, signed by the root.
    pub trust: Vec<u8>,
    /// The status list of each office whose passes the gate sees.
    pub status: Vec<Vec<u8>>,
    /// The rules of the gate's compound.
    pub rules: Vec<u8>,
    /// The people of the compound, sealed once for each gate that may know them; none for gates that may not.
    pub people: Vec<Vec<u8>>,
}

/// More gates than one bundle is made for.
const MAX_GATES: usize = 1000;

/// A part of a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The trust list.
    Trust,
    /// The status list of an office.
    Status,
    /// The rules.
    Rules,
    /// The people.
    People,
}

/// Why a bundle is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// Not a bundle at all, or of a layout that this program is too old for.
    #[error("not a bundle that this program knows")]
    Malformed,
    /// A part is not believed.
    #[error("the part {part:?} is not believed: {refusal}")]
    Refused {
        /// Which.
        part: Part,
        /// Why.
        refusal: Refusal,
    },
    /// The people are meant for this gate, and can't be read.
    #[error("the people are not believed: {0}")]
    People(PeopleError),
    /// A part is older than one that was held before.
    #[error("the part {part:?} is older than the one held: {offered:?} after {held:?}")]
    Older {
        /// Which.
        part: Part,
        /// The newest one held so far.
        held: Mark,
        /// The one offered.
        offered: Mark,
    },
}

/// The version of a part: it orders after the version of the trust list it was believed by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// The trust list's version.
    pub trust: u64,
    /// The part's own.
    pub version: u64,
}

/// The newest versions that a gate has held, which it never goes back from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HighWater {
    /// Of the trust list.
    pub trust: u64,
    /// Of each office's status list.
    pub status: BTreeMap<u32, Mark>,
    /// Of the rules.
    pub rules: Mark,
    /// Of the people.
    pub people: Mark,
}

/// A bundle whose parts are all believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The keys that sign everything else.
    pub trust: TrustedKeys,
    /// Status lists, one for each office.
    pub status: Vec<StatusList>,
    /// The compound's rules.
    pub rules: SignedRules,
    /// The compound's people; none when the bundle has none for this gate.
    pub people: Option<Box<SignedPeople>>,
}

impl Bundle {
    /// The file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let file = File {
            magic: MAGIC.into(),
            version: VERSION,
            trust: self.trust.clone().into(),
            status: self.status.iter().cloned().map(Into::into).collect(),
            rules: self.rules.clone().into(),
            people: self.people.iter().cloned().map(Into::into).collect(),
        };
        minicbor::to_vec(file).expect("a Vec takes every write")
    }

    /// Takes a file apart. Nothing in it is believed yet.
    ///
    /// # Errors
    /// [`BundleError::Malformed`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BundleError> {
        if bytes.len() > MAX_BYTES {
            return Err(BundleError::Malformed);
        }
        let file: File = minicbor::decode(bytes).map_err(|_| BundleError::Malformed)?;
        if file.magic != MAGIC || file.version != VERSION || file.people.len() > MAX_GATES {
            return Err(BundleError::Malformed);
        }
        let bundle = Self {
            trust: file.trust.into(),
            status: file.status.into_iter().map(Into::into).collect(),
            rules: file.rules.into(),
            people: file.people.into_iter().map(Into::into).collect(),
        };
        if bundle.to_bytes() == bytes { Ok(bundle) } else { Err(BundleError::Malformed) }
    }

    /// The people as they were sealed for this gate.
    #[must_use]
    pub fn people_for(&self, gate: &Receiver) -> Option<&[u8]> {
        let sealed = |bytes: &&Vec<u8>| Sealed::from_bytes(bytes).is_ok_and(|sealed| sealed.is_for(gate));
        self.people.iter().find(sealed).map(Vec::as_slice)
    }

    /// The bundle with these people instead of its own: what a gate keeps of a bundle for many gates.
    #[must_use]
    pub fn with_people(&self, people: Option<Vec<u8>>) -> Self {
        Self { people: people.into_iter().collect(), ..self.clone() }
    }

    /// Believes every part or none: trust by the pinned `root`, the rest by the trust list, nothing older than `held`. People
    /// are read when they are sealed for the key of this `gate`; those sealed for other gates are passed over.
    ///
    /// # Errors
    /// [`BundleError`], naming the part.
    pub fn open(
        &self,
        root: &PublicKey,
        gate: Option<&ReceiverKey>,
        held: &HighWater,
    ) -> Result<Opened, BundleError> {
        let refused = |part| move |refusal| BundleError::Refused { part, refusal };
        let trust = TrustList::open(&self.trust, root).map_err(refused(Part::Trust))?;
        let mark = |version| Mark { trust: trust.version(), version };
        let trust_held = Mark { trust: held.trust, version: 0 };
        not_older(Part::Trust, trust_held, mark(0))?;
        let mut status: Vec<StatusList> = Vec::with_capacity(self.status.len());
        for bytes in &self.status {
            let list = StatusList::open(bytes, &trust).map_err(refused(Part::Status))?;
            if status.iter().any(|other| other.office == list.office) {
                let what = "the status lists: one office has two";
                return Err(refused(Part::Status)(Refusal::Malformed { what }));
            }
            let held = held.status.get(&list.office.0).copied().unwrap_or_default();
            not_older(Part::Status, held, mark(list.version))?;
            status.push(list);
        }
        let rules = SignedRules::open(&self.rules, &trust).map_err(refused(Part::Rules))?;
        not_older(Part::Rules, held.rules, mark(rules.version))?;
        let people = match gate.and_then(|key| Some((self.people_for(&key.receiver())?, key))) {
            None => None,
            Some((bytes, key)) => {
                let opened = Sealed::from_bytes(bytes).map_err(PeopleError::from);
                let people = opened.and_then(|sealed| SignedPeople::open(&sealed, key, &trust));
                let people = people.map_err(BundleError::People)?;
                if people.people().compound != rules.rules.compound {
                    let what = "the people: of another compound than the rules";
                    return Err(BundleError::People(Refusal::Malformed { what }.into()));
                }
                not_older(Part::People, held.people, mark(people.version))?;
                Some(Box::new(people))
            }
        };
        Ok(Opened { trust, status, rules, people })
    }
}

fn not_older(part: Part, held: Mark, offered: Mark) -> Result<(), BundleError> {
    if offered >= held { Ok(()) } else { Err(BundleError::Older { part, held, offered }) }
}

impl Opened {
    /// The status list of an office.
    #[must_use]
    pub fn status_of(&self, office: OfficeId) -> Option<&StatusList> {
        self.status.iter().find(|list| list.office == office)
    }

    /// The newest time at which something in it was signed: a gate's clock can't be earlier.
    #[must_use]
    pub fn issued(&self) -> Timestamp {
        let lists = self.status.iter().map(|list| list.issued);
        let people = self.people.iter().map(|people| people.issued);
        lists
            .chain(people)
            .chain([self.trust.issued(), self.rules.issued])
            .max()
            .expect("two are always there")
    }

    /// The marks to keep after this bundle was taken, raised from those held `before`.
    #[must_use]
    pub fn high_water(&self, before: &HighWater) -> HighWater {
        let mark = |version| Mark { trust: self.trust.version(), version };
        let mut marks = before.clone();
        marks.trust = marks.trust.max(self.trust.version());
        marks.rules = marks.rules.max(mark(self.rules.version));
        if let Some(people) = &self.people {
            marks.people = marks.people.max(mark(people.version));
        }
        for list in &self.status {
            let held = marks.status.entry(list.office.0).or_default();
            *held = (*held).max(mark(list.version));
        }
        marks
    }
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct File {
    #[n(0)]
    magic: String,
    #[n(1)]
    version: u8,
    #[n(2)]
    trust: ByteVec,
    #[n(3)]
    status: Vec<ByteVec>,
    #[n(4)]
    rules: ByteVec,
    #[n(5)]
    people: Vec<ByteVec>,
}
