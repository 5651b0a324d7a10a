//! A simulated gate: keys, a journal in memory, and reports as a real one sends them.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use gate::{Came, Direction, Event, Holder, Judged, Verdict, What};
use pass::{CompoundId, OfficeId, SigningKey, Timestamp, TrustList, random};
use protocol::{
    EnrolAnswer, EnrolAsk, Holds, Invitation, Opened, Parcel, Receiver, ReceiverKey, Reply, Report, Stand,
};
use store::Person;
use ureq::Agent;

/// A card that is shown.
#[derive(Clone, Debug)]
pub(super) struct Card(Holder);

impl Card {
    pub(super) fn of(office: OfficeId, compound: CompoundId, person: &Person) -> Option<Self> {
        let card = person.cards.first()?;
        Some(Self(Holder {
            office,
            serial: card.serial,
            compound,
            household: person.household,
            holder: person.holder,
            colour: card.colour,
            kind: person.kind,
        }))
    }
}

/// A gate.
pub(super) struct Simulated {
    name: String,
    address: String,
    agent: Agent,
    receiver: ReceiverKey,
    signer: SigningKey,
    office: Receiver,
    trust: pass::TrustedKeys,
    holds: Holds,
    journal: [u8; 16],
    last: u64,
    before: [u8; 32],
    waiting: VecDeque<Vec<u8>>,
    number: u64,
    cards: Vec<Card>,
    shown: usize,
}

/// What one visit at the office came to.
#[derive(Default)]
pub(super) struct Told {
    pub(super) events: u64,
    pub(super) failed: u64,
    pub(super) waits: Vec<Duration>,
}

impl Simulated {
    /// Enrols over the network.
    pub(super) fn enrol(
        name: &str,
        compound: CompoundId,
        invitation: &Invitation,
        cards: Vec<Card>,
    ) -> anyhow::Result<Self> {
        let agent: Agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(120)))
            .build()
            .into();
        let (receiver, signer) = (ReceiverKey::generate(), SigningKey::generate());
        let secret = invitation.code.secret();
        let ask = EnrolAsk {
            id: secret.id,
            receiver: receiver.receiver(),
            signer: signer.public(),
            software: "simulated".to_owned(),
        };
        let ask = ask.to_bytes(&secret);
        let answer = post(&agent, &invitation.address, "/gate/v1/enrol", &ask)?;
        let answer = EnrolAnswer::open(&answer, &ask, &secret)?;
        anyhow::ensure!(answer.compound == compound, "enrolled for another compound");
        let bundle = Parcel::from_bytes(&answer.bundle)?.whole().context("the first bundle is not whole")?;
        let trust = TrustList::open(&bundle.trust, &answer.root)?;
        let opened: Opened = bundle.open(&answer.root, Some(&receiver), &protocol::HighWater::default())?;
        let directions = opened.directions.as_ref().context("no directions")?;
        Ok(Self {
            name: name.to_owned(),
            address: invitation.address.clone(),
            agent,
            office: directions.directions.office.clone(),
            receiver,
            signer,
            trust,
            holds: opened.holds(),
            journal: random::bytes(),
            last: 0,
            before: [0; 32],
            waiting: VecDeque::new(),
            number: 0,
            cards,
            shown: 0,
        })
    }

    /// Logs that the next card was admitted.
    pub(super) fn log(&mut self, at: Timestamp) {
        self.last += 1;
        self.shown += 1;
        let card = self.cards.get(self.shown % self.cards.len().max(1));
        let direction = if self.shown.is_multiple_of(2) { Direction::In } else { Direction::Out };
        let event = Event {
            gate: self.name.clone(),
            journal: self.journal,
            sequence: self.last,
            at,
            in_doubt: false,
            before: self.before,
            what: What::Judged(Judged {
                direction,
                verdict: Verdict::Admit,
                reasons: Vec::new(),
                alert: false,
                holder: card.map(|card| card.0.clone()),
                versions: gate::Versions::default(),
                party: 1,
                temperature: None,
                plate: None,
                came: Came::Scanned,
                together_with: None,
                sensed: false,
                beside: 0,
                supersedes: None,
                keyed_by: None,
            }),
        };
        let bytes = event.to_bytes();
        self.before = Event::hash_of(&bytes);
        self.waiting.push_back(bytes);
    }

    /// Whether there is something to hand over.
    pub(super) fn waits(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Hands over what waits, as often as it takes.
    pub(super) fn hand_over(&mut self, tries: u32) -> anyhow::Result<Told> {
        let mut told = Told::default();
        while let Some(first) = self.waiting.front() {
            let from = Event::from_bytes(first).map_err(|why| anyhow!("{why}"))?.sequence;
            let mut bytes = 0;
            let fits = |event: &&Vec<u8>| {
                bytes += event.len();
                bytes <= Report::MAX_EVENTS
            };
            let events: Vec<Vec<u8>> = self.waiting.iter().take_while(fits).cloned().collect();
            let count = events.len() as u64;
            let reply = self.report(events, tries, &mut told)?;
            let has = reply.has.filter(|has| has.journal == self.journal).map_or(0, |has| has.through);
            anyhow::ensure!(
                has + 1 >= from + count,
                "{}: {count} from {from}, and the office has {has}",
                self.name
            );
            self.waiting.drain(..usize::try_from(count)?);
            told.events += count;
        }
        Ok(told)
    }

    fn report(&mut self, events: Vec<Vec<u8>>, tries: u32, told: &mut Told) -> anyhow::Result<Reply> {
        self.number += 1;
        let report = Report {
            number: self.number,
            at: Timestamp(0),
            in_doubt: false,
            software: "simulated".to_owned(),
            holds: self.holds.clone(),
            journal: Some(Stand { journal: self.journal, through: self.last }),
            first: 1,
            others: None,
            wait: 0,
            events,
        };
        let body = report.seal(&self.receiver.receiver(), &self.signer, &self.office).to_bytes();
        let start = Instant::now();
        let mut tried = 0;
        let answer = loop {
            match post(&self.agent, &self.address, "/gate/v1/report", &body) {
                Ok(answer) => break answer,
                Err(why) if tried >= tries => return Err(why),
                Err(_) => {
                    tried += 1;
                    told.failed += 1;
                    std::thread::sleep(Duration::from_millis(50 << tried.min(6)));
                }
            }
        };
        told.waits.push(start.elapsed());
        let parcel = Parcel::from_bytes(&answer)?;
        let sealed = parcel.replies_for(&self.receiver.receiver()).next().context("no reply")?;
        Ok(Reply::open(&sealed, &self.receiver, &self.trust)?)
    }
}

fn post(agent: &Agent, address: &str, path: &str, body: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut answer =
        agent.post(format!("{address}{path}")).content_type("application/octet-stream").send(body)?;
    let status = answer.status();
    let body = answer.body_mut().with_config().limit(64 << 20).read_to_vec()?;
    anyhow::ensure!(status.is_success(), "{status}: {}", String::from_utf8_lossy(&body));
    Ok(body)
}

/// Does something with each of these, so many at once, and returns what came of it.
pub(super) fn all<T: Send, R: Send>(
    items: Vec<T>,
    at_once: usize,
    work: impl Fn(T) -> anyhow::Result<R> + Sync,
) -> anyhow::Result<Vec<R>> {
    let (items, done) = (Mutex::new(items), Mutex::new(Vec::new()));
    let failed: Mutex<Option<anyhow::Error>> = Mutex::new(None);
    std::thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| {
                loop {
                    let next = items.lock().map(|mut items| items.pop());
                    let (Ok(Some(item)), Ok(false)) = (next, failed.lock().map(|failed| failed.is_some()))
                    else {
                        return;
                    };
                    match work(item) {
                        Ok(result) => {
                            if let Ok(mut done) = done.lock() {
                                done.push(result);
                            }
                        }
                        Err(why) => {
                            if let Ok(mut failed) = failed.lock() {
                                *failed = Some(why);
                            }
                        }
                    }
                }
            });
        }
    });
    match failed.into_inner() {
        Ok(Some(why)) => Err(why),
        _ => done.into_inner().map_err(|_| anyhow!("a thread ended badly")),
    }
}
