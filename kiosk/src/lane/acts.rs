//! What staff do at the gate, carried out: every act is an event in the journal before it shows.
//!
//! The one exception is an emergency opening, which has happened when the lane hears of it, and is logged as soon as it can be.

use gate::{
    At, ClockSet, Direction, EmergencyClosed, EmergencyExplained, EmergencyOpened, Event, Judged, Manual,
    NotOverridable, Note, Outside, Overridden, Role, ShiftChanged, SignInFailed, SignedIn, SignedOut, Undone,
    Verdict, Way, What,
};
use pass::{Serial, Timestamp};

use super::Lane;
use super::judging::{self, Arrival};
use crate::heading::Heading;
use crate::journal::Journal;
use crate::staff::{self, Act, Done, Inner, Keyed, ManualEntry, Unlogged, WhyNot};
use crate::time::NotSet;

/// So many events of the past are followed at a time, so that the first card need not wait.
const AT_ONCE: u64 = 2000;

impl Lane {
    /// Carries out what staff do through this window from now on.
    pub(crate) fn serve(&mut self, window: Inner) {
        window.shared.know(self.people());
        if let Some(barrier) = self.equipment.barrier().cloned() {
            window.shared.emergency.opened_by(move |open| match open {
                Some(time) => barrier.hold(time),
                None => barrier.let_go(),
            });
        }
        self.window = Some(window);
    }

    fn people(&self) -> Option<&protocol::SignedPeople> {
        self.grounds.as_ref().and_then(|grounds| grounds.people.as_deref())
    }

    /// Other people may be known now.
    pub(super) fn know_people(&self) {
        if let Some(window) = &self.window {
            window.shared.know(self.people());
        }
    }

    /// Carries out what waits at the window, and logs what happened without waiting.
    pub(super) fn attend(&mut self) {
        let Some(mut window) = self.window.take() else { return };
        self.log_emergency(&window);
        self.follow(&mut window);
        while let Ok((act, answer)) = window.acts.try_recv() {
            // An emergency that was closed before somebody explained it is logged before it.
            self.log_emergency(&window);
            let done = self.carry_out(act, &window);
            self.follow(&mut window);
            // Whoever asked may have gone; the journal has it.
            let _ = answer.send(done);
        }
        while let Ok(answer) = window.asks.try_recv() {
            let _ = answer.send(self.outside());
        }
        let idle = window.shared.sessions().end_idle(std::time::Instant::now());
        if let Some(session) = idle {
            // Signed out all the same when the journal is down.
            let _ = self.record(What::SignedOut(SignedOut { who: session.who, by_itself: true }));
        }
        self.follow(&mut window);
        self.window = Some(window);
    }

    fn carry_out(&mut self, act: Act, window: &Inner) -> Result<Done, WhyNot> {
        match act {
            Act::SignIn { who, role, shift } => {
                if shift {
                    self.change_shift(Some(who.clone()), window)?;
                }
                let event = self.record(What::SignedIn(SignedIn { who: who.clone(), role }))?;
                let before = window.shared.sessions().begin(&who, role, std::time::Instant::now());
                if let Some(before) = before.filter(|before| before.who != who) {
                    self.record(What::SignedOut(SignedOut { who: before.who, by_itself: true }))?;
                }
                Ok(done(&event))
            }
            Act::SignInFailed { who, failures, wait } => {
                Ok(done(&self.record(What::SignInFailed(SignInFailed { who, failures, wait }))?))
            }
            Act::SignOut { shift } => {
                if shift {
                    self.change_shift(None, window)?;
                }
                let who = window.shared.sessions().end().ok_or(WhyNot::SignedOut)?.who;
                Ok(done(&self.record(What::SignedOut(SignedOut { who, by_itself: false }))?))
            }
            Act::Enter { who, holder, serial, keyed } => self.enter(who, holder, serial, keyed),
            Act::Again { of, .. } if window.shared.shift().superseded.contains(&of) => {
                Err(WhyNot::Superseded)
            }
            Act::Again { who, of, keyed } => self.key_in(who, of, keyed),
            Act::Turn { direction } => self.turn_lane(direction),
            Act::Manual { who, entry } => self.manual(who, entry),
            Act::Override { who, of, verdict, why } => self.turn(who, of, verdict, why, window),
            Act::Undo { who, role, of, why } => self.undo((who, role), of, why, window),
            Act::Explain { who, of, why } => {
                if !window.shared.shift().unexplained.contains_key(&of) {
                    return Err(WhyNot::NoSuchEvent);
                }
                Ok(done(&self.record(What::EmergencyExplained(EmergencyExplained { of, who, why }))?))
            }
            Act::SetClock { who, role, to } => self.set_clock(who, role, to),
        }
    }

    /// Sets the gate's time. The event says when that was by the old one; all that follow have the new one.
    fn set_clock(&mut self, who: String, role: Role, to: Option<Timestamp>) -> Result<Done, WhyNot> {
        if role != Role::Supervisor {
            return Err(WhyNot::SupervisorsOnly);
        }
        let (machine, _) = self.screen.machine_time();
        let to = to.unwrap_or(machine);
        let why_not = |why| match why {
            NotSet::TooEarly { .. } => WhyNot::TooEarly,
            NotSet::TooLate { .. } => WhyNot::TooFar,
            NotSet::KeptRight => WhyNot::KeptRight,
        };
        self.screen.demand_time(to).map_err(why_not)?;
        let from = self.screen.reading().now;
        let event = self.record(What::ClockSet(ClockSet { from: At(from), to: At(to), who }))?;
        self.screen.set_time(to).map_err(why_not)?;
        // Whoever pulls the plug now must not bring the old time back.
        self.keep_time();
        Ok(done(&event))
    }

    /// Judges a resident like their card, which nobody has seen.
    fn enter(
        &mut self,
        who: String,
        holder: u16,
        serial: Option<Serial>,
        keyed: Keyed,
    ) -> Result<Done, WhyNot> {
        let people = self.people().ok_or(WhyNot::NoPeople)?;
        let resident = people.resident(holder).ok_or(WhyNot::NoSuchResident)?;
        let mut cards = resident.cards.iter();
        let card =
            cards.find(|card| serial.is_none_or(|serial| card.serial == serial)).ok_or(WhyNot::NoCard)?;
        let mut arrival = Arrival::searched(people.pass(resident, card), who.clone());
        arrival.keyed_by = keyed.says_something().then_some(who);
        let Keyed { party, plate, direction, measured } = keyed;
        arrival.party = party.unwrap_or(1);
        arrival.plate = plate.map(|plate| plate.as_str().to_owned());
        arrival.direction = direction;
        if self.grounds.is_none() {
            return Err(WhyNot::NoGrounds);
        }
        let mut one = self.receive(vec![arrival]).ok_or(WhyNot::JournalDown)?;
        if let Some((tenths, site)) = measured
            && let Some(newer) = self.measured(Some(one.sequence), tenths, site)?
        {
            one = newer;
        }
        Ok(judged(&one))
    }

    /// Judges somebody again who stands there, now that staff have keyed in more.
    fn key_in(&mut self, who: String, of: u64, keyed: Keyed) -> Result<Done, WhyNot> {
        if self.grounds.is_none() {
            return Err(WhyNot::NoGrounds);
        }
        let Some(one) = self.present.get_mut(of) else {
            let known = self.event(of)?;
            return Err(match known.what {
                What::Judged(Judged { holder: None, .. }) => WhyNot::NotBelieved,
                What::Judged(_) => WhyNot::TooLate,
                _ => WhyNot::NoSuchEvent,
            });
        };
        if one.settled {
            return Err(WhyNot::Already);
        }
        let Keyed { party, plate, direction, measured } = keyed;
        one.known.party = party.unwrap_or(one.known.party);
        if let Some(plate) = plate {
            one.known.plate = Some(plate.as_str().to_owned());
        }
        one.way = direction.map_or(one.way, |direction| Way { direction, guessed: false });
        let tell = party.is_some() || one.known.plate.is_some() || direction.is_some();
        one.known.keyed_by = Some(who);
        let mut done = None;
        if let Some((tenths, site)) = measured {
            done = self.measured(Some(of), tenths, site)?;
        }
        let newest = done.as_ref().map_or(of, |one| one.sequence);
        if tell && done.is_none() {
            done = self.again(newest, true);
            if done.is_none() {
                return Err(WhyNot::JournalDown);
            }
        }
        match done {
            Some(one) => Ok(judged(&one)),
            // Measured, and the verdict is the same.
            None => {
                let standing = self.judged(newest)?;
                Ok(Done {
                    sequence: newest,
                    verdict: Some(standing.verdict.code()),
                    reasons: standing.reasons,
                })
            }
        }
    }

    /// Turns the switch that says which way the lane is used.
    fn turn_lane(&mut self, direction: Direction) -> Result<Done, WhyNot> {
        let Heading::Switch(before) = self.heading else { return Err(WhyNot::NoSwitch) };
        if before != direction {
            self.head(Heading::Switch(direction));
        }
        Ok(Done {
            sequence: self.journal.as_ref().map(Journal::count).unwrap_or_default(),
            ..Done::default()
        })
    }

    /// The lane is used this way from now on, also after a restart.
    pub(super) fn head(&mut self, heading: Heading) {
        self.heading = heading;
        if let Err(why) = self.held.keep_heading(heading) {
            tracing::warn!(%why, "the direction is not kept over a restart");
        }
        self.screen.set(|state| (state.heading, state.direction) = (heading, heading.lane()));
    }

    /// Who is outside, by what the gate remembers.
    fn outside(&self) -> Vec<Outside> {
        let Some(grounds) = &self.grounds else { return Vec::new() };
        self.memory.history().outside(self.screen.reading().now, &grounds.rules.rules.policy)
    }

    fn manual(&mut self, who: String, entry: ManualEntry) -> Result<Done, WhyNot> {
        let ManualEntry { verdict, why, household, party, plate, direction, instead_of } = entry;
        if let Some(of) = instead_of
            && self.judged(of)?.can_be_overridden()
        {
            // A pass that is believed is overridden, so that its holder is counted.
            return Err(WhyNot::Already);
        }
        let direction = direction.unwrap_or(self.heading.lane());
        let entry = Manual { direction, verdict, who, why, household, party, plate, instead_of };
        let event = self.record(What::Manual(entry))?;
        self.equipment.act(verdict);
        Ok(Done { verdict: Some(verdict.code()), ..done(&event) })
    }

    fn turn(
        &mut self,
        who: String,
        of: u64,
        verdict: Verdict,
        why: Note,
        window: &Inner,
    ) -> Result<Done, WhyNot> {
        let judged = self.judged(of)?;
        judged.overridable().map_err(|why| match why {
            NotOverridable::NotBelieved => WhyNot::NotBelieved,
            NotOverridable::Specimen => WhyNot::Specimen,
            NotOverridable::OtherCompound => WhyNot::OtherCompound,
        })?;
        if window.shared.shift().superseded.contains(&of) {
            return Err(WhyNot::Superseded);
        }
        if judged.verdict == verdict {
            return Err(WhyNot::Already);
        }
        let event = self.record(What::Overridden(Overridden { of, verdict, who, why }))?;
        self.present.settle(of);
        self.equipment.act(verdict);
        match (verdict, self.equipment.barrier()) {
            (Verdict::Admit, _) => self.lately.judged(of, verdict, judged.direction),
            (_, Some(barrier)) => {
                self.lately.stopped(of);
                barrier.close();
            }
            _ => self.lately.stopped(of),
        }
        self.screen.turn(of, verdict);
        Ok(Done { verdict: Some(verdict.code()), ..done(&event) })
    }

    /// What the gate found by itself anybody may take back; what somebody decided, that person or a supervisor.
    fn undo(
        &mut self,
        (who, role): (String, Role),
        of: u64,
        why: Note,
        window: &Inner,
    ) -> Result<Done, WhyNot> {
        let decided_by = match self.event(of)?.what {
            What::Judged(_) | What::Passed(_) => None,
            What::Overridden(Overridden { who, .. }) | What::Manual(Manual { who, .. }) => Some(who),
            _ => return Err(WhyNot::NoSuchEvent),
        };
        if decided_by.is_some_and(|by| by != who) && role != Role::Supervisor {
            return Err(WhyNot::NotASupervisor);
        }
        if window.shared.shift().undone.contains(&of) {
            return Err(WhyNot::Already);
        }
        if window.shared.shift().superseded.contains(&of) {
            return Err(WhyNot::Superseded);
        }
        let event = self.record(What::Undone(Undone { of, who, why }))?;
        self.present.settle(of);
        self.lately.stopped(of);
        self.screen.take_back(of);
        Ok(done(&event))
    }

    fn change_shift(&mut self, to: Option<String>, window: &Inner) -> Result<(), WhyNot> {
        let from =
            window.shared.sessions().current(std::time::Instant::now()).map(|session| session.who.clone());
        let (since, counts) = {
            let shift = window.shared.shift();
            (shift.since.unwrap_or(self.screen.reading().now), shift.counts)
        };
        self.record(What::ShiftChanged(ShiftChanged { from, to, since: At(since), counts }))?;
        Ok(())
    }

    /// Logs what an emergency opening did, in order, as far as the journal can be written.
    fn log_emergency(&mut self, window: &Inner) {
        let emergency = &window.shared.emergency;
        let told = emergency.unlogged().is_some();
        while let (Some(unlogged), true) = (emergency.unlogged(), self.journal.is_ok()) {
            let logged = match (unlogged, self.emergency) {
                (Unlogged::Opened { at, who }, _) => {
                    let opened = self.record(What::EmergencyOpened(EmergencyOpened { who, opened: At(at) }));
                    opened.map(|event| self.emergency = Some(event.sequence))
                }
                (Unlogged::Closed { who }, Some(of)) => {
                    let closed = self.record(What::EmergencyClosed(EmergencyClosed { of, who }));
                    closed.map(|_| self.emergency = None)
                }
                (Unlogged::Closed { .. }, None) => Ok(()),
            };
            if logged.is_err() {
                break;
            }
            emergency.logged();
        }
        // The office is told at once, whether it could be logged or not.
        match emergency.unlogged() {
            Some(Unlogged::Opened { at, .. }) => {
                if let Some(alerts) = &mut self.alerts {
                    alerts.opened(&self.gate, at);
                    let pending = alerts.settle(0);
                    self.screen.set_alerts(pending);
                }
            }
            _ if told => self.tell_office(),
            _ => {}
        }
    }

    /// Appends an event of this moment, and prints it.
    pub(super) fn record(&mut self, what: What) -> Result<Event, WhyNot> {
        let reading = self.screen.reading();
        let event = self.append(|gate, next| Event {
            gate: gate.to_owned(),
            journal: next.journal,
            sequence: next.sequence,
            at: reading.now,
            in_doubt: reading.in_doubt,
            before: next.before,
            what,
        });
        let event = event.ok_or(WhyNot::JournalDown)?;
        self.screen.set(|state| state.logged = event.sequence);
        self.print(&event);
        Ok(event)
    }

    fn event(&self, sequence: u64) -> Result<Event, WhyNot> {
        let journal = self.journal.as_ref().map_err(|_| WhyNot::JournalDown)?;
        if !staff::Shift::reaches(sequence, journal.count()) {
            // Whether it was taken back already is not remembered any more.
            return Err(WhyNot::TooOld);
        }
        event(journal, sequence).ok_or(WhyNot::NoSuchEvent)
    }

    fn judged(&self, sequence: u64) -> Result<Judged, WhyNot> {
        match self.event(sequence)?.what {
            What::Judged(judged) => Ok(judged),
            _ => Err(WhyNot::NoSuchEvent),
        }
    }

    /// The shift takes account of what the journal has.
    fn follow(&mut self, window: &mut Inner) {
        let Ok(journal) = &self.journal else { return };
        let (id, count) = (journal.id(), journal.count());
        let start = match window.followed {
            Some((followed, sequence)) if followed == id && sequence <= count => sequence,
            _ => {
                *window.shared.shift() = crate::staff::Shift::default();
                *window.shared.recent() = crate::staff::Recent::default();
                count.saturating_sub(staff::LOOK_BACK)
            }
        };
        let end = count.min(start + AT_ONCE);
        let mut shift = window.shared.shift();
        let mut take = |event: &Event| {
            shift.follow(event);
            window.shared.recent().follow(event);
        };
        if end == start + 1 {
            // The one that was just appended.
            event(journal, end).iter().for_each(take);
        } else if end > start {
            // One that was purged, or can't be read, is of no shift that anybody asks about.
            let events = journal.after(start).into_iter().flatten().map_while(Result::ok);
            events.take_while(|event| event.sequence <= end).for_each(|event| take(&event));
        }
        window.followed = Some((id, end));
        let open = shift.open.filter(|_| end == count && self.emergency.is_none());
        drop(shift);
        if let Some(of) = open {
            // Opened before the program last ended: the barrier shut when it did.
            let _ = self.record(What::EmergencyClosed(EmergencyClosed { of, who: None }));
        }
    }
}

fn event(journal: &Journal, sequence: u64) -> Option<Event> {
    let bytes = journal.event(sequence).ok()??;
    Event::from_bytes(&bytes).ok()
}

fn judged(one: &judging::Judged) -> Done {
    let decision = &one.judgement.decision;
    let reasons = decision.reasons.iter().map(|reason| reason.code().to_owned()).collect();
    Done { sequence: one.sequence, verdict: Some(decision.verdict.code()), reasons }
}

fn done(event: &Event) -> Done {
    Done { sequence: event.sequence, ..Done::default() }
}
