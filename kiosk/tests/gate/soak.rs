//! A day at a busy gate, as fast as the machine goes, on a clock that is moved by hand: nothing is lost, nothing grows.

use std::io::{self, Read, Write};
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

use crate::office::{Office, set_up};
use crate::process;
use crate::scanners::Line;

/// Twenty people a minute.
const SECONDS_BETWEEN: i64 = 3;
/// Holders that come and go.
const HOLDERS: u32 = 90;
/// Longer than any verdict takes.
const LONG: Duration = Duration::from_secs(120);

/// Hours: a day when `cargo xtask endurance` asks for all of it.
fn hours() -> i64 {
    if std::env::var_os("SANSE_ENDURANCE").is_some() { 24 } else { 1 }
}

#[test]
fn a_day_at_twenty_people_a_minute() {
    let (office, dir) = (Office::new(), tempfile::tempdir().unwrap());
    set_up(&office, dir.path());
    // The list that the gate holds is for a day, and the day begins with it.
    let clock = Arc::new(ManualClock::new(office.now));
    let people = hours() * 3600 / SECONDS_BETWEEN;
    let passes: Vec<String> =
        (0..HOLDERS).map(|index| office.pass(index, Colour::ALL[index as usize % 3])).collect();
    let (mut memory, mut events) = (Vec::new(), 0);
    // Over a start in between.
    for half in 0..2 {
        let mut gate = Gate::open(dir.path(), clock.clone());
        for person in 0..people / 2 {
            clock.advance(SECONDS_BETWEEN);
            let holder = usize::try_from(half * people / 2 + person).unwrap() % passes.len();
            gate.scanner.send(&format!("{}\r\n", passes[holder]));
            let line = gate.lines.recv_timeout(LONG).expect("a verdict for everybody");
            let event: serde_json::Value = serde_json::from_str(&line).unwrap();
            events += 1;
            assert_eq!((&event["sequence"], &event["in_doubt"]), (&events.into(), &false.into()), "{line}");
            if person % (people / 16).max(1) == people / 32 {
                memory.push(resident());
            }
        }
        assert_eq!(i64::try_from(gate.close().logged).unwrap(), people / 2);
    }
    let found = journal::verify(&dir.path().join("journal")).unwrap();
    assert!(found.is_sound(), "{found:?}");
    assert_eq!((found.events, found.store), (events, journal::Store::Same));
    assert_eq!(i64::try_from(events).unwrap(), people / 2 * 2);
    // The first measurements see buffers and caches fill.
    let (early, late) = (memory[memory.len() / 4], *memory.last().unwrap());
    eprintln!("{events} events in {} hours; memory in MB, through the day: {memory:.0?}", hours());
    assert!(late < early + 24.0, "memory grows: {memory:?}");
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
            keep: 30 * 86_400 * second,
            alert: None,
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
            let mut answer = process::ask(address, "/?lang=en", &address.to_string());
            answer.read_to_string(&mut page).unwrap();
        }
        Self { scanner, lines, stop, working }
    }

    fn close(self) -> Counts {
        self.stop.send(()).unwrap();
        self.working.join().unwrap()
    }
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
