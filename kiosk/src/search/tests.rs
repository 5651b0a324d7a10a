//! What is typed, and who is found.

use pass::{Colour, CompoundId, Kind, Name, Serial, Timestamp};
use protocol::{Card, People, Resident};

use super::*;

fn resident(holder: u16, name: &str, home: [&str; 3], initials: &[&str]) -> Resident {
    Resident {
        holder,
        household: 1,
        kind: if initials.is_empty() { Kind::Vehicle } else { Kind::Person },
        name: Name::new(name).unwrap(),
        building: home[0].into(),
        unit: home[1].into(),
        room: home[2].into(),
        initials: initials.iter().map(|text| (*text).to_owned()).collect(),
        colour: Colour::Green,
        cards: vec![Card {
            serial: Serial([1, 2, 3, 4, holder as u8]),
            index: 0,
            colour: Colour::Green,
            not_before: Timestamp(0),
            expires: Timestamp(1),
        }],
        exemptions: Vec::new(),
    }
}

fn people() -> People {
    let residents = vec![
        resident(1, "张*明", ["3", "2", "501"], &["zxm"]),
        resident(2, "张*", ["3", "2", "1501"], &["zw"]),
        resident(3, "仇*", ["13", "1", "501"], &["qy", "cy"]),
        resident(4, "鄂A12345", ["3", "2", "501"], &[]),
        resident(5, "J*** S***", ["2", "", "502"], &["js"]),
        resident(6, "楼*", ["东", "", "101"], &["lx"]),
        resident(7, "欧**远", ["2", "1", "1001"], &["oyxy"]),
    ];
    People { compound: CompoundId(1), residents, staff: Vec::new(), roster: Vec::new(), closed: Vec::new() }
}

fn found(typed: &str) -> Vec<u16> {
    let people = people();
    let index = Index::new(&people);
    index.find(typed, 50).into_iter().map(|at| people.residents[at].holder).collect()
}

#[test]
fn what_is_typed_and_who_is_found() {
    let code = Serial([1, 2, 3, 4, 5]).short_code();
    assert_eq!(code, "041-061-05G");
    let table: &[(&str, &[u16])] = &[
        // One character of the name, as it is masked.
        ("张", &[1, 2]),
        ("明", &[1]),
        ("张明", &[2]),
        ("张小明", &[1]),
        ("欧阳修远", &[7]),
        ("张*明", &[1]),
        ("远", &[7]),
        ("张*", &[2, 1]),
        // Initials: all, the start, the middle; each reading of a surname.
        ("zxm", &[1]),
        ("ZX", &[1]),
        ("xm", &[1]),
        ("z", &[1, 2]),
        ("qy", &[3]),
        ("cy", &[3]),
        ("ｊｓ", &[5]),
        // Rooms, in all the ways they are said.
        ("501", &[1, 3, 4]),
        ("501室", &[1, 3, 4]),
        ("3-2-501", &[1, 4]),
        ("3－2－501", &[1, 4]),
        ("3#501", &[1, 4]),
        ("3栋", &[1, 2, 4]),
        ("3号楼", &[1, 2, 4]),
        ("3栋2单元501室", &[1, 4]),
        ("3栋 501", &[1, 4]),
        ("2-502", &[5]),
        ("3-2", &[1, 2, 4]),
        ("10", &[7, 6]),
        ("东楼", &[6]),
        // Several words, each of which must fit.
        ("3栋 zxm", &[1]),
        ("张 3-2", &[1, 2]),
        ("张 13栋", &[]),
        // Short codes, as they are read out.
        ("041-061-05G", &[5]),
        ("o4i-o6l o5g", &[5]),
        ("041 061 05g", &[5]),
        ("04106105G", &[5]),
        ("05g", &[]),
        ("105g", &[5]),
        // Plates.
        ("鄂A12345", &[4]),
        ("鄂a·12345", &[4]),
        ("12345", &[4]),
        ("345", &[4]),
        // Nothing, and nobody.
        ("", &[]),
        ("  ", &[]),
        ("-", &[]),
        ("*", &[]),
        ("王", &[]),
        ("%", &[]),
    ];
    let wrong = table.iter().filter(|(typed, wanted)| found(typed) != *wanted);
    let wrong: Vec<String> =
        wrong.map(|(typed, wanted)| format!("{typed:?}: {:?}, not {wanted:?}", found(typed))).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_best_come_first_and_no_more_than_asked_for() {
    let people = people();
    let index = Index::new(&people);
    assert_eq!(index.find("501", 1), [0], "a whole room, the lower building, a person before a vehicle");
    assert_eq!(found("楼"), [6]);
    assert_eq!(found("15"), [2], "rooms start with what is typed; buildings are named");
}

#[test]
fn any_text_is_looked_for_without_a_panic() {
    bolero::check!().with_type::<String>().for_each(|typed| {
        let people = people();
        assert!(Index::new(&people).find(typed, 3).len() <= 3);
    });
}
