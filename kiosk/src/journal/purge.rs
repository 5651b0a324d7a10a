//! Purging for good: whole segments and their stores are deleted, and a signed checkpoint stands for them.
//!
//! Knows no clock: whoever asks must believe the time.

use std::io;
use std::path::{Path, PathBuf};

use pass::Timestamp;

use super::checkpoint::Checkpoint;
use super::{Journal, JournalError, Places, SEGMENT_SECONDS, disk, read, segment, shelf};
use crate::durable;

/// What a purge did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    /// Events that are gone.
    pub events: u64,
    /// Segment files that are gone.
    pub segments: usize,
}

impl Journal {
    /// Deletes every segment whose events all happened before `before`. As a segment spans a day at most, events go when they
    /// are at most a day older than that. A segment that grows and is a day old is closed first, so that the events of a gate
    /// that nobody passes any more go too.
    ///
    /// An event happened before every later one, whatever the clock said: of a segment, the times of those after it count,
    /// so that a clock that ran ahead for a while keeps nothing for ever. Times in doubt never count.
    ///
    /// # Errors
    /// When the disk says no. What was begun is finished when the journal is opened again.
    pub fn purge(&mut self, before: Timestamp, now: Timestamp) -> Result<Purged, JournalError> {
        if self.begun.is_some_and(|begun| now.since(begun).saturating_abs() >= SEGMENT_SECONDS) {
            let writer = self.begin_segment()?;
            self.writer = Some(writer);
        }
        let segments = disk(&self.places.segments);
        let list = segment::list(&self.places.segments).map_err(segments)?;
        let mut bound = now;
        let mut keep_from = 0;
        // From the newest to the oldest: `bound` is the latest that the events of the segment at hand can have happened.
        for (at, (_, path)) in list.iter().enumerate().rev() {
            let first = first_time(path).map_err(disk(path))?;
            // All of a segment happened within a day, unless its clock was wrong: then those after it tell.
            let newest = first.map_or(bound, |first| bound.min(first.plus(SEGMENT_SECONDS)));
            if at + 1 < list.len() && newest <= before {
                keep_from = at + 1;
                break;
            }
            bound = first.map_or(bound, |first| bound.min(first));
        }
        let Some((first, path)) = list.get(keep_from).filter(|_| keep_from > 0) else {
            forget_set_aside(&self.places, before).map_err(disk(&self.places.sled))?;
            return Ok(Purged::default());
        };
        let header = segment::header(path)
            .map_err(disk(path))?
            .ok_or_else(|| JournalError::Damaged { path: path.clone(), what: super::Damage::Header })?;
        let checkpoint =
            Checkpoint { journal: self.id, sequence: first - 1, hash: header.before, at: now, before };
        // The checkpoint first: when the power fails, what it says was purged is purged at the next start.
        checkpoint.write(&self.places)?;
        let events = first.saturating_sub(list[0].0);
        finish(&self.places, checkpoint.sequence).map_err(disk(&self.places.segments))?;
        forget_set_aside(&self.places, before).map_err(disk(&self.places.sled))?;
        Ok(Purged { events, segments: keep_from })
    }
}

/// Deletes every segment that begins at or before `purged`, its store, and what was made of it.
pub(super) fn finish(places: &Places, purged: u64) -> io::Result<()> {
    // It tells of people as the events did.
    for path in [&places.snapshot, &durable::on_the_way(&places.snapshot)] {
        match std::fs::remove_file(path) {
            Err(why) if why.kind() != io::ErrorKind::NotFound => return Err(why),
            _ => {}
        }
    }
    for (_, path) in segment::list(&places.segments)?.into_iter().filter(|(first, _)| *first <= purged) {
        std::fs::remove_file(path)?;
    }
    durable::sync_folder(&places.segments)?;
    for (_, path) in shelf::list(&places.sled)?.into_iter().filter(|(first, _)| *first <= purged) {
        std::fs::remove_dir_all(path)?;
    }
    for path in set_aside_in(&places.sled, "") {
        // A store that was moved aside holds what its segment holds, and nothing else.
        std::fs::remove_dir_all(path)?;
    }
    match durable::sync_folder(&places.sled) {
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(()),
        synced => synced,
    }
}

/// Deletes journals that were moved aside and in which nothing was written since `before`: they hold events too.
fn forget_set_aside(places: &Places, before: Timestamp) -> io::Result<()> {
    let Some(journal) = places.id.parent() else { return Ok(()) };
    let (Some(folder), Some(name)) = (journal.parent(), journal.file_name()) else { return Ok(()) };
    for old in set_aside_in(folder, &name.to_string_lossy()) {
        let segments = segment::list(&Places::of(&old).segments).unwrap_or_default();
        let newest = segments.iter().filter_map(|(_, path)| modified(path)).max();
        if newest.is_none_or(|newest| newest <= before) {
            tracing::info!(old = %old.display(), "deleting a journal that was moved aside");
            std::fs::remove_dir_all(old)?;
        }
    }
    Ok(())
}

/// Folders that were moved aside under a name that begins like this.
fn set_aside_in(folder: &Path, name: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let is_one = |path: &PathBuf| {
        let found = path.file_name().and_then(|found| found.to_str()).unwrap_or_default();
        found.starts_with(name) && found.contains("-damaged-") && path.is_dir()
    };
    entries.map(|entry| entry.path()).filter(is_one).collect()
}

fn modified(path: &Path) -> Option<Timestamp> {
    let modified = std::fs::metadata(path).ok()?.modified().ok()?;
    let seconds = modified.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs();
    Some(Timestamp(i64::try_from(seconds).unwrap_or(i64::MAX)))
}

/// The first time in a segment that was not in doubt.
fn first_time(path: &Path) -> io::Result<Option<Timestamp>> {
    // Clocks are believed nearly always, so the first events nearly always tell.
    match read::first_time(&segment::peek(path)?) {
        None => Ok(read::first_time(&segment::read(path)?.events)),
        first => Ok(first),
    }
}
