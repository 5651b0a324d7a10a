//! What is looked for, as it stands in an address.

use gate::Direction;
use jiff::tz::TimeZone;
use pass::{CompoundId, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Compound, PassageKey, PassageSearch, Sought};

use crate::web::session::Staff;

/// The most characters of a text that are looked for.
const MAX_TEXT: usize = 60;

/// What can't be understood is as if it were not there.
#[derive(Clone, Default, Deserialize, Serialize)]
pub(super) struct Asked {
    #[serde(default)]
    pub(super) q: String,
    #[serde(default)]
    pub(super) compound: String,
    #[serde(default)]
    pub(super) gate: String,
    #[serde(default)]
    pub(super) from: String,
    #[serde(default)]
    pub(super) until: String,
    #[serde(default)]
    pub(super) direction: String,
    #[serde(default)]
    pub(super) what: String,
    /// The line behind which to go on.
    #[serde(default)]
    pub(super) before: String,
}

impl Asked {
    /// What to look for, of what this reader may see.
    pub(super) fn search(
        &self,
        staff: &Staff,
        theirs: &[Compound],
        zone: &TimeZone,
        limit: u32,
    ) -> PassageSearch {
        let moment = |text: &str| wording::trial::parse_moment(text, zone);
        let chosen = self.compound().filter(|id| theirs.iter().any(|compound| compound.id == *id));
        PassageSearch {
            text: self.q.chars().take(MAX_TEXT).collect(),
            gate: self.gate.clone(),
            compounds: match chosen {
                Some(id) => Some(vec![id]),
                None => staff.within().map(|_| theirs.iter().map(|compound| compound.id).collect()),
            },
            from: moment(&self.from),
            until: moment(&self.until),
            direction: Direction::of_code(&self.direction),
            sought: Sought::of_code(&self.what),
            after: key(&self.before),
            limit,
        }
    }

    pub(super) fn compound(&self) -> Option<CompoundId> {
        self.compound.parse().ok().map(CompoundId)
    }

    /// The same, from another line on.
    pub(super) fn going_on(&self, before: String) -> String {
        query(&Self { before, ..self.clone() })
    }
}

/// What is asked, for an address: what is empty is left out.
fn query(asked: &Asked) -> String {
    let all = [
        ("q", &asked.q),
        ("compound", &asked.compound),
        ("gate", &asked.gate),
        ("from", &asked.from),
        ("until", &asked.until),
        ("direction", &asked.direction),
        ("what", &asked.what),
        ("before", &asked.before),
    ];
    let said: Vec<_> = all.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    serde_html_form::to_string(said).unwrap_or_default()
}

/// A line, for an address.
pub(super) fn written(key: &PassageKey) -> String {
    format!("{}.{}.{}", key.at.0, key.sequence, key.hash)
}

fn key(text: &str) -> Option<PassageKey> {
    let mut parts = text.splitn(3, '.');
    let at = Timestamp(parts.next()?.parse().ok()?);
    Some(PassageKey { at, sequence: parts.next()?.parse().ok()?, hash: parts.next()?.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_in_addresses() {
        let line = PassageKey { at: Timestamp(-7), sequence: 9, hash: "ab".to_owned() };
        assert_eq!(key(&written(&line)), Some(line));
        for text in ["", "1", "1.2", "x.2.ab", "1.-2.ab"] {
            assert_eq!(key(text), None, "{text}");
        }
        let asked = Asked { q: "张 &".to_owned(), what: "refuse".to_owned(), ..Asked::default() };
        assert_eq!(asked.going_on(String::new()), "q=%E5%BC%A0+%26&what=refuse");
    }
}
