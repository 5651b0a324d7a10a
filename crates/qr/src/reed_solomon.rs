//! Reed–Solomon over GF(256) with errors and erasures, and how sure a correction is. It knows nothing of codes' layout.

const EXP: [u8; 512] = TABLES.0;
const LOG: [u8; 256] = TABLES.1;
const TABLES: ([u8; 512], [u8; 256]) = tables();

/// Powers and logarithms of 2 modulo x⁸ + x⁴ + x³ + x² + 1 (ISO/IEC 18004 §7.5.2).
const fn tables() -> ([u8; 512], [u8; 256]) {
    let mut exp = [0u8; 512];
    let mut log = [0u8; 256];
    let mut value = 1u16;
    let mut i = 0;
    while i < 255 {
        exp[i] = value as u8;
        exp[i + 255] = value as u8;
        log[value as usize] = i as u8;
        value <<= 1;
        if value & 0x100 != 0 {
            value ^= 0x11D;
        }
        i += 1;
    }
    (exp, log)
}

fn mul(a: u8, b: u8) -> u8 {
    if a == 0 || b == 0 {
        0
    } else {
        EXP[usize::from(LOG[usize::from(a)]) + usize::from(LOG[usize::from(b)])]
    }
}

fn inverse(a: u8) -> u8 {
    EXP[255 - usize::from(LOG[usize::from(a)])]
}

/// A polynomial's value, lowest coefficient first.
fn value(polynomial: &[u8], x: u8) -> u8 {
    polynomial.iter().rev().fold(0, |sum, &c| mul(sum, x) ^ c)
}

/// Bits of evidence that a correction isn't chance below which it is refused: one in four million.
const EVIDENCE: f32 = 22.0;

/// What a received block gives away of its errors; all 0 when there are none.
pub(crate) fn syndromes(block: &[u8], correction: usize) -> Vec<u8> {
    (0..correction).map(|i| block.iter().fold(0, |sum, &word| mul(sum, EXP[i]) ^ word)).collect()
}

/// Corrects a block in place and returns how many codewords were wrong, erased ones not counted.
///
/// `erased` are indices into the block. `None`, with the block unchanged, when it can't be corrected, or when chance
/// would correct a block of noise as well.
pub(crate) fn correct(block: &mut [u8], syndromes: &[u8], erased: &[usize]) -> Option<usize> {
    let (n, correction) = (block.len(), syndromes.len());
    if n > 255 || correction >= n || erased.len() > correction {
        return None;
    }
    if syndromes.iter().all(|&s| s == 0) {
        return Some(0);
    }
    // Locator of the erasures, then Berlekamp–Massey goes on from it (Blahut 1983, §9.1).
    let position = |index: usize| EXP[n - 1 - index];
    let mut locator = vec![1u8];
    for &index in erased {
        let root = position(index);
        locator.push(0);
        for i in (1..locator.len()).rev() {
            locator[i] ^= mul(locator[i - 1], root);
        }
    }
    let mut length = erased.len();
    let mut previous = locator.clone();
    for step in erased.len()..correction {
        let discrepancy = locator
            .iter()
            .enumerate()
            .filter(|&(i, _)| i <= step)
            .fold(0, |sum, (i, &c)| sum ^ mul(c, syndromes[step - i]));
        previous.insert(0, 0);
        if discrepancy == 0 {
            continue;
        }
        let mut next = locator.clone();
        next.resize(next.len().max(previous.len()), 0);
        for (value, &p) in next.iter_mut().zip(&previous) {
            *value ^= mul(discrepancy, p);
        }
        if 2 * length <= step + erased.len() {
            length = step + 1 + erased.len() - length;
            let scale = inverse(discrepancy);
            previous = locator.iter().map(|&c| mul(c, scale)).collect();
        }
        locator = next;
    }
    while locator.last() == Some(&0) {
        locator.pop();
    }
    let degree = locator.len() - 1;
    let errors = degree.checked_sub(erased.len())?;
    if 2 * errors + erased.len() > correction || !is_evident(n, correction, erased.len(), errors) {
        return None;
    }
    let evaluator: Vec<u8> = (0..correction)
        .map(|i| (0..=i.min(degree)).fold(0, |sum, j| sum ^ mul(locator[j], syndromes[i - j])))
        .take(degree)
        .collect();
    // The formal derivative keeps the odd coefficients, one place lower.
    let derivative: Vec<u8> =
        locator.iter().skip(1).enumerate().map(|(i, &c)| if i % 2 == 0 { c } else { 0 }).collect();
    let mut fixes = Vec::with_capacity(degree);
    for index in 0..n {
        let x = position(index);
        let root = inverse(x);
        if value(&locator, root) == 0 {
            let slope = value(&derivative, root);
            if slope == 0 {
                return None;
            }
            fixes.push((index, mul(mul(value(&evaluator, root), inverse(slope)), x)));
        }
    }
    if fixes.len() != degree {
        return None;
    }
    for &(index, change) in &fixes {
        block[index] ^= change;
    }
    Some(errors)
}

/// Whether a correction of this many errors says more than chance would.
fn is_evident(n: usize, correction: usize, erased: usize, errors: usize) -> bool {
    evidence(n, correction, erased, errors) >= EVIDENCE
}

/// Bits of evidence that a correction isn't chance: the spare bits of the code against the number of error patterns that would
/// have been accepted. It leaves the standard's own reserve (the p of table 9) for small symbols.
pub(crate) fn evidence(n: usize, correction: usize, erased: usize, errors: usize) -> f32 {
    let choose: f32 = (0..errors).map(|i| ((n - erased - i) as f32 / (i + 1) as f32).log2()).sum();
    8.0 * (correction - erased) as f32 - choose - 8.0 * errors as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(data: usize, correction: usize) -> Vec<u8> {
        // Systematic encoding: the remainder of data · x^correction.
        let mut generator = vec![1u8];
        for &root in &EXP[..correction] {
            generator.push(0);
            for j in (1..generator.len()).rev() {
                generator[j] ^= mul(generator[j - 1], root);
            }
        }
        let mut words: Vec<u8> = (0..data).map(|i| (i * 37 + 11) as u8).collect();
        let mut rest = words.clone();
        rest.resize(data + correction, 0);
        for i in 0..data {
            let lead = rest[i];
            for (j, &g) in generator.iter().enumerate() {
                rest[i + j] ^= mul(g, lead);
            }
        }
        words.extend(&rest[data..]);
        words
    }

    fn mend(block: &mut [u8], erased: &[usize]) -> Option<usize> {
        let syndromes = syndromes(block, 20);
        correct(block, &syndromes, erased)
    }

    #[test]
    fn errors_and_erasures_up_to_the_limit_are_corrected() {
        let good = block(30, 20);
        for erased in 0..=14usize {
            for errors in 0..=(17usize.saturating_sub(erased)) / 2 {
                let mut bad = good.clone();
                let places: Vec<usize> = (0..erased).map(|i| i * 3 + 1).collect();
                for &i in &places {
                    bad[i] ^= 0x55;
                }
                for i in 0..errors {
                    bad[i * 3] ^= 0x0F + i as u8;
                }
                assert_eq!(mend(&mut bad, &places), Some(errors), "{erased} erased, {errors} wrong");
                assert_eq!(bad, good);
            }
        }
    }

    #[test]
    fn an_erased_codeword_may_be_right() {
        let good = block(30, 20);
        let mut bad = good.clone();
        bad[7] ^= 1;
        assert_eq!(mend(&mut bad, &[1, 2, 3]), Some(1));
        assert_eq!(bad, good);
    }

    #[test]
    fn too_many_errors_are_refused() {
        let good = block(30, 20);
        let mut bad = good.clone();
        for word in bad.iter_mut().step_by(3) {
            *word ^= 0xA7;
        }
        let before = bad.clone();
        assert_eq!(mend(&mut bad, &[]), None);
        assert_eq!(bad, before);
    }
}
