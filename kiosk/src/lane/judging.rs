//! Judging: who came together, the verdicts on them, and those verdicts again when more is known.
//!
//! A verdict that takes the place of another is an event of its own; the journal keeps both. A car and its people are one
//! passage and one lift of the bar: it opens when none of them is stopped.

use std::time::Instant;

use gate::{Came, Direction, Earlier, Facts, Verdict, Way, which_way};
use pass::{Kind, Refusal, Verified};

use super::present::{Known, Presented};
use super::{Card, Lane};
use crate::judge::{Circumstances, Judgement, judge_pass};
use crate::screen::{self, Shown};

/// Somebody who comes to the gate.
#[derive(Debug)]
pub(super) struct Arrival {
    /// What a presentation is told by; none for somebody whom staff searched for.
    key: Option<(Card, Direction)>,
    verified: Result<Verified, Refusal>,
    came: Came,
    /// Persons on this pass.
    pub(super) party: u16,
    /// The plate that staff keyed in.
    pub(super) plate: Option<String>,
    /// Which way, where staff say so.
    pub(super) direction: Option<Direction>,
    /// Who keyed that in.
    pub(super) keyed_by: Option<String>,
}

impl Arrival {
    /// A pass that was seen or read.
    pub(super) fn seen(key: (Card, Direction), verified: Result<Verified, Refusal>, came: Came) -> Self {
        let key = Some(key);
        Self { key, verified, came, party: 1, plate: None, direction: None, keyed_by: None }
    }

    /// A holder whom somebody searched for.
    pub(super) fn searched(verified: Result<Verified, Refusal>, who: String) -> Self {
        let came = Came::Searched { who };
        Self { key: None, verified, came, party: 1, plate: None, direction: None, keyed_by: None }
    }

    fn is_car(&self) -> bool {
        self.verified.as_ref().is_ok_and(|pass| pass.kind == Kind::Vehicle)
    }

    fn walks(&self) -> bool {
        self.verified.as_ref().is_ok_and(|pass| pass.kind != Kind::Vehicle)
    }
}

/// A verdict whose event is on the disk.
pub(super) struct Judged {
    pub(super) sequence: u64,
    pub(super) judgement: Judgement,
}

impl Lane {
    /// Judges those who came together, one after the other: each verdict knows of the one before. Returns the first of these
    /// verdicts; none when none could be logged.
    pub(super) fn receive(&mut self, new: Vec<Arrival>) -> Option<Judged> {
        let now = Instant::now();
        let walking = new.iter().filter(|one| one.walks()).count();
        let with_car = new.iter().any(Arrival::is_car);
        // Whoever comes to a car, or comes with one, goes with those who showed their cards just before.
        let asks = self.asks_who_drives();
        let car = (asks && !with_car && walking > 0).then(|| self.present.car(now)).flatten();
        let car = car.map(|car| car.group);
        let before: Vec<u64> = match car {
            Some(group) => {
                self.present.group(group).filter(|one| !one.is_car()).map(|one| one.sequence).collect()
            }
            None if asks && with_car => self.present.before_car(now),
            None => Vec::new(),
        };
        let one_passage = with_car || car.is_some();
        let several = new.len() > 1 || !before.is_empty();
        let mut first = car.or(before.first().copied());
        let mut logged: Vec<Judged> = Vec::new();
        for arrival in new {
            let others = walking - usize::from(arrival.walks()) + before.len();
            let beside = u16::try_from(others).unwrap_or(u16::MAX);
            let Some(one) = self.receive_one(arrival, beside, first, now) else { continue };
            first = first.or(several.then_some(one.sequence));
            if !one_passage {
                self.equipment.act(one.judgement.decision.verdict);
            }
            logged.push(one);
        }
        let own = logged.first().map(|one| one.sequence)?;
        if let (true, Some(first)) = (with_car, first) {
            self.present.join(&before, first);
        }
        if let Some(group) = car {
            self.count_in_car(group, &mut logged);
        }
        // The strictest comes last, so that it is the one that stays on the screen.
        logged.sort_by_key(|one| one.judgement.decision.verdict);
        if one_passage {
            // What is not believed belongs to nobody who stands there, and stops the car all the same.
            let least = logged.last().map_or(Verdict::Admit, |one| one.judgement.decision.verdict);
            self.lift(self.present.get(own).map_or(own, |one| one.group), least);
        }
        for one in &logged {
            self.show(one);
        }
        logged.into_iter().find(|one| one.sequence == own)
    }

    /// Whether the compound asks who sits in a car: else a car is a passage by itself, and who comes after it another.
    fn asks_who_drives(&self) -> bool {
        let rule = self.grounds.as_ref().and_then(|grounds| grounds.rules.rules.policy.vehicles);
        rule.is_some_and(|rule| rule.alone > Verdict::Admit || rule.persons.is_some())
    }

    /// Judges somebody and logs the verdict; none when it can't be logged.
    fn receive_one(
        &mut self,
        arrival: Arrival,
        beside: u16,
        first: Option<u64>,
        now: Instant,
    ) -> Option<Judged> {
        let walks = arrival.walks();
        let Arrival { key, verified, came, party, plate, direction, keyed_by } = arrival;
        let known = Known { party, beside, plate, came, keyed_by };
        let way = match (direction, &verified) {
            (Some(direction), _) => Way { direction, guessed: false },
            (None, Ok(pass)) => self.way(pass),
            (None, Err(_)) => Way { direction: self.heading.lane(), guessed: false },
        };
        let loose = self.present.loose(now).filter(|_| walks);
        let judgement = self
            .judge(verified.clone(), way, &known, loose, None)
            .map(|judgement| Judgement { together_with: first, ..judgement });
        let logged = judgement.and_then(|judgement| {
            let sequence = self.log_judgement(&judgement)?;
            Some(Judged { sequence, judgement })
        });
        let Some(one) = logged else {
            // Judged again as soon as it can be logged.
            if let Some(key) = &key {
                self.repeats.forget(key);
            }
            return None;
        };
        if loose.is_some() {
            self.present.taken();
        }
        if let Ok(pass) = verified {
            self.present.add(Presented {
                sequence: one.sequence,
                pass,
                way,
                known,
                decision: one.judgement.decision.clone(),
                together_with: first,
                group: first.unwrap_or(one.sequence),
                at: now,
                measured: loose.is_some(),
                settled: false,
            });
            if walks {
                self.equipment.measure();
            }
        }
        Some(one)
    }

    /// Which way the holder of a pass goes.
    fn way(&self, pass: &Verified) -> Way {
        match (self.heading, &self.grounds) {
            (crate::heading::Heading::Auto(lane), Some(grounds)) => {
                let now = self.screen.reading().now;
                which_way(pass, self.memory.history(), &grounds.rules.rules.policy, now, lane)
            }
            (heading, _) => Way { direction: heading.lane(), guessed: false },
        }
    }

    /// Judges somebody of whom this is known; none while there is nothing to judge by.
    fn judge(
        &self,
        verified: Result<Verified, Refusal>,
        way: Way,
        known: &Known,
        loose: Option<gate::Measurement>,
        instead_of: Option<Earlier>,
    ) -> Option<Judgement> {
        let grounds = self.grounds.as_ref()?;
        let reading = self.screen.reading();
        let history = self.memory.history();
        let mut measured = match &verified {
            Ok(pass) => history.measured(pass, reading.now, &grounds.rules.rules.policy),
            Err(_) => Vec::new(),
        };
        measured.extend(loose);
        let facts = Facts {
            party: known.party,
            beside: known.beside,
            searched: matches!(known.came, Came::Searched { .. }),
            plate: known.plate.as_deref(),
            measured: &measured,
            household: None,
            closed: None,
            guessed: way.guessed,
            instead_of,
        };
        let circumstances = Circumstances {
            direction: way.direction,
            reading,
            grounds,
            zone: &self.zone,
            history,
            neighbours: &self.neighbours,
            facts,
        };
        let mut judgement = judge_pass(verified, &circumstances);
        judgement.came = known.came.clone();
        judgement.keyed_by.clone_from(&known.keyed_by);
        judgement.sensed = self.equipment.senses();
        Some(judgement)
    }

    /// Judges somebody again, of whom more is known now. None when they are not here any more, when nothing is different (and
    /// it is not to be told all the same), and when it can't be logged.
    pub(super) fn judge_again(&mut self, sequence: u64, tell: bool) -> Option<Judged> {
        let one = self.present.get(sequence)?.clone();
        let journal = self.journal.as_ref().ok()?.id();
        let earlier = Earlier { journal, sequence };
        let judgement = self.judge(Ok(one.pass), one.way, &one.known, None, Some(earlier))?;
        let (before, now) = (&one.decision, &judgement.decision);
        let same =
            before.verdict == now.verdict && before.reasons == now.reasons && before.alert == now.alert;
        if same && !tell {
            return None;
        }
        let judgement = Judgement { together_with: one.together_with, ..judgement };
        let newer = self.log_judgement(&judgement)?;
        if let Some(one) = self.present.get_mut(sequence) {
            one.sequence = newer;
            one.decision = judgement.decision.clone();
        }
        Some(Judged { sequence: newer, judgement })
    }

    /// Judges again, moves the bar and shows it: [`Lane::judge_again`] for somebody who does not sit in a car.
    pub(super) fn again(&mut self, sequence: u64, tell: bool) -> Option<Judged> {
        let group = self.present.get(sequence)?.group;
        let before = self.present.get(sequence)?.decision.verdict;
        let one = self.judge_again(sequence, tell)?;
        let now = one.judgement.decision.verdict;
        if self.present.group(group).any(Presented::is_car) {
            self.lift(group, now);
        } else if now != before {
            self.equipment.act(now);
            if let (Verdict::Admit, Some(barrier)) = (before, self.equipment.barrier()) {
                barrier.close();
            }
        }
        self.show(&one);
        Some(one)
    }

    /// More people sit in the car than before: it is judged again.
    fn count_in_car(&mut self, group: u64, logged: &mut Vec<Judged>) {
        let people = self.present.group(group).filter(|one| !one.is_car()).count();
        let car = self.present.group(group).filter(|one| one.is_car()).map(|one| one.sequence).last();
        let Some(car) = car.and_then(|car| self.present.get_mut(car)) else { return };
        car.known.beside = u16::try_from(people).unwrap_or(u16::MAX);
        let sequence = car.sequence;
        logged.extend(self.judge_again(sequence, true));
    }

    /// One lift of the bar for all who go in one passage, by the strictest verdict on them, and `least` at that.
    fn lift(&mut self, group: u64, least: Verdict) {
        let strictest = self.present.group(group).map(|one| one.decision.verdict).max();
        let verdict = strictest.unwrap_or(least).max(least);
        self.equipment.act(verdict);
        let open = self.lifted.take_if(|lifted| *lifted == group).is_some();
        match (verdict, self.equipment.barrier()) {
            (Verdict::Admit, _) => self.lifted = Some(group),
            (_, Some(barrier)) if open => barrier.close(),
            _ => {}
        }
    }

    /// Appends the event of a judgement. Returns its sequence; none when it can't be logged.
    fn log_judgement(&mut self, judgement: &Judgement) -> Option<u64> {
        let event = self.append(|gate, next| judgement.event(gate, next))?;
        // Nothing slow from here to the devices: who stands there waits for it.
        let verdict = judgement.decision.verdict;
        match judgement.supersedes {
            Some(of) => self.lately.again(of, event.sequence, verdict, judgement.direction),
            None => {
                self.lately.judged(event.sequence, verdict, judgement.direction);
                self.counts.scanned += 1;
            }
        }
        self.counts.logged += 1;
        match verdict {
            Verdict::Admit => self.counts.admitted += 1,
            Verdict::Check => self.counts.checked += 1,
            Verdict::Refuse => self.counts.refused += 1,
        }
        self.print(&event);
        Some(event.sequence)
    }

    /// Shows a judgement whose event is on the disk.
    fn show(&self, one: &Judged) {
        let Judged { sequence, judgement } = one;
        let holder = judgement.pass.as_ref().map(|pass| screen::Holder {
            name: pass.name.to_string(),
            colour: judgement.decision.colour.unwrap_or(pass.colour),
            kind: pass.kind,
            short_code: pass.serial.short_code(),
        });
        self.screen.show(Shown {
            sequence: *sequence,
            verdict: judgement.decision.verdict,
            reasons: judgement.decision.reasons.clone(),
            alert: judgement.decision.alert,
            next: judgement.decision.next,
            direction: judgement.direction,
            holder,
        });
    }
}
