//! A second of video: a card carried past the camera of a gate, with everything that moves moving on.
//!
//! A [`Clip`] is drawn from a [`Trial`] and a seed; each of its frames is a [`Scene`] at its moment, in which the smear
//! follows from how fast the card moves and how long the shutter stays open. It knows nothing of codes.

use super::dice::Dice;
use super::light::{Glare, Light, Shadow};
use super::paper::{Card, Thumb};
use super::picture::Picture;
use super::scene::{Pose, Scene, background};
use super::{Camera, Motion};
use crate::Frame;

/// Frames in a second, and in a clip.
pub const RATE: usize = 15;

/// What a card and its bearer do to a reader in the second that a clip lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trial {
    /// What a gate must manage: carried past as below, but a code in the size that its holder is asked to show it in, its modules
    /// 3.7 to 7 pixels wide (see [`Clip::new`]).
    AtTheGate,
    /// Brought before the camera, held there for half a second, taken away; a phone now and then.
    HeldUp,
    /// Carried past without a stop: smear, tilt, a lamp's reflection that wanders, a shadow's edge, a thumb over a corner.
    CarriedPast,
    /// Held still, laminated, under a lamp: a blown-out spot and a streak wander over it and hide a part at every moment.
    UnderALamp,
    /// At dusk: little light, much noise, an open shutter, small modules, a screen turned down.
    AtDusk,
    /// Never in focus for long: the lens hunts while the card comes nearer and goes.
    Hunting,
    /// Carried past, fast, at dusk and under a lamp.
    Everything,
}

impl Trial {
    /// Every trial, the mildest first.
    pub const ALL: [Self; 7] = [
        Self::AtTheGate,
        Self::HeldUp,
        Self::CarriedPast,
        Self::UnderALamp,
        Self::AtDusk,
        Self::Hunting,
        Self::Everything,
    ];
}

/// One second before a camera.
#[derive(Debug, Clone)]
pub struct Clip {
    drawing: Frame,
    card: Card,
    path: Path,
    light: Light,
    glare: Option<Wander<Glare>>,
    streak: Option<Wander<Streak>>,
    shadow: Option<Wander<Shadow>>,
    thumb: Option<Wander<Thumb>>,
    /// Blur of the lens at its best, what hunting adds at its worst, hunts in a second, where it starts.
    focus: (f32, f32, f32, f32),
    /// Seconds that the shutter is open.
    shutter: f32,
    noise: f32,
    jpeg: Option<u8>,
    seed: u64,
}

/// Where the card is from moment to moment: from one place to another, perhaps with a stop between, by a hand that
/// isn't still. Places are shares of the frame.
#[derive(Debug, Clone)]
struct Path {
    from: (f32, f32),
    to: (f32, f32),
    /// Where it is held, from when to when.
    stop: Option<((f32, f32), f32, f32)>,
    width: f32,
    /// How much nearer it is at the end than at the start.
    nearer: f32,
    roll: Sway,
    yaw: Sway,
    pitch: Sway,
    tremor: [Sway; 2],
}

/// A swing about a middle.
#[derive(Debug, Clone)]
struct Sway {
    middle: f32,
    reach: f32,
    /// Swings in a second.
    rate: f32,
    phase: f32,
}

/// Something that moves over the card as it goes: where it is at the start, and how far it gets in a second, in card widths.
#[derive(Debug, Clone)]
struct Wander<T> {
    what: T,
    from: (f32, f32),
    by: (f32, f32),
}

/// The reflection of a tube in lamination: a bright band, blown out in its middle.
#[derive(Debug, Clone)]
struct Streak {
    /// Direction in which it runs, degrees.
    along: f32,
    /// Half its width, in card widths.
    half: f32,
    strength: f32,
}

impl Sway {
    fn new(dice: &mut Dice, middle: f32, reach: f32, rate: f32) -> Self {
        let share = dice.between(0.4, 1.0);
        Self {
            middle,
            reach: reach * share,
            rate: rate * dice.between(0.7, 1.3),
            phase: dice.between(0.0, std::f32::consts::TAU),
        }
    }

    fn at(&self, t: f32) -> f32 {
        self.middle + self.reach * (std::f32::consts::TAU * self.rate * t + self.phase).sin()
    }
}

impl<T> Wander<T> {
    fn at(&self, t: f32) -> (f32, f32) {
        (self.from.0 + self.by.0 * t, self.from.1 + self.by.1 * t)
    }
}

impl Path {
    fn at(&self, t: f32) -> Pose {
        let glide = |a: (f32, f32), b: (f32, f32), share: f32| {
            let share = share.clamp(0.0, 1.0);
            (a.0 + (b.0 - a.0) * share, a.1 + (b.1 - a.1) * share)
        };
        let ease = |share: f32| {
            let share = share.clamp(0.0, 1.0);
            share * share * (3.0 - 2.0 * share)
        };
        let (x, y) = match self.stop {
            None => glide(self.from, self.to, t),
            Some((place, start, _)) if t < start => glide(self.from, place, ease(t / start.max(0.01))),
            Some((place, _, end)) if t > end => {
                glide(place, self.to, ease((t - end) / (1.0 - end).max(0.01)))
            }
            Some((place, ..)) => place,
        };
        Pose {
            x: x + self.tremor[0].at(t),
            y: y + self.tremor[1].at(t),
            width: self.width * (1.0 + self.nearer * t),
            roll: self.roll.at(t),
            yaw: self.yaw.at(t),
            pitch: self.pitch.at(t),
        }
    }
}

impl Clip {
    /// The clip of this seed. `drawing` is the flat card, black on white, its quiet zone included, and `modules` how many of
    /// its code's modules it is wide: they come out 2 to 5 pixels wide (at the gate, 3.7 to 7) in frames of 720 rows.
    #[must_use]
    pub fn new(drawing: &Frame, modules: usize, trial: Trial, seed: u64) -> Self {
        let mut dice = Dice::new(seed ^ 0xC11F);
        let mut clip = Self::plain(drawing, modules, &mut dice);
        match trial {
            Trial::AtTheGate => {
                clip.carried_past(&mut dice, modules, 1.0);
                clip.path.width = modules as f32 * dice.between(3.7, 7.0);
            }
            Trial::HeldUp => clip.held_up(&mut dice),
            Trial::CarriedPast => clip.carried_past(&mut dice, modules, 1.0),
            Trial::UnderALamp => clip.under_a_lamp(&mut dice),
            Trial::AtDusk => clip.at_dusk(&mut dice, modules),
            Trial::Hunting => clip.hunting(&mut dice),
            Trial::Everything => {
                clip.at_dusk(&mut dice, modules);
                clip.carried_past(&mut dice, modules, 1.3);
                clip.shutter = dice.between(0.008, 0.014);
                clip.light.level = dice.between(0.35, 0.6);
                clip.focus.0 = dice.between(0.8, 1.3);
            }
        }
        clip
    }

    /// Frame `number` (0 to [`RATE`] − 1, later ones go on the same way), of this size. Depends on nothing else.
    #[must_use]
    pub fn frame(&self, width: usize, height: usize, number: usize) -> Frame {
        let t = number as f32 / RATE as f32;
        let scale = height as f32 / 720.0;
        let mut scene = Scene::of(&self.drawing);
        scene.card = self.card.clone();
        scene.pose = self.path.at(t);
        scene.pose.width *= scale;
        scene.light = self.light.clone();
        if let Some(thumb) = &self.thumb {
            let (x, y) = thumb.at(t);
            scene.card.thumb = Some(Thumb { x, y, ..thumb.what.clone() });
        }
        let on_card = |(x, y): (f32, f32)| {
            let reach = scene.pose.width;
            (scene.pose.x + x * reach / width as f32, scene.pose.y + y * reach / height as f32)
        };
        if let Some(shadow) = &self.shadow {
            let (x, y) = on_card(shadow.at(t));
            scene.light.shadow = Some(Shadow { x, y, ..shadow.what.clone() });
        }
        if let Some(glare) = &self.glare {
            let (x, y) = on_card(glare.at(t));
            let radius = glare.what.radius * scene.pose.width / width as f32;
            scene.light.glare = Some(Glare { x, y, radius, ..glare.what.clone() });
        }
        let mut dice = Dice::new(self.seed ^ (0x5EED << 8) ^ number as u64);
        let mut picture = background(width, height, &mut Dice::new(self.seed));
        scene.draw(&mut picture);
        if let Some(streak) = &self.streak {
            let at = on_card(streak.at(t));
            streak.what.fall_on(&mut picture, (at.0 * width as f32, at.1 * height as f32), scene.pose.width);
        }
        let (best, more, rate, phase) = self.focus;
        let hunt = (std::f32::consts::PI * rate * t + phase).sin().abs();
        let camera = Camera {
            blur: (best + more * hunt) * scale,
            motion: self.smear(t, width, height),
            noise: self.noise,
            jpeg: self.jpeg,
        };
        // Only the card moves; the lens and the smear reach a little beyond it.
        let reach = 12.0 + camera.motion.as_ref().map_or(0.0, |motion| motion.length) + 4.0 * camera.blur;
        let corners = scene.corners(width, height);
        let extent = |v: fn(&(f32, f32)) -> f32, end: usize| {
            let values = corners.iter().map(v);
            let (low, high) = (values.clone().fold(f32::MAX, f32::min), values.fold(f32::MIN, f32::max));
            let clip = |v: f32| v.clamp(0.0, end as f32) as usize;
            clip(low - reach)..clip(high + reach)
        };
        let (columns, rows) = (extent(|c| c.0, width), extent(|c| c.1, height));
        if !columns.is_empty() && !rows.is_empty() {
            let part = camera.look(picture.part(columns.clone(), rows.clone()));
            picture.put(&part, columns.start, rows.start);
        }
        camera.record(picture, &mut dice)
    }

    /// The whole second.
    pub fn frames(&self, width: usize, height: usize) -> impl Iterator<Item = Frame> + '_ {
        (0..RATE).map(move |number| self.frame(width, height, number))
    }

    /// What the card's way does while the shutter is open.
    fn smear(&self, t: f32, width: usize, height: usize) -> Option<Motion> {
        let (before, after) = (self.path.at(t - self.shutter / 2.0), self.path.at(t + self.shutter / 2.0));
        let (x, y) = ((after.x - before.x) * width as f32, (after.y - before.y) * height as f32);
        let length = x.hypot(y);
        (length > 0.3).then(|| Motion { length, angle: y.atan2(x).to_degrees() })
    }

    /// A card on its way past in good light: what the trials then make worse.
    fn plain(drawing: &Frame, modules: usize, dice: &mut Dice) -> Self {
        // Luma of white, yellow, green and red card under the usual weights.
        let ground = [235.0, 190.0, 130.0, 85.0][dice.below(4)];
        let steady = |dice: &mut Dice| Sway::new(dice, 0.0, 0.0015, 4.0);
        let side = if dice.chance(0.5) { 1.0 } else { -1.0 };
        let height = dice.between(0.45, 0.55);
        let width = (modules as f32 * dice.between(3.0, 4.5)).clamp(180.0, 460.0);
        let path = Path {
            from: (0.5 - 0.3 * side, height + dice.between(-0.05, 0.15)),
            to: (0.5 + 0.3 * side, height + dice.between(-0.05, 0.15)),
            stop: None,
            width,
            nearer: dice.between(-0.12, 0.12),
            roll: Sway::new(dice, 0.0, 14.0, 0.4),
            yaw: Sway::new(dice, 0.0, 16.0, 0.5),
            pitch: Sway::new(dice, 0.0, 16.0, 0.5),
            tremor: [steady(dice), steady(dice)],
        };
        Self {
            drawing: drawing.clone(),
            card: Card { ground, ..Card::default() },
            path,
            light: Light { level: dice.between(0.6, 1.0), haze: dice.between(0.0, 12.0), ..Light::default() },
            glare: None,
            streak: None,
            shadow: None,
            thumb: None,
            focus: (dice.between(0.6, 1.1), 0.0, 0.0, 0.0),
            shutter: 0.006,
            noise: dice.between(1.5, 4.0),
            jpeg: dice.chance(0.6).then(|| dice.between(60.0, 92.0) as u8),
            seed: dice.bits(),
        }
    }

    fn held_up(&mut self, dice: &mut Dice) {
        let place = (dice.between(0.42, 0.58), dice.between(0.44, 0.56));
        self.path.from.1 += 0.35;
        self.path.to.1 += 0.35;
        self.path.stop = Some((place, dice.between(0.15, 0.3), dice.between(0.7, 0.85)));
        if dice.chance(0.25) {
            self.phone(dice);
        }
        if dice.chance(0.3) {
            self.thumb(dice, 0.05, 0.11);
        }
        if dice.chance(0.4) {
            self.lamp(dice, 0.06, 0.14);
        }
    }

    /// `haste` of 1 is 250 to 510 pixels a second in a frame of 720p: with this shutter a smear of 1 to 6.
    fn carried_past(&mut self, dice: &mut Dice, modules: usize, haste: f32) {
        let way = haste * dice.between(0.2, 0.4);
        let side = (self.path.to.0 - self.path.from.0).signum();
        let rise = dice.between(-0.12, 0.12);
        self.path.stop = None;
        self.path.from = (0.5 - side * way / 2.0, 0.5 - rise / 2.0);
        self.path.to = (0.5 + side * way / 2.0, 0.5 + rise / 2.0);
        self.path.width = (modules as f32 * dice.between(3.0, 4.5)).clamp(180.0, 420.0);
        self.path.yaw.reach = dice.between(8.0, 24.0);
        self.path.pitch.reach = dice.between(8.0, 24.0);
        self.shutter = dice.between(0.005, 0.012);
        self.noise = dice.between(2.0, 6.0);
        self.lamp(dice, 0.08, 0.18);
        self.shadow(dice);
        self.thumb(dice, 0.10, 0.20);
    }

    fn under_a_lamp(&mut self, dice: &mut Dice) {
        let place = (dice.between(0.42, 0.58), dice.between(0.44, 0.56));
        self.path.stop = Some((place, 0.0, 1.0));
        self.path.tremor = [Sway::new(dice, 0.0, 0.004, 2.0), Sway::new(dice, 0.0, 0.006, 2.0)];
        self.lamp(dice, 0.17, 0.28);
        let away = dice.between(-0.5, 0.5);
        self.streak = Some(Wander {
            what: Streak {
                along: dice.between(0.0, 180.0),
                half: dice.between(0.03, 0.09),
                strength: dice.between(160.0, 320.0),
            },
            from: (away, dice.between(-0.3, 0.3)),
            by: (-away * dice.between(0.8, 2.0), dice.between(-0.5, 0.5)),
        });
        if dice.chance(0.5) {
            self.thumb(dice, 0.08, 0.16);
        }
    }

    fn at_dusk(&mut self, dice: &mut Dice, modules: usize) {
        let place = (dice.between(0.42, 0.58), dice.between(0.44, 0.56));
        self.path.stop = Some((place, 0.0, 1.0));
        self.path.tremor = [Sway::new(dice, 0.0, 0.004, 2.0), Sway::new(dice, 0.0, 0.006, 2.0)];
        self.path.width = (modules as f32 * dice.between(2.2, 3.2)).clamp(120.0, 420.0);
        self.light.level = dice.between(0.35, 0.6);
        self.shutter = dice.between(0.02, 0.03);
        self.noise = dice.between(6.0, 11.0);
        if dice.chance(0.3) {
            self.phone(dice);
        }
    }

    fn hunting(&mut self, dice: &mut Dice) {
        let place = (dice.between(0.42, 0.58), dice.between(0.44, 0.56));
        self.path.stop = Some((place, 0.1, 0.9));
        self.path.nearer = dice.between(0.1, 0.3);
        self.focus =
            (dice.between(1.5, 2.2), dice.between(1.0, 3.0), dice.between(0.5, 1.5), dice.between(0.0, 3.0));
        self.noise = dice.between(2.0, 5.0);
    }

    fn phone(&mut self, dice: &mut Dice) {
        self.card.ground = dice.between(110.0, 240.0);
        self.card.ink = dice.between(10.0, 30.0);
        self.card.inverted = dice.chance(0.4);
    }

    fn lamp(&mut self, dice: &mut Dice, least: f32, most: f32) {
        let from = (dice.between(-0.5, 0.5), dice.between(-0.5, 0.5));
        let by = (-from.0 * dice.between(0.5, 2.0), -from.1 * dice.between(0.5, 2.0));
        let what =
            Glare { x: 0.0, y: 0.0, radius: dice.between(least, most), strength: dice.between(180.0, 420.0) };
        self.glare = Some(Wander { what, from, by });
    }

    fn shadow(&mut self, dice: &mut Dice) {
        let what = Shadow {
            x: 0.0,
            y: 0.0,
            towards: dice.between(0.0, 360.0),
            left: dice.between(0.3, 0.6),
            softness: dice.between(2.0, 30.0),
        };
        let from = (dice.between(-0.5, 0.5), dice.between(-0.5, 0.5));
        self.shadow = Some(Wander { what, from, by: (-from.0, -from.1) });
    }

    /// A thumb at the edge, which shifts its grip: it may cover a finder for a while.
    fn thumb(&mut self, dice: &mut Dice, least: f32, most: f32) {
        let radius = dice.between(least, most);
        let corner = [(1.0, 1.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)][dice.below(4)];
        let slide =
            if dice.chance(0.5) { (0.0, dice.between(-0.4, 0.4)) } else { (dice.between(-0.4, 0.4), 0.0) };
        let what = Thumb { x: 0.0, y: 0.0, radius, luma: dice.between(90.0, 170.0) };
        self.thumb = Some(Wander { what, from: corner, by: slide });
    }
}

impl Streak {
    /// `at` and `width` (of the card) in pixels.
    fn fall_on(&self, picture: &mut Picture, at: (f32, f32), width: f32) {
        let (sin, cos) = self.along.to_radians().sin_cos();
        let half = (self.half * width).max(0.5);
        for y in 0..picture.height {
            for x in 0..picture.width {
                let (dx, dy) = (x as f32 - at.0, y as f32 - at.1);
                let (across, along) = (dy * cos - dx * sin, dx * cos + dy * sin);
                if across.abs() < 3.0 * half && along.abs() < width {
                    picture.values[y * picture.width + x] += self.strength * (-(across / half).powi(2)).exp();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::degrade::picture_of;
    use crate::encode;

    fn clip(trial: Trial, seed: u64) -> Clip {
        let code = encode("SG1:HELLO").unwrap();
        let drawing = picture_of(&code, 8, 4).unwrap();
        Clip::new(&drawing, code.width() + 8, trial, seed)
    }

    #[test]
    fn a_clip_is_the_same_for_the_same_seed_only() {
        for trial in Trial::ALL {
            let frame = |seed| clip(trial, seed).frame(320, 180, 7);
            assert_eq!(frame(1), frame(1), "{trial:?}");
            assert_ne!(frame(1), frame(2), "{trial:?}");
        }
    }

    #[test]
    fn things_move() {
        for trial in Trial::ALL {
            let frames: Vec<Frame> = clip(trial, 3).frames(320, 180).collect();
            assert_eq!(frames.len(), RATE);
            assert!(frames.windows(2).all(|pair| pair[0] != pair[1]), "{trial:?}");
        }
    }

    #[test]
    fn any_size_and_any_moment_is_a_frame() {
        for (width, height, number) in [(1, 1, 0), (16, 9, 3), (90, 300, 14), (64, 64, 5000)] {
            for trial in Trial::ALL {
                assert_eq!(clip(trial, 9).frame(width, height, number).width(), width);
            }
        }
    }
}
