//! The sensor of the bar: an input that turns when somebody goes through.

use std::time::Duration;
#[cfg(target_os = "linux")]
use std::{path::PathBuf, time::Instant};

use serde::Deserialize;

use super::{Report, Signal};

/// Contacts of a bar bounce for some milliseconds; nobody goes through twice in this time.
const BOUNCE_MILLISECONDS: u64 = 50;

/// The table `[sensor]` of `kiosk.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Setup {
    /// Persons that a signal stands for: 1 where nothing is set, 0 for vehicles.
    persons: Option<u16>,
    /// What it is.
    #[serde(flatten)]
    sensor: Sensor,
}

/// What tells that somebody went through.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Sensor {
    /// A line of a GPIO chip.
    #[cfg(target_os = "linux")]
    Gpio {
        /// The chip: `/dev/gpiochip0`.
        chip: PathBuf,
        /// The line's number on it.
        line: u32,
        /// Whether the line goes low when somebody goes through.
        #[serde(default)]
        active_low: bool,
        /// What holds the line while the contact is open.
        #[serde(default)]
        pull: Pull,
        /// How long contacts bounce.
        bounce_milliseconds: Option<u64>,
    },
    /// None: somebody goes through so many milliseconds after each admission.
    Simulated {
        /// How many.
        after_milliseconds: u64,
    },
}

/// What holds an input while nothing drives it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pull {
    /// The chip leaves it as it is: there is a resistor outside.
    #[default]
    None,
    /// Up, for a contact to ground.
    Up,
    /// Down, for a contact to the supply.
    Down,
}

#[cfg(target_os = "linux")]
impl Pull {
    /// Asks for it.
    pub(super) fn hold(self, request: &mut gpiocdev::request::Builder) {
        use gpiocdev::line::Bias;
        match self {
            Self::None => {}
            Self::Up => drop(request.with_bias(Bias::PullUp)),
            Self::Down => drop(request.with_bias(Bias::PullDown)),
        }
    }
}

impl Setup {
    /// Persons that a signal stands for.
    pub(super) fn persons(&self) -> u16 {
        self.persons.unwrap_or(1)
    }

    /// How long after an admission a simulated sensor signals.
    pub(super) fn simulated(&self) -> Option<Duration> {
        match self.sensor {
            Sensor::Simulated { after_milliseconds } => Some(Duration::from_millis(after_milliseconds)),
            #[cfg(target_os = "linux")]
            Sensor::Gpio { .. } => None,
        }
    }
}

/// Listens for as long as anybody wants to know.
pub(super) fn start(setup: Setup, report: Report) {
    match setup.sensor {
        #[cfg(target_os = "linux")]
        Sensor::Gpio { chip, line, active_low, pull, bounce_milliseconds } => {
            let bounce = Duration::from_millis(bounce_milliseconds.unwrap_or(BOUNCE_MILLISECONDS));
            let line = Line { chip, line, active_low, pull, bounce };
            std::thread::spawn(move || line.listen(&report));
        }
        Sensor::Simulated { .. } => report.health(gate::Device::TurnSensor, super::Health::Working),
    }
}

#[cfg(target_os = "linux")]
struct Line {
    chip: PathBuf,
    line: u32,
    active_low: bool,
    pull: Pull,
    bounce: Duration,
}

#[cfg(target_os = "linux")]
impl Line {
    fn listen(&self, report: &Report) {
        while report.is_wanted() {
            if let Err(why) = self.listen_once(report) {
                let why = format!("{} {}: {why}", self.chip.display(), self.line);
                report.lost(gate::Device::TurnSensor, why);
                std::thread::sleep(super::PAUSE);
            }
        }
    }

    fn listen_once(&self, report: &Report) -> gpiocdev::Result<()> {
        use gpiocdev::line::EdgeDetection;
        let mut request = gpiocdev::Request::builder();
        request.on_chip(&self.chip).with_consumer("sanse-gate").with_line(self.line).as_input();
        request.with_edge_detection(EdgeDetection::RisingEdge);
        if self.active_low {
            request.as_active_low();
        }
        self.pull.hold(&mut request);
        let request = request.request()?;
        report.health(gate::Device::TurnSensor, super::Health::Working);
        let mut last: Option<Instant> = None;
        while report.is_wanted() {
            if !request.wait_edge_event(Duration::from_millis(300))? {
                continue;
            }
            request.read_edge_event()?;
            let now = Instant::now();
            if last.is_none_or(|last| now.duration_since(last) >= self.bounce) {
                report.tell(Signal::Passed);
            }
            last = Some(now);
        }
        Ok(())
    }
}
