//! Generated photographs by what makes them hard: the classes of the public regression sets, at 1280 pixels, on printed
//! pages, through a lens, with a sensor's noise and JPEG.

use qr::degrade::{Beam, Curl, Dice, Fold, Glare, Motion, Page, Print, Scene, Shadow};
use qrcode::{Color, EcLevel, QrCode, Version};

use crate::table::Shot;

/// The longer and the shorter side of a photograph.
const LONG: usize = 1280;
const SHORT: usize = 960;

/// A page with one code in its middle, and how it will be photographed.
struct Set {
    page: Page,
    text: Vec<u8>,
    /// Modules along the code's side.
    side: f32,
    /// Pixels of the page per module, and along the page's side.
    pitch: f32,
    whole: f32,
    /// Pixels of the photograph per module.
    module: f32,
    size: (usize, usize),
}

/// What kind of code stands on a page.
struct Kind {
    versions: (usize, usize),
    module: (f32, f32),
    print: Print,
    /// Width of the page in widths of the code.
    margin: f32,
}

impl Default for Kind {
    fn default() -> Self {
        Self { versions: (1, 7), module: (5.0, 13.0), print: Print::default(), margin: 2.2 }
    }
}

type Recipe = fn(&mut Dice) -> Shot;

/// Every class with `count` photographs.
pub(crate) fn photographs(count: usize) -> Vec<(&'static str, Vec<Shot>)> {
    recipes()
        .into_iter()
        .enumerate()
        .map(|(n, (name, recipe))| {
            let mut dice = Dice::new(1000 + n as u64);
            (name, (0..count).map(|_| recipe(&mut Dice::new(dice.bits()))).collect())
        })
        .collect()
}

pub(crate) fn recipes() -> Vec<(&'static str, Recipe)> {
    vec![
        ("nominal", |dice| {
            let set = set(dice, &Kind::default());
            shot(dice, set, |_, _, _| {})
        }),
        ("rotations", |dice| {
            let set = set(dice, &Kind { module: (3.5, 12.0), ..Kind::default() });
            shot(dice, set, |scene, dice, _| {
                scene.pose.roll = dice.between(0.0, 360.0);
                tilt(scene, dice, 30.0);
            })
        }),
        ("perspective", |dice| {
            let set = set(dice, &Kind { module: (9.0, 18.0), ..Kind::default() });
            shot(dice, set, |scene, dice, _| {
                scene.pose.roll = dice.between(0.0, 360.0);
                let steep = dice.between(45.0, 70.0) * if dice.chance(0.5) { 1.0 } else { -1.0 };
                let other = dice.between(-15.0, 15.0);
                (scene.pose.yaw, scene.pose.pitch) =
                    if dice.chance(0.5) { (steep, other) } else { (other, steep) };
            })
        }),
        ("close", |dice| {
            let version = 1 + dice.below(8);
            let module = SHORT as f32 * dice.between(0.85, 1.03) / (17 + 4 * version) as f32;
            let set = set(
                dice,
                &Kind { versions: (version, version), module: (module, module), ..Kind::default() },
            );
            shot(dice, set, |scene, dice, _| {
                scene.pose.roll = dice.between(-8.0, 8.0) + 90.0 * dice.below(4) as f32;
                (scene.pose.x, scene.pose.y) = (dice.between(0.45, 0.55), dice.between(0.48, 0.52));
                scene.camera.blur = dice.between(0.7, 6.0);
                tilt(scene, dice, 12.0);
            })
        }),
        ("curved", |dice| {
            let set = set(dice, &Kind { module: (5.0, 12.0), margin: 1.5, ..Kind::default() });
            shot(dice, set, |scene, dice, set| {
                let turn = dice.between(40.0, 120.0) * set.whole / set.side / set.pitch;
                let axis = 90.0 * dice.below(2) as f32
                    + if dice.chance(0.3) { dice.between(-45.0, 45.0) } else { dice.between(-8.0, 8.0) };
                scene.card.curl = Some(Curl { turn, axis });
            })
        }),
        ("crumpled", |dice| {
            let set = set(dice, &Kind { margin: 1.6, ..Kind::default() });
            shot(dice, set, |scene, dice, _| {
                scene.card.folds = (0..3 + dice.below(5))
                    .map(|_| Fold {
                        x: dice.between(-0.3, 0.3),
                        y: dice.between(-0.3, 0.3),
                        angle: dice.between(0.0, 180.0),
                        slope: dice.between(-0.3, 0.3),
                    })
                    .collect();
            })
        }),
        ("glare", |dice| {
            let set = set(dice, &Kind::default());
            shot(dice, set, |scene, dice, set| {
                let reach = set.module * set.side / 2.0;
                scene.light.level = dice.between(0.4, 0.9);
                scene.light.glare = Some(Glare {
                    x: 0.5 + dice.between(-reach, reach) / set.size.0 as f32,
                    y: 0.5 + dice.between(-reach, reach) / set.size.1 as f32,
                    radius: dice.between(0.25, 0.7) * reach / set.size.0 as f32,
                    strength: dice.between(200.0, 700.0),
                });
            })
        }),
        ("bright spots", |dice| {
            let set = set(dice, &Kind::default());
            shot(dice, set, |scene, dice, set| {
                let reach = set.module * set.side * 0.6;
                scene.light.level = dice.between(0.12, 0.4);
                scene.light.beams = (0..1 + dice.below(6))
                    .map(|_| Beam {
                        x: 0.5 + dice.between(-reach, reach) / set.size.0 as f32,
                        y: 0.5 + dice.between(-reach, reach) / set.size.1 as f32,
                        radius: dice.between(0.15, 0.7) * reach / set.size.0 as f32,
                        gain: dice.between(2.5, 9.0),
                        softness: dice.between(0.03, 0.6),
                    })
                    .collect();
            })
        }),
        ("brightness", |dice| {
            let set = set(dice, &Kind::default());
            shot(dice, set, |scene, dice, _| {
                if dice.chance(0.5) {
                    scene.light.level = dice.between(0.05, 0.2);
                    scene.camera.noise = dice.between(1.0, 4.0);
                } else {
                    scene.light.level = dice.between(1.0, 1.6);
                    scene.light.haze = dice.between(60.0, 150.0);
                }
            })
        }),
        ("shadows", |dice| {
            let set = set(dice, &Kind::default());
            shot(dice, set, |scene, dice, set| {
                let reach = set.module * set.side * 0.4;
                scene.light.shadow = Some(Shadow {
                    x: 0.5 + dice.between(-reach, reach) / set.size.0 as f32,
                    y: 0.5 + dice.between(-reach, reach) / set.size.1 as f32,
                    towards: dice.between(0.0, 360.0),
                    left: dice.between(0.06, 0.3),
                    softness: dice.between(1.0, 120.0),
                });
            })
        }),
        ("damaged", |dice| {
            let mut set = set(dice, &Kind::default());
            damage(&mut set, dice);
            shot(dice, set, |_, _, _| {})
        }),
        ("blurred", |dice| {
            let set = set(dice, &Kind { module: (4.0, 10.0), ..Kind::default() });
            shot(dice, set, |scene, dice, set| scene.camera.blur = set.module * dice.between(0.3, 0.65))
        }),
        ("motion", |dice| {
            let set = set(dice, &Kind { module: (4.0, 10.0), ..Kind::default() });
            shot(dice, set, |scene, dice, set| {
                scene.camera.motion = Some(Motion {
                    length: set.module * dice.between(0.8, 2.2),
                    angle: dice.between(0.0, 180.0),
                });
            })
        }),
        ("high version", |dice| {
            let version = 20 + dice.below(21);
            let module = dice.between(3.0, 6.0).min(SHORT as f32 * 0.95 / (17 + 4 * version) as f32);
            let kind = Kind {
                versions: (version, version),
                module: (module, module),
                margin: 1.15,
                ..Kind::default()
            };
            let set = set(dice, &kind);
            shot(dice, set, |scene, dice, _| {
                scene.pose.roll = dice.between(-6.0, 6.0) + 90.0 * dice.below(4) as f32;
                tilt(scene, dice, 9.0);
                scene.camera.blur = dice.between(0.4, 0.8);
                scene.card.curl =
                    Some(Curl { turn: dice.between(-14.0, 14.0), axis: dice.between(0.0, 180.0) });
            })
        }),
        ("lots", lots),
        ("monitor", |dice| {
            let mut set =
                set(dice, &Kind { print: Print { dark: 4, ..Print::default() }, ..Kind::default() });
            set.page.screen(set.pitch * dice.between(0.25, 0.6), dice.between(0.2, 0.6));
            shot(dice, set, |scene, dice, _| {
                scene.card.inverted = dice.chance(0.3);
                scene.light.haze = dice.between(0.0, 40.0);
            })
        }),
        ("noncompliant", |dice| {
            let mut print = Print::default();
            for _ in 0..2 {
                match dice.below(5) {
                    0 => print.quiet = dice.between(0.0, 1.2),
                    1 => (print.dark, print.light) = (print.light, print.dark),
                    2 => print.mirrored = true,
                    3 => print.round = dice.between(0.5, 2.0),
                    _ => {
                        let middle = dice.between(60.0, 190.0);
                        (print.dark, print.light) = (middle as u8 - 30, middle as u8 + 30);
                    }
                }
            }
            let mut set = set(dice, &Kind { print, ..Kind::default() });
            if dice.chance(0.4) {
                let reach = set.side * set.pitch * dice.between(0.06, 0.13);
                let middle = set.whole / 2.0;
                set.page.block([middle - reach, middle - reach, middle + reach, middle + reach], 230);
                set.page.disc(middle, middle, reach * 0.8, 90);
            }
            shot(dice, set, |_, _, _| {})
        }),
        ("pathological", |dice| {
            let mut set = set(dice, &Kind { margin: 3.0, ..Kind::default() });
            decoys(&mut set, dice);
            shot(dice, set, |_, _, _| {})
        }),
        ("tiny", |dice| {
            let set =
                set(dice, &Kind { module: (1.7, 2.6), versions: (1, 6), margin: 6.0, ..Kind::default() });
            shot(dice, set, |scene, dice, _| {
                scene.camera.blur = dice.between(0.3, 0.6);
                scene.camera.jpeg = Some(dice.between(80.0, 95.0) as u8);
            })
        }),
    ]
}

fn code(dice: &mut Dice, versions: (usize, usize)) -> (QrCode, Vec<u8>) {
    let version = versions.0 + dice.below(versions.1 - versions.0 + 1);
    let number = i16::try_from(version).expect("versions end at 40");
    let level = [EcLevel::L, EcLevel::L, EcLevel::M, EcLevel::M, EcLevel::Q, EcLevel::H][dice.below(6)];
    let signs = b"abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH/.-_?=&%";
    let most = (version * version * 3 / 2 + version * 6).min(1200);
    let mut text: Vec<u8> = b"http://".to_vec();
    text.extend((0..most).map(|_| signs[dice.below(signs.len())]));
    loop {
        if let Ok(code) = QrCode::with_version(&text, Version::Normal(number), level) {
            return (code, text);
        }
        text.truncate(text.len() * 9 / 10);
    }
}

fn set(dice: &mut Dice, kind: &Kind) -> Set {
    let (code, text) = code(dice, kind.versions);
    let module = dice.between(kind.module.0, kind.module.1);
    let side = code.width() as f32;
    // A code of more modules than fit gets smaller ones.
    let module = module.min(SHORT as f32 * 1.04 / side);
    let pitch = (module * 1.4).clamp(4.0, 3600.0 / (side * kind.margin));
    let whole = side * kind.margin * pitch;
    let mut page = Page::new(whole as usize, whole as usize, dice.between(215.0, 250.0) as u8);
    let near = (whole - side * pitch) / 2.0;
    let free = near - 5.0 * pitch;
    if free > 4.0 * pitch {
        let size = pitch * dice.between(1.2, 3.0);
        for strip in
            [[0.0, 0.0, whole, free], [0.0, whole - free, whole, whole], [0.0, near, free, whole - near]]
        {
            if dice.chance(0.7) {
                page.lines(strip, size, 40, dice);
            }
        }
        if dice.chance(0.5) {
            page.block(
                [whole - free, near, whole - free / 3.0, whole - near],
                dice.between(30.0, 200.0) as u8,
            );
        }
    }
    let print = Print { module: pitch, ..kind.print.clone() };
    page.code(code.width(), |x, y| code[(x, y)] == Color::Dark, near, near, &print);
    let size = if dice.chance(0.6) { (LONG, SHORT) } else { (SHORT, LONG) };
    Set { page, text, side, pitch, whole, module, size }
}

fn shot(dice: &mut Dice, set: Set, spoil: impl Fn(&mut Scene<'_>, &mut Dice, &Set)) -> Shot {
    let drawing = set.page.clone().into_frame();
    let mut scene = Scene::of(&drawing);
    scene.pose.width = set.whole / set.pitch * set.module;
    let room = |size: usize| (0.5 - set.side * set.module * 0.75 / size as f32).max(0.0) * 0.6;
    let (x, y) = (room(set.size.0), room(set.size.1));
    (scene.pose.x, scene.pose.y) = (0.5 + dice.between(-x, x) * 0.3, 0.5 + dice.between(-y, y) * 0.3);
    scene.pose.roll = dice.between(-25.0, 25.0) + 90.0 * dice.below(4) as f32;
    tilt(&mut scene, dice, 22.0);
    scene.card.ground = 245.0;
    scene.card.ink = 5.0;
    scene.light.level = dice.between(0.55, 1.02);
    scene.light.haze = dice.between(0.0, 20.0);
    scene.camera.blur = dice.between(0.5, 1.1);
    scene.camera.noise = dice.between(1.0, 4.0);
    scene.camera.jpeg = Some(dice.between(70.0, 92.0) as u8);
    spoil(&mut scene, dice, &set);
    let frame = scene.render(set.size.0, set.size.1, dice.bits());
    Shot { frame, texts: vec![set.text] }
}

fn tilt(scene: &mut Scene<'_>, dice: &mut Dice, most: f32) {
    scene.pose.yaw = dice.between(-most, most);
    scene.pose.pitch = dice.between(-most, most);
}

/// Scribbles, stains and holes; in every third code a finder is hit as well.
fn damage(set: &mut Set, dice: &mut Dice) {
    let (near, long) = ((set.whole - set.side * set.pitch) / 2.0, set.side * set.pitch);
    let spot = |dice: &mut Dice| (near + dice.between(0.0, long), near + dice.between(0.0, long));
    for _ in 0..1 + dice.below(2) {
        let (shade, places) =
            (if dice.chance(0.7) { 30 } else { 225 }, [spot(dice), spot(dice), spot(dice), spot(dice)]);
        set.page.stroke(&places, set.pitch * dice.between(0.4, 1.2), shade);
    }
    if dice.chance(0.5) {
        let (x, y) = spot(dice);
        set.page.disc(x, y, set.pitch * dice.between(1.0, 3.0), dice.between(20.0, 230.0) as u8);
    }
    if dice.chance(0.35) {
        let middle = 3.5 * set.pitch;
        let (x, y) =
            [(near, near), (near + long - 7.0 * set.pitch, near), (near, near + long - 7.0 * set.pitch)]
                [dice.below(3)];
        let (x, y) = (x + middle, y + middle);
        match dice.below(3) {
            0 => set.page.disc(x + dice.between(-middle, middle), y, set.pitch * dice.between(1.5, 3.5), 120),
            1 => set.page.stroke(&[(x - middle, y - middle), (x + middle, y + middle)], set.pitch * 1.3, 20),
            _ => set
                .page
                .block([x - middle, y - middle, x + middle, y + middle * dice.between(-0.5, 1.0)], 215),
        }
    } else if dice.chance(0.3) {
        // The corner without a finder is torn off.
        let cut = near + long - set.pitch * dice.between(1.0, 5.0);
        set.page.tear((cut, cut), 45.0, 100);
    }
}

/// What looks like finders and isn't: rings, checks, bars.
fn decoys(set: &mut Set, dice: &mut Dice) {
    let (near, far) = ((set.whole - set.side * set.pitch) / 2.0, (set.whole + set.side * set.pitch) / 2.0);
    let clear = 4.5 * set.pitch;
    for _ in 0..60 {
        let (x, y) = (dice.between(0.0, set.whole), dice.between(0.0, set.whole));
        let width = set.pitch * dice.between(0.6, 1.6);
        let rings = 3 + dice.below(2);
        let reach = width * (rings as f32 + 0.5) + clear;
        if x + reach > near && x - reach < far && y + reach > near && y - reach < far {
            continue;
        }
        match dice.below(3) {
            0 => set.page.rings((x, y), width, rings, true, (20, 230)),
            1 => set.page.rings((x, y), width, rings, false, (20, 230)),
            _ => {
                for i in 0..36 {
                    let (cx, cy) =
                        (x + (i % 6) as f32 * width - reach / 2.0, y + (i / 6) as f32 * width - reach / 2.0);
                    if (i % 6 + i / 6) % 2 == 0 && dice.chance(0.9) {
                        set.page.block([cx, cy, cx + width, cy + width], 20);
                    }
                }
            }
        }
    }
}

/// A sheet with many codes of different texts and print between them.
fn lots(dice: &mut Dice) -> Shot {
    let (across, down) = (3 + dice.below(6), 3 + dice.below(5));
    let pitch = 4.0;
    let version = 1 + dice.below(4);
    let cell = (17.0 + 4.0 * version as f32 + dice.between(9.0, 16.0)) * pitch;
    let (width, height) = (cell * across as f32, cell * down as f32);
    let mut page = Page::new(width as usize, height as usize, 240);
    let mut texts = Vec::new();
    for i in 0..across * down {
        let (code, text) = code(dice, (version, version));
        let (x, y) = ((i % across) as f32 * cell, (i / across) as f32 * cell);
        page.lines([x, y + cell - 4.0 * pitch, x + cell * 0.9, y + cell], pitch * 2.0, 40, dice);
        let print = Print { module: pitch, ..Print::default() };
        page.code(code.width(), |x, y| code[(x, y)] == Color::Dark, x + 4.0 * pitch, y + 4.0 * pitch, &print);
        texts.push(text);
    }
    let drawing = page.into_frame();
    let mut scene = Scene::of(&drawing);
    let fit = (LONG as f32 / width).min(SHORT as f32 / height);
    scene.pose.width = width * fit * dice.between(0.8, 0.97);
    scene.pose.roll = dice.between(-4.0, 4.0);
    tilt(&mut scene, dice, 15.0);
    scene.light.level = dice.between(0.6, 1.0);
    scene.camera.blur = dice.between(0.4, 0.7);
    scene.camera.jpeg = Some(dice.between(80.0, 92.0) as u8);
    Shot { frame: scene.render(LONG, SHORT, dice.bits()), texts }
}
