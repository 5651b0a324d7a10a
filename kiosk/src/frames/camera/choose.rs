//! Which of a camera's formats to use: enough pixels for a card at arm's length, enough pictures for a moving hand, and
//! luma that need not be computed. Pure; knows no device.

use std::fmt;

/// How a picture is laid out. GREY is missing: nokhwa asks V4L2 for a name it doesn't know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PixelFormat {
    /// Luma in every other byte.
    Yuyv,
    /// A plane of luma first.
    Nv12,
    /// JPEG: to be decoded.
    Mjpeg,
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
    /// Pictures a second, a whole number as nokhwa wants it.
    pub rate: u32,
}

/// What was chosen, the best first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice(pub Vec<Offer>);

impl fmt::Display for Offer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}x{} {}/s", self.pixels, self.width, self.height, self.rate)
    }
}

/// Orders offers; those that can't be used are left out.
#[must_use]
pub fn choose(offers: &[Offer]) -> Choice {
    let usable = |offer: &&Offer| offer.width >= 320 && offer.height >= 240 && (5..=60).contains(&offer.rate);
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
    let rate = f64::from(offer.rate);
    let rate = if rate < 15.0 { 2.0 * (15.0 / rate).log2() } else { 0.3 * (rate / 30.0).log2().abs() };
    let decoding = match offer.pixels {
        PixelFormat::Yuyv | PixelFormat::Nv12 => 0.0,
        PixelFormat::Mjpeg => 0.5,
    };
    size + rate + decoding
}

#[cfg(test)]
mod tests {
    use super::*;
    use PixelFormat::{Mjpeg, Nv12, Yuyv};

    fn offer(pixels: PixelFormat, width: u32, height: u32, rate: u32) -> Offer {
        Offer { pixels, width, height, rate }
    }

    #[test]
    fn what_a_gate_wants() {
        // Offers, and which of them is the best.
        let table: &[(&[Offer], Option<usize>)] = &[
            // A USB 2 webcam: raw is slow at full size, JPEG is not.
            (&[offer(Yuyv, 640, 480, 30), offer(Yuyv, 1280, 720, 10), offer(Mjpeg, 1280, 720, 30)], Some(2)),
            (&[offer(Mjpeg, 1280, 720, 30), offer(Yuyv, 1280, 720, 30)], Some(1)),
            (
                &[offer(Yuyv, 3840, 2160, 30), offer(Nv12, 1280, 720, 30), offer(Mjpeg, 1920, 1080, 30)],
                Some(1),
            ),
            (&[offer(Yuyv, 640, 480, 30), offer(Yuyv, 320, 240, 30)], Some(0)),
            (&[offer(Yuyv, 1280, 720, 60), offer(Yuyv, 1280, 720, 30)], Some(1)),
            (&[offer(Mjpeg, 1920, 1080, 30), offer(Yuyv, 1920, 1080, 5)], Some(0)),
            (&[offer(Yuyv, 160, 120, 30), offer(Yuyv, 1280, 720, 1)], None),
            (&[], None),
        ];
        for (offers, best) in table {
            assert_eq!(choose(offers).0.first(), best.map(|best| &offers[best]), "{offers:?}");
        }
    }
}
