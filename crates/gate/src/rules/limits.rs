//! The rules that count, measure and look at the clock: each a plain record that says what it limits and what happens over it.

use std::fmt;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize, de};

use super::{PerColour, PerDirection, Verdict, present};

/// At most so many persons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(array)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Persons.
    #[n(0)]
    pub persons: u16,
    /// What happens over it.
    #[n(1)]
    pub over: Verdict,
}

/// No going out together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(map)]
#[serde(deny_unknown_fields)]
pub struct Together {
    /// Holders of which colours may not, with one another.
    #[n(0)]
    pub colours: PerColour<bool>,
    /// With whom.
    #[n(1)]
    pub whom: Whom,
    /// What counts as together.
    #[n(2)]
    pub when: When,
    /// What happens to the second one.
    #[n(3)]
    pub verdict: Verdict,
}

/// Who counts as company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Whom {
    /// Another holder of the same household.
    #[n(0)]
    Household,
    /// Any other holder of the compound.
    #[n(1)]
    Anyone,
}

/// What counts as together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// The other went out less than so many minutes ago.
    #[n(0)]
    WithinMinutes(#[n(0)] u32),
    /// The other is still outside, having gone out less than so many hours ago: whose return was not seen is forgotten then.
    #[n(1)]
    WhileOutsideAtMostHours(#[n(0)] u32),
}

/// So many persons in so many days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(map)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// Whose exits are counted.
    #[n(0)]
    pub per: Per,
    /// Persons who may go out.
    #[n(1)]
    pub exits: u16,
    /// In so many days.
    #[n(2)]
    pub days: u16,
    /// How the days are counted.
    #[n(3)]
    pub count: Count,
    /// Holders of which colours it binds.
    #[n(4)]
    pub colours: PerColour<bool>,
    /// Whether those whom the office lets off quotas are let off this one; their exits use up nothing of it then.
    #[n(5)]
    pub exemptions: bool,
    /// What happens when it is used up.
    #[n(6)]
    pub verdict: Verdict,
}

/// Whose exits are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// Those of a household.
    #[n(0)]
    Household,
    /// Those of a person, by whatever card.
    #[n(1)]
    Person,
}

/// How days are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Count {
    /// Each 24 hours, back from now.
    #[n(0)]
    Rolling,
    /// Calendar days in the compound's zone, today included.
    #[n(1)]
    CalendarDays,
}

/// A minute of the day, from 00:00 to 24:00.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(transparent)]
pub struct Minute(#[n(0)] pub u16);

impl Minute {
    /// 24:00.
    pub const END: Self = Self(24 * 60);
}

impl fmt::Display for Minute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl Serialize for Minute {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Minute {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let read = || {
            let (hour, minute) = text.split_once(':')?;
            let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
            let read = Self(hour.checked_mul(60)?.checked_add(minute)?);
            (read <= Self::END && read.to_string() == text).then_some(read)
        };
        read().ok_or_else(|| de::Error::custom(format!("{text:?} is no time of day such as 07:30")))
    }
}

/// A stretch of every day. One that ends at or before its start goes on over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(array)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Its first minute.
    #[n(0)]
    pub from: Minute,
    /// The first minute after it.
    #[n(1)]
    pub until: Minute,
}

/// The compound is shut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(map)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// When it is open.
    #[n(0)]
    pub open: Window,
    /// What happens when it is shut. Coming home is never refused.
    #[n(1)]
    pub shut: PerDirection<Verdict>,
    /// Whether those whom the office lets off closing times are let off.
    #[n(2)]
    pub exemptions: bool,
}

/// People may go out at some hours only.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(map)]
#[serde(deny_unknown_fields)]
pub struct ExitWindows {
    /// When.
    #[n(0)]
    pub windows: Vec<Window>,
    /// Holders of which colours it binds.
    #[n(1)]
    pub colours: PerColour<bool>,
    /// What happens outside of them.
    #[n(2)]
    pub outside: Verdict,
    /// Whether those whom the office lets off closing times are let off.
    #[n(3)]
    pub exemptions: bool,
}

/// 一人一车一杆: one person, one car, one lift of the bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(map)]
#[serde(deny_unknown_fields)]
pub struct Vehicles {
    /// When the plate was neither read nor keyed in.
    #[n(0)]
    pub plate_unread: Verdict,
    /// When the plate is not the one on the pass.
    #[n(1)]
    pub plate_differs: Verdict,
    /// When nobody in the vehicle showed a pass of their own.
    #[n(2)]
    pub alone: Verdict,
    /// How many persons may be in it.
    #[n(3)]
    #[serde(deserialize_with = "present")]
    pub persons: Option<Limit>,
}

/// About those who don't live here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(map)]
#[serde(deny_unknown_fields)]
pub struct Visitors {
    /// Whether they may go.
    #[n(0)]
    pub may: PerDirection<Verdict>,
    /// How many hours a visitor's pass may hold.
    #[n(1)]
    pub longest_hours: u32,
    /// What happens to one that holds longer, coming in.
    #[n(2)]
    pub longer: Verdict,
    /// What happens to visitors of a household that has a red holder, coming in.
    #[n(3)]
    pub red_host: Verdict,
    /// What happens, coming in, when the gate does not know the colours of the household.
    #[n(4)]
    pub unknown_host: Verdict,
}

/// The temperature at the gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(map)]
#[serde(deny_unknown_fields)]
pub struct Temperature {
    /// A fever from here on: 37.3 °C.
    #[n(0)]
    pub fever: Tenths,
    /// A wrong measurement below this: 35.0 °C.
    #[n(1)]
    pub low: Tenths,
    /// Minutes of rest before a fever is measured again.
    #[n(2)]
    pub rest_minutes: u32,
    /// When it was not measured yet.
    #[n(3)]
    pub missing: PerDirection<Verdict>,
    /// When it must be measured again: it was too low, or high for the first time.
    #[n(4)]
    pub again: PerDirection<Verdict>,
    /// When it was high again after the rest. The office is told at once.
    #[n(5)]
    pub high: PerDirection<Verdict>,
}

impl Temperature {
    /// A first high measurement is remembered for four hours after the rest: who is measured later begins anew.
    const AFTER_REST: i64 = 4 * 3600;

    /// Seconds for which a measurement counts.
    pub(crate) fn remembers(&self) -> i64 {
        i64::from(self.rest_minutes) * 60 + Self::AFTER_REST
    }
}

/// Tenths of a degree Celsius.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(transparent)]
pub struct Tenths(#[n(0)] pub u16);

impl fmt::Display for Tenths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

impl Serialize for Tenths {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_f64(f64::from(self.0) / 10.0)
    }
}

impl<'de> Deserialize<'de> for Tenths {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let degrees = f64::deserialize(from)?;
        let tenths = (degrees * 10.0).round();
        if !(0.0..=1000.0).contains(&tenths) || (tenths / 10.0 - degrees).abs() > 1e-6 {
            return Err(de::Error::custom(format!(
                "{degrees} is no temperature in degrees with one decimal"
            )));
        }
        Ok(Self(tenths as u16))
    }
}

/// The same holder twice in the same direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(map)]
#[serde(deny_unknown_fields)]
pub struct Passback {
    /// What happens to the second time.
    #[n(0)]
    pub verdict: PerDirection<Verdict>,
    /// For how many minutes the first time is remembered.
    #[n(1)]
    pub minutes: u32,
}
