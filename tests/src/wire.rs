//! A line between gates and their office that can be cut, slowed and made to lose connections; and that remembers what was asked
//! over it.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A line; it is cut for good when it is dropped.
#[derive(Debug)]
pub struct Wire {
    address: String,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    to: Mutex<String>,
    cut: AtomicBool,
    over: AtomicBool,
    /// Milliseconds for each piece, either way.
    slow: AtomicU64,
    /// One of so many pieces ends its connection; nought for none.
    lossy: AtomicU64,
    /// So many pieces of answers still come through.
    answers: AtomicU64,
    pieces: AtomicU64,
    streams: Mutex<Vec<TcpStream>>,
    asked: Mutex<Vec<Vec<u8>>>,
}

impl Wire {
    /// A line to this address: `http://127.0.0.1:PORT`.
    ///
    /// # Panics
    /// When no port is free.
    #[must_use]
    pub fn to(address: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let port = listener.local_addr().expect("it is bound").port();
        let shared = Arc::new(Shared {
            to: Mutex::new(host(address)),
            cut: AtomicBool::new(false),
            over: AtomicBool::new(false),
            slow: AtomicU64::new(0),
            lossy: AtomicU64::new(0),
            answers: AtomicU64::new(u64::MAX),
            pieces: AtomicU64::new(0),
            streams: Mutex::default(),
            asked: Mutex::default(),
        });
        let inner = Arc::clone(&shared);
        std::thread::spawn(move || {
            for near in listener.incoming() {
                if inner.over.load(Ordering::Relaxed) {
                    return;
                }
                if let Ok(near) = near
                    && !inner.cut.load(Ordering::Relaxed)
                {
                    carry(&inner, near);
                }
            }
        });
        Self { address: format!("http://127.0.0.1:{port}"), shared }
    }

    /// Where this end of it is.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Leads to another address from now on: the office has moved, or was started anew.
    pub fn lead_to(&self, address: &str) {
        *lock(&self.shared.to) = host(address);
    }

    /// Cuts it, with every connection that goes over it.
    pub fn cut(&self) {
        self.shared.cut.store(true, Ordering::Relaxed);
        for stream in lock(&self.shared.streams).drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Mends it.
    pub fn mend(&self) {
        self.shared.cut.store(false, Ordering::Relaxed);
    }

    /// Makes it slow, by so many milliseconds for each piece, and loses a connection with one of so many pieces.
    pub fn spoil(&self, slow: u64, lossy: u64) {
        self.shared.slow.store(slow, Ordering::Relaxed);
        self.shared.lossy.store(lossy, Ordering::Relaxed);
    }

    /// After so many more pieces of answers the rest is lost: what was asked arrives, and nobody hears what became of it. None for a
    /// line that loses none.
    pub fn deafen(&self, after: Option<u64>) {
        self.shared.answers.store(after.unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// The whole requests that were asked over it, as they were written.
    ///
    /// # Panics
    /// When one of them does not say how long it is.
    #[must_use]
    pub fn asked(&self) -> Vec<Vec<u8>> {
        let mut requests = Vec::new();
        for bytes in lock(&self.shared.asked).iter() {
            let mut rest = &bytes[..];
            while let Some(head) = rest.windows(4).position(|it| it == b"\r\n\r\n") {
                let text = String::from_utf8_lossy(&rest[..head]).to_lowercase();
                let length = text
                    .lines()
                    .find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
                let end = head + 4 + length.expect("every request says how long it is");
                let Some(request) = rest.get(..end) else { break };
                requests.push(request.to_vec());
                rest = &rest[end..];
            }
        }
        requests
    }
}

impl Shared {
    /// Whether this piece of an answer is lost.
    fn is_lost(&self) -> bool {
        let counted = self.answers.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| match left {
            u64::MAX => Some(u64::MAX),
            left => left.checked_sub(1),
        });
        counted.is_err()
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Relaxed);
        self.cut();
        // It waits for a connection.
        let _ = TcpStream::connect(self.address.trim_start_matches("http://"));
    }
}

/// Sends a request as it is to this address, and returns the first line that comes back; nothing when nobody answers.
#[must_use]
pub fn ask(address: &str, request: &[u8]) -> String {
    let Ok(mut stream) = TcpStream::connect(host(address)) else { return String::new() };
    let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
    let _ = stream.write_all(request);
    let mut answer = [0; 4096];
    let length = stream.read(&mut answer).unwrap_or_default();
    String::from_utf8_lossy(&answer[..length]).lines().next().unwrap_or_default().to_owned()
}

fn host(address: &str) -> String {
    address.trim_start_matches("http://").trim_end_matches('/').to_owned()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn carry(shared: &Arc<Shared>, near: TcpStream) {
    let to = lock(&shared.to).clone();
    // An office that is down: the gate finds its connection closed.
    let Ok(far) = TcpStream::connect(to) else { return };
    let copies = |stream: &TcpStream| (stream.try_clone().ok(), stream.try_clone().ok());
    let ((Some(near_in), Some(near_kept)), (Some(far_in), Some(far_kept))) = (copies(&near), copies(&far))
    else {
        return;
    };
    lock(&shared.streams).extend([near_kept, far_kept]);
    let (up, down) = (Arc::clone(shared), Arc::clone(shared));
    std::thread::spawn(move || copy(&up, near_in, far, true));
    std::thread::spawn(move || copy(&down, far_in, near, false));
}

fn copy(shared: &Shared, mut from: TcpStream, mut to: TcpStream, is_asked: bool) {
    let mut piece = [0; 16 << 10];
    let mut asked = Vec::new();
    while let Ok(length @ 1..) = from.read(&mut piece) {
        let slow = shared.slow.load(Ordering::Relaxed);
        if slow > 0 {
            std::thread::sleep(Duration::from_millis(slow));
        }
        let lossy = shared.lossy.load(Ordering::Relaxed);
        let count = shared.pieces.fetch_add(1, Ordering::Relaxed) + 1;
        if shared.cut.load(Ordering::Relaxed) || lossy > 0 && count.is_multiple_of(lossy) {
            break;
        }
        if !is_asked && shared.is_lost() {
            break;
        }
        if is_asked {
            asked.extend_from_slice(&piece[..length]);
        }
        if to.write_all(&piece[..length]).is_err() {
            break;
        }
    }
    if !asked.is_empty() {
        lock(&shared.asked).push(asked);
    }
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}
