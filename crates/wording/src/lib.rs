//! What the gate and the office say in the same words, in both languages side by side: the rules, and the reasons of a verdict.
//!
//! A guard and the office talk about one refusal on the telephone; they must read the same sentence. What only one of
//! the programs says stands in that program. Knows no screen and no page.

mod reasons;
mod rules;
pub mod trial;

use gate::{Direction, Verdict};
use jiff::tz::TimeZone;
use pass::{Colour, Timestamp};

pub use reasons::{next, reason};
pub use rules::explain;

/// A language of the product.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// Chinese in simplified characters.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The text in this language.
    pub fn of<T>(self, zh: T, en: T) -> T {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

/// A verdict as one word.
#[must_use]
pub fn verdict(verdict: Verdict, lang: Lang) -> &'static str {
    match verdict {
        Verdict::Admit => lang.of("放行", "go"),
        Verdict::Check => lang.of("核对", "check"),
        Verdict::Refuse => lang.of("不放行", "stop"),
    }
}

/// A direction as one word.
#[must_use]
pub fn direction(direction: Direction, lang: Lang) -> &'static str {
    match direction {
        Direction::In => lang.of("进", "in"),
        Direction::Out => lang.of("出", "out"),
    }
}

/// A colour as one word.
#[must_use]
pub fn colour(colour: Colour, lang: Lang) -> &'static str {
    match colour {
        Colour::Green => lang.of("绿", "green"),
        Colour::Yellow => lang.of("黄", "yellow"),
        Colour::Red => lang.of("红", "red"),
    }
}

/// Day and time in the compound's zone.
#[must_use]
pub fn moment(at: Timestamp, zone: &TimeZone, lang: Lang) -> String {
    let Ok(at) = jiff::Timestamp::from_second(at.0) else { return "—".to_owned() };
    let at = at.to_zoned(zone.clone());
    at.strftime(lang.of("%-m月%-d日 %H:%M", "%-d %b %H:%M")).to_string()
}

/// As [`moment`], to the end of the minute: whoever comes at this time is not a second early.
#[must_use]
pub fn moment_from(at: Timestamp, zone: &TimeZone, lang: Lang) -> String {
    moment(at.plus(59), zone, lang)
}

/// `1 person`, `2 persons`.
fn plural(count: impl Into<u64>, one: &str) -> String {
    let count = count.into();
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}
