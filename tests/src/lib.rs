//! What the end-to-end tests share: an office and a gate as processes, the browser that shows their pages,
//! and the way between paper and pixels.
//!
//! Knows the programs by their command lines only, as the people who use them do.

pub mod at_work;
pub mod browser;
pub mod counter;
pub mod fall;
pub mod gate;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub mod machine;
pub mod office;
pub mod paper;
pub mod postgres;
pub mod programs;
pub mod python;
pub mod still_camera;
pub mod talk;
pub mod wire;
