//! The kiosk is killed, and the plug of its machine is pulled, at random moments: whatever it had shown is in the journal,
//! once, and the chain holds.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use end_to_end::gate::Gate;
use end_to_end::office::{Office, roster};
use end_to_end::paper;
use qr::degrade::Scene;
use serde_json::Value;

/// How often it is killed, and how often the plug is pulled: all of it when `cargo xtask endurance` asks.
fn often(kills: [u64; 2]) -> u64 {
    kills[usize::from(std::env::var_os("SANSE_ENDURANCE").is_some())]
}

/// A folder of frames, one for each card that the office has printed.
fn frames(office: &Office, gate: &Gate, (width, height): (usize, usize)) -> PathBuf {
    let frames = gate.path("frames");
    std::fs::create_dir(&frames).expect("a temporary folder can be written");
    for page in paper::rasterise(&office.print("ten"), 150, &office.path("pages")) {
        for (card, (_, drawing)) in paper::cut_out(&paper::frame(&page)).into_iter().enumerate() {
            let frame = Scene::of(&drawing).render(width, height, card as u64);
            let name = format!("{}-{card:02}.pgm", page.file_stem().expect("a page has a name").display());
            paper::save(&frame, &frames.join(name));
        }
    }
    frames
}

/// What was shown so far: the hash of each event by its sequence.
type Shown = BTreeMap<u64, String>;

/// Adds the events in what a kiosk has printed. The last line may be cut in the middle, and counts are no event.
fn remember(shown: &mut Shown, printed: &str) {
    for line in printed.lines() {
        let Some((sequence, hash)) = serde_json::from_str(line).ok().as_ref().and_then(event) else {
            continue;
        };
        assert_eq!(shown.insert(sequence, hash), None, "sequence {sequence} was shown twice");
    }
}

/// Sequence and hash of an event.
fn event(line: &Value) -> Option<(u64, String)> {
    Some((line["sequence"].as_u64()?, line["hash"].as_str()?.to_owned()))
}

/// Demands that the journal holds every event that was shown, each once, without a gap. Returns how many it holds.
fn compare(shown: &Shown, journal: &[Value]) -> usize {
    let mut logged = Shown::new();
    for line in journal {
        let (sequence, hash) = event(line).expect("an event has a sequence and a hash");
        assert_eq!(logged.insert(sequence, hash), None, "sequence {sequence} stands there twice");
    }
    for (sequence, hash) in shown {
        assert_eq!(logged.get(sequence), Some(hash), "event {sequence} was shown and is not in the journal");
    }
    assert_eq!(logged.len() as u64, *logged.keys().last().unwrap_or(&0), "a gap in the sequence");
    logged.len()
}

#[test]
fn no_event_that_was_shown_is_lost_to_sigkill() {
    let kills = often([20, 1000]);
    let office = Office::with_roster(&roster(12));
    let gate = Gate::of(&office);
    let frames = frames(&office, &gate, (640, 480));
    let folder = frames.to_str().expect("temporary folders have plain names");
    let arguments = ["run", "--once", "--direction", "out", "--listen", "127.0.0.1:0", "--images", folder];

    let mut shown = Shown::new();
    let mut cut_short = 0;
    for kill in 0..kills {
        let mut kiosk = gate
            .kiosk(&arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the kiosk starts");
        let output = BufReader::new(kiosk.stdout.take().expect("it was piped"));
        let reader = std::thread::spawn(move || output.lines().map_while(Result::ok).collect::<Vec<_>>());
        // Spread over starting, scanning and ending; a fixed sequence, since the machine is random enough.
        std::thread::sleep(Duration::from_millis(5 + kill * 7919 % 500));
        cut_short += u64::from(kiosk.try_wait().expect("a child can be asked").is_none());
        let _ = kiosk.kill();
        let _ = kiosk.wait();
        remember(&mut shown, &reader.join().expect("the reader does not panic").join("\n"));
    }
    assert!(
        cut_short > kills / 4,
        "only {cut_short} runs were cut short: the kills came too late to test anything"
    );
    assert!(!shown.is_empty(), "nothing was ever shown: the kills came too early to test anything");

    gate.verify_journal();
    let logged = compare(&shown, &gate.events());
    println!(
        "measured: {kills} kills, {cut_short} while running | {} events shown, none lost, none twice, {logged} logged",
        shown.len()
    );
}

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod machine {
    use std::process::Command;

    use end_to_end::machine::{Disk, Machine, Options};
    use end_to_end::programs::{program, run};

    use super::*;

    /// Cuts that one disk goes through.
    const CUTS_OF_A_DISK: u64 = 10;
    /// Longer than any program in the machine takes.
    const LONG: Duration = Duration::from_secs(300);

    #[test]
    fn no_event_that_was_shown_is_lost_to_a_power_cut() {
        let cuts = often([2, 100]);
        let office = Office::with_roster(&roster(12));
        let gate = Gate::of(&office);
        let frames = frames(&office, &gate, (320, 320));
        // Debug information is most of the file, and the machine reads it over a slow share.
        let kiosk = gate.path("kiosk");
        let _ = run(Command::new("strip").arg("-o").arg(&kiosk).arg(program("kiosk")));
        let begin = format!("cp -r {} /run/disk0/data && sync", gate.path("data").display());
        // From the machine's own memory, after one look at the share.
        let take = format!("cp {} /run/kiosk", kiosk.display());
        let command = |arguments: &str| format!("/run/kiosk {arguments} --data /run/disk0/data --lang en");
        let write = command(&format!(
            "run --once --direction out --listen 127.0.0.1:0 --same-card 0 --images {}",
            frames.display()
        ));
        let write = format!("while :; do {write} || sleep 0.1; done");

        let (mut events, mut torn) = (0, 0);
        let mut life: Option<(Options, Shown)> = None;
        let mut time = None;
        for cut in 0..=cuts {
            let fresh = cut % CUTS_OF_A_DISK == 0 && cut < cuts;
            if let Some((options, shown)) = &mut life {
                let machine = Machine::boot(options);
                machine.run(&take);
                // The gate itself comes first, on what it finds; then what it made of it is looked at.
                let verified = machine.run(&command("log verify"));
                let verified: Value = serde_json::from_str(&verified).expect("a line of JSON");
                let listed = machine.run(&command("log list"));
                let listed: Vec<Value> =
                    listed.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
                let logged = compare(shown, &listed);
                let kept = time_kept(&machine);
                assert!(
                    kept >= time,
                    "the time that was kept went back or was lost: {kept:?} after {time:?}"
                );
                time = kept;
                torn += u64::from(verified["torn_bytes"] != 0);
                eprintln!("cut {cut}: {} events shown, {logged} in the journal: {verified}", shown.len());
                // What was written and not shown may be there or not, but once it is there it stays.
                *shown = listed.iter().filter_map(event).collect();
                if !fresh && cut < cuts {
                    shown_until_cut(&machine, &write, cut, shown);
                    continue;
                }
                events += logged;
            }
            if fresh {
                let disk = Disk::create(&gate.path(&format!("disk{cut}.img")), 96);
                let options = Options { disks: vec![disk], ..Options::default() };
                let machine = Machine::boot(&options);
                machine.run(&format!("{begin} && {take}"));
                let mut shown = Shown::new();
                time = None;
                shown_until_cut(&machine, &write, cut, &mut shown);
                if let Some((old, _)) = life.replace((options, shown)) {
                    std::fs::remove_file(old.disks[0].path()).expect("a temporary file can be removed");
                }
            }
        }
        println!(
            "measured: {cuts} power cuts, {CUTS_OF_A_DISK} of a disk | nothing lost of {events} events; {torn} torn tails cut"
        );
    }

    /// The time that the gate has written down for its next start; none before it has.
    fn time_kept(machine: &Machine) -> Option<i64> {
        let kept = machine.run("cat /run/disk0/data/clock.json 2>/dev/null || true");
        let kept: Value =
            (!kept.is_empty()).then(|| serde_json::from_str(&kept).expect("a file that is whole"))?;
        Some(kept["believed"].as_i64().expect("seconds"))
    }

    /// Lets the gate write until the plug is pulled, and adds what it has shown.
    fn shown_until_cut(machine: &Machine, write: &str, cut: u64, shown: &mut Shown) {
        let job = machine.start(write);
        // Nearly always while it writes; now and then while it starts.
        if cut % 10 != 7 {
            let lines = 1 + cut as usize * 7 % 40;
            job.wait_for("events", LONG, |job| job.stdout().lines().count() > lines);
        }
        std::thread::sleep(Duration::from_millis(cut * 7919 % 700));
        machine.cut();
        let before = shown.len();
        remember(shown, &job.stdout());
        assert!(
            cut % 10 == 7 || shown.len() > before,
            "nothing was shown: the cut came too early to test anything"
        );
    }
}
