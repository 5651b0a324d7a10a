//! Which way somebody goes in a lane that is used both ways: by a table.

use gate::{Direction, History, Verdict, Way, which_way};
use pass::{Colour, Kind, Timestamp};

use crate::world::{Card, Journal, NOW, Office, full, judged};

/// What happened before: how many seconds ago, which way, what was said, and whether somebody walked through: none where no
/// bar would say so.
type Before = (i64, Direction, Verdict, Option<bool>);

#[test]
fn the_last_passage_says_which_way() {
    use Direction::{In, Out};
    use Verdict::{Admit, Check, Refuse};
    const DAYS: i64 = 86_400;
    let table: &[(&str, Kind, &[Before], Direction, bool)] = &[
        // What happened before, and which way; then whether that is a guess, in a lane whose own way is out.
        ("nothing is known", Kind::Person, &[], Out, true),
        ("a car of which nothing is known", Kind::Vehicle, &[], Out, true),
        ("a visitor comes before they go", Kind::Visitor, &[], In, false),
        ("a visitor who came", Kind::Visitor, &[(600, In, Admit, None)], Out, false),
        ("went out", Kind::Person, &[(600, Out, Admit, None)], In, false),
        ("went out days ago", Kind::Person, &[(5 * DAYS, Out, Admit, None)], In, false),
        ("came in", Kind::Person, &[(600, In, Admit, None)], Out, false),
        ("out and in", Kind::Person, &[(900, Out, Admit, None), (600, In, Admit, None)], Out, false),
        ("refused is no passage", Kind::Person, &[(600, Out, Refuse, None)], Out, true),
        ("nor is a check", Kind::Person, &[(900, In, Admit, None), (600, Out, Check, None)], Out, false),
        ("walked out", Kind::Person, &[(120, Out, Admit, Some(true))], In, false),
        ("may go out, and stands there still", Kind::Person, &[(120, Out, Admit, Some(false))], Out, false),
        ("may come in, and stands there still", Kind::Person, &[(120, In, Admit, Some(false))], In, false),
        ("held up twice", Kind::Person, &[(59, Out, Admit, None)], Out, false),
        ("back after a minute", Kind::Person, &[(60, Out, Admit, None)], In, false),
        ("may go out, and never went", Kind::Person, &[(DAYS, Out, Admit, Some(false))], Out, true),
    ];
    let office = Office::new();
    for (what, kind, before, direction, guessed) in table {
        let card = Card { kind: *kind, ..Card::of(Colour::Green) };
        let mut journal = Journal::new(1);
        for (ago, way, said, walked) in *before {
            let at = Timestamp(NOW.0 - ago);
            let of = journal.add(at, judged(card, *way, *said, walked.is_some()));
            if *walked == Some(true) {
                journal.passed(at, of, *way);
            }
        }
        let mut history = History::new();
        journal.events.iter().for_each(|event| history.apply(event));
        let found = which_way(&office.pass(card), &history, &full(), NOW, Out);
        assert_eq!(found, Way { direction: *direction, guessed: *guessed }, "{what}");
    }
    let unknown = which_way(&office.pass(Card::of(Colour::Red)), &History::new(), &full(), NOW, In);
    assert_eq!(unknown, Way { direction: In, guessed: true }, "the lane's own way");
}
