//! Enrolment: a new gate and its office get to know each other's keys by a code that a person carries from one to the other.
//!
//! The code is random, works once and for minutes, and never travels: both sides prove by it that they know it (HMAC, RFC 2104),
//! over all that they say. So whoever sits between them learns nothing they can use and can change nothing, also without TLS.

use std::fmt;
use std::str::FromStr;

use hmac::{Hmac, KeyInit, Mac};
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use pass::{CompoundId, PublicKey, Refusal, Serial, random};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::Receiver;
use crate::claims::{decode, encode};

/// What the text of a code for a camera starts with.
pub const ENROL_PREFIX: &str = "SGE1:";
/// The version of ask and answer.
const VERSION: u8 = 1;
/// An ask is not longer; an answer holds a bundle.
const MAX_ASK: usize = 1024;
const MAX_ANSWER: usize = 64 << 20;
const MAX_TEXT: usize = 512;

/// The secret of one enrolment: 80 random bits. To be typed, it is two short codes, each with its check symbol.
#[derive(Clone, PartialEq, Eq)]
pub struct EnrolCode(Zeroizing<[u8; 10]>);

/// Why a text is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EnrolTextError {
    /// Another form.
    #[error("not an enrolment code")]
    Form,
    /// A symbol is wrong, or two changed places.
    #[error("the enrolment code has a mistyped symbol")]
    Mistyped,
}

/// What a camera reads, and what is carried in a file: the code and where the office is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Invitation {
    /// The code.
    pub code: EnrolCode,
    /// Where the office is reached: `http://` or `https://`.
    pub address: String,
}

/// What proves that somebody knows a code, without telling it. An office keeps this.
#[derive(Clone, PartialEq, Eq)]
pub struct EnrolSecret {
    /// What it is found by.
    pub id: [u8; 16],
    /// What both sides sign by.
    pub key: Zeroizing<[u8; 32]>,
}

/// What a gate asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolAsk {
    /// Which code.
    pub id: [u8; 16],
    /// What is sealed for the gate, is sealed for this.
    pub receiver: Receiver,
    /// What the gate signs, it signs by this.
    pub signer: PublicKey,
    /// Name and version of its program.
    pub software: String,
}

/// What the office answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolAnswer {
    /// The root that the gate pins.
    pub root: PublicKey,
    /// The gate's name from now on.
    pub gate: String,
    /// Its compound.
    pub compound: CompoundId,
    /// Its first bundle, as a file.
    pub bundle: Vec<u8>,
}

impl EnrolCode {
    /// A new one.
    #[must_use]
    pub fn generate() -> Self {
        Self(Zeroizing::new(random::bytes()))
    }

    /// What the office keeps of it, and the gate works with.
    #[must_use]
    pub fn secret(&self) -> EnrolSecret {
        let derived = |what: &[u8]| Sha256::new().chain_update(what).chain_update(&self.0[..]).finalize();
        let mut id = [0; 16];
        id.copy_from_slice(&derived(b"sanse-gate enrol id 1")[..16]);
        EnrolSecret { id, key: Zeroizing::new(derived(b"sanse-gate enrol key 1").into()) }
    }

    /// As it is typed and printed.
    #[must_use]
    pub fn text(&self) -> String {
        let half = |at: usize| {
            let mut bytes = [0; 5];
            bytes.copy_from_slice(&self.0[at..at + 5]);
            Serial(bytes).short_code()
        };
        format!("{}-{}", half(0), half(5))
    }
}

impl FromStr for EnrolCode {
    type Err = EnrolTextError;

    fn from_str(text: &str) -> Result<Self, EnrolTextError> {
        let plain: Vec<char> = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        if plain.len() != 18 {
            return Err(EnrolTextError::Form);
        }
        let mut bytes = Zeroizing::new([0; 10]);
        for (half, place) in plain.chunks(9).zip(bytes.chunks_mut(5)) {
            let half: String = half.iter().collect();
            let serial: Serial = half.parse().map_err(|_| EnrolTextError::Mistyped)?;
            place.copy_from_slice(&serial.0);
        }
        Ok(Self(bytes))
    }
}

impl fmt::Debug for EnrolCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EnrolCode(…)")
    }
}

impl fmt::Debug for EnrolSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EnrolSecret(…)")
    }
}

impl Invitation {
    /// What the code for a camera says.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{ENROL_PREFIX}{}:{}", self.code.text().replace('-', ""), self.address)
    }
}

impl FromStr for Invitation {
    type Err = EnrolTextError;

    fn from_str(text: &str) -> Result<Self, EnrolTextError> {
        let rest = text.trim().strip_prefix(ENROL_PREFIX).ok_or(EnrolTextError::Form)?;
        let (code, address) = rest.split_once(':').ok_or(EnrolTextError::Form)?;
        let known = address.starts_with("http://") || address.starts_with("https://");
        let plain = address.chars().all(|c| c.is_ascii_graphic());
        if !known || !plain || address.len() > MAX_TEXT {
            return Err(EnrolTextError::Form);
        }
        Ok(Self { code: code.parse()?, address: address.trim_end_matches('/').to_owned() })
    }
}

impl EnrolSecret {
    fn proof(&self, what: &[u8], bytes: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key[..]).expect("HMAC takes keys of any length");
        mac.update(what);
        mac.update(bytes);
        mac
    }
}

const ASKED: &[u8] = b"sanse-gate enrol ask 1";
const ANSWERED: &[u8] = b"sanse-gate enrol answer 1";

impl EnrolAsk {
    /// The bytes that travel, with the proof that the code is known.
    #[must_use]
    pub fn to_bytes(&self, secret: &EnrolSecret) -> Vec<u8> {
        let body = self.body();
        let proof: [u8; 32] = secret.proof(ASKED, &body).finalize().into_bytes().into();
        encode(&Proved { body: body.into(), proof })
    }

    fn body(&self) -> Vec<u8> {
        encode(&AskBody {
            version: VERSION,
            id: self.id,
            receiver: self.receiver.to_bytes(),
            signer: self.signer.to_bytes(),
            software: self.software.clone(),
        })
    }

    /// Reads an ask. It is believed only once [`EnrolAsk::is_proved`] says so.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Refusal> {
        const WHAT: &str = "the enrolment, or it is newer than this program";
        let malformed = Refusal::Malformed { what: WHAT };
        if bytes.len() > MAX_ASK {
            return Err(malformed);
        }
        let proved: Proved = decode(bytes, WHAT)?;
        let body: AskBody = decode(&proved.body, WHAT)?;
        if body.version != VERSION || body.software.len() > MAX_TEXT {
            return Err(malformed);
        }
        let receiver = Receiver::from_bytes(&body.receiver).map_err(|_| malformed)?;
        let signer = PublicKey::from_bytes(&body.signer).map_err(|_| malformed)?;
        Ok(Self { id: body.id, receiver, signer, software: body.software })
    }

    /// Whether whoever wrote these bytes knew the code.
    #[must_use]
    pub fn is_proved(bytes: &[u8], secret: &EnrolSecret) -> bool {
        let proved: Result<Proved, _> = decode(bytes, "the enrolment");
        proved.is_ok_and(|it| secret.proof(ASKED, &it.body).verify_slice(&it.proof).is_ok())
    }
}

impl EnrolAnswer {
    /// The bytes that travel, with the proof that the code is known; they answer these bytes of an ask and no others.
    #[must_use]
    pub fn to_bytes(&self, ask: &[u8], secret: &EnrolSecret) -> Vec<u8> {
        let body = encode(&AnswerBody {
            version: VERSION,
            ask: Sha256::digest(ask).into(),
            root: self.root.to_bytes(),
            gate: self.gate.clone(),
            compound: self.compound.0,
            bundle: self.bundle.clone().into(),
        });
        let proof: [u8; 32] = secret.proof(ANSWERED, &body).finalize().into_bytes().into();
        encode(&Proved { body: body.into(), proof })
    }

    /// Reads the answer to these bytes of an ask, and believes it if whoever wrote it knew the code.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn open(bytes: &[u8], ask: &[u8], secret: &EnrolSecret) -> Result<Self, Refusal> {
        const WHAT: &str = "the answer to the enrolment, or it is newer than this program";
        let malformed = Refusal::Malformed { what: WHAT };
        if bytes.len() > MAX_ANSWER {
            return Err(malformed);
        }
        let proved: Proved = decode(bytes, WHAT)?;
        if secret.proof(ANSWERED, &proved.body).verify_slice(&proved.proof).is_err() {
            return Err(Refusal::Malformed {
                what: "the answer to the enrolment: its sender does not know the code",
            });
        }
        let body: AnswerBody = decode(&proved.body, WHAT)?;
        if body.version != VERSION
            || body.ask != <[u8; 32]>::from(Sha256::digest(ask))
            || body.gate.len() > MAX_TEXT
        {
            return Err(malformed);
        }
        Ok(Self {
            root: PublicKey::from_bytes(&body.root).map_err(|_| malformed)?,
            gate: body.gate,
            compound: CompoundId(body.compound),
            bundle: body.bundle.into(),
        })
    }
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct Proved {
    #[n(0)]
    body: ByteVec,
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    proof: [u8; 32],
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct AskBody {
    #[n(0)]
    version: u8,
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    id: [u8; 16],
    #[n(2)]
    #[cbor(with = "minicbor::bytes")]
    receiver: [u8; 32],
    #[n(3)]
    #[cbor(with = "minicbor::bytes")]
    signer: [u8; 32],
    #[n(4)]
    software: String,
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct AnswerBody {
    #[n(0)]
    version: u8,
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    ask: [u8; 32],
    #[n(2)]
    #[cbor(with = "minicbor::bytes")]
    root: [u8; 32],
    #[n(3)]
    gate: String,
    #[n(4)]
    compound: u32,
    #[n(5)]
    bundle: ByteVec,
}
