//! Lines on standard output, written by a thread of their own: whoever reads them never holds up the gate.
//!
//! Knows nothing of what the lines say. What is printed is in the journal already.

use std::io::Write;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// So many lines wait for a slow reader; then lines are left out.
const WAITING: usize = 1024;
/// How long the end of the program waits for a reader that has stopped reading.
const PATIENCE: Duration = Duration::from_secs(2);

/// Prints lines.
#[derive(Debug)]
pub struct Lines {
    send: Option<SyncSender<String>>,
    writer: Option<JoinHandle<()>>,
    /// Waits for the reader instead of leaving lines out.
    waits: bool,
    left_out: u64,
}

impl Lines {
    /// Prints to `output`. One that `waits` never leaves a line out: for recordings that are read as fast as can be, where nobody
    /// stands before the gate.
    #[must_use]
    pub fn to(output: Box<dyn Write + Send>, waits: bool) -> Self {
        let (send, receive) = sync_channel(WAITING);
        let writer = std::thread::spawn(move || write(&receive, output));
        Self { send: Some(send), writer: Some(writer), waits, left_out: 0 }
    }

    /// Prints a line.
    pub(crate) fn print(&mut self, line: String) {
        let Some(send) = &self.send else { return };
        // A writer that has ended has no reader any more, and nothing is left out for one.
        let full = if self.waits {
            let _ = send.send(line);
            false
        } else {
            matches!(send.try_send(line), Err(TrySendError::Full(_)))
        };
        if full {
            if self.left_out == 0 {
                tracing::warn!("nobody reads standard output: lines are left out until somebody does");
            }
            self.left_out += 1;
        } else if self.left_out > 0 {
            tracing::warn!(lines = self.left_out, "lines were left out on standard output");
            self.left_out = 0;
        }
    }
}

impl Drop for Lines {
    /// Waits until everything is printed; not for ever, unless it waits for its reader.
    fn drop(&mut self) {
        drop(self.send.take());
        let Some(writer) = self.writer.take() else { return };
        let start = Instant::now();
        while !self.waits && !writer.is_finished() && start.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(1));
        }
        if self.waits || writer.is_finished() {
            let _ = writer.join();
        }
    }
}

fn write(lines: &Receiver<String>, mut output: Box<dyn Write + Send>) {
    for line in lines {
        // Whoever read it may have gone; the journal has it.
        if writeln!(output, "{line}").and_then(|()| output.flush()).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use super::*;

    /// A reader that reads when the lock is free.
    struct Reader(Arc<Mutex<Vec<u8>>>);

    impl Write for Reader {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_stops_reading_holds_up_nothing() {
        let read = Arc::new(Mutex::new(Vec::new()));
        let stopped = read.lock().unwrap();
        let mut lines = Lines::to(Box::new(Reader(read.clone())), false);
        // More than can wait: this ends only because nothing waits for the reader.
        for line in 0..3 * WAITING {
            lines.print(line.to_string());
        }
        drop(stopped);
        drop(lines);
        // The writer may have begun late, and may go on for longer than the end of the program waits for it.
        let start = Instant::now();
        let text = || String::from_utf8(read.lock().unwrap().clone()).unwrap();
        while text().lines().count() < WAITING || Arc::strong_count(&read) > 1 {
            assert!(start.elapsed() < Duration::from_secs(60), "{} lines were read", text().lines().count());
            std::thread::sleep(Duration::from_millis(5));
        }
        let read = text();
        let count = read.lines().count();
        assert!((WAITING..=WAITING + 1).contains(&count), "{count}");
        assert!(read.starts_with("0\n1\n2\n"));
    }

    #[test]
    fn one_that_waits_leaves_nothing_out() {
        let read = Arc::new(Mutex::new(Vec::new()));
        let mut lines = Lines::to(Box::new(Reader(read.clone())), true);
        for line in 0..3 * WAITING {
            lines.print(line.to_string());
        }
        drop(lines);
        assert_eq!(String::from_utf8(read.lock().unwrap().clone()).unwrap().lines().count(), 3 * WAITING);
    }
}
