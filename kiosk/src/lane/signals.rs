//! What the devices of a lane tell, as events: somebody went through, a temperature was measured, a device failed.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use gate::{
    Device, DeviceTrouble, Direction, Measured, Measurement, Note, Passed, Site, Tenths, Verdict, What,
};

use super::Lane;
use super::judging::Judged;
use super::present::Presented;
use crate::devices::{Health, Signal};
use crate::heading::Heading;
use crate::staff::WhyNot;

/// A passage belongs to a verdict that is not older than this.
const BELONGS: Duration = Duration::from_secs(30);

/// Verdicts that something may still belong to.
#[derive(Debug, Default)]
pub(super) struct Lately {
    /// Admissions that nobody has gone through on yet, the oldest first.
    admitted: VecDeque<(u64, Direction, Instant)>,
}

impl Lately {
    pub(super) fn judged(&mut self, sequence: u64, verdict: Verdict, direction: Direction) {
        if verdict == Verdict::Admit {
            self.admitted.push_back((sequence, direction, Instant::now()));
        }
    }

    /// A verdict took the place of another: it keeps its place in the queue, or loses it.
    pub(super) fn again(&mut self, of: u64, sequence: u64, verdict: Verdict, direction: Direction) {
        let place = self.admitted.iter_mut().find(|(admitted, ..)| *admitted == of);
        match (verdict, place) {
            (Verdict::Admit, Some(place)) => (place.0, place.1) = (sequence, direction),
            (Verdict::Admit, None) => self.judged(sequence, verdict, direction),
            (_, _) => self.admitted.retain(|(admitted, ..)| *admitted != of),
        }
    }

    /// Staff stopped somebody.
    pub(super) fn stopped(&mut self, sequence: u64) {
        self.admitted.retain(|(admitted, ..)| *admitted != sequence);
    }

    /// The admission that somebody goes through on now.
    fn passed(&mut self) -> Option<(u64, Direction)> {
        self.admitted.retain(|(_, _, at)| at.elapsed() < BELONGS);
        self.admitted.pop_front().map(|(sequence, direction, _)| (sequence, direction))
    }

    /// Those of these who were admitted go with somebody who goes now.
    fn passed_with(&mut self, sequences: &[u64]) -> Vec<(u64, Direction)> {
        let with = self.admitted.iter().filter(|(sequence, ..)| sequences.contains(sequence));
        let with = with.map(|(sequence, direction, _)| (*sequence, *direction)).collect();
        self.admitted.retain(|(sequence, ..)| !sequences.contains(sequence));
        with
    }
}

impl Lane {
    /// Logs what the devices have told, and shows how they do.
    pub(crate) fn heed_devices(&mut self) {
        let signals: Vec<Signal> = self.equipment.signals().collect();
        for signal in signals {
            match signal {
                Signal::Health(device, health) => self.tell_device(device, health),
                Signal::Turned(direction) => {
                    if matches!(self.heading, Heading::Switch(before) if before != direction) {
                        self.head(Heading::Switch(direction));
                    }
                }
                Signal::Passed => self.walked(),
                Signal::Measured(tenths) => {
                    let of = self.present.measures(Instant::now());
                    // A journal that is down shows that itself.
                    let _ = self.measured(of, Tenths(tenths), Site::Forehead);
                }
            }
        }
    }

    /// The bar turned: the oldest admission is one that somebody went on. A car goes with its people.
    fn walked(&mut self) {
        let persons = self.equipment.persons();
        let Some((sequence, direction)) = self.lately.passed() else {
            let direction = self.heading.lane();
            self.log(What::Passed(Passed { of: None, direction, persons }));
            return;
        };
        let group = self.present.get(sequence).map(|one| one.group);
        let with: Vec<(u64, bool)> = match group {
            Some(group) if self.present.group(group).any(Presented::is_car) => {
                self.present.group(group).map(|one| (one.sequence, one.is_car())).collect()
            }
            _ => Vec::new(),
        };
        let mut all = vec![(sequence, direction)];
        all.extend(self.lately.passed_with(&with.iter().map(|(sequence, _)| *sequence).collect::<Vec<_>>()));
        for (sequence, direction) in all {
            let persons = match with.iter().find(|(one, _)| *one == sequence) {
                // Persons in a car are counted by their own passes.
                Some((_, is_car)) => u16::from(!is_car),
                None => persons,
            };
            self.present.settle(sequence);
            self.log(What::Passed(Passed { of: Some(sequence), direction, persons }));
        }
    }

    /// Logs a temperature, and judges again whom it belongs to. Returns the newest verdict on them where there is a new one.
    pub(super) fn measured(
        &mut self,
        of: Option<u64>,
        tenths: Tenths,
        site: Site,
    ) -> Result<Option<Judged>, WhyNot> {
        let reading = self.screen.reading();
        let before = match (of.and_then(|of| self.present.get(of)), &self.grounds) {
            (Some(one), Some(grounds)) => {
                let policy = &grounds.rules.rules.policy;
                self.memory.history().measured(&one.pass, reading.now, policy).len()
            }
            _ => 0,
        };
        let number = u16::try_from(before + 1).unwrap_or(u16::MAX);
        let event = self.record(What::Measured(Measured { of, number, tenths: tenths.0, site }))?;
        let Some(of) = of else {
            self.present.loosen(Measurement { tenths, at: event.at, site }, Instant::now());
            return Ok(None);
        };
        if let Some(one) = self.present.get_mut(of) {
            one.measured = true;
        }
        Ok(self.again(of, false))
    }

    /// Shows how a device does, and logs when it fails or works again.
    fn tell_device(&mut self, device: Device, health: Health) {
        let before = self.screen.device(device);
        if before.as_ref() == Some(&health) {
            return;
        }
        let was_lost = matches!(before, Some(Health::Lost { .. }));
        let fault = match &health {
            Health::Lost { why } => {
                tracing::warn!(device = device.code(), why, "a device is lost; trying again");
                Some(note(why))
            }
            Health::Working | Health::Open => None,
        };
        self.screen.set_device(device, health);
        if fault.is_some() != was_lost {
            self.log(What::DeviceTrouble(DeviceTrouble { device, of: None, fault }));
        }
    }

    fn log(&mut self, what: What) {
        if self.record(what).is_err() {
            tracing::error!("what a device told could not be logged");
        }
    }
}

/// What a device said, as far as a note holds.
fn note(why: &str) -> Note {
    let mut text: String = why.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    while text.len() > Note::MAX_BYTES {
        text.pop();
    }
    Note::new(&text).unwrap_or_else(|_| Note::new("?").expect("a character is a note"))
}
