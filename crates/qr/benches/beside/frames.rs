//! Generated frames: a version 8 code as a pass carries it, held before a 720p camera.

use qr::degrade::{Dice, Glare, Motion, Pose, Scene, Shadow, Thumb, picture_of};
use qr::{Frame, encode};

use crate::table::Shot;

const WIDTH: usize = 1280;
const HEIGHT: usize = 720;

/// Every frame has a handful of faults, each of a strength between hardly and badly.
pub(crate) fn mixed(count: usize) -> Vec<Shot> {
    shots(count, 1, |scene, dice| {
        tilt(scene, dice, 22.0);
        scene.camera.blur = dice.between(0.5, 1.5);
        scene.camera.noise = dice.between(1.0, 6.0);
        scene.light.level = dice.between(0.3, 1.0);
        scene.card.bow = dice.between(0.0, 0.13);
        scene.card.inverted = dice.chance(0.1);
        if dice.chance(0.4) {
            scene.camera.motion =
                Some(Motion { length: dice.between(1.0, 6.0), angle: dice.between(0.0, 180.0) });
        }
        if dice.chance(0.3) {
            glare(scene, dice);
        }
        if dice.chance(0.4) {
            scene.light.shadow = Some(Shadow {
                x: scene.pose.x,
                y: scene.pose.y,
                towards: dice.between(0.0, 360.0),
                left: dice.between(0.2, 0.6),
                softness: dice.between(2.0, 60.0),
            });
        }
        if dice.chance(0.3) {
            scene.card.ground = dice.between(90.0, 160.0);
        }
        if dice.chance(0.15) {
            scene.card.thumb =
                Some(Thumb { x: 0.98, y: 0.98, radius: dice.between(0.05, 0.12), luma: 140.0 });
        }
        if dice.chance(0.5) {
            scene.camera.jpeg = Some(dice.between(50.0, 90.0) as u8);
        }
    })
}

/// One fault at a time.
pub(crate) fn alone(count: usize) -> Vec<(&'static str, Vec<Shot>)> {
    vec![
        ("blur of 2 px", shots(count, 2, |scene, _| scene.camera.blur = 2.0)),
        (
            "motion of 9 px",
            shots(count, 3, |scene, dice| {
                scene.camera.motion = Some(Motion { length: 9.0, angle: dice.between(0.0, 180.0) });
            }),
        ),
        ("glare", shots(count, 4, glare)),
        // Luma of a saturated red and of a saturated green under the usual weights.
        ("red card", shots(count, 5, |scene, _| scene.card.ground = 76.0)),
        ("green card", shots(count, 6, |scene, _| scene.card.ground = 130.0)),
        ("dark mode", shots(count, 7, |scene, _| scene.card.inverted = true)),
    ]
}

/// What a gate looks at all day.
pub(crate) fn empty(count: usize) -> Vec<Shot> {
    let blank = Frame::new(1, 1, vec![128]).expect("one pixel is a frame");
    (0..count as u64)
        .map(|seed| {
            let mut scene = Scene::of(&blank);
            scene.pose.width = 1.0;
            Shot { frame: scene.render(WIDTH, HEIGHT, seed), texts: Vec::new() }
        })
        .collect()
}

fn shots(count: usize, seed: u64, spoil: impl Fn(&mut Scene<'_>, &mut Dice)) -> Vec<Shot> {
    let mut dice = Dice::new(seed);
    (0..count)
        .map(|_| {
            let text = text(&mut dice);
            let code = encode(&text).expect("195 characters fit version 8");
            let drawing = picture_of(&code, 8, 4).expect("456 pixels are a frame");
            let mut scene = Scene::of(&drawing);
            scene.pose = Pose {
                x: dice.between(0.35, 0.65),
                y: dice.between(0.42, 0.58),
                width: dice.between(210.0, 400.0),
                roll: dice.between(-30.0, 30.0),
                ..Pose::default()
            };
            tilt(&mut scene, &mut dice, 10.0);
            spoil(&mut scene, &mut dice);
            Shot { frame: scene.render(WIDTH, HEIGHT, dice.bits()), texts: vec![text.into_bytes()] }
        })
        .collect()
}

/// As long as a pass with a name of nine bytes.
fn text(dice: &mut Dice) -> String {
    pass_text(dice, [195])
}

/// A text that looks like a pass, of one of these lengths.
pub(crate) fn pass_text<const N: usize>(dice: &mut Dice, lengths: [usize; N]) -> String {
    let characters = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    let length = if N == 1 { lengths[0] } else { lengths[dice.below(N)] };
    let random = (4..length).map(|_| char::from(characters[dice.below(characters.len())]));
    "SG1:".chars().chain(random).collect()
}

fn tilt(scene: &mut Scene<'_>, dice: &mut Dice, most: f32) {
    scene.pose.yaw = dice.between(-most, most);
    scene.pose.pitch = dice.between(-most, most);
}

fn glare(scene: &mut Scene<'_>, dice: &mut Dice) {
    scene.light.glare = Some(Glare {
        x: scene.pose.x + dice.between(-0.08, 0.08),
        y: scene.pose.y + dice.between(-0.12, 0.12),
        radius: dice.between(0.02, 0.07),
        strength: dice.between(120.0, 320.0),
    });
}
