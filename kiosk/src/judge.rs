//! A text becomes a judgement, and a judgement becomes an event. Pure: knows no camera, no disk and no screen.

use gate::{Came, Decision, Direction, Event, Holder, Judged, Question, Reason, Versions, What, decide};
use pass::{Refusal, Verified};
use protocol::Opened;

use crate::journal::Next;
use crate::time::Reading;

/// What the gate says to a text, and all it was based on.
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
}

/// Judges a text as it was scanned.
#[must_use]
pub fn judge(text: &str, direction: Direction, grounds: &Opened, reading: Reading) -> Judgement {
    let verified = pass::verify(text, &grounds.trust);
    let list = verified.as_ref().ok().and_then(|pass| grounds.status_of(pass.office()));
    let decision = decide(&Question {
        presented: verified.as_ref().map_err(|refusal| *refusal),
        direction,
        now: reading.now,
        clock_in_doubt: reading.in_doubt,
        status_list: list,
        rules: &grounds.rules.rules,
    });
    let versions = Versions {
        trust: grounds.trust.version(),
        status: list.map_or(0, |list| list.version),
        rules: grounds.rules.version,
    };
    Judgement { decision, pass: verified.ok(), direction, reading, versions }
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
                party: 1,
                temperature: None,
                plate: None,
                came: Came::Scanned,
                together_with: None,
                sensed: false,
            }),
        }
    }
}
