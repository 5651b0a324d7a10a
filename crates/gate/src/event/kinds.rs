//! What else happens at a gate: passages, what staff do, emergencies, devices. Each refers to other events of the same
//! journal by their sequence.

use minicbor::{Decode, Encode};
use pass::Timestamp;

use super::Note;
use crate::{Direction, Verdict};

/// The bar turned: somebody went through.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Passed {
    /// The verdict they went through on; none when the bar turned without one.
    #[n(0)]
    pub of: Option<u64>,
    /// Which way.
    #[n(1)]
    pub direction: Direction,
    /// Persons that this signal stands for; 0 for a vehicle's, whose persons are counted by their own passes.
    #[n(2)]
    pub persons: u16,
}

/// A member of staff decided otherwise, in either direction. Of a [`super::Judged`] that
/// [can be overridden](super::Judged::can_be_overridden) only.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Overridden {
    /// The verdict that was turned.
    #[n(0)]
    pub of: u64,
    /// What it became.
    #[n(1)]
    pub verdict: Verdict,
    /// The member of staff, by the name they sign in with.
    #[n(2)]
    pub who: String,
    /// Their reason.
    #[n(3)]
    pub why: Note,
}

/// An event that should not have been: a [`super::Judged`], [`Passed`], [`Overridden`] or [`Manual`] is taken back, and with
/// it what it used up of a quota.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Undone {
    /// The event that is taken back.
    #[n(0)]
    pub of: u64,
    /// The member of staff, by the name they sign in with.
    #[n(1)]
    pub who: String,
    /// Their reason.
    #[n(2)]
    pub why: Note,
}

/// The gate was opened in an emergency.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EmergencyOpened {
    /// Who was signed in; none when nobody was.
    #[n(0)]
    pub who: Option<String>,
    /// When it was opened, by the gate's clock: the event may be written later.
    #[n(1)]
    pub opened: At,
}

/// An emergency opening ended.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EmergencyClosed {
    /// The opening.
    #[n(0)]
    pub of: u64,
    /// Who closed it; none when it closed by itself.
    #[n(1)]
    pub who: Option<String>,
}

/// An emergency opening was given its reason.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EmergencyExplained {
    /// The opening.
    #[n(0)]
    pub of: u64,
    /// The member of staff who explains it.
    #[n(1)]
    pub who: String,
    /// The reason.
    #[n(2)]
    pub why: Note,
}

/// What a member of staff may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Role {
    /// 门岗: stands at the gate.
    #[n(0)]
    Guard,
    /// 主管: answers for the guards.
    #[n(1)]
    Supervisor,
}

impl Role {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Guard, Self::Supervisor];

    /// A name for programs: `guard`, `supervisor`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Guard => "guard",
            Self::Supervisor => "supervisor",
        }
    }

    /// The role of this [`Role::code`].
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// A member of staff signed in.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SignedIn {
    /// The name they sign in with.
    #[n(0)]
    pub who: String,
    /// What they may do.
    #[n(1)]
    pub role: Role,
}

/// A member of staff signed out.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SignedOut {
    /// The name they sign in with.
    #[n(0)]
    pub who: String,
    /// Whether the gate did it, because nothing was touched for a while or somebody else signed in.
    #[n(1)]
    pub by_itself: bool,
}

/// A wrong PIN.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SignInFailed {
    /// The name that was chosen.
    #[n(0)]
    pub who: String,
    /// Wrong PINs for this name in a row, this one included.
    #[n(1)]
    pub failures: u32,
    /// Seconds before the next PIN for this name is looked at.
    #[n(2)]
    pub wait: u32,
}

/// One shift handed over to the next.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ShiftChanged {
    /// Who goes; none when nobody was signed in.
    #[n(0)]
    pub from: Option<String>,
    /// Who comes; none when nobody is there yet.
    #[n(1)]
    pub to: Option<String>,
    /// When the shift that ends began.
    #[n(2)]
    pub since: At,
    /// What was done in it.
    #[n(3)]
    pub counts: ShiftCounts,
}

/// What was done in a shift.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct ShiftCounts {
    /// Verdicts in this shift: admit, going out.
    #[n(0)]
    pub admitted_out: u64,
    /// Admit, coming in.
    #[n(1)]
    pub admitted_in: u64,
    /// Check.
    #[n(2)]
    pub checked: u64,
    /// Refuse.
    #[n(3)]
    pub refused: u64,
    /// Verdicts that staff turned.
    #[n(4)]
    pub overridden: u64,
    /// Events taken back.
    #[n(5)]
    pub undone: u64,
    /// People let in or out without a pass.
    #[n(6)]
    pub manual: u64,
    /// Emergency openings.
    #[n(7)]
    pub emergencies: u64,
    /// Measurements at or above the fever limit.
    #[n(8)]
    pub fevers: u64,
}

/// A temperature was measured at the gate.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Measured {
    /// The verdict that it belongs to: the last one on the holder; none for somebody without a pass.
    #[n(0)]
    pub of: Option<u64>,
    /// Which measurement of this person it is, from 1.
    #[n(1)]
    pub number: u16,
    /// Tenths of a degree Celsius.
    #[n(2)]
    pub tenths: u16,
    /// Where.
    #[n(3)]
    pub site: Site,
}

/// Where a temperature is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Site {
    /// 额头.
    #[n(0)]
    Forehead,
    /// 手腕: where the cold does not reach.
    #[n(1)]
    Wrist,
}

impl Site {
    /// A name for programs: `forehead`, `wrist`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Forehead => "forehead",
            Self::Wrist => "wrist",
        }
    }
}

/// A device failed, or works again.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DeviceTrouble {
    /// Which.
    #[n(0)]
    pub device: Device,
    /// The verdict whose passage it concerns.
    #[n(1)]
    pub of: Option<u64>,
    /// What it said; none when it works again.
    #[n(2)]
    pub fault: Option<Note>,
}

/// A device of a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Device {
    /// What stops people or cars.
    #[n(0)]
    Barrier,
    /// What reports that the bar turned.
    #[n(1)]
    TurnSensor,
    /// The eye.
    #[n(2)]
    Camera,
    /// The hand scanner.
    #[n(3)]
    HandScanner,
    /// The thermometer.
    #[n(4)]
    Thermometer,
    /// What is heard.
    #[n(5)]
    Sound,
    /// What says which way the lane is used.
    #[n(6)]
    Switch,
}

impl Device {
    /// A name for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Barrier => "barrier",
            Self::TurnSensor => "turn_sensor",
            Self::Camera => "camera",
            Self::HandScanner => "hand_scanner",
            Self::Thermometer => "thermometer",
            Self::Sound => "sound",
            Self::Switch => "switch",
        }
    }
}

/// A supervisor set the gate's clock.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ClockSet {
    /// What it showed.
    #[n(0)]
    pub from: At,
    /// What it shows now.
    #[n(1)]
    pub to: At,
    /// The supervisor.
    #[n(2)]
    pub who: String,
}

/// Somebody came without a pass that is believed, and staff decided.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Manual {
    /// Which way.
    #[n(0)]
    pub direction: Direction,
    /// What staff decided.
    #[n(1)]
    pub verdict: Verdict,
    /// The member of staff.
    #[n(2)]
    pub who: String,
    /// Who it was, and why they came or went.
    #[n(3)]
    pub why: Note,
    /// The household they belong to or visit, when staff know it: counts against its quota when going out.
    #[n(4)]
    pub household: Option<u32>,
    /// How many persons.
    #[n(5)]
    pub party: u16,
    /// Their vehicle's plate.
    #[n(6)]
    pub plate: Option<Note>,
    /// The verdict on a pass that was not believed, where they had shown one.
    #[n(7)]
    pub instead_of: Option<u64>,
}

/// A time inside an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct At(pub Timestamp);

impl<C> Encode<C> for At {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.i64(self.0.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for At {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        Ok(Self(Timestamp(d.i64()?)))
    }
}
