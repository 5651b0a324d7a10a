//! What became of verdicts: the events of one story folded in their order, as [`gate::History`] folds them for a gate.
//!
//! Events name one another by their sequence, and all that hang together are a story: a verdict, the verdict that replaced it, that staff
//! turned it, that somebody went through, that something of it was taken back. Knows no SQL.

use std::collections::HashMap;

use gate::{Event, Verdict, What};

/// An event, as far as it has a part in a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) sequence: i64,
    pub(super) does: Does,
    pub(super) about: Option<i64>,
    /// What was judged, or what staff made of it.
    pub(super) verdict: Option<Verdict>,
    pub(super) sensed: bool,
    /// Whose pass; empty for nobody's.
    pub(super) person: String,
}

/// What an event does in a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Does {
    /// Begins one, or takes the place of an earlier verdict.
    Judge,
    /// Begins one, whatever it refers to.
    Enter,
    /// Turns a verdict.
    Turn,
    /// Tells that somebody went through.
    Pass,
    /// Takes something back.
    Undo,
    /// Nothing.
    Tell,
}

impl Does {
    pub(super) fn of(what: &What) -> Self {
        match what {
            What::Judged(_) => Self::Judge,
            What::Manual(_) => Self::Enter,
            What::Overridden(_) => Self::Turn,
            What::Passed(_) => Self::Pass,
            What::Undone(_) => Self::Undo,
            What::EmergencyOpened(_)
            | What::EmergencyClosed(_)
            | What::EmergencyExplained(_)
            | What::SignedIn(_)
            | What::SignedOut(_)
            | What::SignInFailed(_)
            | What::ShiftChanged(_)
            | What::Measured(_)
            | What::DeviceTrouble(_)
            | What::ClockSet(_) => Self::Tell,
        }
    }

    /// By the kind's code in the database.
    pub(super) fn of_code(kind: &str) -> Self {
        match kind {
            "judged" => Self::Judge,
            "manual" => Self::Enter,
            "overridden" => Self::Turn,
            "passed" => Self::Pass,
            "undone" => Self::Undo,
            _ => Self::Tell,
        }
    }
}

/// The event that one tells more of.
pub(super) fn about(event: &Event) -> Option<u64> {
    let about = match &event.what {
        What::Judged(it) => it.supersedes,
        What::Passed(it) => it.of,
        What::Overridden(it) => Some(it.of),
        What::Undone(it) => Some(it.of),
        What::EmergencyClosed(it) => Some(it.of),
        What::EmergencyExplained(it) => Some(it.of),
        What::Measured(it) => it.of,
        What::DeviceTrouble(it) => it.of,
        What::Manual(it) => it.instead_of,
        What::EmergencyOpened(_)
        | What::SignedIn(_)
        | What::SignedOut(_)
        | What::SignInFailed(_)
        | What::ShiftChanged(_)
        | What::ClockSet(_) => None,
    };
    // One that names itself or a later one names nothing.
    about.filter(|about| *about > 0 && *about < event.sequence)
}

/// What became of an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Became {
    /// What a verdict is in the end.
    pub(super) verdict: Option<Verdict>,
    pub(super) overridden: bool,
    pub(super) ended: Option<Ended>,
    pub(super) went: bool,
}

/// Why an event counts for nothing any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Staff took it back.
    Undone,
    /// The person was judged again when more was known.
    Superseded,
}

impl Ended {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Undone => "undone",
            Self::Superseded => "superseded",
        }
    }

    pub(super) fn of_code(code: &str) -> Option<Self> {
        [Self::Undone, Self::Superseded].into_iter().find(|ended| ended.code() == code)
    }
}

/// What became of each event of a story. `parts` are in the order of their sequences.
pub(super) fn fold(parts: &[Part]) -> Vec<Became> {
    let mut fold = Fold { undone: vec![false; parts.len()], ..Fold::default() };
    for (at, part) in parts.iter().enumerate() {
        fold.take(at, part, parts);
    }
    let mut became: Vec<Became> = fold
        .undone
        .iter()
        .map(|undone| Became { ended: undone.then_some(Ended::Undone), ..Became::default() })
        .collect();
    for entry in &fold.entries {
        became[entry.at] = entry.became();
    }
    became
}

#[derive(Default)]
struct Fold {
    entries: Vec<Entry>,
    /// Where the entry of a sequence is.
    entry: HashMap<i64, usize>,
    /// Turns and passages: where they stand among the parts, and whose they are.
    turns: HashMap<i64, (usize, usize)>,
    undone: Vec<bool>,
}

struct Entry {
    at: usize,
    verdict: Option<Verdict>,
    sensed: bool,
    undone: bool,
    superseded: Option<usize>,
    /// By their sequence: what staff made of it; none where somebody went through.
    turns: Vec<(i64, Option<Verdict>)>,
}

impl Fold {
    fn take(&mut self, at: usize, part: &Part, parts: &[Part]) {
        match part.does {
            Does::Judge | Does::Enter => {
                let this = self.entries.len();
                self.entries.push(Entry {
                    at,
                    verdict: part.verdict,
                    sensed: part.sensed,
                    undone: false,
                    superseded: None,
                    turns: Vec::new(),
                });
                if part.does == Does::Judge
                    && let Some(of) = part.about.and_then(|of| self.newest(of))
                    && parts[self.entries[of].at].person == part.person
                {
                    self.supersede(of, this);
                }
                self.entry.insert(part.sequence, this);
            }
            Does::Turn | Does::Pass => {
                let verdict = if part.does == Does::Turn { part.verdict } else { None };
                if let Some(of) = part.about.and_then(|of| self.newest(of)) {
                    self.entries[of].turns.push((part.sequence, verdict));
                    self.turns.insert(part.sequence, (at, of));
                }
            }
            Does::Undo => {
                let Some(of) = part.about else { return };
                if let Some(entry) = self.newest(of) {
                    self.entries[entry].undone = true;
                } else if let Some((turn, entry)) = self.turns.remove(&of) {
                    self.undone[turn] = true;
                    self.entries[entry].turns.retain(|(sequence, _)| *sequence != of);
                }
            }
            Does::Tell => {}
        }
    }

    /// The entry that took the place of this one at last.
    fn newest(&self, of: i64) -> Option<usize> {
        let mut of = *self.entry.get(&of)?;
        // Each stands behind the one before: this ends.
        while let Some(by) = self.entries[of].superseded {
            of = by;
        }
        Some(of)
    }

    /// What staff decided, they decided about the earlier verdict. Who went through has gone through.
    fn supersede(&mut self, of: usize, by: usize) {
        self.entries[of].superseded = Some(by);
        let mut turns = std::mem::take(&mut self.entries[of].turns);
        turns.retain(|(_, turned)| turned.is_none());
        for (sequence, _) in &turns {
            if let Some((_, entry)) = self.turns.get_mut(sequence) {
                *entry = by;
            }
        }
        self.entries[by].undone = self.entries[of].undone;
        self.entries[by].turns = turns;
    }
}

impl Entry {
    fn became(&self) -> Became {
        let turned = self.turns.iter().rev().find_map(|(_, turned)| *turned);
        let passed = self.turns.iter().any(|(_, turned)| turned.is_none());
        let verdict = turned.or(self.verdict);
        let ended = match (self.superseded, self.undone) {
            (Some(_), _) => Some(Ended::Superseded),
            (None, true) => Some(Ended::Undone),
            (None, false) => None,
        };
        // Whoever went through has gone through, whatever the verdict. Where the bar would have told, nobody did.
        let went = ended.is_none() && (passed || (verdict == Some(Verdict::Admit) && !self.sensed));
        Became { verdict, overridden: turned.is_some(), ended, went }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(sequence: i64, does: Does, about: i64, verdict: Option<Verdict>) -> Part {
        let about = Some(about).filter(|about| *about > 0);
        Part { sequence, does, about, verdict, sensed: false, person: "1".into() }
    }

    #[test]
    fn stories() {
        let (admit, refuse) = (Some(Verdict::Admit), Some(Verdict::Refuse));
        let judged = |sequence, verdict| part(sequence, Does::Judge, 0, verdict);
        let sensed = |sequence, verdict| Part { sensed: true, ..judged(sequence, verdict) };
        let again = |sequence, of, verdict| part(sequence, Does::Judge, of, verdict);
        let turned = |sequence, of, verdict| part(sequence, Does::Turn, of, verdict);
        let passed = |sequence, of| part(sequence, Does::Pass, of, None);
        let undone = |sequence, of| part(sequence, Does::Undo, of, None);
        // What a story is, and for each of its verdicts: what it became, whether turned, whether ended, whether somebody went.
        let table: [(&str, Vec<Part>, &str); 12] = [
            ("go", vec![judged(1, admit)], "admit went"),
            ("stop", vec![judged(1, refuse)], "refuse"),
            ("a lane with a sensor, nobody walked", vec![sensed(1, admit)], "admit"),
            ("somebody walked", vec![sensed(1, admit), passed(2, 1)], "admit went"),
            ("walked though refused", vec![judged(1, refuse), passed(2, 1)], "refuse went"),
            ("let through", vec![judged(1, refuse), turned(2, 1, admit)], "admit overridden went"),
            ("turned and taken back", vec![judged(1, refuse), turned(2, 1, admit), undone(3, 2)], "refuse"),
            ("taken back", vec![judged(1, admit), undone(2, 1)], "admit undone"),
            (
                "judged again: the override was about the first",
                vec![judged(1, refuse), turned(2, 1, admit), again(3, 1, refuse)],
                "refuse superseded, refuse",
            ),
            (
                "judged again after walking",
                vec![sensed(1, admit), passed(2, 1), again(3, 1, refuse)],
                "admit superseded, refuse went",
            ),
            (
                "what names the first means the last",
                vec![judged(1, refuse), again(2, 1, refuse), again(3, 2, refuse), turned(4, 1, admit)],
                "refuse superseded, refuse superseded, admit overridden went",
            ),
            (
                "somebody else's",
                vec![judged(1, admit), Part { person: "2".into(), ..again(2, 1, refuse) }],
                "admit went, refuse",
            ),
        ];
        for (name, parts, expected) in table {
            let became = fold(&parts);
            let say = |(part, it): (&Part, &Became)| {
                let mut said = vec![it.verdict.map_or("-", Verdict::code)];
                said.extend(it.overridden.then_some("overridden"));
                said.extend(it.ended.map(Ended::code));
                said.extend(it.went.then_some("went"));
                (part.does == Does::Judge).then(|| said.join(" "))
            };
            let said: Vec<String> = parts.iter().zip(&became).filter_map(say).collect();
            assert_eq!(said.join(", "), expected, "{name}");
        }
    }

    #[test]
    fn what_was_taken_back_says_so() {
        let parts = [
            part(1, Does::Judge, 0, Some(Verdict::Refuse)),
            part(2, Does::Turn, 1, Some(Verdict::Admit)),
            part(3, Does::Undo, 2, None),
            part(4, Does::Undo, 9, None),
        ];
        let ended: Vec<_> = fold(&parts).iter().map(|it| it.ended).collect();
        assert_eq!(ended, [None, Some(Ended::Undone), None, None]);
    }
}
