//! Words about status lists that offices give each other.

use pass::OfficeId;

use super::Language;

/// What is told about them.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AboutList<'a> {
    /// This office's was written.
    Written {
        /// Until when milder colours in it hold.
        until: &'a str,
    },
    /// Another office's is kept.
    Kept {
        /// Whose it is.
        office: OfficeId,
        /// Whether its time was over already.
        is_over: bool,
    },
    /// One that is not newer than what is kept.
    NotNewer {
        /// Whose it is.
        office: OfficeId,
    },
    /// It is this office's own.
    Own {
        /// Its file.
        file: &'a str,
    },
    /// None that a key of the trust list has signed for its office.
    NotBelieved {
        /// Its file.
        file: &'a str,
        /// What is wrong with it.
        why: &'a str,
    },
}

impl AboutList<'_> {
    pub(crate) fn text(self, language: Language) -> String {
        match self {
            Self::Written { until } => language.choose(
                format!("已写好，有效到 {until}。请交给签发范围相同的其他社区，在那里运行 issuer status-list take。"),
                format!("Written; it holds until {until}. Give it to the offices that share compounds: they run issuer status-list take."),
            ),
            Self::Kept { office, is_over: false } => language.choose(
                format!("已收下社区 {} 的状态清单。", office.0),
                format!("The status list of office {} is kept.", office.0),
            ),
            Self::Kept { office, is_over: true } => language.choose(
                format!("已收下社区 {} 的状态清单，但它已过期：撤销仍然有效，解除限制的不再有效。请索取新的。", office.0),
                format!(
                    "The status list of office {} is kept, but its time is over: what it withdraws is withdrawn, and nothing milder holds. \
                     Ask for a newer one.",
                    office.0
                ),
            ),
            Self::NotNewer { office } => language.choose(
                format!("社区 {} 的状态清单已有同样新或更新的，没有改动。", office.0),
                format!("The status list of office {} that is kept is as new or newer; nothing was changed.", office.0),
            ),
            Self::Own { file } => language.choose(
                format!("{file} 是本社区自己的状态清单，没有收下。"),
                format!("{file} is this office's own status list; it was not kept."),
            ),
            Self::NotBelieved { file, why } => language.choose(
                format!("{file} 不是信任清单上的社区签名的状态清单，没有收下。请核对 issuer trust list。\n  {why}"),
                format!("{file} is no status list of an office in the trust list, and was not kept. Compare issuer trust list.\n  {why}"),
            ),
        }
    }
}
