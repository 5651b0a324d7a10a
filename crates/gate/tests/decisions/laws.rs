//! What holds whatever the rules and whatever happened before.

use std::sync::LazyLock;

use gate::{
    Count, Decision, Direction, Event, Exempt, Facts, History, Measurement, Per, Policy, Question, Site,
    Tenths, Verdict, When, Whom, decide,
};
use jiff::tz::TimeZone;
use pass::{Colour, Kind, Status, StatusList, Timestamp, Verified};
use proptest::prelude::*;

use crate::world::{Card, DAY, Journal, NOW, Office, full, judged, list, rules};

const HOUR: i64 = 3600;

static OFFICE: LazyLock<Office> = LazyLock::new(Office::new);

/// All that a question is asked about; the history comes apart.
#[derive(Debug)]
struct Scene {
    pass: Verified,
    list: StatusList,
    direction: Direction,
    now: Timestamp,
    in_doubt: bool,
    policy: Policy,
    party: u16,
    measured: Vec<Measurement>,
    zone: TimeZone,
}

impl Scene {
    fn ask(&self, history: &History, now: Timestamp) -> Decision {
        self.ask_by(&self.policy, history, now)
    }

    fn ask_by(&self, policy: &Policy, history: &History, now: Timestamp) -> Decision {
        decide(&Question {
            presented: Ok(&self.pass),
            direction: self.direction,
            now,
            clock_in_doubt: self.in_doubt,
            status_list: Some(&self.list),
            rules: &rules(policy.clone()),
            zone: &self.zone,
            history,
            exempt: &Exempt::nobody(),
            facts: Facts { party: self.party, measured: &self.measured, ..Facts::ALONE },
        })
    }
}

/// Something that happened: to whom, when in seconds from now, which way, what was said, and what came after.
#[derive(Clone, Debug)]
struct Act {
    card: Card,
    at: i64,
    direction: Direction,
    said: Verdict,
    sensed: bool,
    then: Then,
}

#[derive(Clone, Copy, Debug)]
enum Then {
    Nothing,
    Passed,
    Overridden(Verdict),
    Undone,
}

impl Act {
    fn happen(&self, journal: &mut Journal) {
        let at = NOW.plus(self.at);
        let of = journal.add(at, judged(self.card, self.direction, self.said, self.sensed));
        match self.then {
            Then::Nothing => {}
            Then::Passed => {
                journal.passed(at.plus(5), of, self.direction);
            }
            Then::Overridden(verdict) => {
                journal.overridden(at.plus(5), of, verdict);
            }
            Then::Undone => {
                journal.undone(at.plus(5), of);
            }
        }
    }
}

fn told(acts: &[Act], journal: u8) -> Vec<Event> {
    let mut journal = Journal::new(journal);
    acts.iter().for_each(|act| act.happen(&mut journal));
    journal.events
}

fn history(events: &[Event]) -> History {
    let mut history = History::new();
    events.iter().for_each(|event| history.apply(event));
    history
}

fn any_verdict() -> impl Strategy<Value = Verdict> {
    prop_oneof![3 => Just(Verdict::Admit), 1 => Just(Verdict::Check), 1 => Just(Verdict::Refuse)]
}

fn any_direction() -> impl Strategy<Value = Direction> {
    prop_oneof![Just(Direction::In), Just(Direction::Out)]
}

prop_compose! {
    /// Three households of two, each with a car.
    fn any_card()(holder in 0..9_u16, colour in 0..3_usize) -> Card {
        let kind = if holder % 3 == 2 { Kind::Vehicle } else { Kind::Person };
        Card { holder, household: u32::from(holder / 3), kind, ..Card::of(Colour::ALL[colour]) }
    }
}

prop_compose! {
    fn any_act()(
        card in any_card(), at in -5 * DAY..600, direction in any_direction(), said in any_verdict(), sensed: bool,
        then in prop_oneof![
            2 => Just(Then::Nothing), 1 => Just(Then::Passed), 1 => Just(Then::Undone),
            1 => any_verdict().prop_map(Then::Overridden),
        ],
    ) -> Act {
        Act { card, at, direction, said, sensed, then }
    }
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    prop::collection::vec(any_act(), 0..14).prop_map(|mut acts| {
        acts.sort_by_key(|act| act.at);
        acts
    })
}

prop_compose! {
    /// The full rules, each of them with other numbers or left out.
    fn any_policy()(
        keep: [bool; 8], per in prop_oneof![Just(Per::Household), Just(Per::Person)],
        count in prop_oneof![Just(Count::Rolling), Just(Count::CalendarDays)], exits in 0..3_u16, days in 1..4_u16,
        whom in prop_oneof![Just(Whom::Household), Just(Whom::Anyone)], minutes in 1..400_u32, hours in 1..30_u32,
        verdicts in (any_verdict(), any_verdict(), any_verdict(), any_verdict()), lapse in prop::option::of(1..30_u32),
        zone in prop_oneof![Just("Asia/Shanghai"), Just("Europe/Berlin"), Just("America/Sao_Paulo")],
    ) -> Policy {
        let mut policy = full();
        policy.time_zone = zone.into();
        policy.quotas[0].verdict = verdicts.0;
        (policy.quotas[1].per, policy.quotas[1].count) = (per, count);
        (policy.quotas[1].exits, policy.quotas[1].days) = (exits, days);
        policy.together[0].when = When::WhileOutsideAtMostHours(hours);
        policy.together[1].when = When::WithinMinutes(minutes);
        policy.together[1].whom = whom;
        policy.together[0].verdict = verdicts.1;
        policy.colours.green.entry = verdicts.2;
        policy.colours.yellow.out = verdicts.3;
        policy.lapse_minutes = lapse;
        if !keep[0] { policy.together.clear(); }
        if !keep[1] { policy.quotas.remove(0); }
        if !keep[2] { policy.quotas.pop(); }
        if !keep[3] { policy.closing = None; }
        if !keep[4] { policy.exit_windows = None; }
        if !keep[5] { policy.temperature = None; }
        if !keep[6] { policy.passback = None; }
        if !keep[7] { policy.vehicles = None; }
        policy.check().unwrap();
        policy
    }
}

prop_compose! {
    fn any_scene()(
        card in any_card(), direction in any_direction(), offset in 0..2 * DAY, in_doubt in prop::bool::weighted(0.1),
        policy in any_policy(), party in prop_oneof![5 => Just(1_u16), 1 => Just(2)], bits in 0..16_u8, fresh in 0..10_usize,
        tenths in prop_oneof![1 => Just(None), 6 => Just(Some(365)), 1 => Just(Some(380)), 1 => Just(Some(340))],
        from in -2..2_i64,
    ) -> Scene {
        let now = NOW.plus(offset);
        let card = Card { from: if from == 1 { now.plus(3 * HOUR) } else { card.from }, ..card };
        // Mostly a pass as it was signed: else little is left to decide.
        let status = if fresh < 7 { Status::AsSigned } else { Status::of_bits(bits).unwrap_or(Status::Suspended) };
        let measured = tenths.map(|tenths| Measurement { tenths: Tenths(tenths), at: now, site: Site::Forehead });
        let zone = TimeZone::get(&policy.time_zone).unwrap();
        Scene {
            pass: OFFICE.pass(card), list: list(status, NOW.plus(9 * DAY)), direction, now, in_doubt, policy, party,
            measured: measured.into_iter().collect(), zone,
        }
    }
}

fn config() -> ProptestConfig {
    ProptestConfig::with_cases(256)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn an_exit_added_never_admits_what_was_refused(
        scene in any_scene(), acts in acts(), card in any_card(), at in -5 * DAY..2 * DAY, place: prop::sample::Index,
    ) {
        let before = scene.ask(&history(&told(&acts, 1)), scene.now);
        let exit = Act {
            card, at, direction: Direction::Out, said: Verdict::Admit, sensed: false, then: Then::Nothing,
        };
        let mut more = acts;
        more.insert(place.index(more.len() + 1), exit);
        let after = scene.ask(&history(&told(&more, 1)), scene.now);
        prop_assert!(after.verdict >= before.verdict, "{before:?}\n{after:?}");
    }

    #[test]
    fn an_undo_restores_the_earlier_decision(scene in any_scene(), acts in acts(), act in any_act()) {
        let mut journal = Journal::new(1);
        acts.iter().for_each(|act| act.happen(&mut journal));
        let before = scene.ask(&history(&journal.events), scene.now);
        let of = journal.events.len() as u64 + 1;
        act.happen(&mut journal);
        journal.undone(scene.now, of);
        prop_assert_eq!(scene.ask(&history(&journal.events), scene.now), before);
    }

    #[test]
    fn an_override_undone_is_none(scene in any_scene(), acts in acts(), act in any_act(), became in any_verdict()) {
        let mut journal = Journal::new(1);
        acts.iter().for_each(|act| act.happen(&mut journal));
        let of = journal.events.len() as u64 + 1;
        act.happen(&mut journal);
        let before = scene.ask(&history(&journal.events), scene.now);
        let turned = journal.overridden(scene.now, of, became);
        journal.undone(scene.now, turned);
        prop_assert_eq!(scene.ask(&history(&journal.events), scene.now), before);
    }

    #[test]
    fn no_order_of_rules_matters(scene in any_scene(), acts in acts()) {
        let history = history(&told(&acts, 1));
        let mut turned = scene.policy.clone();
        turned.quotas.reverse();
        turned.together.reverse();
        if let Some(windows) = &mut turned.exit_windows {
            windows.windows.reverse();
        }
        let one = scene.ask(&history, scene.now);
        let other = scene.ask_by(&turned, &history, scene.now);
        let codes = |decision: &Decision| {
            let mut all: Vec<String> = decision.reasons.iter().map(|reason| format!("{reason:?}")).collect();
            all.sort();
            all
        };
        prop_assert_eq!((one.verdict, one.next, one.alert), (other.verdict, other.next, other.alert));
        prop_assert_eq!(codes(&one), codes(&other));
    }

    #[test]
    fn entry_home_is_never_refused_and_whoever_is_stopped_is_told_why(scene in any_scene(), acts in acts()) {
        let history = history(&told(&acts, 1));
        let decision = scene.ask(&history, scene.now);
        prop_assert!(decision.verdict == Verdict::Admit || !decision.reasons.is_empty());
        let home = Scene { direction: Direction::In, ..scene };
        prop_assert!(home.ask(&history, home.now).verdict <= Verdict::Check);
        // No expired pass goes out.
        let out = Scene { direction: Direction::Out, ..home };
        prop_assert_eq!(out.ask(&history, out.pass.expires).verdict, Verdict::Refuse);
    }

    #[test]
    fn next_is_the_first_moment_that_admits(
        scene in any_scene(), acts in acts(), between in prop::collection::vec(0.0..1.0_f64, 12),
    ) {
        let history = history(&told(&acts, 1));
        let decision = scene.ask(&history, scene.now);
        if decision.verdict == Verdict::Admit {
            prop_assert_eq!(decision.next, None);
        }
        let end = match decision.next {
            Some(next) => {
                prop_assert!(next > scene.now);
                prop_assert_eq!(scene.ask(&history, next).verdict, Verdict::Admit, "{:?} {:?}", decision, next);
                prop_assert!(scene.ask(&history, next.plus(-1)).verdict > Verdict::Admit);
                next
            }
            // Nothing admits while the pass holds.
            None => scene.pass.expires,
        };
        if decision.verdict > Verdict::Admit {
            for part in between {
                let at = scene.now.plus((end.since(scene.now) as f64 * part) as i64);
                prop_assert!(scene.ask(&history, at).verdict > Verdict::Admit, "{at:?} {decision:?}");
            }
        }
    }

    #[test]
    fn what_is_forgotten_changes_nothing(scene in any_scene(), acts in acts()) {
        let whole = history(&told(&acts, 1));
        let mut less = whole.clone();
        let before = scene.now.plus(-scene.policy.look_back());
        less.forget(before, before.plus(-60));
        prop_assert!(less.len() <= whole.len());
        prop_assert_eq!(scene.ask(&less, scene.now), scene.ask(&whole, scene.now));
        let outside = |history: &History| {
            let all = history.outside(scene.now, &scene.policy).into_iter();
            all.map(|one| one.holder.holder).collect::<Vec<_>>()
        };
        prop_assert!(outside(&less).iter().all(|one| outside(&whole).contains(one)));
    }

    #[test]
    fn a_kept_history_goes_on_as_if_it_had_been_there(scene in any_scene(), acts in acts(), cut: prop::sample::Index) {
        let events = told(&acts, 1);
        let (first, rest) = events.split_at(cut.index(events.len() + 1));
        let mut kept = History::from_bytes(&history(first).to_bytes()).unwrap();
        // What was taken in already changes nothing.
        first.iter().chain(rest).for_each(|event| kept.apply(event));
        prop_assert_eq!(&kept, &history(&events));
        prop_assert_eq!(scene.ask(&kept, scene.now), scene.ask(&history(&events), scene.now));
    }

    #[test]
    fn the_order_of_gates_does_not_matter(scene in any_scene(), one in acts(), other in acts()) {
        let (one, other) = (told(&one, 1), told(&other, 2));
        let both = history(&[one.as_slice(), &other].concat());
        let turned = history(&[other.as_slice(), &one].concat());
        let (first, second) = (scene.ask(&both, scene.now), scene.ask(&turned, scene.now));
        prop_assert_eq!((first.verdict, first.next), (second.verdict, second.next));
    }

    #[test]
    fn no_bytes_of_a_history_panic(acts in acts(), at: prop::sample::Index, byte: u8) {
        let mut bytes = history(&told(&acts, 1)).to_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(history) = History::from_bytes(&bytes) {
            let _ = history.outside(NOW, &full());
        }
    }
}

#[test]
fn those_outside_are_listed_with_the_time_they_left() {
    let card = |holder| Card { holder, ..Card::of(Colour::Green) };
    let act = |holder, at, direction, said, then| Act {
        card: card(holder),
        at,
        direction,
        said,
        sensed: false,
        then,
    };
    use Direction::{In, Out};
    let acts = [
        act(1, -500, Out, Verdict::Admit, Then::Nothing),
        act(2, -400, Out, Verdict::Admit, Then::Nothing),
        act(3, -300, Out, Verdict::Refuse, Then::Nothing),
        act(4, -200, Out, Verdict::Admit, Then::Undone),
        act(5, -600, Out, Verdict::Refuse, Then::Overridden(Verdict::Admit)),
        act(1, -100, In, Verdict::Admit, Then::Nothing),
    ];
    let outside = history(&told(&acts, 1)).outside(NOW, &full());
    let found: Vec<_> = outside.iter().map(|one| (one.holder.holder, NOW.since(one.since))).collect();
    assert_eq!(found, [(5, 600), (2, 400)]);
}
