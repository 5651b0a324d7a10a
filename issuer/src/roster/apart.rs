//! A process of its own for files that can't be read in bounded memory: this very program, told to turn a file into rows.
//!
//! What it says is taken as strictly as a file: bounded, line by line. Whatever becomes of it, this program goes on.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};

use calamine::Dimensions;

use super::gather::Reading;
use super::old_workbook::Line;
use super::workbook::Merged;
use super::{MAX_BYTES, RosterError};

/// What the process is told to do; `crate::cli` knows it too.
const COMMAND: &str = "xls-rows";
/// The most that it may say: more than a hundred thousand rows take.
const MAX_SAID: u64 = 256 << 20;
/// The longest line: a row of 256 cells of 400 characters.
const MAX_LINE: u64 = 1 << 20;

/// The program that is started.
#[derive(Clone, Debug)]
pub struct Apart(PathBuf);

impl Apart {
    /// This program, also where its file was replaced by a newer one since it started.
    #[must_use]
    pub fn this_program() -> Self {
        let program = if cfg!(target_os = "linux") { Some("/proc/self/exe".into()) } else { None };
        Self(program.or_else(|| std::env::current_exe().ok()).unwrap_or_else(|| "issuer".into()))
    }

    /// The program `issuer` at this path, for one that is another program itself.
    #[must_use]
    pub fn program(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Reads an .xls file.
    ///
    /// # Errors
    /// [`RosterError`].
    pub(super) fn read(&self, bytes: &[u8], reading: &mut Reading<'_>) -> Result<(), RosterError> {
        // It needs nothing of the environment, so it gets no database's password.
        let child = Command::new(&self.0)
            .arg(COMMAND)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut child = Ended(child);
        let (Some(mut stdin), Some(stdout)) = (child.0.stdin.take(), child.0.stdout.take()) else {
            return Err(damaged("no pipe"));
        };
        let end = std::thread::scope(|scope| {
            // It may end before it has read everything; why shows in what it said.
            scope.spawn(move || _ = stdin.write_all(bytes));
            let end = listen(stdout, reading);
            if end.is_err() {
                // Nobody listens any more: let the writer go.
                let _ = child.0.kill();
            }
            end
        });
        match end? {
            Some(Line::End) => Ok(()),
            Some(Line::Format) => Err(RosterError::Format),
            Some(Line::Damaged(reason)) => Err(RosterError::Damaged { reason }),
            _ => Err(why(child.0.wait()?)),
        }
    }
}

/// Takes rows until the last line, which is returned; nothing where the process ended before it.
fn listen(stdout: impl Read, reading: &mut Reading<'_>) -> Result<Option<Line>, RosterError> {
    let mut said = BufReader::new(stdout.take(MAX_SAID));
    let mut merged = Merged::new(Vec::new());
    let mut line = Vec::new();
    loop {
        line.clear();
        said.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)?;
        if line.last() != Some(&b'\n') {
            return Ok(None);
        }
        match serde_json::from_slice(&line).map_err(|error| damaged(&error.to_string()))? {
            Line::Sheet(name, spans) => {
                reading.sheet(&name);
                let region = |(column, first, last)| {
                    let column = u32::from(column);
                    Dimensions { start: (first, column), end: (last, column) }
                };
                merged = Merged::new(spans.into_iter().map(region).collect());
            }
            Line::Row(row, mut cells) => {
                merged.complete(row, &mut cells, reading);
                reading.row(row.saturating_add(1), &cells)?;
            }
            end => return Ok(Some(end)),
        }
    }
}

/// The system ends a process that takes too much time or memory by a signal.
fn why(status: ExitStatus) -> RosterError {
    match status.code() {
        None => RosterError::TooLarge { limit: MAX_BYTES },
        Some(_) => damaged(&status.to_string()),
    }
}

fn damaged(reason: &str) -> RosterError {
    RosterError::Damaged { reason: reason.to_owned() }
}

/// A process that is gone when this is.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // One that has ended already can't be killed, and that is as well.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
