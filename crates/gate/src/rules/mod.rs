//! The rules of one compound, as typed data.
//!
//! Nothing here has a default: what a gate does is what a compound decided, and signed. The same types are the form on the
//! wire (CBOR, labels are never reused) and in files that people write (JSON, every member must be there).

mod check;
mod limits;
mod ways;

use minicbor::{Decode, Encode};
use pass::{Colour, CompoundId};
use serde::{Deserialize, Serialize};

pub use check::PolicyError;
pub use limits::{
    Closing, Count, ExitWindows, Limit, Minute, Passback, Per, Quota, Temperature, Tenths, Together,
    Vehicles, Visitors, When, Whom, Window,
};
pub use ways::{Direction, PerColour, PerDirection, Verdict};

/// What a compound decided about its gates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The compound.
    pub compound: CompoundId,
    /// Its name, for screens.
    pub compound_name: String,
    /// What it decided.
    pub policy: Policy,
}

/// The rules themselves. An absent one is a decision too, and is written down as one.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(map)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The zone of its times, by its IANA name.
    #[n(0)]
    pub time_zone: String,
    /// What each colour may do.
    #[n(1)]
    pub colours: PerColour<ColourRule>,
    /// Who may not go out together.
    #[n(2)]
    pub together: Vec<Together>,
    /// How often people may go out.
    #[n(3)]
    pub quotas: Vec<Quota>,
    /// When the compound is shut.
    #[n(4)]
    #[serde(deserialize_with = "present")]
    pub closing: Option<Closing>,
    /// When people may go out.
    #[n(5)]
    #[serde(deserialize_with = "present")]
    pub exit_windows: Option<ExitWindows>,
    /// About vehicles.
    #[n(6)]
    #[serde(deserialize_with = "present")]
    pub vehicles: Option<Vehicles>,
    /// About visitors, couriers and workers: all who have a visitor's pass.
    #[n(7)]
    #[serde(deserialize_with = "present")]
    pub visitors: Option<Visitors>,
    /// About the temperature taken at the gate.
    #[n(8)]
    #[serde(deserialize_with = "present")]
    pub temperature: Option<Temperature>,
    /// About a pass that is used twice in the same direction.
    #[n(9)]
    #[serde(deserialize_with = "present")]
    pub passback: Option<Passback>,
    /// After so many minutes an admission that nobody walked through counts no more, where a lane has a turned-signal.
    #[n(10)]
    #[serde(deserialize_with = "present")]
    pub lapse_minutes: Option<u32>,
}

/// All that is decided for one colour by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(map)]
#[serde(deny_unknown_fields)]
pub struct ColourRule {
    /// Going out.
    #[n(0)]
    pub out: Verdict,
    /// Coming home. A verdict of refuse is never carried out: it becomes check.
    #[n(1)]
    pub entry: Verdict,
    /// Whether coming home raises an alert: a person under observation was outside.
    #[n(2)]
    pub entry_alert: bool,
    /// When the status list has expired.
    #[n(3)]
    pub old_list: Verdict,
    /// When no status list is held of the office, or the list is older than the pass.
    #[n(4)]
    pub unknown_pass: Verdict,
    /// While the gate's clock is in doubt.
    #[n(5)]
    pub clock_in_doubt: Verdict,
    /// When staff searched for the holder, and no code was seen.
    #[n(6)]
    pub searched: Verdict,
    /// How many persons may go in one passage.
    #[n(7)]
    #[serde(deserialize_with = "present")]
    pub party: Option<Limit>,
}

impl Policy {
    /// The rule for a colour in a direction.
    #[must_use]
    pub(crate) fn verdict(&self, colour: Colour, direction: Direction) -> Verdict {
        match direction {
            Direction::In => self.colours.of(colour).entry,
            Direction::Out => self.colours.of(colour).out,
        }
    }

    /// Seconds that these rules look back on: what is older changes no decision.
    #[must_use]
    pub fn look_back(&self) -> i64 {
        const MINUTE: i64 = 60;
        const HOUR: i64 = 60 * MINUTE;
        const DAY: i64 = 24 * HOUR;
        let together = self.together.iter().map(|rule| match rule.when {
            When::WithinMinutes(minutes) => i64::from(minutes) * MINUTE,
            When::WhileOutsideAtMostHours(hours) => i64::from(hours) * HOUR,
        });
        // A calendar day may have 25 hours.
        let quotas = self.quotas.iter().map(|rule| i64::from(rule.days) * (DAY + HOUR));
        let passback = self.passback.iter().map(|rule| i64::from(rule.minutes) * MINUTE);
        let measured = self.temperature.iter().map(Temperature::remembers);
        together.chain(quotas).chain(passback).chain(measured).max().unwrap_or(0)
    }

    /// Seconds after which an admission that nobody walked through counts no more.
    #[must_use]
    pub(crate) fn lapse(&self) -> Option<i64> {
        self.lapse_minutes.map(|minutes| i64::from(minutes) * 60)
    }
}

/// Demands that a member stands there, though it may be `null`.
fn present<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(from)
}
