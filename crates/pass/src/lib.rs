//! What Sanse Gate signs, and nothing else: the pass, the status list, the trust list, and the one envelope they share.
//!
//! A pass is a CWT (RFC 8392) in a COSE_Sign1 (RFC 9052) written in Base45 (RFC 9285) after the prefix `SG1:`.
//! Everything here is strict: one algorithm, one canonical form, weak keys refused, and a refusal that names its reason.
//!
//! This crate knows no files, no network, no threads and no rules of a compound. The ambient clock and the system's
//! random source are asked for in one module each ([`clock`], [`random`]), so that tests can play both.

pub mod base45;
mod cbor;
pub mod clock;
mod content;
mod envelope;
mod key;
mod pass;
pub mod random;
mod refusal;
mod serial;
mod status;
mod text;
mod trust;

pub use clock::{Clock, ManualClock, SystemClock, Timestamp, Uptime};
pub use content::{Content, Contents, Signed};
pub use key::{Jwk, JwkSet, KeyError, KeyId, PublicKey, SigningKey};
pub use pass::{Colour, CompoundId, Kind, Kinds, Mode, Name, NameError, OfficeId, Pass, PassError};
pub use refusal::Refusal;
pub use serial::{Serial, SerialError};
pub use status::{Status, StatusList};
pub use text::{MAX_TEXT, PREFIX, SignedPass, Verified, Voucher, sign, strip_line_ending, verify};
pub use trust::{TrustList, TrustedKey, TrustedKeys};
