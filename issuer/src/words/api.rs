//! The words of the programs' way in: the page of tokens, and why a request was refused.

use super::Language;

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
    pub(crate) never: &'static str,
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
    never: "从未使用",
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
    never: "never",
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
