//! What the gate and the office say in the same words, in both languages side by side: the rules, the reasons of a verdict,
//! and what was typed wrong.
//!
//! A guard and the office talk about one refusal on the telephone; they must read the same sentence. What only one of
//! the programs says stands in that program. Knows no screen and no page.

mod brief;
pub mod command_line;
mod language;
mod reasons;
mod rules;
pub mod trial;

use gate::{Direction, Verdict};
use jiff::tz::TimeZone;
use pass::{Colour, Timestamp};

pub use brief::brief;
pub use language::{Language, NoLanguage};
pub use reasons::{next, reason};
pub use rules::explain;

/// A verdict as one word.
#[must_use]
pub fn verdict(verdict: Verdict, lang: Language) -> &'static str {
    match verdict {
        Verdict::Admit => lang.choose("放行", "go"),
        Verdict::Check => lang.choose("核对", "check"),
        Verdict::Refuse => lang.choose("不放行", "stop"),
    }
}

/// A direction as one word.
#[must_use]
pub fn direction(direction: Direction, lang: Language) -> &'static str {
    match direction {
        Direction::In => lang.choose("进", "in"),
        Direction::Out => lang.choose("出", "out"),
    }
}

/// A colour as one word.
#[must_use]
pub fn colour(colour: Colour, lang: Language) -> &'static str {
    match colour {
        Colour::Green => lang.choose("绿", "green"),
        Colour::Yellow => lang.choose("黄", "yellow"),
        Colour::Red => lang.choose("红", "red"),
    }
}

/// Day and time in the compound's zone.
#[must_use]
pub fn moment(at: Timestamp, zone: &TimeZone, lang: Language) -> String {
    let Ok(at) = jiff::Timestamp::from_second(at.0) else { return "—".to_owned() };
    let at = at.to_zoned(zone.clone());
    at.strftime(lang.choose("%-m月%-d日 %H:%M", "%-d %b %H:%M")).to_string()
}

/// As [`moment`], to the end of the minute: whoever comes at this time is not a second early.
#[must_use]
pub fn moment_from(at: Timestamp, zone: &TimeZone, lang: Language) -> String {
    moment(at.plus(59), zone, lang)
}

/// `1 person`, `2 persons`.
fn plural(count: impl Into<u64>, one: &str) -> String {
    let count = count.into();
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}
