//! Words of the page of a building or a stairwell: whether it is closed, who answers for it, the ways out.

use store::{Closure, Way};

use super::Language;

/// Texts that hold nothing but words.
#[derive(Debug)]
pub(crate) struct Texts {
    pub(crate) manage: &'static str,
    pub(crate) board: &'static str,
    pub(crate) closing: &'static str,
    pub(crate) closed_now: &'static str,
    pub(crate) close: &'static str,
    pub(crate) close_help: &'static str,
    pub(crate) what: &'static str,
    pub(crate) this_unit: &'static str,
    pub(crate) whole_building: &'static str,
    pub(crate) last_day: &'static str,
    pub(crate) last_day_hint: &'static str,
    pub(crate) why: &'static str,
    pub(crate) why_hint: &'static str,
    pub(crate) lets_exempt: &'static str,
    pub(crate) close_now: &'static str,
    pub(crate) open_now: &'static str,
    pub(crate) plan: &'static str,
    pub(crate) since: &'static str,
    pub(crate) planned: &'static str,
    pub(crate) not_planned: &'static str,
    pub(crate) because: &'static str,
    pub(crate) by: &'static str,
    pub(crate) lives: &'static str,
    pub(crate) exempt_go: &'static str,
    pub(crate) notice: &'static str,
    pub(crate) gates: &'static str,
    pub(crate) earlier: &'static str,
    pub(crate) opened: &'static str,
    pub(crate) answers: &'static str,
    pub(crate) nobody_answers: &'static str,
    pub(crate) name: &'static str,
    pub(crate) telephone: &'static str,
    pub(crate) keep: &'static str,
    pub(crate) ways: &'static str,
    pub(crate) no_ways: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) place: &'static str,
    pub(crate) place_hint: &'static str,
    pub(crate) mark: &'static str,
    pub(crate) unmark: &'static str,
    pub(crate) kept: &'static str,
    pub(crate) bad_last_day: &'static str,
    pub(crate) bad_why: &'static str,
    pub(crate) bad_place: &'static str,
    pub(crate) bad_name: &'static str,
    pub(crate) closed_already: &'static str,
    pub(crate) at_home: &'static str,
    pub(crate) at_home_remedy: &'static str,
}

const ZH: Texts = Texts {
    manage: "管理",
    board: "楼栋",
    closing: "封闭管理",
    closed_now: "封闭中",
    close: "封闭",
    close_help: "封闭期间，住在这里的人凭证不能出门，回家照常；颜色不变。卡点在收到下一个数据包后执行，解封时证件自动恢复，不必重新办理。",
    what: "范围",
    this_unit: "只封这个单元",
    whole_building: "整栋楼",
    last_day: "计划到哪一天",
    last_day_hint: "到期不会自动解封，会在“今天”里提醒。可以不填。",
    why: "原因",
    why_hint: "会印在通告上，也记入审计。不写姓名。",
    lets_exempt: "有时段豁免的人（通勤、医护）仍可出门",
    close_now: "立即封闭",
    open_now: "解除封闭",
    plan: "改期",
    since: "开始",
    planned: "计划到",
    not_planned: "未定",
    because: "原因",
    by: "决定人",
    lives: "涉及",
    exempt_go: "有时段豁免的人可出门。",
    notice: "打印门口通告",
    gates: "给卡点做数据包",
    earlier: "以前的封闭",
    opened: "解封",
    answers: "负责人",
    nobody_answers: "还没有写负责人。",
    name: "姓名",
    telephone: "电话",
    keep: "保存",
    ways: "通道和安全出口",
    no_ways: "没有标注。",
    kind: "类别",
    place: "位置",
    place_hint: "如“一楼东侧小门”",
    mark: "标注",
    unmark: "删除",
    kept: "已保存。",
    bad_last_day: "“计划到哪一天”须是今天或以后的日期。",
    bad_why: "请写明原因，100 个字以内。",
    bad_place: "请写明位置，60 个字以内。",
    bad_name: "姓名和电话太长：各 60 个字以内。",
    closed_already: "这里已经封闭了。",
    at_home: "请勿外出",
    at_home_remedy: "回家照常放行。有急事请联系社区。",
};

const EN: Texts = Texts {
    manage: "Manage",
    board: "Buildings",
    closing: "Closing",
    closed_now: "Closed",
    close: "Close",
    close_help: "While it is closed, whoever lives here can't go out with their pass; they come home as ever, and no colour changes. Gates obey from the next bundle on. When it is opened, the passes hold again by themselves.",
    what: "What",
    this_unit: "This stairwell alone",
    whole_building: "The whole building",
    last_day: "Planned until",
    last_day_hint: "It does not open by itself; the page of the day reminds you. May be left empty.",
    why: "Why",
    why_hint: "Printed on the notice, and kept in the audit log. No names.",
    lets_exempt: "Whoever is let off the hours (commuters, medical staff) may still go out",
    close_now: "Close now",
    open_now: "Open again",
    plan: "Plan anew",
    since: "Since",
    planned: "Planned until",
    not_planned: "not decided",
    because: "Why",
    by: "Decided by",
    lives: "Concerns",
    exempt_go: "Whoever is let off the hours may go out.",
    notice: "Print the notice for the door",
    gates: "Make bundles for the gates",
    earlier: "Closed before",
    opened: "Opened",
    answers: "Who answers for it",
    nobody_answers: "Nobody is written down yet.",
    name: "Name",
    telephone: "Telephone",
    keep: "Save",
    ways: "Passages and safety exits",
    no_ways: "None is marked.",
    kind: "Kind",
    place: "Where",
    place_hint: "Such as: small east door, ground floor",
    mark: "Mark",
    unmark: "Remove",
    kept: "Saved.",
    bad_last_day: "“Planned until” must be today or a later day.",
    bad_why: "Say why, in at most 100 characters.",
    bad_place: "Say where, in at most 60 characters.",
    bad_name: "Name and telephone have at most 60 characters each.",
    closed_already: "It is closed already.",
    at_home: "Stay home",
    at_home_remedy: "Coming home is never refused. If it is urgent, ask your community office.",
};

/// The texts in a language.
pub(crate) fn texts(language: Language) -> &'static Texts {
    language.choose(&ZH, &EN)
}

/// What kind of way out it is.
pub(crate) fn way(way: Way, language: Language) -> &'static str {
    match way {
        Way::Exit => language.choose("安全出口", "safety exit"),
        Way::Blocked => language.choose("封堵通道", "blocked passage"),
    }
}

/// How many it concerns.
pub(crate) fn lives(closure: &Closure, language: Language) -> String {
    let Closure { homes, residents, .. } = closure;
    let s = |count: &u32| if *count == 1 { "" } else { "s" };
    language.choose(
        format!("{homes} 户 {residents} 人"),
        format!("{homes} home{}, {residents} resident{}", s(homes), s(residents)),
    )
}

/// After it was closed.
pub(crate) fn closed(place: &str, closure: &Closure, language: Language) -> String {
    let lives = lives(closure, language);
    language.choose(
        format!("{place}已封闭，涉及 {lives}。请打印门口通告，并给卡点送去新的数据包。"),
        format!(
            "{place} is closed: {lives}. Print the notice for the door, and bring the gates a new bundle."
        ),
    )
}

/// After it was opened.
pub(crate) fn opened(place: &str, language: Language) -> String {
    language.choose(
        format!("{place}已解除封闭。卡点收到新的数据包后，证件恢复有效。"),
        format!("{place} is open again. Passes hold again once the gates have a new bundle."),
    )
}

/// Nobody is registered there, or nothing is closed there.
pub(crate) fn nothing_there(place: &str, language: Language) -> String {
    language.choose(
        format!("{place}没有登记的住户，或没有封闭。用 issuer closure list 查看封闭中的楼栋。"),
        format!(
            "{place} has no registered home, or is not closed. issuer closure list shows what is closed."
        ),
    )
}

/// Somebody's home is closed.
pub(crate) fn home_closed(since: &str, planned: Option<&str>, language: Language) -> String {
    match planned {
        Some(planned) => language.choose(
            format!("所住楼栋自 {since} 起封闭，计划到 {planned}：不能出门。"),
            format!("The building has been closed since {since}, as planned until {planned}: no going out."),
        ),
        None => language.choose(
            format!("所住楼栋自 {since} 起封闭，解封时间由社区通知：不能出门。"),
            format!(
                "The building has been closed since {since}; the office says when it opens. No going out."
            ),
        ),
    }
}

/// What a closure lets do on the day's page.
pub(crate) fn to_open(place: &str, planned: &str, language: Language) -> String {
    language.choose(
        format!("{place}计划封闭到 {planned}：解除封闭，或改期。"),
        format!("{place} was to be closed until {planned}: open it, or plan anew."),
    )
}
