//! What is heard: by the page, by ALSA without a page, or by a command. Each verdict has a sound of its own.

use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use gate::Verdict;
use serde::Deserialize;

use super::{Health, Report};

/// Samples a second.
const RATE: u32 = 22_050;

/// The table `[sound]` of `kiosk.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Setting {
    /// The page in the browser makes the sounds.
    #[default]
    Page,
    /// The program aplay of the package alsa-utils does.
    Alsa {
        /// The device as ALSA names it; without one, its default.
        device: Option<String>,
    },
    /// Commands with their arguments do; no shell comes between. An empty one is silence.
    Command {
        /// After an admission.
        admit: Vec<String>,
        /// After a check.
        check: Vec<String>,
        /// After a refusal.
        refuse: Vec<String>,
    },
}

/// The sound of a gate.
#[derive(Debug)]
pub(super) struct Sound(Option<Sender<Verdict>>);

impl Sound {
    pub(super) fn start(setting: Setting, report: Report) -> Self {
        if setting == Setting::Page {
            return Self(None);
        }
        let (send, orders) = channel();
        std::thread::spawn(move || play_all(&setting, &orders, &report));
        Self(Some(send))
    }

    /// Plays the sound of a verdict, in place of what is playing. Waits for nothing.
    pub(super) fn play(&self, verdict: Verdict) {
        if let Some(orders) = &self.0 {
            let _ = orders.send(verdict);
        }
    }
}

fn play_all(setting: &Setting, orders: &Receiver<Verdict>, report: &Report) {
    let mut playing: Option<Child> = None;
    report.health(gate::Device::Sound, Health::Working);
    loop {
        let order = orders.recv_timeout(Duration::from_millis(200));
        let over = match &mut playing {
            Some(child) => child.try_wait().ok().flatten(),
            None => None,
        };
        if let Some(status) = over {
            playing = None;
            if status.success() {
                report.health(gate::Device::Sound, Health::Working);
            } else {
                report.lost(gate::Device::Sound, status.to_string());
            }
        }
        let verdict = match order {
            Ok(verdict) => verdict,
            Err(RecvTimeoutError::Timeout) => continue,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        if let Some(mut last) = playing.take() {
            // The newest verdict is the one to be heard.
            let _ = last.kill();
            let _ = last.wait();
        }
        match play(setting, verdict) {
            Ok(child) => playing = child,
            Err(why) => report.lost(gate::Device::Sound, why),
        }
    }
}

fn play(setting: &Setting, verdict: Verdict) -> Result<Option<Child>, String> {
    let (mut command, samples) = match setting {
        Setting::Page => return Ok(None),
        Setting::Alsa { device } => {
            let mut aplay = Command::new("aplay");
            aplay.args(["-q", "-t", "raw", "-f", "S16_LE", "-c", "1", "-r", &RATE.to_string()]);
            if let Some(device) = device {
                aplay.args(["-D", device]);
            }
            (aplay, tones(verdict))
        }
        Setting::Command { admit, check, refuse } => {
            let words = match verdict {
                Verdict::Admit => admit,
                Verdict::Check => check,
                Verdict::Refuse => refuse,
            };
            let Some((program, arguments)) = words.split_first() else { return Ok(None) };
            let mut command = Command::new(program);
            command.args(arguments);
            (command, Vec::new())
        }
    };
    let name = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = command.spawn().map_err(|why| format!("{name}: {why}"))?;
    // Less than a pipe holds: this does not wait for the sound.
    if let Some(mut pipe) = child.stdin.take() {
        let _ = pipe.write_all(&samples);
    }
    Ok(Some(child))
}

/// The sound of a verdict, as 16-bit samples: up and short for go, twice the same for check, low and three times for stop.
fn tones(verdict: Verdict) -> Vec<u8> {
    // Hertz, and milliseconds; 0 Hz is a pause.
    let notes: &[(u32, u32)] = match verdict {
        Verdict::Admit => &[(880, 90), (1320, 140)],
        Verdict::Check => &[(660, 150), (0, 90), (660, 150)],
        Verdict::Refuse => &[(220, 160), (0, 60), (220, 160), (0, 60), (220, 160)],
    };
    let mut samples = Vec::new();
    for (hertz, milliseconds) in notes {
        let length = RATE * milliseconds / 1000;
        for sample in 0..length {
            // A short ramp at both ends: no clicks.
            let ramp = (sample.min(length - sample) as f32 / (RATE as f32 / 200.0)).min(1.0);
            let phase = sample as f32 * *hertz as f32 / RATE as f32;
            let value = (phase * std::f32::consts::TAU).sin() * ramp * 24_000.0;
            samples.extend_from_slice(&(value as i16).to_le_bytes());
        }
    }
    samples
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_verdict_is_told_by_ear() {
        // Bursts of sound with silence between, their length in milliseconds, and how often the loudest crosses zero.
        let bursts = |verdict| {
            let samples: Vec<i16> =
                tones(verdict).chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect();
            let loud = |window: &[i16]| window.iter().any(|sample| sample.unsigned_abs() > 2000);
            let mut bursts = 0;
            let mut before = false;
            for window in samples.chunks(RATE as usize / 100) {
                bursts += usize::from(loud(window) && !before);
                before = loud(window);
            }
            (bursts, samples.len() * 1000 / RATE as usize)
        };
        let [admit, check, refuse] = [Verdict::Admit, Verdict::Check, Verdict::Refuse].map(bursts);
        assert_eq!((admit.0, check.0, refuse.0), (1, 2, 3));
        for verdict in [Verdict::Admit, Verdict::Check, Verdict::Refuse] {
            // A pipe holds it, so that nobody waits.
            assert!(tones(verdict).len() < 64 << 10);
        }
    }
}
