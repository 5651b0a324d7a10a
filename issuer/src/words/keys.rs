//! Words about keys, passphrases and the recovery sheet.

use std::fmt::Write;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Language;
use crate::keys::{PemError, Sheet};

/// What is asked at a terminal.
#[derive(Clone, Copy, Debug)]
pub enum Prompt {
    /// The passphrase of a key that exists.
    Existing,
    /// A passphrase for new keys.
    New,
    /// The same once more.
    Again,
    /// The two were not the same.
    Differs,
}

impl Prompt {
    /// The text.
    #[must_use]
    pub fn text(self, language: Language) -> &'static str {
        match self {
            Self::Existing => language.choose("密钥口令：", "Passphrase of the keys: "),
            Self::New => language.choose(
                "为新密钥设置口令（直接回车则不加密，仅限本人可读的文件）：",
                "Passphrase for the new keys (empty: not encrypted, in files that only you may read): ",
            ),
            Self::Again => language.choose("再输入一次：", "Once more: "),
            Self::Differs => {
                language.choose("两次输入不一致，请重来。", "The two are not the same. Try again.")
            }
        }
    }
}

/// What is wrong with a key file, and what to do.
#[must_use]
pub fn problem(error: &PemError, language: Language) -> String {
    let shown = |path: &Path| path.display().to_string();
    match error {
        PemError::Missing(path) => language.choose(
            format!("没有密钥 {}。请先运行 issuer keygen。", shown(path)),
            format!("There is no key at {}. Run issuer keygen first.", shown(path)),
        ),
        PemError::Io(path, why) => language.choose(
            format!("无法读取 {}：{why}", shown(path)),
            format!("Can't read {}: {why}", shown(path)),
        ),
        PemError::OpenToOthers { path, mode } => language.choose(
            format!(
                "密钥 {0} 未加密，而他人可读（权限 {mode:o}）。请运行 chmod 600 {0}，并考虑更换密钥。",
                shown(path)
            ),
            format!(
                "The key {0} is not encrypted, and others may read it (rights {mode:o}). Run chmod 600 {0}, and \
                 consider making new keys.",
                shown(path)
            ),
        ),
        PemError::NoPassphrase(path) => language.choose(
            format!("密钥 {} 已加密。请在终端运行，或设置环境变量 SANSE_PASSPHRASE。", shown(path)),
            format!("The key {} is encrypted. Run this at a terminal, or set SANSE_PASSPHRASE.", shown(path)),
        ),
        PemError::WrongPassphrase(path) => language.choose(
            format!("口令不对，打不开 {}。", shown(path)),
            format!("The passphrase does not open {}.", shown(path)),
        ),
        PemError::Malformed(path) => language.choose(
            format!("{} 不是有效的 Ed25519 私钥（PKCS #8）。请从恢复单恢复。", shown(path)),
            format!("{} is not a private Ed25519 key (PKCS #8). Restore it from the recovery sheet.", shown(path)),
        ),
    }
}

/// The keys of this folder exist already.
#[must_use]
pub fn exists(path: &str, language: Language) -> String {
    language.choose(
        format!("已有密钥 {path}，不会覆盖：已发出的通行证都靠它。要另建一处，请换一个 --data 目录。"),
        format!(
            "There are keys already ({path}), and they are never overwritten: every pass handed out depends on them. \
             Name another --data folder to start another office."
        ),
    )
}

/// The recovery sheet, as text to print.
#[must_use]
pub fn sheet(sheet: &Sheet, root_file: &Path, language: Language) -> String {
    let thumbprint = grouped(&sheet.root.thumbprint());
    let public = STANDARD.encode(sheet.root.cose_key());
    let mut text = String::new();
    let mut line = |zh: &str, en: &str| {
        let _ = writeln!(text, "{}", language.choose(zh, en));
    };
    line(
        "══ 三色门 · 恢复单（打印后锁进保险柜） ══",
        "══ Sanse Gate · recovery sheet (print it, lock it away) ══",
    );
    line(&format!("根密钥编号　{}", sheet.root.id()), &format!("Root key id        {}", sheet.root.id()));
    line(&format!("根密钥指纹　{thumbprint}"), &format!("Root thumbprint    {thumbprint}"));
    line(&format!("根公钥　　　{public}"), &format!("Root public key    {public}"));
    line(
        &format!("签发密钥编号 {}", sheet.issuer.id()),
        &format!("Issuer key id      {}", sheet.issuer.id()),
    );
    line("", "");
    line(
        "每个卡点用 kiosk trust 固定根公钥，并核对上面的指纹。",
        "Pin the root key at every gate with kiosk trust, and compare the thumbprint above.",
    );
    if sheet.encrypted {
        line(
            "下面是加密的根私钥，恢复时需要口令（口令不要写在这张纸上）：",
            "Below is the encrypted private root key; restoring it needs the passphrase (don't write it on this sheet):",
        );
    } else {
        line(
            "注意：没有设置口令。下面的根私钥未加密，谁拿到这张纸谁就能签发一切。",
            "Take care: there is no passphrase. The private root key below is not encrypted; who has this sheet can sign \
             anything.",
        );
    }
    text.push_str(&sheet.root_pem);
    let mut line = |zh: String, en: String| {
        let _ = writeln!(text, "{}", language.choose(zh, en));
    };
    let file = root_file.display();
    line(
        format!("平时签发不需要根密钥：请把 {file} 移到离线的地方保存。"),
        format!("Daily signing does not need the root key: move {file} to a place without a network."),
    );
    text
}

/// Hexadecimal in groups of four digits, for people to compare.
pub(crate) fn grouped(bytes: &[u8; 32]) -> String {
    let groups: Vec<_> = bytes.chunks(2).map(|pair| format!("{:02X}{:02X}", pair[0], pair[1])).collect();
    groups.join(" ")
}
/// Texts of the page of keys that hold nothing but words.
#[derive(Debug)]
pub(crate) struct Texts {
    pub(crate) keys: &'static str,
    pub(crate) none: &'static str,
    pub(crate) root: &'static str,
    pub(crate) root_help: &'static str,
    pub(crate) root_is_here: &'static str,
    pub(crate) issuer: &'static str,
    pub(crate) thumbprint: &'static str,
    pub(crate) office: &'static str,
    pub(crate) compounds: &'static str,
    pub(crate) from: &'static str,
    pub(crate) until: &'static str,
    pub(crate) state: &'static str,
    pub(crate) at_hand: &'static str,
    pub(crate) locked: &'static str,
    pub(crate) public_keys: &'static str,
    pub(crate) public_help: &'static str,
    pub(crate) download: &'static str,
    pub(crate) registry_key: &'static str,
    pub(crate) registry_help: &'static str,
}

const ZH: Texts = Texts {
    keys: "密钥",
    none: "还没有密钥。请在本机运行 issuer keygen，并打印恢复单。",
    root: "根密钥",
    root_help: "卡点只信任根密钥担保的密钥。设置卡点时，请与恢复单核对这个指纹。",
    root_is_here: "根密钥的私钥还在这台机器上。日常不需要它：请把 root.key 移到 U 盘，锁进保险柜。",
    issuer: "签发密钥",
    thumbprint: "指纹",
    office: "社区编号",
    compounds: "可签的小区编号",
    from: "生效",
    until: "失效",
    state: "状态",
    at_hand: "可以签发",
    locked: "没有解锁：页面可以查看，但不能签发。请带口令（SANSE_PASSPHRASE）重新启动 issuer serve。",
    public_keys: "公钥",
    public_help: "卡点用 kiosk trust 读取这个文件。里面没有秘密。",
    download: "下载 keys.json",
    registry_key: "登记库密钥",
    registry_help: "registry.key 加密身份证号和两步验证的密钥。请与其他密钥一起备份：没有它，这些内容无法恢复。",
};

const EN: Texts = Texts {
    keys: "Keys",
    none: "There are no keys yet. Run issuer keygen on this machine, and print the recovery sheet.",
    root: "Root key",
    root_help: "Gates trust what the root key vouches for. Compare this thumbprint with the recovery sheet when you set one up.",
    root_is_here: "The root's private key is still on this machine. Daily work does not need it: move root.key to a stick, and lock it away.",
    issuer: "Issuer key",
    thumbprint: "Thumbprint",
    office: "Number of the office",
    compounds: "Compounds it may sign for",
    from: "From",
    until: "Until",
    state: "State",
    at_hand: "Ready to sign",
    locked: "Locked: pages show, and sign nothing. Start issuer serve anew with its passphrase (SANSE_PASSPHRASE).",
    public_keys: "Public keys",
    public_help: "Gates read this file by kiosk trust. There is no secret in it.",
    download: "Download keys.json",
    registry_key: "Key of the registry",
    registry_help: "registry.key encrypts identity numbers and the secrets of second factors. Back it up with the other keys: without it \
                    they can't be read again.",
};

/// The texts of the page in this language.
#[must_use]
pub(crate) fn texts(language: Language) -> &'static Texts {
    match language {
        Language::Zh => &ZH,
        Language::En => &EN,
    }
}

/// How long a key still holds.
#[must_use]
pub(crate) fn days_left(days: i64, language: Language) -> String {
    match days {
        ..0 => language.choose(
            "已失效：什么也签不了。请更换密钥。".to_owned(),
            "It has ended: nothing can be signed. Make a new key.".to_owned(),
        ),
        0..30 => language.choose(
            format!("还有 {days} 天失效，签发的一切也随之失效。请尽快更换密钥。"),
            format!("It ends in {days} days, and all that it signs ends with it. Make a new key soon."),
        ),
        _ => language.choose(format!("还有 {days} 天"), format!("{days} days left")),
    }
}
