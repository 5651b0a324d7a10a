//! Rosters as offices keep them: real workbooks, text files in GBK, and whatever else may be handed in.

#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

use std::io::{Cursor, Write};
use std::path::Path;

use issuer::export::{self, Kind};
use issuer::roster::{Apart, MAX_ROWS, Roster, RosterError};
use issuer::words::{self, Language};
use pass::{Colour, Timestamp};
use registry::NewHolder;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use store::{Act, Imported, Store, sqlite_url};

/// A file with everything that goes wrong in one, and what is said about it in both languages.
#[tokio::test]
async fn a_workbook_with_everything_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("名册.xlsx");
    std::fs::write(&path, messy_workbook()).unwrap();
    let mut roster = Roster::read(&path, &mut |_| {}).unwrap();
    assert_eq!(
        shown(&roster.holders),
        [
            "和平小区 3-2-501 张*明 green",
            "和平小区 3-2-501 鄂A12345 red",
            "和平小区 3-2-502 李* red",
            "和平小区 3-2-501 王* red",
            "和平小区 3-2-503 张* green",
            "和平小区 3-2-503 张* green",
            "和平小区 3-2-504 鄂AD12345 yellow",
            "和平小区 3-2-505 赵* yellow",
        ]
    );

    let store = Store::open(&sqlite_url(&folder.path().join("registry.sqlite"))).await.unwrap();
    let imported = import(&store, &mut roster).await;
    golden("roster.zh.txt", &words::roster::report(&roster, &imported, Language::Zh));
    golden("roster.en.txt", &words::roster::report(&roster, &imported, Language::En));

    // A dry run of the next file says what it would do, and does nothing.
    let next = "小区,楼栋,单元,房号,姓名,电话,颜色,车牌
和平小区,3,2,501,张小明,13900000000,绿,鄂A99999
和平小区,3,2,502,李红,,绿,
和平小区,9,1,101,新人,,黄,鄂AD12345
新华小区,1,,101,周九,,蓝,
新华小区,1,,101,周九,,绿,
";
    let mut next = read(next);
    let dry = compare(&store, &next).await;
    next.mark(&dry);
    golden("preview.zh.txt", &words::roster::preview(&next, &dry, Language::Zh));
    golden("preview.en.txt", &words::roster::preview(&next, &dry, Language::En));
    assert_eq!(compare(&store, &next).await, dry);
    let half_width = read("小区,楼栋,单元,房号,姓名,电话,颜色\n和平小区,3,2,502,李红,,红\n");
    assert_eq!(store.compare(&half_width.holders, &[1..=999]).await.unwrap().unchanged, 1);

    // The same file again changes nothing, and says the same of its cells.
    let mut again = Roster::read(&path, &mut |_| {}).unwrap();
    let imported = import(&store, &mut again).await;
    assert_eq!((imported.added, imported.changed, imported.unchanged), (0, 0, 8));
    assert_eq!(again.findings, roster.findings);
}

#[tokio::test]
async fn somebody_who_cannot_be_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&sqlite_url(&folder.path().join("registry.sqlite"))).await.unwrap();
    let header = "小区,楼栋,房号,姓名,电话,颜色,车牌\n";
    let mut two =
        read(&format!("{header}和平小区,1,1,张伟,13800000001,绿,\n和平小区,1,1,张伟,13800000002,绿,\n"));
    import(&store, &mut two).await;
    let mut one = read(&format!("{header}和平小区,1,1,李红,,绿,\n和平小区,1,1,张伟,,红,\n"));
    let imported = import(&store, &mut one).await;
    assert_eq!((imported.added, imported.changed, one.skipped), (1, 0, 1));
    assert_eq!(findings(&one), ["D3：该户已登记有几位同名居民，无法确定是哪一位。请填写电话。"]);
}

#[test]
fn text_files_in_every_encoding() {
    let text =
        "姓名\t楼栋\t单元\t房号\t电话\t颜色\t小区\r\n张小明\t３\t2\t501\t13812345678\t绿\t和平小区\r\n";
    let utf16 = |text: &str| -> Vec<u8> {
        "\u{FEFF}"
            .chars()
            .chain(text.chars())
            .collect::<String>()
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect()
    };
    for (name, bytes) in [
        ("tabs", text.as_bytes().to_vec()),
        ("commas", text.replace('\t', ",").into_bytes()),
        ("semicolons", text.replace('\t', ";").into_bytes()),
        ("with a mark", format!("\u{FEFF}{text}").into_bytes()),
        ("GBK", encoding_rs::GBK.encode(text).0.into_owned()),
        ("UTF-16", utf16(text)),
    ] {
        let roster = Roster::of_bytes(&bytes, &mut |_| {}).unwrap();
        assert_eq!(shown(&roster.holders), ["和平小区 3-2-501 张*明 green"], "{name}");
    }
}

#[test]
fn rows_of_text_files_are_counted_as_spreadsheets_do() {
    let roster = read(
        "名册\n\n小区,楼栋,房号,姓名,颜色\n和平小区,1,1,\"张\n明\",绿\n\n\n和平小区,1,2,李红,蓝\n和平小区,1,3,王五,绿",
    );
    assert_eq!(findings(&roster), ["E7：“蓝”不是颜色。请填写 红、黄 或 绿。"]);
    assert_eq!((roster.rows, roster.skipped, roster.holders.len()), (3, 1, 2));
}

#[test]
fn broken_characters_are_named() {
    let mut bytes = "小区,楼栋,房号,姓名,颜色\n和平小区,1,1,张明,绿\n和平小区,1,2,".as_bytes().to_vec();
    bytes.extend([0xEF, 0xBF, 0xBD]);
    bytes.extend("五,绿\n".as_bytes());
    let roster = Roster::of_bytes(&bytes, &mut |_| {}).unwrap();
    assert_eq!(findings(&roster), ["D3：“姓名”无法识别（公式错误或乱码）。请重新填写。"]);
    assert_eq!(roster.holders.len(), 1);
}

/// A building written once for all its rows, sheets for each phase, a sheet of notes.
#[test]
fn merged_cells_and_several_sheets() {
    let mut workbook = Workbook::new();
    let merged = Format::new();
    let sheet = workbook.add_worksheet().set_name("一期").unwrap();
    sheet.merge_range(0, 0, 0, 5, "和平小区一期居民名册", &merged).unwrap();
    write(sheet, 1, &["小区", "楼栋", "单元", "房号", "姓名", "颜色"]);
    sheet.merge_range(2, 0, 4, 0, "和平小区", &merged).unwrap();
    sheet.merge_range(2, 1, 3, 1, "3栋", &merged).unwrap();
    sheet.merge_range(2, 3, 3, 3, "501", &merged).unwrap();
    write_from(sheet, 2, 4, &["张小明", "绿"]);
    write_from(sheet, 3, 4, &["李红", "红"]);
    write_from(sheet, 4, 1, &["4", "1", "101", "王五", "黄"]);
    let sheet = workbook.add_worksheet().set_name("二期").unwrap();
    write(sheet, 0, &["Name", "Color", "Compound", "Building", "Room"]);
    write(sheet, 1, &["John Smith", "GREEN", "和平小区", "Building 9", "Room 12"]);
    write(sheet, 2, &["Mary", "blue", "和平小区", "9", "12"]);
    let sheet = workbook.add_worksheet().set_name("说明").unwrap();
    write(sheet, 0, &["红：居家观察"]);
    workbook.add_worksheet().set_name("空").unwrap();
    let roster = Roster::of_bytes(&workbook.save_to_buffer().unwrap(), &mut |_| {}).unwrap();
    assert_eq!(
        shown(&roster.holders),
        [
            "和平小区 3--501 张*明 green",
            "和平小区 3--501 李* red",
            "和平小区 4-1-101 王* yellow",
            "和平小区 9--12 J*** S*** green",
        ]
    );
    let said = [
        "二期!B3：“blue”不是颜色。请填写 红、黄 或 绿。",
        "说明!A1：本工作表前 30 行没有找到表头，整表未导入。",
    ];
    assert_eq!(findings(&roster), said);
}

#[test]
fn a_hundred_thousand_rows_with_progress() {
    let mut text = String::from("小区,楼栋,单元,房号,姓名,电话,颜色\n");
    for row in 0..MAX_ROWS {
        text += &format!("和平小区,{},1,{},张小明,,绿\n", row / 100, row % 100);
    }
    let mut told = Vec::new();
    let roster = Roster::of_bytes(text.as_bytes(), &mut |rows| told.push(rows)).unwrap();
    assert_eq!((roster.holders.len(), roster.findings.len()), (MAX_ROWS, 0));
    assert!(told.is_sorted() && told.len() > 100 && told.last() == Some(&MAX_ROWS));
    text += "和平小区,9999,1,1,张小明,,绿\n";
    let error = Roster::of_bytes(text.as_bytes(), &mut |_| {}).unwrap_err();
    assert!(matches!(error, RosterError::TooManyRows));
}

#[test]
fn what_is_no_roster() {
    let bomb = zipped(&[("xl/worksheets/sheet1.xml", &vec![b' '; 300 << 20])]);
    assert!(bomb.len() < 1 << 20, "a bomb is small");
    let cases: &[(&str, Vec<u8>, &str)] = &[
        ("nothing", vec![], "没有找到表头。请在第一行写明：小区、楼栋、单元、房号、姓名、电话、颜色、车牌。"),
        ("some columns", "姓名,房号\n".into(), "缺少列：小区、楼栋、颜色。请补上后再导入。"),
        ("nobody", "小区,楼栋,房号,颜色\n".into(), "缺少列：姓名。请补上后再导入。"),
        (
            "an old workbook with nothing in it",
            vec![0xD0, 0xCF, 0x11, 0xE0, 0, 0],
            "只能读取 .xlsx、.xls 和 .csv 文件。请在表格软件里另存为 .xlsx（不加密码）。",
        ),
        (
            "a picture",
            vec![0x89, b'P', b'N', b'G', 0, 0],
            "只能读取 .xlsx、.xls 和 .csv 文件。请在表格软件里另存为 .xlsx（不加密码）。",
        ),
        ("a bomb", bomb, "文件太大（上限 256 MB）。请按小区拆分。"),
        ("more than fits", vec![b'x'; (32 << 20) + 1], "文件太大（上限 32 MB）。请按小区拆分。"),
    ];
    for (name, bytes, said) in cases {
        let error = Roster::of_bytes_by(&apart(), bytes, &mut |_| {}).unwrap_err();
        assert_eq!(words::roster::error(&error, Language::Zh), *said, "{name}");
    }
    let other = Apart::program("/bin/true");
    let error = Roster::of_bytes_by(&other, &[0xD0, 0xCF, 0x11, 0xE0], &mut |_| {}).unwrap_err();
    assert!(matches!(error, RosterError::Damaged { .. }), "a process that says nothing: {error:?}");
    let workbook = messy_workbook();
    for cut in [2, 100, workbook.len() / 2, workbook.len() - 1] {
        let error = Roster::of_bytes(&workbook[..cut], &mut |_| {}).unwrap_err();
        assert!(matches!(error, RosterError::Damaged { .. }), "cut at {cut}: {error:?}");
    }
    assert!(matches!(Roster::read(Path::new("/nowhere.csv"), &mut |_| {}), Err(RosterError::File(_))));
}

/// A sheet whose cells are a million rows and sixteen thousand columns apart is no table in memory.
#[test]
fn cells_far_apart() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    write(sheet, 0, &["小区", "楼栋", "房号", "姓名", "颜色"]);
    write(sheet, 1_048_575, &["和平小区", "1", "1", "张明", "绿"]);
    sheet.write(1_048_575, 16_383, "x").unwrap();
    let roster = Roster::of_bytes(&workbook.save_to_buffer().unwrap(), &mut |_| {}).unwrap();
    assert_eq!((roster.holders.len(), roster.rows), (1, 1));
}

#[test]
fn fuzz_text() {
    bolero::check!().with_iterations(3000).for_each(|bytes| {
        let _ = Roster::of_bytes(bytes, &mut |_| {});
        let mut with_header = "小区,楼栋,房号,姓名,颜色\n".as_bytes().to_vec();
        with_header.extend(bytes);
        if let Ok(roster) = Roster::of_bytes(&with_header, &mut |_| {}) {
            assert!(roster.skipped <= roster.rows);
            for finding in &roster.findings {
                assert!(!words::roster::finding(finding, Language::En).is_empty());
            }
        }
    });
}

/// The parts of a real workbook, with bytes replaced, in an archive that is sound: so that the damage reaches the reader.
#[test]
fn fuzz_workbook() {
    let mut archive = zip::ZipArchive::new(Cursor::new(messy_workbook())).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let parts: Vec<Vec<u8>> = names
        .iter()
        .map(|name| std::io::read_to_string(archive.by_name(name).unwrap()).unwrap().into_bytes())
        .collect();
    bolero::check!().with_iterations(500).with_type::<Vec<(u8, u16, Vec<u8>)>>().for_each(|damages| {
        let mut parts = parts.clone();
        for (part, at, bytes) in damages {
            let count = parts.len();
            let part = &mut parts[usize::from(*part) % count];
            let at = usize::from(*at) % part.len();
            let end = part.len().min(at + bytes.len());
            part.splice(at..end, bytes.iter().copied());
        }
        let parts: Vec<_> = names.iter().map(String::as_str).zip(parts.iter().map(Vec::as_slice)).collect();
        let _ = Roster::of_bytes(&zipped(&parts), &mut |_| {});
    });
}

fn messy_workbook() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.merge_range(0, 0, 0, 7, "和平小区居民名册", &Format::new()).unwrap();
    write(sheet, 1, &["制表：社区", "", "2020年3月1日"]);
    write(
        sheet,
        3,
        &["颜色（红/黄/绿）", "姓　名", "楼栋", "单元", "房号", "联系电话", "小区", "车牌", "电话"],
    );
    write(sheet, 4, &["绿", "张小明", "3栋", "２单元", "５０１室", "138 1234 5678", "和平小区", "鄂a·12345"]);
    // Numbers as numbers.
    write(sheet, 5, &["红色", "李　红", "", "", "", "", "和平小区"]);
    for (column, number) in [(2, 3.0), (3, 2.0), (4, 502.0), (5, 13_812_345_679.0)] {
        sheet.write(5, column, number).unwrap();
    }
    // The car of both, the stricter colour.
    write(sheet, 6, &["RED", "王五", "3", "2", "501", "", "和平小区", "鄂A12345"]);
    write(sheet, 7, &["绿", "张伟", "3", "2", "503", "13800000001", "和平小区"]);
    write(sheet, 8, &["绿", "张伟", "3", "2", "503", "13800000002", "和平小区"]);
    write(sheet, 9, &["绿", "张伟", "3", "2", "503", "", "和平小区"]);
    write(sheet, 10, &["黄", "", "3", "2", "504", "", "和平小区", "鄂AD12345"]);
    write(sheet, 11, &["黄", "赵六", "3", "2", "505", "", "和平小区", "鄂AD12345"]);
    write(sheet, 12, &["蓝", "赵六", "3", "2", "506", "1381234567", "", "12345"]);
    write(sheet, 13, &["", "", "3", "2", "", "139x", "和平小区"]);
    write(sheet, 14, &["绿", "陈七", "3", "", "", "", "和平小区"]);
    let date = Format::new().set_num_format("m\"月\"d\"日\"");
    sheet.write_with_format(14, 4, ExcelDateTime::from_ymd(2020, 3, 2).unwrap(), &date).unwrap();
    write(sheet, 15, &["绿", &"长".repeat(500), "3", "2", "507", "", "和平小区"]);
    write(sheet, 16, &["合计", "12 人"]);
    workbook.save_to_buffer().unwrap()
}

fn write(sheet: &mut rust_xlsxwriter::Worksheet, row: u32, cells: &[&str]) {
    write_from(sheet, row, 0, cells);
}

fn write_from(sheet: &mut rust_xlsxwriter::Worksheet, row: u32, first: u16, cells: &[&str]) {
    for (column, cell) in (first..).zip(cells) {
        sheet.write(row, column, *cell).unwrap();
    }
}

fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// What reads old workbooks: the program, which this test is not.
fn apart() -> Apart {
    Apart::program(env!("CARGO_BIN_EXE_issuer"))
}

fn read(text: &str) -> Roster {
    Roster::of_bytes(text.as_bytes(), &mut |_| {}).unwrap()
}

async fn import(store: &Store, roster: &mut Roster) -> Imported {
    let act = Act { by: "测试", at: Timestamp(1_583_020_800) };
    let imported = store.import(&roster.holders, &[1..=999], &act, &mut |_, _| {}).await.unwrap();
    roster.mark(&imported);
    imported
}

async fn compare(store: &Store, roster: &Roster) -> Imported {
    store.compare(&roster.holders, &[1..=999]).await.unwrap()
}

fn shown(holders: &[NewHolder]) -> Vec<String> {
    let show = |holder: &NewHolder| {
        let NewHolder { compound, address, subject, colour } = holder;
        let home = format!("{}-{}-{}", address.building, address.unit, address.room);
        format!("{compound} {home} {} {}", subject.pass_name(), Colour::code(*colour))
    };
    holders.iter().map(show).collect()
}

fn findings(roster: &Roster) -> Vec<String> {
    roster.findings.iter().map(|finding| words::roster::finding(finding, Language::Zh)).collect()
}

/// Compares with the file of that name; `UPDATE_GOLDEN=1` writes it anew.
fn golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    assert_eq!(text, std::fs::read_to_string(&path).unwrap_or_default(), "{}", path.display());
}

/// What was exported changes nothing when it is imported, from either kind of file and in either language; and no spreadsheet runs it.
#[tokio::test]
async fn what_goes_out_comes_in_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&sqlite_url(&folder.path().join("registry.sqlite"))).await.unwrap();
    let list = "小区,楼栋,单元,房号,姓名,电话,颜色,车牌
=HYPERLINK(1),10,2,501,张小明,+49 30 123456,绿,鄂A12345
=HYPERLINK(1),10,2,501,张小明,13800000002,红,
=HYPERLINK(1),2号楼栋,,室,李红,(027) 8765 4321,黄,
=HYPERLINK(1),-1,@,+1,王五,,绿,
'x,1,,'=1,John O'Neil,,绿,
";
    let mut list = read(list);
    assert_eq!(import(&store, &mut list).await.added, 6);
    let act = Act { by: "测试", at: Timestamp(1_583_020_800) };
    let ids: Vec<_> = store.compounds().await.unwrap().iter().map(|compound| compound.id).collect();
    let registered = store.registered(&ids, &act).await.unwrap();
    for language in [Language::Zh, Language::En] {
        let table = export::roster(&registered, language);
        for kind in [Kind::Xlsx, Kind::Csv] {
            let bytes = table.file(kind).unwrap();
            let mut again = Roster::of_bytes(&bytes, &mut |_| {}).unwrap();
            assert_eq!(findings(&again), Vec::<String>::new());
            assert_eq!(again.holders.len(), 6);
            let imported = import(&store, &mut again).await;
            assert_eq!((imported.unchanged, imported.changed_anything()), (6, false), "{kind:?}");
            // A spreadsheet would take the first character of a cell of text for what it means.
            if kind == Kind::Csv {
                let text = String::from_utf8(bytes).unwrap();
                let cells = text.lines().skip(1).flat_map(|line| line.split(','));
                let dangerous: Vec<_> =
                    cells.filter(|cell| cell.trim_matches('"').starts_with(['=', '+', '-', '@'])).collect();
                assert_eq!(dangerous, Vec::<&str>::new());
            } else {
                let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
                let sheet = std::io::read_to_string(archive.by_name("xl/worksheets/sheet1.xml").unwrap());
                assert!(!sheet.unwrap().contains("<f>"), "a cell is a formula");
            }
        }
    }
}

#[test]
fn a_template_can_be_read() {
    for language in [Language::Zh, Language::En] {
        for kind in [Kind::Xlsx, Kind::Csv] {
            let bytes = export::template(language).file(kind).unwrap();
            let roster = Roster::of_bytes(&bytes, &mut |_| {}).unwrap();
            assert_eq!(findings(&roster), Vec::<String>::new());
            assert_eq!((roster.rows, roster.holders.len()), (3, 4), "three people and a car");
        }
    }
}
