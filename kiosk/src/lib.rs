//! The program at the gate: it scans passes, judges them by what the office signed, logs every verdict, and shows it.
//!
//! [`run::run`] is the gate at work; [`commands`] is the command line around it. It knows no registry and no SQL.

pub mod alerts;
pub mod carried;
pub mod commands;
mod delivered;
pub mod devices;
mod durable;
pub mod eyes;
pub mod frames;
pub mod heading;
mod heap;
pub mod held;
pub mod http;
pub mod journal;
pub mod judge;
mod key;
mod lane;
pub mod lines;
pub mod memory;
mod page;
pub mod preview;
pub mod program;
pub mod record;
mod repeats;
pub mod root;
pub mod run;
pub mod screen;
pub mod search;
#[cfg(target_os = "linux")]
mod serial_port;
pub mod settings;
pub mod staff;
mod supervised;
pub mod sync;
pub mod time;
pub mod words;

pub use lane::Counts;
