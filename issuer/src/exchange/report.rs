//! Answering a gate's report: its events are kept, and it gets what it lacks, at once or as soon as there is something.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use pass::{CompoundId, OfficeId, Timestamp};
use protocol::{OpenedReport, Parcel, Receiver, ReceiverKey, Reply, Report, Sealed, Stand};
use store::{Compound, Gate, GateReport, JournalState, Versions};
use tokio::time::{Instant, timeout_at};

use super::news::Newest;
use super::parts::{CannotMake, Hands};
use super::{Exchange, Refused, bytes, taking};
use crate::web::Web;

/// No answer waits longer, whatever a gate asks for: proxies lose patience after a minute.
const LONGEST_WAIT: u8 = 50;
/// Rules look back on events; a day more is sent, should clocks differ.
const MORE: i64 = 86_400;
/// No gate is sent events that are older, in seconds: they are purged after thirty days.
const OLDEST: i64 = 30 * 86_400;

pub(super) async fn report(State(web): State<Web>, body: Bytes) -> Result<Response, Refused> {
    let hands = web.hands().ok_or(Refused::Locked)?;
    let key = web.office.receiver_key().ok_or(Refused::Locked)?;
    let (parcel, _) = answer(&hands, key, &web.office.exchange, &body).await?;
    Ok(bytes(parcel.to_bytes()))
}

/// Answers a report, sealed as a gate sends it: the same whether it came by network or on a stick. Returns which gate it was as well.
pub(crate) async fn answer(
    hands: &Hands<'_>,
    key: &ReceiverKey,
    exchange: &Exchange,
    body: &[u8],
) -> Result<(Parcel, Gate), Refused> {
    let sealed = Sealed::from_bytes(body).map_err(|_| Refused::Malformed)?;
    let opened = OpenedReport::open(&sealed, key).map_err(|_| Refused::Malformed)?;
    let known = hands.store.gate_of(&opened.sender.text()).await?;
    let (gate, struck) = known.ok_or(Refused::Stranger)?;
    let signer = signer(&gate).ok_or(Refused::Stranger)?;
    let report = opened.prove(&signer).map_err(|_| Refused::Stranger)?;
    let answering = Answering { hands, exchange, gate: &gate, receiver: &opened.sender, report: &report };
    if struck.is_some() {
        tracing::warn!(gate = gate.name, "a gate that was struck off has asked");
        let reply = Reply { struck, ..answering.reply() };
        return Ok((Parcel { replies: vec![answering.seal(&reply)?], ..Parcel::default() }, gate));
    }
    if let Some(earliest) = taking::take(hands.store, &gate, &report.events, hands.now).await? {
        exchange.slips.came(gate.compound, earliest);
    }
    let noted = answering.noted();
    if exchange.heard.is_news(&gate.receiver, &noted) {
        hands.store.note_report(&gate.receiver, &noted).await?;
        exchange.heard.noted(&gate.receiver, noted);
    }
    Ok((answering.parcel().await?, gate))
}

/// The key by which a gate signs; none for one that was made known by hand.
fn signer(gate: &Gate) -> Option<pass::PublicKey> {
    use base64::Engine;
    let bytes = base64::engine::general_purpose::STANDARD.decode(&gate.signer).ok()?;
    pass::PublicKey::from_bytes(&bytes.try_into().ok()?).ok()
}

struct Answering<'a> {
    hands: &'a Hands<'a>,
    exchange: &'a Exchange,
    gate: &'a Gate,
    receiver: &'a Receiver,
    report: &'a Report,
}

impl Answering<'_> {
    fn reply(&self) -> Reply {
        Reply {
            number: self.report.number,
            at: self.hands.now,
            compound: self.gate.compound,
            struck: None,
            has: None,
            others: Vec::new(),
            more: false,
        }
    }

    fn seal(&self, reply: &Reply) -> Result<Vec<u8>, CannotMake> {
        if !self.hands.trusted.contents.has(pass::Content::Reply) {
            return Err(CannotMake::May(pass::Content::Reply));
        }
        Ok(reply.seal(self.hands.key, self.receiver).to_bytes())
    }

    /// What the gate lacks; where it lacks nothing, what it will lack before it has waited long enough.
    async fn parcel(&self) -> Result<Parcel, Refused> {
        let until = Instant::now() + Duration::from_secs(u64::from(self.report.wait.min(LONGEST_WAIT)));
        let compound = self.hands.compound(self.gate.compound).await?;
        let mut news = self.exchange.news.listen();
        let mut seen = Seen::of(&news.borrow_and_update(), compound.id);
        // Before this program has looked for the first time, and of a compound that never had a gate, nothing is known yet.
        let mut versions = match &seen.versions {
            Some(versions) => versions.clone(),
            None => Of::compound(&self.hands.versions(compound.id).await?, compound.id),
        };
        loop {
            let Made(parcel, reply) = self.now(&compound, &versions).await?;
            let waits = !parcel.has_parts() && reply.others.is_empty() && self.report.events.is_empty();
            let over = loop {
                let waits = waits && !news.borrow().over;
                if !waits || !matches!(timeout_at(until, news.changed()).await, Ok(Ok(()))) {
                    break true;
                }
                let now = Seen::of(&news.borrow_and_update(), compound.id);
                if now != seen {
                    versions = now.versions.clone().unwrap_or(versions);
                    seen = now;
                    break false;
                }
            };
            if over {
                return Ok(Parcel { replies: vec![self.seal(&reply)?], ..parcel });
            }
        }
    }

    /// What the gate lacks of these versions.
    async fn now(&self, compound: &Compound, of: &Of) -> Result<Made, Refused> {
        let (parts, holds) = (&self.exchange.parts, &self.report.holds);
        let mut parcel = Parcel::default();
        let trust = parts.trust(self.hands.files)?;
        // Under another list another key may have to have signed: all of it goes with it.
        let all = trust.version() > holds.trust;
        if all {
            parcel.trust = Some(trust.signed.to_vec());
        }
        let office = holds.status.get(&self.hands.trusted.office.0);
        if all || office.is_none_or(|held| held.version < of.status) {
            parcel.status.push(parts.status(self.hands, of.status).await?.to_vec());
        }
        for (office, (version, list)) in parts.elsewhere(self.hands, compound.id, &of.elsewhere).await? {
            // The gate may have a newer one, from wherever that came.
            let held = holds.status.get(&office.0).map_or(0, |held| held.version);
            if held < version || (all && held == version) {
                parcel.status.push(list.to_vec());
            }
        }
        let ruled = parts.rules(self.hands, compound, of.rules).await?;
        if all || holds.rules.version < of.rules {
            parcel.rules = Some(ruled.signed.to_vec());
        }
        if all || holds.directions.version < of.directions {
            parcel.directions =
                Some(parts.directions(self.hands, compound.id, of.directions).await?.to_vec());
        }
        if all || holds.people.version < of.people {
            let people = parts.people(self.hands, compound, of.people).await?;
            parcel.people.push(self.hands.seal(&people, of.people, self.receiver)?);
        }
        Ok(Made(parcel, self.told(ruled.look_back).await?))
    }

    async fn told(&self, look_back: i64) -> Result<Reply, Refused> {
        let store = self.hands.store;
        let mut reply = self.reply();
        if let Some(own) = self.report.journal {
            let has = store.has_journal(own.journal, self.report.first).await?;
            let through = has.map_or(0, |state| state.through);
            reply.has = Some(Stand { journal: own.journal, through });
        }
        let Some(others) = &self.report.others else { return Ok(reply) };
        let known: Vec<JournalState> = others.iter().map(|it| state(*it)).collect();
        let own = self.report.journal.map(|stand| stand.journal);
        let since: Timestamp = self.hands.now.plus(-(look_back + MORE).min(OLDEST));
        (reply.others, reply.more) =
            store.events_beside(self.gate.compound, own, &known, since, Reply::MAX_EVENTS).await?;
        Ok(reply)
    }

    /// What is kept of the report.
    fn noted(&self) -> GateReport {
        let (report, holds) = (self.report, &self.report.holds);
        let journal = |stand: Stand| stand.journal.iter().map(|byte| format!("{byte:02x}")).collect();
        GateReport {
            number: report.number,
            heard: self.hands.now,
            at: report.at,
            in_doubt: report.in_doubt,
            software: report.software.clone(),
            journal: report.journal.map(journal).unwrap_or_default(),
            through: report.journal.map_or(0, |stand| stand.through),
            first: report.first,
            trust: holds.trust,
            status: holds.status.get(&self.hands.trusted.office.0).map_or(0, |mark| mark.version),
            rules: holds.rules.version,
            people: holds.people.version,
            directions: holds.directions.version,
        }
    }
}

/// Parts that a gate lacks, and what it is told.
struct Made(Parcel, Reply);

/// The newest versions of what a compound's gates judge by.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Of {
    status: u64,
    elsewhere: BTreeMap<OfficeId, u64>,
    rules: u64,
    directions: u64,
    people: u64,
}

impl Of {
    fn compound(versions: &Versions, id: CompoundId) -> Self {
        let of =
            |all: &std::collections::BTreeMap<CompoundId, u64>| all.get(&id).copied().unwrap_or_default();
        Self {
            status: versions.status,
            elsewhere: versions.elsewhere.clone(),
            rules: of(&versions.rules),
            directions: of(&versions.directions),
            people: of(&versions.people),
        }
    }
}

/// What this program has last seen of a compound.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    /// None when something was never signed.
    versions: Option<Of>,
    logged: Option<i64>,
    trust: Option<SystemTime>,
}

impl Seen {
    fn of(newest: &Newest, id: CompoundId) -> Self {
        let versions = Of::compound(&newest.versions, id);
        let whole =
            [versions.status, versions.rules, versions.directions, versions.people].iter().all(|it| *it > 0);
        Self {
            versions: whole.then_some(versions),
            logged: newest.logged.get(&id).copied(),
            trust: newest.trust,
        }
    }
}

fn state(stand: Stand) -> JournalState {
    JournalState { journal: stand.journal, through: stand.through }
}
