//! The rules of compounds, as the office handles them: those a compound starts with until its office decides otherwise (data, not
//! code), what sets two of them apart, and who is let off.

use std::collections::BTreeMap;

use gate::{Exempt, Exemption, Policy};
use protocol::policy_from_json;

use crate::words::Language;

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

/// The rules that hold; those to start with where nobody decided, or where what was decided can't be read any more.
pub(crate) fn current(compound: &Compound) -> (String, Policy) {
    let held = compound.rules.as_deref().unwrap_or(STARTER);
    let read = policy_from_json(held).map(|policy| (held.to_owned(), policy));
    read.unwrap_or_else(|_| {
        let policy = policy_from_json(STARTER).expect("a test reads the starter rules");
        (STARTER.to_owned(), policy)
    })
}

/// What sets rules apart, in sentences.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Difference {
    /// What they say no longer.
    pub(crate) gone: Vec<String>,
    /// What they say now.
    pub(crate) new: Vec<String>,
}

impl Difference {
    /// Between rules as they are kept.
    pub(crate) fn between(before: &str, after: &str, language: Language) -> Self {
        let (before, after) = (sentences(before, language), sentences(after, language));
        let only =
            |of: &[String], not: &[String]| of.iter().filter(|one| !not.contains(one)).cloned().collect();
        Self { gone: only(&before, &after), new: only(&after, &before) }
    }

    /// Whether they say the same.
    pub(crate) fn is_none(&self) -> bool {
        self.gone.is_empty() && self.new.is_empty()
    }
}

/// What rules say; where they can't be read any more, that.
fn sentences(rules: &str, language: Language) -> Vec<String> {
    match policy_from_json(rules) {
        Ok(policy) => wording::explain(&policy, language),
        Err(why) => vec![crate::words::rules::unreadable(&why, language)],
    }
}

/// Who is let off what, by holder.
pub(crate) fn exempt(all: &[(u16, Exemption)]) -> Exempt {
    let mut holders = BTreeMap::<u16, Vec<Exemption>>::new();
    for (holder, exemption) in all {
        holders.entry(*holder).or_default().push(*exemption);
    }
    Exempt::of(holders.iter().map(|(holder, exemptions)| (*holder, exemptions.as_slice())))
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
