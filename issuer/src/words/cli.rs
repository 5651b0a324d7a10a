//! Words of the command line: what commands and options are for, and what commands tell when they are done.

use std::path::Path;

use super::Language;

/// What a command is for, by its name on the command line.
#[must_use]
pub fn about(command: &str, language: Language) -> &'static str {
    let (zh, en) = match command {
        "keygen" => (
            "生成根密钥和签发密钥，打印恢复单",
            "Make the root key and the issuer key; print the recovery sheet",
        ),
        "import" => (
            "导入名册（.xlsx .csv）：好的行入库，坏的行指明单元格",
            "Import a roster (.xlsx .csv): good rows go in, bad ones are named by cell",
        ),
        "sign" => {
            ("为所有需要通行证的人和车签发", "Sign passes for everybody and every vehicle that needs one")
        }
        "print" => ("把通行证排成可打印的 A4 PDF", "Lay the passes out on A4 sheets, as a PDF"),
        "keys" => (
            "输出公钥（JWK Set，含 base64 COSE_Key）",
            "Print the public keys (a JWK Set, with base64 COSE_Keys)",
        ),
        "bundle" => (
            "写出卡点离线判断所需的数据包：信任清单、状态清单、规则",
            "Write the bundle a gate judges by without a network: trust list, status list, rules",
        ),
        "passes" => ("列出已签发的通行证", "List the passes signed"),
        "serve" => (
            "启动网页：居民与通行证、手机亮证、健康检查",
            "Serve the pages: residents and passes, a pass for a phone, health",
        ),
        _ => ("三色门：社区签发程序", "Sanse Gate: the community office's program"),
    };
    language.choose(zh, en)
}

/// What an option or argument is for, by its name in the program.
#[must_use]
pub fn option(name: &str, language: Language) -> &'static str {
    let (zh, en) = match name {
        "data" => ("数据目录", "The data folder"),
        "lang" => ("语言：zh 或 en", "The language: zh or en"),
        "office" => ("本社区在区里的编号", "The office's number in the district"),
        "compounds" => {
            ("本社区小区编号的范围，如 1-999", "The numbers its compounds may have, such as 1-999")
        }
        "days" => ("签发密钥的有效天数", "For how many days the issuer key may sign"),
        "roster" => ("名册文件", "The roster"),
        "out" => ("写到哪个文件", "The file to write"),
        "size" => (
            "每张 A4 的卡数：ten（十张 ID-1）或 eight（八张大卡）",
            "Cards on an A4 sheet: ten (ID-1) or eight (larger)",
        ),
        "compound" => ("小区名称", "The compound's name"),
        "hours" => ("状态清单有效小时数", "For how many hours the status list holds"),
        "json" => ("每证一行 JSON", "A line of JSON for each pass"),
        "listen" => ("监听地址", "The address to listen at"),
        "hosts" => (
            "浏览器里可用的主机名（回环地址之外，可重复）",
            "A name browsers may use for this host, besides loopback's (may be repeated)",
        ),
        "lifetime" => ("通行证有效天数", "For how many days a pass holds"),
        "renew" => ("到期前几天换新", "How many days before its end a pass is renewed"),
        "font" => ("中文字体文件", "A font with Chinese characters"),
        "set" => ("打印全部有效证，或仅未打印过的", "Print all current passes, or only those never printed"),
        _ => ("", ""),
    };
    language.choose(zh, en)
}

/// What a command tells a person, on standard error, while or after it works.
#[derive(Clone, Copy, Debug)]
pub enum Message<'a> {
    /// Rows of a workbook are being read.
    Reading,
    /// Passes are being signed.
    Signing,
    /// Cards are being laid out.
    LayingOut,
    /// How an import ended.
    Imported {
        /// Rows that were new.
        added: u64,
        /// Rows that changed something.
        changed: u64,
        /// Rows that stood there already.
        unchanged: u64,
        /// Rows left out, each of them named above.
        skipped: u64,
    },
    /// How signing ended.
    Signed {
        /// Passes signed.
        count: usize,
    },
    /// A sheet was written.
    Printed {
        /// Cards on it.
        cards: usize,
        /// Its pages.
        pages: usize,
        /// The file.
        path: &'a Path,
    },
    /// No pass is there to be printed.
    NothingToPrint,
    /// Characters that no font of this system has.
    MissingGlyphs {
        /// Whose card.
        name: &'a str,
        /// The characters.
        characters: &'a str,
    },
    /// A bundle was written.
    Bundled {
        /// The compound.
        compound: &'a str,
        /// The file.
        path: &'a Path,
    },
    /// No such compound.
    NoCompound {
        /// What was asked for.
        name: &'a str,
        /// Those that exist.
        others: &'a str,
    },
    /// The compound's number is not one the issuer key may sign for.
    CompoundNotCovered {
        /// The compound.
        name: &'a str,
        /// Its number.
        number: u32,
    },
    /// The key ends before a pass would.
    KeyEnds,
    /// The server is up.
    Listening {
        /// Where.
        address: &'a str,
    },
    /// The address can't be had.
    CannotListen {
        /// Which.
        address: &'a str,
        /// Why.
        why: &'a str,
    },
    /// The list of residents is not served beyond this machine.
    ListStaysHome,
    /// `keygen` has not been run.
    NoKeys {
        /// The data folder.
        folder: &'a Path,
    },
    /// A file could not be written.
    CannotWrite {
        /// The file.
        path: &'a Path,
        /// Why.
        why: &'a str,
    },
}

impl Message<'_> {
    /// The text, on one line.
    #[must_use]
    pub fn text(self, language: Language) -> String {
        match self {
            Self::Reading => language.choose("读取名册".into(), "Reading the roster".into()),
            Self::Signing => language.choose("签发".into(), "Signing".into()),
            Self::LayingOut => language.choose("排版".into(), "Laying out".into()),
            Self::Imported { added, changed, unchanged, skipped } => language.choose(
                format!("新增 {added}，变更 {changed}，未变 {unchanged}，跳过 {skipped}（见上）。"),
                format!("{added} added, {changed} changed, {unchanged} unchanged, {skipped} skipped (named above)."),
            ),
            Self::Signed { count: 0 } => {
                language.choose("没有需要签发的通行证。".into(), "Nobody needs a pass.".into())
            }
            Self::Signed { count } => {
                language.choose(format!("已签发 {count} 张通行证。"), format!("{count} passes signed."))
            }
            Self::Printed { cards, pages, path } => {
                let path = path.display();
                language.choose(
                    format!("{cards} 张卡，{pages} 页 A4：{path}"),
                    format!("{cards} cards on {pages} A4 pages: {path}"),
                )
            }
            Self::NothingToPrint => language.choose(
                "没有可打印的通行证。请先运行 issuer sign。".into(),
                "There is no pass to print. Run issuer sign first.".into(),
            ),
            Self::MissingGlyphs { name, characters } => language.choose(
                format!("字体缺字：{name} 的卡上印不出“{characters}”。请安装 fonts-noto-cjk，或用 SANSE_FONT 指定字体。"),
                format!(
                    "No font here has the characters “{characters}” of {name}'s card. Install fonts-noto-cjk, or name a \
                     font in SANSE_FONT."
                ),
            ),
            Self::Bundled { compound, path } => {
                let path = path.display();
                language.choose(
                    format!("{compound} 的数据包：{path}。在卡点运行 kiosk load {path}"),
                    format!("The bundle of {compound}: {path}. At the gate, run kiosk load {path}"),
                )
            }
            Self::NoCompound { name, others: "" } => language.choose(
                format!("没有小区“{name}”。请先用 issuer import 导入名册。"),
                format!("There is no compound “{name}”. Import a roster first, with issuer import."),
            ),
            Self::NoCompound { name, others } => language.choose(
                format!("没有小区“{name}”。现有：{others}。"),
                format!("There is no compound “{name}”. There are: {others}."),
            ),
            Self::CompoundNotCovered { name, number } => language.choose(
                format!("小区“{name}”的编号 {number} 不在签发密钥的范围内。请用根密钥重新签信任清单。"),
                format!(
                    "The number {number} of the compound “{name}” is not among those the issuer key may sign for. \
                     Sign a new trust list with the root key."
                ),
            ),
            Self::KeyEnds => language.choose(
                "签发密钥即将到期，通行证不能超过它的有效期。请用 issuer keygen 建立新密钥。".into(),
                "The issuer key is about to end, and no pass may outlive it. Make new keys with issuer keygen.".into(),
            ),
            Self::Listening { address } => {
                language.choose(format!("网页：http://{address}/"), format!("Serving at http://{address}/"))
            }
            Self::CannotListen { address, why } => language.choose(
                format!("无法监听 {address}：{why}。请用 --listen 换一个地址或端口。"),
                format!("Can't listen at {address}: {why}. Name another address or port with --listen."),
            ),
            Self::ListStaysHome => language.choose(
                "对外监听时只提供手机亮证页；居民名单仅在本机回环地址提供。".into(),
                "Beyond this machine only passes for phones are served; the list of residents stays on loopback.".into(),
            ),
            Self::NoKeys { folder } => {
                let folder = folder.display();
                language.choose(
                    format!("{folder} 里还没有密钥。请先运行 issuer keygen --data {folder}"),
                    format!("There are no keys in {folder} yet. Run issuer keygen --data {folder} first"),
                )
            }
            Self::CannotWrite { path, why } => {
                let path = path.display();
                language.choose(format!("无法写入 {path}：{why}"), format!("Can't write {path}: {why}"))
            }
        }
    }
}
