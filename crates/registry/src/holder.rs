//! Who holds passes: people and vehicles of a household, and the colour each has now.

use pass::{Colour, CompoundId, Kind, Name, Timestamp};

use crate::{FullName, Phone, Plate};

/// A person or a vehicle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A resident.
    Person {
        /// Full name.
        name: FullName,
        /// The old have none; children share a parent's.
        phone: Option<Phone>,
    },
    /// A vehicle of the household.
    Vehicle {
        /// Its number plate.
        plate: Plate,
    },
}

impl Subject {
    /// The kind of pass it gets.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Person { .. } => Kind::Person,
            Self::Vehicle { .. } => Kind::Vehicle,
        }
    }

    /// What stands on its pass: a masked name, or the plate in full.
    #[must_use]
    pub fn pass_name(&self) -> Name {
        match self {
            Self::Person { name, .. } => name.masked(),
            Self::Vehicle { plate } => plate.name().clone(),
        }
    }
}

/// The colour a holder has, and by whose decision. Red ends by a decision of staff alone: nothing here changes with time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The colour.
    pub colour: Colour,
    /// Since when.
    pub since: Timestamp,
    /// Who decided.
    pub by: String,
}

/// A holder as the registry knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The compound.
    pub compound: CompoundId,
    /// Its number within the compound, never given to another.
    pub number: u16,
    /// The household's number within the compound.
    pub household: u32,
    /// The person or the vehicle.
    pub subject: Subject,
    /// The colour now.
    pub standing: Standing,
}
