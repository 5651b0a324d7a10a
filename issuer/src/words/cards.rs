//! What is said about sheets of cards, notices, specimens and the office's own settings.

use std::path::Path;

use registry::{Address, OfficeSettings, OfficeSettingsError};

use super::Language;
use super::web::home;

/// The longest name of who is given a sheet, in characters.
pub(crate) const LONGEST_RECEIVER: usize = 40;

/// What a command tells about cards on paper.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Told<'a> {
    /// Which numbers the sheets have.
    Numbers {
        /// The first and the last.
        numbers: (u32, u32),
    },
    /// Backs need the office's public address.
    NoAddress,
    /// A card that does not hold as it was signed.
    NotPrintable {
        /// Its short code.
        code: &'a str,
    },
    /// It was not said who was given the sheets.
    NoReceiver,
    /// Sheets were handed out.
    Handed {
        /// How many.
        count: u32,
        /// Of how many that were named.
        asked: usize,
    },
    /// A text is no home.
    NoHome {
        /// The text.
        home: &'a str,
    },
    /// The last day comes before the first.
    DaysTurned,
    /// Characters that no font has.
    Missing {
        /// The characters.
        characters: &'a str,
    },
    /// A file was written.
    Written {
        /// The file.
        path: &'a Path,
    },
    /// The settings were kept.
    SettingsKept,
}

impl Told<'_> {
    /// The text in a language.
    pub(crate) fn text(&self, language: Language) -> String {
        match self {
            Self::Numbers { numbers: (first, last) } => language.choose(
                format!("单号 {first} 至 {last}。发放后登记：issuer sheet hand {first} --to 姓名"),
                format!(
                    "Sheets no. {first} to {last}. When you hand them out: issuer sheet hand {first} --to NAME"
                ),
            ),
            Self::NoAddress => language.choose(
                "还没有对外网址，背面的链接印不出来。请先运行 issuer office set --public-address。".to_owned(),
                "There is no public address, so backs would have no link. Run issuer office set --public-address first."
                    .to_owned(),
            ),
            Self::NotPrintable { code } => language.choose(
                format!("{code} 已失效或颜色已变，不能再印。请先运行 issuer sign 签发新证。"),
                format!("{code} does not hold as it was signed, so it isn't printed again. Run issuer sign for a new one."),
            ),
            Self::NoReceiver => language.choose(
                format!("请写明发给了谁，最多 {LONGEST_RECEIVER} 个字。"),
                format!("Say who was given them, in at most {LONGEST_RECEIVER} characters."),
            ),
            Self::Handed { count, asked } => handed(*count, *asked, language),
            Self::NoHome { home } => language.choose(
                format!("“{home}”不是房号。请写成 3-2-501，没有单元的写 3-501。"),
                format!("“{home}” is no home. Write it as 3-2-501, or 3-501 where there are no units."),
            ),
            Self::DaysTurned => language.choose(
                "最后一天在第一天之前，请改正日期。".to_owned(),
                "The last day comes before the first: correct the dates.".to_owned(),
            ),
            Self::Missing { characters } => language.choose(
                format!("字体缺字：印不出“{characters}”，已留空框。请安装 fonts-noto-cjk。"),
                format!("No font has “{characters}”: empty frames are left for them. Install fonts-noto-cjk."),
            ),
            Self::Written { path } => {
                let path = path.display();
                language.choose(format!("已写出 {path}"), format!("Written: {path}"))
            }
            Self::SettingsKept => language.choose(
                "已保存，下次打印起生效。".to_owned(),
                "Kept; it holds from the next print on.".to_owned(),
            ),
        }
    }
}

/// How many sheets were handed out of those that were named.
pub(crate) fn handed(count: u32, asked: usize, language: Language) -> String {
    let all = usize::try_from(count).is_ok_and(|count| count == asked);
    match (language, all) {
        (Language::Zh, true) => format!("已登记发放 {count} 张。"),
        (Language::Zh, false) => {
            format!("已登记发放 {count} 张；另外 {} 张未打印确认或已发出。", asked - count as usize)
        }
        (Language::En, true) if count == 1 => "1 sheet handed out.".to_owned(),
        (Language::En, true) => format!("{count} sheets handed out."),
        (Language::En, false) => {
            format!(
                "{count} sheets handed out; {} others weren't printed, or were gone.",
                asked - count as usize
            )
        }
    }
}

/// From which home to which the cards of a sheet go.
pub(crate) fn homes((first, last): &(Address, Address), language: Language) -> String {
    let (from, to) = (home(first, language), home(last, language));
    match (first == last, language) {
        (true, _) => from,
        (false, Language::Zh) => format!("{from} 至 {to}"),
        (false, Language::En) => format!("{from} to {to}"),
    }
}

/// The office's settings, a line for each.
pub(crate) fn settings(settings: &OfficeSettings, language: Language) -> Vec<String> {
    let OfficeSettings { name, telephone, public_address, lifetime } = settings;
    let address = public_address.as_ref().map_or("—", |address| address.as_str());
    let or_none = |text: &str| if text.is_empty() { "—".to_owned() } else { text.to_owned() };
    let (name, telephone) = (or_none(name), or_none(telephone));
    let (days, last) = (lifetime.days, lifetime.renewed_in_last_days);
    match language {
        Language::Zh => vec![
            format!("社区名称：{name}"),
            format!("电话：{telephone}"),
            format!("对外网址：{address}"),
            format!("通行证有效 {days} 天，到期前 {last} 天内换新"),
        ],
        Language::En => vec![
            format!("Name: {name}"),
            format!("Telephone: {telephone}"),
            format!("Public address: {address}"),
            format!("Passes live {days} days, and are renewed in their last {last}"),
        ],
    }
}

/// Why settings can't be kept, and what to write instead.
pub(crate) fn settings_problem(error: OfficeSettingsError, language: Language) -> String {
    let (zh, en) = match error {
        OfficeSettingsError::Name => (
            format!("社区名称最多 {} 个字。", OfficeSettings::LONGEST_NAME),
            format!("The office's name has at most {} characters.", OfficeSettings::LONGEST_NAME),
        ),
        OfficeSettingsError::Telephone => (
            "电话只写数字、空格和 + - ( ) / 转，最多 30 个字。".to_owned(),
            "A telephone number has figures, spaces and + - ( ) / ext., at most 30 characters.".to_owned(),
        ),
        OfficeSettingsError::Address => (
            "对外网址以 https:// 开头，不含 ? 和 #，最多 60 个字符，如 https://pass.example.org。".to_owned(),
            "The public address starts with https://, has no ? or #, and at most 60 characters: https://pass.example.org"
                .to_owned(),
        ),
        OfficeSettingsError::Lifetime => (
            format!("有效期为 1 至 {} 天，换新的天数要比它少。", OfficeSettings::LONGEST_LIFE),
            format!(
                "Passes live from 1 to {} days, and are renewed in fewer days than that.",
                OfficeSettings::LONGEST_LIFE
            ),
        ),
        other => return other.to_string(),
    };
    language.choose(zh, en)
}
