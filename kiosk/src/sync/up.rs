//! Bringing events to the office as they happen, from where the office says that it has them.

use std::time::Duration;

use protocol::{Report, Stand};

use super::report::{Failed, Reporter, through};
use super::{Both, pause};
use crate::held::Held;
use crate::journal::read_after;

/// A gate that can't report looks so often whether it can by now.
const LOOKS: Duration = Duration::from_secs(1);
/// Events that happen within this are brought together.
const GATHER: Duration = Duration::from_millis(100);
/// With nothing to bring, the office is asked again after so long how far it has the journal.
const ASKS: Duration = Duration::from_secs(600);

/// Until it is over.
pub(super) fn run(both: &Both) {
    let reporter = both.reporter();
    // How far the office has which journal, once it has said so.
    let mut has: Option<Stand> = None;
    let mut failures = 0;
    loop {
        let tip = both.link.tip();
        let known = has.filter(|has| tip.is_some_and(|tip| tip.journal == has.journal));
        let lacks = tip.is_some_and(|tip| known.is_none_or(|known| known.through < tip.through));
        if !lacks {
            let goes_on = both.link.wait(ASKS, |shared| shared.tip != tip);
            if !goes_on {
                return;
            }
            if both.link.tip() == tip {
                has = None;
            }
            continue;
        }
        let rest = match bring(&both.held, tip, &reporter, known) {
            Ok(stand) => {
                failures = 0;
                has = stand;
                GATHER
            }
            Err(Failed::NotEnrolled) => {
                has = None;
                LOOKS
            }
            Err(why) => {
                failures += 1;
                // The other thread tells the screen.
                tracing::debug!(?why, "events were not brought to the office");
                has = None;
                pause(failures)
            }
        };
        if !both.link.wait(rest, |_| false) {
            return;
        }
    }
}

/// Brings what comes after `known`; asks how far the office is where that is not known.
pub(super) fn bring(
    held: &Held,
    tip: Option<Stand>,
    reporter: &Reporter,
    known: Option<Stand>,
) -> Result<Option<Stand>, Failed> {
    let Some(tip) = tip else { return Ok(None) };
    let events = match known {
        None => Vec::new(),
        Some(known) => read_after(&held.journal(), known.through, Report::MAX_EVENTS)
            .map_err(|why| Failed::Here(why.to_string()))?,
    };
    let reply = reporter.report(events, None, 0)?;
    let through = through(&reply, tip);
    if known.is_some_and(|known| through <= known.through) {
        return Err(Failed::Here("the office has kept none of the events".to_owned()));
    }
    Ok(Some(Stand { journal: tip.journal, through }))
}
