//! Words of the page that tells which keys each gate trusts.

use super::Language;

/// Texts that hold nothing but words.
#[derive(Debug)]
pub(crate) struct Texts {
    pub(crate) title: &'static str,
    pub(crate) help: &'static str,
    pub(crate) none: &'static str,
    pub(crate) newest: &'static str,
    pub(crate) key: &'static str,
    pub(crate) office: &'static str,
    pub(crate) own: &'static str,
    pub(crate) compounds: &'static str,
    pub(crate) from: &'static str,
    pub(crate) until: &'static str,
    pub(crate) over: &'static str,
    pub(crate) gates: &'static str,
    pub(crate) no_gates: &'static str,
    pub(crate) gate: &'static str,
    pub(crate) heard: &'static str,
    pub(crate) list: &'static str,
    pub(crate) same: &'static str,
    pub(crate) unknown: &'static str,
    pub(crate) unheard: &'static str,
    pub(crate) still: &'static str,
    pub(crate) not_yet: &'static str,
    pub(crate) older: &'static str,
    pub(crate) back: &'static str,
}

const ZH: Texts = Texts {
    title: "各卡点信任哪些密钥",
    help: "卡点只放行由信任清单上的密钥签发的证。清单由根密钥签名；更换或撤销密钥后，联网卡点马上、不联网的卡点随下一次 U 盘换用新清单。",
    none: "还没有密钥，卡点什么也不信任。请先在本机运行 issuer keygen。",
    newest: "现行清单",
    key: "密钥",
    office: "社区",
    own: "本社区",
    compounds: "小区编号",
    from: "生效",
    until: "失效",
    over: "已失效",
    gates: "卡点",
    no_gates: "还没有登记卡点。",
    gate: "卡点",
    heard: "联系情况",
    list: "信任的密钥",
    same: "与现行清单相同",
    unknown: "清单较旧，本机没有存底，无法列出",
    unheard: "还不知道：卡点没有上报过",
    still: "仍信任已撤下的密钥",
    not_yet: "还不信任新密钥",
    older: "用的是旧清单，密钥相同",
    back: "回到卡点",
};

const EN: Texts = Texts {
    title: "Which keys each gate trusts",
    help: "A gate admits nobody by a card whose key is not in its trust list. The root key signs that list; when a key is changed or pulled, \
           gates with a network have the new list at once, the others with their next stick.",
    none: "There are no keys yet, and gates trust nothing. Run issuer keygen on this machine first.",
    newest: "The list that holds now",
    key: "Key",
    office: "Office",
    own: "this office",
    compounds: "Compounds",
    from: "From",
    until: "Until",
    over: "over",
    gates: "Gates",
    no_gates: "No gate is known yet.",
    gate: "Gate",
    heard: "Last heard",
    list: "Keys it trusts",
    same: "those of the list that holds now",
    unknown: "those of an older list that this machine did not keep",
    unheard: "not known: it has not reported",
    still: "still trusts keys that were pulled",
    not_yet: "does not know yet",
    older: "the same keys, by an older list",
    back: "Back to the gates",
};

/// The texts of the page in this language.
#[must_use]
pub(crate) fn texts(language: Language) -> &'static Texts {
    match language {
        Language::Zh => &ZH,
        Language::En => &EN,
    }
}

/// Of when the list is.
#[must_use]
pub(crate) fn signed(at: &str, language: Language) -> String {
    language.choose(format!("{at} 签名"), format!("signed {at}"))
}

/// Of when the older list is that a gate goes by.
#[must_use]
pub(crate) fn list_signed(at: &str, language: Language) -> String {
    language.choose(format!("（清单 {at} 签名）"), format!("(its list was signed {at})"))
}
