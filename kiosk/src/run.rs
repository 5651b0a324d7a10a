//! A gate at work: the scan loop on its thread, the page on its socket, until somebody or the end of a recording stops it.

use std::future::Future;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use gate::Direction;
use indicatif::ProgressBar;
use pass::Clock;
use tokio::net::TcpListener;

use crate::frames::{Eyes, Source, SourceError, Step};
use crate::held::Held;
use crate::journal::JournalError;
use crate::lane::{Counts, Lane};
use crate::page;
use crate::screen::{Screen, State, Stay};
use crate::time::GateTime;

/// How a gate is set up.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder with root, bundle and journal.
    pub data: PathBuf,
    /// The gate's name, on the screen and in events.
    pub gate: String,
    /// Which way it is used.
    pub direction: Direction,
    /// A card counts as new when it was not seen for so long.
    pub ignore: Duration,
    /// How long verdicts stay on the screen.
    pub stay: Stay,
    /// Whether to end with the source of frames, which is then read as fast as it can be.
    pub once: bool,
}

/// What a gate sees with and speaks to.
pub struct Devices {
    /// Where frames come from.
    pub source: Source,
    /// Every event that is shown is printed here, a line of JSON each.
    pub output: Box<dyn Write + Send>,
    /// Counts frames for whoever waits.
    pub progress: ProgressBar,
}

/// Why a gate stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// Another program has the journal open.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The source of frames failed.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The page could not be served.
    #[error("the page: {0}")]
    Page(std::io::Error),
}

/// Runs a gate until `shutdown`, or with [`Config::once`] until its frames are over. Returns what it did.
///
/// # Errors
/// [`RunError`].
pub async fn run(
    config: Config,
    devices: Devices,
    clock: Arc<dyn Clock>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> Result<Counts, RunError> {
    let state = State::new(config.gate.clone(), config.direction, config.stay);
    let screen = Screen::new(state, GateTime::new(clock));
    let address = listener.local_addr().map_err(RunError::Page)?;
    let lane = Lane::open(
        Held::in_folder(&config.data),
        config.gate,
        config.direction,
        config.ignore,
        screen.clone(),
        devices.output,
    )?;
    let stop = Arc::new(AtomicBool::new(false));
    let watch = Watch {
        lane,
        source: devices.source,
        screen: screen.clone(),
        progress: devices.progress,
        once: config.once,
        stop: Arc::clone(&stop),
    };
    let mut watching = tokio::task::spawn_blocking(move || watch.run());
    let served = axum::serve(listener, page::router(screen, address)).into_future();
    tokio::select! {
        counts = &mut watching => counts.expect("the scan loop does not panic"),
        served = served => {
            stop.store(true, Ordering::Relaxed);
            served.map_err(RunError::Page)?;
            watching.await.expect("the scan loop does not panic")
        }
        () = shutdown => {
            stop.store(true, Ordering::Relaxed);
            watching.await.expect("the scan loop does not panic")
        }
    }
}

/// The scan loop and its source.
struct Watch {
    lane: Lane,
    source: Source,
    screen: Screen,
    progress: ProgressBar,
    once: bool,
    stop: Arc<AtomicBool>,
}

impl Watch {
    fn run(mut self) -> Result<Counts, RunError> {
        let started = Instant::now();
        let eyes = self.source.eyes();
        if self.source.is_file() {
            self.screen.set(|state| state.eyes = eyes.clone());
        }
        while !self.stopped() {
            match self.source.step() {
                Ok(Step::Frame { frame, at }) => {
                    if self.source.is_file() && !self.once {
                        self.wait_until(started + at);
                    }
                    self.see(&eyes);
                    self.lane.look(&frame, at);
                    self.progress.inc(1);
                }
                Ok(Step::Nothing(eyes)) => {
                    self.see(&eyes);
                    self.lane.keep_house();
                }
                Ok(Step::End) if self.once => break,
                Err(why) if self.once => return Err(why.into()),
                Ok(Step::End) => self.rest(&Eyes::Finished),
                Err(why) => {
                    tracing::error!(%why, "no more frames");
                    self.rest(&Eyes::Lost { why: why.to_string() });
                }
            }
        }
        self.progress.finish_and_clear();
        Ok(self.lane.counts())
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Tells the screen how the source does, when that has changed.
    fn see(&self, eyes: &Eyes) {
        self.screen.set_eyes(eyes);
    }

    /// Sleeps in short stretches, so that a stop is noticed.
    fn wait_until(&mut self, then: Instant) {
        while !self.stopped() {
            let left = then.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            std::thread::sleep(left.min(Duration::from_millis(100)));
        }
    }

    /// Without frames, the screen goes on until somebody stops the program.
    fn rest(&mut self, eyes: &Eyes) {
        self.see(eyes);
        while !self.stopped() {
            self.lane.keep_house();
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}
