//! The people of a compound, as one gate may know them: who lives there, to be found when a card can't be read, and who
//! works at the gate.
//!
//! Packed, signed by the office, then sealed for one gate; what is signed names that gate, so that nobody who may open it can
//! pass it on to another as if the office had. Nothing here decides: exemptions are facts, and PINs are hashes.

mod pin;
mod wire;

use gate::{Exemption, Role};
use pass::{
    Colour, CompoundId, Content, Kind, Mode, Name, Pass, Refusal, Serial, SigningKey, Timestamp, TrustedKeys,
    Verified, Voucher,
};

use crate::{Receiver, ReceiverKey, SealError, Sealed};
pub use pin::{Pin, PinError, PinHash};
pub use wire::Limits;

/// Who lives in a compound and who works at its gates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct People {
    /// The compound.
    pub compound: CompoundId,
    /// Residents and vehicles, in the order of their numbers.
    pub residents: Vec<Resident>,
    /// Who works at the gates, in the order of their sign-in names.
    pub staff: Vec<Staff>,
    /// Who is to be there when, in the order of time.
    pub roster: Vec<Duty>,
    /// Buildings and stairwells that are closed, in their order. What suspends the passes of those who live there is the status
    /// list; this says why.
    pub closed: Vec<ClosedHomes>,
}

impl People {
    /// The most bytes of a building, a unit, a room, a sign-in name, a gate's name.
    pub const MAX_TEXT: usize = 64;
}

/// A resident or a vehicle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resident {
    /// The number within the compound that gates count by.
    pub holder: u16,
    /// The household within the compound.
    pub household: u32,
    /// Person or vehicle.
    pub kind: Kind,
    /// Masked name, or the plate in full.
    pub name: Name,
    /// 楼栋, without the word.
    pub building: String,
    /// 单元; empty where a building has one stairwell.
    pub unit: String,
    /// 房号.
    pub room: String,
    /// Initials of the name in pinyin, small letters; several where a character is read in several ways, none for a plate.
    pub initials: Vec<String>,
    /// The colour when this was signed; the status list knows the one now.
    pub colour: Colour,
    /// Passes that may be in somebody's pocket, the newest first.
    pub cards: Vec<Card>,
    /// What the rules may let the resident off.
    pub exemptions: Vec<Exemption>,
}

/// What is particular to one pass of a resident; the rest of its claims is the resident's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Card {
    /// Its serial, which is its short code.
    pub serial: Serial,
    /// Where its status stands.
    pub index: u32,
    /// The colour it was signed with.
    pub colour: Colour,
    /// Start of its validity.
    pub not_before: Timestamp,
    /// End of its validity.
    pub expires: Timestamp,
}

/// Somebody who works at a gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// The name they sign in with, and under which everything they do is logged.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The hash of their PIN.
    pub pin: PinHash,
}

/// A line of the duty roster.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duty {
    /// The first moment.
    pub from: Timestamp,
    /// The first moment after it.
    pub until: Timestamp,
    /// Sign-in name.
    pub who: String,
    /// The gate; empty for any.
    pub gate: String,
}

/// A building or a stairwell that the office closed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClosedHomes {
    /// 楼栋, without the word.
    pub building: String,
    /// 单元; empty for the whole building.
    pub unit: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when it is planned; none when nobody said.
    pub planned: Option<Timestamp>,
}

impl ClosedHomes {
    /// Whether somebody lives there.
    #[must_use]
    pub fn holds(&self, resident: &Resident) -> bool {
        self.building == resident.building && (self.unit.is_empty() || self.unit == resident.unit)
    }
}

/// People whose signature held, opened by the gate they were sealed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedPeople {
    /// Rises with every change.
    pub version: u64,
    /// When it was signed.
    pub issued: Timestamp,
    people: People,
    voucher: Voucher,
}

/// Why people can't be taken from sealed bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PeopleError {
    /// The seal.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The signature, or what was signed.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// Signs people for one gate and seals them, so that this gate alone can read them.
///
/// # Errors
/// [`Limits`], when there is more of something than a gate takes.
pub fn seal_people(
    people: &People,
    version: u64,
    issued: Timestamp,
    key: &SigningKey,
    gate: &Receiver,
) -> Result<Sealed, Limits> {
    let payload = wire::to_payload(people, version, issued, gate)?;
    Ok(Sealed::seal(Content::People, version, &Content::People.sign(&payload, key), gate))
}

impl SignedPeople {
    /// Opens what was sealed for `gate`, and believes it if one of `keys` signed it for a compound it covers and for this gate.
    ///
    /// # Errors
    /// [`PeopleError`].
    pub fn open(sealed: &Sealed, gate: &ReceiverKey, keys: &TrustedKeys) -> Result<Self, PeopleError> {
        let bytes = sealed.open(Content::People, gate)?;
        let signed = keys.open(Content::People, &bytes)?;
        let (people, version, issued) = wire::of_payload(signed.payload, &gate.receiver())?;
        if version != sealed.version() {
            return Err(Refusal::Malformed { what: "the people: another version than on the seal" }.into());
        }
        signed.signer.demand_valid(issued, issued)?;
        if !signed.signer.covers(people.compound) {
            let key = signed.signer.public.id();
            return Err(Refusal::KeyNotForCompound { key, compound: people.compound }.into());
        }
        Ok(Self { version, issued, people, voucher: signed.voucher() })
    }

    /// The people.
    #[must_use]
    pub fn people(&self) -> &People {
        &self.people
    }

    /// The resident or vehicle of this number.
    #[must_use]
    pub fn resident(&self, holder: u16) -> Option<&Resident> {
        let residents = &self.people.residents;
        residents.binary_search_by_key(&holder, |resident| resident.holder).ok().map(|at| &residents[at])
    }

    /// A card of a resident as a pass: with the claims that the card itself has, believed because the office says them here.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn pass(&self, resident: &Resident, card: &Card) -> Result<Verified, Refusal> {
        self.voucher.vouch(Pass {
            serial: card.serial,
            not_before: card.not_before,
            expires: card.expires,
            compound: self.people.compound,
            household: resident.household,
            holder: resident.holder,
            index: card.index,
            colour: card.colour,
            kind: resident.kind,
            mode: Mode::Paper,
            name: resident.name.clone(),
        })
    }
}
