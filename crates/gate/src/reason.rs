//! Why a verdict is what it is: each reason with its evidence.

use pass::{Colour, CompoundId, Refusal, Timestamp};

use crate::{Count, Direction, Per, Tenths, When, Whom};

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
    /// The office closed the building or the stairwell in which its household lives, and suspended the passes of those who live there.
    HomeClosed {
        /// Since when.
        since: Timestamp,
        /// Until when it is planned; none when nobody said. It ends when the office says so, and never by itself.
        planned: Option<Timestamp>,
    },
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
    /// The lane goes both ways, and no passage of the holder is known: they may be on their way home.
    DirectionUnknown,
    /// Staff searched for the holder: no code was seen.
    Searched,
    /// More persons than may go in one passage.
    Party {
        /// How many there are.
        persons: u16,
        /// How many may go.
        limit: u16,
    },
    /// Another holder who may not be outside together with this one went out.
    Together {
        /// When the other went out.
        since: Timestamp,
        /// With whom the holder may not go.
        whom: Whom,
        /// What counts as together.
        when: When,
    },
    /// The quota is used up.
    Quota {
        /// Whose.
        per: Per,
        /// Exits that are allowed,
        exits: u16,
        /// in so many days,
        days: u16,
        /// counted in this way.
        count: Count,
        /// Exits that count at this moment.
        used: u16,
    },
    /// The compound is shut.
    Closed {
        /// When it opens.
        opens: Timestamp,
    },
    /// Not one of the hours at which people may go out.
    OutsideWindows {
        /// When the next of them begins; none when there is none.
        opens: Option<Timestamp>,
    },
    /// A vehicle's plate was neither read nor keyed in.
    PlateUnread,
    /// A vehicle's plate is not the one on the pass.
    PlateDiffers,
    /// Nobody in the vehicle showed a pass of their own.
    VehicleAlone,
    /// The compound's rule for visitors.
    VisitorRule {
        /// The direction.
        direction: Direction,
    },
    /// A visitor's pass that holds longer than the compound takes.
    VisitorTooLong {
        /// Hours that it may hold.
        hours: u32,
    },
    /// The household to be visited has a holder under observation.
    HostRed,
    /// The gate does not know the colours of the household to be visited.
    HostUnknown,
    /// The temperature was not measured yet.
    TemperatureMissing,
    /// Too low to be true: to be measured again at the wrist.
    TemperatureLow {
        /// What was measured.
        measured: Tenths,
    },
    /// High: to be measured again after a rest.
    TemperatureAgain {
        /// What was measured.
        measured: Tenths,
        /// When it is to be measured again.
        at: Timestamp,
    },
    /// High again after the rest: a fever.
    Fever {
        /// What was measured last.
        measured: Tenths,
    },
    /// The holder went the same way before and was not seen coming back.
    Passback {
        /// When.
        since: Timestamp,
        /// Which way.
        direction: Direction,
    },
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
            Self::HomeClosed { .. } => "home_closed",
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
            Self::DirectionUnknown => "direction_unknown",
            Self::Searched => "searched",
            Self::Party { .. } => "party",
            Self::Together { .. } => "together",
            Self::Quota { per: Per::Household, .. } => "quota_household",
            Self::Quota { per: Per::Person, .. } => "quota_person",
            Self::Closed { .. } => "closed",
            Self::OutsideWindows { .. } => "outside_windows",
            Self::PlateUnread => "plate_unread",
            Self::PlateDiffers => "plate_differs",
            Self::VehicleAlone => "vehicle_alone",
            Self::VisitorRule { direction: Direction::In } => "visitor_in",
            Self::VisitorRule { direction: Direction::Out } => "visitor_out",
            Self::VisitorTooLong { .. } => "visitor_too_long",
            Self::HostRed => "host_red",
            Self::HostUnknown => "host_unknown",
            Self::TemperatureMissing => "temperature_missing",
            Self::TemperatureLow { .. } => "temperature_low",
            Self::TemperatureAgain { .. } => "temperature_again",
            Self::Fever { .. } => "fever",
            Self::Passback { direction: Direction::In, .. } => "passback_in",
            Self::Passback { direction: Direction::Out, .. } => "passback_out",
            Self::ColourChanged { .. } => "colour_changed",
        }
    }
}
