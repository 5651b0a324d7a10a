//! A gate at work: the scan loop on its thread, the page on its socket, until somebody or the end of a recording stops it.

use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use gate::Came;
use indicatif::ProgressBar;
use pass::Clock;
use tokio::net::TcpListener;

use crate::alerts::{self, Alerts};
use crate::devices::{Equipment, speech};
use crate::eyes::{Eyes, Sight};
use crate::frames::SourceError;
use crate::heading::Heading;
use crate::held::Held;
use crate::journal::JournalError;
pub use crate::lane::Nearby;
use crate::lane::{Counts, Lane};
use crate::lines::Lines;
use crate::page;
use crate::program::{Programs, Trial, Turn};
use crate::screen::{Screen, State, Stay};
use crate::staff;
use crate::supervised::Supervised;
use crate::sync::{self, Link};
use crate::time::{GateTime, Kept};

/// When a gate is asked to end, requests under way get so long to be answered.
const LAST_ANSWERS: Duration = Duration::from_secs(10);

/// How a gate is set up.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder with root, bundle and journal.
    pub data: PathBuf,
    /// The gate's name, on the screen and in events.
    pub gate: String,
    /// Which way it is used.
    pub direction: Heading,
    /// What belongs together although it comes apart.
    pub nearby: Nearby,
    /// A card counts as new when it was not seen for so long.
    pub ignore: Duration,
    /// How long verdicts stay on the screen.
    pub stay: Stay,
    /// How long events are kept before they are purged.
    pub keep: Duration,
    /// What says verdicts aloud.
    pub speech: speech::Setting,
    /// How the office is told of what it must know at once; none: it sees when it is delivered.
    pub alert: Option<alerts::Setting>,
    /// For how long nobody passes before a newer program takes over.
    pub quiet: Duration,
    /// Where the figures for Prometheus are served beside the page; none: with the page alone.
    pub metrics_listen: Option<SocketAddr>,
}

/// What a gate sees with and speaks to.
pub struct Devices {
    /// What it sees with.
    pub eyes: Eyes,
    /// What it moves, hears and measures.
    pub equipment: Equipment,
    /// Every event that is shown is printed here, a line of JSON each.
    pub output: Lines,
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
    /// The recording that was read failed.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Another program is to be started in place of this one: a newer one waits, or this one can't do its work.
    #[error("another program is to be started")]
    Replaced {
        /// Whether this one can't do its work.
        unfit: bool,
    },
    /// The page could not be served.
    #[error("the page: {0}")]
    Page(std::io::Error),
}

/// Runs a gate until `shutdown`, or until the recording that it reads ([`Eyes::reading`]) is over. Returns what it did.
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
    let heading = config.direction.kept(&config.data);
    let mut state = State::new(config.gate.clone(), heading.lane(), config.stay);
    state.heading = heading;
    state.speaks = config.speech.is_page();
    let screen = Screen::new(state, GateTime::new(clock, Kept::read(&config.data)));
    let address = listener.local_addr().map_err(RunError::Page)?;
    speech::start(config.speech, &screen);
    let held = Held::in_folder(&config.data);
    let mut lane = Lane::open(
        held.clone(),
        config.gate,
        heading,
        config.ignore,
        screen.clone(),
        devices.equipment,
        devices.output,
    )?;
    lane.look_near(config.nearby);
    lane.alert_by(Alerts::open(&config.data, config.alert));
    let (window, inner) = staff::window(&config.data);
    lane.serve(inner);
    let link = Link::default();
    lane.talk_by(link.clone());
    let _ending = Ending(link.clone());
    sync::start(&held, &link, &screen);
    lane.keep_for(i64::try_from(config.keep.as_secs()).unwrap_or(i64::MAX));
    let stop = Arc::new(AtomicBool::new(false));
    let trial = Trial::new(Programs::of(&held), config.quiet, address, Instant::now());
    screen.set_programs(trial.standing());
    let watch = Watch {
        lane,
        eyes: devices.eyes,
        screen: screen.clone(),
        progress: devices.progress,
        stop: Arc::clone(&stop),
        supervised: Supervised::at_work(),
        trial,
    };
    let mut watching = tokio::task::spawn_blocking(move || watch.run());
    let ended = screen.clone();
    let watched = page::metrics::router(screen.clone(), config.data.clone());
    if let Some(address) = config.metrics_listen {
        let listener = TcpListener::bind(address).await.map_err(RunError::Page)?;
        // For whoever asks while the gate is at work; nobody waits for them in the end.
        tokio::spawn(axum::serve(listener, watched.clone()).into_future());
    }
    let page = axum::serve(listener, page::router(screen.clone(), window, link, address, watched));
    let page = page.with_graceful_shutdown(async move { ended.ended().await }).into_future();
    let mut page = std::pin::pin!(page);
    let served = tokio::select! {
        counts = &mut watching => {
            let counts = counts.expect("the scan loop does not panic");
            if matches!(counts, Err(RunError::Replaced { .. })) {
                // Whoever asks for something is answered, and told to come again.
                screen.end();
                let _ = tokio::time::timeout(LAST_ANSWERS, page).await;
            }
            return counts;
        }
        served = &mut page => served,
        () = shutdown => {
            // What staff asked for is still judged and logged; then the scan loop ends, and with it the journal, after its last event.
            screen.end();
            if tokio::time::timeout(LAST_ANSWERS, page).await.is_err() {
                tracing::warn!("requests under way took too long, and were given up");
            }
            Ok(())
        }
    };
    stop.store(true, Ordering::Relaxed);
    let counts = watching.await.expect("the scan loop does not panic");
    served.map_err(RunError::Page)?;
    counts
}

/// Ends the threads that talk to the office, however the gate ends.
struct Ending(Link);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// The scan loop and its eyes.
struct Watch {
    lane: Lane,
    eyes: Eyes,
    screen: Screen,
    progress: ProgressBar,
    stop: Arc<AtomicBool>,
    supervised: Supervised,
    trial: Trial,
}

impl Watch {
    fn run(mut self) -> Result<Counts, RunError> {
        while !self.stop.load(Ordering::Relaxed) {
            self.supervised.beat();
            let sight = self.eyes.see()?;
            // Nobody is woken when that is the same as before.
            self.screen.set_eyes(&self.eyes.health());
            self.lane.heed_devices();
            match sight {
                Sight::Frame { frame, at, eye } => {
                    self.lane.look(&frame, at, eye);
                    self.progress.inc(1);
                }
                Sight::Text { text, at } => self.lane.present(vec![text], at, &Came::HandScanner),
                Sight::Nothing => self.lane.keep_house(),
                Sight::End => break,
            }
            self.screen.count(self.lane.counts());
            let now = Instant::now();
            let turn = self.trial.look(now, || self.lane.doing(now));
            self.screen.set_programs(self.trial.standing());
            if turn != Turn::Stay {
                self.lane.keep_house();
                self.supervised.is_replaced();
                return Err(RunError::Replaced { unfit: turn == Turn::Unfit });
            }
        }
        // What happened at the window since it was last looked at is logged, an emergency above all.
        self.lane.keep_house();
        self.progress.finish_and_clear();
        Ok(self.lane.counts())
    }
}
