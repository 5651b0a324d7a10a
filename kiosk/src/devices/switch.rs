//! The switch that says which way a lane is used: a contact that is closed while people come in.

#[cfg(target_os = "linux")]
use std::path::PathBuf;
use std::time::Duration;

use gate::Direction;
use serde::Deserialize;

#[cfg(target_os = "linux")]
use super::sensor::Pull;
use super::{Health, Report, Signal};

/// How often it is looked at; it counts as turned when it stands there twice in a row, as contacts bounce.
const LOOK: Duration = Duration::from_millis(100);

/// The table `[switch]` of `kiosk.toml`, for a lane whose `direction` is `switch`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Setting {
    /// A line of a GPIO chip: active is in, else it is out.
    #[cfg(target_os = "linux")]
    Gpio {
        /// The chip: `/dev/gpiochip0`.
        chip: PathBuf,
        /// The line's number on it.
        line: u32,
        /// Whether the line is low when it is active.
        #[serde(default)]
        active_low: bool,
        /// What holds the line while the contact is open.
        #[serde(default)]
        pull: Pull,
    },
    /// None: it stands like this.
    Simulated {
        /// Which way.
        way: Direction,
    },
}

/// Tells where it stands, and each time it is turned, for as long as anybody wants to know.
pub(super) fn start(setting: Setting, report: Report) {
    match setting {
        #[cfg(target_os = "linux")]
        Setting::Gpio { chip, line, active_low, pull } => {
            std::thread::spawn(move || {
                let line = Line { chip, line, active_low, pull };
                while report.is_wanted() {
                    if let Err(why) = line.watch(&report) {
                        let why = format!("{} {}: {why}", line.chip.display(), line.line);
                        report.lost(gate::Device::Switch, why);
                        std::thread::sleep(super::PAUSE);
                    }
                }
            });
        }
        Setting::Simulated { way } => {
            report.health(gate::Device::Switch, Health::Working);
            report.tell(Signal::Turned(way));
        }
    }
}

#[cfg(target_os = "linux")]
struct Line {
    chip: PathBuf,
    line: u32,
    active_low: bool,
    pull: Pull,
}

#[cfg(target_os = "linux")]
impl Line {
    fn watch(&self, report: &Report) -> gpiocdev::Result<()> {
        use gpiocdev::line::Value;
        let mut request = gpiocdev::Request::builder();
        request.on_chip(&self.chip).with_consumer("sanse-gate").with_line(self.line).as_input();
        if self.active_low {
            request.as_active_low();
        }
        self.pull.hold(&mut request);
        let request = request.request()?;
        report.health(gate::Device::Switch, Health::Working);
        let (mut told, mut last) = (None, None);
        while report.is_wanted() {
            let way = match request.value(self.line)? {
                Value::Active => Direction::In,
                Value::Inactive => Direction::Out,
            };
            if last == Some(way) && told != last {
                told = last;
                report.tell(Signal::Turned(way));
            }
            last = Some(way);
            std::thread::sleep(LOOK);
        }
        Ok(())
    }
}
