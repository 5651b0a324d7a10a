//! One whole exchange with the office at once, for whoever wants to know now whether it works.

use std::sync::{Mutex, PoisonError};

use protocol::Stand;

use super::client::NoAnswer;
use super::report::{Failed, Reporter};
use super::{Link, Others, up};
use crate::held::{Grounds, Held};
use crate::time::GateTime;

/// What came of an exchange.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exchanged {
    /// Whether something newer to judge by was taken.
    pub taken: bool,
    /// How many events of the gate's journal the office has now that it did not have before.
    pub brought: u64,
    /// How many events of other gates came.
    pub others: u64,
}

/// Why nothing was exchanged, or not all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotExchanged {
    /// The gate belongs to no office, or its office has not said whom it tells what it logs.
    #[error("the gate is not enrolled")]
    NotEnrolled,
    /// The office has struck this gate off.
    #[error("the office has struck this gate off")]
    Struck,
    /// Nobody answers, or not in time.
    #[error("{0}")]
    Unreachable(String),
    /// The office answers, and says why not.
    #[error("the office answers: {0}")]
    Refused(String),
    /// The answer is not the office's; or the gate's own disk.
    #[error("{0}")]
    Here(String),
}

impl From<Failed> for NotExchanged {
    fn from(why: Failed) -> Self {
        match why {
            Failed::NotEnrolled => Self::NotEnrolled,
            Failed::Office(NoAnswer::Unreachable(why)) => Self::Unreachable(why),
            Failed::Office(NoAnswer::Refused(word)) => Self::Refused(word),
            Failed::Here(why) => Self::Here(why),
        }
    }
}

/// Brings the office all that the gate has logged, and takes all that the office has for it, once. A gate at work may do the same
/// meanwhile: nothing is there twice.
///
/// # Errors
/// [`NotExchanged`]; what was brought and taken until then is.
pub fn exchange(held: &Held, mut time: GateTime) -> Result<Exchanged, NotExchanged> {
    let here = |why: &dyn std::fmt::Display| NotExchanged::Here(why.to_string());
    let opened = match held.grounds().map_err(|why| here(&why))? {
        Grounds::Ready { opened, .. } => opened,
        Grounds::Struck { .. } => return Err(NotExchanged::Struck),
        _ => return Err(NotExchanged::NotEnrolled),
    };
    time.raise(opened.issued());
    let time = Mutex::new(time);
    let link = Link::default();
    let last = crate::journal::last(&held.journal()).map_err(|why| here(&why))?;
    let tip = last.map(|(journal, through)| Stand { journal, through });
    link.set_tip(tip);
    let reading = move || time.lock().unwrap_or_else(PoisonError::into_inner).read();
    let reporter = Reporter::new(held, &link, reading);
    let mut done = Exchanged::default();
    let mut known = None;
    let mut first = None;
    while let Some(tip) = tip {
        if known.is_some_and(|known: Stand| known.through >= tip.through) {
            break;
        }
        known = up::bring(held, Some(tip), &reporter, known)?;
        first = first.or(known);
    }
    if let (Some(first), Some(known)) = (first, known) {
        done.brought = known.through.saturating_sub(first.through);
    }
    let mut others = Others::open(&held.others()).map_err(|why| here(&why))?;
    loop {
        let reply = reporter.report(Vec::new(), Some(&mut others), 0)?;
        if reply.struck.is_some() {
            return Err(NotExchanged::Struck);
        }
        done.others += link.take_others().len() as u64;
        if !reply.more {
            break;
        }
    }
    if let Grounds::Ready { opened: now, .. } = held.grounds().map_err(|why| here(&why))? {
        done.taken = now.holds() != opened.holds();
    }
    Ok(done)
}
