//! The reasons of a verdict, and when the person may next go. The sentences are those that the office reads too: they stand in
//! `wording`.

use gate::{Policy, Reason};
use jiff::tz::TimeZone;
use pass::Timestamp;

use super::Lang;

impl From<Lang> for wording::Lang {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::Zh => Self::Zh,
            Lang::En => Self::En,
        }
    }
}

/// The sentence of a reason, its times in the compound's zone.
#[must_use]
pub fn reason(reason: &Reason, zone: &TimeZone, lang: Lang) -> String {
    wording::reason(reason, zone, lang.into())
}

/// When the person may next go.
#[must_use]
pub fn next(at: Timestamp, zone: &TimeZone, lang: Lang) -> String {
    wording::next(at, zone, lang.into())
}

/// The compound's rules, a sentence for each.
#[must_use]
pub fn rules(policy: &Policy, lang: Lang) -> Vec<String> {
    wording::explain(policy, lang.into())
}
