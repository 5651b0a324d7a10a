//! What crosses a network or a USB stick between office and gate. The same bytes travel either way.
//!
//! Knows no HTTP, no disk and no database.

mod bundle;
mod rules;

pub use bundle::{Bundle, BundleError, HighWater, Mark, Opened, Part};
pub use rules::{SignedRules, sign_rules};
