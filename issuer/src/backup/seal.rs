//! A stream of bytes under a passphrase: scrypt makes a key (RFC 7914), ChaCha20-Poly1305 seals pieces of 64 KiB (RFC 8439).
//!
//! The form: eight bytes that name it, 16 bytes of salt, then the pieces, each with its tag of 16 bytes. The nonce of a piece is
//! its number in eleven bytes, big-endian, and a byte that is 1 in the last one: pieces can't be exchanged, left out or cut off
//! without being noticed (the STREAM construction: Hoang, Reyhanitabar, Rogaway, Vizár 2015). The file's head is sealed with
//! every piece. The salt makes the key new for each file, so no nonce comes twice under one key.

use std::io::{self, Read, Write};

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use pass::random;
use zeroize::Zeroizing;

/// What a sealed backup begins with; the last byte is the version of the form.
pub(super) const MAGIC: &[u8; 8] = b"SANSEBK\x01";
const SALT: usize = 16;
const HEAD: usize = MAGIC.len() + SALT;
const PIECE: usize = 64 << 10;
const TAG: usize = 16;
/// 2^15 rounds of 8 blocks: 32 MB and about a tenth of a second for each guess.
const COST: (u8, u32, u32) = (15, 8, 1);

/// Seals what is written into it. Nothing is whole before [`Sealing::finish`].
pub(super) struct Sealing<W> {
    out: W,
    pieces: Pieces,
    waiting: Zeroizing<Vec<u8>>,
}

impl<W: Write> Sealing<W> {
    pub(super) fn new(mut out: W, passphrase: &str) -> io::Result<Self> {
        let mut head = [0; HEAD];
        head[..MAGIC.len()].copy_from_slice(MAGIC);
        head[MAGIC.len()..].copy_from_slice(&random::bytes::<SALT>());
        out.write_all(&head)?;
        let waiting = Zeroizing::new(Vec::with_capacity(PIECE));
        Ok(Self { out, pieces: Pieces::new(head, passphrase), waiting })
    }

    pub(super) fn finish(mut self) -> io::Result<W> {
        self.seal(true)?;
        Ok(self.out)
    }

    fn seal(&mut self, last: bool) -> io::Result<()> {
        let (nonce, head) = self.pieces.next(last);
        let payload = Payload { msg: &self.waiting, aad: &head };
        let sealed = self.pieces.cipher.encrypt(&nonce, payload).map_err(|_| io::Error::other("sealing"))?;
        self.waiting.clear();
        self.out.write_all(&sealed)
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full piece waits for more, because the last one is sealed otherwise.
        if self.waiting.len() == PIECE {
            self.seal(false)?;
        }
        let taken = bytes.len().min(PIECE - self.waiting.len());
        self.waiting.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Opens what [`Sealing`] wrote, and hands out nothing that wasn't sealed with this passphrase.
pub(super) struct Opening<R> {
    input: R,
    pieces: Pieces,
    open: Zeroizing<Vec<u8>>,
    read: usize,
    /// The first byte of the next piece, read to know whether there is one.
    ahead: Option<u8>,
    ended: bool,
}

impl<R: Read> Opening<R> {
    pub(super) fn new(mut input: R, passphrase: &str) -> io::Result<Self> {
        let mut head = [0; HEAD];
        input.read_exact(&mut head)?;
        if !head.starts_with(MAGIC) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "not a sealed backup"));
        }
        let ahead = one_byte(&mut input)?;
        let pieces = Pieces::new(head, passphrase);
        Ok(Self { input, pieces, open: Zeroizing::new(Vec::new()), read: 0, ahead, ended: false })
    }

    fn next_piece(&mut self) -> io::Result<()> {
        let mut sealed: Vec<u8> = self.ahead.take().into_iter().collect();
        let rest = (PIECE + TAG - sealed.len()) as u64;
        self.input.by_ref().take(rest).read_to_end(&mut sealed)?;
        self.ahead = if sealed.len() == PIECE + TAG { one_byte(&mut self.input)? } else { None };
        self.ended = self.ahead.is_none();
        let (nonce, head) = self.pieces.next(self.ended);
        let opened = self.pieces.cipher.decrypt(&nonce, Payload { msg: &sealed, aad: &head });
        let wrong = |_| io::Error::new(io::ErrorKind::InvalidData, WrongSeal);
        self.open = Zeroizing::new(opened.map_err(wrong)?);
        self.read = 0;
        Ok(())
    }
}

impl<R: Read> Read for Opening<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.read == self.open.len() {
            if self.ended {
                return Ok(0);
            }
            self.next_piece()?;
        }
        let count = into.len().min(self.open.len() - self.read);
        into[..count].copy_from_slice(&self.open[self.read..self.read + count]);
        self.read += count;
        Ok(count)
    }
}

/// The passphrase is not the one it was sealed with, or the bytes are not those that were sealed.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("another passphrase, or damaged")]
pub(super) struct WrongSeal;

struct Pieces {
    cipher: ChaCha20Poly1305,
    head: [u8; HEAD],
    count: u64,
}

impl Pieces {
    fn new(head: [u8; HEAD], passphrase: &str) -> Self {
        let params = scrypt::Params::new(COST.0, COST.1, COST.2).expect("the costs are in range");
        let mut key = Zeroizing::new([0; 32]);
        scrypt::scrypt(passphrase.as_bytes(), &head[MAGIC.len()..], &params, key.as_mut_slice())
            .expect("a key of 32 bytes can be made");
        Self { cipher: ChaCha20Poly1305::new((&*key).into()), head, count: 0 }
    }

    /// The nonce of the next piece, and what is sealed with it.
    fn next(&mut self, last: bool) -> (Nonce, [u8; HEAD]) {
        let mut nonce = [0; 12];
        nonce[3..11].copy_from_slice(&self.count.to_be_bytes());
        nonce[11] = u8::from(last);
        self.count += 1;
        (nonce.into(), self.head)
    }
}

fn one_byte(input: &mut impl Read) -> io::Result<Option<u8>> {
    let mut bytes = Vec::with_capacity(1);
    input.by_ref().take(1).read_to_end(&mut bytes)?;
    Ok(bytes.first().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(bytes: &[u8]) -> Vec<u8> {
        let mut sealing = Sealing::new(Vec::new(), "secret").unwrap();
        sealing.write_all(bytes).unwrap();
        sealing.finish().unwrap()
    }

    fn open(bytes: &[u8], passphrase: &str) -> io::Result<Vec<u8>> {
        let mut opened = Vec::new();
        Opening::new(bytes, passphrase)?.read_to_end(&mut opened)?;
        Ok(opened)
    }

    #[test]
    fn every_length_comes_back() {
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 7] {
            let bytes: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            assert_eq!(open(&sealed(&bytes), "secret").unwrap(), bytes, "{length}");
        }
    }

    #[test]
    fn nothing_changed_or_cut_off_opens() {
        let bytes = vec![7; 2 * PIECE + 7];
        let whole = sealed(&bytes);
        assert!(open(&whole, "Secret").is_err());
        for at in [0, MAGIC.len(), HEAD, HEAD + PIECE + TAG, whole.len() - 1] {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            assert!(open(&changed, "secret").is_err(), "{at}");
        }
        for length in [0, HEAD - 1, HEAD, HEAD + PIECE + TAG, HEAD + 2 * (PIECE + TAG), whole.len() - 1] {
            assert!(open(&whole[..length], "secret").is_err(), "{length}");
        }
        let pieces: Vec<&[u8]> = whole[HEAD..].chunks(PIECE + TAG).collect();
        let exchanged = [&whole[..HEAD], pieces[1], pieces[0], pieces[2]].concat();
        assert!(open(&exchanged, "secret").is_err());
        assert!(open(&[whole.as_slice(), &[0]].concat(), "secret").is_err());
    }
}
