//! What the end-to-end tests share: an office and a gate as processes, and the way between paper and pixels.
//!
//! Knows the programs by their command lines only, as the people who use them do.

pub mod gate;
pub mod office;
pub mod paper;
pub mod programs;
pub mod python;
