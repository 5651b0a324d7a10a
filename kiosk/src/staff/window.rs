//! The window between the page and the lane: what staff do at the screen goes in, what became of it comes out.
//!
//! The lane alone writes the journal, so it carries out every act between two looks at its camera; the page waits for its
//! answer. Searching, checking PINs and opening in an emergency wait for no lane.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use gate::{Direction, Note, Outside, Role, Site, Tenths, Verdict};
use pass::{Serial, Timestamp};
use protocol::{People, Pin, SignedPeople};
use serde::Serialize;
use tokio::sync::oneshot;

use super::{Emergency, Guesses, Recent, Session, Sessions, Shift, member};
use crate::durable;
use crate::search::Index;

/// Somebody who touches nothing for so long is signed out: long enough for a queue, short enough for a hut that is left.
const IDLE: Duration = Duration::from_secs(10 * 60);

/// Something that staff do, for the lane to carry out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Somebody whose PIN was right signs in; with a shift to begin when one is handed over.
    SignIn { who: String, role: Role, shift: bool },
    /// A PIN was wrong.
    SignInFailed { who: String, failures: u32, wait: u32 },
    /// Whoever is signed in signs out.
    SignOut { shift: bool },
    /// A resident who was searched for is judged like their card.
    Enter { who: String, holder: u16, serial: Option<Serial>, keyed: Keyed },
    /// Somebody whose pass was judged is judged again, now that more is known.
    Again { who: String, of: u64, keyed: Keyed },
    /// The lane is used the other way.
    Turn { direction: Direction },
    /// Somebody without a pass that is believed.
    Manual { who: String, entry: ManualEntry },
    /// A verdict is turned.
    Override { who: String, of: u64, verdict: Verdict, why: Note },
    /// An event is taken back.
    Undo { who: String, role: Role, of: u64, why: Note },
    /// The reason of an emergency opening.
    Explain { who: String, of: u64, why: Note },
    /// The gate's time is this; what the machine's clock shows, where none is named.
    SetClock { who: String, role: Role, to: Option<Timestamp> },
}

/// What staff key in about somebody without a pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ManualEntry {
    pub(crate) verdict: Verdict,
    pub(crate) why: Note,
    pub(crate) household: Option<u32>,
    pub(crate) party: u16,
    pub(crate) plate: Option<Note>,
    /// Which way; the lane's where nothing is said.
    pub(crate) direction: Option<Direction>,
    pub(crate) instead_of: Option<u64>,
}

/// What staff key in beside a pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Keyed {
    pub(crate) party: Option<u16>,
    pub(crate) plate: Option<Note>,
    pub(crate) direction: Option<Direction>,
    pub(crate) measured: Option<(Tenths, Site)>,
}

impl Keyed {
    /// Whether anything was keyed in.
    pub(crate) fn says_something(&self) -> bool {
        *self != Self::default()
    }
}

/// What an act came to: its event is on the disk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Done {
    /// The event's place in the journal.
    pub(crate) sequence: u64,
    /// What the gate says, where it judged.
    pub(crate) verdict: Option<&'static str>,
    /// Why, as codes.
    pub(crate) reasons: Vec<String>,
}

/// Why something was not done. A closed set of codes: the words are the page's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WhyNot {
    /// Nobody is signed in.
    SignedOut,
    /// The journal can't be written, so nothing is done.
    JournalDown,
    /// There is nothing to judge by.
    NoGrounds,
    /// The gate knows no people.
    NoPeople,
    /// No such event, or of a kind that this can't be done to.
    NoSuchEvent,
    /// A pass that is not believed can't be let through by an override; it can be logged as a manual entry.
    NotBelieved,
    /// A specimen can't be let through by an override.
    Specimen,
    /// Neither can a pass of another compound.
    OtherCompound,
    /// Another verdict took its place.
    Superseded,
    /// They don't stand there any more: the card is to be shown again.
    TooLate,
    /// What happened so long ago is not changed any more.
    TooOld,
    /// The lane has no switch.
    NoSwitch,
    /// It is as it was asked for already.
    Already,
    /// No such resident.
    NoSuchResident,
    /// No such home, or it is not clear which.
    NoSuchHome,
    /// The resident has no card to be judged like.
    NoCard,
    /// A name or PIN that is wrong: so many seconds pass before the next one is looked at.
    WrongPin(u32),
    /// Too many wrong PINs: to be tried again after so many seconds.
    Wait(u32),
    /// Only a supervisor may: it was somebody else's decision.
    NotASupervisor,
    /// Only a supervisor sets the clock.
    SupervisorsOnly,
    /// The office signed something later than that.
    TooEarly,
    /// The office has signed nothing for twenty days before that.
    TooFar,
    /// The clock needs no setting: NTP keeps it right.
    KeptRight,
    /// A date or a time that is none.
    NoTime,
    /// Something that was sent makes no sense.
    Malformed(&'static str),
}

impl WhyNot {
    /// A name for programs.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::JournalDown => "journal_down",
            Self::NoGrounds => "no_grounds",
            Self::NoPeople => "no_people",
            Self::NoSuchEvent => "no_such_event",
            Self::NotBelieved => "not_believed",
            Self::Specimen => "specimen",
            Self::OtherCompound => "other_compound",
            Self::Superseded => "superseded",
            Self::TooLate => "too_late",
            Self::TooOld => "too_old",
            Self::NoSwitch => "no_switch",
            Self::Already => "already",
            Self::NoSuchResident => "no_such_resident",
            Self::NoSuchHome => "no_such_home",
            Self::NoCard => "no_card",
            Self::WrongPin(_) => "wrong_pin",
            Self::Wait(_) => "wait",
            Self::NotASupervisor => "not_a_supervisor",
            Self::SupervisorsOnly => "supervisors_only",
            Self::TooEarly => "too_early",
            Self::TooFar => "too_far",
            Self::KeptRight => "kept_right",
            Self::NoTime => "no_time",
            Self::Malformed(_) => "malformed",
        }
    }
}

/// People whom the gate knows, and how they are found.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) signed: SignedPeople,
    pub(crate) index: Index,
}

impl Known {
    pub(crate) fn people(&self) -> &People {
        self.signed.people()
    }
}

/// What page and lane share.
#[derive(Debug)]
pub(crate) struct Shared {
    known: RwLock<Option<Arc<Known>>>,
    pub(crate) emergency: Emergency,
    sessions: Mutex<Sessions>,
    shift: Mutex<Shift>,
    recent: Mutex<Recent>,
    guesses: Mutex<Guesses>,
    /// Where wrong PINs are remembered.
    file: PathBuf,
}

impl Shared {
    pub(crate) fn known(&self) -> Option<Arc<Known>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Other people are known now, or none.
    pub(crate) fn know(&self, signed: Option<&SignedPeople>) {
        let known = signed.map(|signed| {
            let index = Index::new(signed.people());
            Arc::new(Known { signed: signed.clone(), index })
        });
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = known;
    }

    pub(crate) fn sessions(&self) -> MutexGuard<'_, Sessions> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn shift(&self) -> MutexGuard<'_, Shift> {
        self.shift.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The last verdicts. Locked after the shift where both are.
    pub(crate) fn recent(&self) -> MutexGuard<'_, Recent> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn guesses(&self) -> MutexGuard<'_, Guesses> {
        self.guesses.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The page's side.
#[derive(Clone, Debug)]
pub(crate) struct Window {
    acts: Sender<(Act, oneshot::Sender<Result<Done, WhyNot>>)>,
    asks: Sender<oneshot::Sender<Vec<Outside>>>,
    pub(crate) shared: Arc<Shared>,
    /// One PIN at a time: two at once would both be looked at before either is counted.
    signing: Arc<tokio::sync::Mutex<()>>,
}

/// The lane's side.
#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) acts: Receiver<(Act, oneshot::Sender<Result<Done, WhyNot>>)>,
    /// Whoever wants to know who is outside.
    pub(crate) asks: Receiver<oneshot::Sender<Vec<Outside>>>,
    pub(crate) shared: Arc<Shared>,
    /// Events that the shift has taken account of, and of which journal.
    pub(crate) followed: Option<([u8; 16], u64)>,
}

/// A window into a lane whose folder is `data`.
pub(crate) fn window(data: &Path) -> (Window, Inner) {
    let file = data.join("wrong-pins.json");
    let guesses = std::fs::read(&file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let shared = Arc::new(Shared {
        known: RwLock::default(),
        emergency: Emergency::default(),
        sessions: Mutex::new(Sessions::new(IDLE)),
        shift: Mutex::default(),
        recent: Mutex::default(),
        guesses: Mutex::new(guesses.unwrap_or_default()),
        file,
    });
    let (send, acts) = channel();
    let (ask, asks) = channel();
    let inner = Inner { acts, asks, shared: Arc::clone(&shared), followed: None };
    (Window { acts: send, asks: ask, shared, signing: Arc::default() }, inner)
}

impl Window {
    /// Has the lane carry something out.
    pub(crate) async fn ask(&self, act: Act) -> Result<Done, WhyNot> {
        let (answer, answered) = oneshot::channel();
        // A lane that has ended answers nothing, and neither does its journal.
        self.acts.send((act, answer)).map_err(|_| WhyNot::JournalDown)?;
        answered.await.map_err(|_| WhyNot::JournalDown)?
    }

    /// Who is outside, and since when, by what the lane remembers.
    pub(crate) async fn outside(&self) -> Result<Vec<Outside>, WhyNot> {
        let (answer, answered) = oneshot::channel();
        self.asks.send(answer).map_err(|_| WhyNot::JournalDown)?;
        answered.await.map_err(|_| WhyNot::JournalDown)
    }

    /// Who is signed in; being asked counts as a touch.
    pub(crate) fn signed_in(&self) -> Result<Session, WhyNot> {
        let now = Instant::now();
        let mut sessions = self.shared.sessions();
        sessions.touch(now);
        sessions.current(now).cloned().ok_or(WhyNot::SignedOut)
    }

    /// Seconds before a PIN is looked at, whoever types it.
    pub(crate) fn wait_at_gate(&self, now: Timestamp) -> u32 {
        self.shared.guesses().wait_at_gate(now)
    }

    /// Seconds before a PIN of this person is looked at.
    pub(crate) fn wait(&self, who: &str, now: Timestamp) -> u32 {
        self.shared.guesses().wait(who, now)
    }

    /// Signs somebody in, if the PIN is theirs.
    pub(crate) async fn sign_in(
        &self,
        who: &str,
        pin: &str,
        shift: bool,
        now: Timestamp,
    ) -> Result<Done, WhyNot> {
        let _one_at_a_time = self.signing.lock().await;
        let known = self.shared.known().ok_or(WhyNot::NoPeople)?;
        let wait = self.shared.guesses().wait(who, now);
        if wait > 0 {
            return Err(WhyNot::Wait(wait));
        }
        // Counted, and on the disk, before it is looked at: pulling the plug gains nothing.
        let failures = self.shared.guesses().guessed(who, now);
        self.remember();
        let staff = member(known.people(), who).cloned();
        let pin = Pin::typed(pin);
        let right = tokio::task::spawn_blocking(move || match (staff, pin) {
            (Some(staff), Ok(pin)) if staff.pin.is_of(&pin) => Some(staff),
            _ => None,
        });
        let Some(staff) = right.await.expect("hashing a PIN does not panic") else {
            let wait = self.shared.guesses().wait(who, now);
            // A name that nobody has is not written into the journal: it may be a PIN, typed into the wrong field.
            if member(known.people(), who).is_some() {
                // A journal that is down does not make a wrong PIN right.
                let _ = self.ask(Act::SignInFailed { who: who.to_owned(), failures, wait }).await;
            }
            return Err(WhyNot::WrongPin(wait));
        };
        self.shared.guesses().right(who);
        self.remember();
        self.ask(Act::SignIn { who: staff.name, role: staff.role, shift }).await
    }

    /// Keeps the wrong PINs over a restart. A disk that takes nothing must not keep staff out: then they count until then.
    fn remember(&self) {
        let json = serde_json::to_vec(&*self.shared.guesses()).expect("numbers and names are always JSON");
        if let Err(why) = durable::replace(&self.shared.file, &json) {
            tracing::error!(%why, "wrong PINs can't be kept over a restart");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::words::{Language, refused};

    #[test]
    fn every_refusal_has_its_sentence() {
        use WhyNot::*;
        let all = [
            SignedOut,
            JournalDown,
            NoGrounds,
            NoPeople,
            NoSuchEvent,
            NotBelieved,
            Specimen,
            OtherCompound,
            Superseded,
            TooLate,
            TooOld,
            NoSwitch,
            Already,
            NoSuchResident,
            NoSuchHome,
            NoCard,
            WrongPin(0),
            Wait(0),
            NotASupervisor,
            SupervisorsOnly,
            TooEarly,
            TooFar,
            KeptRight,
            NoTime,
            Malformed(""),
        ];
        for lang in Language::ALL {
            let said: BTreeSet<_> = refused(lang).iter().map(|(code, _)| *code).collect();
            let unsaid: Vec<_> =
                all.iter().map(|why| why.code()).filter(|code| !said.contains(code)).collect();
            assert!(unsaid.is_empty(), "{unsaid:?}");
            // Beside these the page has a word of its own: for a token that is not its own.
            assert_eq!(said.len(), all.len() + 1, "a sentence for nothing: {said:?}");
        }
    }
}
