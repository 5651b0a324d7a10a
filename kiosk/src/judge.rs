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
    /// What is known at the gate; the household's colour, and whether its building is closed, are looked up among the
    /// neighbours.
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
    /// When, as far as the verdict depends on it: in doubt where it hangs on hours that nobody has confirmed.
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
    /// Persons whose own passes were shown with it.
    pub beside: u16,
    /// The verdict that this one takes the place of.
    pub supersedes: Option<u64>,
    /// Who keyed in what is known beside the pass.
    pub keyed_by: Option<String>,
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
    let closed = verified.as_ref().ok().and_then(|pass| neighbours.closed(pass.household));
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
        facts: Facts { household, closed, ..facts },
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
        // The event is written at the time that is believed; that the verdict hung on doubtful hours is told with it.
        reading: Reading { in_doubt: about.in_doubt, ..reading },
        versions,
        party: facts.party,
        plate: facts.plate.map(str::to_owned),
        temperature: facts.measured.last().map(|last| last.tenths.0),
        came: Came::Scanned,
        together_with: None,
        sensed: false,
        beside: facts.beside,
        supersedes: facts.instead_of.map(|earlier| earlier.sequence),
        keyed_by: None,
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
                beside: self.beside,
                supersedes: self.supersedes,
                keyed_by: self.keyed_by.clone(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use gate::{Policy, Rules};
    use pass::{
        Colour, CompoundId, Content, Contents, Kind, Kinds, Mode, Name, OfficeId, Pass, Serial, SigningKey,
        Status, StatusList, Timestamp, TrustList, TrustedKey,
    };
    use protocol::{Bundle, HighWater, policy_from_json, sign_rules};

    const NOW: Timestamp = Timestamp(1_582_000_000);
    const DAY: i64 = 86_400;

    /// What an office signed a minute ago, and its key.
    fn opened() -> (Opened, SigningKey) {
        let (root, key) = (SigningKey::from_seed(&[1; 32]), SigningKey::from_seed(&[2; 32]));
        let issued = NOW.plus(-DAY);
        let trusted = TrustedKey {
            public: key.public(),
            office: OfficeId(1),
            compounds: vec![1..=9],
            contents: Contents::of(&Content::ALL),
            kinds: Kinds::of(&Kind::ALL),
            from: NOW.plus(-30 * DAY),
            until: NOW.plus(30 * DAY),
        };
        let policy: Policy = policy_from_json(include_str!("../../issuer/data/starter-rules.json")).unwrap();
        let rules = Rules { compound: CompoundId(1), compound_name: "x".into(), policy };
        let list = StatusList::new(OfficeId(1), 1, issued, NOW.plus(9 * DAY), &[Status::AsSigned; 4]);
        let bundle = Bundle {
            trust: TrustList { version: 1, issued, keys: vec![trusted] }.sign(&root),
            status: vec![list.sign(&key)],
            rules: sign_rules(&rules, 1, issued, &key),
            people: Vec::new(),
            directions: None,
        };
        (bundle.open(&root.public(), None, &HighWater::default()).unwrap(), key)
    }

    #[test]
    fn an_event_tells_that_its_verdict_hung_on_doubtful_hours() {
        let (grounds, key) = opened();
        // Off for some of the last ten hours: nobody knows for how long.
        let reading = Reading { earliest: NOW.plus(-10 * 3600), ..Reading::certain(NOW) };
        for (expires, in_doubt) in [(NOW.plus(-3600), true), (NOW.plus(9 * DAY), false)] {
            let pass = Pass {
                serial: Serial([1; 5]),
                not_before: NOW.plus(-9 * DAY),
                expires,
                compound: CompoundId(1),
                household: 1,
                holder: 1,
                index: 1,
                colour: Colour::Green,
                kind: Kind::Person,
                mode: Mode::Paper,
                name: Name::new("张*").unwrap(),
            };
            let judgement = judge(
                &pass::sign(pass, &key).unwrap().text,
                &Circumstances {
                    direction: Direction::Out,
                    reading,
                    grounds: &grounds,
                    zone: &TimeZone::UTC,
                    history: &History::new(),
                    neighbours: &Neighbours::default(),
                    facts: Facts::ALONE,
                },
            );
            let asked = judgement.decision.reasons.contains(&Reason::ClockInDoubt);
            let event = judgement.event("1", Next { journal: [0; 16], sequence: 1, before: [0; 32] });
            assert_eq!((asked, event.in_doubt, event.at), (in_doubt, in_doubt, NOW));
        }
    }
}
