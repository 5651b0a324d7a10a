//! The scan loop: frame → text → judgement → journal → screen. Nothing is shown before its event is on the disk.
//!
//! Runs on a thread of its own. When nothing can be judged or logged, it says why on the screen, and tries again.

mod signals;

use std::path::Path;
use std::time::{Duration, Instant};

use gate::{Direction, Event};
use pass::{OfficeId, Serial};
use protocol::Opened;
use qr::{Frame, Scanner};
use serde::Serialize;

use crate::devices::Equipment;
use crate::held::{Grounds, Held, HeldError};
use crate::journal::{Journal, JournalError, Next, Note};
use crate::judge::{Judgement, judge};
use crate::lines::Lines;
use crate::record::Record;
use crate::repeats::Repeats;
use crate::screen::{self, Screen, Shown, Trouble};
use crate::settings;
use signals::Lately;

/// How often the folder is looked at for another root or bundle, and a journal that is down is tried again.
const HOUSEKEEPING: Duration = Duration::from_secs(1);

/// How often it is looked whether there is something to purge.
const PURGING: Duration = Duration::from_secs(3600);

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
    /// Why there are no grounds.
    ungrounded: Option<Trouble>,
    journal: Result<Journal, Trouble>,
    /// How long events are kept, in seconds.
    keep: i64,
    purged: Option<Instant>,
    cleaned: Instant,
    scanner: Scanner,
    repeats: Repeats<(Card, Direction)>,
    screen: Screen,
    gate: String,
    direction: Direction,
    equipment: Equipment,
    lately: Lately,
    output: Lines,
    counts: Counts,
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
        direction: Direction,
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
            ungrounded: None,
            journal,
            keep: 86_400 * i64::from(settings::KEEP_DAYS),
            purged: None,
            cleaned: Instant::now(),
            // A foreign code beside a pass never hides it.
            scanner: Scanner::wanting(|text| text.starts_with(pass::PREFIX.as_bytes())),
            repeats: Repeats::new(ignore),
            screen,
            gate,
            direction,
            equipment,
            lately: Lately::default(),
            output,
            counts: Counts::default(),
        };
        let grounds = lane.held.grounds();
        lane.take_up(grounds);
        lane.tell_screen();
        lane.keep_time();
        Ok(lane)
    }

    /// Keeps events for so many seconds instead of [`settings::KEEP_DAYS`].
    pub(crate) fn keep_for(&mut self, seconds: i64) {
        self.keep = seconds;
    }

    /// What was done so far.
    pub(crate) fn counts(&self) -> Counts {
        self.counts
    }

    /// Looks at a frame that was taken `at`.
    pub(crate) fn look(&mut self, frame: &Frame, at: Duration) {
        self.counts.frames += 1;
        let texts = self.scanner.scan(frame).into_iter().map(|sighting| String::from_utf8(sighting.bytes));
        // A code that is no text is somebody else's.
        self.present(texts.map(Result::unwrap_or_default).collect(), at);
    }

    /// Judges texts that were seen together, logs them, and shows them.
    pub(crate) fn present(&mut self, texts: Vec<String>, at: Duration) {
        self.keep_house();
        let (Some(grounds), Ok(_)) = (&self.grounds, &self.journal) else { return };
        let reading = self.screen.reading();
        let mut new = Vec::new();
        let mut foreign = false;
        for text in texts {
            let judgement = judge(&text, self.direction, grounds, reading);
            if judgement.is_foreign() {
                foreign = true;
                continue;
            }
            let card = match &judgement.pass {
                Some(pass) => Card::Pass(pass.office(), pass.serial),
                None => Card::Text(text),
            };
            let key = (card, self.direction);
            if self.repeats.is_new(key.clone(), at) {
                new.push((key, judgement));
            }
        }
        if new.is_empty() && foreign {
            self.screen.hint();
        }
        // The strictest comes last, so that it is the one that stays on the screen.
        new.sort_by_key(|(_, judgement)| judgement.decision.verdict);
        for (key, judgement) in new {
            self.counts.scanned += 1;
            if !self.log_and_show(judgement) {
                // Judged again as soon as it can be logged.
                self.counts.scanned -= 1;
                self.repeats.forget(&key);
            }
        }
    }

    /// Returns whether it could be logged.
    fn log_and_show(&mut self, judgement: Judgement) -> bool {
        let Some(event) = self.append(|gate, next| judgement.event(gate, next)) else { return false };
        // Nothing before this line, and nothing slow in it: who stands there waits for it.
        self.equipment.act(judgement.decision.verdict);
        self.lately.judged(event.sequence, judgement.decision.verdict, judgement.direction);
        self.counts.logged += 1;
        match judgement.decision.verdict {
            gate::Verdict::Admit => self.counts.admitted += 1,
            gate::Verdict::Check => self.counts.checked += 1,
            gate::Verdict::Refuse => self.counts.refused += 1,
        }
        let holder = judgement.pass.as_ref().map(|pass| screen::Holder {
            name: pass.name.to_string(),
            colour: judgement.decision.colour.unwrap_or(pass.colour),
            kind: pass.kind,
            short_code: pass.serial.short_code(),
        });
        self.screen.show(Shown {
            sequence: event.sequence,
            verdict: judgement.decision.verdict,
            reasons: judgement.decision.reasons,
            alert: judgement.decision.alert,
            direction: judgement.direction,
            holder,
        });
        self.print(&event);
        true
    }

    /// Appends an event to the journal; none when that can't be written, which is shown.
    fn append(&mut self, make: impl FnOnce(&str, Next) -> Event) -> Option<Event> {
        let journal = self.journal.as_mut().ok()?;
        match journal.append(|next| make(&self.gate, next)) {
            Ok(event) => Some(event),
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

    /// Once a second: another root or bundle is taken up, a journal that is down is tried again.
    pub(crate) fn keep_house(&mut self) {
        if self.cleaned.elapsed() < HOUSEKEEPING {
            return;
        }
        self.cleaned = Instant::now();
        self.keep_time();
        self.purge();
        let stamp = self.held.stamp();
        let changed = stamp != self.stamp;
        if changed {
            self.stamp = stamp;
            tracing::info!("the root key or the bundle was changed");
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
        }
        if changed || down {
            self.tell_screen();
        }
    }

    /// Deletes what is older than events are kept; nothing while the clock is in doubt, and by the earliest time that it can be.
    fn purge(&mut self) {
        let Ok(journal) = &mut self.journal else { return };
        let reading = self.screen.reading();
        if reading.in_doubt || self.purged.is_some_and(|last| last.elapsed() < PURGING) {
            return;
        }
        self.purged = Some(Instant::now());
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

    /// Writes down what time it is, for the next start. A disk that takes nothing costs that start some certainty.
    fn keep_time(&self) {
        if let Some(kept) = self.screen.time_to_keep()
            && let Err(why) = self.held.keep_time(&kept)
        {
            tracing::warn!(%why, "the time was not kept");
        }
    }

    fn take_up(&mut self, grounds: Result<Grounds, HeldError>) {
        self.grounds = None;
        self.ungrounded = match grounds {
            Ok(Grounds::Ready { opened, fallback }) => {
                self.screen.raise_floor(opened.issued());
                let rules = &opened.rules.rules;
                let held = screen::Held {
                    compound: rules.compound_name.clone(),
                    zone: zone(&rules.time_zone),
                    issued: opened.issued(),
                    fallback,
                };
                self.screen.set(|state| state.held = Some(held));
                self.grounds = Some(opened);
                None
            }
            Ok(Grounds::Untrusted) => Some(Trouble::Untrusted),
            Ok(Grounds::NoBundle) => Some(Trouble::NoBundle),
            Ok(Grounds::Unusable { why }) => Some(Trouble::BundleUnusable { why: why.to_string() }),
            Err(why) => Some(Trouble::BundleUnusable { why: why.to_string() }),
        };
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

/// The compound's zone. One that is not known is shown as UTC: a wrong zone would be a wrong time.
fn zone(name: &str) -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get(name).unwrap_or_else(|why| {
        tracing::warn!(%why, "times are shown in UTC");
        jiff::tz::TimeZone::UTC
    })
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
