//! The gate's own program, brought up to date without a package manager and without root rights.
//!
//! A program comes signed by the pinned root, by stick or in a file ([`Programs::take`]). It is checked whole and kept in the data
//! folder; the program that is installed starts it in its own place, in the same process ([`Programs::start`]), once it has verified it
//! again. A newer program has to prove itself ([`Trial`]): every start is counted on the disk before it happens, and the count goes back
//! to nought when the gate was at work well for a minute. One that was started three times without that is put aside for good, and the
//! one before is started. So whatever is signed, and wherever the power fails, a program that works is what runs in the end. An
//! installed program that is as new or newer wins.
//!
//! Whoever may write the data folder could pin another root as well: what is checked here keeps decay and strangers' sticks out, not
//! the user whom the gate runs as. Knows no screen, no journal and no rule.

mod kept;
mod start;
mod take;
mod trial;

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use protocol::{Update, UpdateError, Version};

use crate::durable;
use crate::held::Held;
use kept::State;
pub(crate) use take::CannotTake;
pub(crate) use trial::{Doing, Trial, Turn};

/// The folder of a data folder where programs are kept: one folder for each, called by its version.
const FOLDER: &str = "program";
/// In that of one program: the program, and what was signed about it.
const PROGRAM: &str = "kiosk";
const SIGNED: &str = "signed";
/// What has not arrived whole, and what is being deleted.
const ARRIVING: &str = ".arriving";
const LEAVING: &str = ".leaving";

/// The version that was built.
const BUILT: Version = Version(
    number(env!("CARGO_PKG_VERSION_MAJOR")),
    number(env!("CARGO_PKG_VERSION_MINOR")),
    number(env!("CARGO_PKG_VERSION_PATCH")),
);
/// What it was built for.
const TARGET: &str = env!("SANSE_TARGET");

const fn number(text: &str) -> u16 {
    match u16::from_str_radix(text, 10) {
        Ok(number) => number,
        Err(_) => panic!("a version's numbers are below 65536"),
    }
}

/// Set for a program that was started from the data folder: its version, the number of its process, and the installed program's path.
const STARTED: &str = "SANSE_KIOSK_PROGRAM";

/// Which program this process runs.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Running {
    version: Version,
    /// The installed program that has started it in its own place; none when it is itself the installed one.
    installed: Option<PathBuf>,
}

impl Running {
    fn here() -> Self {
        let told = std::env::var(STARTED).unwrap_or_default();
        Self::of(&told, std::process::id())
    }

    /// What is told counts for this very process: what it starts in turn inherits the words, and not the number.
    fn of(told: &str, process: u32) -> Self {
        let mut words = told.splitn(3, ' ');
        let version = words.next().and_then(|word| word.parse().ok());
        let ours = words.next().and_then(|word| word.parse().ok()) == Some(process);
        match (version, words.next()) {
            (Some(version), Some(path)) if ours => Self { version, installed: Some(path.into()) },
            _ => Self { version: BUILT, installed: None },
        }
    }

    fn told(version: Version, process: u32, installed: &Path) -> OsString {
        let mut told = OsString::from(format!("{version} {process} "));
        told.push(installed);
        told
    }
}

/// Newer programs in a data folder.
#[derive(Clone, Debug)]
pub(crate) struct Programs {
    held: Held,
    folder: PathBuf,
    running: Running,
}

/// How newer programs stand, for people and for those who watch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The newest that is to be started when the gate is quiet, or starts anew.
    pub waits: Option<Version>,
    /// The newest that was put aside and is newer than the one that runs.
    pub failed: Option<Version>,
}

impl Programs {
    pub(crate) fn of(held: &Held) -> Self {
        Self { folder: held.folder().join(FOLDER), held: held.clone(), running: Running::here() }
    }

    /// The version that runs: of this process when that is a gate at work, else of the one that was at work last.
    pub(crate) fn runs(&self) -> Version {
        let at_work = self.state().runs.filter(|version| self.places().contains(version));
        at_work.unwrap_or(self.running.version).max(self.running.version)
    }

    /// Name and version of the gate's program as it is told to the office, with the version that failed.
    pub(crate) fn software(&self) -> String {
        match self.standing().failed {
            None => format!("{} {}", Update::PRODUCT, self.runs()),
            Some(failed) => format!("{} {} (! {failed})", Update::PRODUCT, self.runs()),
        }
    }

    /// What the file with a program for this machine is called on a stick.
    pub(crate) fn file_name() -> String {
        Update::file_name(TARGET)
    }

    /// How newer programs stand.
    pub(crate) fn standing(&self) -> Standing {
        let (state, runs) = (self.state(), self.runs());
        let waits = self.places().into_iter().rev().find(|version| !state.is_failed(*version));
        let newer = |version: &Version| *version > runs;
        Standing { waits: waits.filter(newer), failed: state.failed().filter(newer) }
    }

    /// The versions that are kept, the newest last.
    fn places(&self) -> Vec<Version> {
        let names = std::fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut versions: Vec<Version> =
            names.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
        versions.sort_unstable();
        versions
    }

    fn place(&self, version: Version) -> PathBuf {
        self.folder.join(version.to_string())
    }

    /// Verifies a program that is kept, every byte of it.
    fn verify(&self, version: Version) -> Result<(), CannotTake> {
        let root = self.held.root()?.ok_or(CannotTake::Untrusted)?;
        let place = self.place(version);
        let signed = std::fs::read(place.join(SIGNED)).map_err(UpdateError::Io)?;
        let update = Update::open(&signed, &root).map_err(UpdateError::Refused)?;
        if update.target != TARGET {
            return Err(CannotTake::OtherTarget { target: update.target });
        }
        if update.version != version {
            return Err(UpdateError::Changed.into());
        }
        let mut program = File::open(place.join(PROGRAM)).map_err(UpdateError::Io)?;
        // From the disk, not from what memory still has of it.
        #[cfg(target_os = "linux")]
        let _ = rustix::fs::fadvise(&program, 0, None, rustix::fs::Advice::DontNeed);
        update.read_program(&mut program, &mut io::sink())?;
        Ok(())
    }

    /// Deletes a program: it is gone under its name before the first of its files is.
    fn remove(&self, version: Version) -> io::Result<()> {
        let leaving = self.folder.join(LEAVING);
        gone(&leaving)?;
        std::fs::rename(self.place(version), &leaving)?;
        durable::sync_folder(&self.folder)?;
        gone(&leaving)
    }

    fn state(&self) -> State {
        State::read(&self.folder)
    }

    /// Waits until nobody else holds this lock.
    fn lock(&self, name: &str) -> io::Result<File> {
        let file = File::options().create(true).truncate(false).write(true).open(self.folder.join(name))?;
        file.lock()?;
        Ok(file)
    }

    /// Changes what is known of programs, durably; of gate and commands one at a time.
    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> io::Result<T> {
        std::fs::create_dir_all(&self.folder)?;
        let _lock = self.lock("lock")?;
        let mut state = self.state();
        let done = change(&mut state);
        state.write(&self.folder)?;
        Ok(done)
    }
}

/// Deletes a folder that may not be there.
fn gone(folder: &Path) -> io::Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(why) if why.kind() != io::ErrorKind::NotFound => Err(why),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
