//! Starting the newest program that works in place of this one: the same process, with the same arguments.

use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use protocol::{UpdateError, Version};

use super::{BUILT, CannotTake, PROGRAM, Programs, Running, STARTED};
use crate::held::Held;

impl Programs {
    /// Starts the newest program in the data folder that is newer than this one and works, in place of this one. Returns when there is
    /// none: then this one is to go on.
    pub(crate) fn start(held: &Held) {
        let programs = Self::of(held);
        let trusts = matches!(held.root(), Ok(Some(_)));
        // A program that was started so looks no further: nothing goes round in a circle.
        if !trusts || programs.running.installed.is_some() || !programs.folder.is_dir() {
            return;
        }
        programs.tidy();
        for version in programs.places().into_iter().rev() {
            if version <= BUILT {
                programs.forget(version);
                continue;
            }
            let why = programs.start_one(version);
            tracing::error!(%version, %why, "a newer program was not started");
        }
        if programs.state().runs.is_some()
            && let Err(why) = programs.change(|state| state.runs = None)
        {
            tracing::warn!(%why, "which program runs was not written down");
        }
    }

    /// Returns why it was not started.
    fn start_one(&self, version: Version) -> CannotTake {
        // First the count, on the disk: whatever the program does, it does it three times at most.
        match self.change(|state| state.count(version)) {
            Ok(true) => {}
            Ok(false) => {
                self.forget(version);
                return CannotTake::Failed { version };
            }
            Err(why) => return why.into(),
        }
        match self.verify(version) {
            Ok(()) => replace(&self.place(version).join(PROGRAM), version).into(),
            // Nothing that the root believed in now has signed, or not what it was: it can come again.
            Err(why @ (CannotTake::OtherTarget { .. } | CannotTake::Update(_))) if !is_disk(&why) => {
                self.forget(version);
                why
            }
            // The disk may read it the next time.
            Err(why) => why,
        }
    }

    /// Starts the installed program in place of this one; which starts the newest. Returns why it could not.
    pub(crate) fn start_again(&self) -> io::Error {
        let installed = self.running.installed.clone().filter(|path| path.exists());
        let mut command = again(installed.unwrap_or_else(|| PathBuf::from("/proc/self/exe")));
        command.env_remove(STARTED).exec()
    }

    /// This start ended as it was asked to: it says nothing about the program.
    pub(crate) fn ended_in_order(&self) {
        let version = self.running.version;
        if self.running.installed.is_some()
            && let Err(why) = self.change(|state| state.uncount(version))
        {
            tracing::warn!(%why, "a start that ended in order could not be taken back");
        }
    }
}

fn is_disk(why: &CannotTake) -> bool {
    matches!(why, CannotTake::Update(UpdateError::Io(_)))
}

/// Puts a program in the place of this one. Returns why it could not.
fn replace(program: &Path, version: Version) -> io::Error {
    let installed = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("/proc/self/exe"));
    let mut command = again(program.to_owned());
    command.env(STARTED, Running::told(version, std::process::id(), &installed)).exec()
}

/// A program, with what this one was started with.
fn again(program: PathBuf) -> Command {
    let mut arguments = std::env::args_os();
    let mut command = Command::new(program);
    if let Some(name) = arguments.next() {
        command.arg0(name);
    }
    command.args(arguments);
    command
}
