//! People as bytes: CWT claims around a body that is packed with zlib. One form only, and bounded before it is unpacked.

use gate::{Exemption, ExemptionKind, Role};
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Decoder, Encode};
use pass::{Colour, CompoundId, Kind, Name, Refusal, Serial, Timestamp};

use super::{Card, ClosedHomes, Duty, People, PinHash, Resident, Staff};
use crate::Receiver;
use crate::packed::{pack, unpack};

/// What a gate takes at most. A compound has no more than 65,535 numbers for residents and vehicles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more than {most} {of}")]
pub struct Limits {
    /// Of what.
    pub of: &'static str,
    /// How many a gate takes.
    pub most: usize,
}

/// The body unpacked: a full compound takes about 8 MB.
const MAX_BODY: usize = 12 << 20;
const MAX_RESIDENTS: usize = u16::MAX as usize;
const MAX_STAFF: usize = 500;
const MAX_ROSTER: usize = 10_000;
const MAX_CLOSED: usize = 1_000;
const MAX_CARDS: usize = 8;
const MAX_INITIALS: usize = 8;
const MAX_EXEMPTIONS: usize = 4;
const MAX_TEXT: usize = People::MAX_TEXT;

/// Claims: issued at (RFC 8392 §3.1.6); private ones as in the rules: version and body; and the audience's key.
const ISSUED: i64 = 6;
const VERSION: i64 = -65_538;
const BODY: i64 = -65_541;
const GATE: i64 = -65_542;

pub(super) fn to_payload(
    people: &People,
    version: u64,
    issued: Timestamp,
    gate: &Receiver,
) -> Result<Vec<u8>, Limits> {
    let body = minicbor::to_vec(Body::of(people)).expect("a Vec takes every write");
    let limit = |of, count: usize, most| if count > most { Err(Limits { of, most }) } else { Ok(()) };
    limit("residents and vehicles", people.residents.len(), MAX_RESIDENTS)?;
    limit("members of staff", people.staff.len(), MAX_STAFF)?;
    limit("lines of the duty roster", people.roster.len(), MAX_ROSTER)?;
    limit("closed buildings", people.closed.len(), MAX_CLOSED)?;
    limit("bytes", body.len(), MAX_BODY)?;
    for resident in &people.residents {
        limit("cards of one resident", resident.cards.len(), MAX_CARDS)?;
        limit("ways to read a name", resident.initials.len(), MAX_INITIALS)?;
        limit("exemptions of one resident", resident.exemptions.len(), MAX_EXEMPTIONS)?;
        for text in [&resident.building, &resident.unit, &resident.room].into_iter().chain(&resident.initials)
        {
            limit("bytes of an address or of initials", text.len(), MAX_TEXT)?;
        }
    }
    let staff = people.staff.iter().map(|staff| &staff.name);
    let roster = people.roster.iter().flat_map(|duty| [&duty.who, &duty.gate]);
    let closed = people.closed.iter().flat_map(|homes| [&homes.building, &homes.unit]);
    for text in staff.chain(roster).chain(closed) {
        limit("bytes of a name", text.len(), MAX_TEXT)?;
    }
    let claims = Claims { issued: issued.0, version, body: pack(&body), gate: gate.thumbprint() };
    Ok(minicbor::to_vec(claims).expect("a Vec takes every write"))
}

pub(super) fn of_payload(payload: &[u8], gate: &Receiver) -> Result<(People, u64, Timestamp), Refusal> {
    let malformed = |_| Refusal::Malformed { what: "the people, or they are newer than this program" };
    let claims: Claims = minicbor::decode(payload).map_err(malformed)?;
    let body = unpack(&claims.body, MAX_BODY, "the packed people")?;
    let people = minicbor::decode::<Body>(&body).map_err(malformed)?.people()?;
    // The packed bytes were signed; what they unpack to, and all around them, must be as a signer writes it.
    let canonical = minicbor::to_vec(Body::of(&people)).expect("a Vec takes every write") == body
        && minicbor::to_vec(&claims).expect("a Vec takes every write") == payload;
    if !canonical {
        return Err(Refusal::NotCanonical);
    }
    if claims.gate != gate.thumbprint() {
        return Err(Refusal::Malformed { what: "the people: signed for another gate" });
    }
    Ok((people, claims.version, Timestamp(claims.issued)))
}

struct Claims {
    issued: i64,
    version: u64,
    body: Vec<u8>,
    gate: [u8; 32],
}

impl<C> Encode<C> for Claims {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        // In the deterministic order of the labels (RFC 8949 §4.2.1).
        e.map(4)?.i64(ISSUED)?.i64(self.issued)?.i64(VERSION)?.u64(self.version)?;
        e.i64(BODY)?.bytes(&self.body)?.i64(GATE)?.bytes(&self.gate)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Claims {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let wrong = minicbor::decode::Error::message;
        let label = |d: &mut Decoder<'b>, wanted| match d.i64()? {
            found if found == wanted => Ok(()),
            _ => Err(wrong("label")),
        };
        d.map()?;
        label(d, ISSUED)?;
        let issued = d.i64()?;
        label(d, VERSION)?;
        let version = d.u64()?;
        label(d, BODY)?;
        let body = d.bytes()?.to_vec();
        label(d, GATE)?;
        let gate = d.bytes()?.try_into().map_err(|_| wrong("gate"))?;
        Ok(Self { issued, version, body, gate })
    }
}

/// The body on the wire: arrays, whose places are never reused.
#[derive(Encode, Decode)]
#[cbor(array)]
struct Body {
    #[n(0)]
    compound: u32,
    #[n(1)]
    #[cbor(decode_with = "at_most::<_, _, MAX_RESIDENTS>")]
    residents: Vec<WireResident>,
    #[n(2)]
    #[cbor(decode_with = "at_most::<_, _, MAX_STAFF>")]
    staff: Vec<WireStaff>,
    #[n(3)]
    #[cbor(decode_with = "at_most::<_, _, MAX_ROSTER>")]
    roster: Vec<WireDuty>,
    /// Written only where something is closed.
    #[n(4)]
    closed: Option<Closures>,
}

/// At least one.
#[derive(Encode, Decode)]
#[cbor(transparent)]
struct Closures(#[cbor(decode_with = "at_most::<_, _, MAX_CLOSED>")] Vec<WireClosed>);

#[derive(Encode, Decode)]
#[cbor(array)]
struct WireResident {
    #[n(0)]
    holder: u16,
    #[n(1)]
    household: u32,
    #[n(2)]
    kind: u8,
    #[n(3)]
    name: String,
    #[n(4)]
    building: String,
    #[n(5)]
    unit: String,
    #[n(6)]
    room: String,
    #[n(7)]
    #[cbor(decode_with = "at_most::<_, _, MAX_INITIALS>")]
    initials: Vec<String>,
    #[n(8)]
    colour: u8,
    #[n(9)]
    #[cbor(decode_with = "at_most::<_, _, MAX_CARDS>")]
    cards: Vec<WireCard>,
    #[n(10)]
    #[cbor(decode_with = "at_most::<_, _, MAX_EXEMPTIONS>")]
    exemptions: Vec<WireExemption>,
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct WireCard {
    #[n(0)]
    serial: ByteVec,
    #[n(1)]
    index: u32,
    #[n(2)]
    colour: u8,
    #[n(3)]
    not_before: i64,
    #[n(4)]
    expires: i64,
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct WireExemption {
    #[n(0)]
    kind: u8,
    #[n(1)]
    quota: bool,
    #[n(2)]
    hours: bool,
    #[n(3)]
    until: Option<i64>,
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct WireStaff {
    #[n(0)]
    name: String,
    #[n(1)]
    role: u8,
    #[n(2)]
    pin: String,
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct WireDuty {
    #[n(0)]
    from: i64,
    #[n(1)]
    until: i64,
    #[n(2)]
    who: String,
    #[n(3)]
    gate: String,
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct WireClosed {
    #[n(0)]
    building: String,
    #[n(1)]
    unit: String,
    #[n(2)]
    since: i64,
    #[n(3)]
    planned: Option<i64>,
}

/// A list of at most `MOST`, refused before it is read when it is longer.
fn at_most<'b, C, T: Decode<'b, C>, const MOST: usize>(
    d: &mut Decoder<'b>,
    ctx: &mut C,
) -> Result<Vec<T>, minicbor::decode::Error> {
    let count = d.array()?.and_then(|count| usize::try_from(count).ok()).filter(|count| *count <= MOST);
    let count = count.ok_or_else(|| minicbor::decode::Error::message("too many"))?;
    (0..count).map(|_| T::decode(d, ctx)).collect()
}

impl Body {
    fn of(people: &People) -> Self {
        Self {
            compound: people.compound.0,
            residents: people.residents.iter().map(WireResident::of).collect(),
            staff: people.staff.iter().map(WireStaff::of).collect(),
            roster: people.roster.iter().map(WireDuty::of).collect(),
            closed: (!people.closed.is_empty())
                .then(|| Closures(people.closed.iter().map(WireClosed::of).collect())),
        }
    }

    /// Refuses numbers that mean nothing, names that aren't any, lists out of order, and whatever stands there twice.
    fn people(self) -> Result<People, Refusal> {
        let residents: Vec<Resident> =
            self.residents.into_iter().map(WireResident::resident).collect::<Result<_, _>>()?;
        let staff: Vec<Staff> = self.staff.into_iter().map(WireStaff::staff).collect::<Result<_, _>>()?;
        let roster: Vec<Duty> = self.roster.into_iter().map(WireDuty::duty).collect::<Result<_, _>>()?;
        let closed = self.closed.map_or(Vec::new(), |closures| closures.0);
        let closed: Vec<ClosedHomes> = closed.into_iter().map(WireClosed::homes).collect::<Result<_, _>>()?;
        let ordered = residents.is_sorted_by(|a, b| a.holder < b.holder)
            && staff.is_sorted_by(|a, b| a.name < b.name)
            && roster.is_sorted_by(|a, b| a < b)
            && closed.is_sorted_by(|a, b| a < b);
        if !ordered {
            return Err(wrong("the people: out of order, or one stands there twice"));
        }
        Ok(People { compound: CompoundId(self.compound), residents, staff, roster, closed })
    }
}

impl WireResident {
    fn of(resident: &Resident) -> Self {
        Self {
            holder: resident.holder,
            household: resident.household,
            kind: resident.kind as u8,
            name: resident.name.as_str().to_owned(),
            building: resident.building.clone(),
            unit: resident.unit.clone(),
            room: resident.room.clone(),
            initials: resident.initials.clone(),
            colour: resident.colour as u8,
            cards: resident.cards.iter().map(WireCard::of).collect(),
            exemptions: resident.exemptions.iter().map(WireExemption::of).collect(),
        }
    }

    fn resident(self) -> Result<Resident, Refusal> {
        let initials = self.initials.iter().all(|text| text.bytes().all(|b| b.is_ascii_lowercase()));
        let kind = one_of(&Kind::ALL, self.kind, "the kind of a resident")?;
        if !initials || !matches!(kind, Kind::Person | Kind::Vehicle) {
            return Err(wrong("a resident"));
        }
        Ok(Resident {
            holder: self.holder,
            household: self.household,
            kind,
            name: Name::new(&self.name).map_err(|_| wrong("the name of a resident"))?,
            building: text(self.building)?,
            unit: text(self.unit)?,
            room: text(self.room)?,
            initials: self.initials.into_iter().map(text).collect::<Result<_, _>>()?,
            colour: one_of(&Colour::ALL, self.colour, "the colour of a resident")?,
            cards: self.cards.into_iter().map(WireCard::card).collect::<Result<_, _>>()?,
            exemptions: self
                .exemptions
                .into_iter()
                .map(WireExemption::exemption)
                .collect::<Result<_, _>>()?,
        })
    }
}

impl WireCard {
    fn of(card: &Card) -> Self {
        Self {
            serial: card.serial.0.to_vec().into(),
            index: card.index,
            colour: card.colour as u8,
            not_before: card.not_before.0,
            expires: card.expires.0,
        }
    }

    fn card(self) -> Result<Card, Refusal> {
        let serial = self.serial.as_slice().try_into().map_err(|_| wrong("the serial of a card"))?;
        Ok(Card {
            serial: Serial(serial),
            index: self.index,
            colour: one_of(&Colour::ALL, self.colour, "the colour of a card")?,
            not_before: Timestamp(self.not_before),
            expires: Timestamp(self.expires),
        })
    }
}

impl WireExemption {
    fn of(exemption: &Exemption) -> Self {
        Self {
            kind: exemption.kind as u8,
            quota: exemption.quota,
            hours: exemption.hours,
            until: exemption.until.map(|until| until.0),
        }
    }

    fn exemption(self) -> Result<Exemption, Refusal> {
        Ok(Exemption {
            kind: one_of(&ExemptionKind::ALL, self.kind, "the kind of an exemption")?,
            quota: self.quota,
            hours: self.hours,
            until: self.until.map(Timestamp),
        })
    }
}

impl WireStaff {
    fn of(staff: &Staff) -> Self {
        Self { name: staff.name.clone(), role: staff.role as u8, pin: staff.pin.as_str().to_owned() }
    }

    fn staff(self) -> Result<Staff, Refusal> {
        Ok(Staff {
            name: text(self.name).and_then(not_empty)?,
            role: one_of(&Role::ALL, self.role, "the role of a member of staff")?,
            pin: PinHash::parse(&self.pin).map_err(|_| wrong("the PIN hash of a member of staff"))?,
        })
    }
}

impl WireClosed {
    fn of(homes: &ClosedHomes) -> Self {
        Self {
            building: homes.building.clone(),
            unit: homes.unit.clone(),
            since: homes.since.0,
            planned: homes.planned.map(|planned| planned.0),
        }
    }

    fn homes(self) -> Result<ClosedHomes, Refusal> {
        Ok(ClosedHomes {
            building: text(self.building)?,
            unit: text(self.unit)?,
            since: Timestamp(self.since),
            planned: self.planned.map(Timestamp),
        })
    }
}

impl WireDuty {
    fn of(duty: &Duty) -> Self {
        Self { from: duty.from.0, until: duty.until.0, who: duty.who.clone(), gate: duty.gate.clone() }
    }

    fn duty(self) -> Result<Duty, Refusal> {
        if self.from >= self.until {
            return Err(wrong("a line of the duty roster that ends before it begins"));
        }
        let (from, until) = (Timestamp(self.from), Timestamp(self.until));
        Ok(Duty { from, until, who: text(self.who).and_then(not_empty)?, gate: text(self.gate)? })
    }
}

fn wrong(what: &'static str) -> Refusal {
    Refusal::Malformed { what }
}

fn one_of<T: Copy>(all: &[T], number: u8, what: &'static str) -> Result<T, Refusal> {
    all.get(usize::from(number)).copied().ok_or(wrong(what))
}

/// A short text without control characters.
fn text(text: String) -> Result<String, Refusal> {
    if text.len() <= MAX_TEXT && !text.chars().any(char::is_control) {
        Ok(text)
    } else {
        Err(wrong("a text of the people"))
    }
}

fn not_empty(text: String) -> Result<String, Refusal> {
    if text.is_empty() { Err(wrong("an empty name")) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bomb_is_not_unpacked() {
        assert_eq!(unpack(&pack(&vec![0; MAX_BODY]), MAX_BODY, "people").unwrap().len(), MAX_BODY);
        assert!(unpack(&pack(&vec![0; MAX_BODY + 1]), MAX_BODY, "people").is_err());
        let whole = pack(b"people");
        assert_eq!(unpack(&whole, MAX_BODY, "people").unwrap(), b"people");
        for length in 0..whole.len() {
            assert!(
                unpack(&whole[..length], MAX_BODY, "people").is_err(),
                "cut to {length} of {}",
                whole.len()
            );
        }
        assert!(unpack(&[whole, vec![0]].concat(), MAX_BODY, "people").is_err());
    }

    #[test]
    fn a_list_that_is_too_long_is_refused_before_it_is_read() {
        // A head that promises 65,536 residents, and none of them.
        let body = [0x84, 0x01, 0x9A, 0x00, 0x01, 0x00, 0x00];
        let error = minicbor::decode::<Body>(&body).err().unwrap();
        assert!(error.to_string().contains("too many"), "{error}");
    }
}
