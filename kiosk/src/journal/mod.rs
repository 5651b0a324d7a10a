//! The journal: what the gate did, event by event, each with the hash of the one before, on a disk that may lose power.
//!
//! Order of an append: write to the segment, sync, insert into sled, flush, sync, then acknowledge. The segments are the
//! truth; what sled lacks is replayed into it. Old segments are purged whole, and a signed checkpoint carries the chain on.
//! Knows events by their frame (journal, sequence, time, hash before) alone.

mod checkpoint;
mod fault;
mod open;
mod purge;
mod read;
mod segment;
mod shelf;
mod snapshot;
mod verify;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use gate::Event;
use pass::Timestamp;

pub use checkpoint::Checkpoint;
pub use fault::Fault;
pub use open::Note;
pub use purge::Purged;
pub use read::{Events, first, last, read, read_after};
pub use shelf::StoreError;
pub use snapshot::Snapshot;
pub use verify::{Store, Verification, verify};

use crate::heap;
use segment::{Header, Writer};
use shelf::Shelf;

/// A segment is closed when it has grown to this. A million events of 200 bytes are 100 segments; opening reads one.
const SEGMENT_BYTES: u64 = 2 << 20;
/// A segment is closed when its first event is this old: segments are purged whole, so this is how exact purging is.
const SEGMENT_SECONDS: i64 = 86_400;

/// How long to wait for another program to let go of the journal.
const PATIENCE: Duration = Duration::from_secs(2);

/// The journal of one gate, open for appending. While it is, no other program can open it.
#[derive(Debug)]
pub struct Journal {
    places: Places,
    id: [u8; 16],
    /// The store of the segment that grows.
    shelf: Shelf,
    writer: Option<Writer>,
    /// When the first event of the segment that grows happened.
    begun: Option<Timestamp>,
    tip: Tip,
    notes: Vec<Note>,
    /// Held for as long as the journal is open.
    _lock: File,
    segment_bytes: u64,
}

/// The newest event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Tip {
    sequence: u64,
    hash: [u8; 32],
}

/// Where the next event stands: what it must say of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Next {
    /// The journal.
    pub journal: [u8; 16],
    /// The event's sequence.
    pub sequence: u64,
    /// The hash of the event before it.
    pub before: [u8; 32],
}

/// Why the journal can't be opened or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// Another program has it open.
    #[error("another program has the journal in {path} open")]
    InUse {
        /// Where.
        path: PathBuf,
    },
    /// The disk said no.
    #[error("{path}: {why}")]
    Disk {
        /// Where.
        path: PathBuf,
        /// Why.
        why: io::Error,
    },
    /// The sled store can't be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Bytes were changed or lost after they had been acknowledged.
    #[error("the journal is damaged: {path}: {what}")]
    Damaged {
        /// Where.
        path: PathBuf,
        /// What is wrong.
        what: Damage,
    },
    /// An append failed, so what the disk holds is not known: the journal must be opened again.
    #[error("an earlier append failed; the journal in {path} must be opened again")]
    Stopped {
        /// Where.
        path: PathBuf,
    },
    /// The event does not say where it stands.
    #[error("an event for sequence {wanted} that says it is {found}")]
    Misplaced {
        /// Where it should stand.
        wanted: u64,
        /// What it says.
        found: u64,
    },
}

/// What is wrong with a journal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Damage {
    /// A header that is no header, of another journal, or out of place.
    #[error("the head of the segment is not readable or not in its place")]
    Header,
    /// A record that can't be read before others that can, or in a segment that was closed.
    #[error("a record cannot be read after byte {at}")]
    Record {
        /// Where the readable part ends.
        at: u64,
    },
    /// Bytes with a good checksum that are no event.
    #[error("event {sequence} is not an event of this journal: {why}")]
    Event {
        /// Its place.
        sequence: u64,
        /// Why.
        why: String,
    },
    /// Bytes with a good checksum that are no event that this program knows.
    #[error("an event cannot be read: {why}")]
    Unreadable {
        /// Why.
        why: String,
    },
    /// An event that names another hash than that of the event before it.
    #[error("event {sequence} does not follow from the event before it")]
    Chain {
        /// Its place.
        sequence: u64,
    },
    /// The oldest segment does not begin the journal, and no checkpoint says that what came before was purged.
    #[error("the journal begins at event {first}, and no checkpoint tells what became of those before")]
    Beginning {
        /// The oldest event.
        first: u64,
    },
    /// A checkpoint that this journal's key did not sign, or that is none.
    #[error("the checkpoint is not believed: {why}")]
    Checkpoint {
        /// Why.
        why: String,
    },
    /// The sled store knows events that the segments have lost.
    #[error("the segments end at event {segments}, but the store holds event {store}")]
    StoreAhead {
        /// Newest in the segments.
        segments: u64,
        /// Newest in the store.
        store: u64,
    },
}

impl Journal {
    /// Appends the event that `make` makes for the next place. It is on the disk, in the segment and in sled, when this
    /// returns.
    ///
    /// # Errors
    /// [`JournalError`]; after one, nothing is appended until the journal is opened again.
    pub fn append(&mut self, make: impl FnOnce(Next) -> Event) -> Result<Event, JournalError> {
        let next =
            Next { journal: self.id, sequence: self.tip.sequence.saturating_add(1), before: self.tip.hash };
        let event = make(next);
        if (event.journal, event.sequence, event.before) != (next.journal, next.sequence, next.before) {
            return Err(JournalError::Misplaced { wanted: next.sequence, found: event.sequence });
        }
        fault::demand_room(&self.places)?;
        // Taken out while the disk is at work, and put back only when all went well.
        let mut writer =
            self.writer.take().ok_or_else(|| JournalError::Stopped { path: self.places.segments.clone() })?;
        // Either way: a clock that ran ahead when the segment began must not keep it open for years.
        let old = self.begun.is_some_and(|begun| event.at.since(begun).saturating_abs() >= SEGMENT_SECONDS);
        if writer.length() >= self.segment_bytes || old {
            writer = self.begin_segment()?;
        }
        let bytes = event.to_bytes();
        writer.append(&bytes).map_err(disk(&self.places.segments))?;
        self.shelf.insert([(next.sequence, bytes.as_slice())])?;
        self.begun.get_or_insert(event.at);
        self.tip = Tip { sequence: next.sequence, hash: Event::hash_of(&bytes) };
        self.writer = Some(writer);
        Ok(event)
    }

    /// Whether the next event can be written, as far as that can be told before.
    ///
    /// # Errors
    /// What is wrong.
    pub fn demand_room(&self) -> Result<(), JournalError> {
        fault::demand_room(&self.places)
    }

    /// Events in it: they are counted from 1 without a gap.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.tip.sequence
    }

    /// The random name of this journal.
    #[must_use]
    pub fn id(&self) -> [u8; 16] {
        self.id
    }

    /// What had to be done to open it.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The bytes of one event; none when it was purged or has not happened.
    ///
    /// # Errors
    /// When neither store nor segment can be read.
    pub fn event(&self, sequence: u64) -> Result<Option<Vec<u8>>, JournalError> {
        if let Some(event) = self.shelf.get(sequence)? {
            return Ok(Some(event));
        }
        let list = segment::list(&self.places.segments).map_err(disk(&self.places.segments))?;
        let Some((first, path)) = list.iter().rev().find(|(first, _)| *first <= sequence) else {
            return Ok(None);
        };
        let store = shelf::path_of(&self.places.sled, *first);
        if store.exists()
            && store != self.shelf.path()
            && let Ok(shelf) = Shelf::open(&store, self.id)
            && let Ok(Some(event)) = shelf.get(sequence)
        {
            return Ok(Some(event));
        }
        // The segments are the truth.
        let segment = segment::read(path).map_err(disk(path))?;
        let at = usize::try_from(sequence - first).unwrap_or(usize::MAX);
        Ok(segment.events.into_iter().nth(at))
    }

    /// Starts another segment and its store.
    fn begin_segment(&mut self) -> Result<Writer, JournalError> {
        let first = self.tip.sequence.saturating_add(1);
        let header = Header { journal: self.id, first, before: self.tip.hash };
        let writer = Writer::create(&self.places.segments, &header).map_err(disk(&self.places.segments))?;
        self.shelf = Shelf::open(&shelf::path_of(&self.places.sled, first), self.id)?;
        // The one before was closed by this.
        heap::give_back();
        self.begun = None;
        Ok(writer)
    }
}

/// Moves a journal that is damaged aside, whole, so that the next start begins a new one. Returns where it went.
///
/// # Errors
/// When another program has it open, or the disk says no.
pub fn set_aside(folder: &Path) -> Result<PathBuf, JournalError> {
    let places = Places::of(folder);
    // A gate that waits for this holds it for a moment every second, to see whether it was done.
    let _lock = places.lock_patiently()?;
    open::move_aside(folder).map_err(disk(folder))
}

/// The files of a journal.
#[derive(Clone, Debug)]
struct Places {
    lock: PathBuf,
    id: PathBuf,
    segments: PathBuf,
    sled: PathBuf,
    checkpoint: PathBuf,
    key: PathBuf,
    snapshot: PathBuf,
}

impl Places {
    fn of(folder: &Path) -> Self {
        Self {
            lock: folder.join("lock"),
            id: folder.join("id"),
            segments: folder.join("segments"),
            sled: folder.join("sled"),
            checkpoint: folder.join("checkpoint"),
            key: folder.join("key"),
            snapshot: folder.join("snapshot"),
        }
    }

    /// As [`Places::lock`], but waits a moment for a program that is just ending.
    fn lock_patiently(&self) -> Result<File, JournalError> {
        let start = Instant::now();
        loop {
            match self.lock() {
                Err(JournalError::InUse { .. }) if start.elapsed() < PATIENCE => {
                    std::thread::sleep(PATIENCE / 20);
                }
                locked => return locked,
            }
        }
    }

    /// Shuts other programs out until the file is dropped.
    fn lock(&self) -> Result<File, JournalError> {
        let file = File::options().create(true).truncate(false).write(true).open(&self.lock);
        let file = file.map_err(disk(&self.lock))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(std::fs::TryLockError::WouldBlock) => Err(JournalError::InUse { path: self.lock.clone() }),
            Err(std::fs::TryLockError::Error(why)) => Err(disk(&self.lock)(why)),
        }
    }
}

fn disk(path: &Path) -> impl FnOnce(io::Error) -> JournalError + use<> {
    let path = path.to_owned();
    move |why| JournalError::Disk { path, why }
}

#[cfg(test)]
mod tests;
