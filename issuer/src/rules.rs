//! The rules a compound starts with, until its office decides otherwise: data, not code.

use jiff::tz::TimeZone;
use store::Compound;

/// The starter rules, as a file that people can read and change (`issuer/data/starter-rules.json`).
pub const STARTER: &str = include_str!("../data/starter-rules.json");

/// The zone whose clock a compound lives by.
///
/// # Errors
/// Where the registry holds rules that this program did not write.
pub(crate) fn zone_of(compound: &Compound) -> anyhow::Result<TimeZone> {
    let policy = protocol::policy_from_json(compound.rules.as_deref().unwrap_or(STARTER))?;
    Ok(TimeZone::get(&policy.time_zone)?)
}

#[cfg(test)]
mod tests {
    use gate::Verdict;
    use protocol::{policy_from_json, policy_to_json};

    use super::STARTER;

    #[test]
    fn the_starter_rules_are_those_of_the_domain() {
        let policy = policy_from_json(STARTER).unwrap();
        let red = policy.colours.red;
        assert_eq!((red.out, red.entry, red.entry_alert), (Verdict::Refuse, Verdict::Admit, true));
        assert_eq!(red.old_list, Verdict::Refuse);
        assert_eq!(policy.colours.yellow.party.map(|limit| limit.persons), Some(1));
        assert_eq!(policy.visitors.map(|rule| rule.red_host), Some(Verdict::Refuse));
        let temperature = policy.temperature.unwrap();
        assert_eq!((temperature.fever.0, temperature.low.0), (373, 350));
    }

    #[test]
    fn what_is_written_is_read() {
        let policy = policy_from_json(STARTER).unwrap();
        assert_eq!(policy_from_json(&policy_to_json(&policy)).unwrap(), policy);
    }
}
