//! ZLIB streams (RFC 1950) of bounded size, which end where their bytes end.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use pass::Refusal;

/// Packs bytes.
pub(crate) fn pack(plain: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain).expect("a Vec takes every write");
    encoder.finish().expect("a Vec takes every write")
}

/// Unpacks what comes to no more than `most` bytes; `what` names it where it can't be.
pub(crate) fn unpack(packed: &[u8], most: usize, what: &'static str) -> Result<Vec<u8>, Refusal> {
    let mut decoder = ZlibDecoder::new(packed);
    let mut plain = Vec::new();
    let limit = most as u64 + 1;
    decoder.by_ref().take(limit).read_to_end(&mut plain).map_err(|_| Refusal::Malformed { what })?;
    if plain.len() > most || decoder.total_in() != packed.len() as u64 {
        return Err(Refusal::Malformed { what });
    }
    Ok(plain)
}
