//! `kiosk run`: the gate at work.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use gate::Direction;
use indicatif::{ProgressBar, ProgressStyle};
use pass::SystemClock;
use tokio::net::TcpListener;

use super::{Context, End, Way, trust};
use crate::frames::camera::Camera;
use crate::frames::{Folder, Source, SourceError, Video, Walk};
use crate::held::Held;
use crate::journal::JournalError;
use crate::run::{self as gate_at_work, Config, Devices, RunError};
use crate::screen::Stay;
use crate::settings;
use crate::words::Tell;

#[derive(Debug, Args)]
pub(super) struct Run {
    /// Load this bundle first
    #[arg(long, value_name = "FILE")]
    bundle: Option<PathBuf>,
    /// The gate's name, on the screen and in the log
    #[arg(long, env = "SANSE_KIOSK_GATE", value_name = "NAME")]
    gate: Option<String>,
    /// Which way this gate is used [default: out]
    #[arg(long, value_enum, env = "SANSE_KIOSK_DIRECTION")]
    direction: Option<Way>,
    #[command(flatten)]
    eyes: EyesArgs,
    /// Where the screen's page listens, on loopback [default: 127.0.0.1:7381]
    #[arg(long, env = "SANSE_KIOSK_LISTEN", value_name = "ADDRESS")]
    listen: Option<String>,
    /// End with the images, the video or the sheets, which are read as fast as can be; the last line printed has the counts
    #[arg(long)]
    once: bool,
    /// A card counts as new when it was not seen for so long [default: 5]
    #[arg(long, env = "SANSE_KIOSK_SAME_CARD", value_name = "SECONDS")]
    same_card: Option<f64>,
    /// With --walk: show a card this often, and begin again after the last
    #[arg(long, value_name = "SECONDS", requires = "walk", conflicts_with = "once")]
    pace: Option<f64>,
}

#[derive(Debug, Args)]
#[group(multiple = false)]
struct EyesArgs {
    /// The camera's name, number or path [default: the first that gives pictures]
    #[arg(long, env = "SANSE_KIOSK_CAMERA", value_name = "NAME")]
    camera: Option<String>,
    /// Instead of a camera: the images of a folder, in the order of their names
    #[arg(long, value_name = "DIR")]
    images: Option<PathBuf>,
    /// Instead of a camera: a video file (.y4m and .mjpeg; others when ffmpeg is installed)
    #[arg(long, value_name = "FILE")]
    video: Option<PathBuf>,
    /// Instead of a camera: the cards of printed sheets, one after the other; can be given several times
    #[arg(long, value_name = "PDF")]
    walk: Vec<PathBuf>,
}

impl Run {
    pub(super) fn run(self, context: &Context) -> anyhow::Result<End> {
        let file = &context.file;
        let listen =
            self.listen.clone().or(file.listen.clone()).unwrap_or_else(|| settings::LISTEN.to_owned());
        let Some(address) = listen.parse().ok().filter(|address: &SocketAddr| address.ip().is_loopback())
        else {
            return context.first(&Tell::LoopbackOnly { address: &listen });
        };
        let held = Held::in_folder(&context.data);
        let trusts = held.root()?.is_some();
        if let Some(bundle) = &self.bundle
            && trusts
            && let Err(end) = trust::take(bundle, context)?
        {
            return Ok(end);
        }
        if !trusts {
            context.tell(&Tell::NeedsRoot);
        }
        let source = match self.source(context) {
            Err(SourceError::NeedsProgram { program, package }) => {
                return context.first(&Tell::NeedsProgram { program, package });
            }
            source => source?,
        };
        let config = self.config(context)?;
        let (once, progress) = (self.once, progress(self.once));
        let output = Box::new(std::io::stdout());
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let counts = runtime.block_on(async {
            let listener = TcpListener::bind(address).await.map_err(RunError::Page)?;
            let address = format!("http://{}/", listener.local_addr().map_err(RunError::Page)?);
            context.tell(&Tell::Listening { address: &address });
            let devices = Devices { source, output, progress };
            gate_at_work::run(config, devices, Arc::new(SystemClock), listener, stopped()).await
        });
        let counts = match counts {
            Err(RunError::Journal(JournalError::InUse { .. })) => return context.first(&Tell::JournalInUse),
            Err(RunError::Source(SourceError::NeedsProgram { program, package })) => {
                return context.first(&Tell::NeedsProgram { program, package });
            }
            counts => counts?,
        };
        if once {
            println!("{}", serde_json::to_string(&counts)?);
        }
        Ok(if once && !trusts { End::DoFirst } else { End::Fine })
    }

    fn config(&self, context: &Context) -> anyhow::Result<Config> {
        let file = &context.file;
        let direction = match (self.direction, file.direction.as_deref()) {
            (Some(way), _) => way.into(),
            (None, None) => Direction::Out,
            (None, Some(code)) => Direction::of_code(code)
                .ok_or_else(|| anyhow::anyhow!("kiosk.toml: direction = \"{code}\": in, out"))?,
        };
        let seconds =
            |given: Option<f64>, default| Ok(Duration::try_from_secs_f64(given.unwrap_or(default))?);
        let duration: &dyn Fn(Option<f64>, f64) -> anyhow::Result<Duration> = &seconds;
        Ok(Config {
            data: context.data.clone(),
            gate: self.gate.clone().or(file.gate.clone()).unwrap_or_else(|| "1".to_owned()),
            direction,
            ignore: duration(self.same_card.or(file.same_card_seconds), settings::SAME_CARD_SECONDS)?,
            stay: Stay {
                admit: duration(file.admit_seconds, settings::ADMIT_SECONDS)?,
                check: duration(file.check_seconds, settings::CHECK_SECONDS)?,
                refuse: duration(file.refuse_seconds, settings::REFUSE_SECONDS)?,
            },
            once: self.once,
        })
    }

    fn source(&self, context: &Context) -> Result<Source, SourceError> {
        let eyes = &self.eyes;
        if let Some(folder) = &eyes.images {
            return Folder::open(folder).map(Source::Folder);
        }
        if let Some(file) = &eyes.video {
            return Video::open(file).map(Source::Video);
        }
        if !eyes.walk.is_empty() {
            // Somebody watches: slow enough to read each verdict.
            let pace = self.pace.or((!self.once).then_some(4.0));
            let pace = pace.and_then(|pace| Duration::try_from_secs_f64(pace).ok());
            return Walk::open(&eyes.walk, pace).map(|walk| Source::Walk(Box::new(walk)));
        }
        let camera = eyes.camera.as_deref().or(context.file.camera.as_deref());
        Ok(Source::Camera(Camera::start(camera)))
    }
}

/// Counts frames on a terminal, when somebody waits for the end.
fn progress(once: bool) -> ProgressBar {
    if !once {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{spinner} {pos} {elapsed_precise}").expect("a valid template");
    ProgressBar::new_spinner().with_style(style)
}

/// Until somebody asks the program to end.
async fn stopped() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    // Without a handler, the system ends the program in its own way.
    if interrupted.await.is_err() {
        std::future::pending::<()>().await;
    }
}
