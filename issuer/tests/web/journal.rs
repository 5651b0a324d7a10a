//! A gate's journal as `kiosk log export --format cbor` writes it.

use gate::{
    Came, Direction, Event, Holder, Judged, Manual, Note, Overridden, Undone, Verdict, Versions, What,
};
use pass::{Colour, Kind, OfficeId, Timestamp};
use store::PassOnFile;

pub(crate) struct Journal {
    gate: &'static str,
    pub(crate) events: Vec<Event>,
}

impl Journal {
    pub(crate) fn of(gate: &'static str) -> Self {
        Self { gate, events: Vec::new() }
    }

    /// Adds an event and returns its sequence.
    pub(crate) fn add(&mut self, at: Timestamp, what: What) -> u64 {
        let before = self.events.last().map_or([0; 32], Event::hash);
        let sequence = self.events.len() as u64 + 1;
        let gate = self.gate.to_owned();
        self.events.push(Event { gate, journal: [7; 16], sequence, at, in_doubt: false, before, what });
        sequence
    }

    pub(crate) fn judged(
        &mut self,
        at: Timestamp,
        of: &PassOnFile,
        way: Direction,
        verdict: Verdict,
        why: &str,
    ) -> u64 {
        let holder = Holder {
            office: OfficeId(1),
            serial: of.serial,
            compound: of.compound,
            // Homes are numbered as they come in: 501, 502.
            household: of.address.room.parse::<u32>().unwrap() - 500,
            holder: of.holder,
            colour: of.colour,
            kind: of.kind,
        };
        self.add(at, What::Judged(judged(Some(holder), way, verdict, why)))
    }

    pub(crate) fn forged(&mut self, at: Timestamp) -> u64 {
        self.add(at, What::Judged(judged(None, Direction::In, Verdict::Refuse, "bad_signature")))
    }

    pub(crate) fn overridden(&mut self, at: Timestamp, of: u64, verdict: Verdict) -> u64 {
        self.add(
            at,
            What::Overridden(Overridden {
                of, verdict, who: "李师傅".into(), why: note("本人带身份证")
            }),
        )
    }

    pub(crate) fn undone(&mut self, at: Timestamp, of: u64) -> u64 {
        self.add(at, What::Undone(Undone { of, who: "李师傅".into(), why: note("误扫") }))
    }

    pub(crate) fn manual(&mut self, at: Timestamp, way: Direction) -> u64 {
        self.add(
            at,
            What::Manual(Manual {
                direction: way,
                verdict: Verdict::Admit,
                who: "李师傅".into(),
                why: note("忘带证，<b>已核对</b>"),
                household: None,
                party: 1,
                plate: None,
                instead_of: None,
            }),
        )
    }

    pub(crate) fn file(&self) -> Vec<u8> {
        self.events.iter().flat_map(Event::to_bytes).collect()
    }
}

fn judged(holder: Option<Holder>, direction: Direction, verdict: Verdict, why: &str) -> Judged {
    Judged {
        direction,
        verdict,
        reasons: why.split_whitespace().map(str::to_owned).collect(),
        alert: false,
        holder,
        versions: Versions::default(),
        party: 1,
        temperature: None,
        plate: None,
        came: Came::Scanned,
        together_with: None,
        sensed: false,
        beside: 0,
        supersedes: None,
        keyed_by: None,
    }
}

fn note(text: &str) -> Note {
    Note::new(text).unwrap()
}

/// Of these passes the one of a person with this colour.
pub(crate) fn person(passes: &[PassOnFile], colour: Colour) -> PassOnFile {
    passes.iter().find(|pass| pass.kind == Kind::Person && pass.colour == colour).unwrap().clone()
}
