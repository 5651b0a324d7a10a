//! A journal judged again: the same under the same rules, and otherwise where other rules say so.

use gate::{
    Direction, EventError, Events, Exempt, Exemption, ExemptionKind, Judged, Policy, Replay, Trial, Verdict,
    What,
};
use pass::{Colour, Timestamp};

use crate::world::{Card, Journal, NOW, full, judged, shanghai};

const ALL: (Timestamp, Timestamp) = (Timestamp(i64::MIN), Timestamp(i64::MAX));

fn family(holder: u16) -> Card {
    Card { holder, ..Card::of(Colour::Green) }
}

/// The full rules without what a journal like this one does not fill in.
fn policy() -> Policy {
    let mut policy = full();
    (policy.temperature, policy.passback) = (None, None);
    policy
}

/// A household of three goes out one after the other, under rules that know no quota.
fn journal() -> Journal {
    let mut journal = Journal::new(1);
    for holder in 1..=3 {
        let at = NOW.plus(i64::from(holder) * 60);
        journal.add(at, judged(family(holder), Direction::Out, Verdict::Admit, false));
    }
    journal
}

fn trial(journal: &Journal, policy: &Policy, exempt: &Exempt) -> Trial {
    let bytes: Vec<u8> = journal.events.iter().flat_map(gate::Event::to_bytes).collect();
    Trial::of(Events::of(&bytes), ALL, Replay::new(policy, &shanghai(), exempt)).unwrap()
}

fn changes(trial: &Trial) -> Vec<(u64, Verdict, Verdict)> {
    trial.changes.iter().map(|change| (change.sequence, change.before, change.after)).collect()
}

#[test]
fn whoever_would_have_been_stopped_uses_up_nothing() {
    use Verdict::{Admit, Refuse};
    let mut rules = policy();
    rules.quotas[0].exits = 1;
    let found = trial(&journal(), &rules, &Exempt::nobody());
    assert_eq!((found.judged, found.not_believed), (3, 0));
    assert_eq!(changes(&found), [(2, Admit, Refuse), (3, Admit, Refuse)]);
    assert_eq!((found.count(Admit, Refuse), found.count(Admit, Verdict::Check)), (2, 0));
    let codes: Vec<_> = found.changes[1].reasons.iter().map(gate::Reason::code).collect();
    assert_eq!(codes, ["quota_household"]);
    // The third would have gone as the second of two, for the first who was let off.
    let medical = Exemption { kind: ExemptionKind::Medical, quota: true, hours: false, until: None };
    let let_off = Exempt::of([(1, &[medical][..])]);
    assert_eq!(changes(&trial(&journal(), &rules, &let_off)), [(3, Admit, Refuse)]);
    rules.quotas.clear();
    assert_eq!(changes(&trial(&journal(), &rules, &Exempt::nobody())), []);
}

#[test]
fn whoever_would_have_been_admitted_does() {
    use Verdict::{Admit, Refuse};
    let mut journal = Journal::new(1);
    // Refused by rules of then: now the first goes, and the second no more.
    let of = journal.add(NOW, judged(family(1), Direction::Out, Refuse, true));
    journal.add(NOW.plus(60), judged(family(2), Direction::Out, Admit, true));
    journal.passed(NOW.plus(65), of + 1, Direction::Out);
    journal.add(NOW.plus(90), judged(family(3), Direction::Out, Refuse, true));
    let found = trial(&journal, &policy(), &Exempt::nobody());
    assert_eq!(changes(&found), [(1, Refuse, Admit), (2, Admit, Refuse)]);
}

#[test]
fn what_was_so_whatever_the_rules_say_stays() {
    let mut journal = Journal::new(1);
    let What::Judged(plain) = judged(family(1), Direction::Out, Verdict::Refuse, false) else {
        unreachable!()
    };
    for (reason, direction, verdict) in [
        ("withdrawn", Direction::Out, Verdict::Refuse),
        ("expired", Direction::In, Verdict::Check),
        ("other_compound", Direction::In, Verdict::Refuse),
        ("bad_signature", Direction::Out, Verdict::Refuse),
    ] {
        let believed = (reason != "bad_signature").then(|| plain.holder.clone()).flatten();
        let reasons = vec![reason.to_owned()];
        let judged = Judged { reasons, direction, verdict, holder: believed, ..plain.clone() };
        journal.add(NOW, What::Judged(judged));
    }
    let found = trial(&journal, &policy(), &Exempt::nobody());
    assert_eq!((found.judged, found.not_believed, changes(&found)), (3, 1, vec![]));
}

#[test]
fn only_the_stretch_is_judged_and_what_came_before_counts() {
    let policy = policy();
    let stretch = (NOW.plus(170), NOW.plus(1000));
    let events = journal().events.into_iter().map(Ok::<_, EventError>);
    let nobody = Exempt::nobody();
    let found = Trial::of(events, stretch, Replay::new(&policy, &shanghai(), &nobody)).unwrap();
    assert_eq!(found.judged, 1);
    assert_eq!(changes(&found), [(3, Verdict::Admit, Verdict::Refuse)]);
}

#[test]
fn a_torn_export_is_told() {
    let bytes: Vec<u8> = journal().events.iter().flat_map(gate::Event::to_bytes).collect();
    assert_eq!(Events::of(&bytes).filter(Result::is_ok).count(), 3);
    let read: Vec<_> = Events::of(&bytes[..bytes.len() - 1]).collect();
    assert_eq!(read.len(), 3);
    assert_eq!(read[2], Err(EventError::Malformed));
    assert_eq!(Events::of(&[0xFF; 9]).count(), 1);
    assert_eq!(Events::of(&[]).count(), 0);
}
