//! Why a verdict is what it is: each reason with its evidence.

use pass::{Colour, CompoundId, Refusal, Timestamp};

use crate::Direction;

/// Why the status list could not be asked about a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unlisted {
    /// The gate holds no list of the office.
    NoList,
    /// The list it holds has expired.
    OldList {
        /// When it expired.
        expired: Timestamp,
    },
    /// The list it holds was signed before the pass.
    NewerThanList {
        /// When the list was signed.
        issued: Timestamp,
    },
}

/// One reason for a verdict, or something that staff should know about it.
///
/// Exhaustive on purpose: the compiler demands a sentence for a new one in every program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is not a pass that can be believed.
    NotBelieved(Refusal),
    /// A specimen, for training.
    Specimen,
    /// A pass of another compound.
    OtherCompound {
        /// The compound it is for.
        compound: CompoundId,
    },
    /// The office withdrew it.
    Withdrawn,
    /// The office suspended it.
    Suspended,
    /// Its holder has a newer one.
    Replaced,
    /// Its validity has ended.
    Expired {
        /// When it ended.
        at: Timestamp,
    },
    /// Its validity has not begun.
    NotYetValid {
        /// When it begins.
        from: Timestamp,
    },
    /// The compound's rule for this colour and direction.
    ColourRule {
        /// The colour that holds now.
        colour: Colour,
        /// The direction.
        direction: Direction,
    },
    /// An expired list says that the colour is milder now.
    MilderByOldList {
        /// The colour on the pass.
        signed: Colour,
        /// The colour by the list.
        now: Colour,
    },
    /// The status list could not be asked.
    Unlisted(Unlisted),
    /// The gate's clock may be wrong.
    ClockInDoubt,
    /// The colour has changed since the pass was signed: the card is to be swapped.
    ColourChanged {
        /// The colour on the pass.
        signed: Colour,
        /// The colour that holds now.
        now: Colour,
    },
}

impl Reason {
    /// A name for programs and logs: lower case, words joined by underscores, never changed once released.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotBelieved(refusal) => refusal.code(),
            Self::Specimen => "specimen",
            Self::OtherCompound { .. } => "other_compound",
            Self::Withdrawn => "withdrawn",
            Self::Suspended => "suspended",
            Self::Replaced => "replaced",
            Self::Expired { .. } => "expired",
            Self::NotYetValid { .. } => "not_yet_valid",
            Self::ColourRule { colour, direction } => match (colour, direction) {
                (Colour::Green, Direction::In) => "green_in",
                (Colour::Green, Direction::Out) => "green_out",
                (Colour::Yellow, Direction::In) => "yellow_in",
                (Colour::Yellow, Direction::Out) => "yellow_out",
                (Colour::Red, Direction::In) => "red_in",
                (Colour::Red, Direction::Out) => "red_out",
            },
            Self::MilderByOldList { .. } => "milder_by_old_list",
            Self::Unlisted(Unlisted::NoList) => "no_status_list",
            Self::Unlisted(Unlisted::OldList { .. }) => "status_list_old",
            Self::Unlisted(Unlisted::NewerThanList { .. }) => "newer_than_status_list",
            Self::ClockInDoubt => "clock_in_doubt",
            Self::ColourChanged { .. } => "colour_changed",
        }
    }
}
