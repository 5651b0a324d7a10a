//! Words of the rules' pages: the form, what is wrong with it, trying and saving. What rules say stands in `wording`.

use gate::PolicyError;
use pass::Colour;
use protocol::RulesFileError;

use super::Language;

/// Texts that hold nothing but words.
#[derive(Debug)]
pub(crate) struct Texts {
    pub(crate) rules: &'static str,
    pub(crate) choose: &'static str,
    pub(crate) all: &'static str,
    pub(crate) hold_now: &'static str,
    pub(crate) change: &'static str,
    pub(crate) change_hint: &'static str,
    pub(crate) there: &'static str,
    pub(crate) try_button: &'static str,
    pub(crate) cancel: &'static str,
    pub(crate) history: &'static str,
    pub(crate) holds: &'static str,
    pub(crate) no_history: &'static str,
    pub(crate) bring_back: &'static str,
    pub(crate) gone: &'static str,
    pub(crate) new: &'static str,
    pub(crate) trial: &'static str,
    pub(crate) trial_result: &'static str,
    pub(crate) difference: &'static str,
    pub(crate) no_difference: &'static str,
    pub(crate) otherwise: &'static str,
    pub(crate) not_tried: &'static str,
    pub(crate) all_the_same: &'static str,
    pub(crate) when_column: &'static str,
    pub(crate) who: &'static str,
    pub(crate) direction: &'static str,
    pub(crate) was: &'static str,
    pub(crate) would_be: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) nothing_against: &'static str,
    pub(crate) why: &'static str,
    pub(crate) why_hint: &'static str,
    pub(crate) save: &'static str,
    pub(crate) change_further: &'static str,
    // The form.
    pub(crate) going_out: &'static str,
    pub(crate) coming_home: &'static str,
    pub(crate) coming_in: &'static str,
    pub(crate) entry_alert: &'static str,
    pub(crate) old_list: &'static str,
    pub(crate) unknown_pass: &'static str,
    pub(crate) clock_in_doubt: &'static str,
    pub(crate) searched: &'static str,
    pub(crate) party: &'static str,
    pub(crate) persons: &'static str,
    pub(crate) over: &'static str,
    pub(crate) together: &'static str,
    pub(crate) binds: &'static str,
    pub(crate) whom: &'static str,
    pub(crate) same_household: &'static str,
    pub(crate) anyone: &'static str,
    pub(crate) when: &'static str,
    pub(crate) within_minutes: &'static str,
    pub(crate) while_outside_hours: &'static str,
    pub(crate) minutes_or_hours: &'static str,
    pub(crate) second_one: &'static str,
    pub(crate) quota: &'static str,
    pub(crate) per_household: &'static str,
    pub(crate) per_person: &'static str,
    pub(crate) per: &'static str,
    pub(crate) exits: &'static str,
    pub(crate) in_days: &'static str,
    pub(crate) count: &'static str,
    pub(crate) rolling: &'static str,
    pub(crate) calendar: &'static str,
    pub(crate) quota_exemptions: &'static str,
    pub(crate) closing: &'static str,
    pub(crate) from: &'static str,
    pub(crate) until: &'static str,
    pub(crate) shut_out: &'static str,
    pub(crate) shut_in: &'static str,
    pub(crate) exemptions: &'static str,
    pub(crate) exit_windows: &'static str,
    pub(crate) window: &'static str,
    pub(crate) outside_windows: &'static str,
    pub(crate) vehicles: &'static str,
    pub(crate) plate_unread: &'static str,
    pub(crate) plate_differs: &'static str,
    pub(crate) alone: &'static str,
    pub(crate) in_vehicle: &'static str,
    pub(crate) visitors: &'static str,
    pub(crate) longest_hours: &'static str,
    pub(crate) longer: &'static str,
    pub(crate) red_host: &'static str,
    pub(crate) unknown_host: &'static str,
    pub(crate) temperature: &'static str,
    pub(crate) fever: &'static str,
    pub(crate) low: &'static str,
    pub(crate) rest_minutes: &'static str,
    pub(crate) missing_out: &'static str,
    pub(crate) missing_in: &'static str,
    pub(crate) again_out: &'static str,
    pub(crate) again_in: &'static str,
    pub(crate) high_out: &'static str,
    pub(crate) high_in: &'static str,
    pub(crate) passback: &'static str,
    pub(crate) passback_minutes: &'static str,
    pub(crate) lapse: &'static str,
    pub(crate) lapse_minutes: &'static str,
    pub(crate) more: &'static str,
    pub(crate) time_zone: &'static str,
}

const ZH: Texts = Texts {
    rules: "小区规则",
    choose: "选择小区",
    all: "全部小区",
    hold_now: "现在的规则",
    change: "修改规则",
    change_hint: "改好后先用已有的通行记录试一试，看看哪些人的结果会不同，再决定保存。回家永远不会被拒绝，最多要求核对。",
    there: "有这条规则",
    try_button: "试一试",
    cancel: "不改了",
    history: "历次修改",
    holds: "现行",
    no_history: "还没有修改过，用的是起始规则。",
    bring_back: "试用并恢复这一版",
    gone: "去掉",
    new: "增加",
    trial: "试用规则",
    trial_result: "试用结果",
    difference: "改了什么",
    no_difference: "和现在的规则一样。",
    otherwise: "结果会不同的通行",
    not_tried: "没有可供试用的通行记录：请先导入卡点日志。也可以直接保存。",
    all_the_same: "没有一次通行的结果会不同。",
    when_column: "时间",
    who: "谁",
    direction: "方向",
    was: "当时",
    would_be: "按新规则",
    reason: "理由",
    nothing_against: "没有理由阻拦。",
    why: "修改原因",
    why_hint: "不写姓名；记入审计。",
    save: "保存为新规则",
    change_further: "再改一改",
    going_out: "出门",
    coming_home: "回家",
    coming_in: "进门",
    entry_alert: "回家时立即报告社区",
    old_list: "名单过期时",
    unknown_pass: "名单查不到这张证时",
    clock_in_doubt: "卡点时钟可能不准时",
    searched: "没有扫到证、靠查找时",
    party: "限制一次通行的人数",
    persons: "最多几人",
    over: "超过时",
    together: "不得结伴外出",
    binds: "约束哪些颜色",
    whom: "和谁",
    same_household: "同一户的人",
    anyone: "小区里任何人",
    when: "怎样算结伴",
    within_minutes: "前一人出门后若干分钟内",
    while_outside_hours: "前一人还没回来（最多等若干小时）",
    minutes_or_hours: "分钟数或小时数",
    second_one: "后一人",
    quota: "外出次数",
    per_household: "每户",
    per_person: "每人",
    per: "按什么计数",
    exits: "最多几人次",
    in_days: "几天之内",
    count: "怎样算天",
    rolling: "从现在往回每 24 小时",
    calendar: "日历日，含今天",
    quota_exemptions: "社区豁免次数的人不受限制",
    closing: "关门时间",
    from: "从",
    until: "到",
    shut_out: "关门后出门",
    shut_in: "关门后回家",
    exemptions: "社区豁免时间的人不受限制",
    exit_windows: "外出时段",
    window: "时段",
    outside_windows: "时段以外",
    vehicles: "车辆（一人一车一杆）",
    plate_unread: "没有读到车牌时",
    plate_differs: "车牌与证不符时",
    alone: "车上没有人出示自己的证时",
    in_vehicle: "限制车上人数",
    visitors: "来访人员",
    longest_hours: "访客证最长小时数",
    longer: "超过时",
    red_host: "要去的一户在居家观察时",
    unknown_host: "不知道那一户的颜色时",
    temperature: "体温",
    fever: "多少度起算发热",
    low: "低于多少度算测错",
    rest_minutes: "偏高时休息几分钟再测",
    missing_out: "没有测就出门",
    missing_in: "没有测就进门",
    again_out: "要重测时出门",
    again_in: "要重测时进门",
    high_out: "休息后仍高，出门",
    high_in: "休息后仍高，进门",
    passback: "同一张证同方向重复",
    passback_minutes: "记住几分钟",
    lapse: "放行后没有人通过闸机，不计入外出",
    lapse_minutes: "几分钟后",
    more: "其他",
    time_zone: "时区",
};

const EN: Texts = Texts {
    rules: "Rules of compounds",
    choose: "Choose a compound",
    all: "All compounds",
    hold_now: "The rules that hold",
    change: "Change the rules",
    change_hint: "Try what you changed on the passages that are here, see whose would have gone otherwise, and then save. Coming home is \
                  never refused: at most it is checked.",
    there: "There is this rule",
    try_button: "Try",
    cancel: "Leave them as they are",
    history: "Versions",
    holds: "Holds now",
    no_history: "Nobody has changed them yet: these are the rules to start with.",
    bring_back: "Try this version and bring it back",
    gone: "Gone",
    new: "New",
    trial: "Rules tried",
    trial_result: "What the trial says",
    difference: "What is changed",
    no_difference: "They are the rules that hold.",
    otherwise: "Passages that would have gone otherwise",
    not_tried: "There are no passages to try them on: take a gate's journal in first. They can be saved all the same.",
    all_the_same: "No passage would have gone otherwise.",
    when_column: "When",
    who: "Who",
    direction: "Direction",
    was: "Was",
    would_be: "By these rules",
    reason: "Why",
    nothing_against: "Nothing speaks against it.",
    why: "Why they are changed",
    why_hint: "Without names; it goes into the audit log.",
    save: "Save as the new rules",
    change_further: "Change them further",
    going_out: "Going out",
    coming_home: "Coming home",
    coming_in: "Coming in",
    entry_alert: "Tell the office at once when they come home",
    old_list: "With an old status list",
    unknown_pass: "When the list doesn't know the pass",
    clock_in_doubt: "While the gate's clock is in doubt",
    searched: "When found by a search, without a code",
    party: "Limit the persons in one passage",
    persons: "Persons at most",
    over: "Over that",
    together: "Not out together",
    binds: "Binds which colours",
    whom: "With whom",
    same_household: "Another of the household",
    anyone: "Anybody of the compound",
    when: "What counts as together",
    within_minutes: "Within so many minutes of the other's going out",
    while_outside_hours: "While the other is outside (so many hours at most)",
    minutes_or_hours: "Minutes or hours",
    second_one: "The second of them",
    quota: "How often out",
    per_household: "A household",
    per_person: "A person",
    per: "Counted for",
    exits: "Exits at most",
    in_days: "In so many days",
    count: "Days are",
    rolling: "Each 24 hours, back from now",
    calendar: "Calendar days, today included",
    quota_exemptions: "Whom the office lets off quotas are let off",
    closing: "Closing time",
    from: "From",
    until: "Until",
    shut_out: "Going out when it is shut",
    shut_in: "Coming home when it is shut",
    exemptions: "Whom the office lets off hours are let off",
    exit_windows: "Hours for going out",
    window: "Hours",
    outside_windows: "At other hours",
    vehicles: "Vehicles",
    plate_unread: "When the plate was not read",
    plate_differs: "When the plate is not the one on the pass",
    alone: "When nobody in it showed a pass of their own",
    in_vehicle: "Limit the persons in it",
    visitors: "Visitors",
    longest_hours: "Hours that their pass may hold",
    longer: "Where it holds longer",
    red_host: "When the household is under observation",
    unknown_host: "When the household's colour is not known",
    temperature: "Temperature",
    fever: "A fever from (°C)",
    low: "A wrong measurement below (°C)",
    rest_minutes: "Minutes of rest before measuring again",
    missing_out: "Not measured, going out",
    missing_in: "Not measured, coming in",
    again_out: "To be measured again, going out",
    again_in: "To be measured again, coming in",
    high_out: "High after the rest, going out",
    high_in: "High after the rest, coming in",
    passback: "The same pass twice the same way",
    passback_minutes: "Remembered for minutes",
    lapse: "Let through, and nobody walked: counts no more",
    lapse_minutes: "After minutes",
    more: "More",
    time_zone: "Time zone",
};

/// The words of a language.
pub(crate) fn texts(language: Language) -> &'static Texts {
    language.choose(&ZH, &EN)
}

/// Heading of a colour's rules.
pub(crate) fn of_colour(colour: Colour, language: Language) -> String {
    let word = wording::colour(colour, language);
    language.choose(format!("{word}证"), format!("Holders of {word} passes"))
}

/// Heading of one of several rules of a kind.
pub(crate) fn numbered(heading: &str, number: usize) -> String {
    format!("{heading} {number}")
}

/// Rules that were never decided.
pub(crate) fn undecided(language: Language) -> &'static str {
    language.choose("起始规则", "The rules to start with")
}

/// A version's number, since when, who and why.
pub(crate) fn version(number: u32, at: Option<&str>, who: &str, why: &str, language: Language) -> String {
    let mut line = language.choose(format!("第 {number} 版"), format!("Version {number}"));
    for part in [at.unwrap_or_default(), who, why].into_iter().filter(|part| !part.is_empty()) {
        line += " · ";
        line += part;
    }
    line
}

/// Why rules are saved that held before.
pub(crate) fn back_to(number: u32, language: Language) -> String {
    language.choose(format!("恢复第 {number} 版"), format!("Back to version {number}"))
}

/// What a trial came to.
pub(crate) fn tried(days: i64, summary: &str, language: Language) -> String {
    language.choose(
        format!("用最近 {days} 天的通行记录试：{summary}"),
        format!("Tried on the last {days} days: {summary}"),
    )
}

/// That not all are shown.
pub(crate) fn more(shown: usize, all: usize, language: Language) -> String {
    language.choose(format!("最新的 {shown} 条，共 {all} 条。"), format!("The newest {shown} of {all}."))
}

/// What saving did.
pub(crate) fn saved(version: Option<u32>, language: Language) -> String {
    match version {
        Some(number) => language.choose(
            format!("已保存为第 {number} 版，下一个数据包起生效（issuer bundle）。想改回去，在下面恢复以前的一版。"),
            format!(
                "Saved as version {number}. It holds from the next bundle on (issuer bundle). To undo it, bring an earlier version back \
                 below."
            ),
        ),
        None => language.choose("和现在的规则一样，没有改动。", "These are the rules already. Nothing was changed.").to_owned(),
    }
}

/// What is wrong with a field, and where it is.
pub(crate) fn wrong(place: &[&str], what: &str, language: Language) -> String {
    let colon = language.choose("：", ": ");
    format!("{}{colon}{what}", place.join(colon))
}

/// A number outside of its range.
pub(crate) fn range(least: &str, most: &str, language: Language) -> String {
    language.choose(format!("请填 {least} 至 {most}。"), format!("Fill in {least} to {most}."))
}

/// No time of day.
pub(crate) fn no_time(language: Language) -> &'static str {
    language.choose("请填时间，如 07:30。", "Fill in a time such as 07:30.")
}

/// None of the choices.
pub(crate) fn not_chosen(language: Language) -> &'static str {
    language.choose("没有选择，请选一项。", "Nothing is chosen. Choose one.")
}

/// Rules that can't be carried out.
pub(crate) fn cannot(why: &PolicyError, language: Language) -> String {
    match why {
        PolicyError::Zone(name) => language.choose(
            format!("没有“{name}”这个时区。请填 Asia/Shanghai 这样的名称。"),
            format!("There is no time zone {name:?}. Fill in a name such as Asia/Shanghai."),
        ),
        PolicyError::Temperature => language.choose(
            "测错的温度须低于发热的温度。".to_owned(),
            "A wrong measurement must be below a fever.".to_owned(),
        ),
        other => {
            language.choose(format!("这套规则不能用：{other}"), format!("These rules can't be used: {other}"))
        }
    }
}

/// Rules that can't be read.
pub(crate) fn unreadable(why: &RulesFileError, language: Language) -> String {
    match why {
        RulesFileError::Policy(why) => cannot(why, language),
        why => language.choose(format!("这套规则读不懂：{why}"), format!("These rules can't be read: {why}")),
    }
}
