//! The rules that ask what happened before: quotas, no going out together, the same way twice.

use pass::{Kind, Timestamp};

use super::{Case, Findings};
use crate::{Count, Direction, Passback, Per, Quota, Reason, Together, When, Whom};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

pub(super) fn weigh(case: &Case<'_>, findings: &mut Findings) {
    let policy = case.policy;
    if let Some(rule) = &policy.passback {
        passback(case, rule, findings);
    }
    // A vehicle goes with its persons, who show passes of their own; a visitor is no resident.
    if case.direction == Direction::Out && case.bearer.kind == Kind::Person {
        policy.together.iter().for_each(|rule| together(case, rule, findings));
        policy.quotas.iter().for_each(|rule| quota(case, rule, findings));
    }
}

fn passback(case: &Case<'_>, rule: &Passback, findings: &mut Findings) {
    let direction = case.direction;
    let verdict = rule.verdict.of(direction);
    let Some(last) = case.past.passages_of(case.bearer.one).next() else { return };
    let end = last.counts_until(last.at.plus(i64::from(rule.minutes) * MINUTE));
    if last.direction == direction && case.now < end {
        let reason = Reason::Passback { since: last.at, direction };
        findings.add_until(verdict, reason, end);
    }
}

fn together(case: &Case<'_>, rule: &Together, findings: &mut Findings) {
    if !rule.colours.of(case.colour) {
        return;
    }
    let now = case.now;
    let span = match rule.when {
        When::WithinMinutes(minutes) => i64::from(minutes) * MINUTE,
        When::WhileOutsideAtMostHours(hours) => i64::from(hours) * HOUR,
    };
    let mut company: Option<(Timestamp, Timestamp)> = None;
    for exit in case.past.exits_since(now.plus(-span)) {
        let end = exit.counts_until(exit.at.plus(span));
        let Some(other) = exit.holder else { continue };
        let concerned = rule.colours.of(other.colour)
            && other.holder != case.bearer.holder
            && (rule.whom == Whom::Anyone || other.household == case.bearer.household)
            && now < end
            && (matches!(rule.when, When::WithinMinutes(_)) || case.past.is_still_out(&exit));
        if concerned && company.is_none_or(|(_, latest)| end > latest) {
            company = Some((exit.at, end));
        }
    }
    if let Some((since, end)) = company {
        let reason = Reason::Together { since, whom: rule.whom, when: rule.when };
        findings.add_until(rule.verdict, reason, end);
    }
}

fn quota(case: &Case<'_>, rule: &Quota, findings: &mut Findings) {
    let exempt = |holder: u16| rule.exemptions && case.exempt.holds(holder, case.now, |it| it.quota);
    if !rule.colours.of(case.colour) || exempt(case.bearer.holder) {
        return;
    }
    let ends = |at: Timestamp| match rule.count {
        Count::Rolling => at.plus(i64::from(rule.days) * DAY),
        Count::CalendarDays => case.days.start(at, rule.days.into()),
    };
    // Each exit with its persons, and when it counts no more.
    let mut counted: Vec<(Timestamp, u64)> = match rule.per {
        Per::Household => case
            .past
            .exits_of_household(case.bearer.household)
            .filter(|exit| exit.holder.is_none_or(|holder| !exempt(holder.holder)))
            .map(|exit| (exit.counts_until(ends(exit.at)), exit.persons.into()))
            .collect(),
        Per::Person => case
            .past
            .passages_of(case.bearer.one)
            .filter(|passage| passage.direction == Direction::Out)
            // Whoever takes others along on their card goes out once.
            .map(|exit| (exit.counts_until(ends(exit.at)), 1))
            .collect(),
    };
    counted.retain(|(end, _)| case.now < *end);
    let used: u64 = counted.iter().map(|(_, persons)| persons).sum();
    let asked = match rule.per {
        Per::Household => u64::from(case.facts.party.max(1)),
        Per::Person => 1,
    };
    let allowed = u64::from(rule.exits);
    if used + asked <= allowed {
        return;
    }
    let reason = Reason::Quota {
        per: rule.per,
        exits: rule.exits,
        days: rule.days,
        count: rule.count,
        used: u16::try_from(used).unwrap_or(u16::MAX),
    };
    if asked > allowed {
        // More at once than may ever go.
        findings.add(rule.verdict, reason);
        return;
    }
    counted.sort_unstable();
    let mut left = used;
    for (end, persons) in counted {
        left -= persons;
        if left + asked <= allowed {
            findings.add_until(rule.verdict, reason, end);
            return;
        }
    }
}
