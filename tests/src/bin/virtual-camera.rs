//! A camera made of files: `virtual-camera DEVICE FOURCC WIDTH HEIGHT SECONDS PICTURES FILE` gives v4l2loopback the bytes of a
//! file as pictures, PICTURES in SECONDS, until it is ended. A file that is replaced is shown at once.
//!
//! Knows nothing of what the bytes mean.

#[cfg(target_os = "linux")]
fn main() -> std::io::Result<()> {
    use std::io::{Error, Write};
    use std::time::{Duration, Instant};
    use v4l::video::Output;
    use v4l::video::output::Parameters;
    use v4l::{Device, Format, FourCC, Fraction};

    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [device, fourcc, width, height, seconds, pictures, file] = &arguments[..] else {
        return Err(Error::other("virtual-camera DEVICE FOURCC WIDTH HEIGHT SECONDS PICTURES FILE"));
    };
    let number = |text: &str| text.parse::<u32>().map_err(|why| Error::other(format!("{text}: {why}")));
    let code = fourcc.as_bytes().try_into().map_err(|_| Error::other("a FOURCC has four letters"))?;
    let (seconds, pictures) = (number(seconds)?, number(pictures)?.max(1));

    let mut device = Device::with_path(device)?;
    // v4l2loopback goes back from a camera to a place for pictures when it is asked what it is.
    device.query_caps()?;
    let format = Format::new(number(width)?, number(height)?, FourCC::new(code));
    let got = Output::set_format(&device, &format)?;
    if (got.width, got.height, got.fourcc) != (format.width, format.height, format.fourcc) {
        return Err(Error::other(format!("the device takes another format only: {got}")));
    }
    Output::set_params(&device, &Parameters::new(Fraction::new(seconds, pictures)))?;

    let pause = Duration::from_secs(seconds.into()) / pictures;
    let (mut bytes, mut known) = (Vec::new(), None);
    loop {
        let next = Instant::now() + pause;
        let changed = std::fs::metadata(file)?.modified()?;
        if known != Some(changed) {
            bytes = std::fs::read(file)?;
            known = Some(changed);
        }
        // A driver takes a picture whole, as one write.
        let taken = device.write(&bytes)?;
        if taken != bytes.len() {
            return Err(Error::other(format!("{taken} of {} bytes were taken", bytes.len())));
        }
        std::thread::sleep(next.saturating_duration_since(Instant::now()));
    }
}

#[cfg(not(target_os = "linux"))]
fn main() {
    eprintln!("V4L2 is Linux's");
    std::process::exit(1);
}
