//! What an import says: what was taken, and for every cell that wasn't, what is wrong and what to do.

use std::fmt::Write;

use pass::Colour;
use registry::{Field, FullName, FullNameError, NewHolder, PhoneError, ProblemKind};
use store::{Fate, Imported};

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
        What::StillRed if zh => {
            "此人现为红色，名册不能解除红色。请到期后做健康检查并销号。颜色未变，其余内容已读取。".to_owned()
        }
        What::StillRed => "they are red, and no roster ends that: it takes a health check and a sign-off. The colour stays as it is; \
                           the rest of the row is taken."
            .to_owned(),
        What::NotTheirs { compound } if zh => {
            format!("“{}”不在您负责的小区之内。请交给负责该小区的同事导入。", shortened(compound))
        }
        What::NotTheirs { compound } => format!(
            "{:?} is none of your compounds. Have it imported by somebody who works for it.",
            shortened(compound)
        ),
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

/// What is wrong with a cell, and what to do.
#[must_use]
pub fn problem(field: Field, kind: &ProblemKind, language: Language) -> String {
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
                "只能读取 .xlsx、.xls 和 .csv 文件。请在表格软件里另存为 .xlsx（不加密码）。",
                "only .xlsx, .xls and .csv files are read. Save it as .xlsx in the spreadsheet program, without a password.",
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

/// The most holders of each kind that a dry run names.
pub const NAMED: usize = 200;

/// What an import would do: counts, what is new and what differs by its cell, then the cells that can't be taken.
#[must_use]
pub fn preview(roster: &Roster, imported: &Imported, language: Language) -> String {
    let mut preview = String::new();
    let (rows, skipped) = (roster.rows, roster.skipped);
    let Imported { added, changed, unchanged, compounds, fates, .. } = imported;
    let mut line = |text: String| _ = writeln!(preview, "{text}");
    line(language.choose(
        format!("试导入，什么也没有写入。读取 {rows} 行：将新增 {added}，变更 {changed}，不变 {unchanged}；不导入 {skipped} 行。"),
        format!(
            "A dry run: nothing was written. {rows} rows read: {added} to add, {changed} to change, {unchanged} stay as they are; \
             {skipped} rows would be left out."
        ),
    ));
    if !compounds.is_empty() {
        line(language.choose(
            format!("将新建小区：{}。", compounds.join("、")),
            format!("Compounds to make: {}.", compounds.join(", ")),
        ));
    }
    let wanted: [fn(&Fate) -> bool; 2] =
        [|fate| matches!(fate, Fate::Changed { .. }), |fate| matches!(fate, Fate::Added)];
    for is_wanted in wanted {
        let mut of_kind = roster.named(fates).filter(|(_, _, fate)| is_wanted(fate));
        for (cell, holder, fate) in of_kind.by_ref().take(NAMED) {
            line(becomes(&cell, holder, fate, language));
        }
        match of_kind.count() {
            0 => {}
            more => line(and_more(more, language)),
        }
    }
    for found in &roster.findings {
        line(finding(found, language));
    }
    preview
}

/// What comes after as many lines as are shown.
#[must_use]
pub fn and_more(count: usize, language: Language) -> String {
    language.choose(format!("…… 另有 {count} 项"), format!("… and {count} more"))
}

/// What becomes of a holder, on one line: the cell, the home, the name as passes bear it, and what is new.
#[must_use]
pub fn becomes(cell: &str, holder: &NewHolder, fate: &Fate, language: Language) -> String {
    let NewHolder { compound, address, subject, colour } = holder;
    let parts = [&*address.building, &*address.unit, &*address.room];
    let home: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let who = format!("{compound} {} {}", home.join("-"), subject.pass_name());
    let what = fate_of(*colour, fate, language);
    match language {
        Language::Zh => format!("{cell}：{who}：{what}"),
        Language::En => format!("{cell}: {who}: {what}"),
    }
}

/// A colour, as a roster writes it.
#[must_use]
pub fn colour(colour: Colour, language: Language) -> &'static str {
    match colour {
        Colour::Red => language.choose("红", "red"),
        Colour::Yellow => language.choose("黄", "yellow"),
        Colour::Green => language.choose("绿", "green"),
    }
}

/// The name of the sheet that rosters are written to.
#[must_use]
pub fn sheet(language: Language) -> &'static str {
    language.choose("居民名册", "Residents")
}

/// What stands above the headers of a template.
pub const TEMPLATE_TITLES: [(&str, &str); 2] = [
    (
        "居民名册模板。每行一人或一车；人和车可以写在同一行，用同一种颜色。颜色只填 红、黄 或 绿。灰色表头以下是示例，请删除后填写。",
        "A roster to fill in. One person or vehicle a row; a row may hold both, with one colour. Colours are red, yellow or green. The rows \
         below the grey headers are examples: delete them first.",
    ),
    (
        "小区、楼栋、房号、颜色必填；姓名和车牌至少填一项。同户同名的两个人请都填写电话。重复导入不会重复登记。",
        "Compound, building, room and colour are needed, and a name or a plate. Two people of one name in one home both need their phone \
         number. Importing a file twice registers nobody twice.",
    ),
];

/// Made-up rows of a template, by column. Their compound is called an example, so that nobody takes them for residents.
pub const TEMPLATE_ROWS: [[(&str, &str); 8]; 3] = [
    [
        ("示例小区", "Example Gardens"),
        ("3", "3"),
        ("2", "2"),
        ("501", "501"),
        ("张小明", "Zhang Xiaoming"),
        ("13800000000", "13800000000"),
        ("绿", "green"),
        ("", ""),
    ],
    [
        ("示例小区", "Example Gardens"),
        ("3", "3"),
        ("2", "2"),
        ("502", "502"),
        ("李红", "Li Hong"),
        ("", ""),
        ("红", "red"),
        ("", ""),
    ],
    [
        ("示例小区", "Example Gardens"),
        ("4", "4"),
        ("", ""),
        ("101", "101"),
        ("王五", "Wang Wu"),
        ("(027) 8765 4321", "(027) 8765 4321"),
        ("黄", "yellow"),
        ("鄂A12345", "鄂A12345"),
    ],
];

fn fate_of(colour: Colour, fate: &Fate, language: Language) -> String {
    let word = |colour: Colour| self::colour(colour, language);
    match fate {
        Fate::Added => language.choose(format!("新增，{}", word(colour)), format!("new, {}", word(colour))),
        Fate::Changed { colour, phone, home } => {
            let mut changes = Vec::new();
            if let Some((before, after)) = colour {
                changes.push(format!("{} → {}", word(*before), word(*after)));
            }
            if *phone {
                changes.push(language.choose("电话变更", "another phone number").to_owned());
            }
            if *home {
                changes.push(language.choose("换了住户", "another home").to_owned());
            }
            changes.join(language.choose("，", ", "))
        }
        Fate::Left => language.choose("不变", "stays as it is").to_owned(),
        Fate::Ambiguous => language.choose("无法确定是哪一位", "can't be told apart").to_owned(),
    }
}

/// What an import did, over all cells that weren't taken.
#[must_use]
pub fn report(roster: &Roster, imported: &Imported, language: Language) -> String {
    let mut report = String::new();
    let Imported { added, changed, unchanged, compounds, .. } = imported;
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
