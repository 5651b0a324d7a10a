//! Words of retention: how long what is kept, and the certificate of what was deleted.

use store::{Certificate, Record, Retention};

use super::Language;
use crate::retention::LEAST_AUDIT_DAYS;

/// What a kind of record is called.
#[must_use]
pub fn record(record: Record, language: Language) -> &'static str {
    let (zh, en) = match record {
        Record::Passes => ("到期的通行证", "passes that ended"),
        Record::Standings => ("以前的颜色", "earlier colours"),
        Record::Decisions => ("颜色和卡的决定及理由", "decisions about colours and cards, and why"),
        Record::Duty => ("结束的排班", "duties that are over"),
        Record::Passages => ("卡点的通行记录", "passages at the gates"),
        Record::Audit => ("审计记录", "audit log"),
    };
    language.choose(zh, en)
}

/// How long each kind is kept, a line each, with the word that `--keep` takes.
#[must_use]
pub fn retention(retention: &Retention, language: Language) -> Vec<String> {
    let line = |kind: Record| {
        let (code, name, days) = (kind.code(), record(kind, language), retention.days(kind));
        language.choose(format!("{code}\t{days} 天\t{name}"), format!("{code}\t{days} days\t{name}"))
    };
    Record::ALL.map(line).to_vec()
}

/// A certificate, to be printed and filed. `local` writes a moment as the reader's clock does.
#[must_use]
pub fn certificate(
    certificate: &Certificate,
    fingerprint: &str,
    local: impl Fn(pass::Timestamp) -> String,
    language: Language,
) -> String {
    let Certificate { id, at, by, lines } = certificate;
    let at = local(*at);
    let mut text = language.choose(
        format!("数据清除证明 {id}\n时间：{at}\n执行：{by}\n"),
        format!("Certificate of deletion {id}\nWhen: {at}\nBy: {by}\n"),
    );
    for (kind, count, until) in lines {
        let (name, until) = (record(*kind, language), local(*until));
        text += &language.choose(
            format!("{name}：{count} 条，早于 {until}\n"),
            format!("{name}: {count}, older than {until}\n"),
        );
    }
    text += &language.choose(
        format!("本证明不含任何居民姓名。SHA-256：{fingerprint}"),
        format!("It names no resident. SHA-256: {fingerprint}"),
    );
    text
}

/// Nothing was deleted.
#[must_use]
pub fn nothing(language: Language) -> &'static str {
    language.choose("没有到期的记录，什么也没有删除。", "Nothing's time is over; nothing was deleted.")
}

/// What is left to do after a purge.
#[must_use]
pub fn afterwards(language: Language) -> &'static str {
    language.choose(
        "此前的备份和导出文件仍含这些记录，请按期销毁。PostgreSQL 的预写日志、归档和副本由数据库管理员清理。",
        "Backups and exports made before still hold these records: destroy them in time. PostgreSQL's write-ahead log, archives and \
         replicas are for its administrator to clean.",
    )
}

/// What `--keep` takes.
#[must_use]
pub fn no_such_keep(language: Language) -> String {
    let codes = Record::ALL.map(Record::code).join(" ");
    language.choose(
        format!("请写成 --keep 种类=天数，如 --keep audit=1095。种类：{codes}；audit 至少 {LEAST_AUDIT_DAYS} 天"),
        format!("Write --keep KIND=DAYS, such as --keep audit=1095. Kinds: {codes}; audit at least {LEAST_AUDIT_DAYS} days"),
    )
}

/// Texts of the page that hold nothing but words.
#[derive(Debug)]
pub(crate) struct Texts {
    pub(crate) retention: &'static str,
    pub(crate) help: &'static str,
    pub(crate) days: &'static str,
    pub(crate) keep: &'static str,
    pub(crate) kept: &'static str,
    pub(crate) bad_days: &'static str,
    pub(crate) purge: &'static str,
    pub(crate) purge_help: &'static str,
    pub(crate) purge_now: &'static str,
    pub(crate) sure: &'static str,
    pub(crate) not_sure: &'static str,
    pub(crate) certificates: &'static str,
    pub(crate) no_certificates: &'static str,
}

const ZH: Texts = Texts {
    retention: "保留与清除",
    help: "每类记录在到期之后再保留多少天。每天自动清除一次，清除后无法恢复。",
    days: "保留天数",
    keep: "保存",
    kept: "保留天数已保存，从下次清除起生效。",
    bad_days: "天数须为 0 至 36500；操作记录至少 180 天。没有改动任何内容。",
    purge: "立即清除",
    purge_help: "现在就清除已过保留期的记录，并出具清除证明。",
    purge_now: "清除已过期的记录",
    sure: "我明白清除后无法恢复",
    not_sure: "请先勾选“我明白清除后无法恢复”。什么也没有删除。",
    certificates: "清除证明",
    no_certificates: "还没有清除过任何记录。",
};

const EN: Texts = Texts {
    retention: "Retention",
    help: "For how many days each kind of record is kept after its end. What is over is deleted once a day, for good.",
    days: "Days kept",
    keep: "Keep for so long",
    kept: "Changed. It holds from the next deletion on.",
    bad_days: "Days are between 0 and 36500, at least 180 for the audit log. Nothing was changed.",
    purge: "Delete now",
    purge_help: "Deletes what is over at once, and certifies it.",
    purge_now: "Delete what is over",
    sure: "I know that it can't be brought back",
    not_sure: "Tick first that you know it can't be brought back. Nothing was deleted.",
    certificates: "Certificates of deletion",
    no_certificates: "Nothing was ever deleted.",
};

/// The texts of the page in this language.
#[must_use]
pub(crate) fn texts(language: Language) -> &'static Texts {
    match language {
        Language::Zh => &ZH,
        Language::En => &EN,
    }
}

/// Something was deleted.
#[must_use]
pub(crate) fn purged(certificate: &str, language: Language) -> String {
    language.choose(
        format!("已清除。清除证明 {certificate} 见下。"),
        format!("Deleted. Certificate {certificate} stands below."),
    )
}
