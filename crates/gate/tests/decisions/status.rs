//! What no row of the golden table can show: texts that are no pass, and lists that are older than the pass.

use gate::{Direction, Exempt, Facts, History, Question, Verdict, decide};
use pass::{Colour, OfficeId, Status, StatusList};

use crate::world::{Card, DAY, NOW, Office, rules, shanghai, starter};

#[test]
fn what_is_not_believed_is_refused_both_ways() {
    let (office, rules, zone) = (Office::new(), rules(starter()), shanghai());
    let refusal = pass::verify("SG1:GGW", &office.trusted).unwrap_err();
    for direction in [Direction::In, Direction::Out] {
        let decision = decide(&Question {
            presented: Err(refusal),
            direction,
            now: NOW,
            clock_in_doubt: false,
            status_list: None,
            rules: &rules,
            zone: &zone,
            history: &History::new(),
            exempt: &Exempt::nobody(),
            facts: Facts::ALONE,
        });
        assert_eq!((decision.verdict, decision.next), (Verdict::Refuse, None));
        assert_eq!(decision.reasons[0].code(), "base45_range");
        assert_eq!(decision.colour, None);
    }
}

#[test]
fn a_list_older_than_the_pass_does_not_know_it() {
    let (office, rules, zone) = (Office::new(), rules(starter()), shanghai());
    let list = StatusList::new(OfficeId(1), 1, NOW, NOW.plus(DAY), &[Status::AsSigned]);
    for (colour, wanted) in
        [(Colour::Green, Verdict::Admit), (Colour::Yellow, Verdict::Check), (Colour::Red, Verdict::Refuse)]
    {
        let pass = office.pass(Card::of(colour));
        let decision = decide(&Question {
            presented: Ok(&pass),
            direction: Direction::Out,
            now: NOW,
            clock_in_doubt: false,
            status_list: Some(&list),
            rules: &rules,
            zone: &zone,
            history: &History::new(),
            exempt: &Exempt::nobody(),
            facts: Facts::ALONE,
        });
        assert_eq!(decision.verdict, wanted);
        assert_eq!(decision.reasons[0].code(), "newer_than_status_list");
    }
}
