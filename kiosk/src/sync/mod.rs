//! Talking to the office: a gate enrols, hands over what it has logged, and takes what it is told, whenever there is a network.
//!
//! Two threads of their own, so that scanning never waits for a network: one brings events up as they happen, one waits at the office
//! for whatever is new. Between them and the scan loop stands [`Link`]. Knows no camera and no rule.

mod client;
mod down;
mod enrol;
mod now;
mod others;
mod report;
mod up;

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use gate::Event;
use protocol::{Invitation, Stand};

use crate::held::Held;
use crate::screen::Screen;
pub use enrol::{EnrolProblem, enrol};
pub use now::{Exchanged, NotExchanged, exchange};
pub(crate) use others::Others;
pub(crate) use report::next_number;

/// The first pause after a failure; each after it is twice as long, up to [`LONGEST`].
const PAUSE: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(60);

/// Whether the office is reached, as the screen shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Reached {
    /// The gate was never enrolled: it has nobody to reach.
    #[default]
    Alone,
    /// It has not tried yet.
    NotYet,
    /// The office answers.
    Online,
    /// The office does not answer.
    Offline {
        /// What a program says of it.
        why: String,
    },
    /// The gate enrols just now.
    Enrolling,
    /// The gate could not be enrolled.
    Refused(EnrolProblem),
}

/// What scan loop and network tell each other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Link(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    shared: Mutex<Shared>,
    /// The journal has grown, somebody was invited, or it is over.
    woken: Condvar,
}

#[derive(Debug, Default)]
struct Shared {
    tip: Option<Stand>,
    others: Vec<Event>,
    invitation: Option<Invitation>,
    /// The invitation that was tried last, and when: a code before the camera comes with every frame.
    tried: Option<(Invitation, Instant)>,
    ended: bool,
}

/// A code that failed is tried again after so long.
const TRIED: Duration = Duration::from_secs(10);

impl Link {
    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.0.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How far the gate's journal goes now; none while it can't be read.
    pub(crate) fn set_tip(&self, tip: Option<Stand>) {
        let mut shared = self.shared();
        if shared.tip != tip {
            shared.tip = tip;
            self.0.woken.notify_all();
        }
    }

    /// Events of other gates that have come since this was last asked.
    pub(crate) fn take_others(&self) -> Vec<Event> {
        std::mem::take(&mut self.shared().others)
    }

    /// Somebody shows or types an invitation.
    pub(crate) fn invite(&self, invitation: Invitation) {
        let mut shared = self.shared();
        let lately = |(tried, at): &(Invitation, Instant)| *tried == invitation && at.elapsed() < TRIED;
        if shared.invitation.is_none() && !shared.tried.as_ref().is_some_and(lately) {
            shared.invitation = Some(invitation);
            self.0.woken.notify_all();
        }
    }

    /// It is over: threads that wait for something end.
    pub(crate) fn end(&self) {
        self.shared().ended = true;
        self.0.woken.notify_all();
    }

    fn tip(&self) -> Option<Stand> {
        self.shared().tip
    }

    fn add_others(&self, events: Vec<Event>) {
        self.shared().others.extend(events);
    }

    /// Takes the invitation that waits.
    fn invitation(&self) -> Option<Invitation> {
        let mut shared = self.shared();
        let invitation = shared.invitation.take()?;
        shared.tried = Some((invitation.clone(), Instant::now()));
        Some(invitation)
    }

    /// Waits until `done` says so, at most so long. Returns whether it goes on at all.
    fn wait(&self, most: Duration, mut done: impl FnMut(&Shared) -> bool) -> bool {
        let until = Instant::now() + most;
        let mut shared = self.shared();
        while !shared.ended && !done(&shared) {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            shared = self.0.woken.wait_timeout(shared, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        !shared.ended
    }
}

/// What both threads work with.
#[derive(Clone)]
struct Both {
    held: Held,
    link: Link,
    screen: Screen,
}

impl Both {
    fn reporter(&self) -> report::Reporter {
        let screen = self.screen.clone();
        report::Reporter::new(&self.held, &self.link, move || screen.reading())
    }
}

/// Starts to talk to the office, for as long as the link is not ended.
pub(crate) fn start(held: &Held, link: &Link, screen: &Screen) {
    let both = Both { held: held.clone(), link: link.clone(), screen: screen.clone() };
    let up = both.clone();
    std::thread::spawn(move || down::run(&both));
    std::thread::spawn(move || up::run(&up));
}

/// The pause after so many failures in a row, never the same for two gates: an office that comes back is not run over.
fn pause(failures: u32) -> Duration {
    let longest = PAUSE.saturating_mul(1 << failures.min(10).saturating_sub(1)).min(LONGEST);
    let [share] = pass::random::bytes::<1>();
    longest.mul_f64(0.5 + f64::from(share) / 510.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_differ() {
        let all: Vec<Duration> = (1..20).map(pause).collect();
        assert!(all[0] >= PAUSE / 2 && all[0] <= PAUSE);
        assert!(all[18] >= LONGEST / 2 && all[18] <= LONGEST);
        let ones: std::collections::BTreeSet<Duration> = (0..64).map(|_| pause(9)).collect();
        assert!(ones.len() > 1, "64 gates would come at once");
    }

    #[test]
    fn an_invitation_that_stays_before_the_camera_is_tried_once() {
        let link = Link::default();
        let invitation = Invitation { code: protocol::EnrolCode::generate(), address: "http://a".into() };
        link.invite(invitation.clone());
        assert_eq!(link.invitation(), Some(invitation.clone()));
        link.invite(invitation);
        assert_eq!(link.invitation(), None);
        let other = Invitation { code: protocol::EnrolCode::generate(), address: "http://a".into() };
        link.invite(other.clone());
        assert_eq!(link.invitation(), Some(other));
    }
}
