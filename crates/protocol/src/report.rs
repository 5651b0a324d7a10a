//! Reports: what a gate tells its office. Signed by the gate, sealed for the office; by network or on a stick the same bytes.
//!
//! A report may be lost, come twice, late or in any order: events in it are known by (gate, journal, sequence), and everything
//! else counts from the report with the highest number.

use std::collections::BTreeMap;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use pass::{Content, PublicKey, Refusal, SigningKey, Timestamp};

use crate::claims::{Claims, decode, encode};
use crate::packed::{pack, unpack};
use crate::{Mark, Receiver, ReceiverKey, SealError, Sealed};

const BODY: i64 = -65_546;
/// Events of one report have so many bytes at most.
const MAX_EVENTS: usize = 4 << 20;
/// More than anybody writes of a program's version.
const MAX_TEXT: usize = 64;
/// More gates than a compound has, more offices than a district has.
const MAX_STANDS: usize = 4096;

/// What a gate tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Rises with every report of a gate.
    pub number: u64,
    /// The gate's time.
    pub at: Timestamp,
    /// Whether it doubts its clock.
    pub in_doubt: bool,
    /// Name and version of its program.
    pub software: String,
    /// What it judges by.
    pub holds: Holds,
    /// Its own journal; none while it has none that can be read.
    pub journal: Option<Stand>,
    /// The oldest event that it still has there: what came before, it can't bring any more. One, of a journal from which nothing was
    /// purged.
    pub first: u64,
    /// How far it has the journals of other gates; none when it does not want any with this answer.
    pub others: Option<Vec<Stand>>,
    /// For so many seconds an answer may wait for something new.
    pub wait: u8,
    /// Events of its journal, in the order of their sequences, without a gap.
    pub events: Vec<Vec<u8>>,
}

impl Report {
    /// The most bytes that the events of one report should have together.
    pub const MAX_EVENTS: usize = MAX_EVENTS / 2;
}

/// The versions of the parts that a gate judges by; nought for what it does not have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holds {
    /// Of the trust list.
    pub trust: u64,
    /// Of each office's status list.
    pub status: BTreeMap<u32, Mark>,
    /// Of the rules.
    pub rules: Mark,
    /// Of the directions.
    pub directions: Mark,
    /// Of the people.
    pub people: Mark,
}

/// How far somebody has a journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stand {
    /// The journal's random name.
    pub journal: [u8; 16],
    /// The last event.
    pub through: u64,
}

/// Why a report is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// The seal.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The signature, or what was signed.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// A report out of its seal, of which nothing is believed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedReport {
    /// Which gate says it is the sender.
    pub sender: Receiver,
    version: u64,
    signed: Vec<u8>,
}

impl Report {
    /// Signs the report of the gate that receives by `sender`, and seals it for `office`.
    #[must_use]
    pub fn seal(&self, sender: &Receiver, key: &SigningKey, office: &Receiver) -> Sealed {
        let pair = |(office, mark): (&u32, &Mark)| (*office, mark.trust, mark.version);
        let holds = &self.holds;
        let body = Body {
            in_doubt: self.in_doubt,
            software: self.software.clone(),
            trust: holds.trust,
            status: holds.status.iter().map(pair).collect(),
            rules: (holds.rules.trust, holds.rules.version),
            directions: (holds.directions.trust, holds.directions.version),
            people: (holds.people.trust, holds.people.version),
            journal: self.journal.map(Wire::of),
            others: self.others.as_ref().map(|all| all.iter().copied().map(Wire::of).collect()),
            wait: self.wait,
            events: pack(&self.events.concat()).into(),
            first: self.first,
        };
        let claims = Claims::<BODY, _> { issued: self.at.0, version: self.number, body };
        let signed = Content::Report.sign(&encode(&claims), key);
        let plain = encode(&(ByteVec::from(sender.to_bytes().to_vec()), ByteVec::from(signed)));
        Sealed::seal(Content::Report, self.number, &plain, office)
    }
}

impl OpenedReport {
    /// Opens what was sealed for the office of this key.
    ///
    /// # Errors
    /// [`ReportError`].
    pub fn open(sealed: &Sealed, office: &ReceiverKey) -> Result<Self, ReportError> {
        const WHAT: &str = "the report";
        let plain = sealed.open(Content::Report, office)?;
        let (sender, signed): (ByteVec, ByteVec) = decode(&plain, WHAT)?;
        let sender: [u8; 32] = sender.as_slice().try_into().map_err(|_| Refusal::Malformed { what: WHAT })?;
        let sender = Receiver::from_bytes(&sender).map_err(|_| Refusal::Malformed { what: WHAT })?;
        Ok(Self { sender, version: sealed.version(), signed: signed.into() })
    }

    /// Believes it, if `gate` is the key that signed it: the caller knows which key the sender has.
    ///
    /// # Errors
    /// What is wrong with the signature or the content.
    pub fn prove(&self, gate: &PublicKey) -> Result<Report, Refusal> {
        const WHAT: &str = "the report, or it is newer than this program";
        let payload = Content::Report.open_by(&self.signed, gate)?;
        let claims: Claims<BODY, Body> = decode(payload, WHAT)?;
        let body = claims.body;
        let malformed = Refusal::Malformed { what: WHAT };
        if claims.version != self.version
            || body.software.len() > MAX_TEXT
            || body.status.len() > MAX_STANDS
            || body.others.as_ref().is_some_and(|others| others.len() > MAX_STANDS)
        {
            return Err(malformed);
        }
        let events = apart(&unpack(&body.events, MAX_EVENTS, "the packed events of a report")?)?;
        let mark = |(trust, version)| Mark { trust, version };
        Ok(Report {
            number: claims.version,
            at: Timestamp(claims.issued),
            in_doubt: body.in_doubt,
            software: body.software,
            holds: Holds {
                trust: body.trust,
                status: body.status.iter().map(|at| (at.0, mark((at.1, at.2)))).collect(),
                rules: mark(body.rules),
                directions: mark(body.directions),
                people: mark(body.people),
            },
            journal: body.journal.map(Wire::stand),
            first: body.first,
            others: body.others.map(|all| all.into_iter().map(Wire::stand).collect()),
            wait: body.wait,
            events,
        })
    }
}

/// Events that were written one after the other, apart: each is one item of CBOR. What they say is for their reader.
pub(crate) fn apart(bytes: &[u8]) -> Result<Vec<Vec<u8>>, Refusal> {
    let mut d = minicbor::Decoder::new(bytes);
    let mut events = Vec::new();
    while d.position() < bytes.len() {
        let start = d.position();
        d.skip().map_err(|_| Refusal::Malformed { what: "the events" })?;
        events.push(bytes[start..d.position()].to_vec());
    }
    Ok(events)
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct Body {
    #[n(0)]
    in_doubt: bool,
    #[n(1)]
    software: String,
    #[n(2)]
    trust: u64,
    #[n(3)]
    status: Vec<(u32, u64, u64)>,
    #[n(4)]
    rules: (u64, u64),
    #[n(5)]
    directions: (u64, u64),
    #[n(6)]
    people: (u64, u64),
    #[n(7)]
    journal: Option<Wire>,
    #[n(8)]
    others: Option<Vec<Wire>>,
    #[n(9)]
    wait: u8,
    #[n(10)]
    events: ByteVec,
    #[n(11)]
    first: u64,
}

/// A [`Stand`] as it travels.
#[derive(Encode, Decode)]
#[cbor(array)]
pub(crate) struct Wire {
    #[n(0)]
    #[cbor(with = "minicbor::bytes")]
    journal: [u8; 16],
    #[n(1)]
    through: u64,
}

impl Wire {
    pub(crate) fn of(stand: Stand) -> Self {
        Self { journal: stand.journal, through: stand.through }
    }

    pub(crate) fn stand(self) -> Stand {
        Stand { journal: self.journal, through: self.through }
    }
}
