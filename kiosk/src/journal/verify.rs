//! Reading a journal without opening it for writing, and checking every byte of it.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};

use gate::Event;

use super::index::Index;
use super::segment::{self, End};
use super::{Damage, JournalError, Places, disk};

/// What [`verify`] found.
#[derive(Debug)]
pub struct Verification {
    /// Segment files.
    pub segments: usize,
    /// Events that are whole and follow from each other.
    pub events: u64,
    /// Sequence of the newest one.
    pub last: u64,
    /// Bytes of an append that was cut short, or is being written just now.
    pub torn: u64,
    /// How sled compares.
    pub store: Store,
    /// What is wrong, and in which file.
    pub damage: Vec<(PathBuf, Damage)>,
}

/// How the sled store compares with the segments.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Store {
    /// The same events.
    Same,
    /// Not compared: a running kiosk has it open.
    InUse,
    /// Not readable; it is rebuilt when the kiosk starts.
    Unreadable {
        /// Why.
        why: String,
    },
    /// It differs. What it lacks is replayed when the kiosk starts; what it has in addition, or else, is damage.
    Differs {
        /// Events of the segments that it lacks.
        missing: u64,
        /// Events that it holds otherwise.
        different: u64,
        /// Entries that the segments know nothing of.
        surplus: u64,
    },
}

impl Verification {
    /// Whether nothing acknowledged was lost or changed.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let store = match &self.store {
            Store::Same | Store::InUse | Store::Unreadable { .. } => true,
            Store::Differs { different, surplus, .. } => *different == 0 && *surplus == 0,
        };
        store && self.damage.is_empty()
    }
}

/// Walks all segments: checksums, sequence, chain; and compares sled with them when no kiosk is running.
/// Changes nothing.
///
/// # Errors
/// When the disk can't be read.
pub fn verify(folder: &Path) -> Result<Verification, JournalError> {
    let places = Places::of(folder);
    let lock = places.lock();
    let index = match &lock {
        Err(JournalError::InUse { .. }) => Err(Store::InUse),
        _ if !places.sled.exists() => Err(Store::Unreadable { why: "there is none".to_owned() }),
        _ => open_store(&places),
    };
    let mut found =
        Verification { segments: 0, events: 0, last: 0, torn: 0, store: Store::Same, damage: Vec::new() };
    let (mut missing, mut different) = (0, 0);
    let list = segment::list(&places.segments).map_err(disk(&places.segments))?;
    let mut tip = None;
    for (at, (first, path)) in list.iter().enumerate() {
        found.segments += 1;
        let newest = at + 1 == list.len();
        let segment = segment::read(path).map_err(disk(path))?;
        let mut report = |what| found.damage.push((path.clone(), what));
        let Some(header) = segment.header else {
            match segment.end {
                End::Torn if newest => found.torn += segment.length,
                _ => report(Damage::Header),
            }
            continue;
        };
        let (last, before) = tip.unwrap_or((header.first.saturating_sub(1), header.before));
        if header.first != *first || header.first != last + 1 || header.before != before {
            report(Damage::Header);
        }
        let mut place = (header.first.saturating_sub(1), header.before);
        for bytes in &segment.events {
            match follow(header.journal, place, bytes) {
                Ok(()) => found.events += 1,
                Err(what) => report(what),
            }
            place = (place.0 + 1, Event::hash_of(bytes));
            if let Ok(index) = &index {
                match index.get(place.0)? {
                    None => missing += 1,
                    Some(held) if held != *bytes => different += 1,
                    Some(_) => {}
                }
            }
        }
        match segment.end {
            End::Clean => {}
            End::Torn if newest => found.torn += segment.length - segment.sound,
            End::Torn | End::Damaged => report(Damage::Record { at: segment.sound }),
        }
        tip = Some(place);
    }
    found.last = tip.map_or(0, |(last, _)| last);
    found.store = match index {
        Err(store) => store,
        Ok(index) => {
            let walked = tip.map_or(0, |_| found.events) - missing;
            let surplus = index.count().saturating_sub(walked);
            if (missing, different, surplus) == (0, 0, 0) {
                Store::Same
            } else {
                Store::Differs { missing, different, surplus }
            }
        }
    };
    Ok(found)
}

/// Opens the store of the journal whose name stands in its file.
fn open_store(places: &Places) -> Result<Index, Store> {
    let unreadable = |why: String| Store::Unreadable { why };
    let text = std::fs::read_to_string(&places.id).map_err(|why| unreadable(why.to_string()))?;
    let id = u128::from_str_radix(text.trim_end(), 16).map_err(|why| unreadable(why.to_string()))?;
    Index::open(&places.sled, id.to_be_bytes()).map_err(|why| unreadable(why.to_string()))
}

/// Demands that `bytes` are the event after the one at `(sequence, hash)`.
pub(super) fn follow(
    journal: [u8; 16],
    (sequence, hash): (u64, [u8; 32]),
    bytes: &[u8],
) -> Result<(), Damage> {
    let sequence = sequence.saturating_add(1);
    let event = Event::from_bytes(bytes).map_err(|why| Damage::Event { sequence, why: why.to_string() })?;
    if event.journal != journal || event.sequence != sequence {
        let why = format!("it says it is event {}", event.sequence);
        return Err(Damage::Event { sequence, why });
    }
    if event.before == hash { Ok(()) } else { Err(Damage::Chain { sequence }) }
}

/// The events of a journal from the oldest to the newest, one segment in memory at a time. What is readable comes first;
/// damage comes last, as an error.
#[derive(Debug)]
pub struct Events {
    segments: VecDeque<PathBuf>,
    path: PathBuf,
    events: VecDeque<Vec<u8>>,
    damage: Option<JournalError>,
}

/// Reads the events of the journal in `folder`, also while a kiosk is writing it. A journal that was never begun has none.
///
/// # Errors
/// When the folder can't be read.
pub fn read(folder: &Path) -> Result<Events, JournalError> {
    let places = Places::of(folder);
    let list = match segment::list(&places.segments) {
        Err(why) if why.kind() == io::ErrorKind::NotFound => Vec::new(),
        list => list.map_err(disk(&places.segments))?,
    };
    let segments = list.into_iter().map(|(_, path)| path).collect();
    Ok(Events { segments, path: PathBuf::new(), events: VecDeque::new(), damage: None })
}

impl Iterator for Events {
    type Item = Result<Event, JournalError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(bytes) = self.events.pop_front() {
                return Some(Event::from_bytes(&bytes).map_err(|why| {
                    let path = self.path.clone();
                    JournalError::Damaged { path, what: Damage::Unreadable { why: why.to_string() } }
                }));
            }
            if let Some(damage) = self.damage.take() {
                self.segments.clear();
                return Some(Err(damage));
            }
            self.path = self.segments.pop_front()?;
            let segment = match segment::read(&self.path) {
                Ok(segment) => segment,
                Err(why) => return Some(Err(disk(&self.path)(why))),
            };
            let being_written = segment.end == End::Torn && self.segments.is_empty();
            if segment.end != End::Clean && !being_written {
                let what = Damage::Record { at: segment.sound };
                self.damage = Some(JournalError::Damaged { path: self.path.clone(), what });
            }
            self.events = segment.events.into();
        }
    }
}
