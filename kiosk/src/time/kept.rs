//! What outlives the program of what it knew about the time: one small file, replaced whole.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use pass::{Timestamp, Uptime};
use serde::{Deserialize, Serialize};

use crate::durable;

/// The last moment whose time was believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Believed {
    pub(super) at: Timestamp,
    pub(super) uptime: Uptime,
    /// It may have been earlier by so many seconds: what nobody has confirmed.
    pub(super) window: i64,
}

/// As it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    believed: i64,
    window: i64,
    /// Seconds to add to the system's clock, which a supervisor found wrong.
    pub(super) offset: i64,
    boot: String,
    running: u64,
}

impl Kept {
    pub(super) fn new(believed: &Believed, offset: i64) -> Self {
        Self {
            believed: believed.at.0,
            window: believed.window,
            offset,
            boot: format!("{:032x}", u128::from_be_bytes(believed.uptime.boot)),
            running: believed.uptime.running.as_secs(),
        }
    }

    pub(super) fn believed(&self) -> Believed {
        // What is no boot id is another one than this.
        let boot = u128::from_str_radix(&self.boot, 16).unwrap_or_default().to_be_bytes();
        let uptime = Uptime { boot, running: Duration::from_secs(self.running) };
        Believed { at: Timestamp(self.believed), uptime, window: self.window.max(0) }
    }

    /// Where it is kept in the folder of a kiosk.
    #[must_use]
    pub fn path(folder: &Path) -> PathBuf {
        folder.join("clock.json")
    }

    /// Reads it; none when it isn't there, or is not to be read.
    #[must_use]
    pub fn read(folder: &Path) -> Option<Self> {
        let path = Self::path(folder);
        let bytes = match std::fs::read(&path) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => return None,
            Err(why) => {
                tracing::warn!(%why, path = %path.display(), "the time of the last run is not known");
                return None;
            }
            Ok(bytes) => bytes,
        };
        serde_json::from_slice(&bytes)
            .inspect_err(|why| {
                tracing::warn!(%why, path = %path.display(), "the time of the last run is not known");
            })
            .ok()
    }

    /// Writes it.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        let json = serde_json::to_vec(self).expect("numbers and texts are always JSON");
        durable::replace(&Self::path(folder), &json)
    }
}
