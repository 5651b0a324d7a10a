//! The scan loop: frame → text → judgement → journal → screen. Nothing is shown before its event is on the disk.
//!
//! Runs on a thread of its own. When nothing can be judged or logged, it says why on the screen, and tries again.

mod acts;
mod judging;
mod present;
mod quiet;
mod signals;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use gate::{Came, Direction, Event};
use jiff::tz::TimeZone;
use pass::{OfficeId, Refusal, Serial, Timestamp};
use protocol::{Opened, Stand};
use qr::{Frame, Scanner};
use serde::Serialize;

use crate::alerts::Alerts;
use crate::carried;
use crate::devices::Equipment;
use crate::heading::Heading;
use crate::held::{Grounds, Held, HeldError};
use crate::journal::{Journal, JournalError, Next, Note};
use crate::judge::zone;
use crate::lines::Lines;
use crate::memory::{Memory, Neighbours};
use crate::record::Record;
use crate::repeats::Repeats;
use crate::screen::{self, Hint, Screen, Trouble};
use crate::settings;
use crate::staff::Inner;
use crate::sync::{Link, Others};
use judging::Arrival;
pub use present::Nearby;
use present::Present;
use signals::Lately;

/// How often the folder is looked at for another root or bundle, and a journal that is down is tried again.
const HOUSEKEEPING: Duration = Duration::from_secs(1);

/// How often it is looked whether there is something to purge.
const PURGING_SECONDS: i64 = 3600;

/// Frames further apart than this don't add up to one sight.
const SAME_MOMENT: Duration = Duration::from_secs(1);

/// What was done, for whoever started the program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Frames looked at.
    pub frames: u64,
    /// Presentations that were judged: a card held up is one, however many frames show it.
    pub scanned: u64,
    /// Verdicts: admit.
    pub admitted: u64,
    /// Verdicts: refuse.
    pub refused: u64,
    /// Verdicts: check.
    pub checked: u64,
    /// Verdicts that are in the journal.
    pub logged: u64,
}

/// One lane of a gate.
pub(crate) struct Lane {
    held: Held,
    stamp: u64,
    grounds: Option<Box<Opened>>,
    zone: TimeZone,
    neighbours: Neighbours,
    memory: Memory,
    /// Why there are no grounds.
    ungrounded: Option<Trouble>,
    journal: Result<Journal, Trouble>,
    /// How long events are kept, in seconds.
    keep: i64,
    /// When it was last looked whether there is something to purge, by the gate's time.
    purged: Option<Timestamp>,
    cleaned: Instant,
    /// One for each eye: frames of two cameras add up to nothing.
    sights: BTreeMap<usize, Seen>,
    repeats: Repeats<(Card, Direction)>,
    screen: Screen,
    gate: String,
    heading: Heading,
    equipment: Equipment,
    lately: Lately,
    present: Present,
    /// The passage of a car that the bar was lifted for last.
    lifted: Option<u64>,
    output: Lines,
    counts: Counts,
    /// Where staff act.
    window: Option<Inner>,
    alerts: Option<Alerts>,
    /// The emergency opening that is logged and not closed.
    emergency: Option<u64>,
    /// To the threads that talk to the office.
    link: Link,
    /// When a stick was visited last, by its file's time.
    carried: Option<SystemTime>,
    /// When a card was shown last, or something was logged.
    active: Instant,
}

/// What one eye has shown.
struct Seen {
    scanner: Scanner,
    /// When its last frame was taken.
    last: Option<Duration>,
}

impl Seen {
    fn nothing() -> Self {
        // A foreign code beside a pass never hides it.
        Self { scanner: Scanner::wanting(|text| text.starts_with(pass::PREFIX.as_bytes())), last: None }
    }
}

/// What a presentation is told by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Card {
    /// A pass that is believed: its identity, whatever text it came in.
    Pass(OfficeId, Serial),
    /// Anything else: its text.
    Text(String),
}

impl Lane {
    /// A lane that logs into the journal in `held` and prints every event it shows to `output`.
    ///
    /// # Errors
    /// When another program has the journal open. A journal that is damaged or can't be written is shown instead.
    pub(crate) fn open(
        held: Held,
        gate: String,
        heading: Heading,
        ignore: Duration,
        screen: Screen,
        equipment: Equipment,
        output: Lines,
    ) -> Result<Self, JournalError> {
        let journal = match open_journal(&held.journal()) {
            Err(in_use @ JournalError::InUse { .. }) => return Err(in_use),
            opened => opened.map_err(|why| journal_down(&why)),
        };
        let mut lane = Self {
            stamp: held.stamp(),
            held,
            grounds: None,
            zone: TimeZone::UTC,
            neighbours: Neighbours::default(),
            memory: Memory::empty(),
            ungrounded: None,
            journal,
            keep: 86_400 * i64::from(settings::KEEP_DAYS),
            purged: None,
            cleaned: Instant::now(),
            sights: BTreeMap::new(),
            repeats: Repeats::new(ignore),
            screen,
            gate,
            heading,
            equipment,
            lately: Lately::default(),
            present: Present::default(),
            lifted: None,
            output,
            counts: Counts::default(),
            window: None,
            alerts: None,
            emergency: None,
            link: Link::default(),
            carried: None,
            active: Instant::now(),
        };
        lane.carried = lane.visited();
        lane.take_name();
        let grounds = lane.held.grounds();
        lane.take_up(grounds);
        lane.remember();
        lane.tell_screen();
        lane.keep_time();
        Ok(lane)
    }

    /// Keeps events for so many seconds instead of [`settings::KEEP_DAYS`].
    pub(crate) fn keep_for(&mut self, seconds: i64) {
        self.keep = seconds;
    }

    /// Takes this for what belongs together, instead of [`Nearby::default`].
    pub(crate) fn look_near(&mut self, nearby: Nearby) {
        self.present = Present::new(nearby);
    }

    /// Tells the office at once what it must know at once.
    pub(crate) fn alert_by(&mut self, alerts: Alerts) {
        self.alerts = Some(alerts);
        self.tell_office();
    }

    /// Tells these threads what happens, and hears what other gates logged.
    pub(crate) fn talk_by(&mut self, link: Link) {
        self.link = link;
        self.exchange();
    }

    /// What was done so far.
    pub(crate) fn counts(&self) -> Counts {
        self.counts
    }

    /// Looks at a frame that this eye took `at`.
    pub(crate) fn look(&mut self, frame: &Frame, at: Duration, eye: usize) {
        self.counts.frames += 1;
        let seen = self.sights.entry(eye).or_insert_with(Seen::nothing);
        // A camera that paused or was opened again shows another moment: nothing of before counts.
        if seen.last.is_some_and(|last| at < last || at.saturating_sub(last) > SAME_MOMENT) {
            seen.scanner.forget();
        }
        seen.last = Some(at);
        let sightings = seen.scanner.scan(frame);
        let corners: Vec<_> =
            sightings.iter().map(|sighting| sighting.corners.map(|corner| (corner.x, corner.y))).collect();
        self.screen.preview(eye).offer(frame, &corners);
        let texts = sightings.into_iter().map(|sighting| String::from_utf8(sighting.bytes));
        // A code that is no text is somebody else's.
        self.present(texts.map(Result::unwrap_or_default).collect(), at, &Came::Scanned);
    }

    /// Judges texts that were seen together, logs them, and shows them.
    pub(crate) fn present(&mut self, texts: Vec<String>, at: Duration, came: &Came) {
        self.keep_house();
        if self.ungrounded.is_some() {
            for invitation in texts.iter().filter_map(|text| text.parse().ok()) {
                self.link.invite(invitation);
            }
        }
        let (Some(grounds), Ok(_)) = (&self.grounds, &self.journal) else { return };
        let mut new = Vec::new();
        let mut hint = None;
        for text in texts {
            let verified = pass::verify(&text, &grounds.trust);
            if verified == Err(Refusal::NotAPass) {
                // Its own, just after it was enrolled; or one for another gate.
                let is_invitation = text.starts_with(protocol::ENROL_PREFIX);
                hint = Some(if is_invitation { Hint::Enrolled } else { Hint::Foreign });
                continue;
            }
            let card = match &verified {
                Ok(pass) => Card::Pass(pass.office(), pass.serial),
                Err(_) => Card::Text(text),
            };
            let key = (card, self.heading.lane());
            if self.repeats.is_new(key.clone(), at) {
                new.push(Arrival::seen(key, verified, came.clone()));
            }
        }
        if !new.is_empty() {
            self.active = Instant::now();
        }
        if let (true, Some(hint)) = (new.is_empty(), hint) {
            self.screen.hint(hint);
        }
        self.receive(new);
    }

    /// Appends an event to the journal; none when that can't be written, which is shown.
    fn append(&mut self, make: impl FnOnce(&str, Next) -> Event) -> Option<Event> {
        let journal = self.journal.as_mut().ok()?;
        match journal.append(|next| make(&self.gate, next)) {
            Ok(event) => {
                self.active = Instant::now();
                self.memory.take_in(&event, journal);
                self.link.set_tip(Some(Stand { journal: event.journal, through: event.sequence }));
                if let Some(alerts) = &mut self.alerts {
                    alerts.take_in(&event);
                }
                Some(event)
            }
            Err(why) => {
                tracing::error!(%why, "the journal cannot be written");
                self.journal = Err(journal_down(&why));
                self.tell_screen();
                None
            }
        }
    }

    fn print(&mut self, event: &Event) {
        let line = serde_json::to_string(&Record::of(event)).expect("strings and numbers are always JSON");
        self.output.print(line);
    }

    /// What staff do is carried out. Once a second: another root or bundle is taken up, a journal that is down is tried again.
    pub(crate) fn keep_house(&mut self) {
        self.attend();
        if self.cleaned.elapsed() < HOUSEKEEPING {
            return;
        }
        self.cleaned = Instant::now();
        self.keep_time();
        self.tell_office();
        self.purge();
        let stamp = self.held.stamp();
        let changed = stamp != self.stamp;
        if changed {
            self.stamp = stamp;
            tracing::info!("the root key or the bundle was changed");
            self.take_name();
            let grounds = self.held.grounds();
            self.take_up(grounds);
        }
        // A disk that has filled up is told before the next card comes.
        let full = self.journal.as_ref().ok().and_then(|journal| journal.demand_room().err());
        if let Some(why) = full {
            tracing::error!(%why, "the journal cannot be written");
            self.journal = Err(journal_down(&why));
        }
        let down = self.journal.is_err();
        if down {
            self.journal = open_journal(&self.held.journal()).map_err(|why| journal_down(&why));
            // What was appended last may or may not be on the disk.
            self.memory = Memory::empty();
        }
        self.remember();
        self.exchange();
        if changed || down {
            self.tell_screen();
        }
    }

    /// Says how far the journal goes, and takes in what other gates logged.
    fn exchange(&mut self) {
        let tip = |journal: &Journal| Stand { journal: journal.id(), through: journal.count() };
        self.link.set_tip(self.journal.as_ref().ok().map(tip));
        for event in self.link.take_others() {
            self.memory.take_in_other(&event);
        }
        let visited = self.visited();
        if visited != self.carried {
            self.carried = visited;
            let memory = &mut self.memory;
            if let Err(why) = Others::read(&self.held.others(), |event| memory.take_in_other(&event)) {
                tracing::error!(%why, "what other gates logged can't be read");
            }
            let visit = std::fs::read(self.held.folder().join(carried::FILE)).ok();
            let visit = visit.and_then(|bytes| serde_json::from_slice(&bytes).ok());
            self.screen.set(|state| state.carried = visit.map(|visit| (visit, Instant::now())));
        }
    }

    /// When a stick was visited last.
    fn visited(&self) -> Option<SystemTime> {
        std::fs::metadata(self.held.folder().join(carried::FILE)).and_then(|about| about.modified()).ok()
    }

    /// The name that the office gave the gate is its name.
    fn take_name(&mut self) {
        match self.held.enrolled() {
            Ok(Some(enrolled)) if !enrolled.gate.is_empty() => {
                self.gate.clone_from(&enrolled.gate);
                self.screen.set(|state| state.gate = enrolled.gate);
            }
            Ok(_) => {}
            Err(why) => tracing::error!(%why, "nobody knows how the gate is known at its office"),
        }
    }

    /// Deletes what is older than events are kept; nothing while the clock is in doubt, and by the earliest time that it can be.
    fn purge(&mut self) {
        let Ok(journal) = &mut self.journal else { return };
        let reading = self.screen.reading();
        let lately = |last: Timestamp| reading.now.since(last).saturating_abs() < PURGING_SECONDS;
        if reading.in_doubt || self.purged.is_some_and(lately) {
            return;
        }
        self.purged = Some(reading.now);
        match journal.purge(reading.earliest.plus(-self.keep), reading.earliest) {
            Ok(purged) if purged.segments > 0 => {
                tracing::info!(events = purged.events, "purged what is older than events are kept");
            }
            Ok(_) => {}
            Err(why) => {
                tracing::error!(%why, "purging failed; it is finished when the journal is opened again");
                self.journal = Err(journal_down(&why));
                self.tell_screen();
            }
        }
    }

    /// Alerts the office of what has happened, and shows what it does not have yet.
    fn tell_office(&mut self) {
        let Ok(journal) = &self.journal else { return };
        let delivered = self.held.delivered(journal.id()).min(journal.count());
        let pending = self.alerts.as_mut().map_or(0, |alerts| {
            if let Err(why) = alerts.catch_up(journal) {
                tracing::warn!(%why, "the journal can't be read for alerts");
            }
            alerts.settle(delivered)
        });
        self.screen.tell_delivery(delivered, pending);
    }

    /// Writes down what time it is, for the next start. A disk that takes nothing costs that start some certainty.
    fn keep_time(&self) {
        if let Some(kept) = self.screen.time_to_keep()
            && let Err(why) = self.held.keep_time(&kept)
        {
            tracing::warn!(%why, "the time was not kept");
        }
    }

    /// Knows as much of the past as the rules look back on, and forgets the rest.
    fn remember(&mut self) {
        let (Some(grounds), Ok(journal)) = (&self.grounds, &self.journal) else { return };
        let reading = self.screen.reading();
        let needed = reading.now.plus(-grounds.rules.rules.policy.look_back());
        let reached = self.memory.reach_back(journal, needed);
        if matches!(reached, Ok(true)) {
            let memory = &mut self.memory;
            if let Err(why) = Others::read(&self.held.others(), |event| memory.take_in_other(&event)) {
                tracing::error!(%why, "what other gates logged can't be read");
            }
        }
        if let Err(why) = reached {
            tracing::error!(%why, "the journal cannot be read");
            self.journal = Err(journal_down(&why));
            self.memory = Memory::empty();
        } else if !reading.in_doubt {
            // A day more is kept, should the clock be set back.
            let needed = needed.plus(-86_400);
            self.memory.forget(needed, reading.earliest.plus(-self.keep).min(needed));
        }
    }

    fn take_up(&mut self, grounds: Result<Grounds, HeldError>) {
        self.grounds = None;
        self.ungrounded = match grounds {
            Ok(Grounds::Ready { opened, fallback }) => {
                self.screen.raise_floor(opened.issued());
                let rules = &opened.rules.rules;
                self.zone = zone(&rules.policy.time_zone);
                self.neighbours = Neighbours::of(&opened);
                let held = screen::Held {
                    compound: rules.compound_name.clone(),
                    zone: self.zone.clone(),
                    issued: opened.issued(),
                    parts: parts(&opened),
                    fallback,
                };
                self.screen.set(|state| state.held = Some(held));
                self.grounds = Some(opened);
                None
            }
            Ok(Grounds::Untrusted) => Some(Trouble::Untrusted),
            Ok(Grounds::Struck { .. }) => Some(Trouble::Struck),
            Ok(Grounds::NoBundle) => Some(Trouble::NoBundle),
            Ok(Grounds::Unusable { why }) => Some(Trouble::BundleUnusable { why: why.to_string() }),
            Err(why) => Some(Trouble::BundleUnusable { why: why.to_string() }),
        };
        self.know_people();
    }

    fn tell_screen(&self) {
        let down = self.journal.as_ref().err().cloned();
        let trouble = self.ungrounded.clone().or(down);
        let held = self.grounds.is_some();
        let logged = self.journal.as_ref().map(Journal::count).ok();
        self.screen.set(|state| {
            state.trouble = trouble;
            state.logged = logged.unwrap_or(state.logged);
            if !held {
                state.held = None;
            }
        });
    }
}

fn journal_down(why: &JournalError) -> Trouble {
    Trouble::JournalDown { fault: why.fault(), why: why.to_string() }
}

fn open_journal(folder: &Path) -> Result<Journal, JournalError> {
    let journal = Journal::open(folder);
    match &journal {
        Ok(journal) => {
            for note in journal.notes() {
                match note {
                    Note::TornTailCut { bytes } => {
                        tracing::warn!(bytes, "cut off an append that was cut short");
                    }
                    Note::Replayed { events } => tracing::warn!(events, "replayed events into the store"),
                    Note::StoreRebuilt { old, why } => {
                        tracing::warn!(old = %old.display(), why, "rebuilt the store");
                    }
                }
            }
        }
        Err(why) => tracing::error!(%why, "the journal cannot be opened"),
    }
    journal
}

/// When each part was signed; of several offices' status lists, the oldest.
fn parts(opened: &Opened) -> Vec<(&'static str, Timestamp)> {
    let status = opened.status.iter().map(|list| list.issued).min();
    let people = opened.people.as_ref().map(|people| people.issued);
    let directions = opened.directions.as_ref().map(|directions| directions.issued);
    let always = [("trust", Some(opened.trust.issued())), ("rules", Some(opened.rules.issued))];
    let parts =
        always.into_iter().chain([("status", status), ("people", people), ("directions", directions)]);
    parts.filter_map(|(part, issued)| Some((part, issued?))).collect()
}
