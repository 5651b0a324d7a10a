//! Who is signed in: one person at a time, until they sign out, somebody else signs in, or nothing is touched for a while.
//!
//! Counted by the monotonic clock: setting the time of day signs nobody out and keeps nobody in.

use std::time::{Duration, Instant};

use gate::Role;

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The name they sign in with.
    pub who: String,
    /// What they may do.
    pub role: Role,
    touched: Instant,
}

/// The session of a gate, if there is one.
#[derive(Clone, Debug)]
pub struct Sessions {
    current: Option<Session>,
    idle: Duration,
}

impl Sessions {
    /// Nobody is signed in yet; whoever will be is signed out after `idle` without a touch.
    #[must_use]
    pub fn new(idle: Duration) -> Self {
        Self { current: None, idle }
    }

    /// Somebody signs in. Returns who was signed in until now.
    pub fn begin(&mut self, who: &str, role: Role, now: Instant) -> Option<Session> {
        self.current.replace(Session { who: who.to_owned(), role, touched: now })
    }

    /// Who is signed in. Those who were idle for too long are not, though [`Sessions::end_idle`] has not ended them yet.
    #[must_use]
    pub fn current(&self, now: Instant) -> Option<&Session> {
        self.current.as_ref().filter(|session| now.saturating_duration_since(session.touched) < self.idle)
    }

    /// Somebody did something: they stay signed in.
    pub fn touch(&mut self, now: Instant) {
        if self.current(now).is_some()
            && let Some(session) = &mut self.current
        {
            session.touched = now;
        }
    }

    /// Whoever is signed in signs out.
    pub fn end(&mut self) -> Option<Session> {
        self.current.take()
    }

    /// Ends the session of somebody who was idle for too long, and returns it.
    pub fn end_idle(&mut self, now: Instant) -> Option<Session> {
        if self.current(now).is_some() { None } else { self.current.take() }
    }

    /// How long until the session ends without a touch.
    #[must_use]
    pub fn left(&self, now: Instant) -> Option<Duration> {
        let session = self.current(now)?;
        Some(self.idle.saturating_sub(now.saturating_duration_since(session.touched)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_when_nothing_is_touched() {
        let minute = Duration::from_secs(60);
        let start = Instant::now();
        let mut sessions = Sessions::new(5 * minute);
        assert_eq!(sessions.begin("李", Role::Guard, start), None);
        assert_eq!(sessions.current(start + 4 * minute).unwrap().who, "李");
        sessions.touch(start + 4 * minute);
        assert_eq!(sessions.left(start + 8 * minute), Some(minute));
        assert_eq!(sessions.end_idle(start + 8 * minute), None);
        assert_eq!(sessions.current(start + 9 * minute), None);
        sessions.touch(start + 9 * minute);
        assert_eq!(sessions.current(start + 9 * minute), None, "too late");
        assert_eq!(sessions.end_idle(start + 9 * minute).unwrap().who, "李");
        assert_eq!(sessions.end_idle(start + 9 * minute), None, "once");
        sessions.begin("李", Role::Guard, start);
        assert_eq!(sessions.begin("王", Role::Supervisor, start).unwrap().who, "李");
        assert_eq!(sessions.end().unwrap().role, Role::Supervisor);
        assert_eq!(sessions.current(start), None);
    }
}
