//! A compound's rules as plain sentences, one for each rule, from the data itself.

use gate::{
    Closing, ColourRule, Count, ExitWindows, Limit, Passback, Per, PerColour, PerDirection, Policy, Quota,
    Temperature, Together, Vehicles, Verdict, Visitors, When, Whom, Window,
};
use pass::Colour;

use crate::{Language, colour, plural, verdict};

/// The sentences of a compound's rules, in an order that reads well.
#[must_use]
pub fn explain(policy: &Policy, lang: Language) -> Vec<String> {
    let colours = Colour::ALL.map(|colour| of_colour(colour, &policy.colours.of(colour), lang));
    let mut all: Vec<String> = colours.into_iter().flatten().collect();
    all.extend(policy.together.iter().map(|rule| together(rule, lang)));
    all.extend(policy.quotas.iter().map(|rule| quota(rule, lang)));
    all.extend(policy.closing.as_ref().map(|rule| closing(rule, lang)));
    all.extend(policy.exit_windows.as_ref().map(|rule| exit_windows(rule, lang)));
    all.extend(policy.vehicles.as_ref().map(|rule| vehicles(rule, lang)));
    all.extend(policy.visitors.as_ref().map(|rule| visitors(rule, lang)));
    all.extend(policy.temperature.as_ref().map(|rule| temperature(rule, lang)));
    all.extend(policy.passback.as_ref().map(|rule| passback(rule, lang)));
    all.extend(policy.lapse_minutes.map(|minutes| {
        lang.choose(
            format!("放行后 {minutes} 分钟没有人通过闸机的，不计入外出（有通过信号的通道）。"),
            format!("An admission counts no more when nobody walked through within {} (lanes with a turned-signal).", plural(minutes, "minute")),
        )
    }));
    all.push(lang.choose(
        format!("时间按 {} 计算。回家永远不会被拒绝，最多要求核对。", policy.time_zone),
        format!(
            "Times are those of {}. Coming home is never refused: at most it is checked.",
            policy.time_zone
        ),
    ));
    all
}

fn of_colour(of: Colour, rule: &ColourRule, lang: Language) -> Vec<String> {
    let name = capital(colour(of, lang));
    let say = |what| verdict(what, lang);
    // A refusal to come home is carried out as a check.
    let entry = say(rule.entry.min(Verdict::Check));
    let alert = match rule.entry_alert {
        true => lang.choose("，并立即报告社区", ", and the office is told at once"),
        false => "",
    };
    let mut all = vec![
        lang.choose(
            format!("{name}证：出门{}，进门{entry}{alert}。", say(rule.out)),
            format!("{name}: going out, {}; coming in, {entry}{alert}.", say(rule.out)),
        ),
        lang.choose(
            format!(
                "{name}证：名单过期时{}，名单查不到时{}，时钟可能不准时{}，没有扫到证而是查找的{}。",
                say(rule.old_list),
                say(rule.unknown_pass),
                say(rule.clock_in_doubt),
                say(rule.searched)
            ),
            format!(
                "{name}: with an old list, {}; when the list does not know the pass, {}; while the clock is in doubt, {}; found by \
                 a search, {}.",
                say(rule.old_list),
                say(rule.unknown_pass),
                say(rule.clock_in_doubt),
                say(rule.searched)
            ),
        ),
    ];
    all.extend(rule.party.map(|limit| {
        lang.choose(
            format!("{name}证：{}。", limited(limit, "一次通行", "", lang)),
            format!("{name}: {}.", limited(limit, "", " in one passage", lang)),
        )
    }));
    all
}

fn together(rule: &Together, lang: Language) -> String {
    let who = colours(rule.colours, lang);
    let whom = match rule.whom {
        Whom::Household => lang.choose("同户的", "two of one household"),
        Whom::Anyone => lang.choose("任何两位", "any two of the compound"),
    };
    let then = verdict(rule.verdict, lang);
    match rule.when {
        When::WithinMinutes(minutes) => lang.choose(
            format!("{whom}{who}证持有人不得结伴外出：前一人出门 {minutes} 分钟内，后一人{then}。"),
            format!("{}: {whom} may not go out within {} of each other; the second, {then}.", capital(&who), plural(minutes, "minute")),
        ),
        When::WhileOutsideAtMostHours(hours) => lang.choose(
            format!("{whom}{who}证持有人不得同时在外：前一人没有回来时，后一人{then}（最多等 {hours} 小时）。"),
            format!("{}: {whom} may not be outside at the same time; while the first is out, for {} at most, the second, {then}.", capital(&who), plural(hours, "hour")),
        ),
    }
}

fn quota(rule: &Quota, lang: Language) -> String {
    let who = colours(rule.colours, lang);
    let (zh_per, en_per) = match rule.per {
        Per::Household => ("每户", "one household"),
        Per::Person => ("每人", "one person"),
    };
    let (zh_days, en_days) = match rule.count {
        Count::Rolling => (
            format!("任意连续 {} 小时", 24 * u32::from(rule.days)),
            format!("any {} hours", 24 * u32::from(rule.days)),
        ),
        Count::CalendarDays => {
            (format!(" {} 个日历日", rule.days), format!("{} (calendar)", plural(rule.days, "day")))
        }
    };
    let then = verdict(rule.verdict, lang);
    lang.choose(
        format!(
            "{who}证：{zh_per}在{zh_days}内最多外出 {} 人次，超过则{then}{}。",
            rule.exits,
            let_off(rule.exemptions, lang)
        ),
        format!(
            "{}: of {en_per}, {} in {en_days}; over that, {then}{}.",
            capital(&who),
            plural(rule.exits, "exit"),
            let_off(rule.exemptions, lang)
        ),
    )
}

fn closing(rule: &Closing, lang: Language) -> String {
    let open = window(rule.open);
    // Coming home is never refused.
    let shut = PerDirection { out: rule.shut.out, entry: rule.shut.entry.min(Verdict::Check) };
    lang.choose(
        format!("小区 {open} 开门，其他时间{}{}。", both(shut, lang), let_off(rule.exemptions, lang)),
        format!(
            "The compound is open {open}; at other times: {}{}.",
            both(shut, lang),
            let_off(rule.exemptions, lang)
        ),
    )
}

fn exit_windows(rule: &ExitWindows, lang: Language) -> String {
    let windows: Vec<String> = rule.windows.iter().map(|open| window(*open)).collect();
    let windows = windows.join(lang.choose("、", ", "));
    let (who, then) = (colours(rule.colours, lang), verdict(rule.outside, lang));
    lang.choose(
        format!("{who}证外出时段：{windows}，其他时间{then}{}。", let_off(rule.exemptions, lang)),
        format!(
            "{} may go out {windows}; at other times: {then}{}.",
            capital(&who),
            let_off(rule.exemptions, lang)
        ),
    )
}

fn vehicles(rule: &Vehicles, lang: Language) -> String {
    let say = |what| verdict(what, lang);
    let persons = match rule.persons {
        Some(limit) => lang.choose(
            format!("，{}", limited(limit, "车上", "", lang)),
            format!("; {}", limited(limit, "", " in it", lang)),
        ),
        None => String::new(),
    };
    lang.choose(
        format!(
            "车辆（一人一车一杆）：车牌与证不符{}，没有读到车牌{}，车上没有人出示通行证{}{persons}。",
            say(rule.plate_differs),
            say(rule.plate_unread),
            say(rule.alone)
        ),
        format!(
            "Vehicles (one person, one car, one lift): plate not the one on the pass, {}; plate not read, {}; nobody inside showed a \
             pass, {}{persons}.",
            say(rule.plate_differs),
            say(rule.plate_unread),
            say(rule.alone)
        ),
    )
}

fn visitors(rule: &Visitors, lang: Language) -> String {
    let say = |what| verdict(what, lang);
    lang.choose(
        format!(
            "访客、快递、维修人员凭短期证：{}；证的有效期超过 {} 小时的{}；去红证住户的{}；不知道住户颜色的{}。",
            both(rule.may, lang),
            rule.longest_hours,
            say(rule.longer),
            say(rule.red_host),
            say(rule.unknown_host)
        ),
        format!(
            "Visitors, couriers and workers, with a short-lived pass: {}; a pass that holds longer than {}, {}; to a household \
             with a red holder, {}; to one whose colour is not known, {}.",
            both(rule.may, lang),
            plural(rule.longest_hours, "hour"),
            say(rule.longer),
            say(rule.red_host),
            say(rule.unknown_host)
        ),
    )
}

fn temperature(rule: &Temperature, lang: Language) -> String {
    let home = |what: PerDirection<Verdict>| PerDirection { entry: what.entry.min(Verdict::Check), ..what };
    let (missing, again, high) =
        (both(home(rule.missing), lang), both(home(rule.again), lang), both(home(rule.high), lang));
    lang.choose(
        format!(
            "体温：{} °C 及以上，休息 {} 分钟再测，其间{again}；再测仍高，{high}，并立即报告社区；低于 {} °C 为测量不准，在手腕重测；\
             没有测的，{missing}。",
            rule.fever, rule.rest_minutes, rule.low
        ),
        format!(
            "Temperature: from {} °C, measured again after {} of rest, until then: {again}; high again: {high}, and the office is \
             told at once; below {} °C is a wrong measurement, taken again at the wrist; not measured: {missing}.",
            rule.fever,
            plural(rule.rest_minutes, "minute"),
            rule.low
        ),
    )
}

fn passback(rule: &Passback, lang: Language) -> String {
    let shut = PerDirection { entry: rule.verdict.entry.min(Verdict::Check), ..rule.verdict };
    lang.choose(
        format!("同一人 {} 分钟内同方向第二次刷证：{}。", rule.minutes, both(shut, lang)),
        format!(
            "The same holder a second time the same way within {}: {}.",
            plural(rule.minutes, "minute"),
            both(shut, lang)
        ),
    )
}

fn both(of: PerDirection<Verdict>, lang: Language) -> String {
    let (out, entry) = (verdict(of.out, lang), verdict(of.entry, lang));
    if out == entry {
        return lang.choose(format!("进出均{out}"), format!("{out} both ways"));
    }
    lang.choose(format!("出门{out}、进门{entry}"), format!("going out, {out}, coming in, {entry}"))
}

/// `at most`, where that is, and what happens over it.
fn limited(limit: Limit, zh_place: &str, en_place: &str, lang: Language) -> String {
    let then = verdict(limit.over, lang);
    lang.choose(
        format!("{zh_place}最多 {} 人，超过则{then}", limit.persons),
        format!("{} at most{en_place}; over that, {then}", plural(limit.persons, "person")),
    )
}

fn let_off(exemptions: bool, lang: Language) -> &'static str {
    match exemptions {
        true => lang.choose("（社区批准免除的人除外）", " (except those whom the office lets off)"),
        false => "",
    }
}

fn colours(of: PerColour<bool>, lang: Language) -> String {
    let named: Vec<&str> =
        Colour::ALL.into_iter().filter(|one| of.of(*one)).map(|one| colour(one, lang)).collect();
    if named.is_empty() {
        return lang.choose("（无）", "no colour").to_owned();
    }
    named.join(lang.choose("、", " and "))
}

fn window(open: Window) -> String {
    format!("{}–{}", open.from, open.until)
}

/// The word with a capital where its script has them.
fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
