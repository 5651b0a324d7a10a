//! What is known of newer programs beside their files: how often each was started, which proved themselves, which were put aside.
//!
//! The files are the truth about which there are; this says how they did. It is replaced whole with every change.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use protocol::Version;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::durable;

pub(super) const FILE: &str = "state.json";
/// A program that never proved itself is put aside when it was started so often; one that did, and then fails, when it was started
/// [`STARTS_PROVED`] times in a row: power that comes and goes is not its fault.
const STARTS: u32 = 3;
const STARTS_PROVED: u32 = 10;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    /// The newest that ever came: nothing older is taken, also not when it is gone.
    #[serde(default, with = "optional")]
    pub(super) newest: Option<Version>,
    /// The one that was started last; none when it was the installed one.
    #[serde(default, with = "optional")]
    pub(super) runs: Option<Version>,
    /// By their versions.
    #[serde(default)]
    programs: BTreeMap<String, Record>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Record {
    /// Starts since it was last at work well.
    starts: u32,
    /// Whether it ever was.
    proved: bool,
    /// Whether it was put aside.
    #[serde(default)]
    failed: bool,
}

impl State {
    /// What is known. A file that can't be read any more says nothing: the worst that comes of it is that a program is tried anew.
    pub(super) fn read(folder: &Path) -> Self {
        let bytes = match std::fs::read(folder.join(FILE)) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => return Self::default(),
            read => read,
        };
        let state = bytes.and_then(|bytes| serde_json::from_slice(&bytes).map_err(io::Error::other));
        state.unwrap_or_else(|why| {
            tracing::error!(%why, "what is known of newer programs can't be read");
            Self::default()
        })
    }

    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        let json = serde_json::to_vec_pretty(self).expect("texts and numbers are always JSON");
        durable::replace(&folder.join(FILE), &json)
    }

    /// Forgets how one of this version did that was here before.
    pub(super) fn arrived(&mut self, version: Version) {
        self.programs.insert(version.to_string(), Record::default());
        self.newest = self.newest.max(Some(version));
    }

    /// It is about to be started; or, when it was started too often, it is put aside instead. Returns whether it is to be started.
    pub(super) fn count(&mut self, version: Version) -> bool {
        let record = self.programs.entry(version.to_string()).or_default();
        let most = if record.proved { STARTS_PROVED } else { STARTS };
        if record.failed || record.starts >= most {
            record.failed = true;
            return false;
        }
        record.starts += 1;
        self.runs = Some(version);
        true
    }

    /// It ended as it was asked to: that start counts neither way.
    pub(super) fn uncount(&mut self, version: Version) {
        if let Some(record) = self.programs.get_mut(&version.to_string()) {
            record.starts = record.starts.saturating_sub(1);
        }
    }

    /// It was at work well.
    pub(super) fn prove(&mut self, version: Version) {
        let record = self.programs.entry(version.to_string()).or_default();
        *record = Record { starts: 0, proved: true, failed: false };
    }

    pub(super) fn is_proved(&self, version: Version) -> bool {
        self.programs.get(&version.to_string()).is_some_and(|record| record.proved)
    }

    pub(super) fn is_failed(&self, version: Version) -> bool {
        self.programs.get(&version.to_string()).is_some_and(|record| record.failed)
    }

    /// The newest that was put aside.
    pub(super) fn failed(&self) -> Option<Version> {
        let failed = self.programs.iter().filter(|(_, record)| record.failed);
        failed.filter_map(|(version, _)| version.parse().ok()).max()
    }

    /// It is not there any more. What was put aside stays known.
    pub(super) fn removed(&mut self, version: Version) {
        if !self.is_failed(version) {
            self.programs.remove(&version.to_string());
        }
    }
}

mod optional {
    use super::*;

    pub(super) fn serialize<S: Serializer>(version: &Option<Version>, s: S) -> Result<S::Ok, S::Error> {
        version.map(|version| version.to_string()).serialize(s)
    }

    pub(super) fn deserialize<'d, D: Deserializer<'d>>(d: D) -> Result<Option<Version>, D::Error> {
        let text = Option::<String>::deserialize(d)?;
        text.map(|text| text.parse().map_err(serde::de::Error::custom)).transpose()
    }
}
