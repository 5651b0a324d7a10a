//! Reading a V4L2 camera, in the process that does nothing else: `kiosk camera-frames`.

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use qr::Frame;

use super::super::picture;
use super::choose::PixelFormat;
use super::controls;
use super::device::{Layout, Opened, list, open, pick};
use super::lens::Lens;
use super::pipe;

/// A camera all of whose pictures are torn for so long is started over. Shorter than what the gate takes for a stall, so that
/// the reason is told.
const TORN: Duration = Duration::from_secs(2);

/// So many of its formats are tried: a camera that refuses them is busy or broken.
const TRIES: usize = 6;

/// Reads the camera of this name until it fails, and hands every frame to `pipe`; what went wrong is said there as well.
pub fn serve(name: Option<&str>, lens: &Lens, pipe: &mut impl Write) {
    if let Err(why) = run(name, lens, pipe) {
        // When nobody listens any more, nobody wants to know.
        let _ = pipe::send_trouble(pipe, &why);
    }
}

fn run(name: Option<&str>, lens: &Lens, pipe: &mut impl Write) -> Result<(), String> {
    // A gate that is killed takes this process with it, also when the driver never returns.
    let signal = Some(rustix::process::Signal::KILL);
    rustix::process::set_parent_process_death_signal(signal).map_err(|why| why.to_string())?;
    let camera = pick(list(), name)?;
    let mut trouble = format!("{} has no format that can be used", camera.name);
    for offer in camera.choice.0.iter().take(TRIES) {
        match open(camera.number, offer) {
            Ok(mut opened) => {
                let ended = controls::apply(camera.number, lens).and_then(|()| {
                    tracing::info!(camera = camera.name, %offer, "camera opened");
                    stream(camera.number, &mut opened, pipe)
                });
                // The driver's crate panics when a stream that has failed can't be stopped. This process ends now.
                std::mem::forget(opened);
                return ended.map_err(|why| format!("{}: {why}", camera.name));
            }
            Err(why) => trouble = format!("{}: {offer}: {why}", camera.name),
        }
    }
    Err(trouble)
}

fn stream(number: u32, opened: &mut Opened, pipe: &mut impl Write) -> Result<(), String> {
    let node = format!("/dev/video{number}");
    let layout = opened.layout;
    let mut good = Instant::now();
    loop {
        match opened.next(|bytes| luma(bytes, &layout))? {
            Some(Ok(frame)) => {
                pipe::send_frame(pipe, &frame).map_err(|why| why.to_string())?;
                good = Instant::now();
            }
            // A torn picture (a cable that is moved) is passed over.
            Some(Err(why)) if good.elapsed() > TORN => return Err(format!("damaged pictures: {why}")),
            None if good.elapsed() > TORN => return Err("damaged pictures".to_owned()),
            Some(Err(_)) | None => {}
        }
        // Some drivers go on with empty buffers when the camera was pulled out.
        if !Path::new(&node).exists() {
            return Err("unplugged".to_owned());
        }
    }
}

/// The luma of a picture as the driver hands it over; no other channel is looked at.
fn luma(bytes: &[u8], layout: &Layout) -> Result<Frame, String> {
    let Layout { pixels, width, height, stride } = *layout;
    let (step, first) = match pixels {
        // The buffer may be the whole mapping, and the picture end before it does.
        PixelFormat::Mjpeg => return picture::decode_jpeg(bytes),
        PixelFormat::Yuyv => (2, 0),
        PixelFormat::Uyvy => (2, 1),
        PixelFormat::Grey | PixelFormat::Nv12 | PixelFormat::Nv21 | PixelFormat::Yu12 => (1, 0),
    };
    let mut luma = Vec::with_capacity(width * height);
    for row in 0..height {
        let start = row * stride;
        let row = bytes.get(start..start + width * step).ok_or("a short picture")?;
        if step == 1 {
            luma.extend_from_slice(row);
        } else {
            luma.extend(row.chunks_exact(2).map(|pair| pair[first]));
        }
    }
    Frame::new(width, height, luma).map_err(|why| why.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn luma_is_taken_as_it_stands() {
        let layout = |pixels, stride| Layout { pixels, width: 2, height: 2, stride };
        let yuyv = [10, 0, 20, 0, 30, 0, 40, 0, 99];
        for (bytes, pixels, stride, wanted) in [
            (&yuyv[..], PixelFormat::Yuyv, 4, Some([10, 20, 30, 40])),
            (&[10, 0, 20, 0, 9, 9, 30, 0, 40, 0], PixelFormat::Yuyv, 6, Some([10, 20, 30, 40])),
            (&[0, 10, 0, 20, 0, 30, 0, 40], PixelFormat::Uyvy, 4, Some([10, 20, 30, 40])),
            (&[1, 2, 3, 4, 128, 128], PixelFormat::Nv12, 2, Some([1, 2, 3, 4])),
            (&[1, 2, 9, 9, 3, 4], PixelFormat::Grey, 4, Some([1, 2, 3, 4])),
            (&yuyv[..7], PixelFormat::Yuyv, 4, None),
            (&[1, 2, 9, 9, 3], PixelFormat::Grey, 4, None),
            (b"\xFF\xD8 torn", PixelFormat::Mjpeg, 0, None),
        ] {
            let found = luma(bytes, &layout(pixels, stride)).ok();
            assert_eq!(found.as_ref().map(Frame::luma), wanted.as_ref().map(|luma| &luma[..]), "{pixels:?}");
        }
    }
}
