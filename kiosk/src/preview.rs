//! What the camera sees, small and now and then, for whoever aims it.
//!
//! The scan loop hands a frame over only while somebody looks, five times a second, and does no more than make it smaller.
//! A thread that lives as long as there are viewers draws an outline around the code seen last, and encodes one JPEG for all
//! of them. Knows no passes and no HTTP.

use std::io::Cursor;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;
use qr::Frame;
use tokio::sync::watch;

/// Time between two pictures.
const PACE: Duration = Duration::from_millis(200);
/// The longest side of a picture, in pixels: enough to see whether a card is sharp.
const SIDE: usize = 640;
/// How long a code's outline stays after the code was last seen.
const OUTLINE: Duration = Duration::from_millis(800);
/// How often the thread looks whether somebody still looks.
const IDLE: Duration = Duration::from_secs(1);
/// Of JPEG.
const QUALITY: u8 = 70;

/// A code's corners in a frame, in pixels.
pub type Corners = [(f32, f32); 4];

/// The latest picture, as JPEG; none before the first.
pub type Picture = Option<Arc<[u8]>>;

/// The preview, shared by those who see and those who look.
#[derive(Clone, Debug)]
pub struct Preview {
    pictures: watch::Sender<Picture>,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// A small frame that is not encoded yet.
    next: Option<Small>,
    /// When the last one was handed over.
    taken: Option<Instant>,
    /// The outline seen last, in pixels of a small frame.
    outline: Option<(Corners, Instant)>,
    encoding: bool,
}

#[derive(Debug)]
struct Small {
    width: usize,
    height: usize,
    luma: Vec<u8>,
}

impl Default for Preview {
    fn default() -> Self {
        Self { pictures: watch::Sender::new(None), shared: Arc::default() }
    }
}

impl Preview {
    /// Hands a frame over, and the codes seen in it. Costs a comparison while nobody looks.
    pub fn offer(&self, frame: &Frame, codes: &[Corners]) {
        if self.pictures.receiver_count() == 0 {
            return;
        }
        let now = Instant::now();
        let mut state = self.shared.lock();
        let factor = factor(frame);
        if let Some(code) = codes.first() {
            state.outline = Some((code.map(|(x, y)| (x / factor as f32, y / factor as f32)), now));
        }
        if state.taken.is_some_and(|taken| now - taken < PACE) {
            return;
        }
        state.taken = Some(now);
        drop(state);
        let small = shrink(frame, factor);
        self.shared.lock().next = Some(small);
        self.shared.changed.notify_one();
    }

    /// Looks, until the receiver is dropped.
    #[must_use]
    pub fn look(&self) -> watch::Receiver<Picture> {
        let mut state = self.shared.lock();
        let receiver = self.pictures.subscribe();
        if !state.encoding {
            state.encoding = true;
            // What was left over by those who looked before is old.
            state.next = None;
            let _ = self.pictures.send_replace(None);
            let (pictures, shared) = (self.pictures.clone(), Arc::clone(&self.shared));
            std::thread::spawn(move || shared.encode(&pictures));
        }
        receiver
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Encodes what is handed over until nobody looks.
    fn encode(&self, pictures: &watch::Sender<Picture>) {
        let mut state = self.lock();
        while pictures.receiver_count() > 0 {
            let Some(mut small) = state.next.take() else {
                let waited = self.changed.wait_timeout(state, IDLE);
                state = waited.unwrap_or_else(PoisonError::into_inner).0;
                continue;
            };
            let outline = state.outline.filter(|(_, seen)| seen.elapsed() < OUTLINE);
            drop(state);
            if let Some((corners, _)) = outline {
                small.draw(corners);
            }
            if let Some(jpeg) = small.jpeg() {
                let _ = pictures.send_replace(Some(jpeg.into()));
            }
            state = self.lock();
        }
        state.encoding = false;
    }
}

/// By how much a frame is made smaller.
fn factor(frame: &Frame) -> usize {
    frame.width().max(frame.height()).div_ceil(SIDE).max(1)
}

/// Means of squares of `factor` pixels.
fn shrink(frame: &Frame, factor: usize) -> Small {
    let (width, height) = (frame.width() / factor, frame.height() / factor);
    let area = (factor * factor) as u32;
    let mut luma = Vec::with_capacity(width * height);
    let mut sums = vec![0_u32; width];
    for y in 0..height {
        sums.fill(0);
        for row in y * factor..(y + 1) * factor {
            for (sum, pixels) in sums.iter_mut().zip(frame.row(row).chunks_exact(factor)) {
                *sum += pixels.iter().map(|pixel| u32::from(*pixel)).sum::<u32>();
            }
        }
        luma.extend(sums.iter().map(|sum| (sum / area) as u8));
    }
    Small { width, height, luma }
}

impl Small {
    /// A white line within a black one, which shows on any ground.
    fn draw(&mut self, corners: Corners) {
        for (reach, shade) in [(2, 0), (1, 255)] {
            for (number, from) in corners.into_iter().enumerate() {
                self.line(from, corners[(number + 1) % corners.len()], reach, shade);
            }
        }
    }

    fn line(&mut self, from: (f32, f32), to: (f32, f32), reach: i64, shade: u8) {
        let steps = (to.0 - from.0).abs().max((to.1 - from.1).abs()).min(4.0 * SIDE as f32) as usize + 1;
        for step in 0..=steps {
            let share = step as f32 / steps as f32;
            let (x, y) = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
            for away in -reach..=reach {
                self.dot((x as i64).saturating_add(away), y as i64, shade);
                self.dot(x as i64, (y as i64).saturating_add(away), shade);
            }
        }
    }

    fn dot(&mut self, x: i64, y: i64, shade: u8) {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { return };
        if x < self.width
            && let Some(pixel) = self.luma.get_mut(y * self.width + x)
        {
            *pixel = shade;
        }
    }

    fn jpeg(&self) -> Option<Vec<u8>> {
        let (width, height) = (u32::try_from(self.width).ok()?, u32::try_from(self.height).ok()?);
        let mut jpeg = Cursor::new(Vec::new());
        let mut encoder = JpegEncoder::new_with_quality(&mut jpeg, QUALITY);
        encoder.encode(&self.luma, width, height, ExtendedColorType::L8).ok()?;
        Some(jpeg.into_inner())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Offers frames until there is a picture, for longer than any machine needs.
    fn wait(
        preview: &Preview,
        viewer: &mut watch::Receiver<Picture>,
        frame: &Frame,
        codes: &[Corners],
    ) -> Arc<[u8]> {
        let start = Instant::now();
        loop {
            preview.offer(frame, codes);
            if viewer.has_changed().unwrap()
                && let Some(picture) = viewer.borrow_and_update().clone()
            {
                return picture;
            }
            assert!(start.elapsed() < Duration::from_secs(60), "never came");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    #[test]
    fn nothing_is_encoded_while_nobody_looks_and_one_picture_serves_all() {
        let preview = Preview::default();
        let frame = Frame::new(1280, 720, vec![100; 1280 * 720]).unwrap();
        preview.offer(&frame, &[]);
        assert!(preview.shared.lock().taken.is_none());
        let (mut one, other) = (preview.look(), preview.look());
        let picture = wait(&preview, &mut one, &frame, &[]);
        let same = other.borrow().clone().is_some_and(|same| Arc::ptr_eq(&same, &picture));
        assert!(same || other.has_changed().unwrap());
        let shown = crate::frames::picture::decode(&picture).unwrap();
        assert_eq!((shown.width(), shown.height()), (640, 360));
        assert!(shown.luma().iter().all(|pixel| pixel.abs_diff(100) < 4));
        drop((one, other));
        let start = Instant::now();
        while preview.shared.lock().encoding {
            assert!(start.elapsed() < Duration::from_secs(60), "it goes on for nobody");
            std::thread::sleep(Duration::from_millis(20));
        }
        // And it begins again.
        let mut late = preview.look();
        let _ = wait(&preview, &mut late, &frame, &[]);
    }

    #[test]
    fn a_code_is_outlined_wherever_it_is() {
        let frame = Frame::new(320, 240, vec![100; 320 * 240]).unwrap();
        // Corners from anywhere are drawn as far as they can be.
        shrink(&frame, 1).draw([(-900.0, 50.0), (f32::NAN, 50.0), (1e30, 150.0), (50.0, -1e9)]);
        let preview = Preview::default();
        let mut viewer = preview.look();
        let corners = [(50.0, 50.0), (150.0, 50.0), (150.0, 150.0), (50.0, 150.0)];
        let picture = wait(&preview, &mut viewer, &frame, &[corners]);
        let shown = crate::frames::picture::decode(&picture).unwrap();
        assert!(shown.row(50)[100] > 200 && shown.row(100)[100] < 120);
    }
}
