//! Opening a journal after whatever happened to it: what is torn is cut, what is missing in sled is replayed, what is
//! damaged is left as it is and reported.

use std::io;
use std::path::{Path, PathBuf};

use gate::Event;

use super::index::{Index, IndexError};
use super::segment::{self, End, Header, Segment, Writer};
use super::verify::follow;
use super::{Damage, Journal, JournalError, Places, SEGMENT_BYTES, Tip, disk};
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
    /// The segment to go on with, and the length of its sound part; none when a new one is to be made.
    last: Option<(PathBuf, u64)>,
    /// Bytes after the sound part.
    torn: u64,
    /// A segment whose head was never finished.
    unborn: Option<PathBuf>,
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
        let list = segment::list(&places.segments).map_err(disk(&places.segments))?;
        let id = journal_id(&places, &list)?;
        let found = survey(&places, &list, id)?;
        let mut notes = Vec::new();
        let index = open_index(&places, id, &found, &mut notes)?;
        if let Some(unborn) = &found.unborn {
            std::fs::remove_file(unborn).map_err(disk(unborn))?;
        }
        if found.torn > 0 {
            notes.push(Note::TornTailCut { bytes: found.torn });
        }
        let writer = match &found.last {
            Some((path, sound)) => Writer::resume(path, *sound).map_err(disk(path))?,
            None => {
                let header = Header { journal: id, first: found.tip.sequence + 1, before: found.tip.hash };
                Writer::create(&places.segments, &header).map_err(disk(&places.segments))?
            }
        };
        let replayed = replay(&index, &list, found.tip.sequence)?;
        if replayed > 0 && !notes.iter().any(|note| matches!(note, Note::StoreRebuilt { .. })) {
            notes.push(Note::Replayed { events: replayed });
        }
        let writer = Some(writer);
        Ok(Self { places, id, index, writer, tip: found.tip, notes, _lock: lock, segment_bytes })
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
fn survey(places: &Places, list: &[(u64, PathBuf)], id: [u8; 16]) -> Result<Found, JournalError> {
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
        return Ok(Found {
            tip,
            last: Some((path.clone(), segment.sound)),
            torn: torn + (segment.length - segment.sound),
            unborn,
        });
    }
    if list.len() > usize::from(unborn.is_some()) {
        return Err(JournalError::Damaged { path: places.segments.clone(), what: Damage::Header });
    }
    Ok(Found { tip: Tip { sequence: 0, hash: [0; 32] }, last: None, torn, unborn })
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

/// Opens sled. What it says is held against the segments before anything is changed.
fn open_index(
    places: &Places,
    id: [u8; 16],
    found: &Found,
    notes: &mut Vec<Note>,
) -> Result<Index, JournalError> {
    let trouble = match Index::open(&places.sled, id) {
        Ok(index) => match index.last() {
            Ok(Some((store, _))) if store > found.tip.sequence => {
                let what = Damage::StoreAhead { segments: found.tip.sequence, store };
                return Err(JournalError::Damaged { path: places.segments.clone(), what });
            }
            Ok(Some((store, event)))
                if store == found.tip.sequence && Event::hash_of(&event) != found.tip.hash =>
            {
                format!("event {store} differs from the one in the segments")
            }
            Ok(_) => return Ok(index),
            Err(why) => why.to_string(),
        },
        // Not damage: nothing is moved aside for it.
        Err(busy @ IndexError::Busy { .. }) => return Err(busy.into()),
        Err(why) => why.to_string(),
    };
    let old = move_aside(&places.sled).map_err(disk(&places.sled))?;
    notes.push(Note::StoreRebuilt { old, why: trouble });
    Ok(Index::open(&places.sled, id)?)
}

/// Brings sled up to `last`. Returns how many events it lacked.
fn replay(index: &Index, list: &[(u64, PathBuf)], last: u64) -> Result<u64, JournalError> {
    let held = index.last()?.map_or(0, |(sequence, _)| sequence);
    if held >= last {
        return Ok(0);
    }
    // The segment that holds the first missing event is the last one that starts at or before it.
    let start = list.iter().rposition(|(first, _)| *first <= held + 1).unwrap_or(0);
    for (first, path) in &list[start..] {
        let segment = match segment::read(path) {
            Ok(segment) => segment,
            Err(why) if why.kind() == io::ErrorKind::NotFound => continue,
            Err(why) => return Err(disk(path)(why)),
        };
        let events = (*first..).zip(segment.events.iter().map(Vec::as_slice));
        index.insert(events.filter(|(sequence, _)| *sequence > held))?;
    }
    Ok(last - held)
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
