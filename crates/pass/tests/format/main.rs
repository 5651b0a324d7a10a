//! The formats, tried from outside: every vector, every way of tampering, random ones, and every parser under fire.

#![expect(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

mod forge;
mod fuzz;
mod properties;
mod tampering;
mod vectors;
