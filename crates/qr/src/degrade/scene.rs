//! One frame of a gate: a card held somewhere before a background, in some light, seen by a camera.

use super::dice::Dice;
use super::lens::Camera;
use super::light::Light;
use super::paper::Card;
use super::picture::Picture;
use super::surface::{self, Spot};
use crate::Frame;

/// How a card is held. With the default pose it fills half the frame's height, upright and flat to the camera.
#[derive(Debug, Clone, PartialEq)]
pub struct Pose {
    /// Where its middle is, to the right, as a share of the frame's width.
    pub x: f32,
    /// Where its middle is, downwards, as a share of the frame's height.
    pub y: f32,
    /// Its width in pixels, when it faces the camera.
    pub width: f32,
    /// Turned in the plane of the picture, degrees clockwise.
    pub roll: f32,
    /// Turned about its upright axis, degrees: its right side away from the camera.
    pub yaw: f32,
    /// Turned about its level axis, degrees: its top away from the camera.
    pub pitch: f32,
}

/// A card before a camera. Clone it and change a field to get the next frame of a walk.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene<'a> {
    /// A flat drawing of the card, black on white.
    pub drawing: &'a Frame,
    /// The state of the paper.
    pub card: Card,
    /// How it is held.
    pub pose: Pose,
    /// The light on it.
    pub light: Light,
    /// What sees it.
    pub camera: Camera,
}

impl Default for Pose {
    fn default() -> Self {
        Self { x: 0.5, y: 0.5, width: 360.0, roll: 0.0, yaw: 0.0, pitch: 0.0 }
    }
}

impl<'a> Scene<'a> {
    /// The card in plain light before an ordinary camera; change what shall be worse.
    #[must_use]
    pub fn of(drawing: &'a Frame) -> Self {
        Self {
            drawing,
            card: Card::default(),
            pose: Pose::default(),
            light: Light::default(),
            camera: Camera::default(),
        }
    }

    /// The frame a camera of this size makes of the scene: the same for the same seed, always. Sides are held to
    /// 1..=[`MAX_SIDE`](crate::MAX_SIDE).
    #[must_use]
    pub fn render(&self, width: usize, height: usize, seed: u64) -> Frame {
        let sane = |side: usize| side.clamp(1, crate::MAX_SIDE);
        let (width, height) = (sane(width), sane(height));
        let mut dice = Dice::new(seed);
        let mut picture = background(width, height, &mut dice);
        self.draw(&mut picture);
        self.camera.record(self.camera.look(picture), &mut dice)
    }

    /// The card in its light, before any lens.
    pub(super) fn draw(&self, picture: &mut Picture) {
        let print = self.card.print(&Picture::from_frame(self.drawing));
        self.place(&print, picture);
        self.light.fall_on(picture);
    }

    /// Where the four corners of the card come to lie in a frame of this size: upper left, upper right, lower right,
    /// lower left of the drawing, as (x, y) in pixels. The bow of the paper isn't counted.
    #[must_use]
    pub fn corners(&self, width: usize, height: usize) -> [(f32, f32); 4] {
        let aspect = self.drawing.height() as f32 / self.drawing.width() as f32;
        let (half_w, half_h) = (self.pose.width / 2.0, self.pose.width * aspect / 2.0);
        let turned = self.turned(width as f32);
        [(-half_w, -half_h), (half_w, -half_h), (half_w, half_h), (-half_w, half_h)].map(|(x, y)| {
            let (x, y, _) = turned(x, y, 0.0);
            (self.pose.x * width as f32 + x, self.pose.y * height as f32 + y)
        })
    }

    fn place(&self, print: &Picture, picture: &mut Picture) {
        let aspect = self.drawing.height() as f32 / self.drawing.width() as f32;
        let (width, height) = (picture.width as f32, picture.height as f32);
        let turned = self.turned(width);
        surface::draw(print, picture, |u, v| {
            let bowed = self.card.bend(u);
            let sunk = v + self.card.sag(bowed);
            let flat = (bowed - 0.5, (sunk - 0.5) * aspect);
            let (x, y, z) = surface::shape(self.card.curl.as_ref(), &self.card.folds, flat.0, flat.1);
            let scale = self.pose.width;
            let (x, y, depth) = turned(x * scale, y * scale, z * scale);
            Spot { u, v, x: self.pose.x * width + x, y: self.pose.y * height + y, depth }
        });
    }

    /// From places on and above the card, in pixels from its middle, to places in a picture of this width and their distance.
    fn turned(&self, width: f32) -> impl Fn(f32, f32, f32) -> (f32, f32, f32) {
        let [yaw, pitch, roll] = [self.pose.yaw, self.pose.pitch, self.pose.roll].map(f32::to_radians);
        // An ordinary lens sees about 60 degrees across: its focal length is 0.87 frame widths.
        let focal = 0.87 * width;
        move |x, y, z| {
            let (x, z) = (x * yaw.cos() - z * yaw.sin(), x * yaw.sin() + z * yaw.cos());
            let (y, z) = (y * pitch.cos() - z * pitch.sin(), z * pitch.cos() + y * pitch.sin());
            let (x, y) = (x * roll.cos() - y * roll.sin(), x * roll.sin() + y * roll.cos());
            let depth = focal / (focal + z).max(focal * 0.1);
            (x * depth, y * depth, z)
        }
    }
}

/// What stands behind the card: large soft blotches and edges, as of coats, walls and gates.
pub(super) fn background(width: usize, height: usize, dice: &mut Dice) -> Picture {
    let mut picture = Picture::filled(width, height, dice.between(60.0, 160.0));
    for _ in 0..14 {
        let (cx, cy) = (dice.between(0.0, width as f32), dice.between(0.0, height as f32));
        let (rx, ry) = (dice.between(0.02, 0.3) * width as f32, dice.between(0.02, 0.3) * height as f32);
        let change = dice.between(-50.0, 50.0);
        let rows = ((cy - ry).max(0.0) as usize)..((cy + ry).clamp(0.0, height as f32) as usize);
        for y in rows {
            for x in ((cx - rx).max(0.0) as usize)..((cx + rx).clamp(0.0, width as f32) as usize) {
                picture.values[y * width + x] += change;
            }
        }
    }
    for value in &mut picture.values {
        *value = value.clamp(8.0, 235.0);
    }
    picture
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::degrade::{Glare, Motion, Shadow, Thumb, picture_of};
    use crate::encode;

    #[test]
    fn a_scene_is_the_same_for_the_same_seed_only() {
        let drawing = picture_of(&encode("SG1:HELLO").unwrap(), 8, 4).unwrap();
        let scene = Scene::of(&drawing);
        assert_eq!(scene.render(320, 240, 7), scene.render(320, 240, 7));
        assert_ne!(scene.render(320, 240, 7), scene.render(320, 240, 8));
    }

    #[test]
    fn a_card_lies_where_its_corners_say() {
        let white = Frame::new(10, 10, vec![255; 100]).unwrap();
        let mut scene = Scene::of(&white);
        scene.pose = Pose { x: 0.3, y: 0.6, width: 150.0, roll: 30.0, yaw: 20.0, pitch: 35.0 };
        scene.camera = Camera { blur: 0.0, motion: None, noise: 0.0, jpeg: None };
        let frame = scene.render(640, 480, 1);
        let corners = scene.corners(640, 480);
        let middle = corners.iter().fold((0.0, 0.0), |sum, c| (sum.0 + c.0 / 4.0, sum.1 + c.1 / 4.0));
        for corner in corners {
            let spot = |t: f32| {
                let (x, y) = (middle.0 + (corner.0 - middle.0) * t, middle.1 + (corner.1 - middle.1) * t);
                frame.row(y as usize)[x as usize]
            };
            assert_eq!(spot(0.93), 235);
        }
    }

    #[test]
    fn no_scene_panics() {
        let dot = Frame::new(1, 1, vec![0]).unwrap();
        let mut dice = Dice::new(3);
        for seed in 0..60 {
            let mut scene = Scene::of(&dot);
            let mut wild = || dice.between(-1.0, 1.0) * 10f32.powf(dice.between(0.0, 4.0));
            scene.pose =
                Pose { x: wild(), y: wild(), width: wild(), roll: wild(), yaw: wild(), pitch: wild() };
            scene.card.bow = wild();
            scene.card.thumb = Some(Thumb { x: wild(), y: wild(), radius: wild(), luma: wild() });
            scene.light.glare = Some(Glare { x: wild(), y: wild(), radius: wild(), strength: wild() });
            scene.light.shadow =
                Some(Shadow { x: wild(), y: wild(), towards: wild(), left: wild(), softness: wild() });
            scene.camera.motion = Some(Motion { length: wild(), angle: wild() });
            scene.camera.blur = wild();
            scene.camera.jpeg = Some(0);
            let frame = scene.render(seed as usize % 40, 33, seed);
            assert_eq!(frame.height(), 33);
        }
    }
}
