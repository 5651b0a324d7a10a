//! Imports that somebody looks at while they go on: a file is read and compared with the registry, and waits; once whoever sent it
//! says so, it is written. They are kept in memory: a program that ends forgets what was not written, and nothing is half done.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pass::{Clock, Timestamp, random::bytes as random};
use registry::{NewHolder, Scope};
use store::{Account, Act, Imported, Store, StoreError};
use tracing::Instrument;

use crate::keys::{Ceremony, KeyFiles};
use crate::roster::{Roster, RosterError};

/// So many are kept for everybody together; each may hold the rows of a large file.
const MOST: usize = 8;
/// A file that nobody said yes to is forgotten after so many seconds.
const WAITS: i64 = 3_600;

/// The imports that are known.
#[derive(Default)]
pub(crate) struct Imports(Mutex<Vec<Arc<Import>>>);

/// One file on its way.
pub(crate) struct Import {
    /// What its page is found by.
    pub(crate) id: String,
    /// Who sent it; it is nobody else's.
    pub(crate) by: String,
    /// What the file was called there.
    pub(crate) name: String,
    begun: Timestamp,
    state: Mutex<State>,
}

/// How far it has come.
pub(crate) enum State {
    /// So many rows are read.
    Reading(usize),
    /// Nothing was written yet; this is what would be.
    Compared(Box<(Roster, Imported)>),
    /// Somebody said yes; so many of how many are written.
    Writing(usize, usize),
    /// It is written.
    Done(Box<(Roster, Imported)>),
    /// Nothing can be taken from the file.
    BadFile(RosterError),
    /// The registry didn't take it; nothing was written.
    Failed(StoreError),
}

impl State {
    /// Whether something goes on that its page waits for.
    pub(crate) fn goes_on(&self) -> bool {
        matches!(self, Self::Reading(_) | Self::Writing(..))
    }
}

impl Import {
    /// How far it has come, as long as this is held.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        // Whoever panicked while holding it left a state that was whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, state: State) {
        *self.state() = state;
    }
}

/// What an import works with.
#[derive(Clone)]
pub(crate) struct Tools {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) files: KeyFiles,
}

impl Imports {
    /// Begins to read a file. `is_theirs` says whose compounds are whoever's who sent it. None where too many go on already.
    pub(crate) fn begin(
        &self,
        tools: Tools,
        (by, name): (String, String),
        bytes: impl AsRef<[u8]> + Send + 'static,
        is_theirs: impl Fn(&str) -> bool + Send + 'static,
    ) -> Option<Arc<Import>> {
        let begun = tools.clock.now();
        let id = random::<16>().iter().map(|byte| format!("{byte:02x}")).collect();
        let import = Arc::new(Import { id, by, name, begun, state: Mutex::new(State::Reading(0)) });
        let mut known = self.known();
        known.retain(|it| it.state().goes_on() || begun.0.saturating_sub(it.begun.0) < WAITS);
        if known.len() >= MOST {
            let oldest = known.iter().position(|it| !it.state().goes_on())?;
            known.remove(oldest);
        }
        known.push(Arc::clone(&import));
        drop(known);
        tokio::spawn(compare(Arc::clone(&import), tools, bytes, is_theirs).in_current_span());
        Some(import)
    }

    /// The import of this id, where this is who sent it.
    pub(crate) fn find(&self, id: &str, by: &str) -> Option<Arc<Import>> {
        self.known().iter().find(|it| it.id == id && it.by == by).cloned()
    }

    /// Begins to write what was compared. Nothing happens where that was said before.
    pub(crate) fn write(import: &Arc<Import>, tools: Tools) {
        let mut state = import.state();
        let taken = std::mem::replace(&mut *state, State::Writing(0, 0));
        let State::Compared(compared) = taken else {
            *state = taken;
            return;
        };
        let (mut roster, _) = *compared;
        *state = State::Writing(0, roster.holders.len());
        drop(state);
        let import = Arc::clone(import);
        let writing = async move {
            let act = Act { by: &import.by, at: tools.clock.now() };
            let mut progress = |done, total| import.set(State::Writing(done, total));
            let numbers = numbers(&tools.files);
            match tools.store.import(&roster.holders, &numbers, &act, &mut progress).await {
                Ok(mut imported) => {
                    roster.mark(&imported);
                    // What is told of it from now on are numbers and cells.
                    (roster.holders, imported.fates) = (Vec::new(), Vec::new());
                    import.set(State::Done(Box::new((roster, imported))));
                }
                Err(error) => import.set(State::Failed(error)),
            }
        };
        tokio::spawn(writing.in_current_span());
    }

    fn known(&self) -> MutexGuard<'_, Vec<Arc<Import>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn compare(
    import: Arc<Import>,
    tools: Tools,
    bytes: impl AsRef<[u8]> + Send + 'static,
    is_theirs: impl Fn(&str) -> bool + Send + 'static,
) {
    let reading = Arc::clone(&import);
    let read = tokio::task::spawn_blocking(move || {
        let mut roster = Roster::of_bytes(bytes.as_ref(), &mut |rows| reading.set(State::Reading(rows)))?;
        roster.leave_out(is_theirs);
        Ok(roster)
    });
    let mut roster = match read.await {
        Ok(Ok(roster)) => roster,
        Ok(Err(error)) => return import.set(State::BadFile(error)),
        // Reading doesn't panic; should it, nobody is kept waiting.
        Err(_) => return import.set(State::BadFile(RosterError::Damaged { reason: "?".into() })),
    };
    import.set(match tools.store.compare(&roster.holders, &numbers(&tools.files)).await {
        Ok(imported) => {
            roster.mark(&imported);
            State::Compared(Box::new((roster, imported)))
        }
        Err(error) => State::Failed(error),
    });
}

/// Takes in holders that somebody registered one by one. What became of them; nothing where a compound is none of theirs.
pub(crate) async fn take_in(
    store: &Store,
    files: &KeyFiles,
    account: &Account,
    holders: &[NewHolder],
    act: &Act<'_>,
) -> Result<Option<Imported>, StoreError> {
    if account.scope != Scope::Everywhere {
        let compounds = store.compounds().await?;
        let is_theirs = |it: &NewHolder| {
            compounds.iter().any(|known| known.name == it.compound && account.scope.covers(known.id))
        };
        if !holders.iter().all(is_theirs) {
            return Ok(None);
        }
    }
    store.import(holders, &numbers(files), act, &mut |_, _| {}).await.map(Some)
}

/// The numbers that new compounds get: those the office's key may sign for. A roster may come before the keys; compounds then
/// get the numbers that `keygen` gives by itself.
pub(crate) fn numbers(files: &KeyFiles) -> Vec<std::ops::RangeInclusive<u32>> {
    let trusted = files.trust_list().ok().and_then(|(_, trusted)| trusted.keys().first().cloned());
    trusted.map_or_else(|| vec![Ceremony::COMPOUNDS], |trusted| trusted.compounds)
}
