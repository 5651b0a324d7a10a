//! What a gate sees with: cameras on this machine or on the network, hand scanners, or a recording in place of them.
//!
//! A closed set, so an enum. Each eye has a thread of its own, says by itself how it does, and comes back by itself when it
//! was unplugged. One loop takes what they see, texts before frames. Knows no passes: what a text means is for others.

mod inbox;
mod ip_camera;
#[cfg(target_os = "linux")]
pub mod keyboard;
#[cfg(target_os = "linux")]
mod line;
#[cfg(target_os = "linux")]
mod serial;

use std::path::PathBuf;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use qr::Frame;
use serde::Deserialize;

use crate::frames::camera::{Camera, Lens, LensSetting};
use crate::frames::{Health, Recording, SourceError, Step};
use crate::http::Address;
use inbox::{Inbox, Letter, Post};

/// How long the scan loop waits for something to see before it looks at other things.
const WAIT: Duration = Duration::from_millis(100);
/// The pause before an eye that was lost is tried again.
#[cfg(target_os = "linux")]
const PAUSE: Duration = Duration::from_secs(1);

/// An eye as it is set up: an `[[eyes]]` table of `kiosk.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Setting {
    /// A camera of this machine.
    Camera {
        /// Its name, number or path; without any, the first that gives pictures.
        device: Option<String>,
        /// `"auto"`, or a number as `kiosk cameras` lists them; without either it stays as the camera has it.
        focus: Option<LensSetting>,
        /// `"auto"`, or a number in units of 0.1 ms.
        exposure: Option<LensSetting>,
    },
    /// A camera on the network.
    IpCamera {
        /// Where its MJPEG stream or its still picture is.
        url: Address,
    },
    /// A hand scanner that types. It is read from its own device, which nobody else gets to see.
    #[cfg(target_os = "linux")]
    Keyboard {
        /// Its path, a part of its name, or its USB numbers (`0c2e:0b61`); [`keyboard::AUTO`] is the first that looks like a
        /// scanner.
        device: String,
    },
    /// A hand scanner on a serial line.
    #[cfg(target_os = "linux")]
    Serial {
        /// Its path: one below `/dev/serial/by-id` stays the same wherever it is plugged in.
        port: PathBuf,
        /// Its rate; 9600 without one.
        baud: Option<u32>,
    },
}

/// What sort of eye it is, for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EyeKind {
    /// A camera, or a recording in place of one.
    Camera,
    /// A camera on the network.
    IpCamera,
    /// A hand scanner.
    Scanner,
}

/// How one of a gate's eyes does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Eye {
    /// What it is.
    pub kind: EyeKind,
    /// How it does.
    pub health: Health,
}

/// What was seen next.
#[derive(Debug)]
pub enum Sight {
    /// A frame, to be looked at for codes.
    Frame {
        /// The frame.
        frame: Frame,
        /// When it was taken, since the gate was opened.
        at: Duration,
        /// Whose it is: the place of the eye in [`Eyes::health`].
        eye: usize,
    },
    /// A text that a hand scanner has read.
    Text {
        /// The text.
        text: String,
        /// When it came, since the gate was opened.
        at: Duration,
    },
    /// Nothing for a moment.
    Nothing,
    /// A recording that was read as fast as it could be has ended, and there is nothing else.
    End,
}

/// All eyes of a gate at work. Dropping it closes them.
#[derive(Debug)]
pub struct Eyes {
    inbox: Inbox,
    kinds: Vec<EyeKind>,
    threads: Vec<JoinHandle<()>>,
    played: Option<Played>,
}

/// A recording, and how it is played.
#[derive(Debug)]
struct Played {
    recording: Recording,
    health: Health,
    /// Whether frames come when they are asked for, and not when they were taken.
    at_once: bool,
    /// The frame whose time has not come.
    next: Option<(Frame, Duration)>,
}

impl Eyes {
    /// Opens these eyes, each on a thread of its own. What can't be opened is tried again for as long as it takes.
    #[must_use]
    pub fn open(settings: &[Setting]) -> Self {
        let inbox = Inbox::new(settings.len());
        let start = |(eye, setting): (usize, &Setting)| {
            let (setting, post) = (setting.clone(), inbox.post(eye));
            std::thread::spawn(move || setting.watch(&post))
        };
        let threads = settings.iter().enumerate().map(start).collect();
        Self { inbox, kinds: settings.iter().map(Setting::kind).collect(), threads, played: None }
    }

    /// Plays a recording beside these eyes, in the time that it took.
    #[must_use]
    pub fn playing(mut self, recording: Recording) -> Self {
        let health = recording.health();
        self.played = Some(Played { recording, health, at_once: false, next: None });
        self
    }

    /// Reads a recording, and nothing else, as fast as it can be.
    #[must_use]
    pub fn reading(recording: Recording) -> Self {
        let mut eyes = Self::open(&[]).playing(recording);
        if let Some(played) = &mut eyes.played {
            played.at_once = true;
        }
        eyes
    }

    /// What is seen next. Comes back in a moment, also when that is nothing.
    ///
    /// # Errors
    /// [`SourceError`] when a recording that is read as fast as it can be is broken. Nothing else fails for good.
    pub fn see(&mut self) -> Result<Sight, SourceError> {
        let mut wait = WAIT;
        if let Some(played) = &mut self.played {
            if played.at_once {
                return played.read();
            }
            played.wind();
            if let Some((_, at)) = &played.next {
                let left = (self.inbox.started() + *at).saturating_duration_since(Instant::now());
                if left.is_zero() {
                    return Ok(played.next.take().map_or(Sight::Nothing, Sight::frame));
                }
                wait = wait.min(left);
            }
        }
        Ok(match self.inbox.next(wait) {
            Some(Letter::Text(text, at)) => Sight::Text { text, at },
            // What is played comes before what is live.
            Some(Letter::Frame(frame, at, eye)) => {
                Sight::Frame { frame, at, eye: eye + usize::from(self.played.is_some()) }
            }
            None => Sight::Nothing,
        })
    }

    /// How each of them does.
    #[must_use]
    pub fn health(&self) -> Vec<Eye> {
        let played =
            self.played.iter().map(|played| Eye { kind: EyeKind::Camera, health: played.health.clone() });
        let live = self.kinds.iter().zip(self.inbox.health());
        played.chain(live.map(|(kind, health)| Eye { kind: *kind, health })).collect()
    }
}

impl Drop for Eyes {
    fn drop(&mut self) {
        self.inbox.close();
        for thread in self.threads.drain(..) {
            // One that has panicked has told so already.
            let _ = thread.join();
        }
    }
}

impl Sight {
    fn frame((frame, at): (Frame, Duration)) -> Self {
        Self::Frame { frame, at, eye: 0 }
    }
}

impl Setting {
    fn kind(&self) -> EyeKind {
        match self {
            Self::Camera { .. } => EyeKind::Camera,
            Self::IpCamera { .. } => EyeKind::IpCamera,
            #[cfg(target_os = "linux")]
            Self::Keyboard { .. } | Self::Serial { .. } => EyeKind::Scanner,
        }
    }

    /// Watches with this eye until the gate closes.
    fn watch(&self, post: &Post) {
        match self {
            Self::Camera { device, focus, exposure } => {
                let lens = Lens { focus: *focus, exposure: *exposure };
                watch_camera(device.as_deref(), lens, post);
            }
            Self::IpCamera { url } => ip_camera::watch(url, post),
            #[cfg(target_os = "linux")]
            Self::Keyboard { device } => keyboard::watch(device, post),
            #[cfg(target_os = "linux")]
            Self::Serial { port, baud } => serial::watch(port, baud.unwrap_or(serial::BAUD), post),
        }
    }
}

fn watch_camera(name: Option<&str>, lens: Lens, post: &Post) {
    let camera = Camera::start(name, lens);
    while !post.closed() {
        match camera.step() {
            Step::Frame { frame, .. } => post.frame(frame),
            Step::Nothing(health) => post.health(health),
            Step::End => return,
        }
    }
}

impl Played {
    /// The next frame, whenever it was taken.
    fn read(&mut self) -> Result<Sight, SourceError> {
        match self.recording.step()? {
            Step::Frame { frame, at } => Ok(Sight::frame((frame, at))),
            Step::Nothing(_) => Ok(Sight::Nothing),
            Step::End => Ok(Sight::End),
        }
    }

    /// Makes the next frame ready.
    fn wind(&mut self) {
        if self.next.is_some() || matches!(self.health, Health::Finished | Health::Lost { .. }) {
            return;
        }
        match self.recording.step() {
            Ok(Step::Frame { frame, at }) => self.next = Some((frame, at)),
            Ok(Step::Nothing(health)) => self.health = health,
            Ok(Step::End) => self.health = Health::Finished,
            Err(why) => {
                tracing::error!(%why, "no more frames");
                self.health = Health::Lost { why: why.to_string() };
            }
        }
    }
}

/// Waits until there is something to read, or an end; returns whether there is.
#[cfg(target_os = "linux")]
fn ready(device: impl std::os::fd::AsFd, wait: Duration) -> std::io::Result<bool> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let wait = Timespec::try_from(wait).map_err(std::io::Error::other)?;
    loop {
        match poll(&mut [PollFd::new(&device, PollFlags::IN)], Some(&wait)) {
            Err(rustix::io::Errno::INTR) => {}
            ready => return Ok(ready? > 0),
        }
    }
}
