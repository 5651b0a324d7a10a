//! What is known at a gate beside the pass, and comes apart from it: a temperature through a real serial line, a car and its people
//! one after the other. Real gates, judged by what they log and by what they move.

use std::path::PathBuf;

use gate::{
    Count, Limit, Per, PerColour, PerDirection, Policy, Quota, Temperature, Tenths, Vehicles, Verdict,
};
use pass::{Colour, Kind, Name};
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::devices::{Gate, by_command, wait_for};
use crate::office::Office;
use crate::process::journal;
use crate::serial::Line;

/// Nothing here waits for a time to be over: what belongs together does so for an hour.
const NEAR: &str = "admit_seconds = 3600\nvehicle_seconds = 3600\ntemperature_seconds = 3600\n";

/// A gate with a thermometer, under these rules.
fn with_thermometer(decide: fn(&mut Policy)) -> (Gate, Line) {
    let mut gun = None;
    let gate = Gate::of(Office { decide, ..Office::new() }, |dir| {
        let path = dir.join("gun");
        gun = Some(Line::plug_in(&path));
        format!("{NEAR}[thermometer]\nkind = \"serial\"\nport = \"{}\"\n", path.display())
    });
    gate.run().see(&["<dt>Thermometer</dt><dd>working</dd>"]);
    (gate, gun.unwrap())
}

/// The members of an event that a test asks about.
fn told(event: &Value, members: &[&str]) -> Vec<Value> {
    members.iter().map(|member| event[member].clone()).collect()
}

fn verdict(event: &Value) -> (String, Value, String) {
    assert_eq!(event["kind"], "judged", "{event}");
    let text = |member: &str| event[member].as_str().unwrap_or_default().to_owned();
    (text("verdict"), event["reasons"].clone(), text("details"))
}

fn said(verdict: &str, reasons: &[&str], details: &str) -> (String, Value, String) {
    (verdict.to_owned(), json!(reasons), details.to_owned())
}

/// A temperature is demanded; a fever is measured again at once.
fn measured_at_the_gate(policy: &mut Policy) {
    let both = |verdict| PerDirection { out: verdict, entry: verdict };
    policy.temperature = Some(Temperature {
        fever: Tenths(373),
        low: Tenths(350),
        rest_minutes: 0,
        missing: both(Verdict::Check),
        again: both(Verdict::Check),
        high: both(Verdict::Refuse),
    });
}

#[test]
fn a_temperature_that_is_demanded_decides_when_it_comes() {
    let (mut gate, mut gun) = with_thermometer(measured_at_the_gate);
    assert_eq!(verdict(&gate.show(1, Colour::Green)), said("check", &["temperature_missing"], ""));
    gun.send("36.5\r\n");
    let of = ["kind", "of", "temperature"];
    assert_eq!(told(&gate.run().event(), &of), [json!("measured"), json!(1), json!("36.5")]);
    let judged = gate.run().event();
    assert_eq!(verdict(&judged), said("admit", &[], "supersedes=1"));
    assert_eq!(judged["temperature"], "36.5");
    gate.run().see(&["\"kind\":\"admit\"", "\"sequence\":3"]);
    // Nobody waits: the next one is measured before their card is shown.
    gun.send("36.6\r\n");
    assert_eq!(told(&gate.run().event(), &of), [json!("measured"), Value::Null, json!("36.6")]);
    let judged = gate.show(2, Colour::Green);
    assert_eq!((verdict(&judged), &judged["temperature"]), (said("admit", &[], ""), &json!("36.6")));
    // A forehead in the cold, and the wrist.
    assert_eq!(verdict(&gate.show(3, Colour::Green)), said("check", &["temperature_missing"], ""));
    gun.send("34.2\r\n");
    assert_eq!(gate.run().event()["of"], 6);
    assert_eq!(verdict(&gate.run().event()), said("check", &["temperature_low"], "supersedes=6"));
    gun.send("36.4\r\n");
    assert_eq!(told(&gate.run().event(), &["of", "details"]), [json!(8), json!("number=2 site=forehead")]);
    assert_eq!(verdict(&gate.run().event()), said("admit", &[], "supersedes=8"));
    // A fever is measured twice, and told.
    assert_eq!(verdict(&gate.show(4, Colour::Green)), said("check", &["temperature_missing"], ""));
    gun.send("37.4\r\n");
    assert_eq!(gate.run().event()["kind"], "measured");
    assert_eq!(verdict(&gate.run().event()), said("check", &["temperature_again"], "supersedes=11"));
    gun.send("37.5\r\n");
    assert_eq!(gate.run().event()["kind"], "measured");
    let fever = gate.run().event();
    assert_eq!(
        (verdict(&fever), &fever["alert"]),
        (said("refuse", &["fever"], "supersedes=13"), &json!(true))
    );
    gate.run().see(&["\"kind\":\"refuse\"", "\"sequence\":15"]);
    assert_eq!(journal(gate.dir.path()).len(), 15);
}

#[test]
fn a_fever_stops_an_admission_and_no_quota_is_taken_twice() {
    let (mut gate, mut gun) = with_thermometer(|policy| {
        measured_at_the_gate(policy);
        if let Some(rule) = &mut policy.temperature {
            rule.missing = PerDirection { out: Verdict::Admit, entry: Verdict::Admit };
        }
        policy.quotas = vec![Quota {
            per: Per::Household,
            exits: 1,
            days: 1,
            count: Count::Rolling,
            colours: PerColour { green: true, yellow: true, red: true },
            exemptions: false,
            verdict: Verdict::Refuse,
        }];
    });
    assert_eq!(verdict(&gate.show(1, Colour::Green)), said("admit", &[], ""));
    gun.send("37.4\r\n");
    assert_eq!(gate.run().event()["kind"], "measured");
    assert_eq!(verdict(&gate.run().event()), said("check", &["temperature_again"], "supersedes=1"));
    gun.send("36.9\r\n");
    assert_eq!(gate.run().event()["kind"], "measured");
    assert_eq!(verdict(&gate.run().event()), said("admit", &[], "supersedes=3"));
    // Somebody else of the household finds one exit.
    let text = gate.office.pass_with(2, Colour::Green, |pass| pass.household = 101);
    gate.scanner.send(&format!("{text}\r\n"));
    let (verdict, reasons, _) = verdict(&gate.run().event());
    assert_eq!((verdict.as_str(), &reasons[0]), ("refuse", &json!("quota_household")));
}

/// One person, one car, one lift.
fn one_person_one_car(policy: &mut Policy) {
    policy.vehicles = Some(Vehicles {
        plate_unread: Verdict::Admit,
        plate_differs: Verdict::Refuse,
        alone: Verdict::Check,
        persons: Some(Limit { persons: 1, over: Verdict::Refuse }),
    });
}

fn car(gate: &mut Gate, index: u32) -> Value {
    let car = gate.office.pass_with(index, Colour::Green, |pass| {
        pass.kind = Kind::Vehicle;
        pass.name = Name::new("鄂A12345").unwrap();
    });
    gate.scanner.send(&format!("{car}\r\n"));
    gate.run().event()
}

#[test]
fn a_car_and_who_sits_in_it_are_one_passage_and_one_lift() {
    let mut moves = PathBuf::new();
    let office = Office { decide: one_person_one_car, ..Office::new() };
    let mut gate = Gate::of(office, |dir| {
        let (table, path) = by_command(dir, 3000.0);
        moves = path;
        format!("{NEAR}{table}[sensor]\nkind = \"simulated\"\nafter_milliseconds = 3600000\n")
    });
    wait_for(&moves, "close\n");
    assert_eq!(verdict(&car(&mut gate, 1)), said("check", &["vehicle_alone"], ""));
    // The driver shows a card: the car is judged again, and the bar is lifted once.
    let driver = gate.show(2, Colour::Green);
    assert_eq!((verdict(&driver), &driver["of"]), (said("admit", &[], ""), &json!(1)));
    assert_eq!(verdict(&gate.run().event()), said("admit", &[], "beside=1 supersedes=1"));
    wait_for(&moves, "close\nopen\n");
    // A second person is one too many: the bar comes down again, though the person alone might go.
    assert_eq!(verdict(&gate.show(3, Colour::Green)), said("admit", &[], "beside=1"));
    assert_eq!(verdict(&gate.run().event()), said("refuse", &["party"], "beside=2 supersedes=3"));
    wait_for(&moves, "close\nopen\nclose\n");
    gate.run().see(&["\"kind\":\"refuse\"", "\"sequence\":5"]);
}

#[test]
fn in_an_emergency_no_verdict_closes_the_barrier_and_no_keeper_that_died() {
    let (mut moves, mut gun) = (PathBuf::new(), None);
    let mut gate = Gate::of(Office::new(), |dir| {
        let path = dir.join("gun");
        gun = Some(Line::plug_in(&path));
        let (bar, told) = by_command(dir, 3000.0);
        moves = told;
        format!("{NEAR}{bar}[thermometer]\nkind = \"serial\"\nport = \"{}\"\n", path.display())
    });
    let mut gun = gun.unwrap();
    gate.run().see(&["<dt>Thermometer</dt><dd>working</dd>"]);
    let (admit, desk) = (Verdict::Admit.code(), Desk::at(gate.run().address()));
    // Whoever is let through and has a fever is stopped, and the bar comes down.
    let mut fever = |gate: &mut Gate, index| {
        let text = gate.office.pass(index, Colour::Green);
        gate.scanner.send(&format!("{text}\r\n"));
        // The emergency and the keeper are logged as well.
        let judged = |gate: &Gate| {
            std::iter::repeat_with(|| gate.run().event()).find(|event| event["kind"] == "judged").unwrap()
        };
        assert_eq!(judged(gate)["verdict"], admit);
        gun.send("38.0\r\n");
        assert_ne!(judged(gate)["verdict"], admit);
    };
    fever(&mut gate, 1);
    wait_for(&moves, "close\nopen\nclose\n");
    assert_eq!(desk.ask("emergency", Value::Null).0, 200);
    wait_for(&moves, "close\nopen\nclose\nopen\n");
    assert_eq!(gate.run().event()["kind"], "emergency_opened");
    // Not while the gate stands open for everybody; nor does it stay shut when its keeper is gone.
    fever(&mut gate, 2);
    let keeper = gate.run().child_called("barrier");
    rustix::process::kill_process(keeper, rustix::process::Signal::KILL).unwrap();
    // The second admission has opened it again as well.
    let mut all = "close\nopen\nclose\nopen\nopen\nclose\nopen\n".to_owned();
    wait_for(&moves, &all);
    gate.run().see(&["<dt>Barrier</dt><dd>open</dd>", "Let everybody through"]);
    assert_eq!(desk.ask("emergency/close", Value::Null).0, 200);
    all += "close\n";
    wait_for(&moves, &all);
    // And after it as before.
    fever(&mut gate, 3);
    all += "open\nclose\n";
    wait_for(&moves, &all);
}

#[test]
fn who_drives_away_has_passed() {
    let office = Office { decide: one_person_one_car, ..Office::new() };
    let mut gate = Gate::of(office, |_| {
        format!("{NEAR}[sensor]\nkind = \"simulated\"\nafter_milliseconds = 10\npersons = 0\n")
    });
    car(&mut gate, 1);
    gate.show(2, Colour::Green);
    assert_eq!(gate.run().event()["verdict"], "admit");
    // One lift, and a passage for each: the driver is out by it.
    let mut passed =
        [gate.run().event(), gate.run().event()].map(|event| told(&event, &["kind", "of", "party"]));
    passed.sort_by_key(|members| members[1].as_u64());
    assert_eq!(passed, [[json!("passed"), json!(2), json!(1)], [json!("passed"), json!(3), json!(0)],]);
    // The next car is another passage.
    assert_eq!(verdict(&car(&mut gate, 3)), said("check", &["vehicle_alone"], ""));
}
