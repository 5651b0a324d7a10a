//! What the light does to a frame: too little of it, a shadow across it, a lamp's reflection in it.

use super::picture::Picture;

/// The light in which a scene stands. Places are shares of the frame's width and height.
#[derive(Debug, Clone, PartialEq)]
pub struct Light {
    /// Of full light, 0 to 1 (above 1 overexposes).
    pub level: f32,
    /// Haze that lifts black, 0 to 255.
    pub haze: f32,
    /// A reflection.
    pub glare: Option<Glare>,
    /// A shadow with a straight edge.
    pub shadow: Option<Shadow>,
    /// Spots of sun that fall through leaves or blinds.
    pub beams: Vec<Beam>,
}

/// A spot that gets more light than what is around it.
#[derive(Debug, Clone, PartialEq)]
pub struct Beam {
    /// Centre, to the right.
    pub x: f32,
    /// Centre, downwards.
    pub y: f32,
    /// Radius in frame widths.
    pub radius: f32,
    /// Times the light around; what exceeds the sensor is cut.
    pub gain: f32,
    /// Width of its rim as a share of the radius.
    pub softness: f32,
}

/// A lamp's reflection: brightness added in a soft spot.
#[derive(Debug, Clone, PartialEq)]
pub struct Glare {
    /// Centre, to the right.
    pub x: f32,
    /// Centre, downwards.
    pub y: f32,
    /// Radius in frame widths, at which it has fallen to 37 %.
    pub radius: f32,
    /// Brightness added in the middle; above 255 the middle is blown out whatever lay there.
    pub strength: f32,
}

/// Everything on one side of a line is darker.
#[derive(Debug, Clone, PartialEq)]
pub struct Shadow {
    /// A spot on the edge, to the right.
    pub x: f32,
    /// The same spot, downwards.
    pub y: f32,
    /// Direction of the darker side, in degrees clockwise from the right.
    pub towards: f32,
    /// Light left in the shadow, 0 to 1.
    pub left: f32,
    /// Width of the half-shadow in pixels.
    pub softness: f32,
}

impl Default for Light {
    fn default() -> Self {
        Self { level: 1.0, haze: 0.0, glare: None, shadow: None, beams: Vec::new() }
    }
}

impl Light {
    pub(super) fn fall_on(&self, picture: &mut Picture) {
        for value in &mut picture.values {
            *value = *value * self.level + self.haze;
        }
        if let Some(shadow) = &self.shadow {
            shadow.fall_on(picture);
        }
        if !self.beams.is_empty() {
            let mut gains = vec![1.0f32; picture.values.len()];
            for beam in &self.beams {
                beam.fall_on(picture.width, picture.height, &mut gains);
            }
            picture.values.iter_mut().zip(&gains).for_each(|(value, gain)| *value *= gain);
        }
        if let Some(glare) = &self.glare {
            glare.fall_on(picture);
        }
    }
}

impl Shadow {
    fn fall_on(&self, picture: &mut Picture) {
        let (sin, cos) = self.towards.to_radians().sin_cos();
        let (cx, cy) = (self.x * picture.width as f32, self.y * picture.height as f32);
        for y in 0..picture.height {
            for x in 0..picture.width {
                let beyond = (x as f32 - cx) * cos + (y as f32 - cy) * sin;
                let depth = (beyond / self.softness.max(0.1) + 0.5).clamp(0.0, 1.0);
                picture.values[y * picture.width + x] *= 1.0 - depth * (1.0 - self.left);
            }
        }
    }
}

impl Beam {
    /// Where two beams meet, the stronger one counts.
    fn fall_on(&self, width: usize, height: usize, gains: &mut [f32]) {
        let (wide, high) = (width as f32, height as f32);
        let radius = (self.radius * wide).max(1.0);
        let (cx, cy) = (self.x * wide, self.y * high);
        let reach = radius * (1.0 + self.softness.abs());
        let span = |middle: f32, end: f32| {
            (middle - reach).clamp(0.0, end) as usize..(middle + reach).clamp(0.0, end) as usize
        };
        for y in span(cy, high) {
            for x in span(cx, wide) {
                let away = (x as f32 - cx).hypot(y as f32 - cy);
                let share = ((reach - away) / (radius * self.softness.abs()).max(1.0)).clamp(0.0, 1.0);
                let gain = &mut gains[y * width + x];
                *gain = gain.max(1.0 + (self.gain - 1.0) * share);
            }
        }
    }
}

impl Glare {
    fn fall_on(&self, picture: &mut Picture) {
        let radius = (self.radius * picture.width as f32).max(1.0);
        let (cx, cy) = (self.x * picture.width as f32, self.y * picture.height as f32);
        let falloff = |distance: f32| (-(distance / radius).powi(2)).exp();
        let row: Vec<f32> = (0..picture.width).map(|x| falloff(x as f32 - cx)).collect();
        for y in 0..picture.height {
            let strength = self.strength * falloff(y as f32 - cy);
            if strength < 0.05 {
                continue;
            }
            let line = &mut picture.values[y * picture.width..][..picture.width];
            for (value, across) in line.iter_mut().zip(&row) {
                *value += strength * across;
            }
        }
    }
}
