//! Reading a V4L2 camera with nokhwa, in the process that does nothing else.
//!
//! The v4l crate under nokhwa lists formats and sets one before nokhwa opens the device: nokhwa reads the current mode
//! first, and fails on modes it doesn't know.

use std::io::Write;
use std::path::Path;

use nokhwa::pixel_format::LumaFormat;
use nokhwa::utils::{
    ApiBackend, CameraFormat, CameraIndex, FrameFormat, RequestedFormat, RequestedFormatType, Resolution,
};
use qr::Frame;
use v4l::frameinterval::FrameIntervalEnum;
use v4l::framesize::FrameSizeEnum;
use v4l::video::Capture;
use v4l::video::capture::Parameters;
use v4l::{Device, Format, FourCC};

use super::super::picture;
use super::choose::{Choice, Offer, PixelFormat, choose};
use super::pipe;

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

/// Every camera. Devices that give no pictures (metadata nodes of USB cameras) have no formats.
#[must_use]
pub fn list() -> Vec<Found> {
    let cameras = nokhwa::query(ApiBackend::Video4Linux).unwrap_or_default();
    let mut found: Vec<Found> = cameras
        .iter()
        .filter_map(|camera| {
            let number = camera.index().as_index().ok()?;
            Some(Found { number, name: camera.human_name(), choice: choose(&offers(number)) })
        })
        .collect();
    found.sort_by_key(|camera| camera.number);
    found
}

/// Reads the camera of this name until it fails, and hands every frame to `pipe`.
///
/// # Errors
/// Why it ended, as the driver says it.
pub fn run(name: Option<&str>, pipe: &mut impl Write) -> Result<(), String> {
    // A gate that is killed takes this process with it, also when the driver never returns.
    let signal = Some(rustix::process::Signal::KILL);
    rustix::process::set_parent_process_death_signal(signal).map_err(|why| why.to_string())?;
    let camera = pick(list(), name)?;
    let mut trouble = format!("{} has no format that can be used", camera.name);
    for offer in &camera.choice.0 {
        match open(camera.number, offer) {
            Ok(mut opened) => return stream(&mut opened, offer, pipe),
            Err(why) => trouble = format!("{}: {offer}: {why}", camera.name),
        }
    }
    Err(trouble)
}

/// The camera that a name, a number or a path means; without any, the first that gives pictures.
fn pick(cameras: Vec<Found>, name: Option<&str>) -> Result<Found, String> {
    let matches = |camera: &Found| match name {
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

fn fourcc(pixels: PixelFormat) -> FourCC {
    FourCC::new(match pixels {
        PixelFormat::Yuyv => b"YUYV",
        PixelFormat::Nv12 => b"NV12",
        PixelFormat::Mjpeg => b"MJPG",
    })
}

/// All formats of a device that can be read.
fn offers(number: u32) -> Vec<Offer> {
    let Ok(device) = Device::new(number as usize) else { return Vec::new() };
    let mut offers = Vec::new();
    let described = device.enum_formats().unwrap_or_default();
    for pixels in [PixelFormat::Yuyv, PixelFormat::Nv12, PixelFormat::Mjpeg] {
        let fourcc = fourcc(pixels);
        if !described.iter().any(|format| format.fourcc == fourcc) {
            continue;
        }
        for size in device.enum_framesizes(fourcc).unwrap_or_default() {
            let (width, height) = match size.size {
                FrameSizeEnum::Discrete(size) => (size.width, size.height),
                FrameSizeEnum::Stepwise(range) => (
                    nearest(1280, range.min_width, range.max_width, range.step_width),
                    nearest(720, range.min_height, range.max_height, range.step_height),
                ),
            };
            for interval in device.enum_frameintervals(fourcc, width, height).unwrap_or_default() {
                // An interval is seconds for one picture; nokhwa takes whole rates only.
                let rate = match interval.interval {
                    FrameIntervalEnum::Discrete(one) => whole_rate(one.numerator, one.denominator),
                    FrameIntervalEnum::Stepwise(_) => Some(30),
                };
                offers.extend(rate.map(|rate| Offer { pixels, width, height, rate }));
            }
        }
    }
    offers
}

fn nearest(wanted: u32, min: u32, max: u32, step: u32) -> u32 {
    let within = wanted.clamp(min.min(max), max);
    within - (within - min.min(within)) % step.max(1)
}

fn whole_rate(numerator: u32, denominator: u32) -> Option<u32> {
    (numerator > 0 && denominator.is_multiple_of(numerator)).then(|| denominator / numerator)
}

fn open(number: u32, offer: &Offer) -> Result<nokhwa::Camera, String> {
    let device = Device::new(number as usize).map_err(|why| why.to_string())?;
    let format = Format::new(offer.width, offer.height, fourcc(offer.pixels));
    device.set_format(&format).map_err(|why| why.to_string())?;
    // A driver without rates refuses this; nokhwa judges what it reads back.
    let _ = device.set_params(&Parameters::with_fps(offer.rate));
    drop(device);
    let pixels = match offer.pixels {
        PixelFormat::Yuyv => FrameFormat::YUYV,
        PixelFormat::Nv12 => FrameFormat::NV12,
        PixelFormat::Mjpeg => FrameFormat::MJPEG,
    };
    let exact = CameraFormat::new(Resolution::new(offer.width, offer.height), pixels, offer.rate);
    let request = RequestedFormat::new::<LumaFormat>(RequestedFormatType::Exact(exact));
    let mut camera =
        nokhwa::Camera::new(CameraIndex::Index(number), request).map_err(|why| why.to_string())?;
    camera.open_stream().map_err(|why| why.to_string())?;
    Ok(camera)
}

fn stream(camera: &mut nokhwa::Camera, offer: &Offer, pipe: &mut impl Write) -> Result<(), String> {
    let node = format!("/dev/video{}", camera.index().as_index().unwrap_or_default());
    loop {
        let bytes = camera.frame_raw().map_err(|why| why.to_string())?;
        if let Ok(frame) = luma(&bytes, offer) {
            pipe::send_frame(pipe, &frame).map_err(|why| why.to_string())?;
        }
        // Some drivers go on with empty buffers when the camera was pulled out.
        if !Path::new(&node).exists() {
            return Err("unplugged".to_owned());
        }
    }
}

/// The luma of a picture as the driver hands it over. A torn one (a cable that is moved) is an error, and passed over.
fn luma(bytes: &[u8], offer: &Offer) -> Result<Frame, String> {
    let (width, height) = (offer.width as usize, offer.height as usize);
    let short = || "a short picture".to_owned();
    let luma = match offer.pixels {
        PixelFormat::Yuyv => {
            let pixels = bytes.get(..width * height * 2).ok_or_else(short)?;
            pixels.iter().step_by(2).copied().collect()
        }
        PixelFormat::Nv12 => bytes.get(..width * height).ok_or_else(short)?.to_vec(),
        // The buffer is the whole mapping, and the picture ends before it does.
        PixelFormat::Mjpeg => return picture::decode(bytes),
    };
    Frame::new(width, height, luma).map_err(|why| why.to_string())
}

/// Runs the reader: what goes wrong is said over the pipe.
pub fn serve(name: Option<&str>, pipe: &mut impl Write) {
    if let Err(why) = run(name, pipe) {
        // When nobody listens any more, nobody wants to know.
        let _ = pipe::send_trouble(pipe, &why);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn luma_is_taken_as_it_stands() {
        let offer = |pixels| Offer { pixels, width: 2, height: 2, rate: 30 };
        let yuyv = [10, 0, 20, 0, 30, 0, 40, 0, 99];
        assert_eq!(luma(&yuyv, &offer(PixelFormat::Yuyv)).unwrap().luma(), [10, 20, 30, 40]);
        assert_eq!(luma(&[1, 2, 3, 4, 128, 128], &offer(PixelFormat::Nv12)).unwrap().luma(), [1, 2, 3, 4]);
        assert!(luma(&yuyv[..7], &offer(PixelFormat::Yuyv)).is_err());
        assert!(luma(b"\xFF\xD8 torn", &offer(PixelFormat::Mjpeg)).is_err());
    }

    #[test]
    fn sizes_that_come_in_steps_and_rates_that_are_fractions() {
        assert_eq!(nearest(1280, 48, 3840, 8), 1280);
        assert_eq!(nearest(720, 32, 480, 8), 480);
        assert_eq!(nearest(1280, 1920, 3840, 8), 1920);
        assert_eq!(whole_rate(1, 30), Some(30));
        assert_eq!(whole_rate(2, 60), Some(30));
        assert_eq!(whole_rate(1001, 30000), None);
        assert_eq!(whole_rate(2, 25), None);
        assert_eq!(whole_rate(0, 30), None);
    }

    #[test]
    fn cameras_are_found_by_name_number_and_path() {
        let camera = |number, name: &str, usable| Found {
            number,
            name: name.into(),
            choice: choose(if usable {
                &[Offer { pixels: PixelFormat::Yuyv, width: 640, height: 480, rate: 30 }]
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
    }
}
