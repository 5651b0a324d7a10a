//! The golden table (`tests/golden.md`): colour × direction × party × vehicle × time × history, and what the gate says.
//!
//! Its cells hold Chinese for the reader and the same in English for the reader and this test, which leaves out every
//! character that is not ASCII.

use gate::{
    Closed, Direction, Exempt, Exemption, ExemptionKind, Facts, History, Measurement, Question, Site, Tenths,
    Verdict, decide,
};
use jiff::civil::DateTime;
use pass::{Colour, Kind, Status, StatusList, Timestamp};

use crate::world::{Card, DAY, Journal, NOW, Office, full, judged, list, rules, shanghai};

const TABLE: &str = include_str!("../golden.md");

/// The cells of a row, in ASCII.
struct Row<'a> {
    line: &'a str,
    cells: Vec<String>,
}

impl Row<'_> {
    const COLUMNS: usize = 12;

    fn cell(&self, column: usize) -> &str {
        &self.cells[column]
    }

    fn words(&self, column: usize) -> impl Iterator<Item = &str> {
        self.cell(column).split(';').map(str::trim).filter(|word| !word.is_empty())
    }
}

fn rows() -> Vec<Row<'static>> {
    let ascii = |cell: &str| {
        let kept: String = cell.chars().filter(char::is_ascii).collect();
        kept.trim().to_owned()
    };
    let rows = TABLE.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| ---"));
    let rows = rows.skip(1).map(|line| {
        let cells: Vec<String> = line.trim_matches('|').split('|').map(ascii).collect();
        assert_eq!(cells.len(), Row::COLUMNS, "{line}");
        Row { line, cells }
    });
    rows.collect()
}

/// `02-18 10:00`, in the year of the table and the zone of its rules.
fn moment(text: &str) -> Timestamp {
    let (day, time) = text.split_once(' ').unwrap_or_else(|| panic!("no time: {text}"));
    let civil: DateTime = format!("2020-{day}T{time}:00").parse().unwrap();
    Timestamp(shanghai().to_timestamp(civil).unwrap().as_second())
}

fn verdict(text: &str) -> Verdict {
    Verdict::of_code(text).unwrap_or_else(|| panic!("no verdict: {text}"))
}

fn card(who: &str, colour: Colour) -> Card {
    let (kind, household, holder) = match who {
        "self" | "person" => (Kind::Person, 1, 1),
        "family" => (Kind::Person, 1, 2),
        "neighbour" => (Kind::Person, 2, 3),
        "car" => (Kind::Vehicle, 1, 4),
        "visitor" => (Kind::Visitor, 1, 1),
        "specimen" => (Kind::Specimen, 1, 5),
        other => panic!("who is {other}?"),
    };
    Card { kind, household, holder, ..Card::of(colour) }
}

/// `family out 02-18 08:00 as yellow, not walked`.
fn happen(journal: &mut Journal, text: &str, colour: Colour) {
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let [who, way, day, time, rest @ ..] = words.as_slice() else { panic!("too little: {text}") };
    let at = moment(&format!("{day} {time}"));
    let rest = rest.join(" ");
    let colour = ["green", "yellow", "red"]
        .into_iter()
        .find(|name| rest.contains(&format!("as {name}")))
        .map_or(colour, |name| Colour::of_code(name).unwrap());
    let direction = Direction::of_code(way).unwrap();
    let refused = rest.contains("refused") || rest.contains("let through");
    let said = if refused { Verdict::Refuse } else { Verdict::Admit };
    let of = journal.add(at, judged(card(who, colour), direction, said, rest.contains("walked")));
    if rest.contains("let through") {
        journal.overridden(at, of, Verdict::Admit);
    }
    if rest.contains("walked") && !rest.contains("not walked") {
        journal.passed(at, of, direction);
    }
    if rest.contains("undone") {
        journal.undone(at, of);
    }
}

#[test]
fn the_golden_table_passes_whole() {
    let (office, rules, zone) = (Office::new(), rules(full()), shanghai());
    let rows = rows();
    assert!(rows.len() >= 90, "{} rows", rows.len());
    let mut wrong = String::new();
    for row in &rows {
        let colour = Colour::of_code(row.cell(1)).unwrap();
        let mut presented = card(row.cell(2), colour);
        let now = moment(row.cell(6));
        let mut history = History::new();
        let mut journal = Journal::new(1);
        row.words(7).for_each(|text| happen(&mut journal, text, colour));
        journal.events.iter().for_each(|event| history.apply(event));
        let (party, beside) = row.cell(4).split_once('+').unwrap_or((row.cell(4), "0"));
        let plate = match row.cell(5) {
            "" => None,
            "same" => Some("鄂A12345"),
            "other" => Some("鄂A99999"),
            other => panic!("plate {other}"),
        };
        let mut exemption =
            Exemption { kind: ExemptionKind::Medical, quota: false, hours: false, until: None };
        let mut measured = vec![(365, now)];
        let (mut status, mut held, mut expires) = (Status::AsSigned, true, NOW.plus(30 * DAY));
        let mut facts = Facts {
            party: party.parse().unwrap(),
            beside: beside.parse().unwrap(),
            plate,
            household: Some(Colour::Green),
            ..Facts::ALONE
        };
        let mut in_doubt = false;
        for also in row.words(8) {
            match also {
                "let off quota" => exemption.quota = true,
                "let off hours" => exemption.hours = true,
                "searched" => facts.searched = true,
                "way unknown" => facts.guessed = true,
                "clock in doubt" => in_doubt = true,
                "old list" => expires = now,
                "no list" => held = false,
                "withdrawn" => status = Status::Withdrawn,
                "suspended" => status = Status::Suspended,
                "replaced" => status = Status::Replaced,
                "now green" => status = Status::Now(Colour::Green),
                "now yellow" => status = Status::Now(Colour::Yellow),
                "now red" => status = Status::Now(Colour::Red),
                // The suspension and its cause: since yesterday, until the day after tomorrow.
                "home closed" => {
                    status = if presented.kind == Kind::Visitor { status } else { Status::Suspended };
                    facts.closed = Some(Closed { since: now.plus(-DAY), planned: Some(now.plus(2 * DAY)) });
                }
                "host red" => facts.household = Some(Colour::Red),
                "host unknown" => facts.household = None,
                "other compound" => presented.compound = 2,
                "for a day" => (presented.from, presented.until) = (now.plus(-DAY / 2), now.plus(DAY / 2)),
                "for an hour" => (presented.from, presented.until) = (now.plus(-1800), now.plus(1800)),
                "expired" => presented.until = now,
                "from tomorrow" => presented.from = moment("02-19 00:00"),
                "not measured" => measured.clear(),
                text => {
                    // 37.5 at 10:00, 37.4 at 10:20
                    let read = |one: &str| {
                        let (tenths, time) = one.trim().split_once(" at ")?;
                        let tenths = tenths.replace('.', "").parse().ok()?;
                        let day = row.cell(6).split(' ').next()?;
                        Some((tenths, moment(&format!("{day} {time}"))))
                    };
                    measured = text
                        .split(',')
                        .map(|one| read(one).unwrap_or_else(|| panic!("also {text}?")))
                        .collect();
                }
            }
        }
        let measured: Vec<Measurement> = measured
            .into_iter()
            .map(|(tenths, at)| Measurement { tenths: Tenths(tenths), at, site: Site::Forehead })
            .collect();
        facts.measured = &measured;
        let list: StatusList = list(status, expires);
        let pass = office.pass(presented);
        let exempt = Exempt::of([(presented.holder, &[exemption][..])]);
        let decision = decide(&Question {
            presented: Ok(&pass),
            direction: Direction::of_code(row.cell(3)).unwrap(),
            now,
            clock_in_doubt: in_doubt,
            status_list: held.then_some(&list),
            rules: &rules,
            zone: &zone,
            history: &history,
            exempt: &exempt,
            facts,
        });
        let codes: Vec<&str> = decision.reasons.iter().map(gate::Reason::code).collect();
        let next = match row.cell(11) {
            "" => None,
            text => Some(moment(text)),
        };
        let wanted: Vec<&str> = row.words(10).collect();
        if (decision.verdict, &codes, decision.next) != (verdict(row.cell(9)), &wanted, next) {
            let found =
                decision.next.map(|at| jiff::Timestamp::from_second(at.0).unwrap().to_zoned(zone.clone()));
            let found = found.map(|at| at.strftime("%m-%d %H:%M:%S").to_string());
            wrong += &format!("{}\n  → {} {codes:?} {found:?}\n", row.line, decision.verdict.code());
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
