//! An office, its passes, its rules, and a journal to put events into.

use gate::{
    Came, Direction, Event, Holder, Judged, Note, Overridden, Passed, Policy, Rules, Undone, Verdict,
    Versions, What,
};
use jiff::tz::TimeZone;
use pass::{
    Colour, CompoundId, Content, Contents, Kind, Kinds, Mode, Name, OfficeId, Pass, Serial, SigningKey,
    Status, StatusList, Timestamp, TrustList, TrustedKey, TrustedKeys, Verified,
};

pub(crate) const NOW: Timestamp = Timestamp(1_582_000_000);
pub(crate) const DAY: i64 = 86_400;
pub(crate) const INDEX: u32 = 2;

pub(crate) struct Office {
    pub(crate) key: SigningKey,
    pub(crate) trusted: TrustedKeys,
}

/// What is particular to a pass.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Card {
    pub(crate) colour: Colour,
    pub(crate) kind: Kind,
    pub(crate) compound: u32,
    pub(crate) household: u32,
    pub(crate) holder: u16,
    pub(crate) from: Timestamp,
    pub(crate) until: Timestamp,
}

impl Card {
    pub(crate) const fn of(colour: Colour) -> Self {
        Self {
            colour,
            kind: Kind::Person,
            compound: 1,
            household: 1,
            holder: 1,
            from: Timestamp(NOW.0 - 10 * DAY),
            until: Timestamp(NOW.0 + 20 * DAY),
        }
    }
}

impl Office {
    pub(crate) fn new() -> Self {
        let root = SigningKey::from_seed(&[1; 32]);
        let key = SigningKey::from_seed(&[2; 32]);
        let trusted = TrustedKey {
            public: key.public(),
            office: OfficeId(1),
            compounds: vec![1..=9],
            contents: Contents::of(&Content::ALL),
            kinds: Kinds::of(&Kind::ALL),
            from: NOW.plus(-1000 * DAY),
            until: NOW.plus(1000 * DAY),
        };
        let list = TrustList { version: 1, issued: NOW, keys: vec![trusted] };
        let trusted = TrustList::open(&list.sign(&root), &root.public()).unwrap();
        Self { key, trusted }
    }

    pub(crate) fn pass(&self, card: Card) -> Verified {
        let name = if card.kind == Kind::Vehicle { "鄂A12345" } else { "张*明" };
        let pass = Pass {
            serial: Serial([1, 2, 3, 4, card.holder as u8]),
            not_before: card.from,
            expires: card.until,
            compound: CompoundId(card.compound),
            household: card.household,
            holder: card.holder,
            index: INDEX,
            colour: card.colour,
            kind: card.kind,
            mode: Mode::Paper,
            name: Name::new(name).unwrap(),
        };
        pass::verify(&pass::sign(pass, &self.key).unwrap().text, &self.trusted).unwrap()
    }
}

pub(crate) fn list(status: Status, expires: Timestamp) -> StatusList {
    let statuses = [Status::AsSigned, Status::AsSigned, status];
    StatusList::new(OfficeId(1), 1, NOW.plus(-DAY), expires, &statuses)
}

/// A file of rules.
pub(crate) fn policy(text: &str) -> Policy {
    let file: serde_json::Value = serde_json::from_str(text).unwrap();
    let policy: Policy = serde_json::from_value(file["rules"].clone()).unwrap();
    policy.check().unwrap();
    policy
}

/// The rules of the golden table.
pub(crate) fn full() -> Policy {
    policy(include_str!("../golden-rules.json"))
}

/// The rules an office starts with.
pub(crate) fn starter() -> Policy {
    policy(include_str!("../../../../issuer/data/starter-rules.json"))
}

pub(crate) fn rules(policy: Policy) -> Rules {
    Rules { compound: CompoundId(1), compound_name: "翠湖小区".into(), policy }
}

pub(crate) fn shanghai() -> TimeZone {
    TimeZone::get("Asia/Shanghai").unwrap()
}

/// A gate's journal, being written.
#[derive(Clone)]
pub(crate) struct Journal {
    name: [u8; 16],
    pub(crate) events: Vec<Event>,
}

impl Journal {
    pub(crate) fn new(name: u8) -> Self {
        Self { name: [name; 16], events: Vec::new() }
    }

    /// Appends, and returns the sequence.
    pub(crate) fn add(&mut self, at: Timestamp, what: What) -> u64 {
        let sequence = self.events.len() as u64 + 1;
        self.events.push(Event {
            gate: "东门".into(),
            journal: self.name,
            sequence,
            at,
            in_doubt: false,
            before: [0; 32],
            what,
        });
        sequence
    }

    pub(crate) fn passed(&mut self, at: Timestamp, of: u64, direction: Direction) -> u64 {
        self.add(at, What::Passed(Passed { of: Some(of), direction, persons: 1 }))
    }

    pub(crate) fn overridden(&mut self, at: Timestamp, of: u64, verdict: Verdict) -> u64 {
        let why = Note::new("急诊").unwrap();
        self.add(at, What::Overridden(Overridden { of, verdict, who: "li".into(), why }))
    }

    pub(crate) fn undone(&mut self, at: Timestamp, of: u64) -> u64 {
        let why = Note::new("扫错了").unwrap();
        self.add(at, What::Undone(Undone { of, who: "li".into(), why }))
    }
}

/// A verdict on the holder of a card.
pub(crate) fn judged(card: Card, direction: Direction, verdict: Verdict, sensed: bool) -> What {
    What::Judged(Judged {
        direction,
        verdict,
        reasons: Vec::new(),
        alert: false,
        holder: Some(Holder {
            office: OfficeId(1),
            serial: Serial([1, 2, 3, 4, card.holder as u8]),
            compound: CompoundId(card.compound),
            household: card.household,
            holder: card.holder,
            colour: card.colour,
            kind: card.kind,
        }),
        versions: Versions::default(),
        party: 1,
        temperature: None,
        plate: None,
        came: Came::Scanned,
        together_with: None,
        sensed,
        beside: 0,
        supersedes: None,
        keyed_by: None,
    })
}
