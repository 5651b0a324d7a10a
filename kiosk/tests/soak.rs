//! Days at a busy gate, as fast as the machine goes, on a clock that is moved by hand: nothing is lost, nothing grows.
//!
//! A program of its own, whose memory is that of the gate and of nothing else.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

#[path = "gate/office.rs"]
#[expect(dead_code, reason = "the tests' office has more than a soak needs")]
mod office;
#[path = "gate/serial.rs"]
#[expect(dead_code, reason = "a scanner says, and never listens")]
mod serial;

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use gate::Direction;
use indicatif::ProgressBar;
use kiosk::Counts;
use kiosk::devices::Equipment;
use kiosk::eyes::{Eyes, Setting};
use kiosk::journal;
use kiosk::lines::Lines;
use kiosk::run::{Config, Devices, Nearby, run};
use kiosk::screen::Stay;
use pass::{Colour, ManualClock};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use office::{Office, set_up};
use serial::Line;

/// Twenty people a minute.
const SECONDS_BETWEEN: i64 = 3;
/// Holders that come and go.
const HOLDERS: u32 = 90;
/// Longer than any verdict takes.
const LONG: Duration = Duration::from_secs(120);

/// Events are kept for so many days.
const KEEP_DAYS: i64 = 2;
/// Memory is looked at so often in a day.
const LOOKS: i64 = 24;

/// Hours: days when `cargo xtask endurance` asks for all of it, so that what is older than events are kept is gone for a while.
fn hours() -> i64 {
    if std::env::var_os("SANSE_ENDURANCE").is_some() { 24 * (KEEP_DAYS + 4) } else { 1 }
}

#[test]
fn days_at_twenty_people_a_minute() {
    let (office, dir) = (Office::new(), tempfile::tempdir().unwrap());
    set_up(&office, dir.path());
    // The list that the gate holds is for a day, and the day begins with it.
    let clock = Arc::new(ManualClock::new(office.now));
    let people = hours() * 3600 / SECONDS_BETWEEN;
    let passes: Vec<String> =
        (0..HOLDERS).map(|index| office.pass(index, Colour::ALL[index as usize % 3])).collect();
    let (mut memory, mut events) = (Vec::new(), 0_u64);
    let between = 86_400 / SECONDS_BETWEEN / LOOKS;
    // Over a start after the first quarter.
    for part in [people / 4, people - people / 4] {
        let mut gate = Gate::open(dir.path(), clock.clone());
        for _ in 0..part {
            clock.advance(SECONDS_BETWEEN);
            let holder = usize::try_from(events).unwrap() % passes.len();
            gate.scanner.send(&format!("{}\r\n", passes[holder]));
            let line = gate.lines.recv_timeout(LONG).expect("a verdict for everybody");
            let event: serde_json::Value = serde_json::from_str(&line).unwrap();
            events += 1;
            assert_eq!((&event["sequence"], &event["in_doubt"]), (&events.into(), &false.into()), "{line}");
            if events.is_multiple_of(between.unsigned_abs()) {
                memory.push(resident());
            }
        }
        assert_eq!(i64::try_from(gate.close().logged).unwrap(), part);
    }
    let found = journal::verify(&dir.path().join("journal")).unwrap();
    assert!(found.is_sound(), "{found:?}");
    assert_eq!((found.last, found.store), (events, journal::Store::Same));
    assert_eq!(i64::try_from(events).unwrap(), people);
    // What is kept, a day that a segment may span, and an hour until it is looked at.
    let kept = (KEEP_DAYS + 1) * 86_400 / SECONDS_BETWEEN + 3600 / SECONDS_BETWEEN;
    let held = i64::try_from(found.events).unwrap();
    assert!(held <= kept.min(people) + between, "{held} events are left of {people}");
    eprintln!("memory in MB, {LOOKS} times a day: {memory:.0?}");
    // A day each, when there are as many: what has to fill has filled, and the last day.
    let looks = usize::try_from(LOOKS).unwrap();
    if memory.len() < 4 * looks {
        return;
    }
    let highest = |days: &[f64]| days.iter().copied().fold(0.0, f64::max);
    let full = highest(&memory[memory.len() - 3 * looks..memory.len() - looks]);
    let last = highest(&memory[memory.len() - looks..]);
    println!(
        "measured: {} hours at 20 people a minute | {events} events, none lost; at most {full:.0} MB of memory in the two days \
         before the last, {last:.0} MB in the last; {held} events kept",
        hours()
    );
    assert!(last <= full * 1.05 + 1.0, "memory grows: {memory:?}");
}

/// A gate at work on a thread of this process, with a scanner.
struct Gate {
    scanner: Line,
    lines: Receiver<String>,
    stop: oneshot::Sender<()>,
    working: std::thread::JoinHandle<Counts>,
}

impl Gate {
    fn open(data: &Path, clock: Arc<ManualClock>) -> Self {
        let second = Duration::from_secs(1);
        let port = data.join("scanner");
        let scanner = Line::plug_in(&port);
        let config = Config {
            data: data.to_owned(),
            gate: "南门".into(),
            direction: Direction::Out.into(),
            nearby: Nearby::default(),
            ignore: Duration::ZERO,
            stay: Stay { admit: 3 * second, check: 10 * second, refuse: None, panel: 60 * second },
            keep: Duration::from_hours(24) * u32::try_from(KEEP_DAYS).unwrap(),
            speech: kiosk::devices::speech::Setting::Off,
            alert: None,
            quiet: Duration::from_secs(180),
            metrics_listen: None,
        };
        let (send, lines) = channel();
        let output = Lines::to(Box::new(Teller { send, line: Vec::new() }), true);
        let eyes = Eyes::open(&[Setting::Serial { port, baud: None }]);
        let devices = Devices { eyes, equipment: Equipment::none(), output, progress: ProgressBar::hidden() };
        let (stop, stopped) = oneshot::channel::<()>();
        let (tell, told) = channel();
        let working = std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                tell.send(listener.local_addr().unwrap()).unwrap();
                let shutdown = async {
                    let _ = stopped.await;
                };
                run(config, devices, clock, listener, shutdown).await.unwrap()
            })
        });
        // What is sent before anybody listens is thrown away.
        let address = told.recv().unwrap();
        let mut page = String::new();
        while !page.contains("<dd>working</dd>") {
            page.clear();
            ask(address).read_to_string(&mut page).unwrap();
        }
        Self { scanner, lines, stop, working }
    }

    fn close(self) -> Counts {
        self.stop.send(()).unwrap();
        self.working.join().unwrap()
    }
}

/// Asks for the page.
fn ask(address: SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(LONG)).unwrap();
    write!(stream, "GET /?lang=en HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    stream
}

/// Hands on whole lines.
struct Teller {
    send: Sender<String>,
    line: Vec<u8>,
}

impl Write for Teller {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.line.extend(bytes);
        while let Some(end) = self.line.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.line.drain(..=end).collect();
            self.send.send(String::from_utf8(line).unwrap()).map_err(io::Error::other)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Resident memory of this process in MB (proc(5)).
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1000.0
}
