//! What gates said of themselves lately, so that not every report of a busy gate is written down: they say mostly the same.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use pass::Timestamp;
use store::GateReport;

/// What has not changed is written down again after so long, with the time at which the gate was heard.
const AGAIN: Duration = Duration::from_secs(20);

/// What this program has written down last, by the key of the gate.
#[derive(Debug, Default)]
pub(super) struct Heard(Mutex<HashMap<String, (GateReport, Instant)>>);

impl Heard {
    /// Whether a report says something that is not written down yet.
    pub(super) fn is_news(&self, receiver: &str, report: &GateReport) -> bool {
        let heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        heard
            .get(receiver)
            .is_none_or(|(last, at)| at.elapsed() >= AGAIN || says(last.clone()) != says(report.clone()))
    }

    /// It is written down.
    pub(super) fn noted(&self, receiver: &str, report: GateReport) {
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = heard.insert(receiver.to_owned(), (report, Instant::now()));
    }
}

/// What a report says, but for what rises with every report.
fn says(report: GateReport) -> GateReport {
    GateReport { number: 0, heard: Timestamp(0), at: Timestamp(0), through: 0, ..report }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_changed_is_news() {
        let heard = Heard::default();
        let report = GateReport { number: 1, through: 5, trust: 3, ..GateReport::default() };
        assert!(heard.is_news("a", &report));
        heard.noted("a", report.clone());
        assert!(!heard.is_news("a", &GateReport { number: 2, through: 6, ..report.clone() }));
        assert!(heard.is_news("a", &GateReport { trust: 4, ..report.clone() }));
        assert!(heard.is_news("a", &GateReport { in_doubt: true, ..report.clone() }));
        assert!(heard.is_news("b", &report));
    }
}
