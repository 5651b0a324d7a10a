//! What stands on cards and sheets, and what is said when they can't be printed.
//!
//! A card is read by people of either language, so both stand on it and there is nothing to choose.

use jiff::civil::DateTime;
use pass::{Colour, Kind};

use super::Language;
use crate::print::{CodeError, Dwelling, FontError, PrintError, Validity};

/// The same in both languages.
pub(crate) struct Pair {
    pub(crate) zh: &'static str,
    pub(crate) en: &'static str,
}

const fn pair(zh: &'static str, en: &'static str) -> Pair {
    Pair { zh, en }
}

pub(crate) const DOCUMENT_TITLE: Pair = pair("出入证", "Passes");
/// On the back of a card, from its top down.
pub(crate) const BACK: [&str; 6] = [
    "手机亮证",
    "YOUR PASS ON YOUR PHONE",
    "扫码打开，用手机也能进出。",
    "只给本人，不要拍照转发。",
    "Open it and show it at the gate.",
    "It is yours alone: don't pass it on.",
];
pub(crate) const SPECIMEN: Pair = pair("样本", "SPECIMEN");
/// Where a found card goes when the office has not said otherwise.
pub(crate) const FOUND_AT: &str = "小区门岗或社区 · gate or community office";
pub(crate) const IF_FOUND: Pair = pair("拾到请交", "IF FOUND");
pub(crate) const CODE_DECIDES: Pair = pair("以扫码为准", "SCAN DECIDES");

pub(crate) fn colour(colour: Colour) -> Pair {
    match colour {
        Colour::Green => pair("绿", "GREEN"),
        Colour::Yellow => pair("黄", "YELLOW"),
        Colour::Red => pair("红", "RED"),
    }
}

pub(crate) fn kind(kind: Kind) -> Pair {
    match kind {
        Kind::Person => pair("居民出入证", "RESIDENT"),
        Kind::Vehicle => pair("车辆通行证", "VEHICLE"),
        Kind::Visitor => pair("访客临时证", "VISITOR"),
        Kind::Specimen => pair("样本·不得使用", "SPECIMEN"),
    }
}

/// A home, in the way addresses are written: 3号楼 2单元 501室. Chinese only: it is read beside the door.
pub(crate) fn dwelling(home: &Dwelling) -> String {
    let part = |text: &str, endings: &[&str], ending: &str| match text.trim() {
        "" => None,
        text if endings.iter().any(|known| text.ends_with(known)) => Some(text.to_owned()),
        text => Some(format!("{text}{ending}")),
    };
    let parts = [
        part(&home.building, &["楼", "栋", "幢", "座", "排"], "号楼"),
        part(&home.unit, &["单元", "门"], "单元"),
        part(&home.room, &["室", "号", "户"], "室"),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Two lines: since when, and, larger, until when. Days, and for a visitor minutes as well.
pub(crate) fn validity(kind: Kind, Validity { from, until }: Validity) -> (String, String) {
    let moment = |at: DateTime| match kind {
        Kind::Visitor => at.strftime("%Y-%m-%d %H:%M").to_string(),
        _ => at.date().to_string(),
    };
    (format!("有效期 VALID  {} 至", moment(from)), moment(until))
}

/// The two lines in the margin of a sheet, Chinese first.
pub(crate) fn footer(number: Option<u32>, page: usize, pages: usize) -> [String; 2] {
    let (zh, en) = match number {
        Some(number) => (format!("单号 {number} · "), format!("Sheet no. {number} · ")),
        None => (String::new(), String::new()),
    };
    [
        format!("{zh}第 {page} / {pages} 张 · 请按实际大小（100%）打印，不要缩放"),
        format!("{en}{page} of {pages} · print at actual size (100 %), do not scale"),
    ]
}

/// In the margin of a sheet's back.
pub(crate) const BACK_FOOTER: Pair =
    pair("背面：双面打印，沿长边翻转", "Backs: print on both sides, flip on the long edge");

pub(crate) fn print_error(error: &PrintError, language: Language) -> String {
    let (zh, en) = match error {
        PrintError::NoCards => (
            "没有可打印的证件。请先导入居民并签发。".to_owned(),
            "There is no card to print. Import residents and sign their passes first.".to_owned(),
        ),
        PrintError::Code { short_code, error: CodeError::TooLong { characters }, .. } => (
            format!("证件 {short_code} 无法打印：内容有 {characters} 个字符，二维码放不下。请重新签发。"),
            format!(
                "Card {short_code} can't be printed: its {characters} characters fit no QR code. Sign it again."
            ),
        ),
        PrintError::Code { short_code, error: CodeError::TooDense { modules, millimetres }, .. } => (
            format!(
                "证件 {short_code} 无法打印：{modules} × {modules} 的二维码每格只有 {millimetres:.2} 毫米，门岗扫不出。请改用每页八张，或重新签发。"
            ),
            format!(
                "Card {short_code} can't be printed: a code of {modules} × {modules} modules leaves {millimetres:.2} mm for each, too small to scan. Print eight to a page, or sign it again."
            ),
        ),
        PrintError::Link { error: CodeError::TooLong { .. } | CodeError::TooDense { .. } } => (
            "二维码放不下网址。请在“社区设置”里换一个短一些的对外网址。".to_owned(),
            "The address is too long for the code. Set a shorter public address in the office's settings."
                .to_owned(),
        ),
        PrintError::Document(reason) => (
            format!("无法生成 PDF：{reason}。请用 SANSE_FONT 换一个字体文件再试。"),
            format!("The PDF could not be put together: {reason}. Try another font file with SANSE_FONT."),
        ),
        PrintError::Write(reason) => (
            format!("无法写入 PDF：{reason}。请检查磁盘空间和文件夹权限。"),
            format!("The PDF could not be written: {reason}. Check free space and the folder's permissions."),
        ),
    };
    language.choose(zh, en)
}

pub(crate) fn font_error(error: &FontError, language: Language) -> String {
    let (zh, en) = match error {
        FontError::NoneInstalled => (
            "没有找到中文字体。请安装 fonts-noto-cjk（apt install fonts-noto-cjk），或用 SANSE_FONT 指定字体文件。".to_owned(),
            "No Chinese font was found. Install fonts-noto-cjk (apt install fonts-noto-cjk), or name a font file with SANSE_FONT."
                .to_owned(),
        ),
        FontError::Unusable { path } => (
            format!("字体文件 {} 无法使用。请用 SANSE_FONT 指定一个 .ttf、.otf 或 .ttc 文件。", path.display()),
            format!("The font {} can't be used. Name a .ttf, .otf or .ttc file with SANSE_FONT.", path.display()),
        ),
    };
    language.choose(zh, en)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn homes_are_written_as_addresses_are() {
        for (building, unit, room, written) in [
            ("3", "2", "501", "3号楼 2单元 501室"),
            ("甲栋", "1单元", "1502室", "甲栋 1单元 1502室"),
            ("10号楼", "", "7号", "10号楼 7号"),
            ("", " ", "", ""),
        ] {
            let [building, unit, room] = [building, unit, room].map(str::to_owned);
            assert_eq!(dwelling(&Dwelling { building, unit, room }), written);
        }
    }

    #[test]
    fn visitors_see_the_minute_others_the_day() {
        let validity = |kind| {
            let (from, until) = (date(2020, 2, 10).at(8, 5, 0, 0), date(2020, 2, 10).at(21, 0, 0, 0));
            super::validity(kind, Validity { from, until })
        };
        let lines = |from: &str, until: &str| (from.to_owned(), until.to_owned());
        assert_eq!(validity(Kind::Person), lines("有效期 VALID  2020-02-10 至", "2020-02-10"));
        assert_eq!(validity(Kind::Visitor), lines("有效期 VALID  2020-02-10 08:05 至", "2020-02-10 21:00"));
    }

    #[test]
    fn every_problem_is_told_with_a_remedy_in_both_languages() {
        let code = |error| PrintError::Code { card: 4, short_code: "7K3-M9Q-XZ4".to_owned(), error };
        let problems = [
            PrintError::NoCards,
            code(CodeError::TooLong { characters: 5_000 }),
            code(CodeError::TooDense { modules: 97, millimetres: 0.35 }),
            PrintError::Link { error: CodeError::TooLong { characters: 5_000 } },
            PrintError::Document("subsetting failed".to_owned()),
            PrintError::Write(std::io::Error::other("disk full")),
        ];
        let fonts = [FontError::NoneInstalled, FontError::Unusable { path: "/a/font.ttf".into() }];
        let mut told = String::new();
        for language in [Language::Zh, Language::En] {
            for line in problems
                .iter()
                .map(|it| it.explain(language))
                .chain(fonts.iter().map(|it| it.explain(language)))
            {
                told.push_str(&line);
                told.push('\n');
            }
        }
        assert_eq!(told, include_str!("print_problems.txt"));
    }
}
