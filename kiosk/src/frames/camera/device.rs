//! V4L2 devices: which there are, what they offer, and how one is opened.
//!
//! nokhwa reads them where it can. It can't where a driver gives GREY (nokhwa asks for a name that V4L2 doesn't know), a rate
//! that is no whole number, or sizes as a range, as the camera modules of small boards do: there the v4l crate under it is
//! used. That one also lists formats, and sets the one wanted before nokhwa opens the device: nokhwa reads the current
//! mode first, and fails on modes it doesn't know.

use std::path::Path;

use nokhwa::pixel_format::LumaFormat;
use nokhwa::utils::{
    CameraFormat, CameraIndex, FrameFormat, RequestedFormat, RequestedFormatType, Resolution,
};
use v4l::buffer::{Flags, Type};
use v4l::frameinterval::FrameIntervalEnum;
use v4l::framesize::FrameSizeEnum;
use v4l::io::mmap::Stream as MmapStream;
use v4l::io::traits::CaptureStream;
use v4l::video::Capture;
use v4l::video::capture::Parameters;
use v4l::{Device, Format, FourCC, Fraction};

use super::choose::{Choice, Offer, PixelFormat, Rate, choose};

/// Buffers that the driver fills in turn: one is looked at, one is being filled, the others bridge a pause.
const BUFFERS: u32 = 4;

/// A camera that was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// N of /dev/videoN.
    pub number: u32,
    /// What the driver calls it.
    pub name: String,
    /// Its formats that can be used, the best first.
    pub choice: Choice,
}

/// Every camera, in the order of their numbers. Devices that give no pictures (metadata nodes of USB cameras) have no formats.
#[must_use]
pub fn list() -> Vec<Found> {
    let nodes = std::fs::read_dir("/sys/class/video4linux").into_iter().flatten().flatten();
    let mut found: Vec<Found> = nodes
        .filter_map(|node| {
            let number = node.file_name().to_str()?.strip_prefix("video")?.parse().ok()?;
            let name = std::fs::read(node.path().join("name")).unwrap_or_default();
            let name = String::from_utf8_lossy(&name).trim().to_owned();
            Some(Found { number, name, choice: choose(&offers(number)) })
        })
        .collect();
    found.sort_by_key(|camera| camera.number);
    found
}

/// The camera that a name, a number or a path means; without any, the first that gives pictures.
pub(super) fn pick(cameras: Vec<Found>, name: Option<&str>) -> Result<Found, String> {
    // Links below /dev/v4l/by-id and by-path tell cameras of one kind apart.
    let resolved =
        name.filter(|name| name.starts_with('/')).and_then(|path| Path::new(path).canonicalize().ok());
    let node = resolved.as_deref().and_then(Path::to_str).or(name);
    let matches = |camera: &Found| match node {
        None => !camera.choice.0.is_empty(),
        Some(name) => {
            let number = name.strip_prefix("/dev/video").unwrap_or(name);
            number.parse() == Ok(camera.number)
                || camera.name.to_lowercase().contains(&name.to_lowercase()) && !camera.choice.0.is_empty()
        }
    };
    let found = cameras.into_iter().find(matches);
    found.ok_or_else(|| match name {
        Some(name) => format!("no camera is called {name}"),
        None => "no camera".to_owned(),
    })
}

/// All formats of a device that can be read.
fn offers(number: u32) -> Vec<Offer> {
    let Ok(device) = Device::new(number as usize) else { return Vec::new() };
    let described = device.enum_formats().unwrap_or_default();
    let known = PixelFormat::ALL.into_iter().filter(|pixels| {
        let fourcc = FourCC::new(pixels.fourcc());
        described.iter().any(|format| format.fourcc == fourcc)
    });
    known.flat_map(|pixels| offers_of(&device, pixels)).collect()
}

fn offers_of(device: &Device, pixels: PixelFormat) -> Vec<Offer> {
    let fourcc = FourCC::new(pixels.fourcc());
    let mut sizes: Vec<(u32, u32, bool)> = device
        .enum_framesizes(fourcc)
        .unwrap_or_default()
        .into_iter()
        .map(|size| match size.size {
            FrameSizeEnum::Discrete(size) => (size.width, size.height, true),
            FrameSizeEnum::Stepwise(range) => (
                nearest(1280, range.min_width, range.max_width, range.step_width),
                nearest(720, range.min_height, range.max_height, range.step_height),
                false,
            ),
        })
        .collect();
    if sizes.is_empty() {
        // A driver that lists none has the one it is set to.
        sizes.extend(device.format().ok().map(|format| (format.width, format.height, false)));
    }
    let mut offers = Vec::new();
    for (width, height, is_listed) in sizes {
        let intervals = device.enum_frameintervals(fourcc, width, height).unwrap_or_default();
        let rates = intervals.iter().filter_map(|interval| match &interval.interval {
            // An interval is the seconds of one picture.
            FrameIntervalEnum::Discrete(one) => Rate::new(one.denominator, one.numerator),
            FrameIntervalEnum::Stepwise(range) => {
                let (fastest, slowest) = (&range.min, &range.max);
                rate_within(
                    Rate::new(slowest.denominator, slowest.numerator)?,
                    Rate::new(fastest.denominator, fastest.numerator)?,
                )
            }
        });
        let offer = |rate| Offer { pixels, width, height, rate, is_listed };
        let before = offers.len();
        offers.extend(rates.map(|rate| offer(Some(rate))));
        if offers.len() == before {
            offers.push(offer(None));
        }
    }
    offers
}

fn nearest(wanted: u32, min: u32, max: u32, step: u32) -> u32 {
    let within = wanted.clamp(min.min(max), max);
    within - (within - min.min(within)) % step.max(1)
}

/// 30 pictures a second, or what comes nearest to them.
fn rate_within(slowest: Rate, fastest: Rate) -> Option<Rate> {
    let at_most_30 = |rate: Rate| u64::from(rate.pictures) <= 30 * u64::from(rate.seconds);
    if at_most_30(fastest) {
        Some(fastest)
    } else if at_most_30(slowest) {
        Rate::new(30, 1)
    } else {
        Some(slowest)
    }
}

/// A device that gives pictures.
pub(super) struct Opened {
    stream: Stream,
    /// How its pictures are laid out.
    pub(super) layout: Layout,
}

/// What it takes to find luma in a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) pixels: PixelFormat,
    pub(super) width: usize,
    pub(super) height: usize,
    /// Bytes from one row to the next; some drivers pad.
    pub(super) stride: usize,
}

enum Stream {
    Nokhwa(nokhwa::Camera),
    Plain(MmapStream<'static>),
}

/// Opens a camera in this format.
pub(super) fn open(number: u32, offer: &Offer) -> Result<Opened, String> {
    let told = |why: std::io::Error| why.to_string();
    let device = Device::new(number as usize).map_err(told)?;
    let wanted = FourCC::new(offer.pixels.fourcc());
    device.set_format(&Format::new(offer.width, offer.height, wanted)).map_err(told)?;
    if let Some(rate) = offer.rate {
        // A driver without rates refuses this, and has its own.
        let _ = device.set_params(&Parameters::new(Fraction::new(rate.seconds, rate.pictures)));
    }
    let stream = match for_nokhwa(offer) {
        Some(format) => {
            drop(device);
            let request = RequestedFormat::new::<LumaFormat>(RequestedFormatType::Exact(format));
            let camera = nokhwa::Camera::new(CameraIndex::Index(number), request);
            let mut camera = camera.map_err(|why| why.to_string())?;
            camera.open_stream().map_err(|why| why.to_string())?;
            Stream::Nokhwa(camera)
        }
        None => Stream::Plain(MmapStream::with_buffers(&device, Type::VideoCapture, BUFFERS).map_err(told)?),
    };
    let got = Device::new(number as usize).and_then(|device| device.format()).map_err(told)?;
    if got.fourcc != wanted {
        return Err(format!("it gives {} instead", got.fourcc));
    }
    let (width, height) = (got.width as usize, got.height as usize);
    let row = match offer.pixels {
        PixelFormat::Yuyv | PixelFormat::Uyvy => 2 * width,
        _ => width,
    };
    let layout = Layout { pixels: offer.pixels, width, height, stride: row.max(got.stride as usize) };
    Ok(Opened { stream, layout })
}

/// The format as nokhwa is asked for it; none when nokhwa can't.
fn for_nokhwa(offer: &Offer) -> Option<CameraFormat> {
    let pixels = match offer.pixels {
        PixelFormat::Yuyv => FrameFormat::YUYV,
        PixelFormat::Nv12 => FrameFormat::NV12,
        PixelFormat::Mjpeg => FrameFormat::MJPEG,
        _ => return None,
    };
    let rate = offer.rate.filter(|rate| offer.is_listed && rate.seconds == 1)?;
    Some(CameraFormat::new(Resolution::new(offer.width, offer.height), pixels, rate.pictures))
}

impl Opened {
    /// Waits for the next picture, for ever when none comes, and hands its bytes to `look`. One that the driver itself calls
    /// damaged is none.
    pub(super) fn next<T>(&mut self, look: impl FnOnce(&[u8]) -> T) -> Result<Option<T>, String> {
        match &mut self.stream {
            Stream::Nokhwa(camera) => {
                camera.frame_raw().map(|bytes| Some(look(&bytes))).map_err(|why| why.to_string())
            }
            Stream::Plain(stream) => {
                let (bytes, about) = stream.next().map_err(|why| why.to_string())?;
                let used = bytes.get(..about.bytesused as usize).unwrap_or(bytes);
                Ok((!about.flags.contains(Flags::ERROR)).then(|| look(used)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_rates_that_come_as_a_range() {
        assert_eq!(nearest(1280, 48, 3840, 8), 1280);
        assert_eq!(nearest(720, 32, 480, 8), 480);
        assert_eq!(nearest(1280, 1920, 3840, 8), 1920);
        let rate = |pictures, seconds| Rate::new(pictures, seconds).unwrap();
        assert_eq!(rate_within(rate(1, 1), rate(90, 1)), Rate::new(30, 1));
        assert_eq!(rate_within(rate(1, 1), rate(25, 2)), Rate::new(25, 2));
        assert_eq!(rate_within(rate(60, 1), rate(90, 1)), Rate::new(60, 1));
    }

    #[test]
    fn nokhwa_is_asked_for_what_it_can() {
        let offer = |pixels, rate, is_listed| Offer { pixels, width: 640, height: 480, rate, is_listed };
        let (whole, odd) = (Rate::new(30, 1), Rate::new(25, 2));
        for (offer, can) in [
            (offer(PixelFormat::Yuyv, whole, true), true),
            (offer(PixelFormat::Mjpeg, whole, true), true),
            (offer(PixelFormat::Grey, whole, true), false),
            (offer(PixelFormat::Yuyv, odd, true), false),
            (offer(PixelFormat::Yuyv, None, true), false),
            (offer(PixelFormat::Nv12, whole, false), false),
        ] {
            assert_eq!(for_nokhwa(&offer).is_some(), can, "{offer:?}");
        }
    }

    #[test]
    fn cameras_are_found_by_name_number_and_path() {
        let camera = |number, name: &str, usable| Found {
            number,
            name: name.into(),
            choice: choose(if usable {
                &[Offer { pixels: PixelFormat::Yuyv, width: 640, height: 480, rate: None, is_listed: true }]
            } else {
                &[]
            }),
        };
        let all =
            || vec![camera(0, "Metadata", false), camera(1, "HD Webcam", true), camera(2, "HD Webcam", true)];
        for (name, number) in
            [(None, 1), (Some("webcam"), 1), (Some("2"), 2), (Some("/dev/video2"), 2), (Some("0"), 0)]
        {
            assert_eq!(pick(all(), name).unwrap().number, number, "{name:?}");
        }
        assert!(pick(all(), Some("doorbell")).is_err());
        assert!(pick(Vec::new(), None).is_err());
        // A link, as udev makes them.
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("gate");
        std::os::unix::fs::symlink("/dev/null", &link).unwrap();
        assert!(pick(all(), link.to_str()).is_err());
    }
}
