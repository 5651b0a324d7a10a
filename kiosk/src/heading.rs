//! Which way a lane is used: always one way, as a switch says, or by itself from each holder's last passage.

use std::io;
use std::path::Path;

use gate::Direction;

use crate::durable;

/// The file of a data folder that holds what a switch on the screen was last turned to.
const FILE: &str = "direction";

/// How a lane knows which way people go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heading {
    /// It is used this way.
    Fixed(Direction),
    /// A switch says; this way until it is first turned.
    Switch(Direction),
    /// By the last passage of each ([`gate::which_way`]); this way where none is known.
    Auto(Direction),
}

impl Heading {
    /// The way of a lane by what is set: `in`, `out`, `switch` or `auto`; the last two with the way that holds first.
    #[must_use]
    pub fn of_code(code: &str, lane: Direction) -> Option<Self> {
        match code {
            "switch" => Some(Self::Switch(lane)),
            "auto" => Some(Self::Auto(lane)),
            code => Direction::of_code(code).map(Self::Fixed),
        }
    }

    /// The way that holds where nothing else says.
    #[must_use]
    pub fn lane(self) -> Direction {
        match self {
            Self::Fixed(direction) | Self::Switch(direction) | Self::Auto(direction) => direction,
        }
    }

    /// What the switch was turned to before the program last ended.
    #[must_use]
    pub(crate) fn kept(self, data: &Path) -> Self {
        let Self::Switch(_) = self else { return self };
        let kept = std::fs::read_to_string(data.join(FILE)).ok();
        kept.and_then(|code| Direction::of_code(code.trim())).map_or(self, Self::Switch)
    }

    /// Keeps it over a restart.
    pub(crate) fn keep(self, data: &Path) -> io::Result<()> {
        durable::replace(&data.join(FILE), self.lane().code().as_bytes())
    }
}

impl From<Direction> for Heading {
    fn from(direction: Direction) -> Self {
        Self::Fixed(direction)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_switch_stays_where_it_was_turned_to() {
        use Direction::{In, Out};
        let dir = tempfile::tempdir().unwrap();
        let switch = Heading::of_code("switch", Out).unwrap();
        assert_eq!(switch.kept(dir.path()), Heading::Switch(Out));
        Heading::Switch(In).keep(dir.path()).unwrap();
        assert_eq!(switch.kept(dir.path()), Heading::Switch(In));
        for (code, lane, wanted) in [
            ("in", Out, Some(Heading::Fixed(In))),
            ("out", In, Some(Heading::Fixed(Out))),
            ("auto", In, Some(Heading::Auto(In))),
            ("both", Out, None),
        ] {
            let found = Heading::of_code(code, lane);
            assert_eq!(found, wanted);
            assert_eq!(found.map(|heading| heading.kept(dir.path())), wanted, "only a switch is turned");
        }
        std::fs::write(dir.path().join(FILE), "sideways").unwrap();
        assert_eq!(switch.kept(dir.path()), switch);
    }
}
