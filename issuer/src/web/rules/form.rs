//! The form of a compound's rules: one walk over them, typed as `gate` has them, that draws the form and reads it.

use gate::{
    Closing, ColourRule, Count, ExitWindows, Limit, Minute, Passback, Per, PerColour, PerDirection, Policy,
    Quota, Temperature, Tenths, Together, Vehicles, Verdict, Visitors, When, Whom, Window,
};
use pass::Colour;

use super::fields::{Walk, WalkMore};
use crate::words::rules::{self as words, Texts};

/// A journal keeps events for 30 days: no rule looks back further.
const DAYS: u32 = 30;
const MINUTES: u32 = DAYS * 24 * 60;

/// Goes over all rules and returns them as they are in the end.
pub(super) fn policy(w: &mut impl WalkMore, now: &Policy) -> Policy {
    let language = w.language();
    let t = words::texts(language);
    let colours = PerColour {
        green: colour(w, t, Colour::Green, now.colours.green),
        yellow: colour(w, t, Colour::Yellow, now.colours.yellow),
        red: colour(w, t, Colour::Red, now.colours.red),
    };
    let together = w.several(
        "together",
        |n| words::numbered(t.together, n),
        &now.together,
        &TOGETHER,
        |w, at, it| together(w, t, at, it),
    );
    let quotas = w.several(
        "quotas",
        |n| words::numbered(t.quota, n),
        &now.quotas,
        &QUOTA,
        |w, at, it| quota(w, t, at, it),
    );
    let closing =
        w.optional("closing", t.closing.to_owned(), now.closing.as_ref(), CLOSING, |w, at, it| Closing {
            open: window(w, t, &format!("{at}.open"), it.open),
            shut: PerDirection {
                out: w.verdict(&format!("{at}.shut.out"), t.shut_out, it.shut.out),
                entry: w.entry_home(&format!("{at}.shut.entry"), t.shut_in, it.shut.entry),
            },
            exemptions: w.check(&format!("{at}.exemptions"), t.exemptions, it.exemptions),
        });
    let usual =
        ExitWindows { windows: vec![MORNING], colours: ALL, outside: Verdict::Refuse, exemptions: true };
    let exit_windows = w.optional(
        "exit_windows",
        t.exit_windows.to_owned(),
        now.exit_windows.as_ref(),
        usual,
        |w, at, it| exit_windows(w, t, at, &it),
    );
    let vehicles =
        w.optional("vehicles", t.vehicles.to_owned(), now.vehicles.as_ref(), VEHICLES, |w, at, it| {
            Vehicles {
                plate_unread: w.verdict(&format!("{at}.plate_unread"), t.plate_unread, it.plate_unread),
                plate_differs: w.verdict(&format!("{at}.plate_differs"), t.plate_differs, it.plate_differs),
                alone: w.verdict(&format!("{at}.alone"), t.alone, it.alone),
                persons: limit(w, t, &format!("{at}.persons"), t.in_vehicle, it.persons),
            }
        });
    let visitors =
        w.optional("visitors", t.visitors.to_owned(), now.visitors.as_ref(), VISITORS, |w, at, it| {
            Visitors {
                may: PerDirection {
                    entry: w.verdict(&format!("{at}.may.entry"), t.coming_in, it.may.entry),
                    out: w.verdict(&format!("{at}.may.out"), t.going_out, it.may.out),
                },
                longest_hours: w.number(
                    &format!("{at}.longest_hours"),
                    t.longest_hours,
                    (1, 24 * 366),
                    it.longest_hours,
                ),
                longer: w.verdict(&format!("{at}.longer"), t.longer, it.longer),
                red_host: w.verdict(&format!("{at}.red_host"), t.red_host, it.red_host),
                unknown_host: w.verdict(&format!("{at}.unknown_host"), t.unknown_host, it.unknown_host),
            }
        });
    let temperature = w.optional(
        "temperature",
        t.temperature.to_owned(),
        now.temperature.as_ref(),
        TEMPERATURE,
        |w, at, it| temperature(w, t, at, it),
    );
    let passback =
        w.optional("passback", t.passback.to_owned(), now.passback.as_ref(), PASSBACK, |w, at, it| {
            Passback {
                verdict: PerDirection {
                    out: w.verdict(&format!("{at}.out"), t.going_out, it.verdict.out),
                    entry: w.entry_home(&format!("{at}.entry"), t.coming_in, it.verdict.entry),
                },
                minutes: w.number(&format!("{at}.minutes"), t.passback_minutes, (1, MINUTES), it.minutes),
            }
        });
    let lapse_minutes =
        w.optional("lapse", t.lapse.to_owned(), now.lapse_minutes.as_ref(), 5, |w, at, it| {
            w.number(&format!("{at}.minutes"), t.lapse_minutes, (1, 24 * 60), it)
        });
    w.begin("more", t.more.to_owned(), None, None);
    let time_zone = w.text("time_zone", t.time_zone, &now.time_zone);
    w.end();
    Policy {
        time_zone,
        colours,
        together,
        quotas,
        closing,
        exit_windows,
        vehicles,
        visitors,
        temperature,
        passback,
        lapse_minutes,
    }
}

const ALL: PerColour<bool> = PerColour { green: true, yellow: true, red: true };
const MORNING: Window = Window { from: Minute(7 * 60 + 30), until: Minute(11 * 60 + 30) };
// What a rule's form begins with where there is none yet: the practice that the domain tells of.
const TOGETHER: Together = Together {
    colours: PerColour { green: false, yellow: true, red: false },
    whom: Whom::Household,
    when: When::WhileOutsideAtMostHours(12),
    verdict: Verdict::Refuse,
};
const QUOTA: Quota = Quota {
    per: Per::Household,
    exits: 1,
    days: 2,
    count: Count::CalendarDays,
    colours: ALL,
    exemptions: true,
    verdict: Verdict::Refuse,
};
const CLOSING: Closing = Closing {
    open: Window { from: Minute(6 * 60), until: Minute(21 * 60) },
    shut: PerDirection { out: Verdict::Refuse, entry: Verdict::Check },
    exemptions: true,
};
const VEHICLES: Vehicles = Vehicles {
    plate_unread: Verdict::Check,
    plate_differs: Verdict::Refuse,
    alone: Verdict::Check,
    persons: None,
};
const VISITORS: Visitors = Visitors {
    may: PerDirection { out: Verdict::Admit, entry: Verdict::Admit },
    longest_hours: 24,
    longer: Verdict::Check,
    red_host: Verdict::Refuse,
    unknown_host: Verdict::Check,
};
const TEMPERATURE: Temperature = Temperature {
    fever: Tenths(373),
    low: Tenths(350),
    rest_minutes: 10,
    missing: PerDirection { out: Verdict::Check, entry: Verdict::Check },
    again: PerDirection { out: Verdict::Check, entry: Verdict::Check },
    high: PerDirection { out: Verdict::Refuse, entry: Verdict::Check },
};
const PASSBACK: Passback =
    Passback { verdict: PerDirection { out: Verdict::Check, entry: Verdict::Check }, minutes: 12 * 60 };

fn colour(w: &mut impl WalkMore, t: &'static Texts, of: Colour, now: ColourRule) -> ColourRule {
    let at = |member: &str| format!("colours.{}.{member}", of.code());
    let language = w.language();
    w.begin(&at("all"), words::of_colour(of, language), None, None);
    let rule = ColourRule {
        out: w.verdict(&at("out"), t.going_out, now.out),
        entry: w.entry_home(&at("entry"), t.coming_home, now.entry),
        entry_alert: w.check(&at("entry_alert"), t.entry_alert, now.entry_alert),
        old_list: w.verdict(&at("old_list"), t.old_list, now.old_list),
        unknown_pass: w.verdict(&at("unknown_pass"), t.unknown_pass, now.unknown_pass),
        clock_in_doubt: w.verdict(&at("clock_in_doubt"), t.clock_in_doubt, now.clock_in_doubt),
        searched: w.verdict(&at("searched"), t.searched, now.searched),
        party: limit(w, t, &at("party"), t.party, now.party),
    };
    w.end();
    rule
}

fn limit(
    w: &mut impl WalkMore,
    t: &'static Texts,
    at: &str,
    heading: &'static str,
    now: Option<Limit>,
) -> Option<Limit> {
    let usual = Limit { persons: 1, over: Verdict::Check };
    w.optional(at, heading.to_owned(), now.as_ref(), usual, |w, at, it| Limit {
        persons: small(w, &format!("{at}.persons"), t.persons, (0, 1000), it.persons),
        over: w.verdict(&format!("{at}.over"), t.over, it.over),
    })
}

/// A number that fits sixteen bits: its range says so.
fn small(w: &mut impl Walk, name: &str, label: &'static str, range: (u32, u32), now: u16) -> u16 {
    u16::try_from(w.number(name, label, range, now.into())).unwrap_or(now)
}

fn together(w: &mut impl WalkMore, t: &'static Texts, at: &str, now: Together) -> Together {
    let whoms = [Whom::Household, Whom::Anyone];
    let (is_while, number) = match now.when {
        When::WithinMinutes(minutes) => (0, minutes),
        When::WhileOutsideAtMostHours(hours) => (1, hours),
    };
    let colours = w.colours(&format!("{at}.colours"), t.binds, now.colours);
    let whom = [("household", t.same_household), ("anyone", t.anyone)];
    let whom = whoms[w.choice(&format!("{at}.whom"), t.whom, &whom, now.whom as usize)];
    let when = [("within", t.within_minutes), ("while", t.while_outside_hours)];
    let when = match w.choice(&format!("{at}.when"), t.when, &when, is_while) {
        0 => When::WithinMinutes(w.number(&format!("{at}.number"), t.minutes_or_hours, (1, MINUTES), number)),
        _ => {
            let hours = w.number(&format!("{at}.number"), t.minutes_or_hours, (1, MINUTES / 60), number);
            When::WhileOutsideAtMostHours(hours)
        }
    };
    Together { colours, whom, when, verdict: w.verdict(&format!("{at}.verdict"), t.second_one, now.verdict) }
}

fn quota(w: &mut impl WalkMore, t: &'static Texts, at: &str, now: Quota) -> Quota {
    let per = [("household", t.per_household), ("person", t.per_person)];
    let count = [("rolling", t.rolling), ("calendar", t.calendar)];
    Quota {
        per: [Per::Household, Per::Person][w.choice(&format!("{at}.per"), t.per, &per, now.per as usize)],
        exits: small(w, &format!("{at}.exits"), t.exits, (0, 1000), now.exits),
        days: small(w, &format!("{at}.days"), t.in_days, (1, DAYS), now.days),
        count: [Count::Rolling, Count::CalendarDays]
            [w.choice(&format!("{at}.count"), t.count, &count, now.count as usize)],
        colours: w.colours(&format!("{at}.colours"), t.binds, now.colours),
        exemptions: w.check(&format!("{at}.exemptions"), t.quota_exemptions, now.exemptions),
        verdict: w.verdict(&format!("{at}.verdict"), t.over, now.verdict),
    }
}

/// A window that has both its ends.
fn window(w: &mut impl Walk, t: &'static Texts, at: &str, now: Window) -> Window {
    Window {
        from: w.minute(&format!("{at}.from"), t.from, Some(now.from)).unwrap_or(now.from),
        until: w.minute(&format!("{at}.until"), t.until, Some(now.until)).unwrap_or(now.until),
    }
}

fn exit_windows(w: &mut impl WalkMore, t: &'static Texts, at: &str, now: &ExitWindows) -> ExitWindows {
    let windows = w.several(
        &format!("{at}.windows"),
        |n| words::numbered(t.window, n),
        &now.windows,
        &MORNING,
        |w, at, it| window(w, t, at, it),
    );
    ExitWindows {
        windows,
        colours: w.colours(&format!("{at}.colours"), t.binds, now.colours),
        outside: w.verdict(&format!("{at}.outside"), t.outside_windows, now.outside),
        exemptions: w.check(&format!("{at}.exemptions"), t.exemptions, now.exemptions),
    }
}

fn temperature(w: &mut impl WalkMore, t: &'static Texts, at: &str, now: Temperature) -> Temperature {
    let both = |w: &mut _, member: &str, out, home, now: PerDirection<Verdict>| {
        both(w, at, member, (out, home), now)
    };
    Temperature {
        fever: w.degrees(&format!("{at}.fever"), t.fever, (300, 450), now.fever),
        low: w.degrees(&format!("{at}.low"), t.low, (200, 449), now.low),
        rest_minutes: w.number(&format!("{at}.rest_minutes"), t.rest_minutes, (0, 24 * 60), now.rest_minutes),
        missing: both(w, "missing", t.missing_out, t.missing_in, now.missing),
        again: both(w, "again", t.again_out, t.again_in, now.again),
        high: both(w, "high", t.high_out, t.high_in, now.high),
    }
}

fn both(
    w: &mut impl WalkMore,
    at: &str,
    member: &str,
    (out, home): (&'static str, &'static str),
    now: PerDirection<Verdict>,
) -> PerDirection<Verdict> {
    PerDirection {
        out: w.verdict(&format!("{at}.{member}.out"), out, now.out),
        entry: w.entry_home(&format!("{at}.{member}.entry"), home, now.entry),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use protocol::{policy_from_json, policy_to_json};

    use super::*;
    use crate::rules::STARTER;
    use crate::web::rules::fields::{Drawn, Piece, Posted, on};
    use crate::words::Language;

    /// What a browser sends of a form that nobody touched.
    fn untouched(policy: &Policy) -> BTreeMap<String, String> {
        let mut drawn = Drawn::new(Language::Zh);
        assert_eq!(super::policy(&mut drawn, policy), *policy, "drawing changes nothing");
        let mut sent = BTreeMap::new();
        for piece in drawn.pieces {
            let pair = match piece {
                Piece::Begin { name, there: Some(true), .. } => Some((on(&name), "1".to_owned())),
                Piece::Begin { .. } | Piece::End => None,
                Piece::Choice { name, options, .. } => {
                    options.iter().find(|option| option.2).map(|option| (name, option.0.to_owned()))
                }
                Piece::Check { name, now, .. } => now.then(|| (name, "1".to_owned())),
                Piece::Number { name, now, .. }
                | Piece::Minute { name, now, .. }
                | Piece::Text { name, now, .. } => Some((name, now)),
            };
            if let Some((name, value)) = pair {
                assert_eq!(sent.insert(name.clone(), value), None, "{name} stands twice in the form");
            }
        }
        sent
    }

    fn read(sent: &BTreeMap<String, String>, before: &Policy) -> (Policy, Vec<String>) {
        let mut posted = Posted::new(sent, Language::Zh);
        let policy = policy(&mut posted, before);
        (policy, posted.problems)
    }

    /// Every rule that there is.
    fn full() -> Policy {
        let mut policy = policy_from_json(STARTER).unwrap();
        policy.colours.green.party = Some(Limit { persons: 3, over: Verdict::Check });
        policy.colours.red.entry = Verdict::Refuse;
        policy.together.push(Together { when: When::WithinMinutes(30), whom: Whom::Anyone, ..TOGETHER });
        policy.quotas = vec![QUOTA, Quota { per: Per::Person, count: Count::Rolling, exits: 0, ..QUOTA }];
        policy.closing = Some(Closing { open: Window { from: Minute(360), until: Minute::END }, ..CLOSING });
        policy.exit_windows = Some(ExitWindows {
            windows: vec![MORNING, Window { from: Minute(22 * 60), until: Minute(60) }],
            colours: ALL,
            outside: Verdict::Check,
            exemptions: false,
        });
        let persons = Some(Limit { persons: 4, over: Verdict::Refuse });
        policy.vehicles = Some(Vehicles { persons, ..VEHICLES });
        policy.passback = Some(PASSBACK);
        policy.check().unwrap();
        policy
    }

    #[test]
    fn an_untouched_form_changes_nothing() {
        let starter = policy_from_json(STARTER).unwrap();
        for (rules, before) in [(full(), full()), (starter.clone(), starter.clone()), (full(), starter)] {
            // Read over other rules as well: everything is in the form.
            let (again, problems) = read(&untouched(&rules), &before);
            assert_eq!(problems, [] as [String; 0]);
            let expected = if before == rules {
                rules
            } else {
                // Of a refusal to come home, which is carried out as a check, only who had it knows.
                let mut expected = rules;
                expected.colours.red.entry = Verdict::Check;
                expected
            };
            assert_eq!(policy_to_json(&again), policy_to_json(&expected));
        }
    }

    #[test]
    fn what_is_changed_is_read() {
        let before = policy_from_json(STARTER).unwrap();
        let mut sent = untouched(&before);
        for (name, value) in [
            ("colours.green.out", "check"),
            ("colours.green.party.on", "1"),
            ("colours.green.party.persons", "2"),
            ("quotas.0.on", "1"),
            ("quotas.0.exits", "1"),
            ("closing.on", "1"),
            ("closing.open.from", "6:00"),
            ("closing.open.until", "21：00"),
            ("temperature.fever", "37.5"),
            ("time_zone", "Asia/Urumqi"),
        ] {
            sent.insert(name.to_owned(), value.to_owned());
        }
        sent.remove("together.0.on");
        sent.remove("lapse.on");
        let (after, problems) = read(&sent, &before);
        assert_eq!(problems, [] as [String; 0]);
        assert_eq!(after.colours.green.out, Verdict::Check);
        assert_eq!(after.colours.green.party.map(|limit| limit.persons), Some(2));
        assert_eq!(after.quotas, [QUOTA]);
        assert_eq!(after.closing, Some(CLOSING));
        assert_eq!(after.temperature.unwrap().fever, Tenths(375));
        assert_eq!((after.together.len(), after.lapse_minutes, &*after.time_zone), (0, None, "Asia/Urumqi"));
        after.check().unwrap();
    }

    #[test]
    fn what_cannot_be_read_is_said_and_stays() {
        let before = full();
        for (name, value, told) in [
            ("colours.green.out", "perhaps", "绿证：出门：没有选择"),
            ("quotas.0.days", "31", "外出次数 1：几天之内：请填 1 至 30"),
            ("quotas.1.exits", "-1", "外出次数 2：最多几人次：请填 0 至 1000"),
            ("closing.open.until", "25:00", "关门时间：到：请填时间"),
            ("temperature.fever", "37.35", "体温：多少度起算发热：请填 30.0 至 45.0"),
            ("passback.minutes", "", "同一张证同方向重复"),
        ] {
            let mut sent = untouched(&before);
            sent.insert(name.to_owned(), value.to_owned());
            let (after, problems) = read(&sent, &before);
            assert_eq!(problems.len(), 1, "{name}");
            assert!(problems[0].contains(told), "{problems:?}");
            assert_eq!(after, before, "{name}");
        }
    }
}
