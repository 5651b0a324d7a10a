//! A sled store beside a segment: its events by their sequence, for looking up. The only module that uses sled.
//!
//! Each segment has a store of its own, so that opening, rebuilding and memory are those of one segment however long the
//! journal is, and dropping a segment drops its store whole (sled keeps the bytes of what is removed in old pages).
//! `sled::Db::flush` does not survive a power cut; syncing sled's data file after it does. What is acknowledged was
//! flushed and synced. Knows nothing of segments; a store that can't be trusted is rebuilt from its segment.

use std::fs::File;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Memory that sled may use for pages: those of a segment fit, and little enough for a Raspberry Pi.
const CACHE_BYTES: u64 = 4 << 20;
/// How long to wait for sled's lock.
const PATIENCE: Duration = Duration::from_secs(5);
/// In the tree of this name stands which journal the events are of.
const ABOUT: &str = "about";
const JOURNAL: &str = "journal";

/// Why the store can't be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// sled says so.
    #[error("the store in {path}: {why}")]
    Sled {
        /// Where.
        path: PathBuf,
        /// What it says.
        why: sled::Error,
    },
    /// sled panicked on what it read.
    #[error("the store in {path} is damaged in a way that stopped its reader")]
    Panicked {
        /// Where.
        path: PathBuf,
    },
    /// Its data file could not be synced.
    #[error("the store in {path} could not be synced: {why}")]
    Sync {
        /// Where.
        path: PathBuf,
        /// Why.
        why: io::Error,
    },
    /// Its lock is held. The journal's own lock keeps other gates out, so this is a leftover, and no damage.
    #[error("the store in {path} is still locked")]
    Busy {
        /// Where.
        path: PathBuf,
    },
    /// It holds the events of another journal.
    #[error("the store in {path} belongs to another journal")]
    OtherJournal {
        /// Where.
        path: PathBuf,
    },
}

/// An open store.
pub(super) struct Shelf {
    db: sled::Db,
    /// sled's data file, to be synced after every flush.
    data: File,
    path: PathBuf,
}

impl Shelf {
    /// Opens or makes the store of `journal`.
    pub(super) fn open(path: &Path, journal: [u8; 16]) -> Result<Self, StoreError> {
        Self::open_of(path, Some(journal))
    }

    /// Opens a store, whatever journal it is of.
    pub(super) fn open_any(path: &Path) -> Result<Self, StoreError> {
        Self::open_of(path, None)
    }

    fn open_of(path: &Path, journal: Option<[u8; 16]>) -> Result<Self, StoreError> {
        let opened = catch_unwind(AssertUnwindSafe(|| {
            let db = open_patiently(path)?;
            let about = db.open_tree(ABOUT)?;
            let owner = about.get(JOURNAL)?;
            if let (None, Some(journal)) = (&owner, journal) {
                about.insert(JOURNAL, &journal)?;
            }
            db.last()?;
            Ok((db, owner))
        }));
        let (db, owner) = opened.map_err(|_| StoreError::Panicked { path: path.to_owned() })?.map_err(
            |why| match is_lock(&why) {
                true => StoreError::Busy { path: path.to_owned() },
                false => StoreError::Sled { path: path.to_owned(), why },
            },
        )?;
        if owner.zip(journal).is_some_and(|(owner, journal)| *owner != journal) {
            return Err(StoreError::OtherJournal { path: path.to_owned() });
        }
        let data =
            File::open(path.join("db")).map_err(|why| StoreError::Sync { path: path.to_owned(), why })?;
        Ok(Self { db, data, path: path.to_owned() })
    }

    /// Adds events that are on the disk already. They are durable here too when this returns.
    pub(super) fn insert<'a>(
        &self,
        events: impl IntoIterator<Item = (u64, &'a [u8])>,
    ) -> Result<(), StoreError> {
        // On a disk that is full or read-only, some of sled's paths panic instead of returning an error.
        let inserted = catch_unwind(AssertUnwindSafe(|| {
            for (sequence, event) in events {
                self.db.insert(sequence.to_be_bytes(), event)?;
            }
            self.db.flush().map(drop)
        }));
        inserted
            .map_err(|_| StoreError::Panicked { path: self.path.clone() })?
            .map_err(|why| self.sled(why))?;
        self.data.sync_data().map_err(|why| StoreError::Sync { path: self.path.clone(), why })
    }

    /// The newest event.
    pub(super) fn last(&self) -> Result<Option<(u64, Vec<u8>)>, StoreError> {
        let last = self.db.last().map_err(|why| self.sled(why))?;
        Ok(last.map(|(key, event)| (sequence_of(&key), event.to_vec())))
    }

    /// One event.
    pub(super) fn get(&self, sequence: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let found = self.db.get(sequence.to_be_bytes()).map_err(|why| self.sled(why))?;
        Ok(found.map(|event| event.to_vec()))
    }

    /// Where it lies.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// How many events it holds. Counts them one by one.
    pub(super) fn count(&self) -> u64 {
        self.db.len() as u64
    }

    fn sled(&self, why: sled::Error) -> StoreError {
        StoreError::Sled { path: self.path.clone(), why }
    }
}

/// Opens sled. Its lock is that of a file, which outlives a store that was just closed for as long as a process that was
/// being started meanwhile holds a copy of it: that passes.
fn open_patiently(path: &Path) -> sled::Result<sled::Db> {
    let start = Instant::now();
    loop {
        let config = sled::Config::new().path(path).cache_capacity(CACHE_BYTES).flush_every_ms(None);
        match config.open() {
            Err(why) if is_lock(&why) && start.elapsed() < PATIENCE => std::thread::sleep(PATIENCE / 100),
            opened => return opened,
        }
    }
}

/// Whether sled could not get its lock. It says so in words only.
fn is_lock(why: &sled::Error) -> bool {
    matches!(why, sled::Error::Io(why) if why.to_string().contains("could not acquire lock"))
}

impl std::fmt::Debug for Shelf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shelf").field("path", &self.path).finish_non_exhaustive()
    }
}

/// A key that is no sequence sorts and reads as the last possible one: such a store is ahead, and reported.
fn sequence_of(key: &[u8]) -> u64 {
    key.try_into().map_or(u64::MAX, u64::from_be_bytes)
}

/// The stores in `folder`, by the first sequence of their segment. What was moved aside is not among them.
pub(super) fn list(folder: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    let entries = match std::fs::read_dir(folder) {
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut stores = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if let Some(first) = name.parse().ok().filter(|_| name.len() == 20) {
            stores.push((first, path));
        }
    }
    stores.sort_unstable();
    Ok(stores)
}

/// The store of the segment that starts with this sequence.
pub(super) fn path_of(folder: &Path, first: u64) -> PathBuf {
    folder.join(format!("{first:020}"))
}
