//! What slipped through while gates did not know of each other: admissions that a gate which had known all would not have given, and
//! cards that were at two gates at once.
//!
//! Every admission is judged twice: by what its own journal tells, and by what all journals of the compound tell. Where the second is
//! stricter, the difference is what the gate could not know; what rules have changed since makes none.

use std::collections::HashMap;

use jiff::tz::TimeZone;
use pass::{OfficeId, Serial, Timestamp};

use super::{Exempt, Replay};
use crate::{Event, Holder, Policy, Verdict, What};

/// Nobody walks from one gate of a compound to another in less than so many seconds and is checked at both.
pub const AT_ONCE_SECONDS: i64 = 60;

/// An admission that slipped through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slipped {
    /// The gate.
    pub gate: String,
    /// Its journal.
    pub journal: [u8; 16],
    /// The event there.
    pub sequence: u64,
    /// When.
    pub at: Timestamp,
    /// Whose pass.
    pub holder: Holder,
    /// Codes of the reasons that the gate could not know, and `two_places` for a card that was elsewhere within
    /// [`AT_ONCE_SECONDS`].
    pub why: Vec<String>,
    /// The gate where the card was as well.
    pub elsewhere: Option<String>,
}

/// Looks through the journals of a compound's gates, merged by time.
#[derive(Debug)]
pub struct Apart<'a> {
    policy: &'a Policy,
    zone: &'a TimeZone,
    exempt: &'a Exempt,
    all: Replay<'a>,
    own: HashMap<[u8; 16], Replay<'a>>,
    /// Where each card was admitted last.
    cards: HashMap<(OfficeId, Serial), (String, Timestamp)>,
}

impl<'a> Apart<'a> {
    /// From as early as these rules look back.
    #[must_use]
    pub fn new(policy: &'a Policy, zone: &'a TimeZone, exempt: &'a Exempt) -> Self {
        let all = Replay::new(policy, zone, exempt);
        Self { policy, zone, exempt, all, own: HashMap::new(), cards: HashMap::new() }
    }

    /// Takes in the next event; says so when it slipped through.
    pub fn look(&mut self, event: &Event) -> Option<Slipped> {
        let own = self.own.entry(event.journal);
        let own = own.or_insert_with(|| Replay::new(self.policy, self.zone, self.exempt));
        let found = match &event.what {
            What::Judged(judged) if judged.verdict == Verdict::Admit && !event.in_doubt => {
                judged.holder.as_ref().and_then(|holder| {
                    let (alone, all) =
                        (own.again(event, judged, holder), self.all.again(event, judged, holder));
                    let known: Vec<&str> = alone.reasons.iter().map(crate::Reason::code).collect();
                    let mut why: Vec<String> = Vec::new();
                    if all.after > alone.after {
                        let codes = all.reasons.iter().map(crate::Reason::code);
                        why.extend(codes.filter(|code| !known.contains(code)).map(str::to_owned));
                    }
                    let card = (holder.office, holder.serial);
                    let before = self.cards.insert(card, (event.gate.clone(), event.at));
                    let elsewhere = before.filter(|(gate, at)| {
                        *gate != event.gate && event.at.since(*at).saturating_abs() < AT_ONCE_SECONDS
                    });
                    if elsewhere.is_some() {
                        why.push("two_places".to_owned());
                    }
                    (!why.is_empty()).then(|| Slipped {
                        gate: event.gate.clone(),
                        journal: event.journal,
                        sequence: event.sequence,
                        at: event.at,
                        holder: holder.clone(),
                        why,
                        elsewhere: elsewhere.map(|(gate, _)| gate),
                    })
                })
            }
            _ => None,
        };
        own.take_in(event);
        self.all.take_in(event);
        found
    }
}
