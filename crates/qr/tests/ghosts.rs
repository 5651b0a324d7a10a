//! Frames without a code say nothing, and no frame stops the scanner.

use proptest::prelude::*;
use qr::degrade::{Dice, Scene, picture_of};
use qr::{Frame, Scanner, encode};

fn frame(width: usize, height: usize, pixel: impl FnMut(usize) -> u8) -> Frame {
    Frame::new(width, height, (0..width * height).map(pixel).collect()).expect("a picture is a frame")
}

#[test]
fn noise_says_nothing() {
    let mut scanner = Scanner::new();
    for seed in 0..60 {
        let mut dice = Dice::new(seed);
        let coarse = 1 + seed as usize % 6;
        let cells: Vec<u8> = (0..320 * 240).map(|_| dice.bits() as u8).collect();
        let blocky = frame(320, 240, |i| cells[(i / 320 / coarse) * 320 + i % 320 / coarse]);
        assert_eq!(scanner.scan(&blocky), [], "noise {seed}");
        let bits =
            frame(
                320,
                240,
                |i| {
                    if cells[(i / 320 / coarse) * 320 + i % 320 / coarse] > 127 { 255 } else { 0 }
                },
            );
        assert_eq!(scanner.scan(&bits), [], "black and white noise {seed}");
    }
}

#[test]
fn finders_around_noise_say_nothing() {
    // What tempts a decoder most: everything that makes a code but its data.
    let code = encode(&"SG1:7K3M9QXZ4".repeat(15)).unwrap();
    let side = code.width();
    for seed in 0..200 {
        let mut dice = Dice::new(seed);
        let keep = |x: usize, y: usize| {
            (y < 9 && (x < 9 || x + 8 >= side)) || (x < 9 && y + 8 >= side) || x == 6 || y == 6
        };
        let modules: Vec<bool> = (0..side * side)
            .map(|i| {
                let (x, y) = (i % side, i / side);
                if keep(x, y) { code.is_dark(x, y) } else { dice.chance(0.5) }
            })
            .collect();
        let width = (side + 8) * 4;
        let drawn = frame(width, width, |i| {
            let (x, y) = ((i % width / 4).wrapping_sub(4), (i / width / 4).wrapping_sub(4));
            if x < side && y < side && modules[y * side + x] { 0 } else { 255 }
        });
        assert_eq!(Scanner::new().scan(&drawn), [], "seed {seed}");
    }
}

#[test]
fn a_code_too_damaged_is_never_read_wrong() {
    let text = "SG1:7K3M9QXZ4".repeat(15);
    let drawing = picture_of(&encode(&text).unwrap(), 4, 4).unwrap();
    let mut silent = 0;
    for seed in 0..60 {
        let mut dice = Dice::new(seed);
        let mut luma = drawing.luma().to_vec();
        let width = drawing.width();
        for _ in 0..(40 + seed as usize * 8) {
            let (x, y) = (dice.below(width - 8), dice.below(width - 8));
            let shade = if dice.chance(0.5) { 0 } else { 255 };
            for row in 0..8 {
                luma[(y + row) * width + x..][..8].fill(shade);
            }
        }
        let read = Scanner::new().scan(&Frame::new(width, width, luma).unwrap());
        silent += usize::from(read.is_empty());
        assert!(read.iter().all(|sighting| sighting.bytes == text.as_bytes()), "seed {seed}: {read:?}");
    }
    assert!(silent > 10, "the damage was meant to be too much more often: {silent}");
}

#[test]
fn odd_sizes_are_frames_too() {
    let mut scanner = Scanner::new();
    for (width, height) in
        [(1, 1), (1, 500), (500, 1), (7, 7), (8, 9), (15, 17), (31, 33), (4000, 16), (16, 3000)]
    {
        for shade in 0..4u8 {
            scanner.scan(&frame(width, height, |i| (i as u8).wrapping_mul(shade * 37)));
        }
    }
}

#[test]
fn empty_gates_say_nothing() {
    let blank = frame(1, 1, |_| 128);
    let scene = Scene::of(&blank);
    for seed in 0..10 {
        assert_eq!(Scanner::new().scan(&scene.render(640, 360, seed)), []);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_frame_panics(width in 1usize..200, height in 1usize..200, seed: u64, period in 1usize..40, kind in 0u8..4) {
        let mut dice = Dice::new(seed);
        let made = frame(width, height, |i| match kind {
            0 => dice.bits() as u8,
            1 => if (i / period).is_multiple_of(2) { 0 } else { 255 },
            2 => if (i % width / period + i / width / period).is_multiple_of(2) { 10 } else { 240 },
            _ => (i * period) as u8,
        });
        Scanner::new().scan(&made);
    }

    #[test]
    fn a_code_cut_and_smeared_never_panics_and_never_lies(cut in 1usize..220, shift in 0usize..220, seed: u64) {
        let drawing = picture_of(&encode("SG1:7K3M9QXZ4").unwrap(), 6, 4).unwrap();
        let width = drawing.width();
        let mut dice = Dice::new(seed);
        let mut luma = drawing.luma().to_vec();
        luma.rotate_left(shift * width % (width * width));
        let height = width.min(cut.max(1));
        luma.truncate(width * height);
        for _ in 0..50 {
            let at = dice.below(luma.len());
            luma[at] = dice.bits() as u8;
        }
        for sighting in Scanner::new().scan(&Frame::new(width, height, luma).unwrap()) {
            prop_assert_eq!(sighting.bytes, b"SG1:7K3M9QXZ4".to_vec());
        }
    }
}
