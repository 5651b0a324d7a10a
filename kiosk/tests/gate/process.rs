//! A gate as a real process, seen from outside: its page, its standard output, its messages.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::office::{kiosk, lines};

/// Longer than any machine takes.
pub(crate) const LONG: Duration = Duration::from_secs(120);

/// Asks the page of a gate.
pub(crate) fn ask(address: SocketAddr, path: &str, host: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(LONG)).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    stream
}

/// Follows what the page shows until it has all of these.
pub(crate) fn see(address: SocketAddr, lang: &str, wanted: &[&str]) -> Value {
    let stream = ask(address, &format!("/events?lang={lang}"), &address.to_string());
    let (mut last, start) = (String::new(), Instant::now());
    for line in BufReader::new(stream).lines() {
        let Ok(line) = line else { panic!("never came: {wanted:?}; last was {last}") };
        let Some(data) = line.strip_prefix("data: ") else { continue };
        if wanted.iter().all(|wanted| data.contains(wanted)) {
            return serde_json::from_str(data).unwrap();
        }
        data.clone_into(&mut last);
        // Something comes twice a second for as long as the gate works.
        assert!(start.elapsed() < LONG, "never came: {wanted:?}; last was {last}");
    }
    panic!("the events ended before {wanted:?}; last was {last}")
}

/// A kiosk that runs; it is stopped when dropped.
pub(crate) struct Process {
    child: Child,
    address: SocketAddr,
    printed: Receiver<Value>,
    said: Arc<Mutex<String>>,
}

impl Process {
    /// `kiosk run` with these arguments on this data folder.
    pub(crate) fn run(data: &Path, arguments: &[&str]) -> Self {
        let mut command = kiosk(data, &["run", "--listen", "127.0.0.1:0", "--direction", "out"]);
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (print, printed) = channel();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in stdout.lines() {
                let _ = print.send(serde_json::from_str(&line.unwrap()).unwrap());
            }
        });
        let said = Arc::new(Mutex::new(String::new()));
        let (tell, told) = channel();
        let (mut stderr, heard) = (BufReader::new(child.stderr.take().unwrap()), said.clone());
        std::thread::spawn(move || {
            let mut line = String::new();
            while stderr.read_line(&mut line).is_ok_and(|length| length > 0) {
                if let Some((_, address)) = line.split_once("http://") {
                    let _ = tell.send(address.trim().trim_end_matches('/').to_owned());
                }
                heard.lock().unwrap().push_str(&line);
                line.clear();
            }
        });
        let address = told.recv_timeout(LONG).unwrap().parse().unwrap();
        Self { child, address, printed, said }
    }

    /// Waits until the page shows all of these, in English.
    /// Where its page is.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn see(&self, wanted: &[&str]) -> Value {
        see(self.address, "en", wanted)
    }

    /// The next event that is printed.
    pub(crate) fn event(&self) -> Value {
        self.printed.recv_timeout(LONG).unwrap_or_else(|_| panic!("no event; {}", self.said()))
    }

    /// What it has told on standard error.
    pub(crate) fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// Waits until it has told this on standard error.
    pub(crate) fn hear(&self, wanted: &str) {
        let start = Instant::now();
        while !self.said().contains(wanted) {
            assert!(start.elapsed() < LONG, "never told {wanted:?}: {}", self.said());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The process that it has started with this as its command.
    #[cfg(target_os = "linux")]
    pub(crate) fn child_called(&self, command: &str) -> rustix::process::Pid {
        let id = self.child.id();
        let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
        // Threads have children of their own.
        let tasks = std::fs::read_dir(format!("/proc/{id}/task")).unwrap();
        let of_threads = tasks
            .map(|task| std::fs::read_to_string(task.unwrap().path().join("children")).unwrap_or_default());
        let all = of_threads.fold(children, |all, more| format!("{all} {more}"));
        let called = |id: &&str| {
            let line = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
            line.split(|byte| *byte == 0).nth(1) == Some(command.as_bytes())
        };
        let found = all.split_whitespace().find(called).unwrap();
        rustix::process::Pid::from_raw(found.parse().unwrap()).unwrap()
    }

    /// Ends it, and returns what it has printed and nobody has taken.
    pub(crate) fn stop(mut self) -> Vec<Value> {
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
        assert!(self.child.wait().unwrap().success(), "{}", self.said());
        self.printed.iter().collect()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The journal of a data folder.
pub(crate) fn journal(data: &Path) -> Vec<Value> {
    lines(&kiosk(data, &["log", "list"]).output().unwrap().stdout)
}
