//! Reading a journal without opening it for writing.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};

use gate::Event;
use pass::Timestamp;

use super::checkpoint::Checkpoint;
use super::segment::{self, End};
use super::{Damage, JournalError, Places, disk};

/// The events of a journal from the oldest to the newest, one segment in memory at a time. What is readable comes first;
/// damage comes last, as an error.
#[derive(Debug)]
pub struct Events {
    segments: VecDeque<PathBuf>,
    path: PathBuf,
    events: VecDeque<Vec<u8>>,
    /// So many are left out from here on.
    left_out: u64,
    damage: Option<JournalError>,
}

impl Events {
    /// The next event's bytes, as they were written and hashed.
    pub fn next_bytes(&mut self) -> Option<Result<Vec<u8>, JournalError>> {
        loop {
            if let Some(bytes) = self.events.pop_front() {
                return Some(Ok(bytes));
            }
            if let Some(damage) = self.damage.take() {
                self.segments.clear();
                return Some(Err(damage));
            }
            self.path = self.segments.pop_front()?;
            let segment = match segment::read(&self.path) {
                // Purged meanwhile.
                Err(why) if why.kind() == io::ErrorKind::NotFound => continue,
                Ok(segment) => segment,
                Err(why) => return Some(Err(disk(&self.path)(why))),
            };
            let being_written = segment.end == End::Torn && self.segments.is_empty();
            if segment.end != End::Clean && !being_written {
                let what = Damage::Record { at: segment.sound };
                self.damage = Some(JournalError::Damaged { path: self.path.clone(), what });
            }
            self.events = segment.events.into();
            let out = self.events.len().min(usize::try_from(self.left_out).unwrap_or(usize::MAX));
            self.events.drain(..out);
            self.left_out -= out as u64;
        }
    }

    /// Leaves out the first events.
    pub(super) fn leave_out(&mut self, count: u64) {
        self.left_out = count;
    }
}

/// Reads the events of the journal in `folder`, also while a kiosk is writing it. A journal that was never begun has none.
///
/// # Errors
/// When the folder can't be read.
pub fn read(folder: &Path) -> Result<Events, JournalError> {
    from(&Places::of(folder), |_| Ok(true))
}

/// The bytes of events after this one, in their order, as long as they come to no more than `most` together (but one at least); also
/// while a kiosk is writing them.
///
/// # Errors
/// When the folder can't be read, or something is wrong before the first of them.
pub fn read_after(folder: &Path, sequence: u64, most: usize) -> Result<Vec<Vec<u8>>, JournalError> {
    let next = sequence.saturating_add(1);
    let mut oldest = next;
    let mut events = from(&Places::of(folder), |(first, _)| {
        oldest = *first;
        Ok(*first > next)
    })?;
    events.leave_out(next.saturating_sub(oldest));
    let (mut found, mut bytes) = (Vec::new(), 0);
    while let Some(event) = events.next_bytes() {
        match event {
            Ok(event) if found.is_empty() || bytes + event.len() <= most => {
                bytes += event.len();
                found.push(event);
            }
            Err(why) if found.is_empty() => return Err(why),
            _ => break,
        }
    }
    Ok(found)
}

/// The sequence of the oldest event of the journal in `folder`; one where nothing was purged, or nothing was begun. Also while a kiosk is
/// writing it.
///
/// # Errors
/// When the folder can't be read.
pub fn first(folder: &Path) -> Result<u64, JournalError> {
    let places = Places::of(folder);
    let list = match segment::list(&places.segments) {
        Err(why) if why.kind() == io::ErrorKind::NotFound => Vec::new(),
        list => list.map_err(disk(&places.segments))?,
    };
    let purged = Checkpoint::claimed(&places).ok().flatten().map_or(0, |checkpoint| checkpoint.sequence);
    Ok(list.iter().map(|(first, _)| *first).find(|first| *first > purged).unwrap_or(purged + 1))
}

/// The name of the journal in `folder` and the sequence of its last event; none of one that was never begun. Also while a kiosk is
/// writing it.
///
/// # Errors
/// When the folder can't be read.
pub fn last(folder: &Path) -> Result<Option<([u8; 16], u64)>, JournalError> {
    let places = Places::of(folder);
    let list = match segment::list(&places.segments) {
        Err(why) if why.kind() == io::ErrorKind::NotFound => Vec::new(),
        list => list.map_err(disk(&places.segments))?,
    };
    // The newest may have been begun in this moment, and hold nothing yet.
    for (first, path) in list.into_iter().rev() {
        let segment = segment::read(&path).map_err(disk(&path))?;
        if let Some(header) = segment.header {
            return Ok(Some((header.journal, (first + segment.events.len() as u64).saturating_sub(1))));
        }
    }
    Ok(None)
}

/// As [`read`], leaving out the segments before the last one for which `wanted` says no.
pub(super) fn from(
    places: &Places,
    mut wanted: impl FnMut(&(u64, PathBuf)) -> io::Result<bool>,
) -> Result<Events, JournalError> {
    let list = match segment::list(&places.segments) {
        Err(why) if why.kind() == io::ErrorKind::NotFound => Vec::new(),
        list => list.map_err(disk(&places.segments))?,
    };
    let purged = Checkpoint::claimed(places).ok().flatten().map_or(0, |checkpoint| checkpoint.sequence);
    let mut segments = VecDeque::new();
    for entry in list.into_iter().rev() {
        // What a purge that was cut short has left behind is no longer part of the journal.
        if entry.0 <= purged {
            break;
        }
        let enough = !wanted(&entry).map_err(disk(&entry.1))?;
        segments.push_front(entry.1);
        if enough {
            break;
        }
    }
    Ok(Events { segments, path: PathBuf::new(), events: VecDeque::new(), left_out: 0, damage: None })
}

impl Iterator for Events {
    type Item = Result<Event, JournalError>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.next_bytes()?.and_then(|bytes| {
            Event::from_bytes(&bytes).map_err(|why| {
                let path = self.path.clone();
                JournalError::Damaged { path, what: Damage::Unreadable { why: why.to_string() } }
            })
        }))
    }
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

/// The first time among these events that was not in doubt.
pub(super) fn first_time(events: &[Vec<u8>]) -> Option<Timestamp> {
    let events = events.iter().filter_map(|bytes| Event::from_bytes(bytes).ok());
    events.into_iter().find(|event| !event.in_doubt).map(|event| event.at)
}
