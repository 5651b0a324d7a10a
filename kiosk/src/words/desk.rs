//! What staff read where they work: signing in, searching, turning verdicts, handing over. Short: they read it with gloves on
//! and a queue before them.

use gate::{Role, Verdict};

use super::Lang;

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
}

/// The fixed texts in this language.
#[must_use]
pub fn desk(lang: Lang) -> DeskWords {
    DeskWords {
        panel: lang.of("值班台", "Staff"),
        open: lang.of("值班台", "Staff"),
        close: lang.of("关闭", "Close"),
        sign_in: lang.of("值班登录", "Sign in"),
        sign_out: lang.of("退出", "Sign out"),
        signed_in: lang.of("值班：", "On duty: "),
        pick: lang.of("您是哪位？", "Who are you?"),
        on_duty: lang.of("当班", "on duty"),
        supervisor: lang.of("负责人", "supervisor"),
        pin: lang.of("密码", "PIN"),
        another: lang.of("换人", "Somebody else"),
        erase: lang.of("退格", "Erase"),
        enter: lang.of("确定", "OK"),
        nobody: lang.of("本机没有值班名单", "No staff are known here"),
        nobody_do: lang.of(
            "请从社区取得为本卡点封装了人员的数据包，运行 kiosk load 载入。扫码核验照常。",
            "Fetch a bundle from the office with the people sealed for this gate, and run kiosk load. Cards are judged all the same.",
        ),
        unexplained: lang.of("紧急开闸还没有写明原因", "An emergency opening has no reason yet"),
        unexplained_do: lang.of("为什么开的闸？", "Why was the gate opened?"),
        in_words: lang.of("或写明原因", "Or in your own words"),
        send: lang.of("记下", "Write it down"),
        unreachable: lang.of(
            "没有回应：门口程序可能停了。请再试一次。",
            "No answer: the gate's program may have stopped. Try again.",
        ),
    }
}

/// What a role is called, where it needs a word.
#[must_use]
pub fn role(role: Role, lang: Lang) -> Option<&'static str> {
    match role {
        Role::Guard => None,
        Role::Supervisor => Some(desk(lang).supervisor),
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
pub fn reasons(why: Why, lang: Lang) -> &'static [&'static str] {
    match why {
        Why::Emergency => lang.of(
            &["救护车", "消防", "送医、临产", "疏散", "误按"],
            &["Ambulance", "Fire brigade", "Taken to hospital, birth", "Evacuation", "Pressed by mistake"],
        ),
        Why::Turn(Verdict::Refuse) => lang.of(
            &["人证不符", "发热或有症状", "不是一个人", "不配合登记"],
            &["Not the person on the card", "Fever or symptoms", "Not alone", "Refused to be registered"],
        ),
        Why::Turn(Verdict::Admit | Verdict::Check) => lang.of(
            &["就医", "社区已电话同意", "已核对本人", "医护、保供人员上岗"],
            &[
                "Medical visit",
                "The office agreed by phone",
                "Looked at the person",
                "Medical or supply worker",
            ],
        ),
        Why::Undo => lang.of(
            &["按错了", "没有通过，折返", "扫错了人"],
            &["Pressed by mistake", "Did not go through", "The wrong person's card"],
        ),
        Why::Manual => lang.of(
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
    ("malformed", ["请选一个原因或写明原因。", "Choose a reason, or write one."]),
    ("token", ["请再试一次。", "Try again."]),
];

/// The sentences of [`REFUSED`] in this language, with their codes.
#[must_use]
pub fn refused(lang: Lang) -> Vec<(&'static str, &'static str)> {
    REFUSED.iter().map(|(code, [zh, en])| (*code, lang.of(*zh, *en))).collect()
}
