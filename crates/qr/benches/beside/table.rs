//! One table: readers down, figures across.

use std::time::Instant;

use qr::Frame;

use crate::readers::Reader;

/// A frame and what may be read in it.
pub(crate) struct Shot {
    pub(crate) frame: Frame,
    pub(crate) texts: Vec<Vec<u8>>,
}

pub(crate) fn print(title: &str, shots: &[Shot], readers: &mut [Reader]) {
    println!(
        "{title}\n{:<28} {:>6} {:>7} {:>6} {:>10} {:>8}",
        "", "read", "share", "wrong", "median ms", "p95 ms"
    );
    for reader in readers {
        let (mut read, mut wrong) = (0, 0);
        let mut times = Vec::with_capacity(shots.len());
        for shot in shots {
            let start = Instant::now();
            let texts = reader.read(&shot.frame);
            times.push(start.elapsed().as_secs_f64() * 1000.0);
            read += usize::from(texts.iter().any(|text| shot.texts.contains(text)));
            wrong += usize::from(texts.iter().any(|text| !shot.texts.contains(text)));
        }
        times.sort_by(f64::total_cmp);
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
        let share = 100.0 * read as f64 / shots.len() as f64;
        let (median, p95) = (at(0.5), at(0.95));
        println!("{:<28} {read:>6} {share:>5.1} % {wrong:>6} {median:>10.2} {p95:>8.2}", reader.name);
    }
    println!();
}
