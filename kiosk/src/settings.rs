//! What can be set: by flag, else by environment, else in the file `kiosk.toml` of the data folder, else as it stands here.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::alerts;
use crate::devices::{self, barrier, sensor, sound, speech, switch};
use crate::eyes::Setting;
use crate::words::Language;

/// Where the page listens.
pub const LISTEN: &str = "127.0.0.1:7381";
/// A card counts as new when it was not seen for so many seconds: hands shake, and cards leave the view for a moment.
pub const SAME_CARD_SECONDS: f64 = 5.0;
/// An admission stays for so many seconds: long enough to be read, short enough for a queue.
pub const ADMIT_SECONDS: f64 = 3.0;
/// A check stays for so many seconds: staff compare a face.
pub const CHECK_SECONDS: f64 = 10.0;
/// The staff's panel closes when nobody has touched it for so many seconds: it may name people.
pub const PANEL_SECONDS: f64 = 60.0;

/// A car and its people are one passage when their passes are shown within so many seconds.
pub const VEHICLE_SECONDS: f64 = 10.0;
/// A temperature belongs to who shows a card within so many seconds before or after it was measured.
pub const TEMPERATURE_SECONDS: f64 = 8.0;

/// A newer program takes over when nobody has passed for so many seconds.
pub const UPDATE_QUIET_SECONDS: f64 = 180.0;

/// Events are kept for so many days, and purged for good within the day after.
pub const KEEP_DAYS: u32 = 30;

/// The file `kiosk.toml`: what it leaves out is set elsewhere or has its default.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// The gate's name.
    pub gate: Option<String>,
    /// `in`, `out`, `switch` or `auto`.
    pub direction: Option<String>,
    /// Where `direction` is `switch` or `auto`: `in` or `out`, which holds until something says otherwise.
    pub lane: Option<String>,
    /// Where the page listens.
    pub listen: Option<String>,
    /// Name, number or path of the camera.
    pub camera: Option<String>,
    /// What the gate sees with, in place of `camera`.
    pub eyes: Option<Vec<Setting>>,
    /// What stops people or cars.
    pub barrier: Option<barrier::Setup>,
    /// What reports that somebody went through.
    pub sensor: Option<sensor::Setup>,
    /// What says which way the lane is used, where `direction` is `switch`; without it, a button of the screen.
    pub switch: Option<switch::Setting>,
    /// What is heard.
    pub sound: Option<sound::Setting>,
    /// What says verdicts aloud.
    pub speech: Option<speech::Setting>,
    /// What measures temperatures.
    pub thermometer: Option<devices::Thermometer>,
    /// How the office is told of what it must know at once.
    pub alert: Option<alerts::Setting>,
    /// The language of messages.
    pub lang: Option<Language>,
    /// See [`SAME_CARD_SECONDS`].
    pub same_card_seconds: Option<f64>,
    /// See [`ADMIT_SECONDS`].
    pub admit_seconds: Option<f64>,
    /// See [`CHECK_SECONDS`].
    pub check_seconds: Option<f64>,
    /// How long a refusal stays; without it, until the next card or a touch.
    pub refuse_seconds: Option<f64>,
    /// See [`PANEL_SECONDS`].
    pub panel_seconds: Option<f64>,
    /// See [`VEHICLE_SECONDS`]; 0 for in one picture only.
    pub vehicle_seconds: Option<f64>,
    /// See [`TEMPERATURE_SECONDS`].
    pub temperature_seconds: Option<f64>,
    /// See [`UPDATE_QUIET_SECONDS`].
    pub update_quiet_seconds: Option<f64>,
    /// See [`KEEP_DAYS`].
    pub keep_days: Option<u32>,
    /// Where the figures for Prometheus are served beside the page.
    pub metrics_listen: Option<SocketAddr>,
    /// What log lines look like: `text` or `json`.
    pub log: Option<String>,
    /// Of which level log lines are written, and where.
    pub log_level: Option<String>,
}

impl File {
    /// The devices that it names.
    #[must_use]
    pub fn devices(&self) -> devices::Setup {
        devices::Setup {
            barrier: self.barrier.clone(),
            sensor: self.sensor.clone(),
            switch: self.switch.clone(),
            sound: self.sound.clone().unwrap_or_default(),
            thermometer: self.thermometer.clone(),
        }
    }

    /// Reads the file of a data folder; one that isn't there sets nothing.
    ///
    /// # Errors
    /// When it can't be read, or sets something that is not known.
    pub fn read(data: &Path) -> io::Result<Self> {
        let path = data.join("kiosk.toml");
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                toml::from_str(&text).map_err(|why| io::Error::other(format!("{}: {why}", path.display())))
            }
            Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(why) => Err(io::Error::new(why.kind(), format!("{}: {why}", path.display()))),
        }
    }
}

/// The data folder where nothing names one: the XDG base directory for data.
#[must_use]
pub fn default_data() -> PathBuf {
    let absolute = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = absolute("XDG_DATA_HOME").or_else(|| absolute("HOME").map(|home| home.join(".local/share")));
    base.unwrap_or_else(|| PathBuf::from("/var/lib")).join("sanse-gate/kiosk")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frames::camera::LensSetting;

    #[test]
    fn the_file_sets_what_it_names_and_nothing_unknown() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(File::read(dir.path()).unwrap(), File::default());
        let write = |text: &str| std::fs::write(dir.path().join("kiosk.toml"), text).unwrap();
        write("gate = \"南门\"\nlang = \"en\"\nadmit_seconds = 2.5\n");
        let read = File::read(dir.path()).unwrap();
        assert_eq!(
            (read.gate.as_deref(), read.lang, read.admit_seconds),
            (Some("南门"), Some(Language::En), Some(2.5))
        );
        write("[[eyes]]\nkind = \"camera\"\n[[eyes]]\nkind = \"camera\"\ndevice = \"HD Webcam\"\n");
        let camera = |device: Option<&str>| Setting::Camera {
            device: device.map(str::to_owned),
            focus: None,
            exposure: None,
        };
        assert_eq!(File::read(dir.path()).unwrap().eyes, Some(vec![camera(None), camera(Some("HD Webcam"))]));
        write("[[eyes]]\nkind = \"camera\"\nfocus = 30\nexposure = \"auto\"\n");
        let lens = Setting::Camera {
            device: None,
            focus: Some(LensSetting::Fixed(30)),
            exposure: Some(LensSetting::Auto),
        };
        assert_eq!(File::read(dir.path()).unwrap().eyes, Some(vec![lens]));
        for wrong in [
            "[[eyes]]\nkind = \"ear\"",
            "[[eyes]]\nkind = \"camera\"\nfocus = \"near\"",
            "[[eyes]]\nkind = \"camera\"\nport = \"x\"",
            "gates = \"x\"",
            "admit_seconds = \"soon\"",
            "lang = \"fr\"",
        ] {
            write(wrong);
            assert!(File::read(dir.path()).unwrap_err().to_string().contains("kiosk.toml"), "{wrong}");
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn devices_are_read_strictly() {
        let fine = [
            "[[eyes]]\nkind = \"ip-camera\"\nurl = \"http://u:p@10.0.0.20/video\"",
            "[[eyes]]\nkind = \"keyboard\"\ndevice = \"auto\"",
            "[[eyes]]\nkind = \"serial\"\nport = \"/dev/ttyACM0\"\nbaud = 115200",
            "[barrier]\nopen_seconds = 5\nkind = \"gpio\"\nchip = \"/dev/gpiochip0\"\nline = 17",
            "[barrier]\nkind = \"serial\"\nport = \"/dev/ttyUSB0\"\nopen = \"A0 01\"\nclose = \"A0 00\"",
            "[barrier]\nkind = \"http\"\nopen = \"http://r/1\"\nclose = \"http://r/0\"\npost = true",
            "[barrier]\nkind = \"command\"\nopen = [\"bar\", \"up\"]\nclose = [\"bar\", \"down\"]",
            "[barrier]\nkind = \"simulated\"",
            "[sensor]\nkind = \"gpio\"\nchip = \"/dev/gpiochip0\"\nline = 27\nactive_low = true\npull = \"up\"\npersons = 0",
            "[sensor]\nkind = \"simulated\"\nafter_milliseconds = 1500",
            "[switch]\nkind = \"gpio\"\nchip = \"/dev/gpiochip0\"\nline = 22\npull = \"up\"\nactive_low = true",
            "[switch]\nkind = \"simulated\"\nway = \"in\"",
            "[sound]\nkind = \"alsa\"",
            "[sound]\nkind = \"command\"\nadmit = [\"x\"]\ncheck = []\nrefuse = []",
            "[thermometer]\nkind = \"serial\"\nport = \"/dev/ttyUSB1\"",
            "[speech]\nkind = \"page\"",
            "[speech]\nkind = \"simulated\"\nlanguages = [\"en\"]",
            "[speech]\nkind = \"espeak-ng\"\nlanguages = [\"zh\", \"en\"]\nspeed = 150",
            "[thermometer]\nkind = \"simulated\"\ntenths = 365",
            "[alert]\nkind = \"http\"\nurl = \"http://u:p@10.0.0.9/alert\"",
            "[alert]\nkind = \"command\"\ncommand = [\"sms\", \"13800000000\"]",
            "[alert]\nkind = \"simulated\"",
        ];
        for text in fine {
            toml::from_str::<File>(text).unwrap_or_else(|why| panic!("{text}: {why}"));
            // A slip of the finger is never passed over.
            assert!(toml::from_str::<File>(&format!("{text}\nslip = 1")).is_err(), "{text}");
        }
    }
}
