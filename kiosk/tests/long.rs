//! A gate with a long journal: it starts soon, takes little memory, and what it has purged is nowhere in its folder.
//!
//! A million events when `cargo xtask endurance` asks for all of them.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

#[path = "gate/office.rs"]
#[expect(dead_code, reason = "the tests' office has more than this needs")]
mod office;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Stdio};
use std::time::{Duration, Instant};

use gate::{Came, Direction, Event, Holder, Judged, Verdict, Versions, What};
use kiosk::journal::{self, Journal, Next};
use pass::{Colour, Kind, OfficeId, Serial, Timestamp};

use office::{COMPOUND, Office, kiosk, picture, set_up};

/// Days over which the events are spread.
const DAYS: i64 = 29;
/// Of these, so many are kept in the end.
const KEEP_DAYS: i64 = 10;
/// Starts that are timed.
const STARTS: usize = 9;
/// Longer than anything takes.
const LONG: Duration = Duration::from_secs(300);
/// A start may take so long, or so many times a start with an empty journal on the same machine.
const SOON: (Duration, u32) = (Duration::from_millis(500), 10);
/// MB that a long journal may take beside what an empty one does: its newest segment, and as much as the rules look back on.
const BESIDE: f64 = 48.0;
/// Every event names a plate of its own, by which its bytes are told wherever they lie.
const PLATE: &str = "鄂A";

fn endurance() -> bool {
    std::env::var_os("SANSE_ENDURANCE").is_some()
}

#[test]
fn a_long_journal_starts_soon_stays_small_and_is_purged_for_good() {
    let events = if endurance() { 1_000_000 } else { 20_000 };
    let (office, dir) = (Office::new(), tempfile::tempdir().unwrap());
    let [short, long] = ["short", "long"].map(|name| {
        let data = dir.path().join(name);
        std::fs::create_dir_all(data.join("images")).unwrap();
        set_up(&office, &data);
        picture(&data.join("images/1.pgm"), &office.pass(0, Colour::Green));
        data
    });
    fill(&office, &long.join("journal"), events);
    // The first start reads what the rules look back on, and keeps what it made of that.
    Gate::start(&long).first_verdict();
    let (mut times, mut memory) = ([Vec::new(), Vec::new()], [0.0_f64; 2]);
    for _ in 0..STARTS {
        for (which, data) in [&short, &long].into_iter().enumerate() {
            let start = Instant::now();
            let mut gate = Gate::start(data);
            gate.first_verdict();
            times[which].push(start.elapsed());
            memory[which] = memory[which].max(gate.memory());
        }
    }
    let [empty, full] = times.map(|mut times| {
        times.sort_unstable();
        times[STARTS / 2]
    });
    println!(
        "measured: {events} events, start to first verdict | {} ms ({} ms with an empty journal), {:.0} MB of memory ({:.0} MB)",
        full.as_millis(),
        empty.as_millis(),
        memory[1],
        memory[0]
    );
    assert!(memory[1] <= memory[0] + BESIDE, "{memory:?} MB");
    if endurance() {
        assert!(full <= SOON.0.max(empty * SOON.1), "{full:?} beside {empty:?}");
    }
    purge(&office, &long, events);
}

/// Keeps fewer days, and looks for what is older.
fn purge(office: &Office, data: &Path, events: u64) {
    std::fs::write(data.join("kiosk.toml"), format!("keep_days = {KEEP_DAYS}\n")).unwrap();
    let oldest = || folder(&data.join("journal/segments")).first().map(|path| number(path));
    let stores = || folder(&data.join("journal/sled")).first().map(|path| number(path));
    let before = oldest();
    let gate = Gate::start(data);
    // The stores go after the segments, and the snapshot before them.
    let start = Instant::now();
    while oldest() == before || stores() != oldest() {
        assert!(start.elapsed() < LONG, "nothing was purged");
        std::thread::sleep(Duration::from_millis(50));
    }
    drop(gate);
    let found = journal::verify(&data.join("journal")).unwrap();
    assert!(found.is_sound(), "{found:?}");
    let purged = found.checkpoint.unwrap().sequence;
    // A segment spans a day at most.
    let last = office.now.plus(-KEEP_DAYS * 86_400);
    let (latest, next) = (time_of(office, purged, events), time_of(office, purged + 1, events));
    assert!(latest <= last && next >= last.plus(-2 * 86_400), "purged until {latest}, kept from {next}");
    let (mut files, mut kept) = (Vec::new(), 0_u64);
    all_files(data, &mut files);
    for file in files {
        for plate in plates(&std::fs::read(&file).unwrap()) {
            assert!(plate > purged, "the bytes of event {plate} are in {}", file.display());
            kept += 1;
        }
    }
    // What is kept is found, in the segments at least.
    assert!(kept >= events - purged, "{kept}");
    println!(
        "measured: retention of {KEEP_DAYS} of {DAYS} days | {purged} of {events} events purged, no byte of them in any file"
    );
}

/// When the event with this sequence happened.
fn time_of(office: &Office, sequence: u64, events: u64) -> Timestamp {
    let at = i128::from(sequence) * i128::from(DAYS) * 86_400 / i128::from(events);
    office.now.plus(-DAYS * 86_400 + i64::try_from(at).unwrap())
}

/// Fills a journal, in memory where this machine has room for that: so many syncs are not what is tried.
fn fill(office: &Office, journal: &Path, events: u64) {
    let fast = Path::new("/dev/shm");
    let place = if fast.exists() { tempfile::tempdir_in(fast) } else { tempfile::tempdir() }.unwrap();
    let filled = place.path().join("journal");
    let mut long = Journal::open(&filled).unwrap();
    for sequence in 1..=events {
        let at = time_of(office, sequence, events);
        long.append(|next| event(at, next)).unwrap();
    }
    drop(long);
    copy(&filled, journal);
}

fn event(at: Timestamp, next: Next) -> Event {
    let number = u32::try_from(next.sequence).unwrap();
    let holder = (number % 5000) as u16;
    let [a, b, c, d] = number.to_be_bytes();
    let judged = Judged {
        direction: if number.is_multiple_of(2) { Direction::In } else { Direction::Out },
        verdict: Verdict::Admit,
        reasons: vec!["free_to_go".into()],
        alert: false,
        holder: Some(Holder {
            office: OfficeId(1),
            serial: Serial([7, a, b, c, d]),
            compound: COMPOUND,
            household: u32::from(holder / 2),
            holder,
            colour: Colour::Green,
            kind: Kind::Person,
        }),
        versions: Versions { trust: 1, status: 1, rules: 1 },
        party: 1,
        temperature: None,
        plate: Some(format!("{PLATE}{number:08}")),
        came: Came::Scanned,
        together_with: None,
        sensed: false,
        beside: 0,
        supersedes: None,
        keyed_by: None,
    };
    Event {
        gate: "1".into(),
        journal: next.journal,
        sequence: next.sequence,
        at,
        in_doubt: false,
        before: next.before,
        what: What::Judged(judged),
    }
}

/// The numbers of all plates in these bytes.
fn plates(bytes: &[u8]) -> impl Iterator<Item = u64> + '_ {
    let found = bytes.windows(PLATE.len()).enumerate().filter(|(_, window)| *window == PLATE.as_bytes());
    found.filter_map(|(at, _)| {
        let digits = bytes.get(at + PLATE.len()..at + PLATE.len() + 8)?;
        std::str::from_utf8(digits).ok()?.parse().ok()
    })
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in folder(from) {
        let target = to.join(entry.file_name().unwrap());
        if entry.is_dir() {
            copy(&entry, &target);
        } else {
            std::fs::copy(entry, target).unwrap();
        }
    }
}

/// What lies in a folder, in the order of its names.
fn folder(path: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

fn all_files(path: &Path, files: &mut Vec<PathBuf>) {
    for entry in folder(path) {
        if entry.is_dir() {
            all_files(&entry, files);
        } else if entry.is_file() {
            files.push(entry);
        }
    }
}

/// The sequence that the name of a segment or a store tells.
fn number(path: &Path) -> u64 {
    path.file_stem().unwrap().to_str().unwrap().parse().unwrap()
}

/// The real program at work; it is killed when dropped.
struct Gate {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Gate {
    fn start(data: &Path) -> Self {
        let images = data.join("images");
        let arguments =
            ["run", "--direction", "out", "--listen", "127.0.0.1:0", "--images", images.to_str().unwrap()];
        let mut child = kiosk(data, &arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, output }
    }

    fn first_verdict(&mut self) {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        assert!(line.contains("\"sequence\""), "{line}");
    }

    /// The most that it has taken, in MB (proc(5)).
    fn memory(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1000.0
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
