//! Words of backups: what was written, what was restored and what to do next, and why a backup can't be used.

use std::path::Path;

use super::Language;
use crate::backup::BackupError;

/// What `backup` and `restore` tell.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Told<'a> {
    /// A backup was written and read back.
    BackedUp {
        /// Rows in it.
        rows: u64,
        /// The file.
        path: &'a Path,
        /// Whether a passphrase protects it.
        sealed: bool,
    },
    /// A registry was restored.
    Restored {
        /// Rows in it.
        rows: u64,
        /// How far the places in the status list jumped ahead.
        gap: u32,
    },
    /// The registry has something in it already.
    NotEmpty,
}

impl Told<'_> {
    pub(crate) fn text(self, language: Language) -> String {
        let (zh, en) = match self {
            Self::BackedUp { rows, path, sealed } => {
                let path = path.display();
                let (zh, en) = match sealed {
                    true => ("已用口令加密。", "It is encrypted under the passphrase."),
                    false => (
                        "没有口令，未加密：里面有全名和电话，请放在加密的盘上。",
                        "There is no passphrase, and it is not encrypted: it holds full names and phone numbers; keep it on an \
                         encrypted disk.",
                    ),
                };
                (
                    format!("已备份 {rows} 行并读回核对：{path}。{zh}密钥不在其中，请另存恢复单。"),
                    format!(
                        "{rows} rows backed up and read back: {path}. {en} The keys are not in it: keep the recovery sheet."
                    ),
                )
            }
            Self::Restored { rows, gap } => (
                format!(
                    "已恢复 {rows} 行。备份之后签发的证不在库里，所以状态清单的编号向前跳 {gap} 号：那些证一律作废，编号不会重复。\
                     请重新导入名册、签发（issuer sign），并给每个卡点送新的数据包（issuer bundle）。"
                ),
                format!(
                    "{rows} rows restored. Passes signed after the backup are not known any more, so places in the status list jump \
                     {gap} ahead: those passes no longer hold, and no place is given twice. Import the rosters again, run issuer \
                     sign, and take a new bundle to every gate (issuer bundle)."
                ),
            ),
            Self::NotEmpty => (
                "库里已有内容，恢复只能写入空库。请用 --data 指定空目录，或用 --database 指定空数据库。".into(),
                "There is something in this registry, and a backup is restored into an empty one only. Name an empty folder with \
                 --data, or an empty database with --database."
                    .into(),
            ),
        };
        language.choose(zh, en)
    }
}

/// Why a backup can't be used, and what to do.
pub(crate) fn refused(path: &Path, why: &BackupError, language: Language) -> String {
    let path = path.display();
    let (zh, en) = match why {
        BackupError::Io(why) => (format!("{path}：{why}"), format!("{path}: {why}")),
        BackupError::NoPassphrase => (
            format!("{path} 已加密。请在终端运行，或用 SANSE_PASSPHRASE 给出口令。"),
            format!(
                "{path} is encrypted. Run this at a terminal, or give the passphrase in SANSE_PASSPHRASE."
            ),
        ),
        BackupError::WrongPassphrase => (
            format!("口令打不开 {path}，或文件已损坏。请用备份当时的口令，或换一份备份。"),
            format!(
                "The passphrase doesn't open {path}, or the file is damaged. Use the one of the day it was made, or another backup."
            ),
        ),
        BackupError::NotWhole => (
            format!("{path} 不是备份，或不完整。请换一份备份。"),
            format!("{path} is no backup, or not whole. Take another one."),
        ),
        BackupError::Newer => (
            format!("{path} 由更新版本的程序写成。请先升级本程序。"),
            format!("A newer program made {path}. Upgrade this one first."),
        ),
    };
    language.choose(zh, en)
}
