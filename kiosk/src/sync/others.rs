//! What the other gates of the compound have logged: kept on the disk as the office sent it, so that a quota holds at this gate as
//! well, also after a restart without a network.
//!
//! A file for each journal and day on which it came, each event one item of CBOR after the other. Not a journal of this gate: what is
//! lost with a torn end, the office sends again.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use gate::{Event, Events};
use pass::Timestamp;
use protocol::Stand;

use crate::record::hex;

/// A file holds the events of so many seconds: what is older than events are kept is deleted file by file.
const FILE_SECONDS: i64 = 86_400;
/// Rules look back no longer than events are kept.
const KEPT_SECONDS: i64 = 31 * 86_400;

/// Events of other gates.
#[derive(Debug)]
pub(crate) struct Others {
    folder: PathBuf,
    stands: BTreeMap<[u8; 16], u64>,
}

impl Others {
    /// Opens what is kept in `folder`, to keep more. A torn end is cut off.
    ///
    /// # Errors
    /// When the disk says no.
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        let torn = |path: &Path, sound| {
            tracing::warn!(path = %path.display(), "cut off what was torn; the office sends it again");
            File::options().write(true).open(path)?.set_len(sound)
        };
        Self::through(folder, drop, torn)
    }

    /// Gives every event that is kept in `folder` to `each`, those of one journal in their order, also while another thread keeps more.
    ///
    /// # Errors
    /// When the disk says no.
    pub(crate) fn read(folder: &Path, each: impl FnMut(Event)) -> io::Result<()> {
        Self::through(folder, each, |_, _| Ok(())).map(drop)
    }

    fn through(
        folder: &Path,
        mut each: impl FnMut(Event),
        torn: impl Fn(&Path, u64) -> io::Result<()>,
    ) -> io::Result<Self> {
        let mut others = Self { folder: folder.to_owned(), stands: BTreeMap::new() };
        for path in others.files()? {
            let bytes = std::fs::read(&path)?;
            let mut sound = 0;
            for event in Events::of(&bytes) {
                let Ok(event) = event else { break };
                sound += event.to_bytes().len() as u64;
                if others.is_next(&event) {
                    each(event);
                }
            }
            if sound < bytes.len() as u64 {
                torn(&path, sound)?;
            }
        }
        Ok(others)
    }

    /// How far each journal is here.
    pub(crate) fn stands(&self) -> Vec<Stand> {
        self.stands.iter().map(|(journal, through)| Stand { journal: *journal, through: *through }).collect()
    }

    /// Keeps what came, but for events of the gate's `own` journal, and returns what of it is new.
    ///
    /// # Errors
    /// When the disk says no; what was not kept is asked for again.
    pub(crate) fn keep(&mut self, sent: &[Vec<u8>], own: Option<[u8; 16]>) -> io::Result<Vec<Event>> {
        let mut new: Vec<Event> = Vec::new();
        // What can't be read is of a newer program, and left out.
        let read = sent.iter().filter_map(|bytes| Event::from_bytes(bytes).ok());
        let mut files: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
        let mut stands = self.stands.clone();
        // An answer on a stick may be to a report of before the gate had a journal.
        for event in read.filter(|event| Some(event.journal) != own) {
            let stand = stands.entry(event.journal).or_default();
            if event.sequence > *stand {
                *stand = event.sequence;
                files.entry(self.path_of(&event)).or_default().extend(event.to_bytes());
                new.push(event);
            }
        }
        if new.is_empty() {
            return Ok(new);
        }
        std::fs::create_dir_all(&self.folder)?;
        for (path, bytes) in files {
            let mut file = File::options().create(true).append(true).open(path)?;
            file.write_all(&bytes)?;
            file.sync_data()?;
        }
        self.stands = stands;
        let newest = new.iter().map(|event| event.at.0).max().unwrap_or_default();
        self.forget(Timestamp(newest.saturating_sub(KEPT_SECONDS)))?;
        Ok(new)
    }

    /// Deletes files whose events are all older.
    fn forget(&self, before: Timestamp) -> io::Result<()> {
        for path in self.files()? {
            let day = name(&path).split('-').next().and_then(|day| day.parse::<i64>().ok());
            if day.is_some_and(|day| (day + 1).saturating_mul(FILE_SECONDS) <= before.0) {
                std::fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    fn is_next(&mut self, event: &Event) -> bool {
        let stand = self.stands.entry(event.journal).or_default();
        let next = event.sequence > *stand;
        *stand = event.sequence.max(*stand);
        next
    }

    /// Days first in the name: read in the order of names, each journal's events come in their order, as long as its clock went on.
    fn path_of(&self, event: &Event) -> PathBuf {
        let day = event.at.0.div_euclid(FILE_SECONDS).max(0);
        // A clock that went back writes on where it was: an event never stands in a file before its elders.
        let newest = self.files().unwrap_or_default().into_iter().filter_map(|path| {
            let (day, journal) = name(&path).split_once('-')?;
            (journal == format!("{}.events", hex(&event.journal))).then(|| day.parse::<i64>().ok()).flatten()
        });
        let day = newest.max().unwrap_or(day).max(day);
        self.folder.join(format!("{day:08}-{}.events", hex(&event.journal)))
    }

    fn files(&self) -> io::Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        let entries = match std::fs::read_dir(&self.folder) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(files),
            entries => entries?,
        };
        for entry in entries {
            let path = entry?.path();
            if name(&path).ends_with(".events") {
                files.push(path);
            }
        }
        files.sort();
        Ok(files)
    }
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use gate::{At, EmergencyOpened, What};

    fn event(journal: u8, sequence: u64, at: i64) -> Vec<u8> {
        let what = What::EmergencyOpened(EmergencyOpened { who: None, opened: At(Timestamp(at)) });
        let (gate, at) = ("东门".to_owned(), Timestamp(at));
        Event { gate, journal: [journal; 16], sequence, at, in_doubt: false, before: [0; 32], what }
            .to_bytes()
    }

    fn read(folder: &Path) -> (Others, Vec<(u8, u64)>) {
        let mut seen = Vec::new();
        Others::read(folder, |event| seen.push((event.journal[0], event.sequence))).unwrap();
        (Others::open(folder).unwrap(), seen)
    }

    #[test]
    fn what_came_is_there_after_a_restart_once() {
        const DAY: i64 = 86_400;
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("others");
        let (mut others, seen) = read(&folder);
        assert!(seen.is_empty() && others.stands().is_empty());
        let sent = [event(1, 1, 40 * DAY), event(1, 2, 41 * DAY), event(2, 7, 40 * DAY)];
        assert_eq!(others.keep(&sent, Some([1; 16])).unwrap().len(), 1, "its own it has itself");
        assert_eq!(others.keep(&sent, None).unwrap().len(), 2);
        assert_eq!(others.keep(&sent, None).unwrap().len(), 0, "the same again");
        // Its clock went back.
        assert_eq!(others.keep(&[event(1, 3, 39 * DAY), vec![0xFF]], None).unwrap().len(), 1);
        let (mut others, mut seen) = read(&folder);
        seen.sort_unstable();
        assert_eq!(seen, [(1, 1), (1, 2), (1, 3), (2, 7)]);
        assert_eq!(others.stands().iter().map(|it| it.through).collect::<Vec<_>>(), [3, 7]);
        // A month later what is old is deleted, and what was torn is cut off.
        assert_eq!(others.keep(&[event(2, 8, 72 * DAY)], None).unwrap().len(), 1);
        let last = others.files().unwrap().pop().unwrap();
        let mut file = File::options().append(true).open(last).unwrap();
        file.write_all(&event(2, 9, 72 * DAY)[..9]).unwrap();
        drop(file);
        let (mut others, mut seen) = read(&folder);
        seen.sort_unstable();
        assert_eq!(seen, [(1, 2), (1, 3), (2, 8)]);
        assert_eq!(others.keep(&[event(2, 9, 72 * DAY)], None).unwrap().len(), 1);
        assert_eq!(read(&folder).1.len(), 4);
    }
}
