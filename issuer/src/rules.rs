//! The rules a compound starts with, and their form in the office's database: JSON that people can read and change.

use gate::{ColourRule, PerColour, Rules, Verdict};
use pass::CompoundId;
use serde::{Deserialize, Serialize};

/// What a compound starts with until its office decides otherwise: data, not code (`issuer/data/starter-rules.json`).
pub const STARTER: &str = include_str!("../data/starter-rules.json");

/// Rules as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RulesFile {
    time_zone: String,
    green: ForColour,
    yellow: ForColour,
    red: ForColour,
}

/// All that is decided for one colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ForColour {
    out: Say,
    entry: Say,
    entry_alert: bool,
    unlisted: Say,
    clock_in_doubt: Say,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Say {
    Admit,
    Check,
    Refuse,
}

impl From<Say> for Verdict {
    fn from(say: Say) -> Self {
        match say {
            Say::Admit => Self::Admit,
            Say::Check => Self::Check,
            Say::Refuse => Self::Refuse,
        }
    }
}

impl RulesFile {
    /// Reads rules.
    ///
    /// # Errors
    /// When the text is not of this form; the error names line and column.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The rules of this compound.
    #[must_use]
    pub fn of(&self, compound: CompoundId, name: &str) -> Rules {
        fn each<T>(file: &RulesFile, take: impl Fn(&ForColour) -> T) -> PerColour<T> {
            PerColour { green: take(&file.green), yellow: take(&file.yellow), red: take(&file.red) }
        }
        Rules {
            compound,
            compound_name: name.to_owned(),
            time_zone: self.time_zone.clone(),
            colours: each(self, |colour| ColourRule {
                out: colour.out.into(),
                entry: colour.entry.into(),
                entry_alert: colour.entry_alert,
            }),
            unlisted: each(self, |colour| colour.unlisted.into()),
            clock_in_doubt: each(self, |colour| colour.clock_in_doubt.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_starter_rules_are_those_of_the_domain() {
        let rules = RulesFile::from_json(STARTER).unwrap().of(CompoundId(1), "翠湖小区");
        assert_eq!(rules.colours.red.out, Verdict::Refuse);
        assert_eq!((rules.colours.red.entry, rules.colours.red.entry_alert), (Verdict::Admit, true));
        assert_eq!((rules.colours.yellow.out, rules.colours.green.out), (Verdict::Admit, Verdict::Admit));
        assert_eq!(rules.unlisted.red, Verdict::Refuse);
    }

    #[test]
    fn an_unknown_word_is_refused() {
        assert!(RulesFile::from_json(&STARTER.replace("refuse", "reject")).is_err());
        assert!(RulesFile::from_json(&STARTER.replace("\"out\"", "\"exit\"")).is_err());
    }
}
