//! What other rules would have changed: a line for each passage, and what it comes to.

use gate::{Otherwise, Trial, Verdict};
use jiff::Zoned;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use pass::Timestamp;

use crate::{Language, direction, moment, reason, verdict};

/// The names of the columns of [`cells`], for programs.
pub const COLUMNS: [&str; 9] =
    ["sequence", "at", "short_code", "household", "direction", "before", "after", "why_before", "why_after"];

/// A change as the cells of a table for programs: codes and numbers.
#[must_use]
pub fn cells(change: &Otherwise) -> [String; 9] {
    let at = jiff::Timestamp::from_second(change.at.0);
    let now: Vec<&str> = change.reasons.iter().map(gate::Reason::code).collect();
    let kept = change.kept.iter().map(String::as_str);
    let after: Vec<&str> = now.into_iter().chain(kept).collect();
    [
        change.sequence.to_string(),
        at.map_or_else(|_| change.at.to_string(), |at| at.to_string()),
        change.holder.serial.short_code(),
        change.holder.household.to_string(),
        change.direction.code().to_owned(),
        change.before.code().to_owned(),
        change.after.code().to_owned(),
        change.why_before.join(" "),
        after.join(" "),
    ]
}

/// A change as a line for people: when, whose card, which way, what was and what would have been, and why.
#[must_use]
pub fn line(change: &Otherwise, zone: &TimeZone, lang: Language) -> String {
    let why: Vec<String> = change.reasons.iter().map(|one| reason(one, zone, lang)).collect();
    let why = if why.is_empty() {
        lang.choose("没有理由阻拦。", "Nothing speaks against it.").to_owned()
    } else {
        why.join(" ")
    };
    format!(
        "{}  {}  {}  {} → {}  {why}",
        moment(change.at, zone, lang),
        change.holder.serial.short_code(),
        direction(change.direction, lang),
        verdict(change.before, lang),
        verdict(change.after, lang),
    )
}

/// What it comes to.
#[must_use]
pub fn summary(trial: &Trial, lang: Language) -> String {
    const ALL: [Verdict; 3] = [Verdict::Admit, Verdict::Check, Verdict::Refuse];
    let pairs = ALL.into_iter().flat_map(|before| ALL.map(|after| (before, after)));
    let counts: Vec<String> = pairs
        .map(|(before, after)| (before, after, trial.count(before, after)))
        .filter(|(_, _, count)| *count > 0)
        .map(|(before, after, count)| {
            format!("{} → {}: {count}", verdict(before, lang), verdict(after, lang))
        })
        .collect();
    let counts = if counts.is_empty() {
        String::new()
    } else {
        format!(" {}.", counts.join(lang.choose("，", ", ")))
    };
    lang.choose(
        format!("重新判定 {} 次，其中 {} 次结果不同。{counts}", trial.judged, trial.changes.len()),
        format!(
            "{} verdicts judged again, {} of them would have been others.{counts}",
            trial.judged,
            trial.changes.len()
        ),
    )
}

/// A day or a time in the compound's zone (`2020-02-18`, `2020-02-18T10:00`), or a time with its own
/// (`2020-02-18T10:00+08:00[Asia/Shanghai]`, `2020-02-18T02:00:00Z`).
#[must_use]
pub fn parse_moment(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let own = || {
        let at = text.parse::<jiff::Timestamp>().ok();
        at.or_else(|| text.parse::<Zoned>().ok().map(|at| at.timestamp()))
    };
    let civil = || text.parse::<DateTime>().ok().or_else(|| Some(text.parse::<Date>().ok()?.at(0, 0, 0, 0)));
    let at = own().or_else(|| zone.to_timestamp(civil()?).ok())?;
    Some(Timestamp(at.as_second()))
}
