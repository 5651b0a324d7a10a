//! The decision: every fact is weighed, the strictest finding is the verdict, and all findings are its reasons.
//!
//! As the strictest wins, no order of rules matters. A finding that time alone ends says when, so that a refusal can say when
//! the person may next go.

mod past;
mod replay;
mod slipped;
mod standing;
mod things;
mod way;

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use pass::{Colour, Kind, Refusal, StatusList, Timestamp, Verified};

use crate::days::Days;
use crate::history::{One, Past};
use crate::{Direction, Exemption, History, Policy, Reason, Rules, Site, Tenths, Verdict};

pub use replay::{Otherwise, Replay, Trial};
pub use slipped::{AT_ONCE_SECONDS, Apart, Slipped};
pub use way::{Way, which_way};

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
    /// The zone of [`crate::Policy::time_zone`].
    pub zone: &'a TimeZone,
    /// What happened at the compound's gates before.
    pub history: &'a History,
    /// Whom the office lets off some rules.
    pub exempt: &'a Exempt,
    /// The rest of what is known at the gate.
    pub facts: Facts<'a>,
}

/// Whom the office lets off some rules, by their numbers within the compound.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exempt(BTreeMap<u16, Vec<Exemption>>);

impl Exempt {
    /// Nobody.
    #[must_use]
    pub const fn nobody() -> Self {
        Self(BTreeMap::new())
    }

    /// The exemptions of each holder, whether they still hold or not.
    #[must_use]
    pub fn of<'a>(all: impl IntoIterator<Item = (u16, &'a [Exemption])>) -> Self {
        let some = all.into_iter().filter(|(_, exemptions)| !exemptions.is_empty());
        Self(some.map(|(holder, exemptions)| (holder, exemptions.to_vec())).collect())
    }

    /// Whether one of the holder's exemptions holds now and lets them off what `from` asks about.
    fn holds(&self, holder: u16, now: Timestamp, from: impl Fn(&Exemption) -> bool) -> bool {
        let all = self.0.get(&holder).map_or(&[][..], Vec::as_slice);
        all.iter().any(|exemption| exemption.holds(now) && from(exemption))
    }
}

/// What is known at the gate, beside the pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts<'a> {
    /// Persons who go on this pass: one, unless staff keyed in more. In a vehicle: those keyed in, the driver included.
    pub party: u16,
    /// Persons whose own passes were scanned together with this one, and who go in the same passage.
    pub beside: u16,
    /// Whether staff found the holder by a search, and no code was seen.
    pub searched: bool,
    /// The plate that was read or keyed in.
    pub plate: Option<&'a str>,
    /// The temperatures of this person, in the order in which they were measured.
    pub measured: &'a [Measurement],
    /// The strictest colour in the household of the pass; none when the gate does not know.
    pub household: Option<Colour>,
    /// Why passes of this household may be suspended, and why nobody visits it: the building is closed.
    pub closed: Option<Closed>,
    /// Whether nobody knows which way the holder goes, and the direction is a guess: see [`Way::guessed`].
    pub guessed: bool,
    /// The verdict that this one is to replace: it counts for nothing here.
    pub instead_of: Option<Earlier>,
}

/// A building or a stairwell is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed {
    /// Since when.
    pub since: Timestamp,
    /// Until when it is planned; none when nobody said.
    pub planned: Option<Timestamp>,
}

/// A verdict on the same person, given when less was known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// The journal it stands in.
    pub journal: [u8; 16],
    /// Its sequence there.
    pub sequence: u64,
}

impl Closed {
    fn reason(self) -> Reason {
        Reason::HomeClosed { since: self.since, planned: self.planned }
    }
}

impl Facts<'_> {
    /// Somebody who walks up alone and shows a card.
    pub const ALONE: Self = Self {
        party: 1,
        beside: 0,
        searched: false,
        plate: None,
        measured: &[],
        household: None,
        closed: None,
        guessed: false,
        instead_of: None,
    };
}

/// A temperature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measurement {
    /// What was measured.
    pub tenths: Tenths,
    /// When.
    pub at: Timestamp,
    /// Where.
    pub site: Site,
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
    /// When the same question is first answered with [`Verdict::Admit`], everything but the time being equal; none when it
    /// is now, and when time alone does not help.
    pub next: Option<Timestamp>,
}

/// Decides. Entry home with a genuine pass of this compound is never worse than [`Verdict::Check`].
#[must_use]
pub fn decide(question: &Question<'_>) -> Decision {
    let weighed = weigh(question);
    let next = weighed.next(question);
    let mut findings = weighed.findings;
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.verdict));
    let verdict = verdict(&findings, weighed.strictest);
    let reasons = findings.into_iter().map(|finding| finding.reason).collect();
    Decision { verdict, reasons, alert: weighed.alert, colour: weighed.colour, next }
}

/// A reason, the verdict it asks for, and when it ends by itself.
#[derive(Clone, Debug)]
struct Finding {
    verdict: Verdict,
    reason: Reason,
    until: Option<Timestamp>,
}

/// All findings at one moment.
struct Weighed {
    findings: Vec<Finding>,
    /// No verdict is stricter.
    strictest: Verdict,
    colour: Option<Colour>,
    alert: bool,
}

/// A holder at the gate, with all that the rules ask about.
struct Case<'a> {
    policy: &'a Policy,
    direction: Direction,
    now: Timestamp,
    days: Days<'a>,
    past: Past<'a>,
    exempt: &'a Exempt,
    facts: Facts<'a>,
    bearer: Bearer,
    /// The colour that holds now.
    colour: Colour,
    /// Whether the plate is another than the one on the pass.
    plate_differs: bool,
    /// For how many seconds the pass holds.
    lasts: i64,
}

/// Who goes by a pass.
struct Bearer {
    one: One,
    holder: u16,
    household: u32,
    kind: Kind,
}

fn weigh(question: &Question<'_>) -> Weighed {
    let mut findings = Findings::default();
    let pass = match question.presented {
        Ok(pass) => pass,
        Err(refusal) => {
            findings.add(Verdict::Refuse, Reason::NotBelieved(refusal));
            return findings.weighed(Verdict::Refuse, None, false);
        }
    };
    if pass.compound != question.rules.compound {
        findings.add(Verdict::Refuse, Reason::OtherCompound { compound: pass.compound });
        return findings.weighed(Verdict::Refuse, Some(pass.colour), false);
    }
    standing::kind_and_time(question, pass, &mut findings);
    let standing = standing::look_up(question, pass, &mut findings);
    let policy = &question.rules.policy;
    let case = Case {
        policy,
        direction: question.direction,
        now: question.now,
        days: Days(question.zone),
        past: question.history.at(question.now, policy).without(question.facts.instead_of),
        exempt: question.exempt,
        facts: question.facts,
        bearer: Bearer {
            one: One::of(pass.kind, pass.holder, pass.serial),
            holder: pass.holder,
            household: pass.household,
            kind: pass.kind,
        },
        colour: standing.colour,
        plate_differs: question
            .facts
            .plate
            .is_some_and(|plate| !things::is_same_plate(plate, pass.name.as_str())),
        lasts: pass.expires.since(pass.not_before),
    };
    standing::weigh(&case, &standing, question.clock_in_doubt, &mut findings);
    case.weigh(findings)
}

impl Case<'_> {
    /// Weighs the rules that ask for more than the pass and the list.
    fn weigh(&self, mut findings: Findings) -> Weighed {
        let mut alert = self.direction == Direction::In && self.policy.colours.of(self.colour).entry_alert;
        past::weigh(self, &mut findings);
        things::hours(self, &mut findings);
        things::party(self, &mut findings);
        things::vehicle(self, &mut findings);
        things::visitor(self, &mut findings);
        alert |= things::temperature(self, &mut findings);
        let lives_here = self.bearer.kind != Kind::Visitor;
        let mut home = lives_here && self.direction == Direction::In;
        if !home && lives_here && self.facts.guessed && findings.strictest() == Verdict::Refuse {
            findings.add(Verdict::Check, Reason::DirectionUnknown);
            home = true;
        }
        let strictest = if home { Verdict::Check } else { Verdict::Refuse };
        findings.weighed(strictest, Some(self.colour), alert)
    }
}

impl Weighed {
    /// Goes from moment to moment at which the last of what blocks ends, until nothing blocks. Each finding holds until its
    /// own end, so nothing admits before.
    fn next(&self, question: &Question<'_>) -> Option<Timestamp> {
        /// Windows, quotas and closing times take turns a few times at most.
        const TURNS: u8 = 64;
        let mut end = self.end()?;
        for _ in 0..TURNS {
            let then = weigh(&Question { now: end, ..*question });
            match then.end() {
                Some(later) => end = later,
                None if verdict(&then.findings, then.strictest) == Verdict::Admit => return Some(end),
                None => return None,
            }
        }
        None
    }

    /// When all that blocks has ended; none when nothing blocks, or when something does not end by itself.
    fn end(&self) -> Option<Timestamp> {
        let blocking = self.findings.iter().filter(|finding| finding.verdict > Verdict::Admit);
        blocking.map(|finding| finding.until).max_by_key(|until| until.unwrap_or(Timestamp(i64::MAX)))?
    }
}

/// The strictest verdict asked for, but none above `strictest`.
fn verdict(findings: &[Finding], strictest: Verdict) -> Verdict {
    findings.iter().map(|finding| finding.verdict).max().unwrap_or(Verdict::Admit).min(strictest)
}

/// Reasons, each with the verdict it asks for.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    /// A finding that time alone does not end.
    fn add(&mut self, verdict: Verdict, reason: Reason) {
        self.0.push(Finding { verdict, reason, until: None });
    }

    /// A finding that holds until this moment, everything else being equal, and no longer.
    fn add_until(&mut self, verdict: Verdict, reason: Reason, until: Timestamp) {
        self.0.push(Finding { verdict, reason, until: Some(until) });
    }

    /// As [`Findings::add`], for a rule that may ask for nothing: then it is no reason.
    fn add_rule(&mut self, verdict: Verdict, reason: Reason) {
        if verdict > Verdict::Admit {
            self.add(verdict, reason);
        }
    }

    fn strictest(&self) -> Verdict {
        self.0.iter().map(|finding| finding.verdict).max().unwrap_or(Verdict::Admit)
    }

    fn weighed(self, strictest: Verdict, colour: Option<Colour>, alert: bool) -> Weighed {
        Weighed { findings: self.0, strictest, colour, alert }
    }
}
