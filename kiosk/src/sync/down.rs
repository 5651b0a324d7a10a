//! Waiting at the office for whatever is new; and enrolling, where somebody has invited the gate.

use std::time::Duration;

use super::client::NoAnswer;
use super::report::{Failed, WAIT};
use super::{Both, EnrolProblem, Others, Reached, enrol, pause};

/// A gate that is not enrolled looks so often whether it was enrolled by a command.
const LOOKS: Duration = Duration::from_secs(1);

/// Until it is over.
pub(super) fn run(both: &Both) {
    let reporter = both.reporter();
    let mut others = None;
    let mut failures = 0;
    // The first answer tells at once whether the office is there.
    let mut wait = 0;
    // Why it is not reached, as the log says already: a month without a network is one line.
    let mut told: Option<String> = None;
    let mut tell = |why: Option<&str>| {
        if told.as_deref() == why {
            return;
        }
        match why {
            Some(why) => tracing::warn!(why, "the office is not reached"),
            None => tracing::info!("the office is reached again"),
        }
        told = why.map(str::to_owned);
    };
    loop {
        if let Some(invitation) = both.link.invitation() {
            accept(both, &invitation);
            (others, failures, wait) = (None, 0, 0);
        }
        let done = match opened(both, &mut others) {
            Ok(others) => reporter.report(Vec::new(), Some(others), wait),
            Err(why) => Err(Failed::Here(why)),
        };
        let rest = match done {
            Ok(reply) => {
                failures = 0;
                tell(None);
                wait = if reply.more { 0 } else { WAIT };
                reached(both, if reply.struck.is_some() { Reached::Alone } else { Reached::Online });
                Duration::ZERO
            }
            Err(Failed::NotEnrolled) => {
                others = None;
                both.screen.set(|state| {
                    if !matches!(state.reached, Reached::Refused(_)) {
                        state.reached = Reached::Alone;
                    }
                });
                LOOKS
            }
            Err(Failed::Office(NoAnswer::Unreachable(why)) | Failed::Here(why)) => {
                failures += 1;
                tell(Some(&why));
                reached(both, Reached::Offline { why });
                pause(failures)
            }
            Err(Failed::Office(NoAnswer::Refused(word))) => {
                failures += 1;
                tell(Some(&word));
                reached(both, Reached::Offline { why: word });
                pause(failures)
            }
        };
        if !both.link.wait(rest, |shared| shared.invitation.is_some()) {
            return;
        }
    }
}

/// What other gates logged; read anew when it was closed.
fn opened<'a>(both: &Both, others: &'a mut Option<Others>) -> Result<&'a mut Others, String> {
    let open = match others.take() {
        Some(open) => open,
        // The scan loop reads the same files for itself.
        None => Others::open(&both.held.others()).map_err(|why| why.to_string())?,
    };
    Ok(others.insert(open))
}

fn accept(both: &Both, invitation: &protocol::Invitation) {
    reached(both, Reached::Enrolling);
    match enrol(&both.held, invitation, false) {
        Ok(enrolled) => {
            tracing::info!(gate = enrolled.gate, "enrolled");
            reached(both, Reached::NotYet);
        }
        // Its own code is still before the camera.
        Err(EnrolProblem::Already) => reached(both, Reached::NotYet),
        Err(why) => {
            tracing::warn!(?why, "the gate was not enrolled");
            reached(both, Reached::Refused(why));
        }
    }
}

fn reached(both: &Both, now: Reached) {
    both.screen.set(|state| {
        if state.reached != now {
            state.reached = now;
        }
    });
}
