//! Video files: YUV4MPEG2 (.y4m) and concatenated JPEGs (.mjpeg) read here, everything else through `ffmpeg`.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use qr::Frame;

use super::{SourceError, Step, picture};

/// The longest header line of a .y4m file.
const MAX_LINE: u64 = 1024;
/// The largest plane or JPEG of one frame.
const MAX_FRAME: usize = 64 << 20;
/// An .mjpeg file does not say how fast it is; this is what browsers take it for.
const MJPEG_RATE: f64 = 30.0;

/// A video file.
#[derive(Debug)]
pub struct Video {
    path: PathBuf,
    form: Form,
    input: BufReader<Input>,
    /// Frames a second.
    rate: f64,
    given: u32,
}

#[derive(Debug)]
enum Form {
    Y4m { width: usize, height: usize, chroma: usize },
    Mjpeg,
}

#[derive(Debug)]
enum Input {
    File(File),
    Ffmpeg(Child),
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(buffer),
            Self::Ffmpeg(child) => child.stdout.as_mut().map_or(Ok(0), |stdout| stdout.read(buffer)),
        }
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        if let Self::Ffmpeg(child) = self {
            // It may have ended by itself; then there is nothing to stop.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Video {
    /// Opens a video file.
    ///
    /// # Errors
    /// [`SourceError`], [`SourceError::NeedsProgram`] when it takes `ffmpeg` and that isn't there.
    pub fn open(path: &Path) -> Result<Self, SourceError> {
        let disk = |why| SourceError::Disk { path: path.to_owned(), why };
        let file = File::open(path).map_err(disk)?;
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let (input, mjpeg) = match ending.to_ascii_lowercase().as_str() {
            "y4m" => (Input::File(file), false),
            "mjpeg" | "mjpg" => (Input::File(file), true),
            _ => (Input::Ffmpeg(ffmpeg(path)?), false),
        };
        let mut input = BufReader::new(input);
        let (form, rate) = if mjpeg {
            (Form::Mjpeg, MJPEG_RATE)
        } else {
            let line = line(&mut input).map_err(disk)?.unwrap_or_default();
            y4m_header(&line).map_err(|what| SourceError::Form { path: path.to_owned(), what })?
        };
        Ok(Self { path: path.to_owned(), form, input, rate, given: 0 })
    }

    /// The next frame. A file that ends within one is an error.
    pub(super) fn step(&mut self) -> Result<Step, SourceError> {
        let frame = match self.form {
            Form::Y4m { width, height, chroma } => y4m_frame(&mut self.input, width, height, chroma),
            Form::Mjpeg => mjpeg_frame(&mut self.input),
        };
        let frame = frame.map_err(|what| SourceError::Form { path: self.path.clone(), what })?;
        let Some(frame) = frame else { return Ok(Step::End) };
        let at = Duration::from_secs_f64(f64::from(self.given) / self.rate);
        self.given += 1;
        Ok(Step::Frame { frame, at })
    }
}

fn ffmpeg(path: &Path) -> Result<Child, SourceError> {
    let mut command = Command::new("ffmpeg");
    command.args(["-nostdin", "-loglevel", "error", "-i"]).arg(path);
    command.args(["-an", "-pix_fmt", "gray", "-strict", "-1", "-f", "yuv4mpegpipe", "-"]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().map_err(|why| match why.kind() {
        io::ErrorKind::NotFound => SourceError::NeedsProgram { program: "ffmpeg", package: "ffmpeg" },
        _ => SourceError::Disk { path: path.to_owned(), why },
    })
}

/// A line without its end; none at the end of the file.
fn line(input: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    if input.take(MAX_LINE).read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    Ok(Some(String::from_utf8_lossy(&bytes).trim_end_matches('\n').to_owned()))
}

/// Size, bytes of chroma in each frame, and rate (yuv4mpeg(5)).
fn y4m_header(line: &str) -> Result<(Form, f64), String> {
    let mut words = line.split(' ');
    if words.next() != Some("YUV4MPEG2") {
        return Err("not a YUV4MPEG2 file".into());
    }
    let (mut width, mut height, mut rate, mut colour) = (0_usize, 0_usize, 25.0, "420");
    for word in words {
        let Some((tag, value)) = word.split_at_checked(1) else { continue };
        match tag {
            "W" => width = value.parse().unwrap_or(0),
            "H" => height = value.parse().unwrap_or(0),
            "F" => rate = ratio(value).unwrap_or(rate),
            "C" => colour = value,
            _ => {}
        }
    }
    if !(1..=16_384).contains(&width) || !(1..=16_384).contains(&height) {
        return Err(format!("a size of {width} x {height}"));
    }
    let (half_width, half_height) = (width.div_ceil(2), height.div_ceil(2));
    let chroma = match colour {
        "420" | "420jpeg" | "420mpeg2" | "420paldv" => 2 * half_width * half_height,
        "422" => 2 * half_width * height,
        "444" => 2 * width * height,
        "mono" => 0,
        other => return Err(format!("the colour space {other}; it takes 8 bits, 420, 422, 444 or mono")),
    };
    Ok((Form::Y4m { width, height, chroma }, rate))
}

fn ratio(text: &str) -> Option<f64> {
    let (over, under) = text.split_once(':')?;
    let rate = over.parse::<u32>().ok().map(f64::from)? / under.parse::<u32>().ok().map(f64::from)?;
    (rate.is_finite() && rate > 0.01).then_some(rate)
}

fn y4m_frame(
    input: &mut impl BufRead,
    width: usize,
    height: usize,
    chroma: usize,
) -> Result<Option<Frame>, String> {
    let Some(header) = line(input).map_err(|why| why.to_string())? else { return Ok(None) };
    if header != "FRAME" && !header.starts_with("FRAME ") {
        return Err("a frame that does not begin with FRAME".into());
    }
    let mut luma = vec![0; width * height];
    input.read_exact(&mut luma).map_err(|_| "it ends within a frame".to_owned())?;
    let skipped = io::copy(&mut input.take(chroma as u64), &mut io::sink()).map_err(|why| why.to_string())?;
    if skipped != chroma as u64 {
        return Err("it ends within a frame".into());
    }
    Frame::new(width, height, luma).map(Some).map_err(|why| why.to_string())
}

fn mjpeg_frame(input: &mut impl BufRead) -> Result<Option<Frame>, String> {
    match next_jpeg(input).map_err(|why| why.to_string())? {
        Some(bytes) => picture::decode(&bytes).map(Some),
        None => Ok(None),
    }
}

/// The next JPEG, from its SOI to its EOI (ITU-T T.81 annex B): segments are skipped by their length, so that a preview
/// inside one does not end it.
fn next_jpeg(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut previous = 0;
    loop {
        let Some(byte) = byte(input)? else { return Ok(None) };
        if (previous, byte) == (0xFF, 0xD8) {
            break;
        }
        previous = byte;
    }
    let mut jpeg = vec![0xFF, 0xD8];
    let mut in_scan = false;
    while jpeg.len() < MAX_FRAME {
        let Some(first) = byte(input)? else { break };
        jpeg.push(first);
        if first != 0xFF {
            // Between segments nothing but markers may stand; whatever it is, the decoder judges it.
            continue;
        }
        let mut marker = 0xFF;
        while marker == 0xFF {
            let Some(next) = byte(input)? else { return Ok(Some(jpeg)) };
            marker = next;
            jpeg.push(marker);
        }
        match marker {
            0xD9 => return Ok(Some(jpeg)),
            0x00 if in_scan => {}
            0x01 | 0xD0..=0xD8 => {}
            _ => {
                let (Some(high), Some(low)) = (byte(input)?, byte(input)?) else { break };
                jpeg.extend([high, low]);
                let length = u64::from(u16::from_be_bytes([high, low])).saturating_sub(2);
                input.take(length).read_to_end(&mut jpeg)?;
                in_scan = marker == 0xDA;
            }
        }
    }
    Ok(Some(jpeg))
}

fn byte(input: &mut impl BufRead) -> io::Result<Option<u8>> {
    let found = input.fill_buf()?.first().copied();
    input.consume(usize::from(found.is_some()));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn frames(name: &str, bytes: &[u8]) -> Result<Vec<(usize, usize, u8, u128)>, SourceError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let mut video = Video::open(&path)?;
        let mut seen = Vec::new();
        while let Step::Frame { frame, at } = video.step()? {
            seen.push((frame.width(), frame.height(), frame.luma()[0], at.as_millis()));
        }
        Ok(seen)
    }

    fn jpeg(value: u8) -> Vec<u8> {
        let mut bytes = Vec::new();
        let encoder = image::codecs::jpeg::JpegEncoder::new(&mut bytes);
        image::ImageEncoder::write_image(encoder, &[value; 64], 8, 8, image::ExtendedColorType::L8).unwrap();
        bytes
    }

    #[test]
    fn luma_of_y4m_in_every_colour_space() {
        for (colour, chroma) in [("", 4), (" C420jpeg", 4), (" C422", 6), (" C444", 12), (" Cmono", 0)] {
            let mut bytes = format!("YUV4MPEG2 W2 H3 F10:1 Ip A1:1{colour}\n").into_bytes();
            for (value, header) in [(7, "FRAME\n"), (9, "FRAME Ip\n")] {
                bytes.extend(header.bytes());
                bytes.extend([value; 6]);
                bytes.extend(vec![128; chroma]);
            }
            let seen = frames("a.y4m", &bytes).unwrap();
            assert_eq!(seen, [(2, 3, 7, 0), (2, 3, 9, 100)], "{colour}");
            assert!(frames("a.y4m", &bytes[..bytes.len() - 1]).is_err(), "{colour}");
        }
    }

    #[test]
    fn jpegs_one_after_the_other() {
        // A preview within an application segment must not end the picture.
        let mut with_preview = jpeg(200);
        with_preview.splice(2..2, [0xFF, 0xE5, 0x00, 0x06, 0xFF, 0xD8, 0xFF, 0xD9]);
        let bytes = [jpeg(10), b"junk".to_vec(), with_preview, vec![0; 9]].concat();
        let seen = frames("a.mjpeg", &bytes).unwrap();
        assert_eq!(seen.iter().map(|frame| (frame.2, frame.3)).collect::<Vec<_>>(), [(10, 0), (200, 33)]);
    }

    #[test]
    fn other_headers_are_errors() {
        for header in
            ["", "P5 2 2", "YUV4MPEG2 W2 H3 C420p10\n", "YUV4MPEG2 W0 H3\n", "YUV4MPEG2 W99999 H3\n"]
        {
            assert!(frames("a.y4m", header.as_bytes()).is_err(), "{header}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(name in prop::sample::select(vec!["a.y4m", "a.mjpeg"]), start in prop::sample::select(vec![&b""[..], b"YUV4MPEG2 W2 H2\nFRAME\n", b"\xFF\xD8\xFF\xE1"]), rest in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = frames(name, &[start, &rest].concat());
        }
    }
}
