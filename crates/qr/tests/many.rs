//! A sheet of cards before the camera: every code in view is returned, not only the first.

#![expect(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

use qr::{Frame, Scanner, encode};

/// A sheet of two columns: each code in a white field on a grey ground, a module so many pixels wide.
fn sheet(texts: &[String], module: usize) -> Frame {
    let codes: Vec<_> = texts.iter().map(|text| encode(text).unwrap()).collect();
    let side = (codes[0].width() + 8) * module;
    let (across, down) = (side * 9 / 4, side * 4 / 3);
    let (width, height) = (2 * across, texts.len().div_ceil(2) * down);
    let mut luma = vec![110_u8; width * height];
    for (n, code) in codes.iter().enumerate() {
        let (left, top) = (n % 2 * across + across - side - 3 * module, n / 2 * down + 5 * module);
        for y in 0..side {
            for x in 0..side {
                let (u, v) = ((x / module).wrapping_sub(4), (y / module).wrapping_sub(4));
                let dark = u < code.width() && v < code.width() && code.is_dark(u, v);
                luma[(top + y) * width + left + x] = if dark { 20 } else { 240 };
            }
        }
    }
    Frame::new(width, height, luma).unwrap()
}

#[test]
fn every_code_of_a_sheet_is_read() {
    for count in [2, 8, 10] {
        let texts: Vec<String> =
            (0..count).map(|n: u64| format!("SG1:{:0>190}", (n * 7_919_777 + 13) * 1_000_003)).collect();
        for module in [3, 4, 7] {
            let frame = sheet(&texts, module);
            let mut read: Vec<String> = Scanner::new()
                .scan(&frame)
                .into_iter()
                .map(|s| String::from_utf8(s.bytes).unwrap())
                .collect();
            read.sort();
            let mut wanted = texts.clone();
            wanted.sort();
            assert_eq!(read.len() as u64, count, "{count} codes, {module} pixels a module");
            assert_eq!(read, wanted);
        }
    }
}
