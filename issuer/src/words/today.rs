//! Words of the day's page.

use super::Language;

/// Texts that hold nothing but words.
#[derive(Debug)]
pub(crate) struct Texts {
    pub(crate) today: &'static str,
    pub(crate) that_day: &'static str,
    pub(crate) day: &'static str,
    pub(crate) compound: &'static str,
    pub(crate) any_compound: &'static str,
    pub(crate) show: &'static str,
    pub(crate) previous: &'static str,
    pub(crate) next: &'static str,
    pub(crate) days: &'static str,
    pub(crate) to_do: &'static str,
    pub(crate) nothing_to_do: &'static str,
    pub(crate) people: &'static str,
    pub(crate) passages: &'static str,
    pub(crate) none_yet: &'static str,
    pub(crate) take_in: &'static str,
    pub(crate) out: &'static str,
    pub(crate) into: &'static str,
    pub(crate) refused: &'static str,
    pub(crate) overridden: &'static str,
    pub(crate) manual: &'static str,
    pub(crate) unjudged: &'static str,
    pub(crate) emergencies: &'static str,
    pub(crate) numbers: &'static str,
    pub(crate) hour: &'static str,
    pub(crate) date: &'static str,
    pub(crate) gate: &'static str,
    pub(crate) colours: [&'static str; 3],
    pub(crate) by_hand: &'static str,
}

const ZH: Texts = Texts {
    today: "今天",
    that_day: "这一天",
    day: "日期",
    compound: "小区",
    any_compound: "全部小区",
    show: "查看",
    previous: "前一天",
    next: "后一天",
    days: "选择日期",
    to_do: "要办的事",
    nothing_to_do: "没有要办的事。",
    people: "居民和车辆",
    passages: "通行",
    none_yet: "这几天没有卡点的通行记录。",
    take_in: "导入卡点日志",
    out: "出",
    into: "进",
    refused: "不放行",
    overridden: "人工改判",
    manual: "无证登记",
    unjudged: "未判断就通过",
    emergencies: "紧急开门",
    numbers: "看数字",
    hour: "时",
    date: "日期",
    gate: "卡点",
    colours: ["绿", "黄", "红"],
    by_hand: "无证",
};

const EN: Texts = Texts {
    today: "Today",
    that_day: "That day",
    day: "Day",
    compound: "Compound",
    any_compound: "All compounds",
    show: "Show",
    previous: "The day before",
    next: "The day after",
    days: "Days",
    to_do: "To do",
    nothing_to_do: "There is nothing to do.",
    people: "People and vehicles",
    passages: "Passages",
    none_yet: "No gate's passages of these days are here.",
    take_in: "Take a gate's journal in",
    out: "Out",
    into: "In",
    refused: "Stopped",
    overridden: "Turned by staff",
    manual: "Entered by hand",
    unjudged: "Unjudged",
    emergencies: "Emergencies",
    numbers: "The numbers",
    hour: "Hour",
    date: "Day",
    gate: "Gate",
    colours: ["Green", "Yellow", "Red"],
    by_hand: "No pass",
};

/// The words of a language.
pub(crate) fn texts(language: Language) -> &'static Texts {
    language.choose(&ZH, &EN)
}

/// Who may be released.
pub(crate) fn releases(count: u64, language: Language) -> String {
    language.choose(
        format!("{count} 人居家观察今天到期或已到期：做健康检查，合格的销号。"),
        format!("The observation of {count} ends today or is overdue: check their health, and sign off who is well."),
    )
}

/// Which passes end.
pub(crate) fn ending(count: u64, language: Language) -> String {
    language.choose(
        format!("{count} 张通行证快到期：签发并打印新证。"),
        format!("{count} passes end soon: sign and print their successors."),
    )
}

/// A gate that nothing is heard of.
pub(crate) fn quiet(gate: &str, since: Option<&str>, language: Language) -> String {
    match since {
        Some(since) => language.choose(
            format!("{gate} 从 {since} 起没有记录：请取来日志导入，或看看卡点是否停了。"),
            format!("{gate} is quiet since {since}: fetch its journal, or see whether it stands still."),
        ),
        None => language.choose(
            format!("{gate} 还没有任何记录：请取来日志导入。"),
            format!("{gate} was never heard of: fetch its journal."),
        ),
    }
}

/// Something was wrong with events of a compound's gates, or slipped through while they were apart.
pub(crate) fn troubles(compound: &str, count: usize, language: Language) -> String {
    language.choose(
        format!("{compound}的卡点上报有 {count} 处需要核查。"),
        format!("{count} things to look into in what the gates of {compound} reported."),
    )
}

/// A journal that is not whole.
pub(crate) fn not_whole(gate: &str, missing: u64, forked: u64, language: Language) -> String {
    match forked {
        0 => language.choose(
            format!("{gate} 的日志缺 {missing} 条：请从卡点导出完整的日志。"),
            format!("{missing} events of {gate} are missing: export its whole journal."),
        ),
        forked => language.choose(
            format!("{gate} 有 {forked} 条编号相同而内容不同的记录：请查明哪一边是真的。"),
            format!("{gate} has {forked} events beside others with their number: find out which are true."),
        ),
    }
}

/// Heading of a plot.
pub(crate) fn by_hour(day: &str, language: Language) -> String {
    language.choose(format!("{day} 每小时通行"), format!("Passages by hour, {day}"))
}

/// Heading of a plot.
pub(crate) fn by_day(days: u32, language: Language) -> String {
    language.choose(format!("{days} 天每天通行"), format!("Passages by day, {days} days"))
}

/// Heading of a plot.
pub(crate) fn by_gate(day: &str, language: Language) -> String {
    language.choose(format!("{day} 各卡点、各颜色通行"), format!("Passages by gate and colour, {day}"))
}
