//! The gate from outside: its commands as real processes, its page over a real socket.

#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod alerts;
mod commands;
mod desk;
#[cfg(target_os = "linux")]
mod devices;
#[cfg(target_os = "linux")]
mod facts;
mod ip_camera;
mod lane;
mod office;
mod page;
mod process;
#[cfg(target_os = "linux")]
mod scanners;
#[cfg(target_os = "linux")]
mod serial;
#[cfg(target_os = "linux")]
mod supervised;
