//! The event of a verdict, with all it was based on.

use minicbor::{Decode, Encode};
use pass::{Colour, CompoundId, Kind, OfficeId, Serial};

use crate::{Direction, Verdict};

/// A verdict, with all it was based on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Which way.
    pub direction: Direction,
    /// The verdict.
    pub verdict: Verdict,
    /// Why: the codes of [`crate::Reason`] and [`pass::Refusal`], the weightiest first.
    pub reasons: Vec<String>,
    /// Whether it raised an alert.
    pub alert: bool,
    /// Whose pass; none when it was not believed.
    pub holder: Option<Holder>,
    /// The versions it was judged by.
    pub versions: Versions,
    /// How many persons go on it: one, unless staff keyed in more.
    pub party: u16,
    /// Temperature in tenths of a degree Celsius: the last one measured before the verdict.
    pub temperature: Option<u16>,
    /// The plate that was read or keyed in.
    pub plate: Option<String>,
    /// How the pass came to be judged.
    pub came: Came,
    /// Scanned together with others: the sequence of the first of them. None for the first itself.
    pub together_with: Option<u64>,
    /// Whether the lane has a turned-signal, which reports the passage in an event of its own.
    pub sensed: bool,
    /// Persons whose own passes were shown with this one, and who go in the same passage.
    pub beside: u16,
    /// The verdict that this one replaces, by its sequence: the same person was judged again when more was known (a
    /// temperature, a plate, who sits in the car). What was admitted there counts no more.
    pub supersedes: Option<u64>,
    /// The member of staff who keyed in what is known beside the pass: persons, plate, direction or temperature.
    pub keyed_by: Option<String>,
}

/// How a pass came to be judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Came {
    /// Its code was seen by the camera.
    #[default]
    Scanned,
    /// Its code was read by a hand scanner.
    HandScanner,
    /// Its holder was found by name, room or short code, and its code was not seen.
    Searched {
        /// The member of staff who searched.
        who: String,
    },
}

impl Came {
    /// A name for programs: `scanned`, `hand_scanner`, `searched`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Scanned => "scanned",
            Self::HandScanner => "hand_scanner",
            Self::Searched { .. } => "searched",
        }
    }
}

/// A pass and its holder, by numbers alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The office that signed the pass.
    pub office: OfficeId,
    /// The pass within the office.
    pub serial: Serial,
    /// The compound.
    pub compound: CompoundId,
    /// The household within the compound; for a visitor, the host's.
    pub household: u32,
    /// The holder within the compound.
    pub holder: u16,
    /// The colour that held.
    pub colour: Colour,
    /// What the pass is for.
    pub kind: Kind,
}

/// The versions of the signed parts that a gate judged by; 0 for a part it did not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Versions {
    /// Of the trust list.
    #[n(0)]
    pub trust: u64,
    /// Of the status list of the pass's office.
    #[n(1)]
    pub status: u64,
    /// Of the rules.
    #[n(2)]
    pub rules: u64,
}

/// Why staff may not turn a verdict around. Whom they let through all the same is logged as a [`super::Manual`] entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotOverridable {
    /// What is not believed may be forged, and belongs to nobody.
    NotBelieved,
    /// A specimen has no holder.
    Specimen,
    /// The numbers of another compound's holders are other people's here: their passages would be counted as someone else's.
    OtherCompound,
}

impl Judged {
    /// Whether staff may turn the verdict around.
    ///
    /// # Errors
    /// Why not.
    pub fn overridable(&self) -> Result<(), NotOverridable> {
        let was = |code| self.reasons.iter().any(|reason| reason == code);
        match self.holder {
            None => Err(NotOverridable::NotBelieved),
            Some(_) if was("specimen") => Err(NotOverridable::Specimen),
            Some(_) if was("other_compound") => Err(NotOverridable::OtherCompound),
            Some(_) => Ok(()),
        }
    }

    /// As [`Judged::overridable`].
    #[must_use]
    pub fn can_be_overridden(&self) -> bool {
        self.overridable().is_ok()
    }
}

/// A verdict on the wire. What is as it mostly is, is not written; a label is never used again (9 once was an override).
#[derive(Encode, Decode)]
#[cbor(map)]
struct Wire {
    #[n(0)]
    direction: Direction,
    #[n(1)]
    verdict: Verdict,
    #[n(2)]
    reasons: Vec<String>,
    #[n(3)]
    alert: bool,
    #[n(4)]
    holder: Option<Holder>,
    #[n(5)]
    versions: Versions,
    #[n(6)]
    party: u16,
    #[n(7)]
    temperature: Option<u16>,
    #[n(8)]
    plate: Option<String>,
    #[n(10)]
    came: Option<OtherWay>,
    #[n(11)]
    together_with: Option<u64>,
    #[n(12)]
    sensed: Option<bool>,
    #[n(13)]
    beside: Option<u16>,
    #[n(14)]
    supersedes: Option<u64>,
    #[n(15)]
    keyed_by: Option<String>,
}

#[derive(Encode, Decode)]
enum OtherWay {
    #[n(1)]
    HandScanner,
    #[n(2)]
    Searched(#[n(0)] String),
}

impl<C> Encode<C> for Judged {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        let wire = Wire {
            direction: self.direction,
            verdict: self.verdict,
            reasons: self.reasons.clone(),
            alert: self.alert,
            holder: self.holder.clone(),
            versions: self.versions,
            party: self.party,
            temperature: self.temperature,
            plate: self.plate.clone(),
            came: match &self.came {
                Came::Scanned => None,
                Came::HandScanner => Some(OtherWay::HandScanner),
                Came::Searched { who } => Some(OtherWay::Searched(who.clone())),
            },
            together_with: self.together_with,
            sensed: self.sensed.then_some(true),
            beside: Some(self.beside).filter(|beside| *beside > 0),
            supersedes: self.supersedes,
            keyed_by: self.keyed_by.clone(),
        };
        wire.encode(e, ctx)
    }
}

impl<'b, C> Decode<'b, C> for Judged {
    fn decode(d: &mut minicbor::Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        let wire = Wire::decode(d, ctx)?;
        Ok(Self {
            direction: wire.direction,
            verdict: wire.verdict,
            reasons: wire.reasons,
            alert: wire.alert,
            holder: wire.holder,
            versions: wire.versions,
            party: wire.party,
            temperature: wire.temperature,
            plate: wire.plate,
            came: match wire.came {
                None => Came::Scanned,
                Some(OtherWay::HandScanner) => Came::HandScanner,
                Some(OtherWay::Searched(who)) => Came::Searched { who },
            },
            together_with: wire.together_with,
            sensed: wire.sensed.unwrap_or(false),
            beside: wire.beside.unwrap_or(0),
            supersedes: wire.supersedes,
            keyed_by: wire.keyed_by,
        })
    }
}

/// Six numbers, and a seventh for what is not a person's pass.
impl<C> Encode<C> for Holder {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.array(if self.kind == Kind::Person { 6 } else { 7 })?;
        e.u32(self.office.0)?.bytes(&self.serial.0)?.u32(self.compound.0)?;
        e.u32(self.household)?.u16(self.holder)?.u8(self.colour as u8)?;
        if self.kind != Kind::Person {
            e.u8(self.kind as u8)?;
        }
        Ok(())
    }
}

impl<'b, C> Decode<'b, C> for Holder {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let wrong = |what| minicbor::decode::Error::message(what);
        let length = d.array()?;
        if !matches!(length, Some(6 | 7)) {
            return Err(wrong("holder"));
        }
        Ok(Self {
            office: OfficeId(d.u32()?),
            serial: Serial(d.bytes()?.try_into().map_err(|_| wrong("serial"))?),
            compound: CompoundId(d.u32()?),
            household: d.u32()?,
            holder: d.u16()?,
            colour: *Colour::ALL.get(usize::from(d.u8()?)).ok_or(wrong("colour"))?,
            kind: match length {
                Some(7) => *Kind::ALL.get(usize::from(d.u8()?)).ok_or(wrong("kind"))?,
                _ => Kind::Person,
            },
        })
    }
}
