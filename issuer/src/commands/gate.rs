//! `gate` and `gates`: the gates that people are sealed for.
//!
//! The key is carried here by hand. A gate that enrols by itself will put it in the same table.

use std::path::Path;

use jiff::tz::TimeZone;
use protocol::Receiver;

use super::{Desk, Problem, local, tell};
use crate::cli::GateTask;
use crate::invite;
use crate::lag::lags;
use crate::people;
use crate::rules::current;
use crate::words::cli::Message;
use crate::words::gates as words;

/// No file with a key is longer.
const MAX_BYTES: u64 = 64 << 10;

pub(super) async fn run(desk: &Desk, task: &GateTask) -> Result<(), Problem> {
    let store = desk.store().await?;
    match task {
        GateTask::Add { name, compound, key } => {
            let name = desk.name(name)?;
            let key = receiver(key).ok_or_else(|| desk.problem(Message::NoGateKey))?;
            let compound = desk.compound(&store, compound).await?;
            let added = store.put_gate(&name, compound.id, &key.text(), &desk.act()).await;
            added?;
            desk.say(Message::GateAdded { gate: &name, fingerprint: &key.fingerprint() });
        }
        GateTask::Invite { name, compound, address } => {
            let name = desk.name(name)?;
            let address = invite::address(address).ok_or_else(|| desk.problem(Message::NoAddress))?;
            let compound = desk.compound(&store, compound).await?;
            let known = store.gates().await?;
            if known.iter().any(|gate| gate.name == name && gate.compound != compound.id) {
                return Err(desk.problem(Message::GateElsewhere { gate: &name }));
            }
            let (invitation, _) = invite::invite(&store, (&name, compound.id), &address, &desk.act()).await?;
            let code = invitation.code.text();
            desk.say(Message::Invited { gate: &name, code: &code, minutes: invite::MINUTES });
            tell(&invitation.text())?;
        }
        GateTask::Remove { name } => {
            let name = registry::tidy(name);
            store.remove_gate(&name, &desk.act()).await?;
            desk.say(Message::Removed { name: &name });
        }
    }
    Ok(())
}

/// A line for each gate: name, compound, fingerprint of its key. Or for each thing that was wrong with what gates reported.
pub(super) async fn list(desk: &Desk, troubles: bool) -> Result<(), Problem> {
    let store = desk.store().await?;
    let compounds = store.compounds().await?;
    if troubles {
        for compound in &compounds {
            let (_, policy) = current(compound);
            let zone = TimeZone::get(&policy.time_zone).unwrap_or(TimeZone::UTC);
            for trouble in store.gate_troubles(compound.id).await? {
                tell(&words::trouble(&trouble, &local(trouble.at, &zone), desk.language))?;
            }
        }
        return Ok(());
    }
    let (reports, versions) = (store.gate_reports().await?, store.versions().await?);
    let trust = desk.key_files().trust_list().map(|(_, keys)| keys.version()).unwrap_or_default();
    let (now, language) = (desk.now(), desk.language);
    for gate in store.gates().await? {
        let compound = compounds.iter().find(|compound| compound.id == gate.compound);
        let compound = compound.map_or("", |compound| compound.name.as_str());
        let fingerprint = Receiver::of_text(&gate.receiver)?.fingerprint();
        let report = reports.get(&gate.receiver);
        let heard = words::heard(report, !gate.signer.is_empty(), now, language);
        let lags = report.map_or_else(Vec::new, |report| lags(report, &versions, trust, gate.compound));
        let lags: Vec<&str> = lags.into_iter().map(|lag| words::lag(lag, language)).collect();
        let lags = lags.join(language.choose("、", ", "));
        tell(&format!("{}\t{compound}\t{fingerprint}\t{heard}\t{lags}", gate.name))?;
    }
    Ok(())
}

/// A gate's key from a file of this name, or from the text itself: a COSE_Key in base64, or a JWK.
fn receiver(file_or_text: &str) -> Option<Receiver> {
    let path = Path::new(file_or_text);
    let is_file = std::fs::metadata(path).is_ok_and(|about| about.is_file() && about.len() <= MAX_BYTES);
    let text = if is_file { std::fs::read_to_string(path).ok()? } else { file_or_text.to_owned() };
    people::gate_key(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_key_is_read() {
        let key = protocol::ReceiverKey::from_bytes(&[4; 32]).receiver();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gate.txt");
        std::fs::write(&path, format!("{}\n", key.text())).unwrap();
        let jwk = serde_json::to_string(&key.jwk()).unwrap();
        for text in [&key.text(), &jwk, path.to_str().unwrap()] {
            assert_eq!(receiver(text).as_ref(), Some(&key), "{text}");
        }
        for text in ["", "{}", "no key", "AAAA"] {
            assert_eq!(receiver(text), None, "{text}");
        }
    }
}
