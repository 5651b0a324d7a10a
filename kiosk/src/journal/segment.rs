//! Segment files: append-only, each record its length, a CRC and the bytes of one event.
//!
//! Layout, all numbers big-endian: a header of [`HEADER`] bytes (magic, journal, first sequence, hash before the first
//! event, CRC-32 of these), then records (length, CRC-32 of length and bytes, bytes). Knows nothing of what the bytes say.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::durable;

/// The layout's name and version.
const MAGIC: &[u8; 8] = b"SGJRNL\0\x01";
/// Bytes before the first record.
pub(super) const HEADER: usize = 8 + 16 + 8 + 32 + 4;
/// Bytes before an event: length and CRC.
const PREFIX: usize = 8;
/// No event is longer (`gate::Event` refuses longer ones when it reads them back).
pub(super) const MAX_EVENT: usize = 4096;
/// A file larger than this is no segment of ours: one is closed at [`super::SEGMENT_BYTES`].
const MAX_FILE: u64 = 64 << 20;
/// As much of a segment as holds its header and the longest event at least.
const PEEK: u64 = 16 << 10;

/// What a segment starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// The journal it belongs to.
    pub(super) journal: [u8; 16],
    /// Sequence of its first event.
    pub(super) first: u64,
    /// Hash of the event before its first; zeros in the first segment.
    pub(super) before: [u8; 32],
}

/// How a segment ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// With a whole record, or with the header.
    Clean,
    /// With an append that was cut short: nobody was told that it was done.
    Torn,
    /// With bytes that no single cut can explain.
    Damaged,
}

/// A segment, read whole.
#[derive(Debug)]
pub(super) struct Segment {
    /// None when not even the header is whole.
    pub(super) header: Option<Header>,
    /// The events before the end.
    pub(super) events: Vec<Vec<u8>>,
    /// Length of the part that is whole.
    pub(super) sound: u64,
    /// Length of the file.
    pub(super) length: u64,
    /// How it ends.
    pub(super) end: End,
}

/// Reads a segment up to the first thing that is wrong with it.
pub(super) fn read(path: &Path) -> io::Result<Segment> {
    let file = File::open(path)?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "larger than any segment"));
    }
    let length = bytes.len() as u64;
    let Some(header) = parse_header(&bytes) else {
        // A header that was cut short is torn; a whole one that is wrong is not.
        let end =
            if bytes.len() < HEADER || bytes.iter().all(|b| *b == 0) { End::Torn } else { End::Damaged };
        return Ok(Segment { header: None, events: Vec::new(), sound: 0, length, end });
    };
    let mut events = Vec::new();
    let mut at = HEADER;
    while let Some(event) = record(&bytes[at..]) {
        events.push(event.to_vec());
        at += PREFIX + event.len();
    }
    let end = how_it_ends(&bytes[at..]);
    Ok(Segment { header: Some(header), events, sound: at as u64, length, end })
}

/// The header alone; none when it is not whole.
pub(super) fn header(path: &Path) -> io::Result<Option<Header>> {
    let mut bytes = Vec::with_capacity(HEADER);
    File::open(path)?.take(HEADER as u64).read_to_end(&mut bytes)?;
    Ok(parse_header(&bytes))
}

/// The first few events.
pub(super) fn peek(path: &Path) -> io::Result<Vec<Vec<u8>>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(PEEK).read_to_end(&mut bytes)?;
    let mut events = Vec::new();
    let mut at = HEADER;
    while let Some(event) = bytes.get(at..).and_then(record) {
        events.push(event.to_vec());
        at += PREFIX + event.len();
    }
    Ok(events)
}

/// Judges what follows the last whole record. Every append is synced before the next begins, so one cut leaves at most
/// one broken record, and nothing readable after it.
fn how_it_ends(rest: &[u8]) -> End {
    if rest.is_empty() {
        End::Clean
    } else if rest.len() > PREFIX + MAX_EVENT || (1..rest.len()).any(|at| record(&rest[at..]).is_some()) {
        End::Damaged
    } else {
        End::Torn
    }
}

fn parse_header(bytes: &[u8]) -> Option<Header> {
    let bytes = bytes.get(..HEADER)?;
    let (fields, crc) = bytes.split_at(HEADER - 4);
    if crc32fast::hash(fields).to_be_bytes() != crc || fields[..8] != *MAGIC {
        return None;
    }
    Some(Header {
        journal: fields[8..24].try_into().ok()?,
        first: u64::from_be_bytes(fields[24..32].try_into().ok()?),
        before: fields[32..64].try_into().ok()?,
    })
}

impl Header {
    fn to_bytes(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&self.journal);
        bytes.extend_from_slice(&self.first.to_be_bytes());
        bytes.extend_from_slice(&self.before);
        let crc = crc32fast::hash(&bytes);
        bytes.extend_from_slice(&crc.to_be_bytes());
        bytes
    }
}

/// The event at the start of `bytes`, if a whole one stands there.
fn record(bytes: &[u8]) -> Option<&[u8]> {
    let length: [u8; 4] = bytes.get(..4)?.try_into().ok()?;
    let crc: [u8; 4] = bytes.get(4..PREFIX)?.try_into().ok()?;
    let size = usize::try_from(u32::from_be_bytes(length)).ok()?;
    if size == 0 || size > MAX_EVENT {
        return None;
    }
    let event = bytes.get(PREFIX..PREFIX + size)?;
    (crc_of(&length, event) == u32::from_be_bytes(crc)).then_some(event)
}

fn crc_of(length: &[u8; 4], event: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(length);
    hasher.update(event);
    hasher.finalize()
}

/// The segment that grows.
#[derive(Debug)]
pub(super) struct Writer {
    file: File,
    /// Bytes that are whole and synced.
    sound: u64,
}

impl Writer {
    /// A new segment: its header and its name in the folder are on the disk when this returns.
    pub(super) fn create(folder: &Path, header: &Header) -> io::Result<Self> {
        let path = path_of(folder, header.first);
        let mut file = OpenOptions::new().append(true).create_new(true).open(path)?;
        let bytes = header.to_bytes();
        file.write_all(&bytes)?;
        file.sync_data()?;
        durable::sync_folder(folder)?;
        Ok(Self { file, sound: bytes.len() as u64 })
    }

    /// Goes on with a segment whose first `sound` bytes are whole; what follows them is cut off.
    pub(super) fn resume(path: &Path, sound: u64) -> io::Result<Self> {
        let file = OpenOptions::new().append(true).open(path)?;
        if file.metadata()?.len() != sound {
            file.set_len(sound)?;
            file.sync_all()?;
        }
        Ok(Self { file, sound })
    }

    /// Appends an event and syncs. After an error the segment must be read again before anything else is appended.
    pub(super) fn append(&mut self, event: &[u8]) -> io::Result<()> {
        let size = u32::try_from(event.len()).ok().filter(|size| (1..=MAX_EVENT).contains(&(*size as usize)));
        let length = size.ok_or(io::ErrorKind::InvalidInput)?.to_be_bytes();
        let mut bytes = Vec::with_capacity(PREFIX + event.len());
        bytes.extend_from_slice(&length);
        bytes.extend_from_slice(&crc_of(&length, event).to_be_bytes());
        bytes.extend_from_slice(event);
        self.file.write_all(&bytes)?;
        self.file.sync_data()?;
        self.sound += bytes.len() as u64;
        Ok(())
    }

    /// Bytes in it.
    pub(super) fn length(&self) -> u64 {
        self.sound
    }
}

/// All segments in a folder, by their first sequence.
pub(super) fn list(folder: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    let mut segments = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if let Some(first) = name.strip_suffix(".seg").and_then(|stem| stem.parse().ok()) {
            segments.push((first, path));
        }
    }
    segments.sort_unstable();
    Ok(segments)
}

/// The file of the segment that starts with this sequence.
fn path_of(folder: &Path, first: u64) -> PathBuf {
    folder.join(format!("{first:020}.seg"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: Header = Header { journal: [7; 16], first: 1, before: [0; 32] };

    fn written(folder: &Path, events: &[&[u8]]) -> PathBuf {
        let mut writer = Writer::create(folder, &HEAD).unwrap();
        for event in events {
            writer.append(event).unwrap();
        }
        path_of(folder, 1)
    }

    #[test]
    fn what_is_appended_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = written(folder.path(), &[b"one", b"two"]);
        let segment = read(&path).unwrap();
        assert_eq!(segment.header, Some(HEAD));
        assert_eq!(segment.events, [b"one", b"two"]);
        assert_eq!((segment.sound, segment.end), (segment.length, End::Clean));
    }

    #[test]
    fn a_cut_at_every_byte_is_torn_or_clean() {
        let folder = tempfile::tempdir().unwrap();
        let path = written(folder.path(), &[b"first", b"second"]);
        let whole = std::fs::read(&path).unwrap();
        let borders = [HEADER, HEADER + 8 + 5, whole.len()];
        for length in 0..=whole.len() {
            std::fs::write(&path, &whole[..length]).unwrap();
            let segment = read(&path).unwrap();
            let end = if borders.contains(&length) { End::Clean } else { End::Torn };
            assert_eq!(segment.end, end, "cut at {length}");
            assert_eq!(segment.events.len(), borders[1..].iter().filter(|b| **b <= length).count());
        }
    }

    #[test]
    fn a_flipped_bit_before_other_events_is_damage() {
        let folder = tempfile::tempdir().unwrap();
        let path = written(folder.path(), &[b"first", b"second", b"third"]);
        let whole = std::fs::read(&path).unwrap();
        for at in 0..HEADER + 8 + 5 {
            for bit in 0..8 {
                let mut bytes = whole.clone();
                bytes[at] ^= 1 << bit;
                std::fs::write(&path, &bytes).unwrap();
                assert_eq!(read(&path).unwrap().end, End::Damaged, "byte {at} bit {bit}");
            }
        }
    }

    #[test]
    fn events_that_are_too_long_or_empty_are_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = Writer::create(folder.path(), &HEAD).unwrap();
        assert!(writer.append(&[]).is_err());
        assert!(writer.append(&[1; MAX_EVENT + 1]).is_err());
        writer.append(&[1; MAX_EVENT]).unwrap();
        assert_eq!(read(&path_of(folder.path(), 1)).unwrap().events, [[1; MAX_EVENT]]);
    }
}
