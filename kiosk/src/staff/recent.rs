//! The last verdicts, and what staff made of them since: what they look at when somebody comes back to the hut and asks. Followed
//! from the journal's events, so that a restart loses none of it. Numbers alone: names are the people's part.

use std::collections::VecDeque;

use gate::{Direction, Event, Holder, NotOverridable, Verdict, What};
use pass::Timestamp;

/// So many are kept: an hour at a busy gate.
const MOST: usize = 200;

/// The last verdicts, the newest last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recent {
    all: VecDeque<Entry>,
}

/// A verdict, or an entry by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its event.
    pub sequence: u64,
    /// When.
    pub at: Timestamp,
    /// What the gate said, or whoever entered it.
    pub verdict: Verdict,
    /// Which way.
    pub direction: Direction,
    /// Whose pass; none when it was not believed, or when there was none.
    pub holder: Option<Holder>,
    /// What staff wrote, of an entry by hand.
    pub by_hand: Option<ByHand>,
    /// Whether staff may turn it.
    pub overridable: Result<(), NotOverridable>,
    /// What it was turned to, where that was not taken back.
    pub turned: Option<Turned>,
    /// Whether it was taken back.
    pub is_undone: bool,
    /// Whether a later verdict on the same person took its place.
    pub is_superseded: bool,
}

/// An entry by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByHand {
    /// Who wrote it.
    pub who: String,
    /// What was written.
    pub why: String,
    /// How many persons.
    pub party: u16,
    /// Their vehicle's plate.
    pub plate: Option<String>,
}

/// A verdict turned by staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turned {
    /// The event of turning it.
    pub sequence: u64,
    /// To what.
    pub verdict: Verdict,
    /// Who turned it.
    pub who: String,
    /// Why.
    pub why: String,
}

impl Entry {
    /// What holds.
    #[must_use]
    pub fn standing(&self) -> Verdict {
        self.turned.as_ref().map_or(self.verdict, |turned| turned.verdict)
    }
}

impl Recent {
    /// The newest first, without those that others took the place of.
    pub fn newest(&self) -> impl Iterator<Item = &Entry> {
        self.all.iter().rev().filter(|entry| !entry.is_superseded)
    }

    /// The verdict of this event, if it is one of the last.
    #[must_use]
    pub fn of(&self, sequence: u64) -> Option<&Entry> {
        self.all.iter().find(|entry| entry.sequence == sequence)
    }

    fn with(&mut self, sequence: u64) -> Option<&mut Entry> {
        self.all.iter_mut().find(|entry| entry.sequence == sequence)
    }

    fn add(&mut self, entry: Entry) {
        if self.all.len() == MOST {
            self.all.pop_front();
        }
        self.all.push_back(entry);
    }

    /// Takes account of the next event of the journal.
    pub fn follow(&mut self, event: &Event) {
        let blank = |verdict, direction| Entry {
            sequence: event.sequence,
            at: event.at,
            verdict,
            direction,
            holder: None,
            by_hand: None,
            overridable: Ok(()),
            turned: None,
            is_undone: false,
            is_superseded: false,
        };
        match &event.what {
            What::Judged(judged) => {
                if let Some(of) = judged.supersedes.and_then(|of| self.with(of)) {
                    of.is_superseded = true;
                }
                let (holder, overridable) = (judged.holder.clone(), judged.overridable());
                self.add(Entry { holder, overridable, ..blank(judged.verdict, judged.direction) });
            }
            What::Manual(manual) => {
                let by_hand = ByHand {
                    who: manual.who.clone(),
                    why: manual.why.as_str().to_owned(),
                    party: manual.party,
                    plate: manual.plate.as_ref().map(|plate| plate.as_str().to_owned()),
                };
                self.add(Entry { by_hand: Some(by_hand), ..blank(manual.verdict, manual.direction) });
            }
            What::Overridden(turned) => {
                if let Some(entry) = self.with(turned.of) {
                    entry.turned = Some(Turned {
                        sequence: event.sequence,
                        verdict: turned.verdict,
                        who: turned.who.clone(),
                        why: turned.why.as_str().to_owned(),
                    });
                }
            }
            What::Undone(undone) => {
                for entry in &mut self.all {
                    entry.is_undone |= entry.sequence == undone.of;
                    entry.turned.take_if(|turned| turned.sequence == undone.of);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gate::{Manual, Note, Overridden, Undone};

    fn event(sequence: u64, what: What) -> Event {
        Event {
            gate: "1".into(),
            journal: [0; 16],
            sequence,
            at: Timestamp(1000),
            in_doubt: false,
            before: [0; 32],
            what,
        }
    }

    fn manual() -> What {
        What::Manual(Manual {
            direction: Direction::Out,
            verdict: Verdict::Admit,
            who: "李".into(),
            why: Note::new("忘带证").unwrap(),
            household: None,
            party: 2,
            plate: None,
            instead_of: None,
        })
    }

    #[test]
    fn what_staff_make_of_a_verdict_is_seen_at_it() {
        let why = Note::new("按错").unwrap();
        let turn = |of| {
            What::Overridden(Overridden { of, verdict: Verdict::Refuse, who: "王".into(), why: why.clone() })
        };
        let undo = |of| What::Undone(Undone { of, who: "王".into(), why: why.clone() });
        let mut recent = Recent::default();
        recent.follow(&event(1, manual()));
        recent.follow(&event(2, turn(1)));
        assert_eq!(
            (recent.of(1).unwrap().standing(), recent.of(1).unwrap().verdict),
            (Verdict::Refuse, Verdict::Admit)
        );
        recent.follow(&event(3, undo(2)));
        assert_eq!(
            recent.of(1).unwrap().standing(),
            Verdict::Admit,
            "the turn was taken back, not the verdict"
        );
        assert!(!recent.of(1).unwrap().is_undone);
        recent.follow(&event(4, undo(1)));
        assert!(recent.of(1).unwrap().is_undone);
        for sequence in 5..1000 {
            recent.follow(&event(sequence, manual()));
        }
        assert_eq!((recent.newest().count(), recent.newest().next().unwrap().sequence), (MOST, 999));
        assert_eq!(recent.of(1), None);
    }
}
