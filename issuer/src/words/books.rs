//! Words of the pages where rosters come in and go out.

use super::Language;

/// Texts that hold nothing but words.
#[derive(Debug)]
pub(crate) struct Texts {
    pub(crate) books: &'static str,
    pub(crate) import: &'static str,
    pub(crate) import_help: &'static str,
    pub(crate) file: &'static str,
    pub(crate) check: &'static str,
    pub(crate) too_many: &'static str,
    pub(crate) export: &'static str,
    pub(crate) export_help: &'static str,
    pub(crate) compound: &'static str,
    pub(crate) kinds: [&'static str; 2],
    pub(crate) nothing_to_export: &'static str,
    pub(crate) template: &'static str,
    pub(crate) template_help: &'static str,
    pub(crate) reading: &'static str,
    pub(crate) writing: &'static str,
    pub(crate) goes_on: &'static str,
    pub(crate) look_again: &'static str,
    pub(crate) nothing_written: &'static str,
    pub(crate) done: &'static str,
    /// New, changed, as they were, rows left out.
    pub(crate) counts: [&'static str; 4],
    pub(crate) changes: &'static str,
    pub(crate) news: &'static str,
    pub(crate) findings: &'static str,
    pub(crate) findings_help: &'static str,
    pub(crate) yes: &'static str,
    pub(crate) nothing_new: &'static str,
    pub(crate) another: &'static str,
    pub(crate) sign_next: &'static str,
    pub(crate) see_residents: &'static str,
    pub(crate) bad_file: &'static str,
    pub(crate) failed: &'static str,
}

const ZH: Texts = Texts {
    books: "名册",
    import: "导入名册",
    import_help: "Excel（.xlsx、.xls）或 .csv，列的顺序不限。先检查文件，您确认之后才写入。",
    file: "文件",
    check: "检查文件",
    too_many: "正在处理的文件太多，请过几分钟再试。",
    export: "导出名册",
    export_help: "导出的文件含全名和电话，请妥善保管，用完即删。导出会记入操作记录。格式与导入相同。",
    compound: "小区",
    kinds: ["导出 Excel", "导出 CSV"],
    nothing_to_export: "还没有小区。请先导入名册。",
    template: "空白名册",
    template_help: "带表头和示例行，填好后就能导入。",
    reading: "正在读取文件",
    writing: "正在写入",
    goes_on: "本页会自动刷新。可以离开，稍后再回来看。",
    look_again: "刷新",
    nothing_written: "检查完毕，还没有写入任何内容。",
    done: "已写入。",
    counts: ["新增", "变更", "不变", "不导入的行"],
    changes: "变更",
    news: "新增",
    findings: "不能导入的单元格",
    findings_help: "请在表格里改正后再导入一次，已导入的不会重复。",
    yes: "确认导入",
    nothing_new: "没有可写入的内容：名册与登记库一致。",
    another: "换一个文件",
    sign_next: "签发和打印通行证",
    see_residents: "查看居民",
    bad_file: "这个文件不能导入",
    failed: "没有写入任何内容",
};

const EN: Texts = Texts {
    books: "Rosters",
    import: "Import a roster",
    import_help: "Excel (.xlsx, .xls) or .csv, with its columns in any order. The file is checked first; nothing is written before you \
                  say so.",
    file: "File",
    check: "Check the file",
    too_many: "Too many files are being worked on. Try again in a few minutes.",
    export: "Export a roster",
    export_help: "The file holds full names and phone numbers: keep it safe, and delete it when you are done. The audit log will say that \
                  you exported it. It has the same shape as an import.",
    compound: "Compound",
    kinds: ["As Excel", "As CSV"],
    nothing_to_export: "There is no compound yet. Import a roster first.",
    template: "An empty roster",
    template_help: "With headers and example rows: fill it in and import it.",
    reading: "Reading the file",
    writing: "Writing",
    goes_on: "This page looks again by itself. You may leave it and come back.",
    look_again: "Look again",
    nothing_written: "The file is checked. Nothing has been written yet.",
    done: "Written.",
    counts: ["New", "Changed", "As they were", "Rows left out"],
    changes: "Changes",
    news: "New",
    findings: "Cells that can't be imported",
    findings_help: "Correct them in the file and import it once more: what is in already isn't added twice.",
    yes: "Import",
    nothing_new: "There is nothing to write: the roster says what the registry knows.",
    another: "Another file",
    sign_next: "Sign and print passes",
    see_residents: "See the residents",
    bad_file: "This file can't be imported",
    failed: "Nothing was written",
};

/// The texts in this language.
#[must_use]
pub(crate) fn texts(language: Language) -> &'static Texts {
    match language {
        Language::Zh => &ZH,
        Language::En => &EN,
    }
}

/// How far a file has come; `total` is 0 where nobody knows.
#[must_use]
pub(crate) fn progress(done: usize, total: usize, language: Language) -> String {
    match total {
        0 => language.choose(format!("{done} 行"), format!("{done} rows")),
        _ => language.choose(format!("{done} / {total}"), format!("{done} of {total}")),
    }
}

/// Compounds that are made.
#[must_use]
pub(crate) fn new_compounds(names: &[String], language: Language) -> String {
    language.choose(
        format!("新建小区：{}。请核对名称，写错会多出一个小区。", names.join("、")),
        format!(
            "New compounds: {}. Check their names: a misspelt one is another compound.",
            names.join(", ")
        ),
    )
}
