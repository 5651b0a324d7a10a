//! Words about newer programs for gates.

use std::path::Path;

use protocol::{Update, Version};

use super::Language;
use crate::programs::CannotUpdate;

/// What is told about them.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AboutProgram<'a> {
    /// One was signed.
    Signed {
        /// Which.
        update: &'a Update,
        /// Where it was written.
        out: &'a Path,
    },
    /// The office keeps one.
    Kept(&'a Update),
    /// Some were copied to a stick.
    Copied(&'a [Update]),
    /// They could not be copied to a stick; the rest of the exchange is done.
    NotCopied(&'a str),
    /// Something is not signed, or not kept.
    Cannot(&'a CannotUpdate),
}

impl AboutProgram<'_> {
    pub(crate) fn text(&self, language: Language) -> String {
        match self {
            Self::Signed { update, out } => {
                let (version, target, out) = (update.version, &update.target, out.display());
                language.choose(
                    format!("卡点程序 {version}（{target}）已签名：{out}。先在一个卡点试用，再交给各社区，在那里运行 issuer update add。"),
                    format!(
                        "Signed: version {version} of the gates' program for {target}, in {out}. Try it at one gate, then give it to the \
                         offices: they run issuer update add."
                    ),
                )
            }
            Self::Kept(Update { version, target, .. }) => language.choose(
                format!("已收下卡点程序 {version}（{target}）。下次运行 issuer stick visit 时写入 U 盘。"),
                format!("Kept: version {version} of the gates' program for {target}. The next issuer stick visit copies it to the stick."),
            ),
            Self::Copied(updates) => {
                let all: Vec<String> =
                    updates.iter().map(|update| format!("{} {}", update.target, update.version)).collect();
                let all = all.join(language.choose("、", ", "));
                language.choose(format!("写入卡点程序：{all}。"), format!("Programs for gates, copied: {all}."))
            }
            Self::NotCopied(why) => language.choose(
                format!("卡点程序没有写入 U 盘，其余内容不受影响：{why}"),
                format!("The gates' program was not copied to the stick; the rest is done: {why}"),
            ),
            Self::Cannot(why) => cannot(why, language),
        }
    }
}

fn cannot(why: &CannotUpdate, language: Language) -> String {
    match why {
        CannotUpdate::OtherTarget => language
            .choose(
                "这不是该平台（--target）的程序。没有签名。",
                "That is no program for this target. Nothing was signed.",
            )
            .to_owned(),
        CannotUpdate::Bounds => language
            .choose(
                "平台名称（--target）不对，或程序是空的、超过 128 MB。没有签名。",
                "No target is called so, or the program is empty or longer than 128 MB. Nothing was signed.",
            )
            .to_owned(),
        CannotUpdate::Update(why) => language.choose(
            format!("这不是根密钥签过的卡点程序，没有收下。\n  {why}"),
            format!("That is no program for gates that the root key has signed; it was not kept.\n  {why}"),
        ),
        CannotUpdate::NotNewer { held } => not_newer(*held, language),
        CannotUpdate::Disk { path, why } => language.choose(
            format!("{} 无法读写：{why}", path.display()),
            format!("{} can't be read or written: {why}", path.display()),
        ),
        CannotUpdate::Root(why) => why.to_string(),
    }
}

fn not_newer(held: Version, language: Language) -> String {
    language.choose(
        format!("已有版本 {held}，这个不比它新。没有改动任何内容。"),
        format!("Version {held} is kept already, and this one is not newer. Nothing was changed."),
    )
}
