//! What somebody made of the events so far, kept beside them, so that a start need not read them all again.
//!
//! A snapshot is never needed: one that is missing, torn, of another journal, or of events that were replaced is not
//! there. Knows nothing of what is in it.

use std::fs::File;
use std::io::Read;

use gate::Event;

use super::read::{self, first_time};
use super::{Events, Journal, JournalError, disk, segment};
use crate::durable;
use pass::Timestamp;

/// The layout's name and version.
const MAGIC: &[u8; 8] = b"SGSNAP\0\x01";
/// Bytes before the content: magic, journal, sequence, hash of that event, CRC-32 of content and these.
const HEADER: usize = 8 + 16 + 8 + 32 + 4;
/// A file larger than this is no snapshot of ours: who is outside and what quotas are used, of 100,000 residents.
const MAX_FILE: u64 = 32 << 20;

/// A snapshot that fits the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The newest event that it takes into account.
    pub sequence: u64,
    /// What was kept.
    pub content: Vec<u8>,
}

impl Journal {
    /// The newest snapshot, if it is of this journal's events.
    #[must_use]
    pub fn snapshot(&self) -> Option<Snapshot> {
        let mut bytes = Vec::new();
        let file = File::open(&self.places.snapshot).ok()?;
        file.take(MAX_FILE + 1).read_to_end(&mut bytes).ok()?;
        let (header, content) = bytes.split_at_checked(HEADER)?;
        let (fields, crc) = header.split_at(HEADER - 4);
        let journal: [u8; 16] = fields[8..24].try_into().ok()?;
        let sequence = u64::from_be_bytes(fields[24..32].try_into().ok()?);
        let hash: [u8; 32] = fields[32..64].try_into().ok()?;
        let whole = fields[..8] == *MAGIC && crc == crc_of(fields, content).to_be_bytes();
        if !whole || self.id != journal {
            return None;
        }
        // Of a journal that lost its end, or of none: the event that it was made at must be there.
        let held = if sequence == self.tip.sequence {
            self.tip.hash
        } else {
            Event::hash_of(&self.event(sequence).ok()??)
        };
        (held == hash).then(|| Snapshot { sequence, content: content.to_vec() })
    }

    /// Keeps what was made of all events so far, in place of the snapshot before.
    ///
    /// # Errors
    /// When the disk says no; then the one before is still there.
    pub fn keep_snapshot(&self, content: &[u8]) -> Result<(), JournalError> {
        let mut bytes = Vec::with_capacity(HEADER + content.len());
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&self.id);
        bytes.extend_from_slice(&self.tip.sequence.to_be_bytes());
        bytes.extend_from_slice(&self.tip.hash);
        let crc = crc_of(&bytes, content);
        bytes.extend_from_slice(&crc.to_be_bytes());
        bytes.extend_from_slice(content);
        durable::replace(&self.places.snapshot, &bytes).map_err(disk(&self.places.snapshot))
    }

    /// The events after this one.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub fn after(
        &self,
        sequence: u64,
    ) -> Result<impl Iterator<Item = Result<Event, JournalError>>, JournalError> {
        let next = sequence.saturating_add(1);
        let mut oldest = next;
        let mut events = read::from(&self.places, |(first, _)| {
            oldest = *first;
            Ok(*first > next)
        })?;
        // Those before it in its segment need not be taken apart.
        events.leave_out(next.saturating_sub(oldest));
        Ok(events.filter(move |event| event.as_ref().map_or(true, |event| event.sequence > sequence)))
    }

    /// At least the events since this time; a segment that the time is in is read from its beginning.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub fn since(&self, at: Timestamp) -> Result<Events, JournalError> {
        let begins_after = |path: &std::path::Path| -> std::io::Result<bool> {
            // A time in doubt tells nothing: older ones are read too.
            Ok(first_time(&segment::peek(path)?).is_none_or(|first| first >= at))
        };
        read::from(&self.places, |(_, path)| begins_after(path))
    }
}

fn crc_of(fields: &[u8], content: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(fields);
    hasher.update(content);
    hasher.finalize()
}
