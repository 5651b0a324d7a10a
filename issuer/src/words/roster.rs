//! What an import says: what was taken, and for every cell that wasn't, what is wrong and what to do.

use std::fmt::Write;

use registry::{Field, FullName, FullNameError, PhoneError, ProblemKind};
use store::Imported;

use super::Language;
use crate::roster::{Finding, MAX_ROWS, Roster, RosterError, What};

/// The name of a column, as a template heads it.
#[must_use]
pub fn column(field: Field, language: Language) -> &'static str {
    let (zh, en) = match field {
        Field::Compound => ("小区", "Compound"),
        Field::Building => ("楼栋", "Building"),
        Field::Unit => ("单元", "Unit"),
        Field::Room => ("房号", "Room"),
        Field::Name => ("姓名", "Name"),
        Field::Phone => ("电话", "Phone"),
        Field::Colour => ("颜色", "Colour"),
        Field::Plate => ("车牌", "Plate"),
    };
    language.choose(zh, en)
}

/// One line about a cell: `B7：…`.
#[must_use]
pub fn finding(finding: &Finding, language: Language) -> String {
    let Finding { cell, what, .. } = finding;
    let said = what_was_found(what, language);
    match language {
        Language::Zh => format!("{cell}：{said}"),
        Language::En => format!("{cell}: {said}"),
    }
}

fn what_was_found(what: &What, language: Language) -> String {
    let zh = language == Language::Zh;
    let name = |field: &Field| column(*field, language);
    match what {
        What::Cell(field, kind) => problem(*field, kind, language),
        What::Date(field) if zh => {
            format!("“{}”被表格软件变成了日期。请把单元格设为“文本”格式后重新填写。", name(field))
        }
        What::Date(field) => format!(
            "the spreadsheet turned the {} into a date. Format the cell as text and type it again.",
            name(field)
        ),
        What::Unreadable(field) if zh => {
            format!("“{}”无法识别（公式错误或乱码）。请重新填写。", name(field))
        }
        What::Unreadable(field) => {
            format!(
                "the {} can't be read (a formula's error, or broken characters). Type it again.",
                name(field)
            )
        }
        What::Repeated { row } if zh => {
            format!("与第 {row} 行是同一人。如果是同名的两个人，请在两行都填写各自的电话。")
        }
        What::Repeated { row } => format!(
            "the same person as in row {row}. If they are two people of one name, give each their own phone number."
        ),
        What::PlateElsewhere { row } if zh => {
            format!("该车牌在第 {row} 行已登记在另一户。一辆车只能属于一户，请删除其中一处。")
        }
        What::PlateElsewhere { row } => format!(
            "row {row} lists this plate at another home. A vehicle belongs to one household: remove one of the two."
        ),
        What::Ambiguous if zh => "该户已登记有几位同名居民，无法确定是哪一位。请填写电话。".to_owned(),
        What::Ambiguous => {
            "several residents of this name are registered at this home. Add the phone number to tell which."
                .to_owned()
        }
        What::SecondColumn(field) if zh => {
            format!("有两列“{}”，只读取第一列。请删除多余的一列。", name(field))
        }
        What::SecondColumn(field) => {
            format!("a second column for {}; the first is read. Remove one of them.", name(field))
        }
        What::NoHeader if zh => "本工作表前 30 行没有找到表头，整表未导入。".to_owned(),
        What::NoHeader => "no headers in the first 30 rows; the sheet was left out.".to_owned(),
    }
}

fn problem(field: Field, kind: &ProblemKind, language: Language) -> String {
    let name = column(field, language);
    let too_long = |length: usize, limit: usize| match language {
        Language::Zh => format!("“{name}”有 {length} 个字，最多 {limit} 个。请缩短。"),
        Language::En => format!("{name} has {length} characters, at most {limit} are allowed. Shorten it."),
    };
    match kind {
        ProblemKind::Missing if field == Field::Colour => language
            .choose("“颜色”为空。请填写 红、黄 或 绿。", "the colour is empty. Write red, yellow or green.")
            .to_owned(),
        ProblemKind::Missing => match language {
            Language::Zh => format!("“{name}”为空。请填写。"),
            Language::En => format!("{name} is empty. Fill it in."),
        },
        ProblemKind::NobodyNamed => language
            .choose(
                "既没有姓名，也没有车牌。请填写其中一项。",
                "neither a name nor a plate. Fill in one of them.",
            )
            .to_owned(),
        ProblemKind::TooLong { length, limit } => too_long(*length, *limit),
        ProblemKind::Name(FullNameError::TooLong { length }) => too_long(*length, FullName::MAX_CHARS),
        ProblemKind::Control | ProblemKind::Name(FullNameError::Control) => match language {
            Language::Zh => format!("“{name}”含有看不见的控制字符。请重新输入。"),
            Language::En => format!("{name} holds an invisible control character. Type it again."),
        },
        ProblemKind::Name(FullNameError::NoLetter) => language
            .choose("“姓名”里没有文字。请填写姓名。", "the name has no letters. Write the name.")
            .to_owned(),
        ProblemKind::Phone(PhoneError::NotADigit { found }) => match language {
            Language::Zh => format!("电话里有“{found}”。请只填数字，一格只填一个号码。"),
            Language::En => {
                format!("the phone number holds {found:?}. Write digits only, one number in a cell.")
            }
        },
        ProblemKind::Phone(PhoneError::Form { digits }) => match language {
            Language::Zh => {
                format!("电话有 {digits} 位数字。请填 11 位手机号，或带区号的座机号；没有电话可以留空。")
            }
            Language::En => format!(
                "the phone number has {digits} digits. Write a mobile number of 11 digits, or a landline with its area \
                 code; leave it empty where there is no phone."
            ),
        },
        ProblemKind::Plate(error) => match language {
            Language::Zh => format!("“{}”不是车牌。请照此填写：鄂A12345，新能源车：鄂AD12345。", error.text),
            Language::En => {
                format!("{:?} is no number plate. Write it like 鄂A12345, electric: 鄂AD12345.", error.text)
            }
        },
        ProblemKind::Colour { word } => match language {
            Language::Zh => format!("“{}”不是颜色。请填写 红、黄 或 绿。", shortened(word)),
            Language::En => format!("{:?} is no colour. Write red, yellow or green.", shortened(word)),
        },
    }
}

/// Enough of a cell to find it by.
fn shortened(word: &str) -> String {
    match word.char_indices().nth(20) {
        Some((end, _)) => format!("{}…", &word[..end]),
        None => word.to_owned(),
    }
}

/// Why nothing of the file was taken, and what to do.
#[must_use]
pub fn error(error: &RosterError, language: Language) -> String {
    match error {
        RosterError::File(source) => match language {
            Language::Zh => format!("无法读取文件：{source}"),
            Language::En => format!("the file can't be read: {source}"),
        },
        RosterError::Format => language
            .choose(
                "只能读取 .xlsx 和 .csv 文件。请在表格软件里另存为 .xlsx（不加密码）。",
                "only .xlsx and .csv files are read. Save it as .xlsx in the spreadsheet program, without a password.",
            )
            .to_owned(),
        RosterError::TooLarge { limit } => match language {
            Language::Zh => format!("文件太大（上限 {} MB）。请按小区拆分。", limit >> 20),
            Language::En => format!("the file is too large (at most {} MB). Split it by compound.", limit >> 20),
        },
        RosterError::TooManyRows => match language {
            Language::Zh => format!("超过 {MAX_ROWS} 行。请按小区拆分成几个文件。"),
            Language::En => format!("more than {MAX_ROWS} rows. Split the file by compound."),
        },
        RosterError::Damaged { reason } => match language {
            Language::Zh => format!("文件已损坏，无法读取（{reason}）。请用表格软件打开后重新保存。"),
            Language::En => {
                format!("the file is damaged ({reason}). Open it in a spreadsheet program and save it again.")
            }
        },
        RosterError::NoHeader => language
            .choose(
                "没有找到表头。请在第一行写明：小区、楼栋、单元、房号、姓名、电话、颜色、车牌。",
                "no headers found. The first row must read: Compound, Building, Unit, Room, Name, Phone, Colour, Plate.",
            )
            .to_owned(),
        RosterError::MissingColumns { missing } => {
            let names: Vec<_> = missing.iter().map(|field| column(*field, language)).collect();
            match language {
                Language::Zh => format!("缺少列：{}。请补上后再导入。", names.join("、")),
                Language::En => format!("missing columns: {}. Add them and import again.", names.join(", ")),
            }
        }
    }
}

/// What an import did, over all cells that weren't taken.
#[must_use]
pub fn report(roster: &Roster, imported: &Imported, language: Language) -> String {
    let mut report = String::new();
    let Imported { added, changed, released, unchanged, compounds, .. } = imported;
    let (rows, skipped) = (roster.rows, roster.skipped);
    let mut line = |zh: String, en: String| {
        let _ = writeln!(report, "{}", language.choose(zh, en));
    };
    line(
        format!("读取 {rows} 行：新增 {added}，变更 {changed}，未变 {unchanged}；未导入 {skipped} 行。"),
        format!(
            "{rows} rows read: {added} added, {changed} changed, {unchanged} unchanged; {skipped} rows left out."
        ),
    );
    if *released > 0 {
        line(
            format!("其中 {released} 人由红色解除。请确认每一位都已办理销号。"),
            format!("{released} of them were red and are no more. Make sure that each was signed off."),
        );
    }
    if !compounds.is_empty() {
        line(
            format!("新建小区：{}。", compounds.join("、")),
            format!("New compounds: {}.", compounds.join(", ")),
        );
    }
    for found in &roster.findings {
        let found = finding(found, language);
        let _ = writeln!(report, "{found}");
    }
    report
}
