//! The card itself: what its ground and ink look like to a grey camera, how it bends, what covers it.

use super::picture::Picture;
use super::surface::{Curl, Fold};

/// The state of the card, before anything is done with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// What white paper looks like to the camera, 0 to 255. Coloured paper is darker: a saturated red has a luma of about 75.
    pub ground: f32,
    /// What black ink looks like.
    pub ink: f32,
    /// Light modules on dark, as screens in dark mode show.
    pub inverted: bool,
    /// Paper that bends around an upright axis: the depth of the bow as a share of its width, 0 flat.
    pub bow: f32,
    /// Paper around a cylinder.
    pub curl: Option<Curl>,
    /// Folds in the paper.
    pub folds: Vec<Fold>,
    /// Something opaque over a part of it.
    pub thumb: Option<Thumb>,
}

/// A disc over the card, in shares of the card's width and height from its upper left corner.
#[derive(Debug, Clone, PartialEq)]
pub struct Thumb {
    /// Centre, to the right.
    pub x: f32,
    /// Centre, downwards.
    pub y: f32,
    /// Radius in card widths.
    pub radius: f32,
    /// Its brightness.
    pub luma: f32,
}

impl Default for Card {
    fn default() -> Self {
        Self {
            ground: 235.0,
            ink: 20.0,
            inverted: false,
            bow: 0.0,
            curl: None,
            folds: Vec::new(),
            thumb: None,
        }
    }
}

impl Card {
    /// The card as it looks in even light.
    pub(super) fn print(&self, drawing: &Picture) -> Picture {
        let mut print = drawing.clone();
        let (from, to) = if self.inverted { (self.ground, self.ink) } else { (self.ink, self.ground) };
        for value in &mut print.values {
            *value = from + (to - from) * *value / 255.0;
        }
        if let Some(thumb) = &self.thumb {
            thumb.cover(&mut print);
        }
        print
    }

    /// How far across the card a spot is seen that lies `v` (0 to 1) of the way across its drawing: seen from the front, a
    /// bow compresses the sides.
    pub(super) fn bend(&self, v: f32) -> f32 {
        v - self.bow * (std::f32::consts::TAU * v).sin() / std::f32::consts::TAU
    }

    /// How far down a spot sinks that lies `u` of the way across, as a share of the height: a bow held below the eye.
    pub(super) fn sag(&self, u: f32) -> f32 {
        let t = 2.0 * u - 1.0;
        self.bow * 0.25 * (1.0 - t * t)
    }
}

impl Thumb {
    fn cover(&self, print: &mut Picture) {
        let radius = self.radius * print.width as f32;
        let (cx, cy) = (self.x * print.width as f32, self.y * print.height as f32);
        for y in 0..print.height {
            for x in 0..print.width {
                if (x as f32 - cx).hypot(y as f32 - cy) < radius {
                    print.values[y * print.width + x] = self.luma;
                }
            }
        }
    }
}
