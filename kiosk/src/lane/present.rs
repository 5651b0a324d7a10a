//! Those whose passes were judged a moment ago: whose a temperature is, which car somebody sits in, who can be judged again.
//!
//! Knows no journal, no device and no rule; moments are given, so that nothing here waits.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use gate::{Came, Decision, Measurement, Reason, Verdict, Way};
use pass::{Kind, Verified};

/// Nobody is judged again later: who comes back shows the card again.
const AT_MOST: Duration = Duration::from_secs(600);
/// Somebody who was told to have their temperature taken waits for it for so long, unless the next one comes.
const WAITS: Duration = Duration::from_secs(120);
/// More people than ever stand at a gate.
const MOST: usize = 64;

/// What belongs together although it comes apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nearby {
    /// A car and its people are one passage when their passes are shown within this time.
    pub vehicle: Duration,
    /// A temperature belongs to who showed a card within this time before or after.
    pub temperature: Duration,
}

impl Default for Nearby {
    fn default() -> Self {
        use crate::settings::{TEMPERATURE_SECONDS, VEHICLE_SECONDS};
        let seconds = Duration::from_secs_f64;
        Self { vehicle: seconds(VEHICLE_SECONDS), temperature: seconds(TEMPERATURE_SECONDS) }
    }
}

/// Somebody whose pass was judged.
#[derive(Clone, Debug)]
pub(super) struct Presented {
    /// Their newest verdict.
    pub(super) sequence: u64,
    pub(super) pass: Verified,
    pub(super) way: Way,
    pub(super) known: Known,
    pub(super) decision: Decision,
    /// The first of those whom it was judged together with, as its event says.
    pub(super) together_with: Option<u64>,
    /// The first of those who go in the same passage.
    pub(super) group: u64,
    /// When it was shown.
    pub(super) at: Instant,
    /// Whether a temperature was measured for it.
    pub(super) measured: bool,
    /// Whether nothing changes it any more: staff decided, or somebody went through.
    pub(super) settled: bool,
}

/// What is known of somebody beside the pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) party: u16,
    pub(super) beside: u16,
    pub(super) plate: Option<String>,
    pub(super) came: Came,
    pub(super) keyed_by: Option<String>,
}

impl Presented {
    pub(super) fn is_car(&self) -> bool {
        self.pass.kind == Kind::Vehicle
    }

    /// Whether the verdict waits for a temperature.
    fn waits(&self) -> bool {
        let asks = |reason: &Reason| {
            matches!(
                reason,
                Reason::TemperatureMissing | Reason::TemperatureLow { .. } | Reason::TemperatureAgain { .. }
            )
        };
        self.decision.verdict > Verdict::Admit && self.decision.reasons.iter().any(asks)
    }
}

/// Everybody who stands at the gate, the newest last.
#[derive(Debug, Default)]
pub(super) struct Present {
    all: VecDeque<Presented>,
    /// A temperature that was measured before a card was shown.
    loose: Option<(Measurement, Instant)>,
    nearby: Nearby,
}

impl Present {
    pub(super) fn new(nearby: Nearby) -> Self {
        Self { nearby, ..Self::default() }
    }

    pub(super) fn add(&mut self, presented: Presented) {
        self.all.retain(|one| presented.at.saturating_duration_since(one.at) < AT_MOST);
        if self.all.len() >= MOST {
            self.all.pop_front();
        }
        self.all.push_back(presented);
    }

    pub(super) fn get(&self, sequence: u64) -> Option<&Presented> {
        self.all.iter().rev().find(|one| one.sequence == sequence)
    }

    pub(super) fn get_mut(&mut self, sequence: u64) -> Option<&mut Presented> {
        self.all.iter_mut().rev().find(|one| one.sequence == sequence)
    }

    /// Staff decided, or somebody went through.
    pub(super) fn settle(&mut self, sequence: u64) {
        if let Some(one) = self.get_mut(sequence) {
            one.settled = true;
        }
    }

    /// Whose a temperature is that is measured now: of those who came last together the first who was not measured yet, else
    /// the first who is to be measured again. Nobody's, when none of them waits for one.
    pub(super) fn measures(&self, now: Instant) -> Option<u64> {
        let walks = |one: &&Presented| !one.is_car();
        let newest = self.all.iter().rev().find(walks)?;
        let near = |one: &&Presented| {
            let since = now.saturating_duration_since(one.at);
            let near = since < self.nearby.temperature || one.waits() && since < WAITS;
            one.group == newest.group && !one.settled && near
        };
        let together = || self.all.iter().filter(walks).filter(near);
        let first = together().find(|one| !one.measured).or_else(|| together().find(|one| one.waits()));
        first.map(|one| one.sequence)
    }

    /// A temperature that is nobody's yet: that of who shows a card next.
    pub(super) fn loosen(&mut self, measurement: Measurement, now: Instant) {
        self.loose = Some((measurement, now));
    }

    /// The temperature that was measured just before a card is shown now.
    pub(super) fn loose(&self, now: Instant) -> Option<Measurement> {
        let (measurement, at) = self.loose?;
        (now.saturating_duration_since(at) < self.nearby.temperature).then_some(measurement)
    }

    /// The temperature has found its holder.
    pub(super) fn taken(&mut self) {
        self.loose = None;
    }

    /// The car in which somebody sits who shows a card now: the last one, while it is near and stands there. Who joins does not
    /// make that longer: at a gate for cars and walkers, a queue would be counted into the car before it, one after the other.
    pub(super) fn car(&self, now: Instant) -> Option<&Presented> {
        let car = self.all.iter().rev().find(|one| one.is_car())?;
        let near = now.saturating_duration_since(car.at) < self.nearby.vehicle;
        Some(car).filter(|car| near && !car.settled)
    }

    /// Those who showed their cards just before their car comes now: admitted, not gone yet, and in no other car.
    pub(super) fn before_car(&self, now: Instant) -> Vec<u64> {
        let cars: Vec<u64> = self.all.iter().filter(|one| one.is_car()).map(|one| one.group).collect();
        let comes = |one: &&Presented| {
            let near = now.saturating_duration_since(one.at) < self.nearby.vehicle;
            let free = !one.settled && !cars.contains(&one.group);
            near && free && !one.is_car() && one.decision.verdict == Verdict::Admit
        };
        self.all.iter().filter(comes).map(|one| one.sequence).collect()
    }

    /// All who go in one passage.
    pub(super) fn group(&self, group: u64) -> impl Iterator<Item = &Presented> {
        self.all.iter().filter(move |one| one.group == group)
    }

    /// These go in the passage of that group now.
    pub(super) fn join(&mut self, sequences: &[u64], group: u64) {
        for one in self.all.iter_mut().filter(|one| sequences.contains(&one.sequence)) {
            one.group = group;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pass::{
        Colour, CompoundId, Content, Contents, Kinds, Mode, Name, OfficeId, Pass, Serial, SigningKey,
        Timestamp, TrustList, TrustedKey,
    };

    const SECOND: Duration = Duration::from_secs(1);

    /// Somebody who was admitted.
    fn admitted(sequence: u64, group: u64, kind: Kind, at: Instant) -> Presented {
        let (root, key) = (SigningKey::from_seed(&[1; 32]), SigningKey::from_seed(&[2; 32]));
        let day = |days: i64| Timestamp(days * 86_400);
        let pass = Pass {
            serial: Serial([0, 0, 0, 0, sequence as u8]),
            not_before: day(1),
            expires: day(2),
            compound: CompoundId(1),
            household: 1,
            holder: sequence as u16,
            index: 0,
            colour: Colour::Green,
            kind,
            mode: Mode::Paper,
            name: Name::new("张*明").unwrap(),
        };
        let trusted = TrustedKey {
            public: key.public(),
            office: OfficeId(1),
            compounds: vec![1..=1],
            contents: Contents::of(&[Content::Pass]),
            kinds: Kinds::of(&Kind::ALL),
            from: day(0),
            until: day(3),
        };
        let trusted = TrustList { version: 1, issued: day(1), keys: vec![trusted] };
        let trusted = TrustList::open(&trusted.sign(&root), &root.public()).unwrap();
        Presented {
            sequence,
            pass: pass::verify(&pass::sign(pass, &key).unwrap().text, &trusted).unwrap(),
            way: Way { direction: gate::Direction::Out, guessed: false },
            known: Known { party: 1, beside: 0, plate: None, came: Came::Scanned, keyed_by: None },
            decision: Decision {
                verdict: Verdict::Admit,
                reasons: Vec::new(),
                alert: false,
                colour: Some(Colour::Green),
                next: None,
            },
            together_with: None,
            group,
            at,
            measured: false,
            settled: false,
        }
    }

    fn within(seconds: u32) -> Present {
        Present::new(Nearby { vehicle: seconds * SECOND, ..Nearby::default() })
    }

    #[test]
    fn a_car_waits_for_its_people_from_when_it_came_and_not_from_the_last_of_them() {
        let start = Instant::now();
        let mut present = within(15);
        let group = |present: &Present, after: u32| present.car(start + after * SECOND).map(|car| car.group);
        present.add(admitted(1, 1, Kind::Vehicle, start));
        assert_eq!(group(&present, 14), Some(1));
        // Each of a queue of walkers comes soon after the one before.
        present.add(admitted(2, 1, Kind::Person, start + 8 * SECOND));
        present.add(admitted(3, 1, Kind::Person, start + 14 * SECOND));
        assert_eq!(group(&present, 15), None, "the next one is not in the car");
        assert_eq!(group(&present, 20), None);
        // The next car is another passage, until it has gone.
        present.add(admitted(4, 4, Kind::Vehicle, start + 30 * SECOND));
        assert_eq!(group(&present, 31), Some(4));
        present.settle(4);
        assert_eq!(group(&present, 31), None);
    }

    #[test]
    fn a_car_takes_those_who_came_just_before_it_and_sit_in_no_other() {
        let start = Instant::now();
        let mut present = within(15);
        present.add(admitted(1, 1, Kind::Person, start));
        present.add(admitted(2, 2, Kind::Vehicle, start + 10 * SECOND));
        present.add(admitted(3, 2, Kind::Person, start + 11 * SECOND));
        present.add(admitted(4, 4, Kind::Person, start + 12 * SECOND));
        present.add(Presented { settled: true, ..admitted(5, 5, Kind::Person, start + 12 * SECOND) });
        let mut stopped = admitted(6, 6, Kind::Person, start + 12 * SECOND);
        stopped.decision.verdict = Verdict::Refuse;
        present.add(stopped);
        assert_eq!(present.before_car(start + 14 * SECOND), [1, 4]);
        assert_eq!(present.before_car(start + 15 * SECOND), [4]);
    }
}
