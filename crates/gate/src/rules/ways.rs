//! Directions, verdicts, and what is decided for each colour or direction apart.

use minicbor::{Decode, Encode};
use pass::Colour;
use serde::{Deserialize, Serialize};

/// Which way somebody goes through the gate.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
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

    /// The opposite one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::In => Self::Out,
            Self::Out => Self::In,
        }
    }

    /// The direction of this [`Direction::code`].
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::In, Self::Out].into_iter().find(|direction| direction.code() == code)
    }
}

/// What the gate says, from the mildest to the strictest.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(array)]
#[serde(deny_unknown_fields)]
pub struct PerColour<T> {
    /// For green.
    #[n(0)]
    pub green: T,
    /// For yellow.
    #[n(1)]
    pub yellow: T,
    /// For red.
    #[n(2)]
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

/// Something decided for each direction apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(array)]
#[serde(deny_unknown_fields)]
pub struct PerDirection<T> {
    /// Going out.
    #[n(0)]
    pub out: T,
    /// Coming in.
    #[n(1)]
    pub entry: T,
}

impl<T: Copy> PerDirection<T> {
    /// What was decided for `direction`.
    #[must_use]
    pub fn of(&self, direction: Direction) -> T {
        match direction {
            Direction::In => self.entry,
            Direction::Out => self.out,
        }
    }
}
