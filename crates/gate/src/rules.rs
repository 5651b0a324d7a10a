//! The rules of one compound, as typed data.
//!
//! Nothing here has a default: what a gate does is what a compound decided, and signed.

use minicbor::{Decode, Encode};
use pass::{Colour, CompoundId};

/// Which way somebody goes through the gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Direction {
    /// 进: into the compound, home.
    #[n(0)]
    In,
    /// 出: out of it.
    #[n(1)]
    Out,
}

impl Direction {
    /// A name for programs: `in`, `out`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
        }
    }

    /// The direction of this [`Direction::code`].
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::In, Self::Out].into_iter().find(|direction| direction.code() == code)
    }
}

/// What the gate says, from the mildest to the strictest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Verdict {
    /// 放行: go.
    #[n(0)]
    Admit,
    /// 核对: staff look at the person and decide.
    #[n(1)]
    Check,
    /// 不放行: stop.
    #[n(2)]
    Refuse,
}

impl Verdict {
    /// A name for programs: `admit`, `check`, `refuse`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Admit => "admit",
            Self::Check => "check",
            Self::Refuse => "refuse",
        }
    }

    /// The verdict of this [`Verdict::code`].
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Admit, Self::Check, Self::Refuse].into_iter().find(|verdict| verdict.code() == code)
    }
}

/// Something decided for each colour apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PerColour<T> {
    /// For green.
    pub green: T,
    /// For yellow.
    pub yellow: T,
    /// For red.
    pub red: T,
}

impl<T: Copy> PerColour<T> {
    /// What was decided for `colour`.
    #[must_use]
    pub fn of(&self, colour: Colour) -> T {
        match colour {
            Colour::Green => self.green,
            Colour::Yellow => self.yellow,
            Colour::Red => self.red,
        }
    }
}

/// What a colour may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColourRule {
    /// Going out.
    pub out: Verdict,
    /// Coming home. A verdict of refuse is never carried out: it becomes check.
    pub entry: Verdict,
    /// Whether coming home raises an alert: a person under observation was outside.
    pub entry_alert: bool,
}

/// What a compound decided about its gates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The compound.
    pub compound: CompoundId,
    /// Its name, for screens.
    pub compound_name: String,
    /// The zone its times are shown in, by its IANA name.
    pub time_zone: String,
    /// What each colour may do.
    pub colours: PerColour<ColourRule>,
    /// About passes that the status list can't be asked about: none is held, it is old, or it is older than the pass.
    pub unlisted: PerColour<Verdict>,
    /// About passes shown while the gate's clock is in doubt.
    pub clock_in_doubt: PerColour<Verdict>,
}

impl Rules {
    /// The rule for a colour in a direction.
    #[must_use]
    pub(crate) fn verdict(&self, colour: Colour, direction: Direction) -> Verdict {
        match direction {
            Direction::In => self.colours.of(colour).entry,
            Direction::Out => self.colours.of(colour).out,
        }
    }
}
