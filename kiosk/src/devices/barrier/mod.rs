//! The barrier: opened for a set time after an admission, and closed whatever happens to this program.
//!
//! A process of its own keeps it (`kiosk barrier`, see [`keeper`]): it closes when the time is over, and when the pipe from
//! this program ends, which it does however this program ends. This side starts it, starts it again, and passes orders on.

#[cfg(unix)]
mod keeper;
mod relay;

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::{Health, PAUSE, Report};
#[cfg(unix)]
pub use keeper::keep;
pub use relay::Relay;

/// How long it stays open where nothing is set: long enough to walk through.
const OPEN_SECONDS: f64 = 5.0;
/// It is never kept open for longer than this by one order.
const LONGEST: Duration = Duration::from_secs(3600);
/// An order to open that could not be begun in this time, in seconds, is not carried out at all: the person has gone.
const LATE_SECONDS: f64 = 2.0;
/// How often this side looks whether the keeper is there.
const LOOK: Duration = Duration::from_millis(200);

/// The table `[barrier]` of `kiosk.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Setup {
    /// How long an admission opens it, in seconds; 5 where nothing is set.
    open_seconds: Option<f64>,
    /// An admission opens it within so many seconds or not at all; 2 where nothing is set.
    late_seconds: Option<f64>,
    /// What moves it.
    #[serde(flatten)]
    relay: Relay,
}

/// The barrier of a gate. Dropping it closes the barrier.
#[derive(Clone, Debug)]
pub struct Barrier {
    orders: Sender<(Order, Instant)>,
    open_for: Duration,
    late: Duration,
    /// Until when it is held open in an emergency.
    held: Arc<Mutex<Option<Instant>>>,
}

/// What the keeper is told, a line each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    /// Open, for so long at least; not when it can't be begun within the second time.
    Open(Duration, Duration),
    /// Close now, however late it is.
    Close,
}

impl Barrier {
    pub(super) fn start(setup: Setup, report: Report) -> Self {
        let open_for = Duration::try_from_secs_f64(setup.open_seconds.unwrap_or(OPEN_SECONDS));
        let open_for = open_for.map_or(Duration::from_secs(5), |time| time.min(LONGEST));
        let late = Duration::try_from_secs_f64(setup.late_seconds.unwrap_or(LATE_SECONDS));
        let late = late.map_or(Duration::from_secs(2), |time| time.min(LONGEST));
        let (orders, taken) = channel();
        let held = Arc::default();
        let watch = Watch { relay: setup.relay, orders: taken, held: Arc::clone(&held), report };
        std::thread::spawn(move || watch.run());
        Self { orders, open_for, late, held }
    }

    /// Opens it for the set time. The event of the admission must be on the disk.
    pub fn open(&self) {
        self.order(Order::Open(self.open_for, self.late));
    }

    /// Opens it for so long, in an emergency: until then, or until [`Barrier::let_go`], nobody's verdict closes it.
    pub fn hold(&self, time: Duration) {
        let time = time.min(LONGEST);
        *self.held() = Instant::now().checked_add(time);
        self.order(Order::Open(time, time));
    }

    /// The emergency is over: closes it at once.
    pub fn let_go(&self) {
        *self.held() = None;
        self.order(Order::Close);
    }

    /// Closes it at once, unless it is held open: somebody who was let through is stopped after all.
    pub fn close(&self) {
        let held = self.held();
        if held.is_none_or(|until| Instant::now() >= until) {
            self.order(Order::Close);
        }
    }

    fn held(&self) -> MutexGuard<'_, Option<Instant>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn order(&self, order: Order) {
        // Its thread ends with this side only.
        let _ = self.orders.send((order, Instant::now()));
    }
}

impl Order {
    /// What is left of it when it has waited for so long; none when it is too late.
    fn after(self, waited: Duration) -> Option<Self> {
        match self {
            Self::Open(time, within) => Some(Self::Open(time, within.checked_sub(waited)?)),
            Self::Close => Some(Self::Close),
        }
    }

    fn line(self) -> String {
        match self {
            Self::Open(time, within) => format!("open {} {}\n", time.as_millis(), within.as_millis()),
            Self::Close => "close\n".to_owned(),
        }
    }

    #[cfg(unix)]
    fn of_line(line: &str) -> Option<Self> {
        match line.split_whitespace().collect::<Vec<_>>()[..] {
            ["open", time, within] => {
                let millis = |text: &str| Some(Duration::from_millis(text.parse().ok()?).min(LONGEST));
                Some(Self::Open(millis(time)?, millis(within)?))
            }
            ["close"] => Some(Self::Close),
            _ => None,
        }
    }
}

/// Told for whoever reads the log; the screen said "go", and staff see that the bar is shut.
fn too_late() {
    tracing::error!("an order came too late for the barrier, and was not carried out");
}

/// Keeps a keeper running.
struct Watch {
    relay: Relay,
    orders: Receiver<(Order, Instant)>,
    held: Arc<Mutex<Option<Instant>>>,
    report: Report,
}

impl Watch {
    fn run(self) {
        loop {
            match self.start() {
                Ok(mut keeper) => {
                    let over = self.pass_on(&mut keeper);
                    // Its pipe ends: it closes the barrier, and then itself.
                    drop(keeper.stdin.take());
                    if over {
                        let _ = keeper.wait();
                        return;
                    }
                    let _ = keeper.kill();
                    let _ = keeper.wait();
                    self.lost("its keeper has ended");
                }
                Err(why) => self.lost(&why.to_string()),
            }
            std::thread::sleep(PAUSE);
        }
    }

    fn start(&self) -> std::io::Result<Child> {
        // The program itself, also when its file has been replaced since by an update.
        let mut command = Command::new("/proc/self/exe");
        command.arg("barrier").stdin(Stdio::piped()).stdout(Stdio::piped());
        // What is typed at the terminal of this program is not for it: it ends when this program has.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut keeper = command.spawn()?;
        let stdout = keeper.stdout.take().expect("it was piped");
        let report = self.report.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                match line.split_once(' ').unwrap_or((&line, "")) {
                    ("open", _) => report.health(gate::Device::Barrier, Health::Open),
                    ("closed", _) => report.health(gate::Device::Barrier, Health::Working),
                    ("late", _) => too_late(),
                    (_, why) => report.lost(gate::Device::Barrier, why.to_owned()),
                }
            }
        });
        let mut setting = serde_json::to_string(&self.relay).expect("a setting is always JSON");
        setting.push('\n');
        // A keeper begins with closing, and an emergency goes on.
        let held = *self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let left = held.map_or(Duration::ZERO, |until| until.saturating_duration_since(Instant::now()));
        if !left.is_zero() {
            setting.push_str(&Order::Open(left, left).line());
        }
        keeper.stdin.as_mut().expect("it was piped").write_all(setting.as_bytes())?;
        Ok(keeper)
    }

    /// Passes orders on until the keeper ends, or this side; returns whether it is this side.
    fn pass_on(&self, keeper: &mut Child) -> bool {
        loop {
            match self.orders.recv_timeout(LOOK) {
                Ok((order, at)) => {
                    let Some(order) = order.after(at.elapsed()) else {
                        too_late();
                        continue;
                    };
                    let pipe = keeper.stdin.as_mut().expect("it was piped");
                    if pipe.write_all(order.line().as_bytes()).is_err() {
                        return false;
                    }
                }
                Err(RecvTimeoutError::Disconnected) => return true,
                Err(RecvTimeoutError::Timeout) => {}
            }
            if !matches!(keeper.try_wait(), Ok(None)) {
                return false;
            }
        }
    }

    fn lost(&self, why: &str) {
        self.report.lost(gate::Device::Barrier, why.to_owned());
    }
}
