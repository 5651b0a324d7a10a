//! A camera that comes back by itself: unplugged, stalled or broken, it is tried again until it gives pictures.
//!
//! The device is read by a process of its own (`kiosk camera-frames`), which hands frames over a pipe. nokhwa's `frame()`
//! has no time-out and its driver's clean-up can panic: a process can always be ended, a thread that hangs cannot. Only
//! the latest frame is kept; nothing queues.

#[cfg(target_os = "linux")]
pub mod capture;
mod choose;
#[cfg(target_os = "linux")]
pub mod controls;
#[cfg(target_os = "linux")]
pub mod device;
mod lens;
pub mod pipe;

use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use qr::Frame;

use super::{Health, Step};
use pipe::Message;

pub use choose::{Choice, Offer, PixelFormat, Rate, choose};
pub use lens::{Knob, Lens, LensSetting, NoLensSetting, Range};

/// How long a camera may take for its first picture: some need seconds to focus and to set their exposure.
const FIRST_PICTURE: Duration = Duration::from_secs(10);
/// How long between two pictures: the slowest rate chosen is 5 a second.
const STALL: Duration = Duration::from_secs(3);
/// The pause before a camera is tried again.
const PAUSE: Duration = Duration::from_secs(1);
/// How long the scan loop waits for a frame before it looks at other things.
const WAIT: Duration = Duration::from_millis(500);

/// A camera.
#[derive(Debug)]
pub struct Camera {
    shared: Arc<Shared>,
    since: Instant,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// The latest frame that nobody has taken.
    frame: Option<(Frame, Instant)>,
    /// When the last message came, since the reader was started.
    heard: Option<Instant>,
    /// Why there is no picture.
    lost: Option<String>,
    /// What the reader that is running has said last.
    trouble: Option<String>,
    /// The reader that is running.
    reader: Option<Child>,
    closed: bool,
}

impl Camera {
    /// Starts to read the camera of this name, number or device path; without a name, the first that gives pictures. Its lens is
    /// set so whenever it is opened.
    #[must_use]
    pub fn start(name: Option<&str>, lens: Lens) -> Self {
        let name = name.map(str::to_owned);
        Self::of_reader(move || {
            // The program itself, also when its file has been replaced since by an update.
            let mut command = Command::new("/proc/self/exe");
            command.arg("camera-frames").envs(telemetry::environment());
            if let Some(name) = &name {
                command.arg("--camera").arg(name);
            }
            for (flag, setting) in [("--focus", lens.focus), ("--exposure", lens.exposure)] {
                command.args(setting.map(|setting| format!("{flag}={setting}")));
            }
            command
        })
    }

    fn of_reader(reader: impl Fn() -> Command + Send + 'static) -> Self {
        let shared = Arc::new(Shared::default());
        let watched = Arc::clone(&shared);
        std::thread::spawn(move || watched.keep_running(&reader));
        Self { shared, since: Instant::now() }
    }

    /// The latest frame, if one comes within half a second.
    #[must_use]
    pub fn step(&self) -> Step {
        let state = self.shared.lock();
        let (mut state, _) = self
            .shared
            .changed
            .wait_timeout_while(state, WAIT, |state| state.frame.is_none())
            .unwrap_or_else(PoisonError::into_inner);
        match (state.frame.take(), &state.lost) {
            (Some((frame, taken)), _) => {
                Step::Frame { frame, at: taken.saturating_duration_since(self.since) }
            }
            (None, Some(why)) => Step::Nothing(Health::Lost { why: why.clone() }),
            (None, None) if state.heard.is_none() => Step::Nothing(Health::Starting),
            (None, None) => Step::Nothing(Health::Seeing),
        }
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.closed = true;
        state.stop();
        self.shared.changed.notify_all();
    }
}

impl State {
    fn stop(&mut self) {
        if let Some(mut reader) = self.reader.take() {
            // It may have ended by itself; then there is nothing to stop.
            let _ = reader.kill();
            let _ = reader.wait();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts readers until the camera is closed. Runs on a thread that lives as long as its readers, which die with it.
    fn keep_running(self: &Arc<Self>, reader: &impl Fn() -> Command) {
        let mut said = None;
        loop {
            let why = self.read_until_lost(reader());
            let mut state = self.lock();
            state.stop();
            if state.closed {
                return;
            }
            // Once for each reason: a camera may be away for days.
            if state.heard.is_some() || said.as_ref() != Some(&why) {
                tracing::warn!(%why, "camera lost; trying again");
            }
            said = Some(why.clone());
            state.frame = None;
            state.lost = Some(why);
            let closed = self.changed.wait_timeout_while(state, PAUSE, |state| !state.closed);
            if closed.unwrap_or_else(PoisonError::into_inner).0.closed {
                return;
            }
        }
    }

    /// Runs one reader until it ends or stalls, and says why.
    fn read_until_lost(self: &Arc<Self>, mut command: Command) -> String {
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let started = Instant::now();
        let receiver = {
            let mut state = self.lock();
            if state.closed {
                return String::new();
            }
            state.heard = None;
            state.trouble = None;
            let mut child = match command.spawn() {
                Ok(child) => child,
                Err(why) => return why.to_string(),
            };
            let pipe = child.stdout.take().expect("it was asked to be piped");
            state.reader = Some(child);
            let shared = Arc::clone(self);
            std::thread::spawn(move || shared.receive(pipe))
        };
        loop {
            std::thread::sleep(Duration::from_millis(100));
            let mut state = self.lock();
            let ended = match &mut state.reader {
                Some(reader) => !matches!(reader.try_wait(), Ok(None)),
                None => true,
            };
            if ended {
                drop(state);
                // Its last words may still be in the pipe.
                let _ = receiver.join();
                let said = self.lock().trouble.take();
                return said.unwrap_or_else(|| "the camera's reader has ended".to_owned());
            }
            let (last, patience) = state.heard.map_or((started, FIRST_PICTURE), |heard| (heard, STALL));
            if last.elapsed() > patience {
                return format!("no picture for {} seconds", patience.as_secs());
            }
        }
    }

    /// Takes what a reader sends until its pipe ends.
    fn receive(&self, mut pipe: impl std::io::Read) {
        while let Ok(Some(message)) = pipe::receive(&mut pipe) {
            let mut state = self.lock();
            match message {
                Message::Frame(frame) => {
                    let now = Instant::now();
                    state.heard = Some(now);
                    state.frame = Some((frame, now));
                    state.lost = None;
                }
                Message::Trouble(why) => state.trouble = Some(why),
            }
            self.changed.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(script: &'static str) -> impl Fn() -> Command + Send + 'static {
        move || {
            let mut command = Command::new("sh");
            command.args(["-c", script]);
            command
        }
    }

    /// Waits for a step that `wanted` takes, for longer than any machine needs.
    fn wait_for(camera: &Camera, wanted: impl Fn(&Step) -> bool) {
        let start = Instant::now();
        while !wanted(&camera.step()) {
            assert!(start.elapsed() < Duration::from_secs(60), "never came");
        }
    }

    #[test]
    fn a_reader_that_ends_is_started_again() {
        let camera = Camera::of_reader(reader(r"printf '\000\000\000\001\000\000\000\001A'; sleep 0.3"));
        for _ in 0..2 {
            wait_for(&camera, |step| matches!(step, Step::Frame { frame, .. } if frame.luma() == b"A"));
            wait_for(&camera, |step| matches!(step, Step::Nothing(Health::Lost { .. })));
        }
    }

    #[test]
    fn a_reader_that_stalls_is_ended_and_started_again() {
        let camera =
            Camera::of_reader(reader(r"printf '\000\000\000\001\000\000\000\001A'; exec sleep 1000"));
        wait_for(&camera, |step| matches!(step, Step::Frame { .. }));
        wait_for(
            &camera,
            |step| matches!(step, Step::Nothing(Health::Lost { why }) if why.contains("no picture")),
        );
        wait_for(&camera, |step| matches!(step, Step::Frame { .. }));
    }

    #[test]
    fn what_the_reader_says_is_told() {
        let camera = Camera::of_reader(reader(r"printf '\000\000\000\000\000\000\000\004gone'"));
        wait_for(&camera, |step| matches!(step, Step::Nothing(Health::Lost { why }) if why == "gone"));
    }
}
