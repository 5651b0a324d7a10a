//! The bundle: the signed parts that a gate judges by, each at its own version, carried in one file.
//!
//! The file itself proves nothing; each part is believed by its own signature, and never replaces a newer one.

use std::collections::BTreeMap;

use pass::{OfficeId, PublicKey, Refusal, StatusList, Timestamp, TrustList, TrustedKeys};

use crate::{
    Holds, Parcel, PeopleError, Receiver, ReceiverKey, Sealed, SignedDirections, SignedPeople, SignedRules,
};

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
    /// Where the gate's events go; none in a bundle of before there were any.
    pub directions: Option<Vec<u8>>,
}

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
    /// The directions.
    Directions,
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
    /// Of the directions.
    pub directions: Mark,
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
    /// Where the gate's events go, if the office said so.
    pub directions: Option<SignedDirections>,
}

impl Bundle {
    /// The file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.parcel().to_bytes()
    }

    /// All of it, to be sent.
    #[must_use]
    pub fn parcel(&self) -> Parcel {
        Parcel {
            trust: Some(self.trust.clone()),
            status: self.status.clone(),
            rules: Some(self.rules.clone()),
            people: self.people.clone(),
            directions: self.directions.clone(),
            replies: Vec::new(),
        }
    }

    /// Takes a file apart. Nothing in it is believed yet.
    ///
    /// # Errors
    /// [`BundleError::Malformed`], also when it is a parcel of parts that don't make a whole.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BundleError> {
        Parcel::from_bytes(bytes)?.whole().ok_or(BundleError::Malformed)
    }

    /// This bundle with the parts that came in a parcel in place of its own. Status lists are told apart by their offices, so it
    /// takes the `root` to read the trust list by; whatever else is in the parcel is judged when the whole is opened.
    ///
    /// # Errors
    /// [`BundleError::Refused`], when trust list or a status list of the parcel is not believed.
    pub fn with(&self, parcel: &Parcel, root: &PublicKey) -> Result<Self, BundleError> {
        let refused = |part| move |refusal| BundleError::Refused { part, refusal };
        let trust = parcel.trust.as_ref().unwrap_or(&self.trust);
        let keys = TrustList::open(trust, root).map_err(refused(Part::Trust))?;
        let mut status = BTreeMap::new();
        for bytes in &self.status {
            // One that the new trust list does not vouch for any more is dropped.
            if let Ok(list) = StatusList::open(bytes, &keys) {
                status.insert(list.office.0, bytes.clone());
            }
        }
        for bytes in &parcel.status {
            let list = StatusList::open(bytes, &keys).map_err(refused(Part::Status))?;
            status.insert(list.office.0, bytes.clone());
        }
        Ok(Self {
            trust: trust.clone(),
            status: status.into_values().collect(),
            rules: parcel.rules.as_ref().unwrap_or(&self.rules).clone(),
            people: if parcel.people.is_empty() { self.people.clone() } else { parcel.people.clone() },
            directions: parcel.directions.clone().or_else(|| self.directions.clone()),
        })
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
        let directions = match &self.directions {
            None => None,
            Some(bytes) => {
                let directions = SignedDirections::open(bytes, &trust).map_err(refused(Part::Directions))?;
                if directions.directions.compound != rules.rules.compound {
                    let what = "the directions: of another compound than the rules";
                    return Err(refused(Part::Directions)(Refusal::Malformed { what }));
                }
                not_older(Part::Directions, held.directions, mark(directions.version))?;
                Some(directions)
            }
        };
        Ok(Opened { trust, status, rules, people, directions })
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
        let directions = self.directions.iter().map(|directions| directions.issued);
        lists
            .chain(people)
            .chain(directions)
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
        if let Some(directions) = &self.directions {
            marks.directions = marks.directions.max(mark(directions.version));
        }
        for list in &self.status {
            let held = marks.status.entry(list.office.0).or_default();
            *held = (*held).max(mark(list.version));
        }
        marks
    }

    /// The versions of its parts, to be told to the office.
    #[must_use]
    pub fn holds(&self) -> Holds {
        let mark = |version| Mark { trust: self.trust.version(), version };
        Holds {
            trust: self.trust.version(),
            status: self.status.iter().map(|list| (list.office.0, mark(list.version))).collect(),
            rules: mark(self.rules.version),
            directions: self.directions.as_ref().map(|part| mark(part.version)).unwrap_or_default(),
            people: self.people.as_ref().map(|part| mark(part.version)).unwrap_or_default(),
        }
    }
}
