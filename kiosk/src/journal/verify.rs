//! Checking every byte of a journal, without changing any.

use std::path::{Path, PathBuf};

use gate::Event;

use super::checkpoint::{self, Checkpoint};
use super::read::follow;
use super::segment::{self, End};
use super::shelf::{self, Shelf};
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
    /// What stands for the events that were purged.
    pub checkpoint: Option<Checkpoint>,
    /// The key that signs checkpoints; none before the first purge.
    pub key: Option<pass::PublicKey>,
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

/// Walks all segments: checksums, sequence, chain, and the checkpoint it begins at; and compares the sled stores with them when
/// no kiosk is running. Changes nothing.
///
/// # Errors
/// When the disk can't be read.
pub fn verify(folder: &Path) -> Result<Verification, JournalError> {
    let places = Places::of(folder);
    let lock = places.lock();
    let mut stores = Stores::of(&places, matches!(lock, Err(JournalError::InUse { .. })))?;
    let mut found = Verification {
        segments: 0,
        events: 0,
        last: 0,
        torn: 0,
        checkpoint: None,
        key: checkpoint::public_key(&places).ok().flatten(),
        store: Store::Same,
        damage: Vec::new(),
    };
    match Checkpoint::claimed(&places) {
        Ok(checkpoint) => found.checkpoint = checkpoint,
        Err(why) => found.damage.push((places.checkpoint.clone(), Damage::Checkpoint { why })),
    }
    let purged = found.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.sequence);
    let list = segment::list(&places.segments).map_err(disk(&places.segments))?;
    // What a purge that was cut short has left behind is deleted at the next start.
    let list: Vec<_> = list.into_iter().filter(|(first, _)| *first > purged).collect();
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
        if tip.is_none() {
            let begins = match &found.checkpoint {
                Some(point) => (point.journal, point.sequence + 1, point.hash),
                None => (header.journal, 1, [0; 32]),
            };
            if (header.journal, header.first, header.before) != begins {
                report(Damage::Beginning { first: header.first });
            }
        }
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
        }
        match segment.end {
            End::Clean => {}
            End::Torn if newest => found.torn += segment.length - segment.sound,
            End::Torn | End::Damaged => report(Damage::Record { at: segment.sound }),
        }
        stores.compare(&places, header.journal, *first, &segment.events);
        tip = Some(place);
    }
    found.last = tip.map_or(purged, |(last, _)| last);
    found.store = stores.conclude();
    Ok(found)
}

/// The sled stores, held against the segments one by one.
struct Stores {
    in_use: bool,
    unreadable: Option<String>,
    missing: u64,
    different: u64,
    surplus: u64,
    /// Those that no segment was held against yet.
    left: Vec<(u64, PathBuf)>,
}

impl Stores {
    fn of(places: &Places, in_use: bool) -> Result<Self, JournalError> {
        let left = shelf::list(&places.sled).map_err(disk(&places.sled))?;
        Ok(Self { in_use, unreadable: None, missing: 0, different: 0, surplus: 0, left })
    }

    fn compare(&mut self, places: &Places, journal: [u8; 16], first: u64, events: &[Vec<u8>]) {
        if self.in_use {
            return;
        }
        self.left.retain(|(other, _)| *other != first);
        let path = shelf::path_of(&places.sled, first);
        if !path.exists() {
            self.missing += events.len() as u64;
            return;
        }
        if let Err(why) = self.compare_with(&path, journal, first, events) {
            self.unreadable = Some(why.to_string());
        }
    }

    fn compare_with(
        &mut self,
        path: &Path,
        journal: [u8; 16],
        first: u64,
        events: &[Vec<u8>],
    ) -> Result<(), shelf::StoreError> {
        let shelf = Shelf::open(path, journal)?;
        let mut walked = 0;
        for (sequence, event) in (first..).zip(events) {
            match shelf.get(sequence)? {
                None => self.missing += 1,
                Some(held) => {
                    walked += 1;
                    self.different += u64::from(held != *event);
                }
            }
        }
        self.surplus += shelf.count().saturating_sub(walked);
        Ok(())
    }

    fn conclude(mut self) -> Store {
        if self.in_use {
            return Store::InUse;
        }
        for (_, path) in std::mem::take(&mut self.left) {
            // A store without a segment: one that was never filled is nothing, any other tells of a loss.
            match Shelf::open_any(&path) {
                Ok(shelf) => self.surplus += shelf.count(),
                Err(why) => self.unreadable = Some(why.to_string()),
            }
        }
        let (missing, different, surplus) = (self.missing, self.different, self.surplus);
        match self.unreadable {
            _ if different > 0 || surplus > 0 => Store::Differs { missing, different, surplus },
            Some(why) => Store::Unreadable { why },
            None if missing > 0 => Store::Differs { missing, different, surplus },
            None => Store::Same,
        }
    }
}
