//! A verdict that another took the place of: it counts for nothing, and takes no quota twice. And temperatures of people, who are
//! measured before their card is shown, after it, and again after a rest.

use gate::{
    Decision, Direction, Earlier, Exempt, Facts, History, Judged, Measured, NotOverridable, Question, Site,
    Verdict, What, decide,
};
use pass::{Colour, Status, Timestamp};

use crate::world::{Card, DAY, Journal, NOW, Office, full, judged, list, rules, shanghai};

const OUT: Direction = Direction::Out;

fn history(journal: &Journal) -> History {
    let mut history = History::new();
    journal.events.iter().for_each(|event| history.apply(event));
    // Whatever is kept over a restart goes on the same.
    assert_eq!(History::from_bytes(&history.to_bytes()).unwrap(), history);
    history
}

fn ask(history: &History, now: Timestamp, instead_of: Option<u64>) -> Decision {
    let pass = Office::new().pass(Card::of(Colour::Green));
    let measured = history.measured(&pass, now, &full());
    let instead_of = instead_of.map(|sequence| Earlier { journal: [1; 16], sequence });
    decide(&Question {
        presented: Ok(&pass),
        direction: OUT,
        now,
        clock_in_doubt: false,
        status_list: Some(&list(Status::AsSigned, NOW.plus(30 * DAY))),
        rules: &rules(full()),
        zone: &shanghai(),
        history,
        exempt: &Exempt::nobody(),
        facts: Facts { measured: &measured, instead_of, ..Facts::ALONE },
    })
}

fn codes(decision: &Decision) -> Vec<&'static str> {
    decision.reasons.iter().map(gate::Reason::code).collect()
}

/// Another verdict on the same person, in place of `of`.
fn again(journal: &mut Journal, at: Timestamp, verdict: Verdict, of: u64) -> u64 {
    let What::Judged(plain) = judged(Card::of(Colour::Green), OUT, verdict, true) else { unreachable!() };
    journal.add(at, What::Judged(Judged { supersedes: Some(of), ..plain }))
}

fn measured(journal: &mut Journal, at: Timestamp, tenths: u16, of: Option<u64>) {
    let site = Site::Forehead;
    journal.add(at, What::Measured(Measured { of, number: 1, tenths, site }));
}

#[test]
fn one_presentation_takes_the_quota_once() {
    let mut journal = Journal::new(1);
    let first = journal.add(NOW, judged(Card::of(Colour::Green), OUT, Verdict::Admit, true));
    measured(&mut journal, NOW, 365, Some(first));
    // Judged again, it does not stand in its own way.
    let now = NOW.plus(5);
    assert_eq!(codes(&ask(&history(&journal), now, None)), ["quota_household", "passback_out"]);
    assert_eq!(ask(&history(&journal), now, Some(first)).verdict, Verdict::Admit);
    let second = again(&mut journal, now, Verdict::Admit, first);
    // Nobody has come back yet: the next presentation finds one exit, whichever verdict the passage names.
    let policy = full();
    for of in [first, second] {
        let mut walked = journal.clone();
        walked.passed(now.plus(5), of, OUT);
        let history = history(&walked);
        assert_eq!(history.outside(now.plus(DAY), &policy).len(), 1, "of {of}");
        let reason = ask(&history, now.plus(60), None).reasons.into_iter().find_map(|reason| match reason {
            gate::Reason::Quota { used, .. } => Some(used),
            _ => None,
        });
        assert_eq!(reason, Some(1), "of {of}");
    }
    // Taken back by either, all of it is.
    for of in [first, second] {
        let mut undone = journal.clone();
        undone.undone(now.plus(5), of);
        assert_eq!(history(&undone).outside(now.plus(6), &policy), [], "of {of}");
    }
}

#[test]
fn an_admission_that_was_stopped_counts_no_more_and_who_walked_has_walked() {
    let mut journal = Journal::new(1);
    let first = journal.add(NOW, judged(Card::of(Colour::Green), OUT, Verdict::Admit, true));
    let mut walked = journal.clone();
    again(&mut journal, NOW.plus(5), Verdict::Check, first);
    assert_eq!(history(&journal).outside(NOW.plus(6), &full()), []);
    walked.passed(NOW.plus(3), first, OUT);
    again(&mut walked, NOW.plus(5), Verdict::Check, first);
    assert_eq!(history(&walked).outside(NOW.plus(6), &full()).len(), 1);
}

#[test]
fn somebody_elses_verdict_is_not_superseded() {
    let mut journal = Journal::new(1);
    let other = Card { holder: 9, household: 9, ..Card::of(Colour::Green) };
    let first = journal.add(NOW, judged(other, OUT, Verdict::Admit, false));
    again(&mut journal, NOW.plus(5), Verdict::Check, first);
    let third = again(&mut journal, NOW.plus(6), Verdict::Check, 99);
    again(&mut journal, NOW.plus(7), Verdict::Check, third + 1);
    assert_eq!(history(&journal).outside(NOW.plus(8), &full()).len(), 1);
}

#[test]
fn temperatures_are_the_holders_until_they_are_admitted() {
    let card = |verdict, temperature| {
        let What::Judged(plain) = judged(Card::of(Colour::Green), OUT, verdict, false) else {
            unreachable!()
        };
        What::Judged(Judged { temperature, ..plain })
    };
    let mut journal = Journal::new(1);
    // Measured before the card was shown.
    measured(&mut journal, NOW, 374, None);
    journal.add(NOW.plus(3), card(Verdict::Check, Some(374)));
    assert_eq!(codes(&ask(&history(&journal), NOW.plus(4), None)), ["temperature_again"]);
    // Somebody else is measured, who has no card.
    measured(&mut journal, NOW.plus(60), 401, None);
    // Measured again after the rest, the card shown again before it.
    let at = NOW.plus(16 * 60);
    let second = journal.add(at, card(Verdict::Check, Some(374)));
    let mut well = journal.clone();
    measured(&mut journal, at.plus(5), 374, Some(second));
    let fever = ask(&history(&journal), at.plus(6), Some(second));
    assert_eq!((codes(&fever), fever.alert), (vec!["fever"], true));
    // Hours later it begins anew.
    assert_eq!(codes(&ask(&history(&journal), at.plus(12 * 3600), None)), ["closed", "temperature_missing"]);
    measured(&mut well, at.plus(5), 366, Some(second));
    assert_eq!(ask(&history(&well), at.plus(6), Some(second)).verdict, Verdict::Admit);
    well.add(at.plus(6), card(Verdict::Admit, Some(366)));
    let pass = Office::new().pass(Card::of(Colour::Green));
    assert_eq!(history(&well).measured(&pass, at.plus(7), &full()), [], "they have served");
}

#[test]
fn what_belongs_to_nobody_here_is_not_overridden() {
    let What::Judged(plain) = judged(Card::of(Colour::Red), OUT, Verdict::Refuse, false) else {
        unreachable!()
    };
    let with = |reason: &str| Judged { reasons: vec![reason.to_owned()], ..plain.clone() };
    for (judged, wanted) in [
        (with("red_out"), Ok(())),
        (with("host_red"), Ok(())),
        (with("withdrawn"), Ok(())),
        (with("specimen"), Err(NotOverridable::Specimen)),
        (with("other_compound"), Err(NotOverridable::OtherCompound)),
        (Judged { holder: None, ..with("bad_signature") }, Err(NotOverridable::NotBelieved)),
    ] {
        assert_eq!(judged.overridable(), wanted, "{:?}", judged.reasons);
    }
}
