//! A program that serves pages, running in a process of its own until it is dropped.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

/// A kiosk or an issuer at work; it is killed when it is dropped.
#[derive(Debug)]
pub struct AtWork {
    child: Child,
    address: String,
    said: Arc<Mutex<String>>,
    listener: Option<JoinHandle<()>>,
}

impl AtWork {
    /// Starts a program and waits until it says at which address its pages are.
    ///
    /// # Panics
    /// When it ends before it says so; with all it said.
    #[must_use]
    pub fn start(mut command: Command) -> Self {
        let (reader, writer) = std::io::pipe().expect("there is room for a pipe");
        let errors = writer.try_clone().expect("there is room for a pipe");
        command.stdin(Stdio::null()).stdout(writer).stderr(errors);
        let mut child = command.spawn().unwrap_or_else(|why| panic!("can't start {command:?}: {why}"));
        // It holds the ends to write into, and would keep them open.
        drop(command);
        let mut output = BufReader::new(reader);
        let mut said = String::new();
        let address = loop {
            let from = said.len();
            let read = output.read_line(&mut said).expect("our programs speak UTF-8");
            if read == 0 {
                let status = child.wait().expect("a child can be waited for");
                panic!("{status}\n{said}");
            }
            let named = ["http://127.0.0.1:", "https://127.0.0.1:"];
            if let Some(at) = named.iter().find_map(|named| said[from..].find(named)) {
                let address = said[from + at..].split_whitespace().next().unwrap_or_default();
                break address.trim_end_matches('/').to_owned();
            }
        };
        let said = Arc::new(Mutex::new(said));
        let inner = Arc::clone(&said);
        // Whoever does not read holds up who writes.
        let listener = std::thread::spawn(move || {
            let mut piece = [0; 4096];
            while let Ok(length @ 1..) = output.read(&mut piece) {
                let mut said = inner.lock().unwrap_or_else(PoisonError::into_inner);
                said.push_str(&String::from_utf8_lossy(&piece[..length]));
            }
        });
        Self { child, address, said, listener: Some(listener) }
    }

    /// A page of it, by its path.
    #[must_use]
    pub fn page(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// The address of its pages: host and port.
    #[must_use]
    pub fn host(&self) -> &str {
        self.address.split_once("://").map_or("", |(_, host)| host)
    }

    /// What it said until now, on both of its outputs.
    #[must_use]
    pub fn said(&self) -> String {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sends it a signal.
    ///
    /// # Panics
    /// When it has ended.
    pub fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, signal).expect("it is there");
    }

    /// Asks it to end, as a service manager does, and waits until it has.
    ///
    /// # Panics
    /// When it fails; with all it said.
    pub fn end(self) {
        self.signal(rustix::process::Signal::TERM);
        let _ = self.wait_for_its_end();
    }

    /// Waits until it has ended, as it was asked to. Returns all it said.
    ///
    /// # Panics
    /// When it fails; with all it said.
    pub fn wait_for_its_end(mut self) -> String {
        let status = self.child.wait().expect("a child can be waited for");
        if let Some(listener) = self.listener.take() {
            let _ = listener.join();
        }
        let said = self.said();
        assert!(status.success(), "{status}\n{said}");
        said
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(listener) = self.listener.take() {
            let _ = listener.join();
        }
        if std::thread::panicking() {
            eprintln!("{}", self.said.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }
}
