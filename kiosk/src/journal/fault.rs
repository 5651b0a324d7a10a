//! What keeps a journal from being written, as far as it makes a difference to what people do about it.

use std::io;

use super::{JournalError, Places, StoreError, disk};

/// Room on the disk below which nothing is appended: sled does not behave well on a disk that is full to the last byte, and
/// what is purged or set aside needs some too.
const RESERVE: u64 = 8 << 20;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// There is no room.
    Full,
    /// It can't be written: mounted read-only, as Linux does after errors, or locked by a switch.
    ReadOnly,
    /// What was acknowledged is no longer there as it was.
    Damaged,
    /// Anything else that the disk or the system says.
    Other,
}

impl JournalError {
    /// What is wrong.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Damaged { .. } => Fault::Damaged,
            Self::Disk { why, .. } | Self::Store(StoreError::Sync { why, .. }) => of(why),
            Self::Store(StoreError::Sled { why: sled::Error::Io(why), .. }) => of(why),
            _ => Fault::Other,
        }
    }
}

fn of(why: &io::Error) -> Fault {
    match why.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            Fault::Full
        }
        io::ErrorKind::ReadOnlyFilesystem => Fault::ReadOnly,
        _ => Fault::Other,
    }
}

/// Demands that the disk can be written, and that there is room for what an append may need.
#[cfg(target_os = "linux")]
pub(super) fn demand_room(places: &Places) -> Result<(), JournalError> {
    // What can't be asked shows when it is written.
    let Ok(about) = rustix::fs::statvfs(&places.segments) else { return Ok(()) };
    let fault = if about.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY) {
        io::ErrorKind::ReadOnlyFilesystem
    } else if about.f_bavail.saturating_mul(about.f_frsize) < RESERVE {
        io::ErrorKind::StorageFull
    } else {
        return Ok(());
    };
    Err(disk(&places.segments)(fault.into()))
}

#[cfg(not(target_os = "linux"))]
pub(super) fn demand_room(_: &Places) -> Result<(), JournalError> {
    Ok(())
}
