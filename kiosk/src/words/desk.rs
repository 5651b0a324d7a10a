//! What staff read where they work: signing in, searching, turning verdicts, handing over. Short: they read it with gloves on
//! and a queue before them.

use gate::{Role, ShiftCounts, Verdict};
use protocol::Resident;

use super::Language;

/// The fixed texts of the staff's panel.
#[derive(Clone, Copy, Debug)]
pub struct DeskWords {
    /// Name of the panel.
    pub panel: &'static str,
    /// Opens it for whoever is signed in.
    pub open: &'static str,
    /// Closes it.
    pub close: &'static str,
    /// Sign in.
    pub sign_in: &'static str,
    /// Sign out.
    pub sign_out: &'static str,
    /// Label before the name of who is signed in.
    pub signed_in: &'static str,
    /// Pick a name.
    pub pick: &'static str,
    /// Beside the names of those who are on duty now.
    pub on_duty: &'static str,
    /// Beside the names of supervisors.
    pub supervisor: &'static str,
    /// Label: PIN.
    pub pin: &'static str,
    /// Back to the names.
    pub another: &'static str,
    /// Takes the last digit or letter back.
    pub erase: &'static str,
    /// Done.
    pub enter: &'static str,
    /// No staff are known.
    pub nobody: &'static str,
    /// What to do about it.
    pub nobody_do: &'static str,
    /// An emergency opening without a reason.
    pub unexplained: &'static str,
    /// Ask for it.
    pub unexplained_do: &'static str,
    /// Label of a free text.
    pub in_words: &'static str,
    /// Sends a reason.
    pub send: &'static str,
    /// The page can't reach the gate's program.
    pub unreachable: &'static str,
    /// On the tab for finding somebody.
    pub tab_find: &'static str,
    /// On the tab with the last verdicts.
    pub tab_last: &'static str,
    /// On the tab for somebody without a card.
    pub tab_manual: &'static str,
    /// On the tab with those who are outside.
    pub tab_out: &'static str,
    /// On the tab of the shift.
    pub tab_shift: &'static str,
    /// Pick who takes the shift over.
    pub pick_next: &'static str,
    /// What can be typed to find somebody.
    pub find_what: &'static str,
    /// What to do before anything is typed.
    pub find_do: &'static str,
    /// Shows and hides the keys.
    pub keys: &'static str,
    /// Empties the field.
    pub clear: &'static str,
    /// On the button for keys with surnames.
    pub surnames: &'static str,
    /// Heading over the last verdicts.
    pub last: &'static str,
    /// There are none.
    pub last_none: &'static str,
    /// Heading over reasons.
    pub why: &'static str,
    /// Takes a verdict back.
    pub undo: &'static str,
    /// Takes back that it was turned.
    pub undo_turn: &'static str,
    /// Before the reason of an override.
    pub turned: &'static str,
    /// Of what was taken back.
    pub undone: &'static str,
    /// In place of a name, of an entry by hand.
    pub by_hand: &'static str,
    /// In place of a name, of a pass that is not believed.
    pub not_believed: &'static str,
    /// Enters by hand whose pass is not believed.
    pub manual_instead: &'static str,
    /// Heading over an entry by hand.
    pub manual: &'static str,
    /// Asks who it is and why they come.
    pub manual_why: &'static str,
    /// Label: home.
    pub home: &'static str,
    /// Label: persons.
    pub party: &'static str,
    /// Label: plate.
    pub plate: &'static str,
    /// Label: direction.
    pub which_way: &'static str,
    /// Admits somebody by hand.
    pub let_through: &'static str,
    /// Refuses somebody by hand.
    pub turn_away: &'static str,
    /// Opens what can be keyed in beside a pass.
    pub key_in: &'static str,
    /// Label: temperature.
    pub temperature: &'static str,
    /// Label: where it was measured.
    pub measured_at: &'static str,
    /// Forehead.
    pub forehead: &'static str,
    /// Wrist.
    pub wrist: &'static str,
    /// Has the pass judged again.
    pub judge_again: &'static str,
    /// Heading over overrides by guard.
    pub overrides: &'static str,
    /// Heading over the duty roster.
    pub roster: &'static str,
    /// Hands the shift over to the next guard.
    pub hand_over: &'static str,
    /// Ends the shift with nobody to take it over.
    pub end_shift: &'static str,
    /// Heading over the gate's time, and on the button that leads there.
    pub set_clock: &'static str,
    /// Confirms what the machine's clock shows, which follows.
    pub clock_right: &'static str,
    /// Label: date.
    pub date: &'static str,
    /// Label: time of day.
    pub time: &'static str,
    /// Sets the gate's time to what was typed.
    pub set_to_this: &'static str,
    /// Tells a guard who sets the clock.
    pub supervisor_sets: &'static str,
}

/// The fixed texts in this language.
#[must_use]
pub fn desk(lang: Language) -> DeskWords {
    DeskWords {
        panel: lang.choose("值班台", "Staff"),
        open: lang.choose("值班台", "Staff"),
        close: lang.choose("关闭", "Close"),
        sign_in: lang.choose("值班登录", "Sign in"),
        sign_out: lang.choose("退出", "Sign out"),
        signed_in: lang.choose("值班：", "On duty: "),
        pick: lang.choose("您是哪位？", "Who are you?"),
        on_duty: lang.choose("当班", "on duty"),
        supervisor: lang.choose("负责人", "supervisor"),
        pin: lang.choose("密码", "PIN"),
        another: lang.choose("换人", "Somebody else"),
        erase: lang.choose("退格", "Erase"),
        enter: lang.choose("确定", "OK"),
        nobody: lang.choose("本机没有值班名单", "No staff are known here"),
        nobody_do: lang.choose(
            "请从社区取得为本卡点封装了人员的数据包，运行 kiosk load 载入。扫码核验照常。",
            "Fetch a bundle from the office with the people sealed for this gate, and run kiosk load. Cards are judged all the same.",
        ),
        unexplained: lang.choose("紧急开闸还没有写明原因", "An emergency opening has no reason yet"),
        unexplained_do: lang.choose("为什么开的闸？", "Why was the gate opened?"),
        in_words: lang.choose("或写明原因", "Or in your own words"),
        send: lang.choose("记下", "Write it down"),
        unreachable: lang.choose(
            "没有回应：门口程序可能停了。请再试一次。",
            "No answer: the gate's program may have stopped. Try again.",
        ),
        tab_find: lang.choose("查找", "Find"),
        tab_last: lang.choose("记录", "Last"),
        tab_manual: lang.choose("无证", "No card"),
        tab_out: lang.choose("在外", "Out"),
        tab_shift: lang.choose("交班", "Shift"),
        pick_next: lang.choose("谁来接班？", "Who takes over?"),
        find_what: lang.choose("姓、拼音首字母、房号、短码", "Name, initials, room, code"),
        find_do: lang.choose("输一个字就能找：姓、拼音首字母（zxm）、房号（3-2-501）、卡上短码或车牌。", "One character is enough: of a name, initials in pinyin (zxm), room (3-2-501), short code on the card, or plate."),
        keys: lang.choose("显示或收起键盘", "Show or hide the keys"),
        clear: lang.choose("清空", "Clear"),
        surnames: lang.choose("姓", "姓"),
        last: lang.choose("最近的判断", "The last verdicts"),
        last_none: lang.choose("还没有。", "None yet."),
        why: lang.choose("为什么？", "Why?"),
        undo: lang.choose("撤销这次（退还次数）", "Take it back (gives the quota back)"),
        undo_turn: lang.choose("撤销改判", "Take the override back"),
        turned: lang.choose("改判", "Overridden"),
        undone: lang.choose("已撤销", "taken back"),
        by_hand: lang.choose("人工登记", "By hand"),
        not_believed: lang.choose("验不过的证", "Not believed"),
        manual_instead: lang.choose("改做人工登记", "Enter by hand instead"),
        manual: lang.choose("人工登记：没有证的人", "Somebody without a card"),
        manual_why: lang.choose("什么人，什么事？", "Who is it, and why?"),
        home: lang.choose("住哪户或去哪户", "Home, or whom they visit"),
        party: lang.choose("人数", "Persons"),
        plate: lang.choose("车牌", "Plate"),
        which_way: lang.choose("方向", "Direction"),
        let_through: lang.choose("放行", "Let through"),
        turn_away: lang.choose("不放行", "Turn away"),
        key_in: lang.choose("补充：人数、车牌、体温、方向", "Add persons, plate, temperature, direction"),
        temperature: lang.choose("体温 °C", "Temperature °C"),
        measured_at: lang.choose("测量部位", "Measured at"),
        forehead: lang.choose("额头", "Forehead"),
        wrist: lang.choose("手腕", "Wrist"),
        judge_again: lang.choose("重新判断", "Judge again"),
        overrides: lang.choose("改判次数（每人）", "Overrides by guard"),
        roster: lang.choose("排班", "Duty roster"),
        hand_over: lang.choose("交给下一班", "Hand over to the next"),
        end_shift: lang.choose("交班并退出", "End the shift and sign out"),
        set_clock: lang.choose("校准时间", "Set the clock"),
        clock_right: lang.choose("机器时间是对的，就用：", "The machine's clock is right:"),
        date: lang.choose("日期", "Date"),
        time: lang.choose("时间", "Time"),
        set_to_this: lang.choose("改成这个时间", "Set it to this"),
        supervisor_sets: lang.choose("只有负责人能校准，请负责人登录。", "Only a supervisor can set it: have one sign in."),
    }
}

/// What a role is called, where it needs a word.
#[must_use]
pub fn role(role: Role, lang: Language) -> Option<&'static str> {
    match role {
        Role::Guard => None,
        Role::Supervisor => Some(desk(lang).supervisor),
    }
}

/// How many were found.
#[must_use]
pub fn found(count: usize, most: usize, lang: Language) -> String {
    match count {
        0 => lang
            .choose(
                "没有找到。换个写法，或做人工登记。",
                "Nobody found. Type it another way, or enter them by hand.",
            )
            .to_owned(),
        _ if count > most => lang
            .choose(format!("超过 {most} 人，请再多输一点。"), format!("More than {most}: type some more.")),
        _ => lang.choose(
            format!("找到 {count} 个，点一下按其证判断。"),
            format!("{count} found. Touch one to judge it like the card."),
        ),
    }
}

/// How many people and vehicles are outside.
#[must_use]
pub fn out(people: usize, vehicles: usize, lang: Language) -> String {
    let person = if people == 1 { "person" } else { "people" };
    let vehicle = if vehicles == 1 { "vehicle" } else { "vehicles" };
    lang.choose(
        format!("在外 {people} 人，{vehicles} 辆车"),
        format!("Outside: {people} {person}, {vehicles} {vehicle}"),
    )
}

/// Before which time the gate's clock can't be set.
#[must_use]
pub fn no_earlier(than: &str, lang: Language) -> String {
    lang.choose(
        format!("不能早于 {than}（社区签发数据的时间）"),
        format!("No earlier than {than}, when the office signed its data"),
    )
}

/// Since when a shift has gone on.
#[must_use]
pub fn shift_since(since: &str, lang: Language) -> String {
    lang.choose(format!("本班自 {since}"), format!("This shift, since {since}"))
}

/// What was done in a shift, each with its label.
#[must_use]
pub fn counts(counts: &ShiftCounts, lang: Language) -> [(&'static str, u64); 9] {
    [
        (lang.choose("放行出", "Let out"), counts.admitted_out),
        (lang.choose("放行进", "Let in"), counts.admitted_in),
        (lang.choose("核对", "Checked"), counts.checked),
        (lang.choose("不放行", "Refused"), counts.refused),
        (lang.choose("改判", "Overridden"), counts.overridden),
        (lang.choose("撤销", "Taken back"), counts.undone),
        (lang.choose("人工登记", "By hand"), counts.manual),
        (lang.choose("发热", "Fevers"), counts.fevers),
        (lang.choose("紧急开闸", "Emergencies"), counts.emergencies),
    ]
}

/// On the button that turns a verdict to this one.
#[must_use]
pub fn turn_to(verdict: Verdict, lang: Language) -> &'static str {
    match verdict {
        Verdict::Admit => lang.choose("改为放行", "Let them through"),
        Verdict::Check => lang.choose("改为核对", "Have them checked"),
        Verdict::Refuse => lang.choose("改为不放行", "Stop them"),
    }
}

/// Where somebody lives.
#[must_use]
pub fn home(resident: &Resident, lang: Language) -> String {
    let Resident { building, unit, room, .. } = resident;
    let parts: Vec<&str> =
        [building, unit, room].into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    match (lang, parts.as_slice()) {
        (Language::Zh, [building, unit, room]) => format!("{building}栋{unit}单元{room}"),
        (_, parts) => parts.join("-"),
    }
}

/// What a reason is given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// An emergency opening.
    Emergency,
    /// A verdict turned to this one.
    Turn(Verdict),
    /// An event taken back.
    Undo,
    /// Somebody without a card.
    Manual,
}

/// Reasons to choose from by a touch.
#[must_use]
pub fn reasons(why: Why, lang: Language) -> &'static [&'static str] {
    match why {
        Why::Emergency => lang.choose(
            &["救护车", "消防", "送医、临产", "疏散", "误按"],
            &["Ambulance", "Fire brigade", "Taken to hospital, birth", "Evacuation", "Pressed by mistake"],
        ),
        Why::Turn(Verdict::Refuse) => lang.choose(
            &["人证不符", "发热或有症状", "不是一个人", "不配合登记"],
            &["Not the person on the card", "Fever or symptoms", "Not alone", "Refused to be registered"],
        ),
        Why::Turn(Verdict::Admit | Verdict::Check) => lang.choose(
            &["就医", "社区已电话同意", "已核对本人", "医护、保供人员上岗"],
            &[
                "Medical visit",
                "The office agreed by phone",
                "Looked at the person",
                "Medical or supply worker",
            ],
        ),
        Why::Undo => lang.choose(
            &["按错了", "没有通过，折返", "扫错了人"],
            &["Pressed by mistake", "Did not go through", "The wrong person's card"],
        ),
        Why::Manual => lang.choose(
            &["忘带证", "证件损坏", "新住户未办证", "访客，已登记", "维修、快递"],
            &[
                "Left the card at home",
                "Card damaged",
                "New resident without a card",
                "Visitor, registered",
                "Repair or delivery",
            ],
        ),
    }
}

/// Why something was not done, and what to do, by its code. `{}` stands for seconds.
pub const REFUSED: &[(&str, [&str; 2])] = &[
    ("signed_out", ["请先登录。", "Sign in first."]),
    (
        "journal_down",
        [
            "日志写不进去，没有办成。请看屏幕上的说明。",
            "The log can't be written, so nothing was done. See the screen.",
        ],
    ),
    ("no_grounds", ["本机还没有可用的数据包。", "This gate has no bundle to judge by."]),
    (
        "no_people",
        ["本机不认识任何人：请载入带人员的数据包。", "This gate knows nobody: load a bundle with people."],
    ),
    ("no_such_event", ["没有这条记录，或这条不能这样改。", "No such entry, or this can't be done to it."]),
    (
        "not_believed",
        [
            "这张证验不过，可能是伪造的，不能改判。确需放行请做人工登记。",
            "This pass is not believed and may be forged: it can't be overridden. Enter the person by hand instead.",
        ],
    ),
    (
        "specimen",
        [
            "样证不能改判。确需放行请做人工登记。",
            "A specimen can't be overridden. Enter the person by hand instead.",
        ],
    ),
    (
        "other_compound",
        [
            "这是其他小区的证，不能改判。确需放行请做人工登记。",
            "A pass of another compound can't be overridden. Enter the person by hand instead.",
        ],
    ),
    (
        "superseded",
        ["这条已被后来的判断代替，请改后来那条。", "A later verdict took its place: change that one."],
    ),
    ("too_late", ["人已离开。请再出示一次证。", "They don't stand there any more: show the card again."]),
    ("too_old", ["隔得太久，不能再改。", "That was too long ago to be changed."]),
    ("no_switch", ["本通道没有方向开关。", "This lane has no direction switch."]),
    ("already", ["已经是这样了，或已经办过。", "It is so already, or was done before."]),
    ("no_such_resident", ["没有这个人。", "No such resident."]),
    ("no_such_home", ["查不到这个房号，请写成 3-2-501。", "No such home. Write it like 3-2-501."]),
    ("no_card", ["此人没有证，请做人工登记。", "They have no card: enter them by hand."]),
    ("wrong_pin", ["密码不对。", "Wrong PIN."]),
    ("wait", ["错了多次，请等 {} 秒再试。", "Wrong several times. Try again in {} seconds."]),
    (
        "not_a_supervisor",
        [
            "别人做的决定，只有本人或负责人能撤销。",
            "Somebody else decided that: only they or a supervisor can take it back.",
        ],
    ),
    ("supervisors_only", ["只有负责人能校准时间。", "Only a supervisor can set the clock."]),
    (
        "too_early",
        [
            "比社区签发数据的时间还早，不可能。请看表再填。",
            "The office signed its data later than that. Look at a watch, and type it again.",
        ],
    ),
    (
        "too_far",
        [
            "比社区上次签发数据晚了 20 天以上。请核对年月；若无误，请先装入新的数据包。",
            "That is more than 20 days after the office signed its data. Look at the date; if it is right, load a new bundle first.",
        ],
    ),
    (
        "kept_right",
        ["网络校时正在保持时间，不用设置。", "The network keeps this clock right: nothing to set."],
    ),
    ("no_time", ["请这样写：2020-03-01 和 08:30。", "Write it like 2020-03-01 and 08:30."]),
    ("malformed", ["请选一个原因或写明原因。", "Choose a reason, or write one."]),
    ("token", ["请再试一次。", "Try again."]),
];

/// The sentence of one of [`REFUSED`].
#[must_use]
pub fn why_not(code: &str, lang: Language) -> &'static str {
    REFUSED.iter().find(|(known, _)| *known == code).map_or("", |(_, [zh, en])| lang.choose(zh, en))
}

/// The sentences of [`REFUSED`] in this language, with their codes.
#[must_use]
pub fn refused(lang: Language) -> Vec<(&'static str, &'static str)> {
    REFUSED.iter().map(|(code, [zh, en])| (*code, lang.choose(*zh, *en))).collect()
}
