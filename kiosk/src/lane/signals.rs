//! What the devices of a lane tell, as events: somebody went through, a temperature was measured, a device failed.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use gate::{Device, DeviceTrouble, Direction, Measured, Note, Passed, Site, Verdict, What};

use super::Lane;
use crate::devices::{Health, Signal};

/// A passage or a measurement belongs to a verdict that is not older than this.
const BELONGS: Duration = Duration::from_secs(30);

/// Verdicts that something may still belong to.
#[derive(Debug, Default)]
pub(super) struct Lately {
    /// Admissions that nobody has gone through on yet, the oldest first.
    admitted: VecDeque<(u64, Direction, Instant)>,
    /// The last verdict, and how many temperatures were measured for it.
    judged: Option<(u64, Instant, u16)>,
}

impl Lately {
    pub(super) fn judged(&mut self, sequence: u64, verdict: Verdict, direction: Direction) {
        let now = Instant::now();
        self.judged = Some((sequence, now, 0));
        if verdict == Verdict::Admit {
            self.admitted.push_back((sequence, direction, now));
        }
    }

    /// The admission that somebody goes through on now.
    fn passed(&mut self) -> Option<(u64, Direction)> {
        self.admitted.retain(|(_, _, at)| at.elapsed() < BELONGS);
        self.admitted.pop_front().map(|(sequence, direction, _)| (sequence, direction))
    }

    /// The verdict that a temperature belongs to, and which measurement of it this is.
    fn measured(&mut self) -> (Option<u64>, u16) {
        match &mut self.judged {
            Some((sequence, at, number)) if at.elapsed() < BELONGS => {
                *number = number.saturating_add(1);
                (Some(*sequence), *number)
            }
            _ => (None, 1),
        }
    }
}

impl Lane {
    /// Logs what the devices have told, and shows how they do.
    pub(crate) fn heed_devices(&mut self) {
        let signals: Vec<Signal> = self.equipment.signals().collect();
        for signal in signals {
            match signal {
                Signal::Health(device, health) => self.tell_device(device, health),
                Signal::Passed => {
                    let (of, direction) = match self.lately.passed() {
                        Some((sequence, direction)) => (Some(sequence), direction),
                        None => (None, self.direction),
                    };
                    let persons = self.equipment.persons();
                    self.log(What::Passed(Passed { of, direction, persons }));
                }
                Signal::Measured(tenths) => {
                    let (of, number) = self.lately.measured();
                    self.log(What::Measured(Measured { of, number, tenths, site: Site::Forehead }));
                }
            }
        }
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
