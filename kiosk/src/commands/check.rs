//! `kiosk check`: what a gate would say to texts on standard input. Logs nothing and keeps nothing.

use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use gate::{Facts, History};
use protocol::{Bundle, HighWater, Opened};
use serde::Serialize;

use super::{Context, End, Way};
use crate::held::{Grounds, Held};
use crate::judge::{Circumstances, Judgement, judge, zone};
use crate::memory::Neighbours;
use crate::root;
use crate::time::{GateTime, Kept, MachineClock};
use crate::words::Tell;

/// Of a longer line, only so many bytes are kept: it is refused for its length all the same.
const MAX_LINE: usize = 16 << 10;

#[derive(Debug, Args)]
pub(super) struct Check {
    #[arg(long, value_name = "FILE")]
    bundle: Option<PathBuf>,
    #[arg(long, value_enum)]
    direction: Way,
    #[arg(long, value_name = "ROOT")]
    root: Option<String>,
}

#[derive(Serialize)]
struct Line {
    verdict: &'static str,
    reasons: Vec<&'static str>,
    serial: Option<String>,
    short_code: Option<String>,
    office: Option<u32>,
    compound: Option<u32>,
    household: Option<u32>,
    holder: Option<u16>,
    kind: Option<&'static str>,
    colour: Option<&'static str>,
    alert: bool,
    /// When the person may next go, in seconds since 1970.
    next: Option<i64>,
}

impl Check {
    pub(super) fn run(&self, context: &Context) -> anyhow::Result<End> {
        let grounds = match self.grounds(context)? {
            Ok(grounds) => grounds,
            Err(end) => return Ok(end),
        };
        let mut time = GateTime::new(Arc::new(MachineClock), Kept::read(&context.data));
        time.raise(grounds.issued());
        let zone = zone(&grounds.rules.rules.policy.time_zone);
        let (history, neighbours) = (History::new(), Neighbours::of(&grounds));
        let mut input = io::stdin().lock();
        let mut output = io::stdout().lock();
        while let Some(line) = bounded_line(&mut input)? {
            let text = String::from_utf8_lossy(&line);
            let text = pass::strip_line_ending(&text);
            let circumstances = Circumstances {
                direction: self.direction.into(),
                reading: time.read(),
                grounds: &grounds,
                zone: &zone,
                // What happened before is no matter here: the same text gets the same answer each time.
                history: &history,
                neighbours: &neighbours,
                facts: Facts::ALONE,
            };
            let judgement = judge(text, &circumstances);
            serde_json::to_writer(&mut output, &Line::of(&judgement))?;
            output.write_all(b"\n")?;
            output.flush()?;
        }
        Ok(End::Fine)
    }

    /// What to judge by; or how the command ends without it.
    fn grounds(&self, context: &Context) -> anyhow::Result<Result<Opened, End>> {
        let held = Held::in_folder(&context.data);
        let root = match self.root.as_deref().map(root::read) {
            Some(Err(why)) => return Ok(Err(context.failed(&Tell::NotARoot, &why)?)),
            Some(Ok(root)) => Some(root),
            None => held.root()?,
        };
        let Some(root) = root else { return Ok(Err(context.first(&Tell::NeedsRoot)?)) };
        let Some(file) = &self.bundle else {
            return match held.grounds()? {
                Grounds::Ready { opened, .. } if self.root.is_none() => Ok(Ok(*opened)),
                _ => Ok(Err(context.first(&Tell::NeedsBundle)?)),
            };
        };
        let bytes = std::fs::read(file).with_context(|| file.display().to_string())?;
        // With the gate's own key the people are known as well, as when the bundle is loaded.
        let (key, marks) = (held.gate_key()?, HighWater::default());
        match Bundle::from_bytes(&bytes).and_then(|bundle| bundle.open(&root, key.as_ref(), &marks)) {
            Ok(opened) => Ok(Ok(opened)),
            Err(why) => Ok(Err(context.failed(&Tell::BundleRefused, &why)?)),
        }
    }
}

impl Line {
    fn of(judgement: &Judgement) -> Self {
        let pass = judgement.pass.as_ref();
        let decision = &judgement.decision;
        Self {
            verdict: decision.verdict.code(),
            reasons: decision.reasons.iter().map(gate::Reason::code).collect(),
            serial: pass.map(|pass| pass.serial.to_string()),
            short_code: pass.map(|pass| pass.serial.short_code()),
            office: pass.map(|pass| pass.office().0),
            compound: pass.map(|pass| pass.compound.0),
            household: pass.map(|pass| pass.household),
            holder: pass.map(|pass| pass.holder),
            kind: pass.map(|pass| pass.kind.code()),
            colour: decision.colour.map(pass::Colour::code),
            alert: decision.alert,
            next: decision.next.map(|next| next.0),
        }
    }
}

/// The next line with its end, of a long one the beginning; none at the end of the input. Never holds more than that.
fn bounded_line(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let mut began = false;
    loop {
        let buffer = match input.fill_buf() {
            Err(why) if why.kind() == io::ErrorKind::Interrupted => continue,
            buffer => buffer?,
        };
        if buffer.is_empty() {
            return Ok(began.then_some(line));
        }
        began = true;
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let length = end.map_or(buffer.len(), |end| end + 1);
        let room = (MAX_LINE - line.len()).min(length);
        line.extend_from_slice(&buffer[..room]);
        input.consume(length);
        if end.is_some() {
            return Ok(Some(line));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cut_at_the_limit_and_nowhere_else() {
        let long = "x".repeat(MAX_LINE + 5);
        let text = format!("a\r\n\n{long}\nb \nlast");
        for buffer in [1, 7, 1 << 20] {
            let mut input = io::BufReader::with_capacity(buffer, text.as_bytes());
            let mut lines = Vec::new();
            while let Some(line) = bounded_line(&mut input).unwrap() {
                lines.push(String::from_utf8(line).unwrap());
            }
            assert_eq!(lines, ["a\r\n", "\n", &long[..MAX_LINE], "b \n", "last"]);
        }
    }
}
