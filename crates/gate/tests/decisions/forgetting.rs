//! What a history forgets, and whom it lists as outside: residents and their vehicles for as long as events are kept, a visitor for
//! as long as they are inside.

use gate::{Direction, History, Verdict, which_way};
use pass::{Colour, Kind, Timestamp};

use crate::world::{Card, DAY, Journal, NOW, Office, full, judged};

use Direction::{In, Out};

/// A history in which each of these passed once: holder, kind, how many days ago, and which way.
fn history(passages: &[(u16, Kind, i64, Direction)]) -> History {
    let (mut journal, mut history) = (Journal::new(1), History::new());
    for (holder, kind, days, way) in passages {
        let card = Card { holder: *holder, kind: *kind, ..Card::of(Colour::Green) };
        journal.add(NOW.plus(-days * DAY), judged(card, *way, Verdict::Admit, false));
    }
    journal.events.iter().for_each(|event| history.apply(event));
    history
}

fn outside(history: &History) -> Vec<u16> {
    history.outside(NOW, &full()).iter().map(|one| one.holder.holder).collect()
}

#[test]
fn a_visitor_who_has_left_is_not_outside() {
    let history = history(&[
        (1, Kind::Person, 3, Out),
        (2, Kind::Vehicle, 2, Out),
        (3, Kind::Visitor, 1, Out),
        (4, Kind::Visitor, 1, In),
        (5, Kind::Person, 1, In),
    ]);
    assert_eq!(outside(&history), [1, 2]);
}

#[test]
fn where_people_are_is_known_for_as_long_as_events_are_kept_and_of_visitors_while_they_are_inside() {
    let passages = [
        (1, Kind::Person, 9, Out),
        (1, Kind::Person, 8, In),
        (1, Kind::Person, 7, Out),
        (2, Kind::Person, 7, In),
        (3, Kind::Vehicle, 7, Out),
        (4, Kind::Visitor, 8, In),
        (4, Kind::Visitor, 7, Out),
        (5, Kind::Visitor, 7, In),
        (6, Kind::Person, 1, Out),
    ];
    let (whole, mut less) = (history(&passages), history(&passages));
    let [two, thirty] = [2, 30].map(|days| NOW.plus(-days * DAY));
    less.forget(two, thirty);
    assert_eq!(less.len(), 5, "of the visitor who left nothing is kept, of everybody else the newest");
    assert_eq!((outside(&less), outside(&whole)), (vec![1, 3, 6], vec![1, 3, 6]));
    // Nobody is taken to go another way than before.
    let office = Office::new();
    let way = |history: &History, (holder, kind): (u16, Kind), at: Timestamp| {
        let card = Card { holder, kind, from: NOW.plus(-60 * DAY), ..Card::of(Colour::Green) };
        which_way(&office.pass(card), history, &full(), at, In)
    };
    for (holder, kind, ..) in passages {
        assert_eq!(way(&less, (holder, kind), NOW), way(&whole, (holder, kind), NOW), "{holder}");
    }
    // Kept and read again, it forgets the same.
    assert_eq!(History::from_bytes(&less.to_bytes()).unwrap(), less);

    // Events are kept for six days: nothing tells where anybody was before that.
    less.forget(two, NOW.plus(-6 * DAY));
    assert_eq!((less.len(), outside(&less)), (1, vec![6]));
}
