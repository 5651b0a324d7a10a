//! What makes rules impossible to carry out, whoever signed them.

use super::{Policy, When, Window};

/// More rules of one kind than anybody can keep in mind.
const MOST: usize = 8;
/// Journals keep events for 30 days unless they are told otherwise; a rule that looks back further could not be kept.
const DAYS: u16 = 30;

/// Why rules can't be carried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// The zone is not known.
    #[error("time_zone: {0:?} is not the name of a time zone")]
    Zone(String),
    /// Too many of something.
    #[error("{what}: {count} of them, where there may be {most}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many.
        count: usize,
        /// How many there may be.
        most: usize,
    },
    /// A number outside of what makes sense.
    #[error("{what}: {found} is not from {least} to {most}")]
    Number {
        /// Which.
        what: &'static str,
        /// What it says.
        found: u64,
        /// The least.
        least: u64,
        /// The most.
        most: u64,
    },
    /// The limit for a wrong measurement is not below the one for a fever.
    #[error("temperature: low is not below fever")]
    Temperature,
}

impl Policy {
    /// Looks whether the rules can be carried out.
    ///
    /// # Errors
    /// The first that can't.
    pub fn check(&self) -> Result<(), PolicyError> {
        jiff::tz::TimeZone::get(&self.time_zone).map_err(|_| PolicyError::Zone(self.time_zone.clone()))?;
        let minutes = 24 * 60 * u64::from(DAYS);
        few("together", self.together.len())?;
        few("quotas", self.quotas.len())?;
        for rule in &self.together {
            match rule.when {
                When::WithinMinutes(found) => {
                    number("together.when.within_minutes", found.into(), 1, minutes)?;
                }
                When::WhileOutsideAtMostHours(found) => {
                    let most = minutes / 60;
                    number("together.when.while_outside_at_most_hours", found.into(), 1, most)?;
                }
            }
        }
        for rule in &self.quotas {
            number("quotas.exits", rule.exits.into(), 0, 1000)?;
            number("quotas.days", rule.days.into(), 1, DAYS.into())?;
        }
        if let Some(rule) = &self.closing {
            window(rule.open)?;
        }
        if let Some(rule) = &self.exit_windows {
            few("exit_windows.windows", rule.windows.len())?;
            rule.windows.iter().try_for_each(|open| window(*open))?;
        }
        if let Some(rule) = &self.visitors {
            number("visitors.longest_hours", rule.longest_hours.into(), 1, 24 * 366)?;
        }
        if let Some(rule) = &self.temperature {
            number("temperature.fever", rule.fever.0.into(), 300, 450)?;
            number("temperature.rest_minutes", rule.rest_minutes.into(), 0, 24 * 60)?;
            if rule.low >= rule.fever {
                return Err(PolicyError::Temperature);
            }
        }
        if let Some(rule) = &self.passback {
            number("passback.minutes", rule.minutes.into(), 1, minutes)?;
        }
        if let Some(found) = self.lapse_minutes {
            number("lapse_minutes", found.into(), 1, 24 * 60)?;
        }
        Ok(())
    }
}

fn few(what: &'static str, count: usize) -> Result<(), PolicyError> {
    if count > MOST { Err(PolicyError::TooMany { what, count, most: MOST }) } else { Ok(()) }
}

fn number(what: &'static str, found: u64, least: u64, most: u64) -> Result<(), PolicyError> {
    if (least..=most).contains(&found) {
        Ok(())
    } else {
        Err(PolicyError::Number { what, found, least, most })
    }
}

fn window(open: Window) -> Result<(), PolicyError> {
    // A window starts within the day; it may end with it.
    number("a window's from", open.from.0.into(), 0, 24 * 60 - 1)?;
    number("a window's until", open.until.0.into(), 0, 24 * 60)
}
