//! Pixels to text and back: [`encode`] draws a QR code, [`Scanner`] finds and reads codes in camera frames.
//!
//! The crate stands alone. It knows nothing of passes, signatures or gates: it returns the bytes of every code
//! in view, and the caller decides which of them it wants.

mod binarise;
mod decode;
#[cfg(feature = "degrade")]
pub mod degrade;
mod dig;
mod encode;
mod equalise;
mod evidence;
mod finders;
mod fit;
mod frame;
mod geometry;
mod group;
mod look;
mod payload;
mod plane;
mod reading;
mod reed_solomon;
mod sample;
mod scanner;
mod stream;
mod symbol;

pub use encode::{Code, TooLong, encode};
pub use frame::{Frame, FrameError, MAX_SIDE, Point};
pub use scanner::{Scanner, Sighting};
