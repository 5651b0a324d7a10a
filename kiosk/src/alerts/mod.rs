//! What the office must know at once: an emergency opening, a fever, somebody under observation who comes home.
//!
//! Each alert is pending until it was told, by what `[alert]` of `kiosk.toml` says, or until its event was delivered. It is sent
//! by a thread of its own, tried again for as long as it takes, and kept over a restart. Names nobody: numbers and codes only.

mod send;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use gate::{Event, What};
use pass::Timestamp;
use serde::{Deserialize, Serialize};

use crate::durable;
use crate::journal::Journal;
use crate::record::{hex, rfc3339};
pub use send::Setting;

/// The file of a data folder.
const FILE: &str = "alerts.json";
/// What was followed is kept after so many events: that many are read again at a start, at most.
const BETWEEN: u64 = 1000;
/// Where nothing was kept, alerts are looked for in so many events.
const LOOK_BACK: u64 = 30_000;
/// More than this wait only where nobody has been told for weeks: the oldest are dropped, the journal has them.
const MOST: usize = 1000;

/// Something that the office is to know at once. This is what is sent, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// The gate.
    pub gate: String,
    /// The journal's random name, in hexadecimal; empty while it can't be written.
    pub journal: String,
    /// Its event there; 0 while the journal can't be written.
    pub sequence: u64,
    /// `emergency_opened` or `judged`.
    pub kind: String,
    /// When, as RFC 3339 in UTC.
    pub at: String,
    /// `in` or `out`, of a verdict.
    pub direction: Option<String>,
    /// Why, as codes, of a verdict.
    pub reasons: Vec<String>,
}

impl Alert {
    /// The alert that an event raises.
    fn of(event: &Event) -> Option<Self> {
        let alert = |at| Self {
            gate: event.gate.clone(),
            journal: hex(&event.journal),
            sequence: event.sequence,
            kind: event.what.code().to_owned(),
            at: rfc3339(at),
            direction: None,
            reasons: Vec::new(),
        };
        match &event.what {
            What::EmergencyOpened(opened) => Some(alert(opened.opened.0)),
            What::Judged(judged) if judged.alert => Some(Self {
                direction: Some(judged.direction.code().to_owned()),
                reasons: judged.reasons.clone(),
                ..alert(event.at)
            }),
            _ => None,
        }
    }

    /// Of an emergency opening that no journal has yet.
    fn unlogged(gate: &str, opened: Timestamp) -> Self {
        Self {
            gate: gate.to_owned(),
            journal: String::new(),
            sequence: 0,
            kind: "emergency_opened".to_owned(),
            at: rfc3339(opened),
            direction: None,
            reasons: Vec::new(),
        }
    }

    /// Whether both tell of the same emergency opening, one of them before it was logged.
    fn is_same_opening(&self, other: &Self) -> bool {
        self.kind == other.kind && self.at == other.at && self.kind == "emergency_opened"
    }
}

/// What is on the disk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    journal: String,
    /// The last event that was looked at.
    seen: u64,
    pending: Vec<Alert>,
}

/// The alerts of a gate.
#[derive(Debug)]
pub(crate) struct Alerts {
    file: PathBuf,
    kept: Kept,
    /// What the file holds.
    written: Option<Kept>,
    /// An opening that was told before it was logged: not to be told again.
    early: Option<Alert>,
    send: Option<Sender<Alert>>,
    told: Receiver<Alert>,
    /// As long as this is there, somebody wants the office to be told.
    _wanted: Arc<()>,
}

impl Alerts {
    /// The alerts of a gate in this data folder, told in this way.
    pub(crate) fn open(data: &Path, setting: Option<Setting>) -> Self {
        let file = data.join(FILE);
        let written: Option<Kept> =
            std::fs::read(&file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let (tell, told) = channel();
        let wanted = Arc::new(());
        let send = setting.map(|setting| send::start(setting, tell, Arc::downgrade(&wanted)));
        let kept = written.clone().unwrap_or_default();
        let alerts = Self { file, kept, written, early: None, send, told, _wanted: wanted };
        for alert in &alerts.kept.pending {
            alerts.tell(alert);
        }
        alerts
    }

    /// Takes account of what the journal has, from where it was left.
    ///
    /// # Errors
    /// When the journal can't be read.
    pub(crate) fn catch_up(&mut self, journal: &Journal) -> Result<(), crate::journal::JournalError> {
        let (id, count) = (hex(&journal.id()), journal.count());
        if self.kept.journal != id || self.kept.seen > count {
            let known = self.written.is_some() && !self.kept.journal.is_empty();
            // A new journal begins at its beginning.
            let seen = if known { 0 } else { count.saturating_sub(LOOK_BACK) };
            (self.kept.journal, self.kept.seen) = (id, seen);
        }
        if self.kept.seen < count {
            for event in journal.after(self.kept.seen)? {
                self.follow(&event?);
            }
        }
        Ok(())
    }

    /// Takes account of an event that was just appended, where all before it are known.
    pub(crate) fn take_in(&mut self, event: &Event) {
        if self.kept.journal == hex(&event.journal) && self.kept.seen + 1 == event.sequence {
            self.follow(event);
        }
    }

    /// Takes account of the next event.
    fn follow(&mut self, event: &Event) {
        self.kept.seen = event.sequence;
        let Some(alert) = Alert::of(event) else { return };
        if self.early.take_if(|early| early.is_same_opening(&alert)).is_some() {
            // Told already, or being told: it has an event now.
            let same = self.kept.pending.iter_mut().find(|pending| pending.is_same_opening(&alert));
            if let Some(pending) = same {
                (pending.journal, pending.sequence) = (alert.journal, alert.sequence);
            }
            return;
        }
        self.raise(alert);
    }

    /// An emergency opening that can't be logged yet.
    pub(crate) fn opened(&mut self, gate: &str, opened: Timestamp) {
        let alert = Alert::unlogged(gate, opened);
        if self.early.as_ref() != Some(&alert) {
            self.early = Some(alert.clone());
            self.raise(alert);
        }
    }

    fn raise(&mut self, alert: Alert) {
        self.tell(&alert);
        if self.kept.pending.len() >= MOST {
            self.kept.pending.remove(0);
        }
        self.kept.pending.push(alert);
    }

    fn tell(&self, alert: &Alert) {
        if let Some(send) = &self.send {
            // Its thread ends with this side only.
            let _ = send.send(alert.clone());
        }
    }

    /// Drops what was told, and what the office has; keeps the rest on the disk. Returns how many are pending.
    pub(crate) fn settle(&mut self, delivered: u64) -> u64 {
        for told in self.told.try_iter() {
            let same = |pending: &Alert| *pending == told || pending.is_same_opening(&told);
            self.kept.pending.retain(|pending| !same(pending));
        }
        let journal = &self.kept.journal;
        self.kept.pending.retain(|pending| {
            pending.sequence == 0 || pending.sequence > delivered || pending.journal != *journal
        });
        let due = match &self.written {
            Some(written) => {
                written.pending != self.kept.pending
                    || written.journal != self.kept.journal
                    || self.kept.seen.saturating_sub(written.seen) >= BETWEEN
            }
            None => true,
        };
        if due && let Err(why) = self.keep() {
            tracing::warn!(%why, "alerts can't be kept over a restart");
        }
        self.kept.pending.len() as u64
    }

    fn keep(&mut self) -> io::Result<()> {
        let json = serde_json::to_vec(&self.kept).expect("text and numbers are always JSON");
        durable::replace(&self.file, &json)?;
        self.written = Some(self.kept.clone());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gate::{At, EmergencyOpened};
    use std::time::{Duration, Instant};

    fn opened(journal: &mut Journal, at: i64) -> Event {
        let at = Timestamp(at);
        let append = journal.append(|next| Event {
            gate: "1".into(),
            journal: next.journal,
            sequence: next.sequence,
            at,
            in_doubt: false,
            before: next.before,
            what: What::EmergencyOpened(EmergencyOpened { who: None, opened: At(at) }),
        });
        append.unwrap()
    }

    #[test]
    fn an_alert_is_pending_until_it_was_delivered() {
        let dir = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(&dir.path().join("journal")).unwrap();
        let mut alerts = Alerts::open(dir.path(), None);
        alerts.catch_up(&journal).unwrap();
        assert_eq!(alerts.settle(0), 0);
        alerts.take_in(&opened(&mut journal, 5));
        // One that was missed is found.
        opened(&mut journal, 6);
        alerts.take_in(&opened(&mut journal, 7));
        alerts.catch_up(&journal).unwrap();
        assert_eq!(alerts.settle(0), 3);
        drop(alerts);
        opened(&mut journal, 8);
        let mut alerts = Alerts::open(dir.path(), None);
        alerts.catch_up(&journal).unwrap();
        assert_eq!((alerts.settle(0), alerts.settle(3), alerts.settle(4)), (4, 1, 0));
        alerts.catch_up(&journal).unwrap();
        assert_eq!(alerts.settle(4), 0, "once");
    }

    #[test]
    fn an_opening_that_is_logged_later_is_told_once() {
        let dir = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(&dir.path().join("journal")).unwrap();
        let mut alerts = Alerts::open(dir.path(), None);
        for _ in 0..3 {
            alerts.opened("1", Timestamp(5));
        }
        assert_eq!(alerts.settle(0), 1);
        opened(&mut journal, 5);
        alerts.catch_up(&journal).unwrap();
        assert_eq!(alerts.settle(0), 1);
        assert_eq!(alerts.kept.pending[0].sequence, 1, "it has its event now");
        assert_eq!(alerts.settle(1), 0);
        // Another one is another one.
        opened(&mut journal, 9);
        alerts.catch_up(&journal).unwrap();
        assert_eq!(alerts.settle(1), 1);
    }

    #[test]
    fn what_was_told_is_pending_no_more() {
        let dir = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(&dir.path().join("journal")).unwrap();
        let heard = dir.path().join("heard");
        // It fails once, and then hears.
        let script = format!("[ -e {0} ] || {{ touch {0}; exit 1; }}; cat >> {0}", heard.display());
        let command = ["sh", "-c", &script].map(str::to_owned).to_vec();
        let mut alerts = Alerts::open(dir.path(), Some(Setting::Command { command }));
        opened(&mut journal, 5);
        alerts.catch_up(&journal).unwrap();
        let start = Instant::now();
        while alerts.settle(0) > 0 {
            assert!(start.elapsed() < Duration::from_secs(60));
            std::thread::sleep(Duration::from_millis(10));
        }
        let told: Alert = serde_json::from_slice(&std::fs::read(heard).unwrap()).unwrap();
        assert_eq!(
            (told.kind.as_str(), told.sequence, told.at.as_str()),
            ("emergency_opened", 1, "1970-01-01T00:00:05Z")
        );
        drop(alerts);
        assert_eq!(Alerts::open(dir.path(), None).settle(0), 0, "not after a restart either");
    }
}
