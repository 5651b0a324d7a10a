//! The decision: every fact is weighed, the strictest finding is the verdict, and all findings are its reasons.
//!
//! As the strictest wins, no order of rules matters.

use pass::{Colour, Kind, Refusal, Status, StatusList, Timestamp, Verified};

use crate::{Direction, Reason, Rules, Unlisted, Verdict};

/// All that a decision depends on.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// What was shown: a pass that was verified, or why it is not believed.
    pub presented: Result<&'a Verified, Refusal>,
    /// Which way.
    pub direction: Direction,
    /// The time. With the clock in doubt: the earliest that it can be.
    pub now: Timestamp,
    /// Whether the gate's clock may be wrong.
    pub clock_in_doubt: bool,
    /// The newest status list held of the office that signed the pass.
    pub status_list: Option<&'a StatusList>,
    /// The compound's rules.
    pub rules: &'a Rules,
}

/// What the gate says, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The verdict.
    pub verdict: Verdict,
    /// Why, the weightiest first; what only informs comes last.
    pub reasons: Vec<Reason>,
    /// Whether the office is to be told at once.
    pub alert: bool,
    /// The colour that holds now; none when the pass is not believed.
    pub colour: Option<Colour>,
}

/// Decides. Entry home with a genuine pass of this compound is never worse than [`Verdict::Check`].
#[must_use]
pub fn decide(question: &Question<'_>) -> Decision {
    let mut findings = Findings::default();
    let pass = match question.presented {
        Ok(pass) => pass,
        Err(refusal) => {
            findings.add(Verdict::Refuse, Reason::NotBelieved(refusal));
            return findings.conclude(Verdict::Refuse, None, false);
        }
    };
    if pass.compound != question.rules.compound {
        findings.add(Verdict::Refuse, Reason::OtherCompound { compound: pass.compound });
        return findings.conclude(Verdict::Refuse, Some(pass.colour), false);
    }
    weigh_kind_and_time(question, pass, &mut findings);
    let colour = weigh_status(question, pass, &mut findings);
    let strictest = match question.direction {
        Direction::In => Verdict::Check,
        Direction::Out => Verdict::Refuse,
    };
    let alert = question.direction == Direction::In && question.rules.colours.of(colour).entry_alert;
    findings.conclude(strictest, Some(colour), alert)
}

fn weigh_kind_and_time(question: &Question<'_>, pass: &Verified, findings: &mut Findings) {
    if pass.kind == Kind::Specimen {
        findings.add(Verdict::Refuse, Reason::Specimen);
    }
    if question.now >= pass.expires {
        findings.add(Verdict::Refuse, Reason::Expired { at: pass.expires });
    }
    // With the clock in doubt `now` is the earliest it can be: the holder is not blamed for it.
    if question.now < pass.not_before && !question.clock_in_doubt {
        findings.add(Verdict::Refuse, Reason::NotYetValid { from: pass.not_before });
    }
}

/// Weighs what is true now, and returns the colour that holds.
fn weigh_status(question: &Question<'_>, pass: &Verified, findings: &mut Findings) -> Colour {
    let signed = pass.colour;
    let mut colour = signed;
    let mut unlisted = None;
    let mut milder_by_old_list = false;
    match question.status_list {
        None => unlisted = Some(Unlisted::NoList),
        Some(list) => {
            let old = question.now >= list.expires;
            if old {
                unlisted = Some(Unlisted::OldList { expired: list.expires });
            }
            match list.get(pass.index) {
                None => unlisted = Some(Unlisted::NewerThanList { issued: list.issued }),
                Some(Status::AsSigned) => {}
                Some(Status::Withdrawn) => findings.add(Verdict::Refuse, Reason::Withdrawn),
                Some(Status::Suspended) => findings.add(Verdict::Refuse, Reason::Suspended),
                Some(Status::Replaced) => findings.add(Verdict::Refuse, Reason::Replaced),
                Some(Status::Now(now)) => {
                    milder_by_old_list = old && now < signed;
                    colour = now;
                }
            }
        }
    }
    if milder_by_old_list {
        findings.add(Verdict::Check, Reason::MilderByOldList { signed, now: colour });
    } else if let Some(why) = unlisted {
        findings.add(question.rules.unlisted.of(colour), Reason::Unlisted(why));
    }
    if question.clock_in_doubt {
        findings.add(question.rules.clock_in_doubt.of(colour), Reason::ClockInDoubt);
    }
    let direction = question.direction;
    let verdict = question.rules.verdict(colour, direction);
    if verdict > Verdict::Admit || direction == Direction::In && question.rules.colours.of(colour).entry_alert
    {
        findings.add(verdict, Reason::ColourRule { colour, direction });
    }
    if colour != signed {
        findings.add(Verdict::Admit, Reason::ColourChanged { signed, now: colour });
    }
    colour
}

/// Reasons, each with the verdict it asks for.
#[derive(Default)]
struct Findings(Vec<(Verdict, Reason)>);

impl Findings {
    fn add(&mut self, verdict: Verdict, reason: Reason) {
        self.0.push((verdict, reason));
    }

    /// The strictest verdict asked for, but none above `strictest`.
    fn conclude(mut self, strictest: Verdict, colour: Option<Colour>, alert: bool) -> Decision {
        self.0.sort_by_key(|(verdict, _)| std::cmp::Reverse(*verdict));
        let verdict = self.0.first().map_or(Verdict::Admit, |(verdict, _)| *verdict).min(strictest);
        let reasons = self.0.into_iter().map(|(_, reason)| reason).collect();
        Decision { verdict, reasons, alert, colour }
    }
}
