//! A picture file or its bytes as luma: JPEG, PNG or binary PGM, within bounds, whatever they hold.

use std::io::Cursor;
use std::path::Path;

use image::{ImageReader, Limits};
use qr::Frame;

use super::SourceError;

/// No camera's picture is a larger file.
const MAX_FILE: u64 = 64 << 20;
/// The longest side, in pixels: what a frame may have.
const MAX_SIDE: u32 = 16_384;
/// Memory for decoding: room for a 48-megapixel picture in colour.
const MAX_MEMORY: u64 = 256 << 20;

/// Reads a picture file.
///
/// # Errors
/// [`SourceError`] when it can't be read, is too large or is no picture.
pub fn read(path: &Path) -> Result<Frame, SourceError> {
    let disk = |why| SourceError::Disk { path: path.to_owned(), why };
    let about = std::fs::metadata(path).map_err(disk)?;
    if !about.is_file() || about.len() > MAX_FILE {
        let what = "not a file, or larger than any picture".to_owned();
        return Err(SourceError::Form { path: path.to_owned(), what });
    }
    let bytes = std::fs::read(path).map_err(disk)?;
    decode(&bytes).map_err(|what| SourceError::Form { path: path.to_owned(), what })
}

/// Decodes a picture.
///
/// # Errors
/// What is wrong with it.
pub fn decode(bytes: &[u8]) -> Result<Frame, String> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_MEMORY);
    let mut reader =
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|why| why.to_string())?;
    reader.limits(limits);
    let picture = reader.decode().map_err(|why| why.to_string())?;
    Frame::try_from(picture.into_luma8()).map_err(|why| why.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_binary_pgm_is_read_as_it_stands() {
        let frame = decode(b"P5 3 2 255\n\x01\x02\x03\x04\x05\x06").unwrap();
        assert_eq!((frame.width(), frame.height(), frame.luma()), (3, 2, &[1, 2, 3, 4, 5, 6][..]));
    }

    #[test]
    fn bombs_and_scraps_are_errors() {
        for bytes in [&b""[..], b"P5", b"P5 99999 99999 255\n", b"P5 16384 16384 255\nx", b"\xFF\xD8\xFF\xD9"]
        {
            assert!(decode(bytes).is_err());
        }
        assert!(read(Path::new("/")).is_err());
    }

    proptest! {
        #[test]
        fn nothing_panics(start in prop::sample::select(vec![&b"P5 4 4 255\n"[..], b"\x89PNG\r\n\x1a\n", b"\xFF\xD8\xFF\xE0"]), rest in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&[start, &rest].concat());
        }
    }
}
