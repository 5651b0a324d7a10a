//! Opening a journal after whatever happened to it: what is torn is cut, what is missing in sled is replayed, what is
//! damaged is left as it is and reported.

use std::io;
use std::path::{Path, PathBuf};

use gate::Event;

use super::checkpoint::Checkpoint;
use super::read::follow;
use super::segment::{self, End, Header, Segment, Writer};
use super::shelf::{self, Shelf, StoreError};
use super::{Damage, Journal, JournalError, Places, SEGMENT_BYTES, Tip, disk, fault, purge};
use crate::durable;

/// Something that was put right while a journal was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// The last append had been cut short; nobody had been told that it was done.
    TornTailCut {
        /// Bytes cut off.
        bytes: u64,
    },
    /// sled lacked events that the segments hold.
    Replayed {
        /// How many.
        events: u64,
    },
    /// The sled store could not be used; it was moved aside and built anew.
    StoreRebuilt {
        /// Where the old one is.
        old: PathBuf,
        /// What was wrong with it.
        why: String,
    },
}

/// What the segments hold, found without changing anything.
struct Found {
    tip: Tip,
    /// The segment to go on with; none when a new one is to be made.
    last: Option<Last>,
    /// Bytes after the sound part.
    torn: u64,
    /// A segment whose head was never finished.
    unborn: Option<PathBuf>,
}

/// The segment that grows.
struct Last {
    path: PathBuf,
    /// Sequence of its first event.
    first: u64,
    /// Length of its sound part.
    sound: u64,
    events: Vec<Vec<u8>>,
}

impl Found {
    /// The first sequence of the segment that grows.
    fn first(&self) -> u64 {
        self.last.as_ref().map_or(self.tip.sequence + 1, |last| last.first)
    }

    fn events(&self) -> &[Vec<u8>] {
        self.last.as_ref().map_or(&[], |last| &last.events)
    }
}

impl Journal {
    /// Opens the journal in `folder`, or begins one.
    ///
    /// # Errors
    /// [`JournalError`]. A damaged journal is not changed.
    pub fn open(folder: &Path) -> Result<Self, JournalError> {
        Self::open_with(folder, SEGMENT_BYTES)
    }

    pub(super) fn open_with(folder: &Path, segment_bytes: u64) -> Result<Self, JournalError> {
        // Room for one event at least, or no segment would ever be closed with one in it.
        let segment_bytes = segment_bytes.max(segment::HEADER as u64 + 1);
        let places = Places::of(folder);
        std::fs::create_dir_all(&places.segments).map_err(disk(&places.segments))?;
        let lock = places.lock_patiently()?;
        fault::demand_room(&places)?;
        let list = segment::list(&places.segments).map_err(disk(&places.segments))?;
        let id = journal_id(&places, &list)?;
        // A purge that was cut short is finished. A checkpoint that is not believed drops nothing; `verify` reports it.
        let checkpoint = Checkpoint::read(&places, id).unwrap_or_default();
        let purged = checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.sequence);
        let stores = shelf::list(&places.sled).map_err(disk(&places.sled))?;
        let list = match list.iter().chain(&stores).any(|(first, _)| *first <= purged) {
            false => list,
            true => {
                purge::finish(&places, purged).map_err(disk(&places.segments))?;
                segment::list(&places.segments).map_err(disk(&places.segments))?
            }
        };
        let found = survey(&places, &list, id, checkpoint.as_ref())?;
        let mut notes = Vec::new();
        let shelf = open_shelf(&places, id, &found, &mut notes)?;
        if let Some(unborn) = &found.unborn {
            std::fs::remove_file(unborn).map_err(disk(unborn))?;
        }
        if found.torn > 0 {
            notes.push(Note::TornTailCut { bytes: found.torn });
        }
        let writer = match &found.last {
            Some(Last { path, sound, .. }) => Writer::resume(path, *sound).map_err(disk(path))?,
            None => {
                let header = Header { journal: id, first: found.tip.sequence + 1, before: found.tip.hash };
                Writer::create(&places.segments, &header).map_err(disk(&places.segments))?
            }
        };
        let replayed = replay(&shelf, &found)?;
        if replayed > 0 && !notes.iter().any(|note| matches!(note, Note::StoreRebuilt { .. })) {
            notes.push(Note::Replayed { events: replayed });
        }
        let begun =
            found.events().first().and_then(|bytes| Event::from_bytes(bytes).ok()).map(|event| event.at);
        let writer = Some(writer);
        Ok(Self { places, id, shelf, writer, begun, tip: found.tip, notes, _lock: lock, segment_bytes })
    }
}

/// The journal's name: from its file, else from its segments, else a new one.
fn journal_id(places: &Places, list: &[(u64, PathBuf)]) -> Result<[u8; 16], JournalError> {
    let hex = |id: [u8; 16]| id.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    match std::fs::read_to_string(&places.id) {
        Ok(text) => {
            let text = text.trim_end();
            let id = u128::from_str_radix(text, 16).ok().filter(|_| text.len() == 32);
            if let Some(id) = id {
                return Ok(id.to_be_bytes());
            }
        }
        Err(why) if why.kind() == io::ErrorKind::NotFound => {}
        Err(why) => return Err(disk(&places.id)(why)),
    }
    let mut id = None;
    for (_, path) in list {
        id = id.or(segment::read(path).map_err(disk(path))?.header.map(|header| header.journal));
    }
    let id = id.unwrap_or_else(pass::random::bytes);
    durable::replace(&places.id, format!("{}\n", hex(id)).as_bytes()).map_err(disk(&places.id))?;
    Ok(id)
}

/// Reads the newest segment, and the heads before it as far as needed.
fn survey(
    places: &Places,
    list: &[(u64, PathBuf)],
    id: [u8; 16],
    checkpoint: Option<&Checkpoint>,
) -> Result<Found, JournalError> {
    let mut unborn = None;
    let mut torn = 0;
    for (first, path) in list.iter().rev() {
        let segment = segment::read(path).map_err(disk(path))?;
        let newest = unborn.is_none();
        let damaged = |what| JournalError::Damaged { path: path.clone(), what };
        let Some(header) = segment.header else {
            if segment.end == End::Damaged || !newest {
                return Err(damaged(Damage::Header));
            }
            torn = segment.length;
            unborn = Some(path.clone());
            continue;
        };
        if header.journal != id || header.first != *first {
            return Err(damaged(Damage::Header));
        }
        // Only the segment that was being written can be torn, and never one with a successor.
        if segment.end == End::Damaged || segment.end == End::Torn && !newest {
            return Err(damaged(Damage::Record { at: segment.sound }));
        }
        let tip = walk(&segment, &header).map_err(damaged)?;
        torn += segment.length - segment.sound;
        let (path, first, sound, events) = (path.clone(), *first, segment.sound, segment.events);
        return Ok(Found { tip, last: Some(Last { path, first, sound, events }), torn, unborn });
    }
    if list.len() > usize::from(unborn.is_some()) {
        return Err(JournalError::Damaged { path: places.segments.clone(), what: Damage::Header });
    }
    // All that is left of a journal whose every event was purged is its checkpoint.
    let tip = checkpoint.map_or(Tip { sequence: 0, hash: [0; 32] }, |checkpoint| Tip {
        sequence: checkpoint.sequence,
        hash: checkpoint.hash,
    });
    Ok(Found { tip, last: None, torn, unborn })
}

/// Follows the chain through a segment.
fn walk(segment: &Segment, header: &Header) -> Result<Tip, Damage> {
    let mut tip = Tip { sequence: header.first.saturating_sub(1), hash: header.before };
    for bytes in &segment.events {
        follow(header.journal, (tip.sequence, tip.hash), bytes)?;
        tip = Tip { sequence: tip.sequence + 1, hash: Event::hash_of(bytes) };
    }
    Ok(tip)
}

/// Opens the store of the segment that grows. What it says is held against the segments before anything is changed.
fn open_shelf(
    places: &Places,
    id: [u8; 16],
    found: &Found,
    notes: &mut Vec<Note>,
) -> Result<Shelf, JournalError> {
    let first = found.first();
    let ahead = |store| {
        let what = Damage::StoreAhead { segments: found.tip.sequence, store };
        Err(JournalError::Damaged { path: places.segments.clone(), what })
    };
    // Stores of segments that aren't there: one that was never filled is nothing, any other tells of a loss.
    for (_, path) in shelf::list(&places.sled).map_err(disk(&places.sled))? {
        if path <= shelf::path_of(&places.sled, first) {
            continue;
        }
        if let Ok(Some((store, _))) = Shelf::open(&path, id).and_then(|shelf| shelf.last()) {
            return ahead(store);
        }
        std::fs::remove_dir_all(&path).map_err(disk(&path))?;
    }
    let path = shelf::path_of(&places.sled, first);
    let trouble = match Shelf::open(&path, id) {
        Ok(shelf) => match shelf.last() {
            Ok(Some((store, _))) if store > found.tip.sequence => return ahead(store),
            Ok(Some((store, event))) if !agrees(found, store, &event) => {
                format!("event {store} differs from the one in the segments")
            }
            Ok(_) => return Ok(shelf),
            Err(why) => why.to_string(),
        },
        // Not damage: nothing is moved aside for it.
        Err(busy @ StoreError::Busy { .. }) => return Err(busy.into()),
        Err(why) => why.to_string(),
    };
    let old = move_aside(&path).map_err(disk(&path))?;
    notes.push(Note::StoreRebuilt { old, why: trouble });
    Ok(Shelf::open(&path, id)?)
}

/// Whether the newest event of a store is that of the segment.
fn agrees(found: &Found, sequence: u64, event: &[u8]) -> bool {
    let at = sequence.checked_sub(found.first()).and_then(|at| usize::try_from(at).ok());
    at.and_then(|at| found.events().get(at)).is_some_and(|held| held == event)
}

/// Brings the store up to its segment. Returns how many events it lacked.
fn replay(shelf: &Shelf, found: &Found) -> Result<u64, JournalError> {
    let held = shelf.last()?.map_or(0, |(sequence, _)| sequence);
    if held >= found.tip.sequence {
        return Ok(0);
    }
    let events = (found.first()..).zip(found.events().iter().map(Vec::as_slice));
    let missing: Vec<_> = events.filter(|(sequence, _)| *sequence > held).collect();
    let count = missing.len() as u64;
    if count > 0 {
        shelf.insert(missing)?;
    }
    Ok(count)
}

/// Renames `path` to a name beside it that says it is damaged and is not taken yet.
pub(super) fn move_aside(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("journal");
    for number in 1_u32.. {
        let aside = path.with_file_name(format!("{name}-damaged-{number}"));
        if !aside.try_exists()? {
            std::fs::rename(path, &aside)?;
            if let Some(parent) = path.parent() {
                durable::sync_folder(parent)?;
            }
            return Ok(aside);
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}
