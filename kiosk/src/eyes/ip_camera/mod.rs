//! A camera on the network: its MJPEG stream, or its still picture asked for again and again. Which one, its answer says.
//!
//! The newest picture wins: what has piled up while one was decoded is passed over. A camera that stalls, sends garbage or
//! goes is asked again, later and later, and not by all gates at the same moment.

mod multipart;

use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::{Method, Response, header};
use qr::Frame;
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

use super::inbox::Post;
use crate::frames::picture;
use crate::http::{Address, Device};
use multipart::{MAX_PICTURE, Parts};

/// No picture that can be used for so long means that the camera is lost.
const PATIENCE: Duration = Duration::from_secs(8);
/// Stills are asked for at most this often: 15 a second, as of a camera of this machine.
const STILLS: Duration = Duration::from_millis(66);
/// However fast pictures come, one is looked at this often.
const LOOK: Duration = Duration::from_millis(100);
/// The pauses before a camera is asked again, from the first to the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(15));

/// Watches a camera until the gate closes.
pub(super) fn watch(address: &Address, post: &Post) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(why) => return post.lost(why.to_string()),
    };
    let mut device = Device::at(address.clone());
    let mut pause = PAUSES.0;
    while !post.closed() {
        let mut camera = Camera { post, seen: Instant::now(), saw: false, problem: None };
        let why = runtime.block_on(async {
            tokio::select! {
                why = camera.look(&mut device) => Some(why),
                () = closed(post) => None,
            }
        });
        let Some(why) = why else { return };
        post.lost(format!("{address}: {why}"));
        pause = if camera.saw { PAUSES.0 } else { (pause * 2).min(PAUSES.1) };
        let [chance] = pass::random::bytes();
        post.pause(pause / 2 + pause * u32::from(chance) / 510);
    }
}

/// Until the gate closes.
async fn closed(post: &Post) {
    while !post.closed() {
        sleep(Duration::from_millis(100)).await;
    }
}

/// A camera that is being asked.
struct Camera<'a> {
    post: &'a Post,
    /// When the last picture was seen, or the camera was first asked.
    seen: Instant,
    /// Whether any was.
    saw: bool,
    /// What was wrong with the last picture that could not be used.
    problem: Option<String>,
}

impl Camera<'_> {
    /// Looks until the camera is lost, and returns why.
    async fn look(&mut self, device: &mut Device) -> String {
        loop {
            let next = Instant::now() + STILLS;
            let answer = match timeout_at(self.deadline(), device.ask(&Method::GET)).await {
                Ok(Ok(answer)) => answer,
                Ok(Err(why)) => return why.to_string(),
                Err(_) => return self.late(),
            };
            let content =
                answer.headers().get(header::CONTENT_TYPE).and_then(|content| content.to_str().ok());
            let content = content.unwrap_or_default().to_owned();
            match Parts::of_type(&content) {
                Ok(Some(parts)) => return self.stream(answer, parts).await,
                Ok(None) if content.to_ascii_lowercase().starts_with("image/") => {}
                Ok(None) => return format!("it sends no picture, but {content:?}"),
                Err(why) => return why.to_string(),
            }
            match timeout_at(self.deadline(), still(answer)).await {
                Ok(Ok(bytes)) => self.show(&bytes),
                Ok(Err(why)) => return why,
                Err(_) => return self.late(),
            }
            sleep_until(next).await;
        }
    }

    async fn stream(&mut self, mut answer: Response<Incoming>, mut parts: Parts) -> String {
        let mut newest = None;
        let mut looked = Instant::now();
        loop {
            let piece = match newest {
                None => match timeout_at(self.deadline(), answer.frame()).await {
                    Ok(piece) => Some(piece),
                    Err(_) => return self.late(),
                },
                Some(_) if looked.elapsed() > LOOK => None,
                // Whatever has come meanwhile may be newer.
                Some(_) => tokio::select! {
                    biased;
                    piece = answer.frame() => Some(piece),
                    () = yielded() => None,
                },
            };
            match piece {
                None => {
                    newest.take().into_iter().for_each(|picture: Vec<u8>| self.show(&picture));
                    looked = Instant::now();
                }
                Some(None) => return "its stream has ended".to_owned(),
                Some(Some(Err(why))) => return why.to_string(),
                Some(Some(Ok(piece))) => parts.push(piece.data_ref().map_or(&[], |data| data)),
            }
            loop {
                match parts.next() {
                    Ok(Some(picture)) => newest = Some(picture),
                    Ok(None) if parts.ended() && newest.is_none() => {
                        return "its stream has ended".to_owned();
                    }
                    Ok(None) => break,
                    Err(why) => return why.to_string(),
                }
            }
        }
    }

    /// Takes a picture as it came.
    fn show(&mut self, bytes: &[u8]) {
        match decode(bytes) {
            Ok(frame) => {
                self.post.frame(frame);
                self.seen = Instant::now();
                self.saw = true;
            }
            Err(why) => self.problem = Some(why),
        }
    }

    fn deadline(&self) -> Instant {
        self.seen + PATIENCE
    }

    fn late(&self) -> String {
        let problem = self.problem.iter().map(|problem| format!("; the last one: {problem}"));
        format!(
            "no picture that can be read for {} seconds{}",
            PATIENCE.as_secs(),
            problem.collect::<String>()
        )
    }
}

/// The bytes of a still picture.
async fn still(mut answer: Response<Incoming>) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    while let Some(piece) = answer.frame().await {
        let piece = piece.map_err(|why| why.to_string())?;
        bytes.extend_from_slice(piece.data_ref().map_or(&[], |data| data));
        if bytes.len() > MAX_PICTURE {
            return Err("its picture is too large".to_owned());
        }
    }
    Ok(bytes)
}

/// Once everything that was ready has been done.
async fn yielded() {
    tokio::task::yield_now().await;
    tokio::task::yield_now().await;
}

/// Only JPEG is what cameras send.
fn decode(bytes: &[u8]) -> Result<Frame, String> {
    if !bytes.starts_with(&[0xFF, 0xD8]) {
        return Err("it is no JPEG".to_owned());
    }
    picture::decode(bytes)
}
