//! How much is read, and how fast, beside other readers in the same run.
//!
//! `cargo bench -p qr [-- FOLDER]` prints one table for a folder of photographs (a `texts.tsv` in it gives for each file the
//! texts of its codes as base64; without an argument `QR_PHOTOS`, or `../shared/photos` beside the workspace when it
//! is there), one for generated gate frames, one for each fault alone, one for each class of generated photographs, one
//! for empty frames, one for each kind of clip (only these with `--clips`,
//! `QR_CLIPS` of each). rqrr stands beside always, zxing-cpp with `--features beside-zxing`, which needs cmake and a C++20
//! compiler. One thread; the time is that of the scan alone.

mod classes;
mod clips;
mod frames;
mod photos;
mod readers;
mod table;

use std::path::PathBuf;

use qr::Scanner;
use readers::Reader;

/// Clips of each trial.
const CLIPS: usize = 40;

fn main() {
    if std::env::args().any(|argument| argument == "--clips") {
        let count = std::env::var("QR_CLIPS").ok().and_then(|count| count.parse().ok());
        clips::print(count.unwrap_or(CLIPS), &Reader::for_clips);
        return;
    }
    let named = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/photos");
    let folder = named.or_else(|| std::env::var("QR_PHOTOS").ok()).unwrap_or_else(|| beside.to_owned());
    let mut readers = Reader::all();
    match photos::load(&PathBuf::from(&folder)) {
        Ok(shots) => {
            table::print(&format!("{} photographs", shots.len()), &shots, &mut readers);
            stages(&shots);
        }
        Err(why) => println!("no photographs: {folder}: {why}\n"),
    }
    let mixed = frames::mixed(120);
    table::print("120 gate frames, several faults at once", &mixed, &mut readers);
    stages(&mixed);
    for (fault, shots) in frames::alone(60) {
        table::print(&format!("60 gate frames, {fault} alone"), &shots, &mut readers);
    }
    for (class, shots) in classes::photographs(40) {
        table::print(&format!("40 generated photographs: {class}"), &shots, &mut readers);
    }
    table::print("40 frames without a code", &frames::empty(40), &mut readers);
    clips::print(CLIPS, &Reader::for_clips);
}

/// What each step of the scanner adds.
fn stages(shots: &[table::Shot]) {
    let mut limited: Vec<Reader> =
        (1..=Scanner::STEPS.len()).map(|count| Reader::limited(count, Scanner::STEPS[count - 1])).collect();
    table::print("the same, step by step", shots, &mut limited);
}
