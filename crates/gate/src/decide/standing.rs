//! What the pass and the status list say: kind, validity, the colour that holds now, and what it may do.

use pass::{Colour, Kind, Status, Verified};

use super::{Case, Closed, Findings, Question};
use crate::{ColourRule, Direction, Reason, Unlisted, Verdict};

pub(super) fn kind_and_time(question: &Question<'_>, pass: &Verified, findings: &mut Findings) {
    if pass.kind == Kind::Specimen {
        findings.add(Verdict::Refuse, Reason::Specimen);
    }
    if question.now >= pass.expires {
        findings.add(Verdict::Refuse, Reason::Expired { at: pass.expires });
    }
    // With the clock in doubt `now` is the earliest it can be: the holder is not blamed for it.
    if question.now < pass.not_before && !question.clock_in_doubt {
        let from = pass.not_before;
        findings.add_until(Verdict::Refuse, Reason::NotYetValid { from }, from);
    }
}

/// What the status list says of a pass.
pub(super) struct Standing {
    /// The colour that holds now.
    pub(super) colour: Colour,
    /// The colour on the pass.
    signed: Colour,
    /// Why the list could not be asked.
    unlisted: Option<Unlisted>,
    /// Whether the colour is milder now by an expired list.
    milder_by_old_list: bool,
}

/// Looks up what is true now.
pub(super) fn look_up(question: &Question<'_>, pass: &Verified, findings: &mut Findings) -> Standing {
    let signed = pass.colour;
    let mut standing = Standing { colour: signed, signed, unlisted: None, milder_by_old_list: false };
    let Some(list) = question.status_list else {
        standing.unlisted = Some(Unlisted::NoList);
        return standing;
    };
    let old = question.now >= list.expires;
    if old {
        standing.unlisted = Some(Unlisted::OldList { expired: list.expires });
    }
    match list.get(pass.index) {
        None => standing.unlisted = Some(Unlisted::NewerThanList { issued: list.issued }),
        Some(Status::AsSigned) => {}
        Some(Status::Withdrawn) => findings.add(Verdict::Refuse, Reason::Withdrawn),
        Some(Status::Suspended) => findings.add(Verdict::Refuse, suspended(question.facts.closed)),
        Some(Status::Replaced) => findings.add(Verdict::Refuse, Reason::Replaced),
        Some(Status::Now(now)) => {
            standing.milder_by_old_list = old && now < signed;
            standing.colour = now;
        }
    }
    standing
}

/// Why a pass is suspended: nobody is blamed for where they live.
fn suspended(closed: Option<Closed>) -> Reason {
    closed.map_or(Reason::Suspended, Closed::reason)
}

/// Weighs what is true now.
pub(super) fn weigh(case: &Case<'_>, standing: &Standing, clock_in_doubt: bool, findings: &mut Findings) {
    let &Standing { colour, signed, unlisted, milder_by_old_list } = standing;
    if milder_by_old_list {
        findings.add(Verdict::Check, Reason::MilderByOldList { signed, now: colour });
    } else if let Some(why) = unlisted {
        findings.add(of_unlisted(&case.policy.colours.of(colour), why), Reason::Unlisted(why));
    }
    of_colour(case, clock_in_doubt, findings);
    if colour != signed {
        findings.add(Verdict::Admit, Reason::ColourChanged { signed, now: colour });
    }
}

/// The rule about a list that could not be asked.
pub(super) fn of_unlisted(rule: &ColourRule, why: Unlisted) -> Verdict {
    match why {
        Unlisted::OldList { .. } => rule.old_list,
        Unlisted::NoList | Unlisted::NewerThanList { .. } => rule.unknown_pass,
    }
}

/// Weighs what the colour alone may do.
pub(super) fn of_colour(case: &Case<'_>, clock_in_doubt: bool, findings: &mut Findings) {
    let (colour, direction) = (case.colour, case.direction);
    let rule = case.policy.colours.of(colour);
    if clock_in_doubt {
        findings.add(rule.clock_in_doubt, Reason::ClockInDoubt);
    }
    if case.facts.searched {
        findings.add(rule.searched, Reason::Searched);
    }
    let mut verdict = case.policy.verdict(colour, direction);
    if case.bearer.kind == Kind::Visitor {
        // A visitor is away from home, whichever way: who may not go out may not visit either.
        verdict = verdict.max(rule.out);
    }
    if verdict > Verdict::Admit || direction == Direction::In && rule.entry_alert {
        findings.add(verdict, Reason::ColourRule { colour, direction });
    }
}
