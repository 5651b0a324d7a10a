//! A table of decisions, and what holds for all of them.

#![expect(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

use gate::{ColourRule, Direction, PerColour, Question, Rules, Verdict, decide};
use pass::{
    Colour, CompoundId, Content, Contents, Kind, Kinds, Mode, Name, OfficeId, Pass, Serial, SigningKey,
    Status, StatusList, Timestamp, TrustList, TrustedKey, TrustedKeys, Verified,
};
use proptest::prelude::*;

const NOW: Timestamp = Timestamp(1_600_000_000);
const DAY: i64 = 86_400;
const INDEX: u32 = 2;

struct Office {
    key: SigningKey,
    trusted: TrustedKeys,
}

impl Office {
    fn new() -> Self {
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

    fn pass(&self, colour: Colour, kind: Kind, compound: u32) -> Verified {
        let pass = Pass {
            serial: Serial([1, 2, 3, 4, 5]),
            not_before: NOW.plus(-10 * DAY),
            expires: NOW.plus(20 * DAY),
            compound: CompoundId(compound),
            household: 3,
            holder: 4,
            index: INDEX,
            colour,
            kind,
            mode: Mode::Paper,
            name: Name::new("张*明").unwrap(),
        };
        pass::verify(&pass::sign(pass, &self.key).unwrap().text, &self.trusted).unwrap()
    }
}

fn list(status: Status, expires: Timestamp) -> StatusList {
    let statuses = [Status::AsSigned, Status::AsSigned, status];
    StatusList::new(OfficeId(1), 1, NOW.plus(-DAY), expires, &statuses)
}

fn rules() -> Rules {
    use Verdict::{Admit, Check, Refuse};
    let free = ColourRule { out: Admit, entry: Admit, entry_alert: false };
    Rules {
        compound: CompoundId(1),
        compound_name: "翠湖小区".into(),
        time_zone: "Asia/Shanghai".into(),
        colours: PerColour {
            green: free,
            yellow: free,
            red: ColourRule { out: Refuse, entry: Admit, entry_alert: true },
        },
        unlisted: PerColour { green: Admit, yellow: Check, red: Refuse },
        clock_in_doubt: PerColour { green: Check, yellow: Check, red: Refuse },
    }
}

/// One row: signed colour, status, direction, what is unusual; the verdict, its reasons, whether it alerts.
type Row = (Colour, Status, Direction, Unusual, Verdict, &'static [&'static str], bool);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Unusual {
    Nothing,
    /// So many days from now.
    Later(i64),
    OldList,
    NoList,
    ShortList,
    Clock,
    Specimen,
    OtherCompound,
}

#[test]
fn table() {
    use Colour::{Green, Red, Yellow};
    use Direction::{In, Out};
    use Status::{AsSigned, Now, Replaced, Suspended, Withdrawn};
    use Unusual::{Clock, Later, NoList, Nothing, OldList, OtherCompound, ShortList, Specimen};
    use Verdict::{Admit, Check, Refuse};
    #[rustfmt::skip]
    let rows: &[Row] = &[
        (Green,  AsSigned,    Out, Nothing,       Admit,  &[], false),
        (Green,  AsSigned,    In,  Nothing,       Admit,  &[], false),
        (Yellow, AsSigned,    Out, Nothing,       Admit,  &[], false),
        (Yellow, AsSigned,    In,  Nothing,       Admit,  &[], false),
        (Red,    AsSigned,    Out, Nothing,       Refuse, &["red_out"], false),
        (Red,    AsSigned,    In,  Nothing,       Admit,  &["red_in"], true),
        // The list wins over the card.
        (Green,  Now(Red),    Out, Nothing,       Refuse, &["red_out", "colour_changed"], false),
        (Green,  Now(Red),    In,  Nothing,       Admit,  &["red_in", "colour_changed"], true),
        (Red,    Now(Green),  Out, Nothing,       Admit,  &["colour_changed"], false),
        (Red,    Now(Red),    Out, Nothing,       Refuse, &["red_out"], false),
        (Green,  Withdrawn,   Out, Nothing,       Refuse, &["withdrawn"], false),
        (Green,  Withdrawn,   In,  Nothing,       Check,  &["withdrawn"], false),
        (Green,  Suspended,   Out, Nothing,       Refuse, &["suspended"], false),
        (Green,  Replaced,    Out, Nothing,       Refuse, &["replaced"], false),
        (Green,  Replaced,    In,  Nothing,       Check,  &["replaced"], false),
        // Validity: from its first moment, up to its last.
        (Green,  AsSigned,    Out, Later(-11),    Refuse, &["not_yet_valid"], false),
        (Green,  AsSigned,    In,  Later(-11),    Check,  &["not_yet_valid"], false),
        (Green,  AsSigned,    Out, Later(-10),    Admit,  &[], false),
        (Green,  AsSigned,    Out, Later(20),     Refuse, &["expired"], false),
        (Green,  AsSigned,    In,  Later(20),     Check,  &["expired"], false),
        // An old list: strictness holds, mildness becomes a check, the rest is the compound's choice.
        (Green,  AsSigned,    Out, OldList,       Admit,  &["status_list_old"], false),
        (Yellow, AsSigned,    Out, OldList,       Check,  &["status_list_old"], false),
        (Green,  Now(Red),    Out, OldList,       Refuse, &["status_list_old", "red_out", "colour_changed"], false),
        (Green,  Withdrawn,   Out, OldList,       Refuse, &["withdrawn", "status_list_old"], false),
        (Red,    Now(Green),  Out, OldList,       Check,  &["milder_by_old_list", "colour_changed"], false),
        (Green,  AsSigned,    Out, NoList,        Admit,  &["no_status_list"], false),
        (Yellow, AsSigned,    Out, NoList,        Check,  &["no_status_list"], false),
        (Red,    AsSigned,    In,  NoList,        Check,  &["no_status_list", "red_in"], true),
        (Yellow, AsSigned,    Out, ShortList,     Check,  &["newer_than_status_list"], false),
        // A doubtful clock is not the holder's fault.
        (Green,  AsSigned,    Out, Clock,         Check,  &["clock_in_doubt"], false),
        (Green,  AsSigned,    In,  Clock,         Check,  &["clock_in_doubt"], false),
        // Not for this gate.
        (Green,  AsSigned,    Out, Specimen,      Refuse, &["specimen"], false),
        (Green,  AsSigned,    In,  Specimen,      Check,  &["specimen"], false),
        (Green,  AsSigned,    Out, OtherCompound, Refuse, &["other_compound"], false),
        (Green,  AsSigned,    In,  OtherCompound, Refuse, &["other_compound"], false),
    ];
    let (office, rules) = (Office::new(), rules());
    for &(colour, status, direction, unusual, verdict, reasons, alert) in rows {
        let kind = if unusual == Specimen { Kind::Specimen } else { Kind::Person };
        let pass = office.pass(colour, kind, if unusual == OtherCompound { 2 } else { 1 });
        let now = if let Later(days) = unusual { NOW.plus(days * DAY) } else { NOW };
        let list = match unusual {
            NoList => None,
            OldList => Some(list(status, NOW)),
            ShortList => Some(StatusList::new(OfficeId(1), 1, NOW, NOW.plus(DAY), &[Status::AsSigned])),
            _ => Some(list(status, NOW.plus(100 * DAY))),
        };
        let decision = decide(&Question {
            presented: Ok(&pass),
            direction,
            now,
            clock_in_doubt: unusual == Clock,
            status_list: list.as_ref(),
            rules: &rules,
        });
        let codes: Vec<_> = decision.reasons.iter().map(gate::Reason::code).collect();
        let row = format!("{colour:?} {status:?} {direction:?} {unusual:?}");
        assert_eq!((decision.verdict, codes.as_slice(), decision.alert), (verdict, reasons, alert), "{row}");
    }
}

#[test]
fn what_is_not_believed_is_refused_both_ways() {
    let office = Office::new();
    let refusal = pass::verify("SG1:GGW", &office.trusted).unwrap_err();
    for direction in [Direction::In, Direction::Out] {
        let decision = decide(&Question {
            presented: Err(refusal),
            direction,
            now: NOW,
            clock_in_doubt: false,
            status_list: None,
            rules: &rules(),
        });
        assert_eq!(decision.verdict, Verdict::Refuse);
        assert_eq!(decision.reasons[0].code(), "base45_range");
        assert_eq!(decision.colour, None);
    }
}

fn verdict() -> impl Strategy<Value = Verdict> {
    prop_oneof![Just(Verdict::Admit), Just(Verdict::Check), Just(Verdict::Refuse)]
}

fn per_colour() -> impl Strategy<Value = PerColour<Verdict>> {
    (verdict(), verdict(), verdict()).prop_map(|(green, yellow, red)| PerColour { green, yellow, red })
}

proptest! {
    #[test]
    fn entry_home_is_never_worse_than_check(
        colours in (per_colour(), per_colour()), unlisted in per_colour(), clock in per_colour(),
        colour in 0..3_usize, bits in 0..16_u8, days in -50..50_i64, list_days in -50..50_i64,
        doubt: bool, kind in 0..4_usize, listed: bool,
    ) {
        let office = Office::new();
        let pass = office.pass(Colour::ALL[colour], Kind::ALL[kind], 1);
        let rule = |colour| ColourRule {
            out: colours.0.of(colour), entry: colours.1.of(colour), entry_alert: false,
        };
        let rules = Rules {
            colours: PerColour { green: rule(Colour::Green), yellow: rule(Colour::Yellow), red: rule(Colour::Red) },
            unlisted, clock_in_doubt: clock, ..rules()
        };
        let list = list(Status::of_bits(bits).unwrap_or(Status::Suspended), NOW.plus(list_days * DAY));
        let ask = |direction| decide(&Question {
            presented: Ok(&pass), direction, now: NOW.plus(days * DAY), clock_in_doubt: doubt,
            status_list: listed.then_some(&list), rules: &rules,
        });
        let home = ask(Direction::In);
        prop_assert!(home.verdict <= Verdict::Check);
        // Whoever is stopped is told why.
        prop_assert!(home.verdict == Verdict::Admit || !home.reasons.is_empty());
        let out = ask(Direction::Out);
        prop_assert!(out.verdict == Verdict::Admit || !out.reasons.is_empty());
        // No expired pass and no specimen goes out.
        if days >= 20 || Kind::ALL[kind] == Kind::Specimen {
            prop_assert_eq!(out.verdict, Verdict::Refuse);
        }
    }
}
