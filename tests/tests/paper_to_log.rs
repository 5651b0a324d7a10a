//! The main job with real processes: a roster goes in, sheets come out, pages become pixels, pixels become camera frames,
//! and the gate scans, judges and logs them, without a network.

use std::collections::BTreeMap;

use end_to_end::gate::Gate;
use end_to_end::office::{COMPOUND, Office, roster};
use end_to_end::{paper, programs};
use qr::degrade::Scene;
use serde_json::Value;

fn field<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}"))
}

#[test]
fn printed_cards_are_read_from_their_pages() {
    let office = Office::with_roster(&roster(12));
    let gate = Gate::new();
    let mut wanted: Vec<String> = office.passes().iter().map(|pass| field(pass, "text").to_owned()).collect();
    wanted.sort();
    for size in ["ten", "eight"] {
        let sheets = office.print(size);
        for dpi in [150, 300] {
            let pages = paper::rasterise(&sheets, dpi, &office.path(&format!("{size}-{dpi}")));
            let mut read: Vec<String> = gate.scan(&pages).into_iter().flat_map(|page| page.texts).collect();
            read.sort();
            assert_eq!(read, wanted, "{size} cards on a page, {dpi} dpi");
        }
    }
}

#[test]
fn every_card_held_up_is_judged_and_logged_once() {
    let office = Office::with_roster(&roster(16));
    let gate = Gate::of(&office);
    let sheets = office.print("ten");
    let frames = gate.path("frames");
    std::fs::create_dir(&frames).expect("a temporary folder can be written");
    let mut shown = 0;
    for (number, page) in paper::rasterise(&sheets, 300, &office.path("pages")).iter().enumerate() {
        for (card, (_, drawing)) in paper::cut_out(&paper::frame(page)).into_iter().enumerate() {
            for moment in 0..3_u32 {
                let mut scene = Scene::of(&drawing);
                scene.pose.yaw = 12.0 - 9.0 * moment as f32;
                scene.pose.roll = 4.0 * moment as f32 - 5.0;
                scene.pose.width = 620.0;
                let frame = scene.render(1280, 720, u64::from(moment) + 7 * card as u64);
                paper::save(&frame, &frames.join(format!("{number:03}-{card:02}-{moment}.pgm")));
            }
            shown += 1;
        }
    }
    let passes = office.passes();
    assert_eq!(shown, passes.len(), "every card was found on its page");

    let folder = frames.to_str().expect("temporary folders have plain names");
    let arguments = ["run", "--once", "--direction", "out", "--listen", "127.0.0.1:0", "--images", folder];
    let output = programs::run(&mut gate.kiosk_without_network(&arguments));
    let printed = programs::lines(&output);
    let counts: Value = serde_json::from_str(printed.last().expect("it prints its counts")).expect("JSON");
    assert_eq!(counts["logged"], passes.len(), "{counts}");
    assert_eq!(counts["frames"], 3 * shown, "{counts}");

    let mut verdicts = BTreeMap::new();
    for event in gate.events() {
        let before = verdicts.insert(field(&event, "serial").to_owned(), field(&event, "verdict").to_owned());
        assert_eq!(before, None, "one card, one event: {event}");
    }
    // Red stays at home. By the rules an office starts with, one yellow person of a household is outside at a time.
    let of = |colour, kind| {
        passes.iter().filter(move |pass| field(pass, "colour") == colour && field(pass, "kind") == kind)
    };
    let admitted = |pass: &&Value| verdicts.get(field(pass, "serial")).map(String::as_str) == Some("admit");
    for pass in &passes {
        let (verdict, colour) =
            (verdicts.get(field(pass, "serial")).map(String::as_str), field(pass, "colour"));
        match (colour, field(pass, "kind")) {
            ("red", _) => assert_eq!(verdict, Some("refuse"), "{pass}"),
            ("yellow", "person") => assert!(verdict.is_some(), "{pass}"),
            _ => assert_eq!(verdict, Some("admit"), "{pass}"),
        }
    }
    // Households 1, 5, 9 and 13 of the roster are yellow.
    assert_eq!(of("yellow", "person").filter(admitted).count(), 4);
    assert!(of("yellow", "person").count() > 4);
    gate.verify_journal();
}

#[test]
fn what_changed_since_holds_whatever_the_card_says() {
    let office = Office::with_roster(&roster(8));
    let before = office.passes();
    let texts: Vec<&str> = before.iter().map(|pass| field(pass, "text")).collect();
    let gate = Gate::of(&office);
    let verdicts = |direction| -> Vec<String> {
        let answers = gate.check(&office.bundle(), direction, &texts);
        answers.iter().map(|answer| field(answer, "verdict").to_owned()).collect()
    };
    let (out, home) = (verdicts("out"), verdicts("in"));
    for ((pass, out), home) in before.iter().zip(&out).zip(&home) {
        let red = field(pass, "colour") == "red";
        assert_eq!((out.as_str(), home.as_str()), (if red { "refuse" } else { "admit" }, "admit"), "{pass}");
    }
    // The next day green and red have changed places; the cards in people's pockets have not. No roster releases a person.
    let swapped = roster(8).replace("绿", "?").replace("红", "绿").replace('?', "红");
    office.import(&swapped);
    for pass in before.iter().filter(|pass| field(pass, "colour") == "red" && field(pass, "kind") == "person")
    {
        let code = field(pass, "short_code");
        let release = ["colour", code, "green", "--compound", COMPOUND, "--why", "x", "--mistaken"];
        let _ = programs::run(&mut office.issuer(&release));
    }
    let answers = gate.check(&office.bundle(), "out", &texts);
    for (pass, answer) in before.iter().zip(&answers) {
        let (wanted, why) = match field(pass, "colour") {
            "green" => ("refuse", Some("red_out")),
            "red" => ("admit", Some("colour_changed")),
            _ => ("admit", None),
        };
        assert_eq!(field(answer, "verdict"), wanted, "{answer}");
        let reasons = answer["reasons"].as_array().expect("reasons are a list");
        assert_eq!(reasons.first().and_then(Value::as_str), why, "{answer}");
        assert_eq!(field(answer, "serial"), field(pass, "serial"));
    }
}

#[test]
fn a_closed_building_stays_in_until_it_is_opened() {
    // Three green (one of them a car) and three red in building 2, seventeen others in building 1.
    let office = Office::with_roster(&roster(12));
    let passes = office.passes();
    let texts: Vec<&str> = passes.iter().map(|pass| field(pass, "text")).collect();
    let (plain, gate) = (Gate::of(&office), Gate::new());
    let _ = gate.with_people(&office, "east");
    let tells = |gate: &Gate, people: &[&str], direction: &str| -> Vec<(String, Vec<String>)> {
        let path = office.path("next.bundle");
        let path_text = path.to_str().expect("temporary folders have plain names");
        let make = [&["bundle", "--out", path_text, "--compound", COMPOUND], people].concat();
        let _ = programs::run(&mut office.issuer(&make));
        let answers = gate.check(&path, direction, &texts);
        let code = |reason: &Value| reason.as_str().expect("reasons are texts").to_owned();
        let reasons =
            |answer: &Value| answer["reasons"].as_array().expect("a list").iter().map(code).collect();
        answers.iter().map(|answer| (field(answer, "verdict").to_owned(), reasons(answer))).collect()
    };
    let people = ["--gate", "east"];
    let before = tells(&gate, &people, "out");
    let close = ["closure", "add", "--compound", COMPOUND, "--building", "2", "--why", "one case"];
    let _ = programs::run(&mut office.issuer(&close));
    for (gate, people, reason) in [(&gate, &people[..], "home_closed"), (&plain, &[], "suspended")] {
        let out = tells(gate, people, "out");
        let here = out.iter().filter(|(_, reasons)| reasons.iter().any(|it| it == reason)).count();
        assert_eq!(here, 6, "{reason}: {out:?}");
        for ((verdict, reasons), before) in out.iter().zip(&before) {
            match reasons.iter().any(|it| it == reason) {
                true => assert_eq!(verdict, "refuse"),
                false => assert_eq!((verdict, reasons), (&before.0, &before.1), "nobody else notices"),
            }
        }
        let home = tells(gate, people, "in");
        let here = home.iter().filter(|(_, reasons)| reasons.iter().any(|it| it == reason));
        assert!(here.clone().count() == 6 && here.clone().all(|(verdict, _)| verdict == "check"), "{home:?}");
    }
    let open = ["closure", "end", "--compound", COMPOUND, "--building", "2"];
    let _ = programs::run(&mut office.issuer(&open));
    assert_eq!(tells(&gate, &people, "out"), before, "the passes hold again");
}

#[test]
fn another_offices_passes_and_bundles_are_refused() {
    let (office, stranger) = (Office::with_roster(&roster(2)), Office::with_roster(&roster(2)));
    let gate = Gate::of(&office);
    let passes = stranger.passes();
    let answer = gate.check(&office.bundle(), "in", &[field(&passes[0], "text")]).remove(0);
    assert_eq!(field(&answer, "verdict"), "refuse");
    assert_eq!(answer["reasons"][0], "unknown_key");
    let bundle = stranger.bundle();
    let path = bundle.to_str().expect("temporary folders have plain names");
    let output = gate.kiosk(&["load", path]).output().expect("the kiosk starts");
    assert!(!output.status.success(), "a bundle signed under another root was taken");
}

#[test]
fn a_second_import_changes_nothing() {
    let office = Office::with_roster(&roster(10));
    let passes = office.passes();
    office.import(&roster(10));
    office.sign();
    assert_eq!(office.passes(), passes);
}
