//! Frames that follow each other: what none shows whole is read from several, and nothing is read that nobody showed.

use qr::degrade::{Clip, Dice, Trial, picture_of};
use qr::{Code, Frame, Scanner, encode};

/// Pixels of a module, and light modules around the code.
const SCALE: usize = 3;
const QUIET: usize = 4;

/// How many times as many frames are looked at: `QR_TIMES=12` makes them 20,000 and takes some minutes.
fn times() -> u64 {
    std::env::var("QR_TIMES").ok().and_then(|times| times.parse().ok()).unwrap_or(1)
}

fn scanner() -> Scanner {
    Scanner::wanting(|text| text.starts_with(b"SG1:"))
}

fn text(dice: &mut Dice, length: usize) -> String {
    let characters = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    let random = (4..length).map(|_| char::from(characters[dice.below(characters.len())]));
    "SG1:".chars().chain(random).collect()
}

/// Draws a square of modules, of which `shade` gives the brightness, with noise.
fn frame(side: usize, dice: &mut Dice, noise: f32, shade: impl Fn(usize, usize) -> f32) -> Frame {
    let width = (side + 2 * QUIET) * SCALE;
    let at = |v: usize| (v / SCALE).wrapping_sub(QUIET);
    let luma = (0..width * width).map(|i| {
        let (x, y) = (at(i % width), at(i / width));
        let value = if x < side && y < side { shade(x, y) } else { 220.0 };
        (value + noise * dice.normal()).clamp(0.0, 255.0) as u8
    });
    Frame::new(width, width, luma.collect()).expect("a picture is a frame")
}

/// Whether every code of this size has the same module there, or nearly.
fn is_pattern(side: usize, x: usize, y: usize) -> bool {
    (y < 9 && (x < 9 || x + 8 >= side)) || (x < 9 && y + 8 >= side) || x == 6 || y == 6
}

/// A code of which a share of the modules is wrong, others every time: too many for error correction.
fn spoilt(code: &Code, dice: &mut Dice, share: f32) -> Frame {
    let side = code.width();
    let wrong: Vec<bool> =
        (0..side * side).map(|i| dice.chance(share) && !is_pattern(side, i % side, i / side)).collect();
    frame(side, dice, 6.0, |x, y| if code.is_dark(x, y) != wrong[y * side + x] { 40.0 } else { 210.0 })
}

#[test]
fn a_code_that_no_frame_shows_whole_is_read_from_several() {
    let mut read = 0;
    for seed in 0..6 {
        let mut dice = Dice::new(seed);
        let text = text(&mut dice, 195);
        let code = encode(&text).unwrap();
        let mut scanner = scanner();
        let mut first = None;
        for number in 0..15 {
            let frame = spoilt(&code, &mut dice, 0.16);
            assert_eq!(Scanner::new().scan(&frame), [], "one frame was meant to be too little");
            let seen = scanner.scan(&frame);
            assert!(seen.iter().all(|sighting| sighting.bytes == text.as_bytes()), "seed {seed}: {seen:?}");
            if !seen.is_empty() {
                first.get_or_insert(number);
            }
        }
        read += usize::from(first.is_some());
    }
    assert!(read >= 5, "only {read} of 6 were read");
}

#[test]
fn what_was_forgotten_does_not_count() {
    let mut dice = Dice::new(5);
    let text = text(&mut dice, 195);
    let code = encode(&text).unwrap();
    let mut scanner = scanner();
    for _ in 0..15 {
        assert_eq!(scanner.scan(&spoilt(&code, &mut dice, 0.16)), []);
        scanner.forget();
    }
}

#[test]
fn a_code_that_was_read_is_seen_again_and_hides_no_other() {
    let mut dice = Dice::new(6);
    let codes = [text(&mut dice, 60), text(&mut dice, 150)].map(|text| (encode(&text).unwrap(), text));
    let (width, height) = (640, 360);
    let draw = |count: usize| {
        let mut luma = vec![200u8; width * height];
        for (number, (code, _)) in codes.iter().take(count).enumerate() {
            // The second is much smaller than the first.
            let (scale, left) = ([6, 2][number], [20, 420][number]);
            for y in 0..code.width() * scale {
                for x in 0..code.width() * scale {
                    if code.is_dark(x / scale, y / scale) {
                        luma[(40 + y) * width + left + x] = 30;
                    }
                }
            }
        }
        Frame::new(width, height, luma).unwrap()
    };
    let mut scanner = scanner();
    for _ in 0..6 {
        let seen = scanner.scan(&draw(1));
        assert_eq!(seen.len(), 1);
        assert_eq!(seen[0].bytes, codes[0].1.as_bytes());
    }
    let mut both = 0;
    for _ in 0..8 {
        let seen = scanner.scan(&draw(2));
        assert!(seen.iter().any(|sighting| sighting.bytes == codes[0].1.as_bytes()));
        both += usize::from(seen.iter().any(|sighting| sighting.bytes == codes[1].1.as_bytes()));
    }
    assert!(both >= 2, "the small one beside it was returned {both} times");
    assert_eq!(scanner.scan(&Frame::new(width, height, vec![200; width * height]).unwrap()), []);
}

#[test]
fn what_is_said_is_what_is_shown() {
    // Two cards of one version in the same place, neither ever whole: after each other, in turn, and at random.
    let mut read = 0;
    for seed in 0..30 * times() {
        let mut dice = Dice::new(1000 + seed);
        let length = [55, 90, 195][seed as usize % 3];
        let texts = [text(&mut dice, length), text(&mut dice, length)];
        let codes = [encode(&texts[0]).unwrap(), encode(&texts[1]).unwrap()];
        let swap = 2 + dice.below(20);
        let mut scanner = scanner();
        for number in 0..24 {
            let shown = match seed % 3 {
                0 => usize::from(number >= swap),
                1 => number % 2,
                _ => dice.below(2),
            };
            for sighting in scanner.scan(&spoilt(&codes[shown], &mut dice, 0.14)) {
                assert_eq!(sighting.bytes, texts[shown].as_bytes(), "seed {seed}, frame {number}");
                read += 1;
            }
        }
    }
    assert!(read > 100, "too little was read to say anything: {read}");
}

/// Frames that look like a code in everything but what is written there; `shade` is told the code, the seed of the clip, the
/// number of the frame and the module.
fn tempt(clips: u64, shade: impl Fn(&Code, u64, u64, usize, usize) -> f32) {
    for seed in 0..clips {
        let mut dice = Dice::new(seed);
        let text = text(&mut dice, [20, 55, 90][seed as usize % 3]);
        let code = encode(&text).expect("90 characters are a code");
        let side = code.width();
        let mut scanner = scanner();
        for number in 0..20 {
            let shown = frame(side, &mut dice, 8.0, |x, y| {
                if is_pattern(side, x, y) {
                    if code.is_dark(x, y) { 40.0 } else { 210.0 }
                } else {
                    shade(&code, seed, number, x, y)
                }
            });
            for sighting in scanner.scan(&shown) {
                assert_eq!(sighting.bytes, text.as_bytes(), "clip {seed}, frame {number}");
            }
        }
    }
}

fn hash(parts: [u64; 4]) -> u64 {
    parts.into_iter().fold(7, |sum, part| Dice::new(sum ^ part.wrapping_mul(0x9E37_79B9)).bits())
}

#[test]
fn an_animation_behind_finders_says_nothing() {
    tempt(
        100 * times(),
        |_, seed, number, x, y| {
            if hash([seed, number, x as u64, y as u64]) & 1 == 0 { 40.0 } else { 210.0 }
        },
    );
}

#[test]
fn a_pattern_that_stands_still_says_nothing() {
    tempt(
        30 * times(),
        |_, seed, _, x, y| if hash([seed, 0, x as u64, y as u64]) & 1 == 0 { 40.0 } else { 210.0 },
    );
}

#[test]
fn a_code_with_too_many_wrong_modules_is_never_read_wrong() {
    tempt(30 * times(), |code, seed, number, x, y| {
        // A fifth is wrong in every frame, and a few more in each.
        let wrong = hash([seed, 0, x as u64, y as u64]) % 100 < 20 + seed % 10;
        let flicker = hash([seed, 1 + number, x as u64, y as u64]) % 100 < 8;
        if code.is_dark(x, y) != (wrong != flicker) { 40.0 } else { 210.0 }
    });
}

#[test]
fn what_one_frame_of_a_clip_shows_is_read_in_a_stream_too() {
    let (mut together, mut alone) = (0, 0);
    for seed in 0..4 {
        let mut dice = Dice::new(300 + seed);
        let text = text(&mut dice, 195);
        let code = encode(&text).unwrap();
        let drawing = picture_of(&code, 8, 4).unwrap();
        let clip = Clip::new(&drawing, code.width() + 8, Trial::UnderALamp, seed);
        let (mut stream, mut single) = (scanner(), Scanner::new());
        let (mut by_stream, mut by_single) = (false, false);
        for frame in clip.frames(1280, 720) {
            let is_it = |sighting: &qr::Sighting| sighting.bytes == text.as_bytes();
            let seen = stream.scan(&frame);
            assert!(seen.iter().all(is_it), "seed {seed}: {seen:?}");
            by_stream |= !seen.is_empty();
            by_single |= by_single || single.scan(&frame).iter().any(is_it);
        }
        assert!(by_stream || !by_single, "seed {seed}: what one frame shows is read in a stream too");
        together += usize::from(by_stream);
        alone += usize::from(by_single);
    }
    assert!(together >= 3, "{together} clips of 4 were read together, {alone} frame by frame");
}
