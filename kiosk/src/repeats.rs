//! The same card held up is one event, however many frames show it.
//!
//! A presentation lasts as long as its card is seen, and ends when it was not seen for a set time. Knows no clock: frames
//! say when they were taken.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

/// What was seen lately.
#[derive(Debug)]
pub(crate) struct Repeats<K> {
    ignore: Duration,
    seen: HashMap<K, Duration>,
}

impl<K: Eq + Hash> Repeats<K> {
    /// A card counts as new when it was not seen for `ignore`.
    #[must_use]
    pub(crate) fn new(ignore: Duration) -> Self {
        Self { ignore, seen: HashMap::new() }
    }

    /// Whether `card`, seen `at`, is a new presentation. Being seen keeps an old one going.
    pub(crate) fn is_new(&mut self, card: K, at: Duration) -> bool {
        // Frames of a camera that was opened again start over; then nothing is too old.
        self.seen.retain(|_, last| at.saturating_sub(*last) < self.ignore);
        self.seen.insert(card, at).is_none()
    }

    /// Forgets a card: its presentation came to nothing.
    pub(crate) fn forget(&mut self, card: &K) {
        self.seen.remove(card);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_held_up_is_one_presentation() {
        // Card, tenths of a second, new.
        let table = [
            ("a", 0, true),
            ("a", 1, false),
            ("b", 2, true),
            ("a", 49, false),
            // Held up for ten seconds: still the same.
            ("a", 98, false),
            ("a", 147, false),
            ("b", 147, true),
            // Away for five seconds: it comes again.
            ("a", 197, true),
        ];
        let mut repeats = Repeats::new(Duration::from_secs(5));
        for (card, tenths, new) in table {
            assert_eq!(repeats.is_new(card, Duration::from_millis(tenths * 100)), new, "{card} at {tenths}");
        }
        repeats.forget(&"a");
        assert!(repeats.is_new("a", Duration::from_millis(19_800)));
    }
}
