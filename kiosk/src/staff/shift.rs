//! What was done since the shift began, by everybody and by each guard: counted from the journal's events, so that a restart
//! loses none of it.

use std::collections::{BTreeMap, BTreeSet};

use gate::{Direction, EmergencyOpened, Event, ShiftCounts, Verdict, What};
use pass::Timestamp;

/// A shift so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shift {
    /// When it began; none before the first event.
    pub since: Option<Timestamp>,
    /// What was done in it.
    pub counts: ShiftCounts,
    /// Verdicts turned, by the guard who turned them.
    pub overrides: BTreeMap<String, u64>,
    /// Emergency openings that nobody has given a reason for, of whatever shift.
    pub unexplained: BTreeMap<u64, EmergencyOpened>,
    /// The emergency opening that has not ended.
    pub open: Option<u64>,
    /// Events that were taken back, of whatever shift, as far as it looks back.
    pub undone: BTreeSet<u64>,
    /// Verdicts that others took the place of, of whatever shift, as far as it looks back.
    pub superseded: BTreeSet<u64>,
    /// The last verdicts, which others may take the place of.
    last: BTreeMap<u64, (Verdict, Direction)>,
}

/// No verdict is replaced after more than so many others.
const LAST: usize = 256;
/// So many events back staff may change what was done, and a gate that starts looks for its shift: two shifts with 20 people a
/// minute. What is older is over, and what was done to it is not remembered.
pub(crate) const LOOK_BACK: u64 = 30_000;

impl Shift {
    /// Whether what was done to this event is still remembered when `newest` is the last one.
    pub(crate) fn reaches(of: u64, newest: u64) -> bool {
        newest.saturating_sub(of) < LOOK_BACK
    }

    /// Takes account of the next event of the journal.
    pub fn follow(&mut self, event: &Event) {
        self.since.get_or_insert(event.at);
        let counts = &mut self.counts;
        match &event.what {
            What::Judged(judged) => {
                // One presentation is counted once, by its last verdict.
                if let Some(of) = judged.supersedes {
                    self.superseded.insert(of);
                    if let Some((verdict, direction)) = self.last.remove(&of) {
                        let counter = counter(counts, verdict, direction);
                        *counter = counter.saturating_sub(1);
                    }
                }
                *counter(counts, judged.verdict, judged.direction) += 1;
                self.last.insert(event.sequence, (judged.verdict, judged.direction));
                if self.last.len() > LAST {
                    self.last.pop_first();
                }
                let hot = |reason: &String| matches!(reason.as_str(), "fever" | "temperature_again");
                counts.fevers += u64::from(judged.reasons.iter().any(hot));
            }
            What::Overridden(turned) => {
                counts.overridden += 1;
                *self.overrides.entry(turned.who.clone()).or_default() += 1;
            }
            What::Undone(undone) => {
                counts.undone += 1;
                self.undone.insert(undone.of);
            }
            What::Manual(_) => counts.manual += 1,
            What::EmergencyOpened(opened) => {
                counts.emergencies += 1;
                self.unexplained.insert(event.sequence, opened.clone());
                self.open = Some(event.sequence);
            }
            What::EmergencyClosed(closed) => {
                self.open.take_if(|open| *open == closed.of);
            }
            What::EmergencyExplained(explained) => {
                self.unexplained.remove(&explained.of);
            }
            What::ShiftChanged(_) => {
                let before = std::mem::take(self);
                *self = Self {
                    since: Some(event.at),
                    counts: ShiftCounts::default(),
                    overrides: BTreeMap::new(),
                    last: BTreeMap::new(),
                    ..before
                };
            }
            What::Passed(_)
            | What::SignedIn(_)
            | What::SignedOut(_)
            | What::SignInFailed(_)
            | What::Measured(_)
            | What::DeviceTrouble(_)
            | What::ClockSet(_) => {}
        }
        for known in [&mut self.undone, &mut self.superseded] {
            while known.first().is_some_and(|of| !Self::reaches(*of, event.sequence)) {
                known.pop_first();
            }
        }
    }
}

fn counter(counts: &mut ShiftCounts, verdict: Verdict, direction: Direction) -> &mut u64 {
    match (verdict, direction) {
        (Verdict::Admit, Direction::Out) => &mut counts.admitted_out,
        (Verdict::Admit, Direction::In) => &mut counts.admitted_in,
        (Verdict::Check, _) => &mut counts.checked,
        (Verdict::Refuse, _) => &mut counts.refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gate::{
        At, EmergencyClosed, EmergencyExplained, EmergencyOpened, Note, Overridden, ShiftChanged, Undone,
    };

    fn event(sequence: u64, what: What) -> Event {
        Event {
            gate: "1".into(),
            journal: [0; 16],
            sequence,
            at: Timestamp(1000 + sequence.cast_signed()),
            in_doubt: false,
            before: [0; 32],
            what,
        }
    }

    #[test]
    fn a_shift_counts_what_was_done_and_an_emergency_outlives_it() {
        let why = Note::new("急诊").unwrap();
        let overridden = |who: &str| {
            What::Overridden(Overridden { of: 1, verdict: Verdict::Admit, who: who.into(), why: why.clone() })
        };
        let mut shift = Shift::default();
        let events = [
            overridden("李"),
            overridden("李"),
            overridden("王"),
            What::Undone(Undone { of: 1, who: "李".into(), why: why.clone() }),
            What::EmergencyOpened(EmergencyOpened { who: None, opened: At(Timestamp(0)) }),
        ];
        for (i, what) in events.into_iter().enumerate() {
            shift.follow(&event(i as u64 + 1, what));
        }
        assert_eq!((shift.counts.overridden, shift.counts.undone, shift.counts.emergencies), (3, 1, 1));
        assert_eq!(shift.overrides["李"], 2);
        assert_eq!((shift.open, shift.since), (Some(5), Some(Timestamp(1001))));
        let over = ShiftChanged {
            from: Some("李".into()),
            to: None,
            since: At(Timestamp(1001)),
            counts: shift.counts,
        };
        shift.follow(&event(6, What::ShiftChanged(over)));
        assert_eq!(shift.counts, ShiftCounts::default());
        assert_eq!((shift.open, shift.since), (Some(5), Some(Timestamp(1006))));
        shift.follow(&event(7, What::EmergencyClosed(EmergencyClosed { of: 5, who: None })));
        assert_eq!((shift.open, shift.unexplained.len()), (None, 1), "closed, and not yet explained");
        let explained = EmergencyExplained { of: 5, who: "王".into(), why };
        shift.follow(&event(8, What::EmergencyExplained(explained)));
        assert!(shift.unexplained.is_empty());
    }

    #[test]
    fn what_is_remembered_does_not_grow() {
        let why = Note::new("按错了").unwrap();
        let undone = |of| What::Undone(Undone { of, who: "李".into(), why: why.clone() });
        let mut shift = Shift::default();
        for of in 1..=2 * LOOK_BACK {
            shift.follow(&event(of + 1, undone(of)));
        }
        let newest = 2 * LOOK_BACK + 1;
        let oldest = newest - LOOK_BACK + 1;
        assert_eq!((shift.undone.len() as u64, shift.undone.first()), (LOOK_BACK - 1, Some(&oldest)));
        assert!(Shift::reaches(oldest, newest) && !Shift::reaches(oldest - 1, newest));
        assert!(Shift::reaches(newest + 1, newest), "what is not there yet is not too old");
    }
}
