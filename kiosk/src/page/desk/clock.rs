//! The gate's time, as a supervisor sets it: a date and a time of day at the compound, or "the machine's clock is right".

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use pass::Timestamp;
use serde::Deserialize;

use super::{Answer, Desk, parse};
use crate::staff::{Act, WhyNot};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    /// Like `2020-03-01`; what stands between the digits does not matter.
    date: Option<String>,
    /// Like `08:30`, or with seconds.
    time: Option<String>,
}

/// Sets it; who may is decided where it is carried out.
pub(super) async fn set(State(desk): State<Desk>, body: Bytes) -> Answer {
    let wish: Wish = parse(&body)?;
    let session = desk.window.signed_in()?;
    let to = match (wish.date, wish.time) {
        (None, None) => None,
        (Some(date), Some(time)) => {
            let zone = desk.screen.watch().borrow().zone();
            Some(moment(&date, &time, &zone).ok_or(WhyNot::NoTime)?)
        }
        _ => return Err(WhyNot::NoTime),
    };
    desk.window.ask(Act::SetClock { who: session.who, role: session.role, to }).await.map(Json)
}

/// This date and time of day in this zone. An hour that is there twice is the first of the two.
fn moment(date: &str, time: &str, zone: &TimeZone) -> Option<Timestamp> {
    let date = digits(date).filter(|date| date.len() == 8)?;
    let time = digits(time).filter(|time| matches!(time.len(), 4 | 6))?;
    let number = |text: &str| text.parse::<i16>().ok();
    let small = |text: Option<&str>| text.map_or(Some(0), |text| text.parse::<i8>().ok());
    let at = DateTime::new(
        number(&date[..4])?,
        small(date.get(4..6))?,
        small(date.get(6..8))?,
        small(time.get(..2))?,
        small(time.get(2..4))?,
        small(time.get(4..6))?,
        0,
    );
    let at = zone.to_ambiguous_zoned(at.ok()?).compatible().ok()?;
    Some(Timestamp(at.timestamp().as_second()))
}

/// The digits of what was typed; none when there are others than ours, or words.
fn digits(text: &str) -> Option<String> {
    let apart = |c: char| matches!(c, '-' | ':' | '.' | '/' | ' ');
    let known = text.chars().all(|c| c.is_ascii_digit() || apart(c));
    known.then(|| text.chars().filter(char::is_ascii_digit).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_and_a_time_are_read_as_people_write_them() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let table = [
            ("2020-03-01", "08:30", Some(1_583_022_600)),
            ("20200301", "0830", Some(1_583_022_600)),
            ("2020/03/01", "08:30:05", Some(1_583_022_605)),
            (" 2020.03.01 ", "083005", Some(1_583_022_605)),
            ("2020-02-29", "00:00", Some(1_582_905_600)),
            ("2021-02-29", "00:00", None),
            ("2020-03-01", "24:00", None),
            ("2020-3-1", "08:30", None),
            ("2020-03-01", "8:30", None),
            ("", "", None),
            ("２０２０-03-01", "08:30", None),
            ("-020-03-011", "08:30", None),
            ("2020-03-01", "08:30 pm", None),
        ];
        for (date, time, wanted) in table {
            assert_eq!(moment(date, time, &zone), wanted.map(Timestamp), "{date} {time}");
        }
    }
}
