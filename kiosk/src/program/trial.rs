//! Whether the program that runs is any good, and when a newer one takes its place. Moments and what the gate does are given, so that
//! nothing here waits.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use super::{Programs, Standing};

/// It was at work well for so long: it is good.
const PROOF: Duration = Duration::from_secs(60);
/// A program that has not been good for so long since its start is not going to be.
const PATIENCE: Duration = Duration::from_secs(180);
/// How often it is looked.
const EVERY: Duration = Duration::from_secs(1);
/// A page that is asked on its own machine answers in so long.
const ANSWER: Duration = Duration::from_secs(10);

/// What the gate does at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Doing {
    /// Whether journal and bundle can be read; a gate that has none yet, or was struck off, is as well as it can be.
    pub(crate) well: bool,
    /// For how long nobody passed and nobody was at the screen; none while somebody is, or the gate stands open.
    pub(crate) quiet: Option<Duration>,
    /// Whether it stands open in an emergency.
    pub(crate) emergency: bool,
}

/// What is to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// It goes on.
    Stay,
    /// The gate ends in order, and the newest program is started.
    Again,
    /// As [`Turn::Again`]; but this program could not do its work.
    Unfit,
}

/// The trial of the program that runs, and the wait for the next.
#[derive(Debug)]
pub(crate) struct Trial {
    programs: Programs,
    /// How long the gate has to be quiet before a newer program takes over.
    quiet: Duration,
    started: Instant,
    looked: Option<Instant>,
    /// Since when it is at work well.
    well: Option<Instant>,
    proof: Proof,
    /// The page.
    address: SocketAddr,
    /// What was known of programs when that was last read, by its file's time.
    known: Option<SystemTime>,
    standing: Standing,
}

#[derive(Debug)]
enum Proof {
    /// It needs none, or has it.
    Good,
    /// It has yet to show.
    Open,
    /// Its page is being asked; the answer.
    Asked(Arc<Mutex<Option<bool>>>),
}

impl Trial {
    pub(crate) fn new(programs: Programs, quiet: Duration, address: SocketAddr, now: Instant) -> Self {
        let proof = if programs.running.installed.is_some() { Proof::Open } else { Proof::Good };
        let standing = programs.standing();
        let known = programs.changed();
        Self { programs, quiet, started: now, looked: None, well: None, proof, address, known, standing }
    }

    /// How newer programs stand.
    pub(crate) fn standing(&self) -> &Standing {
        &self.standing
    }

    /// Looks, once a second, at what is to happen.
    pub(crate) fn look(&mut self, now: Instant, doing: impl FnOnce() -> Doing) -> Turn {
        if self.looked.is_some_and(|last| now.saturating_duration_since(last) < EVERY) {
            return Turn::Stay;
        }
        self.looked = Some(now);
        let doing = doing();
        if !self.prove(now, doing) {
            return Turn::Unfit;
        }
        let known = self.programs.changed();
        if known != self.known {
            self.known = known;
            self.standing = self.programs.standing();
        }
        let due = doing.quiet.is_some_and(|quiet| quiet >= self.quiet);
        if self.standing.waits.is_none() || !due || doing.emergency {
            return Turn::Stay;
        }
        // Where nothing can be written, the next program could not even be counted.
        match self.programs.change(|_| ()) {
            Ok(()) => Turn::Again,
            Err(why) => {
                tracing::error!(%why, "a newer program waits, and the disk takes nothing");
                self.standing.waits = None;
                Turn::Stay
            }
        }
    }

    /// Returns whether it may go on.
    fn prove(&mut self, now: Instant, doing: Doing) -> bool {
        if !doing.well {
            self.well = None;
        }
        let well = *self.well.get_or_insert(now);
        let answer = match &self.proof {
            Proof::Good => return true,
            Proof::Asked(answer) => *answer.lock().unwrap_or_else(PoisonError::into_inner),
            Proof::Open => None,
        };
        match (&self.proof, answer) {
            (_, Some(true)) => {
                let version = self.programs.running.version;
                match self.programs.change(|state| state.prove(version)) {
                    Ok(()) => {
                        tracing::info!(%version, "the newer program is good");
                        self.programs.forget_older(version);
                    }
                    Err(why) => tracing::warn!(%why, "that the newer program is good was not written down"),
                }
                self.proof = Proof::Good;
                return true;
            }
            (_, Some(false)) => {
                self.proof = Proof::Open;
                self.well = Some(now);
            }
            (Proof::Open, None) if doing.well && now.saturating_duration_since(well) >= PROOF => {
                self.proof = Proof::Asked(ask(self.address));
            }
            _ => {}
        }
        let over = now.saturating_duration_since(self.started) >= PATIENCE;
        // Nobody is left before a gate that stands open for an ambulance.
        !over || doing.emergency || (doing.well && !matches!(answer, Some(false)))
    }
}

impl Programs {
    /// When what is known of programs was last changed.
    fn changed(&self) -> Option<SystemTime> {
        // Every program that comes or goes changes this file as well.
        std::fs::metadata(self.folder.join(super::kept::FILE)).and_then(|about| about.modified()).ok()
    }
}

/// Asks for the screen, as a browser does, without waiting for it.
fn ask(address: SocketAddr) -> Arc<Mutex<Option<bool>>> {
    let answer = Arc::new(Mutex::new(None));
    let told = Arc::clone(&answer);
    std::thread::spawn(move || {
        let served = is_served(address).unwrap_or_else(|why| {
            tracing::warn!(%why, "the gate's own page does not answer");
            false
        });
        *told.lock().unwrap_or_else(PoisonError::into_inner) = Some(served);
    });
    answer
}

fn is_served(address: SocketAddr) -> std::io::Result<bool> {
    const GOOD: &[u8] = b"HTTP/1.1 200 ";
    let mut page = TcpStream::connect_timeout(&address, ANSWER)?;
    page.set_read_timeout(Some(ANSWER))?;
    page.set_write_timeout(Some(ANSWER))?;
    page.write_all(format!("GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes())?;
    let mut start = [0; GOOD.len()];
    page.read_exact(&mut start)?;
    Ok(start == GOOD)
}
