//! Where the eyes of a gate leave what they see, each on its own thread, for the one scan loop.
//!
//! Of each camera only the newest frame is kept: nothing queues. Texts of hand scanners are kept in order and never
//! dropped: a scanner's thread waits when the scan loop is that far behind.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use qr::Frame;

use crate::frames::Health;

/// Texts that wait at most. A hand scans two a second, a judgement takes some milliseconds.
const TEXTS: usize = 64;

/// What the eyes have left.
#[derive(Clone, Debug)]
pub(super) struct Inbox {
    shared: Arc<Shared>,
    started: Instant,
}

/// Where one eye leaves what it sees.
#[derive(Clone, Debug)]
pub(super) struct Post {
    inbox: Inbox,
    eye: usize,
}

/// Something that was left.
#[derive(Debug)]
pub(super) enum Letter {
    Text(String, Duration),
    Frame(Frame, Duration, usize),
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    texts: VecDeque<(String, Duration)>,
    /// The newest frame of each eye that nobody has taken.
    frames: Vec<Option<(Frame, Duration)>>,
    health: Vec<Health>,
    /// The eye whose frame is taken next, so that no camera starves another.
    turn: usize,
    closed: bool,
}

impl Inbox {
    pub(super) fn new(eyes: usize) -> Self {
        let state = State {
            frames: (0..eyes).map(|_| None).collect(),
            health: vec![Health::Starting; eyes],
            ..State::default()
        };
        let shared = Shared { state: Mutex::new(state), changed: Condvar::new() };
        Self { shared: Arc::new(shared), started: Instant::now() }
    }

    pub(super) fn post(&self, eye: usize) -> Post {
        Post { inbox: self.clone(), eye }
    }

    /// When times in it begin.
    pub(super) fn started(&self) -> Instant {
        self.started
    }

    /// What was left first, if anything comes within `wait`. Texts come before frames: somebody has pulled a trigger.
    pub(super) fn next(&self, wait: Duration) -> Option<Letter> {
        let state = self.shared.lock();
        let empty = |state: &mut State| state.texts.is_empty() && state.frames.iter().all(Option::is_none);
        let waited = self.shared.changed.wait_timeout_while(state, wait, empty);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if let Some((text, at)) = state.texts.pop_front() {
            self.shared.changed.notify_all();
            return Some(Letter::Text(text, at));
        }
        let eyes = state.frames.len();
        let turn = state.turn;
        let eye = (0..eyes).map(|step| (turn + step) % eyes).find(|eye| state.frames[*eye].is_some())?;
        state.turn = (eye + 1) % eyes;
        state.frames[eye].take().map(|(frame, at)| Letter::Frame(frame, at, eye))
    }

    /// How the eyes do.
    pub(super) fn health(&self) -> Vec<Health> {
        self.shared.lock().health.clone()
    }

    /// Tells every eye to end.
    pub(super) fn close(&self) {
        self.shared.lock().closed = true;
        self.shared.changed.notify_all();
    }
}

impl Post {
    /// Leaves a text; waits while too many are there.
    pub(super) fn text(&self, text: String) {
        let shared = &self.inbox.shared;
        let full = |state: &mut State| state.texts.len() >= TEXTS && !state.closed;
        let waited = shared.changed.wait_while(shared.lock(), full);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        state.texts.push_back((text, self.inbox.started.elapsed()));
        shared.changed.notify_all();
    }

    /// Leaves a frame in the place of the last one.
    pub(super) fn frame(&self, frame: Frame) {
        let mut state = self.inbox.shared.lock();
        state.frames[self.eye] = Some((frame, self.inbox.started.elapsed()));
        state.health[self.eye] = Health::Seeing;
        self.inbox.shared.changed.notify_all();
    }

    /// Tells how the eye does. What is lost leaves no old frame behind.
    pub(super) fn health(&self, health: Health) {
        let mut state = self.inbox.shared.lock();
        if matches!(health, Health::Lost { .. }) {
            state.frames[self.eye] = None;
        }
        state.health[self.eye] = health;
    }

    /// Tells that the eye is lost, on the screen and once in the log. It goes on trying.
    pub(super) fn lost(&self, why: String) {
        let lost = Health::Lost { why };
        if self.inbox.shared.lock().health[self.eye] != lost {
            tracing::warn!(eye = self.eye, ?lost, "an eye is lost; trying again");
        }
        self.health(lost);
    }

    /// Whether the eye is to end.
    pub(super) fn closed(&self) -> bool {
        self.inbox.shared.lock().closed
    }

    /// Sleeps, but no longer than the gate is open.
    pub(super) fn pause(&self, pause: Duration) {
        let shared = &self.inbox.shared;
        let slept = shared.changed.wait_timeout_while(shared.lock(), pause, |state| !state.closed);
        drop(slept.unwrap_or_else(PoisonError::into_inner));
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO_TIME: Duration = Duration::ZERO;

    fn frame(value: u8) -> Frame {
        Frame::new(1, 1, vec![value]).unwrap()
    }

    fn taken(inbox: &Inbox) -> Option<String> {
        inbox.next(NO_TIME).map(|letter| match letter {
            Letter::Text(text, _) => text,
            Letter::Frame(frame, ..) => frame.luma()[0].to_string(),
        })
    }

    #[test]
    fn the_newest_frame_of_each_eye_and_every_text() {
        let inbox = Inbox::new(3);
        let (left, right, hand) = (inbox.post(0), inbox.post(1), inbox.post(2));
        for value in 1..=5 {
            left.frame(frame(value));
            right.frame(frame(10 + value));
            hand.text(format!("text {value}"));
        }
        let order: Vec<String> = std::iter::from_fn(|| taken(&inbox)).collect();
        assert_eq!(order, ["text 1", "text 2", "text 3", "text 4", "text 5", "5", "15"]);
        // The right eye is not starved by the left one.
        left.frame(frame(6));
        right.frame(frame(16));
        assert_eq!(taken(&inbox).as_deref(), Some("6"));
        left.frame(frame(7));
        assert_eq!(taken(&inbox).as_deref(), Some("16"));
        left.health(Health::Lost { why: "unplugged".into() });
        assert_eq!(taken(&inbox), None, "a frame of a lost camera is old");
        assert_eq!(inbox.health()[1], Health::Seeing);
    }

    #[test]
    fn a_scanner_that_is_faster_than_the_loop_waits_and_loses_nothing() {
        let inbox = Inbox::new(1);
        let post = inbox.post(0);
        let many = 10 * TEXTS;
        let scanner = std::thread::spawn(move || (0..many).for_each(|text| post.text(text.to_string())));
        for wanted in 0..many {
            let letter = inbox.next(Duration::from_secs(60));
            assert!(matches!(letter, Some(Letter::Text(text, _)) if text == wanted.to_string()));
        }
        scanner.join().unwrap();
        // One that waits at the end is let go.
        let post = inbox.post(0);
        let scanner = std::thread::spawn(move || (0..many).for_each(|text| post.text(text.to_string())));
        inbox.close();
        scanner.join().unwrap();
    }
}
