//! Rules as people write them: JSON, with the version of its form. Whoever writes a file says everything: a member left out
//! or unknown is an error that names its line.

use gate::{Policy, PolicyError};
use serde::{Deserialize, Serialize};

use super::version1;

/// The version of the form that is written.
const VERSION: u32 = 2;

/// Why a text is no rules.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RulesFileError {
    /// Not of the form; the text names line and column.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// Of a form that this program is too old for.
    #[error("rules of version {0}, where this program knows version 1 and {VERSION}")]
    Version(u32),
    /// Rules that can't be carried out.
    #[error(transparent)]
    Policy(#[from] PolicyError),
}

#[derive(Deserialize)]
struct Peek {
    version: Option<u32>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    rules: Policy,
}

/// Reads rules.
///
/// # Errors
/// [`RulesFileError`].
pub fn policy_from_json(text: &str) -> Result<Policy, RulesFileError> {
    let policy = match serde_json::from_str(text)? {
        Peek { version: None } => serde_json::from_str::<version1::File>(text)?.policy(),
        Peek { version: Some(VERSION) } => serde_json::from_str::<File>(text)?.rules,
        Peek { version: Some(other) } => return Err(RulesFileError::Version(other)),
    };
    policy.check()?;
    Ok(policy)
}

/// Writes rules, in the newest form.
#[must_use]
pub fn policy_to_json(policy: &Policy) -> String {
    let file = File { version: VERSION, rules: policy.clone() };
    let mut text = serde_json::to_string_pretty(&file).expect("rules are numbers and words");
    text.push('\n');
    text
}
