//! What staff key in about those at the gate, whom an override can't let through, which way a lane is used, and who is out.

use gate::{Direction, What};
use kiosk::heading::Heading;
use pass::{Colour, CompoundId, Kind};
use serde_json::{Value, json};

use crate::desk::{Desk, happened, send, set_up};
use crate::office::Office;
use crate::page::{Gate, data};

/// Asks for something that is judged: its sequence, its verdict and its reasons.
fn judged(desk: &Desk, path: &str, body: Value) -> (u64, String, Value) {
    let (status, answer) = desk.ask(path, body);
    assert_eq!(status, 200, "{path}: {answer}");
    (
        answer["sequence"].as_u64().unwrap(),
        answer["verdict"].as_str().unwrap().to_owned(),
        answer["reasons"].clone(),
    )
}

#[test]
fn what_staff_key_in_is_judged_and_kept_beside_the_first_verdict() {
    let (office, dir) = (Office::new(), data(None));
    set_up(&office, dir.path());
    let gate = Gate::open(&office, dir.path());
    let desk = Desk::of(&gate);
    assert_eq!(desk.no("again", json!({ "of": 1, "party": 2 })), (401, "signed_out".into()));
    desk.sign_in("李师傅");
    // The car of a resident: its plate is another, then it was mistyped.
    let (first, verdict, reasons) = judged(&desk, "enter", json!({ "holder": 3, "plate": "鄂A99999" }));
    assert_eq!((verdict.as_str(), reasons), ("refuse", json!(["plate_differs", "searched"])));
    let (second, verdict, reasons) = judged(&desk, "again", json!({ "of": first, "plate": "鄂a·12345" }));
    assert_eq!((verdict.as_str(), reasons), ("check", json!(["searched"])));
    gate.wait_for("en", &["\"kind\":\"check\"", &format!("\"sequence\":{second}"), "鄂A12345"]);
    assert_eq!(desk.no("again", json!({ "of": first, "party": 2 })), (409, "superseded".into()));
    let why = json!({ "of": first, "verdict": "admit", "why": "x" });
    assert_eq!(desk.no("override", why), (409, "superseded".into()));
    assert_eq!(desk.no("undo", json!({ "of": first, "why": "x" })), (409, "superseded".into()));
    desk.done("override", json!({ "of": second, "verdict": "admit", "why": "已核对" }));
    assert_eq!(desk.no("again", json!({ "of": second, "party": 2 })), (409, "already".into()));
    // A yellow holder goes alone.
    let (alone, _, reasons) = judged(&desk, "enter", json!({ "holder": 1 }));
    assert!(!reasons.to_string().contains("party"), "{reasons}");
    let (_, verdict, reasons) = judged(&desk, "again", json!({ "of": alone, "party": 2 }));
    assert_eq!((verdict.as_str(), &reasons[0]), ("refuse", &json!("party")));
    // A wrist in the cold.
    let (cold, _, reasons) = judged(&desk, "enter", json!({ "holder": 4, "temperature": 34.1 }));
    assert!(reasons.to_string().contains("temperature_low"), "{reasons}");
    let (_, _, reasons) = judged(&desk, "again", json!({ "of": cold, "temperature": 36.6, "site": "wrist" }));
    assert_eq!(reasons, json!(["searched"]));
    for (body, what) in [
        (json!({ "of": cold }), "body"),
        (json!({ "of": cold, "party": 0 }), "party"),
        (json!({ "of": cold, "temperature": 20.0 }), "temperature"),
        (json!({ "of": cold, "site": "ear", "party": 1 }), "site"),
        (json!({ "of": cold, "direction": "up" }), "direction"),
    ] {
        let (status, answer) = desk.ask("again", body);
        assert_eq!((status, &answer["no"], &answer["detail"]), (400, &json!("malformed"), &json!(what)));
    }
    assert_eq!(desk.no("again", json!({ "of": 1, "party": 1 })), (404, "no_such_event".into()), "a sign-in");
    // One presentation is counted once.
    let shift = desk.state()["shift"].clone();
    assert_eq!((&shift["checked"], &shift["refused"]), (&json!(2), &json!(1)));
    drop(gate);
    let events = happened(dir.path());
    let What::Judged(again) = &events[second as usize - 1] else { panic!("{events:?}") };
    assert_eq!((again.supersedes, again.keyed_by.as_deref()), (Some(first), Some("李师傅")));
    assert_eq!(again.plate.as_deref(), Some("鄂a·12345"));
}

#[test]
fn nobody_is_judged_again_who_has_gone_with_the_program() {
    let (office, dir) = (Office::new(), data(None));
    set_up(&office, dir.path());
    let of = {
        let gate = Gate::open(&office, dir.path());
        let desk = Desk::of(&gate);
        desk.sign_in("李师傅");
        desk.done("enter", json!({ "holder": 0 }))
    };
    let gate = Gate::open(&office, dir.path());
    let desk = Desk::of(&gate);
    desk.sign_in("李师傅");
    assert_eq!(desk.no("again", json!({ "of": of, "party": 2 })), (409, "too_late".into()));
}

#[test]
fn a_pass_that_is_nobodys_here_is_not_overridden() {
    let office = Office::new();
    let elsewhere = office.pass_with(0, Colour::Green, |pass| pass.compound = CompoundId(8));
    let specimen = office.pass_with(0, Colour::Green, |pass| pass.kind = Kind::Specimen);
    for (text, code) in [(elsewhere, "other_compound"), (specimen, "specimen")] {
        let dir = data(Some(&text));
        set_up(&office, dir.path());
        let gate = Gate::open(&office, dir.path());
        gate.wait_for("en", &["\"kind\":\"refuse\""]);
        let desk = Desk::of(&gate);
        desk.sign_in("王主管");
        let wish = json!({ "of": 1, "verdict": "admit", "why": "急诊" });
        assert_eq!(desk.no("override", wish), (403, code.into()));
        // It is logged as what it is: somebody whom staff let through.
        desk.done("manual", json!({ "verdict": "admit", "why": "急诊", "instead_of": 1, "direction": "in" }));
        drop(gate);
        let events = happened(dir.path());
        let Some(What::Manual(manual)) = events.last() else { panic!("{events:?}") };
        assert_eq!((manual.instead_of, manual.direction), (Some(1), Direction::In));
    }
}

#[test]
fn who_is_out_is_told_to_those_who_are_signed_in() {
    let (office, dir) = (Office::new(), data(None));
    set_up(&office, dir.path());
    let gate = Gate::open(&office, dir.path());
    let desk = Desk::of(&gate);
    let out = || send(gate.address, "GET", "/desk/out", &[], "");
    assert_eq!(out().0, 401);
    desk.sign_in("李师傅");
    assert_eq!(out(), (200, json!({ "now": office.now.0, "out": [] })));
    let through = |holder: u16, way: &str| {
        let of = desk.done("enter", json!({ "holder": holder, "direction": way }));
        desk.done("override", json!({ "of": of, "verdict": "admit", "why": "已核对" }));
    };
    through(1, "out");
    gate.clock.advance(600);
    through(0, "out");
    through(3, "out");
    let (_, answer) = out();
    let rows: Vec<[&Value; 4]> = answer["out"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| ["name", "room", "colour", "since"].map(|member| &row[member]))
        .collect();
    let (now, later) = (json!(office.now.0), json!(office.now.0 + 600));
    assert_eq!(
        rows,
        [
            [&json!("李*"), &json!("501"), &json!("yellow"), &now],
            [&json!("张*明"), &json!("501"), &json!("green"), &later],
            [&json!("鄂A12345"), &json!("501"), &json!("green"), &later],
        ]
    );
    through(1, "in");
    assert_eq!(out().1["out"].as_array().unwrap().len(), 2);
    drop(gate);
    // What was so before a restart is so after it.
    let gate = Gate::open(&office, dir.path());
    let desk = Desk::of(&gate);
    desk.sign_in("李师傅");
    assert_eq!(send(gate.address, "GET", "/desk/out", &[], "").1["out"].as_array().unwrap().len(), 2);
}

#[test]
fn a_switch_turns_the_lane_and_stays_over_a_restart() {
    let (office, dir) = (Office::new(), data(None));
    set_up(&office, dir.path());
    let switch = Heading::Switch(Direction::Out);
    {
        let gate = Gate::heading(&office, dir.path(), switch);
        let desk = Desk::of(&gate);
        assert_eq!(desk.no("direction", json!({ "direction": "in" })), (401, "signed_out".into()));
        desk.sign_in("李师傅");
        assert_eq!(judged(&desk, "enter", json!({ "holder": 2 })).1, "refuse");
        assert_eq!(desk.no("direction", json!({ "direction": "up" })), (400, "malformed".into()));
        assert_eq!(desk.ask("direction", json!({ "direction": "in" })).0, 200);
        assert_eq!(desk.state()["direction"], json!({ "now": "in", "switch": true, "auto": false }));
        // Home, which is never refused.
        assert_eq!(judged(&desk, "enter", json!({ "holder": 2 })).1, "check");
    }
    {
        let gate = Gate::heading(&office, dir.path(), switch);
        assert_eq!(Desk::of(&gate).state()["direction"]["now"], "in");
    }
    let gate = Gate::open(&office, dir.path());
    let desk = Desk::of(&gate);
    desk.sign_in("李师傅");
    assert_eq!(desk.no("direction", json!({ "direction": "in" })), (409, "no_switch".into()));
    assert_eq!(desk.state()["direction"], json!({ "now": "out", "switch": false, "auto": false }));
}

#[test]
fn a_lane_that_goes_both_ways_goes_by_the_last_passage() {
    let (office, dir) = (Office::new(), data(None));
    set_up(&office, dir.path());
    let gate = Gate::heading(&office, dir.path(), Heading::Auto(Direction::Out));
    let desk = Desk::of(&gate);
    assert_eq!(desk.state()["direction"], json!({ "now": "out", "switch": false, "auto": true }));
    desk.sign_in("李师傅");
    // Under observation, and perhaps on the way home: staff ask, and say so.
    let (of, verdict, reasons) = judged(&desk, "enter", json!({ "holder": 2 }));
    assert_eq!((verdict.as_str(), reasons), ("check", json!(["searched", "red_out", "direction_unknown"])));
    let (_, verdict, reasons) = judged(&desk, "again", json!({ "of": of, "direction": "in" }));
    assert_eq!((verdict.as_str(), reasons), ("check", json!(["searched", "red_in"])));
    // Out, and back: within a minute it is the same card held up again.
    for (wait, way) in
        [(0, Direction::Out), (30, Direction::Out), (61, Direction::In), (3600, Direction::Out)]
    {
        gate.clock.advance(wait);
        let of = desk.done("enter", json!({ "holder": 0 }));
        desk.done("override", json!({ "of": of, "verdict": "admit", "why": "已核对" }));
        let shown = desk.state();
        assert_eq!(shown["direction"]["now"], "out", "the lane's own way stays");
        let journal = kiosk::journal::read(&dir.path().join("journal")).unwrap();
        let last = journal.map(Result::unwrap).filter(|event| event.what.code() == "judged").last().unwrap();
        let What::Judged(last) = last.what else { panic!() };
        assert_eq!(last.direction, way, "after {wait} s");
    }
}
