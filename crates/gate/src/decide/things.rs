//! The rules about the moment and what comes with the pass: hours, persons, vehicles, visitors, temperature.

use pass::Kind;

use super::{Case, Findings};
use crate::{Direction, Reason};

pub(super) fn hours(case: &Case<'_>, findings: &mut Findings) {
    let Case { policy, days, now, direction, .. } = *case;
    let exempt = case.bearer.kind != Kind::Visitor
        && case.exempt.holds(case.bearer.holder, now, |exemption| exemption.hours);
    if let Some(rule) = &policy.closing
        && !(rule.exemptions && exempt)
        && !days.is_in(rule.open, now)
        && let Some(opens) = days.next(&[rule.open], now)
    {
        findings.add_until(rule.shut.of(direction), Reason::Closed { opens }, opens);
    }
    if let Some(rule) = &policy.exit_windows
        && direction == Direction::Out
        && case.bearer.kind != Kind::Visitor
        && rule.colours.of(case.colour)
        && !(rule.exemptions && exempt)
        && !rule.windows.iter().any(|window| days.is_in(*window, now))
    {
        let opens = days.next(&rule.windows, now);
        let reason = Reason::OutsideWindows { opens };
        match opens {
            Some(opens) => findings.add_until(rule.outside, reason, opens),
            None => findings.add(rule.outside, reason),
        }
    }
}

pub(super) fn party(case: &Case<'_>, findings: &mut Findings) {
    if case.bearer.kind == Kind::Vehicle {
        return;
    }
    let facts = &case.facts;
    let persons = facts.party.max(1).saturating_add(facts.beside);
    if let Some(limit) = case.policy.colours.of(case.colour).party
        && persons > limit.persons
    {
        findings.add_rule(limit.over, Reason::Party { persons, limit: limit.persons });
    }
}

/// Whether a plate as it was read or keyed in is the one on the pass, whatever stands between its characters: `鄂A·12345`.
pub(super) fn is_same_plate(read: &str, signed: &str) -> bool {
    let bare = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
    };
    bare(read) == bare(signed)
}

pub(super) fn vehicle(case: &Case<'_>, findings: &mut Findings) {
    let (Some(rule), Kind::Vehicle) = (&case.policy.vehicles, case.bearer.kind) else { return };
    let facts = &case.facts;
    if case.plate_differs {
        findings.add_rule(rule.plate_differs, Reason::PlateDiffers);
    } else if facts.plate.is_none() {
        findings.add_rule(rule.plate_unread, Reason::PlateUnread);
    }
    if facts.beside == 0 {
        findings.add_rule(rule.alone, Reason::VehicleAlone);
    }
    let persons = facts.party.max(facts.beside);
    if let Some(limit) = rule.persons
        && persons > limit.persons
    {
        findings.add_rule(limit.over, Reason::Party { persons, limit: limit.persons });
    }
}

pub(super) fn visitor(case: &Case<'_>, findings: &mut Findings) {
    let (Some(rule), Kind::Visitor) = (&case.policy.visitors, case.bearer.kind) else { return };
    let direction = case.direction;
    findings.add_rule(rule.may.of(direction), Reason::VisitorRule { direction });
    // Whoever is inside is let out: what follows keeps people from coming in.
    if direction == Direction::Out {
        return;
    }
    if case.lasts > i64::from(rule.longest_hours) * 3600 {
        findings.add_rule(rule.longer, Reason::VisitorTooLong { hours: rule.longest_hours });
    }
    if let Some(closed) = case.facts.closed {
        return findings.add_rule(rule.red_host, closed.reason());
    }
    match case.facts.household {
        None => findings.add_rule(rule.unknown_host, Reason::HostUnknown),
        Some(pass::Colour::Red) => findings.add_rule(rule.red_host, Reason::HostRed),
        Some(pass::Colour::Green | pass::Colour::Yellow) => {}
    }
}

/// Weighs the temperature, and returns whether it is a fever, which the office is told at once.
pub(super) fn temperature(case: &Case<'_>, findings: &mut Findings) -> bool {
    let Some(rule) = &case.policy.temperature else { return false };
    // The bar of a vehicle is opened for its persons, whose temperatures are taken.
    if case.bearer.kind == Kind::Vehicle {
        return false;
    }
    let direction = case.direction;
    let Some(last) = case.facts.measured.last() else {
        findings.add_rule(rule.missing.of(direction), Reason::TemperatureMissing);
        return false;
    };
    let again = rule.again.of(direction);
    if last.tenths < rule.low {
        findings.add_rule(again, Reason::TemperatureLow { measured: last.tenths });
        return false;
    }
    if last.tenths < rule.fever {
        return false;
    }
    let first = case.facts.measured.iter().find(|earlier| earlier.tenths >= rule.fever);
    let rested = first.unwrap_or(last).at.plus(i64::from(rule.rest_minutes) * 60);
    let second = first.is_some_and(|first| !std::ptr::eq(first, last)) && last.at >= rested;
    if second {
        findings.add(rule.high.of(direction), Reason::Fever { measured: last.tenths });
        return true;
    }
    findings.add_rule(again, Reason::TemperatureAgain { measured: last.tenths, at: rested });
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plate_is_its_letters_and_digits() {
        for (read, same) in [
            ("鄂A12345", true),
            ("鄂a12345", true),
            (" 鄂A·12345 ", true),
            ("鄂A 123-45", true),
            ("鄂A12346", false),
            ("A12345", false),
            ("鄂A123456", false),
            ("", false),
        ] {
            assert_eq!(is_same_plate(read, "鄂A12345"), same, "{read}");
        }
    }
}
