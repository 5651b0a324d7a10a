//! Text to code to camera frame and back.
#![cfg(feature = "degrade")]

use qr::degrade::{Scene, picture_of};
use qr::{Frame, Scanner, encode};

fn read(frame: &Frame) -> Vec<Vec<u8>> {
    Scanner::new().scan(frame).into_iter().map(|sighting| sighting.bytes).collect()
}

#[test]
fn a_flat_drawing_reads_back() {
    for length in [1, 20, 195, 400, 1000] {
        let text = "SG1:7K3M9QXZ4".chars().cycle().take(length).collect::<String>();
        let drawing = picture_of(&encode(&text).unwrap(), 4, 4).unwrap();
        assert_eq!(read(&drawing), [text.as_bytes()], "{length} characters");
    }
}

#[test]
fn a_card_before_a_camera_reads_back() {
    let text = "SG1:7K3M9QXZ4".repeat(15);
    let drawing = picture_of(&encode(&text).unwrap(), 8, 4).unwrap();
    let mut scene = Scene::of(&drawing);
    scene.pose.width = 420.0;
    scene.pose.roll = 12.0;
    assert_eq!(read(&scene.render(1280, 720, 5)), [text.as_bytes()]);
}

#[test]
fn frames_without_a_code_say_nothing() {
    let grey = Frame::new(64, 48, vec![128; 64 * 48]).unwrap();
    assert!(read(&grey).is_empty());
    assert!(read(&Frame::new(1, 1, vec![0]).unwrap()).is_empty());
}
