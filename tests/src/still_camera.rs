//! A camera on the network that shows one picture until it is given another: what a gate sees is up to its test.
//!
//! It answers every request with the picture as JPEG, as such cameras do.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};
use qr::Frame;

/// The camera; it is gone from the network when it is dropped.
#[derive(Debug)]
pub struct StillCamera {
    address: SocketAddr,
    picture: Arc<Mutex<Vec<u8>>>,
    gone: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl StillCamera {
    /// A camera that shows this.
    ///
    /// # Panics
    /// When there is no port for it.
    #[must_use]
    pub fn showing(frame: &Frame) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
        let address = listener.local_addr().expect("it listens");
        let (picture, gone) = (Arc::new(Mutex::new(jpeg(frame))), Arc::new(AtomicBool::new(false)));
        let (pictures, ended) = (Arc::clone(&picture), Arc::clone(&gone));
        let thread = std::thread::spawn(move || {
            for caller in listener.incoming() {
                if ended.load(Ordering::Relaxed) {
                    return;
                }
                let picture = pictures.lock().unwrap_or_else(PoisonError::into_inner).clone();
                // Whoever hangs up asks again.
                let _ = caller.and_then(|caller| answer(caller, &picture));
            }
        });
        Self { address, picture, gone, thread: Some(thread) }
    }

    /// Shows this from now on.
    ///
    /// # Panics
    /// Never: every frame can be encoded.
    pub fn show(&self, frame: &Frame) {
        *self.picture.lock().unwrap_or_else(PoisonError::into_inner) = jpeg(frame);
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/still.jpg", self.address)
    }
}

impl Drop for StillCamera {
    fn drop(&mut self) {
        self.gone.store(true, Ordering::Relaxed);
        // Wakes the thread, so that it sees that.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn answer(caller: TcpStream, picture: &[u8]) -> std::io::Result<()> {
    let mut reader = BufReader::new(caller);
    let mut line = String::new();
    while reader.read_line(&mut line)? > 2 {
        line.clear();
    }
    let length = picture.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    let mut caller = reader.into_inner();
    caller.write_all(head.as_bytes())?;
    caller.write_all(picture)
}

fn jpeg(frame: &Frame) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (width, height) = (frame.width() as u32, frame.height() as u32);
    JpegEncoder::new_with_quality(&mut bytes, 90)
        .write_image(frame.luma(), width, height, ExtendedColorType::L8)
        .expect("a frame is a picture");
    bytes
}
