//! Frames made bad on purpose: a flat picture of a card becomes what a camera at a gate makes of it.
//!
//! A [`Page`] is the flat picture where a code alone isn't enough. [`Scene`] names one frame: where the card is held
//! ([`Pose`]), what lies on it and before it ([`Card`]), the light ([`Light`]) and the camera ([`Camera`]).
//! [`Scene::render`] is a pure function of the scene, the size and the seed, so that every measurement can be repeated.
//! Faults are applied in the order light meets them: paper, pose, light, lens, sensor, compression. A [`Clip`] is a second
//! of such frames, with everything in motion. It knows nothing of codes.

mod clip;
mod dice;
mod lens;
mod light;
mod page;
mod paper;
mod picture;
mod scene;
mod surface;

pub use clip::{Clip, RATE, Trial};
pub use dice::Dice;
pub use lens::{Camera, Motion};
pub use light::{Beam, Glare, Light, Shadow};
pub use page::{Page, Print};
pub use paper::{Card, Thumb};
pub use picture::picture_of;
pub use scene::{Pose, Scene};
pub use surface::{Curl, Fold};
