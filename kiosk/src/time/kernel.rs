//! The clock of the machine: its time of day, how long it has been running, and whether NTP keeps it right.

use std::time::Duration;

use pass::{Clock, SystemClock, Timestamp, Uptime};

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct MachineClock;

impl Clock for MachineClock {
    fn now(&self) -> Timestamp {
        SystemClock.now()
    }

    fn uptime(&self) -> Uptime {
        uptime().unwrap_or_else(|| SystemClock.uptime())
    }

    fn is_synchronised(&self) -> bool {
        is_synchronised()
    }
}

/// By Linux: the random id of this start, and the clock that also counts while the machine sleeps.
#[cfg(target_os = "linux")]
fn uptime() -> Option<Uptime> {
    let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let id: String = id.trim_end().split('-').collect();
    let boot = u128::from_str_radix(&id, 16).ok()?.to_be_bytes();
    let at = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    let running = Duration::new(u64::try_from(at.tv_sec).ok()?, u32::try_from(at.tv_nsec).ok()?);
    Some(Uptime { boot, running })
}

#[cfg(not(target_os = "linux"))]
fn uptime() -> Option<Uptime> {
    None
}

/// What the kernel was told by whoever disciplines its clock: every NTP client does, and setting the clock by hand takes it back
/// (adjtimex(2), `STA_UNSYNC`).
#[cfg(target_os = "linux")]
fn is_synchronised() -> bool {
    // All zeros asks and changes nothing.
    #[expect(unsafe_code, reason = "no safe crate of ours wraps adjtimex")]
    // SAFETY: `timex` is plain numbers, for which zeros are valid, and the call writes into it alone.
    let (state, status) = unsafe {
        let mut about: libc::timex = std::mem::zeroed();
        (libc::adjtimex(&raw mut about), about.status)
    };
    state >= 0 && state != libc::TIME_ERROR && status & libc::STA_UNSYNC == 0
}

#[cfg(not(target_os = "linux"))]
fn is_synchronised() -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machine_has_been_running_for_a_while() {
        let first = MachineClock.uptime();
        std::thread::sleep(Duration::from_millis(5));
        let second = MachineClock.uptime();
        assert_eq!(first.boot, second.boot);
        assert!(second.running > first.running);
        assert!(second.since(first).is_some());
    }
}
