//! Words of inviting a gate.

use super::Language;

/// Texts that hold nothing but words.
#[derive(Debug)]
pub(crate) struct Texts {
    pub(crate) title: &'static str,
    pub(crate) how: &'static str,
    pub(crate) name: &'static str,
    pub(crate) name_help: &'static str,
    pub(crate) address: &'static str,
    pub(crate) address_help: &'static str,
    pub(crate) here_alone: &'static str,
    pub(crate) bad_address: &'static str,
    pub(crate) make: &'static str,
    pub(crate) show: &'static str,
    pub(crate) code_label: &'static str,
    pub(crate) until: &'static str,
    pub(crate) typed: &'static str,
    pub(crate) once: &'static str,
    pub(crate) to_gates: &'static str,
}

const ZH: Texts = Texts {
    title: "邀请卡点",
    how: "邀请后会显示一个二维码。把它举到卡点的镜头前（手机拍下、打印都行），卡点就登记好了：认定本社区的根公钥，生成自己的密钥，取得今天的数据。",
    name: "卡点名称",
    name_help: "用已有卡点的名称，等于换机器：原来那台的密钥立即注销。",
    address: "卡点怎样连到社区",
    address_help: "卡点用这个地址访问本程序。对外网址可在“设置”里登记。",
    here_alone: "这是本机地址，只有装在同一台机器上的卡点能连到。别的机器请写本机在局域网里的地址。",
    bad_address: "地址不对：请写成 http://10.0.0.9:7380 或 https://名称。没有改动任何内容。",
    make: "生成邀请",
    show: "请在卡点出示。这个码只显示这一次，只能用一次。",
    code_label: "邀请二维码",
    until: "有效至",
    typed: "也可以在卡点输入邀请码",
    once: "知道这个码的机器就能成为本小区的卡点：不要外传。用过或过期后请重新邀请。",
    to_gates: "返回卡点列表",
};

const EN: Texts = Texts {
    title: "Invite a gate",
    how: "A code will be shown. Hold it up to the gate's camera, on a phone or on paper, and the gate is enrolled: it pins this office's \
          root key, makes keys of its own, and has today's bundle.",
    name: "Name of the gate",
    name_help: "The name of a gate that is known means another machine in its place: the old one's keys are struck off at once.",
    address: "How the gate reaches the office",
    address_help: "The gate asks this program at this address. The office's public address can be written down under settings.",
    here_alone: "That is this machine's own address: only a gate on the same machine reaches it. For others, write this machine's address in \
                 the local network.",
    bad_address: "That is no address: write it like http://10.0.0.9:7380 or https://name. Nothing was changed.",
    make: "Make the invitation",
    show: "Show this at the gate. It is shown this once, and works once.",
    code_label: "The invitation's code",
    until: "Good until",
    typed: "It can be typed at the gate as well",
    once: "Any machine that knows this code can become a gate of the compound: don't pass it on. Once used or over, invite anew.",
    to_gates: "Back to the gates",
};

/// The texts in a language.
#[must_use]
pub(crate) fn texts(language: Language) -> &'static Texts {
    language.choose(&ZH, &EN)
}

/// How long an invitation lasts.
#[must_use]
pub(crate) fn lasts(minutes: i64, language: Language) -> String {
    language.choose(format!("{minutes} 分钟"), format!("{minutes} minutes"))
}
