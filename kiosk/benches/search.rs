//! How long staff wait for a name: a search over 10,000 residents, beside the plainest way of doing it.
//!
//! `cargo bench -p kiosk --bench search`

use std::time::{Duration, Instant};

use kiosk::search::Index;
use pass::{Colour, CompoundId, Kind, Name, Serial, Timestamp};
use protocol::{Card, People, Resident};

const RESIDENTS: u16 = 10_000;
const ROUNDS: u32 = 200;
const TYPED: [&str; 8] = ["张", "zxm", "z", "3-2-501", "3栋", "501", "041-061-05G", "12345"];

fn people() -> People {
    const SURNAMES: [(&str, char); 8] = [
        ("张", 'z'),
        ("王", 'w'),
        ("李", 'l'),
        ("赵", 'z'),
        ("陈", 'c'),
        ("杨", 'y'),
        ("黄", 'h'),
        ("周", 'z'),
    ];
    const GIVEN: [(&str, char); 6] =
        [("明", 'm'), ("伟", 'w'), ("芳", 'f'), ("娜", 'n'), ("强", 'q'), ("军", 'j')];
    let resident = |holder: u16| {
        let (surname, first) = SURNAMES[usize::from(holder) % SURNAMES.len()];
        let (given, last) = GIVEN[usize::from(holder / 7) % GIVEN.len()];
        let vehicle = holder % 10 == 9;
        let name = if vehicle { format!("鄂A{holder:05}") } else { format!("{surname}*{given}") };
        let [high, low] = holder.to_be_bytes();
        Resident {
            holder,
            household: u32::from(holder / 3),
            kind: if vehicle { Kind::Vehicle } else { Kind::Person },
            name: Name::new(&name).expect("short"),
            building: (holder / 240 + 1).to_string(),
            unit: (holder / 80 % 3 + 1).to_string(),
            room: format!("{}{:02}", holder / 4 % 20 + 1, holder % 4 + 1),
            initials: if vehicle { Vec::new() } else { vec![format!("{first}x{last}")] },
            colour: Colour::Green,
            cards: vec![Card {
                serial: Serial([1, 2, 3, high, low]),
                index: holder.into(),
                colour: Colour::Green,
                not_before: Timestamp(0),
                expires: Timestamp(1),
            }],
            exemptions: Vec::new(),
        }
    };
    let residents = (0..RESIDENTS).map(resident).collect();
    People { compound: CompoundId(1), residents, staff: Vec::new(), roster: Vec::new(), closed: Vec::new() }
}

/// Everything about everybody written out for every search, and looked through.
fn plainly(people: &People, typed: &str, limit: usize) -> usize {
    let wanted = typed.to_lowercase();
    let fits = |resident: &&Resident| {
        let codes: Vec<String> = resident.cards.iter().map(|card| card.serial.short_code()).collect();
        let written = format!(
            "{} {} {}-{}-{} {}",
            resident.name,
            resident.initials.join(" "),
            resident.building,
            resident.unit,
            resident.room,
            codes.join(" ")
        );
        written.to_lowercase().contains(&wanted)
    };
    people.residents.iter().filter(fits).take(limit).count()
}

fn each(mut work: impl FnMut(&str) -> usize) -> (Duration, Duration) {
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        for typed in TYPED {
            let start = Instant::now();
            std::hint::black_box(work(typed));
            times.push(start.elapsed());
        }
    }
    times.sort_unstable();
    (times[times.len() / 2], times[times.len() - 1])
}

fn main() {
    let people = people();
    let start = Instant::now();
    let index = Index::new(&people);
    println!("index of {RESIDENTS} residents made in {:?}", start.elapsed());
    let (median, longest) = each(|typed| index.find(typed, 50).len());
    let (plain, plain_longest) = each(|typed| plainly(&people, typed, usize::MAX));
    println!("search            median {median:?}, longest {longest:?}");
    println!("written out       median {plain:?}, longest {plain_longest:?}");
    println!("ratio of medians  {:.2}", median.as_secs_f64() / plain.as_secs_f64());
}
