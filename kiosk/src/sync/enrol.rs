//! Enrolling: a gate that was invited makes keys, becomes known at the office, pins its root and holds its first bundle.

use std::time::Duration;

use protocol::{EnrolAnswer, EnrolAsk, Invitation};

use super::client::{Client, NoAnswer};
use crate::held::{Enrolled, Held, HeldError};
use crate::program::Programs;

/// Why a gate was not enrolled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnrolProblem {
    /// It is enrolled already, or set up by hand: first that has to be ended.
    Already,
    /// The office does not answer.
    Unreachable(String),
    /// The office knows no such invitation.
    Unknown,
    /// Another gate has used it.
    Used,
    /// Its time is over.
    Ended,
    /// The office's keys are locked.
    Locked,
    /// The office could not do it.
    Office(String),
    /// The answer is not the office's.
    NotBelieved(String),
    /// This gate's disk.
    Disk(String),
}

/// Enrols the gate whose data is `held`. One that believes another root keeps it unless `replace` is given.
///
/// # Errors
/// [`EnrolProblem`]; then it is as it was, or half done and to be tried again.
pub fn enrol(held: &Held, invitation: &Invitation, replace: bool) -> Result<Enrolled, EnrolProblem> {
    let disk = |why: HeldError| EnrolProblem::Disk(why.to_string());
    let enrolled = held.enrolled().map_err(disk)?;
    let may = match &enrolled {
        Some(enrolled) => enrolled.struck.is_some(),
        None => held.root().map_err(disk)?.is_none(),
    };
    if !may && !replace {
        return Err(EnrolProblem::Already);
    }
    let (receiver, signer) = held.renew_keys().map_err(disk)?;
    let secret = invitation.code.secret();
    let ask = EnrolAsk {
        id: secret.id,
        receiver: receiver.receiver(),
        signer: signer.public(),
        software: Programs::of(held).software(),
    };
    let ask = ask.to_bytes(&secret);
    let answer = Client::new().ask(&invitation.address, "/gate/v1/enrol", &ask, Duration::ZERO);
    let answer = answer.map_err(|why| match why {
        NoAnswer::Unreachable(why) => EnrolProblem::Unreachable(why),
        NoAnswer::Refused(word) => match word.as_str() {
            "unknown" => EnrolProblem::Unknown,
            "used" => EnrolProblem::Used,
            "ended" => EnrolProblem::Ended,
            "locked" => EnrolProblem::Locked,
            _ => EnrolProblem::Office(word),
        },
    })?;
    let answer = EnrolAnswer::open(&answer, &ask, &secret);
    let answer = answer.map_err(|why| EnrolProblem::NotBelieved(why.to_string()))?;
    // The root first: half done, the gate holds less, never something unvouched.
    held.pin(&answer.root, true).map_err(disk)?;
    let enrolled = Enrolled { gate: answer.gate, address: invitation.address.clone(), struck: None };
    held.enrol(&enrolled).map_err(disk)?;
    match held.load(&answer.bundle) {
        Ok(_) => Ok(enrolled),
        Err(why @ HeldError::Struck) => Err(EnrolProblem::NotBelieved(why.to_string())),
        Err(HeldError::Bundle(why)) => Err(EnrolProblem::NotBelieved(why.to_string())),
        Err(why) => Err(disk(why)),
    }
}
