//! Home observation: how long red lasts, what a health check says, and when somebody may be signed off (销号).
//!
//! Red never ends by itself. It ends fourteen days after the observation began, by the sign-off of somebody who answers for it, after
//! a health check that found them well; or because it was a mistake from the beginning.

use pass::Timestamp;

/// Days of home observation, as the epidemic's headquarters set them in February 2020.
pub const OBSERVATION_DAYS: u32 = 14;
/// A body this warm has a fever: 37.3 °C, in tenths of a degree Celsius.
pub const FEVER: u16 = 373;
/// A health check says something about the day on which somebody is signed off: it is no older than this, in seconds.
pub const CHECK_HOLDS: i64 = 86_400;

const DAY: i64 = 86_400;

/// Somebody's time of home observation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observation {
    /// When it began.
    pub begun: Timestamp,
    /// When it is to end, if a health check finds them well.
    pub planned: Timestamp,
}

/// A health check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HealthCheck {
    /// When it was.
    pub at: Timestamp,
    /// Temperature of the body, in tenths of a degree Celsius.
    pub temperature: u16,
    /// Whether there are symptoms: cough, sore throat, weakness, trouble breathing, diarrhoea.
    pub symptoms: bool,
}

/// Why somebody can't be signed off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotReleased {
    /// The observation goes on.
    #[error("the observation lasts until {planned}")]
    TooEarly {
        /// Until then.
        planned: Timestamp,
    },
    /// There was no health check in the last day.
    #[error("there was no health check in the last day")]
    NoCheck,
    /// The last check found a fever or symptoms.
    #[error("the last health check found a fever or symptoms")]
    Unwell,
}

impl Observation {
    /// An observation that begins now and lasts as long as it usually does.
    #[must_use]
    pub fn begin(now: Timestamp) -> Self {
        Self { begun: now, planned: now.plus(i64::from(OBSERVATION_DAYS) * DAY) }
    }

    /// Whole days that are left; 0 on the last day, negative once the end is overdue.
    #[must_use]
    pub fn days_left(&self, now: Timestamp) -> i64 {
        self.planned.since(now).div_euclid(DAY)
    }

    /// Whether whoever is observed may be signed off now, by the last health check.
    ///
    /// # Errors
    /// [`NotReleased`]: why not.
    pub fn may_end(&self, last: Option<HealthCheck>, now: Timestamp) -> Result<(), NotReleased> {
        if now < self.planned {
            return Err(NotReleased::TooEarly { planned: self.planned });
        }
        let check = last.filter(|check| check.at >= self.begun && now.since(check.at) <= CHECK_HOLDS);
        match check {
            None => Err(NotReleased::NoCheck),
            Some(check) if !check.is_well() => Err(NotReleased::Unwell),
            Some(_) => Ok(()),
        }
    }
}

impl HealthCheck {
    /// Whether nothing was found.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.temperature < FEVER && !self.symptoms
    }

    /// A temperature as people write it, in tenths: `36.5`, `36.5℃`; between 34 and 43 degrees, what a body can have.
    #[must_use]
    pub fn temperature_typed(text: &str) -> Option<u16> {
        let text = crate::tidy(text);
        let text = text.trim_end_matches(['℃', 'C', 'c', '°', '度']).trim();
        let (whole, tenths) = text.split_once(['.', '。']).unwrap_or((text, "0"));
        let is_number = |part: &str, longest| {
            (1..=longest).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !is_number(whole, 2) || !is_number(tenths, 1) {
            return None;
        }
        let tenths = whole.parse::<u16>().ok()? * 10 + tenths.parse::<u16>().ok()?;
        Some(tenths).filter(|tenths| (340..=430).contains(tenths))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGUN: Timestamp = Timestamp(1_583_020_800);

    #[test]
    fn when_red_may_end() {
        let observation = Observation::begin(BEGUN);
        let at = |days: i64, seconds: i64| BEGUN.plus(days * DAY + seconds);
        let check = |at, temperature, symptoms| Some(HealthCheck { at, temperature, symptoms });
        let end = observation.planned;
        for (now, last, may) in [
            (at(13, DAY - 1), check(at(13, 0), 365, false), Err(NotReleased::TooEarly { planned: end })),
            (at(14, 0), None, Err(NotReleased::NoCheck)),
            (at(14, 0), check(at(14, 0), 365, false), Ok(())),
            (at(14, 0), check(at(13, 0), 372, false), Ok(())),
            (at(14, 1), check(at(13, 0), 365, false), Err(NotReleased::NoCheck)),
            (at(14, 0), check(at(14, -60), 373, false), Err(NotReleased::Unwell)),
            (at(14, 0), check(at(14, -60), 365, true), Err(NotReleased::Unwell)),
            (at(30, 0), check(at(30, 0), 365, false), Ok(())),
            // Of an earlier observation.
            (at(14, 0), check(at(0, -1), 365, false), Err(NotReleased::NoCheck)),
        ] {
            assert_eq!(observation.may_end(last, now), may, "{now:?} {last:?}");
        }
        let left = [at(0, 0), at(13, 1), at(14, 0), at(14, 1)].map(|now| observation.days_left(now));
        assert_eq!(left, [14, 0, 0, -1]);
    }

    #[test]
    fn temperatures_as_people_write_them() {
        for (text, tenths) in [
            ("36.5", Some(365)),
            (" 36.5 ℃", Some(365)),
            ("３６．８", Some(368)),
            ("37", Some(370)),
            ("37.3度", Some(373)),
            ("43.0", Some(430)),
            ("33.9", None),
            ("43.1", None),
            ("36.55", None),
            ("365", None),
            ("-36.5", None),
            ("", None),
            (".5", None),
            ("36.", None),
            ("warm", None),
        ] {
            assert_eq!(HealthCheck::temperature_typed(text), tenths, "{text}");
        }
    }
}
