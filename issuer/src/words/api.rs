//! The words of the programs' way in: the page of tokens, and why a request was refused.

use super::Language;
use crate::api::Problem;

/// Texts that hold nothing but words.
#[derive(Debug)]
pub(crate) struct Texts {
    pub(crate) tokens: &'static str,
    pub(crate) tokens_help: &'static str,
    pub(crate) none: &'static str,
    pub(crate) label: &'static str,
    pub(crate) label_help: &'static str,
    pub(crate) until: &'static str,
    pub(crate) made: &'static str,
    pub(crate) used: &'static str,
    pub(crate) do_what: &'static str,
    pub(crate) strike: &'static str,
    pub(crate) struck: &'static str,
    pub(crate) make: &'static str,
    pub(crate) told: &'static str,
    pub(crate) bad_label: &'static str,
    pub(crate) bad_until: &'static str,
    pub(crate) too_many: &'static str,
    pub(crate) gone: &'static str,
}

const ZH: Texts = Texts {
    tokens: "程序接口令牌",
    tokens_help: "其他程序凭令牌代您办事（/api/v1）：您能做的它都能做，审计记录写您的名字。令牌不能再生成令牌。账号停用时，令牌一并作废。",
    none: "没有令牌。",
    label: "用途",
    label_help: "写明哪个程序用，例如“每日汇总”。不要写人名。",
    until: "有效至（含当天）",
    made: "生成时间",
    used: "最近使用",
    do_what: "操作",
    strike: "作废",
    struck: "令牌已作废，使用它的程序不能再登录。",
    make: "生成令牌",
    told: "令牌只显示这一次，请立即存入要使用它的程序：",
    bad_label: "请写明用途，1 至 40 个字，不含换行。",
    bad_until: "有效期须在今天之后、一年之内。",
    too_many: "令牌已有 20 个。请先作废不用的。",
    gone: "没有这个令牌，可能已经作废。",
};

const EN: Texts = Texts {
    tokens: "Tokens for programs",
    tokens_help: "Programs that show a token act as you (/api/v1): they may do what you may, and the audit log names you. A token makes no \
                  tokens. Closing the account ends its tokens as well.",
    none: "There are no tokens.",
    label: "Used for",
    label_help: "Which program uses it, such as “daily summary”. Not somebody's name.",
    until: "Holds until the end of",
    made: "Made",
    used: "Last used",
    do_what: "Action",
    strike: "Strike off",
    struck: "The token is struck off: the program that used it is let in no more.",
    make: "Make a token",
    told: "This token is shown once. Put it into the program that will use it now:",
    bad_label: "Say what it is used for, in 1 to 40 characters on one line.",
    bad_until: "The last day must come after today, and within a year.",
    too_many: "There are 20 tokens. Strike off those that nobody uses first.",
    gone: "There is no such token; it may have been struck off.",
};

/// The texts of a language.
pub(crate) fn texts(language: Language) -> &'static Texts {
    language.choose(&ZH, &EN)
}

/// When a token was made, until when it holds, and when it was last used: told whole, for on a telephone no header stands above it.
pub(crate) fn life(made: &str, until: &str, used: Option<&str>, language: Language) -> [String; 3] {
    let used = match (used, language) {
        (Some(used), Language::Zh) => format!("{used} 用过"),
        (Some(used), Language::En) => format!("used {used}"),
        (None, _) => language.choose("从未使用", "never used").to_owned(),
    };
    let made = language.choose(format!("{made} 生成"), format!("made {made}"));
    let until = language.choose(format!("{until} 止"), format!("until {until}"));
    [made, until, used]
}

/// What kind of problem it is.
pub(crate) fn title(problem: &Problem, language: Language) -> &'static str {
    let (zh, en) = match problem {
        Problem::Query(_) => ("参数不对", "Bad parameters"),
        Problem::Syntax(_) => ("不是 JSON", "No JSON"),
        Problem::Shape(_) => ("内容不合格式", "Not of the described shape"),
        Problem::TooLarge => ("内容太长", "Too long"),
        Problem::MediaType => ("类型不对", "Another media type"),
        Problem::NoToken => ("没有有效令牌", "No valid token"),
        Problem::NotAllowed(_) => ("角色不允许", "Not for this role"),
        Problem::NotFound => ("没有找到", "Not found"),
        Problem::NoCursor => ("没有这个位置", "No such place in the list"),
        Problem::Method => ("方法不对", "Another method"),
        Problem::SignOff => ("红色须销号", "Red ends by a sign-off"),
        Problem::NotReleased(_) => ("还不能销号", "Not to be signed off yet"),
        Problem::NotObserved => ("没有在观察", "Not observed"),
        Problem::Replaced => ("已换新卡", "Replaced by a newer card"),
        Problem::Locked => ("不能签发", "Nothing can be signed"),
        Problem::Namesake => ("有同名的人", "A namesake"),
        Problem::ClosedAlready => ("已经封闭", "Closed already"),
        Problem::Over => ("时间已过", "Over already"),
        Problem::Full => ("编号已用完", "No numbers left"),
        Problem::Outdated(_) => ("已有新版本", "Changed meanwhile"),
        Problem::Unusable(_) => ("内容不能采用", "Can't be taken"),
        Problem::NoBundle(_) => ("不能制作数据包", "No bundle"),
        Problem::Unavailable => ("暂时不能使用", "Unavailable"),
    };
    language.choose(zh, en)
}

/// What is wrong, and what to do.
pub(crate) fn detail(problem: &Problem, language: Language) -> String {
    let (zh, en) = match problem {
        Problem::Query(why) => {
            return language.choose(
                format!("地址里的参数不符合 openapi.json 的说明：{why}。没有做任何事。"),
                format!("The parameters are not what openapi.json describes: {why}. Nothing was done."),
            );
        }
        Problem::Syntax(why) => {
            return language.choose(
                format!("内容不是完整的 JSON：{why}。没有做任何事。"),
                format!("The body is no whole JSON: {why}. Nothing was done."),
            );
        }
        Problem::Shape(why) => {
            return language.choose(
                format!("内容不符合 openapi.json 的说明：{why}。没有做任何事。"),
                format!("The body is not what openapi.json describes: {why}. Nothing was done."),
            );
        }
        Problem::TooLarge => {
            ("内容最多 256 kB。请分几次发送。", "A body has at most 256 kB: send it in parts.")
        }
        Problem::MediaType => (
            "请把 Content-Type 写成 application/json。",
            "Say that the body is JSON: Content-Type: application/json.",
        ),
        Problem::NoToken => (
            "请在 Authorization: Bearer 后写令牌。令牌在“我的账号”页面生成；过期、作废，或账号停用、密码待改时，令牌无效。",
            "Show a token as Authorization: Bearer. It is made on the page of one's own account, and holds no more when it is over or struck off, \
             when the account is closed, or when its password has to be changed.",
        ),
        Problem::NotAllowed(may) => return super::office::not_allowed(*may, language),
        Problem::NotFound => (
            "没有这个地址或编号，或者它不在您的小区里。",
            "There is no such address or number, or it is in none of your compounds.",
        ),
        Problem::NoCursor => (
            "cursor 只能用上一页给出的 next。请从头开始列出。",
            "A cursor is what the list before gave as `next`. Begin the list anew.",
        ),
        Problem::Method => {
            ("这个地址不接受这种方法，见 Allow。", "This address takes other methods: see Allow.")
        }
        Problem::SignOff => (
            "此人现为红色，只能销号（release）或作为误定解除（mistaken）。没有改动任何内容。",
            "They are red: that ends by a release, or as a mistake. Nothing was changed.",
        ),
        Problem::NotReleased(why) => return super::people::not_released(*why, language),
        Problem::NotObserved => (
            "此人没有在居家观察，没有可改的结束日。没有改动任何内容。",
            "They are not under home observation: there is no end to be planned. Nothing was changed.",
        ),
        Problem::Replaced => (
            "这张卡已换新卡，不能再改。请办理新卡。",
            "This card was replaced, and nothing becomes of it any more. Take the newer one.",
        ),
        Problem::Locked => (
            "签发密钥未打开、快到期，或不包括这个小区。请管理员处理后再试。",
            "The signing key is locked, ends soon, or doesn't cover this compound: have the administrator see to it, and try again.",
        ),
        Problem::Namesake => (
            "这一户有同名的人，看不出是不是同一个。请写上电话。没有改动任何内容。",
            "Somebody of that name lives there, and nothing says whether it is the same person: give the phone number. Nothing was changed.",
        ),
        Problem::ClosedAlready => (
            "这栋楼或这个单元已经封闭。没有改动任何内容。",
            "This building or stairwell is closed already. Nothing was changed.",
        ),
        Problem::Over => {
            ("结束的时间已经过去。没有改动任何内容。", "The end is over already. Nothing was changed.")
        }
        Problem::Full => (
            "这个小区的编号已用完，不能再登记。",
            "This compound has given out all its numbers: nobody else can be registered.",
        ),
        Problem::Outdated(held) => {
            return language.choose(
                format!("现行的是第 {held} 版，与 expected_version 不同。没有改动任何内容；请看过现行版本后再试。"),
                format!("Version {held} holds, not expected_version. Nothing was changed; look at it and try again."),
            );
        }
        Problem::Unusable([zh, en]) | Problem::NoBundle([zh, en]) => return language.choose(zh, en).clone(),
        Problem::Unavailable => (
            "登记库暂时不能使用。请稍后再试；一直这样请找管理员。",
            "The registry can't be used now. Try again later; if it stays so, ask the administrator.",
        ),
    };
    language.choose(zh, en).to_owned()
}
