//! Words of decisions at the counter: a card shown with its history, and what is told when something was decided.

use pass::{Colour, Status, Timestamp};
use store::{CardChange, Decided, Decision, PassOnFile};

use super::{Language, web};

/// What a decision tells a person.
#[derive(Clone, Copy, Debug)]
pub enum Told<'a> {
    /// The check symbol doesn't fit.
    Misread {
        /// What was typed.
        code: &'a str,
    },
    /// It is no short code at all.
    NoCode {
        /// What was typed.
        code: &'a str,
    },
    /// A decision without a reason, or with half a novel.
    NoReason,
    /// Something became of a card.
    Card {
        /// Its short code.
        code: &'a str,
        /// The masked name on it.
        name: &'a str,
        /// What.
        change: CardChange,
    },
    /// A card has a successor.
    Replaced {
        /// The short code of the old one.
        old: &'a str,
        /// That of the new one.
        new: &'a str,
        /// The masked name on both.
        name: &'a str,
    },
    /// A colour was decided.
    Colour {
        /// The masked name.
        name: &'a str,
        /// The colour before.
        from: Colour,
        /// The colour now.
        to: Colour,
        /// Whether these are two.
        changed: bool,
    },
}

impl Told<'_> {
    /// The text.
    #[must_use]
    pub fn text(self, language: Language) -> String {
        let colour = |colour: Colour| colour_word(colour, language);
        let (zh, en) = match self {
            Self::Misread { code } => (
                format!("短码“{code}”有一位读错了：末位校验码对不上。请对照卡片重读。"),
                format!(
                    "One symbol of the short code “{code}” was misread: the last one, which checks the others, doesn't fit. Read \
                         the card again."
                ),
            ),
            Self::NoCode { code } => (
                format!("“{code}”不是短码。短码印在卡上，九个字符，如 7K3-M9Q-XZ4。"),
                format!(
                    "“{code}” is no short code. It is printed on the card: nine symbols, such as 7K3-M9Q-XZ4."
                ),
            ),
            Self::NoReason => (
                "请用 --why 写明原因（不超过 100 个字），不要写姓名。".into(),
                "Give the reason with --why, in at most 300 bytes, without names.".into(),
            ),
            Self::Card { code, name, change } => {
                let effect = match change {
                    CardChange::Withdrawn => ("已作废", "is withdrawn"),
                    CardChange::Suspended => ("已暂停使用", "is suspended"),
                    CardChange::Reinstated => ("恢复有效", "holds again"),
                    CardChange::Replaced => ("已换新卡", "is replaced"),
                };
                (
                    format!("{name} 的卡 {code} {}。下一个数据包送到卡点后生效（issuer bundle）。", effect.0),
                    format!(
                        "The card {code} of {name} {}. Gates know from the next bundle on (issuer bundle).",
                        effect.1
                    ),
                )
            }
            Self::Replaced { old, new, name } => (
                format!(
                    "{name} 的新卡：{new}；旧卡 {old} 不再有效。打印：issuer print --set new；再送数据包（issuer bundle）。"
                ),
                format!(
                    "The new card of {name} is {new}; {old} no longer holds. Print it with issuer print --set new, and take a bundle \
                     to the gates (issuer bundle)."
                ),
            ),
            Self::Colour { name, to, changed: false, .. } => (
                format!("{name} 本来就是{}，没有改动。", colour(to)),
                format!("{name} is {} already; nothing was changed.", colour(to)),
            ),
            Self::Colour { name, from, to, .. } => (
                format!(
                    "{name}：{}变为{}。手里的旧卡在下一个数据包送到后按新颜色判断；新卡用 issuer sign 签发。",
                    colour(from),
                    colour(to)
                ),
                format!(
                    "{name}: {} before, {} now. The card in their hands counts as such from the next bundle on; issuer sign makes a \
                     new one.",
                    colour(from),
                    colour(to)
                ),
            ),
        };
        language.choose(zh, en)
    }
}

/// A card and what is true of it, a line for each fact.
pub(crate) fn card(
    pass: &PassOnFile,
    now: Timestamp,
    moment: &dyn Fn(Timestamp) -> String,
    language: Language,
) -> Vec<String> {
    let home = &pass.address;
    let (from, until) = (moment(pass.not_before), moment(pass.expires));
    let ended = pass.expires <= now;
    let state = match pass.status {
        Status::Withdrawn => language.choose("已作废", "withdrawn"),
        Status::Suspended => language.choose("暂停使用", "suspended"),
        Status::Replaced => language.choose("已换新卡", "replaced by a newer card"),
        Status::AsSigned | Status::Now(_) if ended => language.choose("已过期", "ended"),
        Status::AsSigned => language.choose("有效", "holds"),
        Status::Now(_) => {
            language.choose("有效，颜色已变，请换卡", "holds, in another colour; swap the card")
        }
    };
    let colour = match pass.colour == pass.colour_now {
        true => colour_word(pass.colour, language).to_owned(),
        false => web::changed(pass.colour, pass.colour_now, language),
    };
    let fact = |zh: &str, en: &str, value: String| format!("{}\t{value}", language.choose(zh, en));
    vec![
        fact("短码", "Code", pass.serial.short_code()),
        fact("姓名或车牌", "Name or plate", pass.name.to_string()),
        fact("住址", "Home", format!("{} {}-{}-{}", pass.compound_name, home.building, home.unit, home.room)),
        fact("颜色", "Colour", colour),
        fact("有效期", "Valid", format!("{from} – {until}")),
        fact("状态", "Status", state.to_owned()),
    ]
}

/// A decision of the past, on one line.
pub(crate) fn decision(
    decision: &Decision,
    moment: &dyn Fn(Timestamp) -> String,
    language: Language,
) -> String {
    let what = match decision.what {
        Decided::Colour(colour) => colour_word(colour, language).to_owned(),
        Decided::Card(serial, change) => {
            let change = match change {
                CardChange::Withdrawn => language.choose("作废", "withdrawn"),
                CardChange::Suspended => language.choose("暂停", "suspended"),
                CardChange::Reinstated => language.choose("恢复", "reinstated"),
                CardChange::Replaced => language.choose("换新", "replaced"),
            };
            format!("{} {change}", serial.short_code())
        }
    };
    format!("{}\t{}\t{what}\t{}", moment(decision.at), decision.who, decision.why)
}

fn colour_word(colour: Colour, language: Language) -> &'static str {
    match colour {
        Colour::Green => language.choose("绿色", "green"),
        Colour::Yellow => language.choose("黄色", "yellow"),
        Colour::Red => language.choose("红色", "red"),
    }
}
