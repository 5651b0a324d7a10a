//! Generated clips: one second of a card before a camera at 15 frames a second. A clip is read when any of its frames is.

use std::time::Instant;

use qr::degrade::{Clip, Dice, RATE, Trial, picture_of};
use qr::encode;

use crate::frames::pass_text;
use crate::readers::Reader;

const WIDTH: usize = 1280;
const HEIGHT: usize = 720;

/// How one reader did in the clips of a trial.
#[derive(Default)]
struct Tally {
    /// For each clip that was read, the number of the first frame that was, from 1.
    firsts: Vec<usize>,
    wrong: usize,
    times: Vec<f64>,
}

/// Prints one table for each trial, and one for all of the hard ones. `readers` are made anew for every clip.
pub(crate) fn print(count: usize, readers: &dyn Fn() -> Vec<Reader>) {
    let names: Vec<String> = readers().into_iter().map(|reader| reader.name).collect();
    let mut all: Vec<Tally> = names.iter().map(|_| Tally::default()).collect();
    for (number, trial) in Trial::ALL.into_iter().enumerate() {
        let mut tallies: Vec<Tally> = names.iter().map(|_| Tally::default()).collect();
        let mut dice = Dice::new(99 + number as u64);
        for _ in 0..count {
            let (text, clip) = clip(trial, &mut dice);
            let frames: Vec<_> = clip.frames(WIDTH, HEIGHT).collect();
            for (reader, tally) in readers().iter_mut().zip(&mut tallies) {
                let mut first = None;
                for (i, frame) in frames.iter().enumerate() {
                    let start = Instant::now();
                    let texts = reader.read(frame);
                    tally.times.push(start.elapsed().as_secs_f64() * 1000.0);
                    tally.wrong += usize::from(texts.iter().any(|read| read != text.as_bytes()));
                    if first.is_none() && texts.iter().any(|read| read == text.as_bytes()) {
                        first = Some(i + 1);
                    }
                }
                tally.firsts.extend(first);
            }
        }
        table(&format!("{count} clips: {trial:?}"), count, &names, &mut tallies);
        if trial == Trial::AtTheGate {
            continue;
        }
        for (sum, tally) in all.iter_mut().zip(tallies) {
            sum.firsts.extend(tally.firsts);
            sum.wrong += tally.wrong;
            sum.times.extend(tally.times);
        }
    }
    let clips = count * (Trial::ALL.len() - 1);
    table(&format!("all {clips} clips of {RATE} frames but those at the gate"), clips, &names, &mut all);
}

/// A pass of any version that passes have; at the gate, of the usual one.
fn clip(trial: Trial, dice: &mut Dice) -> (String, Clip) {
    let text = match trial {
        Trial::AtTheGate => pass_text(dice, [195]),
        _ => pass_text(dice, [130, 160, 195, 195, 195, 240, 330, 470]),
    };
    let code = encode(&text).expect("470 characters fit version 13");
    let drawing = picture_of(&code, 8, 4).expect("616 pixels are a frame");
    let clip = Clip::new(&drawing, code.width() + 8, trial, dice.bits());
    (text, clip)
}

fn table(title: &str, clips: usize, names: &[String], tallies: &mut [Tally]) {
    println!(
        "{title}\n{:<28} {:>6} {:>7} {:>6} {:>12} {:>6} {:>10} {:>8}",
        "", "read", "share", "wrong", "first frame", "p95", "median ms", "p95 ms"
    );
    for (name, tally) in names.iter().zip(tallies) {
        tally.firsts.sort_unstable();
        tally.times.sort_by(f64::total_cmp);
        let read = tally.firsts.len();
        let first = |share: f64| match read {
            0 => "-".to_owned(),
            _ => tally.firsts[((read - 1) as f64 * share) as usize].to_string(),
        };
        let time = |share: f64| tally.times[((tally.times.len() - 1) as f64 * share) as usize];
        println!(
            "{name:<28} {read:>6} {:>5.1} % {:>6} {:>12} {:>6} {:>10.2} {:>8.2}",
            100.0 * read as f64 / clips as f64,
            tally.wrong,
            first(0.5),
            first(0.95),
            time(0.5),
            time(0.95)
        );
    }
    println!();
}
