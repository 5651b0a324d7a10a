//! What the database refuses, in words: what is wrong, and what to do.

use store::StoreError;

use super::Language;

/// What went wrong, and what to do about it.
#[must_use]
pub fn problem(error: &StoreError, language: Language) -> String {
    let (zh, en) = match error {
        StoreError::Url { url } => (
            format!("“{url}”不是数据库地址。请写 sqlite:///路径/文件 或 postgres://用户@主机/数据库。"),
            format!("“{url}” is no database. Write sqlite:///path/to/file or postgres://user@host/database."),
        ),
        StoreError::File { path, source } => {
            (format!("不能使用文件 {path}：{source}"), format!("The file {path} can't be used: {source}"))
        }
        StoreError::Unreachable { server, why } => (
            format!("连不上数据库服务器 {server}：{why}。请检查主机名、端口和网络，确认服务器已启动。"),
            format!(
                "The database server {server} can't be reached: {why}. Check the host, the port and the network, and that the \
                 server runs."
            ),
        ),
        StoreError::Denied { server, user, why } => (
            format!("数据库服务器 {server} 拒绝用户 {user}：{why}。请检查密码，以及该用户能否在库中建表。"),
            format!(
                "The database server {server} refuses {user}: {why}. Check the password, and that this user may make tables in \
                 the database."
            ),
        ),
        StoreError::NoDatabase { server, database } => (
            format!(
                "服务器 {server} 上没有数据库 {database}。请管理员运行：createdb --encoding=UTF8 {database}"
            ),
            format!(
                "The server {server} has no database {database}. Its administrator makes it: createdb --encoding=UTF8 {database}"
            ),
        ),
        StoreError::TooOld { found, oldest } => (
            format!("数据库服务器太旧：版本 {found}，至少要 {oldest}。请升级服务器。"),
            format!(
                "The database server is too old: version {found}; it takes {oldest} at least. Upgrade the server."
            ),
        ),
        StoreError::Contended => (
            "其他程序一直在写数据库，本次没有改动任何内容。请稍后再试。".into(),
            "Other programs kept writing to the database; nothing was changed. Try again later.".into(),
        ),
        StoreError::Migration(why) => (
            format!("数据库由更新版本的程序建立，或已损坏：{why}。请升级本程序；不要改动数据库。"),
            format!(
                "A newer version of this program made the database, or it is damaged: {why}. Upgrade this program; leave the \
                 database as it is."
            ),
        ),
        StoreError::Database(why) => (
            format!("数据库出错：{why}。本次没有改动任何内容。"),
            format!("The database failed: {why}. Nothing was changed."),
        ),
        StoreError::Damaged { what, value } => (
            format!("数据库里有读不懂的内容（{what}：{value:?}）。请从备份恢复。"),
            format!("The database holds something that can't be read ({what}: {value:?}). Restore a backup."),
        ),
        StoreError::Office { bound, asked } => (
            format!(
                "数据库属于 {} 号社区，密钥属于 {} 号社区。请核对 --data 和 --database。",
                bound.0, asked.0
            ),
            format!(
                "The database belongs to office {}, the keys to office {}. Check --data and --database.",
                bound.0, asked.0
            ),
        ),
        StoreError::Full { compound } => (
            format!("{} 号小区的编号已用完（{} 个）。", compound.0, u16::MAX),
            format!("Compound {} has given out all its {} numbers.", compound.0, u16::MAX),
        ),
        StoreError::NoNumber { compound } => (
            format!("没有编号可给小区“{compound}”。请用根密钥扩大签发密钥的小区范围。"),
            format!(
                "No number is left for the compound “{compound}”. Let the root key give the issuer key more of them."
            ),
        ),
        StoreError::Sign { serial, source } => (
            format!("通行证 {} 无法签发：{source}", serial.short_code()),
            format!("The pass {} can't be signed: {source}", serial.short_code()),
        ),
        StoreError::Backup(why) => (
            format!("备份不能用：{why}。没有改动任何内容。"),
            format!("The backup can't be used: {why}. Nothing was changed."),
        ),
        StoreError::SignOff => (
            "此人现为红色。由红色解除须观察期满、健康检查合格并销号（--signed-off）；当初定错的，用 --mistaken。没有改动任何内容。".into(),
            "They are red. Leaving red takes the planned end, a good health check and a sign-off (--signed-off); what was a mistake from the \
             beginning is ended by --mistaken. Nothing was changed."
                .into(),
        ),
        StoreError::NotReleased(why) => {
            (super::people::not_released(*why, Language::Zh), super::people::not_released(*why, Language::En))
        }
        StoreError::Replaced { serial } => (
            format!("卡 {} 已换新卡，不能再改。请办理新卡。", serial.short_code()),
            format!("The card {} was replaced, and nothing becomes of it any more. Take the newer one.", serial.short_code()),
        ),
        StoreError::LastAdministrator => {
            let text = |language| super::office::texts(language).last_administrator.to_owned();
            (text(Language::Zh), text(Language::En))
        }
        StoreError::Outdated { held } => (
            format!("期间有人作了改动，现行的是第 {held} 版。没有改动任何内容；请看过现行版本后再试。"),
            format!("Somebody has changed it meanwhile: version {held} holds. Nothing was changed; look at it and try again."),
        ),
        StoreError::Taken { by, .. } => return super::cli::Message::Taken { by }.text(language),
        StoreError::Absent { key, .. } => return super::cli::Message::Nobody { name: key }.text(language),
        other => return other.to_string(),
    };
    language.choose(zh, en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_name_what_is_wrong() {
        let server = || "office@db.example:5432/sanse".to_owned();
        let errors = [
            StoreError::Unreachable { server: server(), why: "no answer".into() },
            StoreError::Denied { server: server(), user: "office".into(), why: "no".into() },
            StoreError::NoDatabase { server: server(), database: "sanse".into() },
        ];
        for error in errors {
            let (zh, en) = (problem(&error, Language::Zh), problem(&error, Language::En));
            assert!(zh.contains("db.example") && en.contains("db.example"), "{zh} {en}");
            assert!(!zh.is_ascii() && en.is_ascii() && en.ends_with(|c: char| c == '.' || c.is_alphabetic()));
        }
        let old = StoreError::TooOld { found: "90624".into(), oldest: 110_000 };
        assert!(problem(&old, Language::Zh).contains("90624"));
    }
}
