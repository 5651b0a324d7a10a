//! How far the office has a journal: a mark that is set when events have been carried away, and never goes back.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::durable;
use crate::record::hex;

/// The file of a data folder.
const FILE: &str = "delivered.json";

/// Up to where a journal was delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Delivered {
    /// The journal's random name, in hexadecimal.
    journal: String,
    /// The last event that was.
    sequence: u64,
}

impl Delivered {
    /// What is marked in this data folder about this journal. A mark that can't be read counts as none: what is told twice
    /// does no harm.
    pub(crate) fn of(data: &Path, journal: [u8; 16]) -> u64 {
        Self::read(data).filter(|mark| mark.journal == hex(&journal)).map_or(0, |mark| mark.sequence)
    }

    /// Marks what was delivered. One that is less than before changes nothing.
    ///
    /// # Errors
    /// When the disk says no.
    pub(crate) fn mark(data: &Path, journal: [u8; 16], sequence: u64) -> io::Result<()> {
        if Self::of(data, journal) >= sequence {
            return Ok(());
        }
        let mark = Self { journal: hex(&journal), sequence };
        let json = serde_json::to_vec(&mark).expect("text and numbers are always JSON");
        durable::replace(&data.join(FILE), &json)
    }

    fn read(data: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(data.join(FILE)).ok()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_never_goes_back_and_is_of_one_journal() {
        let dir = tempfile::tempdir().unwrap();
        let of = |journal| Delivered::of(dir.path(), [journal; 16]);
        assert_eq!(of(1), 0);
        for (mark, stands) in [(5, 5), (3, 5), (9, 9)] {
            Delivered::mark(dir.path(), [1; 16], mark).unwrap();
            assert_eq!((of(1), of(2)), (stands, 0));
        }
        // A new journal begins anew.
        Delivered::mark(dir.path(), [2; 16], 1).unwrap();
        assert_eq!((of(1), of(2)), (0, 1));
        std::fs::write(dir.path().join(FILE), "{").unwrap();
        assert_eq!(of(2), 0);
    }
}
