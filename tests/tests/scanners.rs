//! Hand scanners that type, in a machine that has them: read exclusively, judged and logged, back after every unplugging; a
//! keyboard that people type on is left alone.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use std::time::Duration;

use end_to_end::gate::Gate;
use end_to_end::machine::{Job, Machine, Options};
use end_to_end::office::{Office, roster};
use end_to_end::programs::program;
use serde_json::Value;

const LONG: Duration = Duration::from_secs(240);

/// Waits until the gate's page has this.
fn page_shows(machine: &Machine, wanted: &str) {
    let look = "busybox wget -q -O - 'http://127.0.0.1:7381/?lang=en'";
    machine.run(&format!("until {look} | grep -q '{wanted}'; do sleep 0.1; done"));
}

/// Waits for so many rounds of a typist.
fn types_on(typist: &Job<'_>, rounds: usize) {
    let until = typist.stdout().lines().count() + rounds;
    typist.wait_for("it types on", LONG, |job| job.stdout().lines().count() >= until);
}

fn events(kiosk: &Job<'_>) -> Vec<Value> {
    kiosk.stdout().lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

#[test]
fn a_scanner_that_types_is_heard_by_the_gate_and_by_nobody_else() {
    let office = Office::with_roster(&roster(8));
    let gate = Gate::of(&office);
    let green: Vec<String> = office
        .passes()
        .iter()
        .filter(|pass| pass["colour"] == "green")
        .map(|pass| pass["text"].as_str().expect("a pass has a text").to_owned())
        .collect();
    let machine = Machine::boot(&Options::default());
    machine.run(&format!("modprobe -a uinput evdev && cp -r '{}' /run/data", gate.path("data").display()));
    let (kiosk, typist) = (program("kiosk"), program("typist"));
    let typing = |name: &str, texts: &[&str]| {
        let texts: Vec<String> = texts.iter().map(|text| format!("'{text}'")).collect();
        machine.start(&format!("exec {} '{name}' {}", typist.display(), texts.join(" ")))
    };
    let hearing = |name: &str| {
        let job = machine.start(&format!("until {} --hear '{name}'; do sleep 0.1; done", typist.display()));
        job.wait_for("somebody listens", LONG, |job| job.stdout().starts_with("listening"));
        job
    };

    let run = format!(
        "SANSE_LANG=en exec {} run --data /run/data --direction out --same-card 3600 --scanner auto",
        kiosk.display()
    );
    let gate = machine.start(&run);
    page_shows(&machine, "not connected");

    // What looks like a keyboard of people is not taken: windows hear it, the gate does not. (The machine has a keyboard of its
    // own, so this one needs another name.)
    let keyboard = typing("Office USB Keyboard", &["HELLO", &green[0]]);
    let window = hearing("Office USB Keyboard");
    window.wait_for("keys", LONG, |job| job.stdout().contains("KEY_H"));
    types_on(&keyboard, 1);
    page_shows(&machine, "not connected");
    keyboard.signal("KILL");

    // A scanner is taken.
    let (scanner, other) = ("Test Barcode Scanner", "6901234567892");
    let hand = typing(scanner, &[&green[0]]);
    gate.wait_for("the first event", LONG, |job| events(job).len() == 1);
    assert_eq!(events(&gate)[0]["verdict"], "admit");
    page_shows(&machine, "working");
    let window = hearing(scanner);
    types_on(&hand, 2);
    assert_eq!(window.stdout(), "listening\n", "the grab lets nobody else hear");

    // Unplugged, and plugged in again in the hand of somebody who reads another code.
    hand.signal("KILL");
    page_shows(&machine, "not connected");
    let hand = typing(scanner, &[other]);
    page_shows(&machine, "data-kind=\"hint\"");
    types_on(&hand, 1);
    hand.signal("KILL");
    page_shows(&machine, "data-kind=\"blind\"");
    assert_eq!(events(&gate).len(), 1, "another code makes no event");

    // Caps lock on the scanner's side turns letters small.
    let _hand = typing(scanner, &[&green[1].to_lowercase()]);
    gate.wait_for("the second event", LONG, |job| events(job).len() == 2);
    assert_eq!(events(&gate)[1]["verdict"], "admit");
    gate.signal("TERM");
    assert_eq!(gate.wait(LONG).code, 0);
    let log = machine.run(&format!("{} log list --data /run/data | wc -l", kiosk.display()));
    assert_eq!(log.trim(), "2");
}
