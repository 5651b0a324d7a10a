//! Sticks that an office has signed: only these are written to and read from, by either side without asking.
//!
//! What is signed names the file system, so that a copy of it on another stick is worth nothing. Everything else on the stick is
//! signed and sealed by itself; but for newer programs for gates, which are signed and, as they tell about nobody, not sealed
//! ([`crate::Update`]).

use minicbor::{Decode, Encode};
use pass::{Content, Refusal, SigningKey, Timestamp, TrustedKeys};

use crate::claims::{Claims, decode, encode};

const BODY: i64 = -65_548;
/// No file system has a longer name for itself.
const MAX_TEXT: usize = 64;

/// A stick.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stick {
    /// When it was signed.
    pub issued: Timestamp,
    /// What its file system calls itself; empty for a folder of this machine.
    pub file_system: String,
}

impl Stick {
    /// The folder of a stick that belongs to us.
    pub const FOLDER: &'static str = "sanse-gate";
    /// The file there that says that an office has signed the stick.
    pub const FILE: &'static str = "stick";
    /// The folder there of what gates tell their office: a file for each report.
    pub const UP: &'static str = "up";
    /// The folder there of what an office sends to gates. For each compound a file `parcel-NUMBER`, locked for its gates, and a
    /// file `replies-NUMBER` with what is sealed for one gate each.
    pub const DOWN: &'static str = "down";

    /// Signs it.
    #[must_use]
    pub fn sign(&self, key: &SigningKey) -> Vec<u8> {
        let body = Body { file_system: self.file_system.clone() };
        let claims = Claims::<BODY, _> { issued: self.issued.0, version: 1, body };
        Content::Stick.sign(&encode(&claims), key)
    }

    /// Reads what one of `keys` signed.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn open(bytes: &[u8], keys: &TrustedKeys) -> Result<Self, Refusal> {
        const WHAT: &str = "the stick's signature, or it is newer than this program";
        let signed = keys.open(Content::Stick, bytes)?;
        let claims: Claims<BODY, Body> = decode(signed.payload, WHAT)?;
        if claims.body.file_system.len() > MAX_TEXT || claims.version != 1 {
            return Err(Refusal::Malformed { what: WHAT });
        }
        let issued = Timestamp(claims.issued);
        signed.signer.demand_valid(issued, issued)?;
        Ok(Self { issued, file_system: claims.body.file_system })
    }
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct Body {
    #[n(0)]
    file_system: String,
}
