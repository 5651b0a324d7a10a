//! A card in falling snow before a real gate: no frame shows it whole, all together are read, judged and logged once.

use end_to_end::gate::Gate;
use end_to_end::office::{Office, roster};
use end_to_end::{paper, programs};
use qr::degrade::{Dice, Scene, picture_of};
use qr::{Code, Frame, encode};
use serde_json::Value;

/// Pixels of a module in the drawing, and light modules around the code.
const SCALE: usize = 10;
const QUIET: usize = 4;

/// The code with flakes on it that hide one module each, and dirt that darkens one: others in every frame, as many as no
/// error correction makes good. None lies on a finder.
fn in_snow(code: &Code, dice: &mut Dice) -> Frame {
    let side = code.width();
    let clean = picture_of(code, SCALE, QUIET).expect("a pass's code is no large picture");
    let width = clean.width();
    let mut luma = clean.into_luma();
    for y in 0..side {
        for x in 0..side {
            let on_finder = (y < 9 && (x < 9 || x + 8 >= side)) || (x < 9 && y + 8 >= side);
            if on_finder || x == 6 || y == 6 || !dice.chance(0.15) {
                continue;
            }
            let shade = if code.is_dark(x, y) { 255 } else { 0 };
            for row in 0..SCALE {
                luma[((y + QUIET) * SCALE + row) * width + (x + QUIET) * SCALE..][..SCALE].fill(shade);
            }
        }
    }
    Frame::new(width, width, luma).expect("it has the size of the picture it was made from")
}

#[test]
fn a_card_that_no_frame_shows_whole_is_read_from_several_and_logged_once() {
    let office = Office::with_roster(&roster(1));
    let gate = Gate::of(&office);
    let pass = office.passes().remove(0);
    let code = encode(pass["text"].as_str().expect("a pass has a text")).expect("a pass is a code");
    let frames = gate.path("snow");
    std::fs::create_dir(&frames).expect("a temporary folder can be written");
    let mut dice = Dice::new(11);
    let mut files = Vec::new();
    for number in 0..20_u16 {
        let drawing = in_snow(&code, &mut dice);
        let mut scene = Scene::of(&drawing);
        scene.pose.width = 480.0;
        scene.pose.x = 0.42 + 0.008 * f32::from(number);
        scene.pose.roll = 6.0 - 0.4 * f32::from(number);
        let file = frames.join(format!("{number:02}.pgm"));
        paper::save(&scene.render(1280, 720, u64::from(number)), &file);
        files.push(file);
    }
    let alone: Vec<String> = gate.scan(&files).into_iter().flat_map(|file| file.texts).collect();
    assert!(alone.is_empty(), "one frame was meant to be too little: {alone:?}");

    let folder = frames.to_str().expect("temporary folders have plain names");
    let arguments = ["run", "--once", "--direction", "in", "--listen", "127.0.0.1:0", "--images", folder];
    let output = programs::run(&mut gate.kiosk_without_network(&arguments));
    let printed = programs::lines(&output);
    let counts: Value = serde_json::from_str(printed.last().expect("it prints its counts")).expect("JSON");
    assert_eq!(counts["frames"], 20, "{counts}");
    assert_eq!(counts["logged"], 1, "{counts}");
    let events = gate.events();
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!(events[0]["serial"], pass["serial"]);
    gate.verify_journal();
}
