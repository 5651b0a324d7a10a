//! `kiosk scan`: pictures in, texts out, with the time that the scan alone took.

use std::io::{self, BufRead, Write};
use std::path::Path;
use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use qr::Scanner;

use super::{Context, End};
use crate::frames::picture;
use crate::words::{Tell, tell};

pub(super) fn run(context: &Context) -> anyhow::Result<End> {
    let mut output = io::stdout().lock();
    for line in io::stdin().lock().split(b'\n') {
        let mut line = line?;
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        let name = String::from_utf8_lossy(&line);
        let (milliseconds, texts) = scan(Path::new(name.as_ref())).unwrap_or_else(|why| {
            eprintln!("{}\n  {why}", tell(&Tell::Picture { path: &name }, context.lang));
            (0.0, Vec::new())
        });
        let texts = if texts.is_empty() { "-".to_owned() } else { texts.join(",") };
        writeln!(output, "{name}\t{milliseconds:.3}\t{texts}")?;
        output.flush()?;
    }
    Ok(End::Fine)
}

/// The time of the scan alone, in milliseconds, and each text in base64.
fn scan(path: &Path) -> Result<(f64, Vec<String>), crate::frames::SourceError> {
    let frame = picture::read(path)?;
    let mut scanner = Scanner::new();
    let started = Instant::now();
    let sightings = scanner.scan(&frame);
    let milliseconds = started.elapsed().as_secs_f64() * 1000.0;
    Ok((milliseconds, sightings.iter().map(|sighting| STANDARD.encode(&sighting.bytes)).collect()))
}
