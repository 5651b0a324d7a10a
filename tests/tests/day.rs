//! Three gates that are apart for a day, their clocks hours off: in whatever order they meet their office again, by network or by stick,
//! everybody is left with the same, nothing is lost, nothing is there twice, and what slipped through is found.
#![cfg(target_os = "linux")]

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use end_to_end::at_work::AtWork;
use end_to_end::gate::Gate;
use end_to_end::office::{COMPOUND, Office, roster};
use end_to_end::programs::{lines, run};
use serde_json::{Value, json};

#[path = "../../kiosk/tests/gate/serial.rs"]
#[expect(
    dead_code,
    clippy::unwrap_used,
    reason = "the gate's own tests hear as well, and stop where a line cannot be made"
)]
mod serial;

use serial::Line;

const LONG: Duration = Duration::from_secs(60);
const HOUR: i64 = 3600;
/// The gates, and by how many hours each one's clock is off.
const GATES: [(&str, i64); 3] = [("南门", 0), ("东门", -3), ("北门", 5)];
/// When something happens, in hours after the office was last seen.
const HOURS: [i64; 3] = [1, 8, 15];
/// In which order they come back.
const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

#[test]
fn three_gates_that_were_apart_for_a_day_come_back_in_any_order() {
    let office = Office::with_roster(&roster(8));
    // One person of a household in two days.
    let quota = json!([{
        "per": "household", "exits": 1, "days": 2, "count": "calendar_days",
        "colours": { "green": true, "yellow": true, "red": false }, "exemptions": true, "verdict": "refuse"
    }]);
    office.change_rules(&[("/rules/quotas", quota)]);
    let gates = enrolled(&office);
    let mut passes = office.passes();
    passes.retain(|pass| pass["kind"] == "person" && pass["colour"] == "green");
    let passes: Vec<&str> = passes.iter().map(|pass| pass["text"].as_str().expect("a text")).collect();
    let mut judged = 0;
    for (round, hour) in HOURS.into_iter().enumerate() {
        for (at, (gate, (_, off))) in gates.iter().zip(GATES).enumerate() {
            // The same household at two gates, and at one gate twice: over the day, each gate sees each pass.
            let shown = passes.iter().skip((round + at) % HOURS.len()).step_by(HOURS.len());
            let Some(count) = work(gate, hour * HOUR, off * HOUR, shown.copied()) else { return };
            judged += count;
        }
    }
    assert_eq!(judged, HOURS.len() * passes.len(), "every pass at every gate");
    for (gate, (name, off)) in gates.iter().zip(GATES) {
        gate.verify_journal();
        let events = gate.events();
        let doubted = events.iter().filter(|event| event["in_doubt"] == true).count();
        assert_eq!(
            doubted > 0,
            off < 0,
            "{name}: a clock behind the office's signature is in doubt: {events:?}"
        );
    }

    let mut all: Option<Met> = None;
    for (round, order) in ORDERS.into_iter().enumerate() {
        let met = meet(&office.copy(), &gates, order, round % 2 == 1);
        // Not with assert_eq: a page of bytes tells nobody anything.
        for (at, (name, _)) in GATES.into_iter().enumerate() {
            let events = gates[at].events().len();
            assert_eq!(met.kept[at], format!("{name} {events} 0 0"), "kept, missing, forked");
            assert!(met.others[at].is_subset(&met.office), "{name}");
            assert_eq!(met.others[at].len() + events, met.office.len(), "{name} knows all others");
        }
        match &all {
            Some(all) => {
                assert!(all.office == met.office && all.others == met.others, "{order:?}");
                assert_eq!(all.troubles, met.troubles, "{order:?}");
            }
            None => all = Some(met),
        }
    }
    let all = all.expect("six orders");
    let quota = all.troubles.iter().filter(|trouble| trouble.contains("quota")).count();
    assert!(quota > 0, "a household's day was spent at several gates: {:?}", all.troubles);
}

/// What everybody is left with.
struct Met {
    /// The office's events.
    office: BTreeSet<Vec<u8>>,
    /// What each gate has of the others.
    others: Vec<BTreeSet<Vec<u8>>>,
    kept: Vec<String>,
    troubles: BTreeSet<String>,
}

fn serve(office: &Office) -> AtWork {
    AtWork::start(office.issuer(&["serve", "--listen", "127.0.0.1:0"]))
}

fn enrolled(office: &Office) -> [Gate; 3] {
    let at_work = serve(office);
    let address = at_work.page("");
    let gates = GATES.map(|(name, _)| {
        let invite = ["gate", "invite", name, "--compound", COMPOUND, "--address", &address];
        let said = lines(&run(&mut office.issuer(&invite)));
        let gate = Gate::new();
        let _ = run(&mut gate.kiosk(&["enrol", said.last().expect("the code for a camera")]));
        gate
    });
    at_work.end();
    gates
}

/// A gate at work so many seconds later, its clock off, until the power fails; returns how many passes it has judged. None where this
/// system can't make it later.
fn work<'a>(gate: &Gate, later: i64, off: i64, passes: impl Iterator<Item = &'a str>) -> Option<usize> {
    let port = gate.path("scanner");
    let mut hand = Line::plug_in(&port);
    let port = port.to_str().expect("temporary folders have plain names");
    let run = ["run", "--listen", "127.0.0.1:0", "--direction", "out", "--same-card", "0", "--serial", port];
    let at_work = AtWork::start(gate.kiosk_later(later, off, &run)?);
    let judged = || {
        let events = gate.events();
        events.iter().filter(|event| event["kind"] == "judged").count()
    };
    let before = judged();
    let mut shown = 0;
    for pass in passes {
        hand.send(&format!("{pass}\r\n"));
        shown += 1;
        let start = Instant::now();
        while judged() < before + shown {
            assert!(start.elapsed() < LONG, "waited in vain for a verdict");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    drop(at_work);
    Some(shown)
}

/// Gates meet their office again, in this order.
fn meet(office: &Office, apart: &[Gate; 3], order: [usize; 3], by_stick: bool) -> Met {
    let at_work = serve(office);
    let gates: Vec<Gate> = apart.iter().map(Gate::copy).collect();
    let stick = office.path("stick");
    let stick = stick.to_str().expect("plain");
    if by_stick {
        std::fs::create_dir(stick).expect("there is room");
        let _ = run(&mut office.issuer(&["stick", "prepare", stick]));
    }
    // Once round to bring everything, once more to hear of everybody.
    for _ in 0..2 {
        for at in order {
            let gate = &gates[at];
            if by_stick {
                let _ = run(&mut gate.kiosk(&["stick", stick]));
                let _ = run(&mut office.issuer(&["stick", "visit", stick]));
            } else {
                let path = gate.path("data").join("enrolled.json");
                let text = std::fs::read(&path).expect("it is enrolled");
                let mut enrolled: Value = serde_json::from_slice(&text).expect("it is JSON");
                enrolled["address"] = at_work.page("").into();
                std::fs::write(&path, enrolled.to_string()).expect("there is room");
                let _ = run(&mut gate.kiosk(&["sync"]));
            }
        }
    }
    if by_stick {
        for gate in &gates {
            let _ = run(&mut gate.kiosk(&["stick", stick]));
        }
    }
    // At its start it looks through the last two days for what slipped through.
    at_work.end();
    let at_work = serve(office);
    let troubles = {
        let start = Instant::now();
        loop {
            let said = lines(&run(&mut office.issuer(&["gates", "--troubles"])));
            let found: BTreeSet<String> = said.iter().map(|line| without_time(line)).collect();
            // They are written together.
            if !found.is_empty() {
                break found;
            }
            assert!(start.elapsed() < LONG, "waited in vain for what slipped through");
            std::thread::sleep(Duration::from_millis(100));
        }
    };
    drop(at_work);
    let export = office.path("events.cbor");
    let export = export.to_str().expect("plain");
    let _ = run(&mut office.issuer(&["passages", "export", "--compound", COMPOUND, "--out", export]));
    let others = gates.iter().map(|gate| {
        let files = std::fs::read_dir(gate.path("data").join("others")).expect("others were there");
        let files =
            files.map(|file| std::fs::read(file.expect("it is there").path()).expect("it can be read"));
        events(&files.collect::<Vec<_>>().concat())
    });
    let journals = lines(&run(&mut office.issuer(&["passages", "journals"])));
    let kept = |name: &str| {
        let line = journals.iter().find(|line| line.starts_with(name)).expect("it has reported");
        let fields: Vec<&str> = line.split('\t').collect();
        [fields[0], fields[4], fields[5], fields[6]].join(" ")
    };
    Met {
        office: events(&std::fs::read(export).expect("it was written")),
        others: others.collect(),
        kept: GATES.iter().map(|(name, _)| kept(name)).collect(),
        troubles,
    }
}

/// The events in these bytes, none of them twice.
fn events(bytes: &[u8]) -> BTreeSet<Vec<u8>> {
    let mut all = BTreeSet::new();
    for event in gate::Events::of(bytes) {
        assert!(all.insert(event.expect("it is whole").to_bytes()), "twice");
    }
    all
}

/// A line about a trouble, but for when it was found.
fn without_time(line: &str) -> String {
    line.split_once("gate ").map_or(line, |(_, found)| found).to_owned()
}
