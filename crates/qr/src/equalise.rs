//! Undoes what blur and motion carried over from module to module: how much each of the eight neighbours shows through is
//! learnt from the code itself, and what they add is taken away.

use crate::decode::Modules;
use crate::geometry::eliminate;

/// A module and its eight neighbours.
const TAPS: usize = 9;

/// Rounds in which better modules make better neighbours.
const ROUNDS: usize = 4;

/// The same modules without what their neighbours add; `None` where nothing can be learnt.
pub(crate) fn equalised(modules: &Modules) -> Option<Modules> {
    let side = modules.version.side();
    // A light border, as the quiet zone is.
    let wide = side + 2;
    let mut guess = vec![-1.0f32; wide * wide];
    for y in 0..side {
        for x in 0..side {
            guess[(y + 1) * wide + x + 1] = modules.values[y * side + x].clamp(-1.0, 1.0);
        }
    }
    let offsets: [usize; TAPS] = std::array::from_fn(|tap| tap / 3 * wide + tap % 3);
    let mut values = modules.values.clone();
    for round in 0..ROUNDS {
        let hard: Vec<f32> = guess.iter().map(|v| v.signum()).collect();
        let around = |values: &[f32], x: usize, y: usize| offsets.map(|offset| values[y * wide + x + offset]);
        let mut a = [[0.0f64; TAPS + 2]; TAPS + 1];
        for y in 0..side {
            for x in 0..side {
                let near = around(&hard, x, y);
                let row: [f64; TAPS + 1] =
                    std::array::from_fn(|i| near.get(i).map_or(1.0, |&v| f64::from(v)));
                let seen = f64::from(modules.values[y * side + x].clamp(-2.0, 2.0));
                for (line, mine) in a.iter_mut().zip(row) {
                    line.iter_mut().zip(row).for_each(|(sum, other)| *sum += mine * other);
                    line[TAPS + 1] += mine * seen;
                }
            }
        }
        for (i, line) in a.iter_mut().enumerate() {
            line[i] += 1.0;
        }
        eliminate(&mut a)?;
        let taps: [f32; TAPS] = std::array::from_fn(|i| a[i][TAPS + 1] as f32);
        let (own, bias) = (taps[TAPS / 2], a[TAPS][TAPS + 1] as f32);
        if own < 0.15 {
            return None;
        }
        // The first rounds believe what they see less than the last.
        let gain = if round + 1 < ROUNDS { 1.5 } else { 1.0 };
        for y in 0..side {
            for x in 0..side {
                let near = around(&guess, x, y);
                let added: f32 = (0..TAPS).filter(|&i| i != TAPS / 2).map(|i| taps[i] * near[i]).sum();
                values[y * side + x] = (modules.values[y * side + x] - bias - added) / own;
            }
        }
        for y in 0..side {
            for x in 0..side {
                guess[(y + 1) * wide + x + 1] = (gain * values[y * side + x]).clamp(-1.0, 1.0);
            }
        }
    }
    Some(Modules { version: modules.version, values })
}
