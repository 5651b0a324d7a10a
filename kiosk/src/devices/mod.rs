//! What a gate moves, hears and measures besides what it sees: the barrier, the sensor of the bar, the sound, the thermometer.
//!
//! Closed sets, so enums. What is set here comes from `kiosk.toml` on this machine and from nowhere else: no bundle names a
//! command or an address. Each device works on its own threads, reports how it does, and is tried again when it is lost.

pub mod barrier;
pub mod sensor;
pub mod sound;
pub mod speech;
pub mod switch;
#[cfg(target_os = "linux")]
mod thermometer;

#[cfg(target_os = "linux")]
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use gate::Verdict;
use serde::Deserialize;

use barrier::Barrier;
use sound::Sound;

/// The pause before a device that was lost is tried again.
const PAUSE: Duration = Duration::from_secs(1);

/// The devices of a gate, as tables of `kiosk.toml`; what isn't there isn't used.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Setup {
    /// What stops people or cars.
    pub barrier: Option<barrier::Setup>,
    /// What reports that somebody went through.
    pub sensor: Option<sensor::Setup>,
    /// What says which way the lane is used.
    pub switch: Option<switch::Setting>,
    /// What is heard.
    pub sound: sound::Setting,
    /// What measures temperatures.
    pub thermometer: Option<Thermometer>,
}

/// An infrared thermometer at the gate.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Thermometer {
    /// One that sends a line of text for every measurement.
    #[cfg(target_os = "linux")]
    Serial {
        /// Its path.
        port: PathBuf,
        /// Its rate; 9600 without one.
        baud: Option<u32>,
    },
    /// None: everybody who shows a card has this temperature.
    Simulated {
        /// In tenths of a degree Celsius.
        tenths: u16,
    },
}

/// What a device tells the scan loop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signal {
    /// How a device does, when that has changed.
    Health(gate::Device, Health),
    /// The bar turned: somebody went through.
    Passed,
    /// A temperature was measured, in tenths of a degree Celsius.
    Measured(u16),
    /// The lane is used this way from now on.
    Turned(gate::Direction),
}

/// How a device does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// It works; a barrier is closed.
    Working,
    /// The barrier is open.
    Open,
    /// It does not work, and is tried again.
    Lost {
        /// Why, as the system or the device says it.
        why: String,
    },
}

/// The devices of a gate at work.
#[derive(Debug)]
pub struct Equipment {
    barrier: Option<Barrier>,
    sound: Sound,
    signals: Receiver<Signal>,
    report: Report,
    /// Persons that a signal of the sensor stands for.
    persons: u16,
    /// Whether there is a sensor.
    senses: bool,
    simulated: Simulated,
}

/// What plays a device that isn't there.
#[derive(Clone, Copy, Debug, Default)]
struct Simulated {
    /// How long after an admission somebody goes through.
    passage: Option<Duration>,
    /// What is measured of everybody.
    tenths: Option<u16>,
}

impl Equipment {
    /// Starts them. What can't be opened is tried again for as long as it takes.
    #[must_use]
    pub fn start(setup: Setup) -> Self {
        let (send, signals) = channel();
        let report = Report { signals: send, wanted: Arc::new(AtomicBool::new(true)) };
        let mut simulated = Simulated::default();
        let persons = setup.sensor.as_ref().map_or(1, sensor::Setup::persons);
        let senses = setup.sensor.is_some();
        if let Some(sensor) = setup.sensor {
            simulated.passage = sensor.simulated();
            sensor::start(sensor, report.clone());
        }
        if let Some(setting) = setup.switch {
            switch::start(setting, report.clone());
        }
        match setup.thermometer {
            #[cfg(target_os = "linux")]
            Some(Thermometer::Serial { port, baud }) => {
                thermometer::start(port, baud.unwrap_or(9600), report.clone());
            }
            Some(Thermometer::Simulated { tenths }) => simulated.tenths = Some(tenths),
            None => {}
        }
        let barrier = setup.barrier.map(|barrier| Barrier::start(barrier, report.clone()));
        let sound = Sound::start(setup.sound, report.clone());
        Self { barrier, sound, signals, report, persons, senses, simulated }
    }

    /// None at all: verdicts are shown, and people do the rest.
    #[must_use]
    pub fn none() -> Self {
        Self::start(Setup::default())
    }

    /// What the devices have told since it was last asked.
    pub(crate) fn signals(&self) -> impl Iterator<Item = Signal> + '_ {
        self.signals.try_iter()
    }

    /// Acts on a verdict. Its event must be on the disk.
    pub(crate) fn act(&self, verdict: Verdict) {
        self.sound.play(verdict);
        if let (Verdict::Admit, Some(barrier)) = (verdict, &self.barrier) {
            barrier.open();
        }
        if let (Verdict::Admit, Some(time)) = (verdict, self.simulated.passage) {
            let report = self.report.clone();
            std::thread::spawn(move || {
                std::thread::sleep(time);
                report.tell(Signal::Passed);
            });
        }
    }

    /// Somebody stands there: a simulated thermometer measures them.
    pub(crate) fn measure(&self) {
        if let Some(tenths) = self.simulated.tenths {
            self.report.tell(Signal::Measured(tenths));
        }
    }

    /// Persons that a signal of the sensor stands for; 0 for a vehicle.
    pub(crate) fn persons(&self) -> u16 {
        self.persons
    }

    /// Whether passages are reported.
    pub(crate) fn senses(&self) -> bool {
        self.senses
    }

    /// The barrier, for those who open it without a verdict.
    #[must_use]
    pub fn barrier(&self) -> Option<&Barrier> {
        self.barrier.as_ref()
    }
}

impl Drop for Equipment {
    fn drop(&mut self) {
        self.report.wanted.store(false, Ordering::Relaxed);
    }
}

/// Where devices tell what happens, for as long as anybody wants to know.
#[derive(Clone, Debug)]
struct Report {
    signals: Sender<Signal>,
    wanted: Arc<AtomicBool>,
}

impl Report {
    fn is_wanted(&self) -> bool {
        self.wanted.load(Ordering::Relaxed)
    }

    fn tell(&self, signal: Signal) {
        // Nobody may be listening any more.
        let _ = self.signals.send(signal);
    }

    fn health(&self, device: gate::Device, health: Health) {
        self.tell(Signal::Health(device, health));
    }

    fn lost(&self, device: gate::Device, why: String) {
        self.health(device, Health::Lost { why });
    }
}
