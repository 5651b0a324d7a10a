//! Every sentence that people read on the screen, in both languages side by side, keyed by what it says.
//!
//! zh-CN is the default. Staff read these in the cold with a queue before them: short, and with what to do.

mod desk;
mod enrol;
mod help;
mod reasons;
mod screen;
mod shell;

use gate::{Direction, Verdict};
use jiff::tz::TimeZone;
use pass::{Colour, Kind, Timestamp};

use crate::screen::Shown;
use crate::time::Doubt;

pub use desk::{
    DeskWords, REFUSED, Why, counts, desk, found, home, no_earlier, out, reasons, refused, role, shift_since,
    turn_to, why_not,
};
pub use enrol::{EnrolWords, enrol};
pub use help::{about, argument};
pub use reasons::{next, reason, rules};
pub use screen::{
    Say, bundle_age, carried, device, device_health, enrol_problem, eye, health, programs, reached, say,
};
pub use shell::{Tell, tell};

pub use wording::Language;

/// The word of a verdict, as large as the screen allows.
#[must_use]
pub fn verdict(verdict: Verdict, lang: Language) -> &'static str {
    match verdict {
        Verdict::Admit => lang.choose("可以通行", "Go"),
        Verdict::Check => lang.choose("请核对", "Check"),
        Verdict::Refuse => lang.choose("请停步", "Stop"),
    }
}

/// What is said aloud about a verdict: its word and its weightiest reason, and no name.
#[must_use]
pub fn aloud(shown: &Shown, zone: &TimeZone, lang: Language) -> String {
    let stop = lang.choose("。", ". ");
    let why = shown.reasons.first().map(|why| reason(why, zone, lang));
    let next = shown.next.map(|at| next(at, zone, lang));
    let word = format!("{}{stop}", verdict(shown.verdict, lang));
    [Some(word), why, next].into_iter().flatten().collect::<Vec<_>>().join(lang.choose("", " "))
}

/// What staff do after a verdict, where its word does not say so.
#[must_use]
pub fn instruction(verdict: Verdict, lang: Language) -> Option<&'static str> {
    match verdict {
        Verdict::Admit => None,
        Verdict::Check => Some(lang.choose(
            "看清本人和上列原因，再决定是否放行。",
            "Look at the person and the reasons above, then decide.",
        )),
        Verdict::Refuse => {
            Some(lang.choose(
                "不要放行；有疑问请联系社区。",
                "Do not let them through. In doubt, call the office.",
            ))
        }
    }
}

/// What to do about a clock in doubt.
#[must_use]
pub fn doubt(doubt: Doubt, lang: Language) -> &'static str {
    let what = match doubt {
        Doubt::Behind => Say::ClockBehind,
        Doubt::Ahead => Say::ClockAhead,
        Doubt::Stepped => Say::ClockStepped,
    };
    say(what, lang)
}

/// A direction as one word.
#[must_use]
pub fn direction(direction: Direction, lang: Language) -> &'static str {
    match direction {
        Direction::In => lang.choose("进", "In"),
        Direction::Out => lang.choose("出", "Out"),
    }
}

/// A colour as one word.
#[must_use]
pub fn colour(colour: Colour, lang: Language) -> &'static str {
    match colour {
        Colour::Green => lang.choose("绿", "Green"),
        Colour::Yellow => lang.choose("黄", "Yellow"),
        Colour::Red => lang.choose("红", "Red"),
    }
}

/// A kind of pass; a resident's needs no word.
#[must_use]
pub fn kind(kind: Kind, lang: Language) -> Option<&'static str> {
    match kind {
        Kind::Person => None,
        Kind::Vehicle => Some(lang.choose("车辆", "Vehicle")),
        Kind::Visitor => Some(lang.choose("访客", "Visitor")),
        Kind::Specimen => Some(lang.choose("样证", "Specimen")),
    }
}

/// Day and time in the compound's zone.
#[must_use]
pub fn moment(at: Timestamp, zone: &TimeZone, lang: Language) -> String {
    let Ok(at) = jiff::Timestamp::from_second(at.0) else { return "—".to_owned() };
    let at = at.to_zoned(zone.clone());
    at.strftime(lang.choose("%-m月%-d日 %H:%M", "%-d %b %H:%M")).to_string()
}

/// A length of time, rounded down to its largest unit.
#[must_use]
pub fn duration(seconds: i64, lang: Language) -> String {
    let seconds = seconds.max(0);
    let plural = |n: i64, unit: &str| format!("{n} {unit}{}", if n == 1 { "" } else { "s" });
    match seconds {
        0..60 => lang.choose("不到 1 分钟".to_owned(), "under a minute".to_owned()),
        60..3600 => lang.choose(format!("{} 分钟", seconds / 60), plural(seconds / 60, "minute")),
        3600..172_800 => lang.choose(format!("{} 小时", seconds / 3600), plural(seconds / 3600, "hour")),
        _ => lang.choose(format!("{} 天", seconds / 86_400), plural(seconds / 86_400, "day")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_in_the_compounds_zone() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let at = Timestamp(1_582_000_000);
        assert_eq!(moment(at, &zone, Language::Zh), "2月18日 12:26");
        assert_eq!(moment(at, &zone, Language::En), "18 Feb 12:26");
        assert_eq!(moment(Timestamp(i64::MAX), &zone, Language::En), "—");
    }

    #[test]
    fn durations_are_rounded_down() {
        let table = [
            (-5, "不到 1 分钟", "under a minute"),
            (60, "1 分钟", "1 minute"),
            (7199, "1 小时", "1 hour"),
            (172_799, "47 小时", "47 hours"),
            (172_800, "2 天", "2 days"),
        ];
        for (seconds, zh, en) in table {
            assert_eq!(
                (duration(seconds, Language::Zh), duration(seconds, Language::En)),
                (zh.into(), en.into())
            );
        }
    }
}
