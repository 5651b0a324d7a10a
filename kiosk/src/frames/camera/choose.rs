//! Which of a camera's formats to use: enough pixels for a card at arm's length, enough pictures for a moving hand, and
//! luma that need not be computed. Pure; knows no device.

use std::fmt;

/// How a picture is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PixelFormat {
    /// Luma, nothing else.
    Grey,
    /// A plane of luma, then one of both chromas.
    Nv12,
    /// As NV12 with its chromas exchanged.
    Nv21,
    /// A plane of luma, then one for each chroma.
    Yu12,
    /// Luma in every other byte, the first one first.
    Yuyv,
    /// Luma in every other byte, the second one first.
    Uyvy,
    /// JPEG: to be decoded.
    Mjpeg,
}

impl PixelFormat {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Grey, Self::Nv12, Self::Nv21, Self::Yu12, Self::Yuyv, Self::Uyvy, Self::Mjpeg];

    /// What V4L2 calls it.
    #[must_use]
    pub fn fourcc(self) -> &'static [u8; 4] {
        match self {
            Self::Grey => b"GREY",
            Self::Nv12 => b"NV12",
            Self::Nv21 => b"NV21",
            Self::Yu12 => b"YU12",
            Self::Yuyv => b"YUYV",
            Self::Uyvy => b"UYVY",
            Self::Mjpeg => b"MJPG",
        }
    }
}

/// How often there is a picture: so many in so many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Pictures.
    pub pictures: u32,
    /// In so many seconds; at least 1.
    pub seconds: u32,
}

impl Rate {
    /// None when either is 0.
    #[must_use]
    pub fn new(pictures: u32, seconds: u32) -> Option<Self> {
        (pictures > 0 && seconds > 0).then_some(Self { pictures, seconds })
    }

    fn per_second(self) -> f64 {
        f64::from(self.pictures) / f64::from(self.seconds)
    }
}

/// A format that a camera offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Its layout.
    pub pixels: PixelFormat,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// How often; none when the driver has its own rate.
    pub rate: Option<Rate>,
    /// Whether the driver lists this very size, as nokhwa wants it, or all sizes of a range.
    pub is_listed: bool,
}

/// What was chosen, the best first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice(pub Vec<Offer>);

impl fmt::Display for Offer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fourcc = String::from_utf8_lossy(self.pixels.fourcc());
        write!(f, "{fourcc} {}x{}", self.width, self.height)?;
        self.rate.map_or(Ok(()), |rate| {
            let rate = (rate.per_second() * 100.0).round() / 100.0;
            write!(f, " {rate}/s")
        })
    }
}

/// Orders offers; those that can't be used are left out.
#[must_use]
pub fn choose(offers: &[Offer]) -> Choice {
    let usable = |offer: &&Offer| {
        let rate = offer.rate.map_or(30.0, Rate::per_second);
        offer.width >= 320 && offer.height >= 240 && (5.0..=60.5).contains(&rate)
    };
    let mut offers: Vec<Offer> = offers.iter().filter(usable).copied().collect();
    offers.sort_by(|a, b| cost(a).total_cmp(&cost(b)));
    offers.dedup();
    Choice(offers)
}

/// How far an offer is from what a gate wants. Each unit is about as bad as half or twice the pixels.
fn cost(offer: &Offer) -> f64 {
    let pixels = f64::from(offer.width) * f64::from(offer.height);
    // 1280 x 720: a version 8 code on a card at 30 cm has 4 pixels a module. Fewer are worse than more.
    let octaves = (pixels / (1280.0 * 720.0)).log2();
    let size = if octaves < 0.0 { -1.5 * octaves } else { octaves };
    // A hand that passes needs 15 pictures a second; more than 30 only warm the machine.
    let rate = offer.rate.map_or(30.0, Rate::per_second);
    let rate = if rate < 15.0 { 2.0 * (15.0 / rate).log2() } else { 0.3 * (rate / 30.0).log2().abs() };
    let decoding = match offer.pixels {
        PixelFormat::Grey => 0.0,
        PixelFormat::Nv12 | PixelFormat::Nv21 | PixelFormat::Yu12 => 0.02,
        PixelFormat::Yuyv | PixelFormat::Uyvy => 0.05,
        PixelFormat::Mjpeg => 0.5,
    };
    size + rate + decoding
}

#[cfg(test)]
mod tests {
    use super::*;
    use PixelFormat::{Grey, Mjpeg, Nv12, Yuyv};

    fn offer(pixels: PixelFormat, width: u32, height: u32, rate: u32) -> Offer {
        Offer { pixels, width, height, rate: Rate::new(rate, 1), is_listed: true }
    }

    #[test]
    fn what_a_gate_wants() {
        let fraction = Offer { rate: Rate::new(30_000, 1001), ..offer(Yuyv, 1280, 720, 1) };
        // Offers, and which of them is the best.
        let table: &[(&[Offer], Option<usize>)] = &[
            // A USB 2 webcam: raw is slow at full size, JPEG is not.
            (&[offer(Yuyv, 640, 480, 30), offer(Yuyv, 1280, 720, 10), offer(Mjpeg, 1280, 720, 30)], Some(2)),
            (&[offer(Mjpeg, 1280, 720, 30), offer(Yuyv, 1280, 720, 30)], Some(1)),
            // A plane of luma is taken as it stands.
            (&[offer(Yuyv, 1280, 720, 30), offer(Nv12, 1280, 720, 30), offer(Grey, 1280, 720, 30)], Some(2)),
            (&[offer(Yuyv, 1280, 720, 30), offer(Nv12, 1280, 720, 30)], Some(1)),
            // But not for fewer pixels.
            (&[offer(Yuyv, 1280, 720, 30), offer(Grey, 640, 480, 30)], Some(0)),
            (
                &[offer(Yuyv, 3840, 2160, 30), offer(Nv12, 1280, 720, 30), offer(Mjpeg, 1920, 1080, 30)],
                Some(1),
            ),
            (&[offer(Yuyv, 640, 480, 30), offer(Yuyv, 320, 240, 30)], Some(0)),
            (&[offer(Yuyv, 1280, 720, 60), offer(Yuyv, 1280, 720, 30)], Some(1)),
            (&[offer(Mjpeg, 1920, 1080, 30), offer(Yuyv, 1920, 1080, 5)], Some(0)),
            (&[fraction, offer(Yuyv, 1280, 720, 10)], Some(0)),
            (&[Offer { rate: None, ..fraction }], Some(0)),
            (&[offer(Yuyv, 160, 120, 30), offer(Yuyv, 1280, 720, 1)], None),
            (&[], None),
        ];
        for (offers, best) in table {
            assert_eq!(choose(offers).0.first(), best.map(|best| &offers[best]), "{offers:?}");
        }
    }

    #[test]
    fn an_offer_as_people_read_it() {
        let odd = Offer { rate: Rate::new(25, 2), ..offer(Grey, 640, 480, 1) };
        assert_eq!(odd.to_string(), "GREY 640x480 12.5/s");
        assert_eq!(offer(Mjpeg, 1280, 720, 30).to_string(), "MJPG 1280x720 30/s");
        assert_eq!(Offer { rate: None, ..odd }.to_string(), "GREY 640x480");
    }
}
