//! What a gate costs: a frame until its event is on the disk, beside the parts of that; starting with a million events beside
//! starting with none; memory idle and busy.
//!
//! `cargo bench -p kiosk` prints all of it from one run on one disk: the folder of `CARGO_TARGET_TMPDIR`.

use std::error::Error;
use std::fs::{self, File};
use std::hint::black_box;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use gate::{Direction, Event, Facts, History};
use kiosk::held::{Grounds, Held};
use kiosk::journal::Journal;
use kiosk::judge::{Circumstances, Judgement, judge_pass};
use kiosk::memory::Neighbours;
use kiosk::preview::Preview;
use kiosk::time::Reading;
use pass::Colour;
use protocol::Opened;
use qr::Scanner;
use qr::degrade::{Scene, picture_of};

#[path = "../tests/gate/office.rs"]
#[expect(dead_code, clippy::unwrap_used, reason = "the tests' office has more than a benchmark needs")]
mod office;

use office::{Office, kiosk, picture, set_up};

/// Events of a long journal.
const MANY: u64 = 1_000_000;
/// Frames of the first table.
const FRAMES: usize = 1000;
/// Seconds with and without somebody who looks at the preview.
const PREVIEW_TURNS: u32 = 8;
/// Starts that are timed.
const STARTS: usize = 9;

fn main() -> Result<(), Box<dyn Error>> {
    if !std::env::args().any(|argument| argument == "--bench") {
        // Built and started by a test run: a benchmark of minutes has no place there.
        return Ok(());
    }
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("gate-bench");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    let office = Office::new();
    frame_to_event(&office, &folder)?;
    preview(&office)?;
    starts(&office, &folder)?;
    fs::remove_dir_all(&folder)?;
    Ok(())
}

/// A frame until its event is on the disk, and its parts, taken in turns.
fn frame_to_event(office: &Office, folder: &Path) -> Result<(), Box<dyn Error>> {
    let data = folder.join("frames");
    fs::create_dir_all(&data)?;
    set_up(office, &data);
    let grounds = grounds(&data)?;
    let judge = |text: &str| judge_at(text, &grounds, Reading::certain(office.now));
    let mut journal = Journal::open(&data.join("journal"))?;
    let mut alone = File::create(folder.join("alone"))?;
    let mut scanner = Scanner::new();
    let frames: Vec<_> = (0..40)
        .map(|index| {
            let text = office.pass(index, Colour::ALL[index as usize % 3]);
            let code = qr::encode(&text).expect("a pass fits");
            let drawing = picture_of(&code, 5, 4).expect("a code has a size");
            Scene::of(&drawing).render(1280, 720, u64::from(index))
        })
        .collect();
    let mut times: [Vec<Duration>; 7] = Default::default();
    for turn in 0..FRAMES {
        let frame = &frames[turn % frames.len()];
        let start = Instant::now();
        let found = scanner.scan(frame);
        let text = String::from_utf8(found.into_iter().next().expect("a good frame is read").bytes)?;
        let scanned = Instant::now();
        let judgement = judge(&text);
        let judged = Instant::now();
        let event = journal.append(|next| judgement.event("1", next))?;
        let durable = Instant::now();
        times[0].push(durable - start);
        times[1].push(scanned - start);
        times[2].push(judged - scanned);
        times[3].push(durable - judged);
        // Alone: the signature, and the same bytes appended to a file and synced.
        let bytes = event.to_bytes();
        let start = Instant::now();
        let verified = black_box(pass::verify(black_box(&text), &grounds.trust));
        times[4].push(start.elapsed());
        let start = Instant::now();
        black_box(judge_pass_at(verified, &grounds, Reading::certain(office.now)));
        times[6].push(start.elapsed());
        let start = Instant::now();
        alone.write_all(&bytes)?;
        alone.sync_data()?;
        times[5].push(start.elapsed());
    }
    println!("{:<34}{:>10}{:>10}", "a frame of 1280 × 720, ms", "p50", "p99");
    let names = [
        "frame to durable event",
        "  scan",
        "  verify and decide",
        "  journal",
        "verify alone",
        "append and fsync of a file alone",
        "decide alone",
    ];
    for (name, times) in names.iter().zip(&mut times) {
        println!("{name:<34}{:>10.2}{:>10.2}", percentile(times, 50), percentile(times, 99));
    }
    let texts: Vec<String> = (0..40).map(|index| office.pass(index, Colour::Green)).collect();
    let start = Instant::now();
    for turn in 0..FRAMES {
        let judgement = judge(&texts[turn % texts.len()]);
        journal.append(|next| judgement.event("1", next))?;
    }
    println!("events per second, from texts: {:.0}", FRAMES as f64 / start.elapsed().as_secs_f64());
    Ok(())
}

/// Frames scanned in a second while nobody looks at the preview, and while somebody does, taken in turns.
fn preview(office: &Office) -> Result<(), Box<dyn Error>> {
    let code = qr::encode(&office.pass(0, Colour::Green)).expect("a pass fits");
    let frame = Scene::of(&picture_of(&code, 5, 4).expect("a code has a size")).render(1280, 720, 1);
    let preview = Preview::default();
    let mut scanner = Scanner::new();
    let mut scanned = [0_u32; 2];
    for turn in 0..2 * PREVIEW_TURNS {
        let looked_at = turn % 2 == 1;
        let looker = looked_at.then(|| preview.look());
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(1) {
            let found = scanner.scan(black_box(&frame));
            let corners: Vec<_> = found.iter().map(|code| code.corners.map(|at| (at.x, at.y))).collect();
            preview.offer(&frame, &corners);
            scanned[usize::from(looked_at)] += 1;
        }
        if let Some(looker) = looker {
            looker.borrow().as_ref().ok_or("nobody encoded a picture")?;
        }
    }
    let [alone, seen] = scanned.map(f64::from);
    let turns = f64::from(PREVIEW_TURNS);
    println!(
        "frames scanned per second: {:.0}, while somebody looks at the preview {:.0} ({:.3} times)",
        alone / turns,
        seen / turns,
        seen / alone
    );
    Ok(())
}

/// Starting the program until its first verdict is printed, and what memory it takes, with journals of both lengths.
fn starts(office: &Office, folder: &Path) -> Result<(), Box<dyn Error>> {
    println!("{:<34}{:>10}{:>10}{:>12}{:>12}", "the program", "start, ms", "worst", "idle, MB", "busy, MB");
    for events in [0, MANY] {
        let data = folder.join(format!("data-{events}"));
        fs::create_dir_all(data.join("images"))?;
        set_up(office, &data);
        fill(office, &data, events)?;
        for index in 0..8 {
            picture(&data.join(format!("images/{index}.pgm")), &office.pass(index, Colour::Green));
        }
        let mut times = Vec::new();
        for _ in 0..STARTS {
            let start = Instant::now();
            let mut gate = start_gate(&data, "images", &["--same-card", "0"])?;
            gate.line()?;
            times.push(start.elapsed());
            gate.kill();
        }
        let mut gate = start_gate(&data, "images", &["--same-card", "0"])?;
        for _ in 0..8 {
            gate.line()?;
        }
        // It has shown all it has, and waits.
        let idle = gate.memory()?;
        gate.kill();
        let mut gate = start_gate(&data, "images", &["--same-card", "0", "--once"])?;
        let mut busy = 0.0_f64;
        while gate.line().is_ok_and(|line| line.contains("sequence")) {
            busy = busy.max(gate.memory().unwrap_or_default());
        }
        gate.kill();
        let name = format!("with {events} events in the journal");
        let (median, worst) = (percentile(&mut times, 50), percentile(&mut times, 100));
        println!("{name:<34}{median:>10.0}{worst:>10.0}{idle:>12.1}{busy:>12.1}");
    }
    Ok(())
}

/// Fills a journal, in memory where this machine has room for that: a million syncs are not what is measured.
fn fill(office: &Office, data: &Path, events: u64) -> Result<(), Box<dyn Error>> {
    if events == 0 {
        return Ok(());
    }
    let fast = Path::new("/dev/shm");
    let place = if fast.exists() { tempfile::tempdir_in(fast)? } else { tempfile::tempdir()? };
    let filled = place.path().join("journal");
    let mut long = Journal::open(&filled)?;
    let text = office.pass(0, Colour::Green);
    let judgement = judge_at(&text, &*grounds(data)?, Reading::certain(office.now));
    let start = Instant::now();
    for event in 0..events {
        // Over the thirty days that events are kept.
        let at = office.now.plus(-30 * 86_400 + i64::try_from(event * 30 * 86_400 / events)?);
        long.append(|next| Event { at, ..judgement.event("1", next) })?;
    }
    drop(long);
    println!("{events} events written in memory in {:.0} s", start.elapsed().as_secs_f64());
    copy(&filled, &data.join("journal"))?;
    Ok(())
}

fn grounds(data: &Path) -> Result<Box<Opened>, Box<dyn Error>> {
    match Held::in_folder(data).grounds()? {
        Grounds::Ready { opened, .. } => Ok(opened),
        other => Err(format!("{other:?}").into()),
    }
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// The real program at work.
struct Gate {
    child: Child,
    output: BufReader<std::process::ChildStdout>,
}

fn start_gate(data: &Path, images: &str, more: &[&str]) -> Result<Gate, Box<dyn Error>> {
    let images = data.join(images);
    let images = images.to_str().ok_or("a path that is no text")?;
    let arguments =
        [&["run", "--direction", "out", "--listen", "127.0.0.1:0", "--images", images], more].concat();
    let mut child = kiosk(data, &arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let output = BufReader::new(child.stdout.take().ok_or("it was piped")?);
    Ok(Gate { child, output })
}

impl Gate {
    fn line(&mut self) -> Result<String, Box<dyn Error>> {
        let mut line = String::new();
        match self.output.read_line(&mut line)? {
            0 => Err("it has ended".into()),
            _ => Ok(line),
        }
    }

    /// Resident memory in MB (proc(5)).
    fn memory(&self) -> Result<f64, Box<dyn Error>> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
        let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kilobytes / 1000.0)
    }

    fn kill(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn percentile(times: &mut [Duration], percent: usize) -> f64 {
    times.sort_unstable();
    times[(times.len() - 1) * percent / 100].as_secs_f64() * 1000.0
}

/// Judges somebody who goes out alone, whom nothing is known of.
fn judge_at(text: &str, grounds: &Opened, reading: Reading) -> Judgement {
    judge_pass_at(pass::verify(text, &grounds.trust), grounds, reading)
}

fn judge_pass_at(
    verified: Result<pass::Verified, pass::Refusal>,
    grounds: &Opened,
    reading: Reading,
) -> Judgement {
    let circumstances = Circumstances {
        direction: Direction::Out,
        reading,
        grounds,
        zone: &jiff::tz::TimeZone::UTC,
        history: &History::new(),
        neighbours: &Neighbours::default(),
        facts: Facts::ALONE,
    };
    judge_pass(verified, &circumstances)
}
