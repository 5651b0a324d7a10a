//! Exchanging with the office by a stick: what the office has left for this gate is taken, what the gate has logged is left for the
//! office. The same bytes as over a network; and a newer program for the gate, which the root key has signed.

use std::path::Path;

use protocol::{Parcel, Reply, Report, Stand, Stick, Update, unlock};
use serde::{Deserialize, Serialize};
use stick::Mounted;

use crate::durable;
use crate::held::{Grounds, Held, HeldError};
use crate::journal::{first, read_after};
use crate::program::{CannotTake, Programs};
use crate::sync::{Others, next_number};
use crate::time::GateTime;

/// A parcel on a stick is not longer.
const LONGEST: u64 = 64 << 20;
/// So many reports are left at most by one visit: a month without a network, twice.
const MOST_REPORTS: usize = 400;
/// The file of a data folder that says what came of the last visit.
pub(crate) const FILE: &str = "stick.json";

/// What came of a visit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// Whether something newer was taken.
    pub taken: bool,
    /// How many events of other gates came.
    pub others: u64,
    /// How many events were left for the office.
    pub left: u64,
    /// How many of the gate's events the office has by now.
    pub delivered: u64,
    /// The version of a newer program that came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program: Option<String>,
    /// Why the program on the stick was not taken, although it says to be newer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program_refused: Option<String>,
    /// When, in seconds since 1970.
    pub at: i64,
}

/// Why nothing was exchanged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CannotVisit {
    /// The gate belongs to no office, or its office has not said whom it tells what it logs.
    #[error("the gate is not enrolled")]
    NotEnrolled,
    /// No office that the gate believes has signed this stick.
    #[error("the stick is not signed")]
    NotSigned,
    /// It is mounted so that what lies on it could be run.
    #[error("mounted without nodev, nosuid, noexec")]
    Careless,
    /// The stick, or the gate's own disk.
    #[error(transparent)]
    Disk(#[from] std::io::Error),
    /// What the gate holds.
    #[error(transparent)]
    Held(#[from] HeldError),
    /// The journal.
    #[error(transparent)]
    Journal(#[from] crate::journal::JournalError),
}

/// Visits the stick that is mounted here, for the gate whose data is `held`.
///
/// # Errors
/// [`CannotVisit`].
pub fn visit(held: &Held, mounted: &Path, time: &mut GateTime) -> Result<Visit, CannotVisit> {
    let Grounds::Ready { opened, .. } = held.grounds()? else { return Err(CannotVisit::NotEnrolled) };
    let (Some(key), Some(signer)) = (held.gate_key()?, held.signer()?) else {
        return Err(CannotVisit::NotEnrolled);
    };
    if opened.directions.is_none() {
        return Err(CannotVisit::NotEnrolled);
    }
    if !mounted.join(Stick::FOLDER).is_dir() {
        return Err(CannotVisit::NotSigned);
    }
    time.raise(opened.issued());
    let reading = time.read();
    let stick = Mounted::at(mounted, Stick::FOLDER)?;
    let signed = stick.read("", Stick::FILE, 4096)?.ok_or(CannotVisit::NotSigned)?;
    let ours = Stick::open(&signed, &opened.trust).map_err(|_| CannotVisit::NotSigned)?;
    if ours.file_system != stick.file_system() {
        return Err(CannotVisit::NotSigned);
    }
    if stick.is_careless() {
        return Err(CannotVisit::Careless);
    }
    let mut done = Visit { at: reading.now.0, ..Visit::default() };
    let mut others = Others::open(&held.others())?;
    let programs = Programs::of(held);
    let software = programs.software();
    let tip = tip(held)?;
    let compound = opened.rules.rules.compound.0;
    let mut opened = opened;
    let mut has: Option<Stand> = None;
    if let Some(bytes) = stick.read(Stick::DOWN, &format!("parcel-{compound}"), LONGEST)?
        && let Ok(bytes) = unlock(&bytes, &key)
    {
        let before = opened.holds();
        match held.load(&bytes) {
            Ok(newer) => *opened = newer,
            // An older stick: what is held stays.
            Err(HeldError::Bundle(why)) => tracing::warn!(%why, "the stick holds nothing newer"),
            Err(why) => return Err(why.into()),
        }
        done.taken = opened.holds() != before;
    }
    if let Some(bytes) = stick.read(Stick::DOWN, &format!("replies-{compound}"), LONGEST)?
        && let Ok(parcel) = Parcel::from_bytes(&bytes)
    {
        for sealed in parcel.replies_for(&key.receiver()) {
            let Ok(reply) = Reply::open(&sealed, &key, &opened.trust) else { continue };
            if let Some(since) = reply.struck {
                held.strike(since)?;
                return Err(HeldError::Struck.into());
            }
            if let Some(stand) = reply.has {
                held.mark_delivered(stand.journal, stand.through)?;
                has = Some(stand);
            }
            done.others += others.keep(&reply.others, tip.map(|tip| tip.journal))?.len() as u64;
        }
    }
    let office = match &opened.directions {
        Some(directions) => directions.directions.office.clone(),
        None => return Err(CannotVisit::NotEnrolled),
    };
    // What this gate left here before and nobody has fetched is written anew, from where the office is known to be.
    let prefix = hex(&key.receiver().thumbprint()[..8]);
    for name in stick.names(Stick::UP)?.iter().filter(|name| name.starts_with(&prefix)) {
        stick.remove(Stick::UP, name)?;
    }
    let mut through = match (tip, has) {
        (Some(tip), Some(has)) if has.journal == tip.journal => has.through,
        (Some(tip), _) => held.delivered(tip.journal),
        (None, _) => 0,
    };
    done.delivered = through;
    for _ in 0..MOST_REPORTS {
        let events = match tip {
            Some(_) => read_after(&held.journal(), through, Report::MAX_EVENTS)?,
            None => Vec::new(),
        };
        let last = events.len() as u64;
        let number = next_number(held, reading.now)?;
        let report = Report {
            number,
            at: reading.now,
            in_doubt: reading.in_doubt,
            software: software.clone(),
            holds: opened.holds(),
            journal: tip,
            first: first(&held.journal())?,
            others: Some(others.stands()),
            wait: 0,
            events,
        };
        // Also without any event: the office hears that the gate is there, and what it holds.
        let sealed = report.seal(&key.receiver(), &signer, &office).to_bytes();
        stick.write(Stick::UP, &format!("{prefix}-{number:020}"), &sealed)?;
        done.left += last;
        through = match report.events.last().and_then(|bytes| gate::Event::from_bytes(bytes).ok()) {
            Some(event) if tip.is_some_and(|tip| event.sequence < tip.through) => event.sequence,
            _ => break,
        };
    }
    // Last, as the largest by far: a stick that is pulled too early costs no event and no colour.
    match take_program(&programs, &stick) {
        Ok(version) => done.program = version,
        Err(why) => {
            tracing::error!(%why, "the program on the stick is not taken");
            done.program_refused = Some(why.to_string());
        }
    }
    // A running gate takes this for the sign that other gates' events have come.
    let json = serde_json::to_vec(&done).expect("numbers are always JSON");
    durable::replace(&held.folder().join(FILE), &json)?;
    Ok(done)
}

/// Takes a newer program for this machine, if there is one. Returns its version.
fn take_program(programs: &Programs, stick: &Mounted) -> Result<Option<String>, CannotTake> {
    let Some(mut file) = stick.file(Update::FOLDER, &Programs::file_name(), Update::MAX_FILE)? else {
        return Ok(None);
    };
    match programs.take(&mut file) {
        Ok(version) => Ok(Some(version.to_string())),
        // The stick of last month.
        Err(CannotTake::NotNewer { .. } | CannotTake::Failed { .. }) => Ok(None),
        Err(why) => Err(why),
    }
}

/// How far the gate's journal goes.
fn tip(held: &Held) -> Result<Option<Stand>, CannotVisit> {
    let last = crate::journal::last(&held.journal())?;
    Ok(last.map(|(journal, through)| Stand { journal, through }))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
