//! Taking a newer program from wherever it comes: never an older one, never one for another machine, and whole or not at all.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;

use protocol::{Update, UpdateError, Version};

use super::{ARRIVING, BUILT, LEAVING, PROGRAM, Programs, SIGNED, TARGET, gone};
use crate::durable;
use crate::held::HeldError;

/// What stays free on the disk: the journal comes first.
const SPARE: u64 = 64 << 20;

/// Why a program is not taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum CannotTake {
    /// No root is pinned, so nobody is believed.
    #[error("no root key is pinned")]
    Untrusted,
    /// The file is not what the root signed.
    #[error(transparent)]
    Update(#[from] UpdateError),
    /// It is for other machines.
    #[error("the program is for {target}, and this machine is {TARGET}")]
    OtherTarget {
        /// For which.
        target: String,
    },
    /// It is not newer than the one that runs, or than one that was here before.
    #[error("version {version} is not newer than {than}")]
    NotNewer {
        /// Its version.
        version: Version,
        /// The other one's.
        than: Version,
    },
    /// This very version was tried here and put aside.
    #[error("version {version} was tried here, and failed")]
    Failed {
        /// Its version.
        version: Version,
    },
    /// The disk is too full.
    #[error("it takes {needs} bytes on the disk, and {free} are free")]
    NoRoom {
        /// With what has to stay free.
        needs: u64,
        /// What is free.
        free: u64,
    },
    /// The data folder is mounted so that nothing in it can be run.
    #[error("the data folder is mounted noexec")]
    NoExec,
    /// The disk.
    #[error(transparent)]
    Disk(#[from] io::Error),
    /// What the gate holds.
    #[error(transparent)]
    Held(#[from] HeldError),
}

impl Programs {
    /// Takes the program in a file, if it may be started here. It is started by the next start of the gate.
    pub(crate) fn take(&self, file: &mut impl Read) -> Result<Version, CannotTake> {
        let root = self.held.root()?.ok_or(CannotTake::Untrusted)?;
        let (signed, update) = Update::read_head(file, &root)?;
        self.demand(&update)?;
        std::fs::create_dir_all(&self.folder)?;
        // One comes at a time; whoever waited looks again whether it is needed still.
        let _lock = self.lock("arriving.lock")?;
        self.demand(&update)?;
        let arriving = self.folder.join(ARRIVING);
        gone(&arriving)?;
        self.demand_room(update.size)?;
        let arrived = self.arrive(&signed, &update, file);
        if arrived.is_err() {
            // A disk that is full has no room for halves.
            let _ = gone(&arriving);
        }
        arrived?;
        tracing::info!(version = %update.version, "a newer program has come");
        self.forget_older(update.version);
        Ok(update.version)
    }

    fn arrive(&self, signed: &[u8], update: &Update, file: &mut impl Read) -> Result<(), CannotTake> {
        let (arriving, version) = (self.folder.join(ARRIVING), update.version);
        std::fs::create_dir(&arriving)?;
        let mut about = File::create_new(arriving.join(SIGNED))?;
        about.write_all(signed)?;
        about.sync_all()?;
        let program = File::options().write(true).create_new(true).mode(0o700).open(arriving.join(PROGRAM));
        let mut program = program?;
        update.read_program(file, &mut program)?;
        program.sync_all()?;
        drop(program);
        durable::sync_folder(&arriving)?;
        gone(&self.place(version))?;
        std::fs::rename(&arriving, self.place(version))?;
        durable::sync_folder(&self.folder)?;
        // What a disk has taken is not always what it gives back.
        if let Err(why) = self.verify(version) {
            self.remove(version)?;
            return Err(why);
        }
        Ok(self.change(|state| state.arrived(version))?)
    }

    fn demand(&self, update: &Update) -> Result<(), CannotTake> {
        let version = update.version;
        if update.target != TARGET {
            return Err(CannotTake::OtherTarget { target: update.target.clone() });
        }
        let (state, places) = (self.state(), self.places());
        if state.is_failed(version) {
            return Err(CannotTake::Failed { version });
        }
        let runs = BUILT.max(self.running.version);
        let newest = state.newest.max(places.last().copied());
        // One that came and is gone, as its files had decayed, may come again; an older one may not.
        let than = newest.filter(|newest| *newest > version || places.contains(&version));
        match than.or(Some(runs).filter(|runs| *runs >= version)) {
            Some(than) => Err(CannotTake::NotNewer { version, than }),
            None => Ok(()),
        }
    }

    fn demand_room(&self, size: u64) -> Result<(), CannotTake> {
        let about = rustix::fs::statvfs(&self.folder).map_err(io::Error::from)?;
        if about.f_flag.contains(rustix::fs::StatVfsMountFlags::NOEXEC) {
            return Err(CannotTake::NoExec);
        }
        let (needs, free) = (size + SPARE, about.f_bavail.saturating_mul(about.f_frsize));
        if free < needs { Err(CannotTake::NoRoom { needs, free }) } else { Ok(()) }
    }

    /// Deletes what will not be started any more: of those before `newest`, the one that runs and the newest that proved itself stay.
    pub(super) fn forget_older(&self, newest: Version) {
        let (state, runs) = (self.state(), self.runs());
        let older: Vec<Version> = self.places().into_iter().filter(|version| *version < newest).collect();
        let good =
            older.iter().rev().find(|version| state.is_proved(**version) && !state.is_failed(**version));
        for version in older.iter().filter(|version| Some(*version) != good && **version != runs) {
            self.forget(*version);
        }
    }

    /// Deletes a program, and what is known of it.
    pub(super) fn forget(&self, version: Version) {
        let removed = self.remove(version).and_then(|()| self.change(|state| state.removed(version)));
        if let Err(why) = removed {
            tracing::warn!(%version, %why, "a program that is not needed can't be deleted");
        }
    }

    /// Deletes what a cut has left half done, unless somebody is at it just now.
    pub(super) fn tidy(&self) {
        let lock = File::options().write(true).open(self.folder.join("arriving.lock"));
        if lock.is_ok_and(|lock| lock.try_lock().is_ok_and(|()| gone(&self.folder.join(ARRIVING)).is_err())) {
            tracing::warn!("what is left of a program that was cut short can't be deleted");
        }
        let _ = gone(&self.folder.join(LEAVING));
    }
}
