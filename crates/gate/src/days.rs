//! Days and windows of the day in the compound's zone, as stretches of real time: right on the days on which clocks are
//! put forward or back as well.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use pass::Timestamp;

use crate::{Minute, Window};

/// The compound's calendar.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Days<'a>(pub(crate) &'a TimeZone);

impl Days<'_> {
    /// The first moment of the day that comes `days` after the one of `at`; `at` itself where the calendar ends.
    pub(crate) fn start(&self, at: Timestamp, days: i64) -> Timestamp {
        self.date(at).and_then(|date| self.moment(date, days, Minute(0))).unwrap_or(at)
    }

    /// Whether `at` lies in the window.
    pub(crate) fn is_in(&self, window: Window, at: Timestamp) -> bool {
        self.around(window, at).any(|(from, until)| from <= at && at < until)
    }

    /// When one of the windows next begins.
    pub(crate) fn next(&self, windows: &[Window], at: Timestamp) -> Option<Timestamp> {
        let starts = windows.iter().flat_map(|window| self.around(*window, at).map(|(from, _)| from));
        starts.filter(|from| *from > at).min()
    }

    /// The window on the days around `at`. A day before, since it may go on over midnight; two after, as the first of them
    /// may have begun.
    fn around(&self, window: Window, at: Timestamp) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        let date = self.date(at);
        (-1..=2).filter_map(move |day| {
            let date = date?;
            let from = self.moment(date, day, window.from)?;
            let end = day + i64::from(window.until <= window.from);
            Some((from, self.moment(date, end, window.until)?))
        })
    }

    fn date(&self, at: Timestamp) -> Option<Date> {
        Some(self.0.to_datetime(jiff::Timestamp::from_second(at.0).ok()?).date())
    }

    /// A minute of a day. One that clocks leave out is the moment at which they leave it out.
    fn moment(&self, date: Date, days: i64, minute: Minute) -> Option<Timestamp> {
        // 24:00 is the start of the next day.
        let (days, minute) = if minute >= Minute::END { (days + 1, Minute(0)) } else { (days, minute) };
        let date = date.checked_add(jiff::Span::new().try_days(days).ok()?).ok()?;
        let hour = i8::try_from(minute.0 / 60).ok()?;
        let time = date.at(hour, i8::try_from(minute.0 % 60).ok()?, 0, 0);
        Some(Timestamp(self.0.to_ambiguous_timestamp(time).later().ok()?.as_second()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(zone: &TimeZone, text: &str) -> Timestamp {
        let time: jiff::civil::DateTime = text.parse().unwrap();
        Timestamp(zone.to_timestamp(time).unwrap().as_second())
    }

    #[test]
    fn windows_hold_from_their_first_minute_to_their_last() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let days = Days(&zone);
        let morning = Window { from: Minute(450), until: Minute(690) };
        let night = Window { from: Minute(21 * 60), until: Minute(5 * 60) };
        let whole = Window { from: Minute(0), until: Minute::END };
        let table = [
            (morning, "2020-02-18T07:29:59", false),
            (morning, "2020-02-18T07:30:00", true),
            (morning, "2020-02-18T11:29:59", true),
            (morning, "2020-02-18T11:30:00", false),
            (night, "2020-02-18T20:59:59", false),
            (night, "2020-02-18T21:00:00", true),
            (night, "2020-02-18T00:00:00", true),
            (night, "2020-02-18T05:00:00", false),
            (whole, "2020-02-18T00:00:00", true),
            (whole, "2020-02-18T23:59:59", true),
        ];
        for (window, text, wanted) in table {
            assert_eq!(days.is_in(window, at(&zone, text)), wanted, "{window:?} {text}");
        }
        let now = at(&zone, "2020-02-18T12:00:00");
        assert_eq!(days.next(&[morning, night], now), Some(at(&zone, "2020-02-18T21:00:00")));
        assert_eq!(days.next(&[morning], now), Some(at(&zone, "2020-02-19T07:30:00")));
        assert_eq!(days.next(&[], now), None);
        assert_eq!(days.start(now, 2), at(&zone, "2020-02-20T00:00:00"));
    }

    #[test]
    fn clocks_that_are_put_forward_leave_no_hole() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let days = Days(&zone);
        // At 02:00 of this day it is 03:00.
        let window = Window { from: Minute(150), until: Minute(300) };
        assert!(!days.is_in(window, at(&zone, "2020-03-29T01:59:59")));
        assert!(days.is_in(window, at(&zone, "2020-03-29T03:30:00")));
        let day = days.start(at(&zone, "2020-03-29T12:00:00"), 1).since(at(&zone, "2020-03-29T00:00:00"));
        assert_eq!(day, 23 * 3600);
    }
}
