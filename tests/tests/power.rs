//! The kiosk is killed at random moments: whatever it had shown is in the journal, once, and the chain holds.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Duration;

use end_to_end::gate::Gate;
use end_to_end::office::{Office, roster};
use end_to_end::paper;
use qr::degrade::Scene;
use serde_json::Value;

/// How often it is killed; a thousand times when `cargo xtask endurance` asks for all of it.
fn kills() -> u64 {
    if std::env::var_os("SANSE_ENDURANCE").is_some() { 1000 } else { 100 }
}

#[test]
fn no_event_that_was_shown_is_lost_to_sigkill() {
    let office = Office::with_roster(&roster(12));
    let gate = Gate::of(&office);
    let frames = gate.path("frames");
    std::fs::create_dir(&frames).expect("a temporary folder can be written");
    for page in paper::rasterise(&office.print("ten"), 150, &office.path("pages")) {
        for (card, (_, drawing)) in paper::cut_out(&paper::frame(&page)).into_iter().enumerate() {
            let frame = Scene::of(&drawing).render(640, 480, card as u64);
            let name = format!("{}-{card:02}.pgm", page.file_stem().expect("a page has a name").display());
            paper::save(&frame, &frames.join(name));
        }
    }
    let folder = frames.to_str().expect("temporary folders have plain names");
    let arguments = ["run", "--once", "--direction", "out", "--listen", "127.0.0.1:0", "--images", folder];

    let mut shown: BTreeMap<u64, String> = BTreeMap::new();
    let mut cut_short = 0;
    for kill in 0..kills() {
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
        for line in reader.join().expect("the reader does not panic") {
            // The last line may be cut in the middle, and the counts at the end are no event.
            let Ok(event) = serde_json::from_str::<Value>(&line) else { continue };
            let Some(sequence) = event["sequence"].as_u64() else { continue };
            let hash = event["hash"].as_str().expect("an event shows its hash").to_owned();
            let before = shown.insert(sequence, hash);
            assert_eq!(before, None, "sequence {sequence} was shown twice");
        }
    }
    assert!(
        cut_short > kills() / 4,
        "only {cut_short} runs were cut short: the kills came too late to test anything"
    );
    assert!(!shown.is_empty(), "nothing was ever shown: the kills came too early to test anything");

    gate.verify_journal();
    let mut logged: BTreeMap<u64, String> = BTreeMap::new();
    for event in gate.events() {
        let sequence = event["sequence"].as_u64().expect("an event has a sequence");
        let hash = event["hash"].as_str().expect("an event shows its hash").to_owned();
        assert_eq!(logged.insert(sequence, hash), None, "sequence {sequence} stands there twice");
    }
    for (sequence, hash) in &shown {
        assert_eq!(logged.get(sequence), Some(hash), "event {sequence} was shown and is not in the journal");
    }
    assert_eq!(
        logged.len() as u64,
        *logged.keys().last().expect("something is logged"),
        "a gap in the sequence"
    );
    eprintln!(
        "{} kills, {cut_short} while running: {} events shown, {} logged",
        kills(),
        shown.len(),
        logged.len()
    );
}
