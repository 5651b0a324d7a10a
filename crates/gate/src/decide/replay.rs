//! A journal judged again under other rules: which passages would have gone otherwise.
//!
//! An event says what was true of the pass and the person when it was judged, in its reasons; what the rules make of that,
//! and of everything that happened before, is decided anew. Whoever would have been stopped uses up no quota, whoever would
//! have been admitted does. What no event says (whether a plate would have been asked for under rules that did not ask)
//! stays as it was.

use std::collections::{HashMap, HashSet};

use jiff::tz::TimeZone;
use pass::{Colour, Kind, Timestamp};

use super::{Bearer, Case, Closed, Earlier, Exempt, Facts, Findings, Measurement, standing};
use crate::days::Days;
use crate::history::One;
use crate::{
    Came, ColourRule, Direction, Event, History, Holder, Judged, Policy, Reason, Tenths, Unlisted, Verdict,
    What,
};

/// Judges a journal again, event by event.
#[derive(Debug)]
pub struct Replay<'a> {
    policy: &'a Policy,
    zone: &'a TimeZone,
    exempt: &'a Exempt,
    history: History,
    /// Verdicts that would have stopped somebody who went through.
    stopped: HashSet<([u8; 16], u64)>,
    /// How many were scanned together so far, by the first of them.
    together: HashMap<([u8; 16], u64), u16>,
}

/// A stretch of a journal, judged again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trial {
    /// Verdicts in the stretch that were judged again.
    pub judged: u64,
    /// Verdicts in it on what was not believed, which no rule changes.
    pub not_believed: u64,
    /// Those that would have been others, in their order.
    pub changes: Vec<Otherwise>,
}

impl Trial {
    /// Judges the events from `since` and before `until` again; those before tell what had happened.
    ///
    /// # Errors
    /// The first event that can't be read.
    pub fn of<E>(
        events: impl IntoIterator<Item = Result<Event, E>>,
        (since, until): (Timestamp, Timestamp),
        mut replay: Replay<'_>,
    ) -> Result<Self, E> {
        let mut trial = Self::default();
        for event in events {
            let event = event?;
            if event.at < since {
                replay.take_in(&event);
                continue;
            }
            if event.at >= until {
                continue;
            }
            if let What::Judged(judged) = &event.what {
                let counter = match judged.holder {
                    Some(_) => &mut trial.judged,
                    None => &mut trial.not_believed,
                };
                *counter += 1;
            }
            trial.changes.extend(replay.judge(&event));
        }
        Ok(trial)
    }

    /// How many went from one verdict to another.
    #[must_use]
    pub fn count(&self, before: Verdict, after: Verdict) -> usize {
        self.changes.iter().filter(|change| (change.before, change.after) == (before, after)).count()
    }
}

/// A verdict that would have been another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Otherwise {
    /// Its sequence.
    pub sequence: u64,
    /// When.
    pub at: Timestamp,
    /// Which way.
    pub direction: Direction,
    /// Whose pass.
    pub holder: Holder,
    /// The verdict that was.
    pub before: Verdict,
    /// Why: codes of [`Reason`].
    pub why_before: Vec<String>,
    /// The verdict that would have been.
    pub after: Verdict,
    /// Why: what the rules say now.
    pub reasons: Vec<Reason>,
    /// Why: codes of what was so whatever the rules say.
    pub kept: Vec<String>,
}

impl<'a> Replay<'a> {
    /// A replay under these rules, from a journal's beginning, or from as early as they look back.
    #[must_use]
    pub fn new(policy: &'a Policy, zone: &'a TimeZone, exempt: &'a Exempt) -> Self {
        Self {
            policy,
            zone,
            exempt,
            history: History::new(),
            stopped: HashSet::new(),
            together: HashMap::new(),
        }
    }

    /// Takes in an event that is not judged again: what happened before the stretch that is of interest.
    pub fn take_in(&mut self, event: &Event) {
        self.history.apply(event);
        self.note(event);
    }

    /// Judges an event again. None when the verdict is the same, or when the event is no verdict on a believed pass.
    pub fn judge(&mut self, event: &Event) -> Option<Otherwise> {
        match &event.what {
            What::Judged(judged) => {
                let Some(holder) = &judged.holder else {
                    self.take_in(event);
                    return None;
                };
                let otherwise = self.again(event, judged, holder);
                let verdict = otherwise.after;
                if verdict > Verdict::Admit {
                    self.stopped.insert((event.journal, event.sequence));
                }
                // Nobody's passage was reported where nobody was admitted: an admission of the replay counts by itself.
                let sensed = judged.sensed && judged.verdict == Verdict::Admit;
                let judged = Judged { verdict, sensed, ..judged.clone() };
                let event = Event { what: What::Judged(judged), ..event.clone() };
                self.take_in(&event);
                (otherwise.before != otherwise.after).then_some(otherwise)
            }
            // Whoever would have been stopped would not have gone through.
            What::Passed(passed)
                if passed.of.is_some_and(|of| self.stopped.contains(&(event.journal, of))) =>
            {
                None
            }
            What::Overridden(it) => {
                self.stopped.remove(&(event.journal, it.of));
                self.take_in(event);
                None
            }
            _ => {
                self.take_in(event);
                None
            }
        }
    }

    fn note(&mut self, event: &Event) {
        if let What::Judged(judged) = &event.what
            && judged.supersedes.is_none()
        {
            let first = judged.together_with.unwrap_or(event.sequence);
            let group = self.together.entry((event.journal, first)).or_default();
            *group = group.saturating_add(judged.party.max(1));
        }
    }

    pub(super) fn again(&self, event: &Event, judged: &Judged, holder: &Holder) -> Otherwise {
        let was = |code: &str| judged.reasons.iter().any(|reason| reason == code);
        let one = One::of(holder.kind, holder.holder, holder.serial);
        let mut measured = self.history.measured_of(one, event.at, self.policy);
        if let Some(tenths) = judged.temperature
            && measured.last().is_none_or(|last| last.tenths.0 != tenths)
        {
            // Measured before the pass was shown.
            let site = crate::Site::Forehead;
            measured.push(Measurement { tenths: Tenths(tenths), at: event.at, site });
        }
        // Events of before that number was written say it of those who came after the first.
        let beside = judged.together_with.and_then(|first| self.together.get(&(event.journal, first)));
        let beside = beside.copied().unwrap_or(0).max(judged.beside);
        let earlier = |sequence| Earlier { journal: event.journal, sequence };
        let instead_of = judged.supersedes.map(earlier);
        let case = Case {
            policy: self.policy,
            direction: judged.direction,
            now: event.at,
            days: Days(self.zone),
            past: self.history.at(event.at, self.policy).without(instead_of),
            exempt: self.exempt,
            facts: Facts {
                party: judged.party,
                beside,
                searched: matches!(judged.came, Came::Searched { .. }),
                plate: judged.plate.as_deref(),
                measured: &measured,
                household: match () {
                    () if was("host_red") => Some(Colour::Red),
                    () if was("host_unknown") => None,
                    () => Some(Colour::Green),
                },
                closed: was("home_closed").then_some(Closed { since: event.at, planned: None }),
                guessed: was("direction_unknown"),
                instead_of,
            },
            bearer: Bearer { one, holder: holder.holder, household: holder.household, kind: holder.kind },
            colour: holder.colour,
            plate_differs: was("plate_differs"),
            lasts: if was("visitor_too_long") { i64::MAX } else { 0 },
        };
        let mut findings = Findings::default();
        standing::of_colour(&case, event.in_doubt, &mut findings);
        let weighed = case.weigh(findings);
        let rule = self.policy.colours.of(holder.colour);
        let kept: Vec<(Verdict, &String)> = judged
            .reasons
            .iter()
            .filter_map(|code| Some((of_code(code, holder.kind, &rule)?, code)))
            .collect();
        // A pass of another compound does not come home here.
        let strictest = if was("other_compound") { Verdict::Refuse } else { weighed.strictest };
        let found = weighed.findings.iter().map(|finding| finding.verdict);
        let all = found.chain(kept.iter().map(|(verdict, _)| *verdict));
        let after = all.max().unwrap_or(Verdict::Admit).min(strictest);
        let mut findings = weighed.findings;
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.verdict));
        Otherwise {
            sequence: event.sequence,
            at: event.at,
            direction: judged.direction,
            holder: holder.clone(),
            before: judged.verdict,
            why_before: judged.reasons.clone(),
            after,
            reasons: findings.into_iter().map(|finding| finding.reason).collect(),
            kept: kept.into_iter().map(|(_, code)| code.clone()).collect(),
        }
    }
}

/// What a reason asks for that was so whatever the rules say, or that the rules answer; none for one that is weighed anew.
fn of_code(code: &str, kind: Kind, rule: &ColourRule) -> Option<Verdict> {
    let unlisted = |why| Some(standing::of_unlisted(rule, why));
    let any = Timestamp(0);
    match code {
        "withdrawn" | "suspended" | "replaced" | "expired" | "not_yet_valid" | "specimen"
        | "other_compound" => Some(Verdict::Refuse),
        // Those who live there were suspended; who may visit them is a rule.
        "home_closed" if kind != Kind::Visitor => Some(Verdict::Refuse),
        "milder_by_old_list" => Some(Verdict::Check),
        "status_list_old" => unlisted(Unlisted::OldList { expired: any }),
        "no_status_list" => unlisted(Unlisted::NoList),
        "newer_than_status_list" => unlisted(Unlisted::NewerThanList { issued: any }),
        "colour_changed" => Some(Verdict::Admit),
        _ => None,
    }
}
