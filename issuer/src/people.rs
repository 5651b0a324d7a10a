//! What a gate may know of a compound's people, out of the registry: names masked, initials made, PINs as hashes.

use std::collections::HashMap;

use gate::Exemption;
use pass::{Kind, Timestamp};
use protocol::{Card, ClosedHomes, Duty, People, PinHash, Receiver, ReceiverJwk, Resident, Staff};
use registry::FullName;
use store::{Closure, Compound, Person, Store};

/// The people of a compound at `now`: what has ended is left out.
///
/// # Errors
/// The store's, and a PIN hash that this program did not write.
pub async fn of(store: &Store, compound: &Compound, now: Timestamp) -> anyhow::Result<People> {
    let mut exempt: HashMap<u16, Vec<Exemption>> = HashMap::new();
    for (holder, exemption) in store.exemptions(compound.id).await? {
        if exemption.holds(now) {
            exempt.entry(holder).or_default().push(exemption);
        }
    }
    let residents = store.people(compound.id, now).await?.into_iter().map(|person| {
        let exemptions = exempt.remove(&person.holder).unwrap_or_default();
        resident(person, exemptions)
    });
    let residents = residents.collect();
    let mut staff = Vec::new();
    for member in store.staff(compound.id).await? {
        staff.push(Staff { name: member.name, role: member.role, pin: PinHash::parse(&member.pin)? });
    }
    let mut roster: Vec<Duty> = store.duty(compound.id, now).await?.into_iter().map(duty).collect();
    roster.sort();
    roster.dedup();
    let mut closed: Vec<ClosedHomes> = store.closed(compound.id).await?.iter().map(closed_homes).collect();
    closed.sort();
    closed.dedup();
    Ok(People { compound: compound.id, residents, staff, roster, closed })
}

fn resident(person: Person, exemptions: Vec<Exemption>) -> Resident {
    let initials = match person.kind {
        Kind::Vehicle => Vec::new(),
        _ => FullName::new(&person.full_name).map(|name| registry::initials(&name)).unwrap_or_default(),
    };
    let card = |card: &store::PersonCard| Card {
        serial: card.serial,
        index: card.index,
        colour: card.colour,
        not_before: card.not_before,
        expires: card.expires,
    };
    Resident {
        holder: person.holder,
        household: person.household,
        kind: person.kind,
        name: person.name,
        building: short(&person.address.building),
        unit: short(&person.address.unit),
        room: short(&person.address.room),
        initials,
        colour: person.colour,
        cards: person.cards.iter().map(card).collect(),
        exemptions,
    }
}

fn closed_homes(closure: &Closure) -> ClosedHomes {
    ClosedHomes {
        building: short(&closure.building),
        unit: short(&closure.unit),
        since: closure.since,
        planned: closure.planned,
    }
}

/// As much of a text as a gate takes: one strange address must not keep a whole compound from its gates.
fn short(text: &str) -> String {
    let mut short = String::new();
    for c in text.chars().filter(|c| !c.is_control()) {
        if short.len() + c.len_utf8() > People::MAX_TEXT {
            break;
        }
        short.push(c);
    }
    short
}

/// A gate's key as its owner writes it: a COSE_Key in base64, or a JWK.
pub(crate) fn gate_key(text: &str) -> Option<Receiver> {
    match text.trim_start().starts_with('{') {
        true => serde_json::from_str::<ReceiverJwk>(text).ok()?.receiver().ok(),
        false => Receiver::of_text(text).ok(),
    }
}

/// Whether a gate takes this as a name of somebody, or of itself.
#[must_use]
pub fn is_name(text: &str) -> bool {
    !text.is_empty() && short(text) == text
}

fn duty(line: store::DutyLine) -> Duty {
    Duty { from: line.from, until: line.until, who: line.who, gate: line.gate }
}
