//! When a holder needs a pass. A pure function of what the holder has, what the last pass says, and the time.

use pass::{Colour, Name, Status, Timestamp};

const DAY: i64 = 24 * 60 * 60;

/// How long passes live: data of the office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// From signing to the end of validity.
    pub days: u32,
    /// A pass with no more than this left is renewed.
    pub renewed_in_last_days: u32,
}

impl Default for Lifetime {
    fn default() -> Self {
        Self { days: 30, renewed_in_last_days: 7 }
    }
}

/// The last pass of a holder, and what the holder's pass would have to say now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The colour it was signed with.
    pub colour: Colour,
    /// The household it names.
    pub household: u32,
    /// The name or plate it shows.
    pub name: Name,
    /// The end of its validity.
    pub expires: Timestamp,
    /// What the status list says of it.
    pub status: Status,
}

/// Why a holder needs a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Need {
    /// There is none.
    First,
    /// The colour is another one now.
    Colour,
    /// The household or the name is another one now.
    Details,
    /// It ends soon, or has ended.
    Ending,
    /// It was withdrawn, and its holder still lives here.
    Withdrawn,
}

impl Lifetime {
    /// The end of a pass that starts at `from`.
    #[must_use]
    pub fn end(&self, from: Timestamp) -> Timestamp {
        from.plus(i64::from(self.days) * DAY)
    }

    /// Whether a holder with this colour, household and name needs a pass beside `last`, and why.
    ///
    /// A suspended pass is not renewed: a new card would undo the suspension. A renewed pass stays good until its own end,
    /// because its successor is in the printer, not in the holder's pocket.
    #[must_use]
    pub fn need(
        &self,
        colour: Colour,
        household: u32,
        name: &Name,
        last: Option<&Held>,
        now: Timestamp,
    ) -> Option<Need> {
        let Some(last) = last else { return Some(Need::First) };
        let renewed_from = last.expires.plus(-i64::from(self.renewed_in_last_days) * DAY);
        match last.status {
            Status::Suspended => None,
            Status::Withdrawn | Status::Replaced => Some(Need::Withdrawn),
            _ if last.colour != colour => Some(Need::Colour),
            _ if last.household != household || last.name != *name => Some(Need::Details),
            _ if now >= renewed_from => Some(Need::Ending),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn when_a_pass_is_needed() {
        let name = Name::new("张*明").unwrap();
        let lifetime = Lifetime { days: 30, renewed_in_last_days: 7 };
        let signed = Timestamp(1_600_000_000);
        let held = Held {
            colour: Colour::Green,
            household: 7,
            name: name.clone(),
            expires: lifetime.end(signed),
            status: Status::AsSigned,
        };
        let day = |days: i64| signed.plus(days * DAY);
        let need = |held: Option<&Held>, now| lifetime.need(Colour::Green, 7, &name, held, now);

        assert_eq!(need(None, signed), Some(Need::First));
        assert_eq!(need(Some(&held), signed), None);
        assert_eq!(need(Some(&held), day(23).plus(-1)), None);
        assert_eq!(need(Some(&held), day(23)), Some(Need::Ending), "the last seven days");
        assert_eq!(need(Some(&held), day(400)), Some(Need::Ending), "long after its end");

        let status = |status| Held { status, ..held.clone() };
        assert_eq!(need(Some(&status(Status::Withdrawn)), signed), Some(Need::Withdrawn));
        assert_eq!(need(Some(&status(Status::Replaced)), signed), Some(Need::Withdrawn));
        assert_eq!(need(Some(&status(Status::Suspended)), day(400)), None, "a new card would undo it");

        let red = Held { colour: Colour::Red, status: Status::Now(Colour::Green), ..held.clone() };
        assert_eq!(need(Some(&red), signed), Some(Need::Colour));
        assert_eq!(need(Some(&Held { household: 8, ..held.clone() }), signed), Some(Need::Details));
        let renamed = Held { name: Name::new("张*亮").unwrap(), ..held };
        assert_eq!(need(Some(&renamed), signed), Some(Need::Details));
    }

    #[test]
    fn time_alone_changes_no_colour() {
        let name = Name::new("张*").unwrap();
        let lifetime = Lifetime::default();
        let last = Held {
            colour: Colour::Red,
            household: 1,
            name: name.clone(),
            expires: lifetime.end(Timestamp(0)),
            status: Status::AsSigned,
        };
        for days in 0..1000 {
            let need = lifetime.need(Colour::Red, 1, &name, Some(&last), Timestamp(days * DAY));
            assert_ne!(need, Some(Need::Colour), "day {days}");
        }
    }
}
