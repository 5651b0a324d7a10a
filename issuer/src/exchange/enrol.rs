//! A gate that was invited makes itself known, and gets all that it takes to work.

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use protocol::{EnrolAnswer, EnrolAsk, EnrolSecret, Parcel};
use store::{Act, Enrolled};

use super::{Refused, bytes};
use crate::web::Web;

pub(super) async fn enrol(State(web): State<Web>, body: Bytes) -> Result<Response, Refused> {
    let hands = web.hands().ok_or(Refused::Locked)?;
    let ask = EnrolAsk::from_bytes(&body).map_err(|_| Refused::Malformed)?;
    let id = id_text(&ask.id);
    let invitation = web.store.invitation(&id).await?.ok_or(Refused::Unknown)?;
    let key = STANDARD.decode(&invitation.secret).ok().and_then(|key| <[u8; 32]>::try_from(key).ok());
    let secret = EnrolSecret { id: ask.id, key: key.ok_or(Refused::Down)?.into() };
    if !EnrolAsk::is_proved(&body, &secret) {
        return Err(Refused::Unknown);
    }
    // Before anything is written: what can't be made is no reason to use an invitation up.
    let compound = hands.compound(invitation.compound).await?;
    let (trust, _) = hands.files.trust_list().map_err(super::CannotMake::Other)?;
    let (receiver, signer) = (ask.receiver.text(), STANDARD.encode(ask.signer.to_bytes()));
    let act = Act { by: &invitation.name, at: web.clock.now() };
    match web.store.enrol_gate(&id, (&receiver, &signer), &act).await {
        Ok(Enrolled::Now | Enrolled::Before) => {}
        Ok(Enrolled::Used) | Err(store::StoreError::Taken { .. }) => return Err(Refused::Used),
        Ok(Enrolled::Ended) => return Err(Refused::Ended),
        Err(error) => return Err(error.into()),
    }
    tracing::info!(
        gate = invitation.name,
        compound = compound.id.0,
        software = ask.software,
        "a gate has enrolled"
    );
    while web.store.publish(act.at).await? {}
    let versions = hands.versions(compound.id).await?;
    let of = |all: &std::collections::BTreeMap<_, u64>| all.get(&compound.id).copied().unwrap_or_default();
    let parts = &web.office.exchange.parts;
    let people = parts.people(&hands, &compound, of(&versions.people)).await?;
    let parcel = Parcel {
        trust: Some(trust),
        status: vec![parts.status(&hands, versions.status).await?.to_vec()],
        rules: Some(parts.rules(&hands, &compound, of(&versions.rules)).await?.signed.to_vec()),
        directions: Some(parts.directions(&hands, compound.id, of(&versions.directions)).await?.to_vec()),
        people: vec![hands.seal(&people, of(&versions.people), &ask.receiver)?],
        replies: Vec::new(),
    };
    let answer = EnrolAnswer {
        root: hands.files.root_key().map_err(super::CannotMake::Other)?,
        gate: invitation.name,
        compound: compound.id,
        bundle: parcel.to_bytes(),
    };
    Ok(bytes(answer.to_bytes(&body, &secret)))
}

/// An invitation's id as it is kept.
pub(crate) fn id_text(id: &[u8; 16]) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}
