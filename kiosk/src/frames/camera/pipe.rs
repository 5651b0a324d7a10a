//! How a camera's reader hands frames to the gate: width and height as big-endian numbers, then the luma. A width of 0
//! says what is wrong instead: height bytes of text.

use std::io::{self, Read, Write};

use qr::Frame;

/// The longest text.
const MAX_TEXT: usize = 4096;
/// The longest side of a camera's picture.
const MAX_SIDE: usize = 16_384;

/// What a reader sends.
#[derive(Debug)]
pub enum Message {
    /// A frame.
    Frame(Frame),
    /// Why there is none.
    Trouble(String),
}

/// Sends a frame.
///
/// # Errors
/// When nobody listens any more.
pub fn send_frame(pipe: &mut impl Write, frame: &Frame) -> io::Result<()> {
    let side = |side: usize| u32::try_from(side).map(u32::to_be_bytes).map_err(io::Error::other);
    pipe.write_all(&[side(frame.width())?, side(frame.height())?].concat())?;
    pipe.write_all(frame.luma())?;
    pipe.flush()
}

/// Says what is wrong.
///
/// # Errors
/// When nobody listens any more.
pub fn send_trouble(pipe: &mut impl Write, why: &str) -> io::Result<()> {
    let why = &why.as_bytes()[..why.len().min(MAX_TEXT)];
    let length = u32::try_from(why.len()).map_err(io::Error::other)?;
    pipe.write_all(&[[0; 4], length.to_be_bytes()].concat())?;
    pipe.write_all(why)?;
    pipe.flush()
}

/// The next message; none when the reader has ended.
pub(super) fn receive(pipe: &mut impl Read) -> io::Result<Option<Message>> {
    let mut head = [0; 8];
    match pipe.read_exact(&mut head) {
        Err(why) if why.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let number = |bytes: &[u8]| bytes.iter().fold(0_usize, |number, byte| number << 8 | usize::from(*byte));
    let (width, height) = (number(&head[..4]), number(&head[4..]));
    let wrong = || io::Error::from(io::ErrorKind::InvalidData);
    if width == 0 {
        let mut text = vec![0; Some(height).filter(|length| *length <= MAX_TEXT).ok_or_else(wrong)?];
        pipe.read_exact(&mut text)?;
        return Ok(Some(Message::Trouble(String::from_utf8_lossy(&text).into_owned())));
    }
    if width > MAX_SIDE || height > MAX_SIDE {
        return Err(wrong());
    }
    let mut luma = vec![0; width * height];
    pipe.read_exact(&mut luma)?;
    Frame::new(width, height, luma).map(|frame| Some(Message::Frame(frame))).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_back_and_scraps_are_errors() {
        let frame = Frame::new(2, 3, vec![1, 2, 3, 4, 5, 6]).unwrap();
        let mut bytes = Vec::new();
        send_frame(&mut bytes, &frame).unwrap();
        send_trouble(&mut bytes, "拔掉了").unwrap();
        let mut pipe = bytes.as_slice();
        assert!(matches!(receive(&mut pipe), Ok(Some(Message::Frame(found))) if found == frame));
        assert!(matches!(receive(&mut pipe), Ok(Some(Message::Trouble(why))) if why == "拔掉了"));
        assert!(matches!(receive(&mut pipe), Ok(None)));
        for scrap in [
            &[0, 0, 0, 1, 0, 0, 0, 9][..],
            &[255; 8],
            &[0, 0, 0, 0, 255, 255, 255, 255],
            &[0, 0, 0, 1, 0, 0, 0, 0],
        ] {
            assert!(receive(&mut &*scrap).is_err());
        }
    }
}
