//! Undoes what blur and motion carried over from module to module: how much each of the eight neighbours shows through is
//! learnt from the code itself, and what they add is taken away.

use crate::decode::Modules;
use crate::geometry::eliminate;

/// A module and its eight neighbours.
const TAPS: usize = 9;

/// What a clear module is in whole numbers.
const FIXED: f32 = 4096.0;

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
    let seen: Vec<i16> = modules.values.iter().map(|v| (v.clamp(-2.0, 2.0) * FIXED) as i16).collect();
    let mut values = modules.values.clone();
    for round in 0..ROUNDS {
        let hard: Vec<i16> = guess.iter().map(|v| if *v < 0.0 { -1 } else { 1 }).collect();
        let (taps, bias) = learnt(&hard, &seen, side, &offsets)?;
        let own = taps[TAPS / 2];
        if own < 0.15 {
            return None;
        }
        for (y, line) in values.chunks_exact_mut(side).enumerate() {
            line.iter_mut().zip(&modules.values[y * side..]).for_each(|(value, seen)| *value = seen - bias);
            for (tap, offset) in
                taps.iter().zip(offsets).enumerate().filter(|(i, _)| *i != TAPS / 2).map(|(_, t)| t)
            {
                let near = &guess[y * wide + offset..];
                line.iter_mut().zip(near).for_each(|(value, near)| *value -= tap * near);
            }
            line.iter_mut().for_each(|value| *value /= own);
        }
        // The first rounds believe what they see less than the last.
        let gain = if round + 1 < ROUNDS { 1.5 } else { 1.0 };
        for (y, line) in values.chunks_exact(side).enumerate() {
            let guess = &mut guess[(y + 1) * wide + 1..];
            guess.iter_mut().zip(line).for_each(|(guess, value)| *guess = (gain * value).clamp(-1.0, 1.0));
        }
    }
    Some(Modules { version: modules.version, values })
}

/// How much of each neighbour, and of plain light, best explains what was seen: least squares over all modules, in whole
/// numbers, which add up many at once.
fn learnt(hard: &[i16], seen: &[i16], side: usize, offsets: &[usize; TAPS]) -> Option<([f32; TAPS], f32)> {
    let wide = side + 2;
    let mut sums = [[0i32; TAPS + 2]; TAPS];
    for (y, seen) in seen.chunks_exact(side).enumerate() {
        let near = offsets.map(|offset| &hard[y * wide + offset..][..side]);
        for (i, (one, sums)) in near.iter().zip(&mut sums).enumerate() {
            for (other, sum) in near.iter().zip(sums.iter_mut()).skip(i) {
                *sum += product(one, other);
            }
            sums[TAPS] += one.iter().map(|&v| i32::from(v)).sum::<i32>();
            sums[TAPS + 1] += product(one, seen);
        }
    }
    let mut a = [[0.0f64; TAPS + 2]; TAPS + 1];
    for i in 0..TAPS {
        for j in i..=TAPS {
            a[i][j] = f64::from(sums[i][j]);
            a[j][i] = a[i][j];
        }
        a[i][TAPS + 1] = f64::from(sums[i][TAPS + 1]) / f64::from(FIXED);
    }
    a[TAPS][TAPS] = (side * side) as f64;
    a[TAPS][TAPS + 1] = seen.iter().map(|&v| f64::from(v)).sum::<f64>() / f64::from(FIXED);
    for (i, line) in a.iter_mut().enumerate() {
        line[i] += 1.0;
    }
    eliminate(&mut a)?;
    Some((std::array::from_fn(|i| a[i][TAPS + 1] as f32), a[TAPS][TAPS + 1] as f32))
}

fn product(one: &[i16], other: &[i16]) -> i32 {
    one.iter().zip(other).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum()
}
