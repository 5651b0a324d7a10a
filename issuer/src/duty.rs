//! Duties as an office writes them: a stretch of a day, on so many days in a row, in the compound's own time.

use jiff::ToSpan;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use pass::Timestamp;
use store::DutyLine;

/// The most days in a row.
pub(crate) const MOST_DAYS: u16 = 366;

/// Why no duty comes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoDuty {
    /// There is no such moment.
    NoSuchTime,
    /// It ends before it begins.
    Backwards,
}

/// The lines of a duty that is the same on so many days in a row. At no gate in particular where `gate` is empty.
pub(crate) fn lines(
    (who, gate): (&str, &str),
    (starts, ends): (DateTime, DateTime),
    days: u16,
    zone: &TimeZone,
) -> Result<Vec<DutyLine>, NoDuty> {
    let line = |day| {
        let moment = |at| moment(at, day, zone).ok_or(NoDuty::NoSuchTime);
        let (from, until) = (moment(starts)?, moment(ends)?);
        if from >= until {
            return Err(NoDuty::Backwards);
        }
        Ok(DutyLine { who: who.to_owned(), gate: gate.to_owned(), from, until })
    };
    (0..days).map(line).collect()
}

/// That time of day, so many days later, in the compound's zone.
fn moment(at: DateTime, days: u16, zone: &TimeZone) -> Option<Timestamp> {
    let at = at.checked_add(i64::from(days).days()).ok()?.to_zoned(zone.clone()).ok()?;
    Some(Timestamp(at.timestamp().as_second()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_the_compounds_own() {
        let shanghai = TimeZone::get("Asia/Shanghai").unwrap();
        let at = "2020-03-01T08:00".parse().unwrap();
        assert_eq!(moment(at, 0, &shanghai), Some(Timestamp(1_583_020_800)));
        assert_eq!(moment(at, 2, &shanghai), Some(Timestamp(1_583_020_800 + 2 * 86_400)));
        // The night on which clocks go forward has no 23 hours less: the same time of day, an hour sooner.
        let paris = TimeZone::get("Europe/Paris").unwrap();
        let at = "2020-03-28T08:00".parse().unwrap();
        let (first, next) = (moment(at, 0, &paris).unwrap(), moment(at, 1, &paris).unwrap());
        assert_eq!(next.since(first), 23 * 3600);
        assert_eq!(moment(DateTime::MAX, 1, &shanghai), None);
    }

    #[test]
    fn a_duty_is_a_line_a_day_and_never_ends_before_it_begins() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let at = |text: &str| text.parse::<DateTime>().unwrap();
        let night = (at("2020-03-01T20:00"), at("2020-03-02T08:00"));
        let made = lines(("李师傅", "东门"), night, 3, &zone).unwrap();
        assert_eq!(made.len(), 3);
        assert_eq!(made[2].from.since(made[0].from), 2 * 86_400);
        assert!(made.iter().all(|line| line.until.since(line.from) == 12 * 3600 && line.gate == "东门"));
        assert_eq!(lines(("李师傅", ""), (night.1, night.0), 1, &zone), Err(NoDuty::Backwards));
        assert_eq!(lines(("李师傅", ""), (night.0, night.0), 1, &zone), Err(NoDuty::Backwards));
        assert_eq!(lines(("李师傅", ""), (DateTime::MAX, DateTime::MAX), 2, &zone), Err(NoDuty::NoSuchTime));
    }
}
