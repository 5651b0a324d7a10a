//! An endless multipart answer (`multipart/x-mixed-replace`, MJPEG) taken apart into its pictures. Pure, bounded, strict.

/// No camera's picture has more bytes.
pub(super) const MAX_PICTURE: usize = 8 << 20;
/// Longest boundary (RFC 2046 §5.1.1 says 70; cameras add hyphens).
const MAX_BOUNDARY: usize = 80;
/// Longest line, and most lines before a picture.
const MAX_LINE: usize = 1024;
const MAX_LINES: usize = 32;

/// Why a stream is not what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Wrong {
    #[error("its stream has no boundary that can be used")]
    Boundary,
    #[error("its stream does not keep to its boundary")]
    Form,
    #[error("a picture of its stream is too large")]
    TooLarge,
}

/// A stream of parts.
#[derive(Debug)]
pub(super) struct Parts {
    /// As it stands on its line, with its hyphens.
    boundary: Vec<u8>,
    buffer: Vec<u8>,
    /// How far the buffer was searched for the end of a picture.
    searched: usize,
    place: Place,
}

#[derive(Clone, Copy, Debug)]
enum Place {
    /// Before a boundary, after so many lines.
    Before { lines: usize },
    /// Among the fields of a part.
    Fields { lines: usize, length: Option<usize>, picture: bool },
    /// In the part.
    Inside { length: Option<usize>, picture: bool },
    /// After a part: the line end that belongs to the next boundary (RFC 2046 §5.1.1), and one that some cameras add.
    After { blank: usize },
    /// After the last boundary.
    Ended,
}

impl Parts {
    /// For the content type of an answer; none when it is no multipart stream.
    ///
    /// # Errors
    /// [`Wrong::Boundary`].
    pub(super) fn of_type(content: &str) -> Result<Option<Self>, Wrong> {
        let (kind, parameters) = content.split_once(';').unwrap_or((content, ""));
        if !kind.trim().eq_ignore_ascii_case("multipart/x-mixed-replace") {
            return Ok(None);
        }
        let parameter = |parameter: &str| {
            let (name, value) = parameter.split_once('=')?;
            name.trim().eq_ignore_ascii_case("boundary").then(|| value.trim().trim_matches('"').to_owned())
        };
        let boundary = parameters.split(';').find_map(parameter).ok_or(Wrong::Boundary)?;
        // Many cameras count the hyphens of the line to the boundary.
        let bare = boundary.trim_start_matches("--");
        if bare.is_empty()
            || boundary.len() > MAX_BOUNDARY
            || !bare.bytes().all(|byte| byte.is_ascii_graphic())
        {
            return Err(Wrong::Boundary);
        }
        let line = if boundary.starts_with("--") { boundary } else { format!("--{boundary}") };
        let place = Place::Before { lines: 0 };
        Ok(Some(Self { boundary: line.into_bytes(), buffer: Vec::new(), searched: 0, place }))
    }

    /// More of the stream.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole picture that was pushed.
    ///
    /// # Errors
    /// [`Wrong`]; the stream is of no use then.
    pub(super) fn next(&mut self) -> Result<Option<Vec<u8>>, Wrong> {
        loop {
            match self.place {
                Place::Ended => return Ok(None),
                Place::Before { lines } => {
                    let Some(line) = self.line()? else { return Ok(None) };
                    self.place = match self.after_boundary(&line) {
                        Some(place) => place,
                        None if lines < MAX_LINES => Place::Before { lines: lines + 1 },
                        None => return Err(Wrong::Form),
                    };
                }
                Place::After { blank } => {
                    let Some(line) = self.line()? else { return Ok(None) };
                    self.place = match self.after_boundary(&line) {
                        Some(place) => place,
                        None if line.is_empty() && blank < 2 => Place::After { blank: blank + 1 },
                        None => return Err(Wrong::Form),
                    };
                }
                Place::Fields { lines, length, picture } => {
                    let Some(line) = self.line()? else { return Ok(None) };
                    if line.is_empty() {
                        self.place = Place::Inside { length, picture };
                        continue;
                    }
                    let line = std::str::from_utf8(&line).map_err(|_| Wrong::Form)?;
                    let (name, value) = line.split_once(':').ok_or(Wrong::Form)?;
                    let (mut length, mut picture) = (length, picture);
                    match name.trim().to_ascii_lowercase().as_str() {
                        "content-length" => {
                            let told = value.trim().parse().map_err(|_| Wrong::Form)?;
                            length = Some(told);
                            if told > MAX_PICTURE {
                                return Err(Wrong::TooLarge);
                            }
                        }
                        "content-type" => {
                            let value = value.trim().to_ascii_lowercase();
                            picture = value.starts_with("image/jpeg") || value.starts_with("image/jpg");
                        }
                        _ => {}
                    }
                    if lines >= MAX_LINES {
                        return Err(Wrong::Form);
                    }
                    self.place = Place::Fields { lines: lines + 1, length, picture };
                }
                Place::Inside { length, picture } => {
                    let Some(part) = self.part(length)? else { return Ok(None) };
                    self.place = Place::After { blank: 0 };
                    if picture {
                        return Ok(Some(part));
                    }
                }
            }
        }
    }

    /// Whether the stream has ended by its own word.
    pub(super) fn ended(&self) -> bool {
        matches!(self.place, Place::Ended)
    }

    /// The next line without its end.
    fn line(&mut self) -> Result<Option<Vec<u8>>, Wrong> {
        let Some(end) = self.buffer.iter().take(MAX_LINE).position(|byte| *byte == b'\n') else {
            return if self.buffer.len() >= MAX_LINE { Err(Wrong::Form) } else { Ok(None) };
        };
        let mut line: Vec<u8> = self.buffer.drain(..=end).collect();
        line.pop();
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        Ok(Some(line))
    }

    /// What comes after this line, if it is the boundary.
    fn after_boundary(&self, line: &[u8]) -> Option<Place> {
        match line.strip_prefix(self.boundary.as_slice())?.trim_ascii_end() {
            b"" => Some(Place::Fields { lines: 0, length: None, picture: true }),
            b"--" => Some(Place::Ended),
            _ => None,
        }
    }

    /// The whole part.
    fn part(&mut self, length: Option<usize>) -> Result<Option<Vec<u8>>, Wrong> {
        let length = match length {
            Some(length) if self.buffer.len() < length => return Ok(None),
            Some(length) => length,
            None => match self.search() {
                Some(length) => length,
                None if self.buffer.len() > MAX_PICTURE => return Err(Wrong::TooLarge),
                None => return Ok(None),
            },
        };
        self.searched = 0;
        Ok(Some(self.buffer.drain(..length).collect()))
    }

    /// How long a part is whose length was not told: up to the line end before the boundary.
    fn search(&mut self) -> Option<usize> {
        let found = self.buffer[self.searched..]
            .windows(self.boundary.len() + 1)
            .position(|window| window[0] == b'\n' && window[1..] == self.boundary);
        let Some(place) = found else {
            self.searched = self.buffer.len().saturating_sub(self.boundary.len());
            return None;
        };
        let end = self.searched + place;
        Some(if end > 0 && self.buffer[end - 1] == b'\r' { end - 1 } else { end })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The pictures of a stream that comes in pieces of this size, and what ended it.
    fn pictures(content: &str, stream: &[u8], piece: usize) -> (Vec<Vec<u8>>, Option<Wrong>) {
        let mut parts = match Parts::of_type(content) {
            Ok(parts) => parts.expect("a stream"),
            Err(wrong) => return (Vec::new(), Some(wrong)),
        };
        let mut found = Vec::new();
        for piece in stream.chunks(piece) {
            parts.push(piece);
            loop {
                match parts.next() {
                    Ok(Some(picture)) => found.push(picture),
                    Ok(None) => break,
                    Err(wrong) => return (found, Some(wrong)),
                }
            }
        }
        (found, None)
    }

    const TYPE: &str = "multipart/x-mixed-replace; boundary=frame";

    #[test]
    fn streams_as_cameras_send_them() {
        let table: &[(&str, &[u8], &str)] = &[
            (TYPE, b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: 4\r\n\r\nab\r\n\r\n--frame\r\n\r\ncd\r\n--frame--\r\n", "ab\r\n|cd"),
            // Without lengths, with bare line feeds, after a preamble.
            (TYPE, b"hello\n\n--frame\nContent-type: image/jpeg\n\na\n-\n--fram\nb\n--frame\n\nc\n--frame\n", "a\n-\n--fram\nb|c"),
            // The hyphens counted to the boundary, quotes, other parameters, other case.
            ("Multipart/X-Mixed-Replace;charset=x; Boundary=\"--frame\"", b"--frame\r\ncontent-length:1\r\n\r\na\r\n\r\n--frame\r\n\r\nb\r\n--frame", "a|b"),
            // Other parts are passed over.
            (TYPE, b"--frame\r\nContent-Type: text/xml\r\n\r\n<a/>\r\n--frame\r\nContent-Type: image/jpg\r\n\r\nb\r\n--frame--\r\nrest", "b"),
        ];
        for (content, stream, wanted) in table {
            for piece in [1, 3, 1000] {
                let found = pictures(content, stream, piece);
                assert_eq!(
                    found,
                    (wanted.split('|').map(|picture| picture.as_bytes().to_vec()).collect(), None),
                    "{}",
                    stream.escape_ascii()
                );
            }
        }
    }

    #[test]
    fn other_streams_are_refused() {
        let long = [&b"--frame\r\n"[..], &[b'x'; 2 * MAX_LINE]].concat();
        let many = [&b"--frame\r\n"[..], &b"a: b\r\n".repeat(2 * MAX_LINES)].concat();
        let endless = [&b"--frame\r\n\r\n"[..], &vec![b'x'; MAX_PICTURE + 2000]].concat();
        let table: &[(&str, &[u8], Wrong)] = &[
            ("multipart/x-mixed-replace", b"", Wrong::Boundary),
            ("multipart/x-mixed-replace; boundary=", b"", Wrong::Boundary),
            ("multipart/x-mixed-replace; boundary=\"a b\"", b"", Wrong::Boundary),
            (TYPE, &b"noise\n".repeat(100), Wrong::Form),
            (TYPE, &long, Wrong::Form),
            (TYPE, &many, Wrong::Form),
            (TYPE, b"--frame\r\nno field\r\n", Wrong::Form),
            (TYPE, b"--frame\r\nContent-Length: -1\r\n", Wrong::Form),
            (TYPE, b"--frame\r\nContent-Length: 99999999\r\n", Wrong::TooLarge),
            // A length that is shorter than its picture.
            (TYPE, b"--frame\r\nContent-Length: 1\r\n\r\nabc\r\n--frame\r\n", Wrong::Form),
            (TYPE, &endless, Wrong::TooLarge),
        ];
        for (content, stream, wrong) in table {
            assert_eq!(pictures(content, stream, 4096).1, Some(*wrong), "{content}");
        }
        assert!(Parts::of_type("image/jpeg").unwrap().is_none());
    }

    proptest! {
        #[test]
        fn nothing_panics_and_nothing_grows(pieces in prop::collection::vec(prop::sample::select(vec![&b"--frame"[..], b"\r\n", b"\n", b"Content-Length: 3", b"Content-Type: image/jpeg", b"abc", b"--", b"\xFF\xD8"]), 0..60), piece in 1..9usize) {
            let stream = pieces.concat();
            let (found, _) = pictures(TYPE, &stream, piece);
            prop_assert!(found.iter().map(Vec::len).sum::<usize>() <= stream.len());
        }
    }
}
