//! `bundle`: what a gate judges by, in one file.

use std::path::Path;

use gate::Rules;
use pass::{Content, SigningKey, StatusList, TrustedKey};
use protocol::{Bundle, Receiver, policy_from_json, seal_people, sign_rules};
use store::{Act, Action, Compound, Gate, Store, Version};

use super::{Desk, Problem, demand_covered};
use crate::cli;
use crate::people;
use crate::rules::STARTER;
use crate::words::cli::Message;

const HOUR: i64 = 3600;

pub(super) async fn run(desk: &Desk, options: &cli::Bundle) -> Result<(), Problem> {
    let store = desk.store().await?;
    let (key, trusted) = desk.signer()?;
    store.bind_office(trusted.office).await?;
    let gates = gates(desk, &store, &options.gates).await?;
    let compound = compound(desk, &store, options.compound.as_deref(), &gates).await?;
    demand_covered(&trusted, std::slice::from_ref(&compound))?;
    let (trust, _) = desk.key_files().trust_list()?;
    let act = desk.act();
    let now = act.at;

    let version = store.next_version(Version::Status, now).await?;
    let expires = now.plus(i64::from(options.hours) * HOUR).min(trusted.until);
    let statuses = store.statuses().await?;
    let status = StatusList::new(trusted.office, version, now, expires, &statuses);

    let stored = store.rules_or(compound.id, STARTER, &act).await?;
    let rules = Rules {
        compound: compound.id,
        compound_name: compound.name.clone(),
        policy: policy_from_json(&stored)?,
    };
    let version = store.next_version(Version::Rules(compound.id), now).await?;
    let bundle = Bundle {
        trust,
        status: vec![status.sign(&key)],
        rules: sign_rules(&rules, version, now, &key),
        people: seal(desk, &store, &compound, &gates, (&key, &trusted), &act).await?,
    };
    write_whole(&options.out, &bundle.to_bytes())?;
    store.audit(&act, Action::Export, &format!("bundle of compound {}", compound.id.0)).await?;
    desk.say(Message::Bundled { compound: &compound.name, path: &options.out });
    Ok(())
}

/// The gates of these names.
async fn gates(desk: &Desk, store: &Store, names: &[String]) -> Result<Vec<Gate>, Problem> {
    let known = if names.is_empty() { Vec::new() } else { store.gates().await? };
    let find = |name: &String| {
        let name = registry::tidy(name);
        known.iter().find(|gate| gate.name == name).cloned().ok_or_else(|| {
            let others: Vec<&str> = known.iter().map(|gate| gate.name.as_str()).collect();
            let others = others.join(desk.language.choose("、", ", "));
            desk.problem(Message::NoGate { name: &name, others: &others })
        })
    };
    names.iter().map(find).collect()
}

/// The compound that was named, or the one that all the gates belong to.
async fn compound(
    desk: &Desk,
    store: &Store,
    name: Option<&str>,
    gates: &[Gate],
) -> Result<Compound, Problem> {
    let compound = match (name, gates.first()) {
        (Some(name), _) => desk.compound(store, name).await?,
        (None, first) => {
            let of_first = |compound: &Compound| first.is_some_and(|gate| gate.compound == compound.id);
            let found = store.compounds().await?.into_iter().find(of_first);
            found.ok_or_else(|| desk.problem(Message::GatesOfTwoCompounds))?
        }
    };
    match gates.iter().all(|gate| gate.compound == compound.id) {
        true => Ok(compound),
        false => Err(desk.problem(Message::GatesOfTwoCompounds)),
    }
}

/// The people of a compound, sealed once for each gate.
async fn seal(
    desk: &Desk,
    store: &Store,
    compound: &Compound,
    gates: &[Gate],
    (key, trusted): (&SigningKey, &TrustedKey),
    act: &Act<'_>,
) -> Result<Vec<Vec<u8>>, Problem> {
    if gates.is_empty() {
        return Ok(Vec::new());
    }
    if !trusted.contents.has(Content::People) {
        return Err(desk.problem(Message::PeopleNotCovered));
    }
    let people = people::of(store, compound, act.at).await?;
    let version = store.next_version(Version::People(compound.id), act.at).await?;
    let mut parts = Vec::with_capacity(gates.len());
    for gate in gates {
        let receiver = Receiver::of_text(&gate.receiver)?;
        let sealed = seal_people(&people, version, act.at, key, &receiver);
        parts.push(
            sealed.map_err(|limit| desk.problem(Message::TooMuch { what: &limit.to_string() }))?.to_bytes(),
        );
    }
    let names: Vec<&str> = gates.iter().map(|gate| gate.name.as_str()).collect();
    let detail = format!("people of compound {} for {}", compound.id.0, names.join(" "));
    store.audit(act, Action::Export, &detail).await?;
    let names = names.join(desk.language.choose("、", ", "));
    desk.say(Message::Sealed { residents: people.residents.len(), gates: &names });
    Ok(parts)
}

/// Writes a file so that nobody ever finds half of it under its name.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || -> std::io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        std::io::Write::write_all(&mut file, bytes)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    write().map_err(|why| Problem::CannotWrite(path.to_owned(), why))
}
