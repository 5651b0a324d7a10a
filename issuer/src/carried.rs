//! Carrying what office and gates exchange on a stick: the same reports, parcels and replies as over a network; and newer programs
//! for gates, which alone lie there in clear, as they tell nothing about anybody.

use std::collections::BTreeMap;

use protocol::{Parcel, Receiver, ReceiverKey, Sealed, Stick, Update, lock};
use stick::Mounted;
use store::{Compound, Gate};

use crate::exchange::{CannotMake, Exchange, Hands, Refused, answer};
use crate::programs::Programs;

/// A report on a stick is not longer.
const LONGEST: u64 = 8 << 20;

/// A report on a stick that was taken in.
struct Report {
    gate: Gate,
    number: u64,
    name: String,
}

/// What came of a visit.
#[derive(Debug)]
pub(crate) struct Visit {
    /// Reports that were new, by gate.
    pub(crate) taken: BTreeMap<String, u64>,
    /// Files that were no report to this office, or of a gate that is not known: left where they are.
    pub(crate) left: Vec<String>,
    /// Compounds whose gates get something.
    pub(crate) given: Vec<Compound>,
    /// Programs for gates that were copied; or why they were not, which keeps nothing else from the stick.
    pub(crate) programs: std::io::Result<Vec<Update>>,
}

/// Why nothing was exchanged.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CannotCarry {
    /// No office of ours has signed this stick.
    #[error("the stick is not signed")]
    NotSigned,
    /// It is mounted so that what lies on it could be run.
    #[error("mounted without nodev, nosuid, noexec")]
    Careless,
    /// The stick.
    #[error(transparent)]
    Stick(#[from] std::io::Error),
    /// What goes on it can't be made.
    #[error(transparent)]
    Make(#[from] CannotMake),
    /// The registry.
    #[error(transparent)]
    Store(#[from] store::StoreError),
}

/// Signs a stick, so that offices and gates of the district take it.
pub(crate) fn prepare(stick: &Mounted, hands: &Hands<'_>) -> Result<(), CannotCarry> {
    let content = pass::Content::Stick;
    if !hands.trusted.contents.has(content) {
        return Err(CannotMake::May(content).into());
    }
    let signed = Stick { issued: hands.now, file_system: stick.file_system().to_owned() }.sign(hands.key);
    Ok(stick.write("", Stick::FILE, &signed)?)
}

/// Takes in what gates have left on a signed stick, and leaves them what they lack.
pub(crate) async fn visit(
    stick: &Mounted,
    hands: &Hands<'_>,
    key: &ReceiverKey,
    exchange: &Exchange,
    programs: &Programs,
) -> Result<Visit, CannotCarry> {
    let (trust, keys) = hands.files.trust_list().map_err(CannotMake::Other)?;
    let signed = stick.read("", Stick::FILE, 4096)?.ok_or(CannotCarry::NotSigned)?;
    let ours = Stick::open(&signed, &keys).map_err(|_| CannotCarry::NotSigned)?;
    if ours.file_system != stick.file_system() {
        return Err(CannotCarry::NotSigned);
    }
    if stick.is_careless() {
        return Err(CannotCarry::Careless);
    }
    let mut visit =
        Visit { taken: Default::default(), left: Vec::new(), given: Vec::new(), programs: Ok(Vec::new()) };
    let before = hands.store.gate_reports().await?;
    let mut reports: BTreeMap<String, Report> = BTreeMap::new();
    for name in stick.names(Stick::UP)? {
        let report = stick.read(Stick::UP, &name, LONGEST);
        let Ok(Some(report)) = report else {
            visit.left.push(name);
            continue;
        };
        match answer(hands, key, exchange, &report).await {
            Ok((_, gate)) => {
                let number = Sealed::from_bytes(&report).map_or(0, |sealed| sealed.version());
                if before.get(&gate.receiver).is_none_or(|before| before.number < number) {
                    *visit.taken.entry(gate.name.clone()).or_default() += 1;
                }
                // The newest of each gate says all: how far the office is, and what others logged since the report. It stays until
                // the gate writes another, and is answered at every visit: the stick may see other gates and the office between.
                let other = reports.remove(&gate.receiver);
                let this = Report { gate, number, name };
                let (newest, older) = match other {
                    Some(other) if other.number > number => (other, Some(this)),
                    other => (this, other),
                };
                if let Some(older) = older {
                    stick.remove(Stick::UP, &older.name)?;
                }
                reports.insert(newest.gate.receiver.clone(), newest);
            }
            Err(Refused::Down) => return Err(store::StoreError::Contended.into()),
            Err(why) => {
                tracing::warn!(name, ?why, "a file on the stick is no report to this office");
                visit.left.push(name);
            }
        }
    }
    // Only now that all of them are taken in is it known what each gate lacks of the others: answering again takes nothing in twice.
    let mut replies: Vec<(Gate, Vec<Vec<u8>>)> = Vec::with_capacity(reports.len());
    for Report { gate, name, .. } in reports.into_values() {
        let Some(report) = stick.read(Stick::UP, &name, LONGEST)? else { continue };
        match answer(hands, key, exchange, &report).await {
            Ok((parcel, _)) => replies.push((gate, parcel.replies)),
            Err(Refused::Down) => return Err(store::StoreError::Contended.into()),
            // It was struck off or lost its key this very moment: it hears so the next time.
            Err(why) => {
                tracing::warn!(gate = gate.name, ?why, "a report on the stick can't be answered any more");
            }
        }
    }
    while hands.store.publish(hands.now).await? {}
    let gates = hands.store.gates().await?;
    for compound in hands.store.compounds().await? {
        let here: Vec<&Gate> = gates.iter().filter(|gate| gate.compound == compound.id).collect();
        let struck = replies.iter().any(|(gate, _)| gate.compound == compound.id);
        if (here.is_empty() && !struck) || !hands.trusted.covers(compound.id) {
            continue;
        }
        let of = replies.iter().filter(|(gate, _)| gate.compound == compound.id);
        let told = Parcel { replies: of.flat_map(|(_, all)| all.clone()).collect(), ..Parcel::default() };
        stick.write(Stick::DOWN, &format!("replies-{}", compound.id.0), &told.to_bytes())?;
        let mut receivers = Vec::with_capacity(here.len());
        for gate in &here {
            receivers.push(Receiver::of_text(&gate.receiver).map_err(|why| CannotMake::Other(why.into()))?);
        }
        let parcel = whole(hands, exchange, &compound, &receivers, &trust).await?;
        // Nothing on a stick tells anything to whoever finds it, not even the names of gates.
        let locked = lock(&parcel.to_bytes(), &receivers);
        stick.write(Stick::DOWN, &format!("parcel-{}", compound.id.0), &locked)?;
        visit.given.push(compound);
    }
    // Last, as the largest by far: what fills the stick or is pulled out meanwhile costs no passage and no colour.
    visit.programs = programs.copy_to(stick);
    Ok(visit)
}

/// All that the gates of a compound judge by, at its newest.
async fn whole(
    hands: &Hands<'_>,
    exchange: &Exchange,
    compound: &Compound,
    gates: &[Receiver],
    trust: &[u8],
) -> Result<Parcel, CannotMake> {
    let parts = &exchange.parts;
    let versions = hands.versions(compound.id).await?;
    let of = |all: &std::collections::BTreeMap<_, u64>| all.get(&compound.id).copied().unwrap_or_default();
    let mut people = Vec::with_capacity(gates.len());
    let known = parts.people(hands, compound, of(&versions.people)).await?;
    let mut status = vec![parts.status(hands, versions.status).await?.to_vec()];
    let elsewhere = parts.elsewhere(hands, compound.id, &versions.elsewhere).await?;
    status.extend(elsewhere.into_values().map(|(_, list)| list.to_vec()));
    for gate in gates {
        people.push(hands.seal(&known, of(&versions.people), gate)?);
    }
    Ok(Parcel {
        trust: Some(trust.to_vec()),
        status,
        rules: Some(parts.rules(hands, compound, of(&versions.rules)).await?.signed.to_vec()),
        directions: Some(parts.directions(hands, compound.id, of(&versions.directions)).await?.to_vec()),
        people,
        replies: Vec::new(),
    })
}
