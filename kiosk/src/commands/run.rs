//! `kiosk run`: the gate at work.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use gate::Direction;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::net::TcpListener;

use super::{Context, End, Used, trust};
use crate::devices::Equipment;
use crate::eyes::{Eyes, Setting};
use crate::frames::camera::LensSetting;
use crate::frames::{Folder, Recording, SourceError, Video, Walk};
use crate::heading::Heading;
use crate::held::Held;
use crate::http::Address;
use crate::journal::JournalError;
use crate::lines::Lines;
use crate::program::Programs;
use crate::run::Nearby;
use crate::run::{self as gate_at_work, Config, Devices, RunError};
use crate::screen::Stay;
use crate::settings;
use crate::time::MachineClock;
use crate::words::Tell;

#[derive(Debug, Args)]
pub(super) struct Run {
    #[arg(long, value_name = "FILE")]
    bundle: Option<PathBuf>,
    #[arg(long, env = "SANSE_KIOSK_GATE", value_name = "NAME")]
    gate: Option<String>,
    #[arg(long, value_enum, env = "SANSE_KIOSK_DIRECTION")]
    direction: Option<Used>,
    #[command(flatten)]
    eyes: EyesArgs,
    #[arg(long, env = "SANSE_KIOSK_FOCUS", value_name = "AUTO|NUMBER", allow_hyphen_values = true)]
    focus: Option<LensSetting>,
    #[arg(long, env = "SANSE_KIOSK_EXPOSURE", value_name = "AUTO|NUMBER", allow_hyphen_values = true)]
    exposure: Option<LensSetting>,
    #[arg(long, env = "SANSE_KIOSK_LISTEN", value_name = "ADDRESS")]
    listen: Option<String>,
    #[arg(long, env = "SANSE_METRICS_LISTEN", value_name = "ADDRESS")]
    metrics_listen: Option<SocketAddr>,
    #[arg(long)]
    once: bool,
    #[arg(long, env = "SANSE_KIOSK_SAME_CARD", value_name = "SECONDS")]
    same_card: Option<f64>,
    #[arg(long, value_name = "SECONDS", requires = "walk", conflicts_with = "once")]
    pace: Option<f64>,
}

/// What the gate sees with. Any of the first ones takes the place of what the file says; all of them can be given several times.
#[derive(Debug, Args)]
struct EyesArgs {
    #[arg(long, env = "SANSE_KIOSK_CAMERA", value_name = "NAME")]
    camera: Vec<String>,
    #[arg(long, env = "SANSE_KIOSK_IP_CAMERA", hide_env_values = true, value_name = "URL", value_parser = Address::parse)]
    ip_camera: Vec<Address>,
    #[cfg(target_os = "linux")]
    #[arg(long, value_name = "NAME")]
    scanner: Vec<String>,
    #[cfg(target_os = "linux")]
    #[arg(long, value_name = "PORT[,BAUD]", value_parser = serial)]
    serial: Vec<Setting>,
    #[arg(long, value_name = "DIR", conflicts_with_all = ["camera", "ip_camera", "video", "walk"])]
    images: Option<PathBuf>,
    #[arg(long, value_name = "FILE", conflicts_with_all = ["camera", "ip_camera", "walk"])]
    video: Option<PathBuf>,
    #[arg(long, value_name = "PDF", conflicts_with_all = ["camera", "ip_camera"])]
    walk: Vec<PathBuf>,
}

impl EyesArgs {
    /// The eyes that were asked for.
    fn settings(&self) -> Vec<Setting> {
        let device = |name: &String| Some(name.clone()).filter(|name| name != "auto");
        let cameras = self.camera.iter().map(|name| camera(device(name)));
        #[cfg(target_os = "linux")]
        let hands = {
            let scanners = self.scanner.iter().map(|device| Setting::Keyboard { device: device.clone() });
            scanners.chain(self.serial.iter().cloned())
        };
        #[cfg(not(target_os = "linux"))]
        let hands = std::iter::empty();
        let network = self.ip_camera.iter().map(|url| Setting::IpCamera { url: url.clone() });
        cameras.chain(network).chain(hands).collect()
    }
}

/// A camera whose lens is left as it is.
fn camera(device: Option<String>) -> Setting {
    Setting::Camera { device, focus: None, exposure: None }
}

#[cfg(target_os = "linux")]
fn serial(given: &str) -> Result<Setting, std::num::ParseIntError> {
    let (port, baud) = given.split_once(',').map_or((given, None), |(port, baud)| (port, Some(baud)));
    Ok(Setting::Serial { port: port.into(), baud: baud.map(str::parse).transpose()? })
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
        let eyes = match self.eyes(context) {
            Err(SourceError::NeedsProgram { program, package }) => {
                return context.first(&Tell::NeedsProgram { program, package });
            }
            eyes => eyes?,
        };
        let config = self.config(context)?;
        let (once, progress) = (self.once, progress(self.once));
        let equipment = Equipment::start(file.devices());
        let output = Lines::to(Box::new(std::io::stdout()), self.once);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let counts = runtime.block_on(async {
            let listener = TcpListener::bind(address).await.map_err(RunError::Page)?;
            let address = format!("http://{}/", listener.local_addr().map_err(RunError::Page)?);
            let stopped = stopped().map_err(RunError::Page)?;
            context.tell(&Tell::Listening { address: &address });
            let devices = Devices { eyes, equipment, output, progress };
            gate_at_work::run(config, devices, Arc::new(MachineClock), listener, stopped).await
        });
        // Everything of it is closed, and its threads have ended or only wait.
        drop(runtime);
        let programs = Programs::of(&held);
        let counts = match counts {
            Err(RunError::Replaced { unfit }) => {
                if unfit {
                    tracing::error!("this program was not at work well, and gives up its place");
                } else {
                    programs.ended_in_order();
                }
                return Err(programs.start_again().into());
            }
            Err(RunError::Journal(JournalError::InUse { .. })) => {
                programs.ended_in_order();
                return context.first(&Tell::JournalInUse);
            }
            Err(RunError::Source(SourceError::NeedsProgram { program, package })) => {
                return context.first(&Tell::NeedsProgram { program, package });
            }
            counts => counts?,
        };
        programs.ended_in_order();
        if once {
            println!("{}", serde_json::to_string(&counts)?);
        }
        Ok(if once && !trusts { End::DoFirst } else { End::Fine })
    }

    fn config(&self, context: &Context) -> anyhow::Result<Config> {
        let file = &context.file;
        let lane = file.lane.as_deref().unwrap_or("out");
        let lane = Direction::of_code(lane)
            .ok_or_else(|| anyhow::anyhow!("kiosk.toml: lane = \"{lane}\": in, out"))?;
        let code = match self.direction {
            Some(Used::In) => "in",
            Some(Used::Out) => "out",
            Some(Used::Switch) => "switch",
            Some(Used::Auto) => "auto",
            None => file.direction.as_deref().unwrap_or("out"),
        };
        let direction = Heading::of_code(code, lane)
            .ok_or_else(|| anyhow::anyhow!("kiosk.toml: direction = \"{code}\": in, out, switch, auto"))?;
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
                refuse: file.refuse_seconds.map(Duration::try_from_secs_f64).transpose()?,
                panel: duration(file.panel_seconds, settings::PANEL_SECONDS)?,
            },
            nearby: Nearby {
                vehicle: duration(file.vehicle_seconds, settings::VEHICLE_SECONDS)?,
                temperature: duration(file.temperature_seconds, settings::TEMPERATURE_SECONDS)?,
            },
            alert: file.alert.clone(),
            quiet: duration(file.update_quiet_seconds, settings::UPDATE_QUIET_SECONDS)?,
            metrics_listen: self.metrics_listen.or(file.metrics_listen),
            speech: file.speech.clone().unwrap_or_default(),
            keep: Duration::from_hours(24) * file.keep_days.unwrap_or(settings::KEEP_DAYS),
        })
    }

    fn eyes(&self, context: &Context) -> Result<Eyes, SourceError> {
        let asked = self.eyes.settings();
        let Some(recording) = self.recording()? else {
            let asked = Some(asked).filter(|asked| !asked.is_empty());
            let file = || context.file.eyes.clone().filter(|eyes| !eyes.is_empty());
            let one = || vec![camera(context.file.camera.clone())];
            let mut eyes = asked.or_else(file).unwrap_or_else(one);
            for eye in &mut eyes {
                if let Setting::Camera { focus, exposure, .. } = eye {
                    *focus = self.focus.or(*focus);
                    *exposure = self.exposure.or(*exposure);
                }
            }
            return Ok(Eyes::open(&eyes));
        };
        // A recording stands in for a camera; hand scanners may be used beside it.
        Ok(if self.once { Eyes::reading(recording) } else { Eyes::open(&asked).playing(recording) })
    }

    fn recording(&self) -> Result<Option<Recording>, SourceError> {
        let eyes = &self.eyes;
        if let Some(folder) = &eyes.images {
            return Folder::open(folder).map(Recording::Folder).map(Some);
        }
        if let Some(file) = &eyes.video {
            return Video::open(file).map(Recording::Video).map(Some);
        }
        if eyes.walk.is_empty() {
            return Ok(None);
        }
        // Somebody watches: slow enough to read each verdict.
        let pace = self.pace.or((!self.once).then_some(4.0));
        let pace = pace.and_then(|pace| Duration::try_from_secs_f64(pace).ok());
        Walk::open(&eyes.walk, pace).map(|walk| Some(Recording::Walk(Box::new(walk))))
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

/// Until somebody asks the program to end, from now on: whoever asks before the future is waited for is heard as well.
#[cfg(unix)]
fn stopped() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminated, mut interrupted) =
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stopped() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a handler, the system ends the program in its own way.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
