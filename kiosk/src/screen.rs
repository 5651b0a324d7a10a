//! What the screen shows: set by the scan loop, read by the page. Knows no HTML and no sentence.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use gate::{Direction, Reason, Verdict};
use jiff::tz::TimeZone;
use pass::{Colour, Kind, Timestamp};
use tokio::sync::watch;

use crate::carried::Visit;
use crate::devices;
use crate::eyes::{Eye, EyeKind};
use crate::frames::Health;
use crate::heading::Heading;
use crate::journal::Fault;
use crate::lane::Counts;
use crate::preview::Preview;
use crate::program::Standing;
use crate::sync::Reached;
use crate::time::{GateTime, Kept, NotSet, Reading};

/// A verdict whose event is on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its event.
    pub sequence: u64,
    /// The verdict.
    pub verdict: Verdict,
    /// Why.
    pub reasons: Vec<Reason>,
    /// Whether the office is to be told at once.
    pub alert: bool,
    /// When the person may next go, where time alone decides that.
    pub next: Option<Timestamp>,
    /// Which way.
    pub direction: Direction,
    /// Whose pass it is; none when it is not believed.
    pub holder: Option<Holder>,
}

/// What the screen tells of a holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Masked name or plate.
    pub name: String,
    /// The colour that holds now.
    pub colour: Colour,
    /// What the pass is for.
    pub kind: Kind,
    /// The serial as people read it.
    pub short_code: String,
}

/// Why nothing can be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// No root is pinned.
    Untrusted,
    /// The office has struck the gate off.
    Struck,
    /// No bundle is loaded.
    NoBundle,
    /// The bundle can't be used.
    BundleUnusable {
        /// Why.
        why: String,
    },
    /// The journal can't be opened or written.
    JournalDown {
        /// What is wrong with it.
        fault: Fault,
        /// Why.
        why: String,
    },
}

/// The bundle that is judged by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The compound's name.
    pub compound: String,
    /// The zone its times are shown in.
    pub zone: TimeZone,
    /// The newest time at which something in it was signed.
    pub issued: Timestamp,
    /// When each of its parts was signed: `trust`, `status`, `rules`, and where there are such, `people` and `directions`.
    pub parts: Vec<(&'static str, Timestamp)>,
    /// Whether it is the last good one, as the newer one can't be read.
    pub fallback: bool,
}

/// How long verdicts stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stay {
    /// An admission.
    pub admit: Duration,
    /// A check.
    pub check: Duration,
    /// A refusal; none: until the next card, or until somebody touches the screen.
    pub refuse: Option<Duration>,
    /// The staff's panel, when nobody touches it.
    pub panel: Duration,
}

/// Everything on the screen.
#[derive(Clone, Debug)]
pub struct State {
    /// The gate's name.
    pub gate: String,
    /// Which way it is used; in a lane that goes both ways, where nothing else says.
    pub direction: Direction,
    /// How that is known.
    pub heading: Heading,
    /// How long verdicts stay.
    pub stay: Stay,
    /// What keeps it from judging.
    pub trouble: Option<Trouble>,
    /// What it judges by.
    pub held: Option<Held>,
    /// Events in the journal.
    pub logged: u64,
    /// How many of these the office has.
    pub delivered: u64,
    /// Alerts that the office was not told yet.
    pub alerts: u64,
    /// Whether the office is reached.
    pub reached: Reached,
    /// What came of the last visit of a stick, and when.
    pub carried: Option<(Visit, Instant)>,
    /// How newer programs stand.
    pub programs: Standing,
    /// Whether the page says verdicts aloud.
    pub speaks: bool,
    /// How its eyes do; none before the gate has opened them.
    pub eyes: Vec<Eye>,
    /// How its other devices do.
    pub devices: Vec<(gate::Device, devices::Health)>,
    /// Whether the program ends: nobody is to go on looking.
    over: bool,
    verdict: Option<(Shown, Instant)>,
    /// What was shown last, for whoever comes back and asks.
    recent: VecDeque<Shown>,
    hint: Option<(Hint, Instant)>,
}

/// A code that is no pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// Somebody else's.
    Foreign,
    /// An invitation, which this gate does not need any more.
    Enrolled,
}

/// What takes the middle of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Face<'a> {
    /// Nothing can be judged.
    Trouble(&'a Trouble),
    /// The last verdict.
    Verdict(&'a Shown),
    /// None of the eyes sees.
    Blind {
        /// The first of them.
        kind: EyeKind,
        /// Why.
        why: &'a str,
    },
    /// Another kind of code was seen.
    Hint(Hint),
    /// Ready for the next card.
    Ready,
}

/// How long the hint about another kind of code stays after the code was last seen.
const HINT: Duration = Duration::from_secs(2);

/// So many verdicts are kept in words.
const RECENT: usize = 64;

fn is_lost(health: &Health) -> bool {
    matches!(health, Health::Lost { .. })
}

impl State {
    /// A screen at its start.
    #[must_use]
    pub fn new(gate: String, direction: Direction, stay: Stay) -> Self {
        Self {
            gate,
            direction,
            heading: Heading::Fixed(direction),
            stay,
            trouble: None,
            held: None,
            logged: 0,
            delivered: 0,
            alerts: 0,
            reached: Reached::default(),
            carried: None,
            programs: Standing::default(),
            speaks: false,
            eyes: Vec::new(),
            devices: Vec::new(),
            over: false,
            verdict: None,
            recent: VecDeque::new(),
            hint: None,
        }
    }

    /// Whether the program ends.
    pub(crate) fn is_over(&self) -> bool {
        self.over
    }

    /// Events that the office does not have yet.
    #[must_use]
    pub fn undelivered(&self) -> u64 {
        self.logged.saturating_sub(self.delivered)
    }

    /// What takes the middle of the screen at this moment. Verdicts leave by themselves, but for a refusal that is to stay.
    #[must_use]
    pub fn face(&self, now: Instant) -> Face<'_> {
        if let Some(trouble) = &self.trouble {
            return Face::Trouble(trouble);
        }
        if let Some((shown, since)) = &self.verdict {
            let stay = match shown.verdict {
                Verdict::Admit => Some(self.stay.admit),
                Verdict::Check => Some(self.stay.check),
                Verdict::Refuse => self.stay.refuse,
            };
            if stay.is_none_or(|stay| now.saturating_duration_since(*since) < stay) {
                return Face::Verdict(shown);
            }
        }
        if let Some((kind, why)) = self.blind() {
            return Face::Blind { kind, why };
        }
        match self.hint {
            Some((hint, since)) if now.saturating_duration_since(since) < HINT => Face::Hint(hint),
            _ => Face::Ready,
        }
    }

    /// The last verdict, whether it still stays or not.
    #[must_use]
    pub fn verdict(&self) -> Option<&Shown> {
        self.verdict.as_ref().map(|(shown, _)| shown)
    }

    /// The zone that times are shown in.
    #[must_use]
    pub fn zone(&self) -> TimeZone {
        self.held.as_ref().map_or_else(TimeZone::system, |held| held.zone.clone())
    }

    /// The verdict of this event, if it is one of those that were shown last.
    #[must_use]
    pub fn recently(&self, sequence: u64) -> Option<&Shown> {
        self.recent.iter().find(|shown| shown.sequence == sequence)
    }

    /// The first eye and what is wrong with it, when none of them sees.
    fn blind(&self) -> Option<(EyeKind, &str)> {
        let lost = |eye: &Eye| matches!(eye.health, Health::Lost { .. });
        let first = self.eyes.first().filter(|_| self.eyes.iter().all(lost))?;
        match &first.health {
            Health::Lost { why } => Some((first.kind, why)),
            _ => None,
        }
    }
}

/// The screen, shared by those who set it and those who show it.
#[derive(Clone, Debug)]
pub struct Screen {
    state: watch::Sender<State>,
    time: Arc<Mutex<GateTime>>,
    previews: Arc<Mutex<BTreeMap<usize, Preview>>>,
    counted: Arc<Mutex<Counts>>,
    /// How often an eye was lost.
    losses: Arc<AtomicU64>,
}

impl Screen {
    /// A screen that shows this state and this time.
    #[must_use]
    pub fn new(state: State, time: GateTime) -> Self {
        Self {
            state: watch::Sender::new(state),
            time: Arc::new(Mutex::new(time)),
            previews: Arc::default(),
            counted: Arc::default(),
            losses: Arc::default(),
        }
    }

    /// What this eye sees.
    #[must_use]
    pub fn preview(&self, eye: usize) -> Preview {
        self.previews.lock().unwrap_or_else(PoisonError::into_inner).entry(eye).or_default().clone()
    }

    /// What the gate has done until now, and how often an eye was lost meanwhile.
    pub(crate) fn counted(&self) -> (Counts, u64) {
        let counts = *self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        (counts, self.losses.load(Ordering::Relaxed))
    }

    /// Says what the gate has done until now.
    pub(crate) fn count(&self, counts: Counts) {
        *self.counted.lock().unwrap_or_else(PoisonError::into_inner) = counts;
    }

    /// The program ends.
    pub fn end(&self) {
        self.set(|state| state.over = true);
    }

    /// Waits until the program ends.
    pub async fn ended(&self) {
        // Where nobody could say so any more, it has.
        let _ = self.watch().wait_for(|state| state.over).await;
    }

    /// Changes what is shown.
    pub fn set(&self, change: impl FnOnce(&mut State)) {
        self.state.send_modify(change);
    }

    /// Shows a verdict. Its event must be on the disk.
    pub fn show(&self, shown: Shown) {
        self.set(|state| {
            state.hint = None;
            state.logged = shown.sequence;
            // Another journal counts anew.
            if state.recent.back().is_some_and(|last| last.sequence >= shown.sequence) {
                state.recent.clear();
            }
            if state.recent.len() == RECENT {
                state.recent.pop_front();
            }
            state.recent.push_back(shown.clone());
            state.verdict = Some((shown, Instant::now()));
        });
    }

    /// Staff turned a verdict: where it is the one shown, it shows the other from now on. The event must be on the disk.
    pub fn turn(&self, sequence: u64, verdict: Verdict) {
        self.set(|state| {
            if let Some((shown, since)) =
                state.verdict.as_mut().filter(|(shown, _)| shown.sequence == sequence)
            {
                shown.verdict = verdict;
                *since = Instant::now();
            }
        });
    }

    /// A verdict is not shown any more: staff took it back, or somebody has read it. The journal keeps it.
    pub fn take_back(&self, sequence: u64) {
        self.set(|state| _ = state.verdict.take_if(|(shown, _)| shown.sequence == sequence));
    }

    /// Hints that a code was seen that is no pass.
    pub fn hint(&self, hint: Hint) {
        self.set(|state| state.hint = Some((hint, Instant::now())));
    }

    /// Tells how the eyes do. Nobody is woken when that is the same as before.
    pub fn set_eyes(&self, eyes: &[Eye]) {
        self.state.send_if_modified(|state| {
            let changed = state.eyes != eyes;
            if changed {
                let was_lost = |at: usize| state.eyes.get(at).is_some_and(|eye| is_lost(&eye.health));
                let losses =
                    eyes.iter().enumerate().filter(|(at, eye)| is_lost(&eye.health) && !was_lost(*at));
                self.losses.fetch_add(losses.count() as u64, Ordering::Relaxed);
                state.eyes = eyes.to_vec();
            }
            changed
        });
    }

    /// Tells what the office has and what it is to know. Nobody is woken when that is the same as before.
    pub fn tell_delivery(&self, delivered: u64, alerts: u64) {
        self.state.send_if_modified(|state| {
            let changed = (state.delivered, state.alerts) != (delivered, alerts);
            (state.delivered, state.alerts) = (delivered, alerts);
            changed
        });
    }

    /// Tells how newer programs stand. Nobody is woken when that is the same as before.
    pub(crate) fn set_programs(&self, standing: &Standing) {
        self.state.send_if_modified(|state| {
            let changed = state.programs != *standing;
            if changed {
                state.programs.clone_from(standing);
            }
            changed
        });
    }

    /// Tells how many alerts the office was not told yet, while nothing can be said about its journal.
    pub(crate) fn set_alerts(&self, alerts: u64) {
        self.set(|state| state.alerts = alerts);
    }

    /// How a device does, as was told last.
    #[must_use]
    pub fn device(&self, device: gate::Device) -> Option<devices::Health> {
        let state = self.state.borrow();
        state.devices.iter().find(|(known, _)| *known == device).map(|(_, health)| health.clone())
    }

    /// Tells how a device does.
    pub fn set_device(&self, device: gate::Device, health: devices::Health) {
        self.set(|state| {
            state.devices.retain(|(known, _)| *known != device);
            state.devices.push((device, health));
            state.devices.sort_by_key(|(device, _)| *device as u8);
        });
    }

    /// Follows what is shown.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<State> {
        self.state.subscribe()
    }

    /// The gate's time.
    #[must_use]
    pub fn reading(&self) -> Reading {
        self.time().read()
    }

    /// What of the time is to be written to the disk, when it is time to.
    #[must_use]
    pub fn time_to_keep(&self) -> Option<Kept> {
        let mut time = self.time();
        time.read();
        time.to_keep()
    }

    /// Whether a supervisor may set the gate's own time to this.
    ///
    /// # Errors
    /// When it can't be so early any more, or needs no setting.
    pub fn demand_time(&self, to: Timestamp) -> Result<(), NotSet> {
        self.time().demand(to)
    }

    /// Sets the gate's own time, by the word of a supervisor.
    ///
    /// # Errors
    /// As [`Screen::demand_time`].
    pub fn set_time(&self, to: Timestamp) -> Result<(), NotSet> {
        self.time().set(to)
    }

    /// What the machine's clock shows, and the time before which it can't be.
    #[must_use]
    pub fn machine_time(&self) -> (Timestamp, Option<Timestamp>) {
        let time = self.time();
        (time.machine(), time.floor())
    }

    /// It is at least `issued` now.
    pub fn raise_floor(&self, issued: Timestamp) {
        self.time().raise(issued);
    }

    fn time(&self) -> MutexGuard<'_, GateTime> {
        self.time.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_leave_by_themselves_and_trouble_stands_before_everything() {
        let second = Duration::from_secs(1);
        let stay =
            Stay { admit: 3 * second, check: 8 * second, refuse: Some(10 * second), panel: 60 * second };
        let mut state = State::new("南门".into(), Direction::Out, stay);
        let now = Instant::now();
        assert_eq!(state.face(now), Face::Ready);
        for (verdict, seconds) in [(Verdict::Admit, 3), (Verdict::Check, 8), (Verdict::Refuse, 10)] {
            let shown = Shown {
                sequence: 1,
                verdict,
                reasons: Vec::new(),
                alert: false,
                next: None,
                direction: Direction::Out,
                holder: None,
            };
            state.verdict = Some((shown.clone(), now));
            assert_eq!(state.face(now + seconds * second - second / 10), Face::Verdict(&shown));
            assert_eq!(state.face(now + seconds * second), Face::Ready);
        }
        state.stay.refuse = None;
        let refused = state.verdict.as_ref().unwrap().0.clone();
        assert_eq!(
            state.face(now + 86_400 * second),
            Face::Verdict(&refused),
            "a refusal stays until it is touched"
        );
        state.stay.refuse = stay.refuse;
        state.hint = Some((Hint::Foreign, now));
        assert_eq!(state.face(now + 9 * second), Face::Verdict(&state.verdict.as_ref().unwrap().0));
        state.verdict = None;
        assert_eq!(state.face(now + second), Face::Hint(Hint::Foreign));
        let lost = Eye { kind: EyeKind::Camera, health: Health::Lost { why: "unplugged".into() } };
        state.eyes = vec![lost.clone(), Eye { kind: EyeKind::Camera, health: Health::Seeing }];
        assert_eq!(state.face(now), Face::Hint(Hint::Foreign));
        state.eyes = vec![lost.clone(), lost];
        assert_eq!(state.face(now), Face::Blind { kind: EyeKind::Camera, why: "unplugged" });
        state.trouble = Some(Trouble::NoBundle);
        assert_eq!(state.face(now), Face::Trouble(&Trouble::NoBundle));
    }
}
