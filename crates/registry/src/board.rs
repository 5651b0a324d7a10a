//! A building's board: which floor a room is on, and which door of the floor, so that a stairwell can be drawn as it stands.

use std::collections::{BTreeMap, BTreeSet};

/// A stairwell's rooms as they lie, by their places in the list that it was made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grid {
    /// Names of the doors on a floor: `01`, `02`.
    pub doors: Vec<String>,
    /// Floors from the top down, each with a place for every door.
    pub floors: Vec<(u32, Vec<Option<usize>>)>,
    /// Rooms whose number tells no floor, in their order.
    pub others: Vec<usize>,
}

impl Grid {
    /// Lays out the rooms of one stairwell. Every room is in it once.
    #[must_use]
    pub fn of(rooms: &[&str]) -> Self {
        let mut at: BTreeMap<u32, BTreeMap<&str, usize>> = BTreeMap::new();
        let mut doors = BTreeSet::new();
        let mut others = Vec::new();
        for (index, room) in rooms.iter().enumerate() {
            match door(room) {
                // 0501 where there is a 501 already.
                Some((floor, name)) if !at.get(&floor).is_some_and(|floor| floor.contains_key(name)) => {
                    at.entry(floor).or_default().insert(name, index);
                    doors.insert(name);
                }
                _ => others.push(index),
            }
        }
        let place = |on: &BTreeMap<&str, usize>| doors.iter().map(|door| on.get(door).copied()).collect();
        let floors = at.iter().rev().map(|(floor, on)| (*floor, place(on))).collect();
        Self { floors, others, doors: doors.into_iter().map(str::to_owned).collect() }
    }
}

/// Floor and door of a room's number: the last two figures are the door (501, 1203).
fn door(room: &str) -> Option<(u32, &str)> {
    if room.len() < 3 || !room.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (floor, door) = room.split_at(room.len() - 2);
    Some((floor.parse().ok()?, door))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stairwell_as_it_stands() {
        let grid = Grid::of(&["101", "102", "1201", "201", "0101", "5-B", "门卫", "12"]);
        assert_eq!(grid.doors, ["01", "02"]);
        assert_eq!(
            grid.floors,
            [(12, vec![Some(2), None]), (2, vec![Some(3), None]), (1, vec![Some(0), Some(1)])]
        );
        assert_eq!(grid.others, [4, 5, 6, 7]);
        assert_eq!(Grid::of(&[]), Grid::default());
    }

    proptest::proptest! {
        #[test]
        fn every_room_is_on_it_once(rooms in proptest::collection::vec("[0-9A]{0,13}", 0..30)) {
            let rooms: Vec<&str> = rooms.iter().map(String::as_str).collect();
            let grid = Grid::of(&rooms);
            let on_floors = grid.floors.iter().flat_map(|(_, places)| places.iter().flatten().copied());
            let mut all: Vec<usize> = on_floors.chain(grid.others.iter().copied()).collect();
            all.sort_unstable();
            proptest::prop_assert_eq!(all, (0..rooms.len()).collect::<Vec<_>>());
            proptest::prop_assert!(grid.floors.iter().all(|(_, places)| places.len() == grid.doors.len()));
        }
    }
}
