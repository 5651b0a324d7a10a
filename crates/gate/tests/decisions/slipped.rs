//! What gates could not know of each other is found afterwards, and nothing else is.

use gate::{Apart, Direction, Event, Exempt, Verdict};
use pass::Colour;

use crate::world::{Card, Journal, NOW, full, judged, shanghai};

fn family(holder: u16) -> Card {
    Card { holder, ..Card::of(Colour::Green) }
}

/// What slipped through, as gate and reasons.
fn slipped(journals: &[&Journal], quota: bool) -> Vec<(u64, Vec<String>)> {
    let mut policy = full();
    (policy.temperature, policy.passback) = (None, None);
    policy.quotas.truncate(usize::from(quota));
    let (zone, exempt) = (shanghai(), Exempt::nobody());
    let mut events: Vec<&Event> = journals.iter().flat_map(|journal| &journal.events).collect();
    events.sort_by_key(|event| event.at);
    let mut apart = Apart::new(&policy, &zone, &exempt);
    events.into_iter().filter_map(|event| apart.look(event)).map(|it| (it.sequence, it.why)).collect()
}

fn exit(journal: &mut Journal, holder: u16, seconds: i64) {
    journal.add(NOW.plus(seconds), judged(family(holder), Direction::Out, Verdict::Admit, false));
}

#[test]
fn a_quota_spent_at_two_gates_is_found() {
    let (mut south, mut east) = (Journal::new(1), Journal::new(2));
    east.events.iter_mut().for_each(|event| event.gate = "另一门".into());
    exit(&mut south, 1, 0);
    exit(&mut east, 2, 600);
    assert_eq!(slipped(&[&south, &east], true), [(1, vec!["quota_household".to_owned()])]);
    assert_eq!(slipped(&[&south, &east], false), [], "no rule, no finding");
    // At one gate the second exit was that gate's own to stop: nothing that it could not know.
    let mut alone = Journal::new(1);
    exit(&mut alone, 1, 0);
    exit(&mut alone, 2, 600);
    assert_eq!(slipped(&[&alone], true), []);
}

#[test]
fn a_card_at_two_gates_at_once_is_found() {
    let at_east = |seconds| {
        let mut east = Journal::new(2);
        exit(&mut east, 1, seconds);
        east.events.iter_mut().for_each(|event| event.gate = "另一门".into());
        east
    };
    let mut south = Journal::new(1);
    exit(&mut south, 1, 0);
    assert_eq!(slipped(&[&south, &at_east(30)], false), [(1, vec!["two_places".to_owned()])]);
    assert_eq!(slipped(&[&south, &at_east(90)], false), []);
    let mut again = Journal::new(1);
    exit(&mut again, 1, 0);
    exit(&mut again, 1, 30);
    assert_eq!(slipped(&[&again], false), [], "twice at one gate is one gate's to tell");
}
