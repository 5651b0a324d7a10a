//! Words of retention: how long what is kept, and the certificate of what was deleted.

use store::{Certificate, Record, Retention};

use super::Language;

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

/// The audit log is kept at least so long.
pub const LEAST_AUDIT_DAYS: u32 = 180;

/// What `--keep` takes.
#[must_use]
pub fn no_such_keep(language: Language) -> String {
    let codes = Record::ALL.map(Record::code).join(" ");
    language.choose(
        format!("请写成 --keep 种类=天数，如 --keep audit=1095。种类：{codes}；audit 至少 {LEAST_AUDIT_DAYS} 天"),
        format!("Write --keep KIND=DAYS, such as --keep audit=1095. Kinds: {codes}; audit at least {LEAST_AUDIT_DAYS} days"),
    )
}
