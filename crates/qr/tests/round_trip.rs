//! Text to code to camera frame and back.

use qr::degrade::{Beam, Curl, Glare, Motion, Scene, Shadow, Thumb, picture_of};
use qr::{Frame, Scanner, encode};
use qrcode::{Color, EcLevel, QrCode, Version};

fn read(frame: &Frame) -> Vec<Vec<u8>> {
    Scanner::new().scan(frame).into_iter().map(|sighting| sighting.bytes).collect()
}

/// As long as a pass: version 8 at level M.
fn pass_text() -> String {
    "SG1:7K3M9QXZ4".repeat(15)
}

/// A code of any version and level, `scale` pixels a module.
fn drawing(text: &str, version: i16, level: EcLevel, scale: usize) -> Frame {
    let code = QrCode::with_version(text, Version::Normal(version), level).expect("the text fits");
    let side = (code.width() + 8) * scale;
    let dark = |x: usize, y: usize| {
        let module = |v: usize| (v / scale).wrapping_sub(4);
        let (x, y) = (module(x), module(y));
        x < code.width() && y < code.width() && code[(x, y)] == Color::Dark
    };
    let luma = (0..side * side).map(|i| if dark(i % side, i / side) { 0 } else { 255 }).collect();
    Frame::new(side, side, luma).expect("a picture is a frame")
}

/// The frame turned: `place` gives for a pixel of the result where it comes from.
fn rearranged(frame: &Frame, place: impl Fn(usize, usize, usize) -> (usize, usize)) -> Frame {
    let side = frame.width();
    let pixel = |i: usize| {
        let (x, y) = place(i % side, i / side, side - 1);
        frame.row(y)[x]
    };
    Frame::new(side, side, (0..side * side).map(pixel).collect()).expect("a picture is a frame")
}

#[test]
fn every_version_reads_back_at_every_level() {
    for version in (1..=40).step_by(3) {
        for (level, text) in
            [(EcLevel::L, "SG1:L"), (EcLevel::M, "SG1:M"), (EcLevel::Q, "1234"), (EcLevel::H, "byte")]
        {
            let frame = drawing(text, version, level, 4);
            assert_eq!(read(&frame), [text.as_bytes()], "version {version}, level {level:?}");
        }
    }
}

#[test]
fn long_texts_read_back_whole() {
    for length in [1, 20, 195, 400, 1000, 2000] {
        let text: String = "SG1:7K3M9QXZ4".chars().cycle().take(length).collect();
        let drawing = picture_of(&encode(&text).unwrap(), 4, 4).unwrap();
        assert_eq!(read(&drawing), [text.as_bytes()], "{length} characters");
    }
}

#[test]
fn content_is_returned_as_it_stands() {
    for text in
        ["三色门 彩色通行证", "https://example.org/?a=b", "0123456789012345", "\u{feff}bom", "漢字とかな"]
    {
        let drawing = picture_of(&encode(text).unwrap(), 4, 4).unwrap();
        assert_eq!(read(&drawing), [text.as_bytes()], "{text}");
    }
}

#[test]
fn character_sets_become_utf8() {
    let mut bits = qrcode::bits::Bits::new(Version::Normal(3));
    bits.push_eci_designator(20).unwrap();
    bits.push_byte_data(&[0x8A, 0xBF, 0x8E, 0x9A]).unwrap();
    bits.push_terminator(EcLevel::M).unwrap();
    let code = QrCode::with_bits(bits, EcLevel::M).unwrap();
    let side = (code.width() + 8) * 4;
    let luma = (0..side * side).map(|i| {
        let (x, y) = ((i % side / 4).wrapping_sub(4), (i / side / 4).wrapping_sub(4));
        let dark = x < code.width() && y < code.width() && code[(x, y)] == Color::Dark;
        if dark { 0 } else { 255 }
    });
    let frame = Frame::new(side, side, luma.collect()).unwrap();
    assert_eq!(read(&frame), ["漢字".as_bytes()]);
}

#[test]
fn turned_mirrored_and_inverted_codes_read_back() {
    let text = pass_text();
    let upright = picture_of(&encode(&text).unwrap(), 5, 4).unwrap();
    let turned = rearranged(&upright, |x, y, last| (y, last - x));
    let upside_down = rearranged(&upright, |x, y, last| (last - x, last - y));
    let mirrored = rearranged(&upright, |x, y, last| (last - x, y));
    let inverted =
        Frame::new(upright.width(), upright.height(), upright.luma().iter().map(|v| 255 - v).collect())
            .unwrap();
    for (name, frame) in
        [("turned", turned), ("upside down", upside_down), ("mirrored", mirrored), ("inverted", inverted)]
    {
        assert_eq!(read(&frame), [text.as_bytes()], "{name}");
    }
}

#[test]
fn corners_are_those_of_the_code() {
    let text = pass_text();
    let drawing = picture_of(&encode(&text).unwrap(), 5, 4).unwrap();
    let sightings = Scanner::new().scan(&drawing);
    let (near, far) = (20.0, 20.0 + 49.0 * 5.0);
    for (corner, (x, y)) in
        sightings[0].corners.iter().zip([(near, near), (far, near), (far, far), (near, far)])
    {
        assert!((corner.x - x).abs() < 2.0 && (corner.y - y).abs() < 2.0, "{corner:?} for {x}, {y}");
    }
}

#[test]
fn a_card_before_a_camera_reads_back_whatever_befalls_it() {
    let text = pass_text();
    let drawing = picture_of(&encode(&text).unwrap(), 8, 4).unwrap();
    let mut plain = Scene::of(&drawing);
    plain.pose.width = 400.0;
    plain.pose.roll = 12.0;
    type Spoil = fn(&mut Scene<'_>);
    let faults: [(&str, Spoil); 15] = [
        ("nothing", |_| {}),
        ("tilt", |s| (s.pose.yaw, s.pose.pitch) = (35.0, -25.0)),
        ("blur", |s| s.camera.blur = 1.8),
        ("motion", |s| s.camera.motion = Some(Motion { length: 6.0, angle: 30.0 })),
        ("dark mode", |s| s.card.inverted = true),
        ("a red card", |s| s.card.ground = 76.0),
        ("dim light", |s| s.light.level = 0.2),
        ("a bow", |s| s.card.bow = 0.1),
        ("a can", |s| s.card.curl = Some(Curl { turn: 100.0, axis: 5.0 })),
        ("a can held askew", |s| s.card.curl = Some(Curl { turn: 70.0, axis: 40.0 })),
        ("a steep look", |s| (s.pose.width, s.pose.pitch) = (560.0, 62.0)),
        ("a covered finder", |s| {
            s.card.thumb = Some(Thumb { x: 0.13, y: 0.13, radius: 0.07, luma: 150.0 });
        }),
        ("a spot of sun", |s| {
            s.light.level = 0.25;
            s.light.beams = vec![Beam { x: 0.45, y: 0.45, radius: 0.07, gain: 5.0, softness: 0.1 }];
        }),
        ("shadow", |s| {
            s.light.shadow = Some(Shadow { x: 0.5, y: 0.5, towards: 20.0, left: 0.3, softness: 10.0 });
        }),
        ("glare and thumb", |s| {
            s.light.glare = Some(Glare { x: 0.5, y: 0.5, radius: 0.02, strength: 250.0 });
            s.card.thumb = Some(Thumb { x: 1.0, y: 1.0, radius: 0.12, luma: 150.0 });
        }),
    ];
    for (name, spoil) in faults {
        let mut scene = plain.clone();
        spoil(&mut scene);
        assert_eq!(read(&scene.render(1280, 720, 5)), [text.as_bytes()], "{name}");
    }
}

#[test]
fn a_scanner_that_is_used_again_reads_the_same() {
    let text = pass_text();
    let drawing = picture_of(&encode(&text).unwrap(), 8, 4).unwrap();
    let scene = Scene::of(&drawing);
    let mut scanner = Scanner::new();
    for (width, height) in [(1280, 720), (640, 480), (1280, 720)] {
        let frame = scene.render(width, height, 1);
        assert_eq!(scanner.scan(&frame), Scanner::new().scan(&frame));
    }
}

#[test]
fn a_foreign_code_does_not_hide_the_wanted_one() {
    let foreign = picture_of(&encode("HTTPS://EXAMPLE.ORG").unwrap(), 20, 4).unwrap();
    let ours = picture_of(&encode("SG1:WANTED").unwrap(), 3, 4).unwrap();
    let mut luma = vec![255; 1200 * 640];
    for (frame, left) in [(&foreign, 0), (&ours, 800)] {
        for y in 0..frame.height() {
            luma[y * 1200 + left..][..frame.width()].copy_from_slice(frame.row(y));
        }
    }
    let frame = Frame::new(1200, 640, luma).unwrap();
    let sightings = Scanner::wanting(|text| text.starts_with(b"SG1:")).scan(&frame);
    assert!(sightings.iter().any(|sighting| sighting.bytes == b"SG1:WANTED"), "{sightings:?}");
}
