//! What is no pass makes no event: other people's codes of every symbology, printed and held up, noise, and nothing at all.

use end_to_end::gate::Gate;
use end_to_end::office::{Office, roster};
use end_to_end::{paper, programs, python};
use qr::degrade::{Dice, Scene, picture_of};
use qr::{Frame, encode};
use serde_json::{Value, json};

/// What people carry that has a code on it, and texts that look like a pass in symbologies that no pass is printed in.
const CODES: [(&str, &str); 14] = [
    ("EAN13", "6901234567892"),
    ("EAN8", "96385074"),
    ("Code128", "SF1029384756019"),
    ("Code39", "SG1 HELLO"),
    ("ITF", "16901234567899"),
    ("DataMatrix", "SG1:NCFOXN%TS3DH3ZSUZK+.V0ETD"),
    ("Aztec", "SG1:NCFOXN%TS3DH3ZSUZK+.V0ETD"),
    ("PDF417", "SG1:NCFOXN%TS3DH3ZSUZK+.V0ETD"),
    ("MicroQRCode", "123456"),
    ("QRCode", "https://qr.alipay.com/fkx12345abcdefgh"),
    ("QRCode", "wxp://f2f0abcdefghijklmnopqrstuvwxyz0123456789"),
    ("QRCode", "WIFI:T:WPA;S:cuihu;P:12345678;;"),
    ("QRCode", "HC1:NCFOXN%TS3DH3ZSUZK+.V0ETD623"),
    ("QRCode", "SG2:NCFOXN%TS3DH3ZSUZK+.V0ETD623"),
];
const SEEDS: u64 = 3;

#[test]
fn what_is_no_pass_makes_no_event() {
    let office = Office::with_roster(&roster(4));
    let gate = Gate::of(&office);
    let (codes, frames) = (gate.path("codes"), gate.path("frames"));
    for folder in [&codes, &frames] {
        std::fs::create_dir(folder).expect("a temporary folder can be written");
    }
    let save = |frame: &Frame, name: &str| paper::save(frame, &frames.join(format!("{name}.pgm")));
    let drawn = python::ask("write_codes.py", &[&codes], &json!(CODES));
    for (number, path) in drawn.as_array().expect("a list").iter().enumerate() {
        let drawing = paper::frame(path.as_str().expect("a path").as_ref());
        for seed in 0..SEEDS {
            let mut scene = Scene::of(&drawing);
            scene.pose.yaw = 10.0 * seed as f32;
            save(&scene.render(1280, 720, seed), &format!("code-{number:02}-{seed}"));
        }
    }
    let (mut dice, wall) = (Dice::new(1), Frame::new(40, 40, vec![200; 1600]).expect("a small frame"));
    for seed in 0..4 {
        // A sensor in the dark, and a wall in the light.
        let noise = (0..640 * 480).map(|_| (16.0 + 12.0 * dice.normal()).clamp(0.0, 255.0) as u8).collect();
        save(&Frame::new(640, 480, noise).expect("a frame"), &format!("noise-{seed}"));
        save(&Scene::of(&wall).render(1280, 720, seed), &format!("wall-{seed}"));
    }
    let looked = std::fs::read_dir(&frames).expect("it was just made").count();

    let folder = frames.to_str().expect("temporary folders have plain names");
    let arguments = ["run", "--once", "--direction", "out", "--listen", "127.0.0.1:0", "--images", folder];
    let watch = || {
        let output = programs::run(&mut gate.kiosk(&arguments));
        // Where the screen is, and nothing more.
        let said = String::from_utf8_lossy(&output.stderr).lines().count();
        assert_eq!(said, 1, "{}", String::from_utf8_lossy(&output.stderr));
        let printed = programs::lines(&output);
        let counts: Value = serde_json::from_str(printed.last().expect("the counts")).expect("JSON");
        (printed.len() - 1, counts)
    };
    let (printed, counts) = watch();
    assert_eq!((printed, &counts["frames"], &counts["scanned"]), (0, &json!(looked), &json!(0)), "{counts}");
    assert_eq!(gate.events().len(), 0);

    // The same gate sees a pass, and one that was damaged: that is judged.
    let text = office.passes()[0]["text"].as_str().expect("a pass has a text").to_owned();
    for (name, text) in [("pass", text.as_str()), ("damaged", &text[..text.len() - 3])] {
        let code = encode(text).expect("it fits a code");
        let drawing = picture_of(&code, 5, 4).expect("a picture");
        save(&Scene::of(&drawing).render(1280, 720, 1), name);
    }
    let (printed, counts) = watch();
    assert_eq!((printed, &counts["logged"]), (2, &json!(2)), "{counts}");
    assert_eq!(gate.events().len(), 2);
}
