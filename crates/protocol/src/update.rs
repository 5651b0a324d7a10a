//! A newer program for gates: what is signed about it, and the one file in which it travels. Signed by the root key that every gate has
//! pinned, never by an office's: whoever steals an office's server puts no program on a gate.
//!
//! The file is `SGU1`, the length of what is signed (four bytes, the highest first), what is signed, and the program, to the file's end. A
//! program is for everybody to read. Knows no disk: it reads and writes wherever it is told to.

use std::fmt;
use std::io::{self, Read, Write};
use std::str::FromStr;

use minicbor::{Decode, Encode};
use pass::{Content, PublicKey, Refusal, SigningKey, Timestamp};
use sha2::{Digest, Sha256};

use crate::claims::{Claims, decode, encode};

const BODY: i64 = -65_549;
const MAGIC: [u8; 4] = *b"SGU1";
/// What is signed comes to some 200 bytes.
const MAX_SIGNED: usize = 1024;
/// No target's name is longer.
const MAX_TEXT: usize = 64;
const WHAT: &str = "the update, or it is newer than this program";

/// What is signed about a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// When it was signed.
    pub issued: Timestamp,
    /// Its version.
    pub version: Version,
    /// What it was built for, as Rust calls it: `aarch64-unknown-linux-gnu`.
    pub target: String,
    /// How many bytes it has.
    pub size: u64,
    /// Their SHA-256.
    pub sha256: [u8; 32],
}

/// The version of a program: three numbers, of which the first counts most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(pub u16, pub u16, pub u16);

/// It is not three numbers with dots between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a version is three numbers, such as 1.2.3")]
pub struct VersionError;

/// Why a file is no program that may run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UpdateError {
    /// It can't be read, or what is in it can't be written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is another kind of file.
    #[error("not a file with a program for gates")]
    Form,
    /// The signature, or what was signed.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It ends before the program does.
    #[error("the file ends after {found} of the program's {size} bytes")]
    Short {
        /// How many there are.
        found: u64,
        /// How many were signed.
        size: u64,
    },
    /// Something follows the program.
    #[error("something stands after the program's {size} bytes")]
    Long {
        /// How many were signed.
        size: u64,
    },
    /// These are not the bytes that were signed.
    #[error("the program is not the one that was signed")]
    Changed,
}

impl Update {
    /// Which program it is about. There is no other yet.
    pub const PRODUCT: &'static str = "kiosk";
    /// No program is longer: 128 MiB.
    pub const MAX_SIZE: u64 = 128 << 20;
    /// No file with a program is longer.
    pub const MAX_FILE: u64 = Self::MAX_SIZE + (MAGIC.len() + 4 + MAX_SIGNED) as u64;
    /// The folder of a stick or an office where such files lie, each under its [`Update::file_name`].
    pub const FOLDER: &'static str = "programs";

    /// What is to be signed about a program, of which every byte is read.
    ///
    /// # Errors
    /// When it can't be read, is empty or too long, or the target has no plain name.
    pub fn about(
        program: &mut impl Read,
        version: Version,
        target: &str,
        issued: Timestamp,
    ) -> io::Result<Self> {
        let mut hash = Sha256::new();
        let size = io::copy(&mut program.take(Self::MAX_SIZE + 1), &mut Hashing(&mut hash, io::sink()))?;
        if size == 0 || size > Self::MAX_SIZE || !is_target(target) {
            return Err(io::Error::from(io::ErrorKind::InvalidInput));
        }
        Ok(Self { issued, version, target: target.to_owned(), size, sha256: hash.finalize().into() })
    }

    /// Signs it with the root key.
    #[must_use]
    pub fn sign(&self, root: &SigningKey) -> Vec<u8> {
        let Version(first, second, third) = self.version;
        let body = Body {
            product: Self::PRODUCT.to_owned(),
            version: (first, second, third),
            target: self.target.clone(),
            size: self.size,
            sha256: self.sha256,
        };
        let claims = Claims::<BODY, _> { issued: self.issued.0, version: 1, body };
        Content::Update.sign(&encode(&claims), root)
    }

    /// Reads what `root` signed.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn open(signed: &[u8], root: &PublicKey) -> Result<Self, Refusal> {
        let claims: Claims<BODY, Body> = decode(Content::Update.open_by(signed, root)?, WHAT)?;
        let Body { product, version: (first, second, third), target, size, sha256 } = claims.body;
        let bounded = 0 < size && size <= Self::MAX_SIZE && is_target(&target);
        if claims.version != 1 || product != Self::PRODUCT || !bounded {
            return Err(Refusal::Malformed { what: WHAT });
        }
        let version = Version(first, second, third);
        Ok(Self { issued: Timestamp(claims.issued), version, target, size, sha256 })
    }

    /// What a file with this program is called on a stick and at an office: lower-case letters, digits and hyphens alone.
    #[must_use]
    pub fn file_name(target: &str) -> String {
        format!("{}-{}", Self::PRODUCT, target.replace(['_', '.'], "-"))
    }

    /// How many bytes the file with the program has.
    #[must_use]
    pub fn file_size(&self, signed: &[u8]) -> u64 {
        (MAGIC.len() + 4 + signed.len()) as u64 + self.size
    }

    /// The beginning of the file, up to the program: what [`Update::sign`] returned, with what stands before it.
    #[must_use]
    pub fn head(signed: &[u8]) -> Vec<u8> {
        let length = u32::try_from(signed.len()).expect("what is signed comes to some 200 bytes");
        [&MAGIC[..], &length.to_be_bytes(), signed].concat()
    }

    /// Reads the beginning of a file. Returns what is signed, and what it says; the program comes next.
    ///
    /// # Errors
    /// [`UpdateError`].
    pub fn read_head(file: &mut impl Read, root: &PublicKey) -> Result<(Vec<u8>, Self), UpdateError> {
        let mut start = [0; 8];
        exactly(file, &mut start)?;
        let length = u32::from_be_bytes([start[4], start[5], start[6], start[7]]) as usize;
        if start[..4] != MAGIC || length > MAX_SIGNED {
            return Err(UpdateError::Form);
        }
        let mut signed = vec![0; length];
        exactly(file, &mut signed)?;
        let update = Self::open(&signed, root)?;
        Ok((signed, update))
    }

    /// Reads the program to the file's end, and hands every byte on. Nothing of it is to be believed before this has returned.
    ///
    /// # Errors
    /// [`UpdateError`].
    pub fn read_program(&self, file: &mut impl Read, to: &mut impl Write) -> Result<(), UpdateError> {
        let mut hash = Sha256::new();
        let found = io::copy(&mut file.take(self.size), &mut Hashing(&mut hash, to))?;
        if found < self.size {
            return Err(UpdateError::Short { found, size: self.size });
        }
        if file.read(&mut [0])? > 0 {
            return Err(UpdateError::Long { size: self.size });
        }
        if <[u8; 32]>::from(hash.finalize()) == self.sha256 { Ok(()) } else { Err(UpdateError::Changed) }
    }
}

/// Fills `into`; a file that ends before that is another kind of file.
fn exactly(file: &mut impl Read, into: &mut [u8]) -> Result<(), UpdateError> {
    file.read_exact(into).map_err(|why| match why.kind() {
        io::ErrorKind::UnexpectedEof => UpdateError::Form,
        _ => why.into(),
    })
}

/// Whether it may be the name of a target: it becomes a part of file names.
fn is_target(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte);
    !text.is_empty() && text.len() <= MAX_TEXT && text.bytes().all(plain)
}

/// Hashes what goes through it.
struct Hashing<'a, W>(&'a mut Sha256, W);

impl<W: Write> Write for Hashing<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.1.write(bytes)?;
        self.0.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.1.flush()
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

impl FromStr for Version {
    type Err = VersionError;

    /// The one way in which [`Version`] is written: it becomes the name of a folder.
    fn from_str(text: &str) -> Result<Self, VersionError> {
        let mut numbers = text.split('.').map(|number| number.parse().map_err(|_| VersionError));
        let mut next = || numbers.next().unwrap_or(Err(VersionError));
        let version = Self(next()?, next()?, next()?);
        if version.to_string() == text { Ok(version) } else { Err(VersionError) }
    }
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct Body {
    #[n(0)]
    product: String,
    #[n(1)]
    version: (u16, u16, u16),
    #[n(2)]
    target: String,
    #[n(3)]
    size: u64,
    #[n(4)]
    #[cbor(with = "minicbor::bytes")]
    sha256: [u8; 32],
}
