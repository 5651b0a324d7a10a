//! Decisions: a table that a community worker can read, and what holds for all of them.

#![expect(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

mod forgetting;
mod golden;
mod laws;
mod replay;
mod slipped;
mod status;
mod superseded;
mod way;
mod world;
