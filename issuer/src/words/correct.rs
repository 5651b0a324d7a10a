//! Words for correcting who somebody is and where they live, and for what they are let off.

use gate::ExemptionKind;

use super::Language;

/// Texts that hold nothing but words.
#[derive(Debug)]
pub(crate) struct Texts {
    pub(crate) correct: &'static str,
    pub(crate) correct_help: &'static str,
    pub(crate) keep: &'static str,
    pub(crate) kept: &'static str,
    pub(crate) unchanged: &'static str,
    pub(crate) taken: &'static str,
    pub(crate) let_off: &'static str,
    pub(crate) let_off_help: &'static str,
    pub(crate) nothing_let_off: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) from_what: &'static str,
    pub(crate) quota: &'static str,
    pub(crate) hours: &'static str,
    pub(crate) last_day: &'static str,
    pub(crate) last_day_hint: &'static str,
    pub(crate) add: &'static str,
    pub(crate) end: &'static str,
    pub(crate) ended: &'static str,
    pub(crate) bad_exemption: &'static str,
}

const ZH: Texts = Texts {
    correct: "更正姓名、电话、住址",
    correct_help: "人还是同一个人：颜色、通行证、记录都保留。姓名或住址变了，须签发新证。",
    keep: "保存更正",
    kept: "已更正。姓名或住址变了的，请到“通行证”签发新证。",
    unchanged: "没有变化。",
    taken: "这一户已有同名、同电话的人，或小区里已有这个车牌：名册和卡点将无法区分。请核对。",
    let_off: "豁免",
    let_off_help: "通勤、医护等，可不受次数或时段限制。下一个数据包送到卡点后生效。",
    nothing_let_off: "没有豁免。",
    kind: "类别",
    from_what: "不受限制的",
    quota: "外出次数",
    hours: "外出时段和关门时间",
    last_day: "最后一天",
    last_day_hint: "不填则不限期。",
    add: "给予豁免",
    end: "结束",
    ended: "豁免已结束。",
    bad_exemption: "请选择类别和不受哪项限制；最后一天须是今天或以后。",
};

const EN: Texts = Texts {
    correct: "Correct name, phone, home",
    correct_help: "It stays the same person, with colour, passes and records. With another name or home a new pass has to be signed.",
    keep: "Save",
    kept: "Corrected. Where the name or the home changed, sign the new pass on the page of passes.",
    unchanged: "Nothing changed.",
    taken: "This home has somebody of that name and number already, or the compound a vehicle of that plate: lists and gates could not tell them apart. Look again.",
    let_off: "Let off",
    let_off_help: "Commuters, medical staff and the like, from quotas or hours. It holds at a gate from the next bundle on.",
    nothing_let_off: "Nothing.",
    kind: "Kind",
    from_what: "Let off",
    quota: "quotas",
    hours: "exit windows and closing time",
    last_day: "Last day",
    last_day_hint: "Open, when left empty.",
    add: "Let off",
    end: "End",
    ended: "It has ended.",
    bad_exemption: "Choose the kind and what they are let off; the last day must be today or later.",
};

/// The texts in a language.
pub(crate) fn texts(language: Language) -> &'static Texts {
    language.choose(&ZH, &EN)
}

/// Who is let off.
pub(crate) fn kind(kind: ExemptionKind, language: Language) -> &'static str {
    match kind {
        ExemptionKind::Commuter => language.choose("通勤", "commuter"),
        ExemptionKind::Medical => language.choose("医护", "medical staff"),
    }
}
