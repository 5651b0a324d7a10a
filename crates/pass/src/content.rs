//! The kinds of content that one envelope signs, told apart by `typ` (label 16, RFC 9596) so that none passes for another.
//!
//! Knows no content's inside: whoever opens one decodes the payload, re-encodes it, and demands the same bytes.

use crate::envelope::{self, Envelope};
use crate::{PublicKey, Refusal, SigningKey, TrustedKey};

/// What an envelope holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Content {
    /// A pass: the only kind without a `typ`, to stay small.
    Pass = 0,
    /// The Token Status List of an office.
    StatusList = 1,
    /// The keys that a root key vouches for.
    TrustList = 2,
    /// The rules of one compound.
    Rules = 3,
    /// Who lives in one compound and who works at its gates.
    People = 4,
    /// Where a gate's events go and which gates a compound has.
    Directions = 5,
    /// Where the journal of a gate begins, after older events were purged. A gate's own key signs it.
    Checkpoint = 6,
    /// What a gate tells its office: where it stands, and events. A gate's own key signs it.
    Report = 7,
    /// What an office answers to a gate: how far it has the gate's events, and events of other gates.
    Reply = 8,
    /// That a stick may carry what office and gates exchange.
    Stick = 9,
    /// A newer program for gates. The root key itself signs it: what an office may sign runs nowhere.
    Update = 10,
}

impl Content {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::Pass,
        Self::StatusList,
        Self::TrustList,
        Self::Rules,
        Self::People,
        Self::Directions,
        Self::Checkpoint,
        Self::Report,
        Self::Reply,
        Self::Stick,
        Self::Update,
    ];

    /// What an office's key signs.
    pub const OF_OFFICE: [Self; 7] =
        [Self::Pass, Self::StatusList, Self::Rules, Self::People, Self::Directions, Self::Reply, Self::Stick];

    /// The media type in the protected header.
    #[must_use]
    pub fn typ(self) -> Option<&'static str> {
        match self {
            Self::Pass => None,
            Self::StatusList => Some("application/statuslist+cwt"),
            Self::TrustList => Some("application/vnd.sanse-gate.trust+cwt"),
            Self::Rules => Some("application/vnd.sanse-gate.rules+cwt"),
            Self::People => Some("application/vnd.sanse-gate.people+cwt"),
            Self::Directions => Some("application/vnd.sanse-gate.directions+cwt"),
            Self::Checkpoint => Some("application/vnd.sanse-gate.checkpoint+cbor"),
            Self::Report => Some("application/vnd.sanse-gate.report+cwt"),
            Self::Reply => Some("application/vnd.sanse-gate.reply+cwt"),
            Self::Stick => Some("application/vnd.sanse-gate.stick+cwt"),
            Self::Update => Some("application/vnd.sanse-gate.update+cwt"),
        }
    }

    /// Which kind a protected header speaks of; nothing when the `typ` is unknown.
    pub(crate) fn of_typ(typ: Option<&str>) -> Option<Self> {
        Self::ALL.into_iter().find(|content| content.typ() == typ)
    }
}

/// A set of kinds of content: what a key may sign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contents(u16);

impl Contents {
    /// The set of these.
    #[must_use]
    pub fn of(contents: &[Content]) -> Self {
        Self(contents.iter().fold(0, |bits, content| bits | 1 << *content as u8))
    }

    /// Whether `content` is in the set.
    #[must_use]
    pub fn has(self, content: Content) -> bool {
        self.0 >> content as u8 & 1 == 1
    }

    /// The set as bits: bit `n` for the kind of number `n`.
    pub(crate) fn bits(self) -> u16 {
        self.0
    }

    /// The set of these bits; nothing when a bit stands for no kind.
    pub(crate) fn of_bits(bits: u16) -> Option<Self> {
        (bits & !Self::of(&Content::ALL).0 == 0).then_some(Self(bits))
    }
}

/// A payload whose signature held, and the key that made it. Nobody outside this crate can make one.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Signed<'a> {
    /// The bytes that were signed. Not yet known to be canonical.
    pub payload: &'a [u8],
    /// Who signed.
    pub signer: &'a TrustedKey,
}

impl Content {
    /// Signs `payload`, which must be in canonical form, as this kind of content.
    #[must_use]
    pub fn sign(self, payload: &[u8], key: &SigningKey) -> Vec<u8> {
        envelope::sign(self, payload, key)
    }

    /// Opens what `key` itself signed as this kind of content, and returns the payload. Not yet known to be canonical.
    ///
    /// # Errors
    /// What is wrong with the envelope or its signature, or that another key signed it.
    pub fn open_by<'a>(self, bytes: &'a [u8], key: &PublicKey) -> Result<&'a [u8], Refusal> {
        let envelope = Envelope::parse(bytes, self)?;
        envelope.signer(std::iter::once((key, ())))?;
        envelope.demand_canonical(bytes)?;
        Ok(envelope.payload)
    }

    /// Finds the key among `keys` that signed `bytes`, and checks that it may sign this kind.
    ///
    /// # Errors
    /// What is wrong with the envelope, its signature or its signer.
    pub(crate) fn open<'a>(self, bytes: &'a [u8], keys: &'a [TrustedKey]) -> Result<Signed<'a>, Refusal> {
        let envelope = Envelope::parse(bytes, self)?;
        let signer = envelope.signer(keys.iter().map(|key| (&key.public, key)))?;
        envelope.demand_canonical(bytes)?;
        if !signer.contents.has(self) {
            return Err(Refusal::KeyNotForContent { key: signer.public.id(), content: self });
        }
        Ok(Signed { payload: envelope.payload, signer })
    }
}
