//! One exchange with the office: what the gate reports, and what becomes of the answer.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use pass::Timestamp;
use protocol::{Parcel, Reply, Report, Sealed, Stand};
use serde::{Deserialize, Serialize};

use super::client::{Client, NoAnswer};
use super::{Link, Others};
use crate::durable;
use crate::held::{Grounds, Held, HeldError};
use crate::journal::first;
use crate::program::Programs;
use crate::time::Reading;

/// The file with the last number of a report, and how often it is written: numbers go on above it after a start.
const FILE: &str = "report.json";
const WRITTEN_EVERY: u64 = 60_000;
/// Waiting for an answer, as the office is asked to.
pub(super) const WAIT: u8 = 25;

#[derive(Serialize, Deserialize)]
struct Kept {
    number: u64,
}

/// Why an exchange came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failed {
    /// There is nobody to talk to, or nothing to talk by: no enrolment, no directions.
    NotEnrolled,
    /// The office does not answer, or refuses.
    Office(NoAnswer),
    /// The answer is not the office's, or this gate's disk.
    Here(String),
}

impl From<HeldError> for Failed {
    fn from(why: HeldError) -> Self {
        Self::Here(why.to_string())
    }
}

/// Reports, with what it takes to do so.
pub(super) struct Reporter {
    held: Held,
    link: Link,
    /// The gate's time.
    reading: Box<dyn Fn() -> Reading + Send>,
    client: Client,
}

/// The last number that was used in this process, by whichever thread.
static NUMBER: AtomicU64 = AtomicU64::new(0);

impl Reporter {
    pub(super) fn new(held: &Held, link: &Link, reading: impl Fn() -> Reading + Send + 'static) -> Self {
        let (held, link) = (held.clone(), link.clone());
        Self { held, link, reading: Box::new(reading), client: Client::new() }
    }

    /// Reports these events, waits for an answer for so many seconds, and does what it says. Returns the reply.
    pub(super) fn report(
        &self,
        events: Vec<Vec<u8>>,
        mut others: Option<&mut Others>,
        wait: u8,
    ) -> Result<Reply, Failed> {
        let held = &self.held;
        let enrolled = held.enrolled()?.filter(|it| it.struck.is_none()).ok_or(Failed::NotEnrolled)?;
        let (Some(key), Some(signer)) = (held.gate_key()?, held.signer()?) else {
            return Err(Failed::NotEnrolled);
        };
        let Grounds::Ready { opened, .. } = held.grounds()? else { return Err(Failed::NotEnrolled) };
        let directions = opened.directions.as_ref().ok_or(Failed::NotEnrolled)?;
        let reading = (self.reading)();
        let report = Report {
            number: next_number(held, reading.now).map_err(|why| Failed::Here(why.to_string()))?,
            at: reading.now,
            in_doubt: reading.in_doubt,
            software: Programs::of(held).software(),
            holds: opened.holds(),
            journal: self.link.tip(),
            first: first(&held.journal()).map_err(|why| Failed::Here(why.to_string()))?,
            others: others.as_deref().map(Others::stands),
            wait,
            events,
        };
        let body = report.seal(&key.receiver(), &signer, &directions.directions.office).to_bytes();
        let answer = self.ask(&directions.directions.addresses, &enrolled.address, &body, wait)?;
        let parcel = Parcel::from_bytes(&answer).map_err(|why| Failed::Here(why.to_string()))?;
        let opened = match parcel.has_parts() {
            true => Box::new(held.load(&answer)?),
            false => opened,
        };
        let seals: Vec<Sealed> = parcel.replies_for(&key.receiver()).collect();
        for sealed in &seals {
            let reply =
                Reply::open(sealed, &key, &opened.trust).map_err(|why| Failed::Here(why.to_string()))?;
            if reply.number == report.number {
                self.heed(&reply, others.as_deref_mut())?;
                return Ok(reply);
            }
        }
        Err(Failed::Here("the office's answer holds no reply to this report".to_owned()))
    }

    /// Asks at the addresses that the office has given, and then where it was when the gate was enrolled.
    fn ask(&self, addresses: &[String], first: &str, body: &[u8], wait: u8) -> Result<Vec<u8>, Failed> {
        let wait = Duration::from_secs(wait.into());
        let mut failed = NoAnswer::Unreachable(String::new());
        let mut asked: Vec<&str> = Vec::new();
        for address in addresses.iter().map(String::as_str).chain([first]) {
            if asked.contains(&address) {
                continue;
            }
            asked.push(address);
            match self.client.ask(address, "/gate/v1/report", body, wait) {
                Ok(answer) => return Ok(answer),
                Err(why) => failed = why,
            }
        }
        Err(Failed::Office(failed))
    }

    fn heed(&self, reply: &Reply, others: Option<&mut Others>) -> Result<(), Failed> {
        if let Some(since) = reply.struck {
            tracing::error!("the office has struck this gate off");
            self.held.strike(since)?;
            return Ok(());
        }
        if let Some(has) = reply.has {
            let marked = self.held.mark_delivered(has.journal, has.through);
            marked.map_err(|why| Failed::Here(why.to_string()))?;
        }
        if let Some(others) = others {
            let own = self.link.tip().map(|tip| tip.journal);
            let new = others.keep(&reply.others, own).map_err(|why| Failed::Here(why.to_string()))?;
            self.link.add_others(new);
        }
        Ok(())
    }
}

/// A number for a report above all before, also above those of before a start that nobody remembers.
///
/// # Errors
/// When the disk says no.
pub(crate) fn next_number(held: &Held, now: Timestamp) -> io::Result<u64> {
    let path = held.folder().join(FILE);
    let last = NUMBER.load(Ordering::Relaxed);
    let floor = match last {
        0 => {
            let kept =
                std::fs::read(&path).ok().and_then(|bytes| serde_json::from_slice::<Kept>(&bytes).ok());
            kept.map_or(0, |kept| kept.number.saturating_add(2 * WRITTEN_EVERY))
        }
        last => last,
    };
    let millis = now.0.max(0).unsigned_abs().saturating_mul(1000);
    let number = millis.max(floor.saturating_add(1));
    let before = NUMBER.fetch_max(number, Ordering::Relaxed);
    // Another thread took one meanwhile: the next is free.
    let number = if before >= number { NUMBER.fetch_add(1, Ordering::Relaxed) + 1 } else { number };
    if last == 0 || number / WRITTEN_EVERY > last / WRITTEN_EVERY {
        let json = serde_json::to_vec(&Kept { number }).expect("a number is always JSON");
        durable::replace(&path, &json)?;
    }
    Ok(number)
}

/// How far somebody has this journal; nothing of it when they were not asked about it.
pub(super) fn through(reply: &Reply, tip: Stand) -> u64 {
    reply.has.filter(|has| has.journal == tip.journal).map_or(0, |has| has.through)
}
