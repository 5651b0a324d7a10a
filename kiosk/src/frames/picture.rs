//! A picture file or its bytes as luma: JPEG, PNG or binary PGM, within bounds, whatever they hold.

use std::io::Cursor;
use std::path::Path;

use image::{ImageReader, Limits};
use qr::Frame;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::SourceError;

/// No camera's picture is a larger file.
const MAX_FILE: u64 = 64 << 20;
/// The longest side, in pixels: what a frame may have.
const MAX_SIDE: u32 = 16_384;
/// The largest picture of a camera: 48 megapixels.
const MAX_PIXELS: usize = 48_000_000;
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

/// Decodes the luma of a JPEG, as cameras send them: with more bytes behind it, and often without Huffman tables, in whose
/// place the ones of ITU-T T.81 Annex K stand then.
///
/// # Errors
/// What is wrong with it.
pub fn decode_jpeg(bytes: &[u8]) -> Result<Frame, String> {
    decode_luma(bytes).or_else(|why| {
        // The decoder fills in the tables when the picture says that it comes from a stream of such.
        let rest = bytes.strip_prefix(b"\xFF\xD8").filter(|_| !has_tables(bytes)).ok_or(why)?;
        decode_luma(&[b"\xFF\xD8\xFF\xE0\x00\x07AVI1\x00", rest].concat())
    })
}

/// Whether there is a marker of Huffman tables.
fn has_tables(jpeg: &[u8]) -> bool {
    jpeg.windows(2).any(|pair| pair == [0xFF, 0xC4])
}

fn decode_luma(bytes: &[u8]) -> Result<Frame, String> {
    let side = MAX_SIDE as usize;
    let options = DecoderOptions::default()
        .set_max_width(side)
        .set_max_height(side)
        .jpeg_set_out_colorspace(ColorSpace::Luma);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(|why| why.to_string())?;
    let (width, height) = decoder.dimensions().ok_or("no picture")?;
    if width * height > MAX_PIXELS {
        return Err(format!("{width} x {height} pixels"));
    }
    let luma = decoder.decode().map_err(|why| why.to_string())?;
    Frame::new(width, height, luma).map_err(|why| why.to_string())
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
    use image::ImageEncoder;
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

    #[test]
    fn a_cameras_jpeg_is_read_without_tables_and_with_a_tail() {
        let pixels: Vec<u8> = (0..64 * 48 * 3_u32).map(|n| (n / 40 % 200) as u8).collect();
        let mut whole = Vec::new();
        let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut whole, 90);
        encoder.write_image(&pixels, 64, 48, image::ExtendedColorType::Rgb8).unwrap();
        let wanted = decode(&whole).unwrap();
        let mut bare = Vec::new();
        let mut rest = &whole[..];
        while let Some(start) = rest.windows(2).position(|pair| pair == [0xFF, 0xC4]) {
            bare.extend_from_slice(&rest[..start]);
            let length = usize::from(u16::from_be_bytes([rest[start + 2], rest[start + 3]]));
            rest = &rest[start + 2 + length..];
        }
        bare.extend_from_slice(rest);
        assert!(!has_tables(&bare) && decode_luma(&bare).is_err());
        for jpeg in [whole.clone(), [&whole[..], &[0; 5000]].concat(), bare] {
            let found = decode_jpeg(&jpeg).unwrap();
            assert_eq!((found.width(), found.height()), (64, 48));
            let far = found.luma().iter().zip(wanted.luma()).filter(|(a, b)| a.abs_diff(**b) > 8).count();
            assert!(far < 64, "{far} pixels differ");
        }
        assert!(decode_jpeg(b"\xFF\xD8 torn").is_err());
    }

    proptest! {
        #[test]
        fn nothing_panics(start in prop::sample::select(vec![&b"P5 4 4 255\n"[..], b"\x89PNG\r\n\x1a\n", b"\xFF\xD8\xFF\xE0"]), rest in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&[start, &rest].concat());
            let _ = decode_jpeg(&[start, &rest].concat());
        }
    }
}
