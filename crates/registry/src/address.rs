//! Where a household lives within its compound: building 楼栋, stairwell unit 单元, room 房号.

use crate::text::tidy;

/// An address without the words around its numbers: `3栋` and `Building 3` are both `3`, so that they are one household.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address {
    /// 楼栋.
    pub building: String,
    /// 单元; empty where a building has one stairwell.
    pub unit: String,
    /// 房号.
    pub room: String,
}

impl Address {
    /// Takes the words off the three parts.
    #[must_use]
    pub fn new(building: &str, unit: &str, room: &str) -> Self {
        Self {
            building: bare(
                building,
                &["building", "bldg.", "bldg", "block"],
                &["号楼", "栋", "幢", "座", "楼"],
            ),
            unit: bare(unit, &["unit"], &["单元", "门"]),
            room: bare(room, &["room", "flat", "apt.", "apt"], &["号房", "室", "房", "号"]),
        }
    }
}

impl Address {
    /// What addresses are put in order by when somebody walks from door to door: numbers by their size, so that building 10 comes
    /// after building 2.
    #[must_use]
    pub fn walk(&self) -> [Vec<Step>; 3] {
        [&self.building, &self.unit, &self.room].map(|part| steps(part))
    }
}

/// A part of an address that is compared as a whole: a number, or what stands between numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// A number.
    Number(u64),
    /// Any other text.
    Text(String),
}

fn steps(text: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let digits = first.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(rest.len());
        let (step, after) = rest.split_at(end);
        // More digits than any address has: compared as text.
        steps.push(match step.parse() {
            Ok(number) if digits => Step::Number(number),
            _ => Step::Text(step.to_owned()),
        });
        rest = after;
    }
    steps
}

/// `text` without the words of `before` in front of it and of `after` behind it, unless nothing would be left. What comes out goes in
/// and comes out again: a list that was exported names the same homes when it is imported.
fn bare(text: &str, before: &[&str], after: &[&str]) -> String {
    let mut text = tidy(text);
    loop {
        let barer = barer(&text, before, after);
        if barer == text {
            return barer;
        }
        text = barer;
    }
}

/// One word of each less.
fn barer(text: &str, before: &[&str], after: &[&str]) -> String {
    let without_before = before
        .iter()
        .find(|word| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word)))
        .map_or(text, |word| text[word.len()..].trim_start());
    let without_after =
        after.iter().find_map(|word| without_before.strip_suffix(word)).unwrap_or(without_before).trim_end();
    match (without_after, without_before) {
        ("", "") => text.to_owned(),
        ("", only) => only.to_owned(),
        (rest, _) => rest.to_uppercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doors_are_walked_by_number() {
        let mut doors = ["10-1-101", "2-1-1001", "A-1-1", "2-1-901", "2--5", "2-1-901B", "2-10-1", "2-2-1"];
        doors.sort_by_key(|door| {
            let parts: Vec<&str> = door.split('-').collect();
            Address::new(parts[0], parts[1], parts[2]).walk()
        });
        assert_eq!(
            doors,
            ["2--5", "2-1-901", "2-1-901B", "2-1-1001", "2-2-1", "2-10-1", "10-1-101", "A-1-1"]
        );
    }

    proptest::proptest! {
        #[test]
        fn an_address_is_read_as_it_is_written(
            text in "( |a|栋|号楼|单元|室|号|房|3|-|Building|unit |Room|ß|\\.){0,6}"
        ) {
            let once = Address::new(&text, &text, &text);
            let twice = Address::new(&once.building, &once.unit, &once.room);
            proptest::prop_assert_eq!(once, twice);
        }
    }

    #[test]
    fn words_around_numbers_go() {
        for ([building, unit, room], [b, u, r]) in [
            (["3", "2", "501"], ["3", "2", "501"]),
            (["3栋", "2单元", "501室"], ["3", "2", "501"]),
            (["３号楼", "２ 单元", "５０１ 号"], ["3", "2", "501"]),
            (["Building 3", "unit 2", "Room 501"], ["3", "2", "501"]),
            (["a座", "", "1-b"], ["A", "", "1-B"]),
            (["东楼", "门", "室"], ["东", "门", "室"]),
            (["Block", "", ""], ["Block", "", ""]),
        ] {
            let address = Address::new(building, unit, room);
            assert_eq!([&*address.building, &*address.unit, &*address.room], [b, u, r]);
        }
    }
}
