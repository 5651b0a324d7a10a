//! The reasons of a verdict, and when the person may next go. The sentences are those that the office reads too: they stand in
//! `wording`.

use gate::{Policy, Reason};
use jiff::tz::TimeZone;
use pass::Timestamp;

use super::Language;

/// The sentence of a reason, its times in the compound's zone.
#[must_use]
pub fn reason(reason: &Reason, zone: &TimeZone, lang: Language) -> String {
    wording::reason(reason, zone, lang)
}

/// When the person may next go.
#[must_use]
pub fn next(at: Timestamp, zone: &TimeZone, lang: Language) -> String {
    wording::next(at, zone, lang)
}

/// The compound's rules, a sentence for each.
#[must_use]
pub fn rules(policy: &Policy, lang: Language) -> Vec<String> {
    wording::explain(policy, lang)
}
