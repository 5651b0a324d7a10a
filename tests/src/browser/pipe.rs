//! The DevTools protocol over two pipes: calls with their answers, and what pages complain of meanwhile.
//!
//! Pipes need no port, nobody else can talk into them, and Chromium ends by itself when its tests are gone and the pipe is
//! closed. Messages are JSON, each ended by a zero byte (Chromium's `--remote-debugging-pipe`). Knows no page.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{ChildStdin, ChildStdout};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

/// The longest that any answer takes, on a machine that is busy with everything else.
pub(super) const LONG: Duration = Duration::from_secs(60);

/// What Chromium sends without being asked, of which every page must be free: scripts that failed, and what its log calls an
/// error, which is what a content security policy refuses as well. Not what the network does: programs are stopped on purpose.
const COMPLAINTS: [&str; 2] = ["Runtime.exceptionThrown", "Log.entryAdded"];

/// A connection to a running Chromium.
#[derive(Debug)]
pub(super) struct Pipe {
    input: Mutex<ChildStdin>,
    next: AtomicU64,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug, Default)]
struct Shared {
    /// Who waits for which answer.
    waiting: HashMap<u64, SyncSender<Value>>,
    /// What was complained of, by session.
    complaints: HashMap<String, Vec<String>>,
    /// Nothing more will come.
    closed: bool,
}

impl Pipe {
    /// Speaks into `input`, and reads `output` on a thread that ends with it.
    pub(super) fn new(input: ChildStdin, output: ChildStdout) -> Self {
        let shared = Arc::new(Mutex::new(Shared::default()));
        let inner = Arc::clone(&shared);
        std::thread::spawn(move || {
            for message in BufReader::new(output).split(0).map_while(Result::ok) {
                let message = serde_json::from_slice(&message).expect("Chromium sends JSON");
                lock(&inner).take_in(message);
            }
            let mut shared = lock(&inner);
            shared.closed = true;
            // Whoever waits learns that there is no answer.
            shared.waiting.clear();
        });
        Self { input: Mutex::new(input), next: AtomicU64::new(1), shared }
    }

    /// Calls a method of this session (of the browser itself without one), and waits for its result.
    ///
    /// # Errors
    /// What the protocol says is wrong, or that no answer comes any more.
    pub(super) fn call(&self, session: Option<&str>, method: &str, params: &Value) -> Result<Value, String> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (send, receive) = sync_channel(1);
        {
            let mut shared = lock(&self.shared);
            if shared.closed {
                return Err(format!("{method}: Chromium has ended"));
            }
            shared.waiting.insert(id, send);
        }
        let mut message = json!({ "id": id, "method": method, "params": params });
        if let Some(session) = session {
            message["sessionId"] = session.into();
        }
        let message = format!("{message}\0");
        let written = lock(&self.input).write_all(message.as_bytes());
        written.map_err(|why| format!("{method}: {why}"))?;
        let mut answer = receive.recv_timeout(LONG).map_err(|why| format!("{method}: no answer ({why})"))?;
        match &answer["error"] {
            Value::Null => Ok(answer["result"].take()),
            error => Err(format!("{method}: {error}")),
        }
    }

    /// What this session's page complained of; it is told once.
    pub(super) fn complaints(&self, session: &str) -> Vec<String> {
        lock(&self.shared).complaints.remove(session).unwrap_or_default()
    }
}

impl Shared {
    fn take_in(&mut self, message: Value) {
        if let Some(id) = message["id"].as_u64() {
            // One that gave up waiting has panicked, and has said so.
            if let Some(waiting) = self.waiting.remove(&id) {
                let _ = waiting.send(message);
            }
            return;
        }
        let (method, session) = (message["method"].as_str(), message["sessionId"].as_str());
        let (Some(method), Some(session)) = (method, session) else { return };
        let entry = &message["params"]["entry"];
        let harmless =
            method == "Log.entryAdded" && (entry["level"] != "error" || entry["source"] == "network");
        if COMPLAINTS.contains(&method) && !harmless {
            self.complaints.entry(session.to_owned()).or_default().push(message["params"].to_string());
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
