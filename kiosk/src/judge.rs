//! A text becomes a judgement, and a judgement becomes an event. Pure: knows no camera, no disk and no screen.

use gate::{
    Came, Decision, Direction, Event, Facts, History, Holder, Judged, Question, Reason, Versions, What,
    decide,
};
use jiff::tz::TimeZone;
use pass::{Refusal, Verified};
use protocol::Opened;

use crate::journal::Next;
use crate::memory::Neighbours;
use crate::time::Reading;

/// All that a verdict depends on, beside the pass.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// Which way.
    pub direction: Direction,
    /// When.
    pub reading: Reading,
    /// The signed parts to judge by.
    pub grounds: &'a Opened,
    /// The zone of the compound.
    pub zone: &'a TimeZone,
    /// What happened before.
    pub history: &'a History,
    /// What is known of the compound's people.
    pub neighbours: &'a Neighbours,
    /// What is known at the gate; the household's colour is looked up among the neighbours.
    pub facts: Facts<'a>,
}

/// What the gate says to a pass, and all it was based on.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The verdict and its reasons.
    pub decision: Decision,
    /// The pass, when it is believed.
    pub pass: Option<Verified>,
    /// Which way.
    pub direction: Direction,
    /// When.
    pub reading: Reading,
    /// The versions it was judged by.
    pub versions: Versions,
    /// Persons who go on it.
    pub party: u16,
    /// The plate that was read or keyed in.
    pub plate: Option<String>,
    /// The last temperature measured, in tenths of a degree.
    pub temperature: Option<u16>,
    /// How it came.
    pub came: Came,
    /// The first of those that were scanned together with it.
    pub together_with: Option<u64>,
    /// Whether the lane has a turned-signal.
    pub sensed: bool,
}

/// Judges a text as it was scanned.
#[must_use]
pub fn judge(text: &str, circumstances: &Circumstances<'_>) -> Judgement {
    judge_pass(pass::verify(text, &circumstances.grounds.trust), circumstances)
}

/// Judges a pass that was verified or found by a search, or one that is not believed.
#[must_use]
pub fn judge_pass(verified: Result<Verified, Refusal>, circumstances: &Circumstances<'_>) -> Judgement {
    let Circumstances { direction, reading, grounds, zone, history, neighbours, facts } = *circumstances;
    let household = verified.as_ref().ok().and_then(|pass| neighbours.household(pass.household));
    let list = verified.as_ref().ok().and_then(|pass| grounds.status_of(pass.office()));
    // In doubt as well where the verdict would hang on hours that nobody has confirmed.
    let about = verified.as_ref().map_or(reading, |pass| reading.about(pass.not_before, pass.expires));
    let decision = decide(&Question {
        presented: verified.as_ref().map_err(|refusal| *refusal),
        direction,
        now: about.now,
        clock_in_doubt: about.in_doubt,
        status_list: list,
        rules: &grounds.rules.rules,
        zone,
        history,
        exempt: neighbours.exempt(),
        facts: Facts { household, ..facts },
    });
    let versions = Versions {
        trust: grounds.trust.version(),
        status: list.map_or(0, |list| list.version),
        rules: grounds.rules.version,
    };
    Judgement {
        decision,
        pass: verified.ok(),
        direction,
        reading,
        versions,
        party: facts.party,
        plate: facts.plate.map(str::to_owned),
        temperature: facts.measured.last().map(|last| last.tenths.0),
        came: Came::Scanned,
        together_with: None,
        sensed: false,
    }
}

impl Judgement {
    /// Whether the text is none of ours: an address, a payment code, a note. Such codes never make an event.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        self.decision.reasons.first() == Some(&Reason::NotBelieved(Refusal::NotAPass))
    }

    /// The event for the journal: numbers only, no name.
    #[must_use]
    pub fn event(&self, gate: &str, next: Next) -> Event {
        let holder = self.pass.as_ref().map(|pass| Holder {
            office: pass.office(),
            serial: pass.serial,
            compound: pass.compound,
            household: pass.household,
            holder: pass.holder,
            colour: self.decision.colour.unwrap_or(pass.colour),
            kind: pass.kind,
        });
        Event {
            gate: gate.to_owned(),
            journal: next.journal,
            sequence: next.sequence,
            at: self.reading.now,
            in_doubt: self.reading.in_doubt,
            before: next.before,
            what: What::Judged(Judged {
                direction: self.direction,
                verdict: self.decision.verdict,
                reasons: self.decision.reasons.iter().map(|reason| reason.code().to_owned()).collect(),
                alert: self.decision.alert,
                holder,
                versions: self.versions,
                party: self.party,
                temperature: self.temperature,
                plate: self.plate.clone(),
                came: self.came.clone(),
                together_with: self.together_with,
                sensed: self.sensed,
            }),
        }
    }
}

/// The compound's zone. One that is not known is shown as UTC: a wrong zone would be a wrong time.
pub(crate) fn zone(name: &str) -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get(name).unwrap_or_else(|why| {
        tracing::warn!(%why, "times are shown in UTC");
        jiff::tz::TimeZone::UTC
    })
}
