//! The process that keeps the barrier: a setting on the first line of its standard input, an order on each line after it.
//!
//! It closes the barrier when it starts, when an order's time is over, when its input ends (its gate has ended, however), and
//! when it is asked to end. An order to open waits for nothing longer than it says: behind a relay that is slow or lost it is given
//! up, so that the barrier never opens for somebody who has gone. It tells what the barrier is: `open`, `closed`, or `lost` and
//! why, and `late` for an order that was given up, a line each.

use std::io::{BufRead, Read, Write};
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::{Receiver, channel};
use tokio::time::{Instant, sleep_until};

use super::relay::{Relay, Switch};
use super::{LONGEST, Order};

/// What failed is tried again after so long.
const RETRY: Duration = Duration::from_millis(500);
/// At the end, closing is tried for so long.
const LAST: Duration = Duration::from_secs(30);
/// The longest line: a setting with its addresses or commands.
const MAX_LINE: u64 = 64 << 10;

/// Keeps the barrier that standard input names, until that ends.
///
/// # Errors
/// When the first line is no setting, or the system gives no runtime.
pub fn keep() -> std::io::Result<()> {
    let mut input = std::io::stdin().lock();
    let mut first = String::new();
    input.by_ref().take(MAX_LINE).read_line(&mut first)?;
    drop(input);
    let relay: Relay = serde_json::from_str(&first).map_err(std::io::Error::other)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (send, orders) = channel(64);
        std::thread::spawn(move || {
            for line in std::io::stdin().lock().lines().map_while(Result::ok) {
                let Some(order) = Order::of_line(&line) else { continue };
                // The time runs from here, whatever the relay is busy with.
                if send.blocking_send((order, Instant::now())).is_err() {
                    return;
                }
            }
        });
        let ends = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()];
        let [terminate, interrupt, hangup] = ends.map(signal);
        let (mut terminate, mut interrupt, mut hangup) = (terminate?, interrupt?, hangup?);
        let mut bar = Bar { switch: Switch::new(relay), is_open: None, told: String::new() };
        tokio::select! {
            () = bar.obey(orders) => {}
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = hangup.recv() => {}
        }
        bar.close_for_good().await;
        Ok(())
    })
}

struct Bar {
    switch: Switch,
    /// As far as is known.
    is_open: Option<bool>,
    told: String,
}

impl Bar {
    /// Carries orders out until no more can come.
    async fn obey(&mut self, mut orders: Receiver<(Order, Instant)>) {
        let mut until: Option<Instant> = None;
        // By when it must have opened, or not at all.
        let mut by = Instant::now();
        // Whatever it was before: closed.
        let mut again = self.move_to(false).await;
        loop {
            let now = Instant::now();
            let next = until.into_iter().chain(again).min().unwrap_or(now + LONGEST);
            tokio::select! {
                order = orders.recv() => match order {
                    None => return,
                    Some((Order::Open(_, within), at)) if Instant::now() > at + within => self.tell_late(),
                    Some((Order::Open(time, within), at)) => {
                        until = until.max(Some(Instant::now() + time));
                        by = by.max(at + within);
                        again = self.move_to(true).await;
                    }
                    Some((Order::Close, _)) => {
                        until = None;
                        again = self.move_to(false).await;
                    }
                },
                () = sleep_until(next) => {
                    let now = Instant::now();
                    if until.is_some_and(|until| until <= now) {
                        until = None;
                    }
                    if until.is_some() && self.is_open != Some(true) && now > by {
                        until = None;
                        self.tell_late();
                    }
                    let wanted = until.is_some();
                    if self.is_open != Some(wanted) {
                        again = self.move_to(wanted).await;
                    }
                }
            }
        }
    }

    /// Moves it; returns when to try again.
    async fn move_to(&mut self, open: bool) -> Option<Instant> {
        match self.switch.set(open).await {
            Ok(()) => {
                self.is_open = Some(open);
                self.tell(if open { "open" } else { "closed" });
                None
            }
            Err(why) => {
                self.is_open = None;
                let line: String = why.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
                self.tell(&format!("lost {line}"));
                Some(Instant::now() + RETRY)
            }
        }
    }

    async fn close_for_good(&mut self) {
        let end = Instant::now() + LAST;
        while let Some(again) = self.move_to(false).await {
            if again > end {
                return;
            }
            sleep_until(again).await;
        }
    }

    fn tell_late(&self) {
        let _ = writeln!(std::io::stdout(), "late").and_then(|()| std::io::stdout().flush());
    }

    fn tell(&mut self, what: &str) {
        if self.told != what {
            what.clone_into(&mut self.told);
            // Its gate may be gone, and the barrier is still to be closed.
            let _ = writeln!(std::io::stdout(), "{what}").and_then(|()| std::io::stdout().flush());
        }
    }
}
